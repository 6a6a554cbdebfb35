"""Draws what happened through the years, from plain data: one value a year, and many small pictures of the kind."""

from textwrap import wrap
from typing import Any

from chain.rollup import canvas
from chain.rollup.canvas import INK, LINE, MARK, SMALLER, SOFT, TEXT
from chain.rollup.motifs import CountPicture, SmallPicture, TrendPicture
from chain.rollup.trend import FEWEST

MOST_SAID = 4  # bars of which each says how many it is; of more the last one alone
LONGEST_ABOVE = 21  # letters of a name on one line above a small picture


def trend(picture: TrendPicture) -> Any:
    figure, axes = canvas.figure(244, 50, 18, 28, 34)
    shown = [(place, point) for place, point in enumerate(picture.points) if point.value is not None]
    edges = [edge for _place, point in shown for edge in (point.value, point.low, point.high) if edge is not None]
    edges += [picture.limits.low, picture.limits.high] if picture.limits else []
    axes.set_xlim(-0.5, max(len(picture.points), 2) - 0.5)
    low, high, ticks = canvas.span(edges, picture.floor, picture.ceiling)
    canvas.scale(axes, low, high, ticks, " %" if picture.ceiling == 100 else "", picture.mark)
    every = max(1, -(-len(picture.points) // 5))
    places = list(range(len(picture.points) - 1, -1, -every))
    axes.set_xticks(places, [picture.points[place].label for place in places])
    left, right = axes.get_xlim()
    if picture.limits:
        dashes: Any = (0, (2, 3)) if picture.limits.preliminary else "solid"
        canvas.lines(
            axes, [[(left, edge), (right, edge)] for edge in (picture.limits.low, picture.limits.high)], INK, 1.1, dashes
        )
        canvas.lines(axes, [[(left, picture.limits.mean), (right, picture.limits.mean)]], SOFT, 0.9)
    canvas.lines(axes, [[(place, point.low), (place, point.high)] for place, point in shown if point.low is not None], MARK, 1.6)
    if len(shown) >= FEWEST:
        canvas.lines(axes, canvas.joined(picture.points), MARK, 1.4)
    for solid in (True, False):
        canvas.dots(axes, [(place, point.value or 0.0) for place, point in shown if point.solid is solid], 52, hollow=not solid)
    if len(shown) < FEWEST:
        for place, point in shown:
            canvas.say(axes, place + 0.12, point.value or 0.0, point.short, ha="left", va="center")
    canvas.say(axes, left, high + (high - low) * 0.06, picture.up, SOFT, ha="left", va="bottom")
    return figure


def counts(picture: CountPicture) -> Any:
    figure, axes = canvas.figure(224, 74, 18, 28, 34)
    axes.set_xlim(-0.5, max(len(picture.points), 2) - 0.5)
    values = [point.value for point in picture.points if point.value is not None]
    most = max(values, default=1.0) or 1.0
    step = next((step * 10**power for power in range(12) for step in (1, 2, 5) if most / (step * 10**power) <= 4), most)
    high = step * -(-most // step)
    ticks = [step * place for place in range(int(high / step) + 1)]
    axes.set_ylim(0, high)
    axes.set_yticks(ticks, [spaced(tick, picture.mark) for tick in ticks])
    left, right = axes.get_xlim()
    canvas.lines(axes, [[(left, tick), (right, tick)] for tick in ticks], LINE, 0.8, under=True)
    places = range(len(picture.points) - 1, -1, -max(1, -(-len(picture.points) // 5)))
    axes.set_xticks(list(places), [picture.points[place].label for place in places])
    for place, point in enumerate(picture.points):
        if point.value is not None:
            canvas.bar(axes, place, point.value, hollow=not point.solid)
            if len(picture.points) <= MOST_SAID or place == len(picture.points) - 1:
                canvas.say(axes, place, point.value + high * 0.035, point.short, ha="center", va="bottom", size=SMALLER)
    canvas.say(axes, left, high * 1.1, picture.up, SOFT, ha="left", va="bottom")
    return figure


def spaced(value: float, mark: str) -> str:
    """A number on an axis, its thousands apart as the reader's language has them."""
    apart = "\u00a0" if mark == "," else ","
    return f"{value:,.10g}".replace(",", " ").replace(".", mark).replace(" ", apart)


PANEL, GUTTER = 1.0, 0.16  # of a small picture's own width


def small(picture: SmallPicture) -> Any:
    """Two beside each other in one pair of axes, with ticks of our own: each axes and each tick of matplotlib's takes long."""
    rows = -(-len(picture.series) // 2)
    high_each = 92
    figure, axes = canvas.figure(high_each * rows + 20, 46, 10, 4, 18)
    axes.set_axis_off()
    axes.set_xlim(0, 2 * PANEL + GUTTER)
    axes.set_ylim(rows, 0)
    values = [point.value for _name, points in picture.series for point in points if point.value is not None]
    low, high, _ticks = canvas.span(values, picture.floor, picture.ceiling)
    unit = " %" if picture.ceiling == 100 else ""
    years = max([len(points) for _name, points in picture.series], default=1)
    frames: list[Any] = []
    lines: list[Any] = []
    solid: list[tuple[float, float]] = []
    hollow: list[tuple[float, float]] = []
    for number, (name, points) in enumerate(picture.series):
        row, x0 = number // 2, (number % 2) * (PANEL + GUTTER)

        def at(place: float, value: float, row: int = row, x0: float = x0) -> tuple[float, float]:
            return x0 + (place + 0.5) / years * PANEL, row + 0.92 - 0.54 * (value - low) / (high - low)

        frames += [[(x0, at(0, edge)[1]), (x0 + PANEL, at(0, edge)[1])] for edge in (low, high)]
        above = wrap(name, LONGEST_ABOVE, max_lines=2, placeholder="…", break_long_words=False)
        for line, words in enumerate(above):
            y, size = row + 0.22 - 0.15 * (len(above) - 1 - line), SMALLER if len(above) > 1 else TEXT
            canvas.say(axes, x0, y, words, va="center", size=size)
        if number % 2 == 0:
            for edge in (low, high):
                canvas.say(
                    axes,
                    -0.03,
                    at(0, edge)[1],
                    f"{edge:g}{unit}".replace(".", picture.mark),
                    SOFT,
                    ha="right",
                    va="center",
                    size=SMALLER,
                )
        told = [point for point in points if point.value is not None]
        if len(told) >= FEWEST:
            lines += [[at(place, value) for place, value in line] for line in canvas.joined(points)]
        for place, point in enumerate(points):
            if point.value is not None:
                (solid if point.solid else hollow).append(at(place, point.value))
    canvas.lines(axes, frames, SOFT, 0.5)
    canvas.lines(axes, lines, MARK, 1.3)
    canvas.dots(axes, solid, 24)
    canvas.dots(axes, hollow, 24, hollow=True)
    if picture.series:
        points = picture.series[0][1]
        for x0 in (0.0, PANEL + GUTTER)[: len(picture.series)]:
            ends = ((0, "left"), (len(points) - 1, "right")) if len(points) > 1 else ((0, "left"),)
            for place, side in ends:
                x = x0 if side == "left" else x0 + PANEL
                canvas.say(axes, x, rows + 0.1, points[place].label, SOFT, ha=side, va="center", size=SMALLER)
    return figure
