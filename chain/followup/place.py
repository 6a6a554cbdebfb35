"""Where a node stands in its round: its level, who receives what it hands up, and how far up that is read."""

from sqlalchemy import select

from chain.access import policy
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.cycle.models import RoundNode
from chain.cycle.shipped import Level


def level(node: RoundNode) -> Level:
    """What the data says about the node's level: who writes, who hands in, who accepts."""
    return cycle.level(node.level)


def receiver(node: RoundNode, *, without: int | None = None) -> RoundNode | None:
    """The nearest node above that takes part in the round; None where nobody accepts this level's follow-up.

    `without`: a unit that is about to end, and receives no more.
    """
    if not level(node).accepts:
        return None
    above = (RoundNode.round_id == node.round_id, RoundNode.path.in_(policy.ancestors(node.path)))
    expected = select(RoundNode).where(*above, RoundNode.expected.is_(True))
    nodes = [one for one in db.session.scalars(expected) if one.unit_id != without]
    return max(nodes, key=lambda one: len(one.path), default=None)


def read_up_to(node: RoundNode, receiving: RoundNode | None) -> str:
    """The highest place at which what the node hands up is read whole: its level's, and never lower than who receives it."""
    ceiling = cycle.ceiling(node)
    return min(ceiling, receiving.path, key=len) if receiving else ceiling


def cited_up_to(node: RoundNode) -> str:
    """The highest place at which the words that the node cites can be opened."""
    return cycle.ceiling(node, cited=True)
