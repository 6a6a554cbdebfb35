"""Many at once, tabs that overtake each other, and a server that dies: what was called saved is there, and one is handed up."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.followup import actions, queries, section_actions
from chain.followup.models import Followup, SectionVersion, Submission
from chain.organisation.models import Mandate
from tests import makers
from tests.followup import world
from tests.makers import Cast

TAB = tuple[int, str, str]  # the version that the form was filled with, the text, the save's key


def at_once(app: Flask, count: int, work: Callable[[int], Any]) -> list[Any]:
    """Let `count` threads begin in the same moment, each with a session of its own; their answers, or what they raised."""
    start, answers = threading.Barrier(count), [None] * count

    def run(place: int) -> None:
        with app.app_context():
            start.wait()
            try:
                answers[place] = work(place)
            except Exception as error:
                answers[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def texts() -> set[str]:
    """Every text that is kept anywhere."""
    db.session.rollback()
    return {one["text"] for one in db.session.scalars(select(SectionVersion.answer))}


def mine(number: int) -> Followup:
    return db.session.scalars(select(Followup).where(Followup.id == number)).one()


def mandate(number: int) -> Mandate:
    return db.session.scalars(select(Mandate).where(Mandate.id == number)).one()


def test_twenty_hand_in_at_once_and_one_is_handed_in(app: Flask, cast: Cast) -> None:
    world.opened(cast)
    draft = world.followup(cast, "lena")
    world.write(draft, cast.lena)
    version = world.fresh(draft).version
    number, who = draft.id, cast.lena.id
    db.session.remove()
    found = at_once(app, 20, lambda place: actions.submit(mine(number), version=version, by=mandate(who)).public_id)
    assert len(set(found)) == 1 and isinstance(found[0], str), found
    assert len(db.session.scalars(select(Submission)).all()) == 1


def test_the_first_save_of_two_at_once_is_one_section_and_a_conflict(app: Flask, cast: Cast) -> None:
    world.opened(cast)
    number, who = world.followup(cast, "pia").id, (cast.pia.id, cast.bo.id)
    db.session.remove()

    def first(place: int) -> Any:
        return section_actions.save(
            mine(number), "example", {"text": f"text {place}"}, version=0, save_key=str(place), done=False, by=mandate(who[place])
        )

    found = at_once(app, 2, first)
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Section"]
    assert texts() == {"text 0", "text 1"}


def test_whatever_was_called_saved_by_two_at_once_is_kept(app: Flask, cast: Cast) -> None:
    world.opened(cast)
    number, who = world.followup(cast, "pia").id, (cast.pia.id, cast.bo.id)
    db.session.remove()

    def write(place: int) -> list[str]:
        version, told = 0, []
        for turn in range(15):
            text = f"{place}-{turn}"
            try:
                saved = section_actions.save(
                    mine(number), "example", {"text": text}, version=version, save_key=text, done=False, by=mandate(who[place])
                )
                version = saved.version
            except Conflict as conflict:
                version = conflict.theirs.version
            told.append(text)
        return told

    found = at_once(app, 2, write)
    assert texts() == {text for told in found for text in told}
    versions = db.session.scalars(select(SectionVersion.number).where(SectionVersion.kept).order_by(SectionVersion.id)).all()
    assert versions == list(range(1, len(versions) + 1))


def test_a_save_and_a_submission_at_once_lose_nothing(app: Flask, cast: Cast) -> None:
    world.opened(cast)
    draft = world.followup(cast, "pia")
    world.write(draft, cast.pia)
    version, number, who = world.fresh(draft).version, draft.id, (cast.pia.id, cast.bo.id)
    db.session.remove()

    def either(place: int) -> Any:
        if place == 0:
            return actions.submit(mine(number), version=version, by=mandate(who[0]))
        return section_actions.save(
            mine(number), "example", {"text": "i sista stund"}, version=1, save_key="k", done=True, by=mandate(who[1])
        )

    submitted, saved = at_once(app, 2, either)
    assert isinstance(submitted, RuleBroken) != isinstance(saved, RuleBroken)  # whoever came second was told
    kept = [one["text"] for one in db.session.scalars(select(SectionVersion.answer)) if "text" in one]
    assert "i sista stund" in kept
    handed_up = db.session.scalars(select(Submission)).all()
    assert all("i sista stund" not in json.dumps(one.snapshot) for one in handed_up)


def test_five_hundred_random_orders_of_two_tabs_lose_nothing(cast: Cast) -> None:
    """Two tabs type, send, send again and are answered in any order; a form carries the version of its last answer."""
    world.opened(cast)
    draft, chance = world.followup(cast, "pia"), random.Random(14)
    called_saved: set[str] = set()
    carried = [0, 0]
    for turn in range(500):
        on_the_way: list[tuple[int, TAB]] = []
        for part in range(chance.randint(2, 4)):
            tab = chance.randrange(2)
            text = f"{turn}.{part}" if chance.random() < 0.9 else "samma text"
            on_the_way += [(tab, (carried[tab], text, f"{turn}-{part}"))] * (1 if chance.random() < 0.8 else 2)
        chance.shuffle(on_the_way)
        for tab, (version, text, key) in on_the_way:
            by = (cast.pia, cast.bo)[tab]
            try:
                saved = section_actions.save(draft, "example", {"text": text}, version=version, save_key=key, done=False, by=by)
                carried[tab] = saved.version
            except Conflict as conflict:
                if chance.random() < 0.5:
                    carried[tab] = conflict.theirs.version
            called_saved.add(text)
    section = queries.section(draft, "example")
    assert section is not None
    assert called_saved <= {one.answer["text"] for one in queries.saves.history(section)}
    kept = [one for one in queries.saves.history(section) if one.kept]
    assert [one.number for one in kept] == list(range(len(kept), 0, -1)) and kept[0].answer == section.answer


SAVE_FOR_EVER = """
import sys
from app import create_app
from tests.conftest import NOW, settings
from tests import makers
from chain.base import clock
from chain.followup import queries, section_actions
clock.hold(NOW)
app = create_app(settings(sys.argv[1]))
with app.app_context():
    cast = makers.found()
    mine, version = queries.mine(cast.pia), 0
    for turn in range(100_000):
        text = f"rad {turn}"
        saved = section_actions.save(mine, "example", {"text": text}, version=version, save_key=text, done=False, by=cast.pia)
        version = saved.version
        print("Sparad", turn, flush=True)
