"""The documents' pages: an officer writes, a director approves, a member reads, and nobody has to write anything twice."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from docx import Document as WordDocument
from flask import Flask
from flask.testing import FlaskClient

from chain.base import clock
from chain.document import queries
from chain.report import actions as reports
from chain.report import press
from tests import asked, makers
from tests.document import desk
from tests.makers import Cast
from tests.matter import desk as matters
from tests.report import world
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]


def test_an_officer_begins_writes_and_sends_and_the_director_approves(app: Flask, cast: Cast, client: Client) -> None:
    world.with_figures(cast)
    olle = Reader(client("olle")).open("/document/").click("Skriv till nämnden")
    olle.choose("Mall", "Tjänsteskrivelse: ärendet i korthet").fill("Rubrik", "Redovisning")
    olle.choose("Gäller uppföljningen", "Uppföljning 1").press("Börja skriva")
    olle.sees("Förslag till beslut", world.SAID["where_we_are"], "50 % av 40", "Skriv diarienumret: det står på varje sida.")
    olle.click("Rubrik, datum och ärende").fill("Diarienummer", "Bun 2026/75").press("Spara")
    for key, text in desk.ANSWERS.items():
        olle.open(f"{olle.address}/section/{key}").fill("Text", text).press("Spara och visa dokumentet")
    olle.sees("Elevråden på tre skolor", "Skrivet av Olle Sand").press("Skicka till skolchefen för godkännande")
    olle.sees("Nu är det skolchefens tur att läsa och godkänna.").sees_not("Godkänn dokumentet")
    diana = Reader(client("diana")).open("/").click("Ett dokument väntar på ditt godkännande")
    diana.sees("Nu är det din tur").press("Godkänn dokumentet").sees("Det ändras inte längre")
    diana.press("Överlämna till nämnden").sees("Överlämnat till nämnden")
    maja = Reader(client("maja")).open("/report/").click("Dokument").click("Redovisning")
    maja.sees("50 % av 40", "Elevråden på tre skolor").sees_not("Skrivet av", "Nästa steg", "Kommentarer")


def test_a_member_follows_a_sentence_to_a_units_accepted_words(cast: Cast, client: Client) -> None:
    """The quote in the document opens the area's words in one step, which is as far as a member may go."""
    report = world.with_figures(cast)
    document = desk.handed_over(cast, round=report.round)
    said = document.frozen["sections"] if document.frozen else []
    assert any(one["sources"] for one in said)
    maja = Reader(client("maja")).open(f"/document/{document.public_id}")
    maja.click("Utgåva 1, godkänd").sees("Utgåva 1")


