"""What is true of an assignment from the committee: its life as a table, its age, and what is told of those that are late."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, day, lazy, ngettext
from chain.base.moves import Move

LONGEST = 2000  # characters of an assignment

WAITING = ("open", "reported")  # the committee has not said that it is done


@dataclass(frozen=True)
class Asked:
    """What a decision asks of the administration, and the last day for it, if any. `row`: where in a form it was written."""

    text: str
    due_on: date | None = None
    row: str = ""


# An assignment's life. Read a line as: from here · to there · by this act · these roles do it · when all of this holds.
MOVES = moves.table(
    # from       to          act           who                           requires
    ("open",     "open",     "take_up",    "officer director secretary", "matter"),  # in which matter it is to be answered
    ("open",     "reported", "report",     "officer director",           "matter"),
    ("reported", "open",     "take_back",  "officer director",           "words"),
    ("reported", "closed",   "approve",    "secretary",                  ""),
    ("reported", "open",     "send_back",  "secretary",                  "words"),  # not approved: back to work
    ("open",     "open",     "extend",     "secretary",                  "words"),
    ("open",     "closed",   "withdraw",   "secretary",                  "words"),  # the committee no longer asks for it
    ("closed",   "open",     "reopen",     "secretary",                  "words"),
)  # fmt: skip
REFUSED: dict[str, Any] = {
    "words": lazy("Skriv varför, så att det går att förstå i efterhand."),
    "matter": lazy("Välj ärendet där uppdraget besvaras, eller öppna ett nytt."),
}


def move(act: str, state: str, *, role: str, words: str = "", matter: bool = False) -> Move:
    """The table's line for doing this now; refused with a sentence when there is none, or when something is missing."""
    found = moves.find(MOVES, act, state)
    if found is None:
        raise RuleBroken(_("Det går inte längre: uppdraget är nu %(state)s. Ladda om sidan.", state=state_name(state)))
    if role not in found.who:
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    holds = {"words": bool(words.strip()), "matter": matter}
    for name in found.requires:
        if not holds[name]:
            raise RuleBroken(str(REFUSED[name]), {name: str(REFUSED[name])})
    return found


def possible(state: str, *, role: str) -> list[str]:
    """The acts that the role may choose now."""
    return [one.act for one in MOVES if one.before == state and role in one.who]


def state_name(state: str) -> str:
    """A state within a sentence."""
    words = {"open": _("öppet"), "reported": _("återrapporterat"), "closed": _("avslutat")}
    return words.get(state, state)


def check(text: str, due_on: date | None, given_on: date) -> str:
    """What is asked for, without the space around it; refused when it says nothing, or is to be done before it was given."""
    words = text.strip()
    if not words:
        raise RuleBroken(_("Skriv vad förvaltningen ska göra."), {"text": _("Skriv vad förvaltningen ska göra.")})
    if len(words) > LONGEST:
        sentence = _("Skriv högst %(n)s tecken.", n=LONGEST)
        raise RuleBroken(sentence, {"text": sentence})
    check_due(due_on, given_on)
    return words


def check_due(due_on: date | None, given_on: date) -> None:
    if due_on and due_on < given_on:
        sentence = _("Uppdraget gavs %(day)s. Välj en senare dag.", day=day(given_on))
        raise RuleBroken(sentence, {"due_on": sentence})


# Age


def late(state: str, due_on: date | None, today: date) -> bool:
    """Whether the day has passed without a report. Without a day nothing is ever late."""
    return state == "open" and due_on is not None and due_on < today


def age(given_on: date, today: date) -> str:
    """How long ago something was given, in words: days up to two months, months up to two years, then years and months."""
    days = (today - given_on).days
    if days < 1:
        return _("i dag")
    if days < 60:
        return ngettext("en dag", "%(num)s dagar", days)
    months = (today.year - given_on.year) * 12 + today.month - given_on.month - (today.day < given_on.day)
    if months < 24:
        return ngettext("en månad", "%(num)s månader", months)
    years, rest = divmod(months, 12)
    whole = ngettext("ett år", "%(num)s år", years)
    return _("%(years)s och %(months)s", years=whole, months=ngettext("en månad", "%(num)s månader", rest)) if rest else whole


def given(given_on: date, today: date) -> str:
    """When something was given, as its age."""
    return _("gavs i dag") if given_on >= today else _("gavs för %(age)s sedan", age=age(given_on, today))


def told(lateness: list[tuple[str, date]], today: date) -> str:
    """The late ones in a sentence, the one that has been late longest named: (what it is called, its last day) of each."""
    if not lateness:
        return ""
    name, due_on = min(lateness, key=lambda one: one[1])
    days = ngettext("en dag", "%(num)s dagar", (today - due_on).days)
    facts = {"name": name, "day": day(due_on), "days": days}
    if len(lateness) == 1:
        return _("Ett uppdrag är försenat: %(name)s skulle ha återrapporterats %(day)s, för %(days)s sedan.", **facts)
    return _(
        "%(n)s uppdrag är försenade. Längst har %(name)s väntat, som skulle ha återrapporterats %(day)s, för %(days)s sedan.",
        n=len(lateness), **facts,
    )  # fmt: skip
