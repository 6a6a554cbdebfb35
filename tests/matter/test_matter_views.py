"""The pages of matters, assignments and meetings, from the form to what others then read."""

from collections.abc import Callable
from datetime import date

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from chain.base.db import db
from chain.matter import assignment_queries, matter_queries, meeting_queries, queries
from chain.matter.models import Matter
from tests import asked
from tests.followup import world
from tests.makers import Cast
from tests.matter import desk

Client = Callable[[str], FlaskClient]
DECEMBER = date(2026, 12, 16)


def error(text: str, field: str) -> str:
    """What stands at a field as its fault."""
    [said] = BeautifulSoup(text, "html.parser").select(f"#{field}-error")
    return said.get_text()


def buttons(text: str) -> set[str]:
    return {one.get_text(strip=True) for one in BeautifulSoup(text, "html.parser").select("main button")}


def only() -> Matter:
    return db.session.query(Matter).one()


def test_a_matter_goes_from_the_secretary_to_the_director_and_the_officer_by_buttons(cast: Cast, client: Client) -> None:
    typed = {
        "title": "Karriärtjänster",
        "why": "Nämnden frågar.",
        "opened_on": "2026-11-20",
        "registration_number": "Bun 2018/75",
    }
    assert client("sixten").post("/matter/matters/open", data=typed).status_code == 303
    address = f"/matter/matter/{only().public_id}"
    assert "Fördela ärendet" in buttons(client("diana").get(address).text)
    assert not {"Fördela ärendet", "Börja bereda"} & buttons(client("olle").get(address).text)
    who = f"officer@{cast.unit['fvn'].public_id}"
    assert client("diana").post(f"{address}/assign", data={"assign-responsible": who}).status_code == 303
    assert client("olle").post(f"{address}/act", data={"act": "begin"}).status_code == 303
    page = client("olle").post(f"{address}/act", data={"act": "write"}, follow_redirects=True).text
    assert "Ärendet är nu klart för nämnden." in page
    page = client("maja").get(address).text
    assert "Klart för nämnden" in page and "Ansvarig: utredare" in page and not buttons(page)


def test_what_is_wrong_with_a_matter_stands_at_its_field_and_nothing_is_lost(cast: Cast, client: Client) -> None:
    desk.opened(cast, "Den första", registration_number="Bun 2018/75")
    typed = {"title": "Den andra", "why": "Nämnden frågar.", "opened_on": "2026-11-20", "registration_number": "Bun 2018/75"}
    answer = client("olle").post("/matter/matters/open", data=typed)
    assert answer.status_code == 422 and "redan ärendet ”Den första”" in error(answer.text, "registration_number")
    assert "Den andra" in answer.text and "Nämnden frågar." in answer.text
    answer = client("olle").post("/matter/matters/open", data=typed | {"opened_on": "igår", "why": ""})
    assert "Skriv dagen" in error(answer.text, "opened_on") and "Skriv varför" in error(answer.text, "why")


def test_a_reason_that_is_missing_is_asked_for_where_it_is_written(cast: Cast, client: Client) -> None:
    matter = desk.under_way(cast)
    answer = client("sixten").post(f"/matter/matter/{matter.public_id}/act", data={"act": "write_off", "words": " "})
    assert answer.status_code == 422 and "Skriv varför" in error(answer.text, "words")
    assert client("sixten").post(f"/matter/matter/{matter.public_id}/act", data={"act": "decide"}).status_code == 422
    assert client("sixten").post(f"/matter/matter/{matter.public_id}/act", data={"act": "begin"}).status_code == 422


