"""The demonstration's figures about a whole unit or year group: eligibility, merit rating, absence, surveys, staff and grants."""

from collections.abc import Mapping
from random import Random
from typing import Any

from chain.demo import texts
from chain.result.rules import Table

TERM_HOURS = 440  # a pupil's, by the timetable
REACHED = {"all_subjects": 77, "vocational": 89, "higher_education": 84}  # per cent; the same luck moves all three
DEVIATION = {"MA": (3, 17), "EN": (7, 4), "SV": (4, 8), "SVA": (3, 9)}  # per cent with a lower and a higher grade than the test
INDEX = {"SE-STIMULANS": 61, "SE-STOD": 70, "SE-STUDIERO": 58, "SE-TRYGGHET": 76, "SE-KRANKNING": 68, "SE-NOJDHET": 64}  # tenths
TOLD = (
    *REACHED, "merit", "test_and_grade", "absence", "school_survey", "school_survey_upper", "teachers_qualified",
    "newly_arrived", "grants", "group_size", "children_per_post", "pupils_per_post",
)  # fmt: skip

Typed = list[int | str]


def row(table: Table, subject: str, place: str, slot: int) -> Typed | None:
    """What is typed in a row, in the order of its columns; None where it is left empty."""
    told = texts.opened("figures")
    pupils: Mapping[str, int] = told["pupils"].get(place, {})
    dice = Random(f"{table.indicator} {place} {table.year_group} {subject}")
    everybody = pupils.get(table.year_group, sum(pupils.values()))
    if not everybody and table.indicator not in ("group_size", "children_per_post", "pupils_per_post"):
        return None
    match table.indicator:
        case "merit":
            enrolled, graded, mean = told["merit"][place]
            return [enrolled, graded, mean]
        case "test_and_grade":
            exact = told["deviation"].get(place, {}).get(f"{subject} {table.year_group}")
            return exact or _deviation(subject, _readers(told, place, subject, everybody), dice)
        case "absence":
            hours = everybody * TERM_HOURS
            return [everybody, hours, hours * dice.randint(58, 91) // 1000 + slot]
        case "school_survey" | "school_survey_upper":
            return _survey(subject, everybody, dice) if place in told["surveyed"]["places"] else None
        case "teachers_qualified":
            teachers = everybody // 12
            return [teachers, teachers - dice.randint(0, 1), teachers * dice.randint(82, 94) // 100 - 1]
        case "newly_arrived" | "grants":
            whose = told[table.indicator] if table.school_form in ("GR", "GY") else {}
            count = whose.get(place, {}).get(subject or "elever")
            return None if count is None else [count]
        case "group_size" | "children_per_post" | "pupils_per_post":
            return _places(told, table, place)
        case _:
            return _eligible(table, place, everybody)


def _eligible(table: Table, place: str, everybody: int) -> Typed:
    luck = Random(f"whole {place} {table.year_group}").randint(-3, 3)
    graded = everybody - everybody // 30
    return [everybody, graded, graded * (REACHED[table.indicator] + luck) // 100]


def _readers(told: Mapping[str, Any], place: str, subject: str, everybody: int) -> int:
    second: int = told["second_language"].get(place, 0)
    return {"SVA": second, "SV": everybody - second}.get(subject, everybody)


def _deviation(subject: str, readers: int, dice: Random) -> Typed:
    both = readers - dice.randint(0, 2) * (readers > 20)
    lower, higher = (round(both * (share + dice.randint(-2, 2)) / 100) for share in DEVIATION[subject])
    return [readers, max(0, lower), both - max(0, lower) - max(0, higher), max(0, higher)]


def _survey(subject: str, everybody: int, dice: Random) -> Typed:
    tenths = INDEX[subject] + dice.randint(-6, 6)
    return [everybody, everybody - Random(f"{everybody} answers").randint(2, 8), f"{tenths // 10},{tenths % 10}"]


def _places(told: Mapping[str, Any], table: Table, place: str) -> Typed | None:
    """Children or pupils, groups, and posts with one decimal."""
    known = told["places"].get(f"{place}-{table.school_form}")
    if known is None:
        return None
    children, groups, posts = known
    return [groups, children] if table.indicator == "group_size" else [children, posts]
