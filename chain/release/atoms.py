"""A unit's figures as atoms: the same pupils counted in several ways, in one year through several releases.

Indicators that count the same pupils are one: a distribution, the share that follows from it, and others with the same n. What is
known of one of them tells of the others. Which pupil stands where in two of them is known to nobody; here they are laid in one
row, the best of each first, which tells an attacker more than there is to know, never less.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from chain.release import rules
from chain.release.profiles import Profile
from chain.result.rules import Indicator, Scale

Family = tuple[str, str, str, str, str]  # school form, indicator, subject, year group, basis
Place = tuple[str, str, str, str]  # the same without the indicator
REST = "rest"  # of a share: those who did not reach
ABSENT = "absent"  # those whom a figure does not count, of a class that it counted the same pupils as once
LINKED = ("share", "spread", "mean")  # kinds whose n are pupils that several of them may count


@dataclass(frozen=True)
class Told:
    """What somebody tells of a family: sums, as they are handed up. `parts`: of a share those who reached, of a distribution its
    steps."""

    enrolled: int
    n: int
    parts: tuple[tuple[str, int], ...]
    total: int = 0


@dataclass(frozen=True)
class Measures:
    """What the year says of its indicators and scales."""

    indicators: Mapping[str, Indicator]
    scales: Mapping[str, Scale]

    def kind(self, family: Family) -> str:
        """share, spread, mean, hours (a share of those), count (of people and what they do) or money (of what is no people)."""
        one = self.indicators.get(family[1])
        if one is None or one.kind == "share":
            return "hours" if one is not None and one.apart else "share"
        if one.kind == "distribution":
            return "spread"
        return "mean" if one.kind == "mean" else "count" if rules.counts_people(one) else "money"

    def steps(self, family: Family) -> list[str]:
        """A distribution's steps, the best first."""
        one = self.indicators.get(family[1])
        return [step.key for step in self.scales[one.scale].steps] if one is not None and one.scale in self.scales else []

    def passing(self, share: Family, spread: Family) -> frozenset[str]:
        """The steps of a distribution that a share is made of; none where it is not."""
        one, other = self.indicators.get(share[1]), self.indicators.get(spread[1])
        if one is None or other is None or one.derived_from != other.key or other.scale not in self.scales:
            return frozenset()
        return frozenset(step.key for step in self.scales[other.scale].steps if step.meaning == "pass")


def place(family: Family) -> Place:
    return family[0], family[2], family[3], family[4]


def parts(told: Told, kind: str) -> tuple[tuple[str, int], ...]:
    """All outcomes of those counted, so that they are n together."""
    if kind in ("share", "hours"):
        return told.parts[0], (REST, told.n - told.parts[0][1])
    if kind != "spread":
        return ()
    rest = told.n - sum(count for _name, count in told.parts)  # of steps that the scale no longer has
    return (*told.parts, (REST, rest)) if rest > 0 else told.parts


def added(each: Iterable[Told]) -> Told:
    """The sum of several units."""
    enrolled = n = total = 0
    found: dict[str, int] = {}
    for one in each:
        enrolled, n, total = enrolled + one.enrolled, n + one.n, total + one.total
        for name, count in one.parts:
            found[name] = found.get(name, 0) + count
    return Told(enrolled, n, tuple(sorted(found.items())), total)


@dataclass
class Sets:
    """The atoms of a family at a node: of those counted, of each outcome, and of a mean's or a count's total."""

    n: set[int] = field(default_factory=set)
    parts: dict[str, set[int]] = field(default_factory=dict)
    total: set[int] = field(default_factory=set)

    def take(self, other: "Sets") -> None:
        self.n |= other.n
        self.total |= other.total
        for name, atoms in other.parts.items():
            self.parts.setdefault(name, set()).update(atoms)


Class = Mapping[Family, Told]