def test_a_calendar_begins_with_the_days_of_the_rounds_and_takes_a_years_at_once(cast: Cast, client: Client) -> None:
    november = world.opened(cast)
    browser = client("sixten")
    form = browser.get("/matter/meetings/plan").text
    assert str(november.meets_on) in form and "Uppföljning 1, november" in browser.get("/matter/meetings").text
    typed = {"days": "2026-12-16\n2027-01-20", "begins_at": "13.00", "place": "Stadshuset", "papers_before": "10"}
    wrong = browser.post("/matter/meetings/plan", data=typed | {"days": "2026-12-16\nonsdag"})
    assert wrong.status_code == 422 and "”onsdag” är ingen dag" in error(wrong.text, "days") and "Stadshuset" in wrong.text
    wrong = browser.post("/matter/meetings/plan", data=typed | {"begins_at": "på kvällen"})
    assert "13.00" in error(wrong.text, "begins_at")
    page = browser.post("/matter/meetings/plan", data=typed, follow_redirects=True).text
    assert "Onsdag 16 december 2026" in page and "klockan 13.00" in page and "handlingar senast 4 dec" in page
    assert "Lägg in" not in client("maja").get("/matter/meetings").text
    assert client("maja").get("/matter/meetings/plan").status_code == 404


def test_an_agenda_is_ordered_by_buttons_and_a_matter_moved_on(cast: Cast, client: Client) -> None:
    december, january = desk.met(cast, DECEMBER, date(2027, 1, 20))
    first, second = desk.opened(cast, "Ett"), desk.opened(cast, "Två")
    browser, address = client("sixten"), f"/matter/meeting/{december.public_id}/agenda"
    for matter in (first, second):
        assert browser.post(address, data={"act": "put", "matter": matter.public_id}).status_code == 303
    browser.post(address, data={"act": "up", "matter": second.public_id})
    page = browser.get(f"/matter/meeting/{december.public_id}").text
    assert page.index("Två") < page.index("Ett</a>")
    page = browser.post(address, data={"act": "next", "matter": first.public_id}, follow_redirects=True).text
    assert "flyttat till sammanträdet 20 januari 2027" in page and "Flyttade ärenden" in page
    refused = browser.post(address, data={"act": "up", "matter": desk.opened(cast, "Tre").public_id})
    assert refused.status_code == 422 and "står inte på dagordningen" in refused.text
    assert [one.matter_id for one in meeting_queries.agenda(january)] == [first.id]
    assert client("maja").post(address, data={"act": "up", "matter": first.public_id}).status_code == 403
    assert "Upp" not in buttons(client("maja").get(f"/matter/meeting/{december.public_id}").text)


def test_what_was_decided_before_the_day_stood_in_the_calendar_is_found_by_it(cast: Cast, client: Client) -> None:
    desk.decided(cast, None, "7")
    [friday] = desk.met(cast, desk.DAY)
    page = client("maja").get(f"/matter/meeting/{friday.public_id}").text
    assert "Beslut den dagen" in page and "Beslut § 7" in page and "Nämnden godkänner redovisningen." in page


def test_papers_that_are_late_are_told_on_the_agenda(cast: Cast, client: Client) -> None:
    [december] = desk.met(cast, date(2026, 11, 25), papers_before=5)
    matter = desk.under_way(cast)
    client("sixten").post(f"/matter/meeting/{december.public_id}/agenda", data={"act": "put", "matter": matter.public_id})
    for who in ("sixten", "diana"):
        page = client(who).get(f"/matter/meeting/{december.public_id}").text
        assert "Ett ärende på dagordningen är inte klart, och handlingarna skulle vara klara 20 november 2026." in page


def test_a_meeting_is_changed_and_cancelled_from_its_page(cast: Cast, client: Client) -> None:
    december, _january = desk.met(cast, DECEMBER, date(2027, 1, 20))
    browser, address = client("sixten"), f"/matter/meeting/{december.public_id}"
    typed = {"held_on": "2026-12-17", "begins_at": "9", "place": "Aulan", "papers_by": "2026-12-20", "version": "1"}
    wrong = browser.post(f"{address}/change", data=typed)
    assert wrong.status_code == 422 and "före sammanträdet" in error(wrong.text, "papers_by")
    page = browser.post(f"{address}/change", data=typed | {"papers_by": "2026-12-10"}, follow_redirects=True).text
    assert "Torsdag klockan 09.00 · Aulan" in page
    assert browser.post(f"{address}/cancel", data={"reason": ""}).status_code == 422
    page = browser.post(f"{address}/cancel", data={"reason": "Snöstorm."}, follow_redirects=True).text
    assert "Snöstorm." in page and "Håll det ändå" in buttons(page)
    assert "Planerat" in browser.post(f"{address}/restore", follow_redirects=True).text


