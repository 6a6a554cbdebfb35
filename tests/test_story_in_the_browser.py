"""The same story in a real browser: on a screen and on a phone, in both languages, with and without scripts, light and dark.

Every kind of page that is come to is judged by axe, and none may be wider than its window.
"""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import Browser as Chromium
from sqlalchemy import update
from werkzeug.serving import make_server

from chain.base.db import db
from chain.cycle import rules, shipped
from chain.organisation.models import Person
from chain.result import shipped as result
from tests import browser, makers
from tests.makers import Cast
from tests.test_story import tell
from tests.visitors import Browser, Words

CATALOG = Path(__file__).resolve().parents[1] / "translations" / "en" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with browser.launch() as running:
        yield running


@pytest.fixture
def site(app: Flask, cast: Cast) -> Iterator[str]:
    app.config["WTF_CSRF_ENABLED"] = True
    db.session.rollback()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


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
    [(1280, "sv", True, "light"), (320, "en", True, "dark"), (320, "sv", False, "light")],
    ids=["on a screen", "on a phone, in English and in the dark", "on a phone, without scripts"],
)
def test_the_story_in_a_browser(
    app: Flask, site: str, chromium: Chromium, width: int, language: str, scripts: bool, scheme: str
) -> None:
    db.session.execute(update(Person).values(language=language))
    db.session.commit()
    visitors: dict[str, Browser] = {}
    judged: set[str] = set()

    def person(short: str) -> Browser:
        if short not in visitors:
            context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            if not scripts:
                context.route("**/*.js", lambda route: route.abort())  # ours do not run; axe is put in by the test itself
            context.add_cookies([{"name": "styrkedjan", "value": makers.signed_cookie(app, short), "url": site}])
            visitors[short] = Browser(context.new_page(), site, english() if language == "en" else str, judged)
            visitors[short].page.set_default_timeout(10_000)
        return visitors[short]

    tell(person)
    assert len(judged) > 15
    for each in visitors.values():
        each.page.context.close()