def test_what_somebody_else_saved_meanwhile_is_shown_beside_ones_own(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    olle = Reader(client("olle")).open(f"/document/{document.public_id}/section/economy")
    desk.write(document, "economy", "Olgas text.", cast.olga)
    olle.fill("Text", "Olles text.").press("Spara och visa dokumentet")
    olle.sees("Två texter i samma avsnitt", "Olga Vik hann spara först.", "Olgas text.", "Olles text.")
    olle.press("Spara den hopsatta texten")
    assert desk.section(document, "economy").content["text"] == "Olgas text.\n\nOlles text."


def test_a_text_that_is_too_long_is_refused_and_kept_in_the_field(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    olle = Reader(client("olle")).open(f"/document/{document.public_id}/section/economy")
    olle.fill("Text", "a" * 30_001).press("Spara och visa dokumentet")
    assert olle.status == 422 and "Skriv högst 30000 tecken" in olle.text.replace("\xa0", "")
    assert "a" * 30_001 in olle.page.find("textarea", attrs={"name": "text"}).get_text()  # type: ignore[union-attr]


def test_a_saving_script_is_told_the_version_the_conflict_and_the_refusal(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    there, script = f"/document/{document.public_id}/section/economy", {"X-Autosave": "1"}
    version = desk.section(document, "economy").version
    olle = client("olle")
    first = olle.post(there, data={"text": "Ett.", "version": version, "save_key": "k1"}, headers=script)
    assert first.status_code == 200 and first.json["version"] == version + 1 and first.json["saved"].startswith("Sparad")
    late = olle.post(there, data={"text": "Två.", "version": version - 1, "save_key": "k2"}, headers=script)
    assert late.status_code == 409 and "conflict" in late.json
    for key, text in desk.ANSWERS.items():
        desk.write(document, key, text, cast.olle)
    desk.go(cast, document, "waiting")
    refused = olle.post(there, data={"text": "Tre.", "version": 99, "save_key": "k3"}, headers=script)
    assert refused.status_code == 409 and "skickats för godkännande" in refused.json["sentence"]


def test_what_the_system_has_is_shown_beside_and_taken_by_choice(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    desk.write(document, "summary", "Egna ord.", cast.olle)
    olle = Reader(client("olle")).open(f"/document/{document.public_id}/section/summary")
    olle.sees("Ur systemet", world.SAID["stands_out"], "Barn- och utbildningsförvaltningen: Uppföljning 1")
    olle.press("Lägg till efter texten").sees("Hämtat.")
    text = desk.section(document, "summary").content["text"]
    assert text.startswith("Egna ord.") and world.SAID["stands_out"] in text


def test_figures_are_chosen_from_the_release_alone(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    chosen = desk.section(document, "results").content["figures"]
    olle, there = client("olle"), f"/document/{document.public_id}/section/results"
    version = desk.section(document, "results").version
    olle.post(there, data={"text": "Se tabellen.", "version": version, "save_key": "k", "figures": [chosen[0], "table-of-mine"]})
    said = Reader(client("olle")).open(f"/document/{document.public_id}")
    assert len(said.page.find_all("table")) == 1 and "Se tabellen." in said.text


def test_a_remark_is_read_by_those_who_write_and_dealt_with(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    diana = Reader(client("diana")).open(f"/document/{document.public_id}/section/economy")
    diana.press("Spara kommentaren").sees("Skriv en kommentar.")
    diana.fill("Kommentar", "Vad kostar det?").press("Spara kommentaren").sees("Vad kostar det?")
    olle = Reader(client("olle")).open(f"/document/{document.public_id}/section/economy").sees("Diana Holm", "Vad kostar det?")
    olle.press("Klar").sees("klar, Olle Sand")


def test_advice_stops_nobody(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    olle = Reader(client("olle")).open(f"/document/{document.public_id}/section/proposal")
    olle.fill("Text", "Nämnden bör godkänna, se bilaga 1.").press("Spara")
    olle.sees("Skriv förslaget som om det redan vore beslutat", "Förslaget ska kunna förstås utan bilagor")


def test_the_file_that_is_fetched_is_the_one_that_was_kept(cast: Cast, client: Client) -> None:
    document = desk.handed_over(cast)
    maja = client("maja")
    for form in ("pdf", "docx"):
        file, got = queries.file(document, form), maja.get(f"/document/{document.public_id}?as={form}")
        assert file and got.data == file.body and got.headers["Content-Disposition"].endswith(f".{form}")
    assert maja.get(f"/document/{document.public_id}?as=exe").status_code == 404


def test_a_draft_as_a_file_says_that_it_is_one(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    got = client("olle").get(f"/document/{document.public_id}?as=docx")
    paper = WordDocument(io.BytesIO(got.data))
    assert "Utkast, inte godkänt" in paper.sections[0].footer.paragraphs[0].text
    assert "utkast" in got.headers["Content-Disposition"]


def test_the_committees_page_is_had_as_pdf(cast: Cast, client: Client) -> None:
    report = world.with_figures(cast)
    for language in ("sv", "en"):
        maja = client("maja")
        maja.set_cookie("language", language)
        got = maja.get(f"/report/{report.public_id}?as=pdf")
        assert got.status_code == 200 and got.data.startswith(b"%PDF")


def test_a_matter_shows_its_documents_and_is_packed_whole(app: Flask, cast: Cast, client: Client) -> None:
    report = world.with_figures(cast)
    matter = matters.under_way(cast, registration_number="Bun 2026/75", about=report.round)
    document = desk.handed_over(cast, round=report.round, matter=matter)
    olle = Reader(client("olle")).open(f"/matter/matter/{matter.public_id}").sees("Redovisning av uppföljning 1")
    olle.click("Skriv till nämnden")
    assert olle.page.find(attrs={"name": "title"})["value"] == "Karriärtjänster"  # type: ignore[index]
    got = client("sixten").get(f"/document/matter/{matter.public_id}")
    with zipfile.ZipFile(io.BytesIO(got.data)) as packed:
        names, told = packed.namelist(), json.loads(packed.read("manifest.json"))
        assert packed.read("dokument/01-redovisning-av-uppfoljning-1-v1.pdf").startswith(b"%PDF")
        assert packed.read("namndens-sida/01-uppfoljning-1-november-2026-27-v1.pdf").startswith(b"%PDF")
        read_me = packed.read("LÄSMIG.txt").decode()
    assert told["matter"]["registration_number"] == "Bun 2026/75" and told["archive_creator"] == "Barn- och utbildningsnämnden"
    listed = {one["file"]: one["sha256"] for one in told["files"]}
    assert set(names) == {*listed, "manifest.json", "LÄSMIG.txt"} and "Bun 2026/75" in read_me
    assert {name.rpartition(".")[2] for name in names if name.startswith("siffror/")} == {"xlsx", "csv", "json"}
    file = queries.file(document, "pdf")
    assert file and file.sha256 in read_me


def test_the_committees_page_that_the_papers_name_lies_in_the_bundle_as_it_was_handed_over(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Each edition of it, with the figures that it stands on."""
    report = world.with_figures(cast)
    matter = matters.under_way(cast, about=report.round)
    document = desk.handed_over(cast, round=report.round, matter=matter)
    assert document.frozen and "Nämndens sida för Uppföljning 1" in str(document.frozen["sections"])
    monkeypatch.setattr(press, "pdf", lambda sheet: repr(sheet).encode())
    with clock.held(clock.now() + timedelta(days=3)):
        world.released(cast, report.round)
        reports.publish(report.round, by=cast.diana)
        got = client("sixten").get(f"/document/matter/{matter.public_id}")
    with zipfile.ZipFile(io.BytesIO(got.data)) as packed:
        pages = [name for name in packed.namelist() if name.startswith("namndens-sida/")]
        told = {one["file"]: one for one in json.loads(packed.read("manifest.json"))["files"]}
        first, second = (packed.read(name).decode() for name in pages)
    assert [told[name]["date"] for name in pages] == ["2026-11-22", "2026-11-25"]
    assert "Utgåva 1, godkänd" in first and "Utgåva 2, godkänd" in second and world.SAID["we_do"] in first
    assert len({name for name in told if name.startswith("siffror/") and name.endswith(".csv")}) == 2


def test_a_draft_is_in_no_bundle_and_on_nobodys_matter(cast: Cast, client: Client) -> None:
    report = world.with_figures(cast)
    matter = matters.under_way(cast, about=report.round)
    desk.begun(cast, report.round, matter=matter, title="Hemligt utkast")
    for who in ("maja", "sixten", "rut"):
        Reader(client(who)).open(f"/matter/matter/{matter.public_id}").sees_not("Hemligt utkast")
    got = client("olle").get(f"/document/matter/{matter.public_id}")
    with zipfile.ZipFile(io.BytesIO(got.data)) as packed:
        assert not any(name.startswith("dokument/") for name in packed.namelist())


def test_a_long_page_asks_the_database_as_often_as_a_short_one(app: Flask, cast: Cast) -> None:
    """Also with remarks, versions and sources: the statements of a document do not grow with what is in it."""
    document = desk.begun(cast)
    before = _statements(app, f"/document/{document.public_id}")
    for one in ("economy", "children_asked", "conclusions", "background", "sent_to"):
        desk.write(document, one, "Mera text.", cast.olle)
    assert _statements(app, f"/document/{document.public_id}") == before


def _statements(app: Flask, address: str) -> int:
    browser = makers.client(app, "olle")
    browser.get(address)
    with asked.statements() as said, app.app_context():
        assert browser.get(address).status_code == 200
    return len(said)
