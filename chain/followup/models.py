"""A follow-up: the draft that belongs to those who write it, and the submissions that belong to both sides."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.cycle.models import Round
from chain.organisation.models import Mandate, Person, Unit


class Followup(Named, Base):
    """One node's own work in one round. Made for every expected node when the round opens, so that its being there tells nothing.

    Seen by its own node alone. State: not_started, draft, submitted, accepted (rules.MOVES).
    `moved` counts the moves, and what is cited or left out.
    """

    __tablename__ = "followup"
    __table_args__ = (UniqueConstraint("round_id", "unit_id"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(Path)
    level: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="not_started")
    moved: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": moved}

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()
    sections: Mapped[list["Section"]] = relationship(back_populates="followup")
    submissions: Mapped[list["Submission"]] = relationship(back_populates="followup", order_by="Submission.number")

    @property
    def version(self) -> int:
        """Grows with every move and every save: what a page carries, so that what is handed up is what was read."""
        return self.moved + sum(section.version for section in self.sections)


class Section(Row, Base):
    """The answer to one question, as typed so far. `answer` has the shape of the question's kind (answers.py)."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("followup_id", "key"),)
    followup_id: Mapped[int] = mapped_column(ForeignKey("followup.id"))
    key: Mapped[str] = mapped_column(String(60))
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    done: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    followup: Mapped[Followup] = relationship(back_populates="sections")
    saved_by: Mapped[Person] = relationship()


class SectionVersion(Row, Base):
    """Every text that was called saved, also the one that lost a conflict (`kept` is false)."""

    __tablename__ = "section_version"
    __table_args__ = (UniqueConstraint("section_id", "save_key"), Index(None, "section_id", "number"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    number: Mapped[int]  # the section's version that this save led to, or was aimed at
    kept: Mapped[bool] = mapped_column(default=True)
    answer: Mapped[dict[str, Any]]
    done: Mapped[bool]
    save_key: Mapped[str] = mapped_column(String(64))  # the same save sent twice is one save
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    section: Mapped[Section] = relationship()
    saved_by: Mapped[Person] = relationship()


class Submission(Named, Base):
    """What was handed up: never changed but for its state. Belongs to both sides, and is an official document.

    `snapshot` is the whole follow-up as JSON; `sha256` is over its canonical form. `ceiling` is how far up it is read whole.
    State: submitted, withdrawn (by its author, unopened), returned, accepted, reopened (both by the receiver, with a reason).
    Nobody above reads it before somebody there has opened it; `opened_at` without a receiver: the committee's page stands on it.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("followup_id", "number"), Index(None, "round_id", "state"))
    followup_id: Mapped[int] = mapped_column(ForeignKey("followup.id"))
    number: Mapped[int]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)  # the node above, in this round
    path: Mapped[str] = mapped_column(Path)
    ceiling: Mapped[str] = mapped_column(Path)
    level: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="submitted")
    late: Mapped[bool] = mapped_column(default=False)
    snapshot: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_as: Mapped[str] = mapped_column(String(20))  # the role
    opened_at: Mapped[datetime | None]  # by somebody above: from then on it cannot be withdrawn
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))  # who, and for which unit
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")

    followup: Mapped[Followup] = relationship(back_populates="submissions")
    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    submitted_by: Mapped[Person] = relationship(foreign_keys=[submitted_by_id])
    opened_by: Mapped[Mandate | None] = relationship(foreign_keys=[opened_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class Citation(Named, Base):
    """Words lifted from a submission into a draft above it: they open those words and their heading, no more."""

    __tablename__ = "citation"
    followup_id: Mapped[int] = mapped_column(ForeignKey("followup.id"), index=True)  # who cites
    section: Mapped[str] = mapped_column(String(60))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)  # who is cited
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the citing node
    path: Mapped[str] = mapped_column(Path)  # the citing node's
    ceiling: Mapped[str] = mapped_column(Path)  # how far up the citing text is read
    state: Mapped[str] = mapped_column(String(20), default="draft")
    # ^ draft, handed_up; left out of the draft but in what was handed up: lifted_out; in what was withdrawn: withdrawn
    span: Mapped[str] = mapped_column(String(120))  # the paragraph's stable id in the submission
    heading: Mapped[str]
    words: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    cited_at: Mapped[datetime]
    cited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    followup: Mapped[Followup] = relationship()
    submission: Mapped[Submission] = relationship()

    @property
    def stale(self) -> bool:
        """Whether what it cites has been taken back or sent back since: the words may have changed."""
        return self.submission.state not in ("submitted", "accepted")


policy.register(Followup, "followup", unit="unit_id", path="path", state="state")
policy.register(Submission, "submission", unit="unit_id", path="path", state="state", ceiling="ceiling", receiver="receiver_id")
policy.register(Citation, "citation", unit="unit_id", path="path", state="state", ceiling="ceiling")
policy.inside(Section, "followup")
policy.inside(SectionVersion, "followup")