def test_one_form_records_the_decision_judges_the_report_gives_an_assignment_and_tells_below(cast: Cast, client: Client) -> None:
    reported = desk.given(cast, desk.opened(cast, "Gav"), "Beskriv effekten.")
    answers = desk.under_way(cast, "Svar", registration_number="Bun 2018/75")
    page = client("olle").get(f"/matter/assignment/{reported.public_id}").text
    assert "Svar" in page
    told = {"act": "report", "matter": answers.public_id, "words": "Se tjänsteskrivelsen."}
    assert client("olle").post(f"/matter/assignment/{reported.public_id}/answer", data=told).status_code == 303
    browser = client("sixten")
    page = browser.get(f"/matter/record?matter={answers.public_id}").text
    assert 'value="Bun 2018/75"' in page and "Beskriv effekten." in page and "Återkoppla nedåt i samma steg" in page
    typed = {
        "decided_on": "2026-11-20", "paragraph": "30", "registration_number": "Bun 2018/75", "text": "att godkänna",
        "matter": answers.public_id, "outcome": "decide", "verdicts-0-name": reported.public_id, "verdicts-0-verdict": "approve",
        "asks-0-text": "", "asks-1-text": "att ta fram en rutin", "asks-1-due_on": "2027-05-01",
        "feedback-text": "Berätta hur ni gör.",
    }  # fmt: skip
    wrong = browser.post("/matter/record", data=typed | {"asks-1-due_on": "2026-01-01", "feedback-due_on": "2020-01-01"})
    assert wrong.status_code == 422 and "Välj en senare dag" in error(wrong.text, "asks-1-due_on")
    wrong = browser.post("/matter/record", data=typed | {"feedback-due_on": "2020-01-01"})
    assert wrong.status_code == 422 and "Dagen har redan varit" in error(wrong.text, "feedback-due_on")
    summary = BeautifulSoup(wrong.text, "html.parser").select(".ds-error-summary a")
    assert [one["href"] for one in summary] == ["#feedback-due_on"] and "Berätta hur ni gör." in wrong.text
    wrong = browser.post("/matter/record", data=typed | {"verdicts-0-verdict": "send_back"})
    assert "Skriv varför" in error(wrong.text, "verdicts-0-words")
    page = browser.post("/matter/record", data=typed, follow_redirects=True).text
    assert "att ta fram en rutin" in page and "Uppdrag som beslutet avslutade" in page and "Berätta hur ni gör." in page
    [made] = [one for one in queries.decisions(cast.maja) if one.paragraph == "§ 30"]
    assert made.matter is not None and "Berätta hur ni gör." in client("diana").get("/feedback/").text
    assert "att ta fram en rutin" not in client("pia").get(f"/matter/{made.public_id}").text  # the decision alone, as before


def test_the_late_are_told_in_a_sentence_to_the_committee_and_to_the_administration(cast: Cast, client: Client) -> None:
    desk.given(cast, desk.opened(cast), "Beskriv effekten.", date(2026, 11, 21))
    sentence = "Ett uppdrag är försenat: § 12, 20 november 2026 skulle ha återrapporterats 21 november 2026, för en dag sedan."
    for who in ("maja", "sixten", "rut", "diana", "olle"):
        for page in ("/matter/", "/matter/assignments"):
            found = client(who).get(page).text
            assert sentence in found and "gavs för 2 dagar sedan" in found
    assert "Beskriv effekten." not in client("pia").get("/matter/").text
    assert client("pia").get("/matter/assignments").status_code == 404


