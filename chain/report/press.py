"""Sets a document as PDF: one file that passes PDF/UA-1 (screen readers) and PDF/A-2a (archives), the same bytes each time."""

import json
import re
from datetime import UTC, datetime, time
from functools import cache
from typing import Any, Literal

from chain.base.config import ROOT
from chain.report import prints
from chain.report.sheet import Sheet, as_dict, levelled

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
LAYOUT = ROOT / "templates" / "report" / "document.typ"
BOX = "\u25a1"  # stands in for a letter that no bundled typeface has; a reader is told of it by name as an unknown letter
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f]")  # unseen: directions, joints, variants


def pdf(sheet: Sheet) -> bytes:
    """The document as PDF. Equal sheets give equal bytes. Nothing is fetched, and nothing of its words is evaluated."""
    import typst  # only here: it takes a while to import

    day = datetime.combine(sheet.date, time(12), tzinfo=UTC)
    made = typst.compile(
        _layout(), font_paths=prints.typefaces(), sys_inputs={"sheet": json.dumps(_printed(sheet), ensure_ascii=False)},
        pdf_standards=[*STANDARDS], timestamp=int(day.timestamp()),
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


@cache
def _layout() -> bytes:
    return LAYOUT.read_bytes()


def _printed(sheet: Sheet) -> dict[str, Any]:
    facts = _replaced({**as_dict(sheet), "blocks": levelled(sheet.blocks)})
    blocks = [{**one, "svg": prints.svg(one["svg"])} if one["kind"] == "picture" else one for one in facts["blocks"]]
    date = [sheet.date.year, sheet.date.month, sheet.date.day]
    return {**facts, "blocks": blocks, "date": date, "region": sheet.region, "author": sheet.office or sheet.owner,
            "page-words": sheet.page_words}  # fmt: skip


def _replaced(value: Any) -> Any:
    """The same with a box for every letter that cannot be printed."""
    if isinstance(value, str):
        return _MARKS.sub("", value).translate({ord(letter): BOX for letter in unprintable(value)})
    if isinstance(value, dict):
        return {name: value[name] if name == "svg" else _replaced(value[name]) for name in value}
    return [_replaced(one) for one in value] if isinstance(value, list | tuple) else value


def unprintable(text: str) -> list[str]:
    """The letters of a text that no bundled typeface has, each once. Unseen marks are left out without a word."""
    known = prints.printable()
    return [letter for letter in dict.fromkeys(_MARKS.sub("", text)) if ord(letter) not in known and letter not in "\n\r\t"]
