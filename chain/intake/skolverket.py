"""Skolverket's tables per school unit: the unit list with pupils, and the final grades of year 9."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from chain.intake import csvtext
from chain.intake.csvtext import BAD_KIND, Table, plain
from chain.intake.rules import EXISTS, FATAL, MISSING, SKOLVERKET, WARNING, Found, PublishedValue, UnitFact, _mark

NATIONAL = 50  # municipalities: a table with more covers the whole country

Spec = dict[str, tuple[str, str, str]]  # column -> indicator, subject, year group

UNIT_COLUMNS = ("Skola", "Skol-enhetskod", "Kommun-kod", "Typ av huvudman", "Huvudman", "Huvudman orgnr")
YEARS: Spec = {f"Elever, årskurs {year}": ("pupils", "", str(year)) for year in range(1, 10)}
LIST_SPEC: Spec = {
    "Elever, årskurs 1-9": ("pupils", "", "1-9"),
    "Andel (%) flickor, årskurs 1-9": ("girls_share", "", "1-9"),
    "Andel (%) elever med utländsk bakgrund, åk 1-9": ("foreign_background_share", "", "1-9"),
    "Andel (%) elever med föräldrar med eftergymnasial utb., åk 1-9": ("parents_higher_education_share", "", "1-9"),
    **YEARS,
}
GRADES_SPEC: Spec = {
    "Antal elever": ("final_grade_pupils", "", "9"),
    "Andel (%) elever som uppfyllt betygskriterierna i alla ämnen": ("all_subjects_passed", "", "9"),
    "Andel (%) elever behöriga till yrkesprog.": ("eligible_vocational", "", "9"),
    "Genomsnittligt meritvärde (17 ämnen)": ("merit_rating", "", "9"),
}
LIST_MARKS = {plain(column) for column in LIST_SPEC}  # any of them makes a table the unit list
GRADES_MARKS = {plain(column) for column in GRADES_SPEC} - {"antal elever"}

NO_ENDING = _mark(
    "{file} slutar på rad {row} utan ”Rapportbeskrivning och definitioner”: slutet saknas, och skolor som saknas "
    "skulle felaktigt räknas som nedlagda. Hämta filen på nytt, oförändrad."
)
CUT_COUNTRY = _mark("{file} slutar vid {value} (rad {row}), men en rikstäckande fil slutar på Ö. Hämta den på nytt.")
OPEN_END = _mark("{file} slutar på rad {row} med ”{value}” och utan slutord: jämför sista raden med källan.")
BAD_SUM = _mark("{file}, rad {row}: årskurserna blir {count} elever men {column} är {value}. Jämför med källan.")

KINDS = {"kommunal": "KOMMUN", "enskild": "ENSKILD", "fristående": "ENSKILD", "region": "REGION", "statlig": "STAT"}
KINDS |= {
    "stat": "STAT",
    "internationella skolor": "INTERNAT",
    "sameskola": "SAME",
    "specialskola": "SPECIAL",
    "kommunalförbund": "KOMMFORB",
}


def organiser_kind(words: str, number: str) -> str | None:
    """Return the register's code (KOMMUN, ENSKILD …) or None; an association of municipalities is not one of them."""
    kind = KINDS.get(plain(words))
    return "KOMMFORB" if kind == "KOMMUN" and number.startswith("222") else kind


def municipality_code(cell: str) -> str:
    """Return four digits: spreadsheets lose the leading zero of 0182."""
    return cell.strip().zfill(4)


def values_of(
    found: Found, source: Table, row: int, cells: list[str], unit: str, spec: Spec, publisher: str, point: bool = False
) -> Iterator[PublishedValue]:
    """Yield one value a column of the spec; tell the cells that are neither a number nor a known sign."""
    for column, (key, subject, year) in spec.items():
        shown = source.cell(cells, column)
        read = csvtext.published(shown, point)
        if read is None:
            found.tell(FATAL, csvtext.BAD_VALUE, row=row, column=column, value=shown)
        else:
            yield PublishedValue(unit, key, subject, year, found.period, *read, shown, publisher, found.file)


