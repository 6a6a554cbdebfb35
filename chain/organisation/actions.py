"""Keeping the tree and its people: every change leaves its history behind."""

from datetime import date, timedelta

from sqlalchemy import select

from chain.access import guard, policy
from chain.access.policy import Action, Role
from chain.base import audit, clock, events
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.organisation import rules
from chain.organisation.models import Mandate, Person, PlaceInTree, Unit, UnitCode


@atomic
def add_unit(
    parent: Unit | None, *, name: str, level: str, by: Actor | None, slug: str = "", kind: str = "", code: str = "", opened_on: date | None = None,
    school_forms: list[str] | None = None, year_groups: list[str] | None = None, context: bool = False, organiser: str = "", organiser_kind: str = "KOMMUN",
) -> Unit:  # fmt: skip
    """Put a new unit into the tree under `parent` (None: a municipality). Refused when a sibling has the same address."""
    path = rules.child_path(parent.path if parent else None, slug or rules.slug(name))
    if db.session.scalar(select(Unit.id).where(Unit.path == path)):
        raise RuleBroken(_("Det finns redan en enhet som heter %(name)s här.", name=name))
    unit = Unit(
        parent_id=parent.id if parent else None, municipality_id=parent.municipality_id or parent.id if parent else None,
        name=name, slug=slug or rules.slug(name), level=level, kind=kind, path=path, opened_on=opened_on, context=context,
        school_forms=school_forms or [], year_groups=year_groups or [], organiser=organiser, organiser_kind=organiser_kind,
    )  # fmt: skip
    db.session.add(unit)
    db.session.flush()
    db.session.add(PlaceInTree(unit_id=unit.id, parent_id=unit.parent_id, path=path, valid_from=opened_on))
    if code:
        db.session.add(
            UnitCode(unit_id=unit.id, municipality_id=unit.municipality_id or unit.id, code=code, valid_from=opened_on)
        )
    audit.note("organisation.add_unit", about=unit, level=level)
    return unit


@atomic
def add_person(municipality: Unit, *, name: str, email: str, by: Actor | None, language: str = "sv") -> Person:
    """A person of a municipality. Refused when the e-mail address is already somebody's."""
    address = email.strip().casefold()
    taken = select(Person.id).where(Person.municipality_id == municipality.id, Person.email == address)
    if db.session.scalar(taken):
        raise RuleBroken(_("Det finns redan en person med den e-postadressen. Ge den personen ett uppdrag i stället."))
    person = Person(municipality_id=municipality.id, name=name.strip(), email=address, language=language)
    db.session.add(person)
    db.session.flush()
    audit.note("organisation.add_person", about=person)
    return person


@atomic
def give_mandate(
    person: Person, role: Role, unit: Unit, *, by: Actor | None, valid_from: date | None = None, valid_to: date | None = None, acting: bool = False
) -> Mandate:  # fmt: skip
    """Let a person hold a role at a unit from a day, up to and including another."""
    if unit.context:
        raise RuleBroken(_("%(unit)s har en annan huvudman och kan inte få några uppdrag här.", unit=unit.name))
    if role not in rules.ROLES_AT.get(unit.level, frozenset(Role)):
        raise RuleBroken(_("Den rollen hör inte hemma på den nivån. Välj en annan roll eller en annan enhet."))
    start = valid_from or clock.today()
    if valid_to and valid_to < start:
        raise RuleBroken(_("Uppdraget slutar innan det börjar. Rätta datumen."))
    mandate = Mandate(
        person_id=person.id,
        unit_id=unit.id,
        path=unit.path,
        role=role,
        acting=acting,
        valid_from=start,
        valid_to=valid_to,
    )
    db.session.add(mandate)
    db.session.flush()
    audit.note("organisation.give_mandate", about=mandate, role=role.value, unit=unit.public_id)
    return mandate


@atomic
def end_mandate(mandate: Mandate, *, by: Actor | None, last_day: date | None = None) -> None:
    """End a mandate, by default at once: yesterday becomes its last day, so that it bites at the next request."""
    mandate.valid_to = last_day or clock.today() - timedelta(days=1)
    events.tell("mandate_ended", mandate=mandate, by=by)
    audit.note("organisation.end_mandate", about=mandate)


@atomic
def move_unit(unit: Unit, *, under: Unit, version: int, by: Mandate) -> None:
    """Put a unit, and all below it, under another parent. Open rounds keep the tree that they opened with."""
    guard.require(Action.KEEP, unit, by)
    guard.require(Action.KEEP, under, by)
    _unchanged(unit, version)
    rules.check_move(unit.path, under.path)
    old, new = unit.path, rules.child_path(under.path, unit.slug)
    if db.session.scalar(select(Unit.id).where(Unit.path == new)):
        raise RuleBroken(_("Det finns redan en enhet som heter %(name)s där.", name=unit.name))
    unit.parent_id = under.id
    moved = db.session.scalars(select(Unit).where((Unit.path == old) | policy.below(old, Unit.path))).all()
    for each in moved:
        _stand(each, new + each.path.removeprefix(old))
    events.tell("unit_moved", unit=unit, by=by)
    audit.note("organisation.move_unit", about=unit, before=old, after=new)


def _stand(unit: Unit, path: str) -> None:
    today = clock.today()
    for place in db.session.scalars(select(PlaceInTree).where(PlaceInTree.unit_id == unit.id, PlaceInTree.valid_to.is_(None))):
        place.valid_to = today
    db.session.add(PlaceInTree(unit_id=unit.id, parent_id=unit.parent_id, path=path, valid_from=today))
    for mandate in db.session.scalars(select(Mandate).where(Mandate.unit_id == unit.id)):
        mandate.path = path
    unit.path = path


def _unchanged(unit: Unit, version: int) -> None:
    if unit.version != version:
        raise RuleBroken(_("Någon annan har ändrat %(name)s sedan du öppnade sidan. Ladda om och se efter.", name=unit.name))
