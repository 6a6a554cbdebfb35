"""The browser starts, axe sees what is wrong with a page, also behind a strict content security policy."""

import hashlib

import pytest

from tests import browser

GOOD = """<!doctype html><html lang="sv"><title>Uppföljning</title><main><h1>Uppföljning</h1>
<label for="name">Namn</label><input id="name"></main></html>"""
BAD = GOOD.replace("<label for", "<p data-for").replace("</label>", "</p>").replace(' lang="sv"', "")


@pytest.fixture(scope="module")
def chromium():
    with browser.launch() as running:
        yield running


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_axe_has_nothing_to_say_about_a_good_page(page):
    page.set_content(GOOD)
    assert browser.axe(page) == []


def test_axe_finds_a_field_without_a_label_and_a_page_without_a_language(page):
    page.set_content(BAD)
    assert {violation["id"] for violation in browser.axe(page)} == {"label", "html-has-lang"}


def test_axe_works_behind_a_strict_content_security_policy(page):
    headers = {"Content-Security-Policy": "default-src 'none'", "Content-Type": "text/html; charset=utf-8"}
    page.route("**/*", lambda route: route.fulfill(body=BAD, headers=headers))
    page.goto("http://styrkedjan.test/")
    assert {violation["id"] for violation in browser.axe(page)} == {"label", "html-has-lang"}


def test_a_machine_without_chromium_is_told_so(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="No Chromium"):
        browser._chromium()


def test_the_vendored_files_are_the_ones_that_were_fetched():
    sums = (browser.AXE.parent / "SHA256SUMS").read_text().splitlines()
    assert sums
    for line in sums:
        expected, name = line.split()
        assert hashlib.sha256((browser.AXE.parent / name).read_bytes()).hexdigest() == expected
