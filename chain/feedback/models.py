"""Feedback: what a level says down the chain, and each node's delivery of it, until somebody in a classroom has answered."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path
from chain.organisation.models import Person, Unit


class Feedback(Named, Base):
    """Something said to nodes below, about a report, a decision, a submission or a dialogue; or a member's question, which comes
    back up.

    State: open, closed (by its sender, with a sentence; may be opened again). Nothing closes by time.
    """

    __tablename__ = "feedback"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # who says it
    path: Mapped[str] = mapped_column(Path)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20), default="feedback")  # feedback, question
    about_kind: Mapped[str] = mapped_column(String(20))  # report, decision, submission, dialogue
    about: Mapped[str] = mapped_column(String(32), index=True)  # its public id
    about_title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str]
    due_on: Mapped[date | None]
    given_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="open")
    closing_words: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    author: Mapped[Person] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="feedback", order_by="Delivery.path")


class Delivery(Named, Base):
    """One node's copy. Delivered, then read (a press of a button, never a mere opening), then passed on, answered, or both.

    Passing on makes deliveries to the node's own children, with its own words before the sender's. `path` is the node's then.
    State: delivered, read, passed_on, answered, both, ended (the unit closed, with a reason). `done_at` tells when it was done
    (rules.done); what is done only because its day has passed is found when it is read.
    """

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("feedback_id", "unit_id"), Index(None, "unit_id", "state"))
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    level: Mapped[str] = mapped_column(String(20))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)  # the delivery that passed it on
    state: Mapped[str] = mapped_column(String(20), default="delivered")
    delivered_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # shown to the nearest head alone
    own_words: Mapped[str] = mapped_column(default="")  # what it means for us
    passed_on_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")  # how we do now
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(default="")

    feedback: Mapped[Feedback] = relationship(back_populates="deliveries")
    unit: Mapped[Unit] = relationship()
    passed_from: Mapped["Delivery | None"] = relationship(remote_side="Delivery.id")
    read_by: Mapped[Person | None] = relationship(foreign_keys=[read_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])


policy.register(Feedback, "feedback", unit="unit_id", path="path", state="state", author="author_id")
policy.register(Delivery, "delivery", unit="unit_id", path="path", state="state")
