"""The first page, for each role of the cast."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chain.followup import actions as followup
from chain.rollup import actions as rollup
from tests.followup import world
from tests.home.reading import home
from tests.makers import PEOPLE, Cast

Client = Callable[[str], FlaskClient]


@pytest.mark.parametrize("short", [short for short, *_ in PEOPLE])
def test_everybody_has_a_first_page_before_anything_has_happened(cast: Cast, client: Client, short: str) -> None:
    page = client(short).get("/")
    assert page.status_code == 200
    assert "Hej" in page.text


def test_a_stranger_is_asked_to_sign_in(cast: Cast, client: Client) -> None:
    page = client("").get("/")
    assert (page.status_code, page.location) == (303, "/account/sign-in?next=/")


def test_what_came_back_stays_on_the_first_page_when_the_next_round_has_opened(app: Flask, cast: Cast) -> None:
    november, _january = world.november_and_january(cast)
    handed_up = world.hand_in(world.followup(cast, "lena", november), cast.lena)
    followup.open_(handed_up, by=cast.pia)
    rollup.send_back(handed_up, reason="Skriv vad som kom i vägen för läsgrupperna.", by=cast.pia)
    row = home(app, "lena").rows["Uppföljning 1, november 2026/27"]
    assert "Skriv vad som kom i vägen för läsgrupperna." in row and "Skickad tillbaka" in row


def test_the_receiver_is_led_to_the_round_that_waits(cast: Cast, client: Client) -> None:
    november, _january = world.november_and_january(cast)
    world.hand_in(world.followup(cast, "lena", november), cast.lena)
    page = client("pia").get("/").text
    assert "1 uppföljning att läsa och ta emot" in page
    assert f"/rollup/{november.public_id}" in page


def test_the_administration_is_told_the_next_step_when_it_has_handed_in(cast: Cast, client: Client) -> None:
    november = world.opened(cast)
    world.hand_in(world.followup(cast, "olle", november), cast.diana)
    page = client("olle").get("/").text
    assert "Förbered en utgåva av Uppföljning 1, november" in page
