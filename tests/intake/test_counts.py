"""Every file of the samples is read, whichever municipality reads it, with counts that awk and SQLite make of it as well."""

import json
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from chain.base.db import db
from chain.intake import answers, comparing, reading
from chain.organisation import shipped
from tests.intake.desk import Desk, november
from tests.intake.samples import ARCHIVE, PRESCHOOLS, RELATION, SAMPLES, SURVEY, UNIT_LIST
from tests.makers import Cast

# A table with its header: rows down to the legend, and the cells that are figures in a municipality's own rows.
TABLE = r"""
BEGIN { split("Skola;Skol-enhetskod;Skolkommun;Kommun;Kommun-kod;Kommunkod;Län;Läns-kod;Länskod;Typ av huvudman;Huvudman;" \
              "Huvudman orgnr;Ämne;Kön;Socioekonomisk områdestyp;" \
              "Andel (%) elever som fått godkänt betyg i respektive ämne", about, ";"); for (i in about) words[about[i]] = 1 }
{ sub(/^\357\273\277/, ""); sub(/\r$/, "") }
header && tolower($1) ~ /^rapportbeskrivning/ { exit }
header && /[^; ]/ { rows++; if (sprintf("%04d", $at) == code) values += width }
!header && ($1 == "Skola" || $1 == "Kommun") {
    header = 1
    for (i = 1; i <= NF; i++) { if ($i ~ /^Kommun-?kod$/) at = i; if ($i != "" && !($i in words)) width++ }
}
END { print rows + 0, values + 0 }
"""
PUPILS = (
    "NR > 1 && NF { rows++; if (index($0, place)) values += 7 } END { print rows, values + 0 }"  # seven figures of a preschool
)
ANSWERED = "NR > 1 && NF { rows++; values += 4 } END { print rows, values }"  # the survey names no municipality
RELATED = 'NF { rows++; if (sprintf("%04d", $4) == code) values += 16 } END { print rows, values + 0 }'
# A point of an answer says a value or a period; one that says neither is no figure.
POINTS = """
SELECT count(*) FROM json_tree(:text) AS point JOIN json_each(:names) AS measure
    ON point.path LIKE '%.' || measure.value OR point.fullkey LIKE '%.' || measure.value
    WHERE point.type = 'object'
    AND (json_extract(point.value, '$.timePeriod') IS NOT NULL OR json_extract(point.value, '$.value') IS NOT NULL)
"""


def awk(program: str, file: Path, **given: str) -> tuple[int, ...]:
    told = [part for name, value in given.items() for part in ("-v", f"{name}={value}")]
    separator = "," if file.name.startswith("forskolor") else ";"
    done = subprocess.run(["awk", "-F", separator, *told, program, str(file)], capture_output=True, text=True, check=True)
    return tuple(map(int, done.stdout.split()))


def points(text: str) -> int:
    with sqlite3.connect(":memory:") as database:
        found: int = database.execute(POINTS, {"text": text, "names": json.dumps(list(answers.MEASURES))}).fetchone()[0]
    return found


def counted(file: Path, code: str, name: str) -> tuple[int, int]:
    """(rows, values of the municipality) of a file, by other tools than ours."""
    if file == ARCHIVE:
        with tarfile.open(file) as packed:
            texts = [packed.extractfile(one).read().decode() for one in packed if one.isfile()]  # type: ignore[union-attr]
        return len(texts), sum(map(points, texts))
    if file.suffix == ".json":
        text = file.read_text("utf-8")
        if "typeOfSchooling" in text:
            return int(f'"geographicalAreaCode":"{code}"' in text.replace(" ", "")), 0
        return 1, points(text)
    program = {PRESCHOOLS: PUPILS, SURVEY: ANSWERED, RELATION: RELATED}.get(file, TABLE)
    rows, values = awk(program, file, code=code, place=f",{name},{int(code)},")
    return rows, values


def files() -> Iterator[Path]:
    return (file for file in sorted(SAMPLES.rglob("*")) if file.is_file() and file.name != "README.md")


def municipalities() -> list[str]:
    """Every municipality that the samples have schools of: none is named here."""
    lines = UNIT_LIST.read_text("utf-8-sig").splitlines()
    header = next(number for number, line in enumerate(lines) if line.startswith("Skola;"))
    at = lines[header].split(";").index("Kommun-kod")
    return sorted({cells[at].zfill(4) for line in lines[header + 1 :] if len(cells := line.split(";")) > at and cells[at]})


@pytest.fixture
def desk(app: Flask, cast: Cast) -> Desk:
    return november(cast)


def test_each_file_gives_a_receipt_with_the_counts_of_other_tools(desk: Desk) -> None:
    codes, seen = municipalities(), set[str]()
    assert len(codes) > 3
    for code in codes:
        name = shipped.municipalities()[code]
        desk.cast.unit["sjovik"].name = name
        db.session.commit()
        for file in files():
            said = reading.read(file.name, file.read_bytes(), desk.cast.stina, desk.cast.unit["sjovik"], None, {})
            receipt = comparing.receipt(said, comparing.difference(said, desk.cast.unit["sjovik"], None, desk.cast.stina))
            assert said.published is not None, file.name
            rows, values = sum(one.rows for one in said.published.files), sum(one.values for one in said.published.files)
            assert (rows, values) == counted(file, code, name), (code, file.name)
            assert receipt["counts"]["rows"] == rows and len(receipt["files"]) == min(len(said.published.files), 50)
            assert receipt["counts"]["new"] == receipt["counts"]["good"] == len(said.published.series)
            seen |= {one.kind for one in said.published.files}
    assert seen == {
        "statistics", "register", "unit_list", "final_grades", "test_relation", "survey", "preschools", "municipal",
    }  # fmt: skip
