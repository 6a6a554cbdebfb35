"""The receiving unit's acts: open, receive, send back, answer, look back. And the giver's reply to what was asked."""

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.db import atomic, db
from chain.handover import queries, rules
from chain.handover.actions import hold
from chain.handover.models import Handover, Reception
from chain.handover.rules import LONGEST_WORDS, Facts
from chain.organisation.models import Mandate


@atomic
def open_(reception: Reception, *, by: Mandate) -> Reception:
    """Begin to read: from now on the giver cannot take it back."""
    _alone(reception)
    guard.require(Action.OPEN, reception, by)
    reception.state = rules.move("open", reception.state, Facts()).after
    reception.opened_at, reception.opened_by_id = clock.now(), by.person_id
    audit.note("handover.open", about=reception)
    return reception


@atomic
def receive(reception: Reception, *, by: Mandate) -> Reception:
    """`Vi har läst och tagit emot`: the receipt, by name. Those in the unit's groups are told that it is there to be read."""
    handover = _alone(reception)
    guard.require(Action.RECEIVE, reception, by)
    first = reception.received_at is None
    newer = Facts(newer=reception.edition > reception.received_edition)
    reception.state = rules.move("receive", reception.state, newer).after
    reception.received_at, reception.received_by_id = clock.now(), by.person_id
    reception.received_edition = reception.edition
    _tell_giver("handover.received", handover)
    if first:
        outbox.post("handover.to_read", _address(reception), queries.teachers_under(reception.unit))
    audit.note("handover.receive", about=reception, edition=reception.edition)
    return reception


@atomic
def send_back(reception: Reception, question: str, *, by: Mandate) -> Reception:
    """Return it with a question: the giver writes on, and hands over a new edition."""
    handover = _alone(reception)
    guard.require(Action.RECEIVE, reception, by)
    words, told = _words(handover, question)
    reception.state = rules.move("send_back", reception.state, told).after
    reception.question, reception.returned_at, reception.returned_by_id = words, clock.now(), by.person_id
    handover.state = "returned"
    _tell_giver("handover.returned", handover)
    audit.note("handover.send_back", about=reception)
    return reception


@atomic
def answer(reception: Reception, text: str, asks: str, *, by: Mandate) -> Reception:
    """`Så tar vi vid`, and perhaps questions to the giver."""
    handover = _alone(reception)
    guard.require(Action.ANSWER, reception, by)
    words, told = _words(handover, text)
    questions, also = _words(handover, asks)
    facts = Facts(words=told.words, found=(*told.found, *also.found))
    reception.state = rules.move("answer", reception.state, facts).after
    reception.answer, reception.asks = words, questions
    reception.answered_at, reception.answered_by_id = clock.now(), by.person_id
    _tell_giver("handover.answered", handover)
    audit.note("handover.answer", about=reception)
    return reception


@atomic
def reply(reception: Reception, text: str, *, by: Mandate) -> Reception:
    """The giver answers what the receiver has asked."""
    handover = _alone(reception)
    guard.require(Action.ANSWER, handover, by)
    words, told = _words(handover, text)
    facts = Facts(words=told.words, found=told.found, asked=reception.awaits_reply)
    reception.state = rules.move("reply", reception.state, facts).after
    reception.reply, reception.replied_at, reception.replied_by_id = words, clock.now(), by.person_id
    outbox.post("handover.replied", _address(reception), queries.heads_at([reception.unit_id]).get(reception.unit_id, []))
    audit.note("handover.reply", about=reception)
    return reception


@atomic
def look_back(reception: Reception, text: str, *, by: Mandate) -> Reception:
    """`Det här hade vi velat veta`: told in the new school year, read by the giver."""
    handover = _alone(reception)
    guard.require(Action.ANSWER, reception, by)
    round = queries.looks_back_in(reception)
    words, told = _words(handover, text)
    facts = Facts(words=told.words, found=told.found, new_year=round is not None)
    reception.state = rules.move("look_back", reception.state, facts).after
    reception.looked_back, reception.looked_back_at, reception.looked_back_by_id = words, clock.now(), by.person_id
    reception.round_id = round.id if round else None
    _tell_giver("handover.looked_back", handover)
    audit.note("handover.look_back", about=reception)
    return reception


def _alone(reception: Reception) -> Handover:
    """One act at a time on a handover, the giver's and the receivers'."""
    handover = db.session.scalars(select(Handover).where(Handover.id == reception.handover_id)).one()
    hold(handover)
    db.session.refresh(reception)
    return handover


def _words(handover: Handover, text: str) -> tuple[str, Facts]:
    """Words as they are kept, and what in them looks like a person."""
    words = rules.tidy(text)[:LONGEST_WORDS]
    people, known = queries.names_near(handover) if words else ([], [])
    return words, Facts(words=words, found=tuple(one.told for one in rules.warnings({"words": words}, people, known)))


def _tell_giver(kind: str, handover: Handover) -> None:
    outbox.post(kind, f"/handover/{handover.public_id}", queries.heads_at([handover.unit_id]).get(handover.unit_id, []))


def _address(reception: Reception) -> str:
    return f"/handover/received/{reception.public_id}"
