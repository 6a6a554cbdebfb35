"""Keeps what was read: a file's preview, then all of it or nothing, and undone again; and published figures from a folder."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.intake import bulk, queries, reading
from chain.intake.models import (
    CANCELLED,
    KEPT,
    PREVIEWED,
    UNDONE,
    Intake,
    IntakeFile,
    IntakeMapping,
    IntakeStep,
)
from chain.intake.queries import Change, Plan
from chain.intake.rules import CLOSED, FATAL, PublishedValue, Reading
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, PlaceInTree, Unit, UnitCode
from chain.organisation.rules import child_path, slug
from chain.result import models as result

KEEPS = timedelta(days=7)  # how long a file waits for somebody to confirm it
MOST_WAITING = 20  # files of a municipality

FIGURE = (
    "intake_id", "round_id", "source", "unit_id", "path", "indicator", "school_form", "subject", "year_group", "category",
    "basis", "enrolled", "n", "k",
)  # fmt: skip


# A file: seen first, then kept or not


@atomic
def receive(
    name: str, content: bytes, said: reading.Read, found: reading.Difference, *, root: Unit, round: Round | None, source: str,
    by: Mandate,
) -> Intake:  # fmt: skip
    """Remember a file that was read, and what keeping it would change. Nothing of it is kept yet."""
    guard.require(Action.KEEP, Intake(unit_id=by.unit_id, path=by.path), by)
    clear_old(root)
    waiting = select(func.count()).select_from(Intake).where(Intake.municipality_id == root.id, Intake.state == PREVIEWED)
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise RuleBroken(_("%(n)s filer väntar redan på att läsas in eller kastas. Ta hand om dem först.", n=MOST_WAITING))
    figures = said.published is None
    made = Intake(
        municipality_id=root.id, unit_id=by.unit_id, path=by.path, round_id=round.id if round and figures else None,
        file_name=name[-200:], sha256=hashlib.sha256(content).hexdigest(), size=len(content), source=source[:60], by_id=by.id,
        kind=said.kind, at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add(IntakeFile(intake_id=made.id, content=content if said.stored is None else said.stored))
    _see(made, said, found)
    audit.note("intake.receive", about=made, kind=said.kind, sha256=made.sha256)
    return made


@atomic
def review(
    intake: Intake, said: reading.Read, found: reading.Difference, *, by: Mandate, columns: dict[str, str] | None = None,
    indicator: str = "",
) -> None:  # fmt: skip
    """Look again: with other columns, or because something it was compared with has been kept meanwhile."""
    guard.require(Action.KEEP, intake, by)
    _still(intake)
    if columns is not None:
        intake.mapping = {"columns": columns, "indicator": indicator}
    _see(intake, said, found)
    audit.note("intake.review", about=intake)


def _see(intake: Intake, said: reading.Read, found: reading.Difference) -> None:
    mark = reading.standing(intake.municipality_id, intake.round_id)
    intake.found = reading.receipt(said, found, mark)
    intake.at = clock.now()


@atomic
def cancel(intake: Intake, *, by: Mandate) -> None:
    """Throw the file away; nothing of it was kept."""
    guard.require(Action.KEEP, intake, by)
    if intake.state == CANCELLED:
        audit.note("intake.cancel", about=intake, again=True)
        return
    _still(intake)
    _throw(intake)
    audit.note("intake.cancel", about=intake)


def _throw(intake: Intake) -> None:
    intake.state = CANCELLED
    _forget(intake)
    db.session.execute(delete(IntakeFile).where(IntakeFile.intake_id == intake.id))


def _forget(intake: Intake) -> None:
    """What stood in the file's cells goes: it may have been a list of pupils. Which rows were wrong, and how, is still told."""
    intake.found, intake.mapping = reading.without_words(intake.found), {}


def clear_old(root: Unit | None = None) -> int:
    """What nobody confirmed in a week goes, everywhere in the municipality, or in every one; tells how many files."""
    old = select(Intake).where(Intake.state == PREVIEWED, Intake.at < clock.now() - KEEPS)
    found = db.session.scalars(old.where(Intake.municipality_id == root.id) if root else old).all()
    for intake in found:
        _throw(intake)
    return len(found)


def _still(intake: Intake) -> None:
    if intake.state != PREVIEWED:
        raise RuleBroken(_("Den här filen är redan läst in eller kastad. Ladda upp den på nytt om den ska läsas igen."))


