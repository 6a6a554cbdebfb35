"""What is taken out of here as a table is read in again as the same figures: every kind, every form of file, both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, g
from flask_babel import refresh
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain.base import clock, tables
from chain.base.errors import RuleBroken
from chain.base.locale import number
from chain.cycle import queries as cycle
from chain.intake import catalogue, grid, reading, rows, sheets, taken_out
from chain.intake.catalogue import Catalogue, Node
from chain.intake.rows import Read
from chain.intake.rules import INFO
from chain.result import grid_rules, rules, shipped
from chain.result.rules import Figure, Table
from chain.rollup import tables as out
from chain.rollup.rules import Sum, Words

MEASURES = [one for one in shipped.indicators() if one.kind != "published"]
SCALES, SUBJECTS = shipped.scales(), shipped.subjects()
KNOWN, SCALE = {one.key: one for one in MEASURES}, {one.key: one for one in SCALES}
MADE = datetime(2026, 11, 20, 12, tzinfo=clock.STOCKHOLM)
KINDS = ("share", "mean", "distribution", "count")
NAMES = ("Alskolan", "=2+3;Ängens skola", '-Södra "nya", etapp 2', "Förskolan  Havet")
WRITE = {"csv": tables.csv, "xlsx": tables.xlsx, "json": tables.json}


@contextmanager
def read_in(app: Flask, language: str) -> Iterator[None]:
    """A request of somebody who reads this language."""
    with app.test_request_context():
        g.locale = language
        refresh()
        yield
    refresh()


def words(language: str) -> Words:
    """As rollup.queries.words makes them of a year."""
    forms = cycle.school_forms()

    def steps(key: str) -> dict[str, str]:
        return {step.key: step.sign(language) for step in SCALE[KNOWN[key].scale].steps} if KNOWN[key].scale else {}

    return Words(
        school_forms={code: form.name(language) for code, form in forms.items()},
        year_groups={(code, group.key): group.name(language) for code, form in forms.items() for group in form.year_groups},
        subjects={one.code: one.name(language) for one in SUBJECTS},
        indicators={one.key: place for place, one in enumerate(MEASURES)},
        title=lambda key, group: (KNOWN[key].words(language, group).name, ""),
        steps=steps,
        basis=rules.basis_name,
        measure=KNOWN.get,
    )


def school(number: int) -> tuple[Catalogue, dict[str, list[Table]]]:
    """Units of every school form, and what each is asked for in a round, by its name."""
    forms = cycle.school_forms()
    bases = {code: {"": "forecast"} for code in forms}
    codes = tuple(forms)
    nodes = [Node(place, f"/u{place}/", name, "unit", codes, ()) for place, name in enumerate(NAMES)]
    asked = [one for one in MEASURES if number in one.rounds]
    made = catalogue.made(nodes, {}, asked, SCALES, SUBJECTS, forms, number, bases)
    asks = made.units["alskolan"][0].tables
    each = {table.key: table for some in asks.values() for table in some}.values()
    return made, {kind: [table for table in each if table.kind == kind] for kind in KINDS}


SCHOOLS = {number: school(number) for number in (1, 2, 3, 4)}


@st.composite
def typed(draw: Any, table: Table, row: rules.Row) -> dict[str, str]:
    """What somebody may write in a row of a grid."""
    columns = {column.key: column for column in table.columns}
    enrolled = draw(st.integers(0, 300))
    if table.kind == "distribution":
        counts = [draw(st.integers(0, 40)) for _step in table.columns[1:]]
        texts = [str(sum(counts) + draw(st.integers(0, 9))), *map(str, counts)]
    elif table.kind == "share":
        n = draw(st.integers(0, 900_000 if table.measure.apart else enrolled))
        texts = [str(enrolled), str(n), str(draw(st.integers(0, n)))]
    elif table.kind == "mean":
        n = draw(st.integers(0, enrolled))
        typed_column = columns[table.measure.typed]
        least, most = table.measure.least or 0, table.measure.most or 500
        value = number(draw(st.decimals(least, most, places=typed_column.decimals)), typed_column.decimals) if n else ""
        texts = [*([str(enrolled)] if "enrolled" in columns else []), str(n), value]
    else:
        texts = [str(draw(st.integers(0, 9_999_999)))]
    return dict(zip(row.cells, texts, strict=True))


@st.composite
def told(draw: Any, kind: str) -> tuple[int, dict[int, list[Figure]]]:
    """A round, and the figures of some units of one kind, as the grid makes them."""
    number = draw(st.sampled_from([number for number, (_made, asked) in SCHOOLS.items() if asked[kind]]))
    found: dict[int, list[Figure]] = {}
    for unit in draw(st.sets(st.integers(0, len(NAMES) - 1), min_size=1, max_size=3)):
        for table in draw(
            st.lists(st.sampled_from(SCHOOLS[number][1][kind]), min_size=1, max_size=3, unique_by=lambda one: one.key)
        ):
            raw = {table.basis_field: draw(st.sampled_from(table.bases))}
            for row in draw(st.lists(st.sampled_from(table.rows), min_size=1, max_size=3, unique=True)):
                raw |= draw(typed(table, row))
            figures, wrong = grid_rules.read(table, raw)
            assert not wrong, wrong
            found.setdefault(unit, []).extend(figures)
    return number, found


def written(form: str, found: dict[int, list[Figure]], language: str) -> bytes:
    """The table of some units' figures as a file; and all of them together, as the table of one figure ends."""

    def lines(name: str, figures: list[Figure]) -> Iterator[tuple[tables.Cell, ...]]:
        sums = [Sum(*one.key, one.enrolled, one.n, one.k, 1, one.total) for one in figures]
        yield from (cells for _row, cells in out.rows_of(name, sums, words(language), {}))

    told = [cells for unit, figures in found.items() for cells in lines(NAMES[unit], figures)]
    told += list(lines({"sv": "Tillsammans", "en": "Together"}[language], next(iter(found.values()))[:1]))
    whole = tables.Table(
        "Siffror", out.columns(), tuple(told), (("Enhet", NAMES[0]),), (("Minst E", "k är …"),), tables.explained("–")
    )
    return WRITE[form](whole, MADE)


