"""What the schema of measures loses on the way down, and what it keeps: the measures themselves, in their words."""

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from chain.base import clock, files
from chain.base.db import db
from chain.measure import queries, wheel_actions
from tests import conftest, makers
from tests.followup import scene
from tests.test_migrations import migrated_postgresql, migrated_sqlite, newest

__all__ = ["migrated_postgresql", "migrated_sqlite", "newest"]
WORDS = text("SELECT public_id, problem, goal, state FROM measure ORDER BY id")


def test_causes_goals_and_wheels_go_and_the_measures_stay(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        november = scene.november(makers.cast())
        first = queries.to_follow_up(november.pia.unit_id, november.november)[0]
        given = [files.checked("plan.txt", b"Sida ett")]
        wheel_actions.write(first, key="k", stage="do", on=clock.today(), text="På väg.", given=given, by=november.cast.pia)
    db.session.remove()
    before = db.session.execute(WORDS).all()
    assert before
    db.session.remove()
    downgrade(revision="0020")
    tables = set(inspect(db.engine).get_table_names())
    assert "file" in tables and not {"wheel_entry", "wheel_file"} & tables
    assert not {"cause", "goal_id", "reminded"} & {column["name"] for column in inspect(db.engine).get_columns("measure")}
    downgrade(revision="0019")
    assert "file" not in inspect(db.engine).get_table_names()
    assert db.session.execute(WORDS).all() == before
    db.session.remove()
    upgrade()
    assert db.session.execute(WORDS).all() == before
    assert db.session.execute(text("SELECT DISTINCT cause, cause_item, goal_id, reminded FROM measure")).all() == [
        ("", "", None, "")
    ]
