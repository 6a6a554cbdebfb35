"""Recording what the committee decided. A decision is never changed: a new one corrects it and says so."""

from datetime import date

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.matter import queries, rules
from chain.matter.models import Decision
from chain.organisation.models import Mandate, Unit


@atomic
def record(
    committee: Unit, *, decided_on: date, paragraph: str, registration_number: str, text: str, by: Mandate,
    about: Round | None = None, corrects: Decision | None = None,
) -> Decision:  # fmt: skip
    """Write down a decision as the minutes have it; `about` is the round whose report it answers."""
    lock(db.session(), f"decision:{committee.id}")
    number = rules.paragraph(paragraph)
    decision = Decision(
        public_id=random_name(), unit_id=committee.id, path=committee.path, decided_on=decided_on, paragraph=number,
        registration_number=registration_number.strip(), text=text.strip(), round_id=about.id if about else None,
        corrects_id=corrects.id if corrects else None, recorded_at=clock.now(), recorded_by_id=by.person_id,
    )  # fmt: skip
    guard.require(Action.RECORD, decision, by)
    rules.check(decided_on, number, registration_number, text, today=clock.today())
    if about and about.path != committee.path:
        raise RuleBroken(_("Uppföljningen hör till en annan nämnd."))
    decision.edition = _edition(decision, corrects)
    db.session.add(decision)
    db.session.flush()
    audit.note("matter.record", about=decision, corrects=corrects.public_id if corrects else None)
    return decision


def _edition(decision: Decision, corrects: Decision | None) -> int:
    """1 for a new paragraph; the next one for a correction of it."""
    if corrects and (corrects.unit_id != decision.unit_id or queries.correction(corrects)):
        raise RuleBroken(_("Beslutet är redan rättat. Rätta det som gäller nu."))
    same = (
        Decision.unit_id == decision.unit_id,
        Decision.decided_on == decision.decided_on,
        Decision.paragraph == decision.paragraph,
    )
    before = db.session.scalars(select(Decision).where(*same).order_by(Decision.edition.desc())).first()
    if before and (corrects is None or corrects.id != before.id):
        sentence = _("%(paragraph)s den dagen är redan inskriven. Rätta den i stället.", paragraph=decision.paragraph)
        raise RuleBroken(sentence, {"paragraph": sentence})
    return before.edition + 1 if before else 1
