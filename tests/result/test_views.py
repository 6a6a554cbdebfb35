"""The page of what others have published about a unit."""

from collections.abc import Callable
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from chain.base.db import db
from chain.result.models import PublishedValue
from tests.makers import Cast


def test_published_shows_values_as_printed_with_words_for_what_is_missing(
    app: Flask, cast: Cast, client: Callable[[str], FlaskClient]
) -> None:
    unit = cast.unit["alskolan"]
    for period, shown, value in (("2022/23", "81,1", Decimal("81.1")), ("2023/24", "~100", None), ("2024/25", "..", None)):
        db.session.add(
            PublishedValue(
                unit_id=unit.id, path=unit.path, indicator="all_subjects_passed", year_group="9", period=period, shown=shown,
                value=value, value_type="EXISTS", source="Skolverket", source_file="statistics_gr/1.json",
            )
        )  # fmt: skip
    db.session.commit()
    page = client("pia").get(f"/result/published/{unit.public_id}").text
    assert "81,1 %" in page and "Källa: Skolverket" in page and "Årskurs 9" in page
    assert "~100<" in page and "nästan alla" in page and "för få elever" in page
    assert "<dt>*</dt>" not in page  # only the signs that are there are explained


def test_published_says_kindly_that_there_is_nothing(app: Flask, cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    assert "inga publicerade uppgifter" in client("per").get(f"/result/published/{cast.unit['havet'].public_id}").text


def test_published_is_read_by_those_at_the_unit_and_above(app: Flask, cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    path = f"/result/published/{cast.unit['alskolan'].public_id}"
    for who in ("pia", "arne", "olle", "maja", "stina", "lena"):
        assert client(who).get(path).status_code == 200, who
    for who in ("petra", "vera", "viktor"):
        assert client(who).get(path).status_code == 404, who
