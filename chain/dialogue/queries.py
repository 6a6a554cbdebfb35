"""Reads dialogues: a unit's own through the years, the calendar of those who hold them, and one with all that belongs to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.cycle import queries as cycle
from chain.cycle import rules as cycle_rules
from chain.cycle.models import Round
from chain.dialogue import rules, shipped
from chain.dialogue.models import Dialogue, DialogueAgenda, DialogueEdition, DialoguePack, DialogueStep
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Person, Unit

WHOLE = (
    joinedload(Dialogue.unit), joinedload(Dialogue.host), joinedload(Dialogue.round).joinedload(Round.year),
)  # fmt: skip


# Those who hold dialogues


@dataclass(frozen=True)
class Entry:
    """A line of the calendar: whose, when, how it stands. `readable`: whether the one who asks takes part, or may read it."""

    dialogue: Dialogue
    readable: bool


@dataclass(frozen=True)
class Calendar:
    """The dialogues of a year, coming ones first, and the names of the units that have none."""

    year: str
    years: list[str]
    coming: list[Entry]
    held: list[Entry]
    cancelled: list[Entry]
    without: list[tuple[str, str]] = field(default_factory=list)  # (public id, name)


def calendar(mandate: Mandate, year: str = "") -> Calendar:
    """What lies under the mandate's unit, by day; the units without a dialogue by name. A constant number of statements."""
    below, now = policy.below(mandate.path, Dialogue.path), year_now(mandate.path)
    years = set(db.session.scalars(select(Dialogue.year).where(below).distinct()))
    chosen = year or now
    found = select(Dialogue).where(below, Dialogue.year == chosen).options(joinedload(Dialogue.unit), joinedload(Dialogue.host))
    by_day = db.session.scalars(found.order_by(Dialogue.held_on, Dialogue.begins_at, Dialogue.id))
    mine = [Entry(one, policy.may(mandate, Action.READ, one)) for one in by_day]
    have = {one.dialogue.unit_id for one in mine if one.dialogue.state != "cancelled"}
    return Calendar(
        chosen,
        sorted({now, *years}, reverse=True),
        [one for one in mine if one.dialogue.state in rules.COMING],
        [one for one in reversed(mine) if one.dialogue.state not in (*rules.COMING, "cancelled")],
        [one for one in mine if one.dialogue.state == "cancelled"],
        [(one.public_id, one.name) for one in units(mandate) if one.id not in have],
    )


def year_now(path: str) -> str:
    """The label of the year that it is about now: that of the round that is open, else by the calendar."""
    round = cycle.current(path)
    return round.year.label if round else cycle_rules.label_on(clock.today())


def units(mandate: Mandate) -> list[Unit]:
    """The open units under a mandate's unit with which it can hold a dialogue, by name."""
    level = next(key for key, one in cycle.levels().items() if one.collects_figures)
    here = (policy.below(mandate.path, Unit.path), Unit.level == level, Unit.context.is_(False))
    return sorted_by_name(one for one in db.session.scalars(select(Unit).where(*here)) if one.open)


def can_call(mandate: Mandate, unit: Unit) -> bool:
    """Whether a unit is one that the mandate's unit can hold a dialogue with."""
    level = cycle.levels().get(unit.level)
    below = unit.path != mandate.path and unit.path.startswith(mandate.path)
    return below and unit.open and not unit.context and level is not None and level.collects_figures


def people(unit_ids: Iterable[int], roles: Iterable[str]) -> list[Mandate]:
    """Who can take part: those with one of the roles at some units today, by name."""
    held = (Mandate.unit_id.in_(list(unit_ids)), Mandate.role.in_(list(roles)), organisation.holding(clock.today()))
    found = select(Mandate).join(Mandate.person).where(*held, Person.ended_at.is_(None)).options(joinedload(Mandate.person))
    return sorted_by_name(db.session.scalars(found), name=lambda one: one.person.name)


def host_places(host: Unit, unit: Unit) -> list[int]:
    """The units on the host's side: the host, and what lies between it and the unit."""
    between = [path for path in policy.ancestors(unit.path) if path.startswith(host.path)]
    return list(db.session.scalars(select(Unit.id).where(Unit.path.in_(between))))


