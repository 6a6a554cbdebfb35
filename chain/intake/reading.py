"""What a file is, as its content tells, and what it says; nothing written. What that would change: comparing.py."""

import gc
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from chain.access import policy
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle.models import Round
from chain.intake import columns, grid, kept, published, queries, scb, sheets, ss12000_grades, standing, taken_out
from chain.intake.amounts import spread
from chain.intake.assembly import assembled
from chain.intake.catalogue import Catalogue, Place
from chain.intake.columns import Columns
from chain.intake.csvtext import plain
from chain.intake.models import GRADES
from chain.intake.rows import Figures
from chain.intake.rows import Read as Rows
from chain.intake.rules import FATAL, INFO, WARNING, Problem, Reading
from chain.organisation.models import Mandate, Unit
from chain.result import queries as result
from chain.result import rules as figures
from chain.result import similar_queries

GRID, SCB, PUBLISHED = "grid", "scb", "published"
T = TypeVar("T")


class Progress(NamedTuple):
    """How far a reading has come: rows read, of about how many."""

    done: int
    about: int


Work = Generator[Progress, None, T]


@dataclass
class Read:
    """What a file says, before it is compared with anything. `figures`: see chain/intake/rows.py; or `published`."""

    kind: str
    figures: Figures = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    good: int = 0
    header: list[str] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    indicator: str = ""
    lacking: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)  # the grades that a column may count
    published: Reading | None = None
    stored: bytes | None = None  # what is remembered in place of the file itself
    judged_by: str = ""  # a hash of all that the figures were judged by

    @property
    def fatal(self) -> bool:
        return bool(self.lacking) or any(problem.severity == FATAL for problem in self.problems)


def read(
    name: str, data: bytes, by: Mandate, root: Unit, round: Round | None, mapping: Mapping[str, Any], stored: bool = False
) -> Read:
    """Recognise a file by its content and read it whole. Refused with a sentence where it cannot be read at all."""
    return done(steps(name, data, by, root, round, mapping, stored))


def done(work: Work[T]) -> T:
    """What comes of some work, without a word on the way."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            answer: T = end.value
            return answer


def steps(
    name: str, data: bytes, by: Mandate, root: Unit, round: Round | None, mapping: Mapping[str, Any], stored: bool = False
) -> Work[Read]:
    """As `read`, and on the way tell how far it has come.

    `stored`: the bytes are those that `receive` kept; of pupils' files these are the sums alone. While it reads, the collector
    of garbage stands still: it would go through a hundred thousand rows again and again, half of the time, and find none.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        return (yield from _steps(name, data, by, root, round, mapping, stored))
    finally:
        if running:
            gc.enable()


def _steps(
    name: str, data: bytes, by: Mandate, root: Unit, round: Round | None, mapping: Mapping[str, Any], stored: bool
) -> Work[Read]:
    if stored and data.startswith(scb.STORED.encode()):
        return _sums(data, name, by, root, round)
    if stored and data.startswith(ss12000_grades.STORED.encode()):
        return _grades(data, name, by, root, round)
    sheets.refuse_others(name, data)
    if data.startswith(sheets.GZIP):
        return _published(name, data, root)
    holes: list[tuple[int, int]] = []
    if sheets.is_workbook(data):
        rows, holes = sheets.workbook(name, data)
        if published.knows(sheets.as_text(rows[:60])):
            sheets.refuse_holes(name, holes)
            return _published(name, sheets.as_text(rows).encode(), root)
    else:
        text = sheets.text_of(name, data)
        if taken := taken_out.of_json(text):
            return (yield from _grid(name, taken_out.rows(name, taken), [], by, root, round, mapping))
        if published.knows(text):
            return _published(name, text.encode(), root)
        if layout := scb.layout_of(text):
            counted = yield from _counting(text, layout)
            return _sums(scb.stored(counted), name, by, root, round)
        rows = sheets.rows_of_text(name, text)
    return (yield from _grid(name, taken_out.rows(name, rows), holes, by, root, round, mapping))


