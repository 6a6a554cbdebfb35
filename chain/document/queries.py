"""Reads documents: for those who write and approve them, and for those who were handed them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload, undefer

from chain.access import policy
from chain.access.policy import Action
from chain.base.audit import AuditLine
from chain.base.db import db
from chain.base.saves import Saves
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.document import shipped
from chain.document.models import (
    Document,
    DocumentComment,
    DocumentFile,
    DocumentSection,
    DocumentTemplate,
    DocumentVersion,
    TemplateHeading,
)
from chain.followup.models import Citation, Submission
from chain.matter.models import Decision, Matter
from chain.organisation.models import Mandate, Person, Unit
from chain.release.models import Release
from chain.report.models import Report

NAMED = (
    joinedload(Document.unit), joinedload(Document.committee), joinedload(Document.round).joinedload(Round.year),
    joinedload(Document.matter), joinedload(Document.approved_by), joinedload(Document.sent_by),
)  # fmt: skip
WHOLE = (
    *NAMED, joinedload(Document.release), joinedload(Document.begun_by), joinedload(Document.handed_by),
    joinedload(Document.replaces), selectinload(Document.sections).joinedload(DocumentSection.saved_by), undefer(Document.frozen),
)  # fmt: skip

saves = Saves(DocumentVersion)


def archive(mandate: Mandate) -> list[Document]:
    """Every document that the mandate may read, the newest first."""
    found = policy.visible(mandate, Document).options(*NAMED).order_by(Document.dated_on.desc(), Document.id.desc())
    return list(db.session.scalars(found))


def of_matter(mandate: Mandate, matter: Matter) -> list[Document]:
    """Those of a matter that the mandate may read, the oldest first."""
    found = policy.visible(mandate, Document).where(Document.matter_id == matter.id).options(*NAMED)
    return list(db.session.scalars(found.order_by(Document.dated_on, Document.id)))


def on_their_way(matter: Matter) -> list[str]:
    """The titles of those of a matter that have not been handed over, and in whose place nothing else has been."""
    asked = select(Document.title).where(Document.matter_id == matter.id, Document.state != "handed_over", ~replaced())
    return list(db.session.scalars(asked.order_by(Document.id)))


def handed_over(found: Sequence[Matter]) -> list[Document]:
    """What has been handed over in some matters and has not been replaced, the oldest first."""
    here = (Document.matter_id.in_([one.id for one in found]), Document.state == "handed_over", ~replaced())
    return list(db.session.scalars(select(Document).where(*here).order_by(Document.dated_on, Document.id)))


def of_round(mandate: Mandate, round: Round) -> list[Document]:
    """Those about a round that the mandate may read, the oldest first."""
    found = policy.visible(mandate, Document).where(Document.round_id == round.id).options(*NAMED)
    return list(db.session.scalars(found.order_by(Document.dated_on, Document.id)))


def built_on(mandate: Mandate, released: Release) -> list[Document]:
    """What has been handed over and stands on a release, for those who may read it."""
    here = (Document.release_id == released.id, Document.state == "handed_over")
    return list(db.session.scalars(policy.visible(mandate, Document).where(*here)))


def replaced() -> Any:
    """The condition that a newer edition has been handed to the committee in a document's place."""
    newer = aliased(Document)
    return select(newer.id).where(newer.replaces_id == Document.id, newer.state == "handed_over").exists()


def is_replaced(document: Document) -> bool:
    """Whether the committee has been handed a newer edition."""
    return bool(db.session.scalar(select(replaced()).where(Document.id == document.id)))


def successor(document: Document) -> Document | None:
    """The edition that takes, or is written to take, a document's place."""
    return db.session.scalars(select(Document).where(Document.replaces_id == document.id)).first()


def discarded(mandate: Mandate, public_id: str) -> bool:
    """Whether somebody under this mandate has thrown away a draft that had this address."""
    here = (AuditLine.about == public_id, AuditLine.act == "document.discard", AuditLine.mandate == mandate.public_id)
    return db.session.scalar(select(AuditLine.id).where(*here)) is not None


def section(document: Document, key: str) -> DocumentSection | None:
    return next((one for one in document.sections if one.key == key), None)


def writers(document: Document) -> dict[int, list[str]]:
    """Who has written in each section, in the order in which they began: in an edition before this one, then here."""
    found = _before(document) if document.replaces_id else {}
    for number, names in wrote(document).items():
        found[number] = list(dict.fromkeys([*found.get(number, []), *names]))
    return found


