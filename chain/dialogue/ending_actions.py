"""What becomes of a unit's dialogues when it ends: whoever takes over has them, or they end with the reason."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from chain.base import clock, events
from chain.base.audit import Actor
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.base.locale import _, day
from chain.dialogue import rules
from chain.dialogue.models import Agreement, Dialogue, step
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting


@events.listen("unit_ending", "dialogue")
def unit_ending(*, unit: Unit, successor: Unit | None, reason: str, by: Actor | None, **more: Any) -> None:
    """What is not closed goes to the unit that takes over, on either side of the table; or it is cancelled or closed."""
    successor = more.get("heirs", {}).get("dialogue", successor)
    waiting = _waiting(unit)
    if waiting and not successor and not reason.strip():
        raise RuleBroken(
            _(
                "%(unit)s har kvalitetsdialoger som inte är avslutade. Säg vem som tar över dem, eller varför de avslutas.",
                unit=unit.name,
            )
        )
    acts = by if isinstance(by, Mandate) else None
    for dialogue in waiting:
        if successor:
            _hand_over(dialogue, unit, successor)
            words = _("Gick över till %(unit)s.", unit=successor.name)
        else:
            _end(dialogue, reason)
            words = reason
        db.session.add(step(dialogue, "unit_ended", dialogue.state, acts, words))
    db.session.flush()


def _waiting(unit: Unit) -> Sequence[Dialogue]:
    mine = or_(Dialogue.unit_id == unit.id, Dialogue.host_id == unit.id)
    return db.session.scalars(select(Dialogue).where(mine, Dialogue.state.not_in(("closed", "cancelled")))).all()


def _hand_over(dialogue: Dialogue, unit: Unit, successor: Unit) -> None:
    for agreement in db.session.scalars(
        select(Agreement).where(Agreement.dialogue_id == dialogue.id, Agreement.unit_id == unit.id)
    ):
        agreement.unit_id = successor.id
    if dialogue.host_id == unit.id:
        dialogue.host_id = successor.id
    else:
        dialogue.unit_id, dialogue.path = successor.id, successor.path


def _end(dialogue: Dialogue, reason: str) -> None:
    for agreement in db.session.scalars(
        select(Agreement).where(Agreement.dialogue_id == dialogue.id, Agreement.ended_at.is_(None))
    ):
        agreement.came_of_it, agreement.ended_at = reason.strip(), clock.now()
    dialogue.state = "cancelled" if dialogue.state in rules.COMING else "closed"


@events.listen("unit_to_end", "dialogue")
def unit_to_end(*, unit: Unit, found: list[Waiting], **_more: Any) -> None:
    """Its dialogues that are not closed, by their days."""
    waiting = sorted(_waiting(unit), key=lambda one: one.held_on)
    if waiting:
        days = dict.fromkeys(day(one.held_on) for one in waiting)
        found.append(Waiting("dialogue", _("Kvalitetsdialoger som inte är avslutade"), len(waiting), tuple(days)))
