"""Reads who prepares the answers about what, and to whom a request goes today."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.followup import needs
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.support import routing_rules
from chain.support.models import SupportRequest
from chain.support.routing_models import Routing
from chain.support.routing_rules import Line

HELPERS = tuple(Role(one) for one in routing_rules.HELPERS)


def places(mandate: Mandate, action: Action = Action.READ) -> list[Unit]:
    """The administrations and areas whose tables the mandate reads or keeps, the upper first."""
    if not policy.may_somewhere(mandate, action, "routing"):
        return []
    line = or_(Unit.path.in_([*policy.ancestors(mandate.path), mandate.path]), policy.below(mandate.path, Unit.path))
    found = select(Unit).where(line, Unit.level.in_(routing_rules.LEVELS), Unit.closed_on.is_(None), ~Unit.context)
    units = [one for one in db.session.scalars(found) if policy.may(mandate, action, Routing(unit_id=one.id, path=one.path))]
    return sorted(sorted_by_name(units), key=lambda unit: unit.path.count("/"))


def tables(units: Iterable[Unit]) -> dict[int, dict[str, Routing]]:
    """The lines of some places: unit → kind of need → line."""
    ids = [unit.id for unit in units]
    lines = select(Routing).where(Routing.unit_id.in_(ids)).options(joinedload(Routing.person), joinedload(Routing.at))
    found: dict[int, dict[str, Routing]] = {one: {} for one in ids}
    for line in db.session.scalars(lines):
        found[line.unit_id][line.type] = line
    return found


def people(units: Iterable[Unit]) -> dict[int, list[Mandate]]:
    """Who can be chosen at each place: those who prepare there, and those of the administration above it, by name."""
    units = list(units)
    paths = {path for unit in units for path in (*policy.ancestors(unit.path), unit.path)}
    held = select(Mandate).join(Mandate.unit).options(joinedload(Mandate.person), joinedload(Mandate.unit))
    held = held.where(organisation.holding(clock.today()), Mandate.role.in_(HELPERS), Unit.path.in_(paths))
    mandates = sorted_by_name(db.session.scalars(held), lambda one: one.person.name)
    return {unit.id: [one for one in mandates if unit.path.startswith(one.unit.path)] for unit in units}


def holding(lines: Iterable[Line]) -> set[tuple[int, int]]:
    """(person, unit) of those among the lines who have a mandate there today with which one can prepare an answer."""
    named = {line.person for line in lines}
    held = select(Mandate.person_id, Mandate.unit_id).join(Person, Person.id == Mandate.person_id)
    held = held.where(organisation.holding(clock.today()), Mandate.role.in_(HELPERS), Person.ended_at.is_(None))
    return {(person, unit) for person, unit in db.session.execute(held.where(Mandate.person_id.in_(named)))}


def lines_for(receivers: Iterable[int]) -> tuple[list[Line], dict[int, list[int]]]:
    """The lines that may hold for some receivers, and for each the places whose table is asked, the nearest first."""
    asked = db.session.scalars(select(Unit).where(Unit.id.in_(set(receivers)), Unit.level.in_(routing_rules.LEVELS))).all()
    paths = {path for unit in asked for path in (*policy.ancestors(unit.path), unit.path)}
    around = {unit.path: unit for unit in db.session.scalars(select(Unit).where(Unit.path.in_(paths)))}
    above = {
        unit.id: [around[path].id for path in (unit.path, *reversed(policy.ancestors(unit.path))) if path in around]
        for unit in asked
    }
    columns = (Routing.unit_id, Routing.type, Routing.person_id, Routing.at_id)
    rows = db.session.execute(select(*columns).where(Routing.unit_id.in_([one.id for one in around.values()])))
    return [Line(*row) for row in rows], above


def helps_now(request: SupportRequest) -> Person | None:
    """The person to whom a request went, while there is a mandate for it; else its answer is the head's alone."""
    if request.helper_id is None or request.helper_unit_id is None:
        return None
    line = Line(request.receiver_id, request.type, request.helper_id, request.helper_unit_id)
    return request.helper if (line.person, line.at) in holding([line]) else None


def heads(unit: Unit) -> list[Mandate]:
    """Who answers at a unit today; where nobody holds that mandate, those at the nearest place above where somebody does."""
    lines = [unit.path, *reversed(policy.ancestors(unit.path))]
    roles = {Role(role) for role in routing_rules.HEADS.values()}
    held = select(Mandate).join(Mandate.unit).options(joinedload(Mandate.person), joinedload(Mandate.unit))
    held = held.where(Unit.path.in_(lines), Mandate.role.in_(roles), organisation.holding(clock.today()))
    found = [one for one in db.session.scalars(held) if routing_rules.HEADS.get(one.unit.level) == one.role]
    near = max((one.unit.path for one in found), key=len, default="")
    return sorted_by_name((one for one in found if one.unit.path == near), lambda one: one.person.name)


def helped(mandate: Mandate) -> list[SupportRequest]:
    """All that has gone to this person, unanswered first, then the newest."""
    mine = policy.visible(mandate, SupportRequest).where(
        SupportRequest.helper_id == mandate.person_id, SupportRequest.helper_unit_id == mandate.unit_id
    )
    whole = (joinedload(SupportRequest.unit), joinedload(SupportRequest.receiver))
    found = db.session.scalars(mine.options(*whole).order_by(SupportRequest.asked_at.desc(), SupportRequest.id)).all()
    return sorted(found, key=lambda one: one.state != "open")


def kinds() -> list[tuple[str, str]]:
    """The kinds of need with their words, in order."""
    return [(key, needs.kind_name(key)) for key in needs.KINDS]
