"""The figures that a goal is seen by: its node's own, round by round, as far as somebody reads them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from chain.access import policy
from chain.base.db import db
from chain.cycle.models import Round, Year
from chain.goal.models import Goal
from chain.organisation.models import Unit
from chain.result import queries as result
from chain.result.rules import basis_name
from chain.rollup import rules
from chain.rollup.models import RollupRow
from chain.rollup.queries import FIGURE, ROWS
from chain.rollup.rules import Sum

LATEST = 4  # rounds, each with its bases


@dataclass(frozen=True)
class Told:
    """One round's figure on one basis, in words: “84 % (21 av 25)”."""

    round: Round
    basis: str
    value: str
    unit: Unit


def told(goal: Goal, holder: policy.Holder | None) -> list[Told]:
    """The latest rounds' figures of the goal's node, the newest first; of a committee's goal, its administrations'.

    Summed over the subjects and year groups that the goal does not single out. Three statements; none where it has no indicator.
    """
    if not goal.indicator:
        return []
    c = ROWS.c
    node = Unit.id == goal.unit_id if goal.level != "committee" else Unit.parent_id == goal.unit_id
    wanted = (
        select(Round, Unit, *FIGURE)
        .join(Round.year)
        .join(ROWS, c.round_id == Round.id)
        .join(Unit, Unit.id == c.unit_id)
        .where(node, c.indicator == goal.indicator, c.category == "", policy.where(holder, RollupRow))
        .where(*_single_out(goal))
        .order_by(Year.starts_on.desc(), Round.number.desc(), c.basis)
    )
    sums: dict[tuple[Round, str, Unit], Sum] = {}
    for round, unit, *figure in db.session.execute(wanted):
        row = Sum._make(figure)
        before = sums.get((round, row.basis, unit))
        sums[round, row.basis, unit] = _add(before, row) if before else row
    if not sums:
        return []
    measure = result.indicator(next(iter(sums))[0].year_id, goal.indicator)
    rounds = list(dict.fromkeys(round for round, _basis, _unit in sums))[:LATEST]
    return [
        Told(round, basis_name(basis), rules.value(row, measure), unit)
        for (round, basis, unit), row in sums.items()
        if round in rounds
    ]


def _single_out(goal: Goal) -> list[ColumnElement[bool]]:
    said = ((ROWS.c.subject, goal.subject), (ROWS.c.year_group, goal.year_group))
    return [column == value for column, value in said if value]


def _add(one: Sum, other: Sum) -> Sum:
    together = {name: getattr(one, name) + getattr(other, name) for name in ("enrolled", "n", "k", "total")}
    return one._replace(**together)
