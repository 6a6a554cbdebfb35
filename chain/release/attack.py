"""An attacker's linear program: how much more, and how much less, than in truth a secret could be, for all that is shown."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

MOST = 100_000  # no atom is larger: a number that nothing holds back is unbounded to the solver, and wide to us
EXACT = 1e-6
COST = 1e-4  # of moving an atom by one: small beside the secret's one, so that it never stands in its way
HOLDS = 1e-2  # a row with this much to say of a secret holds it; less is the cost alone

Atoms = frozenset[int]


@dataclass(frozen=True)
class Between:
    """A sum that is told as lying somewhere between two counts: “nearly all”."""

    atoms: Atoms
    least: float
    most: float


class Told(Protocol):
    """A figure, as far as it tells."""

    @property
    def key(self) -> tuple[Any, ...]: ...
    @property
    def rows(self) -> tuple[Atoms, ...]: ...
    @property
    def nearly(self) -> Sequence[Between]: ...


@dataclass(frozen=True)
class Seen:
    """How far apart two worlds are in which all that is shown is as it is, whether that is far enough, the units that differ from
    the truth in either of them, and the rows that keep them from being further apart."""

    width: float
    is_wide: bool
    moved: frozenset[Hashable]
    holding: frozenset[int]


class Attack:
    """Each atom may have `more` or `less` than it has; what no row holds back is free, and no count is negative. To move costs
    next to nothing, so that no more is moved than has to be."""

    def __init__(
        self, shown: Sequence[Told], out: Sequence[Told], secrets: Iterable[Atoms],
        values: Sequence[float], owners: Sequence[Hashable],
    ) -> None:  # fmt: skip
        self._figures, self._values, self.solved = shown, values, 0
        told = [atoms for one in (*shown, *out) for atoms in (*one.rows, *(near.atoms for near in one.nearly))]
        self._atoms = sorted({atom for atoms in (*told, *secrets) for atom in atoms})
        self._place = {atom: n for n, atom in enumerate(self._atoms)}
        self._owners, self._own = owners, defaultdict[Hashable, set[int]](set)
        for atom in self._atoms:
            self._own[owners[atom]].add(atom)
        self._rows: list[int] = []  # of each row, the place of the figure that tells it; −1 where it is out already
        self._of: dict[tuple[Any, ...], list[int]] = {}
        self._solver = self._prepared()
        for one in out:
            self._tell(one, -1)
        for n, one in enumerate(shown):
            self._tell(one, n)

    def _prepared(self) -> Any:
        from highspy import HighsModelStatus, kHighsInf  # with numpy it takes longer to import than a page to make
        from highspy._core import _Highs  # its public child writes its own name on standard output as it is made

        self._infinity, self._optimal = kHighsInf, HighsModelStatus.kOptimal
        solver, many = _Highs(), 2 * len(self._atoms)
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.addVars(many, [0.0] * many, [*[float(MOST)] * len(self._atoms), *(self._least(atom) for atom in self._atoms)])
        solver.changeColsCost(many, list(range(many)), [COST] * many)
        return solver

    def _least(self, atom: int) -> float:
        return float(min(MOST, self._values[atom]))

    def _tell(self, one: Told, figure: int) -> None:
        for atoms in one.rows:
            self._row(atoms, 0, 0, figure)
        for near in one.nearly:
            true = sum(self._values[atom] for atom in near.atoms)
            self._row(near.atoms, near.least - true, near.most - true, figure)

    def _row(self, atoms: Atoms, least: float, most: float, figure: int) -> None:
        more = sorted(self._place[atom] for atom in atoms)
        less = [place + len(self._atoms) for place in more]
        self._solver.addRow(least, most, 2 * len(more), [*more, *less], [1.0] * len(more) + [-1.0] * len(more))
        if figure >= 0:
            self._of.setdefault(self._figures[figure].key, []).append(len(self._rows))
        self._rows.append(figure)

    def _free(self, atoms: Iterable[int], most: float = MOST) -> None:
        """Let atoms move by at most so many."""
        each = sorted(atoms)
        more = [self._place[atom] for atom in each]
        less = [place + len(self._atoms) for place in more]
        highest = [float(most)] * len(each) + [min(float(most), self._least(atom)) for atom in each]
        self._solver.changeColsBounds(2 * len(each), [*more, *less], [0.0] * 2 * len(each), highest)

    def _ask(self, atom: int, times: float) -> None:
        self._solver.changeColCost(self._place[atom], times + COST)
        self._solver.changeColCost(self._place[atom] + len(self._atoms), COST - times)

    def seen(self, secret: Atoms, width: float, insider: Hashable = None) -> Seen:
        """What a stranger, or a unit that knows its own, can say of a secret. Further apart than `width` is not looked for."""
        known = self._own.get(insider, set())
        if known:
            self._free(known, 0)
        self._free(secret - known, width)
        below, moved, holding = 0.0, frozenset[int](), frozenset[int]()
        above, more_moved, more_holding = self._solved(secret, -1.0)
        if above < width - EXACT:
            below, moved, holding = self._solved(secret, 1.0)
        self._free(secret | known)
        for atom in secret:
            self._ask(atom, 0.0)
        units = {self._owners[atom] for atom in moved | more_moved}
        return Seen(above - below, above - below >= width - EXACT, frozenset(units), holding | more_holding)

    def _solved(self, secret: Atoms, times: float) -> tuple[float, Atoms, frozenset[int]]:
        import numpy as np

        for atom in secret:
            self._ask(atom, times)
        self._run()
        self.solved += 1
        solution, many = self._solver.getSolution(), len(self._atoms)
        columns = np.asarray(solution.col_value)
        moved = columns[:many] - columns[many:]
        held = np.flatnonzero(np.abs(np.asarray(solution.row_dual)) > HOLDS)
        differing = frozenset(self._atoms[n] for n in np.flatnonzero(np.abs(moved) > EXACT).tolist())
        return float(sum(moved[self._place[atom]] for atom in secret)), differing, frozenset(held.tolist())

    def _run(self) -> None:
        """From where the last program ended; now and then that is a place that the solver cannot leave, and it begins anew."""
        for _turn in range(2):
            self._solver.run()
            if self._solver.getModelStatus() == self._optimal:
                return
            self._solver.clearSolver()
        raise RuntimeError("What is shown contradicts itself: the truth is no possible world.")

    def least_valuable(self, seen: Seen) -> tuple[Any, ...] | None:
        """Of the figures that hold a secret where it is, the one that the reader misses least. None: only what is out does."""
        last = max((self._rows[row] for row in seen.holding), default=-1)
        return self._figures[last].key if last >= 0 else None

    def withhold(self, key: tuple[Any, ...]) -> None:
        for row in self._of.get(key, ()):
            self._solver.changeRowBounds(row, -self._infinity, self._infinity)
