"""A need that has waited too long: the level above's matter, until it is answered there."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path
from chain.cycle.models import Round
from chain.organisation.models import Person, Unit
from chain.support.models import SupportRequest


class Escalation(Named, Base):
    """A measure that has been carried three times, or a need of support that nobody has answered for a round.

    `unit` is whose need it is, `receiver` the level at which it stands now. `words` are what is read there: none where what was
    written below is not read that far up, until the unit writes what may be. `carried` is the measure's count when it came.
    State: see escalation_rules.MOVES; `was` is the state before it was put aside. Read above from `opened_at` on.
    """

    __tablename__ = "escalation"
    __table_args__ = (Index(None, "receiver_id", "state"), Index(None, "unit_id", "state"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))  # in which it became so
    kind: Mapped[str] = mapped_column(String(20))  # measure, request
    lineage: Mapped[str | None] = mapped_column(String(32), index=True)  # of the measure
    request_id: Mapped[int | None] = mapped_column(ForeignKey("support_request.id"), index=True)
    type: Mapped[str] = mapped_column(String(20), default="other")  # what the need is about, as the request says
    carried: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(20))
    was: Mapped[str] = mapped_column(String(20), default="")
    since: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    until: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("escalation.id"), index=True)  # what was taken further up

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    receiver: Mapped[Unit] = relationship(foreign_keys=[receiver_id])
    round: Mapped[Round] = relationship()
    request: Mapped[SupportRequest | None] = relationship()
    answered_by: Mapped[Person | None] = relationship()
    origin: Mapped["Escalation | None"] = relationship(remote_side="Escalation.id")


policy.register(Escalation, "escalation", unit="unit_id", path="path", state="state", receiver="receiver_id")