def test_an_assignment_is_answered_and_kept_from_its_page_with_the_faults_at_their_fields(cast: Cast, client: Client) -> None:
    assignment = desk.given(cast, desk.opened(cast))
    address = f"/matter/assignment/{assignment.public_id}"
    wrong = client("olle").post(f"{address}/answer", data={"act": "report", "words": "Klart."})
    assert wrong.status_code == 422 and "Välj ärendet" in error(wrong.text, "matter") and "Klart." in wrong.text
    wrong = client("sixten").post(f"{address}/keep", data={"act": "extend", "due_on": "2027-01-01", "words": ""})
    assert wrong.status_code == 422 and "Skriv varför" in error(wrong.text, "words")
    wrong = client("sixten").post(f"{address}/keep", data={"act": "extend", "due_on": "snart", "words": "Mer tid."})
    assert wrong.status_code == 422 and "2026-12-24" in error(wrong.text, "due_on")
    kept = {"act": "extend", "due_on": "2027-01-01", "words": "Nämnden gav mer tid."}
    page = client("sixten").post(f"{address}/keep", data=kept, follow_redirects=True).text
    assert "1 januari 2027" in page and "Nämnden gav mer tid." in page
    form = client("olle").get(f"/matter/matters/open?answers={assignment.public_id}").text
    assert "Återrapportering: Karriärtjänster" in form
    typed = {"title": "Svar", "why": "Uppdraget.", "opened_on": "2026-11-22", "answers": assignment.public_id}
    assert client("olle").post("/matter/matters/open", data=typed).status_code == 303
    [found] = assignment_queries.waiting(cast.maja)
    assert found.answered_in is not None and found.answered_in.title == "Svar"


def test_one_more_assignment_is_added_to_a_decision(cast: Cast, client: Client) -> None:
    decision = desk.decided(cast, desk.opened(cast))
    address = f"/matter/{decision.public_id}"
    assert client("sixten").post(f"{address}/ask", data={"text": " "}).status_code == 422
    page = (
        client("sixten").post(f"{address}/ask", data={"text": "att redovisa", "due_on": "2027-01-01"}, follow_redirects=True).text
    )
    assert "att redovisa" in page and "senast 1 januari 2027" in page
    assert client("maja").post(f"{address}/ask", data={"text": "att"}).status_code == 403


def test_the_tables_go_out_as_files_and_nothing_in_them_is_a_formula(cast: Cast, client: Client) -> None:
    matter = desk.opened(cast, "=HYPERLINK(1)", registration_number="@Bun 1")
    desk.given(cast, matter, "+1 tjänst", date(2027, 1, 1))
    desk.met(cast, DECEMBER, place="-Aulan")
    for page, inert in (("matters", "'=HYPERLINK(1)"), ("assignments", "'+1 tjänst"), ("meetings", "'-Aulan")):
        answer = client("maja").get(f"/matter/{page}?as=csv")
        assert answer.mimetype == "text/csv" and inert in answer.text
        assert client("maja").get(f"/matter/{page}?as=json").status_code == 200
        assert client("maja").get(f"/matter/{page}?as=pdf").status_code == 404
        assert client("pia").get(f"/matter/{page}?as=csv").status_code == 404


def statements(browser: FlaskClient, address: str) -> int:
    with asked.statements() as said:
        assert browser.get(address).status_code == 200
    return len(said)


def test_the_pages_ask_as_often_however_much_there_is(cast: Cast, client: Client) -> None:
    [december] = desk.met(cast, DECEMBER)
    first = desk.under_way(cast, "Ärende 0")

    def more(number: int) -> None:
        matter = desk.under_way(cast, f"Ärende {number}", follows=first)
        desk.given(cast, first, f"Uppdrag {number}", date(2026, 11, 21), paragraph=str(number))
        client("sixten").post(f"/matter/meeting/{december.public_id}/agenda", data={"act": "put", "matter": matter.public_id})

    pages = ["/matter/", "/matter/matters", "/matter/assignments", "/matter/meetings", f"/matter/meeting/{december.public_id}",
             f"/matter/matter/{first.public_id}", "/matter/record"]  # fmt: skip
    more(1)
    before = [statements(client("sixten"), page) for page in pages]
    for number in range(2, 6):
        more(number)
    assert [statements(client("sixten"), page) for page in pages] == before
    assert len(matter_queries.matters(cast.maja)) == 6
