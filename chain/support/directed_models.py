"""Directed support (riktat stöd): help that the level above gives one unit for a time, and what came of it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.organisation.models import Person, Unit


class Directed(Named, Base):
    """One directed support, asked for by the unit or offered from above.

    State: see directed_rules.MOVES. `given_by` is the person who gives it, from the unit `given_from`: asked to help as well.
    """

    __tablename__ = "directed_support"
    __table_args__ = (Index(None, "unit_id", "state"), Index(None, "receiver_id", "state"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who gets it
    path: Mapped[str] = mapped_column(Path)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who decides
    state: Mapped[str] = mapped_column(String(20))
    begun_by_unit: Mapped[bool]  # asked for; else offered
    type: Mapped[str] = mapped_column(String(20), default="other")
    need: Mapped[str]
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(default="")
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    given_from_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    unit_effect: Mapped[str] = mapped_column(default="")
    above_effect: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    receiver: Mapped[Unit] = relationship(foreign_keys=[receiver_id])
    begun_by: Mapped[Person] = relationship(foreign_keys=[begun_by_id])
    given_by: Mapped[Person | None] = relationship(foreign_keys=[given_by_id])
    steps: Mapped[list["DirectedStep"]] = relationship(back_populates="directed", order_by="DirectedStep.id")


class DirectedStep(Row, Base):
    """What was done with it, when, by whom, and in which words. Never changed."""

    __tablename__ = "directed_step"
    directed_id: Mapped[int] = mapped_column(ForeignKey("directed_support.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    directed: Mapped[Directed] = relationship(back_populates="steps")
    by: Mapped[Person | None] = relationship()


policy.register(
    Directed, "directed", unit="unit_id", path="path", state="state", receiver="receiver_id", helper="given_by_id",
    helper_unit="given_from_id",
)  # fmt: skip
policy.inside(DirectedStep, "directed")
