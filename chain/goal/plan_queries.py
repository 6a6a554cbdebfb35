"""Reads workplans: a unit's own through the years, those of every unit below, and the workshops while they are written."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.locale import sort_key
from chain.goal import plan_rules as rules
from chain.goal.models import Goal
from chain.goal.plan_models import Workplan, WorkplanComment, WorkplanEntry, WorkplanGoal, Workshop
from chain.organisation.models import Mandate, Unit

WHOLE = (
    joinedload(Workplan.unit),
    joinedload(Workplan.decided_by),
    selectinload(Workplan.entries).selectinload(WorkplanEntry.goals).joinedload(WorkplanGoal.goal).joinedload(Goal.unit),
    selectinload(Workplan.comments).joinedload(WorkplanComment.by),
)


def own(mandate: Mandate) -> list[Workplan]:
    """The plans of the mandate's own node that it may read, the newest year and edition first."""
    rows = policy.visible(mandate, Workplan).where(Workplan.unit_id == mandate.unit_id)
    return list(
        db.session.scalars(rows.options(joinedload(Workplan.unit)).order_by(Workplan.year.desc(), Workplan.edition.desc()))
    )


def of_parent(mandate: Mandate) -> list[Workplan]:
    """The plans that hold for the unit right above the mandate's node, the newest year first."""
    rows = policy.visible(mandate, Workplan).where(Workplan.unit_id == mandate.unit.parent_id, Workplan.state.in_(rules.HOLDING))
    return list(db.session.scalars(rows.options(joinedload(Workplan.unit)).order_by(Workplan.year.desc())))


def editions(plan: Workplan, holder: policy.Holder | None) -> list[Workplan]:
    """A plan's editions that the reader may read, the newest first."""
    rows = policy.visible(holder, Workplan).where(Workplan.unit_id == plan.unit_id, Workplan.year == plan.year)
    return list(db.session.scalars(rows.order_by(Workplan.edition.desc())))


def holding(unit_id: int, year: str) -> Workplan | None:
    """The edition that holds for a unit in a year; none while nothing has been decided."""
    rows = select(Workplan).where(Workplan.unit_id == unit_id, Workplan.year == year, Workplan.state.in_(rules.HOLDING))
    return db.session.scalars(rows).first()


def draft(unit_id: int, year: str) -> Workplan | None:
    """The edition that is being written, for those who write it."""
    rows = select(Workplan).where(Workplan.unit_id == unit_id, Workplan.year == year, Workplan.state == "draft")
    return db.session.scalars(rows).first()


def of_year(unit_id: int, year: str) -> list[Workplan]:
    """A unit's plans for a year that are being written or hold."""
    live = (Workplan.unit_id == unit_id, Workplan.year == year, Workplan.state != "replaced")
    return list(db.session.scalars(select(Workplan).where(*live).order_by(Workplan.edition.desc())))


def counts(mandate: Mandate, year: str) -> tuple[int, int]:
    """How many open units lie below, and how many of them have a plan that holds. One statement."""
    holds = and_(Workplan.unit_id == Unit.id, Workplan.year == year, Workplan.state.in_(rules.HOLDING))
    open_ = or_(Unit.closed_on.is_(None), Unit.closed_on > clock.today())
    wanted = select(func.count(Unit.id), func.count(Workplan.id)).select_from(Unit).outerjoin(Workplan, holds)
    units, plans = db.session.execute(
        wanted.where(policy.below(mandate.path, Unit.path), Unit.level == "unit", Unit.context.is_(False), open_)
    ).one()
    return units, plans


def latest_edition(unit_id: int, year: str) -> int:
    """The number of the latest edition, 0 when there is none."""
    rows = select(func.max(Workplan.edition)).where(Workplan.unit_id == unit_id, Workplan.year == year)
    return db.session.scalar(rows) or 0


@dataclass(frozen=True)
class Line:
    """A unit below with the plan that holds, or none: whether one is being written nobody above can tell."""

    unit: Unit
    area: str
    plan: Workplan | None
    entries: int
    comments: int

    @property
    def state(self) -> str:
        return self.plan.state if self.plan else "missing"


def under(mandate: Mandate, year: str) -> list[Line]:
    """Every open unit below with its plan for a year, those that lack one first. One statement."""
    parent = aliased(Unit)
    entries = select(func.count()).where(WorkplanEntry.workplan_id == Workplan.id).scalar_subquery()
    comments = select(func.count()).where(WorkplanComment.workplan_id == Workplan.id).scalar_subquery()
    read = and_(
        Workplan.unit_id == Unit.id, Workplan.year == year, policy.where(mandate, Workplan), Workplan.state.in_(rules.HOLDING)
    )
    rows = (
        select(Unit, parent.name, Workplan, entries, comments)
        .outerjoin(parent, Unit.parent_id == parent.id)
        .outerjoin(Workplan, read)
        .where(policy.below(mandate.path, Unit.path), Unit.level == "unit", Unit.context.is_(False))
    )
    found = [
        Line(unit, area or "", plan, n or 0, said or 0) for unit, area, plan, n, said in db.session.execute(rows) if unit.open
    ]
    return sorted(found, key=lambda one: (one.plan is not None, sort_key(one.area), sort_key(one.unit.name)))


def workshops(mandate: Mandate) -> list[Workshop]:
    """The workshops that the mandate reads, those to come first."""
    rows = db.session.scalars(policy.visible(mandate, Workshop).options(joinedload(Workshop.unit)))
    today = clock.today()
    return sorted(rows, key=lambda one: (one.held_on < today, abs((one.held_on - today).days), one.id))


def coming(mandate: Mandate) -> list[Workshop]:
    """Those that are planned and have not been."""
    return [one for one in workshops(mandate) if one.state == "planned" and one.held_on >= clock.today()]


def drawn_from(goal: Goal, holder: policy.Holder | None) -> list[tuple[Workplan, WorkplanEntry]]:
    """What holding plans say that was drawn from a goal, as far as the reader may see. One statement."""
    rows = (
        select(Workplan, WorkplanEntry)
        .join(WorkplanEntry, WorkplanEntry.workplan_id == Workplan.id)
        .join(WorkplanGoal, WorkplanGoal.entry_id == WorkplanEntry.id)
        .where(WorkplanGoal.goal_id == goal.id, Workplan.state.in_(rules.HOLDING), policy.where(holder, Workplan))
        .options(joinedload(Workplan.unit))
        .order_by(Workplan.year.desc(), Workplan.path, WorkplanEntry.position)
    )
    return [(plan, entry) for plan, entry in db.session.execute(rows).unique()]
