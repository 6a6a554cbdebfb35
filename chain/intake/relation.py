"""The table of how final grades of year 9 relate to the national tests: it has no header and names no year."""

import re
from decimal import Decimal
from pathlib import PurePosixPath

from chain.intake import csvtext
from chain.intake.csvtext import BAD_KIND
from chain.intake.rules import FATAL, SKOLVERKET, Found, PublishedValue, UnitFact, _mark
from chain.intake.skolverket import KINDS, municipality_code, organiser_kind, zero

SUBJECTS = ("SV", "MA", "EN", "SVA")  # the four blocks, in the order of the file
KEYS = (
    "national_test_relation_pupils",
    "national_test_grade_lower",
    "national_test_grade_equal",
    "national_test_grade_higher",
)
FIRST = 7  # cells before the first block: school, code, municipality, its code, kind, organiser, its number
SLACK = Decimal("0.15")  # three shares of one decimal may miss 100 by this much

NO_NEWLINE = _mark("{file}, rad {row} (”{value}”): raden saknar radslut och kan vara avkortad. Hämta filen på nytt.")
NO_YEAR = _mark("{file} anger inget läsår. Ge filen ett namn med läsåret, till exempel relation_2024_25.csv.")


def recognises(cells: list[str]) -> bool:
    """Recognise a first row: name; 8-digit code; municipality; its code; kind of organiser; … four blocks."""
    return len(cells) >= FIRST + 16 and bool(csvtext.CODE.fullmatch(cells[1].strip())) and _kind(cells) is not None


def _kind(cells: list[str]) -> str | None:
    return organiser_kind(cells[4], cells[6].strip()) if csvtext.plain(cells[4]) in KINDS else None


def read(found: Found, text: str, municipality: str) -> None:
    """Read n, % lower, % equal and % higher per unit and subject (Skolverket); the year is in the file's name."""
    match = re.search(r"(?<![0-9])(20[0-9]{2})_([0-9]{2})(?![0-9])", PurePosixPath(found.file).name)
    if match is None:
        found.tell(FATAL, NO_YEAR)
        return
    found.period = f"{match.group(1)}/{match.group(2)}"
    rows = [(row, cells) for row, cells in csvtext.cells_of(text, ";", found) if any(c.strip() for c in cells)]
    for row, cells in rows:
        _row(found, row, cells, len(rows[0][1]), municipality)
    found.rows = len(rows)
    if not text.endswith(("\n", "\r")):
        found.tell(FATAL, NO_NEWLINE, row=rows[-1][0], value=rows[-1][1][0])


def _row(found: Found, row: int, cells: list[str], width: int, municipality: str) -> None:
    if not csvtext.whole(found, row, cells, width):
        return
    code, kind = cells[1].strip(), _kind(cells)
    if not csvtext.CODE.fullmatch(code):
        found.tell(FATAL, csvtext.BAD_CODE, row=row, column="2", value=code)
    elif kind is None:
        found.tell(FATAL, BAD_KIND, row=row, column="5", value=cells[4])
    elif any(fact.code == code for fact in found.units):
        found.tell(FATAL, csvtext.DOUBLE, row=row, value=code)
    elif municipality_code(cells[3]) == municipality:
        organiser, number = cells[5].strip(), cells[6].strip()
        found.units.append(UnitFact(3, code, cells[0].strip(), kind, organiser, number, ("GR",), ("9",), found.period))
        for block, subject in enumerate(SUBJECTS):
            found.values.extend(_block(found, row, cells, FIRST + 4 * block, subject))


def _block(found: Found, row: int, cells: list[str], start: int, subject: str) -> list[PublishedValue]:
    """Return the four values of one subject; where two shares make 100 the third `.` is a certain zero."""
    values = []
    for place, key in enumerate(KEYS, start):
        shown = cells[place].strip()
        cell = csvtext.published(shown)
        if cell is None:
            found.tell(FATAL, csvtext.BAD_VALUE, row=row, column=str(place + 1), value=shown)
            return []
        values.append(PublishedValue(cells[1].strip(), key, subject, "9", found.period, *cell, shown, SKOLVERKET, found.file))
    pupils, shares = values[0].value, values[1:]
    if pupils is None or not _complete(pupils, shares):
        return values
    return [values[0], *map(zero, shares)]


def _complete(pupils: Decimal, shares: list[PublishedValue]) -> bool:
    """Tell whether the shares that are numbers leave no room for one more pupil."""
    gap = abs(100 - sum((share.value or Decimal(0) for share in shares), Decimal(0)))
    return gap <= SLACK and pupils > 0 and 100 / pupils > 2 * SLACK
