"""Files that student systems export to SCB, a row a pupil: counted per unit and subject in memory, and forgotten.

Nothing of a pupil leaves this module: no row, no identity, no cell, neither in a count of fewer fields than unit × subject nor in
a problem's sentence. Source of the layouts: SCB, datafilsbeskrivningar for 2026.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chain.intake.csvtext import CODE
from chain.intake.rules import FATAL, INFO, WARNING, Problem, _mark
from chain.result.eligibility import higher_education, vocational

# fmt: off
LEAD = ("System", "Datum", "Version", "PersonNr", "Skolenhetskod")
LAYOUTS: dict[str, tuple[str, ...]] = {
    "grades_6": (*LEAD, "Klass", "Fornamn", "Efternamn", "Bl", "En", "Hkk", "Idh", "Ma", "M1 (språk)",
                 "M1 (betyg)", "M2 (språk)", "M2 (betyg)", "Modm_anm", "Modmalbe", "Mu", "No", "Bi", "Fy",
                 "Ke", "So", "Ge", "Hi", "Re", "Sh", "Sl", "Sv", "Sva", "Tn", "Tk", "Ovr"),
    "grades_9": (*LEAD, "Klass", "Fornamn", "Efternamn", "Bl", "En", "Hkk", "Idh", "Ma", "M1 (språk)",
                 "M1 (betyg)", "M2 (språk)", "M2 (betyg)", "ML (språk)", "ML (betyg)", "Mu", "Bi", "Fy", "Ke",
                 "Ge", "Hi", "Re", "Sh", "Sl", "Sv", "Sva", "Tn", "Tk", "OVR"),
    "tests_3": (*LEAD, "MA_GRUPP", *(f"MA_{part}_PR" for part in ["A", "B", "C", "D", "E", "F", "G", "G1", "G2"]),
                *(f"MA_{part}_POANG" for part in ["B", "C", "D", "E", "F", "G", "G1", "G2"]), "SV_GRUPP", "SV_KURSPLAN",
                *(f"SV_{part}_PR" for part in "ABCDEFGH"), "SV_B_POANG", "SV_C_POANG"),
    "tests_6": (*LEAD, "MA_GRUPP", *(f"MA_{part}_DELT" for part in "ABCDE"), "MA_PROVB", "SV_GRUPP", "SV_KURSPLAN",
                *(f"SV_{part}_DELT" for part in "ABC"), *(f"SV_{part}_PRP" for part in "ABC"), "SV_PROVB", "EN_GRUPP",
                *(f"EN_{part}_DELT" for part in "ABC"), *(f"EN_{part}_PRP" for part in "ABC"), "EN_PROVB"),
    "tests_9": (*LEAD, "MA_GRUPP", *(f"MA_{part}_DELT" for part in "ABCD"), "MA_PROVB", "SV_GRUPP", "SV_KURSPLAN",
                *(f"SV_{part}_PRP" for part in "ABC"), "SV_PROVB", "EN_GRUPP", *(f"EN_{part}_PRP" for part in "ABC"), "EN_PROVB",
                "NO_PROV", "NO_A_DELT", "NO_B_DELT", "NO_GRUPP", "NO_PROVB", "SO_PROV", "SO_A_DELT", "SO_B_DELT", "SO_GRUPP",
                "SO_PROVB"),
}
SUBJECTS = {
    "Bl": "BL", "En": "EN", "Hkk": "HKK", "Idh": "IDH", "Ma": "MA", "M1 (betyg)": "M1", "M2 (betyg)": "M2", "Modmalbe": "ML",
    "ML (betyg)": "ML", "Mu": "MU", "No": "NO", "Bi": "BI", "Fy": "FY", "Ke": "KE", "So": "SO", "Ge": "GE", "Hi": "HI",
    "Re": "RE", "Sh": "SH", "Sl": "SL", "Sv": "SV", "Sva": "SVA", "Tn": "TN", "Tk": "TK",
}
# fmt: on
YEARS = {"grades_6": "6", "grades_9": "9", "tests_3": "3", "tests_6": "6", "tests_9": "9"}
BASES = {"grades_6": "term_grade", "grades_9": "final_grade"}
GRADES, PASSED = frozenset("ABCDEF"), frozenset("ABCDE")
DASH = "9"  # streck: the basis for an assessment is missing
UNGRADED = "Y"  # a school without such grades: the pupil reads the subject but is not assessed
NOT_READ = frozenset({"", "2", "3", "Z"})  # no such subject for this pupil
WITHOUT = frozenset({"", "77", "88", "99"})  # another test, lost, not taken; empty: told to Skolverket's own portal
SWEDISH = {"1": "SV", "2": "SVA"}
PUPIL = re.compile(r"[0-9]{6,8}[-+]?[0-9A-Za-z]{4}")
STORED = '{"scb": '
AT_A_TIME = 5000  # rows between two words of how far it has come

BAD_WIDTH = _mark("{count} fält i stället för {width}. Raden räknas inte; kontrollera exporten ur elevsystemet.")
BAD_CODE = _mark("Fältet har en kod som inte finns i SCB:s beskrivning. Ämnet räknas inte för den raden.")
BAD_UNIT = _mark("Ingen skolenhetskod med åtta siffror. Raden räknas inte.")
NO_UNIT = _mark(
    "{count} elevrader, den första på rad {row}, hör till en skolenhet som inte finns här i den här omgången och räknas inte."
)
IN_PORTAL = _mark(
    "{column}: {count} elever har sitt provresultat i Skolverkets portal. De räknas som elever, men inte som bedömda."
)
NOT_ASKED = _mark("{what} frågas det inte efter hos {unit} i den här omgången, och läses inte in.")
NOTHING = _mark("Ingen elevrad i filen gick att räkna.")

Key = tuple[str, str, str]  # unit's code, indicator, subject


@dataclass
class Tally:
    """Sums of pupils who read a subject: all, those assessed, and those per grade (or, under "", those who reached)."""

    enrolled: int = 0
    n: int = 0
    k: Counter[str] = field(default_factory=Counter)


@dataclass
class Counted:
    """What a file comes to. `first`: the first row of each unit, to tell of one that is not known."""

    layout: str
    rows: int = 0
    tallies: dict[Key, Tally] = field(default_factory=dict)
    pupils: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def tally(self, *key: str) -> Tally:
        return self.tallies.setdefault(key, Tally())  # type: ignore[arg-type]

    def tell(self, severity: str, message: str, row: int | None = None, column: str = "", **more: str) -> None:
        self.problems.append(Problem(severity, "", message, row, column, "", tuple(more.items())))


def layout_of(text: str) -> str:
    """Which of the layouts a text follows, as its first rows tell; none: it is something else."""
    rows = [line.rstrip("\r").split(";") for line in text[:200_000].split("\n")[:50] if line.strip()]
    for cells in rows:
        cells = cells[:-1] if cells[-1] == "" and len(cells) - 1 in map(len, LAYOUTS.values()) and len(cells) != 33 else cells
        if len(cells) < 9 or not PUPIL.fullmatch(cells[3].strip()) or not CODE.fullmatch(cells[4].strip()):
            continue
        fitting = [name for name, columns in LAYOUTS.items() if len(columns) == len(cells)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            return "tests_3" if {cell.strip() for cell in cells[6:9]} <= {"0", "1", *WITHOUT} else "grades_6"  # names stand there
    return ""


def count(text: str, layout: str) -> Counted:
    """Count the pupils of a file per unit and subject."""
    return list(counting(text, layout))[-1]


def counting(text: str, layout: str) -> Iterator[Counted]:
    """The same `Counted` again and again while it grows; pupils' rows are read one at a time and none is kept."""
    made, columns = Counted(layout), LAYOUTS[layout]
    at = {name: place for place, name in enumerate(columns)}
    take = {"tests_3": _year_3, "tests_6": _test, "tests_9": _test}.get(layout, _grades)
    for row, line in enumerate(_lines(text), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split(";")]
        if len(cells) == len(columns) + 1 and not cells[-1]:
            cells.pop()
        made.rows += 1
        if not made.rows % AT_A_TIME:
            yield made
        if len(cells) != len(columns):
            made.tell(WARNING, BAD_WIDTH, row, count=str(len(cells)), width=str(len(columns)))
            continue
        code = cells[4]
        if not CODE.fullmatch(code):
            made.tell(WARNING, BAD_UNIT, row, "Skolenhetskod")
            continue
        made.pupils[code] += 1
        made.first.setdefault(code, row)
        take(made, row, code, cells, at)
    if not made.tallies:
        made.tell(FATAL, NOTHING)
    yield made


