"""What units tell, and the smallest counts that it is made of: the sums of a family, its kind, its outcomes, its atoms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chain.release import rules
from chain.result.rules import Indicator, Scale

Family = tuple[str, str, str, str, str]  # school form, indicator, subject, year group, basis
Place = tuple[str, str, str, str]  # the same without the indicator
REST = "rest"  # of a share: those who did not reach
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

    @property
    def each(self) -> list[set[int]]:
        return [self.n, *self.parts.values(), self.total]

    def take(self, other: "Sets") -> None:
        self.n |= other.n
        self.total |= other.total
        for name, atoms in other.parts.items():
            self.parts.setdefault(name, set()).update(atoms)


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