class Store:
    """All atoms: how many, and whose."""

    def __init__(self, measures: Measures, scales: Mapping[Family, float]) -> None:
        self.values: list[float] = []
        self.owners: list[Hashable] = []
        self._measures, self._scales = measures, scales

    def _atom(self, owner: Hashable, value: float) -> int:
        self.values.append(value)
        self.owners.append(owner)
        return len(self.values) - 1

    def classes(self, told: Mapping[Family, Told]) -> list[dict[Family, Told]]:
        """Families that count the same pupils, for all that can be seen: so many in the same place."""
        found: dict[Hashable, dict[Family, Told]] = {}
        for family, one in sorted(told.items()):
            linked = self._measures.kind(family) in LINKED and one.n
            found.setdefault(one.n if linked else family, {})[family] = one
        return list(found.values())

    def make(self, owner: Hashable, told: Class) -> dict[Family, Sets]:
        """The atoms of a class."""
        first = next(iter(told))
        kind = self._measures.kind(first)
        return self._linked(owner, told) if kind in LINKED else {first: self._alone(owner, told[first], kind, first)}

    def _alone(self, owner: Hashable, told: Told, kind: str, family: Family) -> Sets:
        if kind == "hours":
            own = {name: {self._atom(owner, count)} for name, count in parts(told, kind)}
            return Sets(n={self._atom(owner, told.enrolled)}, parts=own)
        return Sets(total={self._atom(owner, told.total / self._scales.get(family, 1.0))})

    def _linked(self, owner: Hashable, told: Class) -> dict[Family, Sets]:
        follows = self._following(told)
        most = max(one.n for one in told.values())
        lines = {family: self._line(family, one, most) for family, one in told.items() if family not in follows}
        cells = couple([[count for _name, count in line] for line in lines.values()])
        atoms = [self._atom(owner, size) for _where, size in cells]
        found: dict[Family, Sets] = {}
        for number, (family, line) in enumerate(lines.items()):
            named = {name: {atom for atom, (where, _size) in zip(atoms, cells, strict=True) if where[number] == step}
                     for step, (name, _count) in enumerate(line)}  # fmt: skip
            counted = set(atoms) - named.pop(ABSENT, set())
            found[family] = Sets(n=counted, parts={} if self._measures.kind(family) == "mean" else named)
        for family, spread in follows.items():
            passing, counted = self._measures.passing(family, spread), found[spread].n
            reached = {atom for name, own in found[spread].parts.items() if name in passing for atom in own}
            found[family] = Sets(n=set(counted), parts={"": reached, REST: counted - reached})
        for family, one in told.items():
            if self._measures.kind(family) == "mean":
                found[family].total = {self._atom(owner, one.total / self._scales.get(family, 1.0))}
        return found

    def _following(self, told: Class) -> dict[Family, Family]:
        """Shares that are a sum of a distribution's steps, where the counts agree."""
        found: dict[Family, Family] = {}
        for share in told:
            for spread, one in told.items():
                passing = self._measures.passing(share, spread)
                reached = sum(count for name, count in one.parts if name in passing)
                if passing and (told[share].n, dict(told[share].parts).get("")) == (one.n, reached):
                    found[share] = spread
        return found

    def _line(self, family: Family, told: Told, most: int) -> list[tuple[str, int]]:
        """The outcomes in order, the best first; last those whom it does not count, of `most` whom another of the class does."""
        kind = self._measures.kind(family)
        order = self._measures.steps(family) if kind == "spread" else []
        line = [("", told.n)] if kind == "mean" else list(parts(told, kind))
        line.sort(key=lambda part: (order.index(part[0]) if part[0] in order else len(order), part[0]))
        return [*line, (ABSENT, most - told.n)] if told.n < most else line

    # The same pupils a round later

    def stacked(self, owner: Hashable, now: Class, then: Class) -> tuple[dict[Family, Sets], dict[Family, Sets], list[set[int]]]:
        """Two rounds of a small group that somebody has left, or joined: those who stayed are the same. With what must be told of
        nobody: who they were."""
        fewer = now if next(iter(now.values())).n <= next(iter(then.values())).n and _at_most(now, then) else then
        more = then if fewer is now else now
        core = self.make(owner, fewer)
        extra = self.make(owner, {family: _less(more[family], fewer[family]) for family in more})
        both = {family: Sets(set(one.n), {name: set(own) for name, own in one.parts.items()}, set(one.total))
                for family, one in core.items()}  # fmt: skip
        for family, one in extra.items():
            both[family].take(one)
        secrets = [atoms for one in extra.values() for atoms in (one.n, *one.parts.values(), one.total) if atoms]
        return (core, both, secrets) if fewer is now else (both, core, secrets)

    def is_stacked(self, now: Class, then: Class, profile: Profile) -> bool:
        """Whether one is the other with a few more or less, all outcomes moved the same way: then what two releases tell of them
        may tell of those few."""
        if now.keys() != then.keys() or any(self._measures.kind(family) in ("hours", "money") for family in now):
            return False
        most: float = max(max(one.n, sum(count for _name, count in one.parts)) for one in (*now.values(), *then.values()))
        counts = any(self._measures.kind(family) == "count" for family in now)
        moved: list[float] = [abs(now[family].n - then[family].n) for family in now]
        if counts:
            scales = {family: self._scales.get(family, 1.0) for family in now}
            moved = [abs(now[family].total - then[family].total) / scale for family, scale in scales.items()]
            most = max(one[family].total / scale for one in (now, then) for family, scale in scales.items())
        return (
            most < profile.everybody_from
            and all(0 < by < profile.width for by in moved)
            and (_at_most(now, then) or _at_most(then, now))
        )


