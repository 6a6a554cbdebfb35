"""Draws with matplotlib, from plain data: its objects only, few ticks, and colours that stand for classes of the style sheet."""

from collections.abc import Callable, Sequence
from functools import cache
from textwrap import shorten, wrap
from typing import Any

from chain.rollup.motifs import FunnelPicture, PairPicture, Picture, SmallPicture, StackPicture, TrendPicture
from chain.rollup.trend import FEWEST, Point

WIDTH = 360  # units; shown somewhat larger on a desk, somewhat smaller on a telephone, readable on both
TEXT, SMALLER = 13.5, 12.0
MOST_NAMED = 6  # units named in a picture; beside it stand all of them
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # between ticks
PERCENT_STEPS, SPAN = (5, 10, 20, 25), 20
LONGEST, LONGEST_ABOVE = 19, 26  # letters of a label on one line, beside its row and above a small picture
NARROWEST = 7.5  # per cent: a narrower step has no room for its number

# What the style sheet colours: each is drawn in a colour that stands for its class.
CLASSES = {
    "ink": "#000001", "soft": "#000002", "mark": "#000003", "sheet": "#000004",
    **{f"step-{place}": f"#00000{place + 4}" for place in range(1, 6)}, "fail": "#00000a", "none": "#00000b",
    **{f"on-step-{place}": f"#00001{place}" for place in range(1, 6)}, "on-fail": "#000016", "on-none": "#000017",
}  # fmt: skip
INK, SOFT, MARK, SHEET = (CLASSES[name] for name in ("ink", "soft", "mark", "sheet"))


@cache
def _matplotlib() -> Any:
    """matplotlib, set once and for all: text stays text, names of parts follow from what they are."""
    import matplotlib

    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "styrkedjan"})
    import matplotlib.collections
    import matplotlib.figure
    import matplotlib.ticker

    return matplotlib


# What they have in common


def _figure(height: float, left: float, right: float, top: float, bottom: float) -> tuple[Any, Any]:
    """An empty figure and its axes; the margins in units."""
    figure = _matplotlib().figure.Figure(figsize=(WIDTH / 72, height / 72))
    figure.patch.set_visible(False)
    wide, high = WIDTH - left - right, height - top - bottom
    axes = figure.add_axes((left / WIDTH, bottom / height, wide / WIDTH, high / height))
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=TEXT, labelcolor=SOFT, pad=4)
    axes.tick_params(axis="x", pad=8)
    return figure, axes


def _say(axes: Any, x: float, y: float, words: str, colour: str = INK, **how: Any) -> None:
    """Words in a picture, taken as they are: a name may hold what matplotlib takes for mathematics."""
    axes.text(x, y, words, color=colour, fontsize=how.pop("size", TEXT), parse_math=False, clip_on=False, **how)


def _lines(axes: Any, segments: Sequence[Any], colour: str, width: float, dashes: Any = "solid") -> None:
    if segments:
        axes.add_collection(
            _matplotlib().collections.LineCollection(
                segments, colors=colour, linewidths=width, linestyles=dashes, capstyle="butt", clip_on=False
            ),
            autolim=False,
        )


def _dots(axes: Any, at: Sequence[tuple[float, float]], size: float, shape: str = "o", hollow: bool = False) -> None:
    if at:
        xs, ys = zip(*at, strict=True)
        face, edge = (SHEET, MARK) if hollow else (MARK, SHEET)
        axes.scatter(xs, ys, s=size, marker=shape, facecolors=face, edgecolors=edge, linewidths=1.2, zorder=3, clip_on=False)


def _scale(axes: Any, low: float, high: float, ticks: Sequence[float], unit: str, mark: str = ",") -> None:
    """The upward axis: few ticks, each with a faint line."""
    axes.set_ylim(low, high)
    axes.set_yticks(list(ticks), [f"{tick:g}{unit}".replace(".", mark) for tick in ticks])
    left, right = axes.get_xlim()
    _lines(axes, [[(left, tick), (right, tick)] for tick in ticks], SOFT, 0.3)


