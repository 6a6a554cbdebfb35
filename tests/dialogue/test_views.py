"""The pages of quality dialogues, by HTML alone: both sides from the invitation to what came of it, and what each may see."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle import queries as cycle_queries
from chain.cycle.models import Round
from chain.dialogue import agreement_queries
from chain.dialogue.models import Agreement, Dialogue
from chain.measure.models import Measure
from chain.organisation import actions as organisation
from tests import makers
from tests.dialogue import world
from tests.dialogue.test_pack import statements
from tests.followup import world as followups
from tests.makers import Cast
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]
MEASURES = "Nya åtgärder för kvartalet"


@pytest.fixture
def reader(app: Flask) -> Callable[[str], Reader]:
    return lambda who: Reader(makers.client(app, who))


def test_a_dialogue_from_the_call_to_the_measure_without_scripts(cast: Cast, reader: Callable[[str], Reader]) -> None:
    november = followups.opened(cast)
    world.read_in(cast, november)
    olle = reader("olle").open("/dialogue/").sees("Ingen dialog är planerad", "Ekskolan", "Havets förskola")
    olle.click("Kalla till en dialog").choose("Enhet", "Alskolan").press("Fortsätt")
    olle.sees("Kalla Alskolan").fill("Dag", "2026-12-14").press("Kalla").sees("Skriv när dialogen börjar, som 13.00.")
    olle.fill("Klockan", "13").tick("Diana Holm, förvaltningschef").press("Kalla")
    olle.sees("Alskolan är kallad till dialog 14 december 2026.")
    pia = reader("pia").open("/").sees("Förbered kvalitetsdialogen 14 december 2026")
    pia.click("Förbered kvalitetsdialogen").click("Förbered dialogen")
    pia.fill("Det här vill vi ta upp", world.OWN).press("Spara").sees("Sparat.")
    olle.open("/dialogue/").click("Alskolan").sees("har inte lämnat över").sees_not(world.OWN)
    pia.press("Lämna över underlaget").sees("Underlaget är överlämnat", world.OWN, "50 % (12 av 24)", "14 av 24 når E.")
    olle.open("/dialogue/").click("Alskolan").click("Läs underlaget").sees(world.OWN, "Kontrollsumma")
    with clock.held(clock.at(world.DAY, 13)):
        meet(reader("olle"), reader("pia"))
    _follow_up(cast, november, reader)


def meet(olle: Any, pia: Any) -> None:
    """The day itself, by two visitors: notes, an agreement on either side, and both agree."""
    olle.open("/").sees("Håll kvalitetsdialogen med Alskolan").click("Håll kvalitetsdialogen").press("Börja dialogen")
    olle.click("Resultat och utveckling").fill("Anteckningar", world.NOTED).press("Spara och gå till Analys av orsaker")
    olle.sees("Analys av orsaker").click("Tillbaka till dialogen").sees("Räkningen gör det inte.")
    olle.fill("Vad är ni överens om?", "Läsa varje dag").press("Skriv in").sees("Välj en ansvarig person")
    olle.choose("Vem gör det?", "Alskolan").choose("Ansvarig", "Pia Östlund").press("Skriv in")
    olle.fill("Vad är ni överens om?", "Ge handledning").choose("Vem gör det?", "Barn- och utbildningsförvaltningen")
    olle.choose("Ansvarig", "Olle Sand").press("Skriv in").press("Föreslå anteckningarna").sees("Väntar på den andra sidan")
    pia.open("/").click("Läs och godkänn anteckningarna").sees("Olle Sand har föreslagit anteckningarna")
    pia.press("Godkänn anteckningarna").sees("Båda sidor har godkänt", "Den föreslås som åtgärd i er nästa uppföljning")


def _follow_up(cast: Cast, november: Round, reader: Callable[[str], Reader]) -> None:
    with clock.held(clock.at(date(2027, 1, 12))):
        cycle.open_round(november.year.rounds[1], by=cast.diana)
        pia = reader("pia").open("/")
        mine = followups.followup(cast, "pia")
        pia.open(f"/followup/{mine.public_id}/section/measures").sees("Det ni har kommit överens om", "Läsa varje dag")
        pia.press("Ta in som åtgärd").sees("Från kvalitetsdialogen 14 december 2026").sees_not("Det ni har kommit överens om")
        db.session.rollback()  # what the pages have written is read
        row = _row(cast)
        agreement = agreement_queries.told(db.session.scalars(db.select(Dialogue)).one())[0].agreement
        assert (row["item"], row["problem"], row["responsible"]) == (
            agreement.public_id, "Läsa varje dag", cast.pia.person.public_id,
        )  # fmt: skip
        followups.hand_in(mine, cast.pia, measures={"items": [{**row, "sign": "De läser med flyt"}]})
        measure = db.session.scalars(db.select(Measure).where(Measure.item == agreement.public_id)).one()
        reader("pia").open(f"/measure/{measure.public_id}").click("Från kvalitetsdialogen 14 december 2026").sees(
            "En åtgärd hos enheten"
        )
        reader("pia").open(f"/followup/{mine.public_id}").sees_not("Det ni har kommit överens om")
        olle = reader("olle").open("/").sees("Säg vad det blev av: Ge handledning").click("Säg vad det blev av")
        olle.fill("Vad blev det av det?", "Handledningen är klar.").press("Spara").sees("Handledningen är klar.")
        olle.sees("Avsluta dialogen").sees("Ge återkoppling")


def _row(cast: Cast) -> dict[str, str]:
    mine = followups.followup(cast, "pia")
    section = followups.queries.section(mine, "measures")
    assert section is not None
    return next(row for row in section.answer["items"] if row["problem"])


def test_the_unit_proposes_another_day_and_the_meeting_is_moved(cast: Cast, reader: Callable[[str], Reader]) -> None:
    dialogue = world.planned(cast)
    pia = reader("pia").open(f"/dialogue/{dialogue.public_id}").press("Skicka förslaget").sees("Skriv några ord")
    pia.fill("words", "Kan vi ses den 16?").press("Skicka förslaget").sees("Förslaget är skickat.", "Kan vi ses den 16?")
    olle = (
        reader("olle").open("/").click("Alskolan föreslår något annat").click("Ändra eller ställ in").sees("Kan vi ses den 16?")
    )
    olle.fill("Dag", "2026-11-01").press("Spara").sees("Den dagen har redan varit.")
    olle.fill("Dag", "2026-12-16").fill("Dagordning, en rubrik på varje rad", "Åtgärder\nTrygghet").press("Spara")
    olle.sees("Onsdag 16 december 2026 klockan 13.00", "Trygghet").sees_not("Enheten föreslår")
    olle.click("Ändra eller ställ in").fill("words", "Skolan flyttar.").press("Ställ in dialogen")
    olle.sees("Dialogen är inställd.", "Skolan flyttar.")


def test_an_agreement_is_changed_and_taken_away_on_its_page(cast: Cast, reader: Callable[[str], Reader]) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        world.agree_to(cast, dialogue)
        pia = reader("pia").open(f"/dialogue/{dialogue.public_id}").click("Ändra eller ta bort")
        pia.fill("Vad är ni överens om?", "").press("Spara").sees("Skriv vad ni är överens om.")
        pia.fill("Vad är ni överens om?", "Läsa två gånger").press("Spara").sees("Överenskommelsen är ändrad.")
        pia.click("Ändra eller ta bort").press("Ta bort den").sees("Inget är inskrivet än.").sees_not("Läsa två gånger")


def test_feedback_after_the_dialogue_is_given_to_the_unit(cast: Cast, reader: Callable[[str], Reader]) -> None:
    dialogue = world.agreed(cast)
    olle = reader("olle").open(f"/dialogue/{dialogue.public_id}").click("Ge återkoppling")
    olle.sees("Kvalitetsdialogen 14 december 2026 med Alskolan").fill("text", "Tack för ett bra samtal.").press("Skicka")
    pia = reader("pia").open(f"/dialogue/{dialogue.public_id}").sees("Tack för ett bra samtal.").sees_not("Ge återkoppling")
    pia.click("Tack för ett bra samtal.").sees("Kvalitetsdialogen 14 december 2026 med Alskolan")


def test_an_officer_who_takes_no_part_sees_that_it_is_planned_and_nothing_more(cast: Cast, client: Client) -> None:
    dialogue = world.planned(cast, place="Lärarrummet")
    page = client("olga").get("/dialogue/").text
    assert "Alskolan" in page and dialogue.public_id not in page and "Lärarrummet" not in page
    assert client("olga").get(f"/dialogue/{dialogue.public_id}").status_code == 404
    for who in ("maja", "sixten", "rut", "lena"):
        assert client(who).get("/dialogue/").status_code == 404


def test_the_calendar_names_those_without_one_by_name_and_the_year_is_chosen(cast: Cast, client: Client) -> None:
    world.planned(cast)
    page = client("diana").get("/dialogue/").text
    assert page.index("Enheter utan dialog") < page.index("Ekskolan") < page.index("Havets förskola")
    assert client("diana").get("/dialogue/?year=2019/20").status_code == 404
    rows = client("diana").get("/dialogue/?as=csv").text
    assert "Alskolan" in rows and "ingen dialog i år" in rows
    assert "Alskolan" in client("pia").get("/dialogue/?as=csv").text


def test_two_texts_side_by_side_and_joined(cast: Cast, client: Client) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        address = f"/dialogue/{dialogue.public_id}/write/results"
        assert client("pia").post(address, data={"text": "Pias text.", "version": "1", "save_key": "a" * 32}).status_code == 303
        sent = {"text": "Olles text.", "version": "1", "save_key": "b" * 32}
        told = client("olle").post(address, data=sent, headers={"X-Autosave": "1"})
        assert told.status_code == 409
        page = client("olle").get(told.json["conflict"]).text
        assert "Pias text.\n\nOlles text." in page.replace("\r", "") and "Sparad åt sidan: Olle Sand" in page
        saved = client("olle").post(address, data={**sent, "version": "2", "save_key": "c" * 32}, headers={"X-Autosave": "1"})
        assert saved.status_code == 200 and saved.json["version"] == 3
        assert "Pias text." in client("pia").get(address.replace("write", "versions")).text


def test_what_was_written_too_late_is_shown_to_be_copied(cast: Cast, client: Client) -> None:
    dialogue = world.agreed(cast)
    late = client("pia").post(f"/dialogue/{dialogue.public_id}/write/results", data={"text": "För sent.", "version": "1"})
    assert late.status_code == 409 and "För sent." in late.text


def test_the_units_draft_is_hidden_from_the_other_side(cast: Cast, client: Client) -> None:
    dialogue = world.planned(cast)
    world.write(dialogue, "own-words", world.OWN, cast.bo)
    for page in ("write", "versions", "conflict"):
        assert client("olle").get(f"/dialogue/{dialogue.public_id}/{page}/own-words").status_code == 404
    assert client("olle").get(f"/dialogue/{dialogue.public_id}/prepare").status_code == 403
    assert world.OWN in client("bo").get(f"/dialogue/{dialogue.public_id}/prepare").text


def test_headings_and_agreements_that_cannot_be_are_refused_with_what_was_typed(cast: Cast, client: Client) -> None:
    page = client("olle").post("/dialogue/agenda", data={"agenda": "x" * 121})
    assert page.status_code == 422 and "x" * 121 in page.text and "högst 120 tecken" in page.text
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        sent = {"agree-text": "Läsa varje dag", "agree-side": "unit", "agree-responsible": cast.olle.public_id}
        page = client("olle").post(f"/dialogue/{dialogue.public_id}/agreements", data=sent)
        assert page.status_code == 422 and "Läsa varje dag" in page.text and "samma sida" in page.text


def test_a_button_that_does_nothing_now_says_so(cast: Cast, client: Client) -> None:
    dialogue = world.planned(cast)
    address = f"/dialogue/{dialogue.public_id}/act"
    for act, status in (("close", 422), ("nothing", 422), ("hold", 422)):
        assert client("olle").post(address, data={"act": act, "words": "x"}).status_code == status
    cancel = client("olle").post(address, data={"act": "cancel", "words": " "})
    assert cancel.status_code == 422 and "Ställ in dialogen" in cancel.text


def test_however_many_there_are_the_pages_take_as_many_statements(cast: Cast, client: Client) -> None:
    first = world.agreed(cast)
    one = f"/dialogue/{first.public_id}"
    pages = [
        ("diana", "/dialogue/"), ("pia", "/dialogue/"), ("pia", one), ("olle", one), ("pia", f"{one}/pack"), ("olle", "/"),
        ("pia", "/"),
    ]  # fmt: skip
    browsers = {who: client(who) for who, _page in pages}

    def counted() -> list[int]:
        for who, page in pages:
            assert browsers[who].get(page).status_code == 200
        return [statements(lambda who=who, page=page: browsers[who].get(page)) for who, page in pages]

    before = counted()
    for days in (2, 4, 6):
        world.planned(cast, held_on=world.DAY + timedelta(days=days))
        organisation.add_unit(cast.unit["norr"], name=f"Skola {days}", level="unit", by=None)
    assert counted() == before


def test_until_when_something_was_agreed_is_told_by_the_rounds_name_also_when_it_is_over(cast: Cast, client: Client) -> None:
    dialogue = world.agreed(cast)
    for one in db.session.scalars(select(Agreement)):
        one.due_year, one.due_number = "2026/27", 1  # it was agreed in the year before, until what is now
    db.session.commit()
    for page in (f"/dialogue/{dialogue.public_id}", f"/dialogue/{dialogue.public_id}/edition/1"):
        told = client("pia").get(page).text
        assert "2026/27:" not in told and "till Uppföljning" in told, page
    assert "till Uppföljning 1, november 2026/27" in client("pia").get(f"/dialogue/{dialogue.public_id}").text
    assert cycle_queries.due_names(dialogue.path, ["2031/32:1", "2026/27:9"]) == {
        "2031/32:1": "Uppföljning 1, november 2031/32", "2026/27:9": "9 2026/27",
    }  # fmt: skip
