"""Keeping the tree and its people: every change leaves its history behind."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from chain.access import guard, policy
from chain.access.policy import Action, Role
from chain.base import audit, clock, events
from chain.base.audit import Actor
from chain.base.db import Base, atomic, db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.organisation import queries, rules, shipped
from chain.organisation.models import Mandate, Person, PlaceInTree, Unit, UnitCode
from chain.organisation.queries import Plan, Step


@atomic
def add_unit(
    parent: Unit | None, *, name: str, level: str, by: Actor | None, slug: str = "", kind: str = "", code: str = "",
    opened_on: date | None = None, school_forms: list[str] | None = None, year_groups: list[str] | None = None,
    context: bool = False, organiser: str = "", organiser_kind: str = "KOMMUN",
) -> Unit:  # fmt: skip
    """Put a new unit into the tree under `parent` (None: a municipality). Refused when a sibling has the same address."""
    _keeps(by, parent)
    path = rules.child_path(parent.path if parent else None, slug or rules.slug(name))
    if db.session.scalar(select(Unit.id).where(Unit.path == path)):
        raise RuleBroken(_("Det finns redan en enhet som heter %(name)s här.", name=name))
    if parent:
        _check_level(level, parent)
        _open(parent)
    unit = Unit(
        parent_id=parent.id if parent else None, municipality_id=parent.municipality_id or parent.id if parent else None,
        name=name, slug=slug or rules.slug(name), level=level, kind=kind, path=path, opened_on=opened_on, context=context,
        school_forms=school_forms or [], year_groups=year_groups or [], organiser=organiser, organiser_kind=organiser_kind,
    )  # fmt: skip
    db.session.add(unit)
    db.session.flush()
    db.session.add(PlaceInTree(unit_id=unit.id, parent_id=unit.parent_id, path=path, valid_from=opened_on))
    if code:
        _free(unit, code)
        db.session.add(
            UnitCode(unit_id=unit.id, municipality_id=unit.municipality_id or unit.id, code=code, valid_from=opened_on)
        )
    audit.note("organisation.add_unit", about=unit, level=level)
    return unit


@atomic
def change_unit(
    unit: Unit, *, name: str, kind: str, school_forms: list[str], year_groups: list[str], organiser: str, version: int,
    by: Mandate,
) -> None:  # fmt: skip
    """Correct what a unit is called and does. Its address, its history and its place in the tree stay."""
    guard.require(Action.KEEP, unit, by)
    _unchanged(unit, version)
    if unit.parent_id and name.casefold() in {each.name.casefold() for each in _siblings(unit)}:
        raise RuleBroken(_("Det finns redan en enhet som heter %(name)s här.", name=name))
    changed = _set(
        unit, name=name.strip(), kind=kind, school_forms=school_forms, year_groups=year_groups, organiser=organiser.strip()
    )
    audit.note("organisation.change_unit", about=unit, changed=changed)


@atomic
def add_code(unit: Unit, code: str, *, valid_from: date, by: Mandate | None) -> None:
    """Give a unit another code in the register from a day; the code before ends with the day before."""
    _keeps(by, unit)
    if unit.parent_id is None:
        rules.check_municipality_code(code, shipped.municipalities())
    else:
        rules.check_code(code)
    _free(unit, code)
    for each in unit.codes:
        if each.valid_to is None:
            if each.valid_from and valid_from <= each.valid_from:
                raise RuleBroken(
                    _("Den nya koden måste börja gälla senare än den förra, som gäller från %(day)s.", day=each.valid_from)
                )
            each.valid_to = valid_from
    unit.codes.append(UnitCode(municipality_id=unit.municipality_id or unit.id, code=code, valid_from=valid_from))
    audit.note("organisation.add_code", about=unit, code=code)


@atomic
def move_unit(unit: Unit, *, under: Unit, version: int, by: Mandate) -> None:
    """Put a unit, and all below it, under another parent. Open rounds keep the tree that they opened with."""
    guard.require(Action.KEEP, unit, by)
    guard.require(Action.KEEP, under, by)
    _unchanged(unit, version)
    rules.check_move(unit.path, under.path)
    _check_level(unit.level, under)
    _open(under)
    _open(unit)
    if unit.parent_id == under.id:
        raise RuleBroken(_("%(unit)s ligger redan där.", unit=unit.name))
    old, new = unit.path, rules.child_path(under.path, unit.slug)
    if db.session.scalar(select(Unit.id).where(Unit.path == new)):
        raise RuleBroken(_("Det finns redan en enhet som heter %(name)s där.", name=unit.name))
    unit.parent_id = under.id
    moved = db.session.scalars(select(Unit).where((Unit.path == old) | policy.below(old, Unit.path))).all()
    for each in moved:
        _stand(each, new + each.path.removeprefix(old))
    events.tell("unit_moved", unit=unit, by=by)
    audit.note("organisation.move_unit", about=unit, before=old, after=new)


@atomic
def close_unit(
    unit: Unit, *, successor: Unit | None, reason: str, version: int, by: Mandate, on: date | None = None,
    heirs: Mapping[str, Unit | None] | None = None, follow: Collection[str] = (),
) -> None:  # fmt: skip
    """Close a unit, or merge it into a successor, which takes over every open measure, request and delivery.

    Without a successor what is open ends with the reason; the later links refuse, naming what is open, when neither is given.
    Where an open round goes on awaiting the unit, because its tree has no place for the successor, the successor's people finish
    what was begun there: they have the same mandate at the closed unit until the round is over.
    `heirs`: who takes over what waits in one link (goal, measure, support, handover, feedback), where not the successor.
    `follow`: the mandates, by name, that go over to the successor; the others end.
    """
    guard.require(Action.KEEP, unit, by)
    _unchanged(unit, version)
    _open(unit)
    if unit.parent_id is None:
        raise RuleBroken(_("En kommun kan inte stängas."))
    if remaining := [each for each in queries.children(unit) if each.open]:
        raise RuleBroken(_("Flytta eller stäng först det som ligger under: %(units)s.", units=queries.named(remaining)))
    for heir in filter(None, (successor, *(heirs or {}).values())):
        _can_succeed(heir, unit, by)
    last = on or clock.today()
    if last > clock.today():
        raise RuleBroken(_("Stäng enheten när dagen är inne: det som är öppet lämnas över i samma stund."))
    events.tell("unit_ending", unit=unit, successor=successor, reason=reason.strip(), by=by, heirs=heirs or {})
    unit.closed_on = last
    unit.successor_id = successor.id if successor else None
    for code in unit.codes:
        code.valid_to = code.valid_to or last
    for place in _places_now(unit):
        place.valid_to = last
    for mandate in db.session.scalars(select(Mandate).where(Mandate.unit_id == unit.id, _remains())):
        if successor and mandate.public_id in follow:
            _follow(mandate, successor, by)
        end_mandate(mandate, by=by)
    if successor:
        _let_finish(unit, successor, by)
    audit.note("organisation.close_unit", about=unit, successor=successor.public_id if successor else None)


def _follow(mandate: Mandate, successor: Unit, by: Mandate) -> None:
    """The same mandate at the successor, from today; not when the person has it there already."""
    there = (Mandate.person_id == mandate.person_id, Mandate.unit_id == successor.id, Mandate.role == mandate.role, _remains())
    if db.session.scalar(select(Mandate.id).where(*there)) is None:
        start = max(mandate.valid_from, clock.today())
        give_mandate(
            mandate.person, mandate.role, successor, by=by, valid_from=start, valid_to=mandate.valid_to, acting=mandate.acting
        )


def _let_finish(unit: Unit, successor: Unit, by: Actor | None) -> None:
    """Give the successor's people the mandates with which an open round's follow-up of the closed unit is finished."""
    found: list[date] = []
    events.tell("unit_to_finish", unit=unit, successor=successor, found=found)
    if not found:
        return
    there = {(one.person_id, one.role) for one in queries.remaining(unit)}
    for one in queries.remaining(successor):
        start, last = max(one.valid_from, clock.today()), min(filter(None, (one.valid_to, *found)))
        if (one.person_id, one.role) not in there and start <= last:
            give_mandate(one.person, one.role, unit, by=by, valid_from=start, valid_to=last, acting=one.acting)


@atomic
def merge_units(
    units: Sequence[Unit], *, into: Unit | None, versions: Mapping[str, int], by: Mandate, name: str = "", code: str = "",
    follow: Collection[str] = (),
) -> Unit:  # fmt: skip
    """Make one of several units of a level: one of them, or a new one where the first stands. Answers the one that remains.

    It takes over what is open, what lies under the others, their school forms and year groups, and the mandates that follow.
    The others are closed and keep all their history. An open round keeps its tree: where it has no place for the one that
    remains, the others hand in there under their old names, and all who follow may finish that.
    """
    rules.check_merge([each.level for each in units], [each.name for each in units])
    for each in units:
        guard.require(Action.KEEP, each, by)
        _unchanged(each, versions.get(each.public_id, 0))
        _open(each)
        if each.parent is None or each.context:
            raise RuleBroken(_("%(unit)s kan inte slås ihop med andra.", unit=each.name))
    if into is None:
        first = units[0]
        into = add_unit(
            first.parent, name=name.strip(), level=first.level, kind=first.kind, code=code, by=by, opened_on=clock.today(),
            organiser=first.organiser, organiser_kind=first.organiser_kind,
        )  # fmt: skip
    elif into not in units:
        raise RuleBroken(_("Välj vilken av enheterna som blir kvar, eller en ny."), {"into": _("Välj vilken som blir kvar.")})
    into.school_forms = rules.together([into.school_forms, *(each.school_forms for each in units)])
    into.year_groups = rules.together([into.year_groups, *(each.year_groups for each in units)])
    for each in units:
        if each is not into:
            for child in queries.children(each):
                if child.open:
                    _take_in(child, into, each, by)
            close_unit(each, successor=into, reason="", version=each.version, by=by, follow=follow)
    for each in units:
        if each is not into:
            _let_finish(each, into, by)  # those who came after it was closed as well
    audit.note("organisation.merge_units", about=into, units=[each.public_id for each in units])
    return into


def _take_in(child: Unit, into: Unit, before: Unit, by: Mandate) -> None:
    """Put what lay under one unit under another; named after where it came from when there is one of that name."""
    there = [each for each in queries.children(into) if each.slug == child.slug or each.name.casefold() == child.name.casefold()]
    if there:
        child.slug, child.name = f"{child.slug}-{before.slug}"[:80], f"{child.name}, {before.name}"
        db.session.flush()
    move_unit(child, under=into, version=child.version, by=by)


def _can_succeed(successor: Unit, unit: Unit, by: Mandate) -> None:
    guard.require(Action.KEEP, successor, by)
    if successor.id == unit.id or successor.level != unit.level or successor.context or not successor.open:
        raise RuleBroken(_("%(unit)s kan inte ta över: välj en annan öppen enhet på samma nivå.", unit=successor.name))


@atomic
def add_person(municipality: Unit, *, name: str, email: str, by: Actor | None, language: str = "sv") -> Person:
    """A person of a municipality. Refused when the e-mail address is already somebody's."""
    _keeps(by, municipality)
    rules.check_person(name, email)
    address = email.strip().casefold()
    _unknown(address)
    person = Person(municipality_id=municipality.id, name=name.strip(), email=address, language=language)
    db.session.add(person)
    db.session.flush()
    audit.note("organisation.add_person", about=person)
    return person


