"""The two doors downstream: their tables are the whole truth."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import LINKS
from chain.base import events, slots

ROOT = Path(__file__).resolve().parents[2]


def calls(*names: str) -> Iterator[tuple[str, str, str]]:
    """(link, function, first argument) of every call such as events.tell("…") in the chain."""
    for file in ROOT.glob("chain/*/*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in names:
                    yield file.parent.name, called, str(node.args[0].value)


def test_every_listener_of_the_table_listens(app: Flask) -> None:
    assert events.missing() == []


def test_every_fragment_of_the_table_is_there(app: Flask) -> None:
    assert slots.missing() == []


def test_every_event_is_told_by_its_teller_alone() -> None:
    told = {(link, name) for link, _called, name in calls("tell")}
    assert told == {(teller, name) for name, (teller, _listeners) in events.EVENTS.items()}


def test_every_slot_stands_in_a_page_of_its_owner() -> None:
    for name, (owner, _links) in slots.SLOTS.items():
        pages = [page.read_text() for page in (ROOT / "templates" / owner).glob("*.html")]
        assert any(f"slot('{name}'" in page or f'slot("{name}"' in page for page in pages), name


@pytest.mark.parametrize(("table", "whole"), [("events", events.EVENTS), ("slots", slots.SLOTS)])
def test_only_later_links_stand_downstream(table: str, whole: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    for owner, links in whole.values():
        places = [LINKS.index(link) for link in links]
        assert places == sorted(places)
        assert all(place > LINKS.index(owner) for place in places)


def test_nobody_listens_who_does_not_stand_in_the_table() -> None:
    with pytest.raises(LookupError):
        events.listen("unit_moved", "home")
    with pytest.raises(LookupError):
        slots.fill("followup.hub", "home")
