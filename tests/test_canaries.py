"""A word planted in a text that somebody must not read never comes to them: not by links, files, letters, logs; nor by a trace.

The access matrix listens for the canaries too, at every address that it asks for.
"""

import logging
import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from chain.base.cowriting import Conflict
from chain.base.db import Base, db
from chain.cycle.models import Round
from chain.followup import citation_actions, queries
from chain.goal.models import Goal
from tests import makers
from tests.access_matrix import EVERYBODY, MATRIX
from tests.doors import Answer, Doors, opened
from tests.followup import world
from tests.goal import desk
from tests.makers import Cast
from tests.test_access import TWINS, sung
from tests.town import Town

READERS = [who for who in EVERYBODY if who not in TWINS and not who.startswith("robot")]
NOT_LINKS = ("#", "mailto:", "tel:", "https://", "http://")  # what leads elsewhere is not followed


def links(address: str, got: Answer) -> Iterator[str]:
    """Where a page leads: links, and what scripts would fetch."""
    for to in dict.fromkeys(leading(got.text)):
        whole = to.startswith("/") and not to.startswith("//")  # as most are: there is nothing to work out
        yield to.partition("#")[0] if whole else urlsplit(urljoin(address, to))._replace(fragment="").geturl()


# Read for its links alone: a tree of each page, for thousands of pages, takes minutes, and reading tag by tag half of that.
TAG = re.compile(r"<[a-z][^<>]*\s(?:href|src|hx-get|data-url|data-href)=[^<>]*>")
PART = re.compile(r"""\s([a-z-]+)(?:="([^"]*)")?""")  # as templates write them; what they put in is escaped
LEADS = ("href", "src", "hx-get", "data-url", "data-href")


def leading(page: str) -> Iterator[str]:
    for tag in TAG.findall(page):
        known = dict(PART.findall(tag))
        if "download" not in known:  # the same page as a file: tests/base/test_out.py
            told = (unescape(known.get(name, "")) for name in LEADS)
            yield from (to for to in told if to and not to.startswith(NOT_LINKS))


