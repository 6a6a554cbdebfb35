"""Keeps what was read: a file's preview, then all of it or nothing, and undone again."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.intake import bulk, comparing, published_actions, reading, standing
from chain.intake.comparing import Difference
from chain.intake.models import (
    CANCELLED,
    KEPT,
    PREVIEWED,
    UNDONE,
    Intake,
    IntakeFile,
    IntakeMapping,
)
from chain.organisation.models import Mandate, Unit
from chain.result.models import ImportedFigures

KEEPS = timedelta(days=7)  # how long a file waits for somebody to confirm it
MOST_WAITING = 20  # files of a municipality


# A file: seen first, then kept or not


@atomic
def receive(
    name: str, content: bytes, said: reading.Read, found: Difference, *, root: Unit, round: Round | None, source: str,
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
    intake: Intake, said: reading.Read, found: Difference, *, by: Mandate, columns: dict[str, str] | None = None,
    indicator: str = "",
) -> None:  # fmt: skip
    """Look again: with other columns, or because something it was compared with has been kept meanwhile."""
    guard.require(Action.KEEP, intake, by)
    _still(intake)
    if columns is not None:
        intake.mapping = {"columns": columns, "indicator": indicator}
    db.session.execute(delete(ImportedFigures).where(ImportedFigures.intake_id == intake.id))
    _see(intake, said, found)
    audit.note("intake.review", about=intake)


def _see(intake: Intake, said: reading.Read, found: Difference) -> None:
    """The receipt, and the figures as they were judged: what is seen is what will be kept."""
    intake.found = comparing.receipt(said, found)
    intake.at = clock.now()
    columns = ("intake_id", "round_id", "source", "kept", "unit_id", "path", "figures")
    lead = (intake.id, intake.round_id, intake.source, False)
    bulk.insert(ImportedFigures.__table__, columns, ((*lead, *one) for one in comparing.per_unit(found.rows)))  # type: ignore[arg-type]


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
    db.session.execute(delete(ImportedFigures).where(ImportedFigures.intake_id == intake.id))
    _let_go(intake)


def _forget(intake: Intake) -> None:
    """What stood in the file's cells goes: it may have been a list of pupils. Which rows were wrong, and how, is still told."""
    intake.found, intake.mapping = comparing.without_words(intake.found), {}


def _let_go(intake: Intake) -> None:
    """The file's bytes, which are kept only while it is looked at."""
    db.session.execute(delete(IntakeFile).where(IntakeFile.intake_id == intake.id))


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
def confirm(intake: Intake, said: reading.Read | None = None, *, by: Mandate) -> None:
    """Keep it: all of it, in one transaction, as it was previewed. Done twice it changes nothing more.

    Figures are kept as they were judged; published values are read anew (`said`), since what they change in the tree is worked
    out from it. Refused when what it was judged by or compared with has changed since: then it has to be looked at again.
    """
    guard.require(Action.KEEP, intake, by)
    root = intake.municipality
    lock(db.session(), _name_of_lock(root))
    db.session.refresh(intake)
    if intake.state == KEPT:
        audit.note("intake.confirm", about=intake, again=True)
        return
    _still(intake)
    if intake.found["fatal"] or (said is not None and said.fatal):
        raise RuleBroken(_("Filen har fel som måste rättas först. Ingenting har ändrats."))
    if standing.turns(root.id, intake.round_id) != intake.found["standing"]:
        raise RuleBroken(_stale(intake))
    if intake.kind == reading.PUBLISHED:
        _keep_published(intake, said, by)
    else:
        _keep_figures(intake)
    _remember(intake)
    intake.state, intake.kept_at, intake.kept_by_id = KEPT, clock.now(), by.id
    intake.turn = standing.next_turn(root.id)
    _let_go(intake)
    counts = {name: n for name, n in intake.found["counts"].items() if name not in ("rows", "good", "problems")}
    audit.note("intake.confirm", about=intake, **counts)


def _name_of_lock(root: Unit) -> str:
    return f"intake {standing.code_of(root) or root.path}"


def _keep_figures(intake: Intake) -> None:
    """Those that were judged, where they would still be judged alike."""
    if intake.round is None or standing.mark(intake.round, intake.path, intake.municipality) != intake.found.get("judged_by"):
        raise RuleBroken(_stale(intake))
    db.session.execute(update(ImportedFigures).where(ImportedFigures.intake_id == intake.id).values(kept=True))


def _keep_published(intake: Intake, said: reading.Read | None, by: Mandate) -> None:
    found = comparing.difference(said, intake.municipality, None, by) if said else None
    counts = {name: n for name, n in intake.found["counts"].items() if found and name in found.counts}
    if found is None or found.plan is None or counts != found.counts:
        raise RuleBroken(_stale(intake))
    published_actions.keep(intake, found.plan, by=by)


def _stale(intake: Intake) -> str:
    """What has happened since the preview, with a name."""
    last = standing.since(intake)
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


@atomic
def undo(intake: Intake, *, by: Mandate) -> None:
    """Put everything back as it was before. Refused where something newer stands on it."""
    guard.require(Action.KEEP, intake, by)
    lock(db.session(), _name_of_lock(intake.municipality))
    db.session.refresh(intake)
    if intake.state == UNDONE:
        audit.note("intake.undo", about=intake, again=True)
        return
    if intake.state != KEPT:
        raise RuleBroken(_("Bara det som har lästs in kan ångras."))
    if newer := standing.later(intake):
        raise RuleBroken(
            _(
                "%(person)s har läst in ”%(file)s” efter den här, och jämfört med den. Ångra den först.",
                person=newer.by.person.name,
                file=newer.name,
            )
        )
    db.session.execute(delete(ImportedFigures).where(ImportedFigures.intake_id == intake.id))
    published_actions.put_back(intake, by=by)
    _forget(intake)
    intake.state, intake.undone_at, intake.undone_by_id = UNDONE, clock.now(), by.id
    audit.note("intake.undo", about=intake)