def _counting(text: str, layout: str) -> Work[scb.Counted]:
    about = text.count("\n") + 1
    made = scb.Counted(layout)
    for made in scb.counting(text, layout):
        yield Progress(made.rows, about)
    return made


def _published(name: str, data: bytes, root: Unit) -> Read:
    code = standing.code_of(root)
    if not code:
        raise RuleBroken(
            _(
                "%(file)s är publicerad statistik, och %(unit)s har ingen kommunkod att hitta sitt med. "
                "En systemförvaltare skriver in den på kommunens sida: Ändra, Kommunkod.",
                file=name,
                unit=root.name,
            )
        )
    beside = similar_queries.codes(root)
    found = published.recognised(name, data, code, beside=beside)
    known = {one: unit.name for one, unit in queries.units_by_code(root).items()} | {code: root.name} | published.places(beside)
    reading = assembled(code, found, known)
    rows = sum(part.rows for part in found)
    return Read(PUBLISHED, problems=list(reading.problems), rows=rows, good=len(reading.series), published=reading)


# A table of figures


def _grid(
    name: str, rows: sheets.Rows, holes: list[tuple[int, int]], by: Mandate, root: Unit, round: Round | None,
    mapping: Mapping[str, Any],
) -> Work[Read]:  # fmt: skip
    round = _asked_for(name, by, round)
    if len(rows) < 2:
        raise RuleBroken(_("%(file)s har ingen tabell: en rubrikrad och minst en rad behövs.", file=name))
    mark, catalogue = standing.judged_by(round, by.path, root)
    start = columns.header_of(rows)
    header = [cell.strip()[:80] for cell in rows[start]]
    chosen = columns_of(header, mapping, catalogue)
    made = Read(
        GRID, header=header, columns=chosen.columns, indicator=chosen.indicator, steps=list(catalogue.steps), judged_by=mark
    )
    made.lacking = columns.lacking(chosen, catalogue.measures.get(chosen.indicator))
    if not made.lacking:
        got = Rows()
        for got in grid.read(rows, start, chosen, catalogue, holes):
            yield Progress(got.rows, len(rows))
        made.figures, made.problems, made.rows, made.good = got.figures, got.problems, got.rows, got.good
    return made


def columns_of(header: list[str], mapping: Mapping[str, Any], catalogue: Catalogue) -> Columns:
    """As they were pointed out, else as the headings say: generally, and in the words of what the figures most likely are."""
    told = {key: header.index(said) for key, said in dict(mapping.get("columns", {})).items() if said in header}
    indicator = str(mapping.get("indicator") or "")
    if indicator not in catalogue.measures:
        indicator = _likely(header, told, catalogue)
    generally = told or columns.guess(header, catalogue.steps)
    if told or "indicator" in generally:
        return Columns(generally, indicator)
    return Columns(columns.guess(header, catalogue.steps, catalogue.headings.get(indicator)), indicator)


def _likely(header: list[str], told: Mapping[str, int], catalogue: Catalogue) -> str:
    """The first indicator for which no column is lacking and whose own words most headings are; else the first share."""
    best, most = "", (False, -1)
    for key, measure in catalogue.measures.items():
        own = catalogue.headings[key]
        fit = columns.fits(told or columns.guess(header, catalogue.steps, own), measure, own, header)
        if fit[0] and fit > most:
            best, most = key, fit
    shares = (key for key, measure in catalogue.measures.items() if measure.kind == "share")
    return best or next(shares, next(iter(catalogue.measures), ""))


def _asked_for(name: str, by: Mandate, round: Round | None) -> Round:
    """The round that figures belong to; refused where the mandate brings none, or none was chosen."""
    if not policy.may_somewhere(by, Action.KEEP, "imported"):
        raise RuleBroken(
            _(
                "%(file)s känns inte igen som publicerad statistik. Siffror för enheter läses in av förvaltningens utredare.",
                file=name,
            )
        )
    if round is None:
        raise RuleBroken(_("Välj vilken uppföljning siffrorna i %(file)s hör till.", file=name))
    return round


