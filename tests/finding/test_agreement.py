"""Cohen's kappa against tables from the literature, and what is said where it cannot be computed."""

from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from chain.finding import agreement_rules as rules
from chain.finding.agreement_rules import Agreement


@pytest.mark.parametrize(
    ("table", "alike", "kappa"),
    [
        # Feinstein & Cicchetti, "High agreement but low kappa: I", J Clin Epidemiol 43 (1990), 543–549: the same share of
        # agreement, with balanced and with lopsided totals.
        ((40, 9, 6, 45), 0.85, 0.70),
        ((80, 10, 5, 5), 0.85, 0.32),
        # The textbook's two readers of fifty applications, and two more with the same share of agreement.
        ((20, 5, 10, 15), 0.70, 0.40),
        ((45, 15, 25, 15), 0.60, 0.13),
        ((25, 35, 5, 35), 0.60, 0.26),
        ((5, 0, 0, 5), 1.00, 1.00),
        ((0, 5, 5, 0), 0.00, -1.00),
    ],
)
def test_kappa_is_that_of_the_literature(table: tuple[int, int, int, int], alike: float, kappa: float) -> None:
    found = Agreement(*table)
    assert found.alike is not None and found.kappa is not None
    assert (round(float(found.alike), 2), round(float(found.kappa), 2)) == (alike, kappa)


def test_it_is_exact() -> None:
    assert Agreement(20, 5, 10, 15).kappa == Fraction(2, 5)
    assert Agreement(45, 15, 25, 15).kappa == Fraction(3, 23)


@pytest.mark.parametrize(
    ("table", "told"),
    [((0, 0, 0, 0), "ingen text är läst av två"), ((0, 0, 0, 9), "ingen av dem har valt"), ((4, 0, 0, 0), "i varje stycke")],
)
def test_where_there_is_none_it_is_said_why(app: Flask, table: tuple[int, int, int, int], told: str) -> None:
    found = Agreement(*table)
    assert found.kappa is None and told in found.told


def test_it_is_told_with_two_decimals_as_swedes_write_them(app: Flask) -> None:
    assert Agreement(20, 5, 10, 15).told == "0,40"


COUNTS = st.integers(0, 40)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_it_does_not_matter_who_is_first_or_what_is_called_yes(a: int, b: int, c: int, d: int) -> None:
    found = Agreement(a, b, c, d).kappa
    assert found == Agreement(a, c, b, d).kappa == Agreement(d, b, c, a).kappa
    assert found is None or -1 <= found <= 1


def test_every_paragraph_is_judged_once_for_each_theme_also_those_that_nobody_coded() -> None:
    places = [(1, "a"), (1, "b"), (1, "c"), (2, "a")]
    first = {(1, "a"): frozenset({10}), (1, "b"): frozenset({10, 11})}
    second = {(1, "a"): frozenset({10}), (2, "a"): frozenset({11})}
    ten, eleven = (rules.agreement(places, theme, first, second) for theme in (10, 11))
    assert ten == Agreement(1, 1, 0, 2) and eleven == Agreement(0, 1, 1, 2)
    assert rules.whole([ten, eleven]) == Agreement(1, 2, 1, 4)
