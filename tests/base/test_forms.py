"""What every form shares."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale
from wtforms import FieldList, FormField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from forms.base import Form, Line, SubForm, SvDecimal, choices, required


class Inner(SubForm):
    share = SvDecimal("Andel", [NumberRange(min=0, max=100)])


class Example(Form):
    name = Line("Namn", required("Skriv ett namn.", 5))
    count = IntegerField("Antal", [InputRequired()])
    share = SvDecimal("Andel", [NumberRange(min=0, max=100)])
    rows = FieldList(FormField(Inner))


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
