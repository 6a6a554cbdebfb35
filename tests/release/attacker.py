"""Somebody who works out what a release withholds: knows the rules, every number shown, and perhaps one unit's own pupils.

Shares no code with what protects: counts instead of how far they are from the truth, each outcome of each indicator by itself,
equations with fractions. Where two indicators count the same pupils the attacker knows so, and that a share is a sum of steps.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import highspy
import numpy as np
from highspy.highs import _Highs

Sum = Mapping[Hashable, int]  # unknown → how many times


@dataclass
class Attacker:
    """Unknown counts, none below zero, and what is known of their sums: at least, at most."""

    known: list[tuple[Sum, float, float]] = field(default_factory=list)
    whose: dict[Hashable, Hashable] = field(default_factory=dict)
    true: dict[Hashable, float] = field(default_factory=dict)

    def count(self, name: Hashable, true: float, whose: Hashable) -> Hashable:
        self.true.setdefault(name, true)
        self.whose.setdefault(name, whose)
        return name

    def learns(self, names: Iterable[Hashable] | Sum, least: float, most: float) -> None:
        known = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, 1)
        assert least - 1e-6 <= sum(times * self.true[name] for name, times in known.items()) <= most + 1e-6, "that is not true"
        self.known.append((known, least, most))

    def exactly(self, names: Iterable[Hashable] | Sum) -> None:
        known = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, 1)
        true = sum(times * self.true[name] for name, times in known.items())
        self.learns(known, true, true)

    # What can be worked out

    def spans(self, secrets: Iterable[frozenset[Hashable]], insiders: Iterable[Hashable]) -> dict[Any, float]:
        """How closely each secret can be said: most minus least, by (secret, insider or None)."""
        program, found = Program(self), {}
        for secret in secrets:
            mine = {self.whose[name] for name in secret}
            for insider in (None, *(one for one in insiders if one not in mine)):
                found[secret, insider] = program.span(secret, insider)
        return found

    def equal(self, secrets: Iterable[frozenset[Hashable]]) -> set[frozenset[Hashable]]:
        """The secrets that follow by addition and subtraction alone, in fractions."""
        order = {name: n for n, name in enumerate(self.true)}
        rows = [
            {order[name]: Fraction(times) for name, times in known.items()} for known, least, most in self.known if least == most
        ]
        reduced: dict[int, dict[int, Fraction]] = {}
        for row in rows:
            _reduce(row, reduced)
            if row:
                pivot = min(row)
                reduced[pivot] = {place: value / row[pivot] for place, value in row.items()}
        found = set()
        for secret in secrets:
            rest = {order[name]: Fraction(1) for name in secret}
            _reduce(rest, reduced)
            if not rest:
                found.add(secret)
        return found


def _reduce(row: dict[int, Fraction], reduced: Mapping[int, Mapping[int, Fraction]]) -> None:
    while pivots := [place for place in row if place in reduced]:
        place = min(pivots)
        times = row[place]
        for other, value in reduced[place].items():
            left = row.get(other, Fraction(0)) - times * value
            if left:
                row[other] = left
            else:
                row.pop(other, None)


class Program:
    """The least and the most of a sum, of all counts that agree with what is known."""

    def __init__(self, attacker: Attacker) -> None:
        self._attacker, self._place = attacker, {name: n for n, name in enumerate(attacker.true)}
        many = len(self._place)
        self._solver = _Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        self._solver.addVars(many, np.zeros(many), np.full(many, 1e6))
        for known, least, most in attacker.known:
            self._solver.addRow(
                least, most, len(known), [self._place[name] for name in known], [float(one) for one in known.values()]
            )

    def span(self, secret: frozenset[Hashable], insider: Hashable | None) -> float:
        """The most minus the least."""
        least, most = self.ends(secret, insider)
        return most - least

    def ends(self, secret: frozenset[Hashable], insider: Hashable | None) -> tuple[float, float]:
        """The least and the most."""
        own = [name for name, whose in self._attacker.whose.items() if insider is not None and whose == insider]
        for name in own:
            self._solver.changeColBounds(self._place[name], self._attacker.true[name], self._attacker.true[name])
        ends = []
        for times in (1.0, -1.0):
            for name in secret:
                self._solver.changeColCost(self._place[name], times)
            self._solver.run()
            assert self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, self._solver.getModelStatus()
            ends.append(times * self._solver.getInfo().objective_function_value)
        for name in secret:
            self._solver.changeColCost(self._place[name], 0.0)
        for name in own:
            self._solver.changeColBounds(self._place[name], 0.0, 1e6)
        return float(ends[0]), float(ends[1])


def whole_numbers(attacker: Attacker, secret: frozenset[Hashable]) -> int:
    """As `span`, by somebody who knows that pupils are whole: as few, and as many, as can be."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    place = {name: n for n, name in enumerate(attacker.true)}
    rows = np.zeros((len(attacker.known), len(place)))
    for n, (known, _least, _most) in enumerate(attacker.known):
        for name, times in known.items():
            rows[n, place[name]] = times
    constraint = LinearConstraint(rows, [least for _k, least, _m in attacker.known], [most for _k, _l, most in attacker.known])
    cost = np.zeros(len(place))
    for name in secret:
        cost[place[name]] = 1
    ends = []
    for times in (1, -1):
        found = milp(times * cost, constraints=constraint, integrality=np.ones(len(place)), bounds=Bounds(0, 10_000))
        assert found.success, found.message
        ends.append(times * found.fun)
    return round(ends[1] - ends[0])
