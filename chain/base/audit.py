"""The audit: who did what, about what, when, under which mandate; each line sealed by the hash of the one before.

People stand in a table of their own (`AuditPerson`), so that a name can be weeded without breaking the chain.
A chain alone does not show that its tail was cut: `head()` is for printing somewhere else (receipts do).
"""

import hashlib
import json
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chain.base import clock
from chain.base.orm import Base, Row, db, random_name

FIRST = "0" * 64


class Actor(Protocol):
    """Somebody who acts: a person, or a person under a mandate."""

    @property
    def actor_person(self) -> str: ...
    @property
    def actor_mandate(self) -> str | None: ...


class AuditPerson(Base):
    """The only place where the chain's references are tied to people."""

    __tablename__ = "audit_person"
    ref: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_name)
    person: Mapped[str] = mapped_column(String(32), unique=True)


class AuditHead(Base):
    """One row: the last line's number and hash. Locked while a line is added, so that the chain never forks."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditLine(Row, Base):
    """One act. Never changed, never deleted."""

    __tablename__ = "audit_line"
    number: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    who: Mapped[str | None] = mapped_column(String(32))
    mandate: Mapped[str | None] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(60))
    about_kind: Mapped[str | None] = mapped_column(String(40))
    about: Mapped[str | None] = mapped_column(String(64), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    before: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Note:
    act: str
    about_kind: str | None
    about: str | None
    detail: dict[str, Any]


notes: ContextVar[list[Note] | None] = ContextVar("notes", default=None)


def note(act: str, about: Any = None, **detail: Any) -> None:
    """Tell what was done. Detail holds no personal data and no text of a draft: it can never be taken back."""
    open_notes = notes.get()
    if open_notes is None:
        raise RuntimeError(f"{act}: noted outside an @atomic action")
    kind = type(about).__tablename__ if about is not None else None
    open_notes.append(Note(act, kind, getattr(about, "public_id", None), detail))


def seal(session: Session, written: Iterable[Note], by: Actor | None) -> None:
    """Add the notes to the chain, as the last thing before the commit: the lock is held for a moment only."""
    session.flush()
    head = session.scalars(select(AuditHead).with_for_update().execution_options(populate_existing=True)).first()
    if head is None:
        head = AuditHead(id=1, number=0, hash=FIRST)
        session.add(head)
    who = _reference(session, by) if by is not None else None
    lines = []
    for each in written:
        line = AuditLine(
            number=head.number + 1, at=clock.now(), who=who, mandate=by.actor_mandate if by is not None else None,
            act=each.act, about_kind=each.about_kind, about=each.about, detail=each.detail, before=head.hash,
        )  # fmt: skip
        line.hash = digest(line)
        head.number, head.hash = line.number, line.hash
        lines.append(line)
    session.bulk_save_objects(lines)  # in one statement: nobody asks for their numbers


def _reference(session: Session, by: Actor) -> str:
    found = session.scalars(select(AuditPerson).where(AuditPerson.person == by.actor_person)).first()
    if found is None:
        found = AuditPerson(ref=random_name(), person=by.actor_person)
        session.add(found)
    return found.ref


def digest(line: AuditLine) -> str:
    """SHA-256 over the line before and this line's canonical form."""
    facts = [
        line.number, line.at.isoformat(timespec="microseconds"), line.who, line.mandate,
        line.act, line.about_kind, line.about, line.detail,
    ]  # fmt: skip
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((line.before + canonical).encode()).hexdigest()


def head() -> tuple[int, str]:
    """The number and hash of the last line, to be kept elsewhere."""
    last = db.session.scalars(select(AuditHead)).first()
    return (last.number, last.hash) if last else (0, FIRST)


def problems() -> list[str]:
    """What does not hold in the chain, one sentence a fault; empty when all is well."""
    found, expected, before = [], 1, FIRST
    for line in db.session.scalars(select(AuditLine).order_by(AuditLine.number)).yield_per(500):
        if line.number != expected:
            found.append(f"line {expected} is missing")
            expected = line.number
        if line.before != before or line.hash != digest(line):
            found.append(f"line {line.number} has been altered")
        before, expected = line.hash, line.number + 1
    number, last = head()
    if (number, last) != (expected - 1, before):
        found.append(f"the chain ends at line {expected - 1}, but its head says {number}")
    return found
