"""The improvement wheel: what a note must say, and what of it goes into an outcome, once."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask

from chain.measure import rules, wheel_rules

TODAY = date(2026, 11, 22)


@dataclass
class Note:
    on: date
    text: str
    evidence: str = ""


NOTES = (Note(date(2026, 10, 5), "Grupperna är i gång.", "observation"), Note(date(2026, 11, 2), "Fler läser högt.", "results"))


def test_a_note_says_where_in_the_wheel_when_and_what() -> None:
    assert list(wheel_rules.problems("", None, " ", "", today=TODAY)) == ["stage", "on", "text"]
    assert wheel_rules.problems("do", TODAY, "Vi prövade.", "", today=TODAY) == {}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("hoppa", TODAY, "x", ""), "stage"),
        (("do", date(2026, 11, 23), "x", ""), "on"),
        (("do", TODAY, "x" * 4001, ""), "text"),
        (("do", TODAY, "x", "känsla"), "evidence"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_place(given: tuple[str, date, str, str], field: str) -> None:
    assert list(wheel_rules.problems(*given, today=TODAY)) == [field]


def test_notes_are_taken_into_an_outcome_after_what_was_typed_and_only_once(app: Flask) -> None:
    once = wheel_rules.taken_in({"kind": "", "effect": "Vi ser en skillnad.", "evidence": ["results"]}, NOTES)
    assert once["effect"] == "Vi ser en skillnad.\n\n5 oktober: Grupperna är i gång.\n\n2 november: Fler läser högt."
    assert once["evidence"] == ["results", "observation"] and once["kind"] == ""
    assert wheel_rules.taken_in(once, NOTES) == once


def test_every_stage_has_words_and_a_question() -> None:
    names = [wheel_rules.stage_name(one) for one in wheel_rules.STAGES]
    assert names == ["Planera", "Genomföra", "Studera", "Agera"]
    assert len({wheel_rules.stage_meaning(one) for one in wheel_rules.STAGES}) == 4


# Reminders, and what is told of a measure


@pytest.mark.parametrize(
    ("today", "kind"),
    [(date(2026, 12, 26), ""), (date(2026, 12, 27), "due"), (date(2027, 2, 14), "due"), (date(2027, 2, 15), "late")],
)
def test_whoever_is_responsible_is_reminded_two_weeks_before_the_round_and_when_it_has_passed(today: date, kind: str) -> None:
    assert rules.reminder(date(2027, 1, 10), date(2027, 2, 14), today) == kind


def test_three_carries_are_told_with_what_they_lead_to_and_fewer_are_not() -> None:
    assert rules.carried_sentence(2) == ""
    assert "3 gånger" in rules.carried_sentence(3) and "nivån ovanför" in rules.carried_sentence(3)


def test_a_measure_without_cause_or_goal_is_allowed_and_told() -> None:
    known = rules.Known({"p": "Pia"}, {"2026/27:2": "januari"})
    said = {"problem": "x", "sign": "y", "responsible": "p", "due": "2026/27:2"}
    assert rules.problems(said, known) == {}
    assert rules.lacks("", " ") == ["utan orsak", "utan mål"] and rules.lacks("a", "b") == []


def test_a_cause_or_goal_that_is_there_no_longer_is_to_be_chosen_again() -> None:
    known = rules.Known({"p": "Pia"}, {"2026/27:2": "januari"}, {"analysis.c1": "Vikarier"}, {"a" * 32: "Läsa"})
    said = {"problem": "x", "sign": "y", "responsible": "p", "due": "2026/27:2"}
    assert rules.problems({**said, "cause": "analysis.c1", "goal": "a" * 32}, known) == {}
    assert list(rules.problems({**said, "cause": "analysis.c2", "goal": "b" * 32}, known)) == ["cause", "goal"]
    assert rules.problems({**said, "goal": "Alla läser med flyt"}, known) == {}  # typed before there were goals to choose
