"""A year's questions as those who keep them see them, level by level, and what an answer of each kind is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chain.base.locale import _
from chain.cycle import queries, rules
from chain.cycle.models import Question, Year


def kind_name(kind: str) -> str:
    """What a kind of answer is called, as one chooses it."""
    names = {
        "text": _("Fritext"),
        "analysis": _("Analys: vad vi ser, varför, på vilket underlag, hur säkert"),
        "choice": _("Val mellan färdiga svar"),
        "figures": _("Siffror"),
        "outcomes": _("Uppföljning av tidigare åtgärder"),
        "measures": _("Nya åtgärder"),
        "requests": _("Stöd som behövs"),
    }
    return names[kind]


def horizon_name(horizon: str) -> str:
    """How long measures are meant to last."""
    return {"quarter": _("till nästa uppföljning"), "year": _("hela läsåret"), "new_year": _("det nya läsåret")}[horizon]


@dataclass(frozen=True)
class Kept:
    """A question in the list: what stands about it, and what may be done with it."""

    question: Question
    kind: str
    rounds: str  # "1, 2 och 4"
    may_hide: bool


def kept(year: Year, level: str, number: int | None = None) -> list[Kept]:
    """A level's questions in a year, hidden ones too, in order; those of one round when a number is given."""
    asked = queries.all_questions(year, level)
    return [
        Kept(one, kind_name(one.kind), numbers(one.rounds), not one.required or one.own)
        for one in asked
        if number is None or number in one.rounds
    ]


def numbers(found: list[int]) -> str:
    """1, 2 och 4"""
    *first, last = [str(number) for number in sorted(found)]
    return _("%(first)s och %(last)s", first=", ".join(first), last=last) if first else last


def extra(kind: str, form: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a kind asks for beside the words, from what was filled in. Refused with a sentence when a choice has no answers."""
    found: dict[str, Any] = {}
    if kind == "choice":
        found["options"] = rules.check_options(form["options"], (before or {}).get("options", []))
    if kind == "measures":
        found["horizon"] = form.get("horizon") or "quarter"
    if kind == "text":
        found["max_length"] = form.get("max_length")
    return found
