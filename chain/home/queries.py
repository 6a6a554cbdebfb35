"""What the first page is made of, read once: few statements, whatever the size of the municipality."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, day, sorted_by_name
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundDue, RoundNode
from chain.cycle.rules import Step
from chain.followup import checks
from chain.followup import queries as followup
from chain.followup.checks import Work
from chain.followup.models import Followup, Submission
from chain.followup.rules import HANDED_UP, WRITABLE
from chain.home import committee, dialogues, matters
from chain.home import support as needs
from chain.home.rules import Tally, short
from chain.organisation.models import Mandate
from chain.rollup.desk import readable
from chain.support import queries as support
from chain.support.escalation_models import Escalation
from chain.support.models import SupportRequest


@dataclass(frozen=True)
class Standing:
    """A follow-up of the own node, its last day, how its newest submission stands, and when that was handed up."""

    followup: Followup
    node: RoundNode
    due: date | None
    last: str = ""  # the submission's state
    reason: str = ""
    handed_up_at: datetime | None = None

    @property
    def status(self) -> str:
        if self.followup.state in WRITABLE and not self.node.expected:
            return "exempt"
        return "in_progress" if self.followup.state == "draft" else self.followup.state


@dataclass(frozen=True)
class Own:
    """What a node has to write: the follow-up of the current round, and those of earlier rounds that wait to be handed in."""

    now: Standing | None = None
    earlier: list[Standing] = field(default_factory=list)
    wrote_before: bool = False  # there is something to read about what came of it

    @property
    def handed_up(self) -> bool:
        return self.now is not None and self.now.followup.state in HANDED_UP


@cache  # to put it together takes as long as to run it
def _followups() -> Any:
    """Followups with their node and last day, how the newest submission stands, and whether anything was handed up before."""
    last, version, before = aliased(Submission), aliased(Submission), aliased(Submission)
    newest = select(func.max(version.number)).where(version.followup_id == Followup.id).scalar_subquery()
    other_round = select(before.id).where(before.unit_id == Followup.unit_id, before.round_id != Followup.round_id)
    return (
        select(Followup, RoundNode, RoundDue.due_on, last.state, last.reason, last.submitted_at, other_round.exists())
        .join(Followup.round)
        .join(Round.year)
        .join(RoundNode, (RoundNode.round_id == Followup.round_id) & (RoundNode.unit_id == Followup.unit_id))
        .outerjoin(RoundDue, (RoundDue.round_id == Followup.round_id) & (RoundDue.level == Followup.level))
        .outerjoin(last, (last.followup_id == Followup.id) & (last.number == newest))
        .options(contains_eager(Followup.round).contains_eager(Round.year))
        .order_by(Round.opened_at)
    )


@cache
def _waits() -> ColumnElement[bool]:
    """A draft that is expected, unless a later round was handed in: then it no longer can be."""
    later, then = aliased(Followup), aliased(Round)
    closed = select(later.id).join(then, later.round_id == then.id)
    closed = closed.where(later.unit_id == Followup.unit_id, later.state.in_(HANDED_UP), then.opened_at > Round.opened_at)
    return and_(Followup.state == "draft", RoundNode.expected.is_(True), ~closed.exists())


def own(mandate: Mandate, round: Round | None) -> Own:
    """The own node's follow-ups that are of interest today, in one statement, without what was handed up."""
    if round is None or not policy.may_somewhere(mandate, Action.READ, "followup"):
        return Own()
    here = or_(Followup.round_id == round.id, _waits())
    found = db.session.execute(_followups().where(policy.where(mandate, Followup), here)).all()
    standing = [
        Standing(one, node, max(filter(None, (node.extended_to, due)), default=None), state or "", reason or "", at)
        for one, node, due, state, reason, at, _before in found
    ]
    return Own(
        now=next((one for one in standing if one.followup.round_id == round.id), None),
        earlier=[one for one in standing if one.followup.round_id != round.id],
        wrote_before=any(row[-1] for row in found),
    )


def work(own: Own) -> Work | None:
    """The current follow-up as it is worked on, while it is expected and has not been handed in."""
    waits = own.now is not None and own.now.node.expected and own.now.followup.state in WRITABLE
    return checks.work(own.now.followup) if own.now and waits else None


@dataclass(frozen=True)
class Gathered:
    """What the first page is made of, read once: what is to be done is found in it, and the rest stands beside."""

    round: Round | None
    own: Own
    work: Work | None
    requests: list[SupportRequest]
    below: list[Row[Any]]
    pages: list[committee.Page]
    raised: list[Escalation]
    dialogues: dialogues.Current


