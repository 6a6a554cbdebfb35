"""What a first page says, read as a person reads it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask

from chain.base import clock
from chain.home.rules import MOST
from tests import asked, makers
from tests.visitors import plain


@dataclass
class Home:
    """What is to be done: the title, hint, status and address of each thing, in order; and what stands beside it."""

    text: str
    titles: list[str] = field(default_factory=list)
    rows: dict[str, str] = field(default_factory=dict)  # title → the whole row
    ways: dict[str, str] = field(default_factory=dict)  # the words of a link → its address, without what names a thing
    asked: list[str] = field(default_factory=list)  # requests that wait, or were answered lately
    statements: int = 0


def home(app: Flask, who: str, day: date | datetime | None = None) -> Home:
    """Somebody's first page on a day, opened by itself: nothing that the test has read is in the way."""
    moment = clock.at(day) if isinstance(day, date) and not isinstance(day, datetime) else day or clock.now()
    with clock.held(moment):
        with app.app_context():
            client = makers.client(app, who)
        with app.app_context(), asked.statements() as said:
            answer = client.get("/")
    assert answer.status_code == 200, answer.text
    return _read(answer.text, len(said))


def _read(html: str, statements: int) -> Home:
    main = BeautifulSoup(html, "html.parser").find("main")
    assert isinstance(main, Tag)
    found = Home(plain(main.get_text(" ")), statements=statements)
    for row in main.select("section[aria-labelledby=todo] .tasklist > li"):
        title = plain(row.select_one(".task a").get_text(" "))  # type: ignore[union-attr]
        found.titles.append(title)
        found.rows[title] = plain(row.get_text(" "))
    found.asked = [plain(row.get_text(" ")) for row in main.select("section[aria-labelledby=asked-for] .tasklist > li")]
    found.ways = {plain(link.get_text(" ")): str(link["href"]) for link in main.find_all("a", href=True)}
    assert len(found.titles) <= MOST
    return found


def endpoint(app: Flask, address: str) -> str:
    """The page that an address leads to."""
    name, _parts = app.url_map.bind("localhost").match(urlsplit(address).path)
    return str(name)
