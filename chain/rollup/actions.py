"""The receiver accepts, returns and reopens; the stored figures follow in the same transaction.

A node's rows are made from its own snapshot, or recomputed from its direct children's rows: never incremented, so that doing it
again changes nothing and a fault heals itself. One lock per committee and round, taken first, in a statement of its own.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    inspect,
    select,
    tuple_,
)  # fmt: skip
from sqlalchemy.orm import aliased

from chain.base import audit, events
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.followup import actions as followup
from chain.followup.models import Followup, Submission
from chain.organisation.models import Mandate
from chain.result import rules as measured
from chain.result.models import Indicator
from chain.rollup import queries, rules
from chain.rollup.queries import COVERAGE, ROWS, Place

CHILD, PARENT = RoundNode.__table__.alias("child"), RoundNode.__table__.alias("parent")
Entered = dict[str, list[str]]  # level → the indicators that are entered there


@atomic
def accept(submission: Submission, *, by: Mandate) -> None:
    """Take what was handed up as complete. Its figures become the node's rows, and every sum above is made anew."""
    _hold_round_of(submission)
    received = followup.accept(submission, by=by)
    _renew(submission, accepted=True)
    if received:
        audit.note("rollup.accept", about=submission)


@atomic
def send_back(submission: Submission, *, reason: str, by: Mandate) -> None:
    """Return what was handed up, with a reason that can be acted on."""
    _hold_round_of(submission)
    followup.send_back(submission, reason=rules.check_reason(reason), by=by)
    _renew(submission, accepted=False)
    audit.note("rollup.send_back", about=submission)


@atomic
def reopen(submission: Submission, *, reason: str, by: Mandate) -> None:
    """Open what was accepted again, with a reason: its figures are taken away until it has been accepted anew."""
    _hold_round_of(submission)
    followup.reopen(submission, reason=rules.check_reason(reason), by=by)
    _renew(submission, accepted=False)
    audit.note("rollup.reopen", about=submission)


@atomic
def rebuild(round: Round, *, by: Actor | None) -> None:
    """Make every stored figure of a round anew from what has been accepted."""
    cycle.hold(round.id)
    db.session.execute(delete(ROWS).where(ROWS.c.round_id == round.id))
    entered = _entered(round.year_id)
    accepted = select(Submission.unit_id, Submission.path, Submission.level, Submission.snapshot).where(_accepted(round.id))
    for unit_id, path, level, snapshot in db.session.execute(accepted):
        _insert_own(round.id, unit_id, path, _own(snapshot, level, entered))
    summed = [(one.path.count("/"), one.level, one.unit_id) for one in queries.places(round.id) if queries.sums(one.level)]
    for (_depth, level), same in groupby(sorted(summed, key=lambda node: (-node[0], *node[1:])), key=lambda node: node[:2]):
        _sum_rows(round.id, [unit_id for *_rest, unit_id in same], entered.get(level, []))
    _cover_all(round.id)
    audit.note("rollup.rebuild", about=round)


# What other links tell


@events.listen("round_opened", "rollup")
def expect_units(round: Round, **facts: Any) -> None:
    """From the first day a node's coverage says how many units are expected."""
    _cover_all(round.id)


@events.listen("expectation_changed", "rollup")
def expect_others(round: Round, **facts: Any) -> None:
    cycle.hold(round.id)
    _cover_all(round.id)


@events.listen("submitting", "rollup")
def freeze(followup: Followup, snapshot: dict[str, Any], **facts: Any) -> None:
    """Put the node's figures as they stand, their coverage, and the versions that they were made from, into its snapshot.

    Whoever hands up holds the round from the start, so that no acceptance comes in between.
    """
    snapshot |= queries.frozen(followup.round_id, followup.unit_id, followup.level)


@events.listen("figures_looked_for", "rollup")
def figures_are_stored(year_id: int, key: str, told: set[int], **facts: Any) -> None:
    """Rounds in which figures of an indicator have been accepted."""
    stored = select(Round.number).where(
        Round.year_id == year_id, exists().where(ROWS.c.round_id == Round.id, ROWS.c.indicator == key)
    )
    told |= set(db.session.scalars(stored))


# The lock


def _hold_round_of(submission: Submission) -> None:
    """Before anything is read: whoever waited reads what the one before has done."""
    state = inspect(submission)
    known = state.identity[0] if state.identity else submission.id
    db.session.flush()
    cycle.hold(select(Submission.round_id).where(Submission.id == known).scalar_subquery())
    db.session.expire_all()


# The sums


def _renew(submission: Submission, *, accepted: bool) -> None:
    """The node's own rows, then those of each node above, nearest first."""
    db.session.flush()
    round_id = submission.round_id
    here, *above = queries.line_up(round_id, submission.unit_id)
    if not queries.sums(here.level):
        return
    entered = _entered(submission.round.year_id)
    _take_away(round_id, here, above, entered)
    own = _own(submission.snapshot, submission.level, entered) if accepted else []
    _insert_own(round_id, here.unit_id, here.path, own)
    for place in above if queries.lowest(here.level) else (here, *above):
        _sum_rows(round_id, [place.unit_id], entered.get(place.level, []))
    _cover(round_id, here, above, accepted)


def _take_away(round_id: int, here: Place, above: Sequence[Place], entered: Entered) -> None:
    """The node's rows, and each sum above it. What was entered at a node above is its own, and stays."""
    own = [(place.unit_id, key) for place in above for key in entered.get(place.level, [])]
    nodes = [here.unit_id, *(place.unit_id for place in above)]
    db.session.execute(_taking_away(), {"round": round_id, "nodes": nodes, "own": own})


