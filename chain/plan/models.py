"""What a unit has decided on because the law says that it must: when, revised when, and who answers for it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path
from chain.organisation.models import Person, Unit


class Plan(Named, Base):
    """One kind of plan or routine at a unit in one year: a year's line is corrected, another year's stays as it was.

    `kind` is a key of data/plans.toml. No content, no counts of pupils: only that it is there.
    """

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("unit_id", "kind", "year"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    kind: Mapped[str] = mapped_column(String(40))
    year: Mapped[str] = mapped_column(String(12))  # in which it was decided on or revised
    decided_on: Mapped[date]
    revised_on: Mapped[date | None]
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(String(60), default="")  # registration number
    text: Mapped[str] = mapped_column(default="")  # where it is to be found
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    responsible: Mapped[Person] = relationship(foreign_keys=[responsible_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])

    @property
    def last(self) -> date:
        """When it was last decided on or revised."""
        return max(self.decided_on, self.revised_on or self.decided_on)


policy.register(Plan, "plan", unit="unit_id", path="path")
