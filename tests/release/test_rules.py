"""The primary rules: what is hidden, what is blurred, and that nothing hidden follows from what is shown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.base.errors import RuleBroken
from chain.release import rules
from chain.release.profiles import SKOLVERKET
from chain.release.rules import Exact, Protected
from tests.release.made import MEASURES


def a(k: int, n: int, *, category: str = "", units: int = 3, subject: str = "MA", enrolled: int = 0) -> Exact:
    return Exact(
        "GR", "grades" if category else "at_least_e", subject, "6", "term_grade", category, enrolled or n, n, k, units, 4
    )


def one(figure: Exact) -> Protected:
    [protected] = rules.protect([figure])
    return protected


@pytest.mark.parametrize(
    ("k", "n", "shown", "why"),
    [
        (7, 9, "..", "few"),
        (0, 0, "..", "few"),
        (5, 10, "..", "narrow"),  # nearly all and nearly nobody would meet
        (6, 12, "50", ""),
        (20, 25, "~100", "near_end"),  # five: or ~100 would tell within four
        (19, 25, "76", ""),
        (5, 25, "~0", "near_end"),
        (6, 25, "24", ""),
        (24, 30, "~100", "near_end"),  # one to six: none would be said exactly
        (23, 30, "77", ""),
        (4, 20, "~0", "near_end"),
        (16, 20, "~100", "near_end"),
        (0, 20, "~0", "near_end"),
        (20, 20, "~100", "near_end"),
        (0, 30, "0", ""),
        (30, 30, "100", ""),
        (29, 30, "~100", "near_end"),
        (993, 1000, "99", ""),  # never 100 unless it is all of them
        (7, 1000, "1", ""),
        (17, 40, "43", ""),  # a half is rounded up, as a reader does
    ],
)
def test_a_share(k: int, n: int, shown: str, why: str) -> None:
    found = one(a(k, n))
    assert (found.shown, found.withheld) == (shown, why)


@pytest.mark.parametrize(
    ("unit", "decimals", "total", "shown"),
    [
        ("people", 0, 9, ".."), ("people", 0, 23, "25"),
        ("points", 0, 2, ".."), ("posts", 1, 95, ".."), ("posts", 1, 231, "25"), ("index", 0, 12, "10"),
        ("kronor", 0, 7, "7"), ("groups", 0, 3, "3"), ("kronor", 2, 1250, "12.50"),
    ],
)  # fmt: skip
def test_a_count_is_of_people_unless_it_is_of_money_or_groups(unit: str, decimals: int, total: int, shown: str) -> None:
    measure = replace(MEASURES.indicators["newly_arrived"], unit=unit, decimals=decimals)
    assert one(Exact("GR", measure.key, "", "", "register", "", 0, 0, 0, 3, 3, total, measure)).shown == shown


def test_a_mean_at_its_end_says_what_each_of_a_few_has() -> None:
    merit = MEASURES.indicators["merit"]

    def of(n: int, total: int) -> Protected:
        return one(Exact("GR", "merit", "", "9", "final_grade", "", n, n, 0, 3, 3, total, merit))

    assert of(12, 12 * 3400).withheld == "same" and of(12, 0).withheld == "same"
    assert of(12, 12 * 3400 - 10).shown == "339.9" and of(30, 30 * 3400).shown == "340.0"


def test_pupils_are_rounded_to_five_and_absent_where_hidden() -> None:
    assert (one(a(20, 23, enrolled=28)).n, one(a(20, 23, enrolled=28)).enrolled) == (25, 30)
    assert (one(a(5, 9)).n, one(a(5, 9)).enrolled) == (None, None)


def test_one_units_result_in_a_subject_is_hidden() -> None:
    assert one(a(20, 40, units=1)).withheld == "one_unit"
    whole = Exact("FS", "rating", "", "", "rating", "", 40, 40, 20, 1, 4)
    assert one(whole).withheld == "one_unit", "three more could have told"
    assert one(replace(whole, expected=1)).shown == "50", "the committee has no other"
    assert one(replace(whole, expected=1, year_group="9")).withheld == "one_unit"


def spread(*counts: int) -> list[Protected]:
    return rules.protect(a(k, sum(counts), category=str(place)) for place, k in enumerate(counts))


def test_a_distribution_with_a_sensitive_step_is_hidden_whole() -> None:
    assert {step.withheld for step in spread(10, 20, 3, 20)} == {"step"}
    assert {step.shown for step in spread(10, 20, 3, 20)} == {".."}
    assert [step.shown for step in spread(10, 20, 10, 10)] == ["20", "40", "20", "20"]


def test_nobody_on_a_step_among_few_hides_the_distribution() -> None:
    assert {step.withheld for step in spread(9, 0, 9, 9)} == {"step"}
    assert {step.withheld for step in spread(15, 0, 15, 15)} == {""}


@given(st.lists(st.integers(0, 60), min_size=2, max_size=7), st.integers(1, 5))
def test_no_step_that_is_shown_or_follows_from_the_others_is_sensitive(counts: list[int], units: int) -> None:
    n = sum(counts)
    found = rules.protect(a(k, n, category=str(place), units=units) for place, k in enumerate(counts))
    assert len({bool(step.withheld) for step in found}) == 1  # all or nothing: none is found by subtraction
    if not found[0].withheld:
        assert n >= SKOLVERKET.fewest and units >= rules.FEWEST_UNITS
        for k in counts:
            assert k == 0 or k > SKOLVERKET.sensitive
            assert n - k > SKOLVERKET.sensitive
            assert k or n >= SKOLVERKET.everybody_from


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 5))
def test_a_number_is_shown_only_where_it_may(part: int, rest: int, units: int) -> None:
    k, n = part, part + rest
    found = one(a(k, n, units=units))
    if found.shown not in ("..", "~100", "~0"):
        assert n >= 10 and units > 1 and k not in range(1, 5) and n - k not in range(1, 5)
        assert (0 < k < n) or n >= 30
    if found.n is not None:
        assert found.n % 5 == 0 and found.enrolled is not None and found.enrolled % 5 == 0
    assert not hasattr(found, "k")


def test_whoever_prepared_it_does_not_approve_it() -> None:
    with pytest.raises(RuleBroken, match="Någon annan"):
        rules.check_other_person(7, 7)
    rules.check_other_person(7, 8)


def test_a_no_needs_a_reason() -> None:
    with pytest.raises(RuleBroken):
        rules.check_reason("Nej tack")
    assert rules.check_reason(" Siffrorna för åk 6 är fel. ") == "Siffrorna för åk 6 är fel."
