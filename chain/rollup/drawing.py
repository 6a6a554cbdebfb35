"""Draws with matplotlib, from plain data: each kind of picture by its own module."""

from collections.abc import Callable
from typing import Any

from chain.rollup import drawing_funnel, drawing_rows, drawing_years
from chain.rollup.motifs import (
    CountPicture,
    FunnelPicture,
    PairPicture,
    Picture,
    PlacesPicture,
    SmallPicture,
    StackPicture,
    StoodPicture,
    TrendPicture,
)

_DRAWN: dict[type[Picture], Callable[[Any], Any]] = {
    FunnelPicture: drawing_funnel.funnel,
    TrendPicture: drawing_years.trend, SmallPicture: drawing_years.small, CountPicture: drawing_years.counts,
    StackPicture: drawing_rows.stack, PairPicture: drawing_rows.pair, PlacesPicture: drawing_rows.places,
    StoodPicture: drawing_rows.stood,
}  # fmt: skip


def figure(picture: Picture) -> Any:
    """A picture as matplotlib's Figure."""
    return _DRAWN[type(picture)](picture)
