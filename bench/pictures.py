"""Pictures against bare matplotlib, and kept ones against drawn ones."""

import time
from collections.abc import Iterator
from fractions import Fraction
from random import Random

from bench import baselines
from bench.sides import Bench, Result
from chain.rollup import charts, funnel, gallery_units, trend
from chain.rollup.funnel import Dot
from chain.rollup.motifs import FunnelPicture, SmallPicture
from chain.rollup.trend import Point


def chart(bench: Bench) -> Iterator[Result]:
    """A funnel of sixty units drawn by us against bare matplotlib drawing the same."""
    picture, small = _funnel(), _small()
    spots = [(spot.n, spot.value, spot.flagged) for spot in picture.spots]
    words = [picture.rate_name, picture.thin_name, picture.flag_name, *(spot.name for spot in picture.spots if spot.flagged)]
    bare = baselines.funnel(spots, picture.lines, picture.rate, words)
    size, started = len(charts.svg(picture)), time.perf_counter()
    charts.draw(small)
    took = 1000 * (time.perf_counter() - started)
    said = f"{len(spots)} units, {size / 1000:.0f} kB; {len(small.series)} small ones of ten years {took:.0f} ms"
    yield bench.result("chart", 1.3, lambda: charts.draw(picture), bare, said)


def chart_cached(bench: Bench) -> Iterator[Result]:
    """The same funnel taken from what has been drawn against drawn anew."""
    picture = _funnel()
    yield bench.result("chart_cached", 0.01, lambda: charts.svg(picture), lambda: charts.draw(picture), "the same picture, kept")


def _funnel() -> FunnelPicture:
    random, rate = Random(2026), Fraction(22, 25)
    sizes = [random.randint(12, 150) for _unit in range(60)]
    dots = [Dot(f"Skola {n}", sum(random.random() < 0.88 for _pupil in range(n)), n, f"{place}") for place, n in enumerate(sizes)]
    made = funnel.made([*dots, Dot("Norrskolan", 30, 60, "odd")], rate)
    return gallery_units.funnel_picture(made, ("Tratt", "Bedömda", "Andel", "88 %"), "Sextio enheter.")


def _small() -> SmallPicture:
    random = Random(2026)

    def points() -> tuple[Point, ...]:
        return tuple(trend.share(f"{year}/{(year + 1) % 100}", random.randint(60, 80), 80) for year in range(2017, 2027))

    return SmallPicture("Alla ämnen", "Tjugo ämnen.", tuple((f"Ämne {place}", points()) for place in range(20)))
