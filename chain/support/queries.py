"""Reads requests: what we have asked for, what others have asked of us."""

from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode, Year
from chain.organisation.models import Mandate, Unit
from chain.support import rules
from chain.support.models import SupportRequest

WAITING = (rules.SENT, rules.OPEN, "taken_up")  # no final answer yet


def _requests() -> Select[SupportRequest]:
    whole = (
        joinedload(SupportRequest.unit),
        joinedload(SupportRequest.receiver),
        joinedload(SupportRequest.answered_by),
        joinedload(SupportRequest.round).joinedload(Round.year),
    )
    return select(SupportRequest).options(*whole)


def _newest_first(mandate: Mandate) -> Select[SupportRequest]:
    seen = (policy.where(mandate, SupportRequest), SupportRequest.state.in_(rules.SEEN))
    return _requests().where(*seen).order_by(SupportRequest.asked_at.desc(), SupportRequest.id)


def asked_of_us(mandate: Mandate) -> list[SupportRequest]:
    """What others have asked the mandate's unit for: unanswered first, then the newest."""
    found = db.session.scalars(_newest_first(mandate).where(SupportRequest.receiver_id == mandate.unit_id)).all()
    return sorted(found, key=lambda one: one.state != rules.OPEN)


def asked_by_us(mandate: Mandate) -> list[SupportRequest]:
    """What the mandate's unit has asked the level above for: waiting first, then the newest."""
    found = db.session.scalars(_newest_first(mandate).where(SupportRequest.unit_id == mandate.unit_id)).all()
    return sorted(found, key=lambda one: one.state not in WAITING)


@cache  # the first page asks, and it takes longer to put together than to run
def _named() -> Select[SupportRequest]:
    """With the names of both sides alone."""
    names = (joinedload(SupportRequest.unit).load_only(Unit.name), joinedload(SupportRequest.receiver).load_only(Unit.name))
    return select(SupportRequest).options(*names).order_by(SupportRequest.id)


def current(mandate: Mandate, since: datetime | None) -> list[SupportRequest]:
    """What waits for an answer, on both sides and with whoever prepares it, and what the unit has been answered since a moment.

    Answers first, the newest of them before the others; then what has waited longest.
    """
    ours, theirs = SupportRequest.unit_id == mandate.unit_id, SupportRequest.receiver_id == mandate.unit_id
    waits = SupportRequest.state.in_(WAITING)
    fresh = or_(waits, SupportRequest.answered_at >= since) if since else waits
    helps = and_(SupportRequest.helper_id == mandate.person_id, SupportRequest.helper_unit_id == mandate.unit_id)
    there = or_(and_(ours, fresh), and_(or_(theirs, helps), SupportRequest.state == rules.OPEN))
    found = db.session.scalars(_named().where(policy.where(mandate, SupportRequest), there)).all()
    waiting = sorted((one for one in found if one.state in WAITING), key=lambda one: one.asked_at)
    answered = [one for one in found if one.state not in WAITING]
    return [*sorted(answered, key=lambda one: one.answered_at or one.asked_at, reverse=True), *waiting]


def told_in(unit_id: int, round: Round) -> list[SupportRequest]:
    """What a unit has asked for in a round and the one before it, and what still waits: for its own follow-up."""
    upto = (Year.starts_on < round.year.starts_on) | ((Year.id == round.year_id) & (Round.number <= round.number))
    found = db.session.scalars(
        _requests()
        .join(Round, SupportRequest.round_id == Round.id)
        .join(Year, Round.year_id == Year.id)
        .where(SupportRequest.unit_id == unit_id, SupportRequest.state.in_(rules.SEEN), upto)
        .order_by(Year.starts_on.desc(), Round.number.desc(), SupportRequest.id)
    ).all()
    newest = [one.round_id for one in found if one.round_id != round.id][:1]
    return [one for one in found if one.round_id in (round.id, *newest) or one.state in WAITING]


def taken_up_as(request: SupportRequest) -> SupportRequest | None:
    """The request to the next level that this one became."""
    return db.session.scalars(_requests().where(SupportRequest.origin_id == request.id)).first()


def above(request: SupportRequest) -> RoundNode | Unit | None:
    """Whom the receiver itself can ask: the node above it in the request's round; for the administration, the committee."""
    node = cycle.node(request.round, request.receiver_id)
    if node is None or node.parent_id is None:
        return None
    return cycle.parent(node) or db.session.get(Unit, node.parent_id)


def turn(request: SupportRequest) -> str | None:
    """The level whose turn it is to answer."""
    return request.receiver.level if request.state == rules.OPEN else None
