"""What the words of a row mean: whose figures they are, of what, on what they rest, and what is said where that is unclear."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chain.intake.amounts import Wrong
from chain.intake.catalogue import Catalogue, Place
from chain.intake.columns import Columns, year_word
from chain.intake.csvtext import plain
from chain.intake.rules import INFO, WARNING, Problem, _mark
from chain.result.rules import BASES, Table

TOTALS = {
    "totalt", "total", "summa", "samtliga", "alla enheter", "hela kommunen", "kommunen", "tillsammans", "together", "all units",
}  # fmt: skip

NO_UNIT = _mark("Ingen enhet här heter eller har koden ”{value}”. Rätta namnet, eller lägg upp enheten först.")
TWO_UNITS = _mark("Flera enheter heter ”{value}”. Skriv skolenhetskoden i stället.")
NOT_ASKED = _mark("{what} frågas det inte efter hos {unit} i den här omgången. Raden läses inte in.")
DERIVED = _mark("{what} räknas ut av fördelningen hos {unit}, och läses inte in för sig.")
NO_INDICATOR = _mark("Ingen indikator här heter ”{value}”. Skriv den som den heter i enhetens egen tabell.")
TOTAL = _mark("”{value}” är en summa och läses inte in; summor räknas av enheternas egna siffror.")
ELSEWHERE = _mark("Siffror fylls inte i för ”{value}”, utan för enheterna: de är summor av enheternas egna. Raden läses inte in.")
BAD_BASIS = _mark("”{value}” är inget känt underlag. Skriv till exempel prognos, terminsbetyg eller slutbetyg.")

# unit id, path, indicator, form, subject, year group, category, basis, enrolled (none: not known), n, k, total
Figures = list[tuple[str | int | None, ...]]
Lead = tuple[str, ...]  # what stands before a figure's counts: indicator … basis
Cells = Sequence[str]


@dataclass
class Read:
    """What a grid gave."""

    figures: Figures = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    good: int = 0


class Words:
    """Reads the words of row after row; what the same words meant in an earlier row is remembered."""

    def __init__(self, header: list[str], mapping: Columns, catalogue: Catalogue, made: Read) -> None:
        self.header, self.at, self.chosen, self.catalogue, self.made = header, mapping.columns, mapping.indicator, catalogue, made
        self.places = {word: places[0] for word, places in catalogue.units.items() if len(places) == 1}
        self.named = [self.at.get(name) for name in ("subject", "year_group", "school_form")]
        self.known: dict[tuple[object, ...], tuple[Table, str] | None] = {}

    def about(self, row: int, cells: Cells) -> tuple[Place, Table, Lead] | None:
        """Whose figures a row holds, and which; None after telling why that cannot be said."""
        place = self._place(row, cells[self.at["unit"]])
        keys = self._indicators(row, cells) if place else ()
        if place is None or not keys:
            return None
        words = [cells[column] if column is not None else "" for column in self.named]
        key = (id(place.tables), keys, *words)
        if key not in self.known:
            self.known[key] = self._table(place, words, keys)
        if (found := self.known[key]) is None:
            self._not_asked(row, place, words, keys, cells)
            return None
        table, subject = found
        basis = self._basis(row, cells, table)
        return (place, table, (table.indicator, table.school_form, subject, table.year_group, "", basis)) if basis else None

    def _place(self, row: int, said: str) -> Place | None:
        word = plain(said)
        if place := self.places.get(word):
            return place
        told, message = WARNING, NO_UNIT
        if word in TOTALS:
            told, message = INFO, TOTAL
        elif word in self.catalogue.units:
            message = TWO_UNITS
        elif word in self.catalogue.others:
            told, message = INFO, ELSEWHERE
        self.made.problems.append(Problem(told, "", message, row, self.header[self.at["unit"]], said.strip()[:80]))
        return None

    def _indicators(self, row: int, cells: Cells) -> tuple[str, ...]:
        """What the row's figures are: as a column says, else as was chosen. Several may have the same name."""
        column = self.at.get("indicator")
        if column is None:
            return (self.chosen,)
        keys = self.catalogue.names.get(plain(cells[column]), ())
        if not keys:
            self.tell(row, NO_INDICATOR, column, cells[column])
        return keys

    def _subjects(self, word: str) -> tuple[str, ...]:
        return self.catalogue.subjects.get(plain(word), ())

    def _table(self, place: Place, words: list[str], keys: tuple[str, ...]) -> tuple[Table, str] | None:
        """The table that a row belongs to, and its subject: the indicator's, in the unit's school form, for the year group."""
        subject, year, form = words
        group = self.catalogue.year_groups.get(year_word(year), "")
        if year.strip() and not group:
            return None
        asked = ((key, code, group) for key in keys for code in self._subjects(subject))
        found = [(table, one[1]) for one in asked for table in place.tables.get(one, ())]
        wanted = self.catalogue.forms.get(plain(form), "")
        if form.strip():
            found = [each for each in found if each[0].school_form == wanted]
        return found[0] if len(found) == 1 else None

    def _not_asked(self, row: int, place: Place, words: list[str], keys: tuple[str, ...], cells: Cells) -> None:
        subject, year, _form = words
        group = self.catalogue.year_groups.get(year_word(year), "")
        derived = any(place.derived_from((key, code, group)) for key in keys for code in self._subjects(subject))
        column = self.at.get("indicator")
        named = [cells[column]] if column is not None else []
        what = " ".join(word.strip() for word in (*named, *words) if word.strip()) or self.chosen
        if derived and column is not None:
            more = (("unit", place.name), ("what", what))
            self.made.problems.append(Problem(INFO, "", DERIVED, row, "", "", more))
        else:
            self.tell(row, NOT_ASKED, unit=place.name, what=what)

    def _basis(self, row: int, cells: Cells, table: Table) -> str:
        column = self.at.get("basis")
        said = plain(cells[column]) if column is not None else ""
        if column is None or not said:
            return table.basis
        basis = self.catalogue.bases.get(said, said if said in BASES else "")
        if basis not in table.bases:
            self.tell(row, BAD_BASIS, column, cells[column])
            return ""
        return basis

    def wrong(self, row: int, wrong: Wrong, cells: Cells) -> None:
        """Tell what does not hold, in its column."""
        column = self.at.get(wrong.field)
        more = dict(wrong.more)
        value = more.pop("value", cells[column] if column is not None else "")
        if wrong.other:
            more["other"] = self.header[self.at[wrong.other]]
        self.tell(row, wrong.message, column, value, **more)

    def tell(self, row: int, message: str, column: int | None = None, value: str = "", **more: str) -> None:
        """Tell of a row that is not read in: where, and what stood there."""
        heading = self.header[column] if column is not None and column < len(self.header) else ""
        self.made.problems.append(Problem(WARNING, "", message, row, heading, value.strip()[:80], tuple(more.items())))
