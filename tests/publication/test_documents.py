"""A document that the committee has been handed is made public by its secretary, read by everybody, replaced, and withdrawn."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import day
from chain.document import actions as document_actions
from chain.document import frozen, word
from chain.document.models import Document
from chain.matter import meeting_actions as meetings
from chain.publication import actions, queries
from chain.publication.models import Publication
from chain.report import press
from tests.document import desk
from tests.feedback.test_views import statements
from tests.makers import PEOPLE, Cast
from tests.matter import desk as matters
from tests.report import world
from tests.report.test_views import text
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]
FILE = b"%PDF-1.7 what the committee got"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set here: what a file looks like is asked elsewhere (tests/document/test_paper.py)."""
    monkeypatch.setattr(press, "pdf", lambda sheet: FILE)
    monkeypatch.setattr(word, "docx", lambda sheet: b"PK")


@pytest.fixture
def document(cast: Cast) -> Document:
    return desk.go(cast, desk.letter(cast), "handed")


@pytest.fixture
def public(cast: Cast, document: Document) -> Publication:
    return actions.publish_document(document, read_through=True, by=cast.sixten)


def next_edition(cast: Cast, document: Document) -> Document:
    return desk.go(cast, desk.fresh(document_actions.replace(desk.fresh(document), by=cast.olle)), "handed")


def found() -> list[Publication]:
    return [one for every in queries.public().values() for one in every]


def test_a_draft_what_waits_and_what_is_only_approved_are_nobodys_to_publish(cast: Cast) -> None:
    document = desk.letter(cast)
    for state in ("draft", "waiting", "approved"):
        if state == "waiting":
            desk.go(cast, document, "waiting")
        if state == "approved":
            document_actions.approve(desk.fresh(document), version=frozen.revision(document), by=cast.diana)
        with pytest.raises(RuleBroken, match="godkänt och överlämnat"):
            actions.publish_document(desk.fresh(document), read_through=True, by=cast.sixten)
        assert document.state == state
    assert found() == []


def test_the_committees_secretary_alone_answers_for_it_and_makes_it_public_once(cast: Cast, document: Document) -> None:
    for who in ("maja", "rut", "olle", "diana", "pia", "vera", "stina"):
        with pytest.raises(NotAllowed):
            actions.publish_document(desk.fresh(document), read_through=True, by=cast.who[who])
    with pytest.raises(RuleBroken) as no:
        actions.publish_document(desk.fresh(document), read_through=False, by=cast.sixten)
    assert list(no.value.problems) == ["read_through"]
    made = actions.publish_document(desk.fresh(document), read_through=True, by=cast.sixten)
    with pytest.raises(RuleBroken, match="redan offentligt"):
        actions.publish_document(desk.fresh(document), read_through=True, by=cast.sixten)
    assert [(one.title, one.number) for one in found()] == [("Skrivelse om läsåret", "Bun 2026/75")]
    actions.withdraw(made, reason="Fel bilaga låg med.", by=cast.sixten)
    again = actions.publish_document(desk.fresh(document), read_through=True, by=cast.sixten)
    assert [one.public_id for one in found()] == [again.public_id]


def test_figures_come_from_an_approved_release_or_it_is_not_made_public(cast: Cast) -> None:
    report = world.with_figures(cast)
    document = desk.handed_over(cast, round=report.round)
    assert document.release
    document.release.state = "prepared"  # which no act can do: it is asked all the same
    db.session.commit()
    with pytest.raises(RuleBroken, match="godkänd utgåva"):
        actions.publish_document(document, read_through=True, by=cast.sixten)


def test_a_newer_edition_takes_its_place_and_the_earlier_one_says_so(app: Flask, cast: Cast, public: Publication) -> None:
    first = public.document
    assert first
    mark = app.test_client().get(f"/public/{public.public_id}").headers["ETag"]
    second = next_edition(cast, first)
    with pytest.raises(RuleBroken, match="nyare version"):
        actions.publish_document(desk.fresh(first), read_through=True, by=cast.sixten)
    third = next_edition(cast, second)
    newest = actions.publish_document(third, read_through=True, by=cast.sixten)
    again = app.test_client().get(f"/public/{public.public_id}", headers={"If-None-Match": mark})
    assert again.status_code == 200 and f"/public/{newest.public_id}" in again.text and "Ersatt" in again.text
    assert "ersatt av en nyare version" in text(app.test_client().get("/public/").text)
    actions.withdraw(newest, reason="Fel bilaga låg med.", by=cast.sixten)
    assert "Ersatt" not in app.test_client().get(f"/public/{public.public_id}").text


def test_before_it_is_public_a_stranger_knows_of_no_such_page(app: Flask, document: Document) -> None:
    visitor = app.test_client()
    assert visitor.get(f"/public/{document.public_id}").status_code == 404
    assert document.public_id not in visitor.get("/public/").text and document.title not in visitor.get("/public/").text


