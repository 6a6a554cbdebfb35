"""Two sides measured in the same run, turn by turn, so that whatever else the machine does falls on both."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

FEWEST = 7  # turns of each side
WARM = 3
LONGEST = 500  # calls in a turn
Side = Callable[[], object]


@dataclass(frozen=True)
class Pair:
    """Medians of both sides, in seconds a call."""

    ours: float
    other: float
    turns: int

    @property
    def ratio(self) -> float:
        return self.ours / self.other


def compare(
    ours: Side, other: Side, *, seconds: float = 3.0, fewest: int = FEWEST, most: int | None = None, warm: int = WARM,
    clock: Callable[[], float] = time.perf_counter,
) -> Pair:  # fmt: skip
    """Both sides in turn until the time is up, and `fewest` times at least; `most` where it cannot be oftener.

    Who begins changes. The quicker side is called as many times in its turn as make the turns equally long: on a busy
    machine whatever takes long is interrupted, and it would be no comparison if only one side were.
    """
    first = [min(_spent(side, 1, clock) for _turn in range(max(1, warm))) for side in (ours, other)]
    slower = max(first)
    calls = [max(1, min(LONGEST, round(slower / one))) if one else 1 for one in first]
    if most is not None:
        calls[0] = 1  # what can be done so many times only is done once in a turn
    spent: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    until = clock() + seconds
    while len(spent[0]) < fewest or (clock() < until and (most is None or len(spent[0]) < most)):
        for place in (0, 1) if len(spent[0]) % 2 else (1, 0):
            spent[place].append(_spent((ours, other)[place], calls[place], clock))
    return Pair(median(spent[0]), median(spent[1]), len(spent[0]))


def _spent(side: Side, calls: int, clock: Callable[[], float]) -> float:
    """Seconds a call."""
    start = clock()
    for _call in range(calls):
        side()
    return (clock() - start) / calls
