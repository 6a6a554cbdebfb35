"""A server of SS 12000 on this machine, as the standard's OpenAPI file says, with whatever can go wrong at hand."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chain.base.config import ROOT

SAMPLES = ROOT / "data/ss12000"
CLIENT, SECRET = "styrkedjan", "hemlig/med+tecken"
LISTS = ("organisations", "groups", "duties", "grades", "syllabuses")  # there is no list of persons: it is never asked for
Fault = tuple[int, dict[str, str], bytes]


@dataclass
class World:
    """What a server knows, and how it behaves. `faults`: path → answers to give first, in order."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    deleted: Any = field(default_factory=dict)
    page: int = 3
    lasts: int = 3600  # seconds that a token holds
    loop: bool = False
    slow: float = 0.0
    lookup: bool = True
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    url: str = ""

    @classmethod
    def of_samples(cls) -> "World":
        """What the demonstration server told."""
        names = ("organisations", "groups", "duties", "persons")
        return cls({name: sample(name)["data"] for name in names}, sample("deletedEntities")["data"])

    def paths(self) -> list[str]:
        return [path for path, _query in self.asked]

    def settings(self, municipality: str = "sjovik") -> dict[str, str]:
        """How the application is told of it."""
        return {
            "municipality": municipality, "url": f"{self.url}/v2.0", "token_url": f"{self.url}/token",
            "client_id": CLIENT, "client_secret": SECRET, "scope": "",
        }  # fmt: skip


def sample(name: str) -> Any:
    return json.loads((SAMPLES / Path(name).with_suffix(".json")).read_text())


@contextmanager
def running(world: World) -> Iterator[World]:
    """The world at an address of this machine, for the length of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(world))
    server.daemon_threads = True
    world.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(world: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_facts: Any) -> None: ...

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes | None) -> None:
            parts = urlsplit(self.path)
            path, query = parts.path.removeprefix("/v2.0/").strip("/"), parse_qs(parts.query)
            world.asked.append((path, query))
            time.sleep(world.slow)
            if world.faults.get(path):
                status, headers, content = world.faults[path].pop(0)
            else:
                status, found = _found(world, path, query, body, self.headers.get("Authorization", ""))
                headers, content = {"Content-Type": "application/json"}, json.dumps(found).encode()
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = True

    return Handler


def _found(world: World, path: str, query: dict[str, list[str]], body: bytes | None, key: str) -> tuple[int, Any]:
    if path == "token":
        if key != "Basic " + base64.b64encode(f"{CLIENT}:hemlig%2Fmed%2Btecken".encode()).decode():
            return 401, {"error": "invalid_client"}
        world.tokens.append(f"token{len(world.tokens)}")
        return 200, {"access_token": world.tokens[-1], "token_type": "bearer", "expires_in": str(world.lasts)}
    if not world.tokens or key != f"Bearer {world.tokens[-1]}":
        return 401, {"code": "401", "message": "token"}
    if path == "persons/lookup" and world.lookup:
        ids = json.loads(body or b"{}")["ids"]
        return 200, [row for row in world.rows["persons"] if row["id"] in ids]
    if path.startswith("persons/") and path != "persons/lookup":
        found = [row for row in world.rows["persons"] if row["id"] == path.partition("/")[2]]
        return (200, found[0]) if found else (404, {"code": "404", "message": "not found"})
    if path == "deletedEntities" and world.deleted is not None:
        return 200, {"data": world.deleted, "pageToken": None}
    if path in LISTS and path in world.rows and body is None:
        return _page(world, path, query)
    return 404, {"code": "404", "message": "not found"}


def _page(world: World, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
    if "pageToken" in query and set(query) - {"pageToken", "limit"}:
        return 400, {"code": "400", "message": "pageToken stands with no other filter"}
    start, after, kinds = 0, "", ""
    if "pageToken" in query:
        start, after, kinds = json.loads(query["pageToken"][0])
    after = query.get("meta.modified.after", [after])[0]
    kinds = ",".join(query.get("groupType", [kinds]))
    rows = [row for row in world.rows[path] if not after or _modified(row) > datetime.fromisoformat(after)]
    rows = [row for row in rows if not kinds or row.get("groupType") in kinds.split(",")]
    size = min(world.page, int(query.get("limit", ["1000"])[0]))
    more = start + size < len(rows)
    token = json.dumps([0 if world.loop else start + size, after, kinds]) if more or world.loop else None
    return 200, {"data": rows[start : start + size], "pageToken": token}


def _modified(row: dict[str, Any]) -> datetime:
    said = row.get("meta", {}).get("modified", "2020-01-01T00:00:00")
    found = datetime.fromisoformat(said)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# What a municipality's server says of Sjövik (tests/makers.py)


def sjovik() -> World:
    """Sjövik's own register: the areas, the units of the north by other means than ours, a new school, and who works there."""
    names = {"arne": "Arne Dal", "pia": "Pia Östlund", "lena": "Lena Gran", "nils": "Nils Ny", "petra": "Petra Nord"}
    return World(
        {
            "organisations": [
                org("huvudman", "Sjöviks kommun", "Huvudman"),
                org("norra", "Norra området", "Rektorsområde", "huvudman"),
                org("al", "Alskolan", "Skolenhet", "norra", code="67134582", forms=["GR"]),
                org("ek", "Ekskolan", "Skolenhet", "norra", forms=["GR"]),
                org("ny", "Nyskolan", "Skolenhet", "norra", code="23456789", forms=["GR", "FTH"]),
            ],
            "groups": [group("lag", "Arbetslag 4–6", "al", ["lena", "elev"])],
            "duties": [
                duty("d-pia", "pia", "al", "Rektor"),
                duty("d-lena", "lena", "al", "Lärare"),
                duty("d-nils", "nils", "ny", "Rektor"),
            ],
            "persons": [person(short, name) for short, name in names.items()],
        }
    )


def org(name: str, title: str, kind: str, parent: str = "", code: str = "", forms: list[str] | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"id": name, "displayName": title, "organisationType": kind}
    row |= {"parentOrganisation": {"id": parent}} if parent else {}
    row |= {"schoolUnitCode": code} if code else {}
    return row | ({"schoolTypes": forms} if forms else {})


def group(name: str, title: str, at: str, members: list[str], kind: str = "Personalgrupp") -> dict[str, Any]:
    return {
        "id": name, "displayName": title, "groupType": kind, "startDate": "2024-08-01", "organisation": {"id": at},
        "groupMemberships": [{"person": {"id": one}, "startDate": "2024-08-15"} for one in members],
    }  # fmt: skip


def duty(name: str, who: str, at: str, role: str, start: str = "2024-08-01", end: str = "", **more: Any) -> dict[str, Any]:
    row = {"id": name, "person": {"id": who}, "dutyAt": {"id": at}, "dutyRole": role, "startDate": start}
    return row | ({"endDate": end} if end else {}) | more


def person(short: str, name: str, **more: Any) -> dict[str, Any]:
    given, _space, family = name.partition(" ")
    emails = [{"value": f"{short.capitalize()}@sjovik.example", "type": "Skola personal"}]
    secret = {"civicNo": {"value": "191212121212"}, "birthDate": "1912-12-12"}
    return {"id": short, "givenName": given, "familyName": family, "emails": emails} | secret | more


def copied(world: World) -> World:
    return World(deepcopy(world.rows), deepcopy(world.deleted))
