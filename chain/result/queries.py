"""What is measured: the tables that a unit fills in, and what others have published about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.base.locale import _, current
from chain.cycle import queries as cycle
from chain.cycle import wording
from chain.cycle.models import Round, RoundNode, Year
from chain.cycle.shipped import SchoolForm
from chain.organisation.models import Unit
from chain.result import grid_rules, keeping, rules, shipped
from chain.result.models import ImportedFigures, Indicator, PublishedValue, Scale


@cache
def _subjects(folder: Path) -> tuple[rules.Subject, ...]:
    return shipped.subjects(folder)


def subjects() -> tuple[rules.Subject, ...]:
    """Every subject, course and curriculum area, in order."""
    return _subjects(shipped.DATA)


def subject_name(code: str) -> str:
    """A subject's name in the reader's language; nothing for none."""
    found = next((one for one in subjects() if one.code == code), None)
    return found.name(current()) if found else code


@cache
def _shipped_indicators(folder: Path) -> dict[str, rules.Indicator]:
    return {one.key: one for one in shipped.indicators(folder)}


def indicators(year_id: int) -> list[rules.Indicator]:
    """What a year enters, in order, hidden ones too; published values not among them."""
    return [shipped.indicator_from(facts) for facts, _hidden_from in _entered(year_id)]


def _entered(year_id: int) -> list[tuple[dict[str, Any], int | None]]:
    """(facts, the round from which it is hidden) of each."""
    wanted = Indicator.year_id == year_id, Indicator.kind != "published"
    found = select(Indicator.facts, Indicator.hidden_from).where(*wanted).order_by(Indicator.position, Indicator.id)
    return [(facts, hidden_from) for facts, hidden_from in db.session.execute(found)]


def kept(year_id: int) -> list[Indicator]:
    """A year's indicators as they are kept, in order; published values not among them."""
    wanted = Indicator.year_id == year_id, Indicator.kind != "published"
    return list(db.session.scalars(select(Indicator).where(*wanted).order_by(Indicator.position, Indicator.id)))


def one_kept(year_id: int, key: str) -> Indicator | None:
    """One of them by its key."""
    return next((one for one in kept(year_id) if one.key == key), None)


def indicator(year_id: int, key: str) -> rules.Indicator | None:
    """An indicator as it stands in a year."""
    found = db.session.scalars(select(Indicator).where(Indicator.year_id == year_id, Indicator.key == key)).first()
    return shipped.indicator_from(found.facts) if found else None


def scales(year_id: int) -> list[rules.Scale]:
    """A year's grade scales."""
    rows = db.session.scalars(select(Scale.facts).where(Scale.year_id == year_id).order_by(Scale.id))
    return [shipped.scale_from(facts) for facts in rows]


def asked(node: RoundNode) -> list[rules.Indicator]:
    """What a node enters in its round, in order. None above the entry level; what is filled in below it is a proposal to that
    level, and never added up."""
    rank = cycle.level(node.level).rank
    found = [facts for facts in _asked_in(node.round) if cycle.level(facts["entry_level"]).rank <= rank]
    return [shipped.indicator_from(facts) for facts in found]


def asked_in(round: Round) -> list[rules.Indicator]:
    """What is entered in a round at any level, in order; hidden ones not among them."""
    return [shipped.indicator_from(facts) for facts in _asked_in(round)]


def _asked_in(round: Round) -> list[dict[str, Any]]:
    number = round.number
    return [
        facts
        for facts, hidden_from in _entered(round.year_id)
        if number in facts["rounds"] and (hidden_from is None or number < hidden_from)
    ]


def tables(node: RoundNode, indicators: Iterable[rules.Indicator] | None = None) -> list[rules.Table]:
    """The grids of a node in its round: one per school form, year group and indicator; of these `indicators` where given."""
    entered = asked(node) if indicators is None else list(indicators)
    if not entered:
        return []
    forms = [form for code, form in cycle.school_forms().items() if code in node.school_forms]
    groups = {form.code: _groups(form, node.year_groups) for form in forms}
    bases = cycle.bases(node.round, {code: list(names) for code, names in groups.items()})
    grade_scales = scales(node.round.year_id) if any(one.scale for one in entered) else []
    return [
        table
        for form in forms
        for table in grid_rules.grid(
            entered, grade_scales, subjects(), form.code, groups[form.code], node.round.number, bases[form.code], current()
        )
    ]


def tables_of(node: RoundNode, names: Iterable[str]) -> list[rules.Table]:
    """The grids in which cells of these names were entered, whatever the year asks for now."""
    held = keeping.places(names)
    entered = _entered(node.round.year_id) if held else []
    known = {facts["key"]: shipped.indicator_from(facts) for facts, _hidden_from in entered if facts["key"] in held}
    return tables(node, keeping.as_entered(known, held, node.round.number)) if known else []


def _groups(form: SchoolForm, keys: Iterable[str]) -> dict[str, str]:
    """The form's year groups that the unit has; all of them where the unit has said nothing about this form."""
    return form.labels(current(), keys) or form.labels(current())


def differences(year: Year) -> list[tuple[Indicator, keeping.Difference]]:
    """How what a year measures differs from what is shipped, in the year's order."""
    asks = wording.asks_of(year)
    like = {}
    for one in _shipped_indicators(shipped.DATA).values():
        like[one.key] = shipped.facts(one) | {"rounds": [number for number, asked in asks.items() if asked in one.rounds]}
    compared = [
        (one, keeping.difference(one.facts, like.get(one.key), hidden=one.hidden_from is not None)) for one in kept(year.id)
    ]
    return [(one, found) for one, found in compared if found]


