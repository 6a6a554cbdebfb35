"""A finding's life as a table: what the administration sees gets an answer or an effort, and an effort gets an outcome."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy
from chain.base.moves import Move

# A finding's life. Read a line as: from here · to there · by this act · these roles do it · when all of this is said.
MOVES = moves.table(
    # from            to           act         who                 requires
    ("open",          "answered",  "answer",   "officer director", "words"),
    ("open answered", "effort",    "plan",     "officer director", "words responsible day"),
    ("effort",        "effort",    "postpone", "officer director", "reason day"),
    ("effort",        "done",      "conclude", "officer director", "words"),
    ("answered done", "open",      "reopen",   "officer director", "reason"),
    ("open",          "withdrawn", "withdraw", "officer director", "reason"),
)  # fmt: skip
STATES = ("open", "answered", "effort", "done", "withdrawn")
TOLD = ("answered", "effort", "done")  # what those whose words are in it may read


@dataclass(frozen=True)
class Said:
    """What was typed with an act."""

    words: str = ""
    responsible: str = ""
    day: date | None = None
    today: date | None = None


SOME_WORDS = 2
REQUIREMENTS: dict[str, tuple[str, Callable[[Said], bool], Any]] = {
    "words": (
        "words",
        lambda said: len(said.words.split()) >= SOME_WORDS,
        lazy("Skriv det så att enheterna förstår vad det innebär för dem."),
    ),
    "reason": (
        "words",
        lambda said: len(said.words.split()) >= SOME_WORDS,
        lazy("Skriv varför, så att det går att förstå i efterhand."),
    ),
    "responsible": ("responsible", lambda said: bool(said.responsible.strip()), lazy("Skriv vem som gör det.")),
    "day": (
        "due_on",
        lambda said: said.day is not None and (said.today is None or said.day >= said.today),
        lazy("Skriv när det ska vara klart: en dag som inte har varit."),
    ),
}


def move(act: str, state: str, said: Said, *, role: str) -> Move:
    """The table's line for doing this now. Refused with a sentence for each thing that is missing."""
    found = moves.find(MOVES, act, state)
    if found is None:
        raise RuleBroken(_("Det går inte längre: iakttagelsen är nu %(state)s. Ladda om sidan.", state=state_name(state)))
    if role not in found.who:
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    problems = {
        field: str(sentence)
        for field, holds, sentence in (REQUIREMENTS[name] for name in found.requires)
        if not holds(said)
    }  # fmt: skip
    if problems:
        raise RuleBroken(" ".join(problems.values()), problems)
    return found


def check_noted(title: str, seen: str, passages: Sequence[str]) -> None:
    """Refuse a finding that lacks a title, what is seen, or a passage to rest on."""
    said = (
        ("title", title, _("Skriv en rubrik.")), ("seen", seen, _("Skriv vad ni ser, i en eller ett par meningar.")),
        ("passages", " ".join(passages), _("Välj minst ett stycke som iakttagelsen bygger på.")),
    )  # fmt: skip
    if problems := {field: told for field, words, told in said if not words.strip()}:
        raise RuleBroken(" ".join(problems.values()), problems)


def possible(state: str, *, role: str) -> list[str]:
    """The acts that the role may choose now, in the order of the table."""
    return [one.act for one in MOVES if one.before == state and role in one.who]


def state_name(state: str) -> str:
    """A state within a sentence."""
    words = {
        "open": _("obesvarad"), "answered": _("besvarad"), "effort": _("en pågående insats"), "done": _("en avslutad insats"),
        "withdrawn": _("återkallad"),
    }  # fmt: skip
    return words.get(state, state)


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    return moves.diagram(MOVES, "open")
