"""Other worlds that are easily found: where one shows that nobody can tell a secret closely, no program is needed.

Two units trade: one of them has a pupil more on one outcome and one less on another, the other the other way round, and no sum
that is shown is changed by it. How many they can trade is read off their counts. What the largest of the others could trade is
left out, for that may be the one unit that knows its own. All this finds may be found; what it does not find, the program asks.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from chain.release.attack import Told

Atoms = frozenset[int]
Sums = tuple[int, ...]  # the shown sums over several units that an atom is part of
NONE: Sums = (-1,)  # a pupil more with nobody less

ENOUGH = 1000.0


@dataclass
class _Unit:
    atoms: list[int] = field(default_factory=list)
    nearly: list[tuple[Atoms, float, float]] = field(default_factory=list)  # with how many more and how many less there may be


@dataclass(frozen=True)
class _Trade:
    up: int
    down: int  # −1: nobody
    most: float  # so many times
    back: float  # so many times the other way


class Room:
    """How far apart two worlds can be made, secret by secret; never further than they are."""

    def __init__(self, shown: Iterable[Told], values: Sequence[float], owners: Sequence[Hashable]) -> None:
        self._values, self._owners = values, owners
        own: dict[int, list[int]] = defaultdict(list)
        shared: dict[int, list[int]] = defaultdict(list)
        self._units: dict[Hashable, _Unit] = defaultdict(_Unit)
        for number, (atoms, least, most) in enumerate(_told(shown)):
            mine = {owners[atom] for atom in atoms}
            if len(mine) == 1 and most > least:
                true = sum(values[atom] for atom in atoms)
                self._units[mine.pop()].nearly.append((atoms, most - true, true - least))
                continue
            for atom in atoms:
                (own if len(mine) == 1 else shared)[atom].append(number)
        self._own = {atom: tuple(numbers) for atom, numbers in own.items()}
        self._shared = {atom: tuple(numbers) for atom, numbers in shared.items()}
        for atom in {*own, *shared, *(atom for unit in self._units.values() for near in unit.nearly for atom in near[0])}:
            self._units[owners[atom]].atoms.append(atom)
        self._trades = {unit: list(self._possible(one)) for unit, one in self._units.items()}
        self._partners = self._best()

    def width(self, secret: Atoms) -> float:
        """At least so far apart can the secret be in two worlds, to whoever knows what is shown and one unit's own."""
        mine = {self._owners[atom] for atom in secret}
        if len(mine) != 1:
            return 0.0
        [unit] = mine
        if any(atom not in self._own and atom not in self._shared and not self._held(unit, atom) for atom in secret):
            return ENOUGH  # one of its pupils is in nothing that is shown
        up = down = 0.0
        for trade in self._trades.get(unit, ()):
            if trade.up in secret and trade.down not in secret:
                up = max(up, min(trade.most, self._others(unit, trade, 1)))
                down = max(down, min(trade.back, self._others(unit, trade, 0)))
            elif trade.down in secret and trade.up not in secret:
                up = max(up, min(trade.back, self._others(unit, trade, 0)))
                down = max(down, min(trade.most, self._others(unit, trade, 1)))
        return up + down

    def _held(self, unit: Hashable, atom: int) -> bool:
        return any(atom in near[0] for near in self._units[unit].nearly) if unit in self._units else False

    def _possible(self, one: _Unit) -> Iterable[_Trade]:
        """Pupils that can change place within a unit, for all that is shown of it alone."""
        atoms = sorted(one.atoms)
        for place, up in enumerate(atoms):
            if up not in self._own:
                yield _Trade(up, -1, *self._times(one, up, -1))
            for down in atoms[place + 1 :]:
                if self._own.get(up) == self._own.get(down):
                    yield _Trade(up, down, *self._times(one, up, down))

    def _times(self, one: _Unit, up: int, down: int) -> tuple[float, float]:
        most = ENOUGH if down < 0 else self._values[down]
        back = self._values[up]
        for atoms, more, less in one.nearly:
            if (up in atoms) != (down in atoms):
                most, back = (min(most, more), min(back, less)) if up in atoms else (min(most, less), min(back, more))
        return max(0.0, most), max(0.0, back)

    def _sums(self, trade: _Trade) -> tuple[Sums, Sums]:
        return self._shared.get(trade.up, ()), NONE if trade.down < 0 else self._shared.get(trade.down, ())

    def _best(self) -> dict[tuple[Sums, Sums], dict[Hashable, tuple[float, float]]]:
        """For each two sums: how many times each unit can trade between them, either way."""
        found: dict[tuple[Sums, Sums], dict[Hashable, tuple[float, float]]] = defaultdict(dict)
        for unit, trades in self._trades.items():
            for trade in trades:
                self._note(found[self._sums(trade)], unit, trade.most, trade.back)
                if trade.down >= 0:
                    self._note(found[self._sums(trade)[::-1]], unit, trade.back, trade.most)
        self._totals = {
            sums: tuple(_total([(each[way], str(unit)) for unit, each in units.items()]) for way in (0, 1))
            for sums, units in found.items()
        }
        return found

    @staticmethod
    def _note(units: dict[Hashable, tuple[float, float]], unit: Hashable, most: float, back: float) -> None:
        before = units.get(unit, (0.0, 0.0))
        units[unit] = max(before[0], most), max(before[1], back)

    def _others(self, unit: Hashable, trade: _Trade, way: int) -> float:
        """How many times the others can trade against it (`way` 1: they go back), the largest of them left out."""
        sums = self._sums(trade)
        if sums[0] == sums[1] or (sums[0] == () and sums[1] == NONE):
            return ENOUGH  # no sum over several units tells the difference
        total, largest = self._totals[sums][way]
        mine = self._partners[sums].get(unit, (0.0, 0.0))[way]
        others = [most for most, name in largest if name != str(unit)]
        return max(0.0, total - mine - (others[0] if others else 0.0))


def _total(times: list[tuple[float, str]]) -> tuple[float, list[tuple[float, str]]]:
    """All together, and the two that can trade most."""
    return sum(each for each, _unit in times), sorted(times, reverse=True)[:2]


def _told(shown: Iterable[Told]) -> Iterable[tuple[Atoms, float, float]]:
    for one in shown:
        yield from ((atoms, 0.0, 0.0) for atoms in one.rows)
        yield from ((near.atoms, near.least, near.most) for near in one.nearly)
