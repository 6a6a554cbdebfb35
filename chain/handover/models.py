"""Handovers between stages: what a unit writes about a group that goes on, the editions of it, and each receiver's reception."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.cycle.models import Round
from chain.organisation.models import Person, Unit


class Handover(Named, Base):
    """What the giving unit writes about a group. State: draft, handed_over, returned (by a receiver, with a question), ended.

    `edition` is the newest that was handed over: 0 for none. What is written in the sections belongs to the giver alone; a
    receiver reads an edition, through its own reception.
    """

    __tablename__ = "handover"
    __table_args__ = (Index(None, "unit_id", "year"), Index(None, "path", "state"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the giver
    path: Mapped[str] = mapped_column(Path)
    year: Mapped[str] = mapped_column(String(12))  # the school year at the end of which the group goes on: 2026/27
    transition: Mapped[str] = mapped_column(String(40))  # a key of data/handover.toml
    year_group: Mapped[str] = mapped_column(String(20), default="")  # that they leave; none where it is a whole school form
    cohort: Mapped[str] = mapped_column(String(200))  # the group's name
    children: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edition: Mapped[int] = mapped_column(default=0)
    handed_at: Mapped[datetime | None]
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    begun_by: Mapped[Person] = relationship(foreign_keys=[begun_by_id])
    handed_by: Mapped[Person | None] = relationship(foreign_keys=[handed_by_id])
    sections: Mapped[list["HandoverSection"]] = relationship(back_populates="handover", order_by="HandoverSection.position")
    receptions: Mapped[list["Reception"]] = relationship(back_populates="handover", order_by="Reception.id")


class HandoverSection(Row, Base):
    """What stands under a heading so far. Never read by a receiver."""

    __tablename__ = "handover_section"
    __table_args__ = (UniqueConstraint("handover_id", "key"),)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"))
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime | None]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    handover: Mapped[Handover] = relationship(back_populates="sections")
    saved_by: Mapped[Person | None] = relationship()


class HandoverVersion(Row, Base):
    """Every text of a section that was called saved, also the one that lost a conflict (`kept` is false)."""

    __tablename__ = "handover_version"
    __table_args__ = (UniqueConstraint("section_id", "save_key"), Index(None, "section_id", "number"))
    section_id: Mapped[int] = mapped_column(ForeignKey("handover_section.id"))
    number: Mapped[int]  # the section's version that this save led to, or was aimed at
    kept: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str]
    save_key: Mapped[str] = mapped_column(String(64))  # the same save sent twice is one save
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    section: Mapped[HandoverSection] = relationship()
    saved_by: Mapped[Person] = relationship()


class HandoverEdition(Row, Base):
    """What was handed over: never changed. `snapshot`: the group, the giver, who signed, the sections; `sha256` over its JSON."""

    __tablename__ = "handover_edition"
    __table_args__ = (UniqueConstraint("handover_id", "number"),)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"))
    number: Mapped[int]
    snapshot: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    handed_at: Mapped[datetime]
    handed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    handover: Mapped[Handover] = relationship()
    handed_by: Mapped[Person] = relationship()


class Reception(Named, Base):
    """A receiving unit's side. State: chosen (nothing has come, and it knows of nothing), then as in rules.MOVES; ended.

    `edition` lies with it; `received_edition` is the one that it has said that it has read and received.
    """

    __tablename__ = "reception"
    __table_args__ = (UniqueConstraint("handover_id", "unit_id"), Index(None, "unit_id", "state"), Index(None, "path", "state"))
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the receiver
    path: Mapped[str] = mapped_column(Path)
    state: Mapped[str] = mapped_column(String(20), default="chosen")
    edition: Mapped[int] = mapped_column(default=0)
    cohort: Mapped[str] = mapped_column(String(200), default="")  # the group's name in that edition
    came_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_edition: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    question: Mapped[str] = mapped_column(default="")  # why it was sent back
    returned_at: Mapped[datetime | None]
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(default="")  # how we take over
    asks: Mapped[str] = mapped_column(default="")  # and what we want to know
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reply: Mapped[str] = mapped_column(default="")  # the giver's, to what was asked
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    looked_back: Mapped[str] = mapped_column(default="")  # what we would have wanted to know
    looked_back_at: Mapped[datetime | None]
    looked_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))  # the follow-up during which it looked back
    ended_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    handover: Mapped[Handover] = relationship(back_populates="receptions")
    unit: Mapped[Unit] = relationship()
    opened_by: Mapped[Person | None] = relationship(foreign_keys=[opened_by_id])
    received_by: Mapped[Person | None] = relationship(foreign_keys=[received_by_id])
    returned_by: Mapped[Person | None] = relationship(foreign_keys=[returned_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    replied_by: Mapped[Person | None] = relationship(foreign_keys=[replied_by_id])
    looked_back_by: Mapped[Person | None] = relationship(foreign_keys=[looked_back_by_id])
    round: Mapped[Round | None] = relationship()

    @property
    def awaits_reply(self) -> bool:
        """The receiver has asked something that the giver has not answered."""
        return bool(self.asks) and not self.reply


policy.register(Handover, "handover", unit="unit_id", path="path", state="state")
policy.register(Reception, "reception", unit="unit_id", path="path", state="state")
for _model in (HandoverSection, HandoverVersion, HandoverEdition):
    policy.inside(_model, "handover")
