"""A table of figures per unit, subject and year group: which column holds what, and the figures of the rows that hold."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from chain.intake.csvtext import plain
from chain.intake.rules import FATAL, INFO, WARNING, Problem, _mark
from chain.result.rules import BASES, CellError, Indicator, Table, read_count

# fmt: off
FIELDS: dict[str, tuple[str, ...]] = {  # what a column may hold -> headings that are recognised without asking
    "unit": ("enhet", "skola", "skolenhet", "skolenhetskod", "skol-enhetskod", "enhetskod", "förskola", "unit", "school",
             "school unit", "skolans namn", "enhetens namn"),
    "school_form": ("skolform", "school form", "form"),
    "year_group": ("årskurs", "åk", "årsk", "year", "year group", "nivå", "grade level"),
    "subject": ("ämne", "ämneskod", "kurs", "subject", "course", "läroplansområde"),
    "basis": ("underlag", "bygger på", "basis"),
    "enrolled": ("elever", "antal elever", "antal", "elever totalt", "enrolled", "pupils", "barn", "deltagare",
                 "alla (n)"),
    "assessed": ("bedömda", "antal bedömda", "med betyg", "assessed", "n", "svarande", "med provbetyg",
                 "bedömda (n)"),
    "reached": ("minst e", "nått", "nått målen", "uppnått", "nådde minst e", "reached", "at least e", "k", "godkända", "a-e",
                "antal (k)"),
    "indicator": ("indikator", "indicator"),
}
# fmt: on
NEEDED = ("unit", "enrolled")
COUNTS = ("enrolled", "assessed", "reached")
SMALL = {str(number): number for number in range(2000)}  # what nearly every cell holds
TOTALS = {"totalt", "total", "summa", "samtliga", "alla enheter", "hela kommunen", "kommunen"}
DASH = {"-", "–", "—", "streck", "dash"}

NO_UNIT = _mark("Ingen enhet här heter eller har koden ”{value}”. Rätta namnet, eller lägg upp enheten först.")
TWO_UNITS = _mark("Flera enheter heter ”{value}”. Skriv skolenhetskoden i stället.")
NOT_ASKED = _mark("{what} frågas det inte efter hos {unit} i den här omgången. Raden läses inte in.")
BAD_COUNT = _mark("”{value}” är inget helt antal. Skriv bara siffror, till exempel 24.")
EMPTY_COUNT = _mark("{column} är tom. Fyll i antalet, 0 där ingen finns, eller ta bort raden.")
TOO_MANY = _mark("{value} kan inte vara fler än {more} i {other}.")
TWICE = _mark("Samma enhet, ämne och årskurs står redan på rad {first}. Ta bort den ena.")
TOTAL = _mark("”{value}” är en summa och läses inte in; summor räknas av enheternas egna siffror.")
NO_FORMULA = _mark("Cellen är en formel utan sparat värde. Öppna filen i Excel, spara den och läs in den igen.")
BAD_BASIS = _mark("”{value}” är inget känt underlag. Skriv till exempel prognos, terminsbetyg eller slutbetyg.")
ANOTHER = _mark("Raden gäller ”{value}” och läses inte in nu: en fil ger siffror till en indikator i taget.")
NOTHING = _mark("Ingen rad i filen gick att läsa in.")

# unit id, path, indicator, form, subject, year group, category, basis, enrolled (none: not known), n, k
Figures = list[tuple[str | int | None, ...]]


@dataclass(frozen=True)
class Place:
    """A unit that figures can be proposed to, as it stands in the round. `tables`: what it is asked for."""

    unit_id: int
    path: str
    name: str
    tables: dict[tuple[str, str, str], list[Table]]  # indicator, subject, year group


@dataclass(frozen=True)
class Catalogue:
    """All that a file's words may mean in a round. A unit's name and codes lead to its place, or to several."""

    units: Mapping[str, list[Place]]
    subjects: Mapping[str, str]
    year_groups: Mapping[str, str]
    forms: Mapping[str, str]
    bases: Mapping[str, str]
    steps: tuple[str, ...]  # keys of grades, in order
    indicators: tuple[tuple[str, str], ...]  # key, kind: those that may be read in
    names: Mapping[str, str] = field(default_factory=dict)  # of shares, as a row of a table that was taken out of here says it


@dataclass(frozen=True)
class Columns:
    """Which column holds what: the field → the place of its column; and what the figures are."""

    columns: dict[str, int]
    indicator: str

    @property
    def steps(self) -> list[tuple[str, int]]:
        return [(name.removeprefix("step:"), place) for name, place in self.columns.items() if name.startswith("step:")]


@dataclass
class Read:
    """What a grid gave."""

    figures: Figures = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    good: int = 0


def can_read(indicator: Indicator) -> bool:
    """Whether a row can hold its figures: people, and how many of them. Hours, means and counts have columns of other kinds."""
    return indicator.kind in ("share", "distribution") and not indicator.apart


def header_of(rows: Sequence[Sequence[str]]) -> int:
    """Where the header stands: of the first lines, the one in which most cells are words that are known, else the widest."""
    known = {word for words in FIELDS.values() for word in words}

    def weight(place: int) -> tuple[int, int, int]:
        cells = [plain(cell) for cell in rows[place]]
        return sum(cell in known for cell in cells), sum(bool(cell) for cell in cells), -place

    return max(range(min(len(rows), 20)), key=weight, default=0)


def with_unit(rows: list[list[str]]) -> list[list[str]]:
    """A unit's table that was taken out of here says of which unit under its rows: the rows alone, with the unit in a column."""
    header = {plain(cell) for cell in rows[0]}
    if "indikator" not in header or "enhet" in header:
        return rows
    end = next((place for place, cells in enumerate(rows) if not any(cells)), len(rows))
    told = next((cells[1] for cells in rows[end:] if len(cells) == 2 and plain(cells[0]) == "enhet"), "")
    return [["Enhet", *rows[0]], *([told, *cells] for cells in rows[1:end])] if told else rows


