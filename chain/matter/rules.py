"""What is true of a matter and of a decision: a matter's life as a table, and what minutes can say."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy
from chain.base.moves import Move

LONGEST = 10_000  # characters of a decision's text, and of why a matter was opened


# A matter's life. Read a line as: from here · to there · by this act · these roles do it · in this case · when all of this holds.
# A matter may be placed on an agenda long before it is ready: it is on the agenda first when what the committee reads is written.
ALIVE = "open assigned under_way written on_agenda"
DONE = "decided reported_back"
MOVES = moves.table(
    # from                          to               act            who                 in the case    requires
    ("open",                        "assigned",      "assign",      "director",         "",            ""),
    ("assigned under_way",          "",              "assign",      "director",         "",            ""),
    ("assigned",                    "under_way",     "begin",       "officer director", "",            ""),
    ("under_way",                   "written",       "write",       "officer director", "not_placed",  ""),
    ("under_way",                   "on_agenda",     "write",       "officer director", "placed",      ""),
    ("written on_agenda",           "under_way",     "resume",      "officer director", "",            "reason"),
    ("written",                     "on_agenda",     "schedule",    "secretary",        "",            ""),
    ("open assigned under_way",     "",              "schedule",    "secretary",        "",            ""),
    ("on_agenda",                   "written",       "unschedule",  "secretary",        "",            ""),
    ("open assigned under_way",     "",              "unschedule",  "secretary",        "",            ""),
    (f"{ALIVE} {DONE}",             "decided",       "decide",      "secretary",        "",            ""),
    ("under_way written on_agenda", "under_way",     "refer_back",  "secretary",        "",            ""),
    ("open assigned",               "",              "refer_back",  "secretary",        "",            ""),
    (ALIVE,                         "",              "postpone",    "secretary",        "",            ""),
    ("decided",                     "reported_back", "report_back", "officer director", "",            "words answered"),
    ("decided",                     "reported_back", "settle",      "secretary",        "",            "answered"),
    ("reported_back",               "decided",       "unsettle",    "secretary",        "",            ""),
    (DONE,                          "closed",        "close",       "secretary",        "",            "answered answers"),
    (ALIVE,                         "closed",        "write_off",   "secretary",        "",            "reason answered answers"),
    ("closed",                      "assigned",      "reopen",      "secretary",        "responsible", "reason"),
    ("closed",                      "open",          "reopen",      "secretary",        "nobody",      "reason"),
)  # fmt: skip
STATES = (*ALIVE.split(), *DONE.split(), "closed")
LIVE = tuple(ALIVE.split())  # what the committee has not decided about
WAITS_FOR = {  # whose turn it is: a level of the chain
    "open": "administration", "assigned": "administration", "under_way": "administration", "written": "committee",
    "on_agenda": "committee", "decided": "administration", "reported_back": "committee",
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the table asks of one matter. `given`, `answering`: assignments given in it, and to be answered in it, that wait."""

    placed: bool = False  # on the agenda of a meeting
    responsible: bool = False
    words: str = ""
    given: int = 0
    answering: int = 0


CASES: dict[str, Callable[[Facts], bool]] = {
    "": lambda facts: True,
    "placed": lambda facts: facts.placed,
    "not_placed": lambda facts: not facts.placed,
    "responsible": lambda facts: facts.responsible,
    "nobody": lambda facts: not facts.responsible,
}
REQUIREMENTS: dict[str, tuple[Callable[[Facts], bool], Any]] = {
    "reason": (lambda facts: bool(facts.words.strip()), lazy("Skriv varför, så att det går att förstå i efterhand.")),
    "words": (lambda facts: bool(facts.words.strip()), lazy("Skriv vad beslutet har lett till. En mening räcker.")),
    "answered": (
        lambda facts: not facts.given,
        lazy("Uppdrag som nämnden gav i ärendet är inte avslutade. Ärendet väntar på dem."),
    ),
    "answers": (
        lambda facts: not facts.answering,
        lazy("Ärendet ska besvara ett uppdrag som nämnden inte har avslutat. Koppla uppdraget till ett annat ärende först."),
    ),
}


