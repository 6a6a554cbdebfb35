"""A committee's calendar and the agendas of its meetings: planned, changed, cancelled; matters put on, ordered, moved on."""

from collections.abc import Sequence
from datetime import date, time

from sqlalchemy import func, select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _, day
from chain.base.queue import lock
from chain.matter import matter_actions, matter_queries, meeting_rules
from chain.matter import meeting_queries as queries
from chain.matter.models import AgendaItem, Matter, Meeting
from chain.organisation.models import Mandate, Unit


@atomic
def plan(
    committee: Unit, days: Sequence[date], *, by: Mandate, begins_at: time | None = None, place: str = "",
    papers_before: int | None = None,
) -> list[Meeting]:  # fmt: skip
    """Put one meeting or a year's into the calendar; `papers_before`: how many days before each the papers are to be ready."""
    lock(db.session(), f"matter:{committee.id}")
    made = []
    for held_on in days:
        papers_by = meeting_rules.papers_day(held_on, papers_before) if papers_before is not None else None
        meeting = Meeting(public_id=random_name(), unit_id=committee.id, path=committee.path, state="planned")
        guard.require(Action.KEEP, meeting, by)
        _say(meeting, held_on, begins_at, place, papers_by, "days")
        db.session.add(meeting)
        db.session.flush()
        made.append(meeting)
        audit.note("meeting.plan", about=meeting)
    if not made:
        raise RuleBroken(_("Skriv minst en dag."), {"days": _("Skriv minst en dag.")})
    return made


@atomic
def change(
    meeting: Meeting, *, held_on: date, begins_at: time | None, place: str, papers_by: date | None, version: int, by: Mandate
) -> None:
    """Another day, hour, place or last day for papers. A meeting that has been keeps its day."""
    _alone(meeting, by)
    if meeting.version != version:
        raise RuleBroken(_("Någon annan ändrade samtidigt. Ladda om sidan och försök igen."))
    if held_on != meeting.held_on and (meeting.over or queries.decisions(meeting)):
        sentence = _("Sammanträdet har varit och behåller sin dag.")
        raise RuleBroken(sentence, {"held_on": sentence})
    _say(meeting, held_on, begins_at, place, papers_by, "held_on")
    audit.note("meeting.change", about=meeting)


def _say(meeting: Meeting, held_on: date, begins_at: time | None, place: str, papers_by: date | None, field: str) -> None:
    meeting_rules.check(held_on, papers_by, place)
    other = select(Meeting.id).where(Meeting.unit_id == meeting.unit_id, Meeting.held_on == held_on)
    if db.session.scalar(other.where(Meeting.id != (meeting.id or 0))) is not None:
        sentence = _("%(day)s finns redan i kalendern.", day=day(held_on))
        raise RuleBroken(sentence, {field: sentence})
    meeting.held_on, meeting.begins_at, meeting.place, meeting.papers_by = held_on, begins_at, place.strip(), papers_by


@atomic
def cancel(meeting: Meeting, reason: str, *, by: Mandate) -> None:
    """It will not be held. Its matters go on to the next meeting in the calendar; without one, they wait for a place."""
    _alone(meeting, by)
    if not reason.strip():
        raise RuleBroken(_("Skriv varför sammanträdet ställs in."), {"reason": _("Skriv varför sammanträdet ställs in.")})
    meeting_rules.check_agenda_open(meeting.held_on, meeting.state, clock.today())
    if queries.decisions(meeting):
        raise RuleBroken(_("Beslut är inskrivna från sammanträdet, så det har hållits."))
    following = queries.after(meeting)
    for item in queries.agenda(meeting):
        if item.moved_to_id is None and following:
            _carry(item, following, by, reason)
        elif item.moved_to_id is None:
            _take_off(item, by, reason)
    meeting.state, meeting.reason = "cancelled", reason.strip()
    audit.note("meeting.cancel", about=meeting)


@atomic
def restore(meeting: Meeting, *, by: Mandate) -> None:
    """It will be held after all. What was on its agenda has gone on, and stays there."""
    _alone(meeting, by)
    if meeting.state != "cancelled":
        raise RuleBroken(_("Sammanträdet är inte inställt."))
    meeting.state, meeting.reason = "planned", ""
    audit.note("meeting.restore", about=meeting)


# The agenda


