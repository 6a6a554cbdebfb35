"""Files of governing documents: attached to a draft, still when its words are, and read with them by nobody else."""

import io
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base import files
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.files import File
from chain.goal import document_actions, file_actions
from chain.goal.document_models import GoverningVersion
from tests import asked
from tests.base.test_files import docx, picture
from tests.goal import desk
from tests.makers import Cast

Client = Callable[[str], FlaskClient]


def attach(version: GoverningVersion, by: str, cast: Cast, *given: tuple[str, bytes]) -> None:
    file_actions.attach(version, [files.checked(*one) for one in given or [("rutin.docx", docx())]], by=cast.who[by])


def there() -> list[str]:
    return list(db.session.scalars(select(File.name).order_by(File.id)))


def test_a_document_may_be_a_file_alone_and_it_stands_still_once_adopted(cast: Cast) -> None:
    made = desk.document(cast, "diana", text="")
    version = made.versions[0]
    with pytest.raises(RuleBroken, match="bifoga det som fil"):
        desk.adopt(made, cast.diana)
    attach(version, "olle", cast)
    desk.adopt(made, cast.diana)
    for change in (
        lambda: attach(version, "olle", cast),
        lambda: file_actions.detach(version, version.files[0].public_id, by=cast.olle),
    ):
        with pytest.raises(RuleBroken, match="inte där det var"):
            change()
    assert [one.name for one in version.files] == there() == ["rutin.docx"]


def test_the_next_version_has_the_files_until_they_are_taken_away_and_the_earlier_keeps_them(cast: Cast) -> None:
    made = desk.document(cast, "diana")
    attach(made.versions[0], "olle", cast, ("a.txt", b"ett"), ("b.txt", "två".encode()), ("c.txt", b"ett"))
    desk.adopt(made, cast.diana)
    later = document_actions.renew(made.versions[0], by=cast.olle)
    attach(later, "olle", cast, ("d.txt", b"tre"))
    assert [one.name for one in later.files] == ["a.txt", "b.txt", "d.txt"]  # the same content is attached once
    file_actions.detach(later, later.files[0].public_id, by=cast.olle)
    assert [one.name for one in made.versions[0].files] == ["a.txt", "b.txt"] and there() == ["a.txt", "b.txt", "d.txt"]
    document_actions.discard(later, by=cast.olle)
    assert there() == ["a.txt", "b.txt"]  # what the draft alone had goes with it


def test_nobody_else_attaches_and_no_more_than_five(cast: Cast) -> None:
    version = desk.document(cast, "olle").versions[0]
    for who in ("pia", "arne", "maja", "rut"):
        with pytest.raises(NotAllowed):
            attach(version, who, cast)
    with pytest.raises(RuleBroken, match="Välj minst en fil"):
        file_actions.attach(version, [], by=cast.olle)
    with pytest.raises(RuleBroken, match="högst 5 filer"):
        attach(version, "olle", cast, *[(f"{n}.txt", str(n).encode()) for n in range(6)])


def test_a_file_is_attached_and_fetched_on_the_pages_and_a_picture_that_runs_is_refused(cast: Cast, client: Client) -> None:
    made = desk.document(cast, "olle")
    page, browser = f"/goal/document/{made.public_id}", client("olle")

    def send(name: str, data: bytes) -> BeautifulSoup:
        answer = browser.post(f"{page}/attach", data={"files": (io.BytesIO(data), name)}, content_type="multipart/form-data")
        assert answer.status_code == (422 if name.endswith("svg") else 303)
        return BeautifulSoup(answer.data, "html.parser")

    assert "SVG" in send("bild.svg", b"<svg onload='alert(1)'/>").select_one("#files-error").get_text()  # type: ignore[union-attr]
    send("skiss.png", picture("PNG"))
    [consultation] = desk.asked(cast, made, "alskolan")
    address = f"/file/{db.session.scalars(select(File)).one().public_id}"
    for who, where in (("olle", page), ("pia", f"/goal/consultation/{consultation.public_id}")):
        assert f"{where}{address}" in client(who).get(where).text and "skiss.png" in client(who).get(where).text
        answer = client(who).get(where + address)
        assert answer.headers["Content-Disposition"].startswith("attachment") and answer.content_type == "image/png"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client("pia").get(page + address).status_code == 404  # the draft is asked about, not open
    other = desk.adopted(cast, "diana")
    assert client("pia").get(f"/goal/document/{other.public_id}{address}").status_code == 404


def test_the_page_takes_as_many_statements_for_many_versions_as_for_one(cast: Cast, client: Client) -> None:
    made = desk.document(cast, "diana")
    attach(made.versions[0], "olle", cast)
    desk.adopt(made, cast.diana)
    browser, page = client("pia"), f"/goal/document/{made.public_id}"
    with asked.statements("SELECT") as few:
        browser.get(page)
    for n in range(3):
        later = document_actions.renew(made.versions[-1], by=cast.olle)
        attach(later, "olle", cast, (f"{n}.txt", str(n).encode()))
        desk.adopt(made, cast.diana)
    with asked.statements("SELECT") as many:
        assert "2.txt" in browser.get(page).text
    assert len(many) == len(few)
