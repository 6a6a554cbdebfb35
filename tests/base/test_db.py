"""Writing: all of an action or nothing, one after another, and never on top of what another has just written."""

import ast
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from chain.base import audit, queue
from chain.base.audit import AuditLine
from chain.base.db import atomic, db, unaudited
from chain.base.errors import RuleBroken
from chain.organisation.models import Unit
from tests.makers import Cast

ROOT = Path(__file__).resolve().parents[2]

# The acts that leave no line in the audit, each with its reason.
UNAUDITED = {
    "account.attempt": "nobody's act: a failure is counted before anybody is known",
    "account.touch": "that somebody was here, once a minute",
    "account.speak": "a choice of language",
    "account.renew_hash": "the same password, kept with stronger settings",
    "api.touch": "that a system was here, once an hour",
    "dialogue.save": "a text's versions tell who and when; the unit's own words are a draft",
    "dialogue.restore": "a text's versions tell who and when",
    "followup.save": "a section's versions tell who and when",
    "followup.restore": "a section's versions tell who and when",
    "followup.cite": "a draft's: the audit's numbers are seen by others, and what is handed up says what it cites",
    "handover.save": "a section's versions tell who and when",
    "handover.restore": "a section's versions tell who and when",
    "document.save": "a section's versions tell who and when",
    "document.restore": "a section's versions tell who and when",
    "document.pull": "a section's versions tell who and when",
    "followup.uncite": "a draft's, as citing",
    "measure.write": "a draft's: a note in a wheel tells who and when",
    "measure.change": "a draft's, as writing it",
    "measure.remove": "a draft's, as writing it",
    "measure.detach": "a draft's, as writing it",
    "measure.remind": "nobody's act: letters stand in the outbox, and the measure says that they were sent",
    "finding.mark": "a passage tells who and when, and the reading is audited when it is finished",
    "finding.unmark": "as marking",
}


@atomic
def rename(unit: Unit, name: str, *, by: None, fail: bool = False) -> None:
    unit.name = name
    audit.note("test.rename", about=unit)
    db.session.flush()
    if fail:
        raise RuleBroken("nej")


@unaudited
def count_up(public_id: str, *, by: None) -> None:
    unit = db.session.scalars(select(Unit).where(Unit.public_id == public_id)).one()
    unit.organiser = str(int(unit.organiser or 0) + 1)


def in_threads(app: Flask, how_many: int, work: Any) -> list[Any]:
    """Run work(n) at once in so many threads, each with its own session; its answers or exceptions."""
    barrier = threading.Barrier(how_many)

    def run(n: int) -> Any:
        with app.app_context():
            barrier.wait()
            try:
                return work(n)
            except RuleBroken as no:
                return no
            finally:
                db.session.remove()

    with ThreadPoolExecutor(how_many) as pool:
        return list(pool.map(run, range(how_many)))


def test_a_refused_action_leaves_nothing(cast: Cast) -> None:
    before = audit.head()
    with pytest.raises(RuleBroken):
        rename(cast.unit["alskolan"], "Ny", by=None, fail=True)
    db.session.rollback()
    assert cast.unit["alskolan"].name == "Alskolan"
    assert audit.head() == before


def test_an_action_within_an_action_is_part_of_the_outer_one(cast: Cast) -> None:
    @atomic
    def outer(*, by: None) -> None:
        rename(cast.unit["alskolan"], "Ny", by=None)
        raise RuleBroken("nej")

    with pytest.raises(RuleBroken):
        outer(by=None)
    db.session.expire_all()
    assert cast.unit["alskolan"].name == "Alskolan"


def test_an_action_that_tells_nothing_is_an_error(cast: Cast) -> None:
    @atomic
    def silent(*, by: None) -> None:
        cast.unit["alskolan"].name = "Ny"

    with pytest.raises(RuntimeError, match="no line in the audit"):
        silent(by=None)
    db.session.expire_all()
    assert cast.unit["alskolan"].name == "Alskolan"


