"""What a reading of published figures would change: compared with what stands in the database, nothing written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base.db import db
from chain.intake.rules import CLOSED, PublishedUnit, PublishedValue, Reading
from chain.organisation.models import Mandate, Unit, UnitCode
from chain.organisation.shipped import municipalities
from chain.result import models as result
from chain.result import similar_queries


@dataclass(frozen=True)
class Change:
    """What is to be done to a unit that stands in the database: other facts, and perhaps its end."""

    unit: Unit
    facts: Mapping[str, Any]
    closed_on: date | None = None


@dataclass
class Plan:
    """What a reading would change. `left` holds units that people have made their own, and what the reading says of them."""

    municipality: Unit | None
    code: str = ""  # its four digits
    new_units: list[PublishedUnit] = field(default_factory=list)
    changed_units: list[Change] = field(default_factory=list)
    same_units: list[Unit] = field(default_factory=list)
    new_values: list[PublishedValue] = field(default_factory=list)
    changed_values: list[tuple[int, PublishedValue]] = field(default_factory=list)
    changed_from: list[tuple[str, PublishedValue]] = field(default_factory=list)  # what stood there before, as shown
    elsewhere: int = 0  # values of units that do not stand in the tree, where only a steward may put them there
    beside: int = 0  # values of the country and of other municipalities that one stands beside
    same_values: int = 0
    left: list[Unit] = field(default_factory=list)
    closes_on: date | None = None

    @property
    def anything(self) -> bool:
        """Whether there is anything to change at all."""
        return bool(self.new_units or self.changed_units or self.new_values or self.changed_values)


def municipality(code: str) -> Unit | None:
    """The municipality with a code; else one with its name that has no code yet."""
    roots = select(Unit).where(Unit.level == "municipality")
    coded = roots.join(UnitCode, UnitCode.unit_id == Unit.id).where(UnitCode.code == code)
    if found := db.session.scalars(coded).first():
        return found
    uncoded = roots.where(Unit.name == municipalities().get(code), ~Unit.codes.any())
    return db.session.scalars(uncoded).first()


def beside(code: str) -> list[str]:
    """Which other municipalities one has chosen to stand beside, by its own four digits."""
    root = municipality(code)
    return similar_queries.codes(root) if root else []


def units_by_code(municipality: Unit) -> dict[str, Unit]:
    """A municipality's units by the codes that they have today."""
    rows = select(UnitCode).where(UnitCode.municipality_id == municipality.id, UnitCode.valid_to.is_(None))
    return {one.code: one.unit for one in db.session.scalars(rows.options(joinedload(UnitCode.unit)))}


def below(root: Unit) -> list[Unit]:
    """Every unit of a municipality, itself not counted."""
    return list(db.session.scalars(select(Unit).where(policy.below(root.path, Unit.path))))


def standing_at(path: str) -> bool:
    """Whether a place in the tree is taken."""
    return db.session.scalar(select(Unit.id).where(Unit.path == path)) is not None


def facts(unit: PublishedUnit) -> dict[str, Any]:
    """What is published about a unit, as the tree keeps it. Förskoleklass is year group F here."""
    return {
        "name": unit.name,
        "organiser": unit.organiser,
        "organiser_kind": unit.organiser_kind,
        "context": unit.context,
        "school_forms": list(unit.school_forms),
        "year_groups": ["F" if group == "0" else group for group in unit.year_groups],
        "kind": "preschool" if unit.school_forms == ("FS",) else "school",
    }


def plan(reading: Reading) -> Plan:
    """What the reading would change; nothing at all where it has been read before."""
    root = municipality(reading.municipality)
    found = Plan(root, reading.municipality, closes_on=_listed_from(reading.series))
    known = units_by_code(root) if root else {}
    published = [*reading.units, *reading.preschools]
    found.new_units = [each for each in published if each.code not in known]
    staffed = _staffed(root) if root else set()
    for each in published:
        if each.code in known:
            _compare(known[each.code], each, found, staffed)
    found.beside = sum(bool(place_of(one, found.code)) for one in reading.series)
    _compare_values(reading.series, {code: unit.id for code, unit in known.items()}, root, found)
    return found


def leave_the_tree(plan: Plan) -> None:
    """Take away what would change the tree, and the values of units that do not stand in it: those are for a steward."""
    missing = {unit.code for unit in plan.new_units}
    staying = [one for one in plan.new_values if one.unit_code not in missing]
    plan.elsewhere = len(plan.new_values) - len(staying)
    plan.new_values, plan.new_units, plan.changed_units = staying, [], []


def _compare(unit: Unit, said: PublishedUnit, found: Plan, staffed: set[str]) -> None:
    """A unit that people work at is theirs to name and to close; all others are as published."""
    theirs = unit.parent_id != found.municipality.id if found.municipality else False
    other = {name: value for name, value in facts(said).items() if getattr(unit, name) != value}
    ends = said.status == CLOSED and unit.closed_on is None
    if theirs or unit.path in staffed:
        found.same_units.append(unit)
        if ends:
            found.left.append(unit)
    elif other or ends:
        found.changed_units.append(Change(unit, other, found.closes_on if ends else None))
    else:
        found.same_units.append(unit)


def _staffed(root: Unit) -> set[str]:
    return set(db.session.scalars(select(Mandate.path).where(policy.below(root.path, Mandate.path))))


def _listed_from(series: Iterable[PublishedValue]) -> date | None:
    """The first day of the school year of the newest unit list: whoever is not in it was closed by then."""
    newest = max((one.period for one in series if one.indicator_key == "pupils"), default="")
    return date(int(newest[:4]), 7, 1) if newest else None


def _compare_values(series: Iterable[PublishedValue], ids: Mapping[str, int], root: Unit | None, found: Plan) -> None:
    stored = _stored(root) if root else {}
    ids = {**ids, **({found.code: root.id} if root else {})}
    for one in series:
        place = place_of(one, found.code)
        unit_id = root.id if root and place else ids.get(one.unit_code)
        had = stored.get((unit_id, place, *one.key[1:])) if unit_id else None
        if had is None:
            found.new_values.append(one)
        elif (*had[1:3], had[4]) != (one.value, one.value_type, one.source) or (one.value is None and had[3] != one.shown):
            found.changed_values.append((had[0], one))
            found.changed_from.append((had[3], one))
        else:
            found.same_values += 1


def place_of(one: PublishedValue, municipality: str) -> str:
    """Which other place a value is of, by its four digits; nothing where it is of a unit or of one's own municipality."""
    return one.unit_code if len(one.unit_code) == 4 and one.unit_code != municipality else ""


def _stored(root: Unit) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Every published value below a municipality: what it is about → its row and what it says."""
    kept = result.PublishedValue
    columns = (kept.unit_id, kept.place, kept.indicator, kept.subject, kept.year_group, kept.period, kept.organiser, kept.sex)
    says = (kept.id, kept.value, kept.value_type, kept.shown, kept.source)
    rows = db.session.execute(select(*columns, *says).where(policy.below(root.path, kept.path) | (kept.unit_id == root.id)))
    return {tuple(row[:8]): tuple(row[8:]) for row in rows}
