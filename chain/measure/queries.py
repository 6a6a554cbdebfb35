"""Reads measures: what is to be followed up, all of a unit's, and one through its lineage."""

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.cycle.models import Round, Year
from chain.measure.models import Measure, Outcome
from chain.organisation.models import Mandate, Person


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
    return list(db.session.scalars(select(Measure).where(Measure.unit_id == unit_id, Measure.round_id == round_id)))


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
