"""Requests are born when a follow-up is handed up, and answered by the level above."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, clock, events
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting
from chain.support import (
    directed_actions,
    escalation_actions,
    escalation_queries,
    escalation_rules,
    queries,
    routing_actions,
    rules,
)
from chain.support.models import SupportRequest

ASKED = (rules.SENT, rules.OPEN)  # and nobody has answered


@atomic
def answer(request: SupportRequest, *, state: str, text: str, by: Mandate) -> SupportRequest:
    """Grant it, refuse it with a reason, or take it further up. Whoever asked first gets the answer, through every level."""
    db.session.refresh(request, with_for_update=True)
    guard.require(Action.ANSWER, request, by)
    above = queries.above(request)
    if state == "taken_up" and (raised := escalation_queries.of_request(request)) and raised.state in escalation_rules.LIVE:
        raise RuleBroken(_("Frågan har redan gått vidare till %(unit)s. Svara ja eller nej.", unit=raised.receiver.name))
    request.answer = rules.check(state, text, has_above=above is not None)
    request.state, request.answered_at, request.answered_by_id = state, clock.now(), by.person_id
    if above is not None and state == "taken_up":
        _take_up(request, by)
    else:
        rules.tell_origins(request)
    if state != "taken_up":
        escalation_actions.request_answered(request, by=by)
    audit.note("support.answer", about=request, state=state)
    return request


def _take_up(request: SupportRequest, by: Mandate) -> None:
    """The next level reads the receiver's own words, not those of a level that it does not read."""
    receiver, node = request.receiver, cycle.node(request.round, request.receiver_id)
    further = SupportRequest(
        state=rules.OPEN,
        unit_id=receiver.id,
        path=receiver.path,
        receiver_id=node.parent_id if node else None,
        round_id=request.round_id,
        item=request.public_id,
        type=request.type,
        text=request.answer,
        asked_at=clock.now(),
        origin_id=request.id,
    )
    db.session.add(further)
    db.session.flush()
    routing_actions.route([further], by=by)


@events.listen("submitted", "support")
def ask(submission: Submission, **facts: Any) -> None:
    """Each item becomes a request, once, however many times the follow-up is handed up. What was answered stays as it was."""
    unread = submission.receiver_id is not None and submission.opened_at is None
    here = {one.item: one for one in _of(submission)}
    now = rules.asked(submission.snapshot)
    for one in now:
        _ask(one, here, submission, rules.SENT if unread else rules.OPEN)
    for name in rules.left(here, now):
        if here[name].state in ASKED:
            here[name].state = "retracted"
    db.session.flush()
    if not unread:
        routing_actions.route([one for one in _of(submission) if one.state == rules.OPEN], by=facts.get("by"))
    escalation_actions.handed_up(submission, by=facts.get("by"))


def _ask(one: rules.Asked, here: Mapping[str, SupportRequest], submission: Submission, state: str) -> None:
    """An item as a request in this state. Asked with other words than those that were answered, it is another."""
    standing = here.get(one.item)
    if standing is not None and standing.state in (*rules.ANSWERED, "taken_up") and standing.text != one.text:
        one = rules.Asked(rules.renamed(one), one.text, one.type)
        standing = here.get(one.item)
    if standing is None:
        standing = SupportRequest(
            unit_id=submission.unit_id, path=submission.path, round_id=submission.round_id, item=one.item, state="retracted"
        )
        db.session.add(standing)
    if standing.state == "retracted":
        standing.state, standing.asked_at = state, submission.submitted_at
    if standing.state in ASKED:
        standing.text, standing.type = one.text, one.type
        standing.receiver_id = submission.receiver_id or submission.round.committee_id


@events.listen("opened", "support")
def open_(submission: Submission, **facts: Any) -> None:
    """Whoever begins to read the follow-up reads what it asks for: from now on it waits for an answer."""
    opened = [one for one in _of(submission) if one.state == rules.SENT]
    for one in opened:
        one.state = rules.OPEN
    db.session.flush()
    routing_actions.route(opened, by=facts.get("by"))
    escalation_actions.opened(submission, by=facts.get("by"))


@events.listen("taken_back", "support")
def retract(submission: Submission, **facts: Any) -> None:
    """What nobody has answered is asked no longer; it comes back when the follow-up is handed up again."""
    for one in _of(submission):
        if one.state in ASKED:
            one.state = "retracted"
    db.session.flush()
    escalation_actions.taken_back(submission, by=facts.get("by"))


def _of(submission: Submission) -> list[SupportRequest]:
    """The requests that this version of a follow-up, or one before it, has asked; not those taken up or taken over."""
    versions = {submission, *(submission.followup.submissions if submission.number > 1 else ())}
    asked = [one for version in versions for one in rules.asked(version.snapshot)]
    if not asked:
        return []
    own = select(SupportRequest).where(
        SupportRequest.unit_id == submission.unit_id,
        SupportRequest.round_id == submission.round_id,
        SupportRequest.origin_id.is_(None),
        SupportRequest.item.in_(rules.names(asked)),
    )
    return list(db.session.scalars(own))


