"""A funnel: exact binomial limits around a rate, which units lie outside them, and what is done when too many do."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt

from chain.result import rules as measured

THIN, FLAG = 0.025, float(measured.TAIL)  # in each tail: 95 % is drawn and never flagged, 99.8 % is asked about
TIE = 1e-9  # nearer than this to the limit, whole numbers decide
FEWEST = measured.FEWEST  # pupils: a smaller unit is drawn hollow, and neither compared nor flagged
FEWEST_UNITS = 3  # fewer are no funnel
MOST_OUTSIDE = Fraction(1, 10)  # of the units: more outside is no longer chance about one rate
TRIMMED = 0.1  # of the units, at either end, are drawn in before the spread is measured


@dataclass(frozen=True)
class Dot:
    """A unit: `k` of `n`."""

    name: str
    k: int
    n: int
    public_id: str = ""


@dataclass(frozen=True)
class Funnel:
    """Units around one rate. `stretch` is 1, or how much wider the limits are because the units differ more than chance."""

    rate: Fraction
    dots: tuple[Dot, ...]
    stretch: float
    before: int  # how many lay outside before the limits were widened

    @property
    def compared(self) -> list[Dot]:
        return [dot for dot in self.dots if dot.n >= FEWEST]

    @property
    def flagged(self) -> list[Dot]:
        return [dot for dot in self.compared if outside(dot.k, dot.n, self.rate, self.stretch)]

    def limits(self, n: int, tail: float = FLAG) -> tuple[float, float]:
        """The limits at n pupils, in pupils: whoever lies outside them is rarer than the tail. Within 0 and n."""
        mean, (low, high) = n * self.rate, line(n, float(self.rate), tail)
        low, high = (float(mean) + (limit - float(mean)) * self.stretch for limit in (low, high))
        return max(0.0, low), min(float(n), high)

    def spared(self, n: int) -> tuple[int, int]:
        """The fewest and the most of n that are not flagged."""
        if self.stretch == 1:
            return inside(n, float(self.rate), FLAG)
        low, high = self.limits(n)
        return -int(-low // 1), int(high)


def made(dots: Iterable[Dot], rate: Fraction) -> Funnel:
    """A funnel of units around a rate. Its limits are widened where more than a tenth of the units, and more than one, lie
    outside: then they do not share one rate, and each of them outside says little about itself (Spiegelhalter 2005).
    One alone is no spread: it is the one that stands out."""
    funnel = Funnel(rate, tuple(dots), 1.0, 0)
    out, compared = len(funnel.flagged), funnel.compared
    if out < 2 or out <= MOST_OUTSIDE * len(compared):
        return Funnel(rate, funnel.dots, 1.0, out)
    return Funnel(rate, funnel.dots, max(1.0, sqrt(dispersion(compared, rate))), out)


def enough(dots: Iterable[Dot]) -> bool:
    """Whether there are so many units that can be compared that a funnel says something."""
    return sum(dot.n >= FEWEST for dot in dots) >= FEWEST_UNITS


def dispersion(dots: Iterable[Dot], rate: Fraction) -> float:
    """How many times more than chance the units spread: the mean of z², the outermost tenth at either end drawn in."""
    p = float(rate)
    if not 0 < p < 1:
        return 1.0
    scores = sorted((dot.k - dot.n * p) / sqrt(dot.n * p * (1 - p)) for dot in dots)
    cut = int(len(scores) * TRIMMED)
    low, high = scores[cut], scores[-1 - cut]
    return sum(min(max(score, low), high) ** 2 for score in scores) / len(scores)


# Exact limits


def outside(k: int, n: int, rate: Fraction, stretch: float = 1.0) -> bool:
    """Whether k of n lies outside the limits of 99.8 % around a rate: at most one in a thousand in the tail on either side."""
    if not 0 < rate < 1:
        return k != n * rate
    if stretch > 1:
        mean, (low, high) = float(n * rate), line(n, float(rate), FLAG)
        return not mean - (mean - low) * stretch <= k <= mean + (high - mean) * stretch
    tail = min(at_most(k, n, float(rate)), at_least(k, n, float(rate)))
    return measured.unlikely(k, n, rate) if abs(tail - FLAG) < TIE else tail < FLAG


def at_most(k: int, n: int, p: float) -> float:
    """P(X ≤ k) of a binomial: summed from k downwards, where the terms only fall."""
    if k < 0:
        return 0.0
    if k >= n:
        return 1.0
    if k > n * p:
        return 1.0 - at_least(k + 1, n, p)
    term = total = _chance(k, n, p)
    odds = (1.0 - p) / p
    while k > 0 and term > total * 1e-17:
        term *= k * odds / (n - k + 1)
        total += term
        k -= 1
    return total


def at_least(k: int, n: int, p: float) -> float:
    """P(X ≥ k)."""
    return at_most(n - k, n, 1.0 - p)


def _chance(k: int, n: int, p: float) -> float:
    """P(X = k)."""
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p))


def inside(n: int, p: float, tail: float) -> tuple[int, int]:
    """The fewest and the most of n whose tail is no rarer: scipy's binom.ppf(tail) and binom.isf(tail)."""
    return _fewest(n, p, tail)[0], n - _fewest(n, 1.0 - p, tail)[0]


def line(n: int, p: float, tail: float) -> tuple[float, float]:
    """The limits between whole pupils, so that lines are smooth: a count lies outside them exactly when its tail is rarer.

    Spiegelhalter's interpolation, mirrored for the upper limit. Taken as it is printed it puts that one a pupil too low.
    """
    return _between(n, p, tail), n - _between(n, 1.0 - p, tail)


def _between(n: int, p: float, tail: float) -> float:
    fewest, under, upto = _fewest(n, p, tail)
    return fewest - 1 + (tail - under) / (upto - under)


@lru_cache(maxsize=10_000)
def _fewest(n: int, p: float, tail: float) -> tuple[int, float, float]:
    """The smallest count with P(X ≤ count) ≥ tail, with the probability of being under it and of being at most it."""
    if p <= 0 or n == 0:
        return 0, 0.0, 1.0
    if p >= 1:
        return n, 0.0, 1.0
    k = max(0, int(n * p - 3 * sqrt(n * p * (1 - p))))
    while k > 0 and at_most(k - 1, n, p) >= tail:
        k -= 1
    upto = at_most(k, n, p)
    while upto < tail:
        k += 1
        upto = at_most(k, n, p)
    return k, at_most(k - 1, n, p), upto
