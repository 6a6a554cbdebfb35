"""Files of means, hours, counts and distributions: taken in exactly or not at all, proposed in the unit's grid, and undone."""

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base.db import db
from chain.cycle.models import RoundNode
from chain.followup import proposals
from chain.followup.checks import work
from chain.intake import actions, amounts, grid, kept, rows
from chain.intake.amounts import Wrong
from chain.result import grid_rules, rules, shipped
from chain.result import queries as result
from tests.followup import world
from tests.intake.desk import Desk, csv_of, figures, november
from tests.makers import Cast

INDICATORS, SCALES, SUBJECTS = shipped.indicators(), shipped.scales(), shipped.subjects()


@pytest.fixture
def everything(app: Flask, cast: Cast) -> Desk:
    """A November in which all is asked for."""
    desk = november(cast)
    for one in result.kept(desk.round.year_id):
        one.facts = {**one.facts, "rounds": [1]}
    for node in db.session.scalars(select(RoundNode)):
        node.year_groups = []  # all that its school forms have
    db.session.commit()
    return desk


FILES = [
    (("Enhet", "Åk", "Elever", "Med betyg", "Meritvärde"), ("Alskolan", 9, 60, 57, "228,7"), "merit", (60, 57, 0, 130359)),
    (("Enhet", "Åk", "Elever", "Med betyg", "Summa"), ("Alskolan", 9, 60, 57, "13 035,9"), "merit", (60, 57, 0, 130359)),
    (("Enhet", "Elever", "Schemalagda timmar", "Frånvarotimmar"), ("Alskolan", 300, "150 000", 9120), "absence",
      (300, 150000, 9120)),
    (("Enhet", "Ändamål", "Kronor"), ("Alskolan", "MEDEL-LIKVARDIG", "1 250 000"), "grants", (0, 0, 0, 1250000)),
    (("Unit", "Groups", "Children"), ("Havets förskola", 4, 63), "group_size", (4, 4, 0, 63)),
    (("Enhet", "Barn", "Heltidstjänster"), ("Havets förskola", 63, "11,5"), "children_per_post", (63, 63, 0, 115)),
    (("Enhet", "Område", "Årskurs", "Fick enkäten", "Svarade", "Index"), ("Alskolan", "SE-TRYGGHET", 8, 50, 41, "7,3"),
     "school_survey", (50, 41, 0, 2993)),
]  # fmt: skip


def test_a_file_of_every_kind_is_known_by_its_headings_kept_and_undone(everything: Desk) -> None:
    for header, row, indicator, sums in FILES:
        made = everything.take_in(csv_of([row], header))
        assert (made.found["indicator"], made.found["counts"]["good"]) == (indicator, 1), header
        assert [(one[1], *one[6:]) for one in figures()] == [(indicator, *sums)], header
        actions.undo(made, by=everything.cast.olle)
        assert figures() == []


def test_one_file_may_hold_every_indicator_and_each_is_proposed_in_the_units_own_grid(everything: Desk) -> None:
    header = ("Enhet", "Indikator", "Ämne", "Årskurs", "Elever", "Bedömda", "Nått", "Summa", "Medelvärde")
    told = [
        ("Alskolan", "Minst E", "MA", 4, 25, 24, 20, "", ""),
        ("Alskolan", "Meritvärde", "", 9, 3, 2, "", "457,5", ""),  # 228,75 each: more decimals than are typed
        ("Alskolan", "Frånvaro", "", "", 300, 150000, 9120, "", ""),
        ("Alskolan", "Riktade medel till enheten", "MEDEL-OVRIGA", "", "", "", "", 70000, ""),
        ("Alskolan", "Skolenkäten, elever", "SE-TRYGGHET", 8, 50, 41, "", "", "7,3"),
        ("Alskolan", "Frånvaro", "", "", 300, 150000, "", "", ""),
        ("Alskolan", "Trivsel", "", "", 300, 150000, 1, "", ""),
    ]
    made = everything.take_in(csv_of(told, header))
    problems = [(one["params"]["row"], one["message"]) for one in made.found["problems"]]
    assert problems == [("7", amounts.EMPTY_COUNT), ("8", rows.NO_INDICATOR)]
    here = work(world.followup(everything.cast, "pia"))
    found = proposals.proposals(here.followup, here.node, here.tables, {})
    cells = {cell: text for one in found.values() for cell, text in one.cells.items()}
    filled = {
        name: [text for cell, text in cells.items() if cell.startswith(f"{name}|")] for name in ("absence", "merit", "grants")
    }
    assert filled == {"absence": ["300", "150000", "9120"], "merit": ["3", "2", "228,8"], "grants": ["70000"]}
    assert found["merit|GR||9|why"].source == "inläst fil, medelvärdet avrundat"
    assert found["school_survey|GR|SE-TRYGGHET|8|why"].source == "inläst fil"
    [(_round, lines)] = kept.figures_of(everything.cast.unit["alskolan"])
    shown = {line.name: line.shown for line in lines}
    assert shown["Meritvärde, åk 9"] == "Elever 3, Med betyg 2, Meritvärde 228,8, summa 457,5"
    assert shown["Frånvaro"].replace("\xa0", " ") == "Elever 300, Schemalagda timmar 150 000, Frånvarotimmar 9 120"


