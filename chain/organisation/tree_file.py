"""Reads a tree of units from a text table: one row a unit, with sentences about what cannot be read. Keeps nothing."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field

from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.organisation import rules, shipped

COLUMNS = ("level", "name", "parent", "kind", "school_forms", "year_groups", "code")
SWEDISH = {
    "nivå": "level", "namn": "name", "överordnad": "parent", "slag": "kind",
    "skolformer": "school_forms", "årskurser": "year_groups", "kod": "code", "skolenhetskod": "code",
}  # fmt: skip
MOST_ROWS = 2000
LONGEST = {"name": 200, "parent": 400}


@dataclass(frozen=True)
class Row:
    """One unit as the file tells it. `parent` is a name, or a way of names from above: Norra området/Alskolan."""

    number: int
    level: str
    name: str
    parent: str
    kind: str = ""
    school_forms: tuple[str, ...] = ()
    year_groups: tuple[str, ...] = ()
    code: str = ""


@dataclass
class Reading:
    """What was read, and what could not be: {row number: sentence}; 0 is the file as a whole."""

    rows: list[Row] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)


def decode(content: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8 with or without a mark, else Windows'."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str) -> Reading:
    """The rows of a table whose columns are parted by semicolon, comma or tab, in any order."""
    lines = text.removeprefix("\ufeff").strip("\r\n")
    if not lines.strip():
        return Reading(problems={0: _("Filen är tom.")})
    head = lines.splitlines()[0]
    parted = csv.reader(io.StringIO(lines), delimiter=max(";,\t", key=head.count), strict=True)
    try:
        table = list(parted)
    except csv.Error:
        return Reading(problems={parted.line_num: _("Raden kan inte läsas: ett citattecken saknar sin andra hälft.")})
    columns = [_column(name) for name in table[0]]
    missing = [name for name in ("level", "name", "parent") if name not in columns]
    if missing or len(set(columns)) < len(columns):
        columns_named = _("nivå;namn;överordnad;slag;skolformer;årskurser;kod")
        told = _("Första raden ska namnge kolumnerna: %(columns)s. Spara filen som CSV (UTF-8).", columns=columns_named)
        return Reading(problems={1: told})
    if len(table) > MOST_ROWS + 1:
        return Reading(problems={0: _("Filen har fler än %(n)s rader. Dela upp den.", n=MOST_ROWS)})
    reading = Reading()
    for number, cells in enumerate(table[1:], start=2):
        if any(cell.strip() for cell in cells):
            _take(reading, number, columns, cells)
    _same_twice(reading)
    return reading


def _column(name: str) -> str:
    plain = name.strip().casefold().replace(" ", "_")
    return SWEDISH.get(plain, plain)


def _take(reading: Reading, number: int, columns: list[str], cells: list[str]) -> None:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        reading.problems[number] = _("Raden har fler celler än kolumner.")
        return
    said = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
    try:
        reading.rows.append(_row(number, said))
    except RuleBroken as no:
        reading.problems[number] = no.sentence


def _row(number: int, said: dict[str, str]) -> Row:
    for name, longest in LONGEST.items():
        if len(said[name]) > longest:
            raise RuleBroken(_("Texten är för lång: högst %(n)s tecken.", n=longest))
    if not said["name"]:
        raise RuleBroken(_("Enheten saknar namn."))
    if not said["parent"]:
        raise RuleBroken(_("%(name)s saknar överordnad enhet.", name=said["name"]))
    return Row(
        number, _level(said["level"]), said["name"], said["parent"], _kind(said["kind"]),
        tuple(_form(code) for code in words(said["school_forms"])), tuple(words(said["year_groups"])), _code(said["code"]),
    )  # fmt: skip


def _level(word: str) -> str:
    for level in list(shipped.levels().values())[1:]:
        if word.casefold() in (level.key, level.sv.casefold(), level.en.casefold()):
            return level.key
    known = ", ".join(level.sv.lower() for level in list(shipped.levels().values())[1:])
    raise RuleBroken(_("%(word)s är ingen nivå. Skriv en av: %(known)s.", word=f"”{word}”", known=known))


def _kind(word: str) -> str:
    for kind, name in rules.KIND_WORDS.items():
        if word.casefold() in (kind, str(name).casefold()):
            return kind
    known = ", ".join(str(name) for name in rules.KIND_WORDS.values())
    raise RuleBroken(_("%(word)s är inget slag av enhet. Skriv en av: %(known)s.", word=f"”{word}”", known=known))


def _form(word: str) -> str:
    code = shipped.form_of().get(word.casefold())
    if code is None:
        raise RuleBroken(_("%(word)s är ingen skolform. Skriv till exempel FS, FKLASS, FTH, GR eller GY.", word=f"”{word}”"))
    return code


def _code(code: str) -> str:
    if code:
        rules.check_code(code)
    return code


def words(text: str) -> list[str]:
    """Words parted by space, comma, plus or slash; 4-6 is 4, 5 and 6, and F-3 begins with the preschool class."""
    found: list[str] = []
    for word in re.split(r"[\s,+/|]+", text.strip()):
        spread = re.fullmatch(r"(F|\d{1,2})[-–](\d{1,2})", word, re.IGNORECASE)
        if spread is None:
            found += [word] if word else []
            continue
        first, last = spread.groups()
        found += ["F"] if first in "Ff" else []
        found += [str(year) for year in range(1 if first in "Ff" else int(first), int(last) + 1)]
    return list(dict.fromkeys(found))


def _same_twice(reading: Reading) -> None:
    stands = Counter((row.parent.casefold(), rules.slug(row.name)) for row in reading.rows)
    codes = Counter(row.code for row in reading.rows if row.code)
    for row in reading.rows:
        if stands[row.parent.casefold(), rules.slug(row.name)] > 1:
            reading.problems[row.number] = _("%(name)s står två gånger under %(parent)s.", name=row.name, parent=row.parent)
        elif codes[row.code] > 1:
            reading.problems[row.number] = _("Koden %(code)s står på flera rader.", code=row.code)