def test_anybody_reads_it_as_it_was_handed_over_and_nothing_that_is_for_those_who_wrote_it(app: Flask, cast: Cast) -> None:
    made = actions.publish_document(desk.handed_over(cast), read_through=True, by=cast.sixten)
    page = app.test_client().get(f"/public/{made.public_id}")
    told = text(page.text)
    for words in (
        "Tjänsteskrivelse", "Förslag till beslut", world.SAID["where_we_are"], "50 % av 40", "Bun 2026/75",
        desk.ANSWERS["economy"],
    ):  # fmt: skip
        assert words in told, words
    signed = {"Diana Holm", "Olle Sand"}  # and Olga Vik has written in it
    assert {name for _short, name, *_rest in PEOPLE if name in told} == signed, "who has written what is not told"
    for link in re.findall(r'href="([^"]*)"', page.text):
        assert link.startswith(("/public/", "/static/", "/about", "/accessibility", "?as=pdf", "#")) or link == "/", link
    assert statements(app.test_client(), f"/public/{made.public_id}") <= 4


def test_its_file_is_the_one_that_the_committee_got_and_all_may_be_kept_on_the_way(app: Flask, public: Publication) -> None:
    visitor, address = app.test_client(), f"/public/{public.public_id}"
    paper = visitor.get(f"{address}?as=pdf")
    assert (paper.data, paper.content_type) == (FILE, "application/pdf")
    assert "bun-2026-75-skrivelse-om-lasaret.pdf" in paper.headers["Content-Disposition"]
    for form in ("docx", "csv", "exe"):
        assert visitor.get(f"{address}?as={form}").status_code == 404
    for path in (address, f"{address}?as=pdf"):
        first = visitor.get(path)
        assert "Set-Cookie" not in first.headers and first.headers["Cache-Control"] == "public, max-age=60"
        known = {"If-None-Match": first.headers["ETag"]}
        assert visitor.get(path, headers=known).status_code == 304 and statements(visitor, path, known) <= 1
    assert statements(visitor, "/public/") <= 4


def test_where_it_was_withdrawn_the_reason_stands_and_neither_words_nor_file(app: Flask, cast: Cast, public: Publication) -> None:
    address = f"/public/{public.public_id}"
    mark = app.test_client().get(f"{address}?as=pdf").headers["ETag"]
    actions.withdraw(public, reason="Fel bilaga låg med.", by=cast.sixten)
    gone = app.test_client().get(address)
    assert gone.status_code == 410 and "Dokumentet är tillbakadraget" in gone.text and "Fel bilaga låg med." in gone.text
    assert desk.ANSWERS["economy"] not in gone.text
    paper = app.test_client().get(f"{address}?as=pdf", headers={"If-None-Match": mark})
    assert paper.status_code == 410 and FILE not in paper.data


def test_it_stands_in_the_list_beside_its_matter_and_the_meeting_that_took_it_up(app: Flask, cast: Cast) -> None:
    matter = matters.under_way(cast, registration_number="Bun 2026/75")
    document = desk.go(cast, desk.letter(cast, matter=matter), "handed")
    [meeting] = matters.met(cast, clock.today() + timedelta(days=10))
    meetings.put(meeting, matter, by=cast.sixten)
    actions.publish_document(document, read_through=True, by=cast.sixten)
    words = f"på sammanträdet {day(meeting.held_on)}"
    before = text(app.test_client().get("/public/").text)
    assert "Ärendet Bun 2026/75" in before and words not in before
    with clock.held(clock.now() + timedelta(days=11)):
        assert words in text(app.test_client().get("/public/").text)


def test_the_secretary_is_shown_what_to_look_for_and_makes_it_public_from_its_page(cast: Cast, client: Client) -> None:
    matter = matters.under_way(cast)
    written = desk.letter(cast, matter=matter)
    desk.write(written, "background", "Tre elever har fått stöd på finska.", cast.olle)
    document = desk.go(cast, written, "handed")
    matters.decided(cast, matter)
    page = Reader(client("sixten")).open(f"/document/{document.public_id}").click("Gör offentligt")
    page.sees("Ord som ett barn kan kännas igen på", "”Tre elever” under Bakgrund", "Diana Holm, skolchef; Olle Sand")
    page.choose("Enligt beslut", "§ 12, 20 november 2026").press("Gör offentligt").sees("intyga att det inte pekar ut någon")
    page.tick("Jag har läst igenom dokumentet.").press("Gör offentligt").sees("Offentligt sedan", "enligt beslut § 12")
    page.open(f"/document/{document.public_id}").sees("Dokumentet är offentligt").click("Dra tillbaka")
    page.fill("Varför dras", "En elev går att känna igen.").press("Dra tillbaka")
    page.sees("tillbakadraget", "En elev går att känna igen.")
    Reader(client("maja")).open(f"/document/{document.public_id}").sees_not("Gör offentligt")
