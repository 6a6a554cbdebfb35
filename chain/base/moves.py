"""Tables of moves: what is done with a thing in which state, by whom, and where it leads.

A link writes its table as lines of words, to be read by those whose work it is; here they are made moves, found and drawn for
the README. Whether a line's requirements hold, and what is said when they do not, is the link's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GONE = "gone"  # a state that nothing is in: it has been thrown away


@dataclass(frozen=True)
class Move:
    """A line of a table. `after` empty: it stays where it is. `act` empty: at once, by itself; `who` empty: by itself."""

    before: str
    after: str
    act: str
    who: tuple[str, ...]
    requires: tuple[str, ...]
    where: str = ""  # the case in which the line holds

    @property
    def state(self) -> str:
        """Where it leads."""
        return self.after or self.before


def table(*lines: tuple[str, ...]) -> tuple[Move, ...]:
    """The table of such lines: from, to, act, who, what it requires; or with the case in which it holds, before what it requires.

    Several states to begin in, several who do it and several requirements are words with spaces between.
    """
    return tuple(
        Move(before, after, act, tuple(who.split()), tuple(requires.split()), *where)
        for befores, after, act, who, *where, requires in lines
        for before in befores.split()
    )


def find(moves: Iterable[Move], act: str, state: str) -> Move | None:
    """The first line for doing this in this state."""
    return next((one for one in moves if one.act == act and one.before == state), None)


def diagram(moves: Iterable[Move], begins: str = "", more: Mapping[str, str] | None = None) -> str:
    """A table as a mermaid state diagram, for the README. `begins`: the first state. `more`: what is added to an act's name."""
    drawn = ["stateDiagram-v2"] + ([f"    [*] --> {begins}"] if begins else [])
    for one in moves:
        by = f"by {' or '.join(one.who)}" if one.who else "at once"
        where = f"where {one.where}" if one.where else ""
        requires = f"({', '.join(one.requires)})" if one.requires else ""
        told = " ".join(filter(None, (one.act, (more or {}).get(one.act), by, where, requires)))
        drawn.append(f"    {one.before} --> {'[*]' if one.state == GONE else one.state} : {told.replace('_', ' ')}")
    return "\n".join([*drawn, ""])
