"""Hostile files are refused with a sentence, and what a worker may use of memory is bounded and measured."""

import json
import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from chain.base import config
from chain.base.errors import RuleBroken
from chain.intake import sheets
from tests.intake import workbooks

BOMB = b"<c/>" * (52 * 1024 * 1024)  # 208 MB
MOST = 500  # MB for a whole worker while it reads; 100 of them before it begins
ROWS = [("Enhet", "Elever"), ("A", 1)]

READ = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
from app import create_app
from chain.base.errors import RuleBroken
from chain.intake import sheets

def rows(data):
    if sheets.is_workbook(data):
        return sheets.workbook("fil", data)[0]
    return sheets.rows_of_text("fil", sheets.text_of("fil", data))

app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
with app.test_request_context():
    for file in sys.argv[1:]:
        try:
            found, said = len(rows(Path(file).read_bytes())), ""
        except RuleBroken as no:
            found, said = 0, no.sentence
        most = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # its own, not its parent's
        print(json.dumps([found, said, int(most.split()[1]) // 1024]))
"""


def lying(data: bytes, name: bytes, size: int) -> bytes:
    """A directory that says a part is smaller than it is."""
    packed = bytearray(data)
    place = packed.rfind(name)  # in the directory, which stands last
    packed[place - 22 : place - 18] = size.to_bytes(4, "little")
    return bytes(packed)


def moved(last: str) -> bytes:
    """A workbook whose last cell stands far away."""
    row = re.sub("[A-Z]", "", last)
    return workbooks.book(xml=workbooks.sheet(ROWS).replace('<row r="2">', f'<row r="{row}">').replace('"B2"', f'"{last}"'))


def city() -> bytes:
    """A big city's figures."""
    rows = ((f"Skola {number % 700}", 25, 24, 12) for number in range(100_000))
    return workbooks.book((("Enhet", "Elever", "Bedömda", "Minst E"), *rows))


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str, int]]:
    """Rows read, the sentence of a refusal, and the most memory used so far (MB), in a process of its own with a limit."""
    bomb, folder = workbooks.book(ROWS, more={"xl/media/bomb.xml": BOMB}), tmp_path_factory.mktemp("hostile")
    made = {
        "bomb": bomb, "lying bomb": lying(bomb, b"xl/media/bomb.xml", 1000),
        "a million rows": b"Enhet;Elever\n" + b"A;1\n" * 1_000_000,
        "far right": moved("XFD2"), "far down": moved("B1048576"), "a city": city(),
    }  # fmt: skip
    assert all(len(content) < sheets.LARGEST for content in made.values())
    for name, content in made.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-c", READ, *(str(folder / name) for name in made)]
    answer = subprocess.run(command, capture_output=True, cwd=config.ROOT, env=os.environ, timeout=100, check=True)
    return dict(zip(made, map(json.loads, answer.stdout.splitlines()), strict=True))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bomb", "för stor när den packas upp"),
        ("lying bomb", "för stor när den packas upp"),
        ("a million rows", "fler än 150000 rader"),
        ("far right", "utanför rad"),
        ("far down", "utanför rad"),
        ("a city", ""),
    ],
)
def test_memory_is_bounded_whatever_the_file(measured: dict[str, tuple[int, str, int]], name: str, sentence: str) -> None:
    rows, said, used = measured[name]
    assert sentence in said and (rows == 100_001) == (not sentence)
    assert used < MOST, f"{used} MB"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbooks.book(ROWS, more={"xl/vbaProject.bin": b"x"}), "makron"),
        (workbooks.book(ROWS, more={"xl/externalLinks/externalLink1.xml": b"<x/>"}), "länkar till andra arbetsböcker"),
        (workbooks.book(ROWS)[:-400], "skadad"),
        (workbooks.book(xml="<worksheet><sheetData><row><c"), "skadad"),
        (workbooks.book(ROWS, more={f"xl/{n}.xml": b"" for n in range(600)}), "för stor"),
    ],
    ids=["macros", "links", "cut", "broken", "many parts"],
)
def test_a_workbook_that_cannot_be_trusted_is_refused_with_a_sentence(app: Flask, content: bytes, sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        sheets.workbook("fil.xlsx", content)


def test_a_packed_file_that_is_no_workbook_is_refused_whatever_its_name(app: Flask) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("word/document.xml", "<w/>")
    with pytest.raises(RuleBroken, match="ingen Excelfil"):
        sheets.workbook("siffror.xlsx", packed.getvalue())


def test_a_file_that_refers_to_other_files_is_not_followed(app: Flask, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("kanarie")
    xml = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>' + workbooks.sheet([("Enhet",), ("&e;",)]).replace(
        "&amp;e;", "&e;"
    )
    try:
        read, _holes = sheets.workbook("fil.xlsx", workbooks.book(xml=xml))
    except RuleBroken:
        return
    assert "kanarie" not in str(read)