class Links(HTMLParser):
    """The same, tag by tag."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if "download" not in known:
            self.found += [to for to in map(known.get, LEADS) if to and not to.startswith(NOT_LINKS)]


FROZEN_READ: list[str] = []
CRAWLED: dict[tuple[str, str], dict[str, Answer]] = {}


def crawl(doors: Doors, who: str) -> dict[str, Answer]:
    """Every page that one comes to from the first one, by links and redirects alone; asked once in the town that all share."""
    where = str(doors.app.config["SQLALCHEMY_DATABASE_URI"])
    if (where, who) not in CRAWLED:
        CRAWLED[where, who] = crawl_anew(doors, who)
    return CRAWLED[where, who]


def crawl_anew(doors: Doors, who: str) -> dict[str, Answer]:
    """On SQLite all of them; on PostgreSQL of each kind as many as there are texts of one: not every question of every year."""
    if not FROZEN_READ:  # what is frozen is kept from its first reading on: whoever happens to be first would ask for one more
        FROZEN_READ.append(who)
        for reader in ("nobody", "maja"):
            crawl_anew(doors, reader)
    whole = doors.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    seen: dict[str, Answer] = {}
    met: Counter[tuple[str, ...]] = Counter()
    waiting = deque(["/"])
    while waiting:
        address = waiting.popleft()
        if address in seen or address.startswith("/static/"):
            continue
        met[kind := kind_of(doors, address)] += 1
        if not whole and met[kind] > OF_A_KIND:
            continue
        seen[address] = got = doors.knock(who, address)
        if going := got.headers.get("Location"):
            waiting.append(urlsplit(going)._replace(scheme="", netloc="", fragment="").geturl())
        elif got.headers.get("Content-Type", "").startswith("text/html"):
            waiting.extend(links(address, got))
    return seen


def test_no_link_is_overlooked(town: Doors) -> None:
    for address, got in crawl(town, "lena").items():
        page = Links()
        page.feed(got.text)
        assert page.found == [*leading(got.text)], address


OF_A_KIND = 25


def kind_of(doors: Doors, address: str) -> tuple[str, ...]:
    """What shows an address, and what it is asked for besides."""
    path, _mark, asked = address.partition("?")
    try:
        endpoint, _parts = doors.urls.match(path)
    except HTTPException:  # nothing does: it is of no kind but its own
        endpoint = path
    return endpoint, *sorted(parse_qs(asked, keep_blank_values=True))


@pytest.mark.parametrize("who", READERS)
def test_no_link_leads_to_somebody_elses_words_or_nowhere(town: Doors, who: str) -> None:
    """And every link that is shown can be followed by whom it is shown to: one that cannot tells that something is there."""
    pages = crawl(town, who)
    assert {address: heard for address, got in pages.items() if (heard := sung(town, who, got))} == {}
    told = (410,)  # where something was public: the reason stands there
    assert {address: got.status for address, got in pages.items() if got.status >= 400 and got.status not in told} == {}


def test_those_who_may_hear_every_canary(town: Doors) -> None:
    """Else the others would prove nothing: each word is found by somebody who may read it."""
    heard: set[str] = set()
    for who in ("petra", "lena", "pia", "linus", "lo", "per", "asta", "olle", "vera"):
        pages = list(crawl(town, who).values())
        lines = [line for line in MATRIX if line.endpoint in ("followup.versions", "followup.conflict") and who in line.may]
        pages += [town.knock(who, town.address(line.endpoint, line.thing)) for line in lines]
        heard |= {word for word in town.town.canaries for got in pages if word in got.text}
    assert set(town.town.canaries) - heard == set()


def test_what_is_saved_by_a_script_is_told_to_nobody_else(town: Doors) -> None:
    """The answers to autosave and to a token, in JSON, and to whatever else is asked for as JSON or CSV."""
    for thing, readers in (("followup ekskolan", {"petra"}), ("followup fvn", {"diana", "olle", "olga"})):
        for who in READERS:
            address = town.address("followup.edit", thing, "POST")
            got = town.knock(who, address, "POST", data={"text": "x", "version": "0"}, headers={"X-Autosave": "1"})
            assert sung(town, who, got) == []
            assert (got.status in (200, 409)) is (who in readers), (who, got.status)
            for kind in ("application/json", "text/csv"):
                assert sung(town, who, town.knock(who, address, headers={"Accept": kind})) == []


def test_no_letter_and_no_line_of_the_audit_has_the_words(town: Doors) -> None:
    with town.app.app_context():
        found = set(holding("kanarie"))
        assert not found & {"outbox", "audit_line", "audit_head", "audit_person"}
        assert {"section", "section_version", "document_section", "document_comment", "wheel_entry", "dialogue_text"} < found
        assert {"submission", "decision", "matter", "meeting", "assignment", "goal", "handover_section", "passage"} < found


def test_no_log_has_the_words(town: Doors, log: list[str]) -> None:
    """Not when they are read, not when they are written, and not when that is refused or goes wrong."""
    crawl_anew(town, "petra")
    sent = {"text": "kanarie i loggen", "version": "0"}
    for who in ("petra", "pia", "nobody"):
        for endpoint in ("followup.edit", "followup.restore", "followup.submit"):
            town.knock(who, town.address(endpoint, "followup ekskolan", "POST"), "POST", data=sent)
    assert log and [line for line in log if "kanarie" in line] == []


def holding(word: str) -> Iterator[str]:
    """The tables with a word in any of their columns."""
    for table in Base.metadata.sorted_tables:
        if any(word in str(value) for row in db.session.execute(select(table)) for value in row):
            yield table.name


@pytest.fixture
def log() -> Iterator[list[str]]:
    """All that is logged, by whomever."""
    lines = ["listening"]

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    listener, root = Listener(), logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(listener)
    root.setLevel(level)


def test_another_municipalitys_letters_are_not_counted(town: Doors) -> None:
    assert "brev" in town.knock("stina", "/").text
    assert "brev" not in town.knock("berit", "/").text


# Two worlds


CHANGED = ("ekskolan", "norr", "vagen", "havet", "ek46", "draft")  # what a draft is changed in or near
HOW_MUCH_IS_AUDITED = "/organisation/health"  # a draft of a goal is a line of the audit, and the steward reads how many there are
OUTSIDE = ("nobody", "linus", "pia", "asta", "olle", "maja", "stina")


def learnt(doors: Doors, who: str, pages: dict[str, Answer]) -> dict[str, tuple[Any, ...]]:
    """All that somebody can learn: every page that one comes to by links, and every address that has to do with the drafts."""
    lines = [line for line in MATRIX if line.method == "GET" and (not line.thing or any(name in line.thing for name in CHANGED))]
    pages = dict(pages)
    for address in sorted({doors.address(line.endpoint, line.thing) for line in lines} - set(pages)):
        pages[address] = doors.knock(who, address)
    return {address: (got.seen, got.headers.get("Location"), got.statements) for address, got in pages.items()}


def write_in_secret(cast: Cast, november: Round) -> None:
    """What those outside may not notice: other words, more of them, more versions, a conflict, citations, goals begun."""
    mine = world.followup(cast, "petra", november)
    for question in world.checks.work(mine).questions:
        answer = world.Writer(cast.petra).answer(world.checks.work(mine), question)
        world.save(mine, question.key, answer, cast.petra, done=True)
    key = next(one.key for one in world.checks.work(mine).questions if one.kind == "text")
    for version in range(5):
        world.save(mine, key, {"text": f"En text som växer. {'Ord. ' * version * 100}"}, cast.petra)
    with pytest.raises(Conflict):
        world.save(mine, key, {"text": "En annan text."}, cast.petra, version=1, save_key="second")
    team = queries.latest(cast.unit["ek46"].id, november)
    assert team is not None
    span = next(span for section in team.snapshot["sections"] for span in section["spans"] if section["kind"] == "text")
    for _twice in range(2):
        citation_actions.cite(mine, key, team, span["id"], span["text"], confirmed=True, by=cast.petra)
    for who in ("arne", "lo", "per"):  # one begun, one sent back, one reopened
        mine = world.followup(cast, who, november)
        key = next(one.key for one in world.checks.work(mine).questions if one.kind == "text")
        world.save(mine, key, {"text": f"{who} skriver. " * 50}, cast.who[who], done=True)
    office = db.session.scalars(select(Goal).where(Goal.path == cast.unit["fvn"].path, Goal.state == "decided")).one()
    desk.draft(cast, "petra", office, title="Ett mål som ingen ser")
    desk.plan(cast, "per", "2027/28", goals=[office])


def test_a_draft_leaves_no_trace_with_those_outside(shared_town: tuple[Flask, Town], own_town: tuple[Flask, Town]) -> None:
    """Two worlds that differ only in drafts: the same words, lengths, order and number of statements, at every address."""
    with opened(*shared_town) as doors:
        before = {who: learnt(doors, who, crawl(doors, who)) for who in OUTSIDE}
    app, parts = own_town[0], own_town[1].parts
    with app.app_context():
        name = parts["round now"]["public_id"]
        write_in_secret(makers.found(), db.session.scalars(select(Round).where(Round.public_id == name)).one())
        db.session.remove()
    with opened(*own_town) as doors:
        after = {who: learnt(doors, who, crawl_anew(doors, who)) for who in OUTSIDE}
    compared = [(who, address) for who in OUTSIDE for address in before[who] if address != HOW_MUCH_IS_AUDITED]
    different = [(who, address) for who, address in compared if before[who][address] != after[who].get(address)]
    assert different == [] and [set(before[who]) ^ set(after[who]) for who in OUTSIDE if set(before[who]) ^ set(after[who])] == []
