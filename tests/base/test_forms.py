"""What every form shares."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale
from wtforms import FieldList, FormField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from chain.base.config import ROOT
from forms.base import Day, Form, Line, SubForm, SvDecimal, choices, required
from forms.base import posted as posted_number


class Inner(SubForm):
    share = SvDecimal("Andel", [NumberRange(min=0, max=100)])


class Example(Form):
    name = Line("Namn", required("Skriv ett namn.", 5))
    count = IntegerField("Antal", [InputRequired()])
    share = SvDecimal("Andel", [NumberRange(min=0, max=100)])
    rows = FieldList(FormField(Inner))
    day = Day("Dag", [Optional()])


@pytest.fixture
def posted(app: Flask) -> Iterator[object]:
    def post(**data: str) -> Example:
        with app.test_request_context("/", method="POST", data=data):
            form = Example()
            form.validate()
            return form

    yield post


def test_swedish_numbers(posted) -> None:
    for typed, number in {
        "12 345,7": "12345.7",
        "12345.7": "12345.7",
        "\u22123": "-3",
        "1\u00a0000": "1000",
        "1\u202f000,5": "1000.5",
    }.items():
        assert posted(share=typed).share.data == Decimal(number), typed


@pytest.mark.parametrize("typed", ["tolv", "1,2,3", "NaN", "Infinity", "1e"])
def test_what_is_no_number_is_told_once_and_kept_as_typed(posted, typed: str) -> None:
    form = posted(share=typed)
    assert form.share.errors == ["Skriv ett tal, till exempel 12,5."]
    assert form.share._value() == typed


def test_one_sentence_a_field_in_swedish(posted) -> None:
    form = posted(name="  ", count="x")
    assert form.name.errors == ["Skriv ett namn."]
    assert len(form.count.errors) == 1
    assert "Not a valid" not in str(form.count.errors)
    assert posted(name="för långt").name.errors == ["Skriv högst 5 tecken."]


def test_a_form_within_a_form_is_swedish_too(posted) -> None:
    form = posted(**{"rows-0-share": "101", "rows-2-share": "x"})
    assert [row.form.share.errors for row in form.rows] == [
        ["Numret måste vara mellan 0 och 100."], ["Skriv ett tal, till exempel 12,5."],
    ]  # fmt: skip


def test_words_follow_the_language(app: Flask) -> None:
    with app.test_request_context("/", method="POST"), force_locale("en"):
        form = Example()
        form.validate()
        assert form.count.errors == ["This field is required."]


def test_choices_are_what_wtforms_wants() -> None:
    assert [(each.value, each.label) for each in choices([(1, "ett")])] == [("1", "ett")]


@pytest.mark.parametrize(
    ("sent", "number"), [("12", 12), ("", 0), (None, 0), ("-1", 0), ("1.5", 0), ("tre", 0), ("²", 0), ("٣", 0), ("9" * 30, 0)]
)  # fmt: skip
def test_a_hidden_number_is_one_or_nothing_has_it(sent: str | None, number: int) -> None:
    assert posted_number(sent) == number


def test_no_page_reads_a_hidden_number_by_itself() -> None:
    pages = [one for one in (ROOT / "chain").rglob("*views.py") if ".isdigit()" in one.read_text()]
    assert pages == []


@pytest.mark.parametrize("typed", ["0001-01-05", "1899-12-31", "2200-01-01", "9999-12-31", "2026-02-30", "i morgon"])
def test_a_day_that_nobody_can_mean_is_refused_and_kept_as_typed(posted, typed: str) -> None:
    form = posted(day=typed)
    assert form.day.errors == ["Skriv dagen som 2026-12-24."] and form.day._value() == typed
    assert posted(day=" 2027-01-20 ").day.data == date(2027, 1, 20)
