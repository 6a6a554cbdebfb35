"""Reads the files of a dialogue: those of both sides, and one to be fetched."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.base.db import db
from chain.base.errors import NotFound
from chain.base.files import File
from chain.dialogue.models import Dialogue, DialogueFile

WHOLE = (joinedload(DialogueFile.file), joinedload(DialogueFile.by))


def files(dialogue: Dialogue) -> list[DialogueFile]:
    """What both sides have laid before each other, in that order."""
    mine = select(DialogueFile).where(DialogueFile.dialogue_id == dialogue.id).options(*WHOLE)
    return list(db.session.scalars(mine.order_by(DialogueFile.id)))


def one(dialogue: Dialogue, name: str) -> DialogueFile:
    """A dialogue's file by its address. NotFound for any other."""
    mine = select(DialogueFile).join(DialogueFile.file).where(DialogueFile.dialogue_id == dialogue.id, File.public_id == name)
    found = db.session.scalars(mine.options(*WHOLE)).first()
    if found is None:
        raise NotFound
    return found
