"""The list of preschools: no codes of their own, no year, and a municipality code without its leading zero."""

from chain.intake import csvtext
from chain.intake.csvtext import BAD_KIND, Table
from chain.intake.rules import FATAL, SKOLVERKET, UNDATED, Found, UnitFact, _mark
from chain.intake.skolverket import Spec, municipality_code, organiser_kind, values_of

COLUMNS = ("id", "skolverkets_id", "Organisationsnummer", "Namn", "Huvudman", "Kommunkod", "geo_point")
SPEC: Spec = {
    "Antal barn": ("preschool_children", "", ""),
    "Antal barngrupper": ("preschool_groups", "", ""),
    "Antal barn per grupp, snitt": ("children_per_group", "", ""),
    "Antal heltidstjänster": ("preschool_positions", "", ""),
    "Andel med förskollärarexamen": ("preschool_teacher_degree", "", ""),
    "Andel med förskollärarlegitimation": ("preschool_teacher_licence", "", ""),
    "Personaltäthet": ("children_per_position", "", ""),
}
LOCAL = "FS-"  # a local id: preschools are not in the register of school units
LIKELY = 12  # a gap as wide as this many ordinary ones does not happen by chance
POINT = 50  # characters of a whole geo_point, the last cell of a row

NO_ID = _mark("{file}, rad {row}, {column}: ”{value}” är inget id. Rätta cellen eller hämta filen på nytt.")
CUT_POINT = _mark("{file}, rad {row}: {column} slutar i förtid (”{value}”): filen är avkortad. Hämta filen på nytt.")
CUT_IDS = _mark(
    "{file} slutar vid id {value} (rad {row}), men raderna ligger i id-ordning fram till f: slutet saknas. Hämta filen på nytt."
)


def read(found: Found, source: Table, municipality: str) -> None:
    """Read children, groups, full-time equivalents and qualifications per preschool (Skolverket's register)."""
    if csvtext.lacks(found, source, COLUMNS + tuple(SPEC)):
        return
    found.period, seen = UNDATED, set[str]()
    for row, cells in source.rows:
        if not csvtext.whole(found, row, cells, source.width):
            continue
        local = source.cell(cells, "skolverkets_id")
        if not local.isdecimal():
            found.tell(FATAL, NO_ID, row=row, column="skolverkets_id", value=local)
        elif local in seen:
            found.tell(FATAL, csvtext.DOUBLE, row=row, value=local)
        elif municipality_code(source.cell(cells, "Kommunkod")) == municipality:
            _preschool(found, source, row, cells, LOCAL + local)
        seen.add(local)
    found.rows = len(source.rows)
    _ending(found, source)


def _preschool(found: Found, source: Table, row: int, cells: list[str], code: str) -> None:
    number, words = source.cell(cells, "Organisationsnummer"), source.cell(cells, "Huvudman")
    kind = organiser_kind(words, number)
    if kind is None:
        found.tell(FATAL, BAD_KIND, row=row, column="Huvudman", value=words)
    name = source.cell(cells, "Namn")
    found.units.append(UnitFact(0, code, name, kind or "", "", number, ("FS",), (), UNDATED))
    found.values.extend(values_of(found, source, row, cells, code, SPEC, SKOLVERKET, point=True))


def _ending(found: Found, source: Table) -> None:
    """Tell a list that stops early: the ids are random and in order, so a whole list comes close to ffff."""
    row, last = source.rows[-1]
    if not source.newline and len(last) >= source.width and len(source.cell(last, "geo_point")) not in (0, POINT):
        found.tell(FATAL, CUT_POINT, row=row, column="geo_point", value=last[-1])
    ids = [cells[source.columns["id"]] for _, cells in source.rows if len(cells) >= source.width]
    if len(ids) < LIKELY or ids != sorted(ids):
        return
    try:
        reached = int(ids[-1][:8], 16) / 0xFFFFFFFF
    except ValueError:
        return
    if (1 - reached) * len(ids) > LIKELY:
        found.tell(FATAL, CUT_IDS, row=row, value=ids[-1])
