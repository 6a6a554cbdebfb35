"""How a session ends: by time, with the person, with the mandate, by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.access.policy import Role
from chain.account.models import Session
from chain.base import clock
from chain.base.db import db
from chain.organisation import actions as organisation
from tests.conftest import NOW
from tests.makers import Cast

Client = Callable[[str], FlaskClient]


def who(browser: FlaskClient) -> tuple[str | None, str]:
    """Who the app says that one is, and why not."""
    with browser:
        browser.get("/about")
        return (g.person.name if g.person else None), g.session_over


def test_an_idle_session_ends_after_an_hour(cast: Cast, client: Client) -> None:
    browser = client("pia")
    with clock.held(NOW + timedelta(minutes=59, seconds=59)):
        assert who(browser) == ("Pia Östlund", "")
    with clock.held(NOW + timedelta(minutes=119, seconds=58)):
        assert who(browser) == ("Pia Östlund", "")
    with clock.held(NOW + timedelta(minutes=179, seconds=58)):
        assert who(browser) == (None, "idle")
        assert "utloggad efter en timme" in browser.get("/account/sign-in").text


def test_no_session_lasts_longer_than_twelve_hours_however_busy(cast: Cast, client: Client) -> None:
    browser = client("pia")
    for minutes in range(30, 12 * 60, 30):
        with clock.held(NOW + timedelta(minutes=minutes)):
            assert who(browser) == ("Pia Östlund", "")
    with clock.held(NOW + timedelta(hours=12)):
        assert who(browser) == (None, "absolute")


def test_it_is_written_down_at_most_once_a_minute_that_somebody_was_here(cast: Cast, client: Client) -> None:
    browser = client("pia")
    for seconds, seen in ((30, 0), (59, 0), (60, 60), (90, 60), (121, 121)):
        with clock.held(NOW + timedelta(seconds=seconds)):
            who(browser)
            db.session.rollback()
            assert db.session.scalars(select(Session)).one().seen_at == NOW + timedelta(seconds=seen)


def test_a_session_ends_with_the_person(cast: Cast, client: Client) -> None:
    browser, other = client("pia"), client("pia")
    organisation.end_person(cast.pia.person, by=cast.stina)
    assert who(browser) == (None, "ended")
    assert who(other) == (None, "ended")
    assert all(row.ended_at for row in db.session.scalars(select(Session)))


def test_a_session_ends_with_the_mandate(cast: Cast, client: Client) -> None:
    browser = client("pia")
    organisation.end_mandate(cast.pia, by=cast.stina)
    assert who(browser)[0] is None
    assert browser.get("/organisation/").status_code == 303


def test_a_mandate_that_runs_out_takes_the_session_with_it(cast: Cast, client: Client) -> None:
    organisation.end_mandate(cast.pia, by=cast.stina, last_day=clock.today())
    browser = client("pia")
    with clock.held(clock.at(clock.today(), 23, 30)):
        browser = client("pia")
        assert who(browser) == ("Pia Östlund", "")
    with clock.held(clock.at(clock.today() + timedelta(days=1), 0, 1)):
        assert who(browser) == (None, "mandate")
        assert "har upphört" in browser.get("/account/sign-in").text


def test_another_mandate_of_the_same_person_goes_on(cast: Cast, client: Client) -> None:
    second = organisation.give_mandate(cast.pia.person, Role.PRINCIPAL, cast.unit["havet"], by=cast.stina)
    browser = client("pia")
    browser.post("/account/choose", data={"mandate": second.public_id})
    organisation.end_mandate(cast.pia, by=cast.stina)
    with browser:
        browser.get("/about")
        assert g.mandate.id == second.id


def test_a_person_without_a_mandate_is_told_so(cast: Cast, client: Client) -> None:
    organisation.end_mandate(cast.pia, by=cast.stina)
    browser = client("pia")
    assert browser.get("/organisation/").location.startswith("/account/choose")
    assert "inget uppdrag som gäller i dag" in browser.get("/account/choose").text


def test_an_unknown_key_is_nobody(cast: Cast, client: Client) -> None:
    browser = client("")
    with browser.session_transaction() as cookie:
        cookie["key"] = "guessed"
    assert who(browser) == (None, "ended")


def test_one_sees_and_ends_ones_own_sessions_and_no_others(cast: Cast, client: Client) -> None:
    here, there, petras = client("pia"), client("pia"), client("petra")
    rows = {row.person_id: row for row in db.session.scalars(select(Session).order_by(Session.id))}
    assert here.get("/account/sessions").text.count('<li class="card">') == 2
    assert here.post(f"/account/sessions/{rows[cast.petra.person_id].public_id}/end").status_code == 404
    assert here.post(f"/account/sessions/{rows[cast.pia.person_id].public_id}/end").status_code == 303
    assert who(there)[0] is None
    assert who(here)[0] == "Pia Östlund"
    assert who(petras)[0] == "Petra Nord"
    again = client("pia")
    assert here.post("/account/sessions/end-others").status_code == 303
    assert (who(again)[0], who(here)[0]) == (None, "Pia Östlund")


def test_the_steward_signs_somebody_out_everywhere(cast: Cast, client: Client) -> None:
    browser = client("pia")
    address = f"/account/person/{cast.pia.person.public_id}/end"
    assert client("diana").post(address).status_code in (403, 404)
    assert who(browser)[0] == "Pia Östlund"
    assert client("stina").post(address).status_code == 303
    assert who(browser)[0] is None


@pytest.mark.parametrize("address", ["/livez", "/static/app.css"])
def test_nobody_is_asked_who_they_are_where_it_does_not_matter(cast: Cast, client: Client, address: str) -> None:
    browser = client("pia")
    with clock.held(NOW + timedelta(minutes=30)), browser.get(address) as answer:
        assert answer.status_code == 200
    assert db.session.scalars(select(Session)).one().seen_at == NOW
