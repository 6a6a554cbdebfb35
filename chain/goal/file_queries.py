"""Reads the files of governing documents: which a reader may fetch, and which other versions have too."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from chain.base.db import db
from chain.base.errors import NotFound
from chain.base.files import File
from chain.goal.document_models import GoverningDocument, GoverningVersion, governing_file


def load(document: GoverningDocument) -> None:
    """Read the files of all its versions, in one statement however many they are."""
    here = select(GoverningVersion).where(GoverningVersion.document_id == document.id)
    db.session.scalars(here.options(selectinload(GoverningVersion.files))).all()


def file(versions: Sequence[GoverningVersion], public_id: str) -> File:
    """A file of one of some versions. NotFound for any other."""
    here = select(File).join(governing_file, governing_file.c.file_id == File.id)
    ids = [one.id for one in versions]
    found = db.session.scalars(here.where(governing_file.c.version_id.in_(ids), File.public_id == public_id)).first()
    if found is None:
        raise NotFound
    return found


def alone(version: GoverningVersion) -> list[File]:
    """Those files of a version that no other one has."""
    ids = [one.id for one in version.files]
    here = (governing_file.c.file_id.in_(ids), governing_file.c.version_id != version.id)
    elsewhere = set(db.session.scalars(select(governing_file.c.file_id).where(*here)))
    return [one for one in version.files if one.id not in elsewhere]
