"""What is true of a committee's meeting: its day, its hour, the last day for papers, and the order of its agenda."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import TypeVar

from chain.base.errors import RuleBroken
from chain.base.locale import _, day

T = TypeVar("T")
FRIDAY = 4
YEARS = range(1900, 2200)  # in others somebody has slipped on a key
PLACING = ("schedule", "unschedule", "postpone", "decide", "refer_back")  # what puts a matter on an agenda, or takes it off
MOST = 40  # days at a time: more than any committee meets in a year


def hour(typed: str) -> time | None:
    """`13`, `13.30` and `13:30` are hours of a clock; nothing is none."""
    plain = typed.strip()
    if not plain:
        return None
    found = re.fullmatch(r"(\d{1,2})(?:[.:](\d{2}))?", plain)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        sentence = _("Skriv klockslaget som 13.00.")
        raise RuleBroken(sentence, {"begins_at": sentence})
    return time(int(found[1]), int(found[2] or 0))


def days(typed: str) -> list[date]:
    """The days of a calendar, one a line as 2027-01-20, each once and in order. Refused with the line that is none."""
    found = []
    for line in typed.replace(",", "\n").split("\n"):
        if plain := line.strip():
            try:
                found.append(date.fromisoformat(plain))
                if found[-1].year not in YEARS:
                    raise ValueError
            except ValueError:
                sentence = _("%(line)s är ingen dag. Skriv varje dag på en egen rad, som 2027-01-20.", line=f"”{plain[:40]}”")
                raise RuleBroken(sentence, {"days": sentence}) from None
    if not found or len(found) > MOST:
        sentence = _("Skriv minst en dag och högst %(n)s, var och en på en egen rad, som 2027-01-20.", n=MOST)
        raise RuleBroken(sentence, {"days": sentence})
    return sorted(set(found))


def papers_day(held_on: date, days_before: int) -> date:
    """The last day for papers so many days before a meeting: a Friday where that is a Saturday or a Sunday."""
    day = held_on - timedelta(days=days_before)
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))


def check(held_on: date, papers_by: date | None, place: str) -> None:
    """Refuse a last day for papers after the meeting, and a place that is a whole text."""
    problems = {}
    if papers_by and papers_by > held_on:
        problems["papers_by"] = _("Handlingarna ska vara klara före sammanträdet, som är %(day)s.", day=day(held_on))
    if len(place.strip()) > 200:
        problems["place"] = _("Skriv högst %(n)s tecken.", n=200)
    if problems:
        raise RuleBroken(next(iter(problems.values())), problems)


def check_agenda_open(held_on: date, state: str, today: date) -> None:
    """Refuse to change an agenda that people have met by, or that nobody will meet by."""
    if state == "cancelled":
        raise RuleBroken(_("Sammanträdet är inställt och har ingen dagordning."))
    if held_on < today:
        raise RuleBroken(
            _("Sammanträdet har varit, så dagordningen ligger fast. Ett ärende som inte togs upp flyttas till nästa sammanträde.")
        )


def shifted(order: Sequence[T], one: T, by: int) -> list[T]:
    """The order with one of them moved a step up (-1) or down (1); at the end of the line it stays."""
    found = list(order)
    place = found.index(one)
    there = min(max(place + by, 0), len(found) - 1)
    found.insert(there, found.pop(place))
    return found


def places(steps: Iterable[tuple[str, int | None, date]], held: Mapping[int, date]) -> list[int]:
    """On which meetings' agendas a matter stands after some lines of its history, the first first: (act, meeting, day).

    A matter waits on one agenda at most. Where it was taken up it stays, and where it stood when the meeting was held
    (`held`: the meetings' days), though the meeting or somebody after it moved it on.
    """
    found: list[int] = []
    waits: int | None = None
    for act, meeting, when in steps:
        if act not in PLACING or meeting is None:
            continue
        leaves = act in ("postpone", "unschedule") or meeting != waits
        if waits is not None and leaves and not (act == "postpone" and waits in held and when >= held[waits]):
            found.remove(waits)
        if act != "unschedule" and meeting not in found:
            found.append(meeting)
        waits = meeting if act in ("schedule", "postpone") else None
    return found
