"""Reads measures: what is to be followed up, all of a unit's, and one through its lineage."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.cycle.models import Round, RoundDue, RoundNode, Year
from chain.measure import rules
from chain.measure.models import Measure, Outcome
from chain.organisation.models import Mandate, Person, Unit
from chain.organisation.queries import holding


def to_follow_up(unit_id: int, round: Round) -> list[Measure]:
    """The unit's open measures that were set in an earlier round, whatever their due round; the oldest first."""
    found = (
        _measures()
        .join(Round, Measure.round_id == Round.id)
        .join(Year, Round.year_id == Year.id)
        .where(Measure.unit_id == unit_id, Measure.state == "open")
        .where(tuple_(Year.label, Round.number) < tuple_(round.year.label, round.number))
        .order_by(Year.label, Round.number, Measure.id)
    )
    return list(db.session.scalars(found))


def at(unit_id: int) -> list[Measure]:
    """All that the unit has handed up, with what came of it; open ones first, then the newest."""
    found = (
        _measures()
        .options(selectinload(Measure.outcomes).joinedload(Outcome.round).joinedload(Round.year))
        .where(Measure.unit_id == unit_id, Measure.state != "retracted")
        .order_by((Measure.state != "open"), Measure.id.desc())
    )
    return list(db.session.scalars(found))


def history(measure: Measure) -> list[Measure]:
    """The measure's lineage, the oldest first: what it was before it was changed or handed over, and what it became."""
    found = (
        _measures()
        .options(selectinload(Measure.outcomes).joinedload(Outcome.round).joinedload(Round.year), joinedload(Measure.unit))
        .where(Measure.lineage == measure.lineage, or_(Measure.state != "retracted", Measure.id == measure.id))
        .order_by(Measure.id)
    )
    return list(db.session.scalars(found))


def set_in(unit_id: int, round_id: int) -> list[Measure]:
    """What the unit has set in a round, also what was taken back."""
    here = select(Measure).where(Measure.unit_id == unit_id, Measure.round_id == round_id)
    return list(db.session.scalars(here.order_by(Measure.id)))


def people(path: str) -> list[Person]:
    """Those who can be responsible for a measure of a node: all with a mandate there or below it, today."""
    today = clock.today()
    holders = (
        select(Mandate.person_id)
        .where(or_(Mandate.path == path, policy.below(path, Mandate.path)))
        .where(Mandate.valid_from <= today, or_(Mandate.valid_to.is_(None), Mandate.valid_to >= today))
    )
    found = select(Person).where(Person.id.in_(holders), Person.ended_at.is_(None))
    return sorted_by_name(db.session.scalars(found))


def _measures() -> Select[Measure]:
    return select(Measure).options(joinedload(Measure.responsible), joinedload(Measure.round).joinedload(Round.year))


def to_remind(today: date) -> list[tuple[Measure, str]]:
    """Open measures whose responsible has not yet been told that they are due, or late, and which of the two it is."""
    setting, coming = aliased(Round), aliased(Round)
    asked = (
        select(Measure, coming.opens_on, RoundDue.due_on, RoundNode.extended_to)
        .join(setting, Measure.round_id == setting.id)
        .join(Measure.unit)
        .join(Measure.responsible)
        .join(Year, Year.label == Measure.due_year)
        .join(coming, (coming.year_id == Year.id) & (coming.path == setting.path) & (coming.number == Measure.due_number))
        .outerjoin(RoundDue, (RoundDue.round_id == coming.id) & (RoundDue.level == Unit.level))
        .outerjoin(RoundNode, (RoundNode.round_id == coming.id) & (RoundNode.unit_id == Measure.unit_id))
        .where(Measure.state == "open", Person.ended_at.is_(None))
        .options(contains_eager(Measure.responsible))
        .order_by(Measure.id)
    )
    found = []
    for measure, opens_on, due_on, extended_to in db.session.execute(asked):
        last = max(filter(None, (due_on, extended_to)), default=None)
        kind = rules.reminder(opens_on, last, today)
        if kind and measure.reminded != rules.reminder_key(kind, measure.due_year, measure.due_number):
            found.append((measure, kind))
    return found


