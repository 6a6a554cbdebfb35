"""What one cell means."""

from decimal import Decimal

import pytest

from chain.intake.csvtext import published
from chain.intake.rules import EXCLUDED, EXISTS, MISSING, OMITTED, ROUNDED, Problem


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("288,5", "288.5"),
        ("288", "288"),
        ("0,0", "0"),
        (" 7 ", "7"),
        ("1 024", "1024"),
        ("1\u00a0024", "1024"),
        ("12\u202f345,5", "12345.5"),
        ("cirka 1110", "1110"),
    ],
)
def test_numbers_have_a_decimal_comma_and_spaces_between_thousands(cell: str, value: str) -> None:
    assert published(cell) == (Decimal(value), EXISTS)


@pytest.mark.parametrize(("cell", "kind"), [(".", MISSING), ("", MISSING), ("..", OMITTED), ("~100", ROUNDED), ("*", EXCLUDED)])
def test_signs_have_a_reason_and_no_number(cell: str, kind: str) -> None:
    assert published(cell) == (None, kind)
    assert published(cell, point=True) == (None, kind)


@pytest.mark.parametrize("cell", ["288.5", "-1", "1e5", "~98", "...", "10 24", "١٢", "NaN", "1,2,3", "12 %", ",5"])
def test_anything_else_is_not_read(cell: str) -> None:
    assert published(cell) is None


def test_a_decimal_point_is_read_only_where_the_file_uses_it() -> None:
    assert published("7.5", point=True) == (Decimal("7.5"), EXISTS)


def test_a_sentence_is_made_of_a_template_and_named_parameters() -> None:
    problem = Problem("fatal", "a.csv", "{file}, rad {row}, {column}: {value} {extra}", 3, "b", "{x}", (("extra", "!"),))
    assert problem.sentence == "a.csv, rad 3, b: {x} !"
