"""What holds for every address: a guard, a token against forged requests, headers, whole pages, two languages."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.routing import Rule

from chain.account import actions as account
from chain.base.config import ROOT
from tests import makers
from tests.access_matrix import BY_ENDPOINT, MATRIX, Line
from tests.doors import NOWHERE, Answer, Doors, opened
from tests.town import Town

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
METHODS = UNSAFE | {"GET", "HEAD", "OPTIONS", "TRACE"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TOKEN = re.compile(r"csrf_token$")  # a form among several has it under its own name
LEADS_OUT = re.compile(r"<a href=\"https?://[^\"]*\" rel=\"noreferrer\">")  # a law or a document: asked for by whoever presses it
ELSEWHERE = re.compile(r"(?:src|href|action|content)=\"(?:https?:)?//", re.I)


def rules(app: Flask) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def somewhere(rule: Rule) -> str:
    """An address of the rule that nothing has."""
    return re.sub(r"<[^>]+>", NOWHERE, rule.rule)


def somebody(line: Line) -> str:
    """One of those who get in, a stranger last."""
    return min(line.may, key=lambda who: (who in ("nobody", "stig", "ulla"), who))


# Guards


def test_every_view_says_who(town: Doors) -> None:
    guards = {name: view.__dict__.get("guard") for name, view in town.app.view_functions.items() if name != "static"}
    assert [name for name, guard in guards.items() if not guard] == []


OPEN_TO_ALL = {
    "account.sign_in", "account.enter", "account.sign_out", "account.token", "account.welcome",
    "pages.language", "pages.accessibility", "pages.about", "pages.livez", "pages.readyz", "v1.openapi",
    "public.index", "public.show", "publication.remark",
}  # fmt: skip


def test_only_these_are_open_to_all(town: Doors) -> None:
    views = town.app.view_functions.items()
    assert {name for name, view in views if view.__dict__.get("guard") == ("everyone",)} == OPEN_TO_ALL


def test_no_form_is_sent_without_its_token(town: Doors) -> None:
    """Asked as somebody who may, and as a stranger: 400 before anything else is looked at."""
    lines = {line.endpoint: line for line in MATRIX if line.method == "POST" and line.may}
    town.app.config["WTF_CSRF_ENABLED"] = True
    try:
        got = {}
        for rule in rules(town.app):
            for method in UNSAFE & (rule.methods or set()):
                line = lines.get(rule.endpoint)
                who = somebody(line) if line else "stina"
                address = town.address(line.endpoint, line.thing, method) if line else somewhere(rule)
                got |= {(method, rule.rule, name): town.knock(name, address, method).status for name in (who, "nobody")}
    finally:
        town.app.config["WTF_CSRF_ENABLED"] = False
    assert got and {case: status for case, status in got.items() if status != 400} == {}


# Methods and addresses


def test_other_methods_are_refused_for_all(town: Doors) -> None:
    wrong = [
        (method, rule.rule)
        for rule in rules(town.app)
        for method in METHODS - _methods(town.app, rule)
        if town.knock("pia", somewhere(rule), method).status != 405
    ]
    assert wrong == []


def _methods(app: Flask, rule: Rule) -> set[str]:
    """All that the address knows, by whichever rule."""
    at = app.url_map.bind("localhost").allowed_methods(somewhere(rule))
    return set(at)


def test_head_is_as_get_without_words(town: Doors) -> None:
    for line in _one_each("GET"):
        for who in (somebody(line), "berit", "nobody"):
            address = town.address(line.endpoint, line.thing)
            whole, head = town.knock(who, address), town.knock(who, address, "HEAD")
            assert (head.status, head.body) == (whole.status, b""), address
            assert head.headers.get("Content-Length") == whole.headers.get("Content-Length"), address


def test_options_tell_the_same_whatever_is_there(town: Doors) -> None:
    for line in _one_each("GET"):
        if "public_id" in town.town.parts.get(line.thing, ()):
            here = town.knock("lena", town.address(line.endpoint, line.thing), "OPTIONS")
            nowhere = town.knock("lena", town.address(line.endpoint, line.thing, public_id=NOWHERE), "OPTIONS")
            assert (here.status, sorted(here.headers)) == (nowhere.status, sorted(nowhere.headers)) and here.seen == nowhere.seen


def _one_each(method: str) -> list[Line]:
    """For each endpoint the first line at which somebody gets in."""
    found = [[line for line in lines if line.may] for lines in BY_ENDPOINT.values()]
    return [lines[0] for lines in found if lines and lines[0].method == method]


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_is_what_it_says(town: Doors, header: str) -> None:
    address = town.address("followup.submit", "followup ekskolan", "POST")
    assert town.knock("petra", address, headers={header: "POST"}).status == 405
    assert town.knock("petra", address + "?_method=POST").status == 405


BENT = (  # an address bent: a slash too much, another case, a letter written in code, a null, half a letter, a way up, and much
    "{address}/", "{upper}", "{coded}", "{address}%00", "{address}%ff", "{address}%2f", "{address}/../", "{address}" + "0" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("bent", BENT)
def test_an_address_that_is_bent_opens_nothing(town: Doors, bent: str) -> None:
    """Not for strangers, not for those outside; and for those inside it is the same address or none."""
    for thing, endpoint in (
        ("followup ekskolan", "followup.hub"), ("submission al46 1", "followup.show"), ("unit havet", "organisation.unit"),
        ("decision", "matter.show"), ("delivery read", "feedback.delivery"), ("citation draft", "followup.citation"),
    ):  # fmt: skip
        address = town.address(endpoint, thing)
        folder, _slash, name = address.rpartition("/")
        coded = f"{folder}/%{ord(name[0]):02x}{name[1:]}"
        asked = bent.format(address=address, upper=f"{folder}/{name.upper()}", coded=coded)
        assert town.knock("nobody", asked).status in (303, 308, 404), asked
        assert town.knock("berit", asked).status in ((200, 404) if thing == "decision" else (404,)), asked
        assert town.knock("petra", asked).status in (200, 404), asked


NULLS = (
    "/organisation/people?q=%00", "/followup/{id}?more=%00", "/rollup/{id}/%00/figure",
    "/feedback/give?about_kind=decision&about=%00",
)  # fmt: skip


@pytest.mark.parametrize("asked", NULLS)
def test_a_null_in_a_question_breaks_nothing(town: Doors, asked: str) -> None:
    for who in ("stina", "petra", "maja"):
        assert town.knock(who, asked.format(id=town.town.parts["followup ekskolan"]["public_id"])).status in (200, 400, 404)


def test_a_null_in_a_text_breaks_nothing(town: Doors) -> None:
    address = town.address("followup.edit", "followup ekskolan", "POST")
    sent = {"text": "a\x00b", "version": "9", "save_key": "x\x00y"}
    assert town.knock("petra", address, "POST", data=sent).status == 303
    assert town.knock("nobody", "/account/sign-in", "POST", data={"email": "a\x00@b", "password": "x\x00"}).status in (400, 422)


# Every page


def page_of(town: Doors, line: Line) -> Answer:
    return town.knock(somebody(line), town.address(line.endpoint, line.thing))


SEEN: dict[str, dict[str, Answer]] = {}


@pytest.fixture
def pages(town: Doors) -> dict[str, Answer]:
    """Every page, seen by somebody who may, and the pages that say no; asked for once in the town that all share."""
    where = str(town.app.config["SQLALCHEMY_DATABASE_URI"])
    if where not in SEEN:
        SEEN[where] = every_page(town)
    return SEEN[where]


def every_page(town: Doors) -> dict[str, Answer]:
    town.app.config["WTF_CSRF_ENABLED"] = True
    asked = {line.endpoint: page_of(town, line) for line in _one_each("GET") if line.endpoint != "static"}
    town.app.config["WTF_CSRF_ENABLED"] = False
    asked["404"] = town.knock("pia", "/nothing")
    asked["403"] = town.knock("lena", town.address("organisation.change", "unit al46"))
    asked["405"] = town.knock("pia", "/about", "DELETE")
    asked["303"] = town.knock("nobody", "/organisation/")
    asked["413"] = town.knock("pia", "/language", "POST", data={"back": "x" * 5_000_000})
    return asked


def test_every_answer_carries_the_headers(pages: dict[str, Answer]) -> None:
    for name, got in pages.items():
        kept = {"Cache-Control": "public, max-age=60"} if name.startswith("public.") else {}
        assert {header: got.headers.get(header) for header in HEADERS} == HEADERS | kept, name
        policy = dict(part.strip().partition(" ")[::2] for part in got.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", name
        if name.endswith((".file", "_file")):  # what somebody attached does nothing at all
            assert "sandbox" in policy and "script-src" not in policy, name
            continue
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", name


def test_pages_say_no_with_the_right_number(pages: dict[str, Answer]) -> None:
    assert {name: got.status for name, got in pages.items() if name.isdigit()} == {
        name: int(name) for name in pages if name.isdigit()
    }


def test_every_page_is_whole_and_of_this_house(pages: dict[str, Answer]) -> None:
    """One heading, a title, a language; nothing inline, nothing from elsewhere, no id twice, no field without its token."""
    wrong = {}
    for name, got in pages.items():
        if got.headers.get("Content-Type", "").startswith("text/html") and got.status not in (303, 308):
            wrong[name] = list(faults(got.text))
    assert {name: found for name, found in wrong.items() if found} == {}


def faults(text: str) -> Iterator[str]:
    page = BeautifulSoup(text, "html.parser")
    if len(page.find_all("h1")) != 1:
        yield f"{len(page.find_all('h1'))} first headings"
    if not page.html or page.html.get("lang") not in ("sv", "en"):
        yield "no language"
    if not page.title or len(page.title.get_text(strip=True)) < len("Styrkedjan – x"):
        yield "no title"
    yield from (f"inline style: {tag.name}" for tag in page.find_all(style=True))
    yield from (f"inline {tag.name}" for tag in page.find_all("style"))
    yield from ("inline script" for tag in page.find_all("script") if not tag.get("src"))
    yield from (f"{name} on {tag.name}" for tag in page.find_all(True) for name in tag.attrs if name.startswith(("on", "hx-on")))
    yield from (f"elsewhere: {found}" for found in ELSEWHERE.findall(LEADS_OUT.sub("", text)))
    ids = [tag["id"] for tag in page.find_all(id=True)]
    yield from (f"id twice: {each}" for each in {one for one in ids if ids.count(one) > 1})
    for form in page.find_all("form"):
        if form.get("method", "get").lower() == "post" and not form.find("input", attrs={"name": TOKEN}):
            yield f"a form without a token: {form.get('action')}"
    for link in page.find_all("a", href=True):
        if link["href"].startswith(("javascript:", "data:")):
            yield f"a link to {link['href']}"


WORDLESS = {"account.token", "pages.livez", "pages.readyz", "account.sign_in"}  # the last one sends on who is signed in


@pytest.mark.skipif(not (ROOT / "translations" / "en").exists(), reason="no English words yet")
def test_every_page_is_in_two_languages(own_town: tuple[Flask, Town]) -> None:
    """The language follows the person; every page has other words in the other one."""
    in_swedish = in_words(*own_town)
    with own_town[0].app_context():
        for mandate in makers.found().who.values():
            account.speak(mandate.person, "en", by=mandate.person)
    in_english = in_words(*own_town)
    assert {lang for lang, _words in in_swedish.values()} == {"sv"}
    assert {lang for lang, _words in in_english.values()} == {"en"}
    assert [name for name, (_lang, words) in in_english.items() if words == in_swedish[name][1]] == []


def speaks_as_its_reader(line: Line) -> bool:
    """What is public speaks as its address says, to all alike (tests/publication)."""
    return line.endpoint not in WORDLESS | {"static"} and not line.endpoint.startswith("public.")


def in_words(app: Flask, town: Town) -> dict[str, tuple[str, str]]:
    """Language, and what stands in the page, by endpoint."""
    with opened(app, town) as doors:
        got = {line.endpoint: page_of(doors, line) for line in _one_each("GET") if speaks_as_its_reader(line)}
    found = {name: BeautifulSoup(each.text, "html.parser") for name, each in got.items() if each.status == 200}
    return {name: (str(page.html["lang"]), page.main.get_text()) for name, page in found.items() if page.html and page.main}
