"""Says how far goals are reached, in a round or in a year as a whole; corrected by a new version beside the first."""

from collections.abc import Mapping

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _, day
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.goal import queries, rules
from chain.goal.models import Goal, GoalAssessment
from chain.organisation.models import Mandate


@atomic
def assess(
    goals: Mapping[Goal, tuple[str, str]], *, year: str, by: Mandate, round: Round | None = None
) -> list[GoalAssessment]:  # fmt: skip
    """Say how far each of some goals is reached, in a round or in a year as a whole: {goal: (verdict, reasons)}.

    What says the same as before is left alone; what says something else is a new version beside the old one. All or nothing.
    """
    number = round.number if round else rules.WHOLE_YEAR
    faults: dict[str, str] = {}
    for goal, (verdict, reasons) in goals.items():
        guard.require(Action.ANSWER, goal, by)
        _may_be_assessed(goal, year, round)
        for name, sentence in rules.check_assessment(verdict, reasons).items():
            faults[f"{name}-{goal.public_id}"] = sentence
    if faults:
        raise RuleBroken(next(iter(faults.values())), faults)
    lock(db.session(), f"goal assess {by.path}")
    before = queries.said(goals, year, number)
    made = [
        _assessed(goal, year, round, verdict, reasons.strip(), before.get(goal.id), by)
        for goal, (verdict, reasons) in goals.items()
        if goal.id not in before or (before[goal.id].verdict, before[goal.id].reasons) != (verdict, reasons.strip())
    ]
    db.session.add_all(made)
    audit.note("goal.assess", about=round, year=year, number=number, count=len(made))
    return made


def _assessed(
    goal: Goal, year: str, round: Round | None, verdict: str, reasons: str, before: GoalAssessment | None, by: Mandate
) -> GoalAssessment:  # fmt: skip
    return GoalAssessment(
        goal_id=goal.id, year=year, number=round.number if round else rules.WHOLE_YEAR, round_id=round.id if round else None,
        version=before.version + 1 if before else 1, verdict=verdict, reasons=reasons, at=clock.now(), by_id=by.person_id,
        by_role=str(by.role),
    )  # fmt: skip


def _may_be_assessed(goal: Goal, year: str, round: Round | None) -> None:
    if goal.level == rules.NATIONAL or goal.state == "draft":
        raise RuleBroken(_("Bedöm de mål som nivån själv har beslutat."))
    if round is None:
        if not goal.valid_from <= year <= (goal.valid_to or year):
            raise RuleBroken(_("”%(title)s” gällde inte %(year)s.", title=goal.name, year=year))
        return
    if not rules.by_rounds(goal.level) or not goal.path.startswith(round.path):
        raise RuleBroken(_("Kommunens mål bedöms för året som helhet."))
    if round.opened_at is None:
        raise RuleBroken(_("Uppföljningen öppnar %(day)s. Bedöm målen då.", day=day(round.opens_on)))
