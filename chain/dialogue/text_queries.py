"""Reads what is written: the notes under a dialogue's headings, the unit's own words before it, and every saved text."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.base.db import db
from chain.dialogue import rules
from chain.dialogue.models import Dialogue, DialogueText, DialogueTextVersion


def notes(dialogue: Dialogue) -> dict[str, DialogueText]:
    """What stands under the headings, by key. Never the unit's own words, which are not notes."""
    mine = (DialogueText.dialogue_id == dialogue.id, DialogueText.key != rules.OWN_WORDS)
    found = db.session.scalars(select(DialogueText).where(*mine).options(joinedload(DialogueText.saved_by)))
    return {one.key: one for one in found}


def text(dialogue: Dialogue, key: str) -> DialogueText | None:
    """One of them, or with `rules.OWN_WORDS` the unit's draft: asked for by those alone who write it."""
    mine = (DialogueText.dialogue_id == dialogue.id, DialogueText.key == key)
    return db.session.scalars(select(DialogueText).where(*mine).options(joinedload(DialogueText.saved_by))).first()


def history(one: DialogueText) -> list[DialogueTextVersion]:
    """Every text that was called saved, the newest first."""
    mine = select(DialogueTextVersion).where(DialogueTextVersion.text_id == one.id)
    return list(
        db.session.scalars(mine.options(joinedload(DialogueTextVersion.saved_by)).order_by(DialogueTextVersion.id.desc()))
    )


def version(one: DialogueText, save_key: str) -> DialogueTextVersion | None:
    """A saved text by the key that it was saved with."""
    mine = (DialogueTextVersion.text_id == one.id, DialogueTextVersion.save_key == save_key)
    return db.session.scalars(select(DialogueTextVersion).where(*mine).options(joinedload(DialogueTextVersion.saved_by))).first()


def standing_save(one: DialogueText) -> str:
    """The key of the save whose text stands now."""
    last = (
        DialogueTextVersion.text_id == one.id, DialogueTextVersion.number == one.version, DialogueTextVersion.kept.is_(True),
    )  # fmt: skip
    return db.session.scalars(select(DialogueTextVersion.save_key).where(*last)).first() or ""
