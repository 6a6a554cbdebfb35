"""What becomes of goals, plans and consultations when a unit ends or moves. Steps of organisation's acts."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from chain.access import policy
from chain.base import clock
from chain.base.audit import Actor
from chain.base.db import db, random_name
from chain.base.errors import RuleBroken
from chain.base.events import listen
from chain.base.locale import _
from chain.goal import queries, rules
from chain.goal.document_models import Consultation, GoverningDocument, GoverningVersion
from chain.goal.models import Goal, GoalLink
from chain.goal.plan_models import Workplan, Workshop
from chain.organisation.models import Unit
from chain.organisation.rules import Waiting

MOVES_ALONG = (Goal, GoverningDocument, Workplan, Workshop, Consultation)  # what stands where its unit stands today


@listen("unit_ending", "goal")
def unit_ending(*, unit: Unit, successor: Unit | None, reason: str, by: Actor | None, **more: Any) -> None:
    """A unit ends: its decided goals go to the unit that takes over, or end with the reason; refused when there is neither.

    Its documents are no longer in force, nobody waits for its answers, and its drafts stay where nobody reads them any more.
    """
    successor = more.get("heirs", {}).get("goal", successor)
    live = _live(unit)
    if live and not successor and not reason.strip():
        raise RuleBroken(
            _(
                "%(unit)s har %(n)s beslutade mål. Säg vilken enhet som tar över dem, eller varför de avslutas.",
                unit=unit.name,
                n=len(live),
            )
        )
    for goal in live:
        heir = _hand_over(goal, successor) if successor else None
        goal.state, goal.ended_on = "ended", clock.today()
        goal.end_reason = _("Överlämnat till %(unit)s.", unit=successor.name) if successor and heir else reason.strip()
    _close_documents(unit)
    _stop_asking(unit)


@listen("unit_to_end", "goal")
def unit_to_end(*, unit: Unit, found: list[Waiting], **_more: Any) -> None:
    """Its decided goals, and the consultations that wait for its answer."""
    if live := _live(unit):
        found.append(Waiting("goal", _("Beslutade mål"), len(live)))
    if asked := _asked(unit):
        names = tuple(dict.fromkeys(one.unit.name for one in asked))
        found.append(
            Waiting("goal", _("Samråd som väntar på svar"), len(asked), names, chooses=False, to=_("avslutas utan svar"))
        )


@listen("unit_moved", "goal")
def unit_moved(*, unit: Unit, by: Actor | None, **_more: Any) -> None:
    """A unit has moved with all below it: its goals, documents and plans are read where it stands now."""
    moved = select(Unit).where(or_(Unit.path == unit.path, policy.below(unit.path, Unit.path)))
    paths = {one.id: one for one in db.session.scalars(moved)}
    for model in MOVES_ALONG:
        kind: Any = model
        for thing in db.session.scalars(select(kind).where(kind.unit_id.in_(paths))):
            stands = paths[thing.unit_id]
            thing.path = stands.path
            if isinstance(thing, Goal | Workplan):
                thing.ceiling = rules.ceiling(stands.path, stands.level)
    db.session.flush()
    _loosen(list(paths))


def _loosen(unit_ids: list[int]) -> None:
    """Goals that moved no longer break down what stood above them before: those links go, and the goal says that it is loose."""
    links = select(GoalLink).join(Goal, GoalLink.goal_id == Goal.id).where(Goal.unit_id.in_(unit_ids))
    for link in db.session.scalars(links.options(selectinload(GoalLink.goal), selectinload(GoalLink.above))):
        above = queries.as_above([link.above])[0]
        if not rules.may_break_down(link.goal.path, link.goal.level, above):
            db.session.delete(link)


def _live(unit: Unit) -> list[Goal]:
    rows = select(Goal).where(Goal.unit_id == unit.id, Goal.state == "decided", Goal.level != rules.NATIONAL)
    return list(db.session.scalars(rows.order_by(Goal.id)))


def _hand_over(goal: Goal, unit: Unit) -> Goal:
    """The same goal at the successor, with its place in the thread; how it went stays with the one that ended."""
    parts = (
        "kind", "title", "text", "school_forms", "owner_id", "valid_from", "valid_to", "indicator", "subject", "year_group",
        "target", "direction", "edition", "decided_on", "reference",
    )  # fmt: skip
    heir = Goal(
        public_id=random_name(), unit_id=unit.id, path=unit.path, level=unit.level, state="decided", follows_id=goal.id,
        ceiling=rules.ceiling(unit.path, unit.level), **{part: getattr(goal, part) for part in parts},
    )  # fmt: skip
    db.session.add(heir)
    heir.up = [
        GoalLink(above=link.above) for link in goal.up
        if rules.may_break_down(heir.path, heir.level, queries.as_above([link.above])[0])
    ]  # fmt: skip
    db.session.flush()
    for link in db.session.scalars(select(GoalLink).where(GoalLink.above_id == goal.id)):
        if rules.may_break_down(link.goal.path, link.goal.level, queries.as_above([heir])[0]):
            link.above_id = heir.id
    return heir


def _close_documents(unit: Unit) -> None:
    for document in db.session.scalars(
        select(GoverningDocument).where(GoverningDocument.unit_id == unit.id, GoverningDocument.state == "adopted")
    ):
        document.state, document.withdrawn_on = "withdrawn", clock.today()
        document.reason = _("%(unit)s har upphört.", unit=unit.name)
        for version in document.versions:
            if version.state == "adopted":
                version.state = "withdrawn"


def _asked(unit: Unit) -> list[Consultation]:
    rows = select(Consultation).where(Consultation.receiver_id == unit.id, Consultation.state == "asked")
    return list(db.session.scalars(rows.options(selectinload(Consultation.unit))))


def _stop_asking(unit: Unit) -> None:
    """Nobody waits for an answer that cannot come; a version that waited for this one alone has been consulted."""
    out = select(Consultation).where(Consultation.state == "asked")
    theirs = or_(Consultation.receiver_id == unit.id, Consultation.unit_id == unit.id)
    versions = {one.version_id for one in db.session.scalars(out.where(theirs))}
    for one in db.session.scalars(out.where(theirs)):
        one.state = "closed"
    db.session.flush()
    for version in db.session.scalars(select(GoverningVersion).where(GoverningVersion.id.in_(versions))):
        if version.state == "consulting" and all(one.state != "asked" for one in version.consultations):
            version.state = "consulted"
