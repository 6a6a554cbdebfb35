"""A frozen, protected set of figures: what leaves the administration is read from here and nowhere else."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.cycle.models import Round
from chain.organisation.models import Person, Unit


class Release(Named, Base):
    """One round's figures for one audience. Prepared by one person, approved by another, never changed after that.

    State: prepared, approved, refused. A higher number takes the place of a lower one; `sha256` is over all that it says.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("round_id", "audience", "number"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the administration
    path: Mapped[str] = mapped_column(Path)
    audience: Mapped[str] = mapped_column(String(20))  # committee
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="prepared")
    expected: Mapped[int]  # units expected, and accepted, when it was frozen
    reporting: Mapped[int]
    prepared_at: Mapped[datetime]
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(String(64))

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()
    prepared_by: Mapped[Person] = relationship(foreign_keys=[prepared_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    figures: Mapped[list["ReleasedFigure"]] = relationship(back_populates="release", order_by="ReleasedFigure.id")


class ReleasedFigure(Row, Base):
    """A protected figure. `n` and `enrolled` are rounded to five; exact counts are never kept here.

    `withheld` names the rule that hides or blurs it (rules.WHY); where it is hidden n and enrolled are absent, and only there.
    `units` have told of `expected`.
    """

    __tablename__ = "released_figure"
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(60))
    school_form: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(20))
    year_group: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(10))
    basis: Mapped[str] = mapped_column(String(20))
    enrolled: Mapped[int | None]
    n: Mapped[int | None]
    units: Mapped[int]
    expected: Mapped[int]
    shown: Mapped[str] = mapped_column(String(20))  # "84", "..", "~100", "~0"
    withheld: Mapped[str] = mapped_column(String(40), default="")

    release: Mapped[Release] = relationship(back_populates="figures")


policy.register(Release, "release", unit="unit_id", path="path", state="state")
policy.inside(ReleasedFigure, "release")
