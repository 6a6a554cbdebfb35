"""A finding's life: what may be done when, by whom, and what has to be said."""

from datetime import date

import pytest
from flask import Flask

from chain.base.errors import NotAllowed, RuleBroken
from chain.finding import finding_rules as rules
from chain.finding.finding_rules import Said

TODAY = date(2026, 11, 22)
WHOLE = Said("Vi gör en gemensam mall.", "Kvalitetsenheten", date(2027, 1, 30), TODAY)


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        ("answer", "open", "answered"), ("plan", "open", "effort"), ("plan", "answered", "effort"),
        ("postpone", "effort", "effort"), ("conclude", "effort", "done"), ("reopen", "answered", "open"),
        ("reopen", "done", "open"), ("withdraw", "open", "withdrawn"),
    ],
)  # fmt: skip
def test_the_table_leads_on(app: Flask, act: str, before: str, after: str) -> None:
    assert rules.move(act, before, WHOLE, role="director").after == after


@pytest.mark.parametrize(
    ("act", "before"),
    [("conclude", "open"), ("answer", "effort"), ("withdraw", "answered"), ("reopen", "open"), ("plan", "withdrawn")],
)
def test_what_the_table_does_not_say_is_refused(app: Flask, act: str, before: str) -> None:
    with pytest.raises(RuleBroken, match="Det går inte längre"):
        rules.move(act, before, WHOLE, role="director")


@pytest.mark.parametrize("role", ["principal", "auditor", "member"])
def test_others_do_not_answer(app: Flask, role: str) -> None:
    with pytest.raises(NotAllowed):
        rules.move("answer", "open", WHOLE, role=role)
    assert rules.possible("open", role=role) == []


def test_what_is_missing_is_said_field_by_field(app: Flask) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.move("plan", "open", Said(today=TODAY), role="officer")
    assert set(refused.value.problems) == {"words", "responsible", "due_on"}
    with pytest.raises(RuleBroken) as refused:
        rules.move("plan", "open", Said("Vi gör en mall.", "Vi", date(2026, 11, 21), TODAY), role="officer")
    assert set(refused.value.problems) == {"due_on"}
    with pytest.raises(RuleBroken, match="Skriv varför"):
        rules.move("withdraw", "open", Said("nej", today=TODAY), role="officer")


def test_every_state_is_reached_and_named(app: Flask) -> None:
    assert {one.after for one in rules.MOVES} == set(rules.STATES)
    assert all(rules.state_name(state) != state for state in rules.STATES)
