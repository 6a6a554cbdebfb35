"""Measures: what a level has decided to do, and what came of it."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.cycle.models import Round
from chain.organisation.models import Person, Unit


class Measure(Named, Base):
    """A measure that was handed up (a draft's measures live in its section). `path` is the unit's in the round that set it.

    `lineage` joins a measure with those that it was changed into; `carried` counts its consecutive carries along the lineage.
    State: open, ended (done or ended without), changed (a successor goes on), retracted (its follow-up was taken back).
    """

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("unit_id", "round_id", "item"), Index(None, "unit_id", "state"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    ceiling: Mapped[str] = mapped_column(Path)  # how far up it is read
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))  # the round that set it
    item: Mapped[str] = mapped_column(String(32))  # its stable name in the section where it was written
    question: Mapped[str] = mapped_column(String(60))  # the question that it answers
    horizon: Mapped[str] = mapped_column(String(20))  # quarter, year, new_year
    problem: Mapped[str]
    sign: Mapped[str]  # what should be noticed in the classroom
    goal: Mapped[str] = mapped_column(default="")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_year: Mapped[str] = mapped_column(String(12))  # the due round is a name, valid before its year is opened
    due_number: Mapped[int]
    lineage: Mapped[str] = mapped_column(String(32), index=True)
    carried: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(20), default="open")

    unit: Mapped[Unit] = relationship()
    round: Mapped[Round] = relationship()
    responsible: Mapped[Person | None] = relationship()
    outcomes: Mapped[list["Outcome"]] = relationship(
        back_populates="measure", order_by="Outcome.id", foreign_keys="Outcome.measure_id"
    )


class Outcome(Row, Base):
    """What came of a measure, as one round's follow-up says: done, goes_on, changed, ended_without, handed_over."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("measure_id", "round_id"),)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    effect: Mapped[str] = mapped_column(default="")
    evidence: Mapped[list[str]] = mapped_column(default=list)  # results, observation, pupils_voice, survey
    reason: Mapped[str] = mapped_column(String(20), default="")  # not_understood, not_able, not_willing
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))

    measure: Mapped[Measure] = relationship(back_populates="outcomes", foreign_keys=[measure_id])
    successor: Mapped[Measure | None] = relationship(foreign_keys=[successor_id])
    round: Mapped[Round] = relationship()


policy.register(Measure, "measure", unit="unit_id", path="path", state="state", ceiling="ceiling")
policy.inside(Outcome, "measure")
