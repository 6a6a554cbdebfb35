"""The red thread as plain things: knots on it, what hangs below each, where it stops, and how much of it fits on a page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

MOST = 250  # knots on one page: more than anybody reads at a time; what is below is a click away

# What stands on the thread, in the order in which work travels: from the goal to the classroom, and back to the decision.
KINDS = ("goal", "plan", "measure", "outcome", "submission", "finding", "report", "decision", "feedback", "answer")


@dataclass(frozen=True)
class Knot:
    """One thing on the thread. `endpoint` and `values`: its page, for those who may open it; `at`: its place in the tree."""

    kind: str
    key: str  # its public id, or what stands for it where it has no page
    title: str = ""  # empty while it is bare
    at: str = ""
    level: str = ""
    facts: tuple[str, ...] = ()
    status: str = ""
    words: str = ""  # what was written, where that is the thing itself
    endpoint: str = ""
    values: tuple[tuple[str, str], ...] = ()
    again: bool = False  # what hangs below it stands further up


@dataclass(frozen=True)
class Strand:
    """A knot with what hangs below it. `more`: knots that are left out of the page, by kind."""

    knot: Knot
    below: tuple["Strand", ...] = ()
    more: tuple[tuple[str, int], ...] = ()

    @property
    def size(self) -> int:
        """How many knots it is, itself counted."""
        return 1 + sum(one.size for one in self.below)


def counted(strands: Iterable[Strand]) -> dict[str, int]:
    """How many different knots of each kind there are in some strands, in the order of the thread; those left out are added."""
    seen: dict[str, set[str]] = {kind: set() for kind in KINDS}
    more = dict.fromkeys(KINDS, 0)
    for one in each(strands):
        seen[one.knot.kind].add(one.knot.key)
        for kind, number in one.more:
            more[kind] += number
    return {kind: len(seen[kind]) + more[kind] for kind in KINDS if seen[kind] or more[kind]}


def each(strands: Iterable[Strand]) -> Iterator[Strand]:
    """Every strand with all below it, in order."""
    for one in strands:
        yield one
        yield from each(one.below)


def once(strands: Iterable[Strand]) -> tuple[Strand, ...]:
    """The same with what hangs below a knot told where the knot stands first: where it comes again it says so instead."""
    told: set[tuple[str, str]] = set()

    def first(one: Strand) -> Strand:
        name = (one.knot.kind, one.knot.key)
        if one.below and name in told:
            return Strand(replace(one.knot, again=True))
        told.add(name)
        return replace(one, below=tuple(first(each) for each in one.below))

    return tuple(first(one) for one in strands)


def folded(strands: Sequence[Strand], most: int = MOST) -> tuple[Strand, ...]:
    """The same with the deepest knots counted instead of shown, level by level, until no more than `most` are left.

    The first level is always shown: what one has asked for is never left out.
    """
    deepest = max((_depth(one) for one in strands), default=0)
    for depth in range(deepest, 0, -1):
        if sum(one.size for one in strands) <= most:
            break
        strands = [_cut(one, depth) for one in strands]
    return tuple(strands)


def _depth(strand: Strand) -> int:
    return 1 + max((_depth(one) for one in strand.below), default=0)


def _cut(strand: Strand, depth: int) -> Strand:
    """Without what stands at a depth or deeper: 1 is right below the strand itself."""
    if depth > 1:
        return replace(strand, below=tuple(_cut(one, depth - 1) for one in strand.below))
    gone = counted(strand.below)
    for kind, number in strand.more:
        gone[kind] = gone.get(kind, 0) + number
    return replace(strand, below=(), more=tuple(gone.items()))


@dataclass(frozen=True)
class Station:
    """A place on the drawn thread: how many knots of a kind there are, of goals at a level. Where there are none it is broken."""

    kind: str
    level: str
    number: int

    @property
    def holds(self) -> bool:
        return self.number > 0


def stations(strands: Sequence[Strand], levels: Iterable[str], shown: Iterable[str], back: Mapping[str, int]) -> list[Station]:
    """The drawn thread: goals level by level, plans, measures and what came of them, then what came back down (`back`, by kind).

    `levels`: those that have goals of their own in this tree, from the top. `shown`: of the work, the kinds that are read at all.
    """
    goals = at_levels(strands, "goal")
    counts = counted(strands)
    down = [Station("goal", level, goals.get(level, 0)) for level in levels]
    work = [Station(kind, "", counts.get(kind, 0)) for kind in shown]
    return [*down, *work, *(Station(kind, "", number) for kind, number in back.items())]


def at_levels(strands: Iterable[Strand], kind: str) -> dict[str, int]:
    """How many different knots of a kind there are at each level: what hangs below two goals is one."""
    found: dict[str, set[str]] = {}
    for one in each(strands):
        if one.knot.kind == kind:
            found.setdefault(one.knot.level, set()).add(one.knot.key)
    return {level: len(keys) for level, keys in found.items()}


@dataclass(frozen=True)
class Break:
    """A thread that is broken: where, in a sentence, and who can mend it."""

    kind: str
    knot: Knot
    sentence: str
    who: str


@dataclass(frozen=True)
class Breaks:
    """Broken threads of a kind: as many as a page has room for, and how many there are in all."""

    kind: str
    found: tuple[Break, ...]
    number: int

    @property
    def places(self) -> dict[str, list[Break]]:
        """Them by the place where they are, as they came."""
        places: dict[str, list[Break]] = {}
        for one in self.found:
            places.setdefault(one.knot.at, []).append(one)
        return places
