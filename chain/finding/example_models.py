"""Good examples: what a unit offers, what comes of it with its consent, and who tries it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.cycle.models import Round
from chain.finding.models import Theme
from chain.followup.models import Submission
from chain.organisation.models import Person, Unit


class Offer(Named, Base):
    """A unit's example of a round, on its way to be read by others. State: example_rules.MOVES.

    `original` is what was handed up; `text` the wording that the unit is asked about, `consented` the one it said yes to.
    """

    __tablename__ = "offer"
    __table_args__ = (UniqueConstraint("unit_id", "round_id"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who offers
    path: Mapped[str] = mapped_column(Path)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # the administration
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    state: Mapped[str] = mapped_column(String(20), default="offered")
    title: Mapped[str] = mapped_column(String(200))
    original: Mapped[str]
    text: Mapped[str]
    consented: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(String(20), default="")
    year_groups: Mapped[list[str]] = mapped_column(default=list)
    school_forms: Mapped[list[str]] = mapped_column(default=list)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    receiver: Mapped[Unit] = relationship(foreign_keys=[receiver_id])
    round: Mapped[Round] = relationship()
    submission: Mapped[Submission] = relationship()
    theme: Mapped[Theme | None] = relationship()
    offered_by: Mapped[Person] = relationship()


class OfferMove(Row, Base):
    """What somebody did with an offer, and said with it. Never changed."""

    __tablename__ = "offer_move"
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship()


class Example(Named, Base):
    """What all in a municipality may read of an offer: just the wording that the unit said yes to. State: published, withdrawn.

    `unit_id` and `path` are the municipality's. `words` is what is searched; lists stand as |4|5| (example_rules.listed).
    """

    __tablename__ = "example"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(Path)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), unique=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # whose it is
    state: Mapped[str] = mapped_column(String(20), default="published")
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    subject: Mapped[str] = mapped_column(String(20), default="")
    year_groups: Mapped[str] = mapped_column(String(200), default="")
    school_forms: Mapped[str] = mapped_column(String(200), default="")
    theme: Mapped[str] = mapped_column(String(80), default="")  # its name, as it was
    words: Mapped[str]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    offer: Mapped[Offer] = relationship()
    owner: Mapped[Unit] = relationship(foreign_keys=[from_id])


class Trial(Named, Base):
    """That another unit tries an example, and what it says came of it. State: trying, told.

    `receiver_id` is whose example it is: both see it.
    """

    __tablename__ = "trial"
    __table_args__ = (UniqueConstraint("example_id", "unit_id"),)
    example_id: Mapped[int] = mapped_column(ForeignKey("example.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # who tries
    path: Mapped[str] = mapped_column(Path)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="trying")
    plan: Mapped[str] = mapped_column(default="")
    began_at: Mapped[datetime]
    began_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(default="")
    told_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    example: Mapped[Example] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    began_by: Mapped[Person] = relationship()


policy.register(Offer, "offer", unit="unit_id", path="path", state="state", receiver="receiver_id")
policy.register(Example, "example", unit="unit_id", path="path", state="state")
policy.register(Trial, "trial", unit="unit_id", path="path", state="state", receiver="receiver_id")
policy.inside(OfferMove, "offer")
