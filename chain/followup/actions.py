"""Hands follow-ups up, and does with what was handed up what author and receiver may (rules.MOVES)."""

import json
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import joinedload

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, events, outbox, queue
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.moves import Move
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.followup import checks, holding, place, queries, rules
from chain.followup import snapshot as snapshots
from chain.followup.models import Citation, Followup, Submission
from chain.followup.rules import Facts
from chain.measure import actions as measure
from chain.organisation.models import Mandate


def hold(round: Round, unit_id: int) -> None:
    """For acts that stand on what a node has handed up: nobody takes it back until the act has ended. Read it after this."""
    mine = select(Followup.id).where(Followup.round_id == round.id, Followup.unit_id == unit_id)
    queue.hold(db.session(), mine.with_for_update())


# Handing up


@atomic
def submit(followup: Followup, *, version: int, by: Mandate) -> Submission:
    """Hand the follow-up up: a frozen copy that belongs to both sides from now on. Handing up twice is handing up once.

    `version` is the follow-up's when it was read through: what somebody has written since is not handed up unread.
    """
    holding.with_its_round(followup)
    standing = queries.latest(followup.unit_id, followup.round)
    if followup.state in rules.HANDED_UP and standing:
        guard.require(Action.READ, standing, by)
        audit.note("followup.submit_again", about=standing, number=standing.number)
        return standing
    here = checks.work(followup)
    above = place.receiver(here.node)
    move = _move(followup, "submit", _facts(followup, here, above), above.level if above else None, by)
    guard.require(Action.SUBMIT, followup, by)
    if followup.version != version:
        raise RuleBroken(_("Någon har skrivit i uppföljningen sedan du läste igenom den. Läs igenom den igen."))
    submission = _hand_up(followup, here, above, move.after, by)
    _set_measures(here, submission, by)
    _stand(followup, submission, move.after)
    db.session.flush()  # the later links find it stored
    events.tell("submitted", submission=submission, by=by)
    _tell_receivers(submission, here, above)
    audit.note("followup.submit", about=submission, number=submission.number, sha256=submission.sha256, late=submission.late)
    return submission


@atomic
def supplement(followup: Followup, *, by: Mandate) -> Submission:
    """Hand up the same words once more, with the figures and the children's versions as they are now: somebody came late."""
    holding.with_its_round(followup)
    guard.require(Action.SUBMIT, followup, by)
    here = checks.work(followup)
    above, before = place.receiver(here.node), queries.latest(followup.unit_id, followup.round)
    facts = Facts(late_children=bool(queries.supplement_due(followup)))
    move = _move(followup, "supplement", facts, above.level if above else None, by)
    assert before is not None, "what was accepted was handed up"
    words = {**before.snapshot, "at": clock.now().isoformat(), "by": {"name": by.person.name, "role": str(by.role)}}
    submission = _freeze(followup, here, above, {**words, "children": []}, by)
    submission.state, submission.decided_at = move.after, clock.now()
    submission.opened_at, submission.opened_by_id = before.opened_at, before.opened_by_id  # the words have been read
    db.session.flush()
    events.tell("supplemented", submission=submission, before=before, by=by)
    _tell_receivers(submission, here, above)
    audit.note("followup.supplement", about=submission, number=submission.number, sha256=submission.sha256)
    return submission


def _facts(followup: Followup, here: checks.Work, above: RoundNode | None) -> Facts:
    return Facts(
        received=above is not None,
        handed_up_later=queries.handed_up_later(followup),
        came_back=queries.round_name(queries.came_back(followup)),
        problems=checks.problems_of(here),
    )


def _move(followup: Followup, verb: str, facts: Facts, above: str | None, by: Mandate, state: str = "") -> Move:
    """`above`: the level that receives."""
    own, receiving = cycle.level(followup.level), cycle.level(above) if above else None
    return rules.move(verb, state or followup.state, facts, role=str(by.role), own=own, receiving=receiving)


def _hand_up(followup: Followup, here: checks.Work, above: RoundNode | None, state: str, by: Mandate) -> Submission:
    submission = _freeze(followup, here, above, snapshots.snapshot(here, by), by)
    submission.state = state
    if state == "accepted":
        submission.decided_at = clock.now()
    return submission