def _unknown(address: str, but: int = 0) -> None:
    """One signs in with the address alone, so it belongs to one person, whatever the municipality."""
    lock(db.session(), f"email {address}")
    if db.session.scalar(select(Person.id).where(Person.email == address, Person.id != but)):
        raise RuleBroken(_("Det finns redan en person med den e-postadressen. Ge den personen ett uppdrag i stället."))


@atomic
def change_person(person: Person, *, name: str, email: str, version: int, by: Mandate) -> None:
    """Correct a name or an address."""
    guard.require(Action.KEEP, person, by)
    if person.version != version:
        raise RuleBroken(_("Någon annan har ändrat %(name)s sedan du öppnade sidan. Ladda om och se efter.", name=person.name))
    address = email.strip().casefold()
    _unknown(address, but=person.id)
    changed = _set(person, name=name.strip(), email=address)
    audit.note("organisation.change_person", about=person, changed=changed)


@atomic
def end_person(person: Person, *, by: Mandate) -> None:
    """Somebody leaves: all mandates and sessions end, now. What the person has written stays."""
    guard.require(Action.KEEP, person, by)
    if person.ended_at:
        raise RuleBroken(_("%(name)s är redan avslutad.", name=person.name))
    for mandate in db.session.scalars(select(Mandate).where(Mandate.person_id == person.id, _remains())):
        end_mandate(mandate, by=by)
    person.ended_at = clock.now()
    events.tell("person_ended", person=person, by=by)
    audit.note("organisation.end_person", about=person)


