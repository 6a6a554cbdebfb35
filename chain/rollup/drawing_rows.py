"""Draws rows beneath each other, from plain data: whole distributions, and values beside each other."""

from collections.abc import Sequence
from typing import Any

from chain.rollup import canvas
from chain.rollup.canvas import CLASSES, LINE, MARK, SOFT
from chain.rollup.motifs import PairPicture, PlacesPicture, StackPicture, StoodPicture

LEGEND_LINE = 20  # units
NARROWEST = 7.5  # per cent: a narrower step has no room for its number


def stack(picture: StackPicture) -> Any:
    left, row = canvas.room([bar.label for bar in picture.bars]), 32
    wide, symbols = canvas.WIDTH - left - 12, [step.symbol for step in picture.steps]
    short = max((len(symbol) for symbol in symbols), default=0) <= 2
    column = wide / max(7, len(symbols))
    places = [(place * column, 0) for place in range(len(symbols))] if short else canvas.flowing(symbols, wide, 22, 14)
    top = 10 + LEGEND_LINE * (1 + max((line for _x, line in places), default=0))
    figure, axes = canvas.figure(row * len(picture.bars) + 4 + top, left, 12, top, 4)
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(len(picture.bars) - 0.5, -0.5)
    for step, (x, line) in zip(picture.steps, places, strict=True):
        at, y = 100 * x / wide, -0.5 - (top - 10 - LEGEND_LINE * (line + 0.5)) / row
        canvas.box(axes, at, y - 0.18, 1300 / wide, 0.36, step.colour)
        canvas.say(axes, at + 1700 / wide, y, step.symbol, va="center")
    for row_at, bar in enumerate(picture.bars):
        n, start = sum(bar.counts), 0.0
        canvas.name(axes, -2.5, row_at, bar.label)
        for step, count in zip(picture.steps, bar.counts, strict=True):
            share = 100 * count / n if n else 0.0
            if count:
                canvas.box(axes, start, row_at - 0.36, share, 0.72, step.colour)
            if share >= NARROWEST:
                said = f"{(200 * count + n) // (2 * n)}"
                canvas.say(axes, start + share / 2, row_at, said, CLASSES[f"on-{step.colour}"], ha="center", va="center")
            start += share
    return figure


def pair(picture: PairPicture) -> Any:
    left, row, top = canvas.room([pair.label for pair in picture.pairs]), 32, 36 if picture.first_name else 6
    figure, axes = canvas.figure(row * len(picture.pairs) + 30 + top, left, 18, top, 30)
    values = [value for pair in picture.pairs for value in (pair.first, pair.second) if value is not None]
    low, high, ticks = canvas.span(values, 0, 100)
    axes.set_xlim(low, high)
    axes.set_ylim(len(picture.pairs) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks(ticks, [f"{tick:g} %" for tick in ticks])
    canvas.lines(axes, [[(tick, -0.5), (tick, len(picture.pairs) - 0.5)] for tick in ticks], LINE, 0.8, under=True)
    for place, pair in enumerate(picture.pairs):
        canvas.name(axes, low - (high - low) * 0.04, place, pair.label)
    both = [(place, pair) for place, pair in enumerate(picture.pairs) if pair.first is not None and pair.second is not None]
    canvas.lines(axes, [[(pair.first, place), (pair.second, place)] for place, pair in both], SOFT, 1.4)
    canvas.dots(
        axes, [(pair.first, place) for place, pair in enumerate(picture.pairs) if pair.first is not None], 60, "D", hollow=True
    )
    canvas.dots(axes, [(pair.second, place) for place, pair in enumerate(picture.pairs) if pair.second is not None], 60)
    head = -0.5 - 16 / row
    if not picture.first_name:
        return figure
    for at, name, shape, hollow in ((0.0, picture.first_name, "D", True), (0.5, picture.second_name, "o", False)):
        x = low + (high - low) * at
        canvas.dots(axes, [(x, head)], 60, shape, hollow)
        canvas.say(axes, x + (high - low) * 0.04, head, name, va="center")
    return figure


def places(picture: PlacesPicture) -> Any:
    left, row = canvas.room([each.label for each in picture.rows]), 30
    figure, axes = canvas.figure(row * len(picture.rows) + 32, left, 44, 6, 26)
    low, high, ticks = canvas.span([each.value for each in picture.rows if each.value is not None], 0, picture.ceiling)
    axes.set_xlim(low, high)
    axes.set_ylim(len(picture.rows) - 0.5, -0.5)
    axes.set_yticks([])
    unit = " %" if picture.ceiling == 100 else ""
    axes.set_xticks(ticks, [f"{tick:g}{unit}".replace(".", picture.mark) for tick in ticks])
    canvas.lines(axes, [[(tick, -0.5), (tick, len(picture.rows) - 0.5)] for tick in ticks], LINE, 0.8, under=True)
    wide = high - low
    for place, each in enumerate(picture.rows):
        canvas.name(axes, low - wide * 0.04, place, each.label)
        x = low if each.value is None else each.value
        canvas.say(axes, x + wide * (0.02 if each.value is None else 0.035), place, each.said, ha="left", va="center")
    for own in (True, False):
        at = [(each.value, place) for place, each in enumerate(picture.rows) if each.value is not None and each.own is own]
        canvas.dots(axes, at, 60, hollow=not own)
    return figure


def stood(picture: StoodPicture) -> Any:
    """Now as a dot with its uncertainty as a line through it; earlier years as small dots on the row."""
    left, row = canvas.room([each.label for each in picture.rows]), 26
    figure, axes = canvas.figure(row * len(picture.rows) + 32, left, 26, 6, 26)
    told = [point for each in picture.rows for point in (each.now, *each.before)]
    edges = [edge for point in told for edge in (point.value, point.low, point.high) if edge is not None]
    low, high, ticks = canvas.span(edges, 0, 100)
    axes.set_xlim(low, high)
    axes.set_ylim(len(picture.rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks(ticks, [f"{tick:g} %" for tick in ticks])
    canvas.lines(axes, [[(tick, -0.5), (tick, len(picture.rows) - 0.5)] for tick in ticks], LINE, 0.8, under=True)
    wide, now = high - low, [(place, each.now) for place, each in enumerate(picture.rows)]
    for place, each in enumerate(picture.rows):
        canvas.name(axes, low - wide * 0.04, place, each.label)
        if each.now.value is None and each.now.short:
            canvas.say(axes, low + wide * 0.02, place, each.now.short, ha="left", va="center")
    canvas.lines(axes, [[(point.low, place), (point.high, place)] for place, point in now if point.low is not None], MARK, 1.6)
    canvas.dots(axes, _at([(place, point) for place, each in enumerate(picture.rows) for point in each.before]), 22, colour=SOFT)
    for solid in (True, False):
        canvas.dots(axes, _at([(place, point) for place, point in now if point.solid is solid]), 64, hollow=not solid)
    return figure


def _at(points: Sequence[tuple[int, Any]]) -> list[tuple[float, float]]:
    return [(point.value, place) for place, point in points if point.value is not None]
