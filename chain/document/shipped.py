"""Reads the shipped forms of documents (data/documents): which headings a tjänsteskrivelse or a report has, in which order."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chain.cycle import shipped
from chain.cycle.shipped import ShippedError, Table

FOLDER = shipped.DATA / "documents"
KINDS = ("statement", "year_report")
# What a heading is about, and so what the system can draw for it. The two questions of seed 002 stand in every form, shown.
PARTS = (
    "proposal", "summary", "papers", "background", "results", "analysis", "findings", "asked", "perspective", "economy",
    "conclusions", "appendices", "sent_to", "signatures", "text",
)  # fmt: skip
MANDATORY = ("asked", "perspective")
LEVELS = (1, 2)


@dataclass(frozen=True)
class Heading:
    """A heading with a stable key. `standing` is text that every such document begins with; empty ones are not printed."""

    key: str
    part: str
    title: str
    level: int
    required: bool
    hidden: bool
    standing: str
    help: dict[str, str]


@dataclass(frozen=True)
class Form:
    key: str
    kind: str
    order: int
    name: dict[str, str]
    about: dict[str, str]
    headings: tuple[Heading, ...]


@cache
def forms(folder: Path = FOLDER) -> dict[str, Form]:
    """The shipped forms by their keys, in order. Refused with a sentence that names the file and the key."""
    found = sorted((_form(folder, file.name) for file in folder.glob("*.toml")), key=lambda one: one.order)
    shipped.unique("documents", (one.key for one in found))
    return {one.key: one for one in found}


def _form(folder: Path, name: str) -> Form:
    file = shipped.opened(folder, name)
    made = Form(
        key=file.text("key"), kind=file.one_of("kind", KINDS), order=file.number("order"), name=_said(file),
        about=_said(file.inner("about")), headings=tuple(_headings(file)),
    )  # fmt: skip
    file.done()
    shipped.unique(name, (one.key for one in made.headings))
    for part in MANDATORY:
        if not any(one.part == part and one.required and not one.hidden for one in made.headings):
            raise ShippedError(f"{name}: no heading of the part {part} is shown and required, as both questions must be.")
    return made


def _headings(file: Table) -> Iterator[Heading]:
    for one in file.inners("heading", least=1):
        yield Heading(
            key=one.text("key"), part=one.one_of("part", PARTS), title=one.text("title"), level=_level(one),
            required=one.flag("required"), hidden=one.flag("hidden"), standing=one.text("standing", ""),
            help=_said(one.inner("help")) if "help" in one.values else {},
        )  # fmt: skip
        one.done()


def _level(one: Table) -> int:
    if "level" not in one.values:
        return 1
    level = one.number("level")
    if level not in LEVELS:
        raise one.wrong("level", f"is {level}, but should be 1 or 2.")
    return level


def _said(file: Table) -> dict[str, str]:
    return {language: file.text(language) for language in ("sv", "en")}
