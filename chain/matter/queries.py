"""The committee's decisions, for those whose committee it is."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.cycle.models import Round
from chain.matter.models import Decision
from chain.organisation.models import Mandate

WHOLE = (joinedload(Decision.unit), joinedload(Decision.round).joinedload(Round.year), joinedload(Decision.corrects))


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


def about(round: Round, until: date | None = None) -> list[Decision]:
    """The decisions about a round as they stand, or stood at the end of a day, the first first."""
    here = select(Decision).where(Decision.round_id == round.id).order_by(Decision.decided_on, Decision.id)
    found = db.session.scalars(here.options(*WHOLE))
    return standing(one for one in found if until is None or clock.date_of(one.recorded_at) <= until)


def correction(decision: Decision) -> Decision | None:
    """The one that corrects it."""
    return db.session.scalars(select(Decision).where(Decision.corrects_id == decision.id)).first()
