"""Reads assignments: those that wait, those of a matter, and what is told of the late ones."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.matter import assignment_rules
from chain.matter.models import Assignment, Decision, Matter, MatterStep
from chain.organisation.models import Mandate

WHOLE = (
    joinedload(Assignment.decision), joinedload(Assignment.matter), joinedload(Assignment.answered_in),
    joinedload(Assignment.receiver), joinedload(Assignment.closed_by), joinedload(Assignment.unit),
)  # fmt: skip


def _readable(mandate: Mandate) -> Select[Assignment]:
    decided = contains_eager(Assignment.decision)
    found = policy.visible(mandate, Assignment).join(Assignment.decision)
    return found.options(decided, *WHOLE[1:]).order_by(Decision.decided_on, Assignment.id)


def waiting(mandate: Mandate) -> list[Assignment]:
    """Those that the committee has not closed: the late first, then those with the nearest day, then the oldest."""
    found = db.session.scalars(_readable(mandate).where(Assignment.state.in_(assignment_rules.WAITING))).all()
    return sorted(found, key=lambda one: (not one.late, one.due_on or date.max))


def closed(mandate: Mandate) -> list[Assignment]:
    """Those that the committee has closed, the last closed first."""
    found = db.session.scalars(_readable(mandate).where(Assignment.state == "closed")).all()
    return sorted(found, key=lambda one: one.closed_on or date.min, reverse=True)


def told(found: Iterable[Assignment]) -> str:
    """The late ones among them in a sentence; nothing when none is late."""
    return assignment_rules.told([(one.name, one.due_on) for one in found if one.late and one.due_on], clock.today())


def of(matter: Matter) -> tuple[list[Assignment], list[Assignment]]:
    """Those given in a matter and those to be answered in it, the oldest first."""
    here = or_(Assignment.matter_id == matter.id, Assignment.answered_in_id == matter.id)
    found = db.session.scalars(select(Assignment).where(here).options(*WHOLE).order_by(Assignment.id)).all()
    return [one for one in found if one.matter_id == matter.id], [one for one in found if one.answered_in_id == matter.id]


def given_by(decision: Decision) -> list[Assignment]:
    """Those that a decision gave, in its order."""
    here = select(Assignment).where(Assignment.decision_id == decision.id)
    return list(db.session.scalars(here.options(*WHOLE).order_by(Assignment.id)))


def closed_by(decision: Decision) -> list[Assignment]:
    """Those that a decision closed."""
    here = select(Assignment).where(Assignment.closed_by_id == decision.id)
    return list(db.session.scalars(here.options(*WHOLE).order_by(Assignment.id)))


def reported(mandate: Mandate) -> list[Assignment]:
    """Those whose report waits for the committee."""
    return list(db.session.scalars(_readable(mandate).where(Assignment.state == "reported")))


def steps(assignment: Assignment) -> list[MatterStep]:
    """What has been done with it, the newest first."""
    mine = select(MatterStep).where(MatterStep.assignment_id == assignment.id)
    whole = joinedload(MatterStep.decision), joinedload(MatterStep.by)
    return list(db.session.scalars(mine.options(*whole).order_by(MatterStep.id.desc())))
