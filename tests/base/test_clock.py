"""Time: moments are aware, dates are those of Stockholm, also on the days when the clock is moved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.base.orm import Moment
from chain.organisation.models import Person
from tests.makers import Cast


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_spring_29_march_2026() -> None:
    assert clock.at(date(2026, 3, 29), 1, 59) == utc(2026, 3, 29, 0, 59)
    assert clock.at(date(2026, 3, 29), 3) == utc(2026, 3, 29, 1)
    with clock.held(utc(2026, 3, 29, 1)):
        assert clock.local().strftime("%H.%M") == "03.00"
    assert clock.at(date(2026, 3, 30), 0) - clock.at(date(2026, 3, 29), 0) == timedelta(hours=23)


def test_autumn_25_october_2026() -> None:
    assert clock.at(date(2026, 10, 26), 0) - clock.at(date(2026, 10, 25), 0) == timedelta(hours=25)
    with clock.held(utc(2026, 10, 25, 22, 59, 59)):
        assert clock.today() == date(2026, 10, 25)
    with clock.held(utc(2026, 10, 25, 23)):
        assert clock.today() == date(2026, 10, 26)


def test_a_leap_day() -> None:
    with clock.held(clock.at(date(2028, 2, 29), 23, 59)):
        assert clock.today() == date(2028, 2, 29)
    with clock.held(clock.at(date(2028, 2, 29), 23, 59) + timedelta(minutes=1)):
        assert clock.today() == date(2028, 3, 1)


def test_the_day_ends_at_midnight_in_stockholm_not_in_greenwich() -> None:
    with clock.held(utc(2026, 7, 1, 22)):
        assert clock.today() == date(2026, 7, 2)
    with clock.held(utc(2026, 12, 1, 22)):
        assert clock.today() == date(2026, 12, 1)


def test_a_held_clock_is_let_go() -> None:
    with clock.held(utc(2020, 1, 1)):
        assert clock.now() == utc(2020, 1, 1)
        with clock.held(utc(2021, 1, 1)):
            assert clock.now() == utc(2021, 1, 1)
        assert clock.now() == utc(2020, 1, 1)
    assert clock.now() > utc(2021, 1, 1)


def test_a_moment_comes_back_as_it_was_and_a_naive_one_is_refused(cast: Cast) -> None:
    moment = clock.at(date(2026, 10, 25), 2, 30)
    cast.pia.person.ended_at = moment.astimezone(clock.STOCKHOLM)
    db.session.flush()
    db.session.expire_all()
    assert db.session.scalars(select(Person.ended_at).where(Person.id == cast.pia.person_id)).one() == moment
    with pytest.raises(ValueError, match="without a time zone"):
        Moment().process_bind_param(datetime(2026, 1, 1), db.engine.dialect)
    db.session.rollback()


def test_what_had_come_is_asked_of_a_moment_or_of_the_end_of_a_day() -> None:
    noon = clock.at(date(2026, 11, 22))
    assert clock.had_come(noon, noon) and not clock.had_come(noon, noon - timedelta(seconds=1))
    assert clock.had_come(noon, date(2026, 11, 22)) and clock.had_come(noon, date.max)
    assert not clock.had_come(noon, date(2026, 11, 21))
