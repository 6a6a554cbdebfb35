"""A need that has waited too long is the level above's matter, on both homes, until it is answered there."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle import actions as cycle
from chain.cycle import queries as cycles
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.followup import checks
from chain.followup.models import Submission
from chain.measure.models import Measure
from chain.organisation import actions as organisation
from chain.rollup import actions as rollup
from chain.support import actions, escalation_actions, escalation_rules
from chain.support.escalation_models import Escalation
from chain.support.models import SupportRequest
from tests.followup import world
from tests.home.reading import home
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

Client = Callable[[str], FlaskClient]
UNTIL = date(2028, 6, 9)
WHY = "Beskriv vad som har kommit i vägen."


# The rules, without a database


@pytest.mark.parametrize(
    ("state", "words", "until", "field"),
    [
        ("maybe", "Det kan nog bli så", None, "state"), ("granted", "Ja", UNTIL, "answer"),
        ("granted", "En lärare två dagar", None, "until"), ("granted", "En lärare två dagar", date(2026, 1, 1), "until"),
        ("refused", "Nej tyvärr", None, "answer"), ("taken_up", "", None, "answer"),
    ],
)  # fmt: skip
def test_an_answer_that_says_nothing_is_refused(state: str, words: str, until: date | None, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        escalation_rules.check(state, words, until, date(2026, 11, 22), has_above=True)
    assert field in refused.value.problems


@pytest.mark.parametrize(
    ("ceiling", "level", "rank", "expected"),
    [
        (20, "administration", 20, "words"), (20, "area", 30, "words"), (20, "committee", 10, "fact"),
        (40, "unit", 40, "words"), (40, "area", 30, ""), (40, "committee", 10, ""),
    ],
)  # fmt: skip
def test_how_much_a_level_may_know(ceiling: int, level: str, rank: int, expected: str) -> None:
    assert escalation_rules.read_there(ceiling, level, rank) == expected


def test_what_was_answered_rises_again_after_three_more() -> None:
    assert next(n for n in range(3, 12) if escalation_rules.again(3, n)) == 6


def test_nobody_is_above_a_committee() -> None:
    with pytest.raises(RuleBroken, match="ingen nivå ovanför"):
        escalation_rules.check("taken_up", "Vi behöver mer pengar", None, date(2026, 11, 22), has_above=False)


# A measure that is carried three times


def go(round: Round) -> None:
    clock.hold(clock.at(round.opens_on + timedelta(days=3), 9))


@kept
def three_rounds(cast: Cast) -> list[Round]:
    """Alskolan has set its measures and carried them twice; April is open."""
    rounds = world.open_year(cast)
    for place, round in enumerate(rounds[:4]):
        with clock.held(clock.at(round.opens_on + timedelta(days=3), 9)):
            cycle.open_round(round, by=cast.diana)
            if place < 3:
                rollup.accept(carry(cast, round), by=cast.arne)
    return rounds


def carry(cast: Cast, round: Round, unit: str = "alskolan", kind: str = "goes_on") -> Submission:
    """Hand in with every open measure carried on, and nothing asked for."""
    mine = world.followup(cast, district.WRITER[unit], round)
    here = checks.work(mine)
    said: dict[str, Any] = {}
    for one in here.questions:
        if one.kind == "outcomes":
            due = list(here.known.dues)[-1]
            row = {"kind": kind, "effect": "Lite", "evidence": ["observation"], "reason": "not_able", "due": due}
            said[one.key] = {"items": {each.public_id: row for each in here.open}}
        if one.kind == "requests":
            said[one.key] = {"items": [{"item": f"{unit}{round.number}", "text": ""}]}
    return world.hand_in(mine, cast.who[district.WRITER[unit]], **said)


@pytest.fixture
def august(cast: Cast) -> Round:
    rounds = three_rounds(cast)
    go(rounds[3])
    return rounds[3]


def all_of() -> list[Escalation]:
    db.session.rollback()
    return list(db.session.scalars(select(Escalation).order_by(Escalation.id)))


def states() -> set[tuple[str, str]]:
    return {(one.receiver.name, one.state) for one in all_of()}


def test_carried_twice_nothing_rises(cast: Cast, august: Round) -> None:
    assert {one.carried for one in db.session.scalars(select(Measure).where(Measure.round_id != august.id))} >= {1, 2}
    assert all_of() == []


def test_carried_a_third_time_it_stands_above_when_somebody_there_opens(cast: Cast, august: Round) -> None:
    sent = carry(cast, august)
    assert states() == {("Norra området", "sent")}
    followup.open_(sent, by=cast.arne)
    assert states() == {("Norra området", "open")}
    assert {one.carried for one in all_of()} == {3}
    assert all(one.words for one in all_of())


def test_what_is_taken_back_unread_leaves_no_trace_and_comes_back(cast: Cast, august: Round) -> None:
    sent = carry(cast, august)
    followup.withdraw(sent, by=cast.pia)
    assert states() == {("Norra området", "retracted")}
    before = len(all_of())
    carry(cast, august)
    assert states() == {("Norra området", "sent")} and len(all_of()) == before


def test_what_has_been_read_stands_through_return_and_reopening(cast: Cast, august: Round) -> None:
    sent = carry(cast, august)
    rollup.accept(sent, by=cast.arne)
    rollup.reopen(sent, reason=WHY, by=cast.arne)
    assert states() == {("Norra området", "open")}
    sent = carry(cast, august)
    assert states() == {("Norra området", "open")}
    rollup.send_back(sent, reason=WHY, by=cast.arne)
    assert states() == {("Norra området", "open")}
    carry(cast, august, kind="done")
    assert states() == {("Norra området", "settled")}, "what is over needs no answer"


def test_a_measure_that_was_over_and_is_not_waits_again(cast: Cast, august: Round) -> None:
    sent = carry(cast, august)
    rollup.accept(sent, by=cast.arne)
    rollup.reopen(sent, reason=WHY, by=cast.arne)
    sent = carry(cast, august, kind="done")
    followup.withdraw(sent, by=cast.pia)
    carry(cast, august)
    assert states() == {("Norra området", "open")}


def raised(cast: Cast, august: Round) -> Escalation:
    followup.open_(carry(cast, august), by=cast.arne)
    return all_of()[0]


def test_it_is_taken_further_in_the_receivers_own_words_and_answered_all_the_way_down(cast: Cast, august: Round) -> None:
    one = raised(cast, august)
    escalation_actions.answer(one, state="taken_up", text="En skola saknar speciallärare.", by=cast.arne)
    further = all_of()[-1]
    assert (further.receiver.name, further.words, further.unit.name) == (
        "Barn- och utbildningsförvaltningen", "En skola saknar speciallärare.", "Norra området",
    )  # fmt: skip
    escalation_actions.answer(further, state="taken_up", text="Förvaltningen saknar speciallärare.", by=cast.diana)
    last = all_of()[-1]
    assert last.receiver.level == "committee"
    with pytest.raises(RuleBroken, match="ingen nivå ovanför"):
        escalation_actions.answer(last, state="taken_up", text="Vi för det vidare uppåt.", by=cast.sixten)
    escalation_actions.answer(last, state="granted", text="Två tjänster till hösten.", until=UNTIL, by=cast.sixten)
    line = [each for each in all_of() if each.lineage == one.lineage]
    assert {(each.state, each.until) for each in line} == {("granted", UNTIL)}
    assert "Två tjänster till hösten." in line[0].answer


@pytest.mark.parametrize("who", ["pia", "bo", "petra", "asta", "diana", "olle", "sixten", "vera"])
def test_only_whoever_leads_the_level_above_answers(cast: Cast, august: Round, who: str) -> None:
    one = raised(cast, august)
    with pytest.raises(NotAllowed):
        escalation_actions.answer(one, state="refused", text="Det ryms inte alls.", by=cast.who[who])


def test_a_groups_measure_is_the_units_matter_and_nobody_elses(cast: Cast) -> None:
    """Groups set no measures of their own in the shipped template; where a municipality lets them, the ceiling holds."""
    assert cycles.level("group").read_up_to == "unit"
    assert escalation_rules.read_there(cycles.level("unit").rank, "area", cycles.level("area").rank) == ""


def test_the_administrations_measure_is_told_to_the_committee_without_its_words(cast: Cast, client: Client) -> None:
    rounds = world.open_year(cast)
    for round in rounds[:4]:
        with clock.held(clock.at(round.opens_on + timedelta(days=3), 9)):
            cycle.open_round(round, by=cast.diana)
            carry(cast, round, "fvn")
    one = all_of()[0]
    assert (one.receiver.level, one.state, one.words) == ("committee", "open", "")
    page = client("maja").get(f"/escalation/{one.public_id}").text
    assert "Orden står i en uppföljning som inte läses" in page and "Få läser med flyt" not in page
    asked = client("sixten").get(f"/escalation/{one.public_id}").text
    assert "Vilket stöd, eller varför inte" in asked and "nästa nivå behöver veta" not in asked  # there is none
    escalation_actions.explain(one, "Vi saknar lokaler för språkval.", by=cast.diana)
    assert "Vi saknar lokaler för språkval." in client("maja").get(f"/escalation/{one.public_id}").text
    assert "Här ska ni svara" in client("sixten").get("/escalation/").text
    escalation_actions.answer(one, state="refused", text="Det finns inga medel i år.", by=cast.sixten)
    answered = client("sixten").get("/escalation/").text
    assert "Det ni har svarat på" in answered and "Här ska ni svara" not in answered


# A request that nobody answers


def asked(cast: Cast, round: Round, unit: str = "alskolan", *, open_: bool = True) -> SupportRequest:
    sent = district.hand_in(
        cast, unit, round=round, support_needed={"items": [{"item": "a", "type": "law", "text": "Handledning"}]}
    )
    head = district.HEAD.get(unit)
    if head and open_:
        followup.open_(sent, by=cast.who[head])
    return db.session.scalars(select(SupportRequest).where(SupportRequest.unit_id == cast.unit[unit].id)).one()


def open_next(cast: Cast, round: Round) -> Round:
    go(round)
    return cycle.open_round(round, by=cast.diana)


@pytest.fixture
def year(cast: Cast) -> list[Round]:
    rounds = world.open_year(cast)
    cycle.open_round(rounds[0], by=cast.diana)
    return rounds


def test_when_the_next_round_opens_it_is_the_matter_of_the_level_above(app: Flask, cast: Cast, year: list[Round]) -> None:
    request = asked(cast, year[0])
    assert all_of() == []
    open_next(cast, year[1])
    assert states() == {("Barn- och utbildningsförvaltningen", "open")}
    one = all_of()[0]
    assert (one.words, one.type, one.request_id) == ("Handledning", "law", request.id)
    now = clock.now()
    assert home(app, "diana", now).titles[0] == "Alskolan har väntat för länge på stöd: svara"
    assert "Det ni väntar på ovanifrån" in home(app, "pia", now).text
    escalation_actions.answer(one, state="granted", text="Fyra gånger i vår.", until=UNTIL, by=cast.diana)
    db.session.rollback()
    assert (request.state, "Fyra gånger i vår." in request.answer) == ("granted", True)
    assert "Fyra gånger i vår." in home(app, "pia", now).text
    assert not [title for title in home(app, "diana", now).titles if "väntat för länge" in title]


def test_whoever_was_asked_may_still_answer_but_not_take_it_up(cast: Cast, year: list[Round]) -> None:
    request = asked(cast, year[0])
    open_next(cast, year[1])
    with pytest.raises(RuleBroken, match="redan gått vidare"):
        actions.answer(request, state="taken_up", text="Området behöver handledning.", by=cast.arne)
    actions.answer(request, state="granted", text="Nu är det ordnat.", by=cast.arne)
    assert states() == {("Barn- och utbildningsförvaltningen", "settled")}


def test_an_unopened_follow_up_is_told_of_and_its_words_are_not(cast: Cast, year: list[Round], client: Client) -> None:
    request = asked(cast, year[0], open_=False)
    open_next(cast, year[1])
    one = all_of()[0]
    assert one.state == "unread"
    page = client("diana").get(f"/escalation/{one.public_id}").text
    assert "Handledning" not in page and "Ingen har öppnat uppföljningen" in page
    with pytest.raises(NotAllowed):
        escalation_actions.answer(one, state="refused", text="Det ryms inte alls.", by=cast.diana)
    sent = db.session.scalars(select(Submission).where(Submission.unit_id == request.unit_id)).one()
    followup.open_(sent, by=cast.arne)
    assert states() == {("Barn- och utbildningsförvaltningen", "open")}


def test_a_groups_request_goes_no_further_than_the_unit(cast: Cast, year: list[Round]) -> None:
    world.hand_in(world.followup(cast, "lena", year[0]), cast.lena)
    assert db.session.scalars(select(SupportRequest)).all()
    open_next(cast, year[1])
    assert all_of() == []


def test_that_the_administration_is_silent_is_told_to_the_committee(app: Flask, cast: Cast, year: list[Round]) -> None:
    asked(cast, year[0], "norr")
    open_next(cast, year[1])
    one = all_of()[0]
    assert (one.receiver.level, one.words, one.state) == ("committee", "", "open")
    told = f"{one.unit.name} har väntat för länge på stöd"
    titles = {who: home(app, who, clock.now()).titles for who in ("sixten", "maja", "rut")}
    assert f"{told}: svara" in titles["sixten"] and told in titles["maja"]  # a member reads it, the secretary records the answer
    assert not [one for one in titles["rut"] if told in one]  # an auditor is asked for nothing


def test_an_area_that_ends_leaves_nobody_waiting(cast: Cast, year: list[Round]) -> None:
    request = asked(cast, year[0])
    for unit in ("alskolan", "ekskolan"):
        each = cast.unit[unit]
        organisation.move_unit(each, under=cast.unit["soder"], version=each.version, by=cast.stina)
    norr = cast.unit["norr"]
    organisation.close_unit(norr, successor=None, reason="Området läggs ned.", version=norr.version, by=cast.stina)
    db.session.rollback()
    assert (request.state, request.receiver.name) == ("open", "Södra området")


# The pages


def test_the_answer_stands_on_the_units_page_the_measures_and_the_next_follow_up(
    cast: Cast, august: Round, client: Client
) -> None:
    one = raised(cast, august)
    address = f"/escalation/{one.public_id}"
    assert client("arne").get(address).status_code == 200
    for who in ("petra", "asta", "diana", "olle", "maja", "vera", "lena"):
        assert client(who).get(address).status_code == 404
    wrong = client("arne").post(f"{address}/answer", data={"state": "granted", "answer": "En speciallärare på halvtid"})
    assert wrong.status_code == 422 and "till och med vilken dag" in wrong.text and "En speciallärare på halvtid" in wrong.text
    said = {"state": "granted", "answer": "En speciallärare på halvtid", "until": UNTIL.isoformat()}
    assert client("pia").post(f"{address}/answer", data=said).status_code == 403
    assert client("arne").post(f"{address}/answer", data=said).status_code == 303
    assert client("arne").post(f"{address}/answer", data=said).status_code == 303, "pressed twice"
    measure = db.session.scalars(select(Measure).where(Measure.lineage == one.lineage).order_by(Measure.id.desc())).first()
    assert measure is not None
    mine = world.followup(cast, "pia", august)
    for page in (
        f"/organisation/{cast.unit['alskolan'].public_id}",
        f"/measure/{measure.public_id}",
        f"/followup/{mine.public_id}",
    ):
        assert "En speciallärare på halvtid" in client("pia").get(page).text, page
    assert "En speciallärare på halvtid" in client("pia").get("/escalation/?as=csv").get_data(as_text=True)
    assert "En speciallärare" not in client("petra").get(f"/organisation/{cast.unit['alskolan'].public_id}").text
