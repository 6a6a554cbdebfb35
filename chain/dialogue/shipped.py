"""Reads the shipped agenda of a quality dialogue (data/dialogue.toml): which headings it has, in which order."""

from functools import cache
from pathlib import Path
from typing import Any

from chain.cycle import shipped

FILE = "dialogue.toml"


@cache
def headings(folder: Path = shipped.DATA) -> tuple[dict[str, Any], ...]:
    """{"key", "title": {"sv", "en"}} of each. Refused with a sentence that names the file and the key."""
    file = shipped.opened(folder, FILE)
    found = tuple(_heading(part) for part in file.inners("heading", least=1))
    file.done()
    shipped.unique(FILE, (one["key"] for one in found))
    return found


def _heading(part: shipped.Table) -> dict[str, Any]:
    made = {"key": part.text("key"), "title": {"sv": part.text("sv"), "en": part.text("en")}}
    part.done()
    return made
