"""What is asked of a node in a year by the goals above it, and what it has broken down under each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, or_

from chain.access import policy
from chain.base.db import db
from chain.goal import queries, rules
from chain.goal.models import Goal, GoalAssessment
from chain.organisation.models import Unit


@dataclass(frozen=True)
class Asked:
    """A goal above that asks something of a node, and what the node has broken down under it."""

    goal: Goal
    under: list[Goal]


@dataclass(frozen=True)
class Board:
    """A node's goals in a year. `loose`: own ones that break down nothing that holds; `national`: those that no level took up."""

    asked: list[Asked]
    national: list[Asked]
    loose: list[Goal]
    ended: list[Goal]
    own: list[Goal]
    assessed: dict[int, list[GoalAssessment]]  # by the goal's number, the newest first
    above: dict[int, list[Goal]] = field(default_factory=dict)  # what each own one breaks down

    @property
    def missing(self) -> list[Goal]:
        """The goals above that nothing of ours breaks down, national ones that stand aside not counted."""
        return [one.goal for one in self.asked if not any(each.state == "decided" for each in one.under)]


def of(unit: Unit, year: str, holder: policy.Holder | None) -> Board:
    """What is asked of a node in a year and what it has broken down: four statements, drafts only for whoever may read them.

    A goal above asks the node nearest below it that has not answered for all under it: one that a node between has broken down
    is asked through what that node made of it.
    """
    ours = and_(Goal.unit_id == unit.id, Goal.level != rules.NATIONAL)
    above = and_(Goal.path.in_([*policy.ancestors(unit.path), unit.path]), Goal.state == "decided", Goal.hidden.is_(False))
    found = list(
        db.session.scalars(policy.visible(holder, Goal).where(queries.holds(year), or_(ours, above)).options(*queries.WHOLE))
    )
    own = sorted((one for one in found if one.unit_id == unit.id and one.level != rules.NATIONAL), key=queries.in_order)
    mine = {one.id for one in own}
    higher = queries.for_forms((one for one in found if one.id not in mine), unit.school_forms)
    links = queries.links_of([one.id for one in found])
    asks = _asks(own, higher, links)
    aside = [one for one in asks if one.goal.level == rules.NATIONAL and not one.under and unit.level not in queries.PREPARED_FOR]
    known = {one.id: one for one in higher}
    return Board(
        asked=[one for one in asks if one not in aside],
        national=aside,
        loose=[one for one in own if one.state != "ended" and not any(each in known for each in links.get(one.id, []))],
        ended=[one for one in own if one.state == "ended"],
        own=own,
        assessed=queries.assessments(mine),
        above={one.id: [known[each] for each in links.get(one.id, []) if each in known] for one in own},
    )


def _asks(own: list[Goal], higher: list[Goal], links: Mapping[int, list[int]]) -> list[Asked]:
    """The goals above that ask the node itself, each with what it made of them: not those that a node between has broken down."""
    mine = {one.id for one in own}
    between = {above_id for goal_id, above_ids in links.items() if goal_id not in mine for above_id in above_ids}
    under: dict[int, list[Goal]] = {}
    for one in own:
        for above_id in links.get(one.id, []):
            under.setdefault(above_id, []).append(one)
    return [Asked(one, under.get(one.id, [])) for one in higher if one.id not in between or one.id in under]


def live(unit: Unit, year: str) -> ColumnElement[bool]:
    """The condition of a goal that is of interest at a node in a year: its own or of those above, the nation's not counted."""
    here = or_(Goal.unit_id == unit.id, Goal.path.in_(policy.ancestors(unit.path)))
    return and_(here, Goal.level != rules.NATIONAL, Goal.state != "ended", queries.holds(year))
