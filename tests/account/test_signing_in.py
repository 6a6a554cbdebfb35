"""Signing in, and what is told to whom when it does not work."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from chain.account import actions, passwords, queries
from chain.account.models import FailedSignIn, Session
from chain.base import clock
from chain.base.db import db
from tests.conftest import NOW
from tests.makers import PASSWORD, Cast

Client = Callable[[str], FlaskClient]


@pytest.fixture
def pia(cast: Cast) -> Cast:
    actions.set_password(cast.pia.person, PASSWORD, by=cast.pia.person)
    return cast


def sign_in(browser: FlaskClient, email: str = "pia@sjovik.example", password: str = PASSWORD, **more: str):
    return browser.post("/account/sign-in", data={"email": email, "password": password} | more)


def test_the_right_password_lets_in_with_a_new_key(pia: Cast, client: Client) -> None:
    browser = client("")
    with browser.session_transaction() as cookie:
        cookie["key"] = planted = "planted"
    answer = sign_in(browser, next="/organisation/?a=1")
    assert (answer.status_code, answer.location) == (303, "/organisation/?a=1")
    with browser.session_transaction() as cookie:
        assert cookie["key"] != planted
        assert len(cookie["key"]) >= 43  # 256 bits
    with browser:
        browser.get("/about")
        assert g.person.name == "Pia Östlund"
        assert g.mandate.unit.name == "Alskolan"


def test_the_same_letters_are_the_same_password_however_they_are_composed(pia: Cast, client: Client) -> None:
    import unicodedata

    assert sign_in(client(""), password=unicodedata.normalize("NFD", PASSWORD)).status_code == 303


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "evil"])
def test_nobody_is_sent_to_another_site(pia: Cast, client: Client, next_: str) -> None:
    assert sign_in(client(""), next=next_).location == "/"


def test_unknown_wrong_without_password_and_ended_look_the_same(
    pia: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[bool] = []
    matches = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda kept, typed: worked.append(True) or matches(kept, typed))
    from chain.organisation import actions as organisation

    actions.set_password(pia.bo.person, PASSWORD, by=pia.bo.person)
    organisation.end_person(pia.bo.person, by=pia.stina)
    tried = {
        "unknown": sign_in(client(""), "nobody@sjovik.example"),
        "wrong": sign_in(client(""), password="fel lösenord helt"),
        "none": sign_in(client(""), "lena@sjovik.example"),
        "ended": sign_in(client(""), "bo@sjovik.example"),
    }
    assert {answer.status_code for answer in tried.values()} == {422}
    bodies = {
        answer.text.replace(who, "WHO") for answer, who in zip(tried.values(), ("nobody@", "pia@", "lena@", "bo@"), strict=True)
    }
    assert len(bodies) == 1
    assert len(worked) == 4


def test_failures_make_one_wait_longer_and_longer_but_lock_nobody_out(pia: Cast, client: Client) -> None:
    browser, waits = client(""), []
    moment = NOW
    for _attempt in range(8):
        with clock.held(moment):
            answer = sign_in(browser, password="fel lösenord helt")
            if answer.status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))
                assert f"Vänta {waits[-1]} sekunder" in answer.text
                moment += timedelta(seconds=waits[-1])
    assert waits == [2, 4]  # four were free; each wait is served before the next attempt is looked at
    with clock.held(moment + timedelta(seconds=8)):
        assert sign_in(browser).status_code == 303
        keys = queries.failure_keys("pia@sjovik.example", "127.0.0.1")
        counted = dict(db.session.execute(select(FailedSignIn.key, func.count()).group_by(FailedSignIn.key)).all())
        assert {keys[key]: count for key, count in counted.items()} == {"network": 6}  # the account's no longer count


def test_waiting_is_the_same_for_an_address_that_does_not_exist(pia: Cast, client: Client) -> None:
    for email in ("pia@sjovik.example", "nobody@sjovik.example"):
        answers = [sign_in(client(""), email, "fel lösenord helt").status_code for _n in range(5)]
        assert answers == [422] * 4 + [429]


def test_a_guesser_far_away_delays_the_owner_a_minute_at_most(pia: Cast, client: Client) -> None:
    for n in range(100):
        said = {"email": "pia@sjovik.example", "password": "gissning"}
        client("").post("/account/sign-in", data=said, environ_base={"REMOTE_ADDR": f"203.0.{n}.7"})
    answer = sign_in(client(""))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 60


def test_a_guesser_at_school_delays_the_others_there_for_seconds(pia: Cast, client: Client) -> None:
    for n in range(60):
        sign_in(client(""), f"nobody{n}@sjovik.example", "gissning")
    answer = sign_in(client(""))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 15


def test_a_failure_does_not_tell_who_or_where(pia: Cast, client: Client) -> None:
    sign_in(client(""), password="fel lösenord helt")
    for row in db.session.scalars(select(FailedSignIn)):
        assert len(row.key) == 64
        assert "pia" not in row.key


def test_failures_are_forgotten_after_an_hour(pia: Cast, client: Client) -> None:
    sign_in(client(""), password="fel lösenord helt")
    with clock.held(NOW + timedelta(hours=1, seconds=1)):
        sign_in(client(""), "nobody@sjovik.example", "gissning")
        assert {row.at for row in db.session.scalars(select(FailedSignIn))} == {clock.now()}


def test_signing_in_again_ends_the_session_that_the_browser_had(pia: Cast, client: Client) -> None:
    browser = client("")
    sign_in(browser)
    sign_in(browser)
    rows = db.session.scalars(select(Session).order_by(Session.id)).all()
    assert [bool(row.ended_at) for row in rows] == [True, False]


def test_only_the_hash_of_the_key_is_kept(pia: Cast, client: Client) -> None:
    browser = client("")
    sign_in(browser)
    with browser.session_transaction() as cookie:
        assert db.session.scalars(select(Session)).one().key_hash == queries.digest(cookie["key"])


def test_signing_out_ends_the_row_and_clears_the_browser(pia: Cast, client: Client) -> None:
    browser = client("")
    sign_in(browser)
    with browser.session_transaction() as cookie:
        key = cookie["key"]
    answer = browser.post("/account/sign-out")
    assert answer.status_code == 303
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert db.session.scalars(select(Session)).one().ended_at
    with browser.session_transaction() as cookie:
        assert "key" not in cookie
        cookie["key"] = key  # somebody had copied it
    with browser:
        browser.get("/about")
        assert g.person is None


def test_several_mandates_are_chosen_between(pia: Cast, client: Client) -> None:
    from chain.access.policy import Role
    from chain.organisation import actions as organisation

    second = organisation.give_mandate(
        pia.pia.person, Role.PRINCIPAL, pia.unit["havet"], by=pia.stina, acting=True, valid_to=clock.today() + timedelta(days=30)
    )
    browser = client("")
    answer = sign_in(browser, next="/organisation/")
    assert answer.location == "/account/choose?next=/organisation/"
    assert browser.get("/organisation/").location.startswith("/account/choose")
    page = browser.get(answer.location).text
    assert "Tillförordnad rektor" in page
    assert "till och med 22 december 2026" in page
    answer = browser.post("/account/choose", data={"mandate": second.public_id, "next": "/organisation/"})
    assert answer.location == "/organisation/"
    with browser:
        browser.get("/about")
        assert g.mandate.unit.name == "Havets förskola"


def test_nobody_acts_under_the_mandate_of_another(pia: Cast, client: Client) -> None:
    assert client("pia").post("/account/choose", data={"mandate": pia.diana.public_id}).status_code == 404


def test_a_token_is_for_whoever_is_signed_in(cast: Cast, client: Client) -> None:
    assert client("pia").get("/account/token").json["csrf_token"]
    answer = client("").get("/account/token")
    assert (answer.status_code, answer.json["signin"]) == (401, "/account/sign-in")


def test_the_language_is_kept_with_the_person(cast: Cast, client: Client) -> None:
    browser = client("pia")
    browser.post("/language", data={"language": "en", "back": "/about"})
    browser.delete_cookie("language")
    with browser:
        assert 'lang="en"' in browser.get("/about").text
        assert g.locale == "en"


def test_a_stranger_has_the_language_of_the_cookie(app: Flask, client: Client) -> None:
    browser = client("")
    browser.post("/language", data={"language": "en", "back": "//evil.example"})
    assert 'lang="en"' in browser.get("/account/sign-in").text
    browser.set_cookie("language", "xx")
    assert 'lang="sv"' in browser.get("/account/sign-in").text


@pytest.fixture
def behind_a_proxy(app: Flask) -> Iterator[Flask]:
    from werkzeug.middleware.proxy_fix import ProxyFix

    bare = app.wsgi_app
    app.wsgi_app = ProxyFix(bare, x_for=1)  # type: ignore[method-assign]
    yield app
    app.wsgi_app = bare  # type: ignore[method-assign]


def test_behind_a_proxy_only_the_last_word_about_the_address_counts(pia: Cast, behind_a_proxy: Flask, client: Client) -> None:
    with client("") as browser:
        browser.get("/about", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
        from flask import request

        assert request.remote_addr == "203.0.113.9"


def test_without_a_proxy_nobody_chooses_an_address(pia: Cast, client: Client) -> None:
    with client("") as browser:
        browser.get("/about", headers={"X-Forwarded-For": "198.51.100.1"})
        from flask import request

        assert request.remote_addr == "127.0.0.1"
