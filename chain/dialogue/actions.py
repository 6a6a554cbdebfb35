"""A dialogue is planned, changed, held, agreed to and ended: each step by the table, with a letter to the other side."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.dialogue import agreement_queries, holding, queries, rules, text_queries
from chain.dialogue.models import Dialogue, DialogueAgenda, DialogueEdition, step
from chain.dialogue.rules import Facts
from chain.followup.rules import sha256
from chain.organisation.models import Mandate, Unit

Seats = Sequence[Mandate]


@atomic
def plan(
    unit: Unit, *, held_on: date, begins_at: time | None, place: str, year: str, about: Round | None, people: Seats,
    agenda: Sequence[Mapping[str, Any]], by: Mandate,
) -> Dialogue:  # fmt: skip
    """Call a unit to a dialogue; whoever calls takes part. The unit's heads get a letter."""
    holding.alone(unit.id)
    dialogue = Dialogue(
        public_id=random_name(), unit_id=unit.id, path=unit.path, host_id=by.unit_id, year=year, state="planned", unit=unit,
        host=by.unit, round=about, version=1,
    )  # fmt: skip
    if unit.path == by.path or not unit.path.startswith(by.path):
        raise RuleBroken(_("%(unit)s ligger inte under er.", unit=unit.name))
    if unit.context or not unit.open:
        raise RuleBroken(_("%(unit)s har en annan huvudman, eller är stängd.", unit=unit.name))
    _say(dialogue, held_on, begins_at, place, people, agenda, by)
    guard.require(Action.KEEP, dialogue, by)
    if said := _same(dialogue):
        audit.note("dialogue.plan_again", about=said)
        return said
    db.session.add(dialogue)
    db.session.flush()
    _tell(dialogue, "dialogue.planned", rules.UNIT)
    return _done(dialogue, "plan", "planned", by)


def _same(dialogue: Dialogue) -> Dialogue | None:
    """The same meeting, planned a moment ago by a press that was made twice."""
    alike = ("unit_id", "host_id", "held_on", "begins_at", "state")
    same = (getattr(Dialogue, name) == getattr(dialogue, name) for name in alike)
    return db.session.scalars(select(Dialogue).where(*same)).first()


def _say(
    dialogue: Dialogue, held_on: date, begins_at: time | None, place: str, people: Seats,
    agenda: Sequence[Mapping[str, Any]], by: Mandate,
) -> None:  # fmt: skip
    seats = list(dict.fromkeys([*people, by]))
    told = [
        {"person": one.person.public_id, "name": one.person.name, "role": str(one.role), "side": rules.side(str(one.role))}
        for one in seats
    ]  # fmt: skip
    rules.check_plan(held_on, begins_at, place, told, today=clock.today())
    assert begins_at is not None, "checked"
    dialogue.held_on, dialogue.begins_at, dialogue.place = held_on, begins_at, place.strip()
    dialogue.people, dialogue.agenda = told, [dict(one) for one in agenda]
    dialogue.present = "|" + "|".join(str(one.person_id) for one in seats) + "|"


@atomic
def change(
    dialogue: Dialogue, *, held_on: date, begins_at: time | None, place: str, people: Seats,
    agenda: Sequence[Mapping[str, Any]], version: int, by: Mandate,
) -> None:  # fmt: skip
    """Another day, hour, place, people or agenda; what the unit had proposed is answered by it."""
    holding.held(dialogue, Action.KEEP, by)
    if dialogue.version != version:
        raise RuleBroken(_("Någon annan ändrade samtidigt. Ladda om sidan och försök igen."))
    rules.move("change", dialogue.state, Facts(), role=str(by.role))
    _say(dialogue, held_on, begins_at, place, people, agenda, by)
    dialogue.asked = ""
    _tell(dialogue, "dialogue.changed", rules.UNIT)
    _done(dialogue, "change", dialogue.state, by)


@atomic
def go(dialogue: Dialogue, act: str, words: str = "", *, by: Mandate) -> None:
    """Take a step that the table knows: ask, stand_by, cancel, hold, propose, agree, reopen, close. Twice the same is once."""
    keeps = act in ("stand_by", "cancel", "close")
    holding.held(dialogue, Action.KEEP if keeps else Action.WRITE, by)
    newest = queries.edition(dialogue)
    if _again(dialogue, act, newest, by):
        audit.note(f"dialogue.{act}_again", about=dialogue)
        return
    move = rules.move(act, dialogue.state, facts(dialogue, newest, by, words), role=str(by.role))
    dialogue.state = move.state
    if act in ("ask", "stand_by"):
        dialogue.asked = words.strip() if act == "ask" else ""
    if act == "propose":
        _propose(dialogue, newest, by)
    if act == "agree" and newest:
        newest.state, newest.agreed_at, newest.agreed_by_id = "agreed", clock.now(), by.person_id
    if act == "reopen" and newest:
        newest.state = "changed"
    other = rules.HOST if rules.side(str(by.role)) == rules.UNIT else rules.UNIT
    if act != "hold":
        _tell(dialogue, f"dialogue.{LETTERS[act]}", other)
    _done(dialogue, act, dialogue.state, by, words)


