"""The committee's page: the administration's sentences and a release's figures, handed to the committee."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation.models import Person, Unit
from chain.release.models import Release


class Report(Named, Base):
    """One round's page for the committee. State: published (handed to the committee), received (registered by the secretary)."""

    __tablename__ = "report"
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the committee
    path: Mapped[str] = mapped_column(Path)
    state: Mapped[str] = mapped_column(String(20), default="published")
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    registration_number: Mapped[str] = mapped_column(String(60), default="")

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()
    submission: Mapped[Submission] = relationship()
    release: Mapped[Release] = relationship()
    published_by: Mapped[Person] = relationship(foreign_keys=[published_by_id])
    received_by: Mapped[Person | None] = relationship(foreign_keys=[received_by_id])
    editions: Mapped[list["Edition"]] = relationship(back_populates="report", order_by="Edition.number")


class Edition(Row, Base):
    """The page as it was handed over one time; the latest is what the report itself says. None is ever changed or taken away."""

    __tablename__ = "report_edition"
    __table_args__ = (UniqueConstraint("report_id", "number"),)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seen: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the units' themes, counted and quoted as they were then

    report: Mapped[Report] = relationship(back_populates="editions")
    submission: Mapped[Submission] = relationship()
    release: Mapped[Release] = relationship()
    published_by: Mapped[Person] = relationship()


policy.register(Report, "report", unit="unit_id", path="path", state="state")
policy.inside(Edition, "report")
