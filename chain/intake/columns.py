"""Which column of a table holds what: known again by its heading, pointed out where it is not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chain.intake.csvtext import plain
from chain.result.rules import Indicator

# fmt: off
FIELDS: dict[str, tuple[str, ...]] = {  # what a column may hold -> headings that are recognised without asking
    "unit": ("enhet", "skola", "skolenhet", "skolenhetskod", "skol-enhetskod", "enhetskod", "förskola", "unit", "school",
             "school unit", "skolans namn", "enhetens namn"),
    "school_form": ("skolform", "school form", "form"),
    "year_group": ("årskurs", "åk", "årsk", "year", "year group", "nivå", "grade level"),
    "subject": ("ämne", "ämneskod", "kurs", "subject", "course", "läroplansområde", "område", "ändamål"),
    "basis": ("underlag", "bygger på", "basis", "based on"),
    "enrolled": ("elever", "antal elever", "antal", "elever totalt", "enrolled", "pupils", "barn", "deltagare",
                 "alla (n)", "all (n)"),
    "assessed": ("bedömda", "antal bedömda", "med betyg", "assessed", "n", "svarande", "med provbetyg",
                 "bedömda (n)", "assessed (n)"),
    "reached": ("minst e", "nått", "nått målen", "uppnått", "nådde minst e", "reached", "at least e", "k", "godkända", "a-e",
                "antal (k)", "number (k)"),
    "mean": ("medelvärde", "medel", "genomsnitt", "snitt", "mean", "average"),
    "total": ("summa", "belopp", "total", "sum", "amount"),
    "step": ("steg", "betyg", "step", "grade"),
    "indicator": ("indikator", "indicator"),
}
# fmt: on
COUNTS = ("enrolled", "assessed", "reached")
AMOUNTS = (*COUNTS, "mean", "total")
DASH = {"-", "–", "—", "streck", "dash"}


@dataclass(frozen=True)
class Columns:
    """Which column holds what: the field → the place of its column; and what the figures are, where no column says it."""

    columns: dict[str, int]
    indicator: str

    @property
    def steps(self) -> list[tuple[str, int]]:
        return [(name.removeprefix("step:"), place) for name, place in self.columns.items() if name.startswith("step:")]


def header_of(rows: Sequence[Sequence[str]]) -> int:
    """Where the header stands: of the first lines, the one in which most cells are words that are known, else the widest."""
    known = {word for words in FIELDS.values() for word in words}

    def weight(place: int) -> tuple[int, int, int]:
        cells = [plain(cell) for cell in rows[place]]
        return sum(cell in known for cell in cells), sum(bool(cell) for cell in cells), -place

    return max(range(min(len(rows), 20)), key=weight, default=0)


def guess(header: Sequence[str], steps: Iterable[str], own: Mapping[str, str] | None = None) -> dict[str, int]:
    """The columns whose headings say what they hold, without doubt. `own`: an indicator's own headings, which come first."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        word = plain(cell)
        name = (own or {}).get(word) or next((name for name, words in FIELDS.items() if word in words), "")
        if not name and (step := step_of(cell, steps)):
            name = f"step:{step}"
        if name and name not in found:
            found[name] = place
    return found


def own_headings(measure: Indicator) -> dict[str, str]:
    """What an indicator's own columns are called, in both languages → what they hold."""
    found: dict[str, str] = {}
    for heading in (measure.sv, measure.en, *(one for each in measure.variants for one in (each.sv, each.en))):
        said = {
            heading.enrolled: "enrolled", heading.assessed: "assessed", heading.reached: "reached", heading.row: "subject",
            heading.total: measure.typed or "total",
        }  # fmt: skip
        for word, name in said.items():
            if word:
                found.setdefault(plain(word), name)
    return found


def step_of(cell: str, steps: Iterable[str]) -> str:
    """The key of the grade that a heading names: A, Betyg A, Antal A, –."""
    word = re.sub(r"^(betyget|betyg|antal|grade)\s+", "", plain(cell))
    if word in DASH:
        return next((key for key in steps if len(key) > 1 or not key.isalpha()), "")
    return next((key for key in steps if key.casefold() == word), "")


def lacking(mapping: Columns, measure: Indicator | None) -> list[str]:
    """The fields that must have a column and have none. Where a column names the indicator, each row is judged by itself."""
    has = mapping.columns
    missing = [name for name in ("unit",) if name not in has]
    if "indicator" in has:
        return missing if any(name in has for name in AMOUNTS) or mapping.steps else [*missing, "reached"]
    kind = measure.kind if measure else "share"
    counted = kind in ("share", "distribution") or bool(measure and measure.sv.enrolled)
    needed = ("enrolled",) * counted
    if kind == "share":
        needed = (*needed, "assessed", "reached")
    elif kind == "mean":
        needed = (*needed, "assessed", *(() if {"mean", "total"} & has.keys() else (measure.typed if measure else "total",)))
    elif kind == "count":
        needed = (*needed, "total")
    elif not mapping.steps:
        needed = (*needed, "step", "reached")
    return [*missing, *(name for name in needed if name not in has)]


def fits(columns: Mapping[str, int], measure: Indicator, own: Mapping[str, str], header: Sequence[str]) -> tuple[bool, int]:
    """How well headings go with an indicator: whether nothing is lacking, and how many are its own words or steps."""
    words = [plain(cell) for cell in header]
    hits = sum(word in own for word in words) + sum(name.startswith("step:") for name in columns)
    return not lacking(Columns(dict(columns), measure.key), measure), hits


def year_word(cell: str) -> str:
    """A year group as it is compared: Åk 4, årskurs 4, year 4 and 4 are the same."""
    return re.sub(r"^(åk|årskurs|year|årsk\.?)\s*", "", plain(cell))
