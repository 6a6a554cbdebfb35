"""What the committee's page needs, when it may be replaced, and how its figures stand together."""

from dataclasses import dataclass

import pytest

from chain.base.errors import RuleBroken
from chain.report import rules


@dataclass(frozen=True)
class Line:
    label: str
    shown: str = "84 %"
    cells: tuple[str, ...] = ()
    assessed: str = "85"
    units: str = "3 av 4"
    why: str = ""
    query: str = ""


@dataclass(frozen=True)
class Table:
    title: str
    year_group: str
    lines: tuple[Line, ...]
    basis: str = "prognos"
    definition: str = "Andel av de bedömda."
    steps: tuple[str, ...] = ()
    kind: str = "share"


YEARS = {"5": "årskurs 5", "6": "årskurs 6"}


def test_year_groups_of_one_indicator_stand_beside_each_other() -> None:
    [grid] = rules.grids(
        [
            Table("Minst E, årskurs 5", "5", (Line("Matematik"), Line("Svenska", "91 %"))),
            Table("Minst E, årskurs 6", "6", (Line("Matematik", "..", assessed="", why="Så få."),)),
        ],
        YEARS,
    )
    assert (grid.title, grid.columns, grid.units) == ("Minst E", ("årskurs 5", "årskurs 6"), ("3 av 4", "3 av 4"))
    assert [(label, [cell.shown for cell in cells]) for label, cells in grid.rows] == [
        ("Matematik", ["84 %", ".."]), ("Svenska", ["91 %", ""]),
    ]  # fmt: skip
    assert grid.rows[0][1][1].why == "Så få." and grid.gaps


def test_what_has_one_row_each_stands_together_and_says_its_basis() -> None:
    merit = Table("Meritvärde, årskurs 9", "9", (Line("Meritvärde", "226,8", assessed="170"),), "slutbetyg", kind="mean")
    swims = [Table(f"Simkunnighet, årskurs {year}", year, (Line("Simkunnighet"),), "bedömning") for year in ("5", "6")]
    absent = Table("Frånvaro", "", (Line("Frånvaro", "8 %"),), "register")
    [grid] = rules.grids([merit, *swims, absent], {**YEARS, "9": "årskurs 9"})
    assert grid.columns == ("årskurs 5", "årskurs 6", "årskurs 9", "")
    assert [(label, [cell.shown for cell in cells]) for label, cells in grid.rows] == [
        ("Meritvärde (slutbetyg)", ["", "", "226,8", ""]), ("Simkunnighet (bedömning)", ["84 %", "84 %", "", ""]),
        ("Frånvaro (register)", ["", "", "", "8 %"]),
    ]  # fmt: skip
    assert grid.rows[0][1][2].mean and "Meritvärde: Andel av de bedömda." in grid.definition
    assert len(rules.grids([merit, absent], YEARS)) == 2


def test_a_forecast_and_a_grade_never_share_a_grid() -> None:
    one, two = (
        Table("Minst E, årskurs 6", "6", (Line("Matematik"),)),
        Table("Minst E, årskurs 6", "6", (Line("Matematik"),), "betyg"),
    )
    assert [grid.basis for grid in rules.grids([one, two], YEARS)] == ["prognos", "betyg"]


def test_coverage_stands_at_each_figure_when_it_differs() -> None:
    [grid] = rules.grids([Table("Minst E, årskurs 6", "6", (Line("Matematik"), Line("Musik", units="2 av 4")))], YEARS)
    assert grid.units == ("",) and not grid.gaps
    assert [cells[0].units for _label, cells in grid.rows] == ["3 av 4", "2 av 4"]


def test_a_distribution_keeps_its_steps_and_says_its_n() -> None:
    spread = Table("Betyg, årskurs 6", "6", (Line("Matematik", "", ("5 %", "95 %")),), steps=("A", "B"))
    [grid] = rules.grids([spread], YEARS)
    assert grid.spread and grid.columns[:2] == ("A", "B") and [cell.shown for cell in grid.rows[0][1]] == ["5 %", "95 %", "85"]


def test_a_grid_of_which_nothing_is_shown_says_why_each_reason_once() -> None:
    few, one = Line("Bild", "..", assessed="", why="Så få."), Line("Musik", "..", assessed="", why="Bara en enhet.")
    [hidden] = rules.grids([Table("Minst E, årskurs 6", "6", (few, one, few))], YEARS)
    assert hidden.unshown == ("Så få.", "Bara en enhet.")
    [mixed] = rules.grids([Table("Minst E, årskurs 6", "6", (few, Line("Matematik", "~100 %", why="Nästan alla.")))], YEARS)
    assert mixed.unshown == ()
    spread = Table(
        "Betyg, årskurs 6", "6", (Line("Matematik", "", ("..", ".."), assessed="", why="Ett steg."),), steps=("A", "B")
    )
    assert [grid.unshown for grid in rules.grids([spread], YEARS)] == [("Ett steg.",)]


def test_the_indicator_of_which_most_is_told_by_subject_is_read_first_on_each_of_its_bases() -> None:
    subjects = (Line("Matematik"), Line("Svenska"), Line("Bild", "..", assessed="", why="Så få."))
    tables = [
        Table("Prov, årskurs 6", "6", (Line("Matematik"), Line("Svenska")), "prov"),
        Table("Minst E, årskurs 5", "5", subjects), Table("Minst E, årskurs 6", "6", subjects, "betyg"),
        Table("Betyg, årskurs 6", "6", (Line("Matematik", "", ("5 %", "95 %")),), steps=("A", "B")),
        Table("Frånvaro", "", (Line("Frånvaro", "8 %"),), "register"),
    ]  # fmt: skip
    first, more = rules.divided(rules.grids(tables, YEARS))
    assert [(grid.title, grid.basis) for grid in first] == [("Minst E", "prognos"), ("Minst E", "betyg")]
    assert [grid.title for grid in more] == ["Prov", "Frånvaro"]
    first, more = rules.divided(rules.grids([tables[-1]], YEARS))
    assert [grid.title for grid in first] == ["Frånvaro"] and more == []


def test_both_parts_are_needed_and_the_missing_one_is_named() -> None:
    with pytest.raises(RuleBroken, match="uppföljning är inte inlämnad"):
        rules.check_ready(handed_up=False, released=True)
    with pytest.raises(RuleBroken, match="godkänd utgåva"):
        rules.check_ready(handed_up=True, released=False)
    rules.check_ready(handed_up=True, released=True)


def test_a_received_page_stands_and_the_same_page_is_not_handed_over_twice() -> None:
    with pytest.raises(RuleBroken, match="redan tagit emot"):
        rules.check_replaceable("received", same=False)
    with pytest.raises(RuleBroken, match="redan överlämnad"):
        rules.check_replaceable("published", same=True)
    rules.check_replaceable("published", same=False)


def test_a_registration_number_is_free_form_but_something() -> None:
    assert rules.check_number("  Bun  2018/75 ") == "Bun 2018/75"
    for number in (" ", "x" * 61):
        with pytest.raises(RuleBroken):
            rules.check_number(number)
