"""What a file is and says, and what it would change: read and compared, nothing written."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.base.locale import _, current
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.intake import grid, kept, published, queries, scb, sheets, ss12000_grades
from chain.intake.assembly import assembled
from chain.intake.csvtext import plain
from chain.intake.models import GRADES, KEPT, WITHOUT_RECEIPT, Intake
from chain.intake.queries import Plan
from chain.intake.rules import FATAL, INFO, WARNING, Problem, Reading
from chain.organisation.models import Mandate, Unit, UnitCode
from chain.result import queries as result
from chain.result import rules as figures
from chain.result.models import ImportedFigure

GRID, SCB, PUBLISHED = "grid", "scb", "published"
NAMED = (joinedload(Intake.by).joinedload(Mandate.person), WITHOUT_RECEIPT)  # another file, as a refusal names it
MOST_TOLD = 500  # problems and changes that are shown one by one; all are counted


@dataclass
class Read:
    """What a file says, before it is compared with anything. `figures`: see chain/intake/grid.py; or `published`."""

    kind: str
    figures: grid.Figures = field(default_factory=list)
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

    @property
    def fatal(self) -> bool:
        return bool(self.lacking) or any(problem.severity == FATAL for problem in self.problems)


@dataclass
class Difference:
    """What keeping it would change. `rows`: the figures that are new or other than those proposed now; or a plan."""

    new: int = 0
    changed: int = 0
    same: int = 0
    rows: grid.Figures = field(default_factory=list)
    plan: Plan | None = None
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = {"new": self.new, "changed": self.changed, "same": self.same}
        if self.plan:
            found |= {"new_units": len(self.plan.new_units), "changed_units": len(self.plan.changed_units)}
            found["elsewhere"] = self.plan.elsewhere
        return found


# What it is


def read(
    name: str, data: bytes, by: Mandate, root: Unit, round: Round | None, mapping: Mapping[str, Any], stored: bool = False
) -> Read:
    """Recognise a file by its content and read it whole. Refused with a sentence where it cannot be read at all.

    `stored`: the bytes are those that `receive` kept; of pupils' files these are the sums alone. While it reads, the collector
    of garbage stands still: it would go through a hundred thousand rows again and again, half of the time, and find none.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        return _read(name, data, by, root, round, mapping, stored)
    finally:
        if running:
            gc.enable()


def _read(name: str, data: bytes, by: Mandate, root: Unit, round: Round | None, mapping: Mapping[str, Any], stored: bool) -> Read:
    if stored and data.startswith(scb.STORED.encode()):
        return _sums(data, name, by, root, round)
    if stored and data.startswith(ss12000_grades.STORED.encode()):
        return _grades(data, name, by, root, round)
    sheets.refuse_others(name, data)
    if sheets.is_workbook(data):
        rows, holes = sheets.workbook(name, data)
        return _grid(name, rows, holes, by, root, round, mapping)
    if data.startswith(sheets.GZIP):
        return _published(name, data, root)
    text = sheets.text_of(name, data)
    if published.knows(text):
        return _published(name, text.encode(), root)
    if layout := scb.layout_of(text):
        return _sums(scb.stored(scb.count(text, layout)), name, by, root, round)
    return _grid(name, sheets.rows_of_text(name, text), [], by, root, round, mapping)


def code_of(root: Unit) -> str:
    """A municipality's four digits: its own code, else by its name."""
    own = select(UnitCode.code).where(UnitCode.unit_id == root.id, UnitCode.valid_to.is_(None))
    named = (code for code, name in queries.municipality_names().items() if name == root.name)
    return db.session.scalar(own) or next(named, "")


def _published(name: str, data: bytes, root: Unit) -> Read:
    code = code_of(root)
    if not code:
        raise RuleBroken(_("%(unit)s har ingen kommunkod. Lägg till den på kommunens sida först.", unit=root.name))
    found = published.recognised(name, data, code)
    known = {one: unit.name for one, unit in queries.units_by_code(root).items()} | {code: root.name}
    reading = assembled(code, found, known)
    rows = sum(part.rows for part in found)
    return Read(PUBLISHED, problems=list(reading.problems), rows=rows, good=len(reading.series), published=reading)


