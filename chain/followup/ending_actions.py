"""What becomes of a unit's follow-ups, and of those that wait for it, when it ends or moves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from chain.base import events
from chain.base.db import db, random_name
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Question, Round
from chain.followup import answers, place, queries
from chain.followup.models import Followup, Section, SectionVersion, Submission
from chain.organisation.models import Unit
from chain.organisation.rules import Waiting


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
        node = queries.node(submission.followup)
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
        asked = {one.key: one for one in cycle.questions(queries.node(heir))} if heir else {}
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
        above = place.receiver(queries.node(submission.followup), without=unit.id)
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
