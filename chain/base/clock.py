"""The one door to time. Moments are aware; dates are those of Stockholm."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_held: datetime | None = None  # tests and the demonstration hold the clock, for the whole process


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _held or datetime.now(UTC)


def local() -> datetime:
    """This moment as a clock on a wall in Stockholm shows it."""
    return now().astimezone(STOCKHOLM)


def today() -> date:
    """Today's date in Stockholm: a deadline ends with the day there."""
    return local().date()


def date_of(moment: datetime) -> date:
    """The date in Stockholm of a moment: what happens at half past midnight there belongs to the new day."""
    return moment.astimezone(STOCKHOLM).date()


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """The moment when a clock in Stockholm shows this day and hour."""
    return datetime.combine(day, time(hour, minute), tzinfo=STOCKHOLM).astimezone(UTC)


def had_come(moment: datetime, then: date) -> bool:
    """Whether something had happened at a moment (an aware datetime), or at the end of a day in Stockholm (a date)."""
    return moment <= then if isinstance(then, datetime) else date_of(moment) <= then


def hold(moment: datetime | None) -> None:
    """Hold the clock at a moment, or let it go (None). Never in production code."""
    global _held
    _held = moment.astimezone(UTC) if moment else None


@contextmanager
def held(moment: datetime) -> Iterator[None]:
    """Hold the clock for the length of a block."""
    before = _held
    hold(moment)
    try:
        yield
    finally:
        hold(before)
