"""What a table of figures comes to, whatever its columns are called and however it was saved."""

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base import clock, tables
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.intake import columns, grid, kept, rows, sheets
from chain.result import actions as result
from chain.result.models import Indicator
from chain.rollup import queries as rollup
from chain.rollup import rules
from chain.rollup import tables as out
from tests.followup import world
from tests.intake import workbooks
from tests.intake.desk import HEADER, Desk, csv_of, figures, november
from tests.makers import Cast
from tests.rollup import district


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_text_is_read_in_every_usual_encoding_and_line_ending(encoding: str, ending: str) -> None:
    text = ending.join(["Enhet;Ämne;Elever", "Åsskolan;Svenska;24", "Örsskolan;Slöjd;1 024", ";;"])
    rows = sheets.rows_of_text("fil", sheets.text_of("fil", text.encode(encoding)))
    assert rows[:3] == [["Enhet", "Ämne", "Elever"], ["Åsskolan", "Svenska", "24"], ["Örsskolan", "Slöjd", "1 024"]]


@pytest.mark.parametrize("content", [bytes(range(256)) * 4, b"\x81\x8d\x8f\x90\x9d" * 10, b"\xff\xfea"])
def test_bytes_that_are_no_text_are_refused_with_a_sentence(app: Flask, content: bytes) -> None:
    with pytest.raises(RuleBroken, match="textfil"):
        sheets.text_of("fil.csv", content)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("SKOLENHETSKOD", "unit"),
        ("  Åk ", "year_group"),
        ("Minst E", "reached"),
        ("Betyg A", "step:A"),
        ("–", "step:-"),
        ("Kön", ""),
    ],
)
def test_a_heading_is_recognised_by_what_it_says(heading: str, field: str) -> None:
    assert columns.guess([heading], ("A", "B", "-")) == ({field: 0} if field else {})


def test_the_header_is_found_under_lines_of_other_things() -> None:
    rows = [["Utdrag 2026-11-20"], [""], ["Enhet", "Ämne", "Elever", "Bedömda", "Nått"], ["A", "MA", "1", "1", "1"]]
    assert columns.header_of(rows) == 2


def test_every_row_that_does_not_hold_is_told_with_row_column_and_value(app: Flask, cast: Cast) -> None:
    rows = [
        ("Alskolan", "MA", 4, 25, 24, 12), ("Alskolan", "MA", 4, 25, 24, 13), ("Alskolan", "Alkemi", 4, 25, 24, 12),
        ("Alskolan", "SV", 4, 20, 24, 12), ("Alskolan", "SV", 5, 24, 24, 25), ("Alskolan", "EN", 4, "", 24, 12),
        ("Alskolan", "EN", 5, "..", 24, 12), ("Alskolan", "EN", 6, "1,5", 1, 1), ("Alskolan", "BI", 9, 5, 5, 5),
        ("Havets förskola", "MA", 4, 5, 5, 5),
    ]  # fmt: skip
    said, _found = november(cast).read(csv_of(rows))
    told = [(one.row, one.column, one.value) for one in said.problems]
    assert told == [
        (3, "", ""), (4, "", ""), (5, "Bedömda", "24"), (6, "Minst E", "25"), (7, "Elever", ""), (8, "Elever", ".."),
        (9, "Elever", "1,5"), (10, "", ""), (11, "", ""),
    ]  # fmt: skip
    assert all("{" not in one.sentence and one.sentence for one in said.problems)
    assert len(said.figures) == 1


@pytest.mark.parametrize(("counts", "column"), [((25, 24, 25), "Minst E"), ((25, 26, 12), "Bedömda")])
def test_a_row_whose_words_have_been_met_before_is_judged_as_the_first(
    app: Flask, cast: Cast, counts: tuple[int, int, int], column: str
) -> None:
    """Nearly all rows of a long file take the short way: what cannot be so is no more let in there."""
    rows = [("Alskolan", "MA", 4, 25, 24, 12), ("Ekskolan", "SV", 4, 25, 24, 12), ("Ekskolan", "MA", 4, *counts)]
    said, _found = november(cast).read(csv_of(rows))
    assert len(said.figures) == 2 and [(one.row, one.column) for one in said.problems] == [(4, column)]


