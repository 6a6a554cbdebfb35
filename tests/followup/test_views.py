"""The pages of a follow-up: what is left to do, a section as it is written, and what a page costs however much is in it."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from chain.account import actions as account
from chain.base import clock
from chain.base.db import db
from chain.followup import actions, citation_actions
from tests import asked
from tests.followup import scene, world
from tests.followup.pages import Client, address, fill, page, stored, text, typed
from tests.followup.scene import Scene
from tests.makers import Cast

# The task list


def test_the_hub_says_what_is_left_who_is_in_it_and_how_long_there_is(november: Scene, client: Client) -> None:
    world.save(november.pia, "example", {"text": "Vi ringer hem."}, november.cast.bo)
    world.save(november.pia, "analysis", scene.ANALYSIS, november.cast.pia, done=True)
    said = text(page(client("pia"), address(november.pia)))
    assert "Ska lämnas in måndag 7 december: 15 dagar kvar." in said
    assert "1 av 9 klara" in said
    assert "Pågår Bo Alm, i dag 10.00" in said
    assert "1 av 1 har lämnat in." in said
    assert "Granska och lämna in Kan inte påbörjas än" in said
    assert "Uppföljning 1, november 2025/26" in said


def test_the_hub_names_the_children_that_are_missing(november: Scene, client: Client) -> None:
    assert "Väntar på: Arbetslag 4–6" in text(page(client("petra"), address(november.of("petra"))))


def test_a_late_follow_up_may_still_be_written(november: Scene, client: Client) -> None:
    with clock.held(clock.at(world.OPENS[0].replace(month=12, day=9))):
        assert "för 2 dagar sedan. Det går bra att lämna in ändå." in text(page(client("pia"), address(november.pia)))


def test_what_was_returned_comes_first_with_its_reason(november: Scene, client: Client) -> None:
    sent = world.hand_in(november.pia, november.cast.pia)
    actions.send_back(sent, reason="Skriv vad eleverna ändrade.", by=november.cast.arne)
    soup = page(client("pia"), address(november.pia))
    assert "Skickad tillbaka Skriv vad eleverna ändrade." in text(soup)
    assert soup.find("a", string="Granska och lämna in")


# A section


@pytest.mark.parametrize(
    "key", ["results", "analysis", "survey_followup", "outcomes", "measures", "measures_year", "support_needed", "participation"]
)
def test_every_section_opens_and_is_saved_as_it_stands(november: Scene, client: Client, key: str) -> None:
    answer = fill(client("pia"), november.pia, key)
    assert (answer.status_code, answer.location) == (303, address(november.pia, key))
    assert not stored(november.pia, key).done


def test_a_text_is_saved_and_marked_as_done(november: Scene, client: Client) -> None:
    answer = fill(client("pia"), november.pia, "example", text="Vi ringer hem.\r\n\r\nSamma dag.", done="yes", go="on")
    assert answer.location == address(november.pia)
    section = stored(november.pia, "example")
    assert (section.answer, section.done) == ({"text": "Vi ringer hem.\n\nSamma dag."}, True)


def test_an_empty_section_is_not_done(november: Scene, client: Client) -> None:
    answer = fill(client("pia"), november.pia, "example", done="yes")
    assert answer.status_code == 422
    assert "Avsnittet är tomt." in answer.text
    assert not stored(november.pia, "example").done


def test_a_save_that_is_refused_keeps_what_was_typed_and_can_be_put_right(november: Scene, client: Client) -> None:
    browser = client("pia")
    answer = fill(browser, november.pia, "analysis", **{"items-0-see": "14 av 24 når E."}, done="yes")
    soup = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 422
    assert text(soup.find("title")).startswith("Fel:")  # type: ignore[arg-type]
    assert soup.select_one('[data-error-summary] a[href="#items-0-why"]')
    assert soup.select_one("#items-0-why")["aria-invalid"] == "true"  # type: ignore[index]
    (cause,) = stored(november.pia, "analysis").answer["items"]
    assert cause["see"] == "14 av 24 når E."
    rest = {"items-0-why": "Vikarier.", "items-0-evidence": "Diagnosen.", "items-0-certainty": "fairly_sure"}
    again = {**typed(soup), **rest, "done": "yes"}
    assert browser.post(address(november.pia, "analysis"), data=again).status_code == 303
    assert stored(november.pia, "analysis").done


def test_last_years_text_stands_beside_and_can_be_copied_without_a_script(november: Scene, client: Client) -> None:
    browser = client("pia")
    soup = page(browser, address(november.pia, "analysis"))
    button = soup.select_one('[data-copy-to="items-0-see"]')
    assert button and button["form"] == "section"
    assert scene.LAST_YEAR["see"] in text(soup)
    answer = fill(browser, november.pia, "analysis", **{"items-0-see": "I år 14 av 24."}, copy=button["value"])
    assert answer.status_code == 303
    assert stored(november.pia, "analysis").answer["items"][0]["see"] == f"I år 14 av 24.\n\n{scene.LAST_YEAR['see']}"


def test_a_section_that_is_not_asked_is_not_there(november: Scene, client: Client) -> None:
    page(client("pia"), address(november.pia, "safety"), 404)


# What a page costs


def cost(browser: FlaskClient, url: str) -> int:
    """The statements that a page takes, read by a session that has seen nothing before."""
    db.session.rollback()
    with browser.application.app_context(), asked.statements() as said:
        page(browser, url)
    return len(said)


def test_a_page_costs_the_same_with_few_measures_and_with_many(app: Flask, cast: Cast, client: Client) -> None:
    few = scene.november(cast, count=1)
    urls = [
        address(few.pia),
        *(address(few.pia, key) for key in ("outcomes", "measures", "analysis", "results")),
        address(few.pia, more="/check"),
        "/measure/",
    ]
    browser = client("pia")
    world.save(few.pia, "measures", scene.measures(cast.pia, 1), cast.pia)
    before = [cost(browser, url) for url in urls]
    more_measures(few, 8)
    world.save(few.pia, "measures", scene.measures(cast.pia, 9), cast.pia)
    assert [cost(browser, url) for url in urls] == before
    assert max(before) <= 40


def more_measures(november: Scene, count: int) -> None:
    """As if last year's follow-up had set more of them."""
    from chain.measure import actions as measure

    items = scene.measures(november.cast.pia, count)["items"]
    new = [{**one, "item": f"more{n}", "question": "measures", "horizon": "quarter"} for n, one in enumerate(items)]  # type: ignore[arg-type, dict-item, attr-defined]
    measure.set_measures(
        unit_id=november.pia.unit_id,
        path=november.pia.path,
        ceiling=november.pia.path,
        round=november.last_year,
        items=new,
        by=november.cast.pia,
    )


