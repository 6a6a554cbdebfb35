"""Reads published statistics from a file or a folder: recognises each file by its content and brings all together."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from chain.intake import answers, csvtext, municipal, preschool, relation, skolverket, survey
from chain.intake.assembly import assembled
from chain.intake.csvtext import plain
from chain.intake.rules import FATAL, INFO, WARNING, Found, Problem, Reading, _mark
from chain.result.rules import COUNTRY

OWN_SUFFIXES = (".csv", ".json", ".gz", ".tgz", "")  # a file so named that cannot be read is fatal, any other ignored
TITLES = ("antal elever per årskurs", "slutbetyg årskurs 9")
ARCHIVE = b"\x1f\x8b"

NO_PATH = _mark("{file} finns inte. Kontrollera sökvägen.")
BAD_MUNICIPALITY = _mark("”{value}” är ingen kommunkod. Ange fyra siffror, till exempel 0182.")
NOTHING = _mark("I {file} finns ingen fil som inläsningen känner igen. Kontrollera sökvägen.")
NOT_RECOGNISED = _mark(
    "{file} känns inte igen och har inte lästs. Inläsningen tar emot Skolverkets svar per skola, skolenhetslistan, "
    "slutbetyg, relationen mellan prov och betyg, Skolenkäten och förskolelistan."
)
NO_HEADER = _mark("{file}: rubrikraden som börjar med ”Skola” saknas. Hämta filen på nytt, oförändrad.")

FIRST_CELLS = ("skola", "skolenhetskod", "id")  # of the headers that are read


def read(path: str | Path, municipality: str, beside: Iterable[str] = ()) -> Reading:
    """Return all published figures under `path` about one municipality (4 digits), and of tables per municipality those about
    the country and the municipalities `beside` it.

    Source: Skolverket and Skolinspektionen. Nothing is raised for a bad file and nothing is written: what is wrong
    stands in `problems`, and a reading with a fatal one carries no figures.
    """
    start, code = Path(path), municipality.strip()
    if not (len(code) == 4 and code.isascii() and code.isdigit()):
        return Reading(code, problems=(Problem(FATAL, start.name, BAD_MUNICIPALITY, value=municipality),))
    if not start.exists():
        return Reading(code, problems=(Problem(FATAL, str(path), NO_PATH),))
    found = [part for name, data in _files(start) for part in recognised(name, data, code, beside=beside)]
    if not any(part.kind or any(p.severity == FATAL for p in part.problems) for part in found):
        found.append(_told(start.name, FATAL, NOTHING))
    return assembled(code, found, places(beside))


def _files(start: Path) -> Iterator[tuple[str, bytes | None]]:
    """Yield (name relative to the start, content) in a fixed order; None where the file is too large to read."""
    paths = [start] if start.is_file() else [path for path in start.rglob("*") if path.is_file()]
    names = {path: path.name if path == start else path.relative_to(start).as_posix() for path in paths}
    for path in sorted(paths, key=names.__getitem__):
        if not any(part.startswith(".") for part in PurePosixPath(names[path]).parts):
            yield names[path], path.read_bytes() if path.stat().st_size <= answers.LARGEST_FILE else None


def _told(name: str, severity: str, message: str, value: str = "") -> Found:
    found = Found(name)
    found.tell(severity, message, value=value)
    return found


def places(beside: Iterable[str]) -> dict[str, str]:
    """Of what other places something is kept: the country, and those that are chosen."""
    return {code: code for code in (COUNTRY, *beside)}


def recognised(name: str, data: bytes | None, municipality: str, inside: bool = False, beside: Iterable[str] = ()) -> list[Found]:
    """Return what a file gives, and for an archive what each file in it gives.

    A file of no known kind comes back without a kind and with one warning.
    """
    found, ours = Found(name), PurePosixPath(name).suffix.casefold() in OWN_SUFFIXES
    if data is None:
        return [_told(name, FATAL if ours else WARNING, answers.TOO_LARGE, ">50 MB")]
    if data.startswith(ARCHIVE) and not inside:
        found.kind = "archive"
        parts = [recognised(f"{name}/{inner}", part, municipality, True, beside) for inner, part in answers.unpacked(data, found)]
        return [found, *(one for part in parts for one in part)]
    text = csvtext.decoded(data, found)
    if text is not None:
        _read_text(found, text, municipality, beside)
    if not found.kind and not (ours and found.problems):
        found.problems = []
        found.tell(WARNING if ours else INFO, NOT_RECOGNISED)
    return [found]


def _read_text(found: Found, text: str, municipality: str, beside: Iterable[str]) -> None:
    if text.lstrip().startswith(("{", "[")):
        body = answers.answer(text, found)
        if body is not None:
            answers.read(found, body, municipality)
        return
    lines = text.splitlines()[:60]
    delimiters = [";" if ";" in line else "," for line in lines]
    cells = [plain(line.split(mark)[0]) for line, mark in zip(lines, delimiters, strict=True)]
    header = next((number for number, cell in enumerate(cells) if cell in FIRST_CELLS), None)
    if header is not None:
        _read_table(found, text, cells[header], delimiters[header], municipality)
    elif relation.recognises(lines[0].split(";")):
        found.kind = "test_relation"
        relation.read(found, text, municipality)
    elif municipal.FIRST in cells:
        municipal.read(found, text, {municipality, *places(beside)})
    elif _titled(cells, *TITLES):
        found.tell(FATAL, NO_HEADER)


def knows(text: str) -> bool:
    """Whether a text is published statistics of some kind, as its first cells tell."""
    if text.lstrip("\ufeff \r\n").startswith(("{", "[")):
        return True
    lines = text.removeprefix("\ufeff").splitlines()[:60]
    cells = [plain(line.split(";" if ";" in line else ",")[0]) for line in lines]
    known = municipal.FIRST in cells and any("skolverket" in cell for cell in cells[:3])
    headed = any(cell in FIRST_CELLS and _marked(line) for cell, line in zip(cells, lines, strict=True))
    return known or headed or _titled(cells, *TITLES) or bool(lines and relation.recognises(lines[0].split(";")))


def _marked(line: str) -> bool:
    """Whether a header has columns that only published tables have."""
    names = {plain(cell) for cell in line.split(";" if ";" in line else ",")}
    return bool(names & (skolverket.LIST_MARKS | skolverket.GRADES_MARKS | survey.INDEXES | {"skolverkets_id"}))


def _titled(cells: list[str], *titles: str) -> bool:
    """Tell whether the lines over a header name one of Skolverket's reports."""
    return any(title in cell for cell in cells[:6] for title in titles)


def _read_table(found: Found, text: str, first: str, delimiter: str, municipality: str) -> None:
    """Read a table by the kind that its columns, or else its title, say that it is."""
    source = csvtext.table(text, delimiter, first, found)
    if source is None:
        return
    has = source.columns.keys()
    title = [plain(line) for line in text.splitlines()[: source.header_row]]
    if first == "id" and "skolverkets_id" in has:
        found.kind, reader = "preschools", preschool.read
    elif first == "skolenhetskod" and has & survey.INDEXES:
        found.kind, reader = "survey", survey.read
    elif first == "skola" and (has & skolverket.LIST_MARKS or _titled(title, TITLES[0])):
        found.kind, reader = "unit_list", skolverket.read_unit_list
    elif first == "skola" and (has & skolverket.GRADES_MARKS or _titled(title, TITLES[1])):
        found.kind, reader = "final_grades", skolverket.read_final_grades
    else:
        return
    reader(found, source, municipality)
