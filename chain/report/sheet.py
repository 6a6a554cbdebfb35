"""A document as it is set on paper or written for Word: plain data, ready to be drawn, that can be kept and read again."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from chain.report.markup import Block, heading

KINDS = ("heading", "paragraph", "note", "bullets", "numbered", "quote", "table", "picture", "signatures")


@dataclass(frozen=True)
class Sheet:
    """`owner` is the committee, `office` who has written; `facts` stand at the top right; `footer` on every page.

    Blocks (markup.Block) carry headings from level 2 down, without a gap. `compact`: to fit on one page.
    """

    title: str
    owner: str
    office: str
    date: date
    footer: str
    blocks: list[Block]
    facts: list[tuple[str, str]] = field(default_factory=list)
    subtitle: str = ""
    description: str = ""
    keywords: list[str] = field(default_factory=list)
    lang: str = "sv"
    page_words: str = "Sida {n} av {m}"
    compact: bool = False

    @property
    def region(self) -> str:
        return "SE" if self.lang == "sv" else "GB"

    def words(self) -> Iterator[str]:
        """Every word that will be read, alternative texts too."""
        yield from (
            self.title,
            self.owner,
            self.office,
            self.footer,
            self.subtitle,
            *(part for fact in self.facts for part in fact),
        )
        for block in self.blocks:
            yield from _words(block)


def _words(block: Block) -> Iterator[str]:
    for name, value in block.items():
        if name in ("kind", "svg", "level"):
            continue
        yield from _strings(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def levelled(blocks: Iterable[Block]) -> list[Block]:
    """The same with no heading more than one step below the one before it: screen readers and PDF/UA want none left out."""
    found, last = [], 1
    for block in blocks:
        if block["kind"] == "heading":
            last = min(block["level"], last + 1)
            block = heading(block["text"], last)
        found.append(block)
    return found


def canonical(facts: Any) -> str:
    """The one way in which plain data is written for its hash."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(facts: Any) -> str:
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def sha256_of(body: bytes) -> str:
    """Of a file."""
    return hashlib.sha256(body).hexdigest()


def as_dict(sheet: Sheet) -> dict[str, Any]:
    """A sheet as plain data (JSON)."""
    return {**asdict(sheet), "date": sheet.date.isoformat()}


def from_dict(facts: dict[str, Any]) -> Sheet:
    return Sheet(**{**facts, "date": date.fromisoformat(facts["date"]), "facts": [tuple(one) for one in facts["facts"]]})
