"""A unit's dialogues are written in by one act at a time, so that what an act has read still holds when it ends."""

from chain.access import guard
from chain.access.policy import Action
from chain.base.db import db
from chain.base.queue import lock
from chain.dialogue.models import Dialogue
from chain.organisation.models import Mandate


def alone(unit_id: int) -> None:
    """No other act goes on with this unit's dialogues until this one has ended."""
    lock(db.session(), f"dialogue:{unit_id}")


def held(dialogue: Dialogue, action: Action, by: Mandate) -> None:
    """As `alone`, with the dialogue read anew; refused to whoever may not do this with it."""
    alone(dialogue.unit_id)
    db.session.refresh(dialogue)
    guard.require(action, dialogue, by)