# Read in from files


def imported(unit_id: int, round_id: int) -> dict[tuple[str, str, str, str, str, str], tuple[rules.Figure, ImportedFigures]]:
    """The figures that files propose to a unit in a round, by their key, each with the row that says where it came from."""
    rows = select(ImportedFigures).where(
        ImportedFigures.unit_id == unit_id, ImportedFigures.round_id == round_id, ImportedFigures.kept.is_(True)
    )
    told = ((figure, one) for one in db.session.scalars(rows.order_by(ImportedFigures.id)) for figure in imported_figures(one))
    return {figure.key: (figure, one) for figure, one in told}


def imported_figures(one: ImportedFigures) -> list[rules.Figure]:
    """A row's figures: the same sums, in the same algebra. Where the source does not say how many are enrolled, those counted."""
    told = (each if each[6] is not None else [*each[:6], each[7], *each[7:]] for each in one.figures)
    return [rules.Figure(*each) for each in told]


def says_enrolled(one: ImportedFigures, about: tuple[str, ...], basis: str) -> bool:
    """Whether a row's source knows how many are enrolled, of what is about this and rests on this."""
    return all(each[6] is not None for each in one.figures if (tuple(each[:4]), each[5]) == (about, basis))


# Published by others


def published_order() -> dict[str, rules.Indicator]:
    """What is published, by key and in order."""
    return _shipped_indicators(shipped.DATA)


@dataclass(frozen=True)
class PublishedRow:
    indicator: rules.Indicator | None
    name: str
    cells: tuple[PublishedValue | None, ...]  # one per period

    @property
    def unit_sign(self) -> str:
        """What stands after a figure: a per cent sign, or nothing."""
        return " %" if self.indicator and self.indicator.unit == "percent" else ""


@dataclass(frozen=True)
class PublishedTable:
    """What is published of a year group (or the whole unit): a row per indicator and subject, a column per period."""

    title: str
    periods: tuple[str, ...]
    rows: tuple[PublishedRow, ...]
    sources: tuple[str, ...]


def published(unit: Unit) -> list[PublishedValue]:
    """Every published value of a unit, as printed. Never summed."""
    rows = select(PublishedValue).where(PublishedValue.unit_id == unit.id, PublishedValue.place == "")
    return list(db.session.scalars(rows.order_by(PublishedValue.period, PublishedValue.id)))


def published_tables(unit: Unit) -> list[PublishedTable]:
    """The published values as they are shown: the highest year group first, the whole unit last, periods oldest first."""
    by_group: dict[str, list[PublishedValue]] = {}
    for one in published(unit):
        by_group.setdefault(one.year_group, []).append(one)
    order = sorted(by_group, key=lambda group: (group == "", -int(group) if group.isdigit() else 0, group))
    return [_published_table(group, by_group[group]) for group in order]


def signs(tables: Iterable[PublishedTable]) -> set[str]:
    """What stands in the cells, so that only signs that are there need be explained."""
    return {cell.shown for table in tables for row in table.rows for cell in row.cells if cell}


def definitions(tables: Iterable[PublishedTable]) -> list[tuple[str, str]]:
    """(name, what it means) of the indicators that are shown, once each, in the reader's language."""
    shown = {row.indicator.key: row.indicator for table in tables for row in table.rows if row.indicator}
    words = [one.words(current()) for one in shown.values()]
    return [(one.name, one.definition) for one in words]


def whose(kind: str) -> str:
    """Whose schools a municipality's figure is about, in words; nothing for all of them."""
    names: dict[str, str] = {"KOMMUN": _("kommunala"), "ENSKILD": _("enskilda"), "STAT": _("statliga"), "REGION": _("regionens")}
    return names.get(kind, _("internationella") if kind == "INTERNAT" else kind.lower())


def _sex(key: str) -> str:
    return {"F": _("flickor"), "M": _("pojkar")}.get(key, "")


def _published_table(group: str, values: list[PublishedValue]) -> PublishedTable:
    known = list(_shipped_indicators(shipped.DATA))
    periods = tuple(sorted({one.period for one in values}))
    cells: dict[tuple[str, str, str, str], dict[str, PublishedValue]] = {}
    for one in values:
        cells.setdefault((one.indicator, one.subject, one.organiser, one.sex), {})[one.period] = one
    codes = [subject.code for subject in subjects()]

    def place(row: tuple[str, str, str, str]) -> tuple[int, int, str, str, str]:
        key, code, organiser, sex = row
        subject = codes.index(code) if code in codes else -1
        return (known.index(key) if key in known else len(known), subject, code, organiser, sex)

    rows = tuple(_published_row(row, group, cells[row], periods) for row in sorted(cells, key=place))
    return PublishedTable(group, periods, rows, tuple(sorted({one.source for one in values})))


def _published_row(
    about: tuple[str, str, str, str], group: str, cells: dict[str, PublishedValue], periods: tuple[str, ...]
) -> PublishedRow:
    key, code, organiser, sex = about
    found = _shipped_indicators(shipped.DATA).get(key)
    name = found.words(current(), group).name if found else key
    parts = (name, subject_name(code) if code else "", whose(organiser), _sex(sex))
    return PublishedRow(found, ", ".join(part for part in parts if part), tuple(cells.get(period) for period in periods))