@events.listen("unit_ending", "support")
def hand_over(unit: Unit, successor: Unit | None = None, reason: str = "", **facts: Any) -> None:
    """A unit that ends leaves no request behind: a successor takes them over, or they end with a reason.

    Where others finish the unit's follow-up in an open round, what it asks for is theirs when that is over (`round_opened`).
    """
    merged, successor = successor, facts.get("heirs", {}).get("support", successor)
    directed_actions.hand_over(unit, successor, reason, by=facts.get("by"))
    later = successor is not None and successor is merged and cycle.awaited_until(unit, merged) is not None
    heirs = {"support": successor, "measure": facts.get("heirs", {}).get("measure", merged)}
    if later:
        escalation_actions.hand_over(unit, heirs, reason, by=facts.get("by"), own=False)
        return
    concerned = or_(SupportRequest.unit_id == unit.id, SupportRequest.receiver_id == unit.id)
    open_ones = db.session.scalars(select(SupportRequest).where(concerned, SupportRequest.state.in_(queries.WAITING))).all()
    if open_ones and successor is None and not reason.strip():
        raise RuleBroken(
            _(
                "%(unit)s har %(n)s frågor om stöd som väntar på svar. Välj vem som tar över, eller skriv varför de avslutas.",
                unit=unit.name,
                n=len(open_ones),
            )
        )
    for one in open_ones:
        if successor is None:
            _leave(one, unit, reason)
        elif one.unit_id == unit.id:
            one.unit_id, one.path = successor.id, successor.path
            one.item = random_name()  # what the successor asks for by itself may be called the same
        else:
            one.receiver_id = successor.id
    db.session.flush()
    routing_actions.route([one for one in open_ones if one.state == rules.OPEN], by=facts.get("by"))
    escalation_actions.hand_over(unit, heirs, reason, by=facts.get("by"))


def _leave(one: SupportRequest, unit: Unit, reason: str) -> None:
    """Nobody takes over. The unit's own need ends with the reason; that of others does not, nor what was taken up for them."""
    asked_here = one.receiver_id == unit.id
    if asked_here and one.state != "taken_up" and (to := escalation_actions.next_to_answer(one.unit, unit)):
        one.receiver_id = to.id
    elif one.origin_id is None and not (asked_here and one.state == "taken_up"):
        one.state, one.answer, one.answered_at = "ended", reason.strip(), clock.now()


@events.listen("round_opened", "support")
def round_opened(round: Round, **facts: Any) -> None:
    """What a merged unit asked for while it finished the round before is the question of the unit that has taken over."""
    here = SupportRequest.state.in_(queries.WAITING), policy.below(round.path, SupportRequest.path)
    at = or_(*(Unit.id.in_(select(who).where(*here)) for who in (SupportRequest.unit_id, SupportRequest.receiver_id)))
    for unit in db.session.scalars(select(Unit).where(at, Unit.successor_id.is_not(None))):
        if heir := organisation.heir(unit):
            hand_over(unit=unit, successor=heir)
    escalation_actions.after_merging(round, by=facts.get("by"))
    escalation_actions.round_passed(round, by=facts.get("by"))


@events.listen("unit_to_move", "support")
def stays_with_its_receiver(unit: Unit, found: list[Waiting], **facts: Any) -> None:
    """What it has asked for and nobody has answered: whoever was asked still answers."""
    open_ones = select(SupportRequest).where(SupportRequest.unit_id == unit.id, SupportRequest.state.in_(queries.WAITING))
    ours = db.session.scalars(open_ones.options(joinedload(SupportRequest.receiver)).order_by(SupportRequest.id)).all()
    for to in dict.fromkeys(one.receiver.name for one in ours):
        count = sum(one.receiver.name == to for one in ours)
        found.append(Waiting("support", _("Enhetens egna frågor om stöd"), count, chooses=False, to=to))


@events.listen("unit_to_end", "support")
def waiting(unit: Unit, found: list[Waiting], successor: Unit | None = None, new: bool = False, **facts: Any) -> None:
    """What it has asked for and what it has been asked for, that has no final answer."""
    own, asked = _("Enhetens egna frågor om stöd"), _("Frågor om stöd som väntar på svar härifrån")
    if cycle.awaited_until(unit, successor, new=new):
        own = _("Enhetens egna frågor om stöd, när nästa uppföljning öppnas")
        asked = _("Frågor om stöd som väntar på svar härifrån, när nästa uppföljning öppnas")
    whole = joinedload(SupportRequest.unit), joinedload(SupportRequest.receiver)
    open_ones = select(SupportRequest).where(SupportRequest.state.in_(queries.WAITING)).options(*whole)
    ours = db.session.scalars(open_ones.where(SupportRequest.unit_id == unit.id)).all()
    theirs = db.session.scalars(open_ones.where(SupportRequest.receiver_id == unit.id)).all()
    if ours:
        names = dict.fromkeys(one.receiver.name for one in ours)
        found.append(Waiting("support", own, len(ours), tuple(names)))
    if theirs:
        names = dict.fromkeys(one.unit.name for one in theirs)
        found.append(Waiting("support", asked, len(theirs), tuple(names)))
    if raised := escalation_queries.standing_at(unit):
        names = dict.fromkeys(one.unit.name for one in raised)
        found.append(Waiting("support", _("Lyfta behov som väntar på svar härifrån"), len(raised), tuple(names)))