def charged(by: Mandate) -> list[Measure]:
    """The open measures that the person is responsible for, as the mandate may see them; those due first at the top."""
    mine = (policy.where(by, Measure), Measure.responsible_id == by.person_id, Measure.state == "open")
    wanted = _measures().options(joinedload(Measure.unit)).where(*mine)
    return list(db.session.scalars(wanted.order_by(Measure.due_year, Measure.due_number, Measure.id)))


def _alone(path: str) -> ColumnElement[bool]:
    """Nobody is responsible who holds a mandate at a node or below it today."""
    here = or_(Mandate.path == path, policy.below(path, Mandate.path))
    return ~exists().where(Mandate.person_id == Measure.responsible_id, here, holding(clock.today()))


def asking(by: Mandate) -> tuple[list[Measure], list[Measure]]:
    """Open measures that the person is responsible for, those due first at the top, and the own unit's that nobody answers for.
    One statement: a first page asks."""
    mine, ours = Measure.responsible_id == by.person_id, and_(Measure.unit_id == by.unit_id, _alone(by.path))
    wanted = _measures().options(joinedload(Measure.unit)).where(Measure.state == "open", policy.where(by, Measure))
    found = list(db.session.scalars(wanted.where(or_(mine, ours)).order_by(Measure.due_year, Measure.due_number, Measure.id)))
    charged = [one for one in found if one.responsible_id == by.person_id]
    return charged, [one for one in found if one not in charged]


def carried_too_often(path: str) -> list[Measure]:
    """The open measures at a node and below it that have been carried so often that the level above owes an answer."""
    here = or_(Measure.path == path, policy.below(path, Measure.path))
    wanted = _measures().options(joinedload(Measure.unit))
    wanted = wanted.where(here, Measure.state == "open", Measure.carried >= rules.CARRIED_TOO_OFTEN)
    return list(db.session.scalars(wanted.order_by(Measure.path, Measure.id)))


def without(path: str, what: str) -> list[Measure]:
    """The open measures at a node and below it that say no cause, or no goal (`what`: cause, goal)."""
    here = or_(Measure.path == path, policy.below(path, Measure.path))
    lacking = Measure.cause == "" if what == "cause" else and_(Measure.goal == "", Measure.goal_id.is_(None))
    wanted = _measures().options(joinedload(Measure.unit)).where(here, Measure.state == "open", lacking)
    return list(db.session.scalars(wanted.order_by(Measure.path, Measure.id)))


UNITS = 20  # on a page


@dataclass(frozen=True)
class Below:
    """One page of the units below and the open measures that they have handed up; `units` in all."""

    groups: list[tuple[Unit, list[Measure]]]
    units: int


def below(by: Mandate, page: int = 1, *, flagged: bool = False) -> Below:
    """What those below have handed up that is still open, unit by unit in the order of the alphabet, carried ones first in each.

    Three statements, whatever the size of the tree. `flagged`: only those that have been carried too often.
    """
    seen = [policy.where(by, Measure), policy.below(by.path, Measure.path), Measure.state == "open"]
    if flagged:
        seen.append(Measure.carried >= rules.CARRIED_TOO_OFTEN)
    units = sorted_by_name(db.session.scalars(select(Unit).where(Unit.id.in_(select(Measure.unit_id).where(*seen)))))
    shown = units[(page - 1) * UNITS : page * UNITS]
    wanted = _measures().where(*seen, Measure.unit_id.in_([unit.id for unit in shown]))
    found: dict[int, list[Measure]] = {unit.id: [] for unit in shown}
    for one in db.session.scalars(wanted.order_by(Measure.carried.desc(), Measure.id)):
        found[one.unit_id].append(one)
    return Below([(unit, found[unit.id]) for unit in shown], len(units))
