"""A dialogue from its preparation to notes that both have agreed to, in a real browser: both sides of the table, and axe."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from chain.base import clock
from chain.base.db import db
from chain.dialogue import queries, rules
from chain.dialogue import text_queries as texts
from tests import browser, makers
from tests.dialogue import world
from tests.dialogue.test_views import meet
from tests.followup import world as followups
from tests.makers import Cast
from tests.visitors import Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what a browser does is the same on both


def test_both_sides_from_the_preparation_to_notes_that_are_agreed_to(app: Flask, cast: Cast) -> None:
    november = followups.opened(cast)
    world.read_in(cast, november)
    dialogue = world.planned(cast, held_on=clock.today())
    keys = {who: makers.signed_cookie(app, who) for who in ("pia", "olle")}
    with browser.launch() as chromium, browser.served(app) as site:

        def visit(who: str) -> Browser:
            window = chromium.new_context(viewport={"width": 1280, "height": 900})
            window.add_cookies([{"name": "styrkedjan", "value": keys[who], "url": site}])
            page = window.new_page()
            page.set_default_timeout(20_000)
            return Browser(page, site, lambda words: words, set())

        pia, olle = visit("pia"), visit("olle")
        pia.open(f"/dialogue/{dialogue.public_id}/prepare").fill("Det här vill vi ta upp", world.OWN)
        expect(pia.page.locator("[data-save-state]")).to_contain_text("Sparad", timeout=20_000)  # by itself
        olle.open(f"/dialogue/{dialogue.public_id}").sees("Enheten har inte lämnat över något underlag.")
        pia.press("Lämna över underlaget").sees(world.OWN, "50 % (12 av 24)")
        olle.open(f"/dialogue/{dialogue.public_id}").click("Läs underlaget").sees(world.OWN, "14 av 24 når E.")
        meet(olle, pia)
        _can_be_printed(pia.page, site + f"/dialogue/{dialogue.public_id}/pack")
    db.session.rollback()
    [edition] = queries.editions(dialogue)
    assert (dialogue.state, edition.state) == ("agreed", "agreed")
    own = texts.text(dialogue, rules.OWN_WORDS)
    assert own is not None and own.text == world.OWN


def _can_be_printed(page: Page, address: str) -> None:
    """On paper nothing stands that is pressed, and all that was handed over does."""
    page.goto(address)
    page.emulate_media(media="print")
    seen = {where: page.locator(where).first.is_visible() for where in (".top", ".crumbs", ".paper h1", "#pack-results")}
    assert seen == {".top": False, ".crumbs": False, ".paper h1": True, "#pack-results": True}
