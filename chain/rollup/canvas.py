"""What every picture is drawn on and with: an empty figure, words, lines, dots, and colours that stand for classes.

matplotlib's objects only, few ticks; each axes and each tick of its own takes long.
"""

from collections.abc import Sequence
from functools import cache
from textwrap import wrap
from typing import Any

from chain.rollup.trend import Point

WIDTH = 360  # units; shown somewhat larger on a desk, somewhat smaller on a telephone, readable on both
TEXT, SMALLER = 13.5, 12.0
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # between ticks
PERCENT_STEPS, SPAN = (5, 10, 20, 25), 20
LONGEST = 19  # letters of a label on one line beside its row


# What the style sheet colours: each is drawn in a colour that stands for its class.
CLASSES = {
    "ink": "#000001", "soft": "#000002", "mark": "#000003", "sheet": "#000004",
    **{f"step-{place}": f"#00000{place + 4}" for place in range(1, 6)}, "fail": "#00000a", "none": "#00000b",
    **{f"on-step-{place}": f"#00001{place}" for place in range(1, 6)}, "on-fail": "#000016", "on-none": "#000017",
    "line": "#000018",
}  # fmt: skip
INK, SOFT, MARK, SHEET, LINE = (CLASSES[name] for name in ("ink", "soft", "mark", "sheet", "line"))


@cache
def library() -> Any:
    """matplotlib, set once and for all: text stays text, names of parts follow from what they are."""
    import matplotlib

    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "styrkedjan"})
    import matplotlib.collections
    import matplotlib.figure
    import matplotlib.ticker

    return matplotlib


# What they have in common


def figure(height: float, left: float, right: float, top: float, bottom: float) -> tuple[Any, Any]:
    """An empty figure and its axes; the margins in units."""
    figure = library().figure.Figure(figsize=(WIDTH / 72, height / 72))
    figure.patch.set_visible(False)
    wide, high = WIDTH - left - right, height - top - bottom
    axes = figure.add_axes((left / WIDTH, bottom / height, wide / WIDTH, high / height))
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=TEXT, labelcolor=SOFT, pad=4)
    axes.tick_params(axis="x", pad=8)
    return figure, axes


def say(axes: Any, x: float, y: float, words: str, colour: str = INK, **how: Any) -> None:
    """Words in a picture, taken as they are: a name may hold what matplotlib takes for mathematics."""
    axes.text(x, y, words, color=colour, fontsize=how.pop("size", TEXT), parse_math=False, clip_on=False, **how)


def lines(axes: Any, segments: Sequence[Any], colour: str, width: float, dashes: Any = "solid", under: bool = False) -> None:
    if segments:
        axes.add_collection(
            library().collections.LineCollection(
                segments,
                colors=colour,
                linewidths=width,
                linestyles=dashes,
                capstyle="butt",
                clip_on=False,
                zorder=0.5 if under else 2,
            ),
            autolim=False,
        )


def dots(
    axes: Any, at: Sequence[tuple[float, float]], size: float, shape: str = "o", hollow: bool = False, colour: str = MARK
) -> None:
    if at:
        xs, ys = zip(*at, strict=True)
        face, edge = (SHEET, colour) if hollow else (colour, SHEET)
        axes.scatter(xs, ys, s=size, marker=shape, facecolors=face, edgecolors=edge, linewidths=1.2, zorder=3, clip_on=False)


def scale(axes: Any, low: float, high: float, ticks: Sequence[float], unit: str, mark: str = ",") -> None:
    """The upward axis: few ticks, each with a faint line."""
    axes.set_ylim(low, high)
    axes.set_yticks(list(ticks), [f"{tick:g}{unit}".replace(".", mark) for tick in ticks])
    left, right = axes.get_xlim()
    lines(axes, [[(left, tick), (right, tick)] for tick in ticks], LINE, 0.8, under=True)


def span(values: Sequence[float], floor: float | None, ceiling: float | None) -> tuple[float, float, list[float]]:
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


# Years and rows


def joined(points: Sequence[Point]) -> list[list[tuple[float, float]]]:
    """The dots as lines, broken where a year is missing."""
    lines: list[list[tuple[float, float]]] = [[]]
    for place, point in enumerate(points):
        if point.value is None:
            lines.append([])
        else:
            lines[-1].append((place, point.value))
    return [line for line in lines if len(line) > 1]


def room(labels: Sequence[str]) -> float:
    """Units that the longest of the labels takes, on two lines where it is long."""
    return 14 + LETTER * max((len(line) for label in labels for line in _folded(label)), default=0)


LETTER = 6.8  # units that a letter of TEXT takes, on an average


def flowing(words: Sequence[str], wide: float, before: float, between: float) -> list[tuple[float, int]]:
    """Where each word begins, and on which line, when they follow each other and break where the width is used up. In units;
    `before` each word is room for its mark."""
    places: list[tuple[float, int]] = []
    x, line = 0.0, 0
    for each in words:
        takes = before + LETTER * len(each)
        if x and x + takes > wide:
            x, line = 0.0, line + 1
        places.append((x, line))
        x += takes + between
    return places


def _folded(label: str) -> list[str]:
    """On two lines where one would take the room from what it names."""
    return wrap(label, LONGEST, max_lines=2, placeholder="…", break_long_words=False) or [""]


def name(axes: Any, x: float, row: float, label: str) -> None:
    """A row's name at its left. Each line by itself: matplotlib would place several by the widths of its own font."""
    lines = _folded(label)
    for place, line in enumerate(lines):
        y, size = row + 0.4 * (place - (len(lines) - 1) / 2), TEXT if len(lines) == 1 else SMALLER
        say(axes, x, y, line, ha="right", va="center", size=size)


def box(axes: Any, x: float, y: float, wide: float, high: float, colour: str) -> None:
    corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    axes.add_collection(
        library().collections.PolyCollection(
            [corners], facecolors=CLASSES[colour], edgecolors=SHEET, linewidths=1, clip_on=False
        ),
        autolim=False,
    )


def bar(axes: Any, x: float, height: float, hollow: bool) -> None:
    """An upward bar from zero, in its year's place."""
    corners = [(x - 0.32, 0.0), (x + 0.32, 0.0), (x + 0.32, height), (x - 0.32, height)]
    axes.add_collection(
        library().collections.PolyCollection(
            [corners], facecolors=SHEET if hollow else MARK, edgecolors=MARK, linewidths=1.2, clip_on=False
        ),
        autolim=False,
    )
