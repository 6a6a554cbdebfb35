"""What a document can show of a release: tables and pictures, each with an address, in the reader's language. Nothing live."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chain.base.locale import _
from chain.cycle.models import Round
from chain.release import queries as release
from chain.release.models import Release
from chain.report import queries, years
from chain.report.markup import Block
from chain.report.rules import Cell, Grid
from chain.rollup.charts import Shown

LONGEST_NOTE = 400  # characters below a table: where many things stand together, what each means is in the data dictionary


@dataclass(frozen=True)
class Choice:
    """Something to show: its address within the release, its name, where it belongs, and the block that it becomes."""

    address: str
    group: str
    title: str
    picture: bool
    usual: bool  # taken along unless somebody says otherwise
    block: Block


@dataclass(frozen=True)
class Told:
    """A round with the release that its page or document stands on, as the pictures through the years want it."""

    round: Round
    release: Release


def choices(released: Release) -> list[Choice]:
    """Everything of a release that a document can show: its tables, and pictures with the same round of earlier years."""
    forms = release.figures(released)
    return [*tables(queries.grids_of(forms)), *_pictures(_through(released))]


def tables(forms: Iterable[queries.SchoolForm]) -> Iterator[Choice]:
    """A release's tables as a document shows them, per school form."""
    for form in forms:
        for grid in form.grids:
            address = _address("table", form.name, grid.title, grid.basis, str(grid.spread))
            title = _("%(title)s (%(basis)s)", title=grid.title, basis=grid.basis) if grid.basis else grid.title
            usual = not grid.unshown and not grid.spread
            yield Choice(address, form.name, title, False, usual, _table(f"{form.name}: {title}", grid))


def _table(title: str, grid: Grid) -> Block:
    units = [_("%(units)s enheter", units=one) if one else "" for one in grid.units]
    head = ["", *("\n".join(filter(None, pair)) for pair in zip((one or _("Alla") for one in grid.columns), units, strict=True))]
    rows = [[label, *(_cell(cell, grid, place) for place, cell in enumerate(cells))] for label, cells in grid.rows]
    why = dict.fromkeys(cell.why for _label, cells in grid.rows for cell in cells if cell.why)
    note = " ".join([*([grid.definition] if len(grid.definition) <= LONGEST_NOTE else []), *why])
    return {"kind": "table", "title": title, "head": head, "rows": rows, "note": note, "numeric": True}


def _cell(cell: Cell, grid: Grid, place: int) -> str:
    """As the committee's page shows it: the share, how many it is of, and its coverage where the column has no one coverage."""
    if grid.spread and place == len(grid.columns) - 1:
        shown, of = cell.assessed or "..", ""
    else:
        shown = cell.shown or "–"
        of = "" if not cell.assessed else f" ({cell.assessed})" if cell.mean else " " + _("av %(n)s", n=cell.assessed)
    units = "\n" + _("%(units)s enheter", units=cell.units) if cell.units and not grid.units[place] else ""
    return f"{shown}{of}{units}"


def _through(released: Release) -> list[Told]:
    """The same round of earlier years, by the releases that the committee's pages stand on, and this one last."""
    told = [Told(one.report.round, one.release) for one in queries.earlier(released.round)]
    return [*told, Told(released.round, released)]


def _pictures(told: Sequence[Told]) -> Iterator[Choice]:
    groups, found = years.figures(told)
    first = years.first(groups, found)
    for place, name in groups.items():
        for number, one in enumerate(years.pictures(told, found, place)):
            address = _address("picture", *place, one.title)
            yield Choice(address, name, one.title, True, place == first and number == 0, _drawn(name, one))


def _drawn(name: str, one: Shown) -> Block:
    """A picture; its table twin stands among the tables."""
    title = f"{name}: {one.title}"
    alt = f"{title}. {one.picture.description}"
    return {"kind": "picture", "title": title, "alt": alt, "legend": f"{one.legend} {one.source}", "shown": one}


def drawn(block: Block) -> Block:
    """A block ready to be kept: a picture is drawn only when somebody wants it."""
    return (
        {**{name: block[name] for name in block if name != "shown"}, "svg": str(block["shown"].svg)}
        if "shown" in block
        else block
    )


def _address(*parts: str) -> str:
    """The same for the same table or picture of whatever release, so that what was chosen outlives a new release."""
    return f"{parts[0]}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}"