def test_an_action_says_by_whom() -> None:
    with pytest.raises(TypeError, match="by="):
        atomic(lambda: None)


def test_nothing_is_changed_outside_an_action(cast: Cast) -> None:
    cast.unit["alskolan"].name = "Ny"
    with pytest.raises(RuntimeError, match="outside an action"):
        rename(cast.unit["ekskolan"], "Ny", by=None)
    db.session.rollback()


def test_nothing_is_noted_outside_an_action(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outside an @atomic"):
        audit.note("test.loose")


def test_what_was_read_before_is_read_anew_in_the_action(app: Flask, cast: Cast) -> None:
    alskolan = cast.unit["alskolan"]
    assert alskolan.name == "Alskolan"
    in_threads(app, 1, lambda n: rename(db.session.get_one(Unit, alskolan.id), "Annan", by=None))
    seen = []

    @atomic
    def look(*, by: None) -> None:
        seen.append(alskolan.name)
        audit.note("test.look")

    look(by=None)
    assert seen == ["Annan"]


def test_no_update_is_lost_and_none_is_repeated(app: Flask, cast: Cast) -> None:
    public_id = cast.unit["alskolan"].public_id
    db.session.rollback()

    def work(n: int) -> int:
        done = 0
        for _turn in range(10):
            try:
                count_up(public_id, by=None)
                done += 1
            except RuleBroken:
                pass  # another was first: said, not silently written over
        return done

    done = sum(in_threads(app, 6, work))
    db.session.expire_all()
    assert int(cast.unit["alskolan"].organiser) == done
    if db.engine.dialect.name == "sqlite":
        assert done == 60


def test_writers_come_in_turn(app: Flask, tmp_path: Path) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL queues by itself")
    inside, most, waits = 0, 0, []

    def work(n: int) -> None:
        nonlocal inside, most
        for _turn in range(5):
            asked = time.monotonic()
            with queue.turn(db.engine):
                waits.append(time.monotonic() - asked)
                inside += 1
                most = max(most, inside)
                time.sleep(0.002)
                inside -= 1

    in_threads(app, 8, work)
    assert most == 1
    assert max(waits) < 2  # SQLite's own handler let one wait 4.6 s


def test_a_lock_is_held_until_the_action_ends(app: Flask, cast: Cast) -> None:
    inside, most = 0, 0

    @unaudited
    def work_alone(*, by: None) -> None:
        nonlocal inside, most
        queue.lock(db.session(), "test")
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1

    in_threads(app, 6, lambda n: work_alone(by=None))
    assert most == 1


def test_sqlite_is_as_strict_as_postgresql(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite only")
    asked = {name: db.session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "synchronous")}
    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_twenty_writers_at_once_make_one_chain(app: Flask, cast: Cast) -> None:
    public_ids = [cast.unit[short].public_id for short in ("alskolan", "ekskolan", "havet", "norr")]
    before = audit.head()[0]
    db.session.rollback()

    def work(n: int) -> None:
        unit = db.session.scalars(select(Unit).where(Unit.public_id == public_ids[n % 4])).one()
        rename(unit, f"Ny {n}", by=None)

    answers = in_threads(app, 20, work)
    written = sum(answer is None for answer in answers)
    db.session.rollback()
    assert audit.problems() == []
    assert audit.head()[0] == before + written
    numbers = db.session.scalars(select(AuditLine.number).order_by(AuditLine.number)).all()
    assert numbers == list(range(1, before + written + 1))


def test_the_acts_without_a_line_are_the_ones_named_here() -> None:
    found = set()
    for file in ROOT.glob("chain/*/*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(d, ast.Name) and d.id == "unaudited" for d in node.decorator_list
            ):
                found.add(f"{file.parent.name}.{node.name}")
    assert found <= set(UNAUDITED)
    assert all(name in found for name in UNAUDITED if name.startswith("account"))
