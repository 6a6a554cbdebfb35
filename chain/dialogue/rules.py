"""What is true of a quality dialogue: its life as a table, who sits on which side, and what an agreement must say."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy
from chain.base.moves import Move

LONGEST = 20_000  # characters under one heading, and of the unit's own words
MOST_HEADINGS = 12
OWN_WORDS = "own-words"  # the key of what the unit writes for itself before the dialogue: no heading of the agenda has it
UNIT, HOST = "unit", "host"  # the two sides of the table
UNIT_ROLES = ("principal", "deputy")
HOST_ROLES = ("area_head", "officer", "director")


# A dialogue's life. Read a line as: from here · to there · by this act · these roles do it · when all of this holds.
HOSTS = "area_head officer director"
BOTH = f"principal {HOSTS}"
MOVES = moves.table(
    # from              to           act          who                     requires
    ("planned prepared", "",          "ask",       "principal deputy",     "words"),
    ("planned prepared", "",          "change",    HOSTS,                  ""),
    ("planned prepared", "",          "stand_by",  HOSTS,                  "asked words"),
    ("planned",          "prepared",  "hand_over", "principal",            ""),
    ("prepared",         "",          "hand_over", "principal",            ""),
    ("planned prepared", "cancelled", "cancel",    HOSTS,                  "words"),
    ("planned prepared", "held",      "hold",      BOTH,                   "day_has_come"),
    ("held",             "proposed",  "propose",   BOTH,                   "noted"),
    ("proposed",         "held",      "reword",    f"{BOTH} deputy",       ""),
    ("proposed",         "agreed",    "agree",     BOTH,                   "other_side other_person"),
    ("agreed",           "held",      "reopen",    BOTH,                   "words nothing_taken"),
    ("agreed",           "closed",    "close",     HOSTS,                  "words followed_up"),
)  # fmt: skip
STATES = ("planned", "prepared", "held", "proposed", "agreed", "closed", "cancelled")
COMING = ("planned", "prepared")  # the meeting lies ahead
WRITABLE = ("held", "proposed")  # notes and agreements are written; what was proposed is taken back by a change
ATTACHABLE = (*COMING, "held")  # files are laid before both; once the notes are proposed they stand still
SETTLED = ("agreed", "closed")  # both have agreed to what was written


@dataclass(frozen=True)
class Facts:
    """What the table asks of one dialogue. `waiting`: agreements of which nobody has said what came."""

    words: str = ""
    asked: bool = False
    day_has_come: bool = True
    noted: bool = True
    other_side: bool = True
    other_person: bool = True
    taken: bool = False
    waiting: int = 0


REQUIREMENTS: dict[str, tuple[Callable[[Facts], bool], Any]] = {
    "words": (lambda facts: bool(facts.words.strip()), lazy("Skriv några ord, så att den andra sidan förstår.")),
    "asked": (lambda facts: facts.asked, lazy("Enheten har inte föreslagit något annat.")),
    "day_has_come": (
        lambda facts: facts.day_has_come,
        lazy("Dagen för dialogen har inte kommit än. Ändra den om ni träffas tidigare."),
    ),
    "noted": (lambda facts: facts.noted, lazy("Inget är antecknat än. Skriv under minst en rubrik, eller en överenskommelse.")),
    "other_side": (
        lambda facts: facts.other_side,
        lazy("Er sida har redan godkänt anteckningarna. Nu väntar de på den andra sidan."),
    ),
    "other_person": (
        lambda facts: facts.other_person,
        lazy("Du har redan godkänt för den andra sidan. Anteckningarna godkänns av två personer, en från varje sida."),
    ),
    "nothing_taken": (
        lambda facts: not facts.taken,
        lazy("En överenskommelse har redan blivit en åtgärd, så anteckningarna ligger fast. Ta upp det i nästa dialog."),
    ),
    "followed_up": (
        lambda facts: not facts.waiting,
        lazy("En överenskommelse väntar fortfarande på att någon säger vad det blev av den."),
    ),
}  # fmt: skip


def move(act: str, state: str, facts: Facts, *, role: str) -> Move:
    """The table's line for doing this now. Refused with a sentence when there is none, or when a requirement does not hold."""
    found = moves.find(MOVES, act, state)
    if found is None:
        raise RuleBroken(_("Det går inte längre: dialogen är nu %(state)s. Ladda om sidan.", state=state_name(state)))
    if role not in found.who:
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    for name in found.requires:
        holds, sentence = REQUIREMENTS[name]
        if not holds(facts):
            raise RuleBroken(str(sentence), {"words": str(sentence)} if name == "words" else None)
    return found


def possible(state: str, facts: Facts, *, role: str) -> list[str]:
    """The acts that the role may choose now, in the order of the table: those that only lack words are among them."""
    spoken = Facts(**{**vars(facts), "words": "…"})
    return [
        one.act
        for one in MOVES
        if one.before == state and role in one.who and all(REQUIREMENTS[name][0](spoken) for name in one.requires)
    ]


