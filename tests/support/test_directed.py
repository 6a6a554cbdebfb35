"""Directed support: asked for or offered, decided from above, and what came of it told by both sides."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chain.base import clock
from chain.base.errors import NotAllowed, RuleBroken
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate
from chain.support import directed_actions, directed_rules
from chain.support.directed_models import Directed
from chain.support.directed_rules import Facts
from tests.home.reading import home
from tests.makers import Cast

Client = Callable[[str], FlaskClient]
NEED = "Tre vikarier och ingen som håller i läsningen."


# The table


@pytest.mark.parametrize(
    ("act", "state", "facts", "side", "field"),
    [
        ("request", "[*]", Facts(words="Hjälp"), "unit", "words"),
        (
            "decide", "requested",
            Facts(words="En lärare", starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 1)), "above", "given_by",
        ),
        ("decide", "requested", Facts(words="En speciallärare", person=True), "above", "ends_on"),
        (
            "decide", "requested",
            Facts(words="En lärare", person=True, starts_on=date(2027, 6, 2), ends_on=date(2027, 6, 1)), "above", "ends_on",
        ),
        ("refuse", "offered", Facts(), "unit", "words"),
        ("pass_on", "requested", Facts(words="Vi kan inte"), "above", "words"),
        ("request", "[*]", Facts(words="Vi behöver " + "x" * 5000), "unit", "words"),
        ("tell", "decided", Facts(words="Det gav lugn", starts_on=date(2027, 6, 2), today=date(2027, 6, 1)), "unit", "words"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(app: Flask, act: str, state: str, facts: Facts, side: str, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        directed_rules.move(act, state, facts, side=side)
    assert field in refused.value.problems


def test_the_level_above_may_decide_what_the_unit_has_said_no_to() -> None:
    facts = Facts(words="En lärare", person=True, starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 1))
    assert directed_rules.move("decide", "turned_down", facts, side="above").state == "decided"


@pytest.mark.parametrize("state", ["declined", "withdrawn", "ended"])
def test_nothing_is_done_with_what_is_over(state: str) -> None:
    assert directed_rules.possible(state, side="unit above begun") == []


# What is done


def asked(cast: Cast) -> Directed:
    return directed_actions.begin(cast.unit["alskolan"], need=NEED, type="development", by=cast.pia)


def offered(cast: Cast) -> Directed:
    return directed_actions.begin(cast.unit["alskolan"], need=NEED, type="development", by=cast.diana)


def do(one: Directed, act: str, by: Mandate, **said: Any) -> Directed:
    said.setdefault("words", "En utvecklingsledare två dagar i veckan.")
    return directed_actions.act(one, act, version=one.version, by=by, **said)


def decide(one: Directed, by: Mandate, giver: Mandate, days: int = 30) -> Directed:
    today = clock.today()
    return do(one, "decide", by, given_by=giver, starts_on=today, ends_on=today + timedelta(days=days))


def test_from_a_request_to_what_it_gave_told_by_both(app: Flask, cast: Cast) -> None:
    one = asked(cast)
    assert (one.state, one.receiver.name) == ("requested", "Norra området")
    assert "Besluta om riktat stöd till Alskolan" in home(app, "arne").titles
    decide(one, cast.arne, cast.olga)
    assert (one.state, one.given_by_id) == ("decided", cast.olga.person_id)
    clock.hold(clock.now() + timedelta(days=40))
    title = "Berätta vad det riktade stödet till Alskolan gav"
    for who in ("pia", "arne", "olga"):
        assert title in home(app, who, clock.now()).titles, who
    do(one, "tell", cast.pia, words="Läsgrupperna har kommit i gång.")
    assert one.state == "decided", "the one who gave it has not told yet"
    do(one, "tell", cast.olga, words="Skolan klarar det själv nu.")
    assert (one.state, one.unit_effect, one.above_effect) == (
        "ended", "Läsgrupperna har kommit i gång.", "Skolan klarar det själv nu.",
    )  # fmt: skip


def test_an_offer_is_answered_before_it_is_decided(app: Flask, cast: Cast) -> None:
    one = offered(cast)
    assert "Svara på erbjudandet om riktat stöd" in home(app, "pia").titles
    with pytest.raises(RuleBroken):
        decide(one, cast.diana, cast.olga)
    do(one, "refuse", cast.pia, words="Vi har redan för många som hjälper.")
    assert decide(one, cast.diana, cast.olga).state == "decided"


def test_a_request_goes_further_up_where_the_area_has_nothing_to_give(cast: Cast) -> None:
    one = do(asked(cast), "pass_on", cast.arne, words="Området har ingen att sända.")
    assert one.receiver.name == "Barn- och utbildningsförvaltningen"
    with pytest.raises(RuleBroken, match="ingen nivå ovanför"):
        do(one, "pass_on", cast.diana, words="Vi har ingen heller.")


@pytest.mark.parametrize(
    ("who", "act"), [("bo", "withdraw"), ("petra", "withdraw"), ("pia", "decide"), ("diana", "decide"), ("olle", "decline")]
)
def test_others_do_nothing_with_it(cast: Cast, who: str, act: str) -> None:
    one = asked(cast)
    with pytest.raises(NotAllowed):
        do(one, act, cast.who[who])


@pytest.mark.parametrize("who", ["bo", "petra", "olle", "asta", "sixten", "vera"])
def test_only_its_principal_asks_and_only_those_who_lead_above_offer(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        directed_actions.begin(cast.unit["alskolan"], need=NEED, type="law", by=cast.who[who])


def test_whoever_gives_it_leaves_and_another_is_named(app: Flask, cast: Cast) -> None:
    one = decide(asked(cast), cast.arne, cast.olga)
    organisation.end_mandate(cast.olga, by=cast.stina)
    assert one.given_by_id is None
    assert "Utse någon annan som ger stödet till Alskolan" in home(app, "arne").titles


def test_it_goes_with_the_unit_and_the_area_that_end(cast: Cast) -> None:
    one = decide(asked(cast), cast.arne, cast.olga)
    units = [cast.unit["alskolan"], cast.unit["ekskolan"]]
    organisation.merge_units(units, into=units[1], versions={each.public_id: each.version for each in units}, by=cast.stina)
    assert one.unit.name == "Ekskolan"
    for each in (units[1],):
        organisation.move_unit(each, under=cast.unit["soder"], version=each.version, by=cast.stina)
    norr = cast.unit["norr"]
    organisation.close_unit(norr, successor=None, reason="Området läggs ned.", version=norr.version, by=cast.stina)
    assert one.receiver.name == "Barn- och utbildningsförvaltningen"


# The pages


def test_asked_for_decided_and_read_on_the_units_page(cast: Cast, client: Client) -> None:
    unit = f"/organisation/{cast.unit['alskolan'].public_id}"
    assert "Be om riktat stöd" in client("pia").get(unit).text and "Erbjud riktat stöd" in client("arne").get(unit).text
    assert "Vilken enhet?" not in client("pia").get("/directed/begin").text  # it is her own
    assert "Vilken enhet?" in client("arne").get("/directed/begin").text
    short = client("pia").post("/directed/begin", data={"need": "Hjälp", "type": "development"})
    assert short.status_code == 422 and "Skriv det i ord" in short.text and ">Hjälp<" in short.text.replace("\r\n", "")
    made = client("pia").post("/directed/begin", data={"need": NEED, "type": "development"})
    address = made.headers["Location"]
    assert made.status_code == 303 and client("arne").get(address).status_code == 200
    for who in ("petra", "asta", "vera", "maja", "lena"):
        assert client(who).get(address).status_code == 404
    page = client("arne").get(address).text
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    days = {"starts_on": "2026-12-01", "ends_on": "2027-03-01"}
    said = {"act": "decide", "version": version, "words": "En utvecklingsledare två dagar.", **days}
    nobody = client("arne").post(f"{address}/act", data=said)
    assert nobody.status_code == 422 and "Välj vem som ger stödet." in nobody.text and "två dagar" in nobody.text
    decided = client("arne").post(f"{address}/act", data={**said, "given_by": cast.olga.public_id})
    assert decided.status_code == 303
    stale = client("arne").post(f"{address}/act", data={**said, "given_by": cast.olle.public_id, "act": "change"})
    assert stale.status_code == 422 and "Läs det igen" in stale.text
    assert "En utvecklingsledare två dagar." in client("pia").get(unit).text
    assert "En utvecklingsledare två dagar." in client("diana").get("/directed/").text
    assert "Olga Vik" in client("diana").get("/directed/?as=csv").get_data(as_text=True)
    assert "En utvecklingsledare" not in client("petra").get(unit).text
