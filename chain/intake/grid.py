"""A table of figures per unit, subject and year group: the figures of the rows that hold, and a problem for each other row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter

from chain.intake import amounts
from chain.intake.amounts import NEEDS, Wrong
from chain.intake.catalogue import Catalogue, Place, steps_of
from chain.intake.columns import AMOUNTS, COUNTS, Columns
from chain.intake.csvtext import plain
from chain.intake.rows import Cells, Lead, Read, Words
from chain.intake.rules import FATAL, Problem, _mark
from chain.result.rules import Table

SMALL = {str(number): number for number in range(2000)}  # what nearly every cell holds
AT_A_TIME = 5000  # rows between two words of how far it has come

TWICE = _mark("Samma enhet, ämne och årskurs står redan på rad {first}. Ta bort den ena.")
NO_FORMULA = _mark("Cellen är en formel utan sparat värde. Öppna filen i Excel, spara den och läs in den igen.")
BAD_STEP = _mark("”{value}” är inget steg i den skala som {what} har.")
STEPS_MISSING = _mark("Stegen blir {value} tillsammans, men {more} är bedömda: en rad saknas. Inget av dem läses in.")
NOTHING = _mark("Ingen rad i filen gick att läsa in.")


Quick = tuple[int, str, dict[object, tuple[str, ...]], dict[tuple[str, ...], int]]


@dataclass
class Steps:
    """A distribution that is told in a row per step."""

    place: Place
    table: Table
    lead: tuple[str, ...]
    row: int
    enrolled: int
    n: int | None
    counts: dict[str, int] = field(default_factory=dict)
    rows: int = 0


def read(
    rows: Sequence[Sequence[str]], start: int, mapping: Columns, catalogue: Catalogue, holes: Iterable[tuple[int, int]] = ()
) -> Iterator[Read]:
    """The figures of the rows under the header at `start`, and a problem for each row that does not hold: the same `Read`
    again and again while it grows, so that it can be told how far it has come.

    `holes` are (row, column) of formulas without a value. A row is whole or not at all; rows that are sums are left out.
    """
    header = [cell.strip() for cell in rows[start]]
    reader = _Reader(header, mapping, catalogue, Read(), set(holes))
    numbered = enumerate(islice(rows, start + 1, None), start + 2)
    while some := list(islice(numbered, AT_A_TIME)):
        for number, cells in reader.left(some):
            reader.take(number, cells)
        yield reader.made
    reader.finish()
    if not reader.made.good:
        reader.made.problems.insert(0, Problem(FATAL, "", NOTHING))
    yield reader.made


class _Reader:
    """Reads row after row; what the same words meant in an earlier row is remembered."""

    def __init__(
        self, header: list[str], mapping: Columns, catalogue: Catalogue, made: Read, holes: set[tuple[int, int]]
    ) -> None:
        self.header, self.mapping, self.catalogue, self.made, self.holes = header, mapping, catalogue, made, holes
        self.at = mapping.columns
        self.steps = mapping.steps
        self.amounts = [(name, self.at[name]) for name in AMOUNTS if name in self.at]
        self.width = max(self.at.values()) + 1
        self.seen: dict[int, dict[tuple[str, ...], int]] = {}  # unit → what a figure is about → its row
        self.words = Words(header, mapping, catalogue, made)
        self.leads: dict[int, dict[object, tuple[str, ...]]] = {}  # alike units → words → what stands before a figure's counts
        self.quick: dict[str, Quick] = {}  # a unit as a cell says it, once a row of it has been taken
        self.together: dict[tuple[object, ...], Steps] = {}
        self.unit = self.at["unit"]
        named = [self.at[name] for name in ("subject", "year_group", "school_form") if name in self.at]
        self.where = itemgetter(*(named or [self.unit]))

    @property
    def only_people(self) -> bool:
        """Whether every row is three plain counts of one share: nearly all long files are."""
        measure = self.catalogue.measures.get(self.mapping.indicator)
        plainly = measure is not None and measure.of_people and all(name in self.at for name in COUNTS)
        return plainly and not (self.steps or self.holes or "basis" in self.at or "indicator" in self.at)

    def left(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows that need a closer look. Those of three plain counts whose words have been met before, nearly all of a long
        file, are taken here, without a call for each."""
        if not self.only_people:
            yield from ((row, cells) for row, cells in rows if any(cells))
            return
        known, figures = self.quick, self.made.figures
        unit, where, counts = self.unit, self.where, itemgetter(*[self.at[name] for name in COUNTS])
        quick = 0
        for row, cells in rows:
            try:
                unit_id, path, leads, seen = known[cells[unit]]
                lead = leads[where(cells)]
                some, fewer, fewest = counts(cells)
                enrolled, n, k = SMALL[some], SMALL[fewer], SMALL[fewest]
            except (KeyError, IndexError):
                if any(cells):
                    yield row, cells
                continue
            if not k <= n <= enrolled or lead in seen:
                yield row, cells
                continue
            seen[lead] = row
            quick += 1
            figures.append((unit_id, path, *lead, enrolled, n, k, 0))
        self.made.rows += quick
        self.made.good += quick

    def take(self, row: int, cells: Cells) -> None:
        """A row of whatever kind: its figures, or what is wrong with it."""
        self.made.rows += 1
        if len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        if about := self.words.about(row, cells):
            self._amounts(row, cells, *about)

    def _amounts(self, row: int, cells: Cells, place: Place, table: Table, lead: Lead) -> None:
        texts = {name: cells[column] for name, column in self.amounts}
        if any((row, column) in self.holes for _name, column in (*self.amounts, *self.steps)):
            self.words.tell(row, NO_FORMULA, next(c for _n, c in (*self.amounts, *self.steps) if (row, c) in self.holes))
        elif table.kind != "distribution":
            sums = amounts.sums(table, texts)
            if isinstance(sums, Wrong):
                self.words.wrong(row, sums, cells)
            elif self._first(row, place, lead):
                self.made.figures.append((place.unit_id, place.path, *lead, *sums))
                leads = self.leads.setdefault(id(place.tables), {})
                leads[self.where(cells)] = lead
                self.quick.setdefault(cells[self.unit], (place.unit_id, place.path, leads, self.seen[place.unit_id]))
                self.made.good += 1
        elif self.steps:
            self._wide(row, cells, place, table, lead, texts)
        elif "step" in self.at:
            self._long(row, cells, place, table, lead, texts)
        else:
            self.words.tell(row, NEEDS["distribution"])

    def _first(self, row: int, place: Place, lead: tuple[str, ...]) -> bool:
        first = self.seen.setdefault(place.unit_id, {}).setdefault(lead, row)
        if first != row:
            self.words.tell(row, TWICE, first=str(first))
        return first == row

    def _wide(self, row: int, cells: Cells, place: Place, table: Table, lead: Lead, texts: dict[str, str]) -> None:
        """A column per step; an empty one is nobody."""
        counts: dict[str, int] = {}
        known = {column.key for column in table.columns}
        for step, column in ((step, column) for step, column in self.steps if step in known):
            found = amounts.count({step: cells[column]}, step)
            if isinstance(found, Wrong):
                self.words.tell(row, found.message, column, cells[column])
                return
            counts[step] = found or 0
        enrolled = self._enrolled(row, cells, texts)
        if enrolled is None:
            return
        total = sum(counts.values())
        if total > enrolled:
            more = {"more": str(enrolled), "other": self.header[self.at["enrolled"]]}
            self.words.tell(row, amounts.TOO_MANY, self.steps[0][1], str(total), **more)
        elif self._first(row, place, lead):
            self._spread(place, table, lead, enrolled, counts)
            self.made.good += 1

    def _enrolled(self, row: int, cells: Cells, texts: dict[str, str]) -> int | None:
        found = amounts.count(texts, "enrolled")
        if isinstance(found, Wrong):
            self.words.wrong(row, found, cells)
            return None
        if found is None:
            self.words.wrong(
                row, Wrong(amounts.EMPTY_COUNT, "enrolled") if "enrolled" in texts else Wrong(NEEDS["distribution"]), cells
            )
        return found

    def _long(self, row: int, cells: Cells, place: Place, table: Table, lead: Lead, texts: dict[str, str]) -> None:
        """A row per step, as tables that are taken out of here are: put together when all rows have been read."""
        said = cells[self.at["step"]]
        step = steps_of(table.scale).get(plain(said), "") if table.scale else ""
        if not step:
            self.words.tell(row, BAD_STEP, self.at["step"], said, what=table.measure.sv.name)
            return
        enrolled = self._enrolled(row, cells, texts)
        k, n = amounts.count(texts, "reached"), amounts.count(texts, "assessed")
        wrong = next(
            (one for one in (k, n) if isinstance(one, Wrong)), Wrong(amounts.EMPTY_COUNT, "reached") if k is None else None
        )
        if enrolled is None or wrong:
            if wrong and enrolled is not None:
                self.words.wrong(row, wrong, cells)
            return
        assert not isinstance(k, Wrong) and not isinstance(n, Wrong) and k is not None
        if self._first(row, place, (*lead[:4], step, lead[5])):
            known = self.together.setdefault((place.unit_id, lead), Steps(place, table, lead, row, enrolled, n))
            known.counts[step] = k
            known.rows += 1

    def finish(self) -> None:
        """The distributions that were told in a row per step: together they are those assessed."""
        for one in self.together.values():
            total = sum(one.counts.values())
            if total > one.enrolled or (one.n is not None and total != one.n):
                more = one.n if one.n is not None else one.enrolled
                self.words.tell(one.row, STEPS_MISSING, self.at.get("reached"), str(total), more=str(more))
                continue
            self._spread(one.place, one.table, one.lead, one.enrolled, one.counts)
            self.made.good += one.rows

    def _spread(self, place: Place, table: Table, lead: tuple[str, ...], enrolled: int, counts: dict[str, int]) -> None:
        for indicator, step, *sums in amounts.spread(table, enrolled, counts):
            self.made.figures.append((place.unit_id, place.path, indicator, *lead[1:4], step, lead[5], *sums))
