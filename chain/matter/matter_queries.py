"""Reads matters: those of a committee, the line that one belongs to, where it is placed, and what has been done with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.access import policy
from chain.access.policy import Role
from chain.base import clock, events
from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.cycle.models import Round
from chain.matter import assignment_rules, rules
from chain.matter.models import AgendaItem, Assignment, Decision, Matter, MatterStep, Meeting
from chain.matter.queries import stands
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import ROLE_WORDS

WHOLE = (
    joinedload(Matter.unit), joinedload(Matter.responsible_unit), joinedload(Matter.follows),
    joinedload(Matter.round).joinedload(Round.year),
)  # fmt: skip
RESPONSIBLE = (Role.DIRECTOR, Role.OFFICER)  # the roles that can have a matter


@dataclass(frozen=True)
class Paper:
    """A paper of a matter, kept by a later link: what it is called, and its page."""

    title: str
    endpoint: str
    values: tuple[tuple[str, str], ...]
    status: str = ""


def matters(mandate: Mandate, *, closed: bool = False) -> list[Matter]:
    """What the mandate may read: those that are not closed, or with `closed` those that are; the newest first."""
    here = Matter.state == "closed" if closed else Matter.state != "closed"
    found = policy.visible(mandate, Matter).where(here).options(*WHOLE)
    return list(db.session.scalars(found.order_by(Matter.opened_on.desc(), Matter.id.desc())))


def to_choose(mandate: Mandate, *, closed: bool = False) -> list[Matter]:
    """The matters of the mandate's committee, the newest first: those that can be worked on, or with `closed` every one."""
    found = policy.visible(mandate, Matter)
    if not closed:
        found = found.where(Matter.state != "closed")
    return list(db.session.scalars(found.order_by(Matter.opened_on.desc(), Matter.id.desc())))


def numbered(committee_id: int, number: str) -> Matter | None:
    """The committee's matter with this registration number, however it is capitalised."""
    same = (Matter.unit_id == committee_id, func.lower(Matter.registration_number) == number.lower())
    return db.session.scalars(select(Matter).where(*same)).first()


def line(matter: Matter) -> list[Matter]:
    """The matters that it goes on from and those that go on from it, itself among them, the oldest first."""
    here = select(Matter.id, Matter.follows_id).where(Matter.id == matter.id)
    up, down = here.cte("up", recursive=True), here.cte("down", recursive=True)
    up = up.union(select(Matter.id, Matter.follows_id).join(up, Matter.id == up.c.follows_id))
    down = down.union(select(Matter.id, Matter.follows_id).join(down, Matter.follows_id == down.c.id))
    ids = select(up.c.id).union(select(down.c.id))
    found = select(Matter).where(Matter.id.in_(ids), Matter.unit_id == matter.unit_id)
    return list(db.session.scalars(found.order_by(Matter.opened_on, Matter.id)))


def steps(matter: Matter) -> list[MatterStep]:
    """What has been done with it, the newest first."""
    whole = joinedload(MatterStep.decision), joinedload(MatterStep.meeting), joinedload(MatterStep.by)
    mine = select(MatterStep).where(MatterStep.matter_id == matter.id, MatterStep.assignment_id.is_(None))
    return list(db.session.scalars(mine.options(*whole).order_by(MatterStep.id.desc())))


def responsible(matter: Matter) -> str:
    """Who has it, in words: utredare, Barn- och utbildningsförvaltningen."""
    if matter.responsible_unit is None or matter.responsible_role is None:
        return ""
    return f"{ROLE_WORDS[Role(matter.responsible_role)]}, {matter.responsible_unit.name}"


# Where it is placed


def untreated() -> ColumnElement[bool]:
    """A place on the agenda of a meeting that is not cancelled, of a matter that nothing was decided in at that meeting."""
    taken_up = select(Decision.id).where(Decision.matter_id == AgendaItem.matter_id, Decision.meeting_id == AgendaItem.meeting_id)
    return and_(AgendaItem.moved_to_id.is_(None), Meeting.state == "planned", ~taken_up.where(stands()).exists())


def _places() -> Select[AgendaItem]:
    return select(AgendaItem).join(AgendaItem.meeting).where(untreated()).options(contains_eager(AgendaItem.meeting))


def place(matter: Matter) -> AgendaItem | None:
    """Where it waits to be taken up."""
    return db.session.scalars(_places().where(AgendaItem.matter_id == matter.id).order_by(Meeting.held_on.desc())).first()


def places(found: Iterable[Matter]) -> dict[int, Meeting]:
    """The meeting at which each of some matters waits to be taken up, by the matter's number."""
    ids = [one.id for one in found]
    if not ids:
        return {}
    items = db.session.scalars(_places().where(AgendaItem.matter_id.in_(ids)).order_by(Meeting.held_on))
    return {item.matter_id: item.meeting for item in items}


def placed(matter: Matter) -> list[AgendaItem]:
    """Every agenda that it has stood on, the first first."""
    whole = contains_eager(AgendaItem.meeting), joinedload(AgendaItem.moved_to)
    mine = select(AgendaItem).join(AgendaItem.meeting).where(AgendaItem.matter_id == matter.id)
    return list(db.session.scalars(mine.options(*whole).order_by(Meeting.held_on)))


# What the table asks for


def facts(matter: Matter, words: str = "") -> rules.Facts:
    """What the table of moves asks of it, in one statement."""
    waits = Assignment.state.in_(assignment_rules.WAITING)
    given = select(func.count()).select_from(Assignment).where(Assignment.matter_id == matter.id, waits)
    answering = select(func.count()).select_from(Assignment).where(Assignment.answered_in_id == matter.id, waits)
    waiting = select(AgendaItem.id).join(AgendaItem.meeting).where(AgendaItem.matter_id == matter.id, untreated())
    asked = select(waiting.exists(), given.scalar_subquery(), answering.scalar_subquery())
    stands, how_many, to_answer = db.session.execute(asked).one()
    return rules.Facts(bool(stands), matter.responsible_unit_id is not None, words, how_many, to_answer)


def administrations(committee_path: str) -> list[Unit]:
    """Those under a committee that can be responsible: open ones of the own organiser, in Swedish order."""
    here = (policy.below(committee_path, Unit.path), Unit.level == "administration", Unit.context.is_(False))
    return sorted_by_name(one for one in db.session.scalars(select(Unit).where(*here)) if one.open)


def people(unit: Unit, role: Role) -> list[str]:
    """The public ids of those who hold a role at a unit today."""
    here = select(Mandate).where(Mandate.unit_id == unit.id, Mandate.role == role).options(joinedload(Mandate.person))
    held = [one for one in db.session.scalars(here) if one.holds(clock.today()) and one.person.ended_at is None]
    return [one.person.public_id for one in held]


def papers(found: Sequence[Matter]) -> dict[int, list[Paper]]:
    """The papers of some matters, by the matter's number, as later links tell of them."""
    known: dict[int, list[Paper]] = {one.id: [] for one in found}
    events.tell("papers_looked_for", matters=found, found=known)
    return known
