"""A token is the municipality's: it outlives its maker, and somebody is told, and answers for it, or ends it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect

from chain.access.policy import Role
from chain.api import actions, queries, rules
from chain.api.models import Token
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate
from tests.home.reading import home
from tests.makers import Cast

TODAY = date(2026, 11, 22)


def made(cast: Cast, valid_to: date, name: str = "Portalen", by: Mandate | None = None) -> Token:
    return actions.make(
        cast.unit["fvn"], Role.OFFICER, name=name, purpose="Öppna siffror.", scopes=["tree"], valid_to=valid_to,
        by=by or cast.stina,
    )[0]  # fmt: skip


def another_steward(cast: Cast) -> Mandate:
    person = organisation.add_person(cast.unit["sjovik"], name="Sten Ny", email="sten@sjovik.example", by=cast.stina)
    return organisation.give_mandate(person, Role.STEWARD, cast.unit["sjovik"], by=cast.stina)


def test_one_is_told_of_a_month_before_it_ends_and_not_after(app: Flask, cast: Cast) -> None:
    soon, _later = made(cast, TODAY + rules.SOON), made(cast, TODAY + rules.SOON + timedelta(days=1), "Senare")
    assert queries.in_question(cast.stina) == [(soon, False)]
    with clock.held(clock.at(soon.valid_to + timedelta(days=1), 8)):
        assert soon not in [token for token, _gone in queries.in_question(cast.stina)]


def test_it_outlives_its_maker_and_another_steward_answers_for_it_by_renewing(app: Flask, cast: Cast) -> None:
    sten = another_steward(cast)
    token = made(cast, date(2027, 6, 30), by=sten)
    assert queries.in_question(cast.stina) == []
    organisation.end_mandate(sten, by=cast.stina)
    assert token.holds and queries.in_question(cast.stina) == [(token, True)]
    key = token.key_hash
    actions.renew(token, valid_to=date(2027, 9, 30), by=cast.stina)
    assert queries.in_question(cast.stina) == [] and token.key_hash == key
    assert (token.made_by, token.answers_for, token.valid_to) == (sten.person, cast.stina.person, date(2027, 9, 30))


def test_what_has_ended_is_not_renewed_and_a_day_that_does_not_hold_is_said(app: Flask, cast: Cast) -> None:
    token = made(cast, date(2027, 6, 30))
    for day in (TODAY - timedelta(days=1), TODAY + rules.LONGEST + timedelta(days=1)):
        with pytest.raises(RuleBroken) as no:
            actions.renew(token, valid_to=day, by=cast.stina)
        assert "valid_to" in no.value.problems
    with pytest.raises(NotAllowed):
        actions.renew(token, valid_to=date(2027, 9, 30), by=cast.olle)
    actions.end(token, by=cast.stina)
    with pytest.raises(RuleBroken, match="Ge ut en ny"):
        actions.renew(token, valid_to=date(2027, 9, 30), by=cast.stina)
    assert inspect(token).persistent and token.valid_to == date(2027, 6, 30)


def test_the_stewards_first_page_tells_and_leads_to_renewing(app: Flask, cast: Cast, client) -> None:
    token = made(cast, TODAY + timedelta(days=3))
    stina = client("stina")
    assert "Nyckeln för Portalen: förnya eller avsluta" in home(app, "stina").titles
    address = f"/api/tokens/{token.public_id}/renew"
    assert address in stina.get("/").text
    late = stina.post(address, data={"valid_to": "2029-01-01"})
    assert late.status_code == 422 and "högst ett år" in late.text and "2029-01-01" in late.text
    assert stina.post(address, data={"valid_to": "2027-05-31"}).status_code == 303
    db.session.expire_all()
    assert token.valid_to == date(2027, 5, 31) and "Förnyad" in stina.get("/api/tokens").text
    assert address not in stina.get("/").text


def test_more_than_a_few_are_one_line(app: Flask, cast: Cast, client) -> None:
    for name in ("Ett", "Två", "Tre"):
        made(cast, TODAY + timedelta(days=3), name)
    assert "3 nycklar för andra system att förnya eller avsluta" in client("stina").get("/").text
