"""A real server on loopback: killed while somebody saves to it, and pressed by many at once. What it called saved is there."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from chain.base.db import db
from chain.followup.models import SectionVersion, Submission
from tests import makers
from tests.followup import world
from tests.makers import Cast

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60  # seconds
SERVED = """
import os
from app import create_app
from chain.base import clock
from tests.conftest import NOW, settings
clock.hold(NOW)
app = create_app({**settings(os.environ["DATABASE"]), "WTF_CSRF_ENABLED": True})
"""
NEARBY = build_opener(ProxyHandler({}))  # no proxy stands between this machine and itself
GUNICORN = ("--bind", "127.0.0.1:0", "--workers", "1", "--worker-class", "gthread", "--threads", "8", "--no-control-socket")


@contextmanager
def serving(url: str, folder: Path) -> Iterator[tuple[int, str]]:
    """A server in processes of its own, as ./run starts one: their group, and where it listens."""
    (folder / "served.py").write_text(SERVED, encoding="utf-8")
    environment = {**os.environ, "DATABASE": url, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}
    with (folder / "log").open("w+") as log:
        command = [sys.executable, "-m", "gunicorn", *GUNICORN, "served:app"]
        server = subprocess.Popen(command, stderr=log, cwd=folder, env=environment, start_new_session=True)
        try:
            yield server.pid, _address(server, folder / "log")
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
            server.wait(STARTS_WITHIN)


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + STARTS_WITHIN
    while server.poll() is None and time.monotonic() < deadline:
        if found := re.search(r"Listening at: (http://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError("the server did not start:\n" + log.read_text())


@dataclass
class Tab:
    """A page with its script: it asks, and remembers its cookie."""

    base: str
    cookie: str

    def ask(self, path: str, sent: dict[str, str] | None = None) -> str:
        headers = {"Cookie": self.cookie} | ({"X-Autosave": "1"} if sent else {})
        with NEARBY.open(Request(self.base + path, urlencode(sent).encode() if sent else None, headers), timeout=60) as answer:
            if kept := answer.headers["Set-Cookie"]:
                self.cookie = kept.partition(";")[0]
            text: str = answer.read().decode()
        return text

    def form(self, path: str) -> dict[str, str]:
        form = BeautifulSoup(self.ask(path), "html.parser").select_one("form[data-autosave]")
        assert form
        return {str(one["name"]): one.get("value", "") for one in form.select("input[type=hidden]")} | {  # type: ignore[dict-item]
            str(one["name"]): one.text.strip() for one in form.select("textarea")
        }


def write_until_it_dies(tab: Tab, path: str, group: int) -> list[str]:
    """Save new words, one save after another; somewhere in the midst of it the server is killed. What was called saved."""
    form, told = tab.form(path), list[str]()
    for turn in range(10_000):
        if turn == 30:
            threading.Timer(0.1, os.killpg, (group, signal.SIGKILL)).start()
        form |= {"text": f"rad {turn}", "save_key": f"nyckel {turn}"}
        try:
            answer = json.loads(tab.ask(path, form))
        except (OSError, HTTPException):
            return told
        assert answer["saved"] == "Sparad 10.00"
        form["version"] = str(answer["version"])
        told.append(form["text"])
    raise AssertionError("the server did not die")


def test_what_a_killed_server_called_saved_is_there_when_it_has_been_started_again(
    app: Flask, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    world.opened(cast)
    path = f"/followup/{world.followup(cast, 'pia').public_id}/section/example"
    cookie = f"styrkedjan={makers.signed_cookie(app, 'pia')}"
    db.session.remove()
    db.engine.dispose()
    with serving(database_url, tmp_path) as (group, base):
        told = write_until_it_dies(Tab(base, cookie), path, group)
    assert len(told) >= 30
    with serving(database_url, tmp_path) as (_group, base):
        standing = Tab(base, cookie).form(path)["text"]
    assert int(standing.split()[1]) >= int(told[-1].split()[1])  # the one on its way may have come in
    assert set(told) <= {answer["text"] for answer in db.session.scalars(select(SectionVersion.answer))}


def test_twenty_presses_at_once_hand_in_once_and_all_get_the_same_receipt(
    app: Flask, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    world.opened(cast)
    draft = world.followup(cast, "lena")
    world.write(draft, cast.lena)
    path, cookie = f"/followup/{draft.public_id}", f"styrkedjan={makers.signed_cookie(app, 'lena')}"
    db.session.remove()
    db.engine.dispose()
    with serving(database_url, tmp_path) as (_group, base):
        tab = Tab(base, cookie)
        page = BeautifulSoup(tab.ask(f"{path}/check"), "html.parser")
        form = {str(one["name"]): str(one["value"]) for one in page.select(f"form[action='{path}/submit'] input")}
        sent = urlencode(form).encode()
        start = threading.Barrier(20)

        def press(_place: int) -> str:
            start.wait()
            request = Request(f"{base}{path}/submit", sent, {"Cookie": tab.cookie, "Referer": f"{base}{path}/check"})
            with NEARBY.open(request, timeout=60) as receipt:
                return str(receipt.geturl())

        with ThreadPoolExecutor(20) as presses:
            came_to = list(presses.map(press, range(20)))
    handed_up = db.session.scalars(select(Submission)).all()
    assert len(handed_up) == 1
    assert set(came_to) == {f"{base}/followup/submission/{handed_up[0].public_id}/receipt"}
