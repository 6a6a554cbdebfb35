"""Reads goals: what a node can refer to, what is asked of it, and how they hang together. Constant in statements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import sort_key, sorted_by_name
from chain.cycle import queries as cycle
from chain.cycle import rules as years
from chain.cycle.models import Round, Year
from chain.goal import rules, shipped
from chain.goal.models import Goal, GoalAssessment, GoalEdition, GoalLink
from chain.organisation.models import Mandate, Person, Unit
from chain.organisation.queries import holding

WHOLE = (joinedload(Goal.unit), joinedload(Goal.owner))
HEADS = (Role.PRINCIPAL, Role.DEPUTY, Role.AREA_HEAD, Role.OFFICER, Role.DIRECTOR)
PREPARED_FOR = ("municipality", "committee")  # levels whose goals are written a level below


def choosable(path: str, year: str, school_forms: Iterable[str] = ()) -> list[Goal]:
    """The goals that a node can refer to in a year: decided, valid then, its own and those of every node above it.

    In the order of the chain, national ones first, knowledge before values. `school_forms`: those of the node; goals of other
    forms are left out (none given: all are meant). One statement.
    """
    here = (Goal.path.in_([*policy.ancestors(path), path]), Goal.state == "decided", Goal.hidden.is_(False), holds(year))
    return for_forms(db.session.scalars(select(Goal).where(*here).options(*WHOLE)), school_forms)


def for_forms(goals: Iterable[Goal], school_forms: Iterable[str]) -> list[Goal]:
    """Those that concern a node with these school forms (none given: all), in the order of the chain."""
    forms = set(school_forms)
    return sorted((one for one in goals if not forms or not one.school_forms or forms & set(one.school_forms)), key=in_order)


def holds(year: str) -> ColumnElement[bool]:
    """The condition of a goal that is valid in a year, by its label."""
    return and_(Goal.valid_from <= year, or_(Goal.valid_to.is_(None), Goal.valid_to >= year))


def in_order(goal: Goal) -> tuple[int, str, int, str]:
    """The order of the chain: from the nation down, knowledge before values, by the alphabet."""
    return rules.rank(goal.level), goal.path, rules.KINDS.index(goal.kind), sort_key(goal.name)


# What hangs together


def links_of(goal_ids: Collection[int]) -> dict[int, list[int]]:
    """What each of some goals breaks down, by number. One statement."""
    found: dict[int, list[int]] = {}
    rows = db.session.execute(select(GoalLink.goal_id, GoalLink.above_id).where(GoalLink.goal_id.in_(goal_ids)))
    for goal_id, above_id in rows.all() if goal_ids else ():
        found.setdefault(goal_id, []).append(above_id)
    return found


def assessments(goal_ids: Collection[int]) -> dict[int, list[GoalAssessment]]:
    """What is said of each goal, the newest first; of a round that was assessed anew, the latest version. One statement."""
    rows = select(GoalAssessment).where(GoalAssessment.goal_id.in_(goal_ids)).order_by(GoalAssessment.version)
    right: dict[tuple[int, str, int], GoalAssessment] = {}
    if goal_ids:
        found = db.session.scalars(rows.options(joinedload(GoalAssessment.by), joinedload(GoalAssessment.round)))
        right = {(one.goal_id, one.year, one.number): one for one in found}
    told: dict[int, list[GoalAssessment]] = {}
    for one in sorted(right.values(), key=lambda each: (each.year, each.number or 99), reverse=True):
        told.setdefault(one.goal_id, []).append(one)
    return told


# One goal


@dataclass(frozen=True)
class Branch:
    """A goal with those that break it down, as far as the reader may see."""

    goal: Goal
    below: list["Branch"]

    @property
    def size(self) -> int:
        """How many stand below."""
        return sum(1 + one.size for one in self.below)


def below(goal: Goal, holder: policy.Holder | None) -> list[Branch]:
    """What breaks a goal down, level by level, as far as the reader may see: three statements, whatever the depth."""
    first = select(GoalLink.goal_id, GoalLink.above_id).where(GoalLink.above_id == goal.id).cte("under", recursive=True)
    further = select(GoalLink.goal_id, GoalLink.above_id).join(first, GoalLink.above_id == first.c.goal_id)
    pairs = {(one, above) for one, above in db.session.execute(select(first.union(further)))}
    found = read({one for one, _above in pairs}, holder)
    under: dict[int, list[int]] = {}
    for one, above in pairs:
        under.setdefault(above, []).append(one)

    def branches(number: int) -> list[Branch]:
        goals = sorted((found[one] for one in under.get(number, []) if one in found), key=in_order)
        return [Branch(one, branches(one.id)) for one in goals]

    return branches(goal.id)


def above(goal: Goal, holder: policy.Holder | None) -> list[Goal]:
    """All that a goal goes back to, from the nation down: two statements, whatever the height."""
    first = select(GoalLink.above_id).where(GoalLink.goal_id == goal.id).cte("over", recursive=True)
    further = select(GoalLink.above_id).join(first, GoalLink.goal_id == first.c.above_id)
    numbers = set(db.session.scalars(select(first.union(further).c.above_id)))
    return sorted(read(numbers, holder).values(), key=in_order)


def read(numbers: Collection[int], holder: policy.Holder | None) -> dict[int, Goal]:
    """Some goals by their numbers, those that the reader may read. One statement."""
    if not numbers:
        return {}
    rows = policy.visible(holder, Goal).where(Goal.id.in_(numbers)).options(*WHOLE)
    return {one.id: one for one in db.session.scalars(rows)}


def breaks_down(goal: Goal) -> list[Goal]:
    """The goals right above it, in the order of the chain."""
    rows = select(Goal).join(GoalLink, GoalLink.above_id == Goal.id).where(GoalLink.goal_id == goal.id)
    return sorted(db.session.scalars(rows.options(*WHOLE)), key=in_order)


def editions(goal: Goal) -> list[GoalEdition]:
    """Its words through the years, the newest first."""
    rows = select(GoalEdition).where(GoalEdition.goal_id == goal.id).options(joinedload(GoalEdition.by))
    return list(db.session.scalars(rows.order_by(GoalEdition.number.desc())))


def every_assessment(goal: Goal) -> list[GoalAssessment]:
    """All that was said of it, also what was corrected; the newest first."""
    rows = select(GoalAssessment).where(GoalAssessment.goal_id == goal.id)
    rows = rows.options(joinedload(GoalAssessment.by), joinedload(GoalAssessment.round).joinedload(Round.year))
    return list(db.session.scalars(rows.order_by(GoalAssessment.year.desc(), GoalAssessment.id.desc())))


# What a form can choose


def nodes(mandate: Mandate) -> list[Unit]:
    """The nodes whose goals the mandate writes: its own, and the committee and the municipality above, which have no writers."""
    wanted = [*policy.ancestors(mandate.path), mandate.path]
    rows = db.session.scalars(select(Unit).where(Unit.path.in_(wanted)))
    return sorted((one for one in rows if writes(mandate, one)), key=lambda one: -len(one.path))


def writes(mandate: Mandate, unit: Unit) -> bool:
    """Whether the mandate writes a node's goals."""
    here = unit.id == mandate.unit_id or (unit.level in PREPARED_FOR and mandate.path.startswith(unit.path))
    return here and mandate.role in rules.WRITES.get(unit.level, "").split()


