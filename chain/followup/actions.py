"""Writes follow-ups: saving, citing, handing up, and what author and receiver may do with what was handed up (rules.MOVES)."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select, update
from sqlalchemy.orm import InstanceState, joinedload, selectinload

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, events, outbox, queue
from chain.base.cowriting import Conflict, Words, conflict, same
from chain.base.db import atomic, db, random_name, told, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.base.moves import Move
from chain.cycle import queries as cycle
from chain.cycle.models import Question, Round, RoundNode
from chain.followup import answers, checks, place, queries, rules
from chain.followup import snapshot as snapshots
from chain.followup.answers import Answer
from chain.followup.models import Citation, Followup, Section, SectionVersion, Submission
from chain.followup.rules import Facts, Span
from chain.measure import actions as measure
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting

_COLUMNS = [column.key for column in inspect(Followup).column_attrs]


# Saving


@told
@unaudited
def save(
    followup: Followup, key: str, answer: Answer, *, version: int, save_key: str, done: bool, by: Mandate
) -> Section | RuleBroken:
    """Save a section as typed, right or wrong. `version` is the one that the form was filled with (0: nothing yet).

    Raises Conflict when somebody saved in between; the text is kept all the same. The same `save_key` twice is one save;
    with other words it is another: somebody wrote on while the first was on its way, and pressed again.
    """
    section, before = _section(followup, key, save_key, by)
    words = {"answer": answers.tidy(answer), "done": done}
    if before is not None and section is not None:
        if same(before, words):
            return section if before.kept else Conflict(save_key, section)
        version, save_key = queries.saves.again(before, section, version, by=by)
    return _save(followup, section, key, words, version=version, save_key=save_key, by=by)


@told
@unaudited
def restore(followup: Followup, key: str, number: int, *, version: int, by: Mandate, save_key: str = "") -> Section | RuleBroken:
    """Make an earlier text the section's own again, as a new save. One that lost a conflict is named by its `save_key`."""
    section, _before = _section(followup, key, "", by)
    if section is None:
        raise NotFound
    texts = queries.saves.history(section)
    chosen = [one for one in texts if (one.save_key == save_key if save_key else one.kept and one.number == number)]
    if not chosen:
        raise NotFound
    words = {"answer": chosen[0].answer, "done": False}
    return _save(followup, section, key, words, version=version, save_key=random_name(), by=by)


def _hold(followup: Followup) -> None:
    """Nobody else saves or moves the same follow-up until this act has ended. (SQLite lets one write at a time anyway.)"""
    db.session.refresh(followup, _COLUMNS, with_for_update=True)  # its own row alone: what it was once joined with is not held


def hold(round: Round, unit_id: int) -> None:
    """For acts that stand on what a node has handed up: nobody takes it back until the act has ended. Read it after this."""
    mine = select(Followup.id).where(Followup.round_id == round.id, Followup.unit_id == unit_id)
    queue.hold(db.session(), mine.with_for_update())


def _number(row: Followup | Submission | Mandate) -> int:
    """A stored row's number, without reading it anew."""
    state: InstanceState[Any] = inspect(row)
    return int(state.identity[0]) if state.identity else row.id


def _hold_round(followup: Followup) -> None:
    """As `_hold`, for what freezes figures: the round is held first, as those do who accept, so that nobody waits in a circle."""
    db.session.refresh(followup)
    cycle.hold(followup.round_id)
    _hold(followup)


def _section(followup: Followup, key: str, save_key: str, by: Mandate) -> tuple[Section | None, SectionVersion | None]:
    """The section, and the save with this key if it has been made before. Reads all that a save asks for in one statement."""
    mine, mandate = _number(followup), _number(by)
    queue.hold(db.session(), select(Followup.id).where(Followup.id == mine).with_for_update())
    asked = {"followup": mine, "mandate": mandate, "key": key, "save_key": save_key}
    _followup, _mandate, section, before = db.session.execute(_for_a_save(), asked).one()
    return section, before


@cache  # putting it together takes as long as asking it
def _for_a_save() -> Select[Followup, Mandate, Section | None, SectionVersion | None]:
    resent = (SectionVersion.section_id == Section.id) & (SectionVersion.save_key == bindparam("save_key"))
    return (
        select(Followup, Mandate, Section, SectionVersion)
        .select_from(Followup)
        .join(Mandate, Mandate.id == bindparam("mandate"))
        .outerjoin(Section, (Section.followup_id == Followup.id) & (Section.key == bindparam("key")))
        .outerjoin(SectionVersion, resent)
        .where(Followup.id == bindparam("followup"))
        .execution_options(populate_existing=True)
    )