@atomic
def confirm(intake: Intake, said: reading.Read, *, by: Mandate) -> None:
    """Keep it: all of it, in one transaction, as it was previewed. Done twice it changes nothing more.

    Refused when something that it was compared with has been kept or undone since: then it has to be looked at again.
    """
    guard.require(Action.KEEP, intake, by)
    root = intake.municipality
    lock(db.session(), f"intake {reading.code_of(root) or root.path}")
    db.session.refresh(intake)
    if intake.state == KEPT:
        audit.note("intake.confirm", about=intake, again=True)
        return
    _still(intake)
    if intake.found["fatal"] or said.fatal:
        raise RuleBroken(_("Filen har fel som måste rättas först. Ingenting har ändrats."))
    found = reading.difference(said, root, intake.round, by)
    counts = {name: n for name, n in intake.found["counts"].items() if name in found.counts}
    if reading.standing(intake.municipality_id, intake.round_id) != intake.found["standing"] or counts != found.counts:
        raise RuleBroken(_stale(intake))
    if found.plan is not None:
        _keep_published(intake, found.plan, by)
    else:
        lead = (intake.id, intake.round_id, intake.source)
        bulk.insert(result.ImportedFigure.__table__, FIGURE, ((*lead, *row) for row in found.rows))  # type: ignore[arg-type]
    _remember(intake)
    intake.state, intake.kept_at, intake.kept_by_id = KEPT, clock.now(), by.id
    intake.turn = reading.next_turn(root.id)
    db.session.execute(delete(IntakeFile).where(IntakeFile.intake_id == intake.id))
    audit.note("intake.confirm", about=intake, **found.counts)


def _stale(intake: Intake) -> str:
    """What has happened since the preview, with a name."""
    last = reading.since(intake)
    if last is None:
        return _("Enheter eller siffror har ändrats sedan du granskade. Titta igen på vad som händer och bekräfta på nytt.")
    return _(
        "%(person)s har läst in eller ångrat ”%(file)s” sedan du granskade. Titta igen på vad som händer och bekräfta på nytt.",
        person=last.by.person.name,
        file=last.name,
    )


def _remember(intake: Intake) -> None:
    """The columns of a source, for the next time."""
    if intake.kind != reading.GRID or not intake.source:
        return
    facts = {"columns": intake.found["columns"], "indicator": intake.found["indicator"]}
    known = select(IntakeMapping).where(IntakeMapping.unit_id == intake.unit_id, IntakeMapping.source == intake.source)
    if had := db.session.scalars(known).first():
        had.facts = facts
    else:
        db.session.add(IntakeMapping(unit_id=intake.unit_id, source=intake.source, facts=facts))


def _keep_published(intake: Intake, plan: Plan, by: Mandate) -> None:
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
    rows = [{**_said(one), **_about(one, units[one.unit_code])} for one in plan.new_values]
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


@atomic
def undo(intake: Intake, *, by: Mandate) -> None:
    """Put everything back as it was before. Refused where something newer stands on it."""
    guard.require(Action.KEEP, intake, by)
    lock(db.session(), f"intake {reading.code_of(intake.municipality) or intake.municipality.path}")
    db.session.refresh(intake)
    if intake.state == UNDONE:
        audit.note("intake.undo", about=intake, again=True)
        return
    if intake.state != KEPT:
        raise RuleBroken(_("Bara det som har lästs in kan ångras."))
    if newer := reading.later(intake):
        raise RuleBroken(
            _(
                "%(person)s har läst in ”%(file)s” efter den här, och jämfört med den. Ångra den först.",
                person=newer.by.person.name,
                file=newer.name,
            )
        )
    _take_away_figures(intake)
    try:
        _put_back(intake)
        db.session.flush()
    except IntegrityError as error:
        raise RuleBroken(_("Någon har börjat arbeta med en enhet som filen lade upp. Stäng enheten i stället.")) from error
    _forget(intake)
    intake.state, intake.undone_at, intake.undone_by_id = UNDONE, clock.now(), by.id
    audit.note("intake.undo", about=intake)


def _take_away_figures(intake: Intake) -> None:
    mine = result.ImportedFigure.round_id == intake.round_id, result.ImportedFigure.intake_id == intake.id
    db.session.execute(delete(result.ImportedFigure).where(*mine))


def _put_back(intake: Intake) -> None:
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
    name = queries.municipality_names().get(code, code)
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
