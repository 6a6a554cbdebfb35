"""Reads goals: what a node can refer to, what it has of its own, and how they hang together."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select

from chain.access import policy
from chain.base.db import db
from chain.base.locale import sort_key
from chain.goal import rules
from chain.goal.models import Goal


def choosable(path: str, year: str, school_forms: Iterable[str] = ()) -> list[Goal]:
    """The goals that a node can refer to in a year: decided, valid then, its own and those of every node above it.

    In the order of the chain, national ones first, knowledge before values. `school_forms`: those of the node; national goals of
    other forms are left out (none given: all are meant). One statement.
    """
    forms = set(school_forms)
    here = (Goal.path.in_([*policy.ancestors(path), path]), Goal.state == "decided", Goal.hidden.is_(False), holds(year))
    found = db.session.scalars(select(Goal).where(*here))
    return sorted((one for one in found if not forms or not one.school_forms or forms & set(one.school_forms)), key=in_order)


def holds(year: str) -> ColumnElement[bool]:
    """The condition of a goal that is valid in a year, by its label."""
    return (Goal.valid_from <= year) & or_(Goal.valid_to.is_(None), Goal.valid_to >= year)


def in_order(goal: Goal) -> tuple[int, str, int, str]:
    """The order of the chain: from the nation down, knowledge before values, by the alphabet."""
    return rules.rank(goal.level), goal.path, rules.KINDS.index(goal.kind), sort_key(goal.title)
