"""A decision as minutes can have it."""

from datetime import date

import pytest

from chain.base.errors import RuleBroken
from chain.matter import rules

TODAY = date(2026, 11, 22)


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