STEPS = ("ask", "stand_by", "cancel", "hold", "propose", "agree", "reopen", "close")
LETTERS = {
    "ask": "asked", "stand_by": "answered", "cancel": "cancelled", "propose": "proposed", "agree": "agreed",
    "reopen": "reopened", "close": "closed",
}  # fmt: skip


def facts(dialogue: Dialogue, newest: DialogueEdition | None, by: Mandate, words: str = "") -> Facts:
    """What the table asks of a dialogue, for whoever would take a step."""
    told = agreement_queries.told(dialogue)
    notes = text_queries.notes(dialogue)
    return Facts(
        words=words,
        asked=bool(dialogue.asked),
        day_has_come=dialogue.day_has_come,
        noted=bool(told) or any(one.text.strip() for one in notes.values()),
        other_side=newest is not None and newest.proposed_side != rules.side(str(by.role)),
        other_person=newest is not None and newest.proposed_by_id != by.person_id,
        taken=any(one.measure for one in told),
        waiting=sum(one.waits for one in told),
    )


def _again(dialogue: Dialogue, act: str, newest: DialogueEdition | None, by: Mandate) -> bool:
    """A button that was pressed twice: the same person has just done it."""
    if act == "propose":
        return dialogue.state == "proposed" and newest is not None and newest.proposed_by_id == by.person_id
    if act == "agree":
        return dialogue.state == "agreed" and newest is not None and newest.agreed_by_id == by.person_id
    return act == "hold" and dialogue.state == "held"


def _propose(dialogue: Dialogue, newest: DialogueEdition | None, by: Mandate) -> None:
    """Freeze notes and agreements as they are: the other side agrees to just this."""
    content = edition_of(dialogue)
    db.session.add(
        DialogueEdition(
            dialogue_id=dialogue.id,
            number=newest.number + 1 if newest else 1,
            content=content,
            sha256=sha256(content),
            proposed_at=clock.now(),
            proposed_by_id=by.person_id,
            proposed_side=rules.side(str(by.role)),
        )
    )


def edition_of(dialogue: Dialogue) -> dict[str, Any]:
    """What is noted and agreed to, as plain data."""
    notes = text_queries.notes(dialogue)
    return {
        "notes": [
            {**heading, "text": notes[heading["key"]].text if heading["key"] in notes else ""} for heading in dialogue.agenda
        ],
        "agreements": [
            {
                "public_id": one.agreement.public_id, "side": one.agreement.side, "text": one.agreement.text,
                "responsible": one.agreement.responsible.name, "due": one.agreement.due,
            }
            for one in agreement_queries.told(dialogue)
        ],
    }  # fmt: skip


@atomic
def keep_agenda(unit: Unit, typed: str, *, by: Mandate) -> None:
    """An administration's own headings, for the dialogues that are planned from now on; the shipped ones again for no words."""
    lock(db.session(), f"agenda:{unit.id}")
    own = queries.own_agenda(unit.id)
    guard.require(Action.KEEP, own or DialogueAgenda(unit_id=unit.id), by)
    if not typed.strip():
        if own:
            db.session.delete(own)
    else:
        found = rules.headings(typed, queries.agenda(unit))
        if own is None:
            db.session.add(DialogueAgenda(unit_id=unit.id, headings=found))
        else:
            own.headings = found
    audit.note("dialogue.keep_agenda", about=unit)


def _done(dialogue: Dialogue, act: str, state: str, by: Mandate, words: str = "") -> Dialogue:
    db.session.add(step(dialogue, act, state, by, words))
    audit.note(f"dialogue.{act}", about=dialogue, state=state)
    return dialogue


def _tell(dialogue: Dialogue, kind: str, side: str) -> None:
    """A letter to a side: to the unit's heads, or to those of the host's who take part."""
    to = queries.heads(dialogue.unit_id) if side == rules.UNIT else [
        one["person"] for one in dialogue.people if one["side"] == rules.HOST
    ]  # fmt: skip
    outbox.post(kind, f"/dialogue/{dialogue.public_id}", to)
