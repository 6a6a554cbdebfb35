"""A calendar's days and hours as people write them, and an agenda's order."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from app import create_app
from chain.base.errors import RuleBroken
from chain.matter import meeting_rules as rules
from tests.conftest import settings

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module", autouse=True)
def words() -> Iterator[None]:
    """Days are told in words, for which an application knows the language; no database is asked."""
    with create_app(settings("sqlite://")).app_context():
        yield


@pytest.mark.parametrize(
    ("typed", "hour"), [("13", time(13)), ("13.30", time(13, 30)), (" 9:05 ", time(9, 5)), ("", None)]
)  # fmt: skip
def test_an_hour_is_read_as_it_is_written(typed: str, hour: time | None) -> None:
    assert rules.hour(typed) == hour


@pytest.mark.parametrize("typed", ["25", "13.60", "efter lunch", "13.3"])
def test_what_is_no_hour_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(RuleBroken, match=r"13\.00") as told:
        rules.hour(typed)
    assert list(told.value.problems) == ["begins_at"]


def test_a_years_days_are_read_once_each_and_in_order() -> None:
    assert rules.days("2027-02-24\n\n 2027-01-20, 2027-02-24\r\n") == [date(2027, 1, 20), date(2027, 2, 24)]


def test_the_line_that_is_no_day_is_named() -> None:
    with pytest.raises(RuleBroken, match="”20 januari” är ingen dag"):
        rules.days("2027-01-20\n20 januari")
    with pytest.raises(RuleBroken, match="”0001-01-05” är ingen dag"):
        rules.days("0001-01-05")  # before which there are no days for papers
    for none in ("", " \n ", "\n".join(f"20{year}-01-01" for year in range(10, 60))):
        with pytest.raises(RuleBroken, match="minst en dag"):
            rules.days(none)


def test_papers_are_ready_before_the_meeting() -> None:
    rules.check(TODAY, TODAY, "Stadshuset")
    with pytest.raises(RuleBroken) as told:
        rules.check(TODAY, date(2026, 11, 23), "x" * 201)
    assert set(told.value.problems) == {"papers_by", "place"}


@pytest.mark.parametrize(
    ("before", "day"), [(10, date(2026, 12, 4)), (11, date(2026, 12, 4)), (9, date(2026, 12, 7)), (0, date(2026, 12, 16))]
)
def test_papers_are_never_due_on_a_saturday_or_a_sunday(before: int, day: date) -> None:
    assert rules.papers_day(date(2026, 12, 16), before) == day


def test_an_agenda_that_people_have_met_by_lies_fast() -> None:
    rules.check_agenda_open(TODAY, "planned", TODAY)
    with pytest.raises(RuleBroken, match="dagordningen ligger fast"):
        rules.check_agenda_open(date(2026, 11, 21), "planned", TODAY)
    with pytest.raises(RuleBroken, match="inställt"):
        rules.check_agenda_open(TODAY, "cancelled", TODAY)


@pytest.mark.parametrize(("one", "by", "order"), [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc")])
def test_a_matter_moves_one_step_and_stops_at_the_ends(one: str, by: int, order: str) -> None:
    assert "".join(rules.shifted("abc", one, by)) == order


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ([("schedule", 1)], [1]), ([("schedule", 1), ("unschedule", 1)], []), ([("schedule", 1), ("postpone", 2)], [2]),
        ([("schedule", 1), ("decide", 1), ("schedule", 2)], [1, 2]), ([("decide", 1)], [1]), ([("decide", None)], []),
        ([("schedule", 2), ("decide", 1)], [1]), ([("schedule", 1), ("refer_back", 1), ("write", None), ("schedule", 2)], [1, 2]),
        ([("schedule", 1), ("postpone", 2), ("decide", 2), ("decide", 2)], [2]), ([("assign", None), ("begin", None)], []),
    ],
)  # fmt: skip
def test_where_a_matter_stood_is_told_by_its_history(steps: list[tuple[str, int | None]], stands: list[int]) -> None:
    assert rules.places([(act, meeting, TODAY) for act, meeting in steps], {}) == stands


@pytest.mark.parametrize(("days", "stands"), [(-1, [2]), (0, [1, 2]), (1, [1, 2])])
def test_a_matter_that_is_moved_on_at_the_meeting_or_after_it_stood_on_that_agenda(days: int, stands: list[int]) -> None:
    steps = [("schedule", 1, TODAY - timedelta(days=9)), ("postpone", 2, TODAY + timedelta(days=days))]
    assert rules.places(steps, {1: TODAY}) == stands
