"""Somebody who uses the pages: reads, follows links, fills in fields, presses buttons. By HTML alone, or in a real browser."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from playwright.sync_api import Locator, Page, Response

from tests.browser import axe

Words = Callable[[str], str]


def plain(text: str) -> str:
    """A text as it is seen: every run of spaces is one space."""
    return " ".join(text.replace("\xad", "").split())


class Reader:
    """A browser without pictures and scripts: it sends what a person's form would send, CSRF token and all."""

    def __init__(self, client: FlaskClient, words: Words = lambda text: text) -> None:
        self.client, self.words = client, words
        self.address, self.whole, self.status, self.page = "/", "/", 0, BeautifulSoup("", "html.parser")
        self.seen: list[str] = []

    def open(self, address: str) -> "Reader":
        return self._take(self._send("GET", address))

    def _send(self, method: str, address: str, **more: Any) -> Any:
        """A request of its own: without this it would share `g` and the session with the test around it."""
        with self.client.application.app_context():
            return self.client.open(address, method=method, follow_redirects=True, **more)

    def _take(self, response: Any) -> "Reader":
        self.status = response.status_code
        self.address = response.request.path
        self.whole = response.request.full_path.rstrip("?")
        self.page = BeautifulSoup(response.text, "html.parser")
        self.seen.append(response.text)
        return self

    @property
    def text(self) -> str:
        main = self.page.find("main") or self.page
        return plain(main.get_text(" "))

    def sees(self, *words: str) -> "Reader":
        for each in words:
            assert plain(self.words(each)) in self.text, f"{self.address} does not say «{self.words(each)}»:\n{self.text}"
        return self

    def sees_not(self, *words: str) -> "Reader":
        for each in words:
            assert plain(self.words(each)) not in self.text, f"{self.address} says «{self.words(each)}»"
        return self

    def click(self, link: str) -> "Reader":
        main = self.page.find("main") or self.page
        links = [*main.find_all("a", href=True), *self.page.find_all("a", href=True)]  # the page before its frame
        found = self._named(links, link)
        return self.open(urljoin(self.address, str(found["href"])))

    def fill(self, label: str, text: str) -> "Reader":
        """A field by its label; by its name where the label is a table's heading."""
        field = self.page.find(attrs={"name": label}) or self._labelled(label)
        if field.name == "textarea":
            field.string = text
        else:
            field["value"] = text
        return self

    def choose(self, label: str, option: str) -> "Reader":
        """An option of a list, or one of several choices below a heading."""
        for fieldset in self.page.find_all("fieldset"):
            legend = fieldset.find("legend")
            if legend and plain(legend.get_text(" ")).startswith(plain(self.words(label))):
                chosen = self._field(self._named(fieldset.find_all("label"), option))
                if chosen["type"] == "radio":
                    for other in fieldset.find_all("input", attrs={"name": chosen["name"]}):
                        other.attrs.pop("checked", None)
                chosen["checked"] = ""
                return self
        found = self._labelled(label)
        for each in found.find_all("option"):
            each.attrs.pop("selected", None)
        self._named(found.find_all("option"), option)["selected"] = ""
        return self

    def tick(self, label: str) -> "Reader":
        self._labelled(label)["checked"] = ""
        return self

    def press(self, button: str) -> "Reader":
        found = self._named(self.page.find_all("button"), button)
        form = self.page.find(id=found["form"]) if found.get("form") else found.find_parent("form")
        assert isinstance(form, Tag), f"«{button}» stands in no form"
        sent = list(self._sent(form))
        if found.get("name"):
            sent.append((str(found["name"]), str(found.get("value", ""))))
        address = urljoin(self.address, str(found.get("formaction") or form.get("action") or self.whole))
        fields: dict[str, list[str]] = {}
        for name, value in sent:
            fields.setdefault(name, []).append(value)
        headers = {"Referer": urljoin("http://localhost", self.address)}
        if str(form.get("method", "get")).lower() == "post":
            return self._take(self._send("POST", address, data=fields, headers=headers))
        return self._take(self._send("GET", address, query_string=fields))

    def _sent(self, form: Tag) -> Any:
        for field in form.find_all(["input", "textarea", "select"]):
            name, kind = field.get("name"), field.get("type", "text")
            if not name or field.has_attr("disabled") or (kind in ("radio", "checkbox") and not field.has_attr("checked")):
                continue
            if field.name == "select":
                options = field.find_all("option")
                chosen = [each for each in options if each.has_attr("selected")] or options[:1]
                yield from ((name, each.get("value", each.get_text())) for each in chosen)
            elif field.name == "textarea":
                yield name, field.get_text().removeprefix("\n")
            elif kind not in ("submit", "button", "file"):
                yield name, field.get("value", "on" if kind in ("radio", "checkbox") else "")

    def _labelled(self, label: str) -> Tag:
        return self._field(self._named(self.page.find_all("label"), label))

    def _field(self, label: Tag) -> Tag:
        found = self.page.find(id=label.get("for")) if label.get("for") else label.find(["input", "select", "textarea"])
        assert isinstance(found, Tag), f"the label {label} is nobody's"
        return found

    def _named(self, tags: Any, words: str) -> Tag:
        """The first with exactly these words, else the first that begins with them."""
        wanted = plain(self.words(words))
        named: list[tuple[str, Tag]] = [(plain(tag.get_text(" ")), tag) for tag in tags]
        exact = [tag for text, tag in named if text == wanted]
        found = exact or [tag for text, tag in named if text.startswith(wanted)]
        assert found, f"{self.address} has no «{wanted}» among {[text for text, _tag in named]}\n{self.text}"
        return found[0]


