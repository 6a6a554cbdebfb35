"""What the committee had on a day beside its page: the documents that it had been handed by then, as they stood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.document.models import Document
from chain.document.queries import NAMED
from chain.matter import meeting_queries as meetings
from chain.matter.models import Matter, Meeting
from chain.organisation.models import Mandate
from chain.report.models import Report


@dataclass(frozen=True)
class Agenda:
    """A meeting as its agenda stood, with the papers of each matter."""

    meeting: Meeting
    matters: list[tuple[Matter, list[Document]]]


@dataclass(frozen=True)
class Papers:
    """Documents about the page's round, and agendas with theirs."""

    about: list[Document]
    agendas: list[Agenda]

    @property
    def some(self) -> bool:
        return bool(self.about or self.agendas)


def on(report: Report, mandate: Mandate, day: date) -> Papers:
    """What had been handed over by the end of a day, of what the mandate may read: about the round, and on the agendas.

    The agendas are those of the meeting at which the round is read and of one that was held on the very day.
    """
    days = {day, report.round.meets_on} - {None}
    here = (Meeting.unit_id == report.unit_id, Meeting.state == "planned", Meeting.held_on.in_(days))
    held = list(db.session.scalars(policy.visible(mandate, Meeting).where(*here).order_by(Meeting.held_on)))
    listed = meetings.agendas_then(held, day) if held else {}
    found = _handed_over(report, mandate, day, [one for matters in listed.values() for one in matters])
    return Papers(
        [one for one in found if one.round_id == report.round_id],
        [Agenda(one, [(matter, _of(matter, found)) for matter in listed[one.id]]) for one in held if listed[one.id]],
    )


def _of(matter: Matter, found: Sequence[Document]) -> list[Document]:
    return [one for one in found if one.matter_id == matter.id]


def _handed_over(report: Report, mandate: Mandate, day: date, matters: Sequence[Matter]) -> list[Document]:
    """About the round or in one of the matters, each in the edition that stood at the end of the day; the oldest first."""
    newer, end = aliased(Document), clock.at(day + timedelta(days=1), 0)
    replaced = select(newer.id).where(newer.replaces_id == Document.id, newer.handed_at < end).exists()
    about = or_(Document.round_id == report.round_id, Document.matter_id.in_([one.id for one in matters]))
    then = (Document.state == "handed_over", Document.handed_at < end, ~replaced)
    asked = policy.visible(mandate, Document).where(about, *then).options(*NAMED)
    return list(db.session.scalars(asked.order_by(Document.handed_at, Document.id)))
