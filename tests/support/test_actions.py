"""A request is born when a follow-up is handed up, and its answer finds its way back through every level."""

from typing import Any

import pytest
from sqlalchemy import select

from chain.base import audit, events
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.followup.models import Submission
from chain.organisation.models import Unit
from chain.rollup import actions as rollup
from chain.support import actions, queries
from chain.support.models import SupportRequest
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

WHY = "Beskriv vad ni behöver stödet till."


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def asking(*items: tuple[str, str]) -> dict[str, Any]:
    return {"items": [{"item": item, "text": text} for item, text in items]}


def send(cast: Cast, unit: str, *items: tuple[str, str]) -> Submission:
    """Handed up, and opened by nobody."""
    return district.hand_in(cast, unit, support_needed=asking(*items))


def ask(cast: Cast, unit: str, *items: tuple[str, str]) -> Submission:
    """Handed up, and opened where somebody receives it."""
    submission = send(cast, unit, *items)
    if head := district.HEAD.get(unit):
        followup.open_(submission, by=cast.who[head])
    return submission


def requests(cast: Cast, unit: str) -> dict[str, tuple[str, str]]:
    """text → state, answer, of what a unit has asked for."""
    db.session.rollback()
    found = db.session.scalars(
        select(SupportRequest).where(SupportRequest.unit_id == cast.unit[unit].id).order_by(SupportRequest.id)
    )
    return {one.text: (one.state, one.answer) for one in found}


def the(cast: Cast, unit: str) -> SupportRequest:
    db.session.rollback()
    return db.session.scalars(select(SupportRequest).where(SupportRequest.unit_id == cast.unit[unit].id)).one()


