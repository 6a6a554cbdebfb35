"""The pages, and a save from one, against plain Flask and Jinja."""

import json
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from bench import baselines, timing
from bench.sides import Bench, Browser, Page, Result, statements
from chain.base.db import random_name

PAGE, FROZEN = 2.0, 0.25
CELLS = "td, th, li, dt, dd, option, textarea, input:not([type=hidden])"


def page(bench: Bench, one: Page) -> Iterator[Result]:
    """A page against plain Flask and Jinja making as many bytes with as many cells, through a macro each."""
    browser = Browser(bench.app, one.who)
    first = browser.get(one.path)
    ours = browser.ask(one.path)
    size, cells = len(ours()), len(BeautifulSoup(first.data, "html.parser").select(CELLS))
    count = statements(bench.app, ours)
    inline = timing.compare(ours, baselines.page(size, cells, macros=False), seconds=bench.seconds / 3, fewest=bench.fewest)
    note = f"{size / 1000:.0f} kB, {cells} cells, {count} statements; {inline.ratio:.1f} against cells written inline"
    yield bench.result(one.name, PAGE, ours, baselines.page(size, cells), note)
    if tag := first.headers.get("ETag"):
        again = browser.client.get(one.path, headers={"If-None-Match": tag})
        if again.status_code == 304:
            unchanged = browser.ask(one.path, **{"If-None-Match": tag})
            yield bench.result("page_frozen", FROZEN, unchanged, baselines.page(size, cells), f"{one.path} answered 304")


def page_statements(bench: Bench, small: Bench) -> Iterator[Result]:
    """Every page's statements in the city ÷ in a smaller one; the largest of the ratios."""
    told, worst = [], 0.0
    for one, other in zip(bench.pages, small.pages, strict=True):
        here, there = (
            statements(side.app, Browser(side.app, found.who).ask(found.path)) for side, found in ((bench, one), (small, other))
        )
        worst = max(worst, here / there)
        told.append(f"{one.name.removeprefix('page_')} {here} ÷ {there}")
    note = f"statements at {bench.size} ÷ at {small.size}: {', '.join(told)}"
    yield Result("page_statements", bench.database, f"{bench.size} ÷ {small.size}", worst, 1.0, note)


# Saving


def autosave(bench: Bench) -> Iterator[Result]:
    """One autosave of a section, as the script sends it, against one row updated and committed in plain Flask."""
    browser = Browser(bench.app, "e0")
    path = next(one.path for one in bench.pages if one.name == "page_text")
    form = BeautifulSoup(browser.get(path).data, "html.parser").select_one("form#section")
    assert form is not None
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")}
    text = str(form.select_one("textarea").string)  # type: ignore[union-attr]
    version, saves = int(sent["version"]), count(1)
    post = browser.ask(path, **{"X-Autosave": "1", "Accept": "application/json"})

    def typed() -> bytes:
        """The form with some more words, as they have come to stand since the last save."""
        words = {**sent, "version": version, "save_key": random_name(), "done": "no", "text": f"{text} {next(saves)}"}
        return urlencode(words).encode()

    def save() -> None:
        nonlocal version
        version = json.loads(post(typed()))["version"]

    driver = baselines.driver(bench.url)
    driver.make_notes()
    bare = baselines.autosave(driver.save)
    note = f"{len(typed())} bytes sent, {statements(bench.app, save)} statements"
    yield bench.result("autosave", 3.0, save, lambda: bare(typed()), note)
    driver.close()
