"""Choosing a password, with a one-time code or with the old one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.account import actions, passwords, queries, rules
from chain.account.models import Credential, WelcomeCode
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from tests.conftest import NOW
from tests.makers import PASSWORD, Cast

Client = Callable[[str], FlaskClient]
ANOTHER = "en kopp med varmt regn"


def welcome(browser: FlaskClient, code: str, new: str = ANOTHER, again: str = ""):
    return browser.post("/account/welcome", data={"code": code, "new": new, "again": again or new})


def test_a_code_lets_a_person_choose_a_password_once(cast: Cast, client: Client) -> None:
    code = actions.make_code(cast.pia.person, by=cast.stina)
    assert len(rules.plain_code(code)) == 26  # 130 bits
    browser = client("")
    assert browser.get("/account/welcome").status_code == 200  # a letter scanner that looks uses nothing up
    answer = welcome(browser, code.lower().replace("-", " "))
    assert answer.status_code == 303
    with browser:
        browser.get("/about")
        assert g.person.name == "Pia Östlund"
    assert passwords.matches(queries.credential(cast.pia.person).hash, ANOTHER)
    answer = welcome(client(""), code)
    assert answer.status_code == 422
    assert "Koden gäller inte" in answer.text


def test_a_code_is_over_after_a_day_and_when_a_newer_one_is_made(cast: Cast, client: Client) -> None:
    first = actions.make_code(cast.pia.person, by=cast.stina)
    second = actions.make_code(cast.pia.person, by=cast.stina)
    assert welcome(client(""), first).status_code == 422
    with clock.held(NOW + timedelta(hours=24)):
        assert welcome(client(""), second).status_code == 422
    with clock.held(NOW + timedelta(hours=23, minutes=59)):
        assert welcome(client(""), second).status_code == 303


def test_a_code_is_not_kept_and_not_used_up_by_a_weak_password(cast: Cast, client: Client) -> None:
    code = actions.make_code(cast.pia.person, by=cast.stina)
    assert rules.plain_code(code) not in {row.hash for row in db.session.scalars(select(WelcomeCode))}
    answer = welcome(client(""), code, "Sommaren2026")
    assert answer.status_code == 422
    assert "gissas först" in answer.text
    assert "inte lika" in welcome(client(""), code, ANOTHER, "något annat").text
    assert welcome(client(""), code).status_code == 303


def test_only_the_steward_makes_codes_for_the_people_of_the_municipality(cast: Cast, client: Client) -> None:
    address = f"/account/person/{cast.pia.person.public_id}/code"
    for short in ("", "pia", "diana", "maja", "lena"):
        assert client(short).post(address).status_code in (303, 403, 404)
    with pytest.raises(NotAllowed):
        actions.make_code(cast.pia.person, by=cast.diana)
    page = client("stina").post(address)
    assert page.status_code == 200
    assert "Koden visas bara nu" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_changed_password_signs_out_everywhere_else(cast: Cast, client: Client) -> None:
    actions.set_password(cast.pia.person, PASSWORD, by=cast.pia.person)
    here, there = client("pia"), client("pia")
    wrong = here.post("/account/password", data={"current": "fel lösenord helt", "new": ANOTHER, "again": ANOTHER})
    assert wrong.status_code == 422
    right = here.post("/account/password", data={"current": PASSWORD, "new": ANOTHER, "again": ANOTHER})
    assert right.status_code == 303
    with here:
        here.get("/about")
        assert g.person
    with there:
        there.get("/about")
        assert g.person is None


def test_guessing_the_old_password_is_delayed_like_signing_in(cast: Cast, client: Client) -> None:
    actions.set_password(cast.pia.person, PASSWORD, by=cast.pia.person)
    browser = client("pia")
    tried = [browser.post("/account/password", data={"current": "gissning", "new": ANOTHER, "again": ANOTHER}) for _n in range(5)]
    assert [answer.status_code for answer in tried] == [422] * 4 + [429]


def test_a_hash_of_weaker_settings_is_renewed_at_sign_in(app: Flask, cast: Cast, client: Client) -> None:
    actions.set_password(cast.pia.person, PASSWORD, by=cast.pia.person)
    before = queries.credential(cast.pia.person).hash
    app.config["ARGON2"] = {"time_cost": 2, "memory_cost": 16, "parallelism": 1}
    assert client("").post("/account/sign-in", data={"email": "pia@sjovik.example", "password": PASSWORD}).status_code == 303
    db.session.expire_all()
    after = db.session.scalars(select(Credential)).one().hash
    assert before != after
    assert "t=2" in after
    assert after.startswith("$argon2id$")


WEAK = {
    "kort": "short", "x" * 201: "long", "hejhejhejhej": "same", "aaaaaaaaaaaaa": "same", "qwertyuiop123": "row",
    "123456789012": "row", "abcdefghijklm": "row", "1qaz2wsx3edc": "row", "Password1234": "common", "P@ssw0rd2026!": "common",
    "Sommaren2026!": "common", "lösenordlösenord": "common", "välkommenhem12": "", "Fotboll1234567": "common",
    "PiaÖstlund2026": "personal", "piaostlund1234": "personal", "Sjövik-skolan1": "personal", "sjovik2026!!!": "personal",
}  # fmt: skip


@pytest.mark.parametrize(("password", "why"), WEAK.items())
def test_weak_passwords_are_refused(password: str, why: str) -> None:
    assert rules.weakness(password, ["Pia Östlund", "pia.ostlund@sjovik.example", "Sjövik"]) == why


@pytest.mark.parametrize(
    "password", [PASSWORD, ANOTHER, "korrekt häst batteri häftklammer", "x7#kP9!qLm2$wR", "日本語のパスワードですよね"]
)
def test_good_passwords_are_taken_as_they_are(password: str) -> None:
    assert rules.weakness(password, ["Pia Östlund", "pia.ostlund@sjovik.example", "Sjövik"]) == ""


def test_a_weak_password_is_refused_with_what_to_do(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="minst 12 tecken"):
        actions.set_password(cast.pia.person, "kort", by=cast.pia.person)


def test_there_is_a_first_steward_and_only_one_is_made_this_way(app: Flask, client: Client) -> None:
    run = app.test_cli_runner()
    arguments = ["steward", "create", "--municipality", "Ekby", "--name", "Eva Ek", "--email", "Eva@ekby.example"]
    made = run.invoke(args=arguments)
    assert made.exit_code == 0
    assert welcome(client(""), made.output.rpartition(": ")[2].strip()).status_code == 303
    again = run.invoke(args=arguments)
    assert again.exit_code == 1
    assert "har redan en systemförvaltare" in again.output


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", "unknown"),
    ],
)
def test_a_network_is_what_one_subscriber_has(address: str, network: str) -> None:
    assert rules.network(address) == network
