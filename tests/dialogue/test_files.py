"""Files that a side lays before both in a dialogue: read by those who read it, and still once the notes are proposed."""

import io
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from chain.base import clock, files
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.files import File
from chain.dialogue import actions, file_actions, file_queries
from chain.dialogue.models import Dialogue
from chain.goal import file_actions as governing
from chain.organisation.models import Mandate
from tests import conftest, makers
from tests.base.test_files import picture
from tests.dialogue import world
from tests.goal import desk
from tests.makers import Cast
from tests.test_migrations import difference, empty  # noqa: F401  a fixture

Client = Callable[[str], FlaskClient]


def attach(dialogue: Dialogue, by: Mandate, *given: tuple[str, bytes]) -> None:
    file_actions.attach(dialogue, [files.checked(*one) for one in given or [("plan.txt", b"Plan")]], by=by)


def names(dialogue: Dialogue) -> list[str]:
    return [one.file.name for one in file_queries.files(dialogue)]


def test_each_side_attaches_and_takes_back_its_own(cast: Cast) -> None:
    dialogue = world.planned(cast)
    attach(dialogue, cast.bo, ("a.txt", b"ett"), ("b.txt", b"ett"))
    attach(dialogue, cast.olle, ("c.txt", "två".encode()))
    assert names(dialogue) == ["a.txt", "c.txt"]  # the same content is one file
    mine, theirs = (one.file.public_id for one in file_queries.files(dialogue))
    with pytest.raises(NotAllowed, match="bara den kan ta bort den"):
        file_actions.detach(dialogue, theirs, by=cast.pia)
    file_actions.detach(dialogue, mine, by=cast.pia)
    assert names(dialogue) == list(db.session.scalars(select(File.name))) == ["c.txt"]
    for other in (cast.arne, cast.petra, cast.olga, cast.maja):
        with pytest.raises(NotAllowed):
            attach(dialogue, other)
    with pytest.raises(RuleBroken, match="högst 5 filer"):
        attach(dialogue, cast.pia, *[(f"{n}.txt", str(n).encode()) for n in range(5)])


def test_once_the_notes_are_proposed_the_files_stand_still(cast: Cast) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        attach(dialogue, cast.olle)
        [laid] = file_queries.files(dialogue)
        actions.go(dialogue, "propose", by=cast.olle)
        for change in (
            lambda: attach(dialogue, cast.pia, ("ny.txt", b"ny")),
            lambda: file_actions.detach(dialogue, laid.file.public_id, by=cast.olle),
        ):
            with pytest.raises(RuleBroken, match="filerna ligger fast"):
                change()
    assert names(dialogue) == ["plan.txt"]


def test_a_file_is_attached_and_fetched_on_the_page_and_a_picture_that_runs_is_refused(cast: Cast, client: Client) -> None:
    dialogue = world.planned(cast)
    page, pia = f"/dialogue/{dialogue.public_id}", client("pia")

    def send(name: str, data: bytes, status: int) -> BeautifulSoup:
        answer = pia.post(f"{page}/attach", data={"files": (io.BytesIO(data), name)}, content_type="multipart/form-data")
        assert answer.status_code == status
        return BeautifulSoup(answer.data, "html.parser")

    assert "SVG" in send("bild.svg", b"<svg onload='alert(1)'/>", 422).select_one("#files-error").get_text()  # type: ignore[union-attr]
    send("skiss.png", picture("PNG"), 303)
    [laid] = file_queries.files(dialogue)
    address = f"{page}/file/{laid.file.public_id}"
    for who, status in (("olle", 200), ("diana", 200), ("arne", 200), ("olga", 404), ("petra", 404), ("maja", 404)):
        assert client(who).get(address).status_code == status, who
        assert ("skiss.png" in client(who).get(page).text) is (status == 200), who
    answer = client("olle").get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.content_type == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    other = world.planned(cast, "ekskolan")
    assert client("olle").get(f"/dialogue/{other.public_id}/file/{laid.file.public_id}").status_code == 404


def test_files_go_with_their_tables_on_the_way_down_and_no_other_file_does(empty: Flask) -> None:  # noqa: F811
    upgrade()
    with clock.held(conftest.NOW):
        cast = makers.cast()
        attach(world.planned(cast), cast.pia)
        version = desk.document(cast, "olle").versions[0]
        governing.attach(version, [files.checked("rutin.txt", b"Rutin")], by=cast.olle)
        db.session.add(File(name="x.txt", kind="text/plain", size=1, sha256="0" * 64, content=b"x", at=clock.now(), person="p"))
        db.session.commit()
    db.session.remove()
    downgrade(revision="0027")
    assert not {"governing_file", "dialogue_file"} & set(inspect(db.engine).get_table_names())
    assert db.session.scalars(select(File.name)).all() == ["x.txt"]
    db.session.remove()
    upgrade()
    assert difference() == []
