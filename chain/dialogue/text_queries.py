"""Reads what is written: the notes under a dialogue's headings, the unit's own words before it, and every saved text."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.base.db import db
from chain.base.saves import Saves
from chain.dialogue import rules
from chain.dialogue.models import Dialogue, DialogueText, DialogueTextVersion

saves = Saves(DialogueTextVersion)


def notes(dialogue: Dialogue) -> dict[str, DialogueText]:
    """What stands under the headings, by key. Never the unit's own words, which are not notes."""
    mine = (DialogueText.dialogue_id == dialogue.id, DialogueText.key != rules.OWN_WORDS)
    found = db.session.scalars(select(DialogueText).where(*mine).options(joinedload(DialogueText.saved_by)))
    return {one.key: one for one in found}


def text(dialogue: Dialogue, key: str) -> DialogueText | None:
    """One of them, or with `rules.OWN_WORDS` the unit's draft: asked for by those alone who write it."""
    mine = (DialogueText.dialogue_id == dialogue.id, DialogueText.key == key)
    return db.session.scalars(select(DialogueText).where(*mine).options(joinedload(DialogueText.saved_by))).first()