def _range(values: Sequence[float], floor: float | None, ceiling: float | None) -> tuple[float, float, list[float]]:
    """From where to where, and the ticks between: round numbers around the values, never beyond what the measure can be.

    Per cent span twenty at least, and anything else a fifth of itself: a scale that makes a small difference large makes chance
    look large.
    """
    least, most = min(values, default=0.0), max(values, default=100.0)
    steps, span = (PERCENT_STEPS, SPAN) if ceiling == 100 else (STEPS, max(abs(least), abs(most)) * SPAN / 100)
    step = next((one for one in steps if max(most - least, span if steps is STEPS else 0) / one <= 4), steps[-1])
    low, high = (least // step) * step, -((-most) // step) * step
    while high == low or high - low < span:
        if floor is None or low > floor:
            low -= step
        if high - low < span and (ceiling is None or high < ceiling):
            high += step
    return low, high, [round(low + place * step, 6) for place in range(int((high - low) / step + 1e-9) + 1)]


# The pictures


def _funnel(picture: FunnelPicture) -> Any:
    figure, axes = _figure(284, 50, 54, 28, 48)
    most = max(spot.n for spot in picture.spots)
    axes.set_xlim(0, picture.lines[-1][0])
    least = min((spot.n for spot in picture.spots if spot.compared), default=most)
    near = [line[3] for line in picture.lines if line[0] >= least]  # the lines of smaller units than there are may leave below
    low, high, ticks = _range(
        [*(spot.value for spot in picture.spots), *near, picture.rate, max(line[4] for line in picture.lines)], 0, 100
    )
    _scale(axes, low, high, ticks, " %")
    axes.xaxis.set_major_locator(_matplotlib().ticker.MaxNLocator(5, integer=True))
    last = picture.lines[-1]
    for place in (1, 2, 3, 4):
        along = [(line[0], line[place]) for line in picture.lines if line[place] >= low]
        _lines(axes, [along], *((SOFT, 1.0, (0, (3, 3))) if place < 3 else (INK, 1.2, "solid")))
    _lines(axes, [[(0, picture.rate), (last[0], picture.rate)]], MARK, 1.4)
    edge = last[0] + most * 0.02
    _beside(
        axes, edge, [(picture.rate, picture.rate_name), (last[1], picture.thin_name), (last[3], picture.flag_name)], high - low
    )
    few = [(spot.n, spot.value) for spot in picture.spots if not spot.compared]
    _dots(axes, few, 26, hollow=True)
    _dots(axes, [(spot.n, spot.value) for spot in picture.spots if spot.compared and not spot.flagged], 40)
    flagged = [spot for spot in picture.spots if spot.flagged]
    _dots(axes, [(spot.n, spot.value) for spot in flagged], 80, "D")
    for spot in flagged[:MOST_NAMED]:
        left = spot.n > most / 2
        _say(axes, spot.n + (-1 if left else 1) * most * 0.03, spot.value, spot.name, ha="right" if left else "left", va="center")
    _say(axes, 0, axes.get_ylim()[1] + (high - low) * 0.05, picture.up, SOFT, ha="left", va="bottom")
    axes.set_xlabel(picture.across, color=SOFT, fontsize=TEXT, labelpad=4)
    return figure


def _beside(axes: Any, x: float, names: Sequence[tuple[float, str]], height: float) -> None:
    """Names at the right end of their lines, moved apart where they would stand on each other."""
    gap, free = height * 0.075, float("inf")
    for y, name in sorted(names, reverse=True):
        free = min(y, free - gap)
        _say(axes, x, free, name, SOFT, ha="left", va="center")


def _trend(picture: TrendPicture) -> Any:
    figure, axes = _figure(244, 50, 18, 28, 34)
    shown = [(place, point) for place, point in enumerate(picture.points) if point.value is not None]
    edges = [edge for _place, point in shown for edge in (point.value, point.low, point.high) if edge is not None]
    edges += [picture.limits.low, picture.limits.high] if picture.limits else []
    axes.set_xlim(-0.5, max(len(picture.points), 2) - 0.5)
    low, high, ticks = _range(edges, picture.floor, picture.ceiling)
    _scale(axes, low, high, ticks, " %" if picture.ceiling == 100 else "", picture.mark)
    every = max(1, -(-len(picture.points) // 5))
    places = list(range(len(picture.points) - 1, -1, -every))
    axes.set_xticks(places, [picture.points[place].label for place in places])
    left, right = axes.get_xlim()
    if picture.limits:
        dashes: Any = (0, (2, 3)) if picture.limits.preliminary else "solid"
        _lines(axes, [[(left, edge), (right, edge)] for edge in (picture.limits.low, picture.limits.high)], INK, 1.1, dashes)
        _lines(axes, [[(left, picture.limits.mean), (right, picture.limits.mean)]], SOFT, 0.9)
    _lines(axes, [[(place, point.low), (place, point.high)] for place, point in shown if point.low is not None], MARK, 1.6)
    if len(shown) >= FEWEST:
        _lines(axes, _joined(picture.points), MARK, 1.4)
    for solid in (True, False):
        _dots(axes, [(place, point.value or 0.0) for place, point in shown if point.solid is solid], 52, hollow=not solid)
    if len(shown) < FEWEST:
        for place, point in shown:
            _say(axes, place + 0.12, point.value or 0.0, point.short, ha="left", va="center")
    _say(axes, left, high + (high - low) * 0.06, picture.up, SOFT, ha="left", va="bottom")
    return figure


def _joined(points: Sequence[Point]) -> list[list[tuple[float, float]]]:
    """The dots as lines, broken where a year is missing."""
    lines: list[list[tuple[float, float]]] = [[]]
    for place, point in enumerate(points):
        if point.value is None:
            lines.append([])
        else:
            lines[-1].append((place, point.value))
    return [line for line in lines if len(line) > 1]


def _stack(picture: StackPicture) -> Any:
    left, row = _room([bar.label for bar in picture.bars]), 32
    figure, axes = _figure(row * len(picture.bars) + 34, left, 12, 30, 4)
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(len(picture.bars) - 0.5, -0.5)
    wide = 100 / max(7, len(picture.steps))
    for place, step in enumerate(picture.steps):
        _box(axes, place * wide, -0.98, 5, 0.36, step.colour)
        _say(axes, place * wide + 6.2, -0.8, step.symbol, va="center")
    for row_at, bar in enumerate(picture.bars):
        n, start = sum(bar.counts), 0.0
        _name(axes, -2.5, row_at, bar.label)
        for step, count in zip(picture.steps, bar.counts, strict=True):
            share = 100 * count / n if n else 0.0
            if count:
                _box(axes, start, row_at - 0.36, share, 0.72, step.colour)
            if share >= NARROWEST:
                said = f"{(200 * count + n) // (2 * n)}"
                _say(axes, start + share / 2, row_at, said, CLASSES[f"on-{step.colour}"], ha="center", va="center")
            start += share
    return figure


def _room(labels: Sequence[str]) -> float:
    """Units that the longest of the labels takes, on two lines where it is long."""
    return 14 + 6.8 * max((len(line) for label in labels for line in _folded(label)), default=0)


def _folded(label: str) -> list[str]:
    """On two lines where one would take the room from what it names."""
    return wrap(label, LONGEST, max_lines=2, placeholder="…", break_long_words=False) or [""]


def _name(axes: Any, x: float, row: float, label: str) -> None:
    """A row's name at its left. Each line by itself: matplotlib would place several by the widths of its own font."""
    lines = _folded(label)
    for place, line in enumerate(lines):
        y, size = row + 0.4 * (place - (len(lines) - 1) / 2), TEXT if len(lines) == 1 else SMALLER
        _say(axes, x, y, line, ha="right", va="center", size=size)


def _box(axes: Any, x: float, y: float, wide: float, high: float, colour: str) -> None:
    corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    axes.add_collection(
        _matplotlib().collections.PolyCollection(
            [corners], facecolors=CLASSES[colour], edgecolors=SHEET, linewidths=1, clip_on=False
        ),
        autolim=False,
    )


def _pair(picture: PairPicture) -> Any:
    left, row, top = _room([pair.label for pair in picture.pairs]), 32, 36 if picture.first_name else 6
    figure, axes = _figure(row * len(picture.pairs) + 30 + top, left, 18, top, 30)
    values = [value for pair in picture.pairs for value in (pair.first, pair.second) if value is not None]
    low, high, ticks = _range(values, 0, 100)
    axes.set_xlim(low, high)
    axes.set_ylim(len(picture.pairs) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks(ticks, [f"{tick:g} %" for tick in ticks])
    _lines(axes, [[(tick, -0.5), (tick, len(picture.pairs) - 0.5)] for tick in ticks], SOFT, 0.3)
    for place, pair in enumerate(picture.pairs):
        _name(axes, low - (high - low) * 0.04, place, pair.label)
    both = [(place, pair) for place, pair in enumerate(picture.pairs) if pair.first is not None and pair.second is not None]
    _lines(axes, [[(pair.first, place), (pair.second, place)] for place, pair in both], SOFT, 1.4)
    _dots(axes, [(pair.first, place) for place, pair in enumerate(picture.pairs) if pair.first is not None], 60, "D", hollow=True)
    _dots(axes, [(pair.second, place) for place, pair in enumerate(picture.pairs) if pair.second is not None], 60)
    head = -0.5 - 16 / row
    if not picture.first_name:
        return figure
    for at, name, shape, hollow in ((0.0, picture.first_name, "D", True), (0.5, picture.second_name, "o", False)):
        x = low + (high - low) * at
        _dots(axes, [(x, head)], 60, shape, hollow)
        _say(axes, x + (high - low) * 0.04, head, name, va="center")
    return figure


PANEL, GUTTER = 1.0, 0.16  # of a small picture's own width


def _small(picture: SmallPicture) -> Any:
    """Two beside each other in one pair of axes, with ticks of our own: each axes and each tick of matplotlib's takes long."""
    rows = -(-len(picture.series) // 2)
    high_each = 92
    figure, axes = _figure(high_each * rows + 20, 46, 10, 4, 18)
    axes.set_axis_off()
    axes.set_xlim(0, 2 * PANEL + GUTTER)
    axes.set_ylim(rows, 0)
    values = [point.value for _name, points in picture.series for point in points if point.value is not None]
    low, high, _ticks = _range(values, picture.floor, picture.ceiling)
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
        _say(axes, x0, row + 0.22, shorten(name, LONGEST_ABOVE, placeholder="…"), va="center")
        if number % 2 == 0:
            for edge in (low, high):
                _say(
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
            lines += [[at(place, value) for place, value in line] for line in _joined(points)]
        for place, point in enumerate(points):
            if point.value is not None:
                (solid if point.solid else hollow).append(at(place, point.value))
    _lines(axes, frames, SOFT, 0.5)
    _lines(axes, lines, MARK, 1.3)
    _dots(axes, solid, 24)
    _dots(axes, hollow, 24, hollow=True)
    if picture.series:
        points = picture.series[0][1]
        for x0 in (0.0, PANEL + GUTTER)[: len(picture.series)]:
            ends = ((0, "left"), (len(points) - 1, "right")) if len(points) > 1 else ((0, "left"),)
            for place, side in ends:
                x = x0 if side == "left" else x0 + PANEL
                _say(axes, x, rows + 0.1, points[place].label, SOFT, ha=side, va="center", size=SMALLER)
    return figure


_DRAWN: dict[type[Picture], Callable[[Any], Any]] = {
    FunnelPicture: _funnel, TrendPicture: _trend, StackPicture: _stack, PairPicture: _pair, SmallPicture: _small,
}  # fmt: skip


def figure(picture: Picture) -> Any:
    """A picture as matplotlib's Figure."""
    return _DRAWN[type(picture)](picture)
