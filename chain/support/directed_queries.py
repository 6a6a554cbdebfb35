"""Reads directed support: a unit's, all under an administration, and what it asks of somebody."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.organisation.models import Mandate, Unit
from chain.support import routing_queries
from chain.support.directed_models import Directed, DirectedStep
from chain.support.directed_rules import ALIVE

ENDED_SHOWN = 50  # of those that are over, the newest


def _whole() -> Select[Directed]:
    return select(Directed).options(
        joinedload(Directed.unit), joinedload(Directed.receiver), joinedload(Directed.given_by)
    )  # fmt: skip


def seen(mandate: Mandate) -> tuple[list[Directed], list[Directed]]:
    """What the mandate reads: what goes on or waits, by unit; and what is over, the newest first."""
    mine = _whole().where(policy.where(mandate, Directed))
    alive = db.session.scalars(mine.where(Directed.state.in_(ALIVE)).order_by(Directed.id)).all()
    over = mine.where(Directed.state.not_in(ALIVE)).order_by(Directed.id.desc()).limit(ENDED_SHOWN)
    return sorted_by_name(alive, lambda one: one.unit.name), list(db.session.scalars(over))


def of_unit(unit: Unit, mandate: Mandate) -> list[Directed]:
    """A unit's, as far as the mandate reads them, the newest first."""
    mine = _whole().where(policy.where(mandate, Directed), Directed.unit_id == unit.id)
    return list(db.session.scalars(mine.order_by(Directed.id.desc())))


def steps(directed: Directed) -> list[DirectedStep]:
    """What has been done with it, the oldest first."""
    done = select(DirectedStep).where(DirectedStep.directed_id == directed.id).options(joinedload(DirectedStep.by))
    return list(db.session.scalars(done.order_by(DirectedStep.id)))


def side(directed: Directed, mandate: Mandate) -> str:
    """On which sides of it the mandate acts (directed_rules.move): `unit`, `above`, and `begun` for whoever began it."""
    sides = []
    if policy.may(mandate, Action.WRITE, directed):
        sides += ["unit", "begun"] if directed.begun_by_unit else ["unit"]
    if policy.may(mandate, Action.ANSWER, directed):
        sides += ["above"] if directed.begun_by_unit else ["above", "begun"]
    return " ".join(sides)


def units_to_choose(mandate: Mandate) -> list[Unit]:
    """The units that support can be asked for or offered to: the own one, or those below."""
    if mandate.unit.level == "unit":
        return [mandate.unit]
    below = select(Unit).where(
        policy.below(mandate.path, Unit.path), Unit.level == "unit", Unit.closed_on.is_(None), ~Unit.context
    )
    return sorted_by_name(db.session.scalars(below))


def givers(directed: Directed) -> list[Mandate]:
    """Who can give it: those who prepare answers at the level that decides, and at its administration."""
    return routing_queries.people([directed.receiver])[directed.receiver_id]


def waits_for(mandate: Mandate) -> list[Directed]:
    """What goes on or waits on the mandate's side: as the unit, as whoever decides, or as whoever gives it."""
    mine = or_(
        Directed.unit_id == mandate.unit_id, Directed.receiver_id == mandate.unit_id,
        (Directed.given_by_id == mandate.person_id) & (Directed.given_from_id == mandate.unit_id),
    )  # fmt: skip
    acts = [policy.where(mandate, Directed, one) for one in (Action.WRITE, Action.ANSWER, Action.PREPARE)]
    found = select(Directed).where(mine, or_(*acts), Directed.state.in_(ALIVE)).options(joinedload(Directed.unit))
    return list(db.session.scalars(found.order_by(Directed.id)))
