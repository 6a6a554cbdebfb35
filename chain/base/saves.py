"""Where the texts of sections that several people write are kept (cowriting.py)."""

from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.base import clock
from chain.base.cowriting import Words
from chain.base.db import db, random_name
from chain.base.errors import RuleBroken

Section = TypeVar("Section")
Save = TypeVar("Save")


class Saves(Generic[Save]):
    """The saves of a kind of section.

    `model`: the words under the section's own names for them, and section, section_id, number (the section's version that the
    save led to, or was aimed at), kept (false: it lost a conflict), save_key, saved_at, saved_by_id, saved_by.
    """

    def __init__(self, model: type[Save]) -> None:
        self._model: Any = model

    def history(self, section: Any) -> list[Save]:
        """Every text that was called saved, the newest first; also those that came second in a conflict."""
        asked = select(self._model).where(self._model.section_id == section.id).options(joinedload(self._model.saved_by))
        return list(db.session.scalars(asked.order_by(self._model.id.desc())))

    def find(self, section: Any, key: str) -> Save | None:
        """One save, by its key: the one that was kept aside in a conflict is found so."""
        mine = (self._model.section_id == section.id, self._model.save_key == key)
        return db.session.scalars(select(self._model).where(*mine).options(joinedload(self._model.saved_by))).first()

    def again(self, before: Any, section: Any, version: int, *, by: Any) -> tuple[int, str]:
        """The version and the key of other words whose key has been used: somebody wrote on while the first were on their way.

        They go on top of what stands if nobody has saved since this form did.
        """
        form = f"{before.save_key[:31]}."  # 32 characters with the point, and a random name of 32: a key holds 64
        last = (self._model.section_id == section.id, self._model.number == section.version, self._model.kept.is_(True))
        standing = db.session.scalars(select(self._model.save_key).where(*last)).first() or ""
        if before.saved_by_id == by.person_id and (standing == before.save_key or standing.startswith(form)):
            version = section.version
        return version, form + random_name()

    def put(self, section: Section, words: Words, key: str, *, by: Any) -> Section:
        """Let the section say this from now on. Stored at once, so that it has its new version."""
        stands: Any = section
        for name, said in words.items():
            setattr(stands, name, said)
        stands.saved_at, stands.saved_by_id = clock.now(), by.person_id
        db.session.add_all([stands, self.made(stands, (stands.version or 0) + 1, words, key, by.person_id)])
        db.session.flush()
        return section

    def aside(self, section: Any, version: int, words: Words, refused: RuleBroken, key: str, *, by: Any) -> RuleBroken:
        """Keep words that were refused, beside what stands: the refusal, for `told` to raise when they have been stored."""
        if section is not None:
            db.session.add(self.made(section, version, words, key, by.person_id, kept=False))
        return refused

    def made(self, section: Any, number: int, words: Words, key: str, person_id: int | None, *, kept: bool = True) -> Save:
        """A save, not yet stored."""
        said = {"number": number, "kept": kept, "save_key": key, "saved_at": clock.now(), "saved_by_id": person_id}
        save: Save = self._model(section=section, **words, **said)
        return save
