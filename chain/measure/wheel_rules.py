"""The improvement wheel: plan, do, study, act. What a note must say, and what of it goes into an outcome."""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Protocol

from chain.base.errors import RuleBroken
from chain.base.locale import _, day
from chain.measure.rules import EVIDENCE

STAGES = ("plan", "do", "study", "act")
LONGEST = 4000  # characters of a note


class Note(Protocol):
    """A note, as far as the rules ask."""

    @property
    def stage(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def text(self) -> str: ...
    @property
    def evidence(self) -> str: ...


class Changed(RuleBroken):
    """Somebody else has put the note in other words since the page was opened."""


def mark(note: Note) -> str:
    """What a note says, as a form carries it: another one when it has been put in other words."""
    said = "\x1f".join((note.stage, note.on.isoformat(), note.evidence, note.text))
    return sha256(said.encode()).hexdigest()[:32]


def check_seen(note: Note, seen: str) -> None:
    """Refuse to write over words that whoever writes has not seen."""
    if seen != mark(note):
        raise Changed(_("Någon annan har ändrat anteckningen sedan du öppnade sidan. Jämför, och spara det som ska stå."))


def stage_name(stage: str) -> str:
    """A stage in words."""
    names: dict[str, str] = {
        "plan": _("Planera"),
        "do": _("Genomföra"),
        "study": _("Studera"),
        "act": _("Agera"),
    }
    return names[stage]


def stage_meaning(stage: str) -> str:
    """What belongs to a stage, as a question to whoever writes."""
    meanings: dict[str, str] = {
        "plan": _("Vad ska prövas, av vem, och vad ska märkas?"),
        "do": _("Vad gjordes, och vad hände?"),
        "study": _("Vad visar det som ni har sett, jämfört med vad ni väntade er?"),
        "act": _("Vad behåller, ändrar eller slutar ni med?"),
    }
    return meanings[stage]


def problems(stage: str, on: date | None, text: str, evidence: str, *, today: date) -> dict[str, str]:
    """What is wrong with a note: {field: sentence}."""
    found = {}
    if stage not in STAGES:
        found["stage"] = _("Välj var i hjulet det hör hemma.")
    if on is None:
        found["on"] = _("Skriv dagen som 2026-12-24.")
    elif on > today:
        found["on"] = _("Dagen har inte kommit än. Skriv när det hände, eller i dag.")
    if not text.strip():
        found["text"] = _("Skriv vad ni har planerat, gjort eller sett.")
    elif len(text.strip()) > LONGEST:
        found["text"] = _("Texten är för lång. Korta den till högst %(most)s tecken.", most=LONGEST)
    if evidence and evidence not in EVIDENCE:
        found["evidence"] = _("Välj ett av sätten, eller inget.")
    return found


def taken_in(outcome: Mapping[str, Any], notes: Iterable[Note]) -> dict[str, Any]:
    """An outcome with the notes' words after what was typed, and how one knows; what stands there already is not repeated."""
    effect, evidence = str(outcome.get("effect") or ""), list(outcome.get("evidence") or [])
    for note in notes:
        if note.text.strip() not in effect:
            words = _("%(day)s: %(text)s", day=day(note.on, "d MMMM"), text=note.text.strip())
            effect = "\n\n".join(filter(None, [effect.rstrip(), words]))
        if note.evidence and note.evidence not in evidence:
            evidence.append(note.evidence)
    return {**outcome, "effect": effect, "evidence": evidence}