def too_wide(page: Page) -> int:
    """By how many pixels the page has to be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


class Browser:
    """The same person in a real browser. Every page that is come to is judged by axe and may not scroll sideways.

    Each kind of page once, the first page once for each person, and a form that comes back every time.
    """

    def __init__(self, page: Page, base: str, words: Words, judged: set[str], eyes: Page | None = None) -> None:
        self.page, self.base, self.words = page, base, words
        self.judged = judged  # the kinds of page that somebody has come to
        self.home_judged = False  # it is another for each role
        self.eyes = eyes  # a window of the same size that shows axe what stands here, where no script may run: axe is one

    def open(self, address: str) -> "Browser":
        self.page.goto(urljoin(self.base, address))
        return self._judge()

    def _judge(self, came: Response | None = None) -> "Browser":
        kind = re.sub(r"[0-9a-f]{32}", "…", urlsplit(self.page.url).path)
        mine, refused = kind == "/" and not self.home_judged, came is not None and came.status >= 400
        if kind not in self.judged or mine or refused:
            self.judged.add(kind)
            self.home_judged |= mine
            seen = self._shown(self.eyes) if self.eyes else self.page
            assert axe(seen) == [], kind
            assert too_wide(seen) <= 0, kind
        return self

    def _shown(self, eyes: Page) -> Page:
        there, html = self.page.url, self.page.content()
        eyes.route(there, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        eyes.goto(there)
        eyes.unroute(there)
        return eyes

    @property
    def address(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        return plain(self.page.locator("main").inner_text())

    def sees(self, *words: str) -> "Browser":
        for each in words:
            # as it is written, not as it is drawn: closed details and capitals by style are text as well
            assert plain(self.words(each)) in plain(self.page.locator("main").text_content() or ""), (self.address, each)
        return self

    def sees_not(self, *words: str) -> "Browser":
        for each in words:
            assert plain(self.words(each)) not in plain(self.page.locator("main").text_content() or ""), (self.address, each)
        return self

    def click(self, link: str) -> "Browser":
        inside = self.page.locator("main a")
        wanted = plain(self.words(link))
        there = any(plain(text).startswith(wanted) for text in inside.all_text_contents())  # the page before its frame
        found = self._one(inside if there else self.page.locator("a"), link)
        self._open_around(found)
        found.click()
        self.page.wait_for_load_state()
        return self._judge()

    def fill(self, label: str, text: str) -> "Browser":
        named = self.page.locator(f'[name="{label}"]')
        field = named.first if named.count() else self._field(self._one(self.page.locator("label"), label))
        self._open_around(field)
        field.fill(text)
        return self

    def choose(self, label: str, option: str) -> "Browser":
        for fieldset in self.page.locator("fieldset").all():
            legend = fieldset.locator("legend").first
            if legend.count() and plain(legend.text_content() or "").startswith(plain(self.words(label))):
                self._field(self._one(fieldset.locator("label"), option)).check()
                return self
        found = self._field(self._one(self.page.locator("label"), label))
        wanted = plain(self.words(option))
        names = [plain(each) for each in found.locator("option").all_text_contents()]
        found.select_option(index=next(n for n, name in enumerate(names) if name.startswith(wanted)))
        return self

    def tick(self, label: str) -> "Browser":
        self._field(self._one(self.page.locator("label"), label)).check()
        return self

    def press(self, button: str) -> "Browser":
        found = self._one(self.page.locator("button"), button)
        self._open_around(found)
        with self.page.expect_navigation() as came:  # a script may hold the form back until a save on its way has come home
            found.click()
        return self._judge(came.value)

    def _open_around(self, thing: Locator) -> None:
        """Open the <details> that a thing stands in, as a person would."""
        for details in thing.locator("xpath=ancestor::details[not(@open)]").all():
            details.locator("summary").first.click()

    def _field(self, label: Locator) -> Locator:
        return self.page.locator(f'[id="{label.get_attribute("for")}"]')

    def _one(self, found: Locator, words: str) -> Locator:
        wanted = plain(self.words(words))
        texts = [plain(each) for each in found.all_text_contents()]
        for fits in (str.__eq__, str.startswith):
            for n, text in enumerate(texts):
                if fits(text, wanted):
                    return found.nth(n)
        raise AssertionError(f"{self.address} has no «{wanted}» among {texts}")