@atomic
def resume_person(person: Person, *, by: Mandate) -> None:
    """Somebody comes back, without mandates and without a password."""
    guard.require(Action.KEEP, person, by)
    person.ended_at = None
    audit.note("organisation.resume_person", about=person)


@atomic
def give_mandate(
    person: Person, role: Role, unit: Unit, *, by: Actor | None, valid_from: date | None = None, valid_to: date | None = None,
    acting: bool = False,
) -> Mandate:  # fmt: skip
    """Let a person hold a role at a unit from a day, up to and including another.

    At a unit that has taken over from others also where an open round still awaits them, until it is over.
    """
    _keeps(by, unit)
    if unit.context:
        raise RuleBroken(_("%(unit)s har en annan huvudman och kan inte få några uppdrag här.", unit=unit.name))
    if person.municipality_id != (unit.municipality_id or unit.id):
        raise RuleBroken(_("Personen hör till en annan kommun."))
    if person.ended_at:
        raise RuleBroken(_("%(name)s är avslutad och kan inte få något uppdrag.", name=person.name))
    if role not in rules.ROLES_AT.get(unit.level, frozenset(Role)):
        raise RuleBroken(_("Den rollen hör inte hemma på den nivån. Välj en annan roll eller en annan enhet."))
    start = valid_from or clock.today()
    if valid_to and valid_to < start:
        raise RuleBroken(_("Uppdraget slutar innan det börjar. Rätta datumen."))
    if acting and valid_to is None:
        raise RuleBroken(_("Ett tillförordnat uppdrag måste ha ett slutdatum."))
    mandate = Mandate(
        person_id=person.id, unit_id=unit.id, path=unit.path, role=role, acting=acting, valid_from=start, valid_to=valid_to
    )  # fmt: skip
    db.session.add(mandate)
    db.session.flush()
    audit.note("organisation.give_mandate", about=mandate, role=role.value, unit=unit.public_id)
    for before in queries.predecessors(unit):
        _let_finish(before, unit, by)
    return mandate


