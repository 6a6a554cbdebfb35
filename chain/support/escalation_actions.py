"""Needs that have waited too long become the level above's matter, in the act that makes it true; and what is answered there."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import inspect, or_, select

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.measure.models import Measure
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Unit
from chain.support import escalation_queries as queries
from chain.support import escalation_rules as rules
from chain.support import routing_queries as people
from chain.support.escalation_models import Escalation
from chain.support.models import SupportRequest
from chain.support.rules import tell_origins

COLUMNS = [column.key for column in inspect(Escalation).column_attrs]  # its own row is held, not what it was joined with

# Steps of other acts


@atomic
def handed_up(submission: Submission, *, by: Actor | None) -> None:
    """What a follow-up makes true when it is handed up: measures carried too often rise, what is over or dropped is settled."""
    due = {one.lineage: one for one in queries.carried_too_often(submission.unit_id)}
    known = queries.first_of(submission.unit_id, due)
    newest = {one.lineage: one for one in known}
    for lineage, measure in due.items():
        one = newest.get(lineage)
        if one is not None and one.state in rules.ASIDE:
            _come_back(one, opened=one.opened_at is not None or submission.opened_at is not None)
        elif one is None or one.state == "ended" or (one.state in rules.ANSWERED and rules.again(one.carried, measure.carried)):
            _raise_measure(measure, submission)
    still = queries.open_lineages(submission.unit_id)
    for one in known:
        if one.unit_id == submission.unit_id and one.state in rules.LIVE and one.lineage not in still:
            _put_aside(one)
    _follow_requests(submission)
    db.session.flush()


def _follow_requests(submission: Submission) -> None:
    """What is asked no longer is settled; what is asked again comes back."""
    mine = select(SupportRequest).where(
        SupportRequest.unit_id == submission.unit_id, SupportRequest.round_id == submission.round_id
    )
    asked = {one.id: one for one in db.session.scalars(mine)}
    for one in queries.of_requests(asked):
        state = asked[one.request_id or 0].state
        if state == "retracted" and one.state in rules.LIVE:
            _put_aside(one)
        elif state in ("sent", "open") and one.state in rules.ASIDE:
            _come_back(one, opened=state == "open")


@atomic
def opened(submission: Submission, *, by: Actor | None) -> None:
    """Somebody above has begun to read the follow-up that tells of it: now it waits for an answer there."""
    unread = (Escalation.unit_id == submission.unit_id, Escalation.state.in_(("sent", "unread")))
    measures = (Escalation.kind == "measure") & (Escalation.since <= submission.submitted_at)
    round = select(SupportRequest.id).where(SupportRequest.round_id == submission.round_id, SupportRequest.state == "open")
    requests = (Escalation.kind == "request") & Escalation.request_id.in_(round)
    for one in db.session.scalars(select(Escalation).where(*unread, or_(measures, requests))):
        _open(one)
    db.session.flush()


@atomic
def taken_back(submission: Submission, *, by: Actor | None) -> None:
    """What nobody above has read is their own again, without a trace. What has been read stands, and waits for its answer."""
    due = {one.lineage for one in queries.carried_too_often(submission.unit_id)}
    for one in queries.first_of(submission.unit_id, due):
        if one.state in ("sent", "unread") and one.lineage not in due:
            _to(one, "retracted")
        elif one.state in rules.ASIDE and one.lineage in due:
            _come_back(one, opened=one.opened_at is not None)
    mine = select(SupportRequest.id).where(
        SupportRequest.unit_id == submission.unit_id, SupportRequest.round_id == submission.round_id
    )
    for one in queries.of_requests(db.session.scalars(mine)):
        if one.state == "unread":
            _to(one, "retracted")
    db.session.flush()


@atomic
def round_passed(round: Round, *, by: Actor | None) -> None:
    """Another round begins: what was asked for before it and has no answer is the matter of the level above whoever was asked."""
    waiting = [one for one in queries.unanswered(round.path, round.id) if rises_to(one)]
    known = {one.request_id: one for one in queries.of_requests(one.id for one in waiting)}
    for request in waiting:
        one = known.get(request.id)
        if one is None:
            _raise_request(request, round)
        elif one.state in rules.ASIDE:
            _come_back(one, opened=request.state == "open")
    sent = select(Escalation).where(Escalation.state == "sent", Escalation.round_id != round.id)
    for one in db.session.scalars(sent.where(policy.below(round.path, Escalation.path))):
        _to(one, "unread")
        _tell(one, "escalation.raised", one.receiver)
    db.session.flush()


def rises_to(request: SupportRequest) -> str:
    """How much of an unanswered request the level above whoever was asked may know; nothing where there is no such level."""
    above = request.receiver.parent
    if above is None or above.level == "municipality" or not above.open:
        return ""
    return _read_at(request.unit, above)


def _read_at(unit: Unit, above: Unit) -> str:
    ceiling = cycle.levels().get(cycle.level(unit.level).read_up_to)
    rank = ceiling.rank if ceiling else cycle.level(unit.level).rank
    return rules.read_there(rank, above.level, cycle.level(above.level).rank)


@atomic
def request_answered(request: SupportRequest, *, by: Actor | None) -> None:
    """Whoever was asked has answered after all: nobody above owes an answer any longer."""
    for one in queries.of_requests([request.id]):
        if one.state in rules.LIVE:
            _put_aside(one)
            one.answer = request.answer
    db.session.flush()


@atomic
def hand_over(unit: Unit, heirs: dict[str, Unit | None], reason: str, *, by: Actor | None, own: bool = True) -> None:
    """A unit ends. What stands at it goes to its heir, else to the level above it; its own goes with the measure or request.

    `heirs`: who takes over its measures and its support; `own`: False while others finish the unit's follow-up.
    """
    live = Escalation.state.in_(rules.LIVE)
    for one in db.session.scalars(select(Escalation).where(Escalation.receiver_id == unit.id, live)):
        if to := heirs.get("support") or next_to_answer(one.unit, unit):
            one.receiver_id = to.id
        elif one.origin_id is None:
            _end(one, reason)
    if not own:
        db.session.flush()
        return
    aside = Escalation.state.in_((*rules.LIVE, *rules.ASIDE))
    for one in db.session.scalars(select(Escalation).where(Escalation.unit_id == unit.id, aside)):
        heir = heirs.get("measure" if one.kind == "measure" and one.origin_id is None else "support")
        if heir is not None:
            one.unit_id, one.path = heir.id, heir.path
        elif one.state in rules.LIVE and one.origin_id is None and not _still_asked(one):
            _end(one, reason)
    db.session.flush()


def _still_asked(one: Escalation) -> bool:
    """Whether its request lives on without the unit, being the need of those below who had it taken further up."""
    return one.request is not None and one.request.state in ("sent", "open")


def next_to_answer(asks: Unit, ended: Unit) -> Unit | None:
    """Who answers instead of a unit that ends without a successor: the level above whoever asks, as it stands now, else above it.

    None where nobody there may read what was written.
    """
    if asks.parent is not None and asks.parent_id != ended.id and asks.parent.open and asks.parent.level != "municipality":
        return asks.parent
    above = ended.parent
    if above is None or above.level == "municipality" or _read_at(asks, above) != "words":
        return None
    return above


@atomic
def after_merging(round: Round, *, by: Actor | None) -> None:
    """What a merged unit's needs have become while others finished its follow-up goes on under whoever has taken over."""
    live = (Escalation.state.in_((*rules.LIVE, *rules.ASIDE)), policy.below(round.path, Escalation.path))
    ended = select(Unit).where(Unit.id.in_(select(Escalation.unit_id).where(*live)), Unit.successor_id.is_not(None))
    for unit in db.session.scalars(ended).all():
        if heir := organisation.heir(unit):
            hand_over(unit, {"measure": heir, "support": heir}, "", by=by)


