"""Rows of text out of a file that people made: Excel or CSV, in whatever encoding; everything hostile is refused with a sentence.

What a file is, is told by its first bytes, never by its name. Sizes are counted while unpacking, since a directory can lie.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import Any

from chain.base.errors import RuleBroken
from chain.base.locale import _

Rows = list[list[str]]

LARGEST = 25 * 1024 * 1024  # bytes uploaded
LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes of all parts of a workbook
MOST_PARTS = 500
MOST_ROWS = 150_000  # of a whole big city: 700 units × 9 year groups × 20 subjects is 126,000
MOST_COLUMNS = 52  # up to AZ
LONGEST_CELL = 1000

ZIP, GZIP, OLE, PDF = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF"
TOO_FAR = re.compile(rb'\br="(?:[A-Z]*(?:1[5-9][0-9]{4}|[2-9][0-9]{5}|[0-9]{7,})|(?:[B-Z][A-Z]|[A-Z]{3,})[0-9]*)"')
CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')


def text_of(name: str, data: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, UTF-16, else Windows' (cp1252)."""
    if not data.strip():
        raise RuleBroken(_("%(file)s är tom.", file=name))
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RuleBroken(_("%(file)s är ingen textfil som går att läsa. Spara den som CSV UTF-8 eller Excel (.xlsx).", file=name))


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    start = data[:1000]
    if start[1::2].count(0) > len(start) // 3:
        return ("utf-16-le",)
    if start[::2].count(0) > len(start) // 3:
        return ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def refuse_others(name: str, data: bytes) -> None:
    """Refuse what is neither text, a workbook nor a packed archive."""
    if data.startswith(OLE):
        raise RuleBroken(
            _(
                "%(file)s är skyddad med lösenord eller sparad i ett äldre Excelformat. Spara den som .xlsx utan lösenord.",
                file=name,
            )
        )
    if data.startswith((PDF, b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"MZ", b"\x7fELF")):
        raise RuleBroken(
            _("%(file)s är varken en tabell eller en textfil, vad den än heter. Spara den som .xlsx eller CSV.", file=name)
        )


def is_workbook(data: bytes) -> bool:
    return data.startswith(ZIP)


def rows_of_text(name: str, text: str) -> Rows:
    """The rows of a CSV file; the mark between cells is the one that its first lines have most of."""
    head = text[:5000]
    mark = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    rows: Rows = []
    try:
        rows = list(islice(reader, MOST_ROWS + 2))
    except csv.Error as error:
        raise RuleBroken(
            _(
                "%(file)s, rad %(row)s: raden går inte att dela i celler. Kontrollera citattecknen.",
                file=name,
                row=reader.line_num,
            )
        ) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return bounded(name, rows)


def bounded(name: str, rows: Rows) -> Rows:
    """The rows, if they are no more and no wider than a big city's."""
    if len(rows) > MOST_ROWS:
        raise RuleBroken(_("%(file)s har fler än %(most)s rader. Dela upp filen.", file=name, most=MOST_ROWS))
    widest = max(map(len, rows), default=0)
    if widest > MOST_COLUMNS:
        raise RuleBroken(_("%(file)s har fler än %(most)s kolumner. Ta bort dem som inte behövs.", file=name, most=MOST_COLUMNS))
    return rows


def workbook(name: str, data: bytes) -> tuple[Rows, list[tuple[int, int]]]:
    """The first sheet of a workbook as text, and the (row, column) of formulas without a value, counted from 1 and 0.

    Formulas are never evaluated: the value that Excel saved is read. Macros and links to other workbooks are refused.
    """
    sheet = _guarded(name, data)
    from python_calamine import CalamineError, load_workbook  # here: it is needed by no other page

    try:
        book = load_workbook(io.BytesIO(data))
        visible = [each.name for each in book.sheets_metadata if "Visible" in str(each.visible)]
        cells = book.get_sheet_by_name((visible or book.sheet_names)[0]).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise RuleBroken(_("%(file)s går inte att läsa som Excel: filen är skadad. Spara den på nytt.", file=name)) from error
    rows = [[text_of_cell(cell) for cell in row] for row in cells]
    while rows and not any(rows[-1]):
        rows.pop()
    return bounded(name, rows), list(_without_value(sheet))


