"""What ties the tree to a source of SS 12000: the source, its ids for what is here, and what came and waits to be chosen."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Row
from chain.organisation.models import Unit


class Source(Row, Base):
    """A source of a municipality. Where it is, and the secret that opens it, stand in the configuration alone."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("municipality_id", "name"),)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(40))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # where units come that the source puts under nobody
    modified_after: Mapped[datetime | None]  # everything that the source knew then has been taken in
    read_at: Mapped[datetime | None]  # the last time that it answered

    municipality: Mapped[Unit] = relationship(foreign_keys=[municipality_id])


class ExternalId(Row, Base):
    """An id of a source, and what it is here: one of unit, person and mandate."""

    __tablename__ = "external_id"
    __table_args__ = (UniqueConstraint("source_id", "kind", "external_id"),)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[str] = mapped_column(String(10))  # unit, person, mandate
    external_id: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))


class Fetched(Named, Base):
    """What came the last time, until somebody has chosen from it. One for each source; of people only name, e-mail and id."""

    __tablename__ = "fetched"
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), unique=True)
    at: Mapped[datetime]  # when the first question was asked
    facts: Mapped[dict[str, Any]]  # ss12000_reading.Facts

    source: Mapped[Source] = relationship()


policy.register(Source, "source", unit="municipality_id")
policy.inside(ExternalId, "source")
policy.inside(Fetched, "source")
