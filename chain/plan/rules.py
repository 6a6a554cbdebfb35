"""When a plan is missing or too old, and what has to be said of one."""

from collections.abc import Sequence
from datetime import date

from chain.base.errors import RuleBroken
from chain.base.locale import _

MISSING, OLD, NOBODY, CURRENT = "missing", "old", "nobody", "current"
LACKING = (MISSING, OLD, NOBODY)
LONGEST = 2000


def needs(needed_by: Sequence[str], school_forms: Sequence[str]) -> bool:
    """Whether a unit with these school forms has to have it."""
    return bool(school_forms) and (not needed_by or bool(set(needed_by) & set(school_forms)))


def good_until(day: date, months: int) -> date:
    """The last day on which what was decided or revised on a day is new enough."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def state(last: date | None, months: int, today: date, *, somebody: bool) -> str:
    """Missing, too old, in nobody's care, or as it should be. `last`: when it was decided or revised."""
    if last is None:
        return MISSING
    if today > good_until(last, months):
        return OLD
    return CURRENT if somebody else NOBODY


def state_name(key: str) -> str:
    """Where it stands, in words."""
    names: dict[str, str] = {
        MISSING: _("Saknas"),
        OLD: _("För gammal"),
        NOBODY: _("Ingen ansvarig"),
        CURRENT: _("Aktuell"),
    }
    return names[key]


def check(decided_on: date | None, revised_on: date | None, today: date, *, somebody: bool, text: str) -> None:
    """What has to be said: when it was decided on, not after today, revised not before that, and who answers for it."""
    wrong = {}
    if decided_on is None:
        wrong["decided_on"] = _("Skriv dagen då den beslutades.")
    elif decided_on > today:
        wrong["decided_on"] = _("Dagen har inte varit än. Skriv in planen när den är beslutad.")
    if revised_on is not None and revised_on > today:
        wrong["revised_on"] = _("Dagen har inte varit än. Skriv in planen när den är reviderad.")
    elif revised_on is not None and decided_on is not None and revised_on < decided_on:
        wrong["revised_on"] = _("Den kan inte ha reviderats innan den beslutades. Rätta dagarna.")
    if not somebody:
        wrong["responsible"] = _("Välj vem som ansvarar för den.")
    if len(text) > LONGEST:
        wrong["text"] = _("Skriv högst %(n)s tecken.", n=LONGEST)
    if wrong:
        raise RuleBroken(next(iter(wrong.values())), wrong)