def _units(found: Found, source: Table, municipality: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield (row, cells, code) of the municipality's rows, after checking the shape of every row in the country."""
    seen = set[str]()
    for row, cells in source.rows:
        if not csvtext.whole(found, row, cells, source.width):
            continue
        code = source.cell(cells, "Skol-enhetskod")
        if not csvtext.CODE.fullmatch(code):
            found.tell(FATAL, csvtext.BAD_CODE, row=row, column="Skol-enhetskod", value=code)
        elif code in seen:
            found.tell(FATAL, csvtext.DOUBLE, row=row, value=code)
        elif municipality_code(source.cell(cells, "Kommun-kod")) == municipality:
            yield row, cells, code
        seen.add(code)


def _fact(found: Found, source: Table, row: int, cells: list[str], rank: int, years: tuple[str, ...]) -> UnitFact:
    name, code, _, words, organiser, number = (source.cell(cells, column) for column in UNIT_COLUMNS)
    kind = organiser_kind(words, number)
    if kind is None:
        found.tell(FATAL, BAD_KIND, row=row, column="Typ av huvudman", value=words)
    return UnitFact(rank, code, name, kind or "", organiser, number, ("GR",), years, found.period)


def read_unit_list(found: Found, source: Table, municipality: str) -> None:
    """Read every compulsory-school unit and its pupils per year group (Skolverket, October of the school year)."""
    if csvtext.lacks(found, source, UNIT_COLUMNS + tuple(LIST_SPEC)) or not _dated(found, source):
        return
    if not source.ended:
        row, cells = source.rows[-1] if source.rows else (source.header_row, [""])
        found.tell(FATAL, NO_ENDING, row=row, value=cells[0])
    for row, cells, code in _units(found, source, municipality):
        values = _pupils(found, row, list(values_of(found, source, row, cells, code, LIST_SPEC, SKOLVERKET)))
        years = tuple(v.year_group for v in values if (v.indicator_key, v.value_type) == ("pupils", EXISTS))
        found.units.append(_fact(found, source, row, cells, 0, tuple(y for y in years if y != "1-9")))
        found.values.extend(values)
    found.rows = len(source.rows)


def _pupils(found: Found, row: int, values: list[PublishedValue]) -> list[PublishedValue]:
    """Return the values with the certain zeros marked: where the year groups add up to the total, `.` is none."""
    pupils = [v for v in values if v.indicator_key == "pupils"]
    total = next((v for v in pupils if v.year_group == "1-9"), None)
    if total is None or total.value is None or any(v.value_type not in (EXISTS, MISSING) for v in pupils):
        return values
    added = sum((v.value or Decimal(0) for v in pupils if v is not total), Decimal(0))
    if added != total.value:
        found.tell(WARNING, BAD_SUM, row=row, column="Elever, årskurs 1-9", value=total.shown, count=str(added))
        return values
    return [zero(v) if v in pupils else v for v in values]


def zero(value: PublishedValue) -> PublishedValue:
    """Return a missing value with the zero that its neighbours imply; any other value as it is."""
    return replace(value, implied=Decimal(0)) if value.value_type == MISSING else value


def read_final_grades(found: Found, source: Table, municipality: str) -> None:
    """Read final grades of year 9 per unit (Skolverket); the columns may stand in any order."""
    if csvtext.lacks(found, source, (*UNIT_COLUMNS, "Skolkommun", *GRADES_SPEC)) or not _dated(found, source):
        return
    last = 0
    for row, cells, code in _units(found, source, municipality):
        found.units.append(_fact(found, source, row, cells, 2, ("9",)))
        found.values.extend(values_of(found, source, row, cells, code, GRADES_SPEC, SKOLVERKET))
        last = row
    found.rows = len(source.rows)
    if not source.ended:
        _open_end(found, source, last)


def _open_end(found: Found, source: Table, last: int) -> None:
    """Judge a table that just stops: one export does so even when whole, but then with the letter Ö."""
    row, cells = source.rows[-1]
    if len(cells) < source.width:
        return  # already told as a cut row
    place = source.cell(cells, "Skolkommun")
    places = {source.cell(other, "Skolkommun") for _, other in source.rows if len(other) >= source.width}
    if len(places) > NATIONAL and not place.startswith("Ö"):
        found.tell(FATAL, CUT_COUNTRY, row=row, value=place)
    elif row == last or not place.startswith("Ö"):
        found.tell(WARNING, OPEN_END, row=row, value=cells[0])


def _dated(found: Found, source: Table) -> bool:
    found.period = source.period
    if not source.period:
        found.tell(FATAL, csvtext.NO_PERIOD)
    return bool(source.period)
