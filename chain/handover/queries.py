"""Reads handovers: those that a unit gives, those that come to it, who may receive, and what is known of names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, load_only, selectinload, undefer
from sqlalchemy.orm.interfaces import ORMOption

from chain.access import policy
from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import current, sort_key, sorted_by_name
from chain.base.saves import Saves
from chain.cycle import queries as cycle
from chain.cycle import rules as years
from chain.cycle.models import Round
from chain.handover import shipped
from chain.handover.models import Handover, HandoverEdition, HandoverSection, HandoverVersion, Reception
from chain.handover.rules import AWAITS, GIVEN, TAKEN
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Person, Unit

MOST_FOUND = 20  # units in an answer to a search
HEADS = (Role.PRINCIPAL, Role.DEPUTY)

GIVER: tuple[ORMOption, ...] = (
    joinedload(Handover.unit), joinedload(Handover.handed_by), joinedload(Handover.begun_by),
    selectinload(Handover.receptions).joinedload(Reception.unit),
)  # fmt: skip
WHOLE: tuple[ORMOption, ...] = (*GIVER, selectinload(Handover.sections).joinedload(HandoverSection.saved_by))
RECEIVER: tuple[ORMOption, ...] = (
    joinedload(Reception.unit), joinedload(Reception.handover).joinedload(Handover.unit),
    joinedload(Reception.handover).joinedload(Handover.handed_by),
)  # fmt: skip
PEOPLE: tuple[ORMOption, ...] = tuple(
    joinedload(getattr(Reception, f"{act}_by")) for act in ("received", "returned", "answered", "replied", "looked_back")
)

saves = Saves(HandoverVersion)


def title(handover: Handover) -> str:
    """From where to where, in the reader's language."""
    return shipped.transitions()[handover.transition].name(current(), handover.year_group)


def year_now() -> str:
    """The school year that a handover that is begun today belongs to."""
    return years.label_on(clock.today())


# Lists


def given(mandate: Mandate) -> list[Handover]:
    """What the mandate's unit hands over or has handed over, the newest year first; drafts only to those who write them."""
    found = policy.visible(mandate, Handover).options(*GIVER).order_by(Handover.year.desc(), Handover.id.desc())
    return list(db.session.scalars(found))


def received(mandate: Mandate) -> list[Reception]:
    """What has come to the mandate's unit, the newest year first."""
    found = policy.visible(mandate, Reception).join(Reception.handover).options(*RECEIVER)
    return list(db.session.scalars(found.order_by(Handover.year.desc(), Reception.id.desc())))


def editions(handover_id: int) -> list[HandoverEdition]:
    """What has been handed over, the newest first, without the words."""
    asked = (
        select(HandoverEdition).where(HandoverEdition.handover_id == handover_id).options(joinedload(HandoverEdition.handed_by))
    )
    return list(db.session.scalars(asked.order_by(HandoverEdition.number.desc())))


def edition(handover_id: int, number: int) -> HandoverEdition | None:
    """One of them, with its words."""
    asked = select(HandoverEdition).where(HandoverEdition.handover_id == handover_id, HandoverEdition.number == number)
    return db.session.scalars(asked.options(undefer(HandoverEdition.snapshot), joinedload(HandoverEdition.handed_by))).first()


# Sections


def section(handover: Handover, key: str) -> HandoverSection | None:
    return next((one for one in handover.sections if one.key == key), None)


def heading(handover: Handover, key: str) -> shipped.Heading | None:
    return next((one for one in shipped.headings(handover.transition) if one.key == key), None)


def revision(handover: Handover) -> int:
    """A number that grows whenever anything of it is changed: what was read before a button was pressed."""
    return handover.version + sum(one.version for one in handover.sections)


# Who may receive


@dataclass(frozen=True)
class Offer:
    """A unit that may receive, with where it stands."""

    unit: Unit
    way: str


def receivers(handover: Handover, words: str) -> tuple[list[Offer], int]:
    """Units of the same municipality that have the next step and are not chosen yet: those that the words find, how many more."""
    taken = {one.unit_id for one in handover.receptions} | {handover.unit_id}
    step = shipped.transitions()[handover.transition]
    wanted = sort_key(words.strip())
    found = [
        unit
        for unit in sorted_by_name(db.session.scalars(_siblings(handover.unit)))
        if unit.id not in taken
        and unit.open
        and step.received_by(unit.school_forms, unit.year_groups, handover.year_group)
        and wanted in sort_key(unit.name)
    ]
    shown = found[:MOST_FOUND]
    return [Offer(unit, unit.parent.name if unit.parent else "") for unit in shown], len(found) - len(shown)


def _siblings(unit: Unit) -> Select[Unit]:
    root = policy.ancestors(unit.path)[0]
    here = (policy.below(root, Unit.path), Unit.level == "unit", Unit.context.is_(False))
    return select(Unit).where(*here).options(joinedload(Unit.parent).load_only(Unit.name))


def candidate(handover: Handover, public_id: str) -> Unit | None:
    """The unit with this address, if it may receive."""
    unit = db.session.scalars(_siblings(handover.unit).where(Unit.public_id == public_id)).first()
    step = shipped.transitions()[handover.transition]
    fits = unit and unit.open and unit.id != handover.unit_id
    return unit if unit and fits and step.received_by(unit.school_forms, unit.year_groups, handover.year_group) else None


def chosen(handover: Handover) -> list[Reception]:
    """Every receiver, by name."""
    return sorted_by_name(handover.receptions, lambda one: one.unit.name)


