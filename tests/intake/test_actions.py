"""Published figures come into the tree whole, once, or not at all."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from chain.access.policy import Role
from chain.base.audit import AuditLine
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.intake import published, queries, telling
from chain.intake import published_actions as actions
from chain.intake.queries import Plan
from chain.intake.rules import Reading
from chain.organisation import actions as organisation
from chain.organisation.models import Unit, UnitCode
from chain.result.models import PublishedValue
from tests.intake.samples import MUNICIPAL, NACKA, NATIONAL, SAMPLES, UNIT_LIST, changed, replaced
from tests.makers import Cast

EKLIDEN, SLOTTSSKOLAN = "47243834", "80852248"


@pytest.fixture(scope="module")
def nacka() -> Reading:
    return published.read(SAMPLES, "0182")


def unit(code: str) -> Unit:
    return db.session.scalars(select(Unit).join(UnitCode, UnitCode.unit_id == Unit.id).where(UnitCode.code == code)).one()


def everything() -> list[tuple[object, ...]]:
    """All that an import may touch, as it stands."""
    units = select(Unit.path, Unit.name, Unit.version, Unit.closed_on, Unit.context).order_by(Unit.path)
    values = select(PublishedValue.id, PublishedValue.value, PublishedValue.shown).order_by(PublishedValue.id)
    lines = select(func.count()).select_from(AuditLine)
    return [tuple(row) for statement in (units, values, lines) for row in db.session.execute(statement)]


def counts(plan: Plan) -> tuple[int, int, int, int, int, int]:
    units = len(plan.new_units), len(plan.changed_units), len(plan.same_units)
    return (*units, len(plan.new_values), len(plan.changed_values), plan.same_values)


def test_nacka_gets_39_schools_of_which_38_are_open_and_16_context(app: Flask, nacka: Reading) -> None:
    actions.bring_in(nacka, by=None)
    municipality = unit("0182")
    assert (municipality.name, municipality.level, municipality.path) == ("Nacka", "municipality", "/nacka/")
    below = queries.below(municipality)
    schools = [each for each in below if each.kind == "school"]
    assert Counter((each.open, each.context) for each in schools) == {(True, False): 22, (True, True): 16, (False, False): 1}
    assert [each.name for each in schools if not each.open] == ["Skuru skola"]
    assert sum(each.kind == "preschool" for each in below) == 97
    assert {each.level for each in below} == {"unit"}


def test_every_value_stands_as_it_was_published(app: Flask, nacka: Reading) -> None:
    actions.bring_in(nacka, by=None)
    assert db.session.scalar(select(func.count()).select_from(PublishedValue)) == len(nacka.series)
    merit = select(PublishedValue).where(
        PublishedValue.unit_id == unit(EKLIDEN).id, PublishedValue.indicator == "merit_rating", PublishedValue.period == "2024/25"
    )  # fmt: skip
    found = db.session.scalars(merit).one()
    assert (found.value, found.shown, found.source) == (Decimal("265.7"), "265,7", "Skolverket")
    assert found.path == unit(EKLIDEN).path


def test_a_second_import_changes_nothing(app: Flask, nacka: Reading) -> None:
    actions.bring_in(nacka, by=None)
    before = everything()
    db.session.rollback()
    answer = app.test_cli_runner().invoke(args=["intake", "skolverket", str(SAMPLES), "--municipality", "0182"])
    assert answer.exit_code == 0
    assert "Ingenting har ändrats" in answer.output
    assert everything() == before
    assert counts(queries.plan(nacka)) == (0, 0, 136, 0, 0, len(nacka.series))


def test_the_command_tells_what_was_read_and_what_is_missing_and_why(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["intake", "skolverket", str(SAMPLES), "--municipality", "0182"])
    assert answer.exit_code == 0
    assert "Nacka (0182)" in answer.output
    assert "Skolor: 39, varav 38 öppna och 16 med annan huvudman. Förskolor: 97." in answer.output
    assert "Enheter: 136 nya, 0 ändrade, 0 oförändrade." in answer.output
    rows = [line.split(";") for file in MUNICIPAL.iterdir() for line in file.read_text("utf-8").splitlines()]
    few = sum(cells.count("..") for cells in rows if cells[1:2] == ["0182"])
    assert f"OMITTED_DUE_TO_BASED_ON_FEW_PUPILS: {143 + few}" in answer.output
    assert "Genomsnittligt meritvärde (17 ämnen): 4 .." in answer.output
    assert "Skuru skola (85321366)" in answer.output


def test_schools_that_no_file_places_are_named_and_none_is_said_to_be_open(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["intake", "skolverket", str(NACKA), "--municipality", "0182"])
    assert answer.exit_code == 0
    codes = "21346638, 22472689, 41507895, 43245047, 44836298"
    assert f"placerar i en kommun, och har inte tagits in: {codes}. Läs in skolenhetslistan också." in answer.output
    assert "andra kommuner" not in answer.output and "öppna och" not in answer.output


def test_a_corrected_figure_is_corrected_and_nothing_else(app: Flask, nacka: Reading, tmp_path: Path) -> None:
    actions.bring_in(nacka, by=None)
    shutil.copytree(SAMPLES, tmp_path / "all")
    replaced(
        tmp_path / "all/nacka/planned_educations_v4/statistics_gr",
        SAMPLES / f"nacka/planned_educations_v4/statistics_gr/{EKLIDEN}.json",
        '"265,7"',
        '"265,8"',
    )
    plan = actions.bring_in(published.read(tmp_path / "all", "0182"), by=None)
    assert counts(plan) == (0, 0, 136, 0, 1, len(nacka.series) - 1)
    rows = select(PublishedValue.shown).where(
        PublishedValue.unit_id == unit(EKLIDEN).id, PublishedValue.indicator == "merit_rating", PublishedValue.period == "2024/25"
    )  # fmt: skip
    assert db.session.scalars(rows).all() == ["265,8"]


def test_a_school_that_left_the_list_is_closed(app: Flask, tmp_path: Path) -> None:
    actions.bring_in(published.read(NATIONAL, "0885"), by=None)
    assert unit(SLOTTSSKOLAN).open
    shutil.copytree(NATIONAL, tmp_path / "later")
    changed(tmp_path / "later", UNIT_LIST, without(SLOTTSSKOLAN))
    plan = actions.bring_in(published.read(tmp_path / "later", "0885"), by=None)
    assert [each.unit.name for each in plan.changed_units] == ["Slottsskolan"]
    assert unit(SLOTTSSKOLAN).closed_on == date(2025, 7, 1)


def test_a_school_with_people_of_its_own_is_closed_by_them_alone(app: Flask, tmp_path: Path) -> None:
    actions.bring_in(published.read(NATIONAL, "0885"), by=None)
    principal = organisation.add_person(unit("0885"), name="Åsa Ö", email="asa@borgholm.example", by=None)
    organisation.give_mandate(principal, Role.PRINCIPAL, unit(SLOTTSSKOLAN), by=None)
    shutil.copytree(NATIONAL, tmp_path / "later")
    changed(tmp_path / "later", UNIT_LIST, without(SLOTTSSKOLAN))
    reading = published.read(tmp_path / "later", "0885")
    plan = queries.plan(reading)
    assert not plan.anything
    assert any("stäng enheten själv" in line for line in telling.lines(reading, plan))


def without(code: str) -> Callable[[bytes], bytes]:
    """The list without a school's line."""
    return lambda data: b"\n".join(line for line in data.split(b"\n") if code.encode() not in line)