def table(key: str, form: str = "GR", group: str = "") -> rules.Table:
    number = next(one for one in INDICATORS if one.key == key).rounds[0]
    found = grid_rules.grid(INDICATORS, SCALES, SUBJECTS, form, {group: group} if group else {}, number, {})
    return next(one for one in found if one.indicator == key)


@pytest.mark.parametrize(
    ("key", "form", "group", "cells", "sums"),
    [
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "0", "mean": ""}, (60, 0, 0, 0)),
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "4", "mean": "228,75"}, (60, 4, 0, 9150)),  # 915 points, exactly
        ("group_size", "FS", "", {"assessed": "4", "mean": "15,75"}, (4, 4, 0, 63)),
        ("children_per_post", "FS", "", {"assessed": "60", "mean": "5"}, (60, 60, 0, 120)),  # twelve posts
        ("absence", "GR", "", {"enrolled": "10", "assessed": "0", "reached": ""}, (10, 0, 0, 0)),
    ],
)
def test_a_mean_is_its_total_exactly(key: str, form: str, group: str, cells: dict[str, str], sums: tuple[int, ...]) -> None:
    assert amounts.sums(table(key, form, group), cells) == sums


@pytest.mark.parametrize(
    ("key", "form", "group", "cells", "message", "field"),
    [
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "57", "mean": "228,75"}, amounts.ROUNDED, "mean"),
        ("group_size", "FS", "", {"assessed": "4", "mean": "15,7"}, amounts.ROUNDED, "mean"),
        ("children_per_post", "FS", "", {"assessed": "63", "mean": "5,5"}, amounts.ROUNDED, "mean"),
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "57", "mean": "341"}, amounts.OUTSIDE, "mean"),
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "57", "total": "19380,1"}, amounts.OUTSIDE, "total"),
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "57", "total": "100,25"}, amounts.BAD_NUMBER, "total"),
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "61", "mean": "200"}, amounts.TOO_MANY, "assessed"),
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "0", "total": "200"}, amounts.NOBODY, "total"),
        ("merit", "GR", "9", {"assessed": "10", "total": "200"}, amounts.NEEDS["mean"], ""),
        ("merit", "GR", "9", {"enrolled": "60", "assessed": "10", "mean": "-5"}, amounts.BAD_NUMBER, "mean"),
        ("grants", "GR", "", {"total": ""}, amounts.EMPTY_COUNT, "total"),
        ("grants", "GR", "", {"total": "12,5"}, amounts.BAD_NUMBER, "total"),
        ("grants", "GR", "", {"enrolled": "12"}, amounts.NEEDS["count"], ""),
        ("absence", "GR", "", {"enrolled": "10", "assessed": "100", "reached": "101"}, amounts.TOO_MANY, "reached"),
        ("absence", "GR", "", {"enrolled": "10", "assessed": "1e5", "reached": "101"}, amounts.BAD_COUNT, "assessed"),
    ],
)
def test_what_does_not_hold_is_told_in_its_column(
    app: Flask, key: str, form: str, group: str, cells: dict[str, str], message: str, field: str
) -> None:
    got = amounts.sums(table(key, form, group), cells)
    assert isinstance(got, Wrong) and (got.message, got.field) == (message, field)


def test_a_distribution_with_a_row_per_step_is_whole_or_not_at_all(everything: Desk) -> None:
    header = ("Enhet", "Indikator", "Ämne", "Årskurs", "Steg", "Elever", "Bedömda", "Antal")
    steps = [("Alskolan", "Betyg", "MA", 6, step, 20, 12, n) for step, n in zip("ABCDEF-", (1, 2, 3, 3, 2, 1, 0), strict=True)]
    steps += [("Alskolan", "Betyg", "SV", 6, step, 20, 12, 3) for step in "ABC"]  # three of twelve are missing
    steps += [("Alskolan", "Betyg", "EN", 6, "Z", 20, 12, 3)]
    header = (*header[:-1], "Antal (k)")
    said, _found = everything.read(csv_of(steps, header))
    assert {(row[2], row[6]): row[8:] for row in said.figures} == {
        ("grades", step): (20, 12, n, 0) for step, n in zip("ABCDEF-", (1, 2, 3, 3, 2, 1, 0), strict=True)
    } | {("at_least_e", ""): (20, 12, 11, 0)}
    assert [(one.row, one.message) for one in said.problems] == [(12, grid.BAD_STEP), (9, grid.STEPS_MISSING)]
