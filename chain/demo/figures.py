"""The demonstration's figures: a seeded model with a story. The same unit gives the same figures whatever the day."""

from collections.abc import Iterator
from random import Random
from typing import Any

from chain.demo import around, texts
from chain.result.rules import Row, Table

THIS_YEAR = 5  # the slot in which the pupils have moved up a year
DRIFT = {1: 0, 2: -1, 3: 0, 4: 1, 5: 0}  # per cent, through the year
SPREAD = {"A": 8, "B": 14, "C": 28, "D": 22, "E": 28}  # how those who pass divide, in per cent
EARLY, LATE = ("4", "5", "6"), ("7", "8", "9")
BLOCKS, PARTS = ("NO", "SO"), ("BI", "FY", "KE", "GE", "HI", "RE", "SH")
TAUGHT_LATER = {"HKK": ("6", "8", "9"), "M2": ("6", "7", "8", "9"), "TK": ("6", *LATE), "SL": ("5", "6", *LATE)}
NOT_HERE = ("ML", "M1")
UPPER = {"gy25-1": ("SV", "SVA", "EN", "MA", "HI", "SH", "IDH", "GYNK"), "gy25-2": ("SV", "SVA", "EN", "MA", "HI")}
TESTED = {
    "vikskolan": ("FY", "SH"),
    "lindangsskolan": ("KE", "HI"),
    "hamnskolan": ("BI", "GE"),
}  # one science, one social science

Counts = list[int]


def cells(table: Table, place: str, slot: int) -> dict[str, str]:
    """What a unit types in a table, by the names of its cells. A row that is not read there is left empty."""
    filled: dict[str, str] = {}
    for row in table.rows:
        typed = around.row(table, row.subject, place, slot) if table.indicator in around.TOLD else _typed(table, row, place, slot)
        if typed:
            filled |= {cell: str(count) for cell, count in zip(row.cells, typed, strict=True)}
    return filled


def _typed(table: Table, row: Row, place: str, slot: int) -> Counts | None:
    counts = _row(table, row, place, slot)
    if counts is None or table.kind == "share":
        return counts
    return [counts[0], *_spread([column.key for column in table.columns[1:]], counts)]


def reason(place: str, slot: int, label: str) -> str:
    """Why a figure is as it is; `label` such as `Matematik åk 6`."""
    known: dict[str, Any] = texts.opened("figures")["reason"]
    for key in (f"{place} {slot} {label}", f"{place} {label}"):
        if key in known:
            return str(known[key])
    raise LookupError(f"figures.toml gives no reason for: {place} {slot} {label}")


def _row(table: Table, row: Row, place: str, slot: int) -> Counts | None:
    """[enrolled, assessed, reached] of a row; for ratings the number of teams at each step follows the first."""
    match table.indicator:
        case "at_least_e" | "grades":
            return _subject(table, row.subject, place, slot)
        case "national_test" | "national_test_3":
            return _test(table, row.subject, place, slot)
        case "national_test_no_so":
            return _test(table, row.subject, place, slot) if row.subject in TESTED.get(place, ()) else None
        case "swimming":
            return _exactly(place, f"{slot} swimming {table.year_group}") or _reached(
                place, "swimming", table.year_group, slot, 95
            )
        case "staff_degree":
            return list(_of(place, table.school_form, "staff")[0 if slot < THIS_YEAR else 1])
        case "guardian_survey":
            return list(_of(place, table.school_form, "survey"))
        case "self_rating":
            return _rating(table, row.subject, place, slot)
        case _:
            return _adult(table, row.subject)


def _exactly(place: str, key: str) -> Counts | None:
    found = texts.opened("figures")["exactly"].get(place, {}).get(key)
    return list(found) if found else None


def _of(place: str, form: str, what: str) -> Any:
    told = texts.opened("figures")[what]
    return told.get(f"{place}-{form}") or told[place]