def _at_most(fewer: Class, more: Class) -> bool:
    """Whether no outcome of one is larger than that of the other."""
    return all(
        one.n <= more[family].n and one.total <= more[family].total
        and all(count <= dict(more[family].parts).get(name, 0) for name, count in one.parts)
        and (bool(one.parts) is bool(more[family].parts))
        and (len(one.parts) != 1 or one.n - one.parts[0][1] <= more[family].n - more[family].parts[0][1])
        for family, one in fewer.items()
    )  # fmt: skip


def _less(more: Told, fewer: Told) -> Told:
    taken = dict(fewer.parts)
    left = tuple((name, count - taken.get(name, 0)) for name, count in more.parts)
    return Told(more.enrolled - fewer.enrolled, more.n - fewer.n, left, more.total - fewer.total)


def couple(lines: Sequence[Sequence[int]]) -> list[tuple[tuple[int, ...], int]]:
    """The same pupils divided in several ways, laid in one row: of each piece, where it stands in each division, and its size.

    Pieces without anybody are kept where two divisions meet, so that no outcome is without an atom."""
    ends = [list(accumulate(line)) for line in lines]
    whole = max(end[-1] for end in ends)
    ends = [[*end[:-1], whole] for end in ends]
    where, done = [0] * len(lines), 0
    found: list[tuple[tuple[int, ...], int]] = []
    while True:
        next_end = min(end[step] for end, step in zip(ends, where, strict=True))
        found.append((tuple(where), next_end - done))
        done = next_end
        moves = [n for n, (end, step) in enumerate(zip(ends, where, strict=True)) if end[step] == done and step < len(end) - 1]
        if not moves:
            return found
        where[moves[0]] += 1


def differs_little(before: Mapping[Family, Told], now: Mapping[Family, Told], measures: Measures, scales: Mapping[Family, float],
                   width: int) -> bool:  # fmt: skip
    """Whether something has been changed by so few pupils that the difference of two releases could point them out."""
    return any(
        0 < by < width
        for family in before.keys() & now.keys()
        for by in _changes(before[family], now[family], measures.kind(family), scales.get(family, 1.0))
    )


def _changes(before: Told, now: Told, kind: str, scale: float) -> Iterable[float]:
    if kind == "money":
        return
    if kind == "count":
        yield abs(now.total - before.total) / scale
        return
    yield abs(now.enrolled - before.enrolled) if kind == "hours" else abs(now.n - before.n)
    if kind == "mean":
        yield abs(now.total - before.total) / scale
    elif kind != "hours":
        old, new = dict(parts(before, kind)), dict(parts(now, kind))
        yield from (abs(new.get(name, 0) - old.get(name, 0)) for name in {*old, *new})
