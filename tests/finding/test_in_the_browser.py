"""Reading and coding by keyboard alone: from paragraph to paragraph, a part that is marked with the mouse or the keys, and on."""

import pytest
from sqlalchemy import select

from chain.base.db import db
from chain.finding.models import Passage
from tests import browser, makers
from tests.finding import world
from tests.finding.world import FIRST, SECOND
from tests.makers import Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what a browser does is the same on both

HALF = """() => {
  const words = document.querySelector('[data-span="%s"] [data-words]').firstChild;
  getSelection().setBaseAndExtent(words, 0, words, 9);
}"""


def test_a_text_is_coded_by_keyboard(app, cast: Cast) -> None:
    world.handed_in(cast)
    where = f"/finding/read/{world.submission(cast, 'alskolan').public_id}"
    with browser.served(app) as address, browser.launch() as chromium:
        context = chromium.new_context()
        context.add_cookies([{"name": "styrkedjan", "value": makers.signed_cookie(app, "olle"), "url": address}])
        page = context.new_page()
        page.goto(f"{address}{where}?at={FIRST}")

        def here() -> str | None:
            return page.evaluate("document.activeElement.dataset.span")

        assert here() == FIRST and browser.axe(page) == []
        page.keyboard.press("j")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("k")
        assert here() == SECOND and page.locator("#coder").count() == 1
        page.keyboard.press("3")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "at=" in page.url and here() != SECOND
        page.keyboard.press("k")
        assert here() == SECOND
        page.evaluate(HALF % SECOND)
        page.wait_for_function("document.querySelector('[name=words]').value === 'Underlaget'.slice(0, 9)")
        page.keyboard.press("3")  # the theme that the whole paragraph has is chosen already: not this part
        page.keyboard.press("2")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        context.close()
    db.session.rollback()
    found = db.session.scalars(select(Passage).order_by(Passage.id)).all()
    assert [(one.span, one.begins, one.ends, [code.theme.key for code in one.codes]) for one in found] == [
        (SECOND, 0, len("Underlaget ser olika ut i varje klass."), ["evidence"]), (SECOND, 0, 9, ["planning"]),
    ]  # fmt: skip
