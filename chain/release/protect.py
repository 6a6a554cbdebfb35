"""Which numbers may stand beside each other: what a small group must not be told by, nobody can work out from the rest.

Every number is a sum of *atoms*, the smallest counts there are: the pupils of a unit who reached, those who did not. Showing a
figure tells its rows, each a set of atoms whose sum is known. A secret is such a set as well, and is safe when whoever knows all
that is shown, that no count is negative, and one unit's own pupils by name, can say no more of it than a span of `WIDTH`.

First by equality (span.py): a figure is shown unless some secret would then follow from what is shown, in exact arithmetic. Then
by inequality (attack.py): a linear program asks for the least and the most that a secret can be, and while that is too narrow the
least valuable of the figures that make it so is withheld. Withholding only widens, so each secret is looked at once; and where
another world is easily found (room.py), no program is needed. Method: Langsrud (2024) for the first, the attacker's program of
the SDC handbook for the second.

What has been released before is part of it: it is out, and can only be counted with.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chain.release.attack import Attack, Between, Seen
from chain.release.near import Near, neighbourhoods
from chain.release.room import Room
from chain.release.span import Span

WIDTH = 5  # pupils: what is known of a secret is never narrower than this
EXACT = 1e-6

Atoms = frozenset[int]
Key = tuple[Any, ...]  # what a figure is called by whoever asks


@dataclass(frozen=True)
class Figure:
    """What showing it tells, and what of it must stay a secret whether it is shown or not.

    `place` sorts: what is more valuable to the reader first, such as totals before parts and large before small.
    """

    key: Key
    place: tuple[Any, ...]
    rows: tuple[Atoms, ...] = ()
    nearly: tuple[Between, ...] = ()
    secrets: tuple[Atoms, ...] = ()

    @property
    def sums(self) -> list[Atoms]:
        return [*self.rows, *(one.atoms for one in self.nearly), *self.secrets]


@dataclass
class Plan:
    """What is withheld for the sake of others, and whose secrets earlier releases already told, so that nothing helps."""

    withheld: set[Key] = field(default_factory=set)
    told: set[Key] = field(default_factory=set)
    secrets: int = 0
    solved: int = 0  # linear programs


def protect(
    figures: Iterable[Figure],
    values: Sequence[float],
    owners: Sequence[Hashable],
    earlier: Iterable[Figure] = (),
    width: float = WIDTH,
) -> Plan:
    """What to withhold beside the secrets. `values` and `owners` (the unit) by atom; `earlier` is out already."""
    plan = Plan()
    for block in blocks(list(figures), list(earlier)):
        if any(one.secrets for one in (*block.figures, *block.earlier)):
            _protect(block, values, owners, width, plan)
    return plan


# Independent blocks


@dataclass
class Block:
    figures: list[Figure] = field(default_factory=list)
    earlier: list[Figure] = field(default_factory=list)


def blocks(figures: Sequence[Figure], earlier: Sequence[Figure]) -> list[Block]:
    """Figures that share no atom, not even through others, tell nothing of each other: each block is solved apart.

    A block of nothing but what is out already is left out: nothing can be done about it."""
    leader: dict[int, int] = {}

    def find(atom: int) -> int:
        leader.setdefault(atom, atom)
        while leader[atom] != atom:
            leader[atom] = leader[leader[atom]]
            atom = leader[atom]
        return atom

    for one in (*figures, *earlier):
        atoms = [atom for each in one.sums for atom in each]
        for atom in atoms:
            leader[find(atom)] = find(atoms[0])
    found: dict[int, Block] = {}
    for one in figures:
        if (first := next((atom for atoms in one.sums for atom in atoms), None)) is not None:
            found.setdefault(find(first), Block()).figures.append(one)
    for one in earlier:
        first = next((atom for atoms in one.sums for atom in atoms), None)
        if first is not None and (block := found.get(find(first))):
            block.earlier.append(one)
    return list(found.values())


def _protect(block: Block, values: Sequence[float], owners: Sequence[Hashable], width: float, plan: Plan) -> None:
    order = sorted(block.figures, key=lambda one: one.place)
    secrets: dict[Atoms, list[Key]] = {}
    for one in (*order, *block.earlier):
        for secret in one.secrets:
            secrets.setdefault(secret, []).append(one.key)
    plan.secrets += len(secrets)
    out = _by_equality(order, block.earlier, secrets, plan)
    shown = [one for one in order if one.key not in plan.withheld]
    room = Room([*block.earlier, *shown], values, owners)
    both: _Both | None = None
    for secret, keys in secrets.items():
        if not plan.told.isdisjoint(keys) or room.width(secret) >= width:
            continue
        both = both or _attackers(order, shown, out, block.earlier, secrets, values, owners, width, plan)
        _widen(both, keys, secret, owners)
    if both:
        plan.solved += both.attack.solved + both.near.solved + (both.before.solved if both.before else 0)


def _attackers(
    order: Sequence[Figure], shown: Sequence[Figure], out: set[Key], earlier: Sequence[Figure], secrets: Iterable[Atoms],
    values: Sequence[float], owners: Sequence[Hashable], width: float, plan: Plan,
) -> "_Both":  # fmt: skip
    every = list(secrets)
    said = [*earlier, *(one for one in shown if one.key in out)]
    asked = [one for one in shown if one.key not in out]
    attack = Attack(asked, said, every, values, owners)
    before = Attack([], earlier, every, values, owners) if earlier else None
    near = Near(neighbourhoods([one.sums for one in order], owners), asked, said, every, values, owners)
    return _Both(attack, before, near, width, plan)


def _by_equality(order: Sequence[Figure], earlier: Sequence[Figure], secrets: dict[Atoms, list[Key]], plan: Plan) -> set[Key]:
    """Withhold what would tell a secret outright. Answers the figures that say no more than what is out already."""
    span = Span(secrets)
    for told in earlier:
        span.add(told.rows)
    for keys, rest in zip(secrets.values(), span.secrets, strict=True):
        if not rest:
            plan.told.update(keys)
    nearly = {one for told in earlier for one in told.nearly}
    out = {one.key for one in order if earlier and not span.new(one.rows) and nearly.issuperset(one.nearly)}
    for one in order:
        new = span.new(one.rows)
        if span.would_tell(new):
            plan.withheld.add(one.key)
        else:
            span.take(new)
    return out


@dataclass
class _Both:
    """Who attacks now, and who could before: what was known already cannot be taken back, and nothing is withheld for it."""

    attack: Attack
    before: Attack | None
    near: Near
    width: float
    plan: Plan

    def wide_enough(self, secret: Atoms, insider: Hashable) -> float:
        return min(self.width, self.before.seen(secret, self.width, insider).width) if self.before else self.width

    def withhold(self, key: Key) -> None:
        self.plan.withheld.add(key)
        self.attack.withhold(key)
        self.near.withhold(key)


def _widen(both: _Both, keys: Sequence[Key], secret: Atoms, owners: Sequence[Hashable]) -> None:
    """Withhold until nobody can say what the secret is: neither a stranger, nor any one unit that knows its own.

    A unit whose own counts are the same in two worlds between which the secret differs by enough is no danger: of the units, only
    those that had to give way to the secret are asked.
    """
    asked = both.near.dangers(secret, both.width)
    if asked is None:
        asked = set(_hide(both, keys, secret, None).moved - {owners[atom] for atom in secret})
    while asked:
        unit = min(asked, key=str)
        asked.remove(unit)
        seen = _hide(both, keys, secret, unit)
        if seen.is_wide:
            asked &= seen.moved


def _hide(both: _Both, keys: Sequence[Key], secret: Atoms, insider: Hashable) -> Seen:
    enough: float | None = None
    while not (seen := both.attack.seen(secret, both.width, insider)).is_wide:
        if enough is None:
            enough = both.wide_enough(secret, insider)
        if seen.width >= enough - EXACT:
            break
        given = both.attack.least_valuable(seen)
        if given is None:
            both.plan.told.update(keys)
            break
        both.withhold(given)
    return seen
