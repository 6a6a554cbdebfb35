"""Reads the words of levels and school forms from the shipped files: a further level is a row there."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True)
class Word:
    """A key with its words, and for levels its rank from the top."""

    key: str
    sv: str
    en: str
    rank: int = 0

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv


@cache
def levels() -> dict[str, Word]:
    """The levels of the tree from the top."""
    rows = tomllib.loads((DATA / "levels.toml").read_text(encoding="utf-8"))["level"]
    return {row["key"]: Word(row["key"], row["sv"], row["en"], row["rank"]) for row in sorted(rows, key=lambda row: row["rank"])}


@cache
def school_forms() -> dict[str, Word]:
    """The school forms by their codes."""
    rows = tomllib.loads((DATA / "school_forms.toml").read_text(encoding="utf-8"))["school_form"]
    return {row["code"]: Word(row["code"], row["sv"], row["en"]) for row in rows}


@cache
def form_of() -> dict[str, str]:
    """Every code, alias and Swedish name of a school form, casefolded, with the code that it means."""
    rows = tomllib.loads((DATA / "school_forms.toml").read_text(encoding="utf-8"))["school_form"]
    said = {alias.casefold(): row["code"] for row in rows for alias in row.get("aliases", [])}
    return said | {word.casefold(): row["code"] for row in rows for word in (row["code"], row["sv"])}


@cache
def municipalities() -> dict[str, str]:
    """Every municipality of the country by its four digits. Source: SCB's list of codes."""
    with (DATA / "ref" / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
