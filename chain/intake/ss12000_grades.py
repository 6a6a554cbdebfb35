"""Makes counts of the grades that a source has: how many of each, by unit, subject and year group. No pupil leaves this module.

A pupil's id is held in memory while the grades are read, so that a grade that was corrected counts once; then it is gone.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chain.base.locale import _
from chain.intake.rules import INFO, WARNING, Problem, _mark
from chain.intake.ss12000_reading import day, ref, text
from chain.organisation import shipped
from chain.result.rules import Figure

INDICATOR, FORM = "grades", "GR"  # the only distribution of grades that is asked for (data/indicators.toml)
YEAR_GROUPS = ("6", "7", "8", "9")
GRADES = {"A": "A", "B": "B", "C": "C", "D": "D", "E": "E", "F": "F", "-": "-", "–": "-", "—": "-", "STRECK": "-"}
TERM_GRADE, FINAL_GRADE = "term_grade", "final_grade"
SUBJECTS = {  # GRGRMAT01 → MA. Modern languages do not say whose choice they are, and need a designation (M1, M2)
    "BIL": "BL", "BIO": "BI", "DAN": "DA", "ENG": "EN", "FYS": "FY", "GEO": "GE", "HKK": "HKK", "HIS": "HI", "IDR": "IDH",
    "JUD": "JU", "KEM": "KE", "MAT": "MA", "MUS": "MU", "REL": "RE", "SAM": "SH", "SLJ": "SL", "SVE": "SV", "SVA": "SVA",
    "TSP": "TN", "TEK": "TK", "MOD": "ML",
}  # fmt: skip
STORED = '{"ss12000_grades": '  # how the counts begin, where they wait to be confirmed
BLOCKS = ("NO", "SO")
LANGUAGES = ("M1", "M2", "ML")  # with the language after: M2TYS

LEFT_OUT = {  # why a grade is not counted → how bad that is, and what it is called
    "other_term": (INFO, _mark("{count} betyg hör till en annan termin.")),
    "other_form": (INFO, _mark("{count} betyg hör till en annan skolform än grundskolan, och läses inte in.")),
    "other_year_group": (INFO, _mark("{count} betyg gäller en annan årskurs än 6–9, och läses inte in.")),
    "trial": (INFO, _mark("{count} betyg är från prövning, av någon som inte behöver vara enhetens elev.")),
    "unknown_unit": (INFO, _mark("{count} betyg hör till en enhet som inte är kopplad till registret här.")),
    "unknown_subject": (WARNING, _mark("{count} betyg är i ett ämne som inte går att känna igen.")),
    "unknown_grade": (WARNING, _mark("{count} betyg är varken A–F eller streck.")),
    "no_year_group": (WARNING, _mark("{count} betyg saknar årskurs: den står bara hos eleven, och elever hämtas aldrig.")),
    "no_pupil": (WARNING, _mark("{count} betyg saknar elev, så det går inte att se om något av dem är rättat.")),
}
NOTHING = _mark("Registret har inga betyg för den terminen som går att räkna.")
ELSEWHERE = _mark("{unit} står inte i uppföljningens träd. Enhetens betyg läses inte in.")


@dataclass(frozen=True)
class Term:
    """A term, HT or VT of a calendar year."""

    semester: str
    year: int

    @classmethod
    def last(cls, today: date) -> "Term":
        """The latest term whose grades have been set on a day: those of the autumn in December, of the spring in June."""
        if today.month == 12:
            return cls("HT", today.year)
        return cls("VT", today.year) if today.month > 5 else cls("HT", today.year - 1)

    @property
    def before(self) -> "Term":
        return Term("VT", self.year) if self.semester == "HT" else Term("HT", self.year - 1)

    @property
    def key(self) -> str:
        """As it stands in a form: HT2026."""
        return f"{self.semester}{self.year}"

    @property
    def days(self) -> tuple[date, date]:
        """When its grades are registered; those of the autumn in January too."""
        if self.semester == "HT":
            return date(self.year, 8, 1), date(self.year + 1, 1, 31)
        return date(self.year, 2, 1), date(self.year, 7, 31)


@dataclass(frozen=True)
class Syllabus:
    """What a grade is in; empty where the source does not say it so that it can be told."""

    form: str
    subject: str
    year_group: str


@dataclass
class Tally:
    """Figures by unit, and how many grades could not be counted, by the reason why."""

    figures: dict[int, list[Figure]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    rows: int = 0  # grades that were read


@dataclass(frozen=True)
class Counted:
    """The grades of a unit in a subject and a year group, as they wait to be confirmed. How many read it, nobody has said."""

    unit_id: int
    subject: str
    year_group: str
    basis: str
    n: int
    spread: Mapping[str, int]  # grade → how many


def syllabus(row: dict[str, Any]) -> Syllabus:
    """The school form, subject and year group of a syllabus; the year group only where it is one alone."""
    form = shipped.form_of().get(text(row, "schoolType").casefold(), "")
    first, last = text(row, "startSchoolYear"), text(row, "endSchoolYear")
    return Syllabus(form, _subject(row), first if first and first == last else "")


def _subject(row: dict[str, Any]) -> str:
    short, code = text(row, "subjectDesignation").upper(), text(row, "subjectCode").upper()
    if short[:2] in LANGUAGES:
        return short[:2]
    if short in SUBJECTS.values() or short in BLOCKS:
        return short
    official = code[4:7] if code[:2] == "GR" and len(code) == 9 and code[7:].isdigit() else ""
    return SUBJECTS.get(official, "")


def tally(
    rows: Iterable[dict[str, Any]], syllabuses: Mapping[str, Syllabus], units: Mapping[str, int], term: Term
) -> Tally:  # fmt: skip
    """Count the grades of a term. `units`: the source's organisation → the unit here.

    The latest registered counts, of a pupil's grades in the same subject. n is everyone with a grade or a dash. How many more
    read the subject the source does not say: the figures' N is n, and is dropped before they are proposed (`recalled`).
    """
    found = Tally()
    latest: dict[tuple[str, int, str, str, str], tuple[date, str]] = {}
    for row in rows:
        found.rows += 1
        counted = _counted(row, syllabuses, units, term)
        if isinstance(counted, str):
            found.left_out[counted] += 1
            continue
        key, registered, grade = counted
        if key not in latest or latest[key][0] <= registered:
            latest[key] = registered, grade
    counts: dict[tuple[int, str, str, str], Counter[str]] = {}
    for (_pupil, *place), (_registered, grade) in latest.items():
        counts.setdefault(tuple(place), Counter())[grade] += 1  # type: ignore[arg-type]
    for (unit, subject, year_group, basis), spread in sorted(counts.items()):
        n = spread.total()
        found.figures.setdefault(unit, []).extend(
            Figure(INDICATOR, FORM, subject, year_group, grade, basis, n, n, spread[grade])
            for grade in dict.fromkeys(GRADES.values())
        )  # fmt: skip
    return found


def _counted(
    row: dict[str, Any], syllabuses: Mapping[str, Syllabus], units: Mapping[str, int], term: Term
) -> str | tuple[tuple[str, int, str, str, str], date, str]:
    """(what it is a grade of, when it was registered, the grade), or why it is left out."""
    registered = day(row.get("registeredDate")) or date.min
    if _term(row, registered) != term:
        return "other_term"
    what = syllabuses.get(ref(row.get("syllabus")))
    if what is None or (what.form == FORM and not what.subject):
        return "unknown_subject"
    if what.form != FORM:
        return "other_form"
    if row.get("trial") is True:
        return "trial"  # of somebody who may not be the unit's pupil
    grade = GRADES.get(text(row, "gradeValue").upper())
    if grade is None:
        return "unknown_grade"
    final = row.get("finalGrade") is True
    year_group = text(row, "schoolYear") or what.year_group or ("9" if final else "")
    if year_group not in YEAR_GROUPS:
        return "no_year_group" if not year_group else "other_year_group"
    unit = units.get(ref(row.get("organisation")))
    if unit is None:
        return "unknown_unit"
    pupil = ref(row.get("student"))
    if not pupil:
        return "no_pupil"
    return (pupil, unit, what.subject, year_group, FINAL_GRADE if final else TERM_GRADE), registered, grade


def _term(row: dict[str, Any], registered: date) -> Term | None:
    """The term that a grade says, else that of the day when it was registered."""
    semester, year = text(row, "semester").upper(), text(row, "year")
    if semester in ("HT", "VT") and year.isdigit():
        return Term(semester, int(year))
    if registered == date.min:
        return None
    if registered.month == 1:
        return Term("HT", registered.year - 1)
    return Term("HT" if registered.month > 7 else "VT", registered.year)


# While they wait to be confirmed


def stored(found: Tally, term: Term) -> bytes:
    """The counts alone, to be kept while they are looked at."""
    spreads: dict[tuple[int, str, str, str, int], dict[str, int]] = {}
    for unit_id, figures in sorted(found.figures.items()):
        for one in figures:
            spreads.setdefault((unit_id, one.subject, one.year_group, one.basis, one.n), {})[one.category] = one.k
    facts = {
        "ss12000_grades": term.key, "rows": found.rows, "left_out": dict(found.left_out),
        "counts": [[*key, spread] for key, spread in spreads.items()],
    }  # fmt: skip
    return json.dumps(facts).encode()


def recalled(content: bytes) -> tuple[dict[str, Any], list[Counted]]:
    """What `stored` kept: the facts around, and the counts."""
    facts = json.loads(content)
    return facts, [Counted(*row) for row in facts["counts"]]


def problems_of(facts: Mapping[str, Any]) -> list[Problem]:
    """What was left out, a sentence a reason, in the order of LEFT_OUT."""
    left_out = facts["left_out"]
    return [
        Problem(severity, "", message, None, "", "", (("count", str(left_out[reason])),))
        for reason, (severity, message) in LEFT_OUT.items() if left_out.get(reason)
    ]  # fmt: skip


def words(term: str) -> str:
    """A term's key in words: höstterminen 2026."""
    name = _("höstterminen %(year)s", year=term[2:]) if term[:2] == "HT" else _("vårterminen %(year)s", year=term[2:])
    return str(name)
