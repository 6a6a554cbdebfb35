"""How a sum is said: percent with what it is per cent of, small groups as they are, never an average of percentages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from chain.base.errors import RuleBroken
from chain.base.locale import _, current, number, percent
from chain.result.reasons import mean_said
from chain.result.rules import Indicator, Scale, mean_points

SMALL_GROUP = 10  # below this a figure is about so few that chance, and who they are, is all that it tells
PERCENT_FROM = 20  # below this one pupil is five per cent or more: said as so many of so many
REASON_WORDS = 4  # a reason shorter than this says nothing that the unit can act on

STANDING = ("submitted", "accepted")  # of a submission: handed up and not taken back
HANDED_UP = (*STANDING, "returned", "reopened")  # what a level above may know of


class Key(NamedTuple):
    """What a sum is about."""

    indicator: str
    school_form: str
    subject: str
    year_group: str
    category: str
    basis: str


class Sum(NamedTuple):
    """A stored row: what it is about, and `enrolled` pupils, `n` assessed, `k` reached, `units` telling, a mean's `total`."""

    indicator: str
    school_form: str
    subject: str
    year_group: str
    category: str
    basis: str
    enrolled: int
    n: int
    k: int
    units: int
    total: int = 0


def key(row: Sum) -> Key:
    """What a stored row is about. (No property: a row as the database hands it over is read as it is.)"""
    return Key._make(row[:6])


def anchor(key: Key) -> str:
    """A figure's name within a page."""
    return "-".join(filter(None, (key.indicator, key.school_form, key.subject, key.year_group, key.basis))).lower()


@dataclass(frozen=True)
class Part:
    """So many of so many units: who have been accepted among the expected."""

    expected: int = 0
    reporting: int = 0


@dataclass(frozen=True)
class Line:
    """One subject's figure as it is read: with n, coverage, and last year's when that was the same measurement."""

    label: str
    value: str
    cells: tuple[str, ...]  # of a distribution: so many on each step
    mean: str  # of a distribution whose steps have points
    small: bool
    assessed: str
    units: str
    before: str
    query: str  # what opens the figure per unit below


@dataclass(frozen=True)
class Block:
    """One table: an indicator in a school form's year group, on one basis. A forecast and a grade never share a table."""

    anchor: str
    school_form: str
    title: str
    definition: str
    basis: str
    steps: tuple[str, ...]
    mean: str  # what the mean of a distribution's points is called
    heads: tuple[str, str]  # over the value, and over those assessed
    row_head: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Words:
    """The reader's words for the codes, each in its order."""

    school_forms: Mapping[str, str]
    year_groups: Mapping[tuple[str, str], str]
    subjects: Mapping[str, str]
    indicators: Mapping[str, int]  # their order
    title: Callable[[str, str], tuple[str, str]]  # indicator, year group → name, definition
    steps: Callable[[str], Mapping[str, str]]  # indicator → its scale's steps
    basis: Callable[[str], str]
    measure: Callable[[str], Indicator | None] = lambda key: None
    scale: Callable[[str], Scale | None] = lambda key: None  # an indicator's


def said(k: int, n: int) -> str:
    """“84 % (21 av 25)”; below twenty only “14 av 18”; a dash when nobody was assessed."""
    if n == 0:
        return "–"
    of = str(_("%(k)s av %(n)s", k=number(k), n=number(n)))
    return of if n < PERCENT_FROM else f"{percent(k, n)} ({of})"


UNITS = {"kronor": "kr", "percent": "%"}


def value(row: Sum, measure: Indicator | None) -> str:
    """A figure in words, by its kind: a share, a mean with its decimals, a count with its unit."""
    if measure is None or measure.kind == "share":
        return said(row.k, row.n)
    unit = UNITS.get(measure.unit, "")
    if measure.kind == "count":
        return f"{number(Fraction(row.total, 10**measure.decimals), measure.decimals)} {unit}".rstrip()
    mean = measure.mean(row.n, row.total)
    return "–" if mean is None else mean_in_words(mean, measure)


def mean_in_words(mean: Fraction, measure: Indicator) -> str:
    """A mean with its decimals and its unit."""
    return f"{number(mean, measure.shown_decimals)} {UNITS.get(measure.unit, '')}".rstrip()


def earlier(row: Sum, measure: Indicator | None) -> str:
    """Last year's figure: a mean says its n here, where no column says it."""
    told = value(row, measure)
    return f"{told} ({number(row.n)})" if measure is not None and measure.kind == "mean" else told


def people(row: Sum, measure: Indicator | None) -> str:
    """“24 av 26” assessed; only n where nobody else is known of, only the enrolled where n is their hours, nothing of a count."""
    if measure is not None:
        if measure.kind == "count":
            return ""
        if measure.apart:
            return number(row.enrolled)
        if not measure.sv.enrolled:
            return number(row.n)
    return str(_("%(k)s av %(n)s", k=number(row.n), n=number(row.enrolled)))


def heads(measure: Indicator | None, group: str) -> tuple[str, str]:
    """What stands over the value and over those assessed, in the indicator's own words; a count is of nobody."""
    if measure is None:
        return _("Resultat"), _("Bedömda")
    words = measure.words(current(), group)
    if measure.kind == "count":
        return words.total, ""
    return words.total if measure.typed == "mean" else _("Resultat"), (
        words.enrolled if measure.apart else words.assessed or _("Bedömda")
    )


