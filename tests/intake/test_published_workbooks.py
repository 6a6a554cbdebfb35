"""Skolverket's tables saved as Excel by hand are the tables that the CSV files are: numbers exact, signs as reasons."""

import csv
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from xlsxwriter import Workbook

from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.intake import published, reading, sheets
from chain.intake.rules import Found
from tests.intake import workbooks
from tests.intake.desk import november
from tests.intake.samples import GRADES, MUNICIPAL, OTHER_EXPORT, PRESCHOOLS, RELATION, SURVEY, UNIT_LIST
from tests.makers import Cast

TABLES = [UNIT_LIST, GRADES, OTHER_EXPORT, RELATION, SURVEY, *sorted(MUNICIPAL.iterdir())[::5]]
NUMBER = re.compile(r"-?[0-9]{1,3}(?:[ \u00a0][0-9]{3})+(?:,[0-9]+)?|-?[0-9]+(?:,[0-9]+)?")


def saved_as_excel(file: Path, mark: str = ";", point: str = ",") -> bytes:
    """As Excel in Swedish saves what it opened: whatever looks like a number has become one, codes without their zeros too."""
    packed = io.BytesIO()
    book = Workbook(packed, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, cells in enumerate(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=mark)):
        for column, cell in enumerate(cells):
            cell = cell.strip().replace(point, ",") if point != "," else cell
            if NUMBER.fullmatch(cell.strip()):
                sheet.write_number(row, column, float(re.sub(r"[ \u00a0]", "", cell.strip()).replace(",", ".")))
            elif cell:
                sheet.write_string(row, column, cell)
    book.close()
    return packed.getvalue()


def said(found: list[Found]) -> tuple[list[object], list[object]]:
    """What a file says: each value without how its cell was written, and its units."""
    [one] = found
    values = [(value.key, value.value, value.value_type, value.shown if value.value is None else "") for value in one.values]
    return values, [(unit.code, unit.name, unit.kind, unit.years, unit.period) for unit in one.units]


@pytest.mark.parametrize("file", TABLES, ids=[file.name[:70] for file in TABLES])
def test_a_table_saved_as_excel_says_what_the_csv_file_says(app: Flask, file: Path) -> None:
    codes = ("0182", "1440") if file not in (RELATION, SURVEY) else ("0182",)
    rows, holes = sheets.workbook(file.name, saved_as_excel(file))
    text = sheets.as_text(rows)
    assert published.knows(text) and not holes
    for code in codes:
        expected = published.recognised(file.name, file.read_bytes(), code)
        got = published.recognised(file.name, text.encode(), code)
        assert said(got) == said(expected) and got[0].rows == expected[0].rows
        assert [one.message for one in got[0].problems] == [one.message for one in expected[0].problems]
        assert expected[0].values


def test_the_list_of_preschools_too_whose_decimals_have_points(app: Flask) -> None:
    rows, _holes = sheets.workbook("forskolor.xlsx", saved_as_excel(PRESCHOOLS, ",", "."))
    got = published.recognised("forskolor.xlsx", sheets.as_text(rows).encode(), "0182")
    assert said(got) == said(published.recognised("forskolor.csv", PRESCHOOLS.read_bytes(), "0182"))


@pytest.mark.parametrize("written", ["265.7", "265.69999999999999", "265.70000000000005"])
def test_a_real_number_comes_back_as_it_was_typed(written: str) -> None:
    assert sheets.text_of_cell(float(written)) == "265,7"
    assert [sheets.text_of_cell(one) for one in (88.0, 1e15, 0.1 + 0.2, 1 / 3)] == [
        "88",
        "1" + "0" * 15,
        "0,3",
        "0,333333333333333",
    ]


def test_a_workbook_goes_the_same_way_through_the_desk_and_a_formula_without_a_value_stops_it(app: Flask, cast: Cast) -> None:
    cast.unit["sjovik"].name = "Ale"
    db.session.commit()
    desk = november(cast)
    made = desk.take_in(saved_as_excel(GRADES), "slutbetyg.xlsx", cast.stina)
    assert (made.kind, made.found["files"][0][1]) == (reading.PUBLISHED, "final_grades")
    _read, found = desk.read(GRADES.read_bytes(), GRADES.name, cast.stina)
    assert (found.new, found.changed, found.same) == (0, 0, made.found["counts"]["new"])  # 88 and 88,0 are the same figure
    lines = [line.split(";") for line in GRADES.read_text("utf-8-sig").splitlines()[:9]]
    lines[-1][-2] = ("=A1", None)  # type: ignore[call-overload]
    with pytest.raises(RuleBroken, match="rad 9"):
        desk.read(workbooks.book(lines), "slutbetyg.xlsx", cast.stina)
