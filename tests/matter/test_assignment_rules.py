"""An assignment goes on as its table says, and its age and lateness are told in words."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from app import create_app
from chain.base.errors import NotAllowed, RuleBroken
from chain.matter import assignment_rules as rules
from tests.conftest import settings

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module", autouse=True)
def words() -> Iterator[None]:
    """Days are told in words, for which an application knows the language; no database is asked."""
    with create_app(settings("sqlite://")).app_context():
        yield


def test_it_is_reported_in_a_matter_and_closed_by_the_committee() -> None:
    assert rules.move("report", "open", role="officer", matter=True).after == "reported"
    assert rules.move("approve", "reported", role="secretary").after == "closed"
    with pytest.raises(RuleBroken, match="Välj ärendet") as told:
        rules.move("report", "open", role="officer")
    assert list(told.value.problems) == ["matter"]


def test_what_the_committee_does_not_approve_goes_back_to_work_with_a_reason() -> None:
    assert rules.move("send_back", "reported", role="secretary", words="Effekten saknas.").after == "open"
    with pytest.raises(RuleBroken, match="Skriv varför"):
        rules.move("send_back", "reported", role="secretary", words=" ")


@pytest.mark.parametrize(("act", "state", "role"), [("approve", "reported", "director"), ("report", "open", "secretary")])
def test_neither_side_does_the_others_part(act: str, state: str, role: str) -> None:
    with pytest.raises(NotAllowed):
        rules.move(act, state, role=role, words="Klart.", matter=True)


def test_too_late_is_told_with_its_state() -> None:
    with pytest.raises(RuleBroken, match="uppdraget är nu avslutat"):
        rules.move("report", "closed", role="officer", matter=True)


def test_every_state_is_reached_and_left() -> None:
    assert {one.after for one in rules.MOVES} == {one.before for one in rules.MOVES} == {"open", "reported", "closed"}


def test_it_says_something_and_is_due_after_it_was_given() -> None:
    assert rules.check("  Beskriv effekten. ", None, TODAY) == "Beskriv effekten."
    for text, due_on, field in (("", None, "text"), ("x" * 2001, None, "text"), ("Gör.", date(2026, 11, 21), "due_on")):
        with pytest.raises(RuleBroken) as told:
            rules.check(text, due_on, TODAY)
        assert list(told.value.problems) == [field]


@pytest.mark.parametrize(
    ("given_on", "words"),
    [
        (TODAY, "i dag"), (TODAY - timedelta(1), "en dag"), (TODAY - timedelta(59), "59 dagar"),
        (date(2026, 9, 22), "2 månader"), (date(2026, 1, 23), "9 månader"), (date(2024, 11, 22), "2 år"),
        (date(2024, 10, 22), "2 år och en månad"), (date(2017, 3, 17), "9 år och 8 månader"),
    ],
)  # fmt: skip
def test_age_is_told_as_people_say_it(given_on: date, words: str) -> None:
    assert rules.age(given_on, TODAY) == words


def test_what_was_given_today_was_given_today() -> None:
    assert rules.given(TODAY, TODAY) == "gavs i dag"
    assert rules.given(TODAY - timedelta(3), TODAY) == "gavs för 3 dagar sedan"


def test_it_is_late_when_its_day_has_passed_without_a_report() -> None:
    yesterday = TODAY - timedelta(1)
    assert rules.late("open", yesterday, TODAY)
    assert not rules.late("open", TODAY, TODAY) and not rules.late("open", None, TODAY)
    assert not rules.late("reported", yesterday, TODAY)  # the committee has it


def test_the_late_are_told_in_a_sentence_with_the_one_that_has_waited_longest() -> None:
    assert rules.told([], TODAY) == ""
    one = ("§ 12, 20 december 2025", date(2026, 11, 21))
    sentence = rules.told([one], TODAY)
    assert "Ett uppdrag är försenat" in sentence and "§ 12, 20 december 2025" in sentence and "en dag sedan" in sentence
    several = rules.told([one, ("§ 3, 1 mars 2026", date(2026, 10, 22))], TODAY)
    assert several.startswith("2 uppdrag") and "§ 3, 1 mars 2026" in several and "31 dagar" in several
