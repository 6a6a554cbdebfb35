"""What awaits somebody: at most five things, the most urgent first, each one press from done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chain.base.locale import _, ngettext

MOST = 5


@dataclass(frozen=True)
class Todo:
    """One thing that waits for this person in this role.

    `weight` orders things without a date: 0 is what stops others, 9 is what is merely good to know.
    `since` is when it began to wait (the longest wait first), `due` the last day.
    """

    title: str
    hint: str
    endpoint: str
    values: tuple[tuple[str, str], ...]
    status: str
    weight: int
    due: date | None = None
    since: date | None = None


def urgent(found: Iterable[Todo], today: date) -> tuple[list[Todo], int]:
    """The most urgent few, and how many more there are: overdue first, then what stops others, then the nearest day."""
    ordered = sorted(
        found,
        key=lambda todo: (
            0 if todo.due and todo.due < today else 1,
            todo.weight,
            todo.due or date.max,
            todo.since or date.max,
            todo.title,
        ),
    )
    return ordered[:MOST], max(0, len(ordered) - MOST)


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
