"""Worlds nearby: that a secret could be something else with nobody outside its neighbourhood differing, a small program tells.

A neighbourhood is the units of the smallest node over several of them, an area as a rule. What is shown of more than it is read
as if all others were known: then its own part of the sum is. Whatever world is found so is one of the whole as well; where none
is found, the whole is asked (protect.py).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chain.release.attack import Attack, Between, Told

ENOUGH = 8  # units: of two, the one always knows the other
Atoms = frozenset[int]
Neighbourhood = frozenset[Hashable]


@dataclass(frozen=True)
class Part:
    """What a figure tells of a neighbourhood."""

    key: tuple[Any, ...]
    rows: tuple[Atoms, ...]
    nearly: tuple[Between, ...]


def neighbourhoods(figures: Iterable[Sequence[Atoms]], owners: Sequence[Hashable]) -> dict[Hashable, Neighbourhood]:
    """Of each unit those beside it: under the smallest node of several that it is counted in, and under the next where these are
    few. `figures`: the sums of each."""
    nodes = dict.fromkeys(frozenset(owners[atom] for atoms in sums for atom in atoms) for sums in figures)
    near, found, left = set[Hashable](), dict[Hashable, Neighbourhood](), {unit for units in nodes for unit in units}
    for units in sorted((one for one in nodes if len(one) > 1), key=lambda one: (len(one), sorted(map(str, one)))):
        near |= units & left
        left -= units
        if len(near) >= ENOUGH or not left:
            found |= dict.fromkeys(near, frozenset(near))
            near = set()
    return found


class Near:
    """An attacker for each neighbourhood, made when it is first asked."""

    def __init__(
        self, of: Mapping[Hashable, Neighbourhood], shown: Iterable[Told], out: Iterable[Told], secrets: Iterable[Atoms],
        values: Sequence[float], owners: Sequence[Hashable],
    ) -> None:  # fmt: skip
        self._values, self._owners, self._of = values, owners, of if len({*of.values()}) > 1 else {}
        self._shown, self._out = self._parts(shown), self._parts(out)
        self._secrets: dict[Neighbourhood, list[Atoms]] = defaultdict(list)
        for secret in secrets:
            if where := self._where(secret):
                self._secrets[where].append(secret)
        self._attacks: dict[Neighbourhood, Attack] = {}
        self._withheld: set[tuple[Any, ...]] = set()

    @property
    def solved(self) -> int:
        return sum(attack.solved for attack in self._attacks.values())

    def dangers(self, secret: Atoms, width: float) -> set[Hashable] | None:
        """The units that could say too much of a secret, for all that is found nearby. None: a stranger could as well."""
        if (attack := self._attack(secret)) is None or not (seen := attack.seen(secret, width)).is_wide:
            return None
        asked, left = set(seen.moved - {self._owners[atom] for atom in secret}), set[Hashable]()
        while asked:
            unit = min(asked, key=str)
            asked.remove(unit)
            if (seen := attack.seen(secret, width, unit)).is_wide:
                asked &= seen.moved
                left &= seen.moved
            else:
                left.add(unit)
        return left

    def withhold(self, key: tuple[Any, ...]) -> None:
        self._withheld.add(key)
        for attack in self._attacks.values():
            attack.withhold(key)

    def _where(self, secret: Atoms) -> Neighbourhood | None:
        every = {self._of.get(self._owners[atom]) for atom in secret}
        return every.pop() if len(every) == 1 else None

    def _attack(self, secret: Atoms) -> Attack | None:
        if (where := self._where(secret)) is None:
            return None
        if where not in self._attacks:
            shown = [one for one in self._shown[where] if one.key not in self._withheld]
            self._attacks[where] = Attack(shown, self._out[where], self._secrets[where], self._values, self._owners)
        return self._attacks[where]

    def _parts(self, figures: Iterable[Told]) -> dict[Neighbourhood, list[Part]]:
        found: dict[Neighbourhood, list[Part]] = defaultdict(list)
        for one in figures:
            rows: dict[Neighbourhood, list[Atoms]] = defaultdict(list)
            nearly: dict[Neighbourhood, list[Between]] = defaultdict(list)
            for atoms in one.rows:
                for where, own in self._divided(atoms).items():
                    rows[where].append(own)
            for near in one.nearly:
                for where, own in self._divided(near.atoms).items():
                    others = sum(self._values[atom] for atom in near.atoms - own)
                    nearly[where].append(Between(own, near.least - others, near.most - others))
            for where in {**rows, **nearly}:
                found[where].append(Part(one.key, tuple(rows[where]), tuple(nearly[where])))
        return found

    def _divided(self, atoms: Atoms) -> dict[Neighbourhood, Atoms]:
        found: dict[Neighbourhood, set[int]] = defaultdict(set)
        for atom in atoms:
            if where := self._of.get(self._owners[atom]):
                found[where].add(atom)
        return {where: frozenset(own) for where, own in found.items()}
