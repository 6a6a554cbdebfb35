"""Reads which plans and routines a unit has to have: a readable file, where a further kind is a row."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chain.cycle.shipped import DATA, opened, school_forms, unique

ABOUT = ("plan", "routine")


@dataclass(frozen=True)
class Kind:
    """One of them. `months`: how old it may be; `school_forms`: those that need it, none: all."""

    key: str
    sv: str
    en: str
    about: str
    source_sv: str
    source_en: str
    school_forms: tuple[str, ...]
    months: int
    by_law: bool

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv

    def source(self, locale: str) -> str:
        return self.source_en if locale == "en" else self.source_sv


@cache
def kinds(folder: Path = DATA) -> tuple[Kind, ...]:
    """In the order in which they are shown. Raises ShippedError with a sentence when the file cannot be used."""
    file = opened(folder, "plans.toml")
    known, found = {form.code for form in school_forms(folder)}, []
    for row in file.inners("plan", least=1):
        words = {name: row.text(name) for name in ("key", "sv", "en", "source_sv", "source_en")}
        about, forms = row.one_of("about", ABOUT), row.texts("school_forms", known)
        found.append(Kind(about=about, school_forms=forms, months=row.number("months"), by_law=row.flag("by_law"), **words))
        row.done()
    file.done()
    unique("plans.toml", (one.key for one in found))
    return tuple(found)