def _save(
    followup: Followup, section: Section | None, key: str, words: Words, *, version: int, save_key: str, by: Mandate
) -> Section | RuleBroken:
    guard.require(Action.READ, followup, by)
    if section and same(section, words):
        return section
    refused = _refused(followup, by)
    if section and section.answer != words["answer"]:  # to say that the same words are done is in nobody's way
        refused = refused or conflict(section, version, save_key)
    if refused:
        return queries.saves.aside(section, version, words, refused, save_key, by=by)
    return queries.saves.put(section or _begin(followup, key), words, save_key, by=by)


def _refused(followup: Followup, by: Mandate) -> RuleBroken | None:
    """Why nothing is written there now."""
    if followup.state not in rules.WRITABLE:
        return RuleBroken(_("Uppföljningen är redan inlämnad, så det du skrev kom inte med. Kopiera det om du vill ha det kvar."))
    guard.require(Action.WRITE, followup, by)
    rules.move("save", followup.state, Facts(), role=str(by.role), own=cycle.level(followup.level), receiving=None)
    return None


def _begin(followup: Followup, key: str) -> Section:
    node = _node(followup)
    if cycle.question(node, key) is None and cycle.hidden(node, key) is None:  # hidden while somebody wrote: nothing is lost
        raise NotFound
    followup.state = "draft"
    return Section(followup_id=followup.id, key=key)


# Citing. In a draft, so no line in the audit: its numbers are seen by others (on receipts). What is handed up says what it cites.


@unaudited
def cite(
    followup: Followup, key: str, submission: Submission, span: str, words: str, *, confirmed: bool, by: Mandate
) -> Citation:
    """Lift words from what was handed up into a section of one's own. They have to stand in that passage, as they are."""
    _hold(followup)
    guard.require(Action.WRITE, followup, by)
    guard.require(Action.READ, submission, by)
    if submission.opened_at is None:
        raise RuleBroken(_("Ingen har öppnat uppföljningen än. Öppna och läs den, så går det att lyfta in ord ur den."))
    node, passage = _node(followup), _passage(submission, span)
    chosen = rules.normal(words)
    if cycle.question(node, key) is None:
        raise NotFound
    if not chosen or chosen not in rules.normal(passage.text):
        raise RuleBroken(_("De orden står inte så i texten. Markera dem i texten och citera dem som de står."))
    if not confirmed:
        raise RuleBroken(_("Bekräfta att ingen enskild person kan pekas ut av citatet."))
    citation = Citation(
        followup_id=followup.id, section=key, submission_id=submission.id, unit_id=followup.unit_id, path=followup.path,
        ceiling=place.cited_up_to(node), span=span, heading=passage.heading, words=chosen,
        sha256=hashlib.sha256(chosen.encode()).hexdigest(), cited_at=clock.now(), cited_by_id=by.person_id,
    )  # fmt: skip
    followup.state = "draft"
    followup.moved += 1  # whoever has read the follow-up through reads it again before it is handed up
    db.session.add(citation)
    db.session.flush()
    return citation


@unaudited
def uncite(citation: Citation, *, by: Mandate) -> None:
    """Leave a citation out of a draft. What was handed up with it is as it was, so it can still be opened from there."""
    _hold(citation.followup)
    guard.require(Action.WRITE, citation.followup, by)
    citation.followup.moved += 1
    if citation.public_id in queries.handed_up_citations(citation.followup):
        citation.state = "lifted_out"
    elif citation.public_id in queries.handed_up_citations(citation.followup, withdrawn=True):
        citation.state = "withdrawn"
    else:
        db.session.delete(citation)


def _passage(submission: Submission, span: str) -> Span:
    for section in submission.snapshot["sections"]:
        for one in section["spans"]:
            if one["id"] == span:
                return Span(**one)
    raise NotFound


# Handing up


@atomic
def submit(followup: Followup, *, version: int, by: Mandate) -> Submission:
    """Hand the follow-up up: a frozen copy that belongs to both sides from now on. Handing up twice is handing up once.

    `version` is the follow-up's when it was read through: what somebody has written since is not handed up unread.
    """
    cycle.hold(followup.round_id)
    _hold_round(followup)
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
    cycle.hold(followup.round_id)
    _hold_round(followup)
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


def _node(followup: Followup) -> RoundNode:
    node = cycle.node(followup.round, followup.unit_id)
    assert node is not None, "a follow-up is made for a node of its round"
    return node


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
    """As `_hold`, with the submission, its follow-up and its round read anew, and who does it: all in one statement."""
    mine = _number(submission)
    followup = select(Submission.followup_id).where(Submission.id == mine).scalar_subquery()
    queue.hold(db.session(), select(Followup.id).where(Followup.id == followup).with_for_update())
    db.session.execute(_whole_submission(), {"submission": mine, "mandate": _number(by)}).one()


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


