"""What follows from what is told: the row space of known sums, in exact arithmetic (Gaussian elimination modulo 2^61 − 1)."""

import heapq
from collections.abc import Iterable, Sequence

PRIME = (1 << 61) - 1
Atoms = frozenset[int]
Vector = dict[int, int]
Rows = list[tuple[int, Vector]]  # each with its pivot, where it is 1


class Span:
    """The row space of what is told, and what of each secret does not follow from it."""

    def __init__(self, secrets: Iterable[Atoms]) -> None:
        self._rows: Rows = []  # no row holds an earlier row's pivot
        self._place: dict[int, int] = {}
        self.secrets = [_one(dict.fromkeys(secret, 1)) for secret in secrets]
        self._holding: dict[int, set[int]] = {}  # an atom → the secrets whose rest holds it
        for number, rest in enumerate(self.secrets):
            self._hold(number, rest)

    def _hold(self, number: int, rest: Vector) -> None:
        for atom in rest:
            self._holding.setdefault(atom, set()).add(number)

    def new(self, rows: Sequence[Atoms]) -> Rows:
        """What the rows say that is new, as rows of their own, each with a pivot that no later one holds."""
        new: Rows = []
        for atoms in rows:
            if rest := _one(_reduced(self._rest(dict.fromkeys(atoms, 1)), new)):
                new.append((min(rest), rest))
        return new

    def would_tell(self, new: Rows) -> bool:
        """Whether a secret that does not follow yet would, were these told as well."""
        atoms = {atom for _pivot, row in new for atom in row}
        touched = {number for pivot, _row in new for number in self._holding.get(pivot, ())}
        return any(not self.secrets[number].keys() - atoms and not _reduced(self.secrets[number], new) for number in touched)

    def take(self, new: Rows) -> None:
        for pivot, row in new:
            self._place[pivot] = len(self._rows)
            self._rows.append((pivot, row))
            for number in self._holding.pop(pivot, ()):
                if pivot in self.secrets[number]:
                    self.secrets[number] = _reduced(self.secrets[number], [(pivot, row)])
                    self._hold(number, self.secrets[number])

    def add(self, rows: Sequence[Atoms]) -> None:
        self.take(self.new(rows))

    def _rest(self, vector: Vector) -> Vector:
        """What is left of a vector when all that follows is taken away: from the oldest row on, for none holds an older pivot."""
        waiting = [self._place[atom] for atom in vector if atom in self._place]
        heapq.heapify(waiting)
        while waiting:
            pivot, row = self._rows[heapq.heappop(waiting)]
            if times := vector.get(pivot):
                for atom, one in row.items():
                    if atom not in vector and atom in self._place:
                        heapq.heappush(waiting, self._place[atom])
                    _add(vector, atom, -times * one)
        return vector


def _add(vector: Vector, atom: int, count: int) -> None:
    if left := (vector.get(atom, 0) + count) % PRIME:
        vector[atom] = left
    else:
        vector.pop(atom, None)


def _reduced(vector: Vector, rows: Rows) -> Vector:
    left = dict(vector)
    for pivot, row in rows:
        if times := left.get(pivot):
            for atom, one in row.items():
                _add(left, atom, -times * one)
    return left


def _one(vector: Vector) -> Vector:
    """Scaled so that its first atom counts once."""
    if not vector:
        return vector
    inverse = pow(vector[min(vector)], -1, PRIME)
    return {atom: count * inverse % PRIME for atom, count in vector.items()}