def test_a_page_costs_the_same_with_one_child_and_with_more(november: Scene, client: Client) -> None:
    cast = november.cast
    mine, browser = november.of("arne"), client("arne")
    urls = [address(mine), address(mine, "analysis"), address(mine, more="/check")]
    for who in ("pia", "petra"):
        sent = world.hand_in(november.of(who), cast.who[who])
        actions.open_(sent, by=cast.arne)
        if who == "pia":
            one = [cost(browser, url) for url in urls]
    assert [cost(browser, url) for url in urls] == one


# In English


def test_headings_are_in_the_readers_language_and_the_snapshot_in_its_own(november: Scene, client: Client) -> None:
    cast, by = november.cast, "Alskolan: Analys av orsaker – Varför det är så"
    handed = scene.accepted(november.pia, cast.pia, cast.arne, analysis=scene.ANALYSIS)
    first = citation_actions.cite(
        november.of("arne"), "pattern", handed, "analysis.why.1", "olika vikarier", confirmed=True, by=cast.arne
    )
    area = scene.accepted(november.of("arne"), cast.arne, cast.diana, pattern={"text": "Likt."})
    span = f"pattern.citation.{first.public_id}"
    again = citation_actions.cite(november.of("diana"), "units_see", area, span, "olika vikarier", confirmed=True, by=cast.diana)
    kept, sealed = (first.heading, again.heading), (handed.sha256, area.sha256)
    assert kept == (by.removeprefix("Alskolan: "), by)
    pages = {
        "arne": [f"/followup/submission/{handed.public_id}", f"/followup/citation/{first.public_id}"],
        "diana": [
            f"/followup/citation/{again.public_id}",
            address(november.of("diana"), "units_see"),
            address(november.of("diana"), "units_see", f"/cite?submission={area.public_id}&span={span}"),
        ],
    }
    for who, addresses in pages.items():
        browser = client(who)
        for language, words, others in (("sv", "Varför det är så", "Why it is so"), ("en", "Why it is so", "Varför det är så")):
            account.speak(cast.who[who].person, language, by=cast.who[who].person)
            for one in addresses:
                said = text(page(browser, one))
                assert words in said and others not in said, (language, one)
    assert (world.fresh(first).heading, world.fresh(again).heading) == kept
    assert (world.fresh(handed).sha256, world.fresh(area).sha256) == sealed
