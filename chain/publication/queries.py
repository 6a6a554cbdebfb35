"""What is public, for whoever asks; and for those whose committee it is, what could be."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.cycle.models import Round, Year
from chain.followup.models import Submission
from chain.matter import queries as matter
from chain.matter.models import Decision
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
    joinedload(Publication.edition).joinedload(Edition.report).joinedload(Report.round).joinedload(Round.year),
    joinedload(Publication.edition).joinedload(Edition.submission).joinedload(Submission.unit),
    joinedload(Publication.edition).joinedload(Edition.release).joinedload(Release.round).joinedload(Round.year),
)


# For everybody


def public() -> dict[str, list[Publication]]:
    """All that is public, committee by committee, the newest first. One statement."""
    here = _newest(select(Publication).where(Publication.state == "public"))
    found: dict[str, list[Publication]] = {}
    for one in sorted_by_name(db.session.scalars(here.options(*WHOLE)), lambda one: one.unit.name):
        found.setdefault(one.unit.name, []).append(one)
    return found


def state(public_id: str) -> str:
    """Whether the one with this address is public or withdrawn; nothing where there is none."""
    return db.session.scalar(select(Publication.state).where(Publication.public_id == public_id)) or ""


def named(public_id: str) -> Publication:
    """The one with this address, also where it has been withdrawn."""
    return db.session.scalars(select(Publication).where(Publication.public_id == public_id).options(*WHOLE)).one()


def page(publication: Publication) -> Page:
    """What it says: the edition as it was at the moment when it was made public. Nothing live, nothing unread."""
    edition = publication.edition
    return report.page(edition.report.round, edition.submission, edition.release, publication.published_at)


# For those whose committee it is


def archive(mandate: Mandate) -> list[Publication]:
    """All that has been made public and the mandate may read of, the newest first; the withdrawn ones too."""
    return list(db.session.scalars(_newest(policy.visible(mandate, Publication)).options(*WHOLE)))


def about(reported: Report) -> Publication | None:
    """The one by which some edition of a report is public now."""
    here = select(Publication).join(Publication.edition).where(Edition.report_id == reported.id, Publication.state == "public")
    return db.session.scalars(here).first()


def decisions(reported: Report) -> list[Decision]:
    """What was decided about the report's round: by one of these it may have been made public."""
    return matter.about(reported.round)


def read(decided: Iterable[Decision]) -> str:
    """What tells whether the same decisions stand on the page as when somebody read it."""
    return " ".join(one.public_id for one in decided)


def _newest(found: Select[Publication]) -> Select[Publication]:
    joined = found.join(Publication.edition).join(Edition.report).join(Report.round).join(Round.year)
    return joined.order_by(Year.starts_on.desc(), Round.number.desc(), Publication.published_at.desc())


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
