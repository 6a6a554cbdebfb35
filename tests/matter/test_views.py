"""The decisions' pages: the archive, one decision, the secretary's form."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from chain.matter import queries
from tests.followup import world
from tests.makers import Cast
from tests.matter.test_actions import record

Client = Callable[[str], FlaskClient]
TYPED = {"decided_on": "2026-11-20", "paragraph": "12", "registration_number": "Bun 2026/75", "text": "Nämnden godkänner."}


def test_the_secretary_records_a_decision_about_a_round(cast: Cast, client: Client) -> None:
    november = world.opened(cast)
    browser = client("sixten")
    assert "Uppföljning 1, november 2026/27" in browser.get(f"/matter/record?round={november.public_id}").text
    answer = browser.post("/matter/record", data=TYPED | {"round": november.public_id}, follow_redirects=True)
    assert answer.status_code == 200 and "§ 12, 20 november 2026" in answer.text and "Återkoppla beslutet" in answer.text
    [made] = queries.decisions(cast.sixten)
    assert made.round_id == november.id


def test_each_fault_stands_at_its_field_and_nothing_is_lost(cast: Cast, client: Client) -> None:
    for wrong, field, sentence in (
        ({"paragraph": ""}, "paragraph", "Skriv paragrafen i protokollet"),
        ({"paragraph": "12", "decided_on": "2026-12-24"}, "decided_on", "Den dagen har inte varit än."),
        ({"registration_number": " "}, "registration_number", "Skriv diarienumret"),
        ({"text": ""}, "text", "Skriv beslutet som det står i protokollet."),
    ):
        answer = client("sixten").post("/matter/record", data=TYPED | wrong)
        [said] = BeautifulSoup(answer.text, "html.parser").select(f"#{field}-error")
        assert answer.status_code == 422 and said.get_text().startswith(f"Fel: {sentence}")
        assert all(typed.strip() in answer.text for typed in (TYPED | wrong).values())
    assert not queries.decisions(cast.sixten)


def test_a_correction_says_what_it_corrects_on_both_pages(cast: Cast, client: Client) -> None:
    old = record(cast)
    browser = client("sixten")
    form = browser.get(f"/matter/record?corrects={old.public_id}").text
    assert "Nämnden godkänner redovisningen." in form and "ändras aldrig" in form
    assert browser.post("/matter/record", data=TYPED | {"corrects": old.public_id}).status_code == 303
    assert "Det här beslutet är rättat" in client("lena").get(f"/matter/{old.public_id}").text
    [new] = queries.decisions(cast.sixten)
    assert f"/matter/{new.public_id}" in browser.get(f"/matter/{old.public_id}").text
    assert f"/matter/{old.public_id}" in browser.get(f"/matter/{new.public_id}").text
    archive = client("lena").get("/matter/").text
    assert f"/matter/{new.public_id}" in archive and f"/matter/{old.public_id}" not in archive


def test_everybody_of_the_committee_reads_and_nobody_else(cast: Cast, client: Client) -> None:
    made = record(cast)
    correct = f"/matter/record?corrects={made.public_id}"
    for who in ("sixten", "maja", "rut", "diana", "pia", "lena"):
        page = client(who).get(f"/matter/{made.public_id}").text
        assert "Nämnden godkänner redovisningen." in page and "Bun 2026/75" in page and "§ 12, 20 november 2026" in page
        assert (correct in page) == (who == "sixten")
        assert ("Skriv in ett beslut" in client(who).get("/matter/").text) == (who == "sixten")
    for who in ("viktor", "vera", "stina"):
        assert client(who).get(f"/matter/{made.public_id}").status_code == 404
        assert "§ 12" not in client(who).get("/matter/").text


def test_the_form_is_the_secretarys_alone(cast: Cast, client: Client) -> None:
    for who in ("maja", "diana", "pia"):
        assert client(who).get("/matter/record").status_code == 404
        assert client(who).post("/matter/record", data=TYPED).status_code == 404
    assert not queries.decisions(cast.sixten)