def test_grades_become_a_distribution_and_the_share_that_follows_from_it(app: Flask, cast: Cast) -> None:
    desk = Desk(cast, world.november_and_january(cast)[1])
    header = ("Skolenhet", "Ämne", "Årskurs", "Elever", "A", "B", "C", "D", "E", "F", "-")
    desk.take_in(csv_of([("Alskolan", "Matematik", "Åk 6", 30, 1, 2, 3, 4, 5, 6, 7)], header))
    here = {(one[1], one[4]): one[6:] for one in figures()}
    spread = dict(zip("ABCDEF-", range(1, 8), strict=True))
    assert here == {("grades", step): (30, 28, n) for step, n in spread.items()} | {("at_least_e", ""): (30, 28, 15)}
    assert {one[5] for one in figures()} == {"term_grade"}


def test_what_is_hidden_is_not_asked_for_by_a_file_either(app: Flask, cast: Cast) -> None:
    desk = Desk(cast, world.november_and_january(cast)[1])
    content = csv_of([("Alskolan", "MA", 6, 25, 24, 12)])
    assert desk.read(content)[0].figures == [], "the grades give it"
    hidden = db.session.scalars(select(Indicator).where(Indicator.key == "grades")).one()
    result.hide_indicator(hidden, by=cast.diana)
    said, _found = desk.read(content)
    assert [row[2] for row in said.figures] == ["at_least_e"]
    assert "grades" not in [key for key, _name in kept.indicators(desk.look(content))]


def test_a_units_table_that_was_taken_out_can_be_read_in_again(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    district.accepted(cast, "alskolan", {("MA", "4"): (25, 24, 12), ("SV", "5"): (20, 20, 19)})
    node, covered = world.node(cast, "alskolan", desk.round), rollup.coverage(cast.unit["alskolan"].id, desk.round.id)
    taken = tables.csv(out.figures(cast.pia, desk.round, node, covered), clock.now())
    other = next(line for line in taken.decode("utf-8-sig").splitlines() if "Matematik" in line).split(";")
    other[2] = "Simkunniga"
    said, _found = desk.read(taken.replace(b"\r\n\r\n", "\r\n{}\r\n\r\n".format(";".join(other)).encode(), 1))
    desk.take_in(taken)
    assert [(one[1], *one[2:4], *one[5:]) for one in figures()] == [
        ("at_least_e", "MA", "4", "forecast", 25, 24, 12), ("at_least_e", "SV", "5", "forecast", 20, 20, 19),
    ]  # fmt: skip
    assert (len(said.figures), [(one.row, one.value) for one in said.problems]) == (2, [(4, "Simkunniga")])


def test_a_figure_per_unit_of_the_whole_is_read_in_again_and_sums_are_said_to_be_sums(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    district.accepted(cast, "alskolan", {("MA", "4"): (25, 24, 12)})
    district.accepted(cast, "ekskolan", {("MA", "4"): (20, 19, 18)})
    node, covered = world.node(cast, "norr", desk.round), rollup.coverage(cast.unit["norr"].id, desk.round.id)
    figure = rollup.breakdown(desk.round, node, rules.Key("at_least_e", "GR", "MA", "4", "", "forecast"))
    assert figure is not None
    for write in (tables.xlsx, tables.json):
        said, _found = desk.read(write(out.per_child(desk.round, node, figure), clock.now()))
        assert [row[2:] for row in said.figures] == [
            ("at_least_e", "GR", "MA", "4", "", "forecast", 25, 24, 12, 0),
            ("at_least_e", "GR", "MA", "4", "", "forecast", 20, 19, 18, 0),
        ]
        assert [(one.value, one.message) for one in said.problems] == [("Tillsammans", rows.TOTAL)]
    said, _found = desk.read(tables.csv(out.figures(cast.arne, desk.round, node, covered), clock.now()))
    assert [one.message for one in said.problems] == [grid.NOTHING, rows.ELSEWHERE] and said.fatal


def test_excel_is_read_as_csv_and_a_formula_by_its_saved_value(app: Flask, cast: Cast) -> None:
    rows = [HEADER, ("Alskolan", "MA", 4.0, 25, 24, ("=E2/2", 12)), ("Alskolan", "SV", 4, 25, 24, ("=E3/2", None))]
    content = workbooks.book(rows)
    said, _found = november(cast).read(content, "siffror.xlsx")
    assert [row[8:] for row in said.figures] == [(25, 24, 12, 0)]  # 12 is a formula with a value
    [problem] = said.problems
    assert (problem.row, problem.column, problem.message) == (3, "Minst E", grid.NO_FORMULA)
