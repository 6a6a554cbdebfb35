"""Whose codes stand where two coders differ."""

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.finding import counting, rules
from chain.finding.models import Resolution, Theme
from chain.followup.models import Submission
from chain.organisation.models import Mandate

STANDS = ("first", "second", "both")


@atomic
def resolve(submission: Submission, span: str, *, stands: str, reason: str, by: Mandate) -> Resolution:
    """Let one coder's codes of a paragraph stand, or both's, with a reason. Doing it again says it otherwise."""
    guard.require(Action.READ, submission, by)
    guard.require(Action.KEEP, Theme(unit_id=by.unit_id, path=by.unit.path, state="active"), by)
    found = counting.counted(by.unit, [submission.round], by).standing.differs
    here = next((one for one in found if one.submission == submission.id and one.span == span), None)
    if here is None:
        raise RuleBroken(_("I det stycket skiljer sig inte två lästa kodningar åt. Ladda om sidan."))
    if stands not in STANDS:
        told = _("Välj vems koder som ska gälla.")
        raise RuleBroken(told, {"stands": told})
    said = rules.check_reason(reason)
    made = db.session.scalars(
        select(Resolution).where(Resolution.submission_id == submission.id, Resolution.span == span)
    ).first() or Resolution(unit_id=by.unit_id, submission_id=submission.id, span=span)
    made.stands_id = {"first": here.first, "second": here.second}.get(stands)
    made.reason, made.resolved_at, made.resolved_by_id = said, clock.now(), by.person_id
    db.session.add(made)
    db.session.flush()
    audit.note("finding.resolve", about=submission, span=span, stands=stands)
    return made