def owners(unit: Unit) -> list[Person]:
    """Who can be responsible for a goal of a node: those with a mandate there, and below it the heads, or in a unit everybody."""
    wide = or_(Mandate.path == unit.path, policy.below(unit.path, Mandate.path))
    who = Mandate.role != Role.STEWARD
    if unit.level not in ("unit", "group"):
        who = and_(who, or_(Mandate.path == unit.path, Mandate.role.in_(HEADS)))
    holders = select(Mandate.person_id).where(wide, who, holding(clock.today()))
    return sorted_by_name(db.session.scalars(select(Person).where(Person.id.in_(holders), Person.ended_at.is_(None))))


def to_break_down(unit: Unit, year: str) -> list[Goal]:
    """The goals above that a goal of a node can break down in a year, in the order of the chain."""
    found = choosable(unit.path, year, unit.school_forms)
    return [one for one in found if rules.may_break_down(unit.path, unit.level, _above(one))]


def _above(goal: Goal) -> rules.Above:
    return rules.Above(goal.path, goal.level, goal.state, goal.name)


def as_above(goals: Iterable[Goal]) -> list[rules.Above]:
    """As much of some goals as the rules ask for."""
    return [_above(one) for one in goals]


def labels(unit: Unit) -> list[str]:
    """The years that a node's goals can hold in, the earliest first: those of its committees, and two more."""
    near = or_(Year.path.in_([*policy.ancestors(unit.path), unit.path]), policy.below(unit.path, Year.path))
    known = sorted(set(db.session.scalars(select(Year.label).where(near)))) or [years.label_on(clock.today())]
    last = next((one for one in reversed(known) if "/" in one), known[-1])
    more = [years.next_label(last), years.next_label(years.next_label(last))]
    return list(dict.fromkeys([*known, *more]))


