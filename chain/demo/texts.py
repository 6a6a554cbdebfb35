"""The demonstration's words and numbers, from data/demo: what was written, by whom, about what."""

import tomllib
from collections.abc import Mapping
from functools import cache
from textwrap import dedent
from typing import Any

from chain.base import files
from chain.base.config import ROOT

FOLDER = ROOT / "data" / "demo"
Words = Mapping[str, Any]


@cache
def opened(name: str) -> Words:
    """A file of data/demo, such as `tree` or `units/hamnskolan`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def file(told: Words) -> files.Checked:
    """A file that somebody attaches: its name and its text."""
    return files.checked(told["file"], f"{dedent(told['content']).strip()}\n".encode())


def written(place: str, slot: int) -> Words:
    """What a unit, an area or an administration wrote in a round; nothing where it has not come so far."""
    rounds = opened(f"units/{place}").get("round", [])
    return rounds[slot - 1] if slot <= len(rounds) else {}


def notes(place: str, slot: int) -> Words:
    """What a group wrote (place: unit/group), under the keys of its three questions."""
    unit, _slash, group = place.partition("/")
    said = opened(f"units/{unit}").get("groups", {}).get(group, {})
    lines, needs = said.get("notes", []), said.get("needs", [])
    works, classroom = (lines[slot - 1] if slot <= len(lines) else []) or ("", "")
    return {"works": works, "classroom": classroom, "needs": needs[slot - 1] if slot <= len(needs) else []}


def measure(place: str, problem: str) -> tuple[int, Words]:
    """A measure by its problem, also by the one that it was changed into, and the round that set it."""
    for slot, said in enumerate(opened(f"units/{place}").get("round", []), 1):
        for one in said.get("measure", []):
            if problem in (one["problem"], *(outcome.get("problem") for outcome in one.get("outcomes", []))):
                return slot, one
    raise LookupError(f"{place}: {problem}")


def need(text: str) -> str:
    """What a need of support is about, by how it begins; nothing where nobody has sorted it."""
    return next((str(kind) for start, kind in opened("support")["kinds"].items() if text.startswith(start)), "")