def move(act: str, state: str, facts: Facts, *, role: str) -> Move:
    """The table's line for doing this now. Refused with a sentence when there is none, or when a requirement does not hold."""
    lines = [one for one in MOVES if one.act == act and one.before == state and CASES[one.where](facts)]
    if not lines:
        raise RuleBroken(_("Det går inte längre: ärendet är nu %(state)s. Ladda om sidan.", state=state_name(state)))
    found = lines[0]
    if role not in found.who:
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    for name in found.requires:
        holds, sentence = REQUIREMENTS[name]
        if not holds(facts):
            raise RuleBroken(str(sentence), {"words": str(sentence)} if name in ("reason", "words") else None)
    return found


def possible(state: str, facts: Facts, *, role: str) -> list[str]:
    """The acts that the role may choose now, in the order of the table: those that only lack words are among them."""
    spoken = Facts(facts.placed, facts.responsible, "…", facts.given, facts.answering)
    found = []
    for one in MOVES:
        here = one.before == state and role in one.who and CASES[one.where](spoken)
        if here and all(REQUIREMENTS[name][0](spoken) for name in one.requires):
            found.append(one.act)
    return list(dict.fromkeys(found))


def state_name(state: str) -> str:
    """A state within a sentence."""
    words = {
        "open": _("öppnat"), "assigned": _("fördelat"), "under_way": _("under beredning"), "written": _("klart för nämnden"),
        "on_agenda": _("på dagordningen"), "decided": _("beslutat"), "reported_back": _("återrapporterat"),
        "closed": _("avslutat"),
    }  # fmt: skip
    return words.get(state, state)


def diagram() -> str:
    """The table as a mermaid state diagram, for the README. What leaves a matter where it stands is not drawn."""
    return moves.diagram((one for one in MOVES if one.state != one.before), "open")


# What is written down


def registration(typed: str) -> str:
    """A registration number without the space around it, and with one space within: ` Bun  2018/75` is Bun 2018/75."""
    return re.sub(r"\s+", " ", typed).strip()


def check_matter(title: str, why: str, number: str, opened_on: date, *, today: date) -> None:
    """Refuse a matter that nobody would know again: without a title or a reason, or opened on a day that has not been."""
    problems = {}
    if not title.strip() or len(title.strip()) > 200:
        problems["title"] = _("Skriv en rubrik, högst 200 tecken, till exempel Återrapportering av karriärtjänster.")
    if not why.strip():
        problems["why"] = _("Skriv varför ärendet öppnas: vad det gäller och vem som har väckt det.")
    elif len(why) > LONGEST:
        problems["why"] = _("Skriv högst %(n)s tecken.", n=LONGEST)
    if len(number) > 60:
        problems["registration_number"] = _("Skriv högst %(n)s tecken.", n=60)
    if opened_on > today:
        problems["opened_on"] = _("Den dagen har inte varit än. Ett ärende öppnas när det kommer.")
    if problems:
        raise RuleBroken(next(iter(problems.values())), problems)


def paragraph(typed: str) -> str:
    """`12`, `§12` and `§ 12` are one paragraph: § 12."""
    plain = re.sub(r"\s+", " ", typed.replace("§", " ")).strip()
    return f"§ {plain}" if plain else ""


def check(decided_on: date, number: str, registration: str, text: str, *, today: date) -> None:
    """Refuse what minutes cannot say: no paragraph, no number, no words, or a day that has not been."""
    problems = {}
    if decided_on > today:
        problems["decided_on"] = _("Den dagen har inte varit än. Ett beslut skrivs in när det är fattat.")
    if not number or len(number) > 20:
        problems["paragraph"] = _("Skriv paragrafen i protokollet, till exempel § 12.")
    if not registration.strip() or len(registration.strip()) > 60:
        problems["registration_number"] = _("Skriv diarienumret, till exempel Bun 2018/75.")
    if not text.strip():
        problems["text"] = _("Skriv beslutet som det står i protokollet.")
    elif len(text) > LONGEST:
        problems["text"] = _("Skriv högst %(n)s tecken.", n=LONGEST)
    if problems:
        raise RuleBroken(next(iter(problems.values())), problems)
