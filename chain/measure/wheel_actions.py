"""Writes in the improvement wheel. A draft, so no line in the audit: its own rows tell who and when (see followup/actions.py)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base import clock, files
from chain.base.db import db, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.files import Checked
from chain.base.locale import _
from chain.measure import wheel_rules
from chain.measure.models import Measure, WheelEntry
from chain.organisation.models import Mandate

Given = Sequence[Checked]  # files that were judged before the act


@unaudited
def write(
    measure: Measure, *, key: str, stage: str, on: date, text: str, evidence: str = "", given: Given = (), by: Mandate
) -> WheelEntry:
    """Write a note on a day, in a stage, with files. The same `key` twice is one note, in its latest words."""
    _hold(measure, by)
    note = db.session.scalars(select(WheelEntry).where(WheelEntry.measure_id == measure.id, WheelEntry.key == key)).first()
    if note is None:
        note = WheelEntry(measure_id=measure.id, key=key, written_by_id=by.person_id, files=[])
        db.session.add(note)
    _word(note, stage, on, text, evidence)
    _attach(note, given, by)
    db.session.flush()
    return note


@unaudited
def change(
    note: WheelEntry, *, seen: str, stage: str, on: date, text: str, evidence: str = "", given: Given = (), by: Mandate
) -> None:  # fmt: skip
    """Put a note in other words, and attach more to it. What an outcome took in of it stays as it was.

    `seen`: its mark when the page was opened; `wheel_rules.Changed` when it says something else by now.
    """
    _as_seen(note, seen, by)
    _word(note, stage, on, text, evidence)
    note.written_by_id = by.person_id
    _attach(note, given, by)


@unaudited
def remove(note: WheelEntry, *, seen: str, by: Mandate) -> None:
    """Take a note away, with its files; only in the words that were seen."""
    _as_seen(note, seen, by)
    for file in list(note.files):
        db.session.delete(file)
    db.session.delete(note)


@unaudited
def detach(note: WheelEntry, file_name: str, *, by: Mandate) -> None:
    """Take a file, named by its address, away from a note."""
    _hold(note.measure, by)
    found = next((file for file in note.files if file.public_id == file_name), None)
    if found is None:
        raise NotFound
    note.files.remove(found)
    db.session.delete(found)


def _hold(measure: Measure, by: Mandate) -> None:
    """One at a time in a measure, until the act has ended, and only while it goes on."""
    db.session.refresh(measure, ["state", "responsible_id"], with_for_update=True)
    guard.require(Action.WRITE, measure, by)
    if measure.state != "open":
        raise RuleBroken(_("Åtgärden är avslutad, så det går inte längre att skriva i hjulet. Det som står där finns kvar."))


def _as_seen(note: WheelEntry, seen: str, by: Mandate) -> None:
    _hold(note.measure, by)
    db.session.refresh(note)
    wheel_rules.check_seen(note, seen)


def _word(note: WheelEntry, stage: str, on: date, text: str, evidence: str) -> None:
    if problems := wheel_rules.problems(stage, on, text, evidence, today=clock.today()):
        raise RuleBroken(next(iter(problems.values())), problems)
    note.stage, note.on, note.text, note.evidence = stage, on, text.strip(), evidence
    note.written_at = clock.now()


def _attach(note: WheelEntry, given: Given, by: Mandate) -> None:
    """Files that are not there already."""
    there = {file.sha256 for file in note.files}
    files.refuse_many(len(note.files), len(given))
    for one in given:
        if one.sha256 not in there:
            there.add(one.sha256)
            note.files.append(files.keep(one, person=by.person.public_id))