def points(rows: Iterable[Sum], scale: Scale | None) -> str:
    """The mean of a distribution's points, worked out from its counts; nothing where the steps have no distances."""
    if scale is None or not scale.mean_name("sv"):
        return ""
    mean = mean_points({row.category: row.k for row in rows}, scale)
    return "–" if mean is None else mean_said(mean, scale)


def small(n: int) -> bool:
    return 0 < n < SMALL_GROUP


def rests_on(row: Sum, measure: Indicator | None) -> int:
    """How many a figure is of: the assessed, or those whose hours it is."""
    return row.enrolled if measure is not None and measure.apart else row.n


def is_small(row: Sum, measure: Indicator | None) -> bool:
    """Whether a figure is of so few that it is marked wherever it is told: on the page, in the file, to a program."""
    return small(rests_on(row, measure))


def check_reason(reason: str) -> str:
    """A reason that the one who gets it can act on, or a refusal."""
    words = reason.split()
    if len(words) < REASON_WORDS:
        raise RuleBroken(
            _("Skriv vad som behöver ändras, så att den som får tillbaka uppföljningen vet vad som ska göras."),
            {"reason": _("Skriv med några ord vad som behöver ändras.")},
        )
    return reason.strip()


def share_of(coverage: Mapping[tuple[str, str], Part], school_form: str, year_group: str) -> Part:
    """The units that a figure could have come from: those with the year group, else with the school form, else all."""
    for place in ((school_form, year_group), (school_form, ""), ("", "")):
        if place in coverage:
            return coverage[place]
    return Part()


def of_units(telling: int, part: Part) -> str:
    """“3 av 4”: units that tell of those that could. A late unit that was never expected still counts."""
    return str(_("%(k)s av %(n)s", k=number(telling), n=number(max(telling, part.expected))))


def blocks(
    rows: Iterable[Sum],
    earlier: Iterable[Sum],
    coverage: Mapping[tuple[str, str], Part],
    words: Words,
    query: Callable[[Key], str],
) -> list[Block]:
    """The rows as tables, in the order of school forms, indicators, year groups and subjects. Never in order of result."""
    before = {key(row): row for row in earlier}
    grouped: dict[tuple[str, str, str, str], list[Sum]] = {}
    for row in rows:
        grouped.setdefault((row.school_form, row.indicator, row.year_group, row.basis), []).append(row)
    order = sorted(grouped, key=lambda where: place(words, *where))
    return [_block(where, grouped[where], before, coverage, words, query) for where in order]


def place(words: Words, form: str, indicator: str, group: str, basis: str) -> tuple[int, str, int, int, str]:
    """Where a table stands among the others: by school form, indicator, year group, basis."""
    groups = list(words.year_groups)
    return (
        _index(list(words.school_forms), form), form, words.indicators.get(indicator, 999),
        _index(groups, (form, group)), basis,
    )  # fmt: skip


def _index(order: Sequence[object], thing: object) -> int:
    return order.index(thing) if thing in order else len(order)


def _block(
    where: tuple[str, str, str, str],
    rows: list[Sum],
    before: Mapping[Key, Sum],
    coverage: Mapping[tuple[str, str], Part],
    words: Words,
    query: Callable[[Key], str],
) -> Block:
    form, indicator, group, basis = where
    name, definition = words.title(indicator, group)
    part = share_of(coverage, form, group)
    steps = words.steps(indicator) if rows[0].category else {}
    measure, scale = words.measure(indicator), words.scale(indicator) if steps else None
    subjects: dict[str, list[Sum]] = {}
    for row in rows:
        subjects.setdefault(row.subject, []).append(row)
    known = list(words.subjects)
    lines = tuple(
        line(words.subjects.get(subject, subject) or name, subjects[subject], tuple(steps), before, part, query, measure, scale)
        for subject in sorted(subjects, key=lambda code: (_index(known, code), code))
    )
    year = words.year_groups.get((form, group), group)
    return Block(
        anchor="-".join(filter(None, (indicator, form, group, basis))).lower(),
        school_form=words.school_forms.get(form, form),
        title=f"{name}, {year}" if year else name,
        definition=definition,
        basis=words.basis(basis),
        steps=tuple(steps.values()),
        mean=scale.mean_name(current()) if scale else "",
        heads=heads(measure, group),
        row_head=measure.row_head(current()) if measure else _("Ämne"),
        lines=lines,
    )


def line(
    label: str,
    rows: list[Sum],
    steps: tuple[str, ...],
    before: Mapping[Key, Sum],
    part: Part,
    query: Callable[[Key], str],
    measure: Indicator | None = None,
    scale: Scale | None = None,
) -> Line:
    """A share's one row, or a distribution's rows, as one line."""
    row, by_step = rows[0], {one.category: one for one in rows}
    last = before.get(key(row))
    cells = tuple(number(by_step[step].k) if step in by_step else "" for step in steps)
    return Line(
        label=label,
        value="" if steps else value(row, measure),
        cells=cells,
        mean=points(rows, scale) if steps else "",
        small=is_small(row, measure),
        assessed=people(row, measure),
        units=of_units(row.units, part),
        before="" if steps or last is None else earlier(last, measure),
        query=query(key(row)._replace(category="")),
    )