def text_of_cell(cell: Any) -> str:
    """A cell as somebody would write it: 24 rather than 24.0, 17,5 with a comma; of a real number the fifteen digits that Excel
    itself goes by, so that what was typed comes back exactly."""
    if isinstance(cell, str):
        return cell[:LONGEST_CELL]
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return f"{Decimal(f'{cell:.15g}'):f}".replace(".", ",") if isfinite(cell) else ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def as_text(rows: Rows) -> str:
    """Rows as the CSV file that they may have been saved from."""
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)
    return file.getvalue()


def refuse_holes(name: str, holes: list[tuple[int, int]]) -> None:
    """Refuse a table in which a figure would silently be missing."""
    if holes:
        raise RuleBroken(
            _(
                "%(file)s, rad %(row)s: cellen är en formel utan sparat värde. Hämta tabellen på nytt och spara den som den är.",
                file=name,
                row=holes[0][0],
            )
        )


def _guarded(name: str, data: bytes) -> bytes:
    """The first sheet's XML, after every part was unpacked within bounds, nothing kept but this one."""
    broken = RuleBroken(_("%(file)s går inte att packa upp: filen är skadad. Spara den på nytt.", file=name))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            _refuse_parts(name, parts)
            sizes, first = 0, b""
            sheets = sorted((one.filename for one in parts if one.filename.startswith("xl/worksheets/sheet")), key=_number)
            for part in parts:
                size, content = _unpacked(data, part, LARGEST_UNPACKED - sizes, part.filename.startswith("xl/worksheets/"))
                sizes += size
                if sizes > LARGEST_UNPACKED:
                    raise RuleBroken(_("%(file)s blir för stor när den packas upp. Dela upp den.", file=name))
                if content and TOO_FAR.search(content):
                    raise RuleBroken(
                        _(
                            "%(file)s har celler utanför rad %(rows)s och kolumn AZ. Ta bort dem och försök igen.",
                            file=name,
                            rows=MOST_ROWS,
                        )
                    )
                first = content if sheets and part.filename == sheets[0] else first
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError) as error:
        raise broken from error
    return first


def _number(name: str) -> tuple[int, str]:
    return len(name), name


def _refuse_parts(name: str, parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise RuleBroken(_("%(file)s blir för stor när den packas upp. Dela upp den.", file=name))
    if "xl/workbook.xml" not in names:
        raise RuleBroken(
            _("%(file)s är ingen Excelfil (.xlsx), vad den än heter. Spara tabellen som .xlsx eller CSV.", file=name)
        )
    if any(one.lower().endswith(("vbaproject.bin", ".bin")) and "printersettings" not in one.lower() for one in names):
        raise RuleBroken(_("%(file)s innehåller makron. Spara den som Excelarbetsbok utan makron (.xlsx).", file=name))
    if any("externallinks/" in one.lower() for one in names):
        raise RuleBroken(
            _("%(file)s har länkar till andra arbetsböcker. Kopiera värdena till en ny arbetsbok och spara den.", file=name)
        )
    if any(part.flag_bits & 1 for part in parts):
        raise RuleBroken(_("%(file)s är skyddad med lösenord. Spara den utan lösenord.", file=name))


def _unpacked(data: bytes, part: zipfile.ZipInfo, most: int, keep: bool) -> tuple[int, bytes]:
    """The true unpacked size of a part (at most a little over `most`), and its content if it is to be kept."""
    header = part.header_offset
    start = (
        header
        + 30
        + int.from_bytes(data[header + 26 : header + 28], "little")
        + int.from_bytes(data[header + 28 : header + 30], "little")
    )
    packed = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return len(packed), bytes(packed) if keep else b""
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError("unknown compression")
    machine, size, pieces, rest = zlib.decompressobj(-15), 0, list[bytes](), bytes(packed)
    while size <= most:
        piece = machine.decompress(rest, 1 << 20)
        size += len(piece)
        if keep:
            pieces.append(piece)
        rest = machine.unconsumed_tail
        if machine.eof or not piece:
            break
    return size, b"".join(pieces)


def _without_value(sheet: bytes) -> Iterator[tuple[int, int]]:
    """Where a formula stands without the value that Excel would have saved."""
    if b"<f" not in sheet:
        return
    for cell in CELL.finditer(sheet):
        inner = cell[2] or b""
        place = PLACE.search(cell[1])
        if place and re.search(rb"<f[ />]", inner) and not re.search(rb"<v>[^<]|<is>", inner):
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            yield int(place[2]), column - 1