@atomic
def put(meeting: Meeting, matter: Matter, *, by: Mandate) -> AgendaItem:
    """Put a matter last on the agenda. One that waits on another agenda is moved from there instead."""
    _alone(meeting, by)
    if meeting.state == "cancelled":
        raise RuleBroken(_("Sammanträdet är inställt och har ingen dagordning."))
    if matter.unit_id != meeting.unit_id:
        raise RuleBroken(_("Ärendet hör till en annan nämnd."))
    waits = matter_queries.place(matter)
    if waits and waits.meeting_id == meeting.id:
        raise RuleBroken(_("Ärendet står redan på dagordningen."))
    if waits:
        raise RuleBroken(
            _("Ärendet står på dagordningen %(day)s. Flytta det därifrån i stället.", day=day(waits.meeting.held_on))
        )
    matter_actions.go(matter, "schedule", by=by, meeting=meeting)
    return _place(meeting, matter)


def _place(meeting: Meeting, matter: Matter) -> AgendaItem:
    """Last on the agenda; where it has stood before, it comes back to the end."""
    last = db.session.scalar(select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting.id)) or 0
    here = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.matter_id == matter.id)
    item = db.session.scalars(here).first() or AgendaItem(meeting_id=meeting.id, matter_id=matter.id)
    item.position, item.moved_to = last + 1, None
    db.session.add(item)
    db.session.flush()
    return item


@atomic
def take_up(meeting: Meeting, matter: Matter, *, by: Mandate) -> None:
    """It was taken up at the meeting: if it did not stand on the agenda it stands there now, whatever other one it waited on."""
    waits = matter_queries.place(matter)
    if waits and waits.meeting_id == meeting.id:
        audit.note("meeting.take_up", about=meeting, matter=matter.public_id)
        return
    if waits:
        waits.moved_to = meeting
    _place(meeting, matter)
    audit.note("meeting.take_up", about=meeting, matter=matter.public_id)


@atomic
def shift(meeting: Meeting, matter: Matter, by_steps: int, *, by: Mandate) -> None:
    """One step up (-1) or down (1)."""
    _alone(meeting, by)
    meeting_rules.check_agenda_open(meeting.held_on, meeting.state, clock.today())
    items = [one for one in queries.agenda(meeting) if one.moved_to_id is None]
    order = meeting_rules.shifted(items, _item(items, matter), by_steps)
    for position, item in enumerate(order, 1):
        item.position = position
    audit.note("meeting.shift", about=meeting, matter=matter.public_id)


@atomic
def take_off(meeting: Meeting, matter: Matter, *, by: Mandate) -> None:
    """Take a matter off the agenda: it waits for another place."""
    _alone(meeting, by)
    meeting_rules.check_agenda_open(meeting.held_on, meeting.state, clock.today())
    _take_off(_item(queries.agenda(meeting), matter), by)
    audit.note("meeting.take_off", about=meeting, matter=matter.public_id)


def _take_off(item: AgendaItem, by: Mandate, words: str = "") -> None:
    matter_actions.go(item.matter, "unschedule", by=by, words=words, meeting=item.meeting)
    db.session.delete(item)
    db.session.flush()


@atomic
def postpone(meeting: Meeting, matter: Matter, *, by: Mandate, to: Meeting | None = None, words: str = "") -> Meeting:
    """Move a matter to the next meeting, or to a chosen later one. Nothing may have been decided in it at this one."""
    _alone(meeting, by)
    item = _item(queries.agenda(meeting), matter)
    if item.moved_to_id is not None:
        raise RuleBroken(_("Ärendet är redan flyttat."))
    if queries.by_matter(queries.decisions(meeting)).get(matter.id):
        raise RuleBroken(_("Nämnden fattade beslut i ärendet vid sammanträdet, så det ligger kvar där."))
    following = to or queries.after(meeting)
    if following is None:
        raise RuleBroken(_("Det finns inget senare sammanträde i kalendern. Lägg in nästa först."))
    if following.unit_id != meeting.unit_id or following.state != "planned" or following.held_on <= meeting.held_on:
        raise RuleBroken(_("Välj ett senare sammanträde i nämndens kalender."))
    _carry(item, following, by, words)
    audit.note("meeting.postpone", about=meeting, matter=matter.public_id, to=following.public_id)
    return following


def _carry(item: AgendaItem, to: Meeting, by: Mandate, words: str = "") -> None:
    """It stays where it stood, and says where it went."""
    matter_actions.go(item.matter, "postpone", by=by, words=words, meeting=to)
    item.moved_to = to
    _place(to, item.matter)


def _item(items: Sequence[AgendaItem], matter: Matter) -> AgendaItem:
    found = next((one for one in items if one.matter_id == matter.id), None)
    if found is None:
        raise RuleBroken(_("Ärendet står inte på dagordningen."))
    return found


def _alone(meeting: Meeting, by: Mandate) -> None:
    lock(db.session(), f"matter:{meeting.unit_id}")
    db.session.flush()
    db.session.refresh(meeting)
    guard.require(Action.KEEP, meeting, by)
