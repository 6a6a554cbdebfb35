"""A table of figures per unit, subject and year group: the figures of the rows that hold, and a problem for each other row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter

from chain.intake import amounts
from chain.intake.amounts import NEEDS, Wrong
from chain.intake.catalogue import Catalogue, Place, steps_of
from chain.intake.columns import AMOUNTS, COUNTS, Columns, year_word
from chain.intake.csvtext import plain
from chain.intake.rules import FATAL, INFO, WARNING, Problem, _mark
from chain.result.rules import BASES, Table

SMALL = {str(number): number for number in range(2000)}  # what nearly every cell holds
TOTALS = {
    "totalt", "total", "summa", "samtliga", "alla enheter", "hela kommunen", "kommunen", "tillsammans", "together", "all units",
}  # fmt: skip
AT_A_TIME = 5000  # rows between two words of how far it has come

NO_UNIT = _mark("Ingen enhet här heter eller har koden ”{value}”. Rätta namnet, eller lägg upp enheten först.")
TWO_UNITS = _mark("Flera enheter heter ”{value}”. Skriv skolenhetskoden i stället.")
NOT_ASKED = _mark("{what} frågas det inte efter hos {unit} i den här omgången. Raden läses inte in.")
DERIVED = _mark("{what} räknas ut av fördelningen hos {unit}, och läses inte in för sig.")
NO_INDICATOR = _mark("Ingen indikator här heter ”{value}”. Skriv den som den heter i enhetens egen tabell.")
TWICE = _mark("Samma enhet, ämne och årskurs står redan på rad {first}. Ta bort den ena.")
TOTAL = _mark("”{value}” är en summa och läses inte in; summor räknas av enheternas egna siffror.")
ELSEWHERE = _mark("Siffror fylls inte i för ”{value}”, utan för enheterna: de är summor av enheternas egna. Raden läses inte in.")
NO_FORMULA = _mark("Cellen är en formel utan sparat värde. Öppna filen i Excel, spara den och läs in den igen.")
BAD_BASIS = _mark("”{value}” är inget känt underlag. Skriv till exempel prognos, terminsbetyg eller slutbetyg.")
BAD_STEP = _mark("”{value}” är inget steg i den skala som {what} har.")
STEPS_MISSING = _mark("Stegen blir {value} tillsammans, men {more} är bedömda: en rad saknas. Inget av dem läses in.")
NOTHING = _mark("Ingen rad i filen gick att läsa in.")

# unit id, path, indicator, form, subject, year group, category, basis, enrolled, n, k, total
Figures = list[tuple[str | int, ...]]


Quick = tuple[int, str, dict[object, tuple[str, ...]], dict[tuple[str, ...], int]]


@dataclass
class Read:
    """What a grid gave."""

    figures: Figures = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    good: int = 0


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
        self.known: dict[tuple[object, ...], Table | None] = {}
        self.places = {word: places[0] for word, places in catalogue.units.items() if len(places) == 1}
        self.leads: dict[int, dict[object, tuple[str, ...]]] = {}  # alike units → words → what stands before a figure's counts
        self.quick: dict[str, Quick] = {}  # a unit as a cell says it, once a row of it has been taken
        self.together: dict[tuple[object, ...], Steps] = {}
        self.unit = self.at["unit"]
        named = [self.at[name] for name in ("subject", "year_group", "school_form") if name in self.at]
        self.where = itemgetter(*(named or [self.unit]))
        self.words = [self.at.get(name) for name in ("subject", "year_group", "school_form")]

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

    def take(self, row: int, cells: Sequence[str]) -> None:
        self.made.rows += 1
        if len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        said = cells[self.unit]
        place = self.places.get(said) or self.places.get(plain(said))
        if place is None:
            self._no_place(row, said)
            return
        words = [cells[column] if column is not None else "" for column in self.words]
        keys = self._indicators(row, cells)
        if not keys:
            return
        table = self._known(place, words, keys)
        if table is None:
            self._not_asked(row, place, words, keys, cells)
            return
        basis = self._basis(row, cells, table)
        if not basis:
            return
        lead = (table.indicator, table.school_form, self._subject(place, table, words[0]), table.year_group, "", basis)
        self._amounts(row, cells, place, table, lead)

    def _amounts(self, row: int, cells: Sequence[str], place: Place, table: Table, lead: tuple[str, ...]) -> None:
        texts = {name: cells[column] for name, column in self.amounts}
        if any((row, column) in self.holes for _name, column in (*self.amounts, *self.steps)):
            self._tell(row, NO_FORMULA, next(c for _n, c in (*self.amounts, *self.steps) if (row, c) in self.holes))
        elif table.kind != "distribution":
            sums = amounts.sums(table, texts)
            if isinstance(sums, Wrong):
                self._wrong(row, sums, cells)
            elif self._first(row, place, lead):
                self.made.figures.append((place.unit_id, place.path, *lead, *sums))
                leads = self.leads.setdefault(id(place.tables), {})
                leads[self.where(cells)] = lead
                self.quick.setdefault(cells[self.unit], (place.unit_id, place.path, leads, self.seen[place.unit_id]))
                self.places.setdefault(cells[self.unit], place)
                self.made.good += 1
        elif self.steps:
            self._wide(row, cells, place, table, lead, texts)
        elif "step" in self.at:
            self._long(row, cells, place, table, lead, texts)
        else:
            self._tell(row, NEEDS["distribution"])

    def _first(self, row: int, place: Place, lead: tuple[str, ...]) -> bool:
        first = self.seen.setdefault(place.unit_id, {}).setdefault(lead, row)
        if first != row:
            self._tell(row, TWICE, first=str(first))
        return first == row

    def _wide(
        self, row: int, cells: Sequence[str], place: Place, table: Table, lead: tuple[str, ...], texts: dict[str, str]
    ) -> None:
        """A column per step; an empty one is nobody."""
        counts: dict[str, int] = {}
        for step, column in self.steps:
            found = amounts.count({step: cells[column]}, step)
            if isinstance(found, Wrong):
                self._tell(row, found.message, column, cells[column])
                return
            counts[step] = found or 0
        enrolled = self._enrolled(row, cells, texts)
        if enrolled is None:
            return
        total = sum(counts.values())
        if total > enrolled:
            more = {"more": str(enrolled), "other": self.header[self.at["enrolled"]]}
            self._tell(row, amounts.TOO_MANY, self.steps[0][1], str(total), **more)
        elif self._first(row, place, lead):
            self._spread(place, table, lead, enrolled, counts)
            self.made.good += 1

    def _enrolled(self, row: int, cells: Sequence[str], texts: dict[str, str]) -> int | None:
        found = amounts.count(texts, "enrolled")
        if isinstance(found, Wrong):
            self._wrong(row, found, cells)
            return None
        if found is None:
            self._wrong(
                row, Wrong(amounts.EMPTY_COUNT, "enrolled") if "enrolled" in texts else Wrong(NEEDS["distribution"]), cells
            )
        return found

    def _long(
        self, row: int, cells: Sequence[str], place: Place, table: Table, lead: tuple[str, ...], texts: dict[str, str]
    ) -> None:
        """A row per step, as tables that are taken out of here are: put together when all rows have been read."""
        said = cells[self.at["step"]]
        step = steps_of(table.scale).get(plain(said), "") if table.scale else ""
        if not step:
            self._tell(row, BAD_STEP, self.at["step"], said, what=table.measure.sv.name)
            return
        enrolled = self._enrolled(row, cells, texts)
        k, n = amounts.count(texts, "reached"), amounts.count(texts, "assessed")
        wrong = next(
            (one for one in (k, n) if isinstance(one, Wrong)), Wrong(amounts.EMPTY_COUNT, "reached") if k is None else None
        )
        if enrolled is None or wrong:
            if wrong and enrolled is not None:
                self._wrong(row, wrong, cells)
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
                self._tell(one.row, STEPS_MISSING, self.at.get("reached"), str(total), more=str(more))
                continue
            self._spread(one.place, one.table, one.lead, one.enrolled, one.counts)
            self.made.good += one.rows

    def _spread(self, place: Place, table: Table, lead: tuple[str, ...], enrolled: int, counts: dict[str, int]) -> None:
        for indicator, step, *sums in amounts.spread(table, enrolled, counts):
            self.made.figures.append((place.unit_id, place.path, indicator, *lead[1:4], step, lead[5], *sums))

    # What the words of a row mean

    def _no_place(self, row: int, said: str) -> None:
        word = plain(said)
        told, message = WARNING, NO_UNIT
        if word in TOTALS:
            told, message = INFO, TOTAL
        elif word in self.catalogue.units:
            message = TWO_UNITS
        elif word in self.catalogue.others:
            told, message = INFO, ELSEWHERE
        self.made.problems.append(Problem(told, "", message, row, self.header[self.unit], said.strip()[:80]))

    def _indicators(self, row: int, cells: Sequence[str]) -> tuple[str, ...]:
        """What the row's figures are: as a column says, else as was chosen. Several may have the same name."""
        column = self.at.get("indicator")
        if column is None:
            return (self.mapping.indicator,)
        keys = self.catalogue.names.get(plain(cells[column]), ())
        if not keys:
            self._tell(row, NO_INDICATOR, column, cells[column])
        return keys

    def _known(self, place: Place, words: list[str], keys: tuple[str, ...]) -> Table | None:
        key = (id(place.tables), keys, *words)
        if key not in self.known:
            self.known[key] = self._table(place, words, keys)
        return self.known[key]

    def _subjects(self, word: str) -> tuple[str, ...]:
        return self.catalogue.subjects.get(plain(word), ())

    def _subject(self, place: Place, table: Table, word: str) -> str:
        asked = (
            code for code in self._subjects(word) if table in place.tables.get((table.indicator, code, table.year_group), ())
        )
        return next(asked, "")

    def _table(self, place: Place, words: list[str], keys: tuple[str, ...]) -> Table | None:
        """The table that a row belongs to: the indicator's, in the unit's school form, for the row's subject and year group."""
        subject, year, form = words
        group = self.catalogue.year_groups.get(year_word(year), "")
        if year.strip() and not group:
            return None
        asked = ((key, code, group) for key in keys for code in self._subjects(subject))
        found = [table for one in asked for table in place.tables.get(one, ())]
        wanted = self.catalogue.forms.get(plain(form), "")
        if form.strip():
            found = [table for table in found if table.school_form == wanted]
        return found[0] if len(found) == 1 else None

    def _not_asked(self, row: int, place: Place, words: list[str], keys: tuple[str, ...], cells: Sequence[str]) -> None:
        subject, year, _form = words
        group = self.catalogue.year_groups.get(year_word(year), "")
        derived = any(place.derived_from((key, code, group)) for key in keys for code in self._subjects(subject))
        column = self.at.get("indicator")
        named = [cells[column]] if column is not None else []
        what = " ".join(word.strip() for word in (*named, *words) if word.strip()) or self.mapping.indicator
        if derived and column is not None:
            more = (("unit", place.name), ("what", what))
            self.made.problems.append(Problem(INFO, "", DERIVED, row, "", "", more))
        else:
            self._tell(row, NOT_ASKED, unit=place.name, what=what)

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

    # What is said of a row that does not hold

    def _wrong(self, row: int, wrong: Wrong, cells: Sequence[str]) -> None:
        column = self.at.get(wrong.field)
        more = dict(wrong.more)
        value = more.pop("value", cells[column] if column is not None else "")
        if wrong.other:
            more["other"] = self.header[self.at[wrong.other]]
        self._tell(row, wrong.message, column, value, **more)

    def _tell(self, row: int, message: str, column: int | None = None, value: str = "", **more: str) -> None:
        heading = self.header[column] if column is not None and column < len(self.header) else ""
        self.made.problems.append(Problem(WARNING, "", message, row, heading, value.strip()[:80], tuple(more.items())))
