"""What the committee decided: date, paragraph, registration number, words, and about what."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path
from chain.cycle.models import Round
from chain.organisation.models import Person, Unit


class Decision(Named, Base):
    """A decision as the minutes have it, recorded by the secretary. Corrected by a new one that names it, never changed."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("unit_id", "decided_on", "paragraph", "edition"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the committee
    path: Mapped[str] = mapped_column(Path)
    decided_on: Mapped[date]
    paragraph: Mapped[str] = mapped_column(String(20))
    registration_number: Mapped[str] = mapped_column(String(60))  # free form, such as Bun 2018/75
    text: Mapped[str]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))  # what it is about
    edition: Mapped[int] = mapped_column(default=1)  # a correction of the same paragraph is its next edition
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)  # only the latest one is corrected
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    round: Mapped[Round | None] = relationship()
    recorded_by: Mapped[Person] = relationship()
    corrects: Mapped["Decision | None"] = relationship(remote_side="Decision.id")


policy.register(Decision, "decision", unit="unit_id", path="path")
