"""The schema's step that made room for dialogues: down and up again with data, nothing else is lost."""

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from chain.base import clock
from chain.base.db import db
from chain.dialogue.models import Dialogue
from chain.measure.models import Measure
from tests import conftest, makers
from tests.dialogue import world
from tests.followup import world as followups
from tests.test_migrations import difference, empty  # noqa: F401  a fixture

TABLES = {
    "dialogue", "dialogue_step", "dialogue_pack", "dialogue_text", "dialogue_text_version", "dialogue_edition", "agreement",
    "dialogue_agenda",
}  # fmt: skip


def test_dialogues_go_on_the_way_down_and_measures_stay(empty: Flask) -> None:  # noqa: F811
    upgrade()
    with clock.held(conftest.NOW):
        cast = makers.cast()
        assert world.agreed(cast).state == "agreed"
        world.read_in(cast, followups.followup(cast, "pia").round)
    measures = sorted(db.session.scalars(select(Measure.item)))
    db.session.remove()
    downgrade(revision="0018")
    assert not TABLES & set(inspect(db.engine).get_table_names())
    assert sorted(db.session.scalars(select(Measure.item))) == measures != []
    db.session.remove()
    upgrade()
    assert db.session.scalars(select(Dialogue)).all() == [] and difference() == []
