"""Grades become counts, and no pupil is left in them."""

from collections.abc import Iterator
from typing import Any

import pytest

from chain.base.errors import RuleBroken
from chain.intake import ss12000_collect
from chain.intake import ss12000_grades as grades
from chain.intake.ss12000 import Access, Client
from chain.intake.ss12000_changes import Known
from chain.intake.ss12000_grades import Syllabus, Term
from chain.result import shipped
from chain.result.rules import Figure
from tests.intake import ss12000_server as server
from tests.intake.ss12000_server import World

SPRING = Term("VT", 2026)
MATHS = {"ma9": Syllabus("GR", "MA", "9"), "ma79": Syllabus("GR", "MA", ""), "gy": Syllabus("GY", "MATMAT02", "")}


def grade(pupil: str, value: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{pupil}{value}", "student": {"id": pupil, "displayName": "Elvira Elev"}, "organisation": {"id": "al"},
        "gradeValue": value, "registeredDate": "2026-06-01", "finalGrade": False, "syllabus": {"id": "ma9"},
        "semester": "VT", "year": 2026,
    } | more  # fmt: skip


def counted(*rows: dict[str, Any]) -> grades.Tally:
    return grades.tally(rows, MATHS, {"al": 3}, SPRING)


def spread(tally: grades.Tally) -> dict[str, int]:
    return {one.category: one.k for one in tally.figures.get(3, []) if one.k}


def test_a_class_becomes_a_distribution_with_a_dash_in_it() -> None:
    found = counted(*(grade(f"p{number}", value) for number, value in enumerate("AABCEEF-–")))
    assert spread(found) == {"A": 2, "B": 1, "C": 1, "E": 2, "F": 1, "-": 2}
    assert found.figures[3][0] == Figure("grades", "GR", "MA", "9", "A", "term_grade", 9, 9, 2)
    assert [one.category for one in found.figures[3]] == ["A", "B", "C", "D", "E", "F", "-"] and not found.left_out
    assert "p1" not in repr(found) and "Elvira" not in repr(found)


def test_a_corrected_grade_counts_once_in_whichever_order_it_comes() -> None:
    first, corrected = grade("p", "F"), grade("p", "E", registeredDate="2026-06-10T08:00:00", correctionType="Rättelse")
    assert spread(counted(first, corrected)) == spread(counted(corrected, first)) == {"E": 1}


def test_a_final_grade_is_another_figure_than_a_term_grade_and_of_year_nine() -> None:
    found = counted(grade("p", "C"), grade("p", "B", finalGrade=True, syllabus={"id": "ma79"}))
    assert {(one.basis, one.year_group, one.category, one.n) for one in found.figures[3] if one.k} == {
        ("term_grade", "9", "C", 1), ("final_grade", "9", "B", 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"semester": "HT"}, "other_term"), ({"semester": "", "registeredDate": "2026-01-10"}, "other_term"),
        ({"syllabus": "x"}, "unknown_subject"), ({"syllabus": "gy"}, "other_form"), ({"syllabus": "ma79"}, "no_year_group"),
        ({"schoolYear": 5}, "other_year_group"), ({"trial": True}, "trial"), ({"gradeValue": "VG"}, "unknown_grade"),
        ({"organisation": {"id": "ek"}}, "unknown_unit"), ({"student": None}, "no_pupil"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_left_out_with_a_reason(more: dict[str, Any], reason: str) -> None:
    found = counted(grade("p", "A", **more))
    assert (dict(found.left_out), found.figures) == ({reason: 1}, {})


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ({"subjectCode": "GRGRMAT01"}, "MA"), ({"subjectCode": "GRGRSVA01"}, "SVA"), ({"subjectDesignation": "ma"}, "MA"),
        ({"subjectDesignation": "M2TYS", "subjectCode": "GRGRMSP01"}, "M2"), ({"subjectCode": "GRGRMSP01"}, ""),
        ({"subjectCode": "MAT"}, ""), ({"subjectDesignation": "NO"}, "NO"), ({"subjectCode": "GRGRXXX01"}, ""),
    ],
)  # fmt: skip
def test_a_subject_is_known_by_its_short_or_its_official_code(said: dict[str, str], subject: str) -> None:
    found = grades.syllabus({"schoolType": "GR", "startSchoolYear": 7, "endSchoolYear": 9} | said)
    assert found == Syllabus("GR", subject, "")


def test_the_official_codes_are_all_of_the_shipped_subjects() -> None:
    known = {subject.code for subject in shipped.subjects()}
    assert set(grades.SUBJECTS.values()) | set(grades.BLOCKS) | set(grades.LANGUAGES) <= known


@pytest.fixture
def world() -> Iterator[World]:
    world = server.sjovik()
    maths = {"id": "ma9", "schoolType": "GR", "subjectCode": "GRGRMAT01", "startSchoolYear": 9, "endSchoolYear": 9}
    world.rows |= {"syllabuses": [maths], "grades": [grade(f"p{number}", "E") for number in range(7)]}
    with server.running(world):
        yield world


def test_the_grades_of_a_term_are_read_page_by_page_into_figures_of_our_units(world: World) -> None:
    client = Client(Access(**world.settings()), loopback=True)
    found = ss12000_collect.grades(client, Known(unit_of={"al": 3}), SPRING)
    assert spread(found) == {"E": 7} and world.paths().count("grades") == 3
    (asked,) = [query for path, query in world.asked if path == "grades" and "pageToken" not in query]
    assert (asked["registeredDate.onOrAfter"], asked["registeredDate.onOrBefore"]) == (["2026-02-01"], ["2026-07-31"])
    del world.rows["grades"]
    with pytest.raises(RuleBroken, match="inga betyg"):
        ss12000_collect.grades(client, Known(unit_of={"al": 3}), SPRING)