@atomic
def end_mandate(mandate: Mandate, *, by: Actor | None, last_day: date | None = None) -> None:
    """End a mandate, by default at once: yesterday becomes its last day, so that it bites at the next request."""
    _keeps(by, mandate)
    last = last_day or clock.today() - timedelta(days=1)
    if mandate.role == Role.STEWARD and not _another_steward(mandate):
        raise RuleBroken(_("Kommunen måste ha en systemförvaltare. Ge någon annan uppdraget först."))
    if last_day and last_day < mandate.valid_from:
        raise RuleBroken(_("Uppdraget slutar innan det börjar. Rätta datumen."))
    mandate.valid_to = last
    events.tell("mandate_ended", mandate=mandate, by=by)
    audit.note("organisation.end_mandate", about=mandate)


def _another_steward(mandate: Mandate) -> bool:
    lock(db.session(), f"steward {mandate.unit_id}")
    others = (Mandate.unit_id == mandate.unit_id, Mandate.role == Role.STEWARD, Mandate.id != mandate.id)
    unlimited = Mandate.valid_to.is_(None)
    return bool(db.session.scalar(select(func.count()).select_from(Mandate).where(*others, unlimited)))


@atomic
def import_tree(municipality: Unit, text: str, *, by: Mandate) -> Plan:
    """Bring in a tree from a text table: everything or nothing. What already stands as it says is left alone."""
    guard.require(Action.KEEP, municipality, by)
    lock(db.session(), f"tree {municipality.path}")
    made = queries.read_tree(municipality, text)
    if made.problems:
        sentences = {str(number): sentence for number, sentence in made.problems.items()}
        raise RuleBroken(_("Ingenting har lästs in: rätta raderna och försök igen."), sentences)
    added: dict[str, Unit] = {}
    for step in _from_above(made.steps):
        added[f"{step.under}/{step.row.name}"] = _take(step, added, municipality, by)
    audit.note("organisation.import_tree", about=municipality, new=made.count("new"), changed=made.count("changed"))
    return made


