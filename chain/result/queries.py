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
from chain.cycle.models import RoundNode
from chain.cycle.shipped import SchoolForm
from chain.organisation.models import Unit
from chain.result import rules, shipped
from chain.result.models import ImportedFigure, Indicator, PublishedValue, Scale


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
    """What a year enters, in order; published values not among them."""
    return [shipped.indicator_from(facts) for facts in _facts(year_id)]


def _facts(year_id: int) -> Iterable[dict[str, Any]]:
    wanted = Indicator.year_id == year_id, Indicator.kind != "published"
    return db.session.scalars(select(Indicator.facts).where(*wanted).order_by(Indicator.id))


def indicator(year_id: int, key: str) -> rules.Indicator | None:
    """An indicator as it stands in a year."""
    found = db.session.scalars(select(Indicator).where(Indicator.year_id == year_id, Indicator.key == key)).first()
    return shipped.indicator_from(found.facts) if found else None


def scales(year_id: int) -> list[rules.Scale]:
    """A year's grade scales."""
    rows = db.session.scalars(select(Scale.facts).where(Scale.year_id == year_id).order_by(Scale.id))
    return [shipped.scale_from(facts) for facts in rows]


def tables(node: RoundNode) -> list[rules.Table]:
    """The grids of a node in its round: one per school form, year group and indicator. None above or below the entry level."""
    number, year_id = node.round.number, node.round.year_id
    entered = [facts for facts in _facts(year_id) if facts["entry_level"] == node.level and number in facts["rounds"]]
    asked = [shipped.indicator_from(facts) for facts in entered]
    if not asked:
        return []
    forms = [form for code, form in cycle.school_forms().items() if code in node.school_forms]
    groups = {form.code: _groups(form, node.year_groups) for form in forms}
    bases = cycle.bases(node.round, {code: list(names) for code, names in groups.items()})
    grade_scales = scales(year_id) if any(one.scale for one in asked) else []
    return [
        table
        for form in forms
        for table in rules.grid(
            asked, grade_scales, subjects(), form.code, groups[form.code], number, bases[form.code], current()
        )
    ]


def _groups(form: SchoolForm, keys: Iterable[str]) -> dict[str, str]:
    """The form's year groups that the unit has; all of them where the unit has said nothing about this form."""
    return form.labels(current(), keys) or form.labels(current())


# Read in from files


def imported(unit_id: int, round_id: int) -> dict[tuple[str, str, str, str, str, str], tuple[rules.Figure, ImportedFigure]]:
    """The figures that files propose to a unit in a round, by their key, each with the row that says where it came from."""
    rows = select(ImportedFigure).where(ImportedFigure.unit_id == unit_id, ImportedFigure.round_id == round_id)
    found = {}
    for one in db.session.scalars(rows.order_by(ImportedFigure.id)):
        figure = imported_figure(one)
        found[figure.key] = figure, one
    return found


def imported_figure(one: ImportedFigure) -> rules.Figure:
    """A row as a figure: the same sums, in the same algebra."""
    key = (one.indicator, one.school_form, one.subject, one.year_group, one.category, one.basis)
    return rules.Figure(*key, one.enrolled, one.n, one.k)


# Published by others


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
    rows = select(PublishedValue).where(PublishedValue.unit_id == unit.id)
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


def _whose(kind: str) -> str:
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
        key, code, whose, sex = row
        subject = codes.index(code) if code in codes else -1
        return (known.index(key) if key in known else len(known), subject, code, whose, sex)

    rows = tuple(_published_row(row, group, cells[row], periods) for row in sorted(cells, key=place))
    return PublishedTable(group, periods, rows, tuple(sorted({one.source for one in values})))


def _published_row(
    about: tuple[str, str, str, str], group: str, cells: dict[str, PublishedValue], periods: tuple[str, ...]
) -> PublishedRow:
    key, code, whose, sex = about
    found = _shipped_indicators(shipped.DATA).get(key)
    name = found.words(current(), group).name if found else key
    parts = (name, subject_name(code) if code else "", _whose(whose), _sex(sex))
    return PublishedRow(found, ", ".join(part for part in parts if part), tuple(cells.get(period) for period in periods))
