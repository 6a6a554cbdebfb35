"""What has been made public, to be read without signing in; and what somebody who could not use a page has told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path
from chain.document.models import Document
from chain.matter.models import Decision
from chain.organisation.models import Person, Unit
from chain.report.models import Edition


class Publication(Named, Base):
    """An edition of the committee's page, or a document that it was handed, as it was when it was made public.

    It never changes; it may be withdrawn. State: public, withdrawn. Where a withdrawn one was, its reason stands for everybody.
    `replaced_by`: a newer edition of the same document, once that has been made public too.
    """

    __tablename__ = "publication"
    __table_args__ = (CheckConstraint("(edition_id IS NULL) <> (document_id IS NULL)", name="one_thing"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the committee
    path: Mapped[str] = mapped_column(Path)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("report_edition.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))  # by which it was made public, where one was taken
    state: Mapped[str] = mapped_column(String(20), default="public")
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()
    edition: Mapped[Edition | None] = relationship()
    document: Mapped[Document | None] = relationship()
    replaced_by: Mapped["Publication | None"] = relationship(remote_side="Publication.id")
    decision: Mapped[Decision | None] = relationship()
    published_by: Mapped[Person] = relationship(foreign_keys=[published_by_id])

    @property
    def title(self) -> str:
        """What it is called."""
        if self.document:
            return self.document.title
        assert self.edition, "one of them there is"
        return self.edition.report.round.in_year

    @property
    def number(self) -> str:
        """Its registration number."""
        if self.document:
            return self.document.registration_number
        assert self.edition, "one of them there is"
        return self.edition.report.registration_number

    @property
    def newer(self) -> "Publication | None":
        """The one that has taken its place, as long as that is public."""
        return self.replaced_by if self.replaced_by and self.replaced_by.state == "public" else None


class Remark(Named, Base):
    """What somebody tells of a page that they could not use (the law on accessibility of digital public services, 10–11 §§).

    Nobody has to say who they are. State: new, answered: the steward has seen to it.
    """

    __tablename__ = "remark"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the municipality
    path: Mapped[str] = mapped_column(Path)
    text: Mapped[str]
    contact: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(20), default="new")
    told_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    answered_by: Mapped[Person | None] = relationship()


policy.register(Publication, "publication", unit="unit_id", path="path", state="state")
policy.register(Remark, "remark", unit="unit_id", path="path", state="state")