"""


def test_a_server_that_is_killed_has_kept_what_it_called_saved(cast: Cast, database_url: str, tmp_path: Path) -> None:
    world.opened(cast)
    db.session.remove()
    db.engine.dispose()
    script = tmp_path / "save.py"
    script.write_text(SAVE_FOR_EVER, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    server = subprocess.Popen(
        [sys.executable, str(script), database_url], stdout=subprocess.PIPE, text=True, cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert server.stdout is not None
    told = [server.stdout.readline() for _time in range(40)]
    server.send_signal(signal.SIGKILL)
    told += server.stdout.readlines()
    server.wait()
    server.stdout.close()
    turns = [int(line.split()[1]) for line in told if line.endswith("\n")]
    assert len(turns) >= 40
    assert {f"rad {turn}" for turn in turns} <= texts()
    section = queries.section(world.followup(makers.found(), "pia"), "example")
    assert section and int(section.answer["text"].split()[1]) >= turns[-1]


def test_a_second_press_from_the_same_page_is_one_submission(cast: Cast) -> None:
    world.opened(cast)
    draft = world.followup(cast, "pia")
    world.write(draft, cast.pia)
    version = world.fresh(draft).version
    assert actions.submit(draft, version=version, by=cast.pia).id == actions.submit(draft, version=version, by=cast.pia).id
    first = queries.latest(cast.unit["alskolan"].id, draft.round)
    assert first is not None
    actions.withdraw(first, by=cast.pia)
    with pytest.raises(RuleBroken, match="sedan du läste"):  # a press that comes after it was taken back hands up nothing
        actions.submit(draft, version=version, by=cast.pia)
