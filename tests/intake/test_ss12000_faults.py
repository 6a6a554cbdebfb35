"""Whatever goes wrong on the way to a register becomes a sentence, and nothing of it becomes a change. No database is needed."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from chain.base.errors import RuleBroken
from chain.intake import ss12000, ss12000_collect
from chain.intake.ss12000 import Access, Client, NotOffered
from chain.intake.ss12000_changes import Known
from tests.intake import ss12000_server as server
from tests.intake.ss12000_server import Fault, World

BUSY: Fault = (503, {}, b"")


@pytest.fixture
def world() -> Iterator[World]:
    with server.running(server.sjovik()) as running:
        yield running


def client(world: World, **more: Any) -> Client:
    return Client(Access(**world.settings()), **({"seconds": 20, "loopback": True, "sleep": lambda _seconds: None} | more))


def names(world: World, **more: Any) -> list[str]:
    return [row["id"] for row in client(world, **more).rows("organisations")]


def refused(world: World, **more: Any) -> str:
    with pytest.raises(RuleBroken) as no:
        names(world, **more)
    assert server.SECRET not in no.value.sentence and world.url not in no.value.sentence
    return no.value.sentence


ALL = ["huvudman", "norra", "al", "ek", "ny"]


def test_all_pages_are_read_and_a_page_token_stands_alone(world: World) -> None:
    world.page = 2
    found = [row["id"] for row in client(world).rows("organisations", {"meta.modified.after": "2019-01-01T00:00:00+00:00"})]
    assert found == ALL
    asked = [sorted(query) for path, query in world.asked if path == "organisations"]
    assert asked == [["limit", "meta.modified.after"], ["limit", "pageToken"], ["limit", "pageToken"]]


def test_a_token_is_asked_for_once_and_again_when_it_is_refused_or_ends(world: World) -> None:
    one = client(world)
    assert len(list(one.rows("organisations"))) == len(list(one.rows("duties"))) + 2 == 5
    assert world.paths().count("token") == 1
    world.tokens.append("another")  # the server has forgotten ours
    assert len(list(one.rows("organisations"))) == 5 and world.paths().count("token") == 2
    one.token_ends = time.monotonic() - 1
    assert len(list(one.rows("organisations"))) == 5 and world.paths().count("token") == 3


def test_a_token_that_is_never_good_is_asked_for_twice(world: World) -> None:
    world.faults["organisations"] = [(401, {}, b"")] * 9
    assert "godtar inte vår inloggning" in refused(world)
    assert (world.paths().count("token"), world.paths().count("organisations")) == (2, 2)


def test_a_wrong_secret_is_told_without_it(world: World) -> None:
    wrong = Access(**world.settings() | {"client_secret": "fel hemlighet"})
    with pytest.raises(RuleBroken, match="klient-id och vår hemlighet") as no:
        list(Client(wrong, loopback=True).rows("organisations"))
    assert "fel hemlighet" not in f"{no.value.sentence} {wrong!r}" and world.paths() == ["token"]


def test_a_busy_server_is_asked_again_after_a_while_and_not_for_ever(world: World) -> None:
    waited: list[float] = []
    world.faults["organisations"] = [BUSY, (429, {"Retry-After": "2"}, b""), (500, {"Retry-After": "9999"}, b"")]
    assert names(world, sleep=waited.append)[-5:] == ALL
    assert waited == [1.0, 2.0, ss12000.LONGEST_WAIT]
    world.faults["organisations"] = [BUSY] * 9
    assert "har ett fel just nu (503)" in refused(world)
    assert len(world.faults["organisations"]) == 9 - ss12000.ATTEMPTS


def test_what_is_not_a_read_is_never_asked_again(world: World) -> None:
    world.faults["token"] = [BUSY, BUSY]
    assert "Inloggningen hos registret fungerar inte" in refused(world) and world.paths() == ["token"]


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "Vi har inte rätt att läsa organisationer"), (400, "förstod inte frågan"), (302, "flyttat till en annan adress")],
)
def test_a_refusal_is_told_at_once(world: World, status: int, words: str) -> None:
    world.faults["organisations"] = [(status, {"Location": "http://127.0.0.1:1/"}, b"")] * 2
    assert words in refused(world) and world.paths().count("organisations") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"data": [', "inte går att läsa"), (b"<html>", "inte går att läsa"), (b"\xff\xfe", "inte går att läsa"),
        (b"[" * 100_000, "inte går att läsa"), (b'{"fel": 1}', "listan saknas"), (b'"text"', "listan saknas"),
        (b'{"data": {"a": []}}', "listan saknas"), (b"null", "listan saknas"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_told(world: World, content: bytes, words: str) -> None:
    world.faults["organisations"] = [(200, {}, content)]
    assert words in refused(world)


@pytest.mark.parametrize("said", [b"{}", b"[]", b'{"access_token": 3}', b'{"access_token": "a\\r\\nX: b"}'])
def test_a_login_without_a_token_is_told(world: World, said: bytes) -> None:
    world.faults["token"] = [(200, {}, said)]
    assert "utan att ge någon nyckel" in refused(world)


def test_rows_that_are_no_objects_are_left_out(world: World) -> None:
    world.faults["organisations"] = [(200, {}, json.dumps(["a", None, {"id": "b"}]).encode())]
    assert names(world) == ["b"]


def test_an_answer_cut_off_on_the_way_is_told(world: World) -> None:
    world.faults["organisations"] = [(200, {"Content-Length": "999"}, b'{"data": []}')]
    assert "avbrutet på vägen" in refused(world)


def test_a_circle_of_pages_and_too_many_pages_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.loop = True
    assert "samma sida om och om igen" in refused(world)
    world.loop, world.page = False, 1
    monkeypatch.setattr(ss12000, "MOST_PAGES", 3)
    assert "fler sidor med organisationer" in refused(world)


def test_too_much_at_once_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ss12000, "MOST_BYTES", 400)
    assert "mer än vad som är rimligt" in refused(world)


def test_a_server_that_says_nothing_is_left_after_a_while(world: World) -> None:
    world.slow = 0.3
    assert "svarade inte i tid" in refused(world, timeout=0.05)
    assert "hann inte svara färdigt" in refused(world, seconds=0.5)


def test_a_server_that_is_not_there_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    assert "Det går inte att nå 127.0.0.1" in refused(World(url=f"http://127.0.0.1:{port}"))


@pytest.mark.parametrize(
    "address",
    ["http://register.example/v2.0", "http://127.0.0.1:9/", "ftp://a/", "file:///etc/passwd", "https://", "https://a@b/", ""],
)
def test_only_https_is_spoken(address: str) -> None:
    with pytest.raises(RuleBroken, match="https"):
        Client(Access("s", address, "https://a/token", "c", "s"))
    with pytest.raises(RuleBroken, match="https"):
        Client(Access("s", "https://a/", address, "c", "s"))


def test_plain_http_stays_on_the_machine_also_in_tests() -> None:
    with pytest.raises(RuleBroken, match="https"):
        Client(Access("s", "http://register.example/", "http://127.0.0.1/", "c", "s"), loopback=True)


def test_certificates_are_verified() -> None:
    handlers = client(World(url="http://127.0.0.1:1")).opener.handlers
    contexts = [handler._context for handler in handlers if getattr(handler, "_context", None)]
    assert [(each.verify_mode.name, each.check_hostname) for each in contexts] == [("CERT_REQUIRED", True)]


# Everything together


def test_nothing_is_proposed_when_the_register_is_empty(world: World) -> None:
    world.rows["organisations"] = []
    with pytest.raises(RuleBroken, match="utan en enda organisation"):
        ss12000_collect.collect(client(world), Known(), None)


def test_a_register_without_groups_or_look_ups_is_read_all_the_same(world: World) -> None:
    del world.rows["groups"]
    world.lookup = False
    world.rows["persons"] = [row for row in world.rows["persons"] if row["id"] != "nils"]
    facts = ss12000_collect.collect(client(world), Known(), None)
    assert facts.notes["no_groups"] == 1 and [one.id for one in facts.staff] == ["pia"]
    assert [path for path in world.paths() if path.startswith("persons")] == ["persons/lookup", "persons/nils", "persons/pia"]


def test_a_register_without_duties_is_told(world: World) -> None:
    del world.rows["duties"]
    with pytest.raises(RuleBroken, match="inga tjänstgöringar på den inställda adressen"):
        ss12000_collect.collect(client(world), Known(), None)
    with pytest.raises(NotOffered):
        list(client(world).rows("duties"))


def test_people_are_asked_for_a_hundred_at_a_time_and_others_are_not_taken(world: World) -> None:
    everybody = [f"p{number}" for number in range(250)]
    world.rows["duties"] = [server.duty(f"d-{one}", one, "al", "Rektor") for one in everybody]
    world.rows["persons"] = [server.person(one, f"A {one}") for one in everybody]
    world.page = 500
    facts = ss12000_collect.collect(client(world), Known(), None)
    assert len(facts.staff) == 250 and world.paths().count("persons/lookup") == 3
    world.faults["persons/lookup"] = [(200, {}, json.dumps([server.person("elev", "E L")]).encode())] * 3
    assert ss12000_collect.collect(client(world), Known(), None).staff == ()
