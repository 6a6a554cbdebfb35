"""Reads the shipped themes (data/themes.toml): what an administration begins to code with."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chain.cycle import shipped

FILE = "themes.toml"


@dataclass(frozen=True)
class Shipped:
    """A theme with a stable key. `words`: {"sv": {"name", "belongs"}, "en": {…}}; `belongs` says what belongs there."""

    key: str
    words: dict[str, Any]


@cache
def themes(folder: Path = shipped.DATA) -> tuple[Shipped, ...]:
    """The shipped themes in order. Refused with a sentence that names the file and the key."""
    file = shipped.opened(folder, FILE)
    found = tuple(_theme(one) for one in file.inners("theme", least=1))
    file.done()
    shipped.unique(FILE, (one.key for one in found))
    return found


def _theme(table: shipped.Table) -> Shipped:
    made = Shipped(table.text("key"), {language: _words(table.inner(language)) for language in ("sv", "en")})
    table.done()
    return made


def _words(table: shipped.Table) -> dict[str, str]:
    said = {"name": table.text("name"), "belongs": table.text("belongs")}
    table.done()
    return said
