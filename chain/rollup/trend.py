"""A figure through the years: the same round of each year, its uncertainty, and the limits that the years themselves set."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import sqrt

from chain.result.rules import Indicator
from chain.rollup import rules
from chain.rollup.rules import SMALL_GROUP, Sum

FEWEST = 5  # points: fewer are dots, and nothing is said of them
ENOUGH = 12  # points: from here on the limits are limits; before that they are preliminary
SIGMAS = 2.66  # times the mean moving range: three standard deviations, as XmR charts have it
NORMAL = 1.959963984540054  # 95 % of a normal distribution lies within so many standard deviations


@dataclass(frozen=True)
class Point:
    """A year's value: per cent, or a mean's own unit. `value` is absent where there is none; `low` and `high` where no chance
    is reckoned, as of means and hours.

    `n` is what it was worked out of; so many units tell of it of so many expected.
    """

    label: str
    value: float | None = None
    n: int = 0
    telling: int = 0
    expected: int = 0
    low: float | None = None
    high: float | None = None
    said: str = ""  # the value with what it rests on, as it stands in a table: “84 % (21 av 25)”
    short: str = ""  # and beside its dot

    @property
    def solid(self) -> bool:
        """Whether every unit tells, of so many that the value says something."""
        return self.telling >= self.expected and self.n >= SMALL_GROUP


@dataclass(frozen=True)
class Limits:
    """What the years' own variation gives: mean ± 2.66 · mean moving range. `preliminary` while the points are few."""

    mean: float
    low: float
    high: float
    preliminary: bool

    def outside(self, value: float) -> bool:
        return not self.preliminary and not self.low <= value <= self.high


def share(label: str, k: int, n: int, telling: int = 0, expected: int = 0) -> Point:
    """A year's share in per cent, with its uncertainty."""
    if n == 0:
        return Point(label, telling=telling, expected=expected)
    low, high = uncertainty(k, n)
    words = rules.said(k, n)
    return Point(label, 100 * k / n, n, telling, expected, 100 * low, 100 * high, words, words.partition(" (")[0])


def plain(label: str, row: Sum, measure: Indicator, expected: int = 0) -> Point:
    """A year's mean, or its share of hours: of so many people, and no chance is reckoned on it."""
    if measure.kind == "count":
        return count(label, float(Fraction(row.total, 10**measure.decimals)), rules.value(row, measure), row.units, expected)
    share = Fraction(100 * row.k, row.n) if row.n else None
    value = measure.mean(row.n, row.total) if measure.kind == "mean" else share
    if value is None:
        return Point(label, telling=row.units, expected=expected)
    words, n = rules.value(row, measure), rules.rests_on(row, measure)
    return Point(label, float(value), n, row.units, expected, said=words, short=words.partition(" (")[0])


def count(label: str, value: float, said: str, telling: int = 0, expected: int = 0) -> Point:
    """A year's count. It is of nobody: whether it is whole is a matter of coverage alone."""
    return Point(label, value, SMALL_GROUP, telling, expected, said=said, short=said)


def uncertainty(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: how far it could be from what it would be with many more pupils."""
    middle, spread = k + NORMAL**2 / 2, NORMAL * sqrt(k * (n - k) / n + NORMAL**2 / 4)
    return max(0.0, (middle - spread) / (n + NORMAL**2)), min(1.0, (middle + spread) / (n + NORMAL**2))


def limits(values: Sequence[float], floor: float | None = None, ceiling: float | None = None) -> Limits | None:
    """XmR limits of the values in order; None below five. They weigh the years alike, and are no rate of anybody's."""
    if len(values) < FEWEST:
        return None
    mean = sum(values) / len(values)
    moved = sum(abs(after - before) for before, after in pairwise(values)) / (len(values) - 1)
    low, high = mean - SIGMAS * moved, mean + SIGMAS * moved
    if floor is not None:
        low = max(floor, low)
    if ceiling is not None:
        high = min(ceiling, high)
    return Limits(mean, low, high, len(values) < ENOUGH)