def _freeze(followup: Followup, here: checks.Work, above: RoundNode | None, snapshot: dict[str, Any], by: Mandate) -> Submission:
    """The next version, with what later links add to it, sealed by its hash."""
    events.tell("submitting", followup=followup, snapshot=snapshot, by=by)
    snapshot = json.loads(rules.canonical(snapshot))  # as it will be read again, so that its hash can be
    submission = Submission(
        public_id=random_name(), followup_id=followup.id, number=queries.last_number(followup) + 1, round_id=followup.round_id,
        unit_id=followup.unit_id, receiver_id=above.unit_id if above else None, path=here.node.path,
        ceiling=place.read_up_to(here.node, above), level=followup.level, late=clock.today() > cycle.due(here.node),
        snapshot=snapshot, sha256=rules.sha256(snapshot),
        submitted_at=clock.now(), submitted_by_id=by.person_id, submitted_as=str(by.role),
    )  # fmt: skip
    db.session.add(submission)
    return submission


def _set_measures(here: checks.Work, submission: Submission, by: Mandate) -> None:
    where: dict[str, Any] = {
        "unit_id": submission.unit_id,
        "path": submission.path,
        "ceiling": submission.ceiling,
        "round": here.node.round,
    }
    given, new = snapshots.outcomes(here), snapshots.measures(here)
    if given:
        measure.give_outcomes(**where, outcomes=given, by=by)
    if new:
        measure.set_measures(**where, items=new, by=by)


def _stand(followup: Followup, submission: Submission, state: str) -> None:
    """Put the submission in a state, and the follow-up and its citations where that state brings them."""
    submission.state, followup.state = state, rules.comes_to(state)
    cited = update(Citation).where(Citation.followup_id == followup.id)
    if followup.state in rules.HANDED_UP:
        named = [one["public_id"] for section in submission.snapshot["sections"] for one in section.get("citations", [])]
        there = Citation.state == "draft", Citation.public_id.in_(named)  # what a hidden question's answer cites stays below
        if named:
            db.session.execute(cited.where(*there).values(state="handed_up"))
    else:  # what the level above has been able to read stays open to it; what was withdrawn unread does not
        unread = Citation.public_id.not_in(queries.handed_up_citations(followup))
        db.session.execute(cited.where(Citation.state == "handed_up", unread).values(state="draft"))


def _tell_receivers(submission: Submission, here: checks.Work, above: RoundNode | None) -> None:
    if above:
        roles = rules.roles("receiver", place.level(here.node), place.level(above))
        _post("followup.submitted", submission, queries.receivers(above.unit_id, roles))


def _tell_authors(kind: str, submission: Submission) -> None:
    roles = rules.roles("submitters", cycle.level(submission.level))
    _post(kind, submission, queries.receivers(submission.unit_id, roles))


def _post(kind: str, submission: Submission, to: list[str]) -> None:
    outbox.post(kind, f"/followup/submission/{submission.public_id}", to)


# What was handed up


@atomic
def withdraw(submission: Submission, *, by: Mandate) -> None:
    """Take back what nobody above has opened yet; where nobody receives, what the committee has not been handed."""
    _hold_submission(submission, by)
    move = _decide("withdraw", submission, "", by)
    guard.require(Action.SUBMIT, submission.followup, by)
    _take_back(submission, move.after, "", by)
    audit.note("followup.withdraw", about=submission, number=submission.number)


@atomic
def open_(submission: Submission, *, by: Mandate) -> None:
    """Somebody above begins to read: from now on it cannot be withdrawn. Opening again changes nothing."""
    _hold_submission(submission, by)
    guard.require(Action.OPEN, submission, by)
    audit.note("followup.open_again" if submission.opened_at else "followup.open", about=submission)
    _begin_to_read(submission, by)


def _begin_to_read(submission: Submission, by: Mandate) -> None:
    if submission.opened_at is None:
        submission.opened_at, submission.opened_by_id = clock.now(), by.id
        events.tell("opened", submission=submission, by=by)


@atomic
def accept(submission: Submission, *, by: Mandate, reason: str = "") -> bool:
    """Take it as complete (not: agree with it). Accepting again changes nothing; whether it was the first time."""
    _hold_submission(submission, by)
    guard.require(Action.RECEIVE, submission, by)
    if submission.state == "accepted":
        audit.note("followup.accept_again", about=submission, number=submission.number)
        return False
    move = _decide("accept", submission, reason, by)
    _decided(submission, reason, by)
    _stand(submission.followup, submission, move.after)
    _begin_to_read(submission, by)
    _tell_authors("followup.accepted", submission)
    audit.note("followup.accept", about=submission, number=submission.number)
    return True


