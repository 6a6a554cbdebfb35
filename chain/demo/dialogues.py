"""Quality dialogues of the demonstration: one of last year that became measures, one that is prepared, one to be moved."""

from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.base.orm import random_name
from chain.demo import texts
from chain.demo.days import Slot
from chain.demo.rounds import Committee
from chain.demo.texts import Words
from chain.dialogue import actions, agreement_actions, agreement_queries, file_actions, pack_actions, queries, rules, text_actions
from chain.dialogue.models import Dialogue
from chain.feedback import actions as feedback
from chain.feedback.models import Delivery

MET = 12  # days after the call
PREPARED = 4  # days before the meeting
SATURDAY = 5


def after(at: Committee, slot: Slot) -> None:
    """Those that are held when a round is over, from the call to what came of them."""
    for told in texts.opened("dialogues")["dialogue"]:
        if told.get("after") == slot.place:
            _whole(at, told)


def now(at: Committee) -> None:
    """Those that lie ahead: one is prepared, of another the unit proposes another day."""
    for told in texts.opened("dialogues")["dialogue"]:
        if "in_days" in told:
            at.stage.go(at.stage.today - timedelta(days=3), 11)
            dialogue = _call(at, told, at.stage.today + timedelta(days=told["in_days"]))
            at.stage.go(clock.today(), 15)
            if "asks" in told:
                actions.go(dialogue, "ask", told["asks"], by=_principal(at, told))
            else:
                _prepare(at, told, dialogue)


def _principal(at: Committee, told: Words) -> Any:
    return at.stage.who(f"principal@{told['unit']}")


def _call(at: Committee, told: Words, day: date) -> Dialogue:
    """On a working day; the director takes part."""
    held_on = day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)
    unit = at.stage.unit[told["unit"]]
    return actions.plan(
        unit, held_on=held_on, begins_at=time(13, 30), place=told["place"], year=queries.year_now(unit.path), about=None,
        people=[*queries.people([unit.id], rules.UNIT_ROLES), at.director], agenda=queries.agenda(unit), by=at.officer,
    )  # fmt: skip


def _prepare(at: Committee, told: Words, dialogue: Dialogue) -> None:
    """The principal writes what the school wants to talk about, and hands over."""
    by = _principal(at, told)
    if "file" in told:
        file_actions.attach(dialogue, [texts.file(told)], by=by)
    text_actions.save(dialogue, rules.OWN_WORDS, told["words"], version=0, save_key=random_name(), by=by)
    at.stage.go(clock.today(), 16)
    pack_actions.hand_over(dialogue, by=by)


def _whole(at: Committee, told: Words) -> None:
    at.stage.go(clock.today() + timedelta(days=1), 10)
    dialogue = _call(at, told, clock.today() + timedelta(days=MET))
    at.stage.go(dialogue.held_on - timedelta(days=PREPARED), 14)
    _prepare(at, told, dialogue)
    at.stage.go(dialogue.held_on, 13)
    actions.go(dialogue, "hold", by=at.officer)
    for key, words in told["notes"].items():
        at.stage.go(clock.today())
        text_actions.save(dialogue, key, words, version=0, save_key=random_name(), by=at.officer)
    _agree(at, told, dialogue)
    _say(at, told, dialogue)


def _agree(at: Committee, told: Words, dialogue: Dialogue) -> None:
    due = next(iter(agreement_queries.dues(dialogue)))
    for one in told["agreement"]:
        who = _principal(at, told) if one["side"] == rules.UNIT else at.officer
        agreement_actions.add(dialogue, side=one["side"], text=one["text"], responsible=who, due=due, by=at.officer)
    at.stage.go(clock.today(), 15)
    actions.go(dialogue, "propose", by=at.officer)
    at.stage.go(clock.today() + timedelta(days=1), 9)
    actions.go(dialogue, "agree", by=_principal(at, told))


def _say(at: Committee, told: Words, dialogue: Dialogue) -> None:
    """Written feedback some days later, and what the school answers."""
    at.stage.go(clock.today() + timedelta(days=4), 10)
    said = told["feedback"]
    given = feedback.give("dialogue", dialogue.public_id, said["text"], [dialogue.unit], None, by=at.director)
    at.stage.go(clock.today() + timedelta(days=2), 15)
    got = db.session.scalars(select(Delivery).where(Delivery.feedback_id == given.id)).one()
    feedback.answer(got, said["answer"], by=_principal(at, told))
    at.stage.go(clock.today() + timedelta(days=1), 9)
    feedback.close(given, said["close"], by=at.director)


def tell(at: Committee) -> None:
    """What came of what the administration was to do, of that which is done; the rest waits on its first page."""
    lines = {one["text"]: one for told in texts.opened("dialogues")["dialogue"] for one in told.get("agreement", [])}
    mine = select(Dialogue).where(Dialogue.state == "agreed", Dialogue.host_id == at.stage.unit[at.office].id)
    for dialogue in db.session.scalars(mine).all():
        for told in agreement_queries.told(dialogue):
            words = lines[told.agreement.text].get("came_of_it")
            if words:
                at.stage.go(clock.today(), 11)
                agreement_actions.end(told.agreement, words, by=at.officer)
