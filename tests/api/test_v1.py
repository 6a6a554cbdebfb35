"""The interface: every answer as openapi.json says, a token and nothing else opens it, and nothing about a person is told."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select, update

from chain.access.policy import Role
from chain.api import v1_views as v1
from chain.api.models import Token
from chain.base import clock
from chain.base.db import db
from chain.organisation.models import Person
from chain.release import actions as release
from tests.access_matrix import MATRIX
from tests.api.test_actions import make
from tests.doors import Doors
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

DOCUMENT: dict[str, Any] = json.loads(v1.DESCRIPTION.read_text(encoding="utf-8"))
PATHS = {f"/api/v1{path}".replace("{", "<").replace("}", ">"): about["get"] for path, about in DOCUMENT["paths"].items()}
LINES = [line for line in MATRIX if line.endpoint.startswith("v1.") and line.endpoint != "v1.openapi"]
ROBOTS = ("robot-fvn", "robot-norr", "robot-figures", "robot-bun", "robot-ended", "olle", "nobody")


def faults(schema: dict[str, Any], answer: Any) -> list[str]:
    whole = {**schema, "components": DOCUMENT["components"]}
    return [f"{list(error.absolute_path)}: {error.message}" for error in Draft202012Validator(whole).iter_errors(answer)]


def described(app: Flask, address: str, status: int) -> tuple[str, dict[str, Any]]:
    """The media type and the schema that the document gives an answer."""
    rule, _parts = app.url_map.bind("localhost").match(address.partition("?")[0], return_rule=True)
    answer = PATHS[rule.rule]["responses"][str(status)]
    if "$ref" in answer:
        answer = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return next((kind, content["schema"]) for kind, content in answer["content"].items())


def test_the_document_describes_every_address_and_its_schemas_hold(town: Doors) -> None:
    rules = {rule.rule: rule for rule in town.app.url_map.iter_rules() if rule.endpoint.startswith("v1.")}
    assert set(rules) == set(PATHS) and DOCUMENT["openapi"] == "3.1.0"
    assert all(rule.methods == {"GET", "HEAD", "OPTIONS"} for rule in rules.values())
    for about in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(about)
    for path, about in PATHS.items():
        named = {each["name"] for each in about.get("parameters", ()) if each.get("in") == "path"}
        assert named == rules[path].arguments, path
    used = json.dumps(DOCUMENT)
    for part in ("schemas", "parameters", "responses"):
        assert all(f'"#/components/{part}/{name}"' in used for name in DOCUMENT["components"][part])
    assert json.loads(town.knock("nobody", "/api/v1/openapi.json").text) == DOCUMENT


def test_every_answer_is_as_it_is_described(town: Doors) -> None:
    """For everybody, whatever they may: also what is refused, what is not there, and what is no page."""
    statuses = set()
    for line in LINES:
        address = town.address(line.endpoint, line.thing)
        for who in ROBOTS:
            for asked in (address, f"{address}?per_page=2&page=2", f"{address}?page=x"):
                got = town.knock(who, asked)
                kind, schema = described(town.app, asked, got.status)
                assert got.headers["Content-Type"] == kind and got.headers["Cache-Control"] == "no-store"
                assert not faults(schema, json.loads(got.text)), (asked, who)
                statuses.add(got.status)
    assert statuses == {200, 400, 401, 403, 404}


def test_no_answer_holds_anything_about_a_person(town: Doors) -> None:
    with town.app.app_context():
        people = [(one.name, one.email, one.public_id) for one in db.session.scalars(select(Person))]
    told = "".join(town.knock("robot-fvn", town.address(line.endpoint, line.thing)).text for line in LINES)
    assert len(told) > 20_000 and not [word for words in people for word in words if word in told]


def test_a_cookie_opens_nothing_here_and_a_token_nothing_there(town: Doors) -> None:
    got = town.knock("olle", "/api/v1/units")
    assert got.status == 401 and got.headers["WWW-Authenticate"].startswith("Bearer") and "Set-Cookie" not in got.headers
    both = {"Cookie": town.cookies["olle"]}
    assert town.knock("robot-bun", "/api/v1/units", headers=both).text == town.knock("robot-bun", "/api/v1/units").text
    assert town.knock("robot-fvn", "/rollup/").status == 303


WRONG = (
    "Bearer",
    "Bearer ",
    "Basic {key}",
    "{key}",
    "Bearer {key}x",
    "Bearer {hash}",
    "Bearer {key} {key}",
    "Bearer ' OR 1=1 --",
)


@pytest.mark.parametrize("header", WRONG)
def test_what_is_no_token_is_answered_alike(town: Doors, header: str) -> None:
    key = town.town.tokens["robot-fvn"]
    shown = header.format(key=key, hash=v1.queries.digest(key))
    got = town.knock("nobody", "/api/v1/units", headers={"Authorization": shown})
    assert (got.status, got.text) == (401, town.knock("nobody", "/api/v1/units").text)
    assert town.knock("nobody", f"/api/v1/units?access_token={key}").status == 401


def test_an_address_that_there_is_not_and_a_method_that_there_is_not_are_problems_too(town: Doors) -> None:
    for address, method, status in (
        ("/api/v1/nothing", "GET", 404),
        ("/api/v1/units", "POST", 405),
        ("/api/v1/units", "DELETE", 405),
    ):
        got = town.knock("robot-fvn", address, method)
        assert (
            got.status == json.loads(got.text)["status"] == status and got.headers["Content-Type"] == "application/problem+json"
        )


def pages(town: Doors, who: str, address: str) -> Iterator[dict[str, Any]]:
    """All of a list, a page at a time, by the addresses that it gives."""
    following: str | None = address
    while following:
        got = json.loads(town.knock(who, following).text)
        yield from got["items"]
        following = got["next"]


def test_the_pages_of_a_list_are_all_of_it_once(town: Doors) -> None:
    figures = town.address("v1.figures", "node fvn then", "GET")
    for address in ("/api/v1/units", "/api/v1/rounds", "/api/v1/releases", figures):
        whole = json.loads(town.knock("robot-fvn", f"{address}?per_page=500").text)["items"]
        assert whole and list(pages(town, "robot-fvn", f"{address}?per_page=1")) == whole, address


def test_the_tree_is_that_of_the_role_with_a_way_up(town: Doors) -> None:
    found = {one["id"]: one for one in pages(town, "robot-norr", "/api/v1/units")}
    names = {one["name"] for one in found.values()}
    assert {"Sjövik", "Norra området", "Alskolan"} <= names and not {"Södra området", "Vuxenutbildningen", "Bergsund"} & names
    assert all(one["parent"] in found for one in found.values() if one["level"] != "municipality")


@pytest.fixture
@kept
def november(cast: Cast) -> Any:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {("MA", "4"): (25, 24, 18), ("EN", "6"): (8, 7, 6)})
    district.accepted(cast, "ekskolan", {("MA", "4"): (16, 16, 10)})
    return found


def test_figures_are_those_of_the_pages_and_releases_hold_nothing_exact(app: Flask, cast: Cast, november: Any) -> None:
    _token, key = make(cast, scopes=["figures", "releases", "indicators"])
    shown = {"Authorization": f"Bearer {key}"}
    browser = app.test_client()
    live = browser.get(f"/api/v1/rounds/{november.public_id}/units/{cast.unit['fvn'].public_id}/figures", headers=shown).json
    maths = next(one for one in live["items"] if one["subject"] == "MA")
    assert (maths["enrolled"], maths["n"], maths["k"], maths["value"], maths["units"], maths["small"]) == (
        41,
        40,
        28,
        70,
        2,
        False,
    )
    english = next(one for one in live["items"] if one["subject"] == "EN")
    assert (english["n"], english["value"], english["small"]) == (7, None, True) and live["coverage"] == {
        "reporting": 2,
        "expected": 3,
    }
    made = release.prepare(november, by=cast.olle)
    frozen = browser.get(f"/api/v1/releases/{made.public_id}/figures", headers=shown).json["items"]
    by_subject = {one["subject"]: one for one in frozen if one["unit"]["level"] == "administration"}
    assert {one["unit"]["name"] for one in frozen} >= {"Alskolan", "Ekskolan", "Norra området"}
    assert (by_subject["MA"]["value"], by_subject["MA"]["n"], by_subject["MA"]["enrolled"]) == (70, 40, 40)
    assert (by_subject["EN"]["shown"], by_subject["EN"]["value"], by_subject["EN"]["n"]) == ("..", None, None)
    english = {**shown, "Accept-Language": "en"}
    told = [
        browser.get(f"/api/v1/years/{november.year.public_id}/indicators", headers=each).json["items"][0]
        for each in (shown, english)
    ]
    assert [one["name"] for one in told] == ["Minst E", "At least E"]


def test_a_token_of_the_committee_reads_no_live_row_whatever_its_scopes_say(app: Flask, cast: Cast, november: Any) -> None:
    """No such token can be made: this one was written into the database."""
    token, key = make(cast, "bun", Role.MEMBER)
    db.session.execute(update(Token).where(Token.id == token.id).values(scopes=["figures", "releases"]))
    db.session.commit()
    made = release.prepare(november, by=cast.olle)
    browser, shown = app.test_client(), {"Authorization": f"Bearer {key}"}
    for unit in ("fvn", "norr", "alskolan"):
        address = f"/api/v1/rounds/{november.public_id}/units/{cast.unit[unit].public_id}/figures"
        assert browser.get(address, headers=shown).status_code == 404
    assert browser.get(f"/api/v1/releases/{made.public_id}/figures", headers=shown).status_code == 404
    release.approve(made, by=cast.diana)
    assert browser.get(f"/api/v1/releases/{made.public_id}/figures", headers=shown).status_code == 200
    second = release.approve(release.prepare(november, by=cast.olle), by=cast.diana)
    assert browser.get(f"/api/v1/releases/{made.public_id}/figures", headers=shown).status_code == 404  # replaced
    assert browser.get(f"/api/v1/releases/{second.public_id}/figures", headers=shown).status_code == 200


def test_that_it_was_used_is_remembered_once_an_hour_and_an_end_bites_at_once(app: Flask, client: Any, cast: Cast) -> None:
    token, key = make(cast)
    browser, shown = app.test_client(), {"Authorization": f"Bearer {key}"}
    first = clock.now()
    for minutes, seen in ((0, 0), (59, 0), (61, 61)):
        clock.hold(first + timedelta(minutes=minutes))
        assert browser.get("/api/v1/units", headers=shown).status_code == 200
        db.session.refresh(token)
        assert token.used_at is not None and (token.used_at - first).total_seconds() == seen * 60
    assert client("stina").post(f"/api/tokens/{token.public_id}/end").status_code == 303
    assert browser.get("/api/v1/units", headers=shown).status_code == 401
