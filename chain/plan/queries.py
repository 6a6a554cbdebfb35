"""Reads what a unit has to have decided on, how it stands, and what is missing under a place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, and_, func, or_, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import current, sorted_by_name
from chain.cycle import queries as cycle
from chain.cycle import rules as calendar
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.plan import rules, shipped
from chain.plan.models import Plan
from chain.plan.shipped import Kind


@dataclass(frozen=True)
class Standing:
    """One kind at one unit: its newest line, how it stands, until when it is new enough, and the years before."""

    kind: Kind
    plan: Plan | None
    state: str
    until: date | None
    earlier: tuple[Plan, ...] = ()

    @property
    def name(self) -> str:
        return self.kind.name(current())

    @property
    def lacking(self) -> bool:
        return self.state in rules.LACKING


@dataclass(frozen=True)
class Lack:
    """A unit that lacks something, and who can mend it."""

    unit: Unit
    lacking: tuple[Standing, ...]
    principals: tuple[Person, ...]


def kind(key: str) -> Kind | None:
    return next((one for one in shipped.kinds() if one.key == key), None)


def needed(unit: Unit) -> list[Kind]:
    """What a unit has to have, by its school forms."""
    return [one for one in shipped.kinds() if rules.needs(one.school_forms, unit.school_forms)]


def standing(unit: Unit) -> list[Standing]:
    """How each that the unit has to have stands today. Two statements."""
    return _standings([unit])[unit.id]


def _standings(units: Sequence[Unit]) -> dict[int, list[Standing]]:
    """For many units at once: the lines of all of them, and who still works there."""
    ids = [unit.id for unit in units]
    lines: dict[tuple[int, str], list[Plan]] = defaultdict(list)
    found = select(Plan).where(Plan.unit_id.in_(ids)).options(joinedload(Plan.responsible), joinedload(Plan.recorded_by))
    for one in db.session.scalars(found.order_by(Plan.decided_on.desc(), Plan.id.desc())):
        lines[one.unit_id, one.kind].append(one)
    here = _who_remains(one.responsible_id for plans in lines.values() for one in plans)
    return {unit.id: [_stands(one, lines[unit.id, one.key], here) for one in needed(unit)] for unit in units}


def _stands(kind: Kind, plans: list[Plan], here: set[int]) -> Standing:
    newest = max(plans, key=lambda one: (one.last, one.id), default=None)
    last = newest.last if newest else None
    state = rules.state(last, kind.months, clock.today(), somebody=newest is not None and newest.responsible_id in here)
    until = rules.good_until(last, kind.months) if last else None
    return Standing(kind, newest, state, until, tuple(one for one in plans if one is not newest))


def _who_remains(people: Iterable[int]) -> set[int]:
    """Those who have a mandate anywhere today."""
    held = select(Mandate.person_id).where(Mandate.person_id.in_(set(people)), organisation.holding(clock.today()))
    return set(db.session.scalars(held))


def _below(mandate: Mandate) -> ColumnElement[bool]:
    """The open units under the mandate's own."""
    open_ = or_(Unit.closed_on.is_(None), Unit.closed_on > clock.today())
    return and_(policy.below(mandate.path, Unit.path), Unit.level == "unit", ~Unit.context, open_)


def lacking_names(mandate: Mandate) -> list[str]:
    """The names of the units below that lack something or whose plan is too old: for a first page, in two light statements."""
    units = db.session.execute(select(Unit.id, Unit.name, Unit.school_forms).where(_below(mandate))).all()
    newest = func.max(func.coalesce(Plan.revised_on, Plan.decided_on), type_=Date)
    last = select(Plan.unit_id, Plan.kind, newest).where(policy.below(mandate.path, Plan.path)).group_by(Plan.unit_id, Plan.kind)
    known = {(unit, key): day for unit, key, day in db.session.execute(last)} if units else {}
    today = clock.today()
    return sorted_by_name(
        (
            name
            for unit, name, forms in units
            if any(
                rules.state(known.get((unit, one.key)), one.months, today, somebody=True) in rules.LACKING
                for one in shipped.kinds()
                if rules.needs(one.school_forms, forms)
            )
        ),
        str,
    )


def lacking(mandate: Mandate) -> tuple[list[Lack], int]:
    """The units below, by name, that lack something or whose plan is too old; and how many units there are. Four statements."""
    units = sorted_by_name(db.session.scalars(select(Unit).where(_below(mandate))))
    standings = _standings(units)
    lack = {unit.id: tuple(one for one in standings[unit.id] if one.lacking) for unit in units}
    who = _principals(unit_id for unit_id, missing in lack.items() if missing)
    return [Lack(unit, lack[unit.id], tuple(who.get(unit.id, ()))) for unit in units if lack[unit.id]], len(units)


def _principals(units: Iterable[int]) -> dict[int, list[Person]]:
    held = select(Mandate).where(
        Mandate.unit_id.in_(list(units)), Mandate.role == Role.PRINCIPAL, organisation.holding(clock.today())
    )
    found: dict[int, list[Person]] = defaultdict(list)
    for one in db.session.scalars(held.options(joinedload(Mandate.person))):
        found[one.unit_id].append(one.person)
    return found


def people(unit: Unit) -> list[Person]:
    """Who can answer for a plan of a unit: those with a mandate there or in its groups."""
    at = or_(Mandate.path == unit.path, policy.below(unit.path, Mandate.path))
    held = select(Mandate.person_id).where(at, organisation.holding(clock.today()))
    return sorted_by_name(db.session.scalars(select(Person).where(Person.id.in_(held), Person.ended_at.is_(None))))


def year_of(unit: Unit, day: date) -> str:
    """The year that a day lies in, as the unit's committee counts its years."""
    round = cycle.current(unit.path)
    return calendar.label_on(day, school=round is None or "/" in round.year.label)


def in_year(unit: Unit, kind: str, year: str) -> Plan | None:
    """The line of a year."""
    return db.session.scalars(select(Plan).where(Plan.unit_id == unit.id, Plan.kind == kind, Plan.year == year)).first()