def _lines(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end].rstrip("\r")
        start = end + 1


def _grades(made: Counted, row: int, code: str, cells: list[str], at: dict[str, int]) -> None:
    read: dict[str, str] = {}
    for column, subject in SUBJECTS.items():
        if column not in at:
            continue
        said = cells[at[column]].upper()
        if said in NOT_READ:
            continue
        read[subject] = said
        if said not in GRADES and said not in (DASH, UNGRADED):
            made.tell(WARNING, BAD_CODE, row, column)
            continue
        tally = made.tally(code, "grades", subject)
        tally.enrolled += 1
        if said != UNGRADED:
            tally.n += 1
            tally.k["-" if said == DASH else said] += 1

    _whole(made, code, read)


def _whole(made: Counted, code: str, read: Mapping[str, str]) -> None:
    """What all the grades of a pupil make together. Only those with a grade in at least one subject are assessed; a pupil with a
    code that is none of SCB's has not been read whole, and is not among them."""
    graded = bool(GRADES & set(read.values())) and set(read.values()) <= GRADES | {DASH}
    passed = {subject for subject, said in read.items() if said in PASSED}
    reached = {"all_subjects": len(passed) == len(read)}
    if made.layout == "grades_9":
        reached |= {"vocational": vocational(passed), "higher_education": higher_education(passed)}
    for indicator, yes in reached.items():
        tally = made.tally(code, indicator, "")
        tally.enrolled += 1
        if graded:
            tally.n += 1
            tally.k[""] += yes