def guess(header: Sequence[str], catalogue: Catalogue) -> dict[str, int]:
    """The columns whose headings say what they hold, without doubt."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        word = plain(cell)
        for name, words in FIELDS.items():
            if word in words and name not in found:
                found[name] = place
                break
        else:
            step = step_of(cell, catalogue.steps)
            if step and f"step:{step}" not in found:
                found[f"step:{step}"] = place
    return found


def step_of(cell: str, steps: Iterable[str]) -> str:
    """The key of the grade that a heading names: A, Betyg A, Antal A, –."""
    word = re.sub(r"^(betyget|betyg|antal|grade)\s+", "", plain(cell))
    if word in DASH:
        return next((key for key in steps if len(key) > 1 or not key.isalpha()), "")
    return next((key for key in steps if key.casefold() == word), "")


def lacking(mapping: Columns) -> list[str]:
    """The fields that must have a column and have none."""
    missing = [name for name in NEEDED if name not in mapping.columns]
    if not mapping.steps:
        missing += [name for name in ("assessed", "reached") if name not in mapping.columns]
    return missing


def read(
    rows: Sequence[Sequence[str]], start: int, mapping: Columns, catalogue: Catalogue, holes: Iterable[tuple[int, int]] = ()
) -> Read:
    """The figures of the rows under the header at `start`, and a problem for each row that does not hold.

    `holes` are (row, column) of formulas without a value. A row is whole or not at all; rows that are sums are left out.
    """
    header = [cell.strip() for cell in rows[start]]
    reader = _Reader(header, mapping, catalogue, Read(), set(holes))
    for number, cells in reader.left(enumerate(rows[start + 1 :], start + 2)):
        reader.take(number, cells)
    if not reader.made.good:
        reader.made.problems.insert(0, Problem(FATAL, "", NOTHING))
    return reader.made


class _Reader:
    """Reads row after row; what the same words meant in an earlier row is remembered."""

    def __init__(
        self, header: list[str], mapping: Columns, catalogue: Catalogue, made: Read, holes: set[tuple[int, int]]
    ) -> None:
        self.header, self.mapping, self.catalogue, self.made, self.holes = header, mapping, catalogue, made, holes
        self.at = mapping.columns
        self.steps = mapping.steps
        self.counts = [("enrolled", self.at["enrolled"]), *(self.steps or [(name, self.at[name]) for name in COUNTS[1:]])]
        self.width = max(self.at.values()) + 1
        self.seen: dict[tuple[object, ...], int] = {}
        self.known: dict[tuple[object, ...], Table | None] = {}
        self.places = {word: places[0] for word, places in catalogue.units.items() if len(places) == 1}
        self.leads: dict[tuple[int, object], tuple[str, ...]] = {}  # words → what stands before a figure's counts
        self.unit = self.at["unit"]
        named = [self.at[name] for name in ("subject", "year_group", "school_form") if name in self.at]
        self.where = itemgetter(*(named or [self.unit]))
        self.words = [self.at.get(name) for name in ("subject", "year_group", "school_form")]

    def left(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows that need a closer look. Those of three plain counts whose words have been met before, nearly all of a long
        file, are taken here, without a call for each."""
        if self.steps or self.holes or "basis" in self.at or "indicator" in self.at:
            yield from ((row, cells) for row, cells in rows if any(cells))
            return
        places, leads, seen, figures = self.places, self.leads, self.seen, self.made.figures
        unit, where, counts = self.unit, self.where, itemgetter(*[column for _name, column in self.counts])
        quick = 0
        for row, cells in rows:
            try:
                place = places[cells[unit]]
                lead = leads[id(place.tables), where(cells)]
                some, fewer, fewest = counts(cells)
                enrolled, n, k = SMALL[some], SMALL[fewer], SMALL[fewest]
            except (KeyError, IndexError):
                if any(cells):
                    yield row, cells
                continue
            key = place.unit_id, lead
            if not k <= n <= enrolled or key in seen:
                yield row, cells
                continue
            seen[key] = row
            quick += 1
            figures.append((place.unit_id, place.path, *lead, enrolled, n, k))
        self.made.rows += quick
        self.made.good += quick

    def take(self, row: int, cells: Sequence[str]) -> None:
        self.made.rows += 1
        if len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        said = cells[self.at["unit"]]
        place = self.places.get(said) or self.places.get(plain(said))
        if place is None:
            self._no_place(row, said)
            return
        named = self.at.get("indicator")
        if named is not None and self.catalogue.names.get(plain(cells[named])) != self.mapping.indicator:
            self.made.problems.append(Problem(INFO, "", ANOTHER, row, self.header[named], cells[named].strip()[:80]))
            return
        words = [cells[column] if column is not None else "" for column in self.words]
        key = (id(place.tables), *words)
        if key not in self.known:
            self.known[key] = self._table(place, words)
        table = self.known[key]
        if table is None:
            what = " ".join(word.strip() for word in words if word.strip()) or self.mapping.indicator
            self._tell(row, NOT_ASKED, unit=place.name, what=what)
            return
        basis = self._basis(row, cells, table)
        counts = self._counts(row, cells)
        if counts is None or not basis:
            return
        subject = self._subject(words[0])
        lead = (table.indicator, table.school_form, subject, table.year_group, "", basis)
        first = self.seen.setdefault((place.unit_id, lead), row)
        if first != row:
            self._tell(row, TWICE, first=str(first))
        elif self._hold(row, counts):
            self.made.good += 1
            self._keep(place, table, subject, basis, counts)
            self.leads[id(place.tables), self.where(cells)] = lead
            self.places.setdefault(said, place)

    def _no_place(self, row: int, said: str) -> None:
        word = plain(said)
        column = self.header[self.at["unit"]]
        if word in TOTALS:
            self.made.problems.append(Problem(INFO, "", TOTAL, row, column, said.strip()[:80]))
        else:
            message = TWO_UNITS if word in self.catalogue.units else NO_UNIT
            self.made.problems.append(Problem(WARNING, "", message, row, column, said.strip()[:80]))

    def _subject(self, word: str) -> str:
        return self.catalogue.subjects.get(plain(word), "")

    def _table(self, place: Place, words: list[str]) -> Table | None:
        """The table that a row belongs to: the indicator's, in the unit's school form, for the row's subject and year group."""
        subject, year, form = words
        code, group = self._subject(subject), self.catalogue.year_groups.get(year_word(year), "")
        if (subject.strip() and not code) or (year.strip() and not group):
            return None
        found = place.tables.get((self.mapping.indicator, code, group), [])
        wanted = self.catalogue.forms.get(plain(form), "")
        if form.strip():
            found = [table for table in found if table.school_form == wanted]
        return found[0] if len(found) == 1 else None

    def _basis(self, row: int, cells: Sequence[str], table: Table) -> str:
        column = self.at.get("basis")
        said = plain(cells[column]) if column is not None else ""
        if column is None or not said:
            return table.basis
        basis = self.catalogue.bases.get(said, said if said in BASES else "")
        if basis not in table.bases:
            self._tell(row, BAD_BASIS, column, cells[column])
            return ""
        return basis

    def _counts(self, row: int, cells: Sequence[str]) -> list[int] | None:
        counts: list[int] = []
        for name, column in self.counts:
            cell = cells[column]
            if cell.isdigit() and len(cell) < 6 and cell.isascii():
                counts.append(int(cell))
                continue
            if self.holes and (row, column) in self.holes:
                self._tell(row, NO_FORMULA, column)
                return None
            try:
                count = read_count(cell)
            except CellError:
                self._tell(row, BAD_COUNT, column, cell)
                return None
            if count is None and (name in COUNTS):
                self._tell(row, EMPTY_COUNT, column)
                return None
            counts.append(count or 0)
        return counts

    def _hold(self, row: int, counts: list[int]) -> bool:
        """0 ≤ reached ≤ assessed ≤ enrolled; the steps together no more than those enrolled."""
        pairs = [(0, sum(counts[1:]), counts[0])] if self.steps else [(1, counts[1], counts[0]), (2, counts[2], counts[1])]
        for place, less, more in pairs:
            if less > more:
                other = self.header[self.counts[max(place - 1, 0)][1]]
                self._tell(
                    row, TOO_MANY, self.counts[place][1] if place else self.counts[1][1], str(less), more=str(more), other=other
                )
                return False
        return True

    def _keep(self, place: Place, table: Table, subject: str, basis: str, counts: list[int]) -> None:
        form, group, keep = table.school_form, table.year_group, self.made.figures.append
        if not self.steps:
            keep((place.unit_id, place.path, table.indicator, form, subject, group, "", basis, *counts))
            return
        said = dict(zip((step for step, _column in self.steps), counts[1:], strict=True))
        total, passed = sum(counts[1:]), sum(said.get(step, 0) for step in table.passing)
        for step in table.columns[1:]:
            figure = (counts[0], total, said.get(step.key, 0))
            keep((place.unit_id, place.path, table.indicator, form, subject, group, step.key, basis, *figure))
        for share in table.derives:
            keep((place.unit_id, place.path, share, form, subject, group, "", basis, counts[0], total, passed))

    def _tell(self, row: int, message: str, column: int | None = None, value: str = "", **more: str) -> None:
        heading = self.header[column] if column is not None and column < len(self.header) else ""
        self.made.problems.append(Problem(WARNING, "", message, row, heading, value.strip()[:80], tuple(more.items())))


def year_word(cell: str) -> str:
    """A year group as it is compared: Åk 4, årskurs 4 and 4 are the same."""
    return re.sub(r"^(åk|årskurs|year|årsk\.?)\s*", "", plain(cell))


def words_of(tables: Iterable[Table]) -> Iterator[tuple[tuple[str, str, str], Table]]:
    """What a unit is asked for, as a row of a file names it: indicator, subject and year group."""
    for table in tables:
        for row in table.rows:
            yield (table.indicator, row.subject, table.year_group), table
