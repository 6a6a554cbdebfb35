"""A follow-up's pages as a browser without a script reads and sends them: what the tests of the pages share."""

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from chain.followup import queries
from chain.followup.models import Section
from tests.followup import world

Client = Callable[[str], FlaskClient]


def page(browser: FlaskClient, url: str, status: int = 200) -> BeautifulSoup:
    answer = browser.get(url)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return BeautifulSoup(answer.data, "html.parser")


def address(mine: Any, key: str = "", more: str = "") -> str:
    return f"/followup/{mine.public_id}" + (f"/section/{key}" if key else "") + more


def typed(soup: BeautifulSoup) -> dict[str, Any]:
    """What the section's form would send, as a browser without a script fills it in."""
    form = soup.find("form", id="section")
    assert isinstance(form, Tag)
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = field.get("name"), field.get("type", "")
        if kind in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            sent[name] = field.text.removeprefix("\r").removeprefix("\n")
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            sent[name] = chosen["value"] if chosen else ""
        elif name:
            sent[name] = field.get("value", "")
    return sent


def fill(browser: FlaskClient, mine: Any, key: str, autosave: bool = False, **fields: Any) -> Any:
    sent = {**typed(page(browser, address(mine, key))), **fields}
    headers = {"X-Autosave": "1"} if autosave else {}
    return browser.post(address(mine, key), data=sent, headers=headers)


def stored(mine: Any, key: str) -> Section:
    found = queries.section(world.fresh(mine), key)
    assert found is not None
    return found


def text(soup: Tag) -> str:
    return " ".join(soup.get_text(" ").split())


def cells(soup: BeautifulSoup) -> list[str]:
    return [str(one["name"]) for one in soup.select("table[data-grid] input")]
