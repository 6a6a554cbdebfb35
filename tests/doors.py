"""Knocks at an address as somebody of the town, and leaves no trace: what would be committed is undone after the answer."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy import event
from werkzeug.datastructures import Headers

from chain.base.db import db
from tests.town import Town

RANDOM = re.compile(rb'[0-9a-f]{32}|(?<=csrf_token" value=")[^"]+|(?<="csrf_token":")[^"]+')
NOWHERE = "0" * 32  # an address that nothing has


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    body: bytes
    commits: int
    statements: int

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")  # a file is no text

    @property
    def seen(self) -> tuple[int, str | None, bytes]:
        """What tells one answer from another, whatever address was asked for."""
        return self.status, self.headers.get("Content-Length"), RANDOM.sub(b"-", self.body)


@dataclass
class Doors:
    app: Flask
    town: Town
    commits: int = 0
    statements: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        signed = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        self.cookies = {who: f"styrkedjan={signed.dumps({'key': key})}" for who, key in self.town.keys.items()}
        self.client = self.app.test_client(use_cookies=False)
        self.urls = self.app.url_map.bind("localhost")

    def address(self, endpoint: str, thing: str = "", method: str = "GET", **instead: str) -> str:
        """Where an endpoint shows a thing of the town; with nothing, the address that names no thing."""
        parts = self.town.parts[thing] | instead if thing else {}
        takes = {name for rule in self.app.url_map.iter_rules(endpoint) for name in rule.arguments}
        path = {name: value for name, value in parts.items() if name in takes}
        query = {name[1:]: value for name, value in parts.items() if name.startswith("?")}
        return self.urls.build(endpoint, path | query, method=method)

    def knock(self, who: str, address: str, method: str = "GET", **more: Any) -> Answer:
        shown = {"Authorization": f"Bearer {self.town.tokens[who]}"} if who in self.town.tokens else {}
        headers = {"Cookie": self.cookies.get(who, ""), **shown, **more.pop("headers", {})}
        commits, statements = self.commits, self.statements
        with self.client.open(address, method=method, headers=headers, **more) as got:
            return Answer(got.status_code, got.headers, got.data, self.commits - commits, self.statements - statements)


@contextlib.contextmanager
def opened(app: Flask, town: Town) -> Iterator[Doors]:
    """The doors of a town in which nothing that is done is kept."""
    doors = Doors(app, town)
    commit = Session.commit

    def undone_later(session: Session) -> None:
        doors.commits += 1
        session.flush()

    def counted(*_facts: Any) -> None:
        doors.statements += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", counted)
    Session.commit = undone_later  # type: ignore[method-assign]
    try:
        yield doors
    finally:
        Session.commit = commit  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", counted)
