"""Draws units around a rate, from plain data."""

from collections.abc import Sequence
from typing import Any

from chain.rollup import canvas
from chain.rollup.canvas import INK, MARK, SOFT, TEXT
from chain.rollup.motifs import FunnelPicture

MOST_NAMED = 6  # units named in a picture; beside it stand all of them


def funnel(picture: FunnelPicture) -> Any:
    figure, axes = canvas.figure(284, 50, 54, 28, 48)
    most = max(spot.n for spot in picture.spots)
    axes.set_xlim(0, picture.lines[-1][0])
    least = min((spot.n for spot in picture.spots if spot.compared), default=most)
    near = [line[3] for line in picture.lines if line[0] >= least]  # the lines of smaller units than there are may leave below
    low, high, ticks = canvas.span(
        [*(spot.value for spot in picture.spots), *near, picture.rate, max(line[4] for line in picture.lines)], 0, 100
    )
    canvas.scale(axes, low, high, ticks, " %")
    axes.xaxis.set_major_locator(canvas.library().ticker.MaxNLocator(5, integer=True))
    last = picture.lines[-1]
    for place in (1, 2, 3, 4):
        along = [(line[0], line[place]) for line in picture.lines if line[place] >= low]
        canvas.lines(axes, [along], *((SOFT, 1.0, (0, (3, 3))) if place < 3 else (INK, 1.2, "solid")))
    canvas.lines(axes, [[(0, picture.rate), (last[0], picture.rate)]], MARK, 1.4)
    edge = last[0] + most * 0.02
    _beside(
        axes, edge, [(picture.rate, picture.rate_name), (last[1], picture.thin_name), (last[3], picture.flag_name)], high - low
    )
    few = [(spot.n, spot.value) for spot in picture.spots if not spot.compared]
    canvas.dots(axes, few, 26, hollow=True)
    canvas.dots(axes, [(spot.n, spot.value) for spot in picture.spots if spot.compared and not spot.flagged], 40)
    flagged = [spot for spot in picture.spots if spot.flagged]
    canvas.dots(axes, [(spot.n, spot.value) for spot in flagged], 80, "D")
    for spot in flagged[:MOST_NAMED]:
        left = spot.n > most / 2
        canvas.say(
            axes, spot.n + (-1 if left else 1) * most * 0.03, spot.value, spot.name, ha="right" if left else "left", va="center"
        )
    canvas.say(axes, 0, axes.get_ylim()[1] + (high - low) * 0.05, picture.up, SOFT, ha="left", va="bottom")
    axes.set_xlabel(picture.across, color=SOFT, fontsize=TEXT, labelpad=4)
    return figure


def _beside(axes: Any, x: float, names: Sequence[tuple[float, str]], height: float) -> None:
    """Names at the right end of their lines, moved apart where they would stand on each other."""
    gap, free = height * 0.075, float("inf")
    for y, name in sorted(names, reverse=True):
        free = min(y, free - gap)
        canvas.say(axes, x, free, name, SOFT, ha="left", va="center")