def _grid(
    name: str,
    rows: sheets.Rows,
    holes: list[tuple[int, int]],
    by: Mandate,
    root: Unit,
    round: Round | None,
    mapping: Mapping[str, Any],
) -> Read:
    round = _asked_for(name, by, round)
    if len(rows) < 2:
        raise RuleBroken(_("%(file)s har ingen tabell: en rubrikrad och minst en rad behövs.", file=name))
    catalogue = catalogue_of(round, by, root)
    rows = grid.with_unit(rows)
    start = grid.header_of(rows)
    header = [cell.strip()[:80] for cell in rows[start]]
    columns = {key: header.index(said) for key, said in dict(mapping.get("columns", {})).items() if said in header}
    columns = columns or grid.guess(header, catalogue)
    indicator = str(mapping.get("indicator") or _likely(columns, catalogue, rows[start + 1 :]))
    chosen = grid.Columns(columns, indicator)
    made = Read(
        GRID, header=header, columns=columns, indicator=indicator, lacking=grid.lacking(chosen), steps=list(catalogue.steps)
    )
    if not made.lacking:
        got = grid.read(rows, start, chosen, catalogue, holes)
        made.figures, made.problems, made.rows, made.good = got.figures, got.problems, got.rows, got.good
    return made


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


def _sums(content: bytes, name: str, by: Mandate, root: Unit, round: Round | None) -> Read:
    """The figures of pupils' rows that were counted; each unit and subject that the round does not ask for is told."""
    catalogue = catalogue_of(_asked_for(name, by, round), by, root)
    facts = scb.recalled(content)
    made = Read(SCB, problems=scb.problems_of(facts), rows=facts["rows"], stored=content)
    year, basis = scb.YEARS[facts["scb"]], scb.BASES.get(facts["scb"], "test")
    known: dict[str, grid.Place] = {}
    for code, (pupils, first) in facts["pupils"].items():
        if len(places := catalogue.units.get(code, [])) == 1:
            known[code] = places[0]
            made.good += pupils
        else:
            made.problems.append(Problem(WARNING, "", scb.NO_UNIT, first, "Skolenhetskod", "", (("count", str(pupils)),)))
    for code, indicator, subject, enrolled, n, k in facts["tallies"]:
        place = known.get(code)
        tables = place.tables.get((indicator, subject, year), []) if place else []
        if place and len(tables) != 1:
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
    catalogue = catalogue_of(_asked_for(name, by, round), by, root)
    facts, counts = ss12000_grades.recalled(content)
    made = Read(GRADES, problems=ss12000_grades.problems_of(facts), rows=facts["rows"], stored=content)
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
    place: grid.Place, table: figures.Table, subject: str, basis: str, enrolled: int | None, n: int, k: Mapping[str, int]
) -> Iterator[tuple[str | int | None, ...]]:
    lead = (place.unit_id, place.path)
    where = (table.school_form, subject, table.year_group)
    if table.kind == "share":
        yield (*lead, table.indicator, *where, "", basis, enrolled, n, k.get("", 0))
        return
    for step in table.columns[1:]:
        yield (*lead, table.indicator, *where, step.key, basis, enrolled, n, k.get(step.key, 0))
    for share in table.derives:
        yield (*lead, share, *where, "", basis, enrolled, n, sum(k.get(step, 0) for step in table.passing))


def _likely(columns: Mapping[str, int], catalogue: grid.Catalogue, rows: sheets.Rows) -> str:
    """The first indicator that a row names, else the first of the kind that the columns fit."""
    named = columns.get("indicator", -1)
    told = (catalogue.names.get(plain(cells[named])) for cells in rows if -1 < named < len(cells))
    if key := next(filter(None, told), ""):
        return key
    kind = "distribution" if any(name.startswith("step:") for name in columns) else "share"
    return next((key for key, of in catalogue.indicators if of == kind), "")