def _test(made: Counted, row: int, code: str, cells: list[str], at: dict[str, int]) -> None:
    swedish = SWEDISH.get(cells[at["SV_KURSPLAN"]], "")
    for subject, column in (("MA", "MA_PROVB"), (swedish, "SV_PROVB"), ("EN", "EN_PROVB")):
        if subject:
            _graded(made, row, (code, "national_test", subject), cells[at[column]], column)
    for column in ("NO_PROV", "SO_PROV"):
        if column in at and cells[at[column]]:
            _graded(made, row, (code, "national_test_no_so", cells[at[column]].upper()), cells[at[column + "B"]], column + "B")


def _graded(made: Counted, row: int, key: Key, said: str, column: str) -> None:
    if said not in WITHOUT | GRADES or key[2] not in SUBJECTS.values():
        made.tell(WARNING, BAD_CODE, row, column)
        return
    tally = made.tally(*key)
    tally.enrolled += 1
    if said in GRADES:
        tally.n += 1
        tally.k[""] += said in PASSED
    elif not said:
        made.pupils[f"portal {column}"] += 1


def _year_3(made: Counted, row: int, code: str, cells: list[str], at: dict[str, int]) -> None:
    """A pupil counts as having taken the test when every part that is filled in was taken."""
    for subject, prefix in (("MA", "MA"), (SWEDISH.get(cells[at["SV_KURSPLAN"]], ""), "SV")):
        parts = [cells[place] for name, place in at.items() if name.startswith(f"{prefix}_") and name.endswith("_PR")]
        parts = [part for part in parts if part]
        if not subject or not parts:
            continue
        if not set(parts) <= {"0", "1", "77", "88", "99"}:
            made.tell(WARNING, BAD_CODE, row, f"{prefix}_A_PR–")
            continue
        tally = made.tally(code, "national_test_3", subject)
        tally.enrolled += 1
        if set(parts) <= {"0", "1"}:
            tally.n += 1
            tally.k[""] += "0" not in parts


def stored(made: Counted) -> bytes:
    """The sums alone, to be kept while they are looked at: the file itself is not."""
    portal = {name[7:]: n for name, n in made.pupils.items() if name.startswith("portal ")}
    for column, n in portal.items():
        made.tell(INFO, IN_PORTAL, None, column, count=str(n))
    facts = {
        "scb": made.layout,
        "rows": made.rows,
        "tallies": [[*key, one.enrolled, one.n, dict(one.k)] for key, one in sorted(made.tallies.items())],
        "pupils": {code: [n, made.first[code]] for code, n in made.pupils.items() if code in made.first},
        "problems": [[one.severity, one.message, one.row, one.column, list(map(list, one.more))] for one in made.problems[:2000]],
    }
    return json.dumps(facts).encode()


def recalled(content: bytes) -> dict[str, Any]:
    """What `stored` kept; ValueError when it is something else."""
    facts = json.loads(content)
    if not isinstance(facts, dict) or facts.get("scb") not in LAYOUTS:
        raise ValueError("no sums")
    return facts


def problems_of(facts: dict[str, Any]) -> list[Problem]:
    """The problems as they were told."""
    return [
        Problem(severity, "", message, row, column, "", tuple((name, value) for name, value in more))
        for severity, message, row, column, more in facts["problems"]
    ]
