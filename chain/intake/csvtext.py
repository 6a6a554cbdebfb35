"""Text and tables out of bytes: encoding, header, cells, and the signs that a file has been cut."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from chain.intake.rules import EXCLUDED, EXISTS, FATAL, MISSING, OMITTED, ROUNDED, Found, _mark

SHOWN = {"~100": ROUNDED, "..": OMITTED, ".": MISSING, "": MISSING, "*": EXCLUDED}
LEGEND = "rapportbeskrivning"  # the first words under Skolverket's last row
NUMBER = re.compile(r"(?:[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
PERIOD = re.compile(r"Valt läsår: *([0-9]{4}/[0-9]{2})")
YEAR = re.compile(r"[0-9]{4}/[0-9]{2}")
CODE = re.compile(r"[1-9][0-9]{7}")
BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

NOT_TEXT = _mark("{file} är inte en textfil. Hämta filen på nytt och spara den som CSV (UTF-8) eller JSON.")
NOT_UTF8 = _mark("{file} är inte sparad som UTF-8 (rad {row}). Spara den som CSV UTF-8 eller hämta den på nytt.")
CUT_LETTER = _mark("{file} slutar mitt i ett tecken (rad {row}): filen är avkortad. Hämta den på nytt.")
EMPTY = _mark("{file} är tom. Hämta filen på nytt.")
NO_COLUMN = _mark("{file}: kolumnen ”{column}” saknas i rubrikraden (rad {row}). Hämta filen på nytt, oförändrad.")
TWICE = _mark("{file}: kolumnen ”{column}” finns två gånger i rubrikraden (rad {row}). Hämta filen på nytt.")
NO_ROWS = _mark("{file} har inga rader under rubrikraden (rad {row}): den är avkortad. Hämta filen på nytt.")
NO_PERIOD = _mark("{file}: raden ”Valt läsår: …” saknas före rubrikraden. Hämta filen på nytt, oförändrad.")
CUT_ROW = _mark(
    "{file}, rad {row}: {count} celler i stället för {width}, från ”{value}”. "
    "Filen är avkortad eller raden bruten. Hämta filen på nytt."
)
BAD_QUOTES = _mark("{file}, rad {row}: ett citattecken saknar sin make. Filen är avkortad eller ändrad. Hämta om den.")
BAD_CODE = _mark("{file}, rad {row}, {column}: ”{value}” är inte en skolenhetskod med åtta siffror. Rätta den.")
BAD_VALUE = _mark(
    "{file}, rad {row}, {column}: ”{value}” är varken ett tal eller ett av tecknen . .. ~100 *. "
    "Rätta cellen eller hämta filen på nytt."
)
BAD_KIND = _mark("{file}, rad {row}, {column}: ”{value}” är ingen känd typ av huvudman. Rätta cellen.")
DOUBLE = _mark("{file}, rad {row}: enheten {value} finns redan på en tidigare rad. Ta bort den ena raden.")


def plain(cell: str) -> str:
    """Return a header cell in small letters with single spaces."""
    return " ".join(cell.split()).casefold()


def decoded(data: bytes, found: Found) -> str | None:
    """Return the text of a UTF-8 file without its BOM, or None after telling why it cannot be read."""
    data = data.removeprefix(BOM)
    if not data.strip():
        found.tell(FATAL, EMPTY)
        return None
    if b"\0" in data or data.startswith(UTF_16):
        found.tell(FATAL, NOT_TEXT)
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        at_end = error.reason == "unexpected end of data" and error.end >= len(data)
        found.tell(FATAL, CUT_LETTER if at_end else NOT_UTF8, row=row)
        return None


def published(cell: str, point: bool = False) -> tuple[Decimal | None, str] | None:
    """Return (number or None, value type) of a cell, or None where it is neither a number nor a known sign.

    A decimal comma and spaces between thousands are read; a decimal point only where `point` says that the file
    uses it. `cirka 270` is the number 270, already rounded by Skolverket.
    """
    text = cell.strip()
    if text in SHOWN:
        return None, SHOWN[text]
    text = text.removeprefix("cirka ").strip()
    if point and re.fullmatch(r"[0-9]+\.[0-9]+", text):
        text = text.replace(".", ",")
    if not NUMBER.fullmatch(text):
        return None
    return Decimal(re.sub(r"[ \u00a0\u202f]", "", text).replace(",", ".")), EXISTS


@dataclass(frozen=True)
class Table:
    """Rows under a header. `ended` is true where a legend follows: then no row can be missing at the end."""

    columns: dict[str, int]
    header_row: int
    width: int
    rows: tuple[tuple[int, list[str]], ...]
    period: str
    ended: bool
    newline: bool

    def cell(self, cells: list[str], column: str) -> str:
        """Return one cell by the name of its column."""
        return cells[self.columns[plain(column)]].strip()


def cells_of(text: str, delimiter: str, found: Found) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells); a quote that never ends is told as fatal and ends the rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error:
        found.tell(FATAL, BAD_QUOTES, row=reader.line_num)


def table(text: str, delimiter: str, first: str, found: Found) -> Table | None:
    """Return the table whose header begins with the cell `first`, whichever line that is; None if no line does."""
    lines = cells_of(text, delimiter, found)
    period, header, header_row = "", list[str](), 0
    for row, cells in lines:
        match = PERIOD.search(cells[0]) if cells else None
        period = match.group(1) if match else period
        if cells and plain(cells[0]) == first:
            header, header_row = [plain(cell) for cell in cells], row
            break
    if not header:
        return None
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        found.tell(FATAL, TWICE, row=header_row, column=name)
    rows, ended = _body(lines)
    columns = {name: place for place, name in enumerate(header) if name}
    return Table(columns, header_row, len(header), tuple(rows), period, ended, text.endswith(("\n", "\r")))


def _body(lines: Iterator[tuple[int, list[str]]]) -> tuple[list[tuple[int, list[str]]], bool]:
    """Return the rows that hold something, up to the legend, and whether the legend came."""
    rows = list[tuple[int, list[str]]]()
    for row, cells in lines:
        if cells and plain(cells[0]).startswith(LEGEND):
            return rows, True
        if any(cell.strip() for cell in cells):
            rows.append((row, cells))
    return rows, False


def lacks(found: Found, source: Table, needed: tuple[str, ...]) -> bool:
    """Tell each needed column that the header lacks, or that no row follows it; return whether so."""
    missing = [name for name in needed if plain(name) not in source.columns]
    for name in missing:
        found.tell(FATAL, NO_COLUMN, row=source.header_row, column=name)
    if not missing and not source.rows:
        found.tell(FATAL, NO_ROWS, row=source.header_row)
    return bool(missing) or not source.rows


def whole(found: Found, row: int, cells: list[str], width: int) -> bool:
    """Tell whether a row has as many cells as its header; surplus cells may be blank."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        found.tell(FATAL, CUT_ROW, row=row, value=cells[0], count=str(len(cells)), width=str(width))
        return False
    return True
