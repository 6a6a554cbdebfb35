"""What is true of the committee's page: what it needs, when it may be replaced, and how its figures stand together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.release.rules import HIDDEN

FEWEST_TOGETHER = 3  # tables of one row: so many are easier to read as one
MOST_BESIDE = 3  # columns: a grid with more needs the whole width
UNITS_SEE = "units_see"  # where the units' themes stand
MOST_QUOTED = 2  # quotes under one theme: the page is two minutes' reading
EXAMPLE = "example"  # what the administration lifts for others to try: not everybody does, nor every time
# The administration's five answers that make the page, in order (data/templates/administration.toml).
SENTENCES = ("where_we_are", "stands_out", "units_see", "we_do", "we_ask")


class Line(Protocol):
    """A subject's figure in words, as a release tells it."""

    @property
    def label(self) -> str: ...
    @property
    def shown(self) -> str: ...
    @property
    def cells(self) -> tuple[str, ...]: ...
    @property
    def assessed(self) -> str: ...
    @property
    def units(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def query(self) -> str: ...


class Table(Protocol):
    """An indicator in a year group, on one basis, as a release tells it."""

    @property
    def title(self) -> str: ...
    @property
    def year_group(self) -> str: ...
    @property
    def definition(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def steps(self) -> tuple[str, ...]: ...
    @property
    def lines(self) -> Sequence[Line]: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Cell:
    """A figure with the pupils assessed and its coverage; `why` when it is withheld or blurred."""

    shown: str = ""
    assessed: str = ""
    units: str = ""
    why: str = ""
    mean: bool = False
    query: str = ""  # what opens it unit by unit


@dataclass(frozen=True)
class Grid:
    """Subjects downwards, year groups (or steps) across. `units` of a column: its coverage, where all its cells share it."""

    title: str
    definition: str
    basis: str
    columns: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    spread: bool = False  # a distribution over steps: read after the shares

    @property
    def wide(self) -> bool:
        return len(self.columns) > MOST_BESIDE

    @property
    def told(self) -> int:
        """How many of its figures are shown."""
        return sum(cell.shown not in ("", HIDDEN) for _label, cells in self.rows for cell in cells)

    @property
    def gaps(self) -> bool:
        """Whether a dash stands in it: a figure that nobody has told."""
        return not self.spread and any(not cell.shown for _label, cells in self.rows for cell in cells)

    @property
    def unshown(self) -> tuple[str, ...]:
        """Why nothing of it is shown, in sentences; none where something is."""
        cells = [cell for _label, cells in self.rows for cell in cells]
        if any(cell.shown not in ("", HIDDEN) for cell in cells):
            return ()
        return tuple(dict.fromkeys(cell.why for cell in cells if cell.why))


def counted(theme: Mapping[str, Any], seen: Mapping[str, Any]) -> str:
    """In how many of the units that handed in a theme stands, and in how many a round ago."""
    told = _("i %(n)s av %(of)s enheter", n=theme["units"], of=seen["handed_in"])
    return f"{told} ({_('förra gången %(n)s', n=theme['before'])})" if theme["before"] is not None else told


def check_ready(*, handed_up: bool, released: bool) -> None:
    """Both parts of the page, or a sentence that says which is missing."""
    if not handed_up:
        raise RuleBroken(
            _("Förvaltningens uppföljning är inte inlämnad än. Lämna in den först: meningarna på sidan hämtas därifrån.")
        )
    if not released:
        raise RuleBroken(
            _("Det finns ingen godkänd utgåva av uppföljningens siffror. Förbered en, och låt någon annan godkänna den.")
        )


def check_replaceable(state: str, *, same: bool) -> None:
    """A page is replaced only until the secretary has registered it, and only by something new."""
    if state != "published":
        raise RuleBroken(
            _("Nämnden har redan tagit emot sidan, så den går inte att byta ut. Ta upp det nya i nästa uppföljning.")
        )
    if same:
        raise RuleBroken(_("Sidan är redan överlämnad med samma meningar och samma siffror."))


def check_number(number: str) -> str:
    """A registration number as the secretary writes it: free form, but something."""
    words = " ".join(number.split())
    if not words or len(words) > 60:
        told = _("Skriv diarienumret, till exempel Bun 2018/75.")
        raise RuleBroken(told, {"registration_number": told})
    return words


def check_read(read: str | None, now: str) -> None:
    """What is handed over is what was read: nothing that it is made of is another since. Not asked where nobody reads it."""
    if read is not None and read != now:
        told = _(
            "Uppföljningen eller utgåvan är en annan nu än när du läste sidan. Läs den som den blir, och överlämna den sedan."
        )
        raise RuleBroken(told, {"read": told})


def check_edition(read: int | None, now: int) -> None:
    """What is registered is what was read."""
    if read is not None and read != now:
        raise RuleBroken(_("En ny sida har överlämnats sedan du öppnade den här. Läs den nya nedan, och registrera den sedan."))


def grids(tables: Iterable[Table], years: dict[str, str]) -> list[Grid]:
    """One school form's tables put together: the same indicator on the same basis stands in one grid, year beside year.

    Those that have no subjects, a row each, are the rows of one grid together.
    """
    found: list[Grid] = []
    shares: dict[tuple[str, str], list[Table]] = {}
    for table in tables:
        if table.steps:
            found.append(_spread(table))
        else:
            shares.setdefault((name_of(table, years), table.basis), []).append(table)
    alone = {about: same for about, same in shares.items() if all(_alone(about[0], table) for table in same)}
    if len(alone) < FEWEST_TOGETHER:
        alone = {}
    grids = [_shares(about[0], same, years) for about, same in shares.items() if about not in alone]
    return grids + ([_together(alone, years)] if alone else []) + found


def divided(grids: Sequence[Grid]) -> tuple[list[Grid], list[Grid]]:
    """What is read first, and what whoever wants more opens: first the indicator of which most is told subject by subject, on
    each of its bases; of a school form without subjects the first grid."""
    shares = [grid for grid in grids if not grid.spread and not grid.unshown]
    by_subject: dict[str, int] = {}
    for grid in shares:
        if len(grid.rows) > 1:
            by_subject[grid.title] = by_subject.get(grid.title, 0) + grid.told
    first = max(by_subject, key=lambda title: by_subject[title], default=shares[0].title if shares else "")
    return [grid for grid in shares if grid.title == first], [grid for grid in shares if grid.title != first]


def _alone(name: str, table: Table) -> bool:
    """Whether a table is one row about the whole year group or unit, of which something is shown."""
    return [line.label for line in table.lines] == [name] and table.lines[0].shown != HIDDEN


def _together(tables: dict[tuple[str, str], list[Table]], years: dict[str, str]) -> Grid:
    groups = dict.fromkeys(table.year_group for same in tables.values() for table in same)
    order = sorted(groups, key=lambda group: (group == "", list(years).index(group) if group in years else len(years)))
    rows = []
    for (name, basis), same in tables.items():
        by_group = {table.year_group: _cell(table.lines[0], table) for table in same}
        rows.append((f"{name} ({basis})", tuple(by_group.get(group, Cell()) for group in order)))
    return Grid(
        title=_("Hela årskursen eller enheten"),
        definition=" ".join(f"{name}: {same[0].definition}" for (name, _basis), same in tables.items()),
        basis="",
        columns=tuple(years.get(group, group) for group in order),
        units=tuple("" for _group in order),
        rows=tuple(rows),
    )


def name_of(table: Table, years: Mapping[str, str]) -> str:
    """A table's name without its year group, as its grid is called."""
    return table.title.removesuffix(f", {years.get(table.year_group, table.year_group)}") if table.year_group else table.title


def _shares(name: str, tables: Sequence[Table], years: dict[str, str]) -> Grid:
    labels = dict.fromkeys(line.label for table in tables for line in table.lines)
    by_label = [{line.label: _cell(line, table) for line in table.lines} for table in tables]
    return Grid(
        title=name,
        definition=tables[0].definition,
        basis=tables[0].basis,
        columns=tuple(years.get(table.year_group, table.year_group) for table in tables),
        units=tuple(_shared(column.values()) for column in by_label),
        rows=tuple((label, tuple(column.get(label, Cell()) for column in by_label)) for label in labels),
    )


def _cell(line: Line, table: Table) -> Cell:
    return Cell(line.shown, line.assessed, line.units, line.why, mean=table.kind == "mean", query=line.query)


def _assessed(line: Line) -> Cell:
    return Cell(line.assessed, units=line.units, query=line.query)


def _shared(cells: Iterable[Cell]) -> str:
    """The coverage of a column, where every figure in it was told by as many units."""
    told = {cell.units for cell in cells}
    return told.pop() if len(told) == 1 else ""


def _spread(table: Table) -> Grid:
    told = {line.units for line in table.lines}
    return Grid(
        title=table.title,
        definition=table.definition,
        basis=table.basis,
        columns=(*table.steps, _("Antal")),
        units=(*("" for _step in table.steps), told.pop() if len(told) == 1 else ""),
        rows=tuple(
            (
                line.label,
                (*(Cell(cell, why=line.why) for cell in line.cells), _assessed(line)),
            )
            for line in table.lines
        ),
        spread=True,
    )
