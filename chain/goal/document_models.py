"""Governing documents (styrdokument): their versions, the heads who were asked about them, and what refers to them."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.base.files import File
from chain.goal.models import Goal
from chain.organisation.models import Person, Unit


class GoverningDocument(Named, Base):
    """A routine, quality model, plan or terms that a node has adopted for itself and those below it.

    State: draft (nothing of it has been adopted: its own node's alone, and theirs who are asked), adopted, withdrawn. Its words
    stand in its versions; the one in state adopted is in force.
    """

    __tablename__ = "governing_document"
    __table_args__ = (Index(None, "unit_id", "state"), Index(None, "path", "state"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    kind: Mapped[str] = mapped_column(String(20))  # routine, quality_model, plan, terms
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    withdrawn_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")  # why it was withdrawn
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    versions: Mapped[list["GoverningVersion"]] = relationship(back_populates="document", order_by="GoverningVersion.number")
    references: Mapped[list["GoverningReference"]] = relationship(back_populates="document")


governing_file = Table(
    "governing_file",
    Base.metadata,
    Column("version_id", ForeignKey("governing_version.id", ondelete="CASCADE"), primary_key=True),
    Column("file_id", ForeignKey("file.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class GoverningVersion(Named, Base):
    """A version of a governing document (`document_rules.MOVES`): draft, consulting, consulted, adopted, replaced.

    A draft is written; once heads have been asked about it, or it has been adopted, its words and files never change.
    """

    __tablename__ = "governing_version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    document_id: Mapped[int] = mapped_column(ForeignKey("governing_document.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    text: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(String(300), default="")  # where it is read, when not here
    changes: Mapped[str] = mapped_column(default="")  # what is new since the version before, and what was made of the answers
    adopted_by: Mapped[str] = mapped_column(String(120), default="")  # who decided: a committee, a director
    registration_number: Mapped[str] = mapped_column(String(60), default="")  # free form, such as Bun 2018/75
    adopted_on: Mapped[date | None]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]  # its last day; none: until further notice
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    document: Mapped[GoverningDocument] = relationship(back_populates="versions")
    written_by: Mapped[Person] = relationship()
    consultations: Mapped[list["Consultation"]] = relationship(back_populates="about", order_by="Consultation.id")
    files: Mapped[list[File]] = relationship(secondary=governing_file, order_by=File.id)


class Consultation(Named, Base):
    """A chosen head is asked about a version (samråd), until a day. State: asked, answered, closed (nothing was answered).

    Asked is a unit: whoever is its head then answers, as is written beside the answer. An answer stands as it was given.
    """

    __tablename__ = "consultation"
    __table_args__ = (UniqueConstraint("version_id", "receiver_id"), Index(None, "receiver_id", "state"))
    version_id: Mapped[int] = mapped_column(ForeignKey("governing_version.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # who asks
    path: Mapped[str] = mapped_column(Path)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # whose head is asked
    question: Mapped[str] = mapped_column(default="")
    until: Mapped[date]
    state: Mapped[str] = mapped_column(String(20), default="asked")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    about: Mapped[GoverningVersion] = relationship(back_populates="consultations")
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    receiver: Mapped[Unit] = relationship(foreign_keys=[receiver_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])


class GoverningReference(Row, Base):
    """What a governing document governs: a goal, a workplan, or a question that a level is asked (by its stable key)."""

    __tablename__ = "governing_reference"
    document_id: Mapped[int] = mapped_column(ForeignKey("governing_document.id"), index=True)
    goal_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    workplan_id: Mapped[int | None] = mapped_column(ForeignKey("workplan.id"), index=True)
    level: Mapped[str] = mapped_column(String(20), default="")  # with `question`: the level that is asked it
    question: Mapped[str] = mapped_column(String(60), default="")

    document: Mapped[GoverningDocument] = relationship(back_populates="references")
    goal: Mapped[Goal | None] = relationship()


policy.register(GoverningDocument, "governing", unit="unit_id", path="path", state="state")
policy.register(Consultation, "consultation", unit="unit_id", path="path", state="state", receiver="receiver_id")
policy.inside(GoverningVersion, "governing")
policy.inside(GoverningReference, "governing")