def _raise_measure(measure: Measure, submission: Submission) -> None:
    """At the level that received the follow-up; for an administration, at its committee."""
    receiver = submission.receiver_id or submission.round.committee_id
    above = db.session.get_one(Unit, receiver)
    reads = above.path == measure.ceiling or above.path.startswith(measure.ceiling)
    known = submission.receiver_id is None or submission.opened_at is not None
    one = Escalation(
        unit_id=submission.unit_id, path=submission.path, receiver_id=receiver, round_id=submission.round_id, kind="measure",
        lineage=measure.lineage, carried=measure.carried, words=measure.problem if reads else "", since=clock.now(), state="sent",
    )  # fmt: skip
    db.session.add(one)
    if known:
        _open(one)


def _raise_request(request: SupportRequest, round: Round) -> None:
    above = request.receiver.parent
    assert above is not None, "there is a level above (rises_to)"
    one = Escalation(
        unit_id=request.unit_id, path=request.path, receiver_id=above.id, round_id=round.id, kind="request", type=request.type,
        request_id=request.id, words=request.text if rises_to(request) == "words" else "", since=clock.now(), state="unread",
    )  # fmt: skip
    db.session.add(one)
    if request.state == "open":
        _open(one)
    else:
        db.session.flush()
        _tell(one, "escalation.raised", above)


