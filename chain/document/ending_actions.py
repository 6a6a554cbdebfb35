"""A document that never reaches the committee: thrown away by those who write it, or left when their administration ends."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.events import listen
from chain.base.locale import _
from chain.document import actions as documents
from chain.document import rules
from chain.document import section_actions as sections
from chain.document.models import Document, DocumentComment, DocumentSection, DocumentVersion
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting


@atomic
def discard(document: Document, *, version: int, by: Mandate) -> None:
    """Throw away a draft with its texts, versions and remarks. What it was to take the place of may be begun anew.

    The log keeps who did it, and which it was; no word of it is kept. `version`: as it was read before.
    """
    sections.hold(document)
    guard.require(Action.WRITE, document, by)
    rules.move("discard", document.state, rules.Facts(), role=str(by.role))
    documents.as_read(document, version)
    _throw_away([document])


def _throw_away(found: Iterable[Document]) -> None:
    for one in found:
        audit.note("document.discard", about=one, form=one.form, edition=one.edition, number=one.registration_number)
        mine = select(DocumentSection.id).where(DocumentSection.document_id == one.id)
        db.session.execute(delete(DocumentVersion).where(DocumentVersion.section_id.in_(mine)))
        for model in (DocumentComment, DocumentSection):
            db.session.execute(delete(model).where(model.document_id == one.id))
        db.session.execute(delete(Document).where(Document.id == one.id))


@listen("unit_ending", "document")
def unit_ending(*, unit: Unit, successor: Unit | None, reason: str, **_more: Any) -> None:
    """Whoever takes over the administration writes on; without anybody drafts are thrown away, for the reason that is given.

    What the director has approved is finished: it is handed to the committee first.
    """
    for one in _unfinished(unit):
        if heir := _heir(one, successor):
            one.unit_id, one.path = heir.id, heir.path
        elif one.state in rules.READABLE:
            raise RuleBroken(
                _(
                    "%(unit)s har ett godkänt dokument som inte är överlämnat: %(title)s. Överlämna det till nämnden först.",
                    unit=unit.name,
                    title=one.title,
                )
            )
        elif not reason.strip():
            raise RuleBroken(
                _(
                    "%(unit)s skriver på dokument till nämnden. Säg vilken förvaltning som tar över, eller varför de slängs.",
                    unit=unit.name,
                )
            )
        else:
            _throw_away([one])
    db.session.flush()


def _unfinished(unit: Unit) -> Sequence[Document]:
    """What an administration has begun and not handed over, the oldest first."""
    begun = select(Document).where(Document.unit_id == unit.id, Document.state != "handed_over").order_by(Document.id)
    return db.session.scalars(begun.options(joinedload(Document.committee))).all()


def _heir(document: Document, successor: Unit | None) -> Unit | None:
    """Who writes on: an administration of the same committee. Another committee's people do not read what was meant for this."""
    return successor if successor and successor.path.startswith(document.committee.path) else None


@listen("unit_to_end", "document")
def unit_to_end(*, unit: Unit, found: list[Waiting], successor: Unit | None = None, **_more: Any) -> None:
    """What it has begun, by the committee that it was for."""
    begun = _unfinished(unit)
    if not begun:
        return
    committees = tuple(dict.fromkeys(one.committee.name for one in begun))
    strange = successor is not None and not all(_heir(one, successor) for one in begun)
    to = _("ingen, eftersom den som tar över hör till en annan nämnd: de slängs med skälet") if strange else ""
    what = _("Dokument till nämnden som inte är överlämnade")
    found.append(Waiting("document", what, len(begun), committees, chooses=not strange, to=to))
