"""Reads meetings: a committee's calendar with the rounds that are read at each, and the agenda of one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.cycle.models import Round, Year
from chain.matter import meeting_rules, rules
from chain.matter.matter_queries import untreated
from chain.matter.models import AgendaItem, Decision, Matter, MatterStep, Meeting
from chain.matter.queries import stands
from chain.organisation.models import Mandate


@dataclass(frozen=True)
class Day:
    """A meeting in the calendar, with the rounds that are read at it and how many matters its agenda has."""

    meeting: Meeting
    rounds: list[Round] = field(default_factory=list)
    matters: int = 0


@dataclass(frozen=True)
class Calendar:
    """A committee's meetings, coming ones first, and the days of rounds for which there is no meeting."""

    coming: list[Day]
    past: list[Day]
    missing: list[Round]


def calendar(mandate: Mandate) -> Calendar:
    """The meetings that the mandate may read, in three statements."""
    found = db.session.scalars(policy.visible(mandate, Meeting).order_by(Meeting.held_on)).all()
    rounds = _meeting_rounds(mandate)
    counted = select(AgendaItem.meeting_id, func.count()).where(AgendaItem.moved_to_id.is_(None)).group_by(AgendaItem.meeting_id)
    here = AgendaItem.meeting_id.in_([one.id for one in found])
    counts: dict[int, int] = {meeting: count for meeting, count in db.session.execute(counted.where(here))}
    days = [Day(one, [round for round in rounds if round.meets_on == one.held_on], counts.get(one.id, 0)) for one in found]
    held = {one.held_on for one in found if one.state == "planned"}
    return Calendar(
        [one for one in days if not one.meeting.over],
        [one for one in reversed(days) if one.meeting.over],
        [round for round in rounds if round.meets_on not in held and round.meets_on and round.meets_on >= clock.today()],
    )


def _meeting_rounds(mandate: Mandate) -> list[Round]:
    """The rounds that say when their committee meets, in the order of those days."""
    meets = policy.visible(mandate, Round).join(Round.year).where(Round.meets_on.is_not(None))
    return list(db.session.scalars(meets.options(contains_eager(Round.year)).order_by(Round.meets_on, Year.starts_on)))


def rounds_at(meeting: Meeting) -> list[Round]:
    """The rounds that are read at a meeting."""
    here = (Round.path == meeting.path, Round.meets_on == meeting.held_on)
    found = select(Round).join(Round.year).where(*here).options(contains_eager(Round.year))
    return list(db.session.scalars(found.order_by(Year.starts_on, Round.number)))


def on(committee_id: int, day: date) -> Meeting | None:
    """The committee's meeting on a day, if it is not cancelled."""
    here = (Meeting.unit_id == committee_id, Meeting.held_on == day, Meeting.state == "planned")
    return db.session.scalars(select(Meeting).where(*here)).first()


def after(meeting: Meeting) -> Meeting | None:
    """The next meeting that is planned, today at the earliest."""
    first = max(meeting.held_on, clock.today())
    here = (Meeting.unit_id == meeting.unit_id, Meeting.state == "planned", Meeting.id != meeting.id, Meeting.held_on >= first)
    return db.session.scalars(select(Meeting).where(*here).order_by(Meeting.held_on)).first()


def coming(mandate: Mandate) -> list[Meeting]:
    """The meetings that are planned from today on, the nearest first."""
    found = policy.visible(mandate, Meeting).where(Meeting.state == "planned", Meeting.held_on >= clock.today())
    return list(db.session.scalars(found.order_by(Meeting.held_on)))


# The agenda


def agenda(meeting: Meeting) -> list[AgendaItem]:
    """The matters of a meeting in their order, those that were moved to another meeting too."""
    whole = joinedload(AgendaItem.matter).joinedload(Matter.responsible_unit), joinedload(AgendaItem.moved_to)
    here = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).options(*whole)
    return list(db.session.scalars(here.order_by(AgendaItem.position, AgendaItem.id)))


def agendas_then(meetings: Iterable[Meeting], day: date) -> dict[int, list[Matter]]:
    """The matters on some meetings' agendas at the end of a day, by the meeting's number, in the order in which they came there.

    An agenda itself is only as it stands; how it stood each matter's history tells. One statement.
    """
    held = {one.id: one.held_on for one in meetings}
    found: dict[int, list[Matter]] = {one: [] for one in held}
    mine = select(MatterStep.matter_id).where(MatterStep.meeting_id.in_(found))
    then = (MatterStep.act.in_(meeting_rules.PLACING), MatterStep.at < clock.at(day + timedelta(days=1), 0))
    asked = select(MatterStep, Matter).join(Matter, Matter.id == MatterStep.matter_id).where(Matter.id.in_(mine), *then)
    steps: dict[Matter, list[MatterStep]] = {}
    for step, matter in db.session.execute(asked.order_by(MatterStep.id)):
        steps.setdefault(matter, []).append(step)
    for matter, lines in steps.items():
        for meeting in meeting_rules.places(((one.act, one.meeting_id, clock.date_of(one.at)) for one in lines), held):
            if meeting in found:
                found[meeting].append(matter)
    return found


def decisions(meeting: Meeting) -> list[Decision]:
    """What was decided at a meeting as it stands, in the order in which it was recorded.

    What was recorded before the meeting stood in the calendar is found by its day.
    """
    that_day = and_(Decision.meeting_id.is_(None), Decision.unit_id == meeting.unit_id, Decision.decided_on == meeting.held_on)
    here = select(Decision).where(or_(Decision.meeting_id == meeting.id, that_day))
    return list(db.session.scalars(here.where(stands()).order_by(Decision.id)))


def to_add(mandate: Mandate, meeting: Meeting) -> list[Matter]:
    """The matters that can be put on the agenda: not decided about, and waiting on no agenda. The oldest first."""
    waits = select(AgendaItem.id).join(AgendaItem.meeting).where(AgendaItem.matter_id == Matter.id, untreated())
    here = (Matter.unit_id == meeting.unit_id, Matter.state.in_(rules.LIVE), ~waits.exists())
    found = policy.visible(mandate, Matter).where(*here)
    return list(db.session.scalars(found.order_by(Matter.opened_on, Matter.id)))


def by_matter(decided: Iterable[Decision]) -> dict[int, list[Decision]]:
    """Decisions by the matter's number; those that were made in none are left out."""
    found: dict[int, list[Decision]] = {}
    for one in decided:
        if one.matter_id is not None:
            found.setdefault(one.matter_id, []).append(one)
    return found
