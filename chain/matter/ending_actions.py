"""What becomes of a committee's matters and assignments when the committee, or the administration that works on them, ends."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from chain.base import clock
from chain.base.audit import Actor
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.base.events import listen
from chain.base.locale import _
from chain.base.queue import lock
from chain.matter import assignment_rules, matter_queries
from chain.matter.models import Assignment, Matter, step
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting


@listen("unit_ending", "matter")
def unit_ending(*, unit: Unit, successor: Unit | None, reason: str, by: Actor | None, **_more: Any) -> None:
    """Whoever takes over gets them; without anybody, assignments end with the reason and nobody is responsible any longer.

    What a committee has not closed goes to the committee that takes over, or has to be closed first.
    """
    matters, assignments = _of_committee(unit)
    if matters or assignments:
        _move(unit, successor, matters, assignments)
    _hand_over(unit, successor, reason, by)
    db.session.flush()


def _of_committee(unit: Unit) -> tuple[Sequence[Matter], Sequence[Assignment]]:
    """What a committee has not closed."""
    matters = select(Matter).where(Matter.unit_id == unit.id, Matter.state != "closed")
    given = select(Assignment).where(Assignment.unit_id == unit.id, Assignment.state.in_(assignment_rules.WAITING))
    return db.session.scalars(matters).all(), db.session.scalars(given).all()


def _at_administration(unit: Unit) -> tuple[Sequence[Matter], Sequence[Assignment]]:
    """What an administration is responsible for, or is to do."""
    matters = select(Matter).where(Matter.responsible_unit_id == unit.id, Matter.state != "closed")
    given = select(Assignment).where(Assignment.receiver_id == unit.id, Assignment.state.in_(assignment_rules.WAITING))
    return db.session.scalars(matters).all(), db.session.scalars(given).all()


def _move(unit: Unit, successor: Unit | None, matters: Sequence[Matter], assignments: Sequence[Assignment]) -> None:
    if successor is None or successor.level != unit.level:
        raise RuleBroken(
            _(
                "%(unit)s har %(n)s ärenden och uppdrag som inte är avslutade. Avsluta dem, eller välj nämnden som tar över.",
                unit=unit.name,
                n=len(matters) + len(assignments),
            )
        )
    lock(db.session(), f"matter:{successor.id}")
    for matter in matters:
        number = matter.registration_number
        if number and matter_queries.numbered(successor.id, number):
            raise RuleBroken(_("%(unit)s har redan ett ärende med numret %(number)s.", unit=successor.name, number=number))
        matter.unit_id, matter.path = successor.id, successor.path
    for assignment in assignments:
        assignment.unit_id, assignment.path = successor.id, successor.path


def _hand_over(unit: Unit, successor: Unit | None, reason: str, by: Actor | None) -> None:
    matters, assignments = _at_administration(unit)
    if assignments and successor is None and not reason.strip():
        raise RuleBroken(
            _(
                "%(unit)s har %(n)s uppdrag från nämnden. Säg vilken enhet som tar över dem, eller varför de avslutas.",
                unit=unit.name,
                n=len(assignments),
            )
        )
    for assignment in assignments:
        if successor:
            assignment.receiver_id = successor.id
            continue
        assignment.state, assignment.closed_on = "closed", clock.today()
        if isinstance(by, Mandate):
            db.session.add(step(assignment.matter, "withdraw", "closed", by, words=reason, assignment_id=assignment.id))
    for matter in matters:
        matter.responsible_unit_id = successor.id if successor else None
        if successor is None:
            matter.responsible_role = None
            matter.state = "open" if matter.state in ("assigned", "under_way") else matter.state


@listen("unit_to_end", "matter")
def unit_to_end(*, unit: Unit, found: list[Waiting], successor: Unit | None = None, **_more: Any) -> None:
    """What waits here, by the committee whose it is."""
    matters, assignments = _of_committee(unit) if unit.level == "committee" else _at_administration(unit)
    if not matters and not assignments:
        return
    to = successor.name if successor else _("ingen: uppdragen avslutas med skälet, och ärendena fördelas om")
    if unit.level == "committee" and successor is None:
        to = _("ingen: avsluta dem först")
    committees = [*(one.unit.name for one in matters), *(one.unit.name for one in assignments)]
    what = _("Nämndens ärenden och uppdrag som inte är avslutade")
    found.append(Waiting("matter", what, len(committees), tuple(dict.fromkeys(committees)), chooses=False, to=to))