def _read_here(table: Table, subject: str) -> bool:
    group = table.year_group
    if table.school_form == "GY":
        return subject in UPPER.get(group, ())
    if subject in NOT_HERE or (subject in BLOCKS and group in LATE) or (subject in PARTS and group in EARLY):
        return False
    return group in TAUGHT_LATER.get(subject, (group,)) and (subject, group) != ("EN", "1")


def _subject(table: Table, subject: str, place: str, slot: int) -> Counts | None:
    if not _read_here(table, subject):
        return None
    if told := _exactly(place, f"{slot} {subject} {table.year_group}"):
        return told
    usual = texts.opened("figures")["usual"].get(subject, 93) + texts.opened("figures")["level"].get(place, 0)
    return _reached(place, subject, table.year_group, slot, usual, ends=table.school_form == "GY" and slot in (2, 4))


def _reached(place: str, subject: str, group: str, slot: int, usual: int, *, ends: bool = False) -> Counts:
    """`ends`: only those who have ended the course are graded."""
    cohort = Random(f"{place} {subject} {group} {slot == THIS_YEAR}")
    enrolled = _pupils(place, subject, group, slot)
    rate = min(100, usual + cohort.randint(-4, 4) + DRIFT[slot])
    assessed = enrolled - cohort.choice((0, 0, 0, 1)) * (enrolled > 20) - (enrolled // 9 if ends else 0)
    return [enrolled, assessed, min(assessed, round(assessed * rate / 100))]


def _pupils(place: str, subject: str, group: str, slot: int) -> int:
    told = texts.opened("figures")
    everybody = told["pupils"][place][group]
    if slot == THIS_YEAR:
        everybody += Random(f"{place} {group}").randint(-2, 2)
    second = told["second_language"].get(place, 0)
    if exact := _exactly(place, f"{slot} SVA {group}"):
        second = exact[0]
    return {"SVA": second, "SV": everybody - second}.get(subject, everybody)  # type: ignore[no-any-return]


def _test(table: Table, subject: str, place: str, slot: int) -> Counts | None:
    """A test is taken by nearly all, and reached by somewhat fewer than the grade."""
    if told := _exactly(place, f"{slot} {subject} {table.year_group} {table.indicator}"):
        return told
    grades = _exactly(place, f"{slot} {subject} {table.year_group}") or _reached(
        place, subject, table.year_group, slot, texts.opened("figures")["usual"].get(subject, 93)
    )
    absent = Random(f"absent {place} {subject}").randint(0, 2) if grades[0] > 20 else 0
    taken = grades[0] - absent
    return [grades[0], taken, max(0, min(taken, grades[2] - Random(f"test {place} {subject}").randint(0, 3)))]


def _rating(table: Table, subject: str, place: str, slot: int) -> Counts:
    """[teams, teams]: the steps are drawn in `_spread`, a little higher at the end of the year."""
    teams = {"FKLASS": 1, "FTH": 3}.get(table.school_form) or len(texts.opened("tree")["groups"][place])
    drawn = Random(f"{place} {table.school_form} {subject}")
    return [teams, *(min(4, drawn.choice((2, 2, 3, 3, 3)) + (slot == 4) * drawn.randint(0, 1)) for _team in range(teams))]


def _spread(columns: list[str], counts: Counts) -> Iterator[int]:
    """Counts per step: of teams by the step that each gave, or of grades by how many reached at least E."""
    if columns[0] == "1":
        yield from (counts[1:].count(int(step)) for step in columns)
        return
    _enrolled, assessed, reached = counts
    shares = {grade: reached * part // 100 for grade, part in SPREAD.items()}
    shares["E"] += reached - sum(shares.values())
    dash = (assessed - reached) // 4
    found = {**shares, "F": assessed - reached - dash, "-": dash}
    yield from (found[key] for key in columns)


def _adult(table: Table, subject: str) -> Counts | None:
    told = texts.opened("figures")["adult"].get(subject)
    if told is None:
        return None
    participants, ended, completed, passed = told
    return [participants, ended, completed] if table.indicator == "completed" else [participants, completed, passed]
