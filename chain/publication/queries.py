"""What is public, for whoever asks; and for those whose committee it is, what could be."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased, joinedload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.cycle.models import Round, Year
from chain.document.models import Document
from chain.followup.models import Submission
from chain.matter import queries as matter
from chain.matter.models import AgendaItem, Decision, Meeting
from chain.organisation.models import Mandate, Unit
from chain.publication.models import Publication, Remark
from chain.release.models import Release
from chain.report import queries as report
from chain.report.models import Edition, Report
from chain.report.queries import Page

WHOLE = (
    joinedload(Publication.unit),
    joinedload(Publication.decision),
    joinedload(Publication.published_by),
    joinedload(Publication.replaced_by),
    joinedload(Publication.document).joinedload(Document.matter),
    joinedload(Publication.document).joinedload(Document.round).joinedload(Round.year),
    joinedload(Publication.edition).joinedload(Edition.report).joinedload(Report.round).joinedload(Round.year),
    joinedload(Publication.edition).joinedload(Edition.submission).joinedload(Submission.unit),
    joinedload(Publication.edition).joinedload(Edition.release).joinedload(Release.round).joinedload(Round.year),
)
_newer = aliased(Publication)
STATE = (  # put together once: all that most who ask again want to know
    select(Publication.state, _newer.public_id)
    .outerjoin(_newer, (_newer.id == Publication.replaced_by_id) & (_newer.state == "public"))
    .where(Publication.public_id == bindparam("name"))
)


# For everybody


def public() -> dict[str, list[Publication]]:
    """All that is public, committee by committee: its pages, then documents, the newest of each first. One statement."""
    here = _newest(select(Publication).where(Publication.state == "public"))
    found: dict[str, list[Publication]] = {}
    for one in sorted_by_name(db.session.scalars(here.options(*WHOLE)), lambda one: one.unit.name):
        found.setdefault(one.unit.name, []).append(one)
    return found


def taken_up(found: Iterable[Publication]) -> dict[int, date]:
    """When the matters of some documents were last taken up, by the matter's number. One statement at most."""
    ids = {one.document.matter_id for one in found if one.document and one.document.matter_id}
    if not ids:
        return {}
    asked = select(AgendaItem.matter_id, func.max(Meeting.held_on)).join(AgendaItem.meeting).group_by(AgendaItem.matter_id)
    held = (Meeting.state == "planned", Meeting.held_on <= clock.today(), AgendaItem.moved_to_id.is_(None))
    rows = db.session.execute(asked.where(AgendaItem.matter_id.in_(ids), *held))
    return {matter: day for matter, day in rows}


def state(public_id: str) -> tuple[str, str]:
    """Whether the one with this address is public or withdrawn, and what has taken its place; nothing where there is none."""
    found = db.session.execute(STATE, {"name": public_id}).first()
    return (found[0], found[1] or "") if found else ("", "")


def named(public_id: str) -> Publication:
    """The one with this address, also where it has been withdrawn."""
    whole = (*WHOLE, joinedload(Publication.document).undefer(Document.frozen))
    return db.session.scalars(select(Publication).where(Publication.public_id == public_id).options(*whole)).one()


def page(publication: Publication) -> Page:
    """What it says: the edition as it was at the moment when it was made public. Nothing live, nothing unread."""
    edition = publication.edition
    assert edition, "a document has its own words"
    made = edition.report.round, edition.submission, edition.release, publication.published_at
    return report.page(*made, seen=edition.seen, drawn=False)


# For those whose committee it is


def archive(mandate: Mandate) -> list[Publication]:
    """All that has been made public and the mandate may read of, the newest first; the withdrawn ones too."""
    return list(db.session.scalars(_newest(policy.visible(mandate, Publication)).options(*WHOLE)))


def about(reported: Report) -> Publication | None:
    """The one by which some edition of a report is public now."""
    here = select(Publication).join(Publication.edition).where(Edition.report_id == reported.id, Publication.state == "public")
    return db.session.scalars(here).first()


def about_document(document: Document) -> Publication | None:
    """The one by which a document is public now."""
    here = select(Publication).where(Publication.document_id == document.id, Publication.state == "public")
    return db.session.scalars(here).first()


def earlier(document: Document) -> list[Publication]:
    """Those of the editions that a document replaces, one after another."""
    ids, before = [], document.replaces
    while before:
        ids.append(before.id)
        before = before.replaces
    return list(db.session.scalars(select(Publication).where(Publication.document_id.in_(ids)))) if ids else []


def decisions(reported: Report) -> list[Decision]:
    """What was decided about the report's round: by one of these it may have been made public."""
    return matter.about(reported.round)


def read(decided: Iterable[Decision]) -> str:
    """What tells whether the same decisions stand on the page as when somebody read it."""
    return " ".join(one.public_id for one in decided)


def decisions_on(document: Document) -> list[Decision]:
    """What was decided in a document's matter, and about its round."""
    found = [
        *(matter.in_matter(document.matter) if document.matter else []),
        *(matter.about(document.round) if document.round else []),
    ]
    return list(dict.fromkeys(found))


def _newest(found: Select[Publication]) -> Select[Publication]:
    """Pages by their rounds, then documents by their dates; a withdrawn one stands after what took its place."""
    pages = found.outerjoin(Publication.edition).outerjoin(Edition.report).outerjoin(Report.round).outerjoin(Round.year)
    newest = (Year.starts_on.desc(), Round.number.desc(), Document.dated_on.desc(), Publication.published_at.desc())
    return pages.outerjoin(Publication.document).order_by(Publication.document_id.is_not(None), *newest)


# Remarks


def municipalities() -> list[Unit]:
    """To whom a remark can be made: each that keeps its chain here."""
    return sorted_by_name(db.session.scalars(select(Unit).where(Unit.parent_id.is_(None))), lambda one: one.name)


def remarks(mandate: Mandate) -> list[Remark]:
    """What has been told, the newest first."""
    found = (
        policy.visible(mandate, Remark).options(joinedload(Remark.answered_by)).order_by(Remark.told_at.desc(), Remark.id.desc())
    )
    return list(db.session.scalars(found))


def told_since(moment: datetime) -> int:
    return db.session.scalar(select(func.count(Remark.id)).where(Remark.told_at >= moment)) or 0