def abouts(path: str) -> list[tuple[str, str, Round | None]]:
    """What a dialogue can be about: (value, year, round) of the years and opened rounds of a committee, the newest first."""
    round = cycle.current(path)
    committee = round.path if round else ""
    known: list[tuple[str, str, Round | None]] = []
    for label in dict.fromkeys([year_now(path), *(label for _name, label in cycle.labels(committee))]):
        known.append((label, label, None))
    return known + [(one.public_id, one.year.label, one) for one in cycle.opened(committee)]


def agenda(unit: Unit) -> list[dict[str, Any]]:
    """The headings of the administration at or above a unit: its own, else the shipped ones."""
    places = [*policy.ancestors(unit.path), unit.path]
    mine = select(DialogueAgenda).join(Unit, Unit.id == DialogueAgenda.unit_id).where(Unit.path.in_(places))
    own = db.session.scalars(mine.order_by(Unit.path.desc())).first()
    return list(own.headings) if own else list(shipped.headings())


def own_agenda(unit_id: int) -> DialogueAgenda | None:
    return db.session.scalars(select(DialogueAgenda).where(DialogueAgenda.unit_id == unit_id)).first()


# A unit's


def through_the_years(mandate: Mandate) -> list[Dialogue]:
    """The dialogues of the mandate's own unit, the newest first."""
    mine = policy.visible(mandate, Dialogue).where(Dialogue.unit_id == mandate.unit_id)
    return list(db.session.scalars(mine.options(*WHOLE).order_by(Dialogue.held_on.desc(), Dialogue.id.desc())))


def of_unit(mandate: Mandate, unit_id: int) -> list[Dialogue]:
    """Those of a unit that the mandate may read, the newest first."""
    here = policy.visible(mandate, Dialogue).where(Dialogue.unit_id == unit_id)
    return list(db.session.scalars(here.order_by(Dialogue.held_on.desc(), Dialogue.id.desc())))


def last(dialogue: Dialogue) -> Dialogue | None:
    """The dialogue before, between the same two: what they agreed to then is looked back at now."""
    same = (Dialogue.unit_id == dialogue.unit_id, Dialogue.host_id == dialogue.host_id, Dialogue.id != (dialogue.id or 0))
    before = (Dialogue.held_on <= dialogue.held_on, Dialogue.state.in_(rules.SETTLED))
    return db.session.scalars(select(Dialogue).where(*same, *before).order_by(Dialogue.held_on.desc()).limit(1)).first()


# One


def steps(dialogue: Dialogue) -> list[DialogueStep]:
    """What has been done with it, the newest first."""
    mine = select(DialogueStep).where(DialogueStep.dialogue_id == dialogue.id).options(joinedload(DialogueStep.by))
    return list(db.session.scalars(mine.order_by(DialogueStep.id.desc())))


def pack(dialogue: Dialogue, number: int = 0) -> DialoguePack | None:
    """What the unit has handed over: the newest, or the one with a number."""
    mine = select(DialoguePack).where(DialoguePack.dialogue_id == dialogue.id).options(joinedload(DialoguePack.sent_by))
    found = mine.where(DialoguePack.number == number) if number else mine.order_by(DialoguePack.number.desc())
    return db.session.scalars(found.limit(1)).first()


def editions(dialogue: Dialogue) -> list[DialogueEdition]:
    """What has been proposed as notes, the newest first."""
    mine = select(DialogueEdition).where(DialogueEdition.dialogue_id == dialogue.id)
    who = joinedload(DialogueEdition.proposed_by), joinedload(DialogueEdition.agreed_by)
    return list(db.session.scalars(mine.options(*who).order_by(DialogueEdition.number.desc())))


def edition(dialogue: Dialogue) -> DialogueEdition | None:
    """The newest."""
    return next(iter(editions(dialogue)), None)


def heads(unit_id: int, roles: Sequence[str] = rules.UNIT_ROLES) -> list[str]:
    """The addresses of those who are written to at a unit."""
    return [one.person.public_id for one in people([unit_id], roles)]
