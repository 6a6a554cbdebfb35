"""What the committee's matters ask of somebody: give them to somebody, work on them, place them, write down what was decided."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, day, ngettext
from chain.home.committee import Page
from chain.home.rules import Todo, folded, short
from chain.matter.matter_queries import untreated
from chain.matter.models import AgendaItem, Assignment, Matter, Meeting
from chain.organisation.models import Mandate

Placed = tuple[Matter, date | None, date | None]
WORKED_ON = ("assigned", "under_way")


def waiting(mandate: Mandate, pages: list[Page]) -> Iterator[Todo]:
    """For the secretary and for the administration, in two statements each; nothing for those who only read."""
    if policy.may_somewhere(mandate, Action.KEEP, "matter"):
        yield from _for_the_secretary(mandate, pages)
    elif policy.may_somewhere(mandate, Action.WRITE, "matter"):
        yield from _for_the_administration(mandate)


def _alive(mandate: Mandate, *states: str) -> list[Placed]:
    """Matters in some states, each with the day of the meeting that it waits for, and the last day for that one's papers."""
    placed = select(AgendaItem.matter_id, Meeting.held_on, Meeting.papers_by).join(AgendaItem.meeting).where(untreated())
    place = placed.subquery()
    found = select(Matter, place.c.held_on, place.c.papers_by).outerjoin(place, place.c.matter_id == Matter.id)
    mine = found.where(policy.where(mandate, Matter, Action.WRITE), Matter.state.in_(states))
    rows = db.session.execute(mine.order_by(Matter.opened_on, Matter.id))
    return [(matter, held_on, papers_by) for matter, held_on, papers_by in rows]


def _of(matter: Matter, title: str, hint: str, *, weight: int, due: date | None = None) -> Todo:
    return Todo(
        title=title, hint=hint, endpoint="matter.matter", values=(("public_id", matter.public_id),),
        status=f"matter_{matter.state}", weight=weight, due=due, since=matter.opened_on, who=matter.title,
    )  # fmt: skip


# For the secretary


def _for_the_secretary(mandate: Mandate, pages: list[Page]) -> Iterator[Todo]:
    found = _alive(mandate, "written", "reported_back")
    unplaced = [_to_place(matter) for matter, held_on, _papers in found if matter.state == "written" and held_on is None]
    done = [_to_close(matter) for matter, *_place in found if matter.state == "reported_back"]
    yield from folded(unplaced, lambda n: _("%(n)s ärenden att sätta på en dagordning", n=n), "matter.matters")
    yield from folded(done, lambda n: _("%(n)s ärenden att avsluta", n=n), "matter.matters")
    yield from _to_write_down(mandate, [page.report.round_id for page in pages if not page.decided])


def _to_place(matter: Matter) -> Todo:
    return _of(matter, _("Sätt på en dagordning: %(title)s", title=matter.title), _("Det är klart för nämnden."), weight=3)


def _to_close(matter: Matter) -> Todo:
    return _of(matter, _("Avsluta ärendet: %(title)s", title=matter.title), _("Allt är återrapporterat."), weight=6)


def _to_write_down(mandate: Mandate, asked_for: list[int]) -> Iterator[Todo]:
    """Meetings that have come, with matters that nothing is decided in. What is asked for as a page's decision is left out."""
    mine = (policy.where(mandate, Meeting, Action.KEEP), Meeting.held_on <= clock.today(), untreated())
    elsewhere = Matter.round_id.is_(None) | Matter.round_id.not_in(asked_for)
    items = select(Meeting.public_id, Meeting.held_on, func.count()).select_from(AgendaItem).join(AgendaItem.meeting)
    waits = items.join(AgendaItem.matter).where(*mine, elsewhere).group_by(Meeting.public_id, Meeting.held_on)
    for public_id, held_on, count in db.session.execute(waits.order_by(Meeting.held_on)):
        yield Todo(
            title=_("Skriv in besluten från sammanträdet %(day)s", day=day(held_on)),
            hint=ngettext("Ett ärende har inget beslut.", "%(num)s ärenden har inget beslut.", count),
            endpoint="matter.meeting",
            values=(("public_id", public_id),),
            status="not_started",
            weight=1,
            since=held_on,
        )


# For the administration


def _for_the_administration(mandate: Mandate) -> Iterator[Todo]:
    found = _alive(mandate, "open", *WORKED_ON)
    if mandate.role == Role.DIRECTOR:
        new = [_to_give(matter) for matter, *_place in found if matter.state == "open"]
        yield from folded(new, lambda n: _("%(n)s ärenden att fördela", n=n), "matter.matters")
    ours = [row for row in found if row[0].responsible_unit_id == mandate.unit_id and row[0].state in WORKED_ON]
    mine = [_to_work_on(*row) for row in ours if row[0].responsible_role == mandate.role]
    yield from folded(mine, lambda n: _("%(n)s ärenden att bereda", n=n), "matter.matters")
    yield from folded(
        [_to_answer(one) for one in db.session.scalars(_unanswered(mandate))],
        lambda n: _("%(n)s uppdrag från nämnden att återrapportera", n=n),
        "matter.assignments",
    )


def _to_give(matter: Matter) -> Todo:
    return _of(matter, _("Fördela ärendet: %(title)s", title=matter.title), short(matter.why), weight=2)


def _to_work_on(matter: Matter, held_on: date | None, papers_by: date | None) -> Todo:
    when = _("Nämnden sammanträder %(day)s.", day=day(held_on)) if held_on else _("Ärendet har ingen plats på en dagordning än.")
    return _of(matter, _("Bered ärendet: %(title)s", title=matter.title), when, weight=4, due=papers_by or held_on)


def _unanswered(mandate: Mandate) -> Select[Assignment]:
    """Open assignments that no matter is to answer, and those whose day has passed."""
    mine = (
        policy.visible(mandate, Assignment, Action.ANSWER).join(Assignment.decision).options(contains_eager(Assignment.decision))
    )
    late = and_(Assignment.due_on.is_not(None), Assignment.due_on < clock.today())
    waits = mine.where(Assignment.state == "open", late | Assignment.answered_in_id.is_(None))
    return waits.options(joinedload(Assignment.answered_in)).order_by(Assignment.due_on, Assignment.id)


def _to_answer(one: Assignment) -> Todo:
    return Todo(
        title=_("Återrapportera nämndens uppdrag: %(name)s", name=one.name),
        hint=short(one.text),
        endpoint="matter.assignment",
        values=(("public_id", one.public_id),),
        status="assignment_late" if one.late else "assignment_open",
        weight=4 if one.due_on else 5,
        due=one.due_on,
        since=one.decision.decided_on,
        who=one.name,
    )


# Days to come


def days(mandate: Mandate) -> list[tuple[date, str]]:
    """The next meeting and the last day for its papers, for those who read the calendar."""
    if not policy.may_somewhere(mandate, Action.READ, "meeting"):
        return []
    coming = policy.visible(mandate, Meeting).where(Meeting.state == "planned", Meeting.held_on >= clock.today())
    found = db.session.scalars(coming.order_by(Meeting.held_on).limit(1)).first()
    if found is None:
        return []
    papers = [(found.papers_by, _("Handlingar till nämnden klara"))] if found.papers_by else []
    return [(found.held_on, _("Nämnden sammanträder")), *papers]