def _to(one: Escalation, state: str) -> None:
    """A step of the table, which is the only way to go. What is put aside remembers what it was."""
    before = one.state if one.id else "[*]"
    assert before == state or rules.allows(before, state), f"{before} → {state}"
    if state in rules.ASIDE:
        one.was = before
    one.state = state


def _open(one: Escalation) -> None:
    """From now on it is read above, and waits; those who lead the place are told."""
    _to(one, "open")
    one.opened_at = one.opened_at or clock.now()
    db.session.flush()
    _tell(one, "escalation.raised", one.receiver)


def _tell(one: Escalation, kind: str, unit: Unit) -> None:
    led = people.heads(unit)
    outbox.post(kind, f"/escalation/{one.public_id}", [each.person.public_id for each in led if each.unit_id == unit.id])


def _line_up(one: Escalation) -> Iterable[Escalation]:
    """It and what it has been taken further up as."""
    found: Escalation | None = one
    while found is not None:
        yield found
        found = queries.taken_up_as(found)


def _put_aside(one: Escalation) -> None:
    for each in _line_up(one):
        if each.state in rules.LIVE:
            _to(each, rules.put_aside(each.state))


def _come_back(one: Escalation, *, opened: bool) -> None:
    for each in _line_up(one):
        if each.state in rules.ASIDE:
            _to(each, rules.comes_back(each.was, opened=opened or each.origin_id is not None))
            if each.state == "open" and each.opened_at is None:
                _open(each)


def _end(one: Escalation, reason: str) -> None:
    for each in _line_up(one):
        if each.state in rules.LIVE:
            _to(each, "retracted" if each.state == "sent" else "ended")
            each.answer, each.answered_at = reason.strip() or each.answer, clock.now()


# What people do


@atomic
def answer(escalation: Escalation, *, state: str, text: str, until: date | None = None, by: Mandate) -> Escalation:
    """The level above must answer: support and until when, a no with its reason, or further up in its own words."""
    db.session.refresh(escalation, COLUMNS, with_for_update=True)
    guard.require(Action.ANSWER, escalation, by)
    above = queries.above(escalation)
    escalation.answer = rules.check(state, text, until, clock.today(), has_above=above is not None)
    _to(escalation, state)
    escalation.answered_at, escalation.answered_by_id = clock.now(), by.person_id
    if above is not None and state == "taken_up":
        _take_up(escalation, above)
    else:
        escalation.until = until if state == "granted" else None
        _tell_below(escalation)
    db.session.flush()
    audit.note("escalation.answer", about=escalation, state=state)
    return escalation


def _take_up(one: Escalation, above: Unit) -> None:
    further = Escalation(
        unit_id=one.receiver_id, path=one.receiver.path, receiver_id=above.id, round_id=one.round_id, kind=one.kind,
        lineage=one.lineage, request_id=one.request_id, type=one.type, carried=one.carried, words=one.answer, since=clock.now(),
        state="open", origin_id=one.id,
    )  # fmt: skip
    db.session.add(further)
    _open(further)


def _tell_below(one: Escalation) -> None:
    """The answer goes down through every level that has taken it further, to whoever needs it, and to what it asked."""
    tell_origins(one)
    first = one
    while first.origin is not None:
        first = first.origin
        first.until = one.until
    request = first.request
    if request is not None and request.state in ("sent", "open", "retracted"):
        request.answer, request.state, request.answered_at = one.answer, one.state, one.answered_at
        tell_origins(request)
    _tell(first, "escalation.answered", first.unit)


@atomic
def explain(escalation: Escalation, words: str, *, by: Mandate) -> None:
    """The unit tells a level that does not read its follow-up what it has to know to answer."""
    db.session.refresh(escalation, COLUMNS, with_for_update=True)
    guard.require(Action.WRITE, escalation, by)
    escalation.words = rules.check_told(words)
    audit.note("escalation.explain", about=escalation)
