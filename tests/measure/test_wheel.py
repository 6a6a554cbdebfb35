"""The wheel is the node's own: written between rounds, taken into the next outcome, and seen by nobody above."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base import clock, files
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.files import File
from chain.base.outbox import Letter
from chain.followup import actions as followup
from chain.followup import queries as followups
from chain.home import measures as home
from chain.measure import actions, queries, wheel_actions, wheel_queries
from chain.measure.models import Measure, WheelEntry
from chain.organisation import actions as organisation
from tests.base.test_files import docx, picture
from tests.followup import scene, world
from tests.followup.scene import Scene
from tests.makers import Cast

Client = Callable[[str], FlaskClient]
SECRET = "Arbetslaget orkar inte med läsgrupperna"


@pytest.fixture
def november(cast: Cast) -> Scene:
    return scene.november(cast)


def first(november: Scene) -> Measure:
    return queries.to_follow_up(november.pia.unit_id, november.november)[0]


def write(measure: Measure, by: Any, text: str = SECRET, key: str = "k1", **more: Any) -> WheelEntry:
    said = {"stage": "do", "on": clock.today(), "evidence": "observation", **more}
    said["given"] = [files.checked(*one) for one in said.get("given", [])]
    return wheel_actions.write(measure, key=key, text=text, by=by, **said)


def form(**more: Any) -> dict[str, Any]:
    return {"key": "k1", "stage": "study", "on": clock.today().isoformat(), "text": SECRET, "evidence": "results", **more}


def seen(browser: FlaskClient, address: str) -> str:
    """What the note's form carries of what it says."""
    return str(BeautifulSoup(browser.get(address).data, "html.parser").select_one("input[name=seen]")["value"])  # type: ignore[index]


