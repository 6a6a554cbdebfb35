"""Reads needs that have waited too long: what stands at us, what we wait for, and what became of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base.db import db
from chain.cycle.models import Round
from chain.followup.models import Followup
from chain.measure.models import Measure
from chain.measure.rules import CARRIED_TOO_OFTEN
from chain.organisation.models import Mandate, Unit
from chain.support.escalation_models import Escalation
from chain.support.escalation_rules import ANSWERED, LIVE
from chain.support.models import SupportRequest


def _whole() -> Select[Escalation]:
    return select(Escalation).options(
        joinedload(Escalation.unit), joinedload(Escalation.receiver), joinedload(Escalation.answered_by),
        joinedload(Escalation.round).joinedload(Round.year),
    )  # fmt: skip


def at_us(mandate: Mandate) -> list[Escalation]:
    """What has come to the mandate's unit: what waits for an answer first, the longest first; then the newest."""
    mine = _whole().where(policy.where(mandate, Escalation), Escalation.receiver_id == mandate.unit_id)
    found = db.session.scalars(mine.order_by(Escalation.since, Escalation.id)).all()
    return [*(one for one in found if one.state in LIVE), *(one for one in reversed(found) if one.state not in LIVE)]


def ours(mandate: Mandate) -> list[Escalation]:
    """What the mandate's unit waits for others to answer, and what they have answered: the waiting first."""
    mine = _whole().where(policy.where(mandate, Escalation), Escalation.unit_id == mandate.unit_id)
    found = db.session.scalars(mine.order_by(Escalation.since, Escalation.id)).all()
    return [*(one for one in found if one.state in LIVE), *(one for one in reversed(found) if one.state not in LIVE)]


def current(mandate: Mandate, since: datetime | None) -> list[Escalation]:
    """For a first page, in one statement: what waits on both sides, and what we have been answered since a moment."""
    mine, theirs = Escalation.unit_id == mandate.unit_id, Escalation.receiver_id == mandate.unit_id
    waits = Escalation.state.in_(LIVE)
    fresh = or_(waits, and_(Escalation.state.in_(ANSWERED), Escalation.answered_at >= since)) if since else waits
    there = or_(and_(mine, fresh), and_(theirs, Escalation.state.in_(("unread", "open"))))
    names = (joinedload(Escalation.unit).load_only(Unit.name), joinedload(Escalation.receiver).load_only(Unit.name))
    found = select(Escalation).where(policy.where(mandate, Escalation), there).options(*names)
    return list(db.session.scalars(found.order_by(Escalation.since, Escalation.id)))


def of_unit(unit: Unit, mandate: Mandate) -> list[Escalation]:
    """A unit's, as far as the mandate reads them: what waits first, then the newest answers."""
    found = db.session.scalars(
        _whole().where(policy.where(mandate, Escalation), Escalation.unit_id == unit.id).order_by(Escalation.id.desc())
    ).all()
    return sorted(found, key=lambda one: one.state not in LIVE)


def of_lineage(lineage: str, mandate: Mandate) -> list[Escalation]:
    """What a measure has led to above, as far as the mandate reads it, in the order in which it came."""
    found = _whole().where(policy.where(mandate, Escalation), Escalation.lineage == lineage)
    return list(db.session.scalars(found.order_by(Escalation.id)))


def of_request(request: SupportRequest) -> Escalation | None:
    """The need that a request has become, the first that it became; None while it has waited for less than a round."""
    mine = _whole().where(Escalation.request_id == request.id, Escalation.origin_id.is_(None))
    return db.session.scalars(mine.order_by(Escalation.id.desc()).limit(1)).first()


def told_in(followup: Followup) -> list[Escalation]:
    """For a follow-up's own page: what waits, and what was answered after the one before it was opened."""
    mine = _whole().where(Escalation.unit_id == followup.unit_id)
    before = followup.round.opened_at
    earlier = select(Round.opened_at).where(Round.path == followup.round.path, Round.opened_at < before)
    since = db.session.scalar(earlier.order_by(Round.opened_at.desc()).limit(1)) or before
    told = or_(Escalation.state.in_(LIVE), and_(Escalation.state.in_(ANSWERED), Escalation.answered_at >= since))
    return list(db.session.scalars(mine.where(told).order_by(Escalation.since, Escalation.id)))


def above(escalation: Escalation) -> Unit | None:
    """Whom the receiver itself can take it to; None for a committee: nobody is above."""
    parent = escalation.receiver.parent
    return parent if parent is not None and parent.level != "municipality" else None


def taken_up_as(escalation: Escalation) -> Escalation | None:
    """The next level's, that it became."""
    return db.session.scalars(_whole().where(Escalation.origin_id == escalation.id)).first()


def measure_of(escalation: Escalation) -> Measure | None:
    """The newest of the measure's lineage."""
    if escalation.lineage is None:
        return None
    line = select(Measure).where(Measure.lineage == escalation.lineage, Measure.state != "retracted")
    return db.session.scalars(line.order_by(Measure.id.desc()).limit(1)).first()


def standing_at(unit: Unit) -> list[Escalation]:
    """What waits for an answer at a unit, whoever reads it."""
    here = (Escalation.receiver_id == unit.id, Escalation.state.in_(LIVE))
    return list(db.session.scalars(select(Escalation).where(*here).options(joinedload(Escalation.unit))))


# What the actions ask


def carried_too_often(unit_id: int) -> list[Measure]:
    """The unit's open measures that have been carried three times or more, whoever was responsible."""
    often = (Measure.unit_id == unit_id, Measure.state == "open", Measure.carried >= CARRIED_TOO_OFTEN)
    return list(db.session.scalars(select(Measure).where(*often).order_by(Measure.id)))


def open_lineages(unit_id: int) -> set[str]:
    return set(db.session.scalars(select(Measure.lineage).where(Measure.unit_id == unit_id, Measure.state == "open")))


def first_of(unit_id: int, lineages: Iterable[str] = ()) -> list[Escalation]:
    """Those that measures have led to, of the unit or of some lineages, not those taken further up; the oldest first."""
    here = or_(Escalation.unit_id == unit_id, Escalation.lineage.in_(list(lineages)))
    roots = select(Escalation).where(Escalation.kind == "measure", Escalation.origin_id.is_(None), here)
    return list(db.session.scalars(roots.order_by(Escalation.id)))


def of_requests(requests: Iterable[int]) -> list[Escalation]:
    """Those that requests have led to, not those taken further up; the oldest first."""
    roots = select(Escalation).where(Escalation.request_id.in_(list(requests)), Escalation.origin_id.is_(None))
    return list(db.session.scalars(roots.order_by(Escalation.id)))


def unanswered(path: str, but: int) -> list[SupportRequest]:
    """Requests under a committee that nobody has answered, asked in other rounds than one; with who is asked, and whom above."""
    waits = (policy.below(path, SupportRequest.path), SupportRequest.state.in_(("sent", "open")), SupportRequest.round_id != but)
    around = (joinedload(SupportRequest.unit), joinedload(SupportRequest.receiver).joinedload(Unit.parent))
    return list(db.session.scalars(select(SupportRequest).where(*waits).options(*around).order_by(SupportRequest.id)))
