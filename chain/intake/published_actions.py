"""Brings published figures into the tree: a file's, step by step so that it can be put back, and a whole folder's by command."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from chain.base import audit
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.intake import queries
from chain.intake.models import Intake, IntakeStep
from chain.intake.queries import Change, Plan
from chain.intake.rules import CLOSED, FATAL, PublishedValue, Reading
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, PlaceInTree, Unit, UnitCode
from chain.organisation.rules import child_path, slug
from chain.organisation.shipped import municipalities
from chain.result import models as result


@atomic
def keep(intake: Intake, plan: Plan, *, by: Mandate) -> None:
    """Make and change what the plan says, and note each thing as a step, so that it can be put back."""
    root = intake.municipality
    steps: list[dict[str, Any]] = []
    if not any(code.code == plan.code for code in root.codes):
        code = UnitCode(unit_id=root.id, municipality_id=root.id, code=plan.code)
        db.session.add(code)
        db.session.flush()
        steps.append({"what": "code", "target_id": code.id})
    for change in plan.changed_units:
        names = [*change.facts, "closed_on"]
        before = _plain({name: getattr(change.unit, name) for name in names})
        _change(change)
        steps.append(
            {
                "what": "unit",
                "target_id": change.unit.id,
                "before": before,
                "after": _plain({name: getattr(change.unit, name) for name in names}),
            }
        )
    made = _add_units(root, plan, by)
    steps += [{"what": "unit", "target_id": unit.id} for unit in made]
    db.session.flush()
    steps += [{"what": "value", "target_id": number} for number in _new_values(root, plan)]
    steps += list(_changed_values(plan))
    if steps:
        db.session.execute(insert(IntakeStep), [{"intake_id": intake.id, "before": {}, "after": {}, **step} for step in steps])


def _new_values(root: Unit, plan: Plan) -> list[int]:
    units = queries.units_by_code(root)
    rows = [{**_said(one), **_about(one, root, units, plan.code)} for one in plan.new_values]
    return list(db.session.scalars(insert(result.PublishedValue).returning(result.PublishedValue.id), rows)) if rows else []


def _changed_values(plan: Plan) -> Iterator[dict[str, Any]]:
    """Change them, and tell what they were."""
    rows = {number: _said(one) for number, one in plan.changed_values}
    if not rows:
        return
    for had in db.session.scalars(select(result.PublishedValue).where(result.PublishedValue.id.in_(rows))):
        before = _plain({name: getattr(had, name) for name in rows[had.id]})
        yield {"what": "value", "target_id": had.id, "before": before, "after": _plain(rows[had.id])}
    db.session.execute(update(result.PublishedValue), list(_updates(plan)))


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it."""
    return {name: str(value) if isinstance(value, Decimal | date) else value for name, value in facts.items()}


# Put back


@atomic
def put_back(intake: Intake, *, by: Mandate) -> None:
    """Everything that keeping it made or changed as it was before. Refused where somebody has come to stand on it since."""
    try:
        _take_away(intake)
        db.session.flush()
    except IntegrityError as error:
        raise RuleBroken(_("Någon har börjat arbeta med en enhet som filen lade upp. Stäng enheten i stället.")) from error


def _take_away(intake: Intake) -> None:
    steps = db.session.scalars(select(IntakeStep).where(IntakeStep.intake_id == intake.id).order_by(IntakeStep.id)).all()
    made = {
        what: [step.target_id for step in steps if step.what == what and not step.after] for what in ("value", "unit", "code")
    }
    _restore([step for step in steps if step.after])
    for some in (made["value"][start : start + 500] for start in range(0, len(made["value"]), 500)):
        db.session.execute(delete(result.PublishedValue).where(result.PublishedValue.id.in_(some)))
    for some in (made["unit"][start : start + 500] for start in range(0, len(made["unit"]), 500)):
        for model in (UnitCode, PlaceInTree):
            db.session.execute(delete(model).where(model.unit_id.in_(some)))
        db.session.execute(delete(Unit).where(Unit.id.in_(some)))
    db.session.execute(delete(UnitCode).where(UnitCode.id.in_(made["code"])))
    db.session.execute(delete(IntakeStep).where(IntakeStep.intake_id == intake.id))


def _restore(steps: list[IntakeStep]) -> None:
    """Give back what was changed, where it still is as the file left it."""
    for model, what in ((result.PublishedValue, "value"), (Unit, "unit")):
        mine = {step.target_id: step for step in steps if step.what == what}
        for thing in _all(model, list(mine)):
            step = mine[thing.id]
            now = _plain({name: getattr(thing, name) for name in step.after})
            if {name: _same(value) for name, value in now.items()} != {name: _same(value) for name, value in step.after.items()}:
                raise RuleBroken(_("En uppgift som filen ändrade har ändrats igen efteråt. Den går inte längre att ångra."))
            for name, value in step.before.items():
                setattr(thing, name, _typed(name, value))


def _all(model: Any, ids: list[int]) -> Iterator[Any]:
    for start in range(0, len(ids), 500):
        yield from db.session.scalars(select(model).where(model.id.in_(ids[start : start + 500])))


def _same(value: Any) -> Any:
    """12.5 and 12.500 are the same figure."""
    try:
        return Decimal(value) if isinstance(value, str) and value[:1].isdigit() and "-" not in value else value
    except ArithmeticError:
        return value


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    return Decimal(value) if name == "value" else date.fromisoformat(value) if name == "closed_on" else value


# Published figures from a folder, by command


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
    name = municipalities().get(code, code)
    return organisation.add_unit(None, name=name, level="municipality", slug=_free_step(None, name, code, set()), by=by)


def _add_units(root: Unit, plan: Plan, by: Actor | None) -> list[Unit]:
    made: list[Unit] = []
    taken = {unit.path for unit in queries.below(root)}
    for said in plan.new_units:
        step = _free_step(root.path, said.name, said.code, taken)
        facts = queries.facts(said)
        unit = organisation.add_unit(root, level="unit", slug=step, code=said.code, by=by, **facts)
        taken.add(unit.path)
        made.append(unit)
        if said.status == CLOSED:
            unit.closed_on = plan.closes_on
    return made


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
        rows = [{**_said(one), **_about(one, root, units, plan.code)} for one in plan.new_values]
        db.session.execute(insert(result.PublishedValue), rows)
    if plan.changed_values:
        db.session.execute(update(result.PublishedValue), list(_updates(plan)))


def _updates(plan: Plan) -> Iterator[dict[str, Any]]:
    for number, one in plan.changed_values:
        yield {"id": number, **_said(one)}


def _about(one: PublishedValue, root: Unit, units: Mapping[str, Unit], code: str) -> Mapping[str, Any]:
    place = queries.place_of(one, code)
    unit = root if place else units[one.unit_code]
    return {
        "place": place,
        "unit_id": unit.id,
        "path": unit.path,
        "indicator": one.indicator_key,
        "subject": one.subject,
        "year_group": one.year_group,
        "period": one.period,
        "organiser": one.organiser,
        "sex": one.sex,
    }


def _said(one: PublishedValue) -> Mapping[str, Any]:
    return {
        "value": one.value,
        "value_type": one.value_type,
        "shown": one.shown,
        "source": one.source,
        "source_file": one.source_file[-200:],
    }