@events.listen("unit_ending", "followup")
def unit_ending(*, unit: Unit, successor: Unit | None = None, **_more: Any) -> None:
    """What waits to be accepted by a unit that ends is accepted by the next one above in that round's tree, who may read it.

    Not by the unit's successor: it stands elsewhere in the tree, so it would receive what it may not read. The successor gets
    what was written and never handed in, which nobody else could read any longer. Where the round goes on awaiting the unit, it
    receives there as before, by those who finish for it.
    """
    if successor:
        _hand_on_drafts(unit, successor)
    for submission in _to_be_received_by_others(unit, successor):
        node = _node(submission.followup)
        if above := place.receiver(node, without=unit.id):
            submission.receiver_id, submission.ceiling = above.unit_id, place.read_up_to(node, above)


def _to_be_received_by_others(unit: Unit, successor: Unit | None, *, new: bool = False) -> Sequence[Submission]:
    """What waits to be accepted by a unit that ends, but for the round that goes on awaiting it."""
    waiting = select(Submission).where(Submission.receiver_id == unit.id, Submission.state == "submitted").order_by(Submission.id)
    if awaited := cycle.awaited_until(unit, successor, new=new):
        waiting = waiting.where(Submission.round_id != awaited[0].id)
    whole = joinedload(Submission.followup).joinedload(Followup.round).joinedload(Round.year)
    return db.session.scalars(waiting.options(whole)).all()


def _hand_on_drafts(unit: Unit, successor: Unit) -> None:
    """A draft's texts stand among the earlier texts of the successor's own sections, to be read and used there."""
    drafts = select(Followup).where(Followup.unit_id == unit.id, Followup.state == "draft")
    for draft in db.session.scalars(drafts.options(selectinload(Followup.sections), joinedload(Followup.round))):
        heir = queries.of(successor.id, draft.round)
        asked = {one.key: one for one in cycle.questions(_node(heir))} if heir else {}
        for section in draft.sections:
            if heir and (question := asked.get(section.key)):
                mine = queries.section(heir, section.key) or _empty(heir, question, section)
                db.session.add(_earlier_text(mine, section))


def _earlier_text(mine: Section, theirs: Section) -> SectionVersion:
    return SectionVersion(
        section=mine, number=mine.version, kept=False, answer=dict(theirs.answer), done=False,
        save_key=random_name(), saved_at=theirs.saved_at, saved_by_id=theirs.saved_by_id,
    )  # fmt: skip


def _empty(followup: Followup, question: Question, like: Section) -> Section:
    """A section in which nobody has written, so that an earlier text has somewhere to stand."""
    if followup.state == "not_started":
        followup.state = "draft"
    made = Section(followup_id=followup.id, key=question.key, saved_at=like.saved_at, saved_by_id=like.saved_by_id)
    made.answer = answers.KINDS[question.kind].empty()
    db.session.add(made)
    db.session.flush()
    return made


@events.listen("unit_to_end", "followup")
def unit_to_end(
    *, unit: Unit, found: list[Waiting], successor: Unit | None = None, new: bool = False, **_more: Any
) -> None:  # fmt: skip
    """What waits to be accepted by it, by who has handed it in, and who accepts it instead."""
    by_receiver: dict[str, list[str]] = {}
    for submission in _to_be_received_by_others(unit, successor, new=new):
        above = place.receiver(_node(submission.followup), without=unit.id)
        by_receiver.setdefault(above.name if above else "", []).append(str(submission.snapshot["unit"]["name"]))
    for to, names in by_receiver.items():
        found.append(
            Waiting("followup", _("Inlämnat som väntar på att tas emot"), len(names), tuple(names), chooses=False, to=to)
        )


@events.listen("unit_to_move", "followup")
def unit_to_move(*, unit: Unit, found: list[Waiting], **_more: Any) -> None:
    """What it has handed in and nobody has accepted: whoever was to accept it still does."""
    mine = select(Submission).where(Submission.unit_id == unit.id, Submission.state == "submitted").order_by(Submission.id)
    whole = joinedload(Submission.followup).joinedload(Followup.round).joinedload(Round.year)
    for submission in db.session.scalars(mine.options(whole)):
        above = cycle.node(submission.followup.round, submission.receiver_id) if submission.receiver_id else None
        what, round = _("Inlämnat som väntar på att tas emot"), queries.round_name(submission.followup)
        found.append(Waiting("followup", what, 1, (round,), chooses=False, to=above.name if above else ""))


@events.listen("figures_looked_for", "followup")
def figures_wait(*, year_id: int, key: str, told: set[int], **_more: Any) -> None:
    """Rounds in which somebody has handed up an indicator's figures: they wait, or came back to be mended and handed up again."""
    handed = select(Round.number, Submission.snapshot["figures"]).join(Round, Submission.round_id == Round.id)
    states = (*rules.HANDED_UP, *queries.CAME_BACK)
    for number, figures in db.session.execute(handed.where(Round.year_id == year_id, Submission.state.in_(states))):
        if any(one["indicator"] == key for one in figures):
            told.add(number)
