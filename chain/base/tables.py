"""A table that leaves as a file: Excel, CSV or JSON, each with what its figures mean. Nothing in it is ever a live formula."""

import csv as separated
import json as notation
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from chain.base.clock import STOCKHOLM
from chain.base.locale import _

Cell = str | int | Decimal | date | datetime | None

LIVE = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")  # what a spreadsheet takes for a formula, also in the wide letters of East Asia
MOST_IN_A_CELL = 32_000  # Excel holds 32,767 characters, and drops a longer text whole
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML has no way to say


@dataclass(frozen=True)
class Column:
    """`key` is its name for a program, `name` for a reader."""

    key: str
    name: str


@dataclass(frozen=True)
class Table:
    """What a page shows as a table. Its cells keep their kind: a number is a number, and what stands in its place is a text.

    `facts` say what it is of (unit, round, coverage, source), `meanings` define what is measured, `signs` explain what may stand
    in place of a figure.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    facts: tuple[tuple[str, str], ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    signs: tuple[tuple[str, str], ...] = ()

    def about(self) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
        """What stands beside the rows, under a heading each; nothing of what is empty."""
        parts = ((self.title, self.facts), (_("Vad siffrorna betyder"), self.meanings), (_("Tecken"), self.signs))
        return ((heading, pairs) for heading, pairs in parts if pairs)


def signs() -> dict[str, str]:
    """What stands in place of a figure, in words. The signs are those of Swedish statistics."""
    return {
        "..": _("för få elever för att visas, eller skydd av en sådan uppgift"),
        ".": _("uppgift saknas eller är inte aktuell"),
        "–": _("ingen har bedömts, så det finns ingen andel"),
        "-": _("ingen uppgift"),
        "~100": _("nästan alla: så få saknas att det exakta talet inte visas"),
        "~0": _("nästan ingen: så få har nått dit att det exakta talet inte visas"),
        "*": _("räknas inte: alla lärare är undantagna från krav på legitimation"),
    }


def explained(*wanted: str) -> tuple[tuple[str, str], ...]:
    """The signs that may stand in a table, in words; an empty cell is always told of."""
    return *((sign, words) for sign, words in signs().items() if sign in wanted), (_("tom cell"), _("inte aktuellt på raden"))


def file_name(*parts: str) -> str:
    """Words as a file's name that every system takes: siffror-alskolan-uppfoljning-1-november-2026-27."""
    plain = unicodedata.normalize("NFKD", "-".join(parts).casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-") or "styrkedjan"


# CSV, as Excel in Sweden reads it


def csv(table: Table, made: datetime) -> bytes:
    """UTF-8 with BOM, semicolons and decimal commas. The rows first; then, after an empty line, what they mean."""
    file = StringIO()
    written = separated.writer(file, delimiter=";", lineterminator="\r\n")
    written.writerow([inert(column.name) for column in table.columns])
    written.writerows([[plain(cell) for cell in row] for row in table.rows])
    for heading, pairs in table.about():
        written.writerow([])
        written.writerow([inert(heading)])
        written.writerows([[inert(name), inert(words)] for name, words in pairs])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def plain(cell: Cell) -> str:
    """A cell as it stands in a CSV file."""
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case int() | Decimal():
            return f"{Decimal(cell).normalize():f}".replace(".", ",")
    return inert(cell)


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what begins like one. A lone sign is none."""
    text = text.replace("\0", "")
    return f"'{text}" if LIVE.match(text) and text.strip() != "-" else text


# JSON


def json(table: Table, made: datetime) -> bytes:
    """The rows as objects, with the names that the columns have for a program."""
    keys = [column.key for column in table.columns]
    whole = {
        "title": table.title,
        "made_at": made.isoformat(timespec="seconds"),
        "facts": [{"name": name, "value": value} for name, value in table.facts],
        "definitions": [{"name": name, "definition": words} for name, words in table.meanings],
        "signs": dict(table.signs),
        "columns": [{"key": column.key, "name": column.name} for column in table.columns],
        "rows": [dict(zip(keys, map(bare, row), strict=True)) for row in table.rows],
    }
    return notation.dumps(whole, ensure_ascii=False, indent=1).encode()


def bare(cell: Cell) -> str | int | float | None:
    """A cell in JSON's own kinds."""
    if isinstance(cell, date):
        return cell.isoformat(timespec="seconds") if isinstance(cell, datetime) else cell.isoformat()
    return float(cell) if isinstance(cell, Decimal) else cell


# Excel


def xlsx(table: Table, made: datetime) -> bytes:
    """A sheet with the rows and a sheet with what they mean. Every text is written as a text, whatever it begins with."""
    from xlsxwriter import Workbook  # only here: it takes a while to import

    file = BytesIO()
    book = Workbook(file, {"in_memory": True})
    book.set_properties({"title": table.title, "created": made.astimezone(STOCKHOLM).replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    kinds = ((date, "yyyy-mm-dd"), (datetime, "yyyy-mm-dd hh:mm"))
    forms: dict[type, Any] = {kind: book.add_format({"num_format": form}) for kind, form in kinds}
    sheet = book.add_worksheet(_("Tabell"))
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, bold)
        sheet.set_column(place, place, _width(column.name, (row[place] for row in table.rows)))
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            _write(sheet, number, place, cell, forms)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    _about(book.add_worksheet(_("Om tabellen")), table, bold, wrapped)
    book.close()
    return file.getvalue()


def _write(sheet: Any, number: int, place: int, cell: Cell, forms: dict[type, Any]) -> None:
    match cell:
        case None:
            pass
        case datetime():
            sheet.write_datetime(number, place, cell.astimezone(STOCKHOLM).replace(tzinfo=None), forms[datetime])
        case date():
            sheet.write_datetime(number, place, cell, forms[date])
        case int() | Decimal():
            sheet.write_number(number, place, cell)
        case _:
            sheet.write_string(number, place, _kept(cell))


def _about(sheet: Any, table: Table, bold: Any, wrapped: Any) -> None:
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 110)
    line = 0
    for heading, pairs in table.about():
        sheet.write_string(line, 0, _kept(heading), bold)
        for place, (name, words) in enumerate(pairs, line + 1):
            sheet.write_string(place, 0, _kept(name), wrapped)
            sheet.write_string(place, 1, _kept(words), wrapped)
        line += len(pairs) + 2


def _kept(text: str) -> str:
    """As much of a text as a cell holds, without what XML cannot say."""
    text = FORBIDDEN.sub("", text)
    return text if len(text) <= MOST_IN_A_CELL else text[:MOST_IN_A_CELL] + " …"


def _width(name: str, cells: Iterator[Cell]) -> int:
    return min(48, max(9, len(name), *(len(plain(cell)) for cell in cells), 9) + 2)