def back(form: str, content: bytes, made: Catalogue) -> Read:
    """What the reading of such a file gives."""
    if form == "xlsx":
        said, _holes = sheets.workbook("fil", content)
    else:
        text = sheets.text_of("fil", content)
        said = taken_out.of_json(text) or sheets.rows_of_text("fil", text)
    whole = taken_out.rows("fil", said)
    return list(grid.read(whole, 0, reading.columns_of(whole[0], {}, made), made))[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_figures_of_every_kind_come_back_as_they_were(app: Flask, kind: str) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(told(kind), st.sampled_from(sorted(WRITE)), st.sampled_from(["sv", "en"]))
    def same(figures: tuple[int, dict[int, list[Figure]]], form: str, language: str) -> None:
        number, found = figures
        with read_in(app, language):
            got = back(form, written(form, found, language), SCHOOLS[number][0])
        expected = {(unit, *one.key): (one.enrolled, one.n, one.k, one.total) for unit, some in found.items() for one in some}
        assert {(row[0], *row[2:8]): row[8:] for row in got.figures} == expected
        assert len(got.figures) == len(expected)
        assert {one.severity for one in got.problems} <= {INFO}, [one.sentence for one in got.problems]
        assert [one.value for one in got.problems if one.message == rows.TOTAL]

    same()


def test_the_words_for_what_figures_rest_on_are_those_of_the_pages(app: Flask) -> None:
    for place, language in enumerate(("sv", "en")):
        with read_in(app, language):
            assert {basis: said[place] for basis, said in catalogue.BASES.items()} == {
                one: rules.basis_name(one) for one in rules.BASES
            }


def test_a_table_that_cannot_be_read_back_says_so(app: Flask) -> None:
    headings = {
        "utgåva": "Bedömda (n), avrundat", "publicerade siffror": "Enhet för värdet", "inga siffror": "Gånger förd vidare",
    }  # fmt: skip
    for sentence, heading in headings.items():
        for said in (heading, next(iter(_english(heading)))):
            with pytest.raises(RuleBroken, match=sentence):
                taken_out.rows("fil", [["Enhet", said], ["Alskolan", "1"]])


def _english(heading: str) -> list[str]:
    pairs = (taken_out.PROTECTED, taken_out.PUBLISHED, taken_out.WITHOUT_FIGURES[2:4])
    return [pair[1] for pair in pairs if heading.casefold() == pair[0]]
