"""Tokens: what another system shows when it asks."""

from datetime import date, datetime

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.access.policy import Role
from chain.base import clock
from chain.base.db import Base, Named
from chain.organisation.models import Person, Unit
from chain.organisation.rules import ROLE_WORDS

ROLE = Enum(Role, native_enum=False, length=20, create_constraint=False, values_callable=lambda each: [one.value for one in each])


class Token(Named, Base):
    """An integration's key: reads what its role reads at its unit, of the kinds in `scopes`, up to and including a day.

    The system that asks carries the key; only its SHA-256 is kept. A token is nobody: it stands where it stands today, as its
    unit does, and writes nothing. It is the municipality's, and lives on when the steward who made it leaves: then another one is
    told, and answers for it by renewing it, or ends it.
    """

    __tablename__ = "token"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # whose steward keeps it
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Role] = mapped_column(ROLE)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str]
    scopes: Mapped[list[str]]
    valid_to: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None]  # within the hour
    ended_at: Mapped[datetime | None]
    renewed_at: Mapped[datetime | None]
    renewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    renewed_by: Mapped[Person | None] = relationship(foreign_keys=[renewed_by_id])

    @property
    def path(self) -> str:
        """Where its unit stands today."""
        return self.unit.path

    @property
    def person_id(self) -> int:
        """Nobody: what is about or by a person is none of a token's."""
        return 0

    @property
    def holds(self) -> bool:
        """Whether it opens anything, now."""
        return self.ended_at is None and clock.today() <= self.valid_to and self.unit.open

    @property
    def answers_for(self) -> Person:
        """Who last said that it is needed."""
        return self.renewed_by or self.made_by

    @property
    def role_name(self) -> str:
        return str(ROLE_WORDS[self.role])


policy.register(Token, "token", unit="municipality_id")
