"""What a reading of published figures is: its units, values and problems, and the catalogue of indicators."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

EXISTS = "EXISTS"
ROUNDED = "ROUNDED_OFF_DUE_TO_FEW_PUPILS_NOT_ELIGIBLE"
OMITTED = "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS"
MISSING = "MISSING"
EXCLUDED = "TEACHERS_EXCLUDED_DUE_TO_NO_REQUIRED_LEGITIMATION"
VALUE_TYPES = (EXISTS, ROUNDED, OMITTED, MISSING, EXCLUDED)

FATAL, WARNING, INFO = "fatal", "warning", "info"
OPEN, CLOSED, UNKNOWN = "open", "closed", "unknown"  # unknown: no unit list was read
SKOLVERKET, SKOLINSPEKTIONEN = "Skolverket", "Skolinspektionen"
UNDATED = "år ej angivet"  # the list of preschools states no year

# fmt: off
# key, Swedish name, English name, unit, direction (which way is better), source
PUBLISHED: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("merit_rating", "Genomsnittligt meritvärde (17 ämnen)",
     "Average merit rating (17 subjects)", "poäng", "higher", SKOLVERKET),
    ("all_subjects_passed", "Andel elever som uppfyllt betygskriterierna i alla ämnen",
     "Share of pupils who passed all subjects", "%", "higher", SKOLVERKET),
    ("eligible_vocational", "Andel behöriga till yrkesprogram",
     "Share eligible for vocational programmes", "%", "higher", SKOLVERKET),
    ("eligible_higher_arts", "Andel behöriga till estetiska programmet",
     "Share eligible for the arts programme", "%", "higher", SKOLVERKET),
    ("eligible_higher_social", "Andel behöriga till ekonomi-, humanistiska och samhällsvetenskapsprogrammen",
     "Share eligible for business, humanities and social science programmes", "%", "higher", SKOLVERKET),
    ("eligible_higher_science", "Andel behöriga till naturvetenskaps- och teknikprogrammen",
     "Share eligible for natural science and technology programmes", "%", "higher", SKOLVERKET),
    ("final_grade_pupils", "Elever som avslutat årskurs 9",
     "Pupils who completed year 9", "antal", "none", SKOLVERKET),
    ("national_test_points", "Nationella prov: genomsnittlig provbetygspoäng",
     "National tests: average grade points", "poäng", "higher", SKOLVERKET),
    ("national_test_relation_pupils", "Elever med både provbetyg och slutbetyg i ämnet",
     "Pupils with both a test grade and a final grade", "antal", "none", SKOLVERKET),
    ("national_test_grade_lower", "Andel med lägre slutbetyg än provbetyg",
     "Share with a final grade below the test grade", "%", "none", SKOLVERKET),
    ("national_test_grade_equal", "Andel med samma slutbetyg som provbetyg",
     "Share with a final grade equal to the test grade", "%", "none", SKOLVERKET),
    ("national_test_grade_higher", "Andel med högre slutbetyg än provbetyg",
     "Share with a final grade above the test grade", "%", "none", SKOLVERKET),
    ("qualified_teachers", "Andel lärare med legitimation och behörighet i minst ett ämne",
     "Share of teachers licensed and qualified in at least one subject", "%", "higher", SKOLVERKET),
    ("pupils_per_teacher", "Elever per lärare", "Pupils per teacher", "elever per lärare", "lower", SKOLVERKET),
    ("special_educators", "Andel lärare med specialpedagogisk högskoleexamen",
     "Share of teachers with a degree in special education", "%", "none", SKOLVERKET),
    ("special_teacher_positions", "Speciallärare och specialpedagoger, heltidstjänster",
     "Special needs teachers and educators, full-time equivalents", "heltidstjänster", "none", SKOLVERKET),
    ("pupils", "Elever", "Pupils", "antal", "none", SKOLVERKET),
    ("pupils_rounded", "Elever, avrundat till tiotal", "Pupils, rounded to tens", "antal", "none", SKOLVERKET),
    ("girls_share", "Andel flickor", "Share of girls", "%", "none", SKOLVERKET),
    ("foreign_background_share", "Andel elever med utländsk bakgrund",
     "Share of pupils with foreign background", "%", "none", SKOLVERKET),
    ("parents_higher_education_share", "Andel elever vars föräldrar har eftergymnasial utbildning",
     "Share of pupils whose parents have post-secondary education", "%", "none", SKOLVERKET),
    ("safety_index", "Skolenkäten: trygghet", "School survey: safety", "index 0–10", "higher", SKOLINSPEKTIONEN),
    ("study_environment_index", "Skolenkäten: studiero",
     "School survey: orderly study environment", "index 0–10", "higher", SKOLINSPEKTIONEN),
    ("survey_respondents", "Skolenkäten: svarande",
     "School survey: respondents", "antal", "none", SKOLINSPEKTIONEN),
    ("survey_response_rate", "Skolenkäten: svarsfrekvens",
     "School survey: response rate", "%", "none", SKOLINSPEKTIONEN),
    ("preschool_children", "Barn i förskolan", "Children in preschool", "antal", "none", SKOLVERKET),
    ("preschool_groups", "Barngrupper", "Preschool groups", "antal", "none", SKOLVERKET),
    ("children_per_group", "Barn per barngrupp", "Children per group", "barn per grupp", "lower", SKOLVERKET),
    ("preschool_positions", "Heltidstjänster i förskolan",
     "Preschool full-time equivalents", "heltidstjänster", "none", SKOLVERKET),
    ("preschool_teacher_degree", "Andel med förskollärarexamen",
     "Share with a preschool teaching degree", "%", "higher", SKOLVERKET),
    ("preschool_teacher_licence", "Andel med förskollärarlegitimation",
     "Share of licensed preschool teachers", "%", "higher", SKOLVERKET),
    ("children_per_position", "Barn per heltidstjänst",
     "Children per full-time equivalent", "barn per heltidstjänst", "lower", SKOLVERKET),
    ("graded_pupils", "Elever med betyg i årskurs 6",
     "Pupils with grades in year 6", "antal", "none", SKOLVERKET),
    ("subject_grades_mean", "Ämnesbetyg per elev",
     "Subject grades per pupil", "betyg", "none", SKOLVERKET),
    ("one_subject_failed", "Andel utan godkänt betyg i ett ämne",
     "Share without a pass in one subject", "%", "lower", SKOLVERKET),
    ("several_subjects_failed", "Andel utan godkänt betyg i flera eller alla ämnen",
     "Share without a pass in several or all subjects", "%", "lower", SKOLVERKET),
    ("subject_passed", "Slutbetyg, andel med godkänt betyg i ämnet",
     "Final grades, share with a pass in the subject", "%", "higher", SKOLVERKET),
    ("test_participation", "Nationella prov: andel som deltagit",
     "National tests: share who took part", "%", "none", SKOLVERKET),
    ("test_pupils", "Elever med provbetyg",
     "Pupils with a test grade", "antal", "none", SKOLVERKET),
    ("test_passed", "Nationella prov: andel med provbetyg A–E",
     "National tests: share with test grade A–E", "%", "higher", SKOLVERKET),
    ("teacher_positions", "Lärare, heltidstjänster",
     "Teachers, full-time equivalents", "heltidstjänster", "none", SKOLVERKET),
    ("qualified_positions", "Lärare med legitimation och behörighet, heltidstjänster",
     "Licensed and qualified teachers, full-time equivalents", "heltidstjänster", "none", SKOLVERKET),
    ("qualified_positions_share", "Andel av tjänstgöringen med legitimation och behörighet",
     "Share of service that is licensed and qualified", "%", "higher", SKOLVERKET),
    ("first_teacher_positions", "Förstelärare, heltidstjänster",
     "First teachers, full-time equivalents", "heltidstjänster", "none", SKOLVERKET),
    ("teachers", "Tjänstgörande lärare",
     "Teachers in service", "antal", "none", SKOLVERKET),
    ("qualified_teacher_count", "Lärare med legitimation och behörighet i minst ett ämne",
     "Teachers licensed and qualified in at least one subject", "antal", "none", SKOLVERKET),
    ("first_teachers", "Förstelärare",
     "First teachers", "antal", "none", SKOLVERKET),
)
# fmt: on


def _mark(sentence: str) -> str:
    """Mark a Swedish sentence for the translators; the interface translates it when it is shown."""
    return sentence


@dataclass(frozen=True)
class Problem:
    """One sentence about one place in one file: what is wrong and what to do.

    `severity` is fatal (nothing may be changed), warning or info. `message` is a Swedish template with the named
    parameters of `params`; translate the template, then format it. Row is counted from 1 in the file.
    """

    severity: str
    file: str
    message: str
    row: int | None = None
    column: str = ""
    value: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def params(self) -> dict[str, str]:
        """Return what the template names: file, row, column, value, and more of its own."""
        row = "" if self.row is None else str(self.row)
        return {"file": self.file, "row": row, "column": self.column, "value": self.value, **dict(self.more)}

    @property
    def sentence(self) -> str:
        """Return the sentence in Swedish."""
        return self.message.format(**self.params)


@dataclass(frozen=True)
class PublishedUnit:
    """A unit as published. `code` is the 8-digit skolenhetskod, for a preschool a local id such as FS-238459.

    School forms are codes of SS 12000 (GR, FKLASS, FS …), year groups "0" (förskoleklass) to "9". `status` is open,
    closed or unknown. A context unit is not run by the municipality: published figures only, never expected.
    """

    code: str
    name: str
    organiser: str
    organiser_number: str
    organiser_kind: str
    school_forms: tuple[str, ...]
    year_groups: tuple[str, ...]
    status: str
    context: bool


@dataclass(frozen=True)
class PublishedValue:
    """One figure as published; never added up.

    `value` is None whenever the cell is not a number (`.`, `..`, `~100`, `*`), and `value_type` then says why.
    `shown` is the text of the cell. `period` is as published: 2024/25, or 2026 for the survey. `implied` is a zero
    that follows with certainty from the cells beside it (`.;89,0;11,0`), kept apart from what was published.
    Of a municipality as a whole, `organiser` says whose schools (KOMMUN, ENSKILD …; empty: all) and `sex` F, M or all.
    """

    unit_code: str
    indicator_key: str
    subject: str
    year_group: str
    period: str
    value: Decimal | None
    value_type: str
    shown: str
    source: str
    source_file: str
    implied: Decimal | None = None
    organiser: str = ""
    sex: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, str, str, str]:
        """Return what can have one value only: unit, indicator, subject, year group, period, organisers, sex."""
        return self.unit_code, self.indicator_key, self.subject, self.year_group, self.period, self.organiser, self.sex

    def agrees(self, other: "PublishedValue") -> bool:
        """Tell whether two cells say the same: 288 and 288,0 do, `.` and `..` do not."""
        return (self.value, self.value_type) == (other.value, other.value_type)


@dataclass(frozen=True)
class FileRead:
    """What one file gave: its kind, rows of figures in the whole file, and values for the municipality."""

    file: str
    kind: str
    rows: int
    values: int


@dataclass(frozen=True)
class Reading:
    """All that lies under a path about one municipality, in a fixed order: the same content gives an equal Reading.

    A fatal reading carries no units and no values, so that nothing can be changed by it. `outside` counts values of
    units that are not the municipality's, `nameless` the codes among them that no file places in another municipality either,
    `undated` the empty answers that name no period.
    """

    municipality: str
    units: tuple[PublishedUnit, ...] = ()
    preschools: tuple[PublishedUnit, ...] = ()
    series: tuple[PublishedValue, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[FileRead, ...] = ()
    unrecognised: tuple[str, ...] = ()
    outside: int = 0
    nameless: tuple[str, ...] = ()
    undated: int = 0

    @property
    def fatal(self) -> bool:
        """Tell whether the reading must be refused."""
        return any(problem.severity == FATAL for problem in self.problems)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many values there are of each value type, all five types named."""
        found = Counter(value.value_type for value in self.series)
        return {kind: found[kind] for kind in VALUE_TYPES}

    @property
    def missing(self) -> dict[str, dict[str, int]]:
        """Return, for each indicator that lacks numbers, how many cells lack one and why, by value type."""
        without = Counter((v.indicator_key, v.value_type) for v in self.series if v.value is None)
        keys = [row[0] for row in PUBLISHED if any(key == row[0] for key, _ in without)]
        return {key: {kind: without[key, kind] for kind in VALUE_TYPES if without[key, kind]} for key in keys}


@dataclass(frozen=True)
class UnitFact:
    """What one file says of one unit; the lowest `rank` is believed first, then the newest period."""

    rank: int
    code: str
    name: str
    kind: str
    organiser: str = ""
    number: str = ""
    forms: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    period: str = ""


@dataclass
class Found:
    """What one file gives, filled by its reader."""

    file: str
    kind: str = ""
    rows: int = 0
    period: str = ""
    units: list[UnitFact] = field(default_factory=list)
    values: list[PublishedValue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)  # units that answered, also with nothing
    undated: int = 0

    def tell(self, severity: str, message: str, row: int | None = None, column: str = "", value: str = "", **more: str) -> None:
        """Add a problem about this file."""
        self.problems.append(Problem(severity, self.file, message, row, column, value[:80], tuple(more.items())))