def gather(mandate: Mandate) -> Gathered:
    round = cycle.current(mandate.path)
    mine = own(mandate, round)
    asked, raised = requests(mandate, round), needs.raised(mandate, round)
    under, pages = below(mandate, round), committee.pages(mandate)
    return Gathered(round, mine, work(mine), asked, under, pages, raised, dialogues.current(mandate))


# Those who hand up to us


@cache
def _nodes() -> Any:
    """The nodes that are expected, each with how often and until when what it handed up was accepted. No drafts."""
    node, handed = RoundNode, Submission
    columns = (node.unit_id, node.parent_id, node.level, node.name, node.extended_to, node.late_reason)
    counts = (func.count(handed.id).label("versions"), func.max(handed.decided_at).label("accepted_at"))
    stands = (handed.round_id == node.round_id) & (handed.unit_id == node.unit_id) & handed.state.in_(HANDED_UP)
    return select(*columns, *counts).outerjoin(handed, stands).where(node.expected.is_(True)).group_by(*columns)


def below(mandate: Mandate, round: Round | None) -> list[Row[Any]]:
    """The nodes of a round whose follow-ups are read here, by name."""
    if round is None or not policy.may_somewhere(mandate, Action.READ, "rollup"):
        return []
    read = _read_here(mandate)
    wide, right_below = policy.below(mandate.path, RoundNode.path), RoundNode.parent_id == mandate.unit_id
    here = (RoundNode.round_id == round.id, RoundNode.level.in_(read), wide if len(read) > 1 else right_below)
    return sorted_by_name(db.session.execute(_nodes().where(*here)))


def _read_here(mandate: Mandate) -> list[str]:
    """The levels whose follow-ups are read at the mandate's unit, in the order in which they hand in."""
    here = cycle.level(mandate.unit.level)
    return [level.key for level in reversed(cycle.levels().values()) if readable(level, here)]


def tallies(mandate: Mandate, found: Gathered) -> list[Tally]:
    """How many have handed in of each level that is read here, and those who are late."""
    return [_tally(level, found.round, found.below) for level in _read_here(mandate) if found.round and found.below]


def _tally(level: str, round: Round, below: Iterable[Row[Any]]) -> Tally:
    those = [row for row in below if row.level == level]
    due, today = cycle.due_of(round, level), clock.today()
    late = [row for row in those if not row.versions and max(row.extended_to or due, due) < today]
    reasons = tuple((str(row.name), short(row.late_reason)) for row in late)
    return Tally(level, len(those), sum(1 for row in those if row.versions), reasons)


# What is asked for


def requests(mandate: Mandate, round: Round | None) -> list[SupportRequest]:
    """Requests on both homes until answered, and the answers to our own as long as the round lasts in which they came."""
    if not policy.may_somewhere(mandate, Action.READ, "support"):
        return []
    return support.current(mandate, round.opened_at if round else None)


# The round


def dates(mandate: Mandate, found: Gathered) -> list[tuple[date, str]]:
    """The round's last days per level, one's own with the time one has got beside it, and the committee's meeting."""
    meetings = [*matters.days(mandate), *dialogues.days(mandate, found.dialogues)]
    if found.round is None or not policy.may(mandate, Action.READ, found.round):
        return meetings
    mine = mandate.unit.level if found.work else ""
    others = [(step.due_on, _what(step)) for step in cycle.steps(found.round, clock.today()) if step.level != mine]
    ours = [(cycle.due(found.work.node), _("Ni lämnar in"))] if found.work else []
    return list(dict.fromkeys([*others, *ours, *meetings]))  # a round's meeting is one of the calendar's


def _what(step: Step) -> str:
    return _("Nämnden sammanträder") if step.level == "committee" else _("%(level)s lämnar in", level=step.name)


def turn(found: Gathered) -> tuple[str | None, str]:
    """The level whose turn it is, and a sentence that says so: in the own follow-up, at the committee, or by the calendar."""
    if found.own.now and found.own.now.status != "exempt":
        return followup.turn(found.own.now.followup)
    if found.round is None:
        return None, ""
    if any(page.report.round_id == found.round.id and not page.decided for page in found.pages):
        return "committee", _("Nu är det nämndens tur: besluta och återkoppla.")
    step = next((one for one in cycle.steps(found.round, clock.today()) if one.state == "turn"), None)
    if step is None:
        return None, ""
    words = _("%(level)s har turen, till och med den %(day)s.", level=step.name, day=day(step.due_on, "d MMMM"))
    return step.level, words
