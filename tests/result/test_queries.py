"""What a unit is asked for in a round, from the year's own copy; and what others have published about it."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle import queries as rounds
from chain.cycle.models import Round, RoundNode, Year
from chain.organisation.models import Unit
from chain.result import queries
from chain.result.models import Indicator, PublishedValue
from tests import asked
from tests.makers import Cast


@pytest.fixture
def year(app: Flask, cast: Cast) -> Year:
    return cycle.open_year(cast.unit["bun"], label="2026/27", by=cast.diana)


def opened(year: Year, number: int, cast: Cast) -> Round:
    round = year.rounds[number - 1]
    with clock.held(clock.at(round.opens_on)):
        return cycle.open_round(round, by=cast.diana)


def node(round: Round, unit: Unit) -> RoundNode:
    found = rounds.node(round, unit.id)
    assert found
    return found


def publish(unit: Unit, indicator: str, period: str, shown: str, **more: str) -> None:
    number = shown.replace(",", ".")
    value = Decimal(number) if number.replace(".", "").isdigit() else None
    kinds = {"..": "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS", ".": "MISSING", "~100": "ROUNDED_OFF_DUE_TO_FEW_PUPILS_NOT_ELIGIBLE"}
    facts = {"source": "Skolverket", "source_file": "statistics_gr/1.json", "value_type": kinds.get(shown, "EXISTS"), **more}
    db.session.add(
        PublishedValue(unit_id=unit.id, path=unit.path, indicator=indicator, period=period, shown=shown, value=value, **facts)
    )
    db.session.commit()


def test_opening_a_year_copies_the_indicators_in_use_and_the_scales(year: Year) -> None:
    found = queries.indicator(year.id, "at_least_e")
    assert found and found.rounds == (1, 2, 3, 4)
    assert {"grades", "national_test"} <= {one.key for one in queries.indicators(year.id)}
    assert "merit_rating" not in {one.key for one in queries.indicators(year.id)}  # published, so not entered
    assert queries.scales(year.id)
    assert queries.indicator(year.id, "no_such_thing") is None


def test_november_asks_a_school_for_its_own_subjects_and_year_groups_as_forecasts(year: Year, cast: Cast) -> None:
    tables = queries.tables(node(opened(year, 1, cast), cast.unit["alskolan"]))
    assert [(one.indicator, one.school_form, one.year_group, one.basis) for one in tables] == [
        ("at_least_e", "GR", "4", "forecast"), ("at_least_e", "GR", "5", "forecast"), ("at_least_e", "GR", "6", "forecast"),
        ("teachers_qualified", "GR", "", "register"),
    ]  # fmt: skip
    assert "Matematik åk 6" in {row.label for row in tables[2].rows}


def test_january_asks_for_grades_where_there_are_grades(year: Year, cast: Cast) -> None:
    tables = queries.tables(node(opened(year, 2, cast), cast.unit["alskolan"]))
    assert [(one.indicator, one.year_group) for one in tables] == [
        ("at_least_e", "4"), ("at_least_e", "5"), ("grades", "6"), ("all_subjects", "6"), ("absence", ""),
    ]  # fmt: skip


def test_a_preschool_has_figures_of_its_own_and_none_about_children(year: Year, cast: Cast) -> None:
    tables = queries.tables(node(opened(year, 1, cast), cast.unit["havet"]))
    assert [one.indicator for one in tables] == ["staff_degree", "group_size", "children_per_post"]


def test_nobody_above_the_entry_level_enters_figures_and_a_group_proposes_its_units(year: Year, cast: Cast) -> None:
    november = opened(year, 1, cast)
    for name in ("norr", "fvn"):
        assert queries.tables(node(november, cast.unit[name])) == []
    of_group, of_unit = (queries.tables(node(november, cast.unit[name])) for name in ("al46", "alskolan"))
    assert [one.key for one in of_group] == [one.key for one in of_unit]


def test_a_year_may_change_what_is_measured(year: Year, cast: Cast) -> None:
    row = db.session.scalars(select(Indicator).where(Indicator.key == "at_least_e")).one()
    row.facts = {**row.facts, "subjects": ["MA"]}
    db.session.commit()
    tables = queries.tables(node(opened(year, 1, cast), cast.unit["alskolan"]))
    assert {line.subject for one in tables if one.indicator == "at_least_e" for line in one.rows} == {"MA"}


def test_a_committee_with_other_rounds_is_asked_what_belongs_to_each(app: Flask, cast: Cast) -> None:
    year = cycle.open_year(cast.unit["vux"], label="2026", by=cast.vera)
    found = queries.indicator(year.id, "completed")
    assert found and found.rounds == (1, 3)  # May and January, as the shipped rounds 2 and 4


def test_the_tables_of_a_node_take_few_statements(year: Year, cast: Cast) -> None:
    here = node(opened(year, 1, cast), cast.unit["alskolan"])
    with asked.statements() as said:
        queries.tables(here)
    assert len(said) <= 3


def test_published_values_are_shown_as_printed_by_year_group_and_period(app: Flask, cast: Cast) -> None:
    unit = cast.unit["alskolan"]
    publish(unit, "merit_rating", "2024/25", "259,5", year_group="9")
    publish(unit, "merit_rating", "2023/24", "..", year_group="9")
    publish(unit, "national_test_points", "2024/25", "13,6", year_group="6", subject="MA")
    publish(unit, "pupils_per_teacher", "2025/26", "13,2")
    tables = queries.published_tables(unit)
    assert [one.title for one in tables] == ["9", "6", ""]
    nine, six, _whole = tables
    assert nine.periods == ("2023/24", "2024/25") and nine.sources == ("Skolverket",)
    assert [cell and cell.shown for cell in nine.rows[0].cells] == ["..", "259,5"]
    assert nine.rows[0].name == "Genomsnittligt meritvärde (17 ämnen)"
    assert six.rows[0].name.endswith("Matematik")
    assert queries.published_tables(cast.unit["havet"]) == []
    assert len(queries.published(unit)) == 4