def read(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return " ".join(BeautifulSoup(answer.data, "html.parser").get_text(" ").split())


def outcome(measure: Measure, **more: Any) -> dict[str, Any]:
    return {"kind": "goes_on", "effect": "Lite.", "evidence": [], "reason": "not_able", "due": "2026/27:2", **more}


def test_those_who_write_at_the_node_write_in_the_wheel_and_nobody_above_sees_it(november: Scene, client: Client) -> None:
    measure = first(november)
    note = write(measure, november.cast.bo, given=[("plan.docx", docx())])
    address, file = f"/measure/{measure.public_id}", f"/measure/{measure.public_id}/file/{note.files[0].public_id}"
    assert SECRET in read(client("pia"), address)
    for above in ("arne", "olle", "diana", "lena"):
        assert SECRET not in read(client(above), address)
    for other in ("arne", "diana", "lena"):
        assert client(other).get(file).status_code in (403, 404)
        assert client(other).post(f"{address}/wheel", data=form(key="k2")).status_code in (403, 404)
    assert client("petra").get(file).status_code == 404
    with pytest.raises(NotAllowed):
        write(measure, november.cast.arne)


def test_a_file_is_fetched_to_be_saved_and_one_of_another_measure_is_not_found(november: Scene, client: Client) -> None:
    measure, other = queries.to_follow_up(november.pia.unit_id, november.november)[:2]
    note = write(measure, november.cast.pia, given=[("före.png", picture("PNG"))])
    name = note.files[0].public_id
    answer = client("pia").get(f"/measure/{measure.public_id}/file/{name}")
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.content_type == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"] and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client("pia").get(f"/measure/{other.public_id}/file/{name}").status_code == 404


def test_a_refused_file_is_said_why_and_the_words_are_kept_in_the_form(november: Scene, client: Client) -> None:
    measure = first(november)
    sent = form(files=(io.BytesIO(b"<svg onload='alert(1)'/>"), "bild.svg"))
    answer = client("pia").post(f"/measure/{measure.public_id}/wheel", data=sent, content_type="multipart/form-data")
    soup = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 422 and "SVG" in soup.get_text()
    assert soup.select_one("#text").get_text().strip() == SECRET  # type: ignore[union-attr]
    assert db.session.scalars(select(WheelEntry)).all() == [] and db.session.scalars(select(File)).all() == []


def test_two_hundred_megabytes_are_refused_before_they_are_read(november: Scene, client: Client) -> None:
    class Never(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    head = {"CONTENT_LENGTH": str(200 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Never()}
    answer = client("pia").post(f"/measure/{first(november).public_id}/wheel", environ_overrides=head)
    assert answer.status_code == 413 and "för stor" in answer.get_data(as_text=True)


def test_what_cannot_be_right_is_said_at_its_place_and_the_same_note_twice_is_one(november: Scene, client: Client) -> None:
    browser, address = client("pia"), f"/measure/{first(november).public_id}/wheel"
    answer = browser.post(address, data=form(stage="", on="i går"))
    assert answer.status_code == 422 and "Välj var i hjulet" in answer.get_data(as_text=True)
    for _press in range(2):
        assert browser.post(address, data=form()).status_code == 303
    assert len(db.session.scalars(select(WheelEntry)).all()) == 1


def test_words_written_by_somebody_who_has_been_signed_out_are_given_back(november: Scene, app: Flask) -> None:
    answer = app.test_client().post(f"/measure/{first(november).public_id}/wheel", data=form())
    assert answer.status_code == 401 and SECRET in answer.get_data(as_text=True)


def test_a_note_is_changed_a_file_taken_away_and_the_note_with_it(november: Scene, client: Client) -> None:
    measure = first(november)
    note = write(measure, november.cast.pia, given=[("a.txt", b"ett"), ("b.txt", "två".encode()), ("c.txt", b"ett")])
    assert [one.name for one in note.files] == ["a.txt", "b.txt"]  # the same content is attached once
    browser, address = client("pia"), f"/measure/{measure.public_id}/wheel/{note.public_id}"
    assert SECRET in read(browser, address)
    assert browser.post(address, data=form(text="Nu orkar de", seen=seen(browser, address))).status_code == 303
    assert browser.post(f"{address}/detach/{note.files[0].public_id}").status_code == 303
    db.session.expire_all()
    (kept,) = db.session.scalars(select(WheelEntry)).all()
    assert (kept.text, [one.name for one in kept.files]) == ("Nu orkar de", ["b.txt"])
    assert browser.post(f"{address}/remove", data={"seen": seen(browser, address)}).status_code == 303
    assert db.session.scalars(select(File)).all() == [] and db.session.scalars(select(WheelEntry)).all() == []


def test_two_who_write_in_one_note_see_each_others_words(november: Scene, client: Client) -> None:
    measure = first(november)
    note = write(measure, november.cast.pia)
    address, pia, bo = f"/measure/{measure.public_id}/wheel/{note.public_id}", client("pia"), client("bo")
    both = seen(pia, address)
    assert pia.post(address, data=form(text="Pias ord", seen=both)).status_code == 303
    db.session.expire_all()
    refused = bo.post(address, data=form(text="Bos ord", seen=both))
    soup = BeautifulSoup(refused.data, "html.parser")
    assert refused.status_code == 422 and "Någon annan har ändrat anteckningen" in soup.get_text()
    assert soup.select_one("#text").get_text().strip() == "Bos ord"  # type: ignore[union-attr]
    assert "Pias ord" in soup.select_one("section[aria-labelledby=theirs]").get_text()  # type: ignore[union-attr]
    assert db.session.scalars(select(WheelEntry.text)).all() == ["Pias ord"]
    now = str(soup.select_one("input[name=seen]")["value"])  # type: ignore[index]
    assert bo.post(address, data=form(text="Pias ord, och Bos", seen=now)).status_code == 303
    assert pia.post(f"{address}/remove", data={"seen": now}).headers["Location"] == address
    assert db.session.scalars(select(WheelEntry.text)).all() == ["Pias ord, och Bos"]
    db.session.refresh(note)
    assert note.written_by is november.cast.bo.person


def test_six_files_are_one_too_many(november: Scene) -> None:
    with pytest.raises(RuleBroken, match="högst 5 filer"):
        write(first(november), november.cast.pia, given=[(f"{n}.txt", str(n).encode()) for n in range(6)])


# Into the next follow-up


def test_what_was_written_stands_beside_the_outcome_and_is_taken_in_with_one_press(november: Scene, client: Client) -> None:
    measure, browser = first(november), client("pia")
    write(measure, november.cast.bo)
    address = f"/followup/{november.pia.public_id}/section/outcomes"
    soup = BeautifulSoup(browser.get(address).data, "html.parser")
    button = soup.select_one('button[name="take"]')
    assert button and SECRET in soup.get_text()
    hidden = {one["name"]: one.get("value", "") for one in soup.select("#section input[type=hidden]")}
    assert browser.post(address, data={**hidden, "take": button["value"]}).status_code == 303
    section = followups.section(world.fresh(november.pia), "outcomes")
    assert section
    taken = section.answer["items"][measure.public_id]
    assert SECRET in taken["effect"] and taken["evidence"] == ["observation"]


def test_what_has_been_told_of_is_not_asked_again_and_comes_back_when_it_is_undone(november: Scene) -> None:
    measure, cast = first(november), november.cast
    write(measure, cast.pia)
    opens = queries.to_follow_up(november.pia.unit_id, november.november)
    sent = world.hand_in(november.pia, cast.pia, outcomes={"items": {one.public_id: outcome(one) for one in opens}})
    assert SECRET not in str(sent.snapshot)  # what was not taken in is the unit's own
    assert wheel_queries.untold([measure.id]) == {}
    followup.withdraw(sent, by=cast.pia)
    assert [note.text for note in wheel_queries.untold([measure.id])[measure.id]] == [SECRET]


def test_the_wheel_goes_on_in_the_words_that_a_measure_was_changed_into(november: Scene) -> None:
    measure, cast = first(november), november.cast
    write(measure, cast.pia)
    opens = queries.to_follow_up(november.pia.unit_id, november.november)
    given = {one.public_id: outcome(one) for one in opens}
    given[measure.public_id] |= {"kind": "changed", "problem": "Nya ord", "sign": "x", "responsible": cast.bo.person.public_id}
    world.hand_in(november.pia, cast.pia, outcomes={"items": given})
    successor = measure.outcomes[-1].successor
    assert successor and [note.text for note in wheel_queries.notes(successor, cast.pia)] == [SECRET]
    with pytest.raises(RuleBroken, match="avslutad"):
        write(measure, cast.pia, key="k2")
    write(successor, cast.pia, "Studerat", stage="study")
    assert wheel_queries.stages({measure.lineage}) == {measure.lineage: "study"}


# Whoever is responsible


def test_whoever_is_responsible_writes_without_being_a_writer_as_long_as_the_mandate_lasts(
    november: Scene, client: Client
) -> None:
    measure, cast = first(november), november.cast
    address = f"/measure/{measure.public_id}/wheel"
    assert client("lena").post(address, data=form()).status_code in (403, 404)
    actions.hand_over(measure, cast.lena.person.public_id, by=cast.pia)
    assert "Förbättringshjulet" in read(client("lena"), f"/measure/{measure.public_id}")
    assert client("lena").post(address, data=form()).status_code == 303
    assert measure.problem in read(client("lena"), "/measure/")
    letters = db.session.scalars(select(Letter).where(Letter.kind == "measure.given")).all()
    assert [one.person for one in letters] == [cast.lena.person.public_id]
    organisation.end_mandate(cast.lena, by=cast.stina)
    assert [one.id for one in queries.asking(cast.pia)[1]] == [measure.id]
    todos = [one.title for one in home.waiting(cast.pia, november.november)]
    assert todos[0] == "2 åtgärder som du ansvarar för" and "Lämna över en åtgärd" in todos[1]


def test_responsibility_goes_only_to_somebody_with_a_mandate_there(november: Scene, client: Client) -> None:
    measure, cast = first(november), november.cast
    for other in ("petra", "arne"):
        answer = client("pia").post(f"/measure/{measure.public_id}/hand_over", data={"person": cast.who[other].person.public_id})
        assert answer.status_code == 422 and "Välj någon som har ett uppdrag här." in answer.get_data(as_text=True)
    assert client("arne").post(f"/measure/{measure.public_id}/hand_over", data={}).status_code == 403


def test_letters_go_before_the_round_and_when_it_is_late_once_each(november: Scene) -> None:
    """Last year's measures were due in the January round, which opened on the tenth and was to be handed in by February 14."""
    said = []
    for day in (
        date(2025, 12, 26),
        date(2025, 12, 27),
        date(2025, 12, 28),
        date(2026, 2, 14),
        date(2026, 3, 1),
        date(2026, 3, 2),
    ):
        with clock.held(clock.at(day)):
            said.append(actions.remind(by=None))
    assert said == [0, 3, 0, 0, 3, 0]
    letters = db.session.scalars(select(Letter).where(Letter.kind.like("measure.%")).order_by(Letter.id)).all()
    assert [one.kind for one in letters] == ["measure.due"] * 3 + ["measure.late"] * 3
    assert {one.person for one in letters} == {november.cast.pia.person.public_id}
