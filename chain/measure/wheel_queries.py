"""Reads the improvement wheel: a measure's notes, those not told of yet, and where each measure stands in it."""

from collections.abc import Collection

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from chain.access import policy
from chain.access.policy import Action
from chain.base.db import db
from chain.base.errors import NotFound
from chain.base.files import File
from chain.measure.models import Measure, WheelEntry, wheel_file
from chain.organisation.models import Mandate


def notes(measure: Measure, by: Mandate) -> list[WheelEntry]:
    """The notes along a measure's lineage, as far as the mandate may write in them; the newest day first."""
    here = _notes().where(Measure.lineage == measure.lineage, policy.where(by, Measure, Action.WRITE))
    return list(db.session.scalars(here.order_by(WheelEntry.on.desc(), WheelEntry.id.desc())))


def untold(measure_ids: Collection[int]) -> dict[int, list[WheelEntry]]:
    """What has been written in wheels since the last outcome was handed up, by measure; the oldest day first."""
    here = _notes().where(WheelEntry.measure_id.in_(measure_ids), WheelEntry.told_in_id.is_(None))
    found: dict[int, list[WheelEntry]] = {}
    for one in db.session.scalars(here.order_by(WheelEntry.on, WheelEntry.id)) if measure_ids else ():
        found.setdefault(one.measure_id, []).append(one)
    return found


def stages(lineages: Collection[str]) -> dict[str, str]:
    """The stage of the newest note of each lineage that has one. For those who may write in all of them."""
    newest = func.row_number().over(partition_by=Measure.lineage, order_by=(WheelEntry.on.desc(), WheelEntry.id.desc()))
    ranked = select(Measure.lineage, WheelEntry.stage, newest.label("place")).join(WheelEntry.measure)
    ranked_here = ranked.where(Measure.lineage.in_(lineages)).subquery()
    found = db.session.execute(select(ranked_here.c.lineage, ranked_here.c.stage).where(ranked_here.c.place == 1))
    return {lineage: stage for lineage, stage in found}


def note(measure: Measure, public_id: str) -> WheelEntry:
    """One of a measure's own notes. NotFound for any other."""
    found = db.session.scalars(_notes().where(WheelEntry.measure_id == measure.id, WheelEntry.public_id == public_id)).first()
    if found is None:
        raise NotFound
    return found


def file(measure: Measure, public_id: str, by: Mandate) -> File:
    """A file attached to a note along a measure's lineage, as far as the mandate may write in it. NotFound for any other."""
    here = (
        select(File)
        .join(wheel_file, wheel_file.c.file_id == File.id)
        .join(WheelEntry, wheel_file.c.entry_id == WheelEntry.id)
        .join(Measure, WheelEntry.measure_id == Measure.id)
        .where(Measure.lineage == measure.lineage, policy.where(by, Measure, Action.WRITE), File.public_id == public_id)
    )
    found = db.session.scalars(here).first()
    if found is None:
        raise NotFound
    return found


def _notes() -> Select[WheelEntry]:
    whole = (contains_eager(WheelEntry.measure), joinedload(WheelEntry.written_by), selectinload(WheelEntry.files))
    return select(WheelEntry).join(WheelEntry.measure).options(*whole)
