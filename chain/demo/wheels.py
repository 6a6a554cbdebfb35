"""The improvement wheels of the demonstration: what has been written in them between the rounds."""

from datetime import timedelta

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.demo import texts
from chain.demo.stage import Stage
from chain.demo.texts import Words
from chain.measure import wheel_actions
from chain.measure.models import Measure


def write(stage: Stage) -> None:
    """Every note, as if it had been written on its day: of measures that are open today."""
    for told in texts.opened("wheels")["wheel"]:
        unit = stage.unit[told["unit"]]
        about = select(Measure).filter_by(unit_id=unit.id, state="open", problem=told["problem"])
        measure = db.session.scalars(about).first()
        for number, note in enumerate(told.get("note", []) if measure else []):
            assert measure is not None
            _write(stage, measure, told["unit"], str(number), note)


def _write(stage: Stage, measure: Measure, place: str, key: str, note: Words) -> None:
    wheel_actions.write(
        measure, key=key, stage=note["stage"], on=clock.today() - timedelta(days=note["days"]), text=note["text"],
        evidence=note.get("evidence", ""), given=[texts.file(note)] if "file" in note else [],
        by=stage.who(f"{note['by']}@{place}"),
    )  # fmt: skip
