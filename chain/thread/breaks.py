"""Broken threads of a year: goals that nothing takes up, measures without goal or cause, and what nobody has answered.

Of what the reader may see, and each with who can mend it. A statement for each kind, whatever the city: a page of each is read,
and how many there are in all.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
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
from chain.goal import rules as goal_rules
from chain.goal.models import Goal, GoalLink
from chain.goal.plan_models import Workplan, WorkplanEntry, WorkplanGoal
from chain.matter import queries as matter
from chain.matter.models import Decision
from chain.measure.models import Measure
from chain.organisation.models import Mandate, Unit
from chain.thread import knots
from chain.thread.queries import FINDING, work
from chain.thread.rules import Break, Breaks
from chain.thread.tree import HOLDING, SEEN

LOWEST = ("unit", "group")  # whose goals become measures
SOME, PAGE = 25, 100  # of a kind: where all kinds are told, and on a page of its own
MEASURE = (
    joinedload(Measure.unit).joinedload(Unit.parent),
    joinedload(Measure.responsible),
    joinedload(Measure.round).joinedload(Round.year),
)

Told = tuple[Select[Any], Callable[..., Break]]  # what is asked for, and what each row of it tells


def of_year(holder: Mandate, year: str, most: int = SOME) -> list[Breaks]:
    """The broken threads of a year kind by kind, in the order of the chain; a kind without any is left out."""
    found = (of_kind(holder, year, kind, most=most) for kind in KINDS)
    return [one for one in found if one.number]


def of_kind(holder: Mandate, year: str, kind: str, *, most: int = PAGE, page: int = 1) -> Breaks:
    """A page (from 1) of those of one kind, and how many there are in all."""
    asked, told = KINDS[kind](holder, year)
    rows = db.session.execute(asked.add_columns(func.count().over()).limit(most).offset(most * (page - 1))).all()
    return Breaks(kind, tuple(told(*row[:-1]) for row in rows), rows[0][-1] if rows else 0)


def _goals(holder: Mandate, year: str) -> Told:
    """Decided goals under which the reader sees no goal, no plan and no measure.

    What the reader may not see mends nothing: else the list would tell that it is there. National ones stand aside: nobody here
    decided them. Where plans and measures are not read, nothing is said of goals that they alone take up.
    """
    sees_work = bool(work(holder))
    lower = policy.visible(holder, Goal).where(Goal.state == "decided").with_only_columns(Goal.id).correlate(None)
    taken = select(GoalLink.above_id).where(GoalLink.goal_id.in_(lower))
    plans = policy.where(holder, Workplan), Workplan.state.in_(HOLDING)
    planned = select(WorkplanGoal.goal_id).join(WorkplanGoal.entry).join(WorkplanEntry.plan).where(*plans)
    aimed = select(Measure.goal_id).where(policy.where(holder, Measure), Measure.goal_id.is_not(None), Measure.state.in_(SEEN))
    loose = policy.visible(holder, Goal).where(Goal.state == "decided", Goal.level != goal_rules.NATIONAL, goals.holds(year))
    loose = loose.where(*(Goal.id.not_in(each) for each in (taken, planned, aimed)))
    if not sees_work:
        loose = loose.where(Goal.level.not_in(LOWEST))
    sentence = _("Inget mål, ingen plan och ingen åtgärd tar vid.") if sees_work else _("Inget mål på nivån under tar vid.")
    asked = loose.options(*goals.WHOLE).order_by(Goal.path, Goal.id)
    return asked, lambda one: Break("goal", knots.goal(one), sentence, _who_takes_up(one))


def _who_takes_up(one: Goal) -> str:
    if one.level in LOWEST:
        return _("%(unit)s, med en åtgärd mot målet i nästa uppföljning", unit=one.unit.name)
    return _("nivån under %(unit)s, som kan bryta ner det till ett eget mål", unit=one.unit.name)


def _without_goal(holder: Mandate, year: str) -> Told:
    sentence = _("Åtgärden säger inte vilket mål den hör till.")
    return _measures(holder, year, Measure.goal_id.is_(None)), lambda one: _lacks("measure", one, sentence)


def _without_cause(holder: Mandate, year: str) -> Told:
    sentence = _("Åtgärden säger inte vilken orsak den ska göra något åt.")
    return _measures(holder, year, Measure.cause == ""), lambda one: _lacks("cause", one, sentence)


def _measures(holder: Mandate, year: str, lacks: ColumnElement[bool]) -> Select[Any]:
    """Measures of the year that lack something."""
    asked = policy.visible(holder, Measure).join(Measure.round).join(Round.year).where(Year.label == year)
    return asked.where(Measure.state.in_(("open", "ended")), lacks).options(*MEASURE).order_by(Measure.path, Measure.id)


def _lacks(kind: str, one: Measure, sentence: str) -> Break:
    next_time = _("%(unit)s, i nästa uppföljning", unit=one.unit.name)
    who = next_time if one.state == "open" else _("ingen längre: åtgärden är avslutad")
    return Break(kind, knots.measure(one), sentence, who)


def _findings(holder: Mandate, year: str) -> Told:
    asked = policy.visible(holder, Finding).where(Finding.state == "open", Finding.round.has(_of(year)))

    def told(one: Finding) -> Break:
        who = _("Skolchefen, %(unit)s", unit=one.unit.name)
        return Break("finding", knots.finding(one), _("Iakttagelsen har inget svar."), who)

    return asked.options(*FINDING).order_by(Finding.id), told


def _decisions(holder: Mandate, year: str) -> Told:
    """Decisions about a round of the year that nothing has been said about down the chain."""
    said = exists().where(Feedback.about == Decision.public_id)
    asked = policy.visible(holder, Decision).where(Decision.round.has(_of(year)), matter.stands(), ~said)

    def told(one: Decision) -> Break:
        who = _("Sekreteraren i %(unit)s, eller skolchefen", unit=one.unit.name)
        return Break("decision", knots.decision(one), _("Beslutet har inte återkopplats till någon."), who)

    return asked.options(joinedload(Decision.unit)).order_by(Decision.decided_on, Decision.id), told


def _feedback(holder: Mandate, year: str) -> Told:
    """What the reader's own level has said, whose day for answers passed in the year, and that somebody has left."""
    silent = select(func.count()).where(Delivery.feedback_id == Feedback.id, Delivery.state.in_(WAITING)).scalar_subquery()
    late = Feedback.state == "open", Feedback.due_on < clock.today(), silent > 0
    day = select(func.min(Year.starts_on)), select(func.max(Year.ends_on))
    starts, ends = (each.where(Year.label == year).scalar_subquery() for each in day)
    asked = select(Feedback, silent).where(policy.where(holder, Feedback), *late, Feedback.due_on.between(starts, ends))

    def told(one: Feedback, count: int) -> Break:
        sentence = _("%(n)s mottagare har inte svarat i tid.", n=count)
        return Break("feedback", knots.feedback(one), sentence, _("De som har fått den, nivå för nivå"))

    return asked.options(joinedload(Feedback.unit)).order_by(Feedback.id), told


def _of(year: str) -> ColumnElement[bool]:
    return Round.year.has(Year.label == year)


KINDS: dict[str, Callable[[Mandate, str], Told]] = {
    "goal": _goals, "measure": _without_goal, "cause": _without_cause, "finding": _findings, "decision": _decisions,
    "feedback": _feedback,
}  # fmt: skip
