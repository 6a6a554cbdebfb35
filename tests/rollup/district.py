"""What the tests of sums have in common: units that hand in figures and heads that accept them, through the actions."""

from typing import Any

from chain.base.db import db
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation.models import Unit
from chain.rollup import actions, queries
from chain.rollup.rules import Sum
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast

Counts = tuple[int, int, int]  # enrolled, assessed, reached

HEAD = {
    "alskolan": "arne", "ekskolan": "arne", "havet": "asta", "norr": "diana", "soder": "diana", "al46": "pia", "ek46": "petra",
}  # fmt: skip
WRITER = {
    "alskolan": "pia", "ekskolan": "petra", "havet": "per", "norr": "arne", "soder": "asta", "fvn": "diana",
    "al46": "lena", "ek46": "linus",
}  # fmt: skip


def cells(figures: dict[tuple[str, str], Counts]) -> dict[str, Any]:
    """The answer of a grid: (subject, year group) → enrolled, assessed, reached."""
    typed = {
        f"at_least_e|GR|{subject}|{group}|{column}": str(count)
        for (subject, group), counts in figures.items()
        for column, count in zip(("enrolled", "assessed", "reached"), counts, strict=True)
    }
    reasons = {f"at_least_e|GR|{subject}|{group}|why": "Tre vikarier under hösten." for subject, group in figures}
    return {"cells": typed, "reasons": reasons, "basis": {}}


Figures = dict[tuple[str, str], Counts]


def hand_in(cast: Cast, unit: str, figures: Figures | None = None, round: Round | None = None, **answers: Any) -> Submission:
    """A unit's people write and hand in; nothing is accepted yet."""
    who = WRITER[unit]
    if figures is not None:
        answers["results"] = cells(figures)
    return world.hand_in(world.followup(cast, who, round), cast.who[who], **answers)


@kept
def accept(cast: Cast, unit: str, submission: Submission) -> Submission:
    actions.accept(submission, by=cast.who[HEAD[unit]])
    return submission


@kept
def accepted(cast: Cast, unit: str, figures: Figures | None = None, round: Round | None = None, **answers: Any) -> Submission:
    """Handed in and accepted."""
    return accept(cast, unit, hand_in(cast, unit, figures, round, **answers))


def sums(unit: Unit, round: Round) -> dict[tuple[str, str], tuple[int, ...]]:
    """(subject, year group) → enrolled, n, k, units of the shares that a node has stored."""
    db.session.rollback()
    found: list[Sum] = queries.rows(unit.id, round.id)
    return {(row.subject, row.year_group): (row.enrolled, row.n, row.k, row.units) for row in found if not row.category}


def cover(unit: Unit, round: Round, form: str = "", group: str = "") -> tuple[int, int]:
    """Expected and reporting."""
    db.session.rollback()
    part = queries.coverage(unit.id, round.id).get((form, group))
    return (part.expected, part.reporting) if part else (0, 0)