# Pupils' rows, counted


def _sums(content: bytes, name: str, by: Mandate, root: Unit, round: Round | None) -> Read:
    """The figures of pupils' rows that were counted; each unit and subject that the round does not ask for is told."""
    mark, catalogue = standing.judged_by(_asked_for(name, by, round), by.path, root)
    facts = scb.recalled(content)
    made = Read(SCB, problems=scb.problems_of(facts), rows=facts["rows"], stored=content, judged_by=mark)
    year, basis = scb.YEARS[facts["scb"]], scb.BASES.get(facts["scb"], "test")
    known: dict[str, Place] = {}
    for code, (pupils, first) in facts["pupils"].items():
        if len(places := catalogue.units.get(plain(code), [])) == 1:
            known[code] = places[0]
            made.good += pupils
        else:
            made.problems.append(Problem(WARNING, "", scb.NO_UNIT, first, "Skolenhetskod", "", (("count", str(pupils)),)))
    for code, indicator, subject, enrolled, n, k in facts["tallies"]:
        place = known.get(code)
        tables = place.tables.get((indicator, subject, year), []) if place else []
        if place and len(tables) != 1:
            if not subject:  # a round that asks for grades need not ask what they make together
                continue
            what = f"{result.subject_name(subject)} {year}"
            more = (("unit", place.name), ("what", what))
            made.problems.append(Problem(INFO, "", scb.NOT_ASKED, None, "", "", more))
        elif place:
            made.figures += _counted(place, tables[0], subject, basis, enrolled, n, k)
    if not made.figures:
        made.problems.append(Problem(FATAL, "", scb.NOTHING))
    return made


def _grades(content: bytes, name: str, by: Mandate, root: Unit, round: Round | None) -> Read:
    """The grades that a register counted up to; how many were enrolled is left open, since it does not say."""
    mark, catalogue = standing.judged_by(_asked_for(name, by, round), by.path, root)
    facts, counts = ss12000_grades.recalled(content)
    made = Read(GRADES, problems=ss12000_grades.problems_of(facts), rows=facts["rows"], stored=content, judged_by=mark)
    places = {place.unit_id: place for some in catalogue.units.values() for place in some}
    names = kept.names_of({one.unit_id for one in counts} - places.keys())
    for unit_id in names:
        made.problems.append(Problem(INFO, "", ss12000_grades.ELSEWHERE, more=(("unit", names[unit_id]),)))
    for one in counts:
        place = places.get(one.unit_id)
        tables = place.tables.get((ss12000_grades.INDICATOR, one.subject, one.year_group), []) if place else []
        if place and len(tables) != 1:
            what = f"{result.subject_name(one.subject)} {one.year_group}"
            made.problems.append(Problem(INFO, "", scb.NOT_ASKED, None, "", "", (("unit", place.name), ("what", what))))
        elif place:
            made.good += one.n
            made.figures += _counted(place, tables[0], one.subject, one.basis, None, one.n, one.spread)
    if not made.figures:
        made.problems.append(Problem(FATAL, "", ss12000_grades.NOTHING))
    return made


def _counted(
    place: Place, table: figures.Table, subject: str, basis: str, enrolled: int | None, n: int, k: Mapping[str, int]
) -> Iterator[tuple[str | int | None, ...]]:
    where = (table.school_form, subject, table.year_group)
    if table.kind == "share":
        yield (place.unit_id, place.path, table.indicator, *where, "", basis, enrolled, n, k.get("", 0), 0)
        return
    for indicator, step, *sums in spread(table, enrolled, {key: k.get(key, 0) for key in k if key}):
        yield (place.unit_id, place.path, indicator, *where, step, basis, *sums)
