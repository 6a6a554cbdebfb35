"""Skolverket's tables per municipality and organisers: pupils, grades, tests, eligibility, staff. Found by their first cell."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from chain.intake import csvtext
from chain.intake.csvtext import plain
from chain.intake.rules import FATAL, SKOLVERKET, WARNING, Found, PublishedValue, _mark
from chain.intake.skolverket import LIST_SPEC, municipality_code, organiser_kind
from chain.result.rules import COUNTRY

FIRST = "kommun"
ALL = ("samtliga", "totalt")
SEXES = {"flickor": "F", "pojkar": "M", "samtliga": "", "totalt": ""}
PASSED = "Andel (%) elever som fått godkänt betyg i respektive ämne"

Measure = tuple[str, str]  # indicator, year group

# fmt: off
PLAIN: dict[str, Measure] = {  # column -> indicator and year group, in tables with one header line or one sex a group
    "Antal elever": ("graded_pupils", "6"),
    "Antal ämnesbetyg (genomsnitt)": ("subject_grades_mean", "6"),
    "Andel (%) elever som fått godkänt betyg i alla ämnen": ("all_subjects_passed", "6"),
    "Andel (%) elever som ej fått godkänt betyg i ett ämne": ("one_subject_failed", "6"),
    "Andel (%) elever som ej fått godkänt betyg i fler, alternativt alla ämnen": ("several_subjects_failed", "6"),
    **{name: (key, year) for name, (key, _subject, year) in LIST_SPEC.items()},
}
ELIGIBLE: dict[str, Measure] = {
    "Antal elever": ("final_grade_pupils", "9"),
    "Andel (%) elever behöriga till yrkesprog.": ("eligible_vocational", "9"),
    "Andel elever (%) behöriga till estetiskt program": ("eligible_higher_arts", "9"),
    "Andel elever (%) behöriga till Ekonomi-, humanistiska och samhällsvetenskaps- program": ("eligible_higher_social", "9"),
    "Andel elever (%) behöriga till Naturvetenskapligt och tekniskt program": ("eligible_higher_science", "9"),
}
TESTS: dict[str, Measure] = {  # the upper of two header lines; the lower one is the sex
    "Andel (%) elever som deltagit": ("test_participation", "9"),
    "Antal elever med provbetyg A-F": ("test_pupils", "9"),
    "Andel (%) med provbetyg A-E": ("test_passed", "9"),
    "Genomsnittlig betygspoäng": ("national_test_points", "9"),
}
STAFF: dict[tuple[str, str], Measure] = {  # upper and lower header line
    ("#Heltidstjänster", "Totalt antal"): ("teacher_positions", ""),
    ("#Heltidstjänster", "Antal med lärarlegitimation och behörighet"): ("qualified_positions", ""),
    ("#Heltidstjänster", "Andel med lärarlegitimation och behörighet"): ("qualified_positions_share", ""),
    ("#Heltidstjänster", "Förstelärare"): ("first_teacher_positions", ""),
    ("#Tjänstgörande lärare", "Totalt antal"): ("teachers", ""),
    ("#Tjänstgörande lärare", "Antal med lärarlegitimation och behörighet i minst ett ämne"): ("qualified_teacher_count", ""),
    ("#Tjänstgörande lärare", "Andel med lärarlegitimation och behörighet i minst ett ämne"): ("qualified_teachers", ""),
    ("#Tjänstgörande lärare", "Förstelärare"): ("first_teachers", ""),
}
SUBJECTS = {
    "bild": "BL", "biologi": "BI", "engelska": "EN", "fysik": "FY", "geografi": "GE", "hem och konsumentkunskap": "HKK",
    "hem- och konsumentkunskap": "HKK", "historia": "HI", "idrott och hälsa": "IDH", "kemi": "KE", "matematik": "MA",
    "moderna språk, elevens val": "M1", "moderna språk, skolans val": "M1-SKOLA", "moderna språk, språkval": "M2",
    "modersmål": "ML", "musik": "MU", "religionskunskap": "RE", "samhällskunskap": "SH", "slöjd": "SL", "svenska": "SV", 
    "svenska som andraspråk": "SVA", "teckenspråk": "TN", "teknik": "TK",
}
# fmt: on

UNKNOWN = _mark("{file}: tabellen per kommun känns inte igen på sina rubriker och har inte lästs. Anmäl det till förvaltaren.")
NEW_COLUMN = _mark("{file}: kolumnen ”{column}” är okänd och har inte lästs. Anmäl det till förvaltaren.")
NEW_SUBJECT = _mark("{file}, rad {row}: ämnet ”{value}” är okänt och har inte lästs. Anmäl det till förvaltaren.")
BAD_PLACE = _mark("{file}, rad {row}, {column}: ”{value}” är ingen kommunkod. Rätta cellen eller hämta filen på nytt.")
NO_ENDING = _mark(
    "{file} slutar på rad {row} utan ”Rapportbeskrivning och definitioner”: filen kan vara avkortad. Hämta den på nytt."
)


@dataclass(frozen=True)
class Place:
    """What a column holds: the indicator, its year group, and where the header says so, sex or period."""

    indicator: str
    year_group: str
    sex: str = ""
    period: str = ""


def read(found: Found, text: str, wanted: Collection[str]) -> None:
    """Read a table per municipality: values as published, one for each kind of organiser, never added up. `wanted`: of these."""
    found.kind = "municipal"
    lines = csvtext.cells_of(text, ";", found)
    period, upper, header, start = "", list[str](), list[str](), 0
    for row, cells in lines:
        match = csvtext.PERIOD.search(cells[0]) if cells else None
        period = match.group(1) if match else period
        if cells and plain(cells[0]) == FIRST:
            header, start = cells, row
            break
        upper = cells if any(cells[1:]) else []
    found.period = period
    if not period:
        found.tell(FATAL, csvtext.NO_PERIOD)
        return
    places = _places(found, header, [*upper, *[""] * len(header)], period)
    if not places:
        found.tell(FATAL, UNKNOWN, row=start)
        return
    _rows(found, lines, header, places, wanted)


def _places(found: Found, header: list[str], upper: list[str], period: str) -> dict[int, Place]:
    """What each column holds; a column that is not known is told, and not read."""
    eligible = any(name in ELIGIBLE for name in header if name != "Antal elever")
    made: dict[int, Place] = {}
    for place, name in list(enumerate(header))[5:]:
        above, word = upper[place].strip(), plain(name)
        if above in TESTS and word in SEXES:
            made[place] = Place(*TESTS[above], SEXES[word])
        elif (above, name.strip()) in STAFF:
            made[place] = Place(*STAFF[above, name.strip()])
        elif plain(above) in SEXES and above and name in PLAIN:
            made[place] = Place(*PLAIN[name], SEXES[plain(above)])
        elif eligible and name in ELIGIBLE:
            made[place] = Place(*ELIGIBLE[name])
        elif not above and name in PLAIN:
            made[place] = Place(*PLAIN[name])
        elif csvtext.YEAR.fullmatch(word):
            made[place] = Place("subject_passed", "9", period=word)
        elif word and word not in ("ämne", "kön", plain(PASSED)):
            found.tell(WARNING, NEW_COLUMN, column=f"{above} {name}".strip())
    return made


def _rows(
    found: Found, lines: Iterator[tuple[int, list[str]]], header: list[str], places: dict[int, Place], wanted: Collection[str]
) -> None:
    names = [plain(cell) for cell in header]
    subject_at = next((at for at, name in enumerate(names) if name in ("ämne", plain(PASSED))), None)
    sex_at = names.index("kön") if "kön" in names else None
    row = 0
    for row, cells in lines:
        if cells and plain(cells[0]).startswith(csvtext.LEGEND):
            return
        if not any(cell.strip() for cell in cells) or not csvtext.whole(found, row, cells, len(header)):
            continue
        found.rows += 1
        code = COUNTRY if plain(cells[0]) == "riket" else municipality_code(cells[1])
        if not (len(code) == 4 and code.isdigit()):
            found.tell(FATAL, BAD_PLACE, row=row, column=header[1], value=cells[1])
        elif code in wanted:
            subject = _subject(found, row, cells[subject_at]) if subject_at is not None else ""
            sex = SEXES.get(plain(cells[sex_at]), "?") if sex_at is not None else ""
            if subject is not None:
                found.values.extend(_values(found, row, cells, header, places, code, subject, sex))
    found.tell(WARNING, NO_ENDING, row=row)


def _subject(found: Found, row: int, cell: str) -> str | None:
    if plain(cell) not in SUBJECTS:
        found.tell(WARNING, NEW_SUBJECT, row=row, value=cell)
        return None
    return SUBJECTS[plain(cell)]


def _values(
    found: Found, row: int, cells: list[str], header: list[str], places: dict[int, Place], code: str, subject: str, sex: str
) -> Iterator[PublishedValue]:
    kind = "" if plain(cells[4]) in ALL else organiser_kind(cells[4], "")
    if kind is None:
        found.tell(FATAL, csvtext.BAD_KIND, row=row, column=header[4], value=cells[4])
        return
    for at, place in places.items():
        said = csvtext.published(cells[at])
        if said is None:
            found.tell(FATAL, csvtext.BAD_VALUE, row=row, column=header[at], value=cells[at])
            continue
        yield PublishedValue(
            code, place.indicator, subject, place.year_group, place.period or found.period, *said, cells[at].strip(), SKOLVERKET,
            found.file, None, kind, place.sex or sex,
        )  # fmt: skip
