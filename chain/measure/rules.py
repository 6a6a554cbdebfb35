"""What a measure must say, what may come of it, and the law that none is dropped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chain.base.locale import _

CARRIED_TOO_OFTEN = 3  # consecutive carries: from here on the level above owes an answer
EVIDENCE = ("results", "observation", "pupils_voice", "survey")
HINDRANCES = ("not_understood", "not_able", "not_willing")


@dataclass(frozen=True)
class Kind:
    """What may come of a measure: the state that it leaves the measure in, and whether the work goes on in a later round."""

    state: str
    carried: bool
    given: bool = True  # chosen in a follow-up; else it comes of something that happened to the unit


KINDS = {
    #                     the measure is then   goes on
    "done":          Kind("ended",              False),
    "goes_on":       Kind("open",               True),
    "changed":       Kind("changed",            True),   # into a successor with other words
    "ended_without": Kind("ended",              False),  # without having been carried out
    "handed_over":   Kind("changed",            True, given=False),  # to the unit that takes over
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What measures are checked against: who may be responsible, and the rounds that may be due, by their written form."""

    people: Mapping[str, str]
    dues: Mapping[str, str]


def kind_name(kind: str) -> str:
    """What came of it, in words."""
    names: dict[str, str] = {
        "done": _("Genomförd"),
        "goes_on": _("Fortsätter"),
        "changed": _("Ändrad"),
        "ended_without": _("Avslutad utan att genomföras"),
        "handed_over": _("Överlämnad"),
    }
    return names[kind]


def hindrance_name(reason: str) -> str:
    """What came in the way, in words."""
    names: dict[str, str] = {
        "not_understood": _("Den förstods inte"),
        "not_able": _("Vi kunde inte"),
        "not_willing": _("Vi ville inte"),
    }
    return names.get(reason, "")


def evidence_name(evidence: str) -> str:
    """How one knows, in words."""
    names: dict[str, str] = {
        "results": _("Resultat"),
        "observation": _("Observation"),
        "pupils_voice": _("Barns och elevers röster"),
        "survey": _("Enkät"),
    }
    return names.get(evidence, evidence)


def written_due(year: str, number: int) -> str:
    """A due round as it is written: 2026/27:2."""
    return f"{year}:{number}"


def read_due(due: str) -> tuple[str, int]:
    """The year's label and the number of a due round."""
    year, _colon, number = due.rpartition(":")
    return year, int(number)


def short(text: str, most: int = 60) -> str:
    """The beginning of a text, to name the measure by."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def problems(measure: Mapping[str, Any], known: Known) -> dict[str, str]:
    """What is missing in a new measure: {field: sentence}."""
    named = _("”%(measure)s”", measure=short(said(measure, "problem"))) if said(measure, "problem") else _("Åtgärden")
    found = {}
    if not said(measure, "problem"):
        found["problem"] = _("Skriv vilket problem åtgärden ska lösa.")
    if not said(measure, "sign"):
        found["sign"] = _("%(measure)s: skriv vad som ska märkas i klassrummet.", measure=named)
    if said(measure, "responsible") not in known.people:
        found["responsible"] = _("%(measure)s: välj en ansvarig person.", measure=named)
    if said(measure, "due") not in known.dues:
        found["due"] = _("%(measure)s: välj när den ska följas upp.", measure=named)
    return found


def outcome_problems(name: str, outcome: Mapping[str, Any], known: Known, *, due_has_come: bool) -> dict[str, str]:
    """What is missing in what came of a measure: {field: sentence}. `name` is the measure's problem."""
    measure, kind = short(name), said(outcome, "kind")
    if kind not in KINDS or not KINDS[kind].given:
        return {"kind": _("”%(measure)s”: säg vad som hände med åtgärden.", measure=measure)}
    found = {}
    if not said(outcome, "effect"):
        found["effect"] = _("”%(measure)s”: skriv vilken effekt ni ser, eller varför det inte syns någon.", measure=measure)
    if asks_hindrance(kind, due_has_come=due_has_come) and said(outcome, "reason") not in HINDRANCES:
        found["reason"] = _(
            "”%(measure)s”: säg vad som kom i vägen: inte förstått, inte kunnat eller inte velat.", measure=measure
        )
    if kind == "changed":
        found |= problems(outcome, known)
    return found


def asks_hindrance(kind: str, *, due_has_come: bool) -> bool:
    """A measure that was given up, or that is carried past its due round, says what came in the way."""
    return kind == "ended_without" or (due_has_come and KINDS[kind].carried)


def law(open_before: Iterable[str], outcomes: Mapping[str, str]) -> set[str]:
    """open(t) = resolved(t+1) ∪ carried(t+1). Returns what breaks it: open ones without an outcome, outcomes of none.

    `open_before`: the names of the measures open when the round before was handed in; `outcomes`: name → kind, in this round.
    """
    return set(open_before) ^ set(outcomes)


def said(answer: Mapping[str, Any], field: str) -> str:
    """What was written in a field, without the space around it; nothing when there is none."""
    value = answer.get(field)
    return value.strip() if isinstance(value, str) else ""
