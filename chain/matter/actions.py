"""Recording what the committee decided, with all that follows at once. A decision is never changed: a new one corrects it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import or_, select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, events
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.matter import (
    assignment_actions,
    matter_actions,
    matter_queries,
    meeting_actions,
    meeting_queries,
    queries,
    rules,
)
from chain.matter.assignment_actions import Verdict
from chain.matter.assignment_rules import Asked
from chain.matter.models import Assignment, Decision, Matter
from chain.organisation.models import Mandate, Unit

OUTCOMES = ("decide", "refer_back", "postpone")  # what a decision does with its matter: settles it, sends it back, puts it off


@atomic
def record(
    committee: Unit, *, decided_on: date, paragraph: str, registration_number: str, text: str, by: Mandate,
    about: Round | None = None, corrects: Decision | None = None, matter: Matter | None = None, outcome: str = "decide",
    asks: Sequence[Asked] = (), verdicts: Sequence[Verdict] = (), sent: Mapping[str, Sequence[str]] | None = None,
) -> Decision:  # fmt: skip
    """Write down a decision as the minutes have it; it belongs to the meeting of that day, if the calendar has one.

    `about` is the round whose report it answers. In its `matter` it gives assignments (`asks`) and judges what was reported
    (`verdicts`). `sent` is what the form sent along for later links, such as what is said down the chain: {field: values}.
    """
    lock(db.session(), f"matter:{committee.id}")
    number = rules.paragraph(paragraph)
    decision = Decision(
        public_id=random_name(), unit_id=committee.id, path=committee.path, decided_on=decided_on, paragraph=number,
        registration_number=rules.registration(registration_number), text=text.strip(), round_id=about.id if about else None,
        corrects_id=corrects.id if corrects else None, recorded_at=clock.now(), recorded_by_id=by.person_id,
    )  # fmt: skip
    guard.require(Action.RECORD, decision, by)
    rules.check(decided_on, number, registration_number, text, today=clock.today())
    if about and about.path != committee.path:
        raise RuleBroken(_("Uppföljningen hör till en annan nämnd."))
    decision.edition = _edition(decision, corrects)
    decision.meeting = meeting_queries.on(committee.id, decided_on)
    _file(decision, matter, corrects, outcome, by)
    _ask_and_judge(decision, asks, verdicts, by)
    audit.note("matter.record", about=decision, corrects=corrects.public_id if corrects else None)
    events.tell("decision_recorded", decision=decision, sent=sent or {}, by=by)
    return decision


def _file(decision: Decision, matter: Matter | None, corrects: Decision | None, outcome: str, by: Mandate) -> None:
    """Keep it in its matter, which goes on by it; a correction within the same matter does nothing to that anew."""
    if matter is not None:
        _check_matter(matter, decision)
    goes_on = matter is not None and (corrects is None or corrects.matter_id != matter.id)
    if matter is not None and goes_on and outcome == "postpone":
        _put_off(matter, decision, by)
    decision.matter = matter
    db.session.add(decision)
    db.session.flush()
    if matter is not None and goes_on and outcome != "postpone":
        _decide(matter, decision, outcome, by)
    if corrects:
        _carry_over(corrects, decision)


def _ask_and_judge(decision: Decision, asks: Sequence[Asked], verdicts: Sequence[Verdict], by: Mandate) -> None:
    for asked in asks:
        with _named(asked.row):
            assignment_actions.give(decision, asked.text, asked.due_on, by=by)
    for verdict in verdicts:
        with _named(verdict.row):
            assignment_actions.judge(verdict, decision, by=by)


@contextmanager
def _named(row: str) -> Iterator[None]:
    """What is wrong with one of several is told at its own row of the form; what is wrong with the matter, at the matter."""
    try:
        yield
    except RuleBroken as no:
        problems = {f"{row}-{name}" if row and name != "matter" else name: sentence for name, sentence in no.problems.items()}
        raise RuleBroken(no.sentence, problems) from no


def _check_matter(matter: Matter, decision: Decision) -> None:
    sentence = ""
    if matter.unit_id != decision.unit_id:
        sentence = _("Ärendet hör till en annan nämnd.")
    elif matter.state == "closed":
        sentence = _("Ärendet är avslutat. Öppna det igen, eller välj ett annat.")
    if sentence:
        raise RuleBroken(sentence, {"matter": sentence})


def _decide(matter: Matter, decision: Decision, outcome: str, by: Mandate) -> None:
    """The matter was taken up at the meeting, and is settled or goes back to work; without a number it gets the decision's."""
    if outcome not in OUTCOMES:
        raise RuleBroken(_("Välj vad beslutet gör med ärendet."), {"outcome": _("Välj vad beslutet gör med ärendet.")})
    if decision.meeting is not None:
        meeting_actions.take_up(decision.meeting, matter, by=by)
    said = decision.text if outcome == "refer_back" else ""
    matter_actions.go(matter, outcome, by=by, words=said, decision=decision, meeting=decision.meeting)
    if not matter.registration_number and not matter_queries.numbered(matter.unit_id, decision.registration_number):
        matter.registration_number = decision.registration_number


def _put_off(matter: Matter, decision: Decision, by: Mandate) -> None:
    """The committee has put it off: it goes on to the next meeting."""
    if decision.meeting is None:
        sentence = _("Ett ärende bordläggs till nästa sammanträde, men dagen finns inte i kalendern. Lägg in sammanträdet först.")
        raise RuleBroken(sentence, {"outcome": sentence})
    meeting_actions.take_up(decision.meeting, matter, by=by)
    meeting_actions.postpone(decision.meeting, matter, by=by, words=decision.text)


def _carry_over(old: Decision, new: Decision) -> None:
    """What a decision gave and closed follows the edition that stands."""
    here = or_(Assignment.decision_id == old.id, Assignment.closed_by_id == old.id)
    for one in db.session.scalars(select(Assignment).where(here)):
        if new.matter_id is None or (one.decision_id == old.id and one.matter_id != new.matter_id):
            sentence = _("Uppdrag hör till beslutet, så det kan inte byta ärende.")
            raise RuleBroken(sentence, {"matter": sentence})
        if one.decision_id == old.id:
            one.decision = new
        if one.closed_by_id == old.id:
            one.closed_by, one.closed_on = new, new.decided_on
    db.session.flush()


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
