"""The pages of handovers: from the first word to the look back, as the two units and those above them see them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base.audit import AuditLine
from chain.base.db import db
from chain.handover import actions, queries
from chain.handover import reception_actions as receiving
from chain.handover.models import Handover
from tests import asked, makers
from tests.handover import world
from tests.makers import Cast
from tests.visitors import Reader

WORK = "Gruppen är van vid halvgrupp varje förmiddag."


def page(app: Flask, who: str, address: str) -> tuple[int, str, int]:
    """Status, words and number of statements of a page, opened by itself."""
    with app.app_context():
        browser = makers.client(app, who)
    with app.app_context(), asked.statements() as said:
        answer = browser.get(address)
    return answer.status_code, Reader(browser)._take(answer).text, len(said)


def test_from_the_first_word_to_the_receipt_with_forms_alone(cast: Cast, client: Any) -> None:
    pia = Reader(client("pia")).open("/handover/").sees("Årskurs 6 till årskurs 7").click("Börja en överlämning")
    pia.press("Börja skriva").sees("Något behöver rättas", "Skriv vad gruppen heter", "Välj vilken övergång det gäller.")
    pia.choose("Vilken övergång?", "Årskurs 4 till årskurs 5").fill("Gruppens namn", "Klass 4A").fill("Hur många är de?", "8")
    pia.press("Börja skriva").sees("Bara ni ser den", "Gruppen är liten: 8 elever.", "peka ut någon")
    pia.click("Läs igenom och lämna över").sees("Skriv under ”Så har gruppen arbetat”.", "Välj minst en enhet").sees_not(
        "intygar"
    )
    for title, words in (
        ("Så har gruppen arbetat", WORK),
        ("Arbetssätt som har fungerat", "Par."),
        ("Lärmiljö och anp", "Bild."),
    ):
        pia.click("Klass 4A").click(title).fill("Text", words).press("Spara")
    pia.click("Tillbaka till överlämningen").click("Välj mottagare").press("Välj Ekskolan").sees("Ekskolan är vald som mottagare")
    pia.click("Till överlämningen").click("Språk och flerspråkighet").fill("Text", "Eleven Alva talar arabiska.").press("Spara")
    pia.sees("Skriv om det här innan ni lämnar över", "”Eleven Alva”")
    pia.click("Klass 4A").click("Läs igenom och lämna över").sees("Eleven Alva talar arabiska.").click("Skriv om i Språk")
    pia.fill("Text", "Flera talar arabiska.").press("Spara och visa överlämningen").click("Läs igenom och lämna över")
    pia.press("Lämna över").sees("Läs igenom texten, och intyga").tick("Vi har läst igenom texten.").press("Lämna över")
    pia.sees("Överlämnad. Den ändras inte längre", "Ekskolan", "Inte öppnad än", "Ta tillbaka överlämningen", WORK)
    petra = Reader(client("petra")).open("/").sees("Läs överlämningen från Alskolan").click("Läs överlämningen från Alskolan")
    petra.sees_not(WORK).press("Öppna och läs").sees(WORK, "färre än 10 elever").sees_not("8 elever")
    petra.press("Vi har läst och tagit emot").sees("Alskolan ser att ni har läst", "Läst och mottagen", "Petra Nord")
    petra.fill("Så tar vi vid", "Alvas mamma har ringt oss.").press("Lämna svaret").sees("”Alvas mamma”", "Något behöver rättas")
    petra.fill("Så tar vi vid", "Vi fortsätter med halvgrupper.").fill("Frågor till dem", "Hur delade ni in dem?").press(
        "Lämna svaret"
    )
    pia.open("/handover/").click("Klass 4A").sees("Vi fortsätter med halvgrupper.", "Hur delade ni in dem?")
    pia.fill("Svar på frågorna", "Efter intresse och behov.").press("Svara Ekskolan").sees("Svar från Alskolan")
    linus = Reader(client("linus")).open("/handover/").click("Från Alskolan: Klass 4A").sees(WORK, "Efter intresse och behov.")
    assert not linus.page.select("main form")


def test_what_was_taken_back_leaves_no_trace(cast: Cast, client: Any) -> None:
    made = world.given(cast)
    address = f"/handover/received/{world.came(made).public_id}"
    assert client("petra").get(address).status_code == 200
    Reader(client("pia")).open(f"/handover/{made.public_id}").press("Ta tillbaka överlämningen").sees("är tillbaka hos er")
    Reader(client("pia")).open(f"/handover/{made.public_id}").click("Version 1").sees("Det som lämnades")
    assert client("petra").get(address).status_code == 404
    assert client("pia").post(f"/handover/{made.public_id}/withdraw").status_code == 303, "pressed twice"
    Reader(client("pia")).open(f"/handover/{made.public_id}").press("Kasta utkastet för gott").sees("Utkastet är kastat.")


def test_it_is_sent_back_and_comes_again(cast: Cast, client: Any) -> None:
    made = world.opened(cast)
    address = f"/handover/received/{world.came(made).public_id}"
    petra = Reader(client("petra")).open(address).fill("Vad vill ni veta?", "Hur läser gruppen?").press("Skicka tillbaka")
    petra.sees("är skickad tillbaka", "Hur läser gruppen?")
    pia = Reader(client("pia")).open(f"/handover/{made.public_id}").sees("Hur läser gruppen?").click("Undervisningen i ämnena")
    pia.fill("Text", "Vi läser tyst varje dag.").press("Spara och visa överlämningen").click("Läs igenom och lämna över")
    petra.open(address).sees_not("Vi läser tyst varje dag.")
    pia.tick("Vi har läst igenom texten.").press("Lämna över").sees("Version 2", "Version 1").click("Version 1")
    pia.sees_not("Vi läser tyst varje dag.")
    petra.open(address).press("Öppna och läs").sees("Vi läser tyst varje dag.")


def test_words_that_came_second_are_kept_and_shown_beside(cast: Cast, client: Any) -> None:
    made = world.begun(cast)
    here = f"/handover/{made.public_id}/section/work"
    bo = Reader(client("bo")).open(here)
    Reader(client("pia")).open(here).fill("Text", "Pias ord.").press("Spara")
    bo.fill("Text", "Bos ord.").press("Spara").sees("Två texter i samma avsnitt", "Pias ord.", "Bos ord.")
    bo.press("Spara den hopsatta texten").click("Sparade versioner").sees("Bo Alm", "vek för en annan text")
    saved = client("pia").post(here, data={"text": "Nytt.", "version": "1", "save_key": "k"}, headers={"X-Autosave": "1"})
    assert saved.status_code == 409 and "conflict" in saved.json
    ok = client("pia").post(here, data={"text": "Nytt.", "version": "3", "save_key": "m"}, headers={"X-Autosave": "1"})
    assert ok.status_code == 200 and ok.json["version"] == 4


def test_words_that_come_when_it_has_been_handed_over_are_given_back(cast: Cast, client: Any) -> None:
    made = world.given(cast)
    here = f"/handover/{made.public_id}/section/work"
    late = client("bo").post(here, data={"text": "Bos sena ord.", "version": "1", "save_key": "k"})
    assert late.status_code == 409 and "Bos sena ord." in late.text and "har lämnats över" in late.text
    assert client("bo").get(here).status_code == 303
    assert client("lena").post(here, data={"text": "Lenas ord.", "version": "1"}).status_code == 403


def test_those_above_are_told_that_it_is_done_and_no_word_of_it(app: Flask, cast: Cast) -> None:
    made = world.answered(cast)
    for who in ("arne", "diana", "olle"):
        status, words, _asked = page(app, who, "/handover/overview")
        assert status == 200 and "1 av 2 enheter har lämnat över." in words and "Inte lämnat än: Ekskolan." in words
        assert "Klass 4A" not in words and "halvgrupp" not in words
        for address in (f"/handover/{made.public_id}", f"/handover/received/{world.came(made).public_id}"):
            assert page(app, who, address)[0] == 404
    assert page(app, "asta", "/handover/overview")[1].count("Ekskolan") == 0


@pytest.mark.parametrize("who", ["petra", "linus", "per", "arne", "diana", "maja", "lena"])
def test_two_worlds_with_and_without_a_draft_look_the_same(app: Flask, cast: Cast, who: str) -> None:
    """Neither a draft nor those whom it is meant for, nor what was taken back, can be told from nothing."""
    addresses = ("/", "/handover/", "/handover/overview", "/handover/begin")
    before = {address: page(app, who, address) for address in addresses}
    made = world.written(cast, work="En hemlighet.")
    assert {address: page(app, who, address) for address in addresses} == before
    actions.withdraw(world.give(made, cast.pia), by=cast.pia)
    assert {address: page(app, who, address) for address in addresses} == before


def test_a_page_asks_as_often_however_many_there_are(app: Flask, cast: Cast) -> None:
    def one() -> Handover:
        made = world.give(world.written(cast), cast.pia)
        receiving.receive(receiving.open_(world.came(made), by=cast.petra), by=cast.petra)
        world.written(cast)
        return made

    made = one()
    addresses = {
        "pia": ("/handover/", f"/handover/{made.public_id}", f"/handover/{made.public_id}/section/work"),
        "petra": ("/handover/", f"/handover/received/{world.came(made).public_id}"), "diana": ("/handover/overview",),
    }  # fmt: skip

    def counted() -> dict[tuple[str, str], int]:
        return {(who, address): page(app, who, address)[2] for who, those in addresses.items() for address in those}

    few = counted()
    for _time in range(3):
        one()
    assert counted() == few and max(few.values()) < 16, few
    assert len(queries.given(cast.pia)) == 8


def test_pressed_twice_it_is_done_once(cast: Cast, client: Any) -> None:
    made = world.written(cast)
    here, there = f"/handover/{made.public_id}", f"/handover/received/{world.came(made).public_id}"
    sent = {"confirmed": "y", "version": str(queries.revision(world.fresh(made)))}
    presses = (
        ("pia", f"{here}/give", sent), ("petra", f"{there}/open", {}), ("petra", f"{there}/receive", {}),
        ("petra", f"{there}/answer", {"answer-words": "Vi tar vid i augusti.", "answer-asks": "Hur gick det sedan?"}),
        ("pia", f"{here}/reply/{world.came(made).public_id}", {"words": "Det gick bra."}),
    )  # fmt: skip
    for who, address, words in presses:
        browser = client(who)
        assert [browser.post(address, data=words).status_code for _time in range(2)] == [303, 303], address
    one = world.came(made)
    assert (one.edition, one.state, one.answer, one.reply) == (1, "answered", "Vi tar vid i augusti.", "Det gick bra.")
    acts = db.session.scalars(select(AuditLine.act).where(AuditLine.act.like("handover.%"))).all()
    assert len(acts) == len(set(acts)) == 7
