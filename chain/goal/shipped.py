"""Reads the shipped national goals (data/goals.toml): short words of our own, each with where it comes from."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chain.cycle import shipped
from chain.cycle.shipped import Table
from chain.goal import rules

FILE = "goals.toml"


@dataclass(frozen=True)
class National:
    """A national goal; `title` and `text` by language. No school forms: all of them."""

    key: str
    kind: str
    source: str
    link: str
    school_forms: tuple[str, ...]
    title: dict[str, str]
    text: dict[str, str]


@cache
def goals(folder: Path = shipped.DATA) -> dict[str, National]:
    """The national goals by their keys, in order. Refused with a sentence that names the file and the key."""
    file = shipped.opened(folder, FILE)
    codes = tuple(form.code for form in shipped.school_forms(folder))
    found = [_goal(row, codes) for row in file.inners("goal", least=1)]
    file.done()
    shipped.unique(FILE, (one.key for one in found))
    return {one.key: one for one in found}


def _goal(row: Table, codes: tuple[str, ...]) -> National:
    words = {language: row.inner(language) for language in ("sv", "en")}
    made = National(
        key=row.text("key"), kind=row.one_of("kind", rules.KINDS), source=row.text("source"), link=row.text("link", ""),
        school_forms=row.texts("school_forms", codes),
        title={language: one.text("title") for language, one in words.items()},
        text={language: one.text("text") for language, one in words.items()},
    )  # fmt: skip
    for one in (*words.values(), row):
        one.done()
    return made
