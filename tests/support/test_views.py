"""The pages of requests: what we ask for, what others ask of us, and the answer."""

import pytest
from sqlalchemy import select

from chain.base.db import db
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.support import actions
from chain.support.models import SupportRequest
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district


@pytest.fixture
def request_(cast: Cast) -> SupportRequest:
    world.opened(cast)
    sent = district.hand_in(cast, "alskolan", support_needed={"items": [{"item": "a", "text": "Handledning i svenska"}]})
    followup.open_(sent, by=cast.arne)
    return db.session.scalars(select(SupportRequest)).one()


def test_it_stands_on_both_sides_until_it_is_answered(client, request_: SupportRequest) -> None:
    for who in ("pia", "arne"):
        assert "Handledning i svenska" in client(who).get("/support/").text
        assert "Handledning i svenska" in client(who).get(f"/support/{request_.public_id}").text


@pytest.mark.parametrize("who", ["petra", "asta", "diana", "olle", "maja", "lena", "stina"])
def test_others_do_not_know_of_it(client, request_: SupportRequest, who: str) -> None:
    address = f"/support/{request_.public_id}"
    assert client(who).get(address).status_code == 404
    assert client(who).post(f"{address}/answer", data={"state": "granted"}).status_code == 404
    listed = client(who).get("/support/")
    assert listed.status_code == (404 if who == "stina" else 200)
    assert "Handledning i svenska" not in listed.text and address not in listed.text
    assert request_.state == "open"


def test_it_is_not_there_for_anybody_above_before_the_follow_up_is_opened(client, cast: Cast) -> None:
    world.opened(cast)
    district.hand_in(cast, "alskolan", support_needed={"items": [{"item": "a", "text": "Handledning i svenska"}]})
    one = db.session.scalars(select(SupportRequest)).one()
    assert "läses när någon ovanför öppnar" in client("pia").get(f"/support/{one.public_id}").text
    for who in ("arne", "diana"):
        assert client(who).get(f"/support/{one.public_id}").status_code == 404
        assert "Handledning i svenska" not in client(who).get("/support/").text + client(who).get("/").text


def test_the_answer_reaches_whoever_asked(client, request_: SupportRequest) -> None:
    address = f"/support/{request_.public_id}"
    assert client("pia").post(f"{address}/answer", data={"state": "granted"}).status_code == 403
    assert "Lämna svaret" not in client("pia").get(address).text and "Lämna svaret" in client("arne").get(address).text
    empty = client("arne").post(f"{address}/answer", data={})
    assert empty.status_code == 422 and "Välj vad svaret är." in empty.text
    no = client("arne").post(f"{address}/answer", data={"state": "refused", "answer": "Nej"})
    assert no.status_code == 422 and "Skriv varför det blir nej." in no.text
    assert client("arne").post(f"{address}/answer", data={"state": "granted", "answer": "Fyra gånger."}).status_code == 303
    page = client("pia").get(address).text
    assert "Fyra gånger." in page and "Beviljat" in page
    assert "Lämna svaret" not in client("arne").get(address).text


def test_the_follow_up_shows_what_became_of_it(client, cast: Cast, request_: SupportRequest) -> None:
    actions.answer(request_, state="granted", text="Fyra gånger i höst.", by=cast.arne)
    mine = world.followup(cast, "pia")
    page = client("pia").get(f"/followup/{mine.public_id}").text
    assert "Det vi har bett om" in page and "Fyra gånger i höst." in page


def test_the_committee_is_not_offered_a_level_above(client, cast: Cast) -> None:
    world.opened(cast)
    district.hand_in(cast, "fvn", support_needed={"items": [{"item": "a", "text": "Medel till speciallärare"}]})
    one = db.session.scalars(select(SupportRequest)).one()
    page = client("sixten").get(f"/support/{one.public_id}").text
    assert "Medel till speciallärare" in page and "taken_up" not in page and "granted" in page
    assert "Medel till speciallärare" in client("maja").get("/support/").text
    assert client("maja").post(f"/support/{one.public_id}/answer", data={"state": "granted"}).status_code == 403
    assert one.state == "open"


def test_the_round_is_named(client, request_: SupportRequest) -> None:
    found: Round = request_.round
    assert found.title == "Uppföljning 1, november" and found.title in client("arne").get("/support/").text


def test_what_was_answered_long_ago_is_folded_and_what_waits_never_is(client, cast: Cast) -> None:
    world.opened(cast)
    asked = {"items": [{"item": str(n), "text": f"Handledning {n}"} for n in range(13)]}
    followup.open_(district.hand_in(cast, "alskolan", support_needed=asked), by=cast.arne)
    assert "<details><summary>" not in client("arne").get("/support/").text.partition("<main")[2]
    for one in db.session.scalars(select(SupportRequest).where(SupportRequest.item != "0")).all():
        actions.answer(one, state="granted", text="Ja, i mars.", by=cast.arne)
    page = client("arne").get("/support/").text
    shown, _summary, folded = page.partition("<summary>3 äldre som har fått svar</summary>")
    assert "Handledning 0" in shown and folded.partition("</details>")[0].count("/support/") == 3
