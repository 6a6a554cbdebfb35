"""Reads what is tied to a source, and says what would change."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import current_app
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.intake.ss12000 import Access
from chain.intake.ss12000_changes import Known, KnownMandate, KnownPerson, KnownUnit, Plan
from chain.intake.ss12000_compare import compare
from chain.intake.ss12000_models import ExternalId, Fetched, Source, Taken
from chain.intake.ss12000_reading import Facts
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.organisation.rules import Waiting

NAME = "ss12000"
OLDEST = timedelta(days=7)  # then what came says too little about how it is now
OVERLAP = timedelta(minutes=10)  # clocks differ; what comes twice changes nothing
MOST_TAKEN = 500  # lines of receipts on a page
PLACES = ("area", "administration", "committee")  # where units can be put


# The source


def access(municipality: Unit) -> Access | None:
    """How a municipality's source is reached; None where the operator has not configured one for it."""
    said = current_app.config["SS12000"]
    if not said.get("url") or said.get("municipality") != municipality.slug:
        return None
    return Access(**said)


def configured() -> Unit:
    """The municipality whose source is configured, for commands. Refused when there is none."""
    step = current_app.config["SS12000"].get("municipality", "")
    found = db.session.scalars(select(Unit).where(Unit.parent_id.is_(None), Unit.slug == step)).first()
    if found is None or access(found) is None:
        raise RuleBroken(
            _(
                "Inget register är inställt: sätt STYRKEDJAN_SS12000_MUNICIPALITY, _URL, _TOKEN_URL, _CLIENT_ID "
                "och _CLIENT_SECRET."
            )
        )
    return found


def source(municipality: Unit) -> Source | None:
    return db.session.scalars(select(Source).where(Source.municipality_id == municipality.id, Source.name == NAME)).first()


def fetched(source: Source | None) -> Fetched | None:
    """What came in the last week and has not been chosen from."""
    if source is None:
        return None
    return db.session.scalars(select(Fetched).where(Fetched.source_id == source.id, fresh())).first()


def fresh() -> ColumnElement[bool]:
    """The condition of what came and says enough about how it is now."""
    return Fetched.at >= clock.now() - OLDEST


def taken(holder: policy.Holder) -> list[tuple[datetime, str, list[Taken]]]:
    """What was taken in of what the mandate may read: (when, by whom, lines), the newest first."""
    whole = joinedload(Taken.by).joinedload(Mandate.person), joinedload(Taken.unit), joinedload(Taken.person)
    lines = policy.visible(holder, Taken).options(*whole)
    found = db.session.scalars(lines.order_by(Taken.at.desc(), Taken.id).limit(MOST_TAKEN))
    return [(at, name, list(some)) for (at, name), some in groupby(found, key=lambda one: (one.at, one.by.person.name))]


# What is here


def known(municipality: Unit, source: Source | None) -> Known:
    """The tree, its people and the mandates that remain, and what the source's ids have been tied to: five statements."""
    inside = policy.below(municipality.path, Unit.path) | (Unit.id == municipality.id)
    units = db.session.scalars(select(Unit).where(inside).options(selectinload(Unit.codes))).all()
    people = db.session.scalars(select(Person).where(Person.municipality_id == municipality.id)).all()
    today = clock.today()
    remain = or_(Mandate.valid_to.is_(None), Mandate.valid_to >= today)
    mandates = db.session.scalars(select(Mandate).where(policy.below(municipality.path, Mandate.path), remain)).all()
    found = Known(
        {unit.id: _unit(unit, today) for unit in units},
        {person.id: KnownPerson(person.id, person.name, person.email, person.ended_at is not None) for person in people},
        {
            each.id: KnownMandate(each.id, each.person_id, each.unit_id, each.role.value, each.valid_from, each.valid_to)
            for each in mandates
        },
    )
    tied = {"unit": found.unit_of, "person": found.person_of, "mandate": found.mandate_of}
    for one in db.session.scalars(select(ExternalId).where(ExternalId.source_id == (source.id if source else 0))):
        tied[one.kind][one.external_id] = one.unit_id or one.person_id or one.mandate_id or 0
    return found


def _unit(unit: Unit, today: date) -> KnownUnit:
    valid = [
        code.code for code in unit.codes
        if (code.valid_from is None or code.valid_from <= today) and (code.valid_to is None or code.valid_to > today)
    ]  # fmt: skip
    return KnownUnit(
        unit.id, unit.name, unit.level, unit.path, unit.parent_id, valid[-1] if valid else "", tuple(unit.school_forms),
        unit.open, unit.context,
    )  # fmt: skip


def plan(municipality: Unit, source: Source | None, facts: Facts) -> Plan:
    """What would change, as everything stands now."""
    return compare(known(municipality, source), facts, clock.today())


def lines(municipality: Unit) -> Iterator[str]:
    """What waits to be chosen, as sentences."""
    kept = source(municipality)
    came = fetched(kept)
    if came is None:
        yield _("Registret säger inget nytt.")
        return
    found = plan(municipality, kept, Facts.from_json(came.facts))
    yield from (change.sentence for change in found.changes)
    yield from found.notes
    yield _("Inget har ändrats. Systemförvaltaren väljer vad som ska göras.")


def places(municipality: Unit, holder: policy.Holder) -> list[tuple[Unit, str]]:
    """Where units can be put that the source puts straight under the organiser."""
    return [(unit, way) for unit, way in organisation.units_to_choose(holder) if unit.level in PLACES]


def default_place(source: Source | None, among: Iterable[tuple[Unit, str]]) -> Unit | None:
    """The same as last time; the only administration, where there is but one."""
    units = [unit for unit, _way in among]
    before = next((unit for unit in units if source and unit.id == source.place_id), None)
    only = [unit for unit in units if unit.level == "administration"]
    return before or (only[0] if len(only) == 1 else None)


def waiting(plan: Plan) -> dict[str, list[Waiting]]:
    """For each closing that is shown, what waits at its unit: how many of what and of whom, never what they say."""
    closing = {change.unit_id: change.key for change in plan.shown if change.what == "close_unit"}
    units = db.session.scalars(select(Unit).where(Unit.id.in_(closing))) if closing else ()
    return {closing[unit.id]: organisation.waiting(unit) for unit in units}


def successors(plan: Plan, holder: policy.Holder) -> dict[str, list[tuple[str, str]]]:
    """For each closing, who may take over: (address, way) of the open units at its level."""
    closing = {change.key: change.unit_id for change in plan.changes if change.what == "close_unit"}
    choices = organisation.units_to_choose(holder) if closing else []
    level = {unit.id: unit.level for unit, _way in choices}
    return {
        key: [(unit.public_id, way) for unit, way in choices if unit.level == level.get(unit_id or 0) and unit.id != unit_id]
        for key, unit_id in closing.items()
    }
