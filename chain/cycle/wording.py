"""What a year asks compared with what is shipped: what the municipality has reworded, added, hidden or asks at other times."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.base.locale import current
from chain.cycle import queries, rules, shipped
from chain.cycle.models import Question, Year


@dataclass(frozen=True)
class Changed:
    """One text that differs: which part, in which language, as it is shipped and as it stands in the year."""

    language: str
    part: str
    shipped: str
    ours: str


@dataclass(frozen=True)
class Difference:
    """How one question differs. Kinds: own, missing (shipped, but not in the year), and of what is in both: changed."""

    key: str
    level: str
    title: str
    what: str
    hidden: bool = False
    texts: tuple[Changed, ...] = ()
    rounds: tuple[tuple[int, ...], tuple[int, ...]] | None = None  # as shipped, as in the year


@dataclass(frozen=True)
class Copy:
    """A question as it is to be copied into a new year."""

    level: str
    key: str
    kind: str
    rounds: list[int]
    required: bool
    school_forms: list[str]
    words: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    hidden: bool = False


def asks_of(year: Year) -> dict[int, int]:
    """Each of a year's rounds → the shipped round whose questions it asks; its own number where nothing tells."""
    numbers = [one.number for one in year.rounds]
    planned = {one.number: one.asks for one in rules.default_plan(year.label, [])}
    return planned if list(planned) == numbers else {number: number for number in numbers}


def as_shipped(level: shipped.Level, asks: Mapping[int, int]) -> list[Copy]:
    """The shipped questions of a level, numbered as a year's rounds are. `asks`: number → the shipped round that it asks as."""
    template = shipped.template(level.template, shipped.DATA)
    found = []
    for one in template.questions:
        numbers = [number for number, like in asks.items() if like in one.rounds]
        if numbers:
            forms = list(one.school_forms)
            said, extra = one.said(), one.extra()
            found.append(Copy(level.key, one.key, one.kind, numbers, one.required, forms, said, extra, one.hidden))
    return found


def as_before(level: shipped.Level, before: Year, asks: Mapping[int, int]) -> list[Copy]:
    """The questions of an earlier year, in its words and order; then what has been shipped since, hidden unless it is needed."""
    stored = queries.all_questions(before, level.key)
    then = {one.number for one in before.rounds}
    copies = [_again(one, then, asks) for one in stored]
    known = {one.key for one in stored}
    new = [one for one in as_shipped(level, asks) if one.key not in known]
    return [one for one in copies if one.rounds] + [
        Copy(**{**vars(one), "hidden": one.hidden or not one.required}) for one in new
    ]  # fmt: skip


def _again(one: Question, then: set[int], asks: Mapping[int, int]) -> Copy:
    """In the rounds of the same numbers; in every round where it was asked in every one."""
    numbers = list(asks) if then <= set(one.rounds) else [number for number in asks if number in one.rounds]
    return Copy(
        one.level, one.key, one.kind, numbers, one.required, list(one.school_forms), dict(one.words), dict(one.extra), one.hidden
    )


def differences(year: Year) -> list[Difference]:
    """How a year's questions differ from the shipped ones, level by level, in the year's order."""
    rows = db.session.scalars(select(Question).where(Question.year_id == year.id).order_by(Question.position, Question.id))
    stored: dict[str, list[Question]] = {}
    for one in rows:
        stored.setdefault(one.level, []).append(one)
    asks = asks_of(year)
    return [each for level in queries.answering() for each in _of_level(level, stored.get(level.key, []), asks)]


def _of_level(level: shipped.Level, stored: Sequence[Question], asks: Mapping[int, int]) -> Iterator[Difference]:
    known = {one.key: one for one in as_shipped(level, asks)}
    for one in stored:
        if one.key not in known:
            yield Difference(one.key, level.key, one.title, "own", one.hidden)
            continue
        like = known.pop(one.key)
        texts = tuple(_texts(like.words, one.words))
        rounds = None if set(like.rounds) == set(one.rounds) else (tuple(like.rounds), tuple(one.rounds))
        if texts or rounds or one.hidden != like.hidden:
            yield Difference(one.key, level.key, one.title, "changed", one.hidden, texts, rounds)
    for gone in known.values():
        yield Difference(gone.key, level.key, str(gone.words[current()]["title"]), "missing")


def _texts(like: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[Changed]:
    for language in rules.LANGUAGES:
        for part in rules.WORDS:
            first, second = str(like.get(language, {}).get(part, "")), str(ours.get(language, {}).get(part, ""))
            if first.strip() != second.strip():
                yield Changed(language, part, first, second)
