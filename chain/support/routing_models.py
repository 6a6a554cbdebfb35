"""Who in the quality unit prepares the answers about what: the table `vem svarar på vad`."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path
from chain.organisation.models import Person, Unit


class Routing(Named, Base):
    """What is asked of a unit about one kind of need goes to this person, who has a mandate at `at`: there, or above it.

    An area without a line of its own follows its administration's.
    """

    __tablename__ = "support_routing"
    __table_args__ = (UniqueConstraint("unit_id", "type"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who is asked: an administration or an area
    path: Mapped[str] = mapped_column(Path)
    type: Mapped[str] = mapped_column(String(20))  # a key of followup.needs.KINDS
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    at: Mapped[Unit] = relationship(foreign_keys=[at_id])
    person: Mapped[Person] = relationship()


policy.register(Routing, "routing", unit="unit_id", path="path")
