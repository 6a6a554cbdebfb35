"""The demonstration's calendar: whatever the day, a round is open, its units are due, and those before it are complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from chain.cycle import queries as cycle
from chain.cycle import rules
from chain.cycle.rules import RoundPlan

OPEN_FOR = 24  # days: units were due three days ago, areas are due in five
WRITTEN_AFTER = 9  # days
BREAK = 149  # days between the rounds of adult education: they fall between the other committee's


@dataclass(frozen=True)
class Slot:
    """One round of the story: 1 is the oldest. `year` and `number` name it in its committee's calendar."""

    place: int
    year: str
    number: int
    opens_on: date

    def day(self, after: int) -> date:
        return self.opens_on + timedelta(days=after)


@dataclass(frozen=True)
class Calendar:
    """A committee's years, planned, and the rounds that the story has reached."""

    years: tuple[tuple[str, tuple[RoundPlan, ...]], ...]
    slots: tuple[Slot, ...]


def school(today: date) -> Calendar:
    """Last school year's four rounds, and this year's first, opened 24 days ago: the usual dates, moved as far as it takes."""
    this = rules.label_on(today)
    last = rules.label_before(this)
    moved = today - timedelta(days=OPEN_FOR) - _usual(this)[0].opens_on
    years = tuple((label, tuple(_moved(plan, moved) for plan in _usual(label))) for label in (last, this))
    reached = [(last, plan) for plan in years[0][1]] + [(this, years[1][1][0])]
    return Calendar(years, _slots(reached))


def adult(today: date) -> Calendar:
    """A calendar year with three rounds: one is complete, one is open, one is to come."""
    label = rules.label_on(today, school=False)
    opened = today - timedelta(days=OPEN_FOR - 8)
    starts = [opened + timedelta(days=BREAK * step) for step in (-1, 0, 1)]
    plans = tuple(_plan(number, day, like) for number, (day, like) in enumerate(zip(starts, (2, 1, 4), strict=True), 1))
    return Calendar(((label, plans),), _slots([(label, plan) for plan in plans[:2]]))


def _usual(label: str) -> list[RoundPlan]:
    return rules.default_plan(label, _levels())


def _levels() -> Sequence[str]:
    return [level.key for level in cycle.answering()]


def _moved(plan: RoundPlan, by: timedelta) -> RoundPlan:
    return _plan(plan.number, plan.opens_on + by, plan.like)


def _plan(number: int, opens_on: date, like: int) -> RoundPlan:
    """Named by the month in which it is written, which is where the dates were moved to."""
    plan = rules.plan(number, {}, opens_on, _levels(), like=like)
    month = opens_on + timedelta(days=WRITTEN_AFTER)
    name = {
        "sv": f"Uppföljning {number}, {format_date(month, 'MMMM', locale='sv')}",
        "en": f"Follow-up {number}, {format_date(month, 'MMMM', locale='en')}",
    }
    return RoundPlan(number, name, plan.opens_on, plan.dues, plan.meets_on, like)


def _slots(reached: Sequence[tuple[str, RoundPlan]]) -> tuple[Slot, ...]:
    return tuple(Slot(place, label, plan.number, plan.opens_on) for place, (label, plan) in enumerate(reached, 1))