def side(role: str) -> str:
    """On which side of the table a role sits."""
    return UNIT if role in UNIT_ROLES else HOST


def check_attachable(state: str) -> None:
    """Refuse to change the files of what has been proposed, agreed to or called off."""
    if state in ATTACHABLE:
        return
    if state == "proposed":
        raise RuleBroken(_("Anteckningarna är föreslagna, så filerna ligger fast. Skriv i anteckningarna först om något fattas."))
    raise RuleBroken(_("Det går inte längre: dialogen är nu %(state)s. Ladda om sidan.", state=state_name(state)))


def state_name(state: str) -> str:
    """A state within a sentence."""
    words = {
        "planned": _("planerad"), "prepared": _("förberedd"), "held": _("hållen"),
        "proposed": _("hållen, med föreslagna anteckningar"),
        "agreed": _("klar, med anteckningar som båda har godkänt"), "closed": _("avslutad"), "cancelled": _("inställd"),
    }  # fmt: skip
    return words.get(state, state)


def diagram() -> str:
    """The table as a mermaid state diagram, for the README. What leaves a dialogue where it stands is not drawn."""
    return moves.diagram((one for one in MOVES if one.state != one.before), "planned")


# What is written down


def check_plan(held_on: date, begins_at: time | None, place: str, people: Iterable[Mapping[str, str]], *, today: date) -> None:
    """Refuse a meeting that nobody can come to: a day that has been, no hour, a side without anybody."""
    problems, sides = {}, {one["side"] for one in people}
    if held_on < today:
        problems["held_on"] = _("Den dagen har redan varit. Välj en dag som kommer.")
    if begins_at is None:
        problems["begins_at"] = _("Skriv när dialogen börjar, som 13.00.")
    if len(place.strip()) > 200:
        problems["place"] = _("Skriv högst %(n)s tecken.", n=200)
    if UNIT not in sides:
        problems["unit_people"] = _("Välj minst en person från enheten.")
    if HOST not in sides:
        problems["host_people"] = _("Välj minst en person från er.")
    if problems:
        raise RuleBroken(next(iter(problems.values())), problems)


Heading = Mapping[str, Any]


def headings(typed: str, before: Iterable[Heading]) -> list[dict[str, Any]]:
    """An agenda from lines of text, each heading once. One with the words of before keeps its key, and its other language."""
    known = {str(title): one for one in before for title in one["title"].values()}
    taken = {one["key"] for one in known.values()}
    found: list[dict[str, Any]] = []
    for line in dict.fromkeys(filter(None, (" ".join(line.split()) for line in typed.splitlines()))):
        if len(line) > 120:
            raise _refused("agenda", _("En rubrik kan vara högst %(n)s tecken. Korta ”%(line)s…”.", n=120, line=line[:40]))
        found.append({"key": known[line]["key"], "title": dict(known[line]["title"])} if line in known else _heading(line, taken))
    if not found or len(found) > MOST_HEADINGS:
        raise _refused("agenda", _("Skriv minst en rubrik och högst %(n)s, var och en på en egen rad.", n=MOST_HEADINGS))
    return found


def _heading(line: str, taken: set[str]) -> dict[str, Any]:
    plain = re.sub(r"[^a-z0-9]+", "-", line.lower().translate(str.maketrans("åäöé", "aaoe"))).strip("-")[:30] or "rubrik"
    key = next(key for key in (plain, *(f"{plain}-{n}" for n in range(2, 99))) if key not in (*taken, OWN_WORDS))
    taken.add(key)
    return {"key": key, "title": {"sv": line}}


def _refused(field: str, sentence: str) -> RuleBroken:
    return RuleBroken(sentence, {field: sentence})


def check_agreement(text: str, person_side: str | None, side: str, due: str, dues: Iterable[str]) -> None:
    """Refuse an agreement that nobody can keep: no words, nobody who answers for it on its own side, no round."""
    problems = {}
    if not text.strip() or len(text) > 2000:
        problems["text"] = _("Skriv vad ni är överens om, i högst %(n)s tecken.", n=2000)
    if side not in (UNIT, HOST):
        problems["side"] = _("Säg vem som gör det: enheten eller den som håller dialogen.")
    if person_side is None or (side in (UNIT, HOST) and person_side != side):
        problems["responsible"] = _("Välj en ansvarig person på samma sida som gör det.")
    if due not in dues:
        problems["due"] = _("Välj till vilken uppföljning det ska vara gjort.")
    if problems:
        raise RuleBroken(next(iter(problems.values())), problems)


def tidy(text: str) -> str:
    """The same words whichever way they were sent; refused when they are more than a heading holds."""
    words = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(words) > LONGEST:
        raise _refused("text", _("Skriv högst %(n)s tecken.", n=LONGEST))
    return words


def without(units: Sequence[tuple[int, str]], have: Iterable[int]) -> list[str]:
    """The names of the units that have no dialogue, in the order given: an order of names, never of results."""
    told = set(have)
    return [name for unit, name in units if unit not in told]