@cache
def _taking_away() -> Delete:
    own = tuple_(ROWS.c.unit_id, ROWS.c.indicator).in_(bindparam("own", expanding=True))
    nodes = ROWS.c.unit_id.in_(bindparam("nodes", expanding=True))
    return delete(ROWS).where(ROWS.c.round_id == bindparam("round"), nodes, ~own)


def _entered(year_id: int) -> Entered:
    """Each indicator has one entry level, as the year says."""
    found: Entered = {}
    for key, at in db.session.execute(_entry_levels(), {"year": year_id}):
        found.setdefault(at or "", []).append(key)
    return found


@cache
def _entry_levels() -> Select[str, str | None]:
    return select(Indicator.key, Indicator.facts["entry_level"].as_string()).where(Indicator.year_id == bindparam("year"))


def _own(snapshot: dict[str, Any], level: str, entered: Entered) -> list[measured.Figure]:
    """The figures of a snapshot that were entered at their own level: only they are ever added up."""
    figures = [measured.Figure(**figure) for figure in snapshot.get("figures", [])]
    return measured.add(one for one in figures if one.indicator in entered.get(level, []))


def _insert_own(round_id: int, unit_id: int, path: str, figures: Iterable[measured.Figure]) -> None:
    made = [{"unit_id": unit_id, "round_id": round_id, "path": path, "units": 1, **vars(one)} for one in figures]
    if made:
        db.session.execute(insert(ROWS), made)


def _sum_rows(round_id: int, unit_ids: Sequence[int], own: Sequence[str]) -> None:
    """Each node's rows as the sum of its direct children's, but for what is entered at the node itself."""
    db.session.execute(_summing(ROWS), {"round": round_id, "nodes": unit_ids, "own": own})


def _sum_coverage(round_id: int, unit_ids: Sequence[int]) -> None:
    db.session.execute(_summing(COVERAGE), {"round": round_id, "nodes": unit_ids})


@cache  # putting it together takes longer than the sum
def _summing(table: Table) -> Insert:
    about = [column for column in table.primary_key if column.name not in ("unit_id", "round_id")]
    numbers = [column for column in table.columns if not column.primary_key and column.name != "path"]
    node = [PARENT.c.unit_id, PARENT.c.round_id, PARENT.c.path]
    rows = (
        select(*node, *about, *map(func.sum, numbers))
        .select_from(CHILD)
        .join(PARENT, (PARENT.c.unit_id == CHILD.c.parent_id) & (PARENT.c.round_id == CHILD.c.round_id))
        .join(table, (table.c.unit_id == CHILD.c.unit_id) & (table.c.round_id == CHILD.c.round_id))
        .where(CHILD.c.round_id == bindparam("round"), CHILD.c.parent_id.in_(bindparam("nodes", expanding=True)))
        .group_by(*node, *about)
    )
    if table is ROWS:
        rows = rows.where(ROWS.c.indicator.not_in(bindparam("own", expanding=True)))
    return insert(table).from_select([column.name for column in (*node, *about, *numbers)], rows)


def _accepted(round_id: int) -> ColumnElement[bool]:
    """The newest of each node's submissions, where it has been accepted: a supplement stands beside the one it adds to."""
    newer = aliased(Submission)
    later = exists().where(newer.followup_id == Submission.followup_id, newer.number > Submission.number)
    return and_(Submission.round_id == round_id, Submission.state == "accepted", ~later)


# Coverage


def _cover(round_id: int, here: Place, above: Sequence[Place], accepted: bool) -> None:
    """A unit's own coverage, and that of each node above that counts units and is none itself."""
    own = [here.unit_id] if queries.collects(here.level) else []
    counting = [place.unit_id for place in above if not queries.collects(place.level)]
    db.session.execute(delete(COVERAGE).where(COVERAGE.c.round_id == round_id, COVERAGE.c.unit_id.in_([*own, *counting])))
    if own:
        db.session.execute(insert(COVERAGE), _covering(round_id, here, accepted))
    for unit_id in counting:
        _sum_coverage(round_id, [unit_id])


def _covering(round_id: int, place: Place, accepted: bool) -> list[dict[str, Any]]:
    """A unit counts as one: among all, in each of its school forms, and in each year group of a form."""
    forms, groups = place.school_forms, place.year_groups
    counted = [("", ""), *((form, "") for form in forms), *((form, group) for form in forms for group in groups)]
    return [
        {
            "unit_id": place.unit_id, "round_id": round_id, "path": place.path, "school_form": form, "year_group": group,
            "expected": int(place.expected), "reporting": int(accepted),
        }
        for form, group in dict.fromkeys(counted)
    ]  # fmt: skip


def _cover_all(round_id: int) -> None:
    """A round's coverage from the ground up: units that collect figures, then each level above from the one below."""
    db.session.flush()
    db.session.execute(delete(COVERAGE).where(COVERAGE.c.round_id == round_id))
    accepted = set(db.session.scalars(select(Submission.unit_id).where(_accepted(round_id))))
    units: list[dict[str, Any]] = []
    above: dict[int, list[int]] = {}
    for place in queries.places(round_id):
        if queries.collects(place.level):
            units += _covering(round_id, place, place.unit_id in accepted)
        elif queries.sums(place.level):
            above.setdefault(place.path.count("/"), []).append(place.unit_id)
    if units:
        db.session.execute(insert(COVERAGE), units)
    for depth in sorted(above, reverse=True):
        _sum_coverage(round_id, above[depth])
