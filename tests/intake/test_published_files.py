"""Published statistics through the desk: kept as printed, once, undone to the row; and a power cut in the middle."""

import os
import signal
import subprocess
import sys

import pytest
from flask import Flask
from sqlalchemy import func, select

from chain.base import config
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.intake import actions
from chain.intake.models import Intake, IntakeFile, IntakeStep
from chain.organisation import actions as organisation
from chain.organisation.models import PlaceInTree, Unit, UnitCode
from chain.result.models import PublishedValue
from tests.intake.desk import Desk, csv_of, figures, november
from tests.intake.samples import ARCHIVE, GRADES, MUNICIPAL, PRESCHOOLS, REGISTER, RELATION, SURVEY, UNIT_LIST
from tests.intake.test_files import KEPT, ROWS
from tests.makers import Cast

KILLED = """
import os, signal, sys
from app import create_app
from chain.base import clock
from chain.base.db import db
from chain.intake import actions, standing
from chain.intake.models import Intake
from tests import makers
from tests.conftest import NOW, settings

clock.hold(NOW)
with create_app(settings(sys.argv[1])).app_context():
    intake, by = db.session.query(Intake).one(), makers.found().olle
    standing.next_turn = lambda _id: os.kill(os.getpid(), signal.SIGKILL)  # all is written by then, and nothing committed
    actions.confirm(intake, by=by)
"""


@pytest.fixture
def ale(app: Flask, cast: Cast) -> Desk:
    """A desk in a municipality that the samples have rows of."""
    cast.unit["sjovik"].name = "Ale"
    db.session.commit()
    return november(cast)


def everything() -> list[tuple[object, ...]]:
    """All that published statistics may touch, row by row."""
    columns = (
        (Unit.id, Unit.path, Unit.name, Unit.closed_on, Unit.context, Unit.year_groups, Unit.organiser),
        (UnitCode.unit_id, UnitCode.code, UnitCode.valid_to),
        (PlaceInTree.unit_id, PlaceInTree.path),
        (PublishedValue.id, PublishedValue.value, PublishedValue.shown, PublishedValue.source_file),
    )
    return [tuple(map(str, row)) for some in columns for row in db.session.execute(select(*some).order_by(*some[:2]))]


def test_units_and_values_are_undone_to_the_row(ale: Desk) -> None:
    stina, before = ale.cast.stina, everything()
    first = ale.look(UNIT_LIST.read_bytes(), UNIT_LIST.name, by=stina)
    ale.keep(first, UNIT_LIST.read_bytes(), stina)
    after_first = everything()
    assert len(after_first) > len(before) and first.found["counts"]["new_units"] > 5
    changed = GRADES.read_bytes()
    second = ale.take_in(changed, GRADES.name, stina)
    third = ale.take_in(changed.replace(b"237,7", b"238,1"), GRADES.name, stina)
    assert third.found["counts"]["changed"] == 1 and third.found["changes"][0]["before"] == "237,7"
    with pytest.raises(RuleBroken, match="Stina Ek"):
        actions.undo(first, by=stina)
    after_second = everything()
    actions.undo(third, by=stina)
    assert sum(a != b for a, b in zip(everything(), after_second, strict=True)) == 1
    actions.undo(second, by=stina)
    assert everything() == after_first
    actions.undo(first, by=stina)
    assert everything() == before
    assert db.session.scalar(select(func.count()).select_from(IntakeStep)) == 0


def test_a_unit_that_somebody_works_at_by_now_is_not_undone(ale: Desk) -> None:
    stina = ale.cast.stina
    made = ale.take_in(UNIT_LIST.read_bytes(), UNIT_LIST.name, stina)
    new = db.session.scalars(select(Unit).where(Unit.name == "Bohusskolan")).one()
    organisation.add_unit(new, name="Arbetslag 1", level="group", by=stina)
    before = everything()
    with pytest.raises(RuleBroken, match="börjat arbeta"):
        actions.undo(made, by=stina)
    assert everything() == before and made.state == "kept"


def test_every_file_of_the_samples_is_known_by_its_content_alone(ale: Desk) -> None:
    """Also those that name no municipality: what they say of units that stand in the tree is kept."""
    ale.take_in(UNIT_LIST.read_bytes(), "a.csv", ale.cast.stina)
    table, register = next(iter(sorted(MUNICIPAL.iterdir()))), next(iter(sorted(REGISTER.iterdir())))
    known = ((ARCHIVE, "statistics"), (PRESCHOOLS, "preschools"), (table, "municipal"))
    others = ((SURVEY, "survey"), (RELATION, "test_relation"), (register, "register"))  # about schools of another municipality
    for file, kind in (*known, *others):
        said, found = ale.read(file.read_bytes(), "fil_2024_25", ale.cast.stina)
        assert said.published and kind in {one.kind for one in said.published.files}, file.name
        assert bool(found.new) == ((file, kind) in known), file.name


def test_a_power_cut_in_the_middle_leaves_nothing_and_the_file_still_waits(app: Flask, cast: Cast, database_url: str) -> None:
    desk, content = november(cast), csv_of(ROWS)
    desk.look(content)
    db.session.remove()
    environment = {**os.environ, "PYTHONPATH": str(config.ROOT)}
    done = subprocess.run([sys.executable, "-c", KILLED, database_url], cwd=config.ROOT, env=environment, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    made = db.session.scalars(select(Intake)).one()
    waiting = db.session.scalar(select(func.count()).select_from(IntakeFile))
    assert (made.state, figures(), waiting) == ("previewed", [], 1)
    actions.confirm(made, by=cast.olle)
    assert figures() == KEPT