# Names


def names_near(handover: Handover) -> tuple[list[str], list[str]]:
    """Whole names of those who work at the giving and the receiving units, and the names of all units: two statements."""
    paths = [handover.path, *(one.path for one in handover.receptions)]
    near = or_(*(Mandate.path.startswith(path, autoescape=True) for path in dict.fromkeys(paths)))
    people = select(Person.name).join(Mandate, Mandate.person_id == Person.id).where(near).distinct().order_by(Person.name)
    root = policy.ancestors(handover.path)[0]
    units = select(Unit.name).where(policy.below(root, Unit.path)).order_by(Unit.name)
    return list(db.session.scalars(people)), list(db.session.scalars(units))


def heads_at(unit_ids: Iterable[int]) -> dict[int, list[str]]:
    """Those who answer for units, by unit: letters go to them."""
    return _people(Mandate.unit_id.in_(list(unit_ids)), HEADS)


def teachers_under(unit: Unit) -> list[str]:
    """Those who work in a unit's groups."""
    found = _people(policy.below(unit.path, Mandate.path), (Role.STAFF,))
    return [person for people in found.values() for person in people]


def _people(where: ColumnElement[bool], roles: Sequence[Role]) -> dict[int, list[str]]:
    asked = select(Mandate.unit_id, Person.public_id).join(Mandate.person)
    valid = (organisation.holding(clock.today()), Mandate.role.in_(roles), Person.ended_at.is_(None))
    found: dict[int, list[str]] = {}
    for unit_id, person in db.session.execute(asked.where(where, *valid).order_by(Mandate.id)):
        found.setdefault(unit_id, []).append(person)
    return found


# To look back


def looks_back_in(reception: Reception) -> Round | None:
    """The round during which the receiver looks back: one of a later school year than the handover's."""
    return later(reception, cycle.current(reception.path))


def later(reception: Reception, round: Round | None) -> Round | None:
    """The round, if it belongs to a later year than that of the handover."""
    return round if round is not None and round.year.label[:4] > reception.handover.year[:4] else None


# How far it has come, for those above


@dataclass(frozen=True)
class ToGive:
    """A group that goes on, of which nothing has been begun this year."""

    transition: str
    year_group: str
    title: str


def to_give(unit: Unit, begun: Iterable[Handover]) -> list[ToGive]:
    """What the unit has to hand over this year. `begun`: its handovers."""
    now = year_now()
    there = {(one.transition, one.year_group) for one in begun if one.year == now and one.state != "ended"}
    return [
        ToGive(step.key, year, step.name(current(), year))
        for step in shipped.transitions().values()
        for year in step.goes_on(unit.school_forms, unit.year_groups)
        if (step.key, year) not in there
    ]


@dataclass
class Step:
    """One transition in one year: who has given and who has not, what has come and what waits. Never a word of it."""

    title: str
    expected: list[Unit]  # units with groups that go on
    given: list[Unit]
    received: int
    waiting: list[str]  # units that have not received what has come to them

    @property
    def missing(self) -> list[Unit]:
        return [unit for unit in self.expected if unit not in self.given]


def labels_known(mandate: Mandate) -> list[str]:
    """The years that the overview can tell of: this one, the one before it, and those in which somebody there has given."""
    now, here = year_now(), policy.below(mandate.path, Handover.path)
    known = db.session.scalars(select(Handover.year).where(here, Handover.state.in_(GIVEN)).distinct())
    return sorted({now, years.label_before(now), *known}, reverse=True)


def overview(mandate: Mandate, year: str) -> list[Step]:
    """Each transition that somebody under the mandate takes part in. Three statements, whatever the number of units."""
    there = (policy.below(mandate.path, Unit.path), Unit.level == "unit", Unit.context.is_(False))
    facts = load_only(Unit.id, Unit.name, Unit.path, Unit.school_forms, Unit.year_groups, Unit.closed_on)
    units = [one for one in sorted_by_name(db.session.scalars(select(Unit).where(*there).options(facts))) if one.open]
    giving = select(Handover.transition, Handover.unit_id).where(Handover.year == year, Handover.state.in_(GIVEN))
    gave = {tuple(row) for row in db.session.execute(giving.where(policy.below(mandate.path, Handover.path)))}
    coming = select(Handover.transition, Reception.unit_id, Reception.received_at).join(Reception.handover)
    lies = (Handover.year == year, Reception.state.in_((*AWAITS, *TAKEN)), policy.below(mandate.path, Reception.path))
    came = [Came(*row) for row in db.session.execute(coming.where(*lies))]
    return [step for key in shipped.transitions() if (step := _step(key, units, gave, came))]


class Came(NamedTuple):
    """A handover that lies with a unit."""

    transition: str
    unit_id: int
    received_at: datetime | None


def _step(key: str, units: list[Unit], gave: set[Any], came: list[Came]) -> Step | None:
    transition, here = shipped.transitions()[key], {unit.id: unit.name for unit in units}
    given = [unit for unit in units if (key, unit.id) in gave]
    expected = [unit for unit in units if transition.goes_on(unit.school_forms, unit.year_groups) or unit in given]
    mine = [one for one in came if one.transition == key and one.unit_id in here]
    waiting = list(dict.fromkeys(here[one.unit_id] for one in mine if one.received_at is None))
    if not expected and not mine:
        return None
    return Step(transition.name(current()), expected, given, sum(one.received_at is not None for one in mine), waiting)
