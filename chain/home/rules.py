"""What awaits somebody: at most five things, the most urgent first, each one press from done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from chain.base.locale import _, ngettext

MOST = 5  # things on a first page
FIRST = -1  # weight of what is one's own matter because a level below has waited too long: before all else
FEW = 2  # of one kind stand as themselves; more of them are one line, so that they hide nothing else

ONLY_READ = ("first_teacher", "provider")  # roles for which nothing is to be done yet

Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Link:
    """A way on: its words, and where it leads."""

    words: str
    endpoint: str
    values: Values = ()


@dataclass(frozen=True)
class Todo:
    """One thing that waits for this person in this role.

    `weight` orders things without a date: FIRST before all, 0 is what stops others, 9 is what is merely good to know.
    `since` is when it began to wait (the longest wait first), `due` the last day. `who` it comes from; `also`: another way on.
    """

    title: str
    hint: str
    endpoint: str
    values: Values
    status: str
    weight: int
    due: date | None = None
    since: date | None = None
    who: str = ""
    also: Link | None = None


@dataclass(frozen=True)
class Tally:
    """So many of a level have handed in, and those who are late: name and the reason given, if any."""

    level: str
    expected: int
    handed_up: int
    late: tuple[tuple[str, str], ...] = ()


def urgent(found: Iterable[Todo], today: date) -> tuple[list[Todo], int]:
    """The most urgent few, and how many more: what has waited too long below, the overdue, what stops others, the nearest day."""
    ordered = sorted(
        found,
        key=lambda todo: (
            todo.weight != FIRST,
            0 if todo.due and todo.due < today else 1,
            todo.weight,
            todo.due or date.max,
            todo.since or date.max,
            todo.title,
        ),
    )
    return ordered[:MOST], max(0, len(ordered) - MOST)


def folded(found: Iterable[Todo], title: Callable[[int], str], endpoint: str) -> list[Todo]:
    """A few of a kind as they are; more of them as one line that leads to them all, as urgent as the most urgent of them."""
    every = list(found)
    if len(every) <= FEW:
        return every
    first = min(every, key=lambda each: each.weight)
    return [
        Todo(
            title=title(len(every)),
            hint=", ".join(dict.fromkeys(each.who for each in every if each.who)),
            endpoint=endpoint,
            values=(),
            status=first.status,
            weight=first.weight,
            due=min((each.due for each in every if each.due), default=None),
            since=min((each.since for each in every if each.since), default=None),
        )
    ]


def ahead(dates: Iterable[tuple[date, str]], today: date) -> list[tuple[date, str]]:
    """The days that have not passed, the nearest first."""
    return sorted(each for each in dates if each[0] >= today)


def days_left(due: date, today: date) -> str:
    """How long there is left, in words."""
    days = (due - today).days
    if days < 0:
        return ngettext("en dag sen", "%(num)s dagar sen", -days)
    if days == 0:
        return _("sista dagen i dag")
    return ngettext("en dag kvar", "%(num)s dagar kvar", days)


def short(text: str, length: int = 140) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " …"
