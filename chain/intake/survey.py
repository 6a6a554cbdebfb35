"""Skolenkäten per school: Skolinspektionen's indexes of safety and study environment, every second year a school."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from chain.intake import csvtext
from chain.intake.csvtext import Table
from chain.intake.relation import NO_NEWLINE
from chain.intake.rules import FATAL, SKOLINSPEKTIONEN, Found, PublishedValue, _mark
from chain.intake.skolverket import Spec, values_of

SPEC: Spec = {
    "trygghet": ("safety_index", "", ""),
    "studiero": ("study_environment_index", "", ""),
    "respondents": ("survey_respondents", "", ""),
    "response_rate": ("survey_response_rate", "", ""),
}
INDEXES = {"trygghet", "studiero"}  # either of them makes a table the survey
BAD_YEAR = _mark("{file}, rad {row}, {column}: ”{value}” är inget årtal. Rätta cellen.")


def read(found: Found, source: Table, municipality: str) -> None:
    """Read indexes 0–10, respondents and response rate (%) per unit; the file names no municipality.

    The period is the survey's year, as published. The table always ends with a newline: without one it was cut.
    """
    if csvtext.lacks(found, source, ("skolenhetskod", "year", *SPEC)):
        return
    seen = set[tuple[str, str]]()
    for row, cells in source.rows:
        if csvtext.whole(found, row, cells, source.width):
            found.values.extend(_row(found, source, row, cells, seen))
    found.rows = len(source.rows)
    if not source.newline:
        found.tell(FATAL, NO_NEWLINE, row=source.rows[-1][0], value=source.rows[-1][1][0])


def _row(found: Found, source: Table, row: int, cells: list[str], seen: set[tuple[str, str]]) -> Iterator[PublishedValue]:
    code, year = source.cell(cells, "skolenhetskod"), source.cell(cells, "year")
    if not csvtext.CODE.fullmatch(code):
        found.tell(FATAL, csvtext.BAD_CODE, row=row, column="skolenhetskod", value=code)
    elif not re.fullmatch(r"20[0-9]{2}", year):
        found.tell(FATAL, BAD_YEAR, row=row, column="year", value=year)
    elif (code, year) in seen:
        found.tell(FATAL, csvtext.DOUBLE, row=row, value=code)
    else:
        for value in values_of(found, source, row, cells, code, SPEC, SKOLINSPEKTIONEN, point=True):
            yield _percent(replace(value, period=year))
    seen.add((code, year))


def _percent(value: PublishedValue) -> PublishedValue:
    """Return a response rate in percent with one decimal: the file gives 0.79700000000000004."""
    if value.indicator_key != "survey_response_rate" or value.value is None:
        return value
    return replace(value, value=(value.value * 100).quantize(Decimal("0.1")))
