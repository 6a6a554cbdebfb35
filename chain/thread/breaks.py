"""Broken threads of a year: goals that nothing takes up, measures without goal or cause, and what nobody has answered.

Of what the reader may see, and each with who can mend it.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _
from chain.cycle.models import Round, Year
from chain.feedback.models import Delivery, Feedback
from chain.feedback.rules import WAITING
from chain.finding.models import Finding
from chain.goal import queries as goals
from chain.goal.models import Goal, GoalLink
from chain.goal.plan_models import Workplan, WorkplanEntry, WorkplanGoal
from chain.matter import queries as matter
from chain.matter.models import Decision
from chain.measure.models import Measure
from chain.organisation.models import Mandate
from chain.thread import knots
from chain.thread.queries import FINDING, HOLDING, MEASURE, SEEN, work
from chain.thread.rules import Break

LOWEST = ("unit", "group")  # whose goals become measures


def of_year(holder: Mandate, year: str) -> list[Break]:
    """Every broken thread of a year, in the order of the chain: six statements, whatever the city."""
    return [
        *_goals(holder, year), *_measures(holder, year), *_findings(holder, year), *_decisions(holder, year),
        *_feedback(holder, year),
    ]  # fmt: skip


def _goals(holder: Mandate, year: str) -> Iterator[Break]:
    """Decided goals under which the reader sees no goal, no plan and no measure.

    What the reader may not see mends nothing: else the list would tell that it is there. National ones stand aside: nobody here
    decided them.
    """
    sees_work = bool(work(holder))
    lower = policy.visible(holder, Goal).where(Goal.state == "decided").with_only_columns(Goal.id).correlate(None)
    taken = select(GoalLink.above_id).where(GoalLink.goal_id.in_(lower))
    plans = policy.where(holder, Workplan), Workplan.state.in_(HOLDING)
    planned = select(WorkplanGoal.goal_id).join(WorkplanGoal.entry).join(WorkplanEntry.plan).where(*plans)
    aimed = select(Measure.goal_id).where(policy.where(holder, Measure), Measure.goal_id.is_not(None), Measure.state.in_(SEEN))
    loose = policy.visible(holder, Goal).where(Goal.state == "decided", Goal.level != "national", goals.holds(year))
    asked = loose.where(*(Goal.id.not_in(each) for each in (taken, planned, aimed))).options(*goals.WHOLE)
    sentence = _("Inget mål, ingen plan och ingen åtgärd tar vid.") if sees_work else _("Inget mål på nivån under tar vid.")
    for one in sorted(db.session.scalars(asked), key=goals.in_order):
        if sees_work or one.level not in LOWEST:  # else what takes it up is not read here
            yield Break("goal", knots.goal(one), sentence, _who_takes_up(one))


def _who_takes_up(one: Goal) -> str:
    if one.level in LOWEST:
        return _("%(unit)s, med en åtgärd mot målet i nästa uppföljning", unit=one.unit.name)
    return _("nivån under %(unit)s, som kan bryta ner det till ett eget mål", unit=one.unit.name)


def _measures(holder: Mandate, year: str) -> Iterator[Break]:
    """Measures of the year that say no goal, or no cause."""
    asked = policy.visible(holder, Measure).join(Measure.round).join(Round.year).where(Year.label == year)
    asked = asked.where(Measure.state.in_(("open", "ended")), or_(Measure.goal_id.is_(None), Measure.cause == ""))
    for one in db.session.scalars(asked.options(*MEASURE).order_by(Measure.path, Measure.id)):
        who = _("%(unit)s, i nästa uppföljning", unit=one.unit.name)
        if one.goal_id is None:
            yield Break("measure", knots.measure(one), _("Åtgärden säger inte vilket mål den hör till."), who)
        if not one.cause:
            yield Break("cause", knots.measure(one), _("Åtgärden säger inte vilken orsak den ska göra något åt."), who)


def _findings(holder: Mandate, year: str) -> Iterator[Break]:
    asked = policy.visible(holder, Finding).where(Finding.state == "open", Finding.round.has(_of(year)))
    for one in db.session.scalars(asked.options(*FINDING).order_by(Finding.id)):
        who = _("Skolchefen, %(unit)s", unit=one.unit.name)
        yield Break("finding", knots.finding(one), _("Iakttagelsen har inget svar."), who)


def _decisions(holder: Mandate, year: str) -> Iterator[Break]:
    """Decisions about a round of the year that nothing has been said about down the chain."""
    said = exists().where(Feedback.about == Decision.public_id)
    asked = policy.visible(holder, Decision).where(Decision.round.has(_of(year)), matter.stands(), ~said)
    for one in db.session.scalars(asked.options(joinedload(Decision.unit)).order_by(Decision.decided_on, Decision.id)):
        who = _("Sekreteraren i %(unit)s, eller skolchefen", unit=one.unit.name)
        yield Break("decision", knots.decision(one), _("Beslutet har inte återkopplats till någon."), who)


def _feedback(holder: Mandate, year: str) -> Iterator[Break]:
    """What the reader's own level has said, whose day for answers passed in the year, and that somebody has left."""
    silent = select(func.count()).where(Delivery.feedback_id == Feedback.id, Delivery.state.in_(WAITING)).scalar_subquery()
    late = Feedback.state == "open", Feedback.due_on < clock.today(), silent > 0
    day = select(func.min(Year.starts_on)), select(func.max(Year.ends_on))
    starts, ends = (each.where(Year.label == year).scalar_subquery() for each in day)
    asked = select(Feedback, silent).where(policy.where(holder, Feedback), *late, Feedback.due_on.between(starts, ends))
    for one, count in db.session.execute(asked.options(joinedload(Feedback.unit)).order_by(Feedback.id)):
        sentence = _("%(n)s mottagare har inte svarat i tid.", n=count)
        yield Break("feedback", knots.feedback(one), sentence, _("De som har fått den, nivå för nivå"))


def _of(year: str) -> ColumnElement[bool]:
    return Round.year.has(Year.label == year)
