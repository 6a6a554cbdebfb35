"""Documents to the committee: the forms that a committee has made its own, and documents with their sections, texts and files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.base.locale import current
from chain.cycle.models import Round
from chain.matter.models import Matter
from chain.organisation.models import Person, Unit
from chain.release.models import Release


class DocumentTemplate(Named, Base):
    """A committee's own form of document, copied from a shipped one and changed freely since. A document keeps its headings."""

    __tablename__ = "document_template"
    __table_args__ = (UniqueConstraint("unit_id", "key"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the committee
    path: Mapped[str] = mapped_column(Path)
    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))  # statement, year_report
    position: Mapped[int]
    name: Mapped[dict[str, Any]]  # {"sv": …, "en": …}
    about: Mapped[dict[str, Any]]
    hidden: Mapped[bool] = mapped_column(default=False)  # offered no longer
    touched: Mapped[int] = mapped_column(default=0)  # how often it or a heading of it was changed: its version grows with it
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    headings: Mapped[list["TemplateHeading"]] = relationship(back_populates="template", order_by="TemplateHeading.position")

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return str(self.name.get(current()) or self.name["sv"])


class TemplateHeading(Row, Base):
    """A heading of a form. `part` (shipped.PARTS): what it is about. `title` and `standing` are Swedish, as documents are."""

    __tablename__ = "template_heading"
    __table_args__ = (UniqueConstraint("template_id", "key"),)
    template_id: Mapped[int] = mapped_column(ForeignKey("document_template.id"))
    key: Mapped[str] = mapped_column(String(60))
    part: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    level: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    required: Mapped[bool] = mapped_column(default=False)
    hidden: Mapped[bool] = mapped_column(default=False)
    standing: Mapped[str] = mapped_column(default="")
    help: Mapped[dict[str, Any]] = mapped_column(default=dict)

    template: Mapped[DocumentTemplate] = relationship(back_populates="headings")

    @property
    def hint(self) -> str:
        """What goes there, in the reader's language."""
        return str(self.help.get(current()) or self.help.get("sv", ""))


class Document(Named, Base):
    """A tjänsteskrivelse or a school-year report, in one edition. State: document_rules.MOVES.

    Written by an administration, for its committee. When it is approved all that it says is frozen in `frozen`, hashed and set as
    files; from then on it is never changed. `replaces` is the edition that it takes the place of.
    """

    __tablename__ = "document"
    __table_args__ = (Index(None, "path", "state"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the administration
    path: Mapped[str] = mapped_column(Path)
    committee_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)  # the follow-up that it is about
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))  # where every figure in it comes from
    kind: Mapped[str] = mapped_column(String(20))
    form: Mapped[str] = mapped_column(String(60))  # the key of its template
    state: Mapped[str] = mapped_column(String(20), default="draft")
    title: Mapped[str] = mapped_column(String(200))
    registration_number: Mapped[str] = mapped_column(String(60), default="")
    dated_on: Mapped[date]
    edition: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), unique=True)
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime | None]  # to the director
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")  # why it was last sent back
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_at: Mapped[datetime | None]  # to the committee
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    frozen: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON(none_as_null=True)))
    sha256: Mapped[str] = mapped_column(String(64), default="")  # over `frozen`
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    committee: Mapped[Unit] = relationship(foreign_keys=[committee_id])
    matter: Mapped[Matter | None] = relationship()
    round: Mapped[Round | None] = relationship()
    release: Mapped[Release | None] = relationship()
    replaces: Mapped["Document | None"] = relationship(remote_side="Document.id")
    begun_by: Mapped[Person] = relationship(foreign_keys=[begun_by_id])
    sent_by: Mapped[Person | None] = relationship(foreign_keys=[sent_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    handed_by: Mapped[Person | None] = relationship(foreign_keys=[handed_by_id])
    sections: Mapped[list["DocumentSection"]] = relationship(back_populates="document", order_by="DocumentSection.position")


class DocumentSection(Row, Base):
    """What stands under a heading so far. `content`: text, figures (addresses within the release), quotes (document_rules.EMPTY).

    `pulled` is what the system last gave for it, with its sources; what people have written stands in `content`.
    """

    __tablename__ = "document_section"
    __table_args__ = (UniqueConstraint("document_id", "key"),)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    key: Mapped[str] = mapped_column(String(60))
    part: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    level: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    required: Mapped[bool] = mapped_column(default=False)
    help: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content: Mapped[dict[str, Any]]
    pulled: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime | None]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none while only the system has filled it
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    document: Mapped[Document] = relationship(back_populates="sections")
    saved_by: Mapped[Person | None] = relationship()

    @property
    def hint(self) -> str:
        """What goes there, in the reader's language."""
        return str(self.help.get(current()) or self.help.get("sv", ""))


class DocumentVersion(Row, Base):
    """Every text of a section that was called saved, also the one that lost a conflict (`kept` is false)."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("section_id", "save_key"), Index(None, "section_id", "number"))
    section_id: Mapped[int] = mapped_column(ForeignKey("document_section.id"))
    number: Mapped[int]  # the section's version that this save led to, or was aimed at
    kept: Mapped[bool] = mapped_column(default=True)
    content: Mapped[dict[str, Any]]
    save_key: Mapped[str] = mapped_column(String(64))  # the same save sent twice is one save
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: what the system began it with

    section: Mapped[DocumentSection] = relationship()
    saved_by: Mapped[Person | None] = relationship()


class DocumentComment(Named, Base):
    """A remark among those who write and approve, about a section or about the whole. Never part of the document."""

    __tablename__ = "document_comment"
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    section: Mapped[str] = mapped_column(String(60), default="")  # its key; none: the whole
    text: Mapped[str]
    said_at: Mapped[datetime]
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    document: Mapped[Document] = relationship()
    said_by: Mapped[Person] = relationship(foreign_keys=[said_by_id])
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id])


class DocumentFile(Row, Base):
    """An approved document as a file: what the committee got, to the last byte."""

    __tablename__ = "document_file"
    __table_args__ = (UniqueConstraint("document_id", "form"),)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    form: Mapped[str] = mapped_column(String(10))  # pdf, docx
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


policy.register(DocumentTemplate, "document_template", unit="unit_id", path="path")
policy.register(Document, "document", unit="unit_id", path="path", state="state")
policy.inside(TemplateHeading, "document_template")
for _model in (DocumentSection, DocumentVersion, DocumentComment, DocumentFile):
    policy.inside(_model, "document")
