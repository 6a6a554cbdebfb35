"""What a measure must say, what may come of it, and the law that none is dropped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
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
    """What measures are checked against: who may be responsible, the rounds that may be due, by their written form, and the
    causes (`section.item`) and goals (by address) that there are, in words."""

    people: Mapping[str, str]
    dues: Mapping[str, str]
    causes: Mapping[str, str] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)


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
    if said(measure, "cause") and said(measure, "cause") not in known.causes:
        found["cause"] = _("%(measure)s: orsaken står inte kvar i analysen. Välj en annan, eller ingen.", measure=named)
    if refers(said(measure, "goal")) and said(measure, "goal") not in known.goals:
        found["goal"] = _("%(measure)s: målet gäller inte längre. Välj ett annat, eller inget.", measure=named)
    return found


def refers(goal: str) -> bool:
    """Whether a measure's goal is one of the chain's, by its address; else it is what somebody typed."""
    return len(goal) == 32 and set(goal) <= set("0123456789abcdef")


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


def lacks(cause: str, goal: str) -> list[str]:
    """What a measure does without, in words: it is allowed, and told wherever the measure is read."""
    return [words for words, there in ((_("utan orsak"), cause), (_("utan mål"), goal)) if not there.strip()]


def carried_sentence(carried: int) -> str:
    """What is said of a measure that has been carried too often; nothing of others."""
    if carried < CARRIED_TOO_OFTEN:
        return ""
    return _(
        "Den har förts vidare %(n)s gånger i rad. Då är nivån ovanför skyldig ett svar: vad som behövs för att komma vidare.",
        n=carried,
    )


REMIND_BEFORE = 14  # days before the round in which a measure is due


def reminder(opens_on: date, last_day: date | None, today: date) -> str:
    """What the responsible is reminded of: due, from two weeks before the round; late, when its last day has passed."""
    if last_day and last_day < today:
        return "late"
    return "due" if today >= opens_on - timedelta(days=REMIND_BEFORE) else ""


def reminder_key(kind: str, year: str, number: int) -> str:
    """What is kept of a reminder, so that it is sent once: late:2026/27:2."""
    return f"{kind}:{written_due(year, number)}"


def law(open_before: Iterable[str], outcomes: Mapping[str, str]) -> set[str]:
    """open(t) = resolved(t+1) ∪ carried(t+1). Returns what breaks it: open ones without an outcome, outcomes of none.

    `open_before`: the names of the measures open when the round before was handed in; `outcomes`: name → kind, in this round.
    """
    return set(open_before) ^ set(outcomes)


def said(answer: Mapping[str, Any], field: str) -> str:
    """What was written in a field, without the space around it; nothing when there is none."""
    value = answer.get(field)
    return value.strip() if isinstance(value, str) else ""
