"""Credentials, one-time codes, server-side sessions, and the memory of failed sign-ins."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Row
from chain.organisation.models import Mandate, Person


class Credential(Base):
    """A person's password, as argon2id."""

    __tablename__ = "credential"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class WelcomeCode(Row, Base):
    """A code that lets a person choose a password, once, within a day. Only its SHA-256 is kept."""

    __tablename__ = "welcome_code"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # also when a newer code took its place

    person: Mapped[Person] = relationship()


class Session(Named, Base):
    """Somebody signed in somewhere. The cookie carries the key; only its SHA-256 is kept. Ended by a row, at once."""

    __tablename__ = "session"
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    device: Mapped[str] = mapped_column(String(40), default="")
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    mandate: Mapped[Mandate | None] = relationship()


class FailedSignIn(Row, Base):
    """One failed attempt; who and from where are kept as keyed hashes, and only as long as they delay."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index(None, "key", "at"),)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


for _model in (Credential, WelcomeCode, Session, FailedSignIn):
    policy.inside(_model, "person")
