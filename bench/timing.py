"""Two sides measured in the same run, turn by turn, so that whatever else the machine does falls on both."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

FEWEST = 7  # of each side
WARM = 3
Side = Callable[[], object]


@dataclass(frozen=True)
class Pair:
    """Medians of both sides, in seconds."""

    ours: float
    other: float
    times: int

    @property
    def ratio(self) -> float:
        return self.ours / self.other


def compare(
    ours: Side, other: Side, *, seconds: float = 3.0, fewest: int = FEWEST, most: int = 400, warm: int = WARM,
    clock: Callable[[], float] = time.perf_counter,
) -> Pair:  # fmt: skip
    """Both sides in turn until the time is up, and `fewest` times at least; who begins changes from turn to turn."""
    for _turn in range(warm):
        ours()
        other()
    spent: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    until = clock() + seconds
    while len(spent[0]) < fewest or (len(spent[0]) < most and clock() < until):
        order = (0, 1) if len(spent[0]) % 2 else (1, 0)
        for side in order:
            start = clock()
            (ours, other)[side]()
            spent[side].append(clock() - start)
    return Pair(median(spent[0]), median(spent[1]), len(spent[0]))
