"""What a level needs from the level above: an object with an answer, on both home pages until it has one."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path
from chain.cycle.models import Round
from chain.organisation.models import Person, Unit


class SupportRequest(Named, Base):
    """A request from a node to the node above it, born when the follow-up is handed up.

    State: sent (nobody above has opened the follow-up yet), open, granted, refused (with a reason), taken_up (a further request
    goes to the next level), retracted (its follow-up was taken back before anybody had answered), ended (the unit closed, with
    a reason).
    """

    __tablename__ = "support_request"
    __table_args__ = (UniqueConstraint("unit_id", "round_id", "item"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who asks
    path: Mapped[str] = mapped_column(Path)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # who is asked
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    item: Mapped[str] = mapped_column(String(32))
    type: Mapped[str] = mapped_column(String(20), default="other")  # what it is about: law, economy, development, staffing, other
    text: Mapped[str]
    state: Mapped[str] = mapped_column(String(20), default="open")
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("support_request.id"))  # the request that was taken further up
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # who prepares the answer, and where from
    helper_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    prepared_state: Mapped[str] = mapped_column(String(20), default="")
    prepared: Mapped[str] = mapped_column(default="")  # what the helper suggests, read by those who answer alone
    prepared_at: Mapped[datetime | None]
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    receiver: Mapped[Unit] = relationship(foreign_keys=[receiver_id])
    round: Mapped[Round] = relationship()
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    helper: Mapped[Person | None] = relationship(foreign_keys=[helper_id])
    prepared_by: Mapped[Person | None] = relationship(foreign_keys=[prepared_by_id])
    origin: Mapped["SupportRequest | None"] = relationship(remote_side="SupportRequest.id")


policy.register(
    SupportRequest, "support", unit="unit_id", path="path", state="state", receiver="receiver_id", helper="helper_id",
    helper_unit="helper_unit_id",
)  # fmt: skip
