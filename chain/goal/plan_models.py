"""Workplans (verksamhetsplaner): what a unit does in a year with the goals, and the workshops held while they are written."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.goal.models import Goal
from chain.organisation.models import Person, Unit


class Workplan(Named, Base):
    """A unit's plan for a year, in editions: a new one is a draft beside the one that holds until it has been decided.

    State: draft (its own node's alone), decided (the first edition), revised (a later one), replaced (`plan_rules.MOVES`).
    """

    __tablename__ = "workplan"
    __table_args__ = (UniqueConstraint("unit_id", "year", "edition"), Index(None, "path", "state"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    ceiling: Mapped[str] = mapped_column(Path)
    year: Mapped[str] = mapped_column(String(12))  # its label
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    text: Mapped[str] = mapped_column(default="")  # where we stand and where we are going
    participation: Mapped[str] = mapped_column(
        default=""
    )  # how staff, pupils and guardians have taken part (skollagen 4 kap. 4 §)
    reason: Mapped[str] = mapped_column(default="")  # why it was revised
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    decided_by: Mapped[Person | None] = relationship()
    entries: Mapped[list["WorkplanEntry"]] = relationship(
        back_populates="plan", order_by="WorkplanEntry.position", cascade="all, delete-orphan"
    )
    comments: Mapped[list["WorkplanComment"]] = relationship(back_populates="plan", order_by="WorkplanComment.id")


class WorkplanEntry(Row, Base):
    """One thing that a plan says: what we do, when, who, how we shall know; drawn from one or more goals."""

    __tablename__ = "workplan_entry"
    workplan_id: Mapped[int] = mapped_column(ForeignKey("workplan.id"), index=True)
    item: Mapped[str] = mapped_column(String(32))  # its stable name through the editions
    position: Mapped[int]
    what: Mapped[str]
    when: Mapped[str] = mapped_column(String(200), default="")
    who: Mapped[str] = mapped_column(String(200), default="")
    know: Mapped[str] = mapped_column(default="")

    plan: Mapped[Workplan] = relationship(back_populates="entries")
    goals: Mapped[list["WorkplanGoal"]] = relationship(back_populates="entry", cascade="all, delete-orphan")


class WorkplanGoal(Row, Base):
    """A goal that an entry was drawn from."""

    __tablename__ = "workplan_goal"
    __table_args__ = (UniqueConstraint("entry_id", "goal_id"),)
    entry_id: Mapped[int] = mapped_column(ForeignKey("workplan_entry.id"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)

    entry: Mapped[WorkplanEntry] = relationship(back_populates="goals")
    goal: Mapped[Goal] = relationship()


class WorkplanComment(Row, Base):
    """What somebody above said of a decided plan. Stands as it was said."""

    __tablename__ = "workplan_comment"
    workplan_id: Mapped[int] = mapped_column(ForeignKey("workplan.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_role: Mapped[str] = mapped_column(String(20))
    text: Mapped[str]

    plan: Mapped[Workplan] = relationship(back_populates="comments")
    by: Mapped[Person] = relationship()


class Workshop(Named, Base):
    """A day on which the units below write their plans together with the administration (seed 004). State: planned, cancelled."""

    __tablename__ = "workshop"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # who holds it
    path: Mapped[str] = mapped_column(Path)
    year: Mapped[str] = mapped_column(String(12))  # the year that is planned
    held_on: Mapped[date]
    begins_at: Mapped[time | None]  # as the clock shows in Stockholm
    place: Mapped[str] = mapped_column(String(200), default="")
    about: Mapped[str]
    state: Mapped[str] = mapped_column(String(20), default="planned")
    reason: Mapped[str] = mapped_column(default="")  # why it was cancelled
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()


policy.register(Workplan, "workplan", unit="unit_id", path="path", state="state", ceiling="ceiling")
policy.register(Workshop, "workshop", unit="unit_id", path="path", state="state")
for _model in (WorkplanEntry, WorkplanGoal, WorkplanComment):
    policy.inside(_model, "workplan")
