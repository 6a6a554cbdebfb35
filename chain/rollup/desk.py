"""The receiver's desk: who has handed in, who has not and what they say about it, what is unread. Never a trace of a draft."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, day, moment, ngettext, sort_key
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.cycle.shipped import Level
from chain.followup.models import Followup, Submission
from chain.organisation.models import Mandate, Unit
from chain.rollup.rules import HANDED_UP, STANDING


@dataclass(frozen=True)
class Row:
    """One node below: where it stands, seen from above."""

    unit_id: int
    parent_id: int | None
    name: str
    level: str
    expected: bool
    status: str  # a key of _parts/status.html, or "waiting"
    hint: str
    submission: str = ""  # its address, where something was handed up
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    late: bool = False
    mine: bool = False  # handed to the mandate's own unit
    opened: bool = False  # by anybody above
    unread: bool = False  # by the mandate's own unit

    @property
    def standing(self) -> bool:
        return self.status in STANDING


@dataclass(frozen=True)
class Tally:
    """So many of a level, and the names of those who are missing."""

    level: str
    expected: int
    handed_up: int
    accepted: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """What is handed to the mandate's own unit, in the order in which it asks for something; then what stands below that."""

    round: Round
    node: RoundNode | None
    tallies: tuple[Tally, ...] = ()
    to_read: tuple[Row, ...] = ()
    missing: tuple[Row, ...] = ()
    rest: tuple[Row, ...] = ()  # accepted, or exempt
    below: tuple[tuple[str, tuple[Row, ...]], ...] = ()  # the units of each area, for those who receive areas
    unread: Row | None = None  # the next; what nobody above has opened goes before what another level has
    late_for_us: tuple[Row, ...] = ()  # accepted after our own follow-up was handed up
    turn: tuple[str, str] = ("", "")
    own: str = ""  # the address of our own follow-up


def desk(mandate: Mandate, round: Round) -> Desk:
    """What the mandate's unit receives in a round, and what it may read below that: a fixed number of statements."""
    node = cycle.node(round, mandate.unit_id)
    if node is None:
        return Desk(round, None)
    rows = _rows(mandate, round, node)
    known = {row.unit_id for row in rows}
    ours = [row for row in rows if row.mine or row.parent_id not in known]
    to_read = tuple(row for row in ours if row.status == "submitted")
    missing = tuple(row for row in ours if row.expected and not row.standing)
    handed_up_at, own = _own(round, node)
    return Desk(
        round=round,
        node=node,
        tallies=tuple(_tallies(rows)),
        to_read=to_read,
        missing=missing,
        rest=tuple(row for row in ours if row not in to_read and row not in missing),
        below=_below(rows, ours),
        unread=min((row for row in to_read if row.unread), key=lambda row: row.opened, default=None),
        late_for_us=tuple(
            row for row in rows if handed_up_at and row.mine and row.accepted_at and row.accepted_at > handed_up_at
        ),
        turn=_turn(node, to_read, missing),
        own=own,
    )


