"""Reads data/handover.toml: which groups go on to another unit, and the headings of what is told about them."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[2] / "data" / "handover.toml"


@dataclass(frozen=True)
class Transition:
    """From a school form to another. `leaves`: the year groups after which pupils go on; none: all of the form do."""

    key: str
    giver: str
    receiver: str
    leaves: tuple[str, ...]
    enters: str
    sv: str
    en: str

    def name(self, locale: str, year_group: str = "") -> str:
        """Its words, such as "Årskurs 6 till årskurs 7"; without a year group, of those that it may begin with."""
        words = self.en if locale == "en" else self.sv
        years = [year_group] if year_group else [*self.leaves[:1], *self.leaves[1:][-1:]]
        return words.format(leaves="–".join(years), enters="–".join(filter(None, map(self.entered, years))))

    def entered(self, year_group: str) -> str:
        """The year group that they come to; nothing where the whole form receives them."""
        return self.enters or (str(int(year_group) + 1) if year_group.isdigit() and self.giver == self.receiver else "")

    def received_by(self, forms: Sequence[str], years: Sequence[str], year_group: str) -> bool:
        """Whether a unit with these school forms and year groups has the next step."""
        entered = self.entered(year_group)
        return self.receiver in forms and (not entered or not years or entered in years)

    def begins(self, forms: Sequence[str], years: Sequence[str]) -> list[str]:
        """The year groups that a unit has to hand over, the last first; one empty word where it is the whole form."""
        if self.giver not in forms:
            return []
        return [year for year in reversed(self.leaves) if year in years] if self.leaves else [""]

    def goes_on(self, forms: Sequence[str], years: Sequence[str]) -> list[str]:
        """Those of them for which the unit has no next step of its own."""
        return [year for year in self.begins(forms, years) if not self.received_by(forms, years, year)][:1]


@dataclass(frozen=True)
class Heading:
    """A section of a handover. `words`: title, ask and example, by language."""

    key: str
    required: bool
    only: tuple[str, ...]
    words: dict[str, dict[str, str]]

    def word(self, part: str, locale: str) -> str:
        return self.words.get(locale, self.words["sv"])[part]


@cache
def transitions() -> dict[str, Transition]:
    """In the order of the file."""
    return {
        row["key"]: Transition(
            row["key"], row["from"], row["to"], tuple(row.get("leaves", ())), row.get("enters", ""), row["sv"], row["en"]
        )
        for row in _file()["transition"]
    }


def headings(transition: str) -> list[Heading]:
    """The sections of a handover, in order."""
    return [one for one in _headings() if not one.only or transition in one.only]


@cache
def _headings() -> list[Heading]:
    return [
        Heading(row["key"], row.get("required", False), tuple(row.get("only", ())), {"sv": row["sv"], "en": row["en"]})
        for row in _file()["section"]
    ]


def spring() -> tuple[str, str]:
    """The first and last day (month-day) on which units are reminded of what they have to hand over."""
    first, last = _file()["spring"]
    return first, last


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