@atomic
def send_back(submission: Submission, *, reason: str, by: Mandate) -> None:
    """Return it to those who wrote it, with a reason."""
    _hold_submission(submission, by)
    move = _decide("send_back", submission, reason, by)
    guard.require(Action.RECEIVE, submission, by)
    _begin_to_read(submission, by)
    _take_back(submission, move.after, reason, by)
    _tell_authors("followup.returned", submission)
    audit.note("followup.send_back", about=submission, number=submission.number)


@atomic
def reopen(submission: Submission, *, reason: str, by: Mandate) -> None:
    """Open what was accepted again, with a reason: the authors hand in a new version, and this one is kept."""
    _hold_submission(submission, by)
    move = _decide("reopen", submission, reason, by)
    guard.require(Action.RECEIVE, submission, by)
    _take_back(submission, move.after, reason, by)
    _tell_authors("followup.reopened", submission)
    audit.note("followup.reopen", about=submission, number=submission.number)


def _hold_submission(submission: Submission, by: Mandate) -> None:
    """As `holding.alone`, with the submission, its follow-up and its round read anew, and who does it: all in one statement."""
    mine = holding.number(submission)
    followup = select(Submission.followup_id).where(Submission.id == mine).scalar_subquery()
    queue.hold(db.session(), select(Followup.id).where(Followup.id == followup).with_for_update())
    db.session.execute(_whole_submission(), {"submission": mine, "mandate": holding.number(by)}).one()


@cache  # putting it together takes as long as asking it
def _whole_submission() -> Select[Submission, Mandate]:
    whole = joinedload(Submission.followup).joinedload(Followup.round).joinedload(Round.year)
    return (
        select(Submission, Mandate)
        .join(Mandate, Mandate.id == bindparam("mandate"))
        .where(Submission.id == bindparam("submission"))
        .options(whole, joinedload(Mandate.person))
        .execution_options(populate_existing=True)
    )


def _decide(verb: str, submission: Submission, reason: str, by: Mandate) -> Move:
    """The table's line for doing this to a submission that is held, as everything stands now."""
    around = queries.around(submission)
    facts = Facts(
        received=submission.receiver_id is not None,
        opened=submission.opened_at is not None,
        reason=reason,
        receiver_handed_up=around.receiver_handed_up,
        handed_up_later=around.handed_up_later,
    )
    if submission.number != around.last_number:
        raise RuleBroken(_("Det här är en tidigare version. Öppna den senaste."))
    return _move(submission.followup, verb, facts, around.receiver_level, by, submission.state)


def _take_back(submission: Submission, state: str, reason: str, by: Mandate) -> None:
    """The draft is the authors' again, with its sections as they are; the measures wait to be handed up anew."""
    for one in submission.followup.submissions:
        if one.state in rules.HANDED_UP:  # a supplement goes back together with what it adds to
            _decided(one, reason, by)
            one.state = state
    _stand(submission.followup, submission, state)
    measure.retract(unit_id=submission.unit_id, round=submission.round, by=by)
    events.tell("taken_back", submission=submission, by=by)


def _decided(submission: Submission, reason: str, by: Mandate) -> None:
    submission.decided_at, submission.decided_by_id, submission.reason = clock.now(), by.person_id, reason.strip()


# What happens around


@events.listen("round_opened", "followup")
def round_opened(*, round: Round, **_more: Any) -> None:
    """A follow-up for each node that takes part, there before anybody has begun: its being there tells nothing."""
    nodes = db.session.scalars(select(RoundNode).where(RoundNode.round_id == round.id, RoundNode.expected.is_(True)))
    db.session.add_all(Followup(round_id=round.id, unit_id=node.unit_id, path=node.path, level=node.level) for node in nodes)


@events.listen("exempting", "followup")
def exempting(*, node: RoundNode, **_more: Any) -> None:
    """What has been handed in is not made undone by expecting nothing: its receiver sends it back, with a reason, first."""
    if queries.latest(node.unit_id, node.round):
        told = _(
            "%(name)s har redan lämnat in. Mottagaren skickar tillbaka uppföljningen eller öppnar den igen först.", name=node.name
        )
        raise RuleBroken(told)


@events.listen("figures_looked_for", "followup")
def figures_wait(*, year_id: int, key: str, told: set[int], **_more: Any) -> None:
    """Rounds in which somebody has handed up an indicator's figures: they wait, or came back to be mended and handed up again."""
    handed = select(Round.number, Submission.snapshot["figures"]).join(Round, Submission.round_id == Round.id)
    states = (*rules.HANDED_UP, *queries.CAME_BACK)
    for number, figures in db.session.execute(handed.where(Round.year_id == year_id, Submission.state.in_(states))):
        if any(one["indicator"] == key for one in figures):
            told.add(number)