def test_each_item_becomes_a_request_to_whoever_receives(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning i svenska"), ("b", "En vikarie i åk 4"), ("c", " "))
    assert requests(cast, "alskolan") == {"Handledning i svenska": ("open", ""), "En vikarie i åk 4": ("open", "")}
    assert {one.receiver_id for one in queries.current(cast.arne, None)} == {cast.unit["norr"].id}
    assert len(queries.current(cast.pia, None)) == 2


def test_the_administration_asks_the_committee(cast: Cast, november: Round) -> None:
    ask(cast, "fvn", ("a", "Medel till speciallärare"))
    assert the(cast, "fvn").receiver_id == cast.unit["bun"].id
    assert [one.text for one in queries.current(cast.sixten, None)] == ["Medel till speciallärare"]
    actions.answer(the(cast, "fvn"), state="granted", text="Beslutat den 12 december.", by=cast.sixten)
    assert requests(cast, "fvn") == {"Medel till speciallärare": ("granted", "Beslutat den 12 december.")}


def test_nobody_above_reads_what_is_asked_for_before_the_follow_up_is_opened(cast: Cast, november: Round) -> None:
    submission = send(cast, "alskolan", ("a", "Handledning"))
    assert [one.state for one in queries.current(cast.pia, None)] == ["sent"]
    assert queries.current(cast.arne, None) == queries.asked_of_us(cast.arne) == []
    with pytest.raises(NotAllowed):
        actions.answer(the(cast, "alskolan"), state="granted", text="", by=cast.arne)
    followup.open_(submission, by=cast.diana)  # whoever of those above begins to read
    assert [one.state for one in queries.current(cast.arne, None)] == ["open"]


def test_accepting_unread_is_reading(cast: Cast, november: Round) -> None:
    rollup.accept(send(cast, "alskolan", ("a", "Handledning")), by=cast.arne)
    assert requests(cast, "alskolan") == {"Handledning": ("open", "")}


def test_what_is_taken_back_is_asked_no_longer_and_comes_back_once(cast: Cast, november: Round) -> None:
    submission = send(cast, "alskolan", ("a", "Handledning"), ("b", "En vikarie"))
    followup.withdraw(submission, by=cast.pia)
    assert {state for state, _answer in requests(cast, "alskolan").values()} == {"retracted"}
    assert queries.current(cast.pia, None) == []
    ask(cast, "alskolan", ("a", "Handledning i svenska"))
    assert requests(cast, "alskolan") == {"Handledning i svenska": ("open", ""), "En vikarie": ("retracted", "")}


def test_what_was_answered_stays_answered(cast: Cast, november: Round) -> None:
    submission = ask(cast, "alskolan", ("a", "Handledning"))
    actions.answer(the(cast, "alskolan"), state="granted", text="Fyra gånger i höst.", by=cast.arne)
    rollup.send_back(submission, reason=WHY, by=cast.arne)
    assert requests(cast, "alskolan") == {"Handledning": ("granted", "Fyra gånger i höst.")}
    ask(cast, "alskolan", ("a", "Handledning"))
    assert requests(cast, "alskolan") == {"Handledning": ("granted", "Fyra gånger i höst.")}


def test_other_words_after_an_answer_are_a_request_of_their_own(cast: Cast, november: Round) -> None:
    submission = ask(cast, "alskolan", ("a", "Handledning"))
    actions.answer(the(cast, "alskolan"), state="granted", text="Fyra gånger i höst.", by=cast.arne)
    rollup.send_back(submission, reason=WHY, by=cast.arne)
    ask(cast, "alskolan", ("a", "Handledning även i vår"))
    expected = {"Handledning": ("granted", "Fyra gånger i höst."), "Handledning även i vår": ("open", "")}
    assert requests(cast, "alskolan") == expected


def test_an_answer_travels_back_through_every_level(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    actions.answer(the(cast, "alskolan"), state="taken_up", text="Norra området behöver handledning.", by=cast.arne)
    assert requests(cast, "alskolan")["Handledning"][0] == "taken_up"
    actions.answer(the(cast, "norr"), state="taken_up", text="Två områden behöver handledning.", by=cast.diana)
    upper = the(cast, "fvn")
    assert (upper.receiver_id, upper.text) == (cast.unit["bun"].id, "Två områden behöver handledning.")
    actions.answer(upper, state="refused", text="Det ryms inte i årets ram.", by=cast.sixten)
    state, answer = requests(cast, "alskolan")["Handledning"]
    assert state == "refused"
    assert answer == "Norra området behöver handledning.\n\nBarn- och utbildningsnämnden svarar: Det ryms inte i årets ram."
    assert requests(cast, "norr")["Norra området behöver handledning."][0] == "refused"


def test_the_level_above_reads_the_words_of_the_level_between_alone(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Elin i 4B behöver någon vid sin sida"))
    actions.answer(the(cast, "alskolan"), state="taken_up", text="En skola behöver en elevassistent.", by=cast.arne)
    assert the(cast, "norr").text == "En skola behöver en elevassistent."


def test_what_was_taken_up_outlives_that_the_area_hands_up_and_takes_back(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    actions.answer(the(cast, "alskolan"), state="taken_up", text="Norra området behöver handledning.", by=cast.arne)
    submission = send(cast, "norr", ("x", "Ett nätverk för rektorer"))
    followup.withdraw(submission, by=cast.arne)
    expected = {"Norra området behöver handledning.": ("open", ""), "Ett nätverk för rektorer": ("retracted", "")}
    assert requests(cast, "norr") == expected


def test_nobody_answers_twice(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    actions.answer(the(cast, "alskolan"), state="granted", text="", by=cast.arne)
    with pytest.raises(NotAllowed):
        actions.answer(the(cast, "alskolan"), state="refused", text="Det ryms inte i ramen.", by=cast.arne)


@pytest.mark.parametrize("who", ["pia", "petra", "asta", "diana", "olle", "maja"])
def test_only_the_one_who_was_asked_answers(cast: Cast, november: Round, who: str) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    with pytest.raises(NotAllowed):
        actions.answer(the(cast, "alskolan"), state="granted", text="", by=cast.who[who])


def test_an_answer_leaves_its_line_in_the_audit_without_its_words(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    actions.answer(the(cast, "alskolan"), state="granted", text="Fyra gånger i höst.", by=cast.arne)
    last = db.session.scalars(select(audit.AuditLine).order_by(audit.AuditLine.number.desc())).first()
    assert last and (last.act, last.detail) == ("support.answer", {"state": "granted"})


# A unit that ends


@atomic
def end(unit: Unit, *, by: Actor | None, successor: Unit | None = None, reason: str = "") -> None:
    events._listeners["unit_ending"]["support"](unit=unit, successor=successor, reason=reason, by=by)
    audit.note("test.end", about=unit)


def test_a_unit_with_open_requests_does_not_just_end(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    with pytest.raises(RuleBroken, match="Välj vem som tar över"):
        end(cast.unit["alskolan"], by=None)
    assert requests(cast, "alskolan")["Handledning"][0] == "open"


def test_a_successor_takes_the_requests_over(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    end(cast.unit["alskolan"], successor=cast.unit["ekskolan"], by=None)
    assert requests(cast, "ekskolan") == {"Handledning": ("open", "")}
    end(cast.unit["norr"], successor=cast.unit["soder"], by=None)
    assert the(cast, "ekskolan").receiver_id == cast.unit["soder"].id


def test_requests_of_the_same_name_are_taken_over_and_none_is_mixed_up(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    ask(cast, "ekskolan", ("a", "En vikarie"))
    end(cast.unit["alskolan"], successor=cast.unit["ekskolan"], by=None)
    assert requests(cast, "ekskolan") == {"Handledning": ("open", ""), "En vikarie": ("open", "")}


def test_what_was_taken_over_stays_when_the_successor_asks_anew_or_takes_back(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    end(cast.unit["alskolan"], successor=cast.unit["ekskolan"], by=None)
    submission = send(cast, "ekskolan", ("a", "En vikarie"))
    assert requests(cast, "ekskolan") == {"Handledning": ("open", ""), "En vikarie": ("sent", "")}
    followup.withdraw(submission, by=cast.petra)
    assert requests(cast, "ekskolan") == {"Handledning": ("open", ""), "En vikarie": ("retracted", "")}


def test_or_they_end_with_a_reason(cast: Cast, november: Round) -> None:
    ask(cast, "alskolan", ("a", "Handledning"))
    end(cast.unit["alskolan"], reason="Skolan har lagts ned.", by=None)
    assert requests(cast, "alskolan") == {"Handledning": ("ended", "Skolan har lagts ned.")}


def test_a_unit_without_open_requests_ends_freely(cast: Cast, november: Round) -> None:
    end(cast.unit["alskolan"], by=None)
