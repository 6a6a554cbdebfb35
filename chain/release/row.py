"""Pupils in a row: the same ones counted in several ways, and again in several releases. What each tells is a part of the row.

Indicators that count the same pupils are one row: a distribution, the share that follows from it, and others with the same n.
What is known of one of them tells of the others. Which pupil stands where in two of them is known to nobody; here the best of
each stand first, which tells an attacker more than there is to know, never less.

Rounds of a small group that a few have left, or joined, are one row too: those who stayed are the same, and where fewer are
counted they are the first of the row. What moved both ways between two rounds is another result, not another pupil.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, combinations, pairwise, permutations

from chain.release.atoms import LINKED, REST, Family, Measures, Sets, Told, parts
from chain.release.profiles import Profile

Label = tuple[int, str]  # how early in the row (0: counted wherever anybody is), and the outcome
ABSENT: Label = (-1, "")
Line = list[tuple[Label, int]]  # the row divided


@dataclass(frozen=True)
class Telling:
    """Figures that count the same pupils, for all that can be seen: so many in the same place of the same round."""

    round: Hashable
    told: Mapping[Family, Told]
    n: int  # 0: a figure by itself


@dataclass
class Run:
    """A family in those tellings of a row where each is a part of the next: some of the same pupils, with the same outcomes."""

    family: Family
    at: dict[int, Told] = field(default_factory=dict)  # by telling

    @cached_property
    def levels(self) -> list[Told]:
        """From the fewest to the most."""
        return sorted(dict.fromkeys(self.at.values()), key=lambda told: (told.n, told.total))

    def level(self, telling: int) -> int:
        return self.levels.index(self.at[telling])


@dataclass
class Laid:
    """A row laid out. `few`: what must be told of nobody, the few between two tellings. `known`: what else follows from what one
    of them told, each sum with its least and its most."""

    sets: dict[tuple[Hashable, Family, Told], Sets] = field(default_factory=dict)
    few: dict[Hashable, list[set[int]]] = field(default_factory=dict)
    known: list[tuple[set[int], float, float]] = field(default_factory=list)


class Rows:
    """Lays the figures of units out as atoms: how many there are, and whose."""

    def __init__(self, measures: Measures, scales: Mapping[Family, float], profile: Profile) -> None:
        self.values: list[float] = []
        self.owners: list[Hashable] = []
        self._measures, self._scales, self._profile = measures, scales, profile

    def _atom(self, owner: Hashable, value: float) -> int:
        self.values.append(value)
        self.owners.append(owner)
        return len(self.values) - 1

    # Which figures count the same pupils

    def tellings(self, told: Iterable[tuple[Hashable, Mapping[Family, Told]]]) -> list[Telling]:
        """What the releases of one or several rounds tell of a unit in a place, put together by whom it counts. What a round told
        twice is there once; a family that it told otherwise the second time has a telling of its own."""
        found: dict[Hashable, dict[Family, Told]] = {}
        rounds: list[tuple[Hashable, int]] = []
        for round, families in told:
            for family, one in sorted(families.items()):
                kind, turn = self._measures.kind(family), 0
                one = counted(one, kind)
                key = (round, one.n) if kind in LINKED and one.n else (round, family, one)
                while found.get((key, turn), {}).get(family, one) != one:
                    turn += 1
                if (key, turn) not in found:
                    rounds.append((round, one.n if kind in LINKED else 0))
                found.setdefault((key, turn), {})[family] = one
        return [Telling(round, same, n) for (round, n), same in zip(rounds, found.values(), strict=True)]

    def row(self, first: Telling, others: Sequence[Telling]) -> list[Telling]:
        """The tellings that only a few have left, or joined, since another one of the row; `first` first."""
        row, left, grown = [first], list(others), True
        while grown:
            new = [one for one in left if any(self._is_near(one, other) for other in row)]
            row, left, grown = [*row, *new], [one for one in left if one not in new], bool(new)
        return row

    def _is_near(self, one: Telling, other: Telling) -> bool:
        if one.round == other.round and one.n and one.n == other.n:
            return True  # told once more, otherwise
        return any(self.is_few(family, told, other.told[family]) for family, told in one.told.items() if family in other.told)

    def is_few(self, family: Family, one: Told, other: Told) -> bool:
        """Whether one is the other with a few more or less, all outcomes moved the same way: then what two releases tell of them
        may tell of those few."""
        kind = self._measures.kind(family)
        if kind in ("hours", "money"):
            return False
        scale = self._scales.get(family, 1.0) if kind == "count" else 0.0
        sizes = [each.total / scale if scale else each.n for each in (one, other)]
        moved = abs(sizes[0] - sizes[1])
        if not 0 < moved < self._profile.width or max(sizes) >= self._profile.everybody_from:
            return False
        return self._is_part(family, one, other) or self._is_part(family, other, one)

    def _is_part(self, family: Family, fewer: Told, more: Told) -> bool:
        """Whether no outcome of one is larger than that of the other: some of the same pupils."""
        kind = self._measures.kind(family)
        if kind == "count":
            return fewer.total <= more.total
        if fewer.n == more.n or kind not in LINKED:
            return (fewer.n, fewer.total, sorted(fewer.parts)) == (more.n, more.total, sorted(more.parts))
        counts = dict(parts(more, kind))
        return (
            fewer.n <= more.n and fewer.total <= more.total
            and all(count <= counts.get(name, 0) for name, count in parts(fewer, kind))
        )  # fmt: skip

    # A row laid out

    def lay(self, owner: Hashable, row: Sequence[Telling]) -> Laid:
        laid = Laid()
        runs = self._runs(row)
        if all(self._measures.kind(run.family) in LINKED for run in runs):
            self._people(owner, runs, row, laid)
        else:
            for run in runs:
                self._alone(owner, run, row, laid)
        for run in runs:
            self._few(run, row, laid)
        self._beside(runs, row, laid)
        return laid

    def _runs(self, row: Sequence[Telling]) -> list[Run]:
        found: dict[Family, list[Run]] = {}
        for number, telling in enumerate(row):
            for family, one in telling.told.items():
                runs = found.setdefault(family, [])
                fits = (run for run in runs if all(self._ordered(family, one, other) for other in run.at.values()))
                run = next(fits, None)
                if run is None:
                    runs.append(run := Run(family))
                run.at[number] = one
        return [run for runs in found.values() for run in runs]

    def _ordered(self, family: Family, one: Told, other: Told) -> bool:
        return self._is_part(family, one, other) or self._is_part(family, other, one)

    def _alone(self, owner: Hashable, run: Run, row: Sequence[Telling], laid: Laid) -> None:
        """A count, an amount or hours: of nobody that another figure counts."""
        kind = self._measures.kind(run.family)
        atoms: set[int] = set()
        before = 0
        sets: dict[Told, Sets] = {}
        for told in run.levels:
            if kind == "hours":
                own = {name: {self._atom(owner, count)} for name, count in parts(told, kind)}
                sets[told] = Sets(n={self._atom(owner, told.enrolled)}, parts=own)
                continue
            atoms = atoms | {self._atom(owner, (told.total - before) / self._scales.get(run.family, 1.0))}
            before, sets[told] = told.total, Sets(total=atoms)
        for number, told in run.at.items():
            laid.sets[row[number].round, run.family, told] = sets[told]

    def _people(self, owner: Hashable, runs: list[Run], row: Sequence[Telling], laid: Laid) -> None:
        follows = self._following(runs)
        outer = [run for run in runs if id(run) not in follows]
        ends = sorted({one.n for run in runs for one in run.at.values()})
        parted = [list(self._parted(run, ends)) for run in outer]
        cells = [cell for lines in zip(*parted, strict=True) for cell in couple(lines)]
        fine = list(self._finer(cells, outer, [(run, follows[id(run)]) for run in runs if id(run) in follows]))
        order = [*outer, *(run for run in runs if id(run) in follows)]
        atoms = [self._atom(owner, size) for _labels, size in fine]
        for number, run in enumerate(order):
            labels = [(atom, each[number]) for atom, (each, _size) in zip(atoms, fine, strict=True)]
            self._named(owner, run, labels, row, laid)

    def _named(self, owner: Hashable, run: Run, labels: Sequence[tuple[int, Label]], row: Sequence[Telling], laid: Laid) -> None:
        kind = self._measures.kind(run.family)
        totals: list[int] = []
        if kind == "mean":
            scale, before = self._scales.get(run.family, 1.0), 0
            for one in run.levels:
                totals.append(self._atom(owner, (one.total - before) / scale))
                before = one.total
        for number, told in run.at.items():
            level = run.level(number)
            sets = Sets(total=set(totals[: level + 1]))
            if kind != "mean":
                sets.parts = {name: set() for name, _count in parts(told, kind)}
            for atom, (early, name) in labels:
                if 0 <= early <= level:
                    sets.n.add(atom)
                    if kind != "mean":
                        sets.parts.setdefault(name, set()).add(atom)
            laid.sets[row[number].round, run.family, told] = sets

    def _parted(self, run: Run, ends: Sequence[int]) -> Iterator[Line]:
        """The row as a family divides it, the best first, cut where any telling ends, for all that a telling counts end there."""
        blocks = [
            (told.n, self._more(run.family, told, before)) for before, told in zip([None, *run.levels], run.levels, strict=False)
        ]
        for level, (end, pieces) in enumerate(blocks):
            mine = [one for one in ends if one <= end and (not level or one > blocks[level - 1][0])]
            yield from _cut([((level, name), count) for name, count in pieces], mine, blocks[level - 1][0] if level else 0)
        last = blocks[-1][0]
        for start, end in pairwise([last, *(one for one in ends if one > last)]):
            yield [(ABSENT, end - start)]

    def _more(self, family: Family, told: Told, before: Told | None) -> list[tuple[str, int]]:
        """The outcomes in order, the best first, without those who were counted before."""
        kind = self._measures.kind(family)
        if kind == "mean":
            return [("", told.n - (before.n if before else 0))]
        order = self._measures.steps(family) if kind == "spread" else []
        counted = dict(parts(before, kind)) if before else {}
        line = [(name, count - counted.get(name, 0)) for name, count in parts(told, kind)]
        return sorted(line, key=lambda part: (order.index(part[0]) if part[0] in order else len(order), part[0]))

    # A distribution inside the share that is a sum of its steps

    def _following(self, runs: list[Run]) -> dict[int, Run]:
        """Of a distribution, by its run: the share that it agrees with. What agrees with two is divided between them."""
        found: dict[int, Run] = {}
        waiting = [one for one in runs if self._measures.kind(one.family) == "spread"]
        for run in waiting:
            for share in runs if any(self._measures.passing(one.family, run.family) for one in runs) else ():
                agree = {n: told for n, told in run.at.items() if self._agree(share, run, n)}
                if not agree:
                    continue
                if len(agree) < len(run.at):
                    rest = Run(run.family, {n: told for n, told in run.at.items() if n not in agree})
                    runs[runs.index(run)] = run = Run(run.family, agree)
                    runs.append(rest)
                    waiting.append(rest)
                found[id(run)] = share
                break
        return found

    def _agree(self, share: Run, spread: Run, telling: int) -> bool:
        passing = self._measures.passing(share.family, spread.family)
        if not passing or telling not in share.at:
            return False
        reached = sum(count for name, count in spread.at[telling].parts if name in passing)
        return (spread.at[telling].n, reached) == (share.at[telling].n, share.at[telling].parts[0][1])

    def _finer(
        self, cells: Sequence[tuple[tuple[Label, ...], int]], outer: Sequence[Run], inner: Sequence[tuple[Run, Run]]
    ) -> Iterator[tuple[tuple[Label, ...], int]]:
        """Each piece of the row divided further, by the distributions inside it."""
        fillers = [(_Filler(self, run, share), next(n for n, one in enumerate(outer) if one is share)) for run, share in inner]
        for labels, size in cells:
            for more, part in (
                couple([filler.take(labels[place], size) for filler, place in fillers]) if fillers else [((), size)]
            ):
                yield (*labels, *more), part

    # Who must not be told

    def _few(self, run: Run, row: Sequence[Telling], laid: Laid) -> None:
        """Between each two tellings of a family: those few, and each outcome of theirs."""
        levels = run.levels
        at = {run.level(number): row[number].round for number in run.at}
        for less, more in combinations(range(len(levels)), 2):
            if self.is_few(run.family, levels[less], levels[more]):
                one = laid.sets[at[less], run.family, levels[less]]
                other = laid.sets[at[more], run.family, levels[more]]
                between = [other.n - one.n, other.total - one.total]
                between += [atoms - one.parts.get(name, set()) for name, atoms in other.parts.items()]
                laid.few[run.family, at[less], at[more], levels[less], levels[more]] = [atoms for atoms in between if atoms]

    def _beside(self, runs: Sequence[Run], row: Sequence[Telling], laid: Laid) -> None:
        """What differs by a few from a telling that no run holds beside it, for that moved both ways from a third: it is taken
        for known, so that the other must not be told."""
        for one, other in permutations(runs, 2):
            if one.family != other.family:
                continue
            for number, told in one.at.items():
                for then, before in other.at.items():
                    if row[number].round == row[0].round != row[then].round and self.is_few(one.family, told, before):
                        sets = laid.sets[row[number].round, one.family, told]
                        key = one.family, row[number].round, row[then].round, told, before
                        laid.few[key] = [atoms for atoms in sets.each if atoms]
                        laid.known += self._bounds(one.family, sets, told, before)

    def _bounds(self, family: Family, sets: Sets, told: Told, other: Told) -> Iterator[tuple[set[int], float, float]]:
        kind = self._measures.kind(family)
        counts, scale = dict(parts(other, kind)), self._scales.get(family, 1.0)
        each: list[tuple[set[int], float]] = [(sets.n, float(other.n)), (sets.total, other.total / scale)]
        each += [(atoms, float(counts.get(name, 0))) for name, atoms in sets.parts.items()]
        for atoms, count in each:
            if atoms:
                yield (atoms, 0.0, count) if self._is_part(family, told, other) else (atoms, count, MANY)


MANY = 100_000.0


class _Filler:
    """Lays a distribution inside its share: those who reached on the steps that pass, in order, and the others on the rest."""

    def __init__(self, rows: Rows, run: Run, share: Run) -> None:
        passing = rows._measures.passing(share.family, run.family)
        self._early = [next(share.level(n) for n, one in run.at.items() if one == told) for told in run.levels]
        self._waiting: dict[tuple[int, bool], list[tuple[str, int]]] = {}
        before: Told | None = None
        for level, told in enumerate(run.levels):
            for name, count in rows._more(run.family, told, before):
                self._waiting.setdefault((level, name in passing), []).append((name, count))
            before = told
        self._other = {True: min(passing), False: REST}

    def take(self, label: Label, size: int) -> Line:
        """So many pupils of one piece of the share."""
        early, name = label
        level = next((n for n, one in enumerate(self._early) if early <= one), -1) if label != ABSENT else -1
        if level < 0:
            return [(ABSENT, size)]
        reached = name != REST
        waiting = self._waiting.setdefault((level, reached), [])
        taken: Line = []
        while waiting and (size or not taken or not waiting[0][1]):
            step, left = waiting[0]
            part = min(left, size)
            taken.append(((level, step), part))
            size -= part
            if left > part or len(waiting) == 1:
                waiting[0] = step, left - part
                break
            waiting.pop(0)
        return taken or [((level, self._other[reached]), size)]


def counted(told: Told, kind: str) -> Told:
    """What tells of those it counts: of how many all are, only hours tell."""
    return told if kind == "hours" else replace(told, enrolled=0)


def _cut(line: Line, ends: Sequence[int], start: int) -> Iterator[Line]:
    """A line cut in parts that end there. What counts nobody stays where it is."""
    waiting = list(line)
    for end in ends:
        part: Line = []
        left = end - start
        while waiting and (left or not part or not waiting[0][1] or end == ends[-1]):
            label, count = waiting[0]
            part.append((label, min(count, left)))
            if count > left:
                waiting[0] = label, count - left
                break
            left -= count
            waiting.pop(0)
        start = end
        yield part


def couple(lines: Sequence[Line]) -> list[tuple[tuple[Label, ...], int]]:
    """The same pupils divided in several ways, laid in one row: of each piece, where it stands in each division, and its size.

    Pieces without anybody are kept where two divisions meet, so that no outcome is without an atom."""
    ends = [list(accumulate(count for _label, count in line)) for line in lines]
    whole = max(end[-1] for end in ends)
    ends = [[*end[:-1], whole] for end in ends]
    where, done = [0] * len(lines), 0
    found: list[tuple[tuple[Label, ...], int]] = []
    while True:
        next_end = min(end[step] for end, step in zip(ends, where, strict=True))
        found.append((tuple(line[step][0] for line, step in zip(lines, where, strict=True)), next_end - done))
        done = next_end
        moves = [n for n, (end, step) in enumerate(zip(ends, where, strict=True)) if end[step] == done and step < len(end) - 1]
        if not moves:
            return found
        where[moves[0]] += 1
