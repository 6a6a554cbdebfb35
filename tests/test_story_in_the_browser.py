"""The same story in a real browser: on a screen and on a phone, in both languages, with and without scripts, light and dark.

Every kind of page that is come to is judged by axe, and none may be wider than its window.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import Browser as Chromium
from sqlalchemy import update

from chain.base.db import db
from chain.cycle import rules, shipped
from chain.organisation.models import Person
from chain.result import shipped as result
from tests import browser
from tests.makers import Cast
from tests.test_story import give_passwords, sign_in, tell
from tests.visitors import Browser, Words

COME_TO = {  # the pages of the story: what is judged
    "account.sign_in", "home.start", "cycle.wheel", "cycle.round",
    "followup.hub", "followup.edit", "followup.cite", "followup.check", "followup.receipt", "followup.show",
    "rollup.overview", "support.archive", "support.show",
    "release.archive", "release.prepare", "release.show", "report.archive", "report.publish", "report.show",
    "matter.archive", "matter.record", "matter.show", "feedback.archive", "feedback.give", "feedback.show", "feedback.delivery",
}  # fmt: skip

CATALOG = Path(__file__).resolve().parents[1] / "translations" / "en" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with browser.launch() as running:
        yield running


@pytest.fixture
def site(app: Flask, cast: Cast) -> Iterator[str]:
    app.config["WTF_CSRF_ENABLED"] = True
    db.session.rollback()
    with browser.served(app) as address:
        yield address


def english() -> Words:
    """The story's words as an English reader sees them; what a person has written stays as it is."""
    with CATALOG.open("rb") as file:
        known = {first(m.id): first(m.string) for m in read_po(file, locale="en") if m.id}
    for template in shipped.templates().values():
        known |= {question.sv.title: question.en.title for question in template.questions}
    known |= {subject.sv: subject.en for subject in result.subjects()}
    known |= {plan.name["sv"]: plan.name["en"] for plan in rules.default_plan("2026/27", ["unit"])}
    patterns = [(re.compile(pattern(swedish)), text) for swedish, text in known.items() if len(PARAMETER.sub("", swedish)) > 8]

    def words(text: str) -> str:
        if text in known:
            return known[text]
        for form, said in patterns:
            if found := form.fullmatch(text):
                return PARAMETER.sub(lambda name: found[name[1]], said)
        begun = next((said for swedish, said in known.items() if swedish.startswith(text)), text)
        return PARAMETER.split(begun)[0]

    return words


PARAMETER = re.compile(r"%\((\w+)\)[sd]")


def first(text: object) -> str:
    return str(text[0]) if isinstance(text, (tuple, list)) else str(text)


def pattern(swedish: str) -> str:
    """A sentence with its parameters open."""
    parts = PARAMETER.split(swedish)
    names: set[str] = set()
    said = ""
    for n, part in enumerate(parts):
        if n % 2 == 0:
            said += re.escape(part)
        else:
            said += f"(?P={part})" if part in names else f"(?P<{part}>.+)"
            names.add(part)
    return said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("width", "language", "scripts", "scheme"),
    [(1280, "sv", True, "light"), (320, "en", False, "dark")],
    ids=["on a screen", "on a phone, in English, in the dark and without scripts"],
)
def test_the_story_in_a_browser(
    app: Flask, cast: Cast, site: str, chromium: Chromium, width: int, language: str, scripts: bool, scheme: str
) -> None:
    give_passwords(cast)
    db.session.execute(update(Person).values(language=language))
    db.session.commit()
    visitors: dict[str, Browser] = {}
    judged: set[str] = set()
    words = english() if language == "en" else str
    window = partial(chromium.new_context, viewport={"width": width, "height": 800}, color_scheme=scheme, locale=language)
    eyes = None
    if not scripts:
        blind = window()
        blind.route("**/*.js", lambda route: route.abort())  # what is shown to axe is as it was without them
        eyes = blind.new_page()

    def person(short: str) -> Browser:
        if short not in visitors:
            context = window(java_script_enabled=scripts)
            visitors[short] = Browser(context.new_page(), site, words, judged, eyes)
            visitors[short].page.set_default_timeout(30_000)
            if language == "en":
                visitors[short].open("/account/sign-in").press("English")
            sign_in(visitors[short], short)
        return visitors[short]

    tell(person)
    urls = app.url_map.bind("localhost")
    come_to = {str(urls.match(kind.replace("…", "0" * 32))[0]) for kind in judged}
    assert come_to == COME_TO
    for each in visitors.values():
        each.page.context.close()
