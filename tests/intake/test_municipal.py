"""Skolverket's tables per municipality come out to the decimal as they were printed, whichever municipality it is."""

import re
from collections import Counter
from pathlib import Path

import pytest

from chain.intake import published
from chain.intake.rules import EXISTS, PUBLISHED, Reading
from tests.intake.samples import MUNICIPAL, changed, refused

FILES = sorted(MUNICIPAL.iterdir())


@pytest.fixture(scope="module")
def nacka() -> Reading:
    return published.read(MUNICIPAL, "0182")


def cells(file: Path, code: str) -> list[str]:
    """The cells with figures of a municipality's rows, cut with a plain split: another way than the reader's."""
    lines = [line.rstrip(";").split(";") for line in file.read_text("utf-8-sig").splitlines()]
    header = next(line for line in lines if line[0] == "Kommun")
    first = 6 if header[5] in ("Kön", "Ämne") or header[5].startswith("Andel (%) elever som fått godkänt betyg i resp") else 5
    width = len(header)
    return [(cell + [""] * width)[place] for cell in lines if cell[1:2] == [code] for place in range(first, width)]


@pytest.mark.parametrize("code", ["0182", "0885", "1440", "2518"])
def test_every_cell_of_every_file_is_a_value_as_printed(code: str) -> None:
    reading = published.read(MUNICIPAL, code)
    assert not reading.fatal and {file.kind for file in reading.files} == {"municipal"} and len(reading.files) == 24
    for file in reading.files:
        counted = Counter(cell.strip() for cell in cells(MUNICIPAL / file.file, code))
        assert file.values == counted.total(), file.file
    kept = Counter(value.shown for value in reading.series)
    printed = sum((Counter(cell.strip() for cell in cells(file, code)) for file in FILES), Counter[str]())
    assert all(kept[shown] <= n for shown, n in printed.items()) and kept.keys() == printed.keys()
    assert len({value.key for value in reading.series}) == len(reading.series)
    assert all((value.value is None) == (value.value_type != EXISTS) for value in reading.series)


def test_known_cells_stand_where_they_belong(nacka: Reading) -> None:
    def one(*key: str) -> str:
        [value] = [value for value in nacka.series if value.key == ("0182", *key)]
        return value.shown

    row = next(line for line in FILES if "2024 Kommun" in line.name and line.name.startswith("Grundskola - Antal"))
    mine = re.search(r"^Nacka;0182;.*;Kommunal;(.*);$", row.read_text("utf-8-sig"), re.MULTILINE)
    assert mine
    shares = mine[1].split(";")
    assert one("girls_share", "", "1-9", "2024/25", "KOMMUN", "") == shares[0]
    assert one("pupils", "", "1-9", "2024/25", "KOMMUN", "") == shares[-1]
    assert one("all_subjects_passed", "", "6", "2024/25", "", "F") and one("all_subjects_passed", "", "6", "2024/25", "", "M")
    assert one("subject_passed", "SVA", "9", "2019/20", "", "") and one("test_passed", "MA", "9", "2023/24", "ENSKILD", "F")
    assert one("first_teachers", "", "", "2024/25", "", "") and one("eligible_vocational", "", "9", "2024/25", "", "M")


def test_every_indicator_of_the_tables_stands_in_the_catalogue(nacka: Reading) -> None:
    assert {value.indicator_key for value in nacka.series} <= {row[0] for row in PUBLISHED}
    assert not [problem for problem in nacka.problems if problem.severity != "info"]


def test_a_cut_row_and_a_cell_that_is_no_figure_refuse_the_file(tmp_path: Path) -> None:
    file = next(one for one in FILES if "Personal" in one.name)
    text = file.read_text("utf-8-sig")
    row = next(line for line in text.splitlines() if line.startswith("Nacka;0182"))
    cut = changed(tmp_path, file, lambda data: data.replace(row.encode(), row[:60].encode()), "cut.csv")
    assert "celler i stället för" in refused(cut)[0].sentence
    bad = changed(
        tmp_path, file, lambda data: data.replace(row.encode(), row.replace(row.split(";")[5], "tolv", 1).encode()), "bad.csv"
    )
    assert "tolv" in refused(bad)[0].sentence