def catalogue_of(round: Round, by: Mandate, root: Unit) -> grid.Catalogue:
    """All that a file's words may mean: the units below the mandate as they stand in the round, and what each is asked for."""
    asked = [one for one in result.asked_in(round) if grid.can_read(one)]
    levels = {one.entry_level for one in asked}
    nodes = db.session.scalars(
        select(RoundNode)
        .where(RoundNode.round_id == round.id, RoundNode.level.in_(levels), policy.below(by.path, RoundNode.path))
        .order_by(RoundNode.path)
    ).all()
    forms = cycle.school_forms()
    labels = {code: form.labels(current()) for code, form in forms.items()}
    bases = cycle.bases(round, {code: list(names) for code, names in labels.items()})
    scales, subjects = result.scales(round.year_id), result.subjects()

    @cache
    def tables(level: str, codes: tuple[str, ...], groups: tuple[str, ...]) -> dict[tuple[str, str, str], list[figures.Table]]:
        found: dict[tuple[str, str, str], list[figures.Table]] = {}
        here = [one for one in asked if one.entry_level == level]
        for code in (code for code in forms if code in codes):
            names = forms[code].labels(current(), groups) or labels[code]
            made = figures.grid(here, scales, subjects, code, names, round.number, bases[code], current())
            for key, table in grid.words_of(made):
                found.setdefault(key, []).append(table)
        return found

    units: dict[str, list[grid.Place]] = {}
    codes = _codes(root)
    for node in nodes:
        place = grid.Place(
            node.unit_id, node.path, node.name, tables(node.level, tuple(node.school_forms), tuple(node.year_groups))
        )
        for word in {plain(node.name), *codes.get(node.unit_id, ())}:
            units.setdefault(word, []).append(place)
    steps = dict.fromkeys(step.key for one in asked for scale in scales if scale.key == one.scale for step in scale.steps)
    return grid.Catalogue(
        units=units,
        subjects=_subject_words(),
        year_groups={
            word: key
            for names in labels.values()
            for key, name in names.items()
            for word in (grid.year_word(key), grid.year_word(name))
        },
        forms={plain(word): code for code, form in forms.items() for word in (code, form.sv, form.en)},
        bases={plain(word): basis for basis in figures.BASES for word in (basis, figures.basis_name(basis))},
        steps=tuple(steps),
        indicators=tuple((one.key, one.kind) for one in asked),
        names={
            plain(one.words(current(), group).name): one.key
            for one in asked
            if one.kind == "share"
            for group in ("", *(key for names in labels.values() for key in names))
        },
    )


def _codes(root: Unit) -> dict[int, list[str]]:
    rows = db.session.execute(
        select(UnitCode.unit_id, UnitCode.code).where(UnitCode.municipality_id == root.id, UnitCode.valid_to.is_(None))
    )
    found: dict[int, list[str]] = {}
    for unit, code in rows:
        found.setdefault(unit, []).append(code)
    return found


@cache
def _subject_words() -> dict[str, str]:
    """A subject's code and its names in both languages → its code; where two have the same name, the first."""
    found: dict[str, str] = {"": ""}
    for one in result.subjects():
        for word in (one.code, one.sv, one.en):
            found.setdefault(plain(word), one.code)
    return found


# What it would change


def difference(said: Read, root: Unit, round: Round | None, by: Mandate) -> Difference:
    """Compare with what stands now."""
    if said.published is not None:
        return _published_difference(said.published, by)
    return _figure_difference(said.figures, round, by) if round else Difference()


def _figure_difference(said: grid.Figures, round: Round, by: Mandate) -> Difference:
    stands = proposed(round.id, by.path)
    if not stands:
        return Difference(new=len(said), rows=said, told=_by_unit(said, Counter()))
    found, changed = Difference(), Counter[Any]()
    for row in said:
        had = stands.get((row[0], *row[2:8]))
        if had == row[8:]:
            found.same += 1
            continue
        found.rows.append(row)
        if had is None:
            found.new += 1
        else:
            found.changed += 1
            changed[row[0]] += 1
            if len(found.told) < MOST_TOLD:
                found.told.append({"row": list(row[2:8]), "unit_id": row[0], "before": list(had), "after": list(row[8:])})
    found.told = [*_by_unit(found.rows, changed), *found.told]
    return found


def _by_unit(rows: grid.Figures, changed: Counter[Any]) -> list[dict[str, Any]]:
    """How many figures each unit gets, and how many of them take another's place."""
    counts = Counter(row[0] for row in rows)
    return [{"unit_id": unit, "new": n - changed[unit], "changed": changed[unit]} for unit, n in counts.items()][:MOST_TOLD]