def _from_above(steps: list[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (step.under.count("/"), step.row.number))


def _take(step: Step, added: dict[str, Unit], municipality: Unit, by: Mandate) -> Unit:
    row = step.row
    if step.unit is None:
        parent = added.get(step.under) or db.session.scalars(select(Unit).where(Unit.id == step.parent_id)).one()
        return add_unit(
            parent, name=row.name, level=row.level, kind=row.kind, code=row.code, by=by, opened_on=clock.today(),
            school_forms=list(row.school_forms), year_groups=list(row.year_groups), organiser=municipality.name,
        )  # fmt: skip
    said = queries.differences(row, step.unit)
    if code := said.pop("code", None):
        add_code(step.unit, str(code), valid_from=clock.today(), by=by)
    if said:
        changed = _set(step.unit, **said)
        audit.note("organisation.change_unit", about=step.unit, changed=changed)
    return step.unit


def _set(thing: Base, **facts: Any) -> list[str]:
    """Set what is new; the names of what was changed (their contents are no matter of the audit)."""
    changed = [name for name, value in facts.items() if getattr(thing, name) != value]
    for name in changed:
        setattr(thing, name, facts[name])
    return changed


def _keeps(by: Actor | None, thing: Base | None) -> None:
    """A mandate must be one that keeps this; commands, which have none, are run by whoever owns the machine."""
    if not isinstance(by, Mandate):
        return
    if thing is None:
        raise NotAllowed(_("En kommun läggs upp av den som sköter maskinen."))
    guard.require(Action.KEEP, thing, by)


def _open(unit: Unit) -> None:
    if not unit.open:
        raise RuleBroken(_("%(unit)s är stängd.", unit=unit.name))


def _check_level(level: str, parent: Unit) -> None:
    known = shipped.levels()
    if level in known and parent.level in known:
        rules.check_level(known[level].rank, known[parent.level].rank)


def _siblings(unit: Unit) -> list[Unit]:
    return list(db.session.scalars(select(Unit).where(Unit.parent_id == unit.parent_id, Unit.id != unit.id)))


def _remains() -> ColumnElement[bool]:
    """Mandates that are valid today or later."""
    return Mandate.valid_to.is_(None) | (Mandate.valid_to >= clock.today())


def _free(unit: Unit, code: str) -> None:
    """A code belongs to one open unit at a time."""
    root = unit.municipality_id or unit.id
    lock(db.session(), f"code {root} {code}")
    among = UnitCode.municipality_id == (root if unit.parent_id else UnitCode.unit_id)  # a municipality's among municipalities'
    holder = db.session.scalar(
        select(Unit.name)
        .join(UnitCode, UnitCode.unit_id == Unit.id)
        .where(among, UnitCode.code == code, UnitCode.valid_to.is_(None))
    )
    if holder:
        raise RuleBroken(_("Koden %(code)s hör redan till %(unit)s.", code=code, unit=holder))


def _places_now(unit: Unit) -> list[PlaceInTree]:
    return list(db.session.scalars(select(PlaceInTree).where(PlaceInTree.unit_id == unit.id, PlaceInTree.valid_to.is_(None))))


def _stand(unit: Unit, path: str) -> None:
    today = clock.today()
    for place in _places_now(unit):
        place.valid_to = today
    db.session.add(PlaceInTree(unit_id=unit.id, parent_id=unit.parent_id, path=path, valid_from=today))
    for mandate in db.session.scalars(select(Mandate).where(Mandate.unit_id == unit.id)):
        mandate.path = path
    unit.path = path


def _unchanged(unit: Unit, version: int) -> None:
    if unit.version != version:
        raise RuleBroken(_("Någon annan har ändrat %(name)s sedan du öppnade sidan. Ladda om och se efter.", name=unit.name))
