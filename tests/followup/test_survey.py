"""The spring's survey: a day and an analysis of its own, that November follows up; not analysed here is an answer."""

from collections.abc import Callable
from datetime import timedelta

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from chain.base import clock
from chain.cycle import actions as cycle
from chain.followup import checks
from tests.followup import scene, world
from tests.makers import Cast

SEE = "31 av 46 svarade. Färre vet vad barnen lär sig."


def said(browser: FlaskClient, address: str) -> str:
    return " ".join(BeautifulSoup(browser.get(address).data, "html.parser").get_text(" ").split())


def test_november_shows_what_was_analysed_in_spring(cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    april = world.open_year(cast, "2025/26")[2]
    with clock.held(clock.at(april.opens_on + timedelta(days=3))):
        cycle.open_round(april, by=cast.diana)
        mine = world.followup(cast, "pia", april)
        world.save(mine, "survey", {**scene.ANALYSIS, "see": SEE}, cast.pia, done=True)
        hub, section = (said(client("pia"), f"/followup/{mine.public_id}{end}") for end in ("", "/section/survey"))
    assert "frivilligt, klart senast 22 april" in hub
    assert "Det här avsnittet har ett eget datum: klart senast onsdag 22 april." in section
    world.opened(cast)
    now = world.followup(cast, "pia")
    page = said(client("pia"), f"/followup/{now.public_id}/section/survey_followup")
    assert "Vårens brukarenkät: vår analys" in page and SEE in page


def test_a_survey_that_was_not_analysed_stops_nobody(cast: Cast) -> None:
    april = world.open_year(cast)[2]
    with clock.held(clock.at(april.opens_on + timedelta(days=3))):
        cycle.open_round(april, by=cast.diana)
        mine = world.followup(cast, "pia", april)
        world.write(mine, cast.pia)
        for key in ("survey", "analysis"):
            world.save(mine, key, dict.fromkeys(scene.ANALYSIS, ""), cast.pia)
        assert set(checks.problems(world.fresh(mine))) == {"analysis"}
