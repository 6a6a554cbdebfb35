"""What hangs below the goals of a year: first as bare knots, to be counted and folded, and then in full what a page has room for.

A city has thousands of goals and measures, a page two hundred and fifty: the others are never read but for their names.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.base.db import db
from chain.base.locale import sort_key
from chain.cycle.models import Round, Year
from chain.goal import queries as goals
from chain.goal import rules as goal_rules
from chain.goal.models import Goal, GoalLink
from chain.goal.plan_models import Workplan, WorkplanEntry, WorkplanGoal
from chain.measure.models import Measure, Outcome
from chain.organisation.models import Mandate, Unit
from chain.thread import knots, rules
from chain.thread.rules import Knot, Strand

SEEN = ("open", "ended", "changed")  # measures that were handed up, and not taken back since
HOLDING = ("decided", "revised")  # plans that hold
STOOD = ("decided", "ended")  # goals that have been decided: what has ended since held in its years
MEASURE = (
    joinedload(Measure.unit).joinedload(Unit.parent),
    joinedload(Measure.responsible),
    joinedload(Measure.round).joinedload(Round.year),
    selectinload(Measure.outcomes).joinedload(Outcome.round).joinedload(Round.year),
)

Hanging = Mapping[int, Sequence[Strand]]


@dataclass(frozen=True)
class Tree:
    """A year's goals by number, as bare knots. `under`: which goals hang below each, in order; `tops`: those with none above."""

    goals: Mapping[int, Knot]
    tops: Sequence[int]
    under: Mapping[int, Sequence[int]]
    hanging: Hanging

    def below(self, number: int) -> tuple[Strand, ...]:
        """What hangs below a goal, told once."""
        return rules.once(self._below(number))

    @property
    def whole(self) -> tuple[Strand, ...]:
        """Everything from the top, told once; not the nation's goals that nobody has taken up."""
        found = (Strand(self.goals[one], self._below(one)) for one in self.tops)
        return rules.once(one for one in found if one.below or one.knot.level != goal_rules.NATIONAL)

    def _below(self, number: int) -> tuple[Strand, ...]:
        lower = (Strand(self.goals[one], self._below(one)) for one in self.under.get(number, ()))
        return (*lower, *self.hanging.get(number, ()))


def of_year(holder: Mandate, year: str) -> Tree:
    """What a reader sees of a year's goals and what is done about them: five statements, whatever the city."""
    stand = policy.where(holder, Goal), Goal.state.in_(STOOD), Goal.hidden.is_(False), goals.holds(year)
    asked = select(Goal.id, Goal.public_id, Goal.level, Goal.path, Goal.kind, Goal.title).where(*stand)
    rows = {one.id: one for one in sorted(db.session.execute(asked), key=_in_order)}
    under: dict[int, list[int]] = defaultdict(list)
    links = select(GoalLink.goal_id, GoalLink.above_id).where(GoalLink.goal_id.in_(asked.with_only_columns(Goal.id)))
    above: dict[int, list[int]] = defaultdict(list)
    for number, over in db.session.execute(links):
        above[number].append(over)
    for number in rows:
        for over in above[number]:
            under[over].append(number)
    tops = [number for number in rows if not any(over in rows for over in above[number])]
    made = {number: Knot("goal", one.public_id, one.title, level=one.level) for number, one in rows.items()}
    return Tree(made, tops, under, _hanging(holder, year))


def _in_order(row: Any) -> tuple[int, str, int, str]:
    return goal_rules.rank(row.level), row.path, goal_rules.KINDS.index(row.kind), sort_key(row.title)


def _hanging(holder: Mandate, year: str) -> Hanging:
    """By the goal that they are for: what plans say that they do, then measures with what came of them."""
    found: dict[int, list[Strand]] = defaultdict(list)
    held = Workplan.state.in_(HOLDING), Workplan.year == year, policy.where(holder, Workplan)
    planned = select(WorkplanGoal.goal_id, WorkplanEntry.id).join(WorkplanGoal.entry).join(WorkplanEntry.plan).where(*held)
    for goal_id, entry_id in db.session.execute(planned.order_by(Workplan.path, WorkplanEntry.position)):
        found[goal_id].append(Strand(Knot("plan", str(entry_id))))
    of_year = Round.year.has(Year.label == year)
    set_or_followed_up = or_(Measure.round.has(of_year), Measure.outcomes.any(Outcome.round.has(of_year)))
    aimed = policy.where(holder, Measure), Measure.goal_id.is_not(None), Measure.state.in_(SEEN), set_or_followed_up
    came: dict[int, list[Strand]] = defaultdict(list)
    outcomes = select(Outcome.id, Outcome.measure_id).where(Outcome.measure_id.in_(select(Measure.id).where(*aimed)))
    for outcome_id, measure_id in db.session.execute(outcomes.order_by(Outcome.id)):
        came[measure_id].append(Strand(Knot("outcome", str(outcome_id))))
    measures = select(Measure.id, Measure.public_id, Measure.goal_id).where(*aimed).order_by(Measure.path, Measure.id)
    for measure_id, public_id, aim in db.session.execute(measures):
        found[aim or 0].append(Strand(Knot("measure", public_id), tuple(came[measure_id])))
    return found


def filled(strands: Sequence[Strand], year: str) -> tuple[Strand, ...]:
    """The same with every knot read in full: what a page shows."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for one in rules.each(strands):
        wanted[one.knot.kind].add(one.knot.key)
    found = _read(wanted, year)

    def fill(one: Strand) -> Strand:
        whole = found[one.knot.kind, one.knot.key]
        return replace(one, knot=replace(whole, again=one.knot.again), below=tuple(fill(each) for each in one.below))

    return tuple(fill(one) for one in strands)


def _read(wanted: Mapping[str, set[str]], year: str) -> dict[tuple[str, str], Knot]:
    aims = select(Goal).where(Goal.public_id.in_(wanted["goal"])).options(*goals.WHOLE)
    does = select(WorkplanEntry).where(WorkplanEntry.id.in_(map(int, wanted["plan"])))
    does = does.options(joinedload(WorkplanEntry.plan).joinedload(Workplan.unit).joinedload(Unit.parent))
    set_ = select(Measure).where(Measure.public_id.in_(wanted["measure"])).options(*MEASURE)
    found = {("goal", one.public_id): knots.goal(one, year) for one in db.session.scalars(aims)}
    found |= {("plan", str(one.id)): knots.plan(one) for one in db.session.scalars(does)}
    for one in db.session.scalars(set_):
        found["measure", one.public_id] = knots.measure(one)
        found |= {("outcome", str(each.id)): knots.outcome(each) for each in one.outcomes}
    return found
