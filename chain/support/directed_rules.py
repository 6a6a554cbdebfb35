"""A directed support's life as a table: who may ask for it or offer it, who decides, and how it is told what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.lengths import fitting
from chain.base.locale import _, lazy
from chain.base.moves import Move
from chain.support.rules import LONGEST

# Read a line as: from here · to there · by this act · these do it · when all of this holds. `unit` leads the unit that gets the
# support, `above` leads the level that gives it. Several units in need of directed support (seed 003); responsibility lies above,
# which may therefore decide also what the unit has said no to.
MOVES = moves.table(
    # from                            to             act         who      requires
    ("[*]",                           "requested",   "request",  "unit",  "words"),
    ("[*]",                           "offered",     "offer",    "above", "words"),
    ("requested",                     "",            "pass_on",  "above", "words above"),
    ("requested",                     "declined",    "decline",  "above", "words"),
    ("requested offered",             "withdrawn",   "withdraw", "begun", ""),
    ("offered",                       "wanted",      "accept",   "unit",  ""),
    ("offered",                       "turned_down", "refuse",   "unit",  "words"),
    ("requested wanted turned_down",  "decided",     "decide",   "above", "words person days"),
    ("decided",                       "",            "change",   "above", "words person days"),
    ("decided",                       "",            "tell",     "unit",  "words begun_giving"),
    ("decided",                       "",            "tell",     "above", "words begun_giving"),
    ("decided",                       "ended",       "end",      "",      "both_told"),  # by itself
)  # fmt: skip
WAITING = ("requested", "offered", "wanted", "turned_down")
ALIVE = (*WAITING, "decided")


@dataclass(frozen=True)
class Facts:
    """What the table asks of one directed support."""

    words: str = ""
    person: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    today: date = date.min
    above: bool = False  # there is a level above whoever was asked, that can give it
    unit_told: bool = False
    above_told: bool = False


REQUIREMENTS: dict[str, tuple[Callable[[Facts], bool], str, Any]] = {  # whether it holds, the field, the sentence
    "words": (lambda facts: len(facts.words.split()) > 1, "words", lazy("Skriv det i ord: den andra sidan läser det.")),
    "person": (lambda facts: facts.person, "given_by", lazy("Välj vem som ger stödet.")),
    "days": (
        lambda facts: bool(
            facts.starts_on and facts.ends_on and facts.starts_on <= facts.ends_on and facts.today <= facts.ends_on
        ),
        "ends_on",
        lazy("Skriv från och till och med vilken dag. Slutet är i dag eller senare, och inte före början."),
    ),
    "above": (lambda facts: facts.above, "words", lazy("Det finns ingen nivå ovanför som kan ge stödet. Besluta eller säg nej.")),
    "begun_giving": (
        lambda facts: facts.starts_on is not None and facts.starts_on <= facts.today,
        "words",
        lazy("Stödet har inte börjat än, så det går inte att säga vad det har gett."),
    ),
    "both_told": (
        lambda facts: facts.unit_told and facts.above_told,
        "words",
        lazy("Både enheten och den som gett stödet berättar vad det gav innan det avslutas."),
    ),
}


def move(act: str, state: str, facts: Facts, *, side: str) -> Move:
    """The table's line for doing this now. Refused with a sentence when there is none, or when a requirement does not hold.

    `side`: `unit`, `above`, or `begun` beside it for whoever began it: "above begun".
    """
    lines = [one for one in MOVES if one.act == act and one.before == state]
    if not lines:
        raise RuleBroken(_("Det går inte längre: stödet är %(state)s. Ladda om sidan.", state=state_name(state).lower()))
    mine = [one for one in lines if set(one.who) & set(side.split())]
    if not mine:
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    fitting(facts.words, LONGEST, "words")
    for name in mine[0].requires:
        holds, field, sentence = REQUIREMENTS[name]
        if not holds(facts):
            raise RuleBroken(str(sentence), {field: str(sentence)})
    return mine[0]


def possible(state: str, *, side: str) -> list[str]:
    """The acts that somebody on a side may try now, in the table's order."""
    return list(dict.fromkeys(one.act for one in MOVES if one.before == state and set(one.who) & set(side.split())))


def state_name(state: str) -> str:
    """Where it stands, in words."""
    names: dict[str, str] = {
        "requested": _("Begärt"),
        "offered": _("Erbjudet"),
        "wanted": _("Enheten vill ha det"),
        "turned_down": _("Enheten har tackat nej"),
        "declined": _("Avslaget"),
        "withdrawn": _("Återtaget"),
        "decided": _("Beslutat"),
        "ended": _("Avslutat"),
    }
    return names.get(state, state)


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    return moves.diagram(one for one in MOVES if one.after)
