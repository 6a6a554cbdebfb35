"""Every page in a real browser, wide and light in Swedish, narrow and dark in English: axe finds nothing, nothing is too wide."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from sqlalchemy import update

from chain.base.db import db
from chain.organisation.models import Person
from tests import browser
from tests.access_matrix import BY_ENDPOINT, Line
from tests.doors import opened
from tests.makers import PEOPLE
from tests.test_pages import somebody
from tests.town import MORE_PEOPLE, Town
from tests.visitors import too_wide

# Somebody of each role; of several, the one who was there first: ulla and stig have nothing to act under.
ONE_OF_EACH = {role: short for short, _name, role, _unit in reversed((*PEOPLE, *MORE_PEOPLE))}
NO_PAGES = {
    "static",
    "account.token",
    "pages.livez",
    "pages.readyz",
    "document.bundle",
    "wheel.file",
    "governing.file",
    "governing.asked_file",
    "dialogue.file",
}  # a file or a word: nothing to look at


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with browser.launch() as running:
        yield running


def to_look_at(most: int) -> Iterator[tuple[Line, str]]:
    """So many of the things that an address shows by GET, as one of those who get in; the first page as each role."""
    for key, lines in BY_ENDPOINT.items():
        method, _space, endpoint = key.partition(" ")
        if endpoint == "home.start":
            yield from ((line, who) for line in lines for who in ONE_OF_EACH.values() if who in line.may)
        elif method == "GET" and endpoint not in NO_PAGES and not endpoint.startswith("v1."):
            yield from [(line, somebody(line)) for line in lines if line.may][:most]


@pytest.mark.parametrize("towns", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("width", "language", "scheme", "most"), [(1280, "sv", "light", 2), (320, "en", "dark", 1)], ids=["wide", "narrow"]
)
def test_every_page_can_be_read_by_all(
    own_town: tuple[Flask, Town], chromium: Chromium, width: int, language: str, scheme: str, most: int
) -> None:
    app, town = own_town
    with app.app_context():
        db.session.execute(update(Person).values(language=language))
        db.session.commit()
    faults: dict[str, object] = {}
    windows: dict[str, browser.Page] = {}
    with opened(app, town) as doors, browser.served(app) as site:
        for line, who in to_look_at(most):
            if who not in windows:
                window = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale=language)
                browser.bring_axe(window)
                name, _equals, value = doors.cookies.get(who, "styrkedjan=").partition("=")
                window.add_cookies([{"name": name, "value": value or "nobody", "url": site}])
                windows[who] = window.new_page()
            page = windows[who]
            got = page.goto(site + doors.address(line.endpoint, line.thing))
            assert got and (got.ok or got.status in (409, 410)), (line, who)  # a sentence that says why not is a page too
            found = [*browser.axe(page), *([f"{too_wide(page)} px too wide"] if too_wide(page) > 0 else [])]
            if found:
                faults[f"{line.endpoint} «{line.thing}» {who}"] = found
        for page in windows.values():
            page.context.close()
    assert faults == {}
