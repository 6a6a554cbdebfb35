"""Brings published figures in: the units of a municipality and their series, all of a reading or nothing of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import insert, update

from chain.base import audit
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.intake import queries
from chain.intake.queries import Change, Plan
from chain.intake.rules import CLOSED, FATAL, PublishedValue, Reading
from chain.organisation import actions as organisation
from chain.organisation.models import Unit, UnitCode
from chain.organisation.rules import child_path, slug
from chain.result import models as result


@atomic
def bring_in(reading: Reading, *, by: Actor | None) -> Plan:
    """Keep what was read, and answer what was changed. Refused as a whole when one file of it could not be trusted."""
    refuse_fatal(reading)
    lock(db.session(), f"intake {reading.municipality}")
    plan = queries.plan(reading)
    root = plan.municipality or _municipality(reading.municipality, by)
    if not any(code.code == reading.municipality for code in root.codes):
        db.session.add(UnitCode(unit_id=root.id, municipality_id=root.id, code=reading.municipality))
    _add_units(root, plan, by)
    for change in plan.changed_units:
        _change(change)
    db.session.flush()
    _keep_values(root, plan)
    audit.note(
        "intake.bring_in",
        about=root,
        units=[len(plan.new_units), len(plan.changed_units)],
        values=[len(plan.new_values), len(plan.changed_values)],
    )
    return plan


def refuse_fatal(reading: Reading) -> None:
    """Refuse a reading that cannot be trusted, with a sentence for each thing that is wrong."""
    fatal = [problem.sentence for problem in reading.problems if problem.severity == FATAL]
    if fatal:
        raise RuleBroken(_("Ingenting har ändrats."), {str(number): sentence for number, sentence in enumerate(fatal)})


def _municipality(code: str, by: Actor | None) -> Unit:
    name = queries.municipality_names().get(code, code)
    return organisation.add_unit(None, name=name, level="municipality", slug=_free_step(None, name, code, set()), by=by)


def _add_units(root: Unit, plan: Plan, by: Actor | None) -> None:
    taken = {unit.path for unit in queries.below(root)}
    for said in plan.new_units:
        step = _free_step(root.path, said.name, said.code, taken)
        facts = queries.facts(said)
        unit = organisation.add_unit(root, level="unit", slug=step, code=said.code, by=by, **facts)
        taken.add(unit.path)
        if said.status == CLOSED:
            unit.closed_on = plan.closes_on


def _free_step(parent: str | None, name: str, code: str, taken: set[str]) -> str:
    """Two may have the same name (Håbo and Habo have the same step): the later one gets its code as well."""
    plain = slug(name)
    path = child_path(parent, plain)
    occupied = path in taken or (parent is None and queries.standing_at(path))
    return f"{plain}-{code.casefold()}" if occupied else plain


def _change(change: Change) -> None:
    for name, value in change.facts.items():
        setattr(change.unit, name, value)
    if change.closed_on:
        change.unit.closed_on = change.closed_on


def _keep_values(root: Unit, plan: Plan) -> None:
    units = queries.units_by_code(root)
    if plan.new_values:
        rows = [{**_said(one), **_about(one, units[one.unit_code])} for one in plan.new_values]
        db.session.execute(insert(result.PublishedValue), rows)
    if plan.changed_values:
        db.session.execute(update(result.PublishedValue), list(_updates(plan)))


def _updates(plan: Plan) -> Iterator[dict[str, Any]]:
    for number, one in plan.changed_values:
        yield {"id": number, **_said(one)}


def _about(one: PublishedValue, unit: Unit) -> Mapping[str, Any]:
    return {
        "unit_id": unit.id,
        "path": unit.path,
        "indicator": one.indicator_key,
        "subject": one.subject,
        "year_group": one.year_group,
        "period": one.period,
    }


def _said(one: PublishedValue) -> Mapping[str, Any]:
    return {
        "value": one.value,
        "value_type": one.value_type,
        "shown": one.shown,
        "source": one.source,
        "source_file": one.source_file[-200:],
    }
