"""The committee's decisions, for those whose committee it is."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotFound
from chain.cycle.models import Round
from chain.matter.models import Decision, Matter
from chain.organisation.models import Mandate, Unit

WHOLE = (
    joinedload(Decision.unit), joinedload(Decision.round).joinedload(Round.year), joinedload(Decision.corrects),
    joinedload(Decision.matter), joinedload(Decision.meeting),
)  # fmt: skip


def decisions(mandate: Mandate) -> list[Decision]:
    """What the mandate may read, the newest first; a corrected one gives way to its correction."""
    found = db.session.scalars(
        policy.visible(mandate, Decision).options(*WHOLE).order_by(Decision.decided_on.desc(), Decision.id.desc())
    ).all()
    return standing(found)


def standing(found: Iterable[Decision]) -> list[Decision]:
    """Those that no later one corrects."""
    every = list(found)
    corrected = {one.corrects_id for one in every}
    return [one for one in every if one.id not in corrected]


def stands() -> ColumnElement[bool]:
    """No later one corrects it, of whatever day or matter."""
    newer = aliased(Decision)
    return ~select(newer.id).where(newer.corrects_id == Decision.id).exists()


def about(round: Round, until: date | None = None) -> list[Decision]:
    """The decisions about a round as they stand, or stood at the end of a day or at a moment, the first first."""
    here = select(Decision).where(Decision.round_id == round.id).order_by(Decision.decided_on, Decision.id)
    found = db.session.scalars(here.options(*WHOLE))
    return standing(one for one in found if until is None or clock.had_come(one.recorded_at, until))


def in_matter(matter: Matter) -> list[Decision]:
    """What was decided in a matter as it stands, the first first."""
    here = select(Decision).where(Decision.matter_id == matter.id, stands()).order_by(Decision.decided_on, Decision.id)
    return list(db.session.scalars(here.options(*WHOLE)))


def committee(mandate: Mandate) -> Unit:
    """The committee at or above a mandate's unit. NotFound where there is none."""
    places = [*policy.ancestors(mandate.path), mandate.path]
    found = db.session.scalars(select(Unit).where(Unit.path.in_(places), Unit.level == "committee")).first()
    if found is None:
        raise NotFound
    return found


def correction(decision: Decision) -> Decision | None:
    """The one that corrects it."""
    return db.session.scalars(select(Decision).where(Decision.corrects_id == decision.id)).first()
