"""Measures: what a level has decided to do, what came of it, and the notes on the way there."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.base.files import File
from chain.cycle.models import Round
from chain.goal.models import Goal
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
    item: Mapped[str] = mapped_column(String(32), index=True)  # its stable name in the section where it was written
    question: Mapped[str] = mapped_column(String(60))  # the question that it answers
    horizon: Mapped[str] = mapped_column(String(20))  # quarter, year, new_year
    problem: Mapped[str]
    sign: Mapped[str]  # what should be noticed in the classroom
    cause: Mapped[str] = mapped_column(default="")  # the cause that it acts on, in the words of the analysis
    cause_item: Mapped[str] = mapped_column(String(100), default="")  # which one, in the follow-up of its round: section.item
    goal: Mapped[str] = mapped_column(default="")  # in words, as it was called when it was chosen; before that, as it was typed
    goal_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_year: Mapped[str] = mapped_column(String(12))  # the due round is a name, valid before its year is opened
    due_number: Mapped[int]
    lineage: Mapped[str] = mapped_column(String(32), index=True)
    carried: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(20), default="open")
    reminded: Mapped[str] = mapped_column(String(30), default="")  # what the responsible was last reminded of: due or late, when

    unit: Mapped[Unit] = relationship()
    round: Mapped[Round] = relationship()
    responsible: Mapped[Person | None] = relationship()
    aims_at: Mapped[Goal | None] = relationship()
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


wheel_file = Table(
    "wheel_file",
    Base.metadata,
    Column("entry_id", ForeignKey("wheel_entry.id", ondelete="CASCADE"), primary_key=True),
    Column("file_id", ForeignKey("file.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class WheelEntry(Named, Base):
    """A note in a measure's improvement wheel: on a day, in a stage (rules.STAGES), what was seen and how one knows.

    It belongs to those who write at the node, and to whoever is responsible: a draft. `told_in` is the round whose outcome was
    handed up after it; until there is one, it stands beside the question of what came of the measure.
    """

    __tablename__ = "wheel_entry"
    __table_args__ = (UniqueConstraint("measure_id", "key"),)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    key: Mapped[str] = mapped_column(String(32))  # the same note sent twice is one note
    stage: Mapped[str] = mapped_column(String(10))
    on: Mapped[date]
    text: Mapped[str]
    evidence: Mapped[str] = mapped_column(String(20), default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    told_in_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))

    measure: Mapped[Measure] = relationship()
    written_by: Mapped[Person] = relationship()
    files: Mapped[list[File]] = relationship(secondary=wheel_file, order_by=File.id)


policy.register(Measure, "measure", unit="unit_id", path="path", state="state", ceiling="ceiling", author="responsible_id")
policy.inside(Outcome, "measure")
policy.inside(WheelEntry, "measure")  # read by whoever may write in it