@pytest.mark.parametrize(("code", "name", "units"), [("1440", "Ale", 44), ("0885", "Borgholm", 15), ("2518", "Övertorneå", 11)])
def test_another_municipality_works(app: Flask, code: str, name: str, units: int) -> None:
    actions.bring_in(published.read(NATIONAL, code), by=None)
    assert unit(code).name == name
    assert len(queries.below(unit(code))) == units


def test_two_municipalities_stand_side_by_side(app: Flask, nacka: Reading) -> None:
    actions.bring_in(nacka, by=None)
    actions.bring_in(published.read(NATIONAL, "1440"), by=None)
    assert len(queries.below(unit("0182"))) == 136
    assert counts(queries.plan(nacka))[:2] == (0, 0)


def test_a_municipality_that_keeps_its_own_tree_gets_figures_and_keeps_its_names(app: Flask, cast: Cast) -> None:
    root = organisation.add_unit(None, name="Ale", level="municipality", by=None)
    committee = organisation.add_unit(root, name="Utbildningsnämnden", level="committee", by=None)
    reading = published.read(NATIONAL, "1440")
    known = reading.units[0]
    own = organisation.add_unit(committee, name="Vår skola", level="unit", code=known.code, by=None)
    plan = actions.bring_in(reading, by=None)
    assert len(plan.new_units) == 43
    assert (unit(known.code).id, unit(known.code).name) == (own.id, "Vår skola")
    assert unit("1440").id == root.id
    values = select(func.count()).select_from(PublishedValue).where(PublishedValue.unit_id == own.id)
    assert db.session.scalar(values)


def test_broken_files_give_a_sentence_and_change_nothing(app: Flask, nacka: Reading, tmp_path: Path) -> None:
    actions.bring_in(nacka, by=None)
    before = everything()
    db.session.rollback()
    cut = tmp_path / "cut"
    cut.mkdir()
    changed(cut, UNIT_LIST, lambda data: data[: len(data) // 2])
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "list.csv").write_text("namn;belopp\na;1\n", "utf-8")
    for path in (cut, wrong, tmp_path / "nowhere"):
        answer = app.test_cli_runner().invoke(args=["intake", "skolverket", str(path), "--municipality", "0182"])
        assert answer.exit_code != 0
        assert "Ingenting har ändrats." in answer.stderr
        assert len(answer.stderr.splitlines()) >= 2
        assert "Traceback" not in answer.stderr
        assert everything() == before
        db.session.rollback()


def test_a_broken_reading_is_refused_by_the_action_too(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="Ingenting har ändrats"):
        actions.bring_in(published.read(tmp_path / "nowhere", "0182"), by=None)
    assert queries.municipality("0182") is None
