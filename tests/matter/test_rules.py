"""A matter's life is the table, and a decision is as minutes can have it."""

from datetime import date

import pytest

from chain.base.errors import NotAllowed, RuleBroken
from chain.matter import rules
from chain.matter.rules import MOVES, STATES, Facts

TODAY = date(2026, 11, 22)
WORDS = Facts(words="Nämnden ville ha mer.")


# A matter's life


@pytest.mark.parametrize(
    ("state", "act", "facts", "role", "after"),
    [
        ("open", "assign", Facts(), "director", "assigned"),
        ("under_way", "assign", Facts(), "director", "under_way"),
        ("assigned", "begin", Facts(), "officer", "under_way"),
        ("under_way", "write", Facts(), "officer", "written"),
        ("under_way", "write", Facts(placed=True), "director", "on_agenda"),  # placed long before it was ready
        ("written", "schedule", Facts(), "secretary", "on_agenda"),
        ("under_way", "schedule", Facts(), "secretary", "under_way"),
        ("on_agenda", "unschedule", Facts(placed=True), "secretary", "written"),
        ("on_agenda", "decide", Facts(placed=True), "secretary", "decided"),
        ("open", "decide", Facts(), "secretary", "decided"),  # what a committee decides it decides, prepared or not
        ("on_agenda", "refer_back", Facts(placed=True), "secretary", "under_way"),
        ("on_agenda", "postpone", Facts(placed=True), "secretary", "on_agenda"),
        ("decided", "report_back", WORDS, "director", "reported_back"),
        ("reported_back", "close", Facts(), "secretary", "closed"),
        ("decided", "close", Facts(), "secretary", "closed"),
        ("under_way", "write_off", WORDS, "secretary", "closed"),
        ("closed", "reopen", Facts(responsible=True, words="Mer kom."), "secretary", "assigned"),
        ("closed", "reopen", WORDS, "secretary", "open"),
    ],
)
def test_a_matter_goes_on_as_the_table_says(state: str, act: str, facts: Facts, role: str, after: str) -> None:
    assert rules.move(act, state, facts, role=role).state == after


@pytest.mark.parametrize(
    ("state", "act", "role"),
    [
        ("open", "assign", "officer"), ("open", "assign", "secretary"), ("assigned", "begin", "secretary"),
        ("on_agenda", "decide", "director"), ("decided", "close", "director"), ("under_way", "write", "member"),
    ],
)  # fmt: skip
def test_what_another_role_does_is_refused(state: str, act: str, role: str) -> None:
    with pytest.raises(NotAllowed):
        rules.move(act, state, WORDS, role=role)


def test_a_matter_is_closed_only_when_nobody_waits_for_an_assignment_in_it() -> None:
    with pytest.raises(RuleBroken, match="väntar på dem"):
        rules.move("close", "decided", Facts(given=1), role="secretary")
    with pytest.raises(RuleBroken, match="besvara ett uppdrag"):
        rules.move("close", "decided", Facts(answering=1), role="secretary")
    with pytest.raises(RuleBroken, match="väntar på dem"):
        rules.move("report_back", "decided", Facts(words="Klart.", given=2), role="director")


@pytest.mark.parametrize(
    ("state", "act", "role"),
    [("written", "resume", "officer"), ("open", "write_off", "secretary"), ("closed", "reopen", "secretary")],
)
def test_what_turns_a_matter_round_wants_a_reason_at_its_field(state: str, act: str, role: str) -> None:
    with pytest.raises(RuleBroken, match="Skriv varför") as told:
        rules.move(act, state, Facts(words=" \n"), role=role)
    assert list(told.value.problems) == ["words"]


def test_too_late_is_told_with_the_state_that_it_is_in() -> None:
    with pytest.raises(RuleBroken, match="ärendet är nu avslutat"):
        rules.move("begin", "closed", Facts(), role="officer")


def test_what_a_role_may_choose_is_what_the_table_would_let_it_do() -> None:
    assert rules.possible("assigned", Facts(), role="officer") == ["begin"]
    assert rules.possible("assigned", Facts(), role="director") == ["assign", "begin"]
    assert rules.possible("on_agenda", Facts(placed=True), role="officer") == ["resume"]
    assert "close" not in rules.possible("decided", Facts(given=1), role="secretary")
    assert rules.possible("closed", Facts(), role="secretary") == ["reopen"]
    assert rules.possible("open", Facts(), role="member") == []


def test_every_state_is_reached_and_left() -> None:
    reached = {one.state for one in MOVES if one.state != one.before} | {"open"}
    left = {one.before for one in MOVES if one.state != one.before}
    assert reached == left == set(STATES)


def test_from_every_state_there_is_a_way_to_the_end() -> None:
    ends = {"closed"}
    while more := {one.before for one in MOVES if one.state in ends} - ends:
        ends |= more
    assert ends == set(STATES)


def test_each_requirement_and_each_case_of_the_table_is_known() -> None:
    assert {name for one in MOVES for name in one.requires} == set(rules.REQUIREMENTS)
    assert {one.where for one in MOVES} == set(rules.CASES)


# What is written down


@pytest.mark.parametrize("typed", ["Bun 2018/75", " Bun  2018/75 ", "Bun\t2018/75"])
def test_a_registration_number_keeps_its_form(typed: str) -> None:
    assert rules.registration(typed) == "Bun 2018/75"


def test_a_matter_says_what_and_why_and_is_opened_when_it_comes() -> None:
    rules.check_matter("Karriärtjänster", "Nämnden frågar.", "", TODAY, today=TODAY)
    with pytest.raises(RuleBroken) as told:
        rules.check_matter(" ", "", "x" * 61, date(2026, 12, 1), today=TODAY)
    assert set(told.value.problems) == {"title", "why", "registration_number", "opened_on"}


@pytest.mark.parametrize("typed", ["12", "§12", "§ 12", " §  12 "])
def test_a_paragraph_is_written_in_one_way(typed: str) -> None:
    assert rules.paragraph(typed) == "§ 12"


def test_no_paragraph_is_none() -> None:
    assert rules.paragraph(" § ") == ""


def test_each_fault_has_its_own_sentence() -> None:
    with pytest.raises(RuleBroken) as told:
        rules.check(date(2026, 12, 1), "", "", " ", today=TODAY)
    assert set(told.value.problems) == {"decided_on", "paragraph", "registration_number", "text"}


def test_a_decision_of_today_with_everything_is_taken() -> None:
    rules.check(TODAY, "§ 12", "Bun 2018/75", "Nämnden godkänner redovisningen.", today=TODAY)
