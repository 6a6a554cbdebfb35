"""What ties the tree to a source of SS 12000: the source, its ids for what is here, what waits, and what was taken in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.access.words import Role
from chain.base.db import Base, Named, Path, Row
from chain.base.locale import _, current, day
from chain.organisation.models import Mandate, Person, Unit
from chain.organisation.rules import ROLE_WORDS


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


class Taken(Row, Base):
    """One line that was taken in from a source: what it did, to what in the tree, and the sentence that was chosen.

    `unit_id` and `path`: the unit that it is about, as it stands afterwards; for what is about a person alone, the municipality.
    Nobody's name stands in it: a line about a person knows who it is, and says so in the words of today.
    """

    __tablename__ = "taken"
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    at: Mapped[datetime] = mapped_column(index=True)  # the same for all lines of a confirmation
    by_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"))
    what: Mapped[str] = mapped_column(String(20))  # one of ss12000_changes.ORDER
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[dict[str, Any]]  # {"sv": the sentence, "en": …}; of a mandate {"role": …, "day": the first or the last day}

    by: Mapped[Mandate] = relationship()
    unit: Mapped[Unit] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def sentence(self) -> str:
        """What was done, in the reader's language."""
        if self.what == "link_unit":
            return _("%(unit)s är en av registrets enheter.", unit=self.unit.name)
        if self.person is None:
            return str(self.words.get(current()) or self.words["sv"])
        if self.what == "change_person":
            return _("%(person)s fick namn och adress som i registret.", person=self.person.name)
        said = {"person": self.person.name, "role": str(ROLE_WORDS[Role(self.words["role"])]), "unit": self.unit.name}
        last = date.fromisoformat(self.words["day"]) if self.words["day"] else None
        if self.what == "give":
            return _("%(person)s fick uppdraget %(role)s vid %(unit)s från den %(day)s.", day=day(last), **said)
        if last:
            return _("%(person)s slutar som %(role)s vid %(unit)s efter den %(day)s.", day=day(last), **said)
        return _("%(person)s är inte längre %(role)s vid %(unit)s enligt registret.", **said)


policy.register(Source, "source", unit="municipality_id")
policy.inside(ExternalId, "source")
policy.inside(Fetched, "source")
policy.register(Taken, "taken", unit="unit_id", path="path")