def this_year(path: str) -> str:
    """The label of the year that is going on at a node: its newest opened round's, else the one that today lies in."""
    found = cycle.current(path)
    return found.year.label if found else years.label_on(clock.today())


def newest_year(path: str) -> Year | None:
    """The newest planned year at or above a node, or below one that has none of its own."""
    over = select(Year).where(Year.path.in_([*policy.ancestors(path), path])).order_by(Year.starts_on.desc()).limit(1)
    return db.session.scalars(over).first() or db.session.scalars(
        select(Year).where(policy.below(path, Year.path)).order_by(Year.starts_on.desc()).limit(1)
    ).first()  # fmt: skip


def national(municipality_id: int) -> list[Goal]:
    """The municipality's national goals, hidden ones too, in order."""
    rows = select(Goal).where(Goal.unit_id == municipality_id, Goal.level == rules.NATIONAL)
    return sorted(db.session.scalars(rows), key=in_order)


def used(goals: Iterable[Goal], holder: policy.Holder | None = None) -> dict[int, int]:
    """How many decided goals break each of some down, of all or of those that somebody reads. One statement."""
    numbers = [one.id for one in goals]
    rows = select(GoalLink.above_id).join(Goal, Goal.id == GoalLink.goal_id)
    rows = rows.where(GoalLink.above_id.in_(numbers), Goal.state == "decided")
    if holder is not None:
        rows = rows.where(policy.where(holder, Goal))
    counted: dict[int, int] = dict.fromkeys(numbers, 0)
    for above_id in db.session.scalars(rows):
        counted[above_id] += 1
    return counted


# To be assessed


def to_assess(unit: Unit, year: str, holder: policy.Holder | None) -> list[Goal]:
    """A node's own decided goals that hold in a year and that the mandate may say something of, in order."""
    rows = policy.visible(holder, Goal, Action.ANSWER).where(
        Goal.unit_id == unit.id, Goal.level != rules.NATIONAL, Goal.state == "decided", holds(year)
    )
    return sorted(db.session.scalars(rows.options(*WHOLE)), key=in_order)


def said(goals: Iterable[Goal], year: str, number: int) -> Mapping[int, GoalAssessment]:
    """What is said of each of some goals in a round, or (0) in the year as a whole."""
    found = assessments([one.id for one in goals])
    return {
        key: one for key, each in found.items() for one in each if (one.year, one.number) == (year, number)
    }  # fmt: skip


def not_adopted(goals: Iterable[Goal]) -> int:
    """How many shipped national goals the municipality does not have yet."""
    return len(set(shipped.goals()) - {one.key for one in goals})
