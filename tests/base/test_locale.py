"""Swedish order, numbers and dates; and English when that was chosen."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from flask_babel import force_locale

from chain.base import locale


def test_the_order_of_a_swedish_dictionary() -> None:
    names = ["Örby", "Ängsskolan", "Åbyskolan", "zetaskolan", "Alskolan", "Ekens förskola", "ålskolan", "Édouard", "Eda"]
    assert locale.sorted_by_name(names, str) == [
        "Alskolan", "Eda", "Édouard", "Ekens förskola", "zetaskolan", "Åbyskolan", "ålskolan", "Ängsskolan", "Örby",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [
        (12345.678, 1, "12\u00a0345,7"),
        (Decimal("0.5"), 0, "1"),
        (Fraction(2, 3), 2, "0,67"),
        (None, 1, ""),
    ],
)
def test_numbers(app: Flask, value: object, decimals: int, words: str) -> None:
    with force_locale("sv"):
        assert locale.number(value, decimals) == words  # type: ignore[arg-type]


def test_shares_say_their_counts_exactly_and_nothing_of_nobody(app: Flask) -> None:
    with force_locale("sv"):
        assert locale.percent(1, 8).split() == ["13", "%"]  # a half is rounded up, as in school
        assert locale.percent(1, 3).split() == ["33", "%"]
        assert locale.percent(0, 0) == "–"


def test_dates_and_hours(app: Flask) -> None:
    moment = datetime(2026, 11, 22, 13, 3, tzinfo=UTC)
    with force_locale("sv"):
        assert locale.day(date(2026, 11, 22)) == "22 november 2026"
        assert locale.moment(moment) == "22 november 2026 14.03"
    with force_locale("en"):
        assert locale.moment(moment).endswith("14:03")


def test_words_without_a_request_are_swedish(app: Flask) -> None:
    assert locale.current() == "sv"
    assert locale._("Hjälp") == "Hjälp"