def _below(rows: Sequence[Row], ours: Iterable[Row]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """What stands under each node that has any, but for what is ours to receive."""
    received = {row.unit_id for row in ours}
    under: dict[int | None, list[Row]] = {}
    for row in rows:
        if row.unit_id not in received:
            under.setdefault(row.parent_id, []).append(row)
    return tuple((head.name, tuple(under[head.unit_id])) for head in rows if head.unit_id in under)


def _turn(node: RoundNode, to_read: tuple[Row, ...], missing: tuple[Row, ...]) -> tuple[str, str]:
    """The level whose turn it is among those who hand in and the one who receives, and a sentence that says so."""
    if to_read:
        waiting = ngettext("%(num)s uppföljning väntar på er.", "%(num)s uppföljningar väntar på er.", len(to_read))
        return node.level, f"{_('Er tur.')} {waiting}"
    if missing:
        waiting = ngettext("%(num)s uppföljning är på väg till er.", "%(num)s uppföljningar är på väg till er.", len(missing))
        return missing[0].level, waiting
    return "", ""


def readable(level: Level, here: Level) -> bool:
    """Whether what a level hands up is read at another: no higher than the level says."""
    top = cycle.levels().get(level.read_up_to)
    return level.answers and level.rank > here.rank and top is not None and top.rank <= here.rank


def _rows(mandate: Mandate, round: Round, node: RoundNode) -> list[Row]:
    levels = [one.key for one in cycle.levels().values() if readable(one, cycle.level(node.level))]
    n = RoundNode
    columns = (
        n.unit_id, n.parent_id, n.path, n.level, n.name, n.expected, n.exempt_reason, n.extended_to, n.late_reason,
        Unit.public_id,
    )  # fmt: skip
    below = select(*columns).join(Unit, Unit.id == n.unit_id).where(n.round_id == round.id, policy.below(node.path, n.path))
    handed_up = _handed_up(mandate, round)
    ours = [unit_id for unit_id, submission in handed_up.items() if submission.receiver_id == mandate.unit_id]
    rows = [
        _row(found, handed_up.get(found.unit_id), round, mandate)
        for found in db.session.execute(below.where(n.level.in_(levels) | n.unit_id.in_(ours)))
    ]
    return sorted(rows, key=lambda row: sort_key(row.name))


def _handed_up(mandate: Mandate, round: Round) -> dict[int, Any]:
    """The newest submission of each node that may be read, without its text."""
    s = Submission
    columns = (
        s.unit_id, s.receiver_id, s.public_id, s.number, s.state, s.late, s.submitted_at, s.opened_at, s.decided_at, s.reason,
        Mandate.unit_id.label("opened_for"), Unit.name.label("opened_by_unit"),
    )  # fmt: skip
    may = policy.where(mandate, Submission)
    opened = select(*columns).outerjoin(Mandate, Mandate.id == s.opened_by_id).outerjoin(Unit, Unit.id == Mandate.unit_id)
    found = opened.where(may, s.round_id == round.id, s.state.in_(HANDED_UP)).order_by(s.number)
    return {row.unit_id: row for row in db.session.execute(found)}


def _own(round: Round, node: RoundNode) -> tuple[datetime | None, str]:
    """When our own follow-up was handed up, if it stands, and the address of the follow-up."""
    standing = (Submission.followup_id == Followup.id) & Submission.state.in_(STANDING)
    own = select(Submission.submitted_at, Followup.public_id).select_from(Followup).outerjoin(Submission, standing)
    here = own.where(Followup.round_id == round.id, Followup.unit_id == node.unit_id)
    found = db.session.execute(here.order_by(Submission.number.desc()).limit(1)).first()
    return (found[0], found[1]) if found else (None, "")


def _row(node: Any, submission: Any, round: Round, mandate: Mandate) -> Row:
    due = cycle.due_of(round, node.level)
    due = max(due, node.extended_to) if node.extended_to else due
    who = dict(unit_id=node.unit_id, parent_id=node.parent_id, name=node.name, level=node.level, expected=node.expected)
    if submission is None:
        return Row(**who, status=_missing(node, due), hint=_why_missing(node, due))
    mine = submission.receiver_id == mandate.unit_id
    elsewhere = submission.opened_for not in (None, mandate.unit_id)
    return Row(
        **who,
        status=submission.state,
        hint=_what_happened(submission, mine, elsewhere),
        submission=submission.public_id,
        submitted_at=submission.submitted_at,
        accepted_at=submission.decided_at if submission.state == "accepted" else None,
        late=submission.late,
        mine=mine,
        opened=submission.opened_at is not None,
        unread=submission.state == "submitted" and (submission.opened_at is None or elsewhere),
    )


def _missing(node: Any, due: date) -> str:
    if not node.expected:
        return "exempt"
    return "overdue" if clock.today() > due else "waiting"


def _why_missing(node: Any, due: date) -> str:
    """What is known of one who has not handed in: the reason that was given, or that none was."""
    if not node.expected:
        return str(node.exempt_reason)
    said = _("Säger: %(reason)s", reason=node.late_reason) if node.late_reason else ""
    if node.extended_to:
        when = _("Anstånd till och med %(day)s.", day=day(node.extended_to))
    else:
        when = _("Senast %(day)s.", day=day(due))
    silent = _("Inget besked.") if clock.today() > due and not said else ""
    return " ".join(filter(None, (when, said, silent)))


def _what_happened(submission: Any, mine: bool, elsewhere: bool) -> str:
    if submission.state == "returned":
        return str(_("Skickades tillbaka %(when)s: %(why)s", when=moment(submission.decided_at), why=submission.reason))
    if submission.state == "reopened":
        return str(_("Öppnades igen %(when)s: %(why)s", when=moment(submission.decided_at), why=submission.reason))
    sent = str(_("Lämnades in %(when)s.", when=moment(submission.submitted_at)))
    if submission.state == "accepted" or not mine:
        return sent
    if elsewhere:
        return f"{sent} {_('Öppnad av %(unit)s.', unit=submission.opened_by_unit)}"
    return f"{sent} {_('Läst.') if submission.opened_at else _('Oläst.')}"


def _tallies(rows: Iterable[Row]) -> Iterable[Tally]:
    levels = dict.fromkeys(sorted((row.level for row in rows), key=lambda key: -cycle.level(key).rank))
    for level in levels:
        here = [row for row in rows if row.level == level]
        yield Tally(
            level,
            expected=sum(row.expected or row.standing for row in here),
            handed_up=sum(row.standing for row in here),
            accepted=sum(row.status == "accepted" for row in here),
            missing=tuple(row.name for row in here if row.expected and not row.standing),
        )