def proposed(round_id: int, path: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The figures proposed now below a place: unit, indicator, form, subject, year group, category, basis → enrolled, n, k."""
    one = ImportedFigure
    units = select(RoundNode.unit_id).where(RoundNode.round_id == round_id, policy.below(path, RoundNode.path))
    key = (one.unit_id, one.indicator, one.school_form, one.subject, one.year_group, one.category, one.basis)
    rows = select(*key, one.enrolled, one.n, one.k).where(one.round_id == round_id, one.unit_id.in_(units)).order_by(one.id)
    return {tuple(row[:7]): tuple(row[7:]) for row in db.session.execute(rows)}  # the latest of a key


def _published_difference(reading: Reading, by: Mandate) -> Difference:
    plan = queries.plan(reading)
    if not policy.may_somewhere(by, Action.KEEP, "unit"):
        queries.leave_the_tree(plan)
    told = [{"unit": unit.name, "what": "new_unit"} for unit in plan.new_units[:MOST_TOLD]]
    told += [{"unit": change.unit.name, "what": "changed_unit"} for change in plan.changed_units[:MOST_TOLD]]
    names = {one.code: one.name for one in (*reading.units, *reading.preschools)}
    for before, one in plan.changed_from[:MOST_TOLD]:
        told.append(
            {"unit": names.get(one.unit_code, one.unit_code), "indicator": one.indicator_key, "subject": one.subject,
             "year_group": one.year_group, "period": one.period, "before": before, "after": one.shown}
        )  # fmt: skip
    return Difference(len(plan.new_values), len(plan.changed_values), plan.same_values, plan=plan, told=told)


# What stands on what


def standing(municipality_id: int, round_id: int | None) -> list[int]:
    """The last turn and how many are undone: others as soon as anything is kept or undone that a file was compared with."""
    here = select(func.max(Intake.turn), func.count(Intake.undone_at)).where(*_alike(municipality_id, round_id))
    return [number or 0 for number in db.session.execute(here).one()]


def _alike(municipality_id: int, round_id: int | None) -> tuple[Any, ...]:
    """Those that are compared with the same: figures of a round, or what is published."""
    kind = Intake.round_id == round_id if round_id else Intake.round_id.is_(None)
    return Intake.municipality_id == municipality_id, Intake.turn.is_not(None), kind


def later(intake: Intake) -> Intake | None:
    """The newest intake that was kept after this one and was compared with what it left."""
    rows = select(Intake).where(*_alike(intake.municipality_id, intake.round_id), Intake.state == KEPT)
    rows = rows.where(Intake.turn > intake.turn).order_by(Intake.turn.desc())
    return db.session.scalars(rows.options(*NAMED).limit(1)).first()


def since(intake: Intake) -> Intake | None:
    """What was kept last after this one was read, else what was undone last."""
    rows = select(Intake).where(*_alike(intake.municipality_id, intake.round_id))
    rows = rows.where((Intake.turn > intake.found["standing"][0]) | (Intake.undone_at >= intake.at))
    newest = func.coalesce(Intake.undone_at, Intake.kept_at).desc()
    return db.session.scalars(rows.options(*NAMED).order_by(newest).limit(1)).first()


def next_turn(municipality_id: int) -> int:
    """The turn of the next to be kept, under the municipality's lock."""
    return (db.session.scalar(select(func.max(Intake.turn)).where(Intake.municipality_id == municipality_id)) or 0) + 1


def receipt(said: Read, found: Difference, standing: list[int]) -> dict[str, Any]:
    """What is kept of a reading: counts, problems and changes, in no language."""
    problems = sorted(said.problems, key=lambda one: (("fatal", "warning", "info").index(one.severity), one.row or 0))
    return {
        "counts": {"rows": said.rows, "good": said.good, "problems": len(problems)} | found.counts,
        "problems": [_plain(one) for one in problems[:MOST_TOLD]],
        "severities": dict(Counter(one.severity for one in problems)),
        "changes": found.told,
        "header": said.header,
        "columns": {key: said.header[place] for key, place in said.columns.items()},
        "indicator": said.indicator,
        "lacking": said.lacking,
        "steps": said.steps,
        "fatal": said.fatal,
        "standing": standing,
        "files": [[one.file, one.kind, one.rows, one.values] for one in said.published.files][:50] if said.published else [],
    }


def without_words(found: dict[str, Any]) -> dict[str, Any]:
    """A receipt without anything that stood in a cell: of each problem the row is left, and the sentence."""
    problems = [
        {**one, "params": {name: text if name in ("file", "row") else "…" for name, text in one["params"].items()}}
        for one in found["problems"]
    ]
    return {**found, "problems": problems, "header": [], "columns": {}}


def _plain(one: Problem) -> dict[str, Any]:
    return {"severity": one.severity, "message": one.message, "params": one.params}
