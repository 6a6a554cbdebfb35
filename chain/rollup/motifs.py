"""What a picture is drawn from: plain frozen data, in the reader's words, that knows nothing of where the figures come from."""

from dataclasses import dataclass

from chain.result.rules import Scale
from chain.rollup.trend import Limits, Point

SHADES = 5  # of the steps that pass


@dataclass(frozen=True)
class Spot:
    """A unit in a funnel: so many pupils, so many per cent. `compared` is false for a small group."""

    name: str
    n: int
    value: float
    compared: bool
    flagged: bool


@dataclass(frozen=True)
class FunnelPicture:
    """`lines` hold (n, low and high of 95 %, low and high of 99.8 %) in per cent, from the smallest n to the largest."""

    title: str
    description: str
    across: str
    up: str
    rate: float
    rate_name: str
    thin_name: str
    flag_name: str
    spots: tuple[Spot, ...]
    lines: tuple[tuple[float, float, float, float, float], ...]


@dataclass(frozen=True)
class TrendPicture:
    """A value through the years. `floor` and `ceiling` are those of the measure: 0 and 100 for per cent, none for a mean."""

    title: str
    description: str
    up: str
    points: tuple[Point, ...]
    limits: Limits | None
    floor: float | None = 0.0
    ceiling: float | None = 100.0
    mark: str = ","  # of decimals, in the reader's language


@dataclass(frozen=True)
class CountPicture:
    """How many, a bar a year, from zero; a hollow bar where not every unit tells."""

    title: str
    description: str
    up: str
    points: tuple[Point, ...]
    mark: str = ","


@dataclass(frozen=True)
class Step:
    """A step of a scale and the class that colours it: step-1 to step-5, fail or none."""

    symbol: str
    colour: str


def steps(scale: Scale, language: str) -> tuple[Step, ...]:
    """A scale's steps with their colours: those that pass from dark to light, the best first."""
    ramp = [one.key for one in scale.steps if one.meaning == "pass"] or [one.key for one in reversed(scale.steps)]
    shade = {key: f"step-{1 + place * (SHADES - 1) // max(1, len(ramp) - 1)}" for place, key in enumerate(ramp)}
    return tuple(Step(one.sign(language), shade.get(one.key, "fail" if one.meaning == "fail" else "none")) for one in scale.steps)


@dataclass(frozen=True)
class Bar:
    """A row of a distribution: so many on each step."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class StackPicture:
    title: str
    description: str
    steps: tuple[Step, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Pair:
    """A row of two values of different measurements, in per cent; either may be absent."""

    label: str
    first: float | None
    second: float | None


@dataclass(frozen=True)
class PairPicture:
    """Rows of two values; where `first_name` is empty, of one alone."""

    title: str
    description: str
    first_name: str
    second_name: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class SmallPicture:
    """One small picture a row of `series`: (name, points), all with the same years and the same scale."""

    title: str
    description: str
    series: tuple[tuple[str, tuple[Point, ...]], ...]
    floor: float | None = 0.0
    ceiling: float | None = 100.0
    mark: str = ","


@dataclass(frozen=True)
class Spotted:
    """A row of one value, said as it was printed; where there is none, the sign that stands in its place."""

    label: str
    value: float | None
    said: str
    own: bool = False


@dataclass(frozen=True)
class PlacesPicture:
    """Rows of one value each, in the order in which they are to stand; one's own is solid."""

    title: str
    description: str
    rows: tuple[Spotted, ...]
    ceiling: float | None = 100.0
    mark: str = ","


@dataclass(frozen=True)
class Stood:
    """A row: what a share is now, how uncertain it is, and what it was. Where it is not told, `now.short` stands in its place."""

    label: str
    now: Point
    before: tuple[Point, ...]


@dataclass(frozen=True)
class StoodPicture:
    """Rows of a share in per cent now among what it was in earlier years."""

    title: str
    description: str
    rows: tuple[Stood, ...]


Picture = FunnelPicture | TrendPicture | StackPicture | PairPicture | SmallPicture | PlacesPicture | CountPicture | StoodPicture