def _before(document: Document) -> dict[int, list[str]]:
    """Who had written in the edition that it takes the place of, by the sections here."""
    said = db.session.scalar(select(Document.frozen).where(Document.id == document.replaces_id))
    names = {one["key"]: one["written_by"] for one in said["sections"]} if said else {}
    return {one.id: list(names[one.key]) for one in document.sections if names.get(one.key)}


def wrote(document: Document) -> dict[int, list[str]]:
    """Who has written in each section of this very edition. One statement."""
    asked = select(DocumentVersion.section_id, Person.name).join(Person, Person.id == DocumentVersion.saved_by_id)
    mine = asked.join(DocumentVersion.section).where(DocumentSection.document_id == document.id, DocumentVersion.kept.is_(True))
    found: dict[int, list[str]] = {}
    for number, name in db.session.execute(mine.order_by(DocumentVersion.id)):
        if name not in found.setdefault(number, []):
            found[number].append(name)
    return found


def comments(document: Document) -> list[DocumentComment]:
    """What has been remarked, the oldest first."""
    whole = joinedload(DocumentComment.said_by), joinedload(DocumentComment.resolved_by)
    asked = select(DocumentComment).where(DocumentComment.document_id == document.id).options(*whole)
    return list(db.session.scalars(asked.order_by(DocumentComment.id)))


def file(document: Document, form: str) -> DocumentFile | None:
    """An approved document as a file of this form: pdf, docx."""
    asked = select(DocumentFile).where(DocumentFile.document_id == document.id, DocumentFile.form == form)
    return db.session.scalars(asked).first()


def files(documents: Iterable[Document]) -> dict[tuple[int, str], DocumentFile]:
    """All files of some documents by (document, form). One statement."""
    asked = select(DocumentFile).where(DocumentFile.document_id.in_([one.id for one in documents]))
    return {(one.document_id, one.form): one for one in db.session.scalars(asked)}


# What of it opens


_SOURCES: dict[str, Any] = {"submission": Submission, "release": Release, "report": Report, "decision": Decision}


def openable(mandate: Mandate, names: Iterable[tuple[str, str]]) -> set[str]:
    """Those of some sources and citations, (kind, public id), that the mandate may open. One statement for each kind."""
    asked: dict[str, set[str]] = {}
    for kind, name in names:
        asked.setdefault(kind, set()).add(name)
    found: set[str] = set()
    for kind, ids in asked.items():
        if model := {**_SOURCES, "citation": Citation}.get(kind):
            found |= set(
                db.session.scalars(select(model.public_id).where(policy.where(mandate, model), model.public_id.in_(ids)))
            )
    return found


# To begin with


def committee_of(mandate: Mandate) -> Unit | None:
    """The committee that an administration writes for: the unit above it."""
    above = select(Unit).where(Unit.id == mandate.unit.parent_id, Unit.level == "committee")
    return db.session.scalars(above).first()


def matters(committee: Unit) -> list[Matter]:
    """The committee's matters that are not closed, the newest first."""
    alive = select(Matter).where(Matter.unit_id == committee.id, Matter.state != "closed")
    return list(db.session.scalars(alive.order_by(Matter.opened_on.desc(), Matter.id.desc())))


def templates(committee: Unit) -> list[DocumentTemplate]:
    """The committee's own forms, hidden ones too, in order."""
    own = select(DocumentTemplate).where(DocumentTemplate.unit_id == committee.id)
    return list(db.session.scalars(own.order_by(DocumentTemplate.position, DocumentTemplate.id)))


def template(committee: Unit, key: str) -> DocumentTemplate | None:
    own = select(DocumentTemplate).where(DocumentTemplate.unit_id == committee.id, DocumentTemplate.key == key)
    return db.session.scalars(own.options(selectinload(DocumentTemplate.headings))).first()


def heading(template: DocumentTemplate, key: str) -> TemplateHeading | None:
    asked = select(TemplateHeading).where(TemplateHeading.template_id == template.id, TemplateHeading.key == key)
    return db.session.scalars(asked).first()


def offered(committee: Unit) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(key, name, about) of the forms to begin in: the committee's own, and those shipped that it has not made its own."""
    own = templates(committee)
    known = {one.key for one in own}
    found = [(one.key, one.name, one.about) for one in own if not one.hidden]
    return found + [(one.key, one.name, one.about) for one in shipped.forms().values() if one.key not in known]


def keeps(mandate: Mandate) -> list[Unit]:
    """The committees whose forms the mandate keeps: an administration its own, the steward all of the municipality."""
    return [one for one in cycle.committees(mandate) if policy.may(mandate, Action.KEEP, of(one))]


def of(committee: Unit) -> DocumentTemplate:
    """A form of the committee's, to ask the access table with: it may have none of its own yet."""
    return DocumentTemplate(unit_id=committee.id, path=committee.path)
