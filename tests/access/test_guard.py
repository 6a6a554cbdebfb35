"""The doors: who is sent where, and what one is told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from chain.access import guard
from chain.access.guard import allow, everyone, signed_in
from chain.access.policy import Action
from chain.base.errors import NotAllowed
from chain.organisation.models import Unit
from tests.makers import Cast

Client = Callable[[str], FlaskClient]


@pytest.fixture
def app(new_app: Flask) -> Flask:
    return new_app


@pytest.fixture
def doors(app: Flask) -> Iterator[Flask]:
    """Three doors of each kind, of the test's own."""
    app.add_url_rule("/test/everyone", view_func=everyone(named("open_to_all")))
    app.add_url_rule("/test/signed-in", view_func=signed_in(named("open_to_people")))
    app.add_url_rule("/test/read/<public_id>", view_func=allow(Action.READ, Unit)(named("read_unit")))
    app.add_url_rule("/test/keep/<public_id>", view_func=allow(Action.KEEP, Unit)(named("keep_unit")))
    app.add_url_rule("/test/kind", view_func=allow(Action.READ, "audit")(named("read_audit")))
    yield app


def named(name: str) -> Callable[..., str]:
    def view(thing: Any = None) -> str:
        return thing.name if thing is not None else name

    view.__name__ = name
    return view


def test_a_stranger_is_asked_to_sign_in_and_brought_back(doors: Flask, client: Client) -> None:
    assert client("").get("/test/everyone").text == "open_to_all"
    for address in ("/test/signed-in", "/test/kind", "/test/read/x", "/test/keep/x"):
        answer = client("").get(f"{address}?a=1")
        assert answer.status_code == 303
        assert answer.location == f"/account/sign-in?next={address}?a%3D1"


def test_a_saving_script_gets_an_answer_and_no_page(doors: Flask, client: Client) -> None:
    answer = client("").get("/test/read/x", headers={"X-Autosave": "1"})
    assert answer.status_code == 401
    assert answer.json["signin"] == "/account/sign-in"


def test_what_may_not_be_read_is_not_there_and_what_may_is_fetched(doors: Flask, cast: Cast, client: Client) -> None:
    alskolan, ekskolan = cast.unit["alskolan"].public_id, cast.unit["ekskolan"].public_id
    assert client("pia").get(f"/test/read/{alskolan}").text == "Alskolan"
    hidden, missing = client("pia").get(f"/test/read/{ekskolan}"), client("pia").get("/test/read/" + "0" * 32)
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.text.replace(ekskolan, "X") == missing.text.replace("0" * 32, "X")


def test_what_may_be_read_but_not_done_says_so(doors: Flask, cast: Cast, client: Client) -> None:
    assert client("pia").get(f"/test/keep/{cast.unit['alskolan'].public_id}").status_code == 403
    assert client("pia").get(f"/test/keep/{cast.unit['ekskolan'].public_id}").status_code == 404
    assert client("stina").get(f"/test/keep/{cast.unit['alskolan'].public_id}").text == "Alskolan"


def test_a_kind_that_the_role_never_reads_is_not_there(doors: Flask, client: Client) -> None:
    assert client("stina").get("/test/kind").text == "read_audit"
    assert client("pia").get("/test/kind").status_code == 404


def test_an_action_asks_too(cast: Cast) -> None:
    guard.require(Action.KEEP, cast.unit["alskolan"], cast.stina)
    with pytest.raises(NotAllowed):
        guard.require(Action.KEEP, cast.unit["alskolan"], cast.pia)


def test_every_view_of_the_app_says_who(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if name != "static" and not hasattr(view, "guard")]
    assert silent == []


def test_the_person_of_one_request_is_not_that_of_the_next(doors: Flask, client: Client) -> None:
    with client("pia") as browser:
        browser.get("/test/everyone")
        assert g.person.name == "Pia Östlund"
    with client("") as browser:
        browser.get("/test/everyone")
        assert g.person is None
        assert g.mandates == []
