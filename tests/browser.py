"""A real Chromium for the tests, and axe, which reads a page as an accessibility checker does."""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Nothing but the pages under test: no calls home, no updates.
FLAGS = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def launch() -> Iterator[Browser]:
    """Yield a running Chromium: the one that CHROMIUM names, else the machine's."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS  # the sandbox does not work for root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=flags)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """Yield the address at which the app answers on this machine alone."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def axe(page: Page) -> list[dict[str, Any]]:
    """Return axe's violations on the page as it stands: dicts with id, help, impact and nodes."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())  # not a script tag: the page's content security policy would refuse it
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS
    )
    violations: list[dict[str, Any]] = result["violations"]
    return violations


def bring_axe(context: BrowserContext) -> None:
    """Every page that is opened here has it from the beginning: half a megabyte need not be sent to each."""
    context.add_init_script(_axe_source())


@cache
def _axe_source() -> str:
    return AXE.read_text()


def _chromium() -> str:
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        raise RuntimeError("No Chromium: run ./test, which fetches one, or name one in CHROMIUM.")
    return found
