"""Disclosure protection of a round against programs that it does without: bare HiGHS, the least and most of each secret."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from bench import city, timing
from bench.sides import COMMITTEE, Bench, Result
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.release import making, protect, queries, system
from chain.release.atoms import Place, place
from chain.release.system import Inputs

MOST_SOLVED = 400  # programs in a turn of the other side: the rest of a large city's would take minutes, and are reckoned alike


def protected(bench: Bench, every: int = 1) -> Iterator[Result]:
    """The last whole round, every node, protected ÷ two programs for each secret, as an attacker has to solve them.

    `every`: of what is asked in a large city so many places (a subject in a year group on one basis) are passed over between two
    that are measured on both sides; the whole is protected once, and its seconds told."""
    with bench.app.app_context():
        head, now = city.mandate("fvn"), cycle.current(COMMITTEE)
        round = cycle.previous(now) if now else None
        assert round is not None
        administration = queries.node(round, head)
        assert administration is not None
        start = perf_counter()
        asked = making.asked(round, administration)
        read, start = perf_counter() - start, perf_counter()
        found = making.made(asked)
        once = perf_counter() - start
        asked = _thinned(asked, every)
        part = making.made(asked) if every > 1 else found
        assert found.secrets and {line.figure.shown for line in found.lines} > {".."}
        bare = Bare(asked)
        pair = timing.compare(lambda: making.made(asked), bare.solve, seconds=bench.seconds, fewest=bench.fewest, warm=1)
        other = pair.other * bare.programs / bare.solved
        hidden = sum(line.figure.shown == ".." for line in found.lines)
        note = (
            f"{pair.ours:.2f} s ÷ {other:.2f} s, n {pair.turns}; {part.secrets} secrets, {part.solved} programs of "
            f"{bare.programs}, of which the other side solves {bare.solved} and reckons the rest alike; the whole: read in "
            f"{read:.1f} s, protected in {once:.0f} s, {len(found.lines)} figures of {len(asked.nodes)} nodes, "
            f"{hidden / len(found.lines):.0%} withheld, {len(asked.earlier)} releases are out"
        )
        yield Result("protect", bench.database, bench.size, pair.ours / other, 2, note)
        db.session.remove()


def _thinned(asked: making.Asked, every: int) -> making.Asked:
    """The same city asked about fewer places."""
    kept = {*sorted({where for own in asked.inputs.values() for where in own})[::every]}
    earlier = tuple(replace(one, inputs=_of(one.inputs, kept)) for one in asked.earlier)
    return replace(asked, inputs=_of(asked.inputs, kept), earlier=earlier)


def _of(inputs: Inputs, kept: set[Place]) -> dict[int, dict[Place, Any]]:
    return {unit: found for unit, own in inputs.items() if (found := {where: own[where] for where in own.keys() & kept})}


class Bare:
    """The programs by themselves, ready made: no search for what to withhold, no order, no second look."""

    def __init__(self, asked: making.Asked) -> None:
        question = system.Question(
            asked.round_id, asked.inputs, [one.node for one in asked.nodes], (), asked.profile, asked.measures,
            lambda node, family, units: units,
        )  # fmt: skip
        whole = system.protected(question)
        shown = [one for one in whole.figures if one.key not in whole.plan.withheld]
        blocks: dict[Hashable, list[protect.Figure]] = {}
        for one in shown:
            blocks.setdefault(place(one.key[1]), []).append(one)
        self._models = [_model(block, whole.store.values) for block in blocks.values()]
        self.programs = 2 * sum(len(secrets) for _solver, secrets in self._models)
        self.solved = 0

    def solve(self) -> None:
        self.solved = 0
        every = max(1, self.programs // MOST_SOLVED)
        for number, (solver, secret) in enumerate((solver, one) for solver, secrets in self._models for one in secrets):
            if number % every:
                continue
            for times in (1.0, -1.0):
                for column in secret:
                    solver.changeColCost(column, times)
                solver.run()
                self.solved += 1
            for column in secret:
                solver.changeColCost(column, 0.0)


def _model(block: Sequence[protect.Figure], values: Sequence[float]) -> tuple[Any, list[list[int]]]:
    from highspy._core import _Highs

    order = {atom: n for n, atom in enumerate(sorted({atom for one in block for atoms in one.sums for atom in atoms}))}
    solver = _Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.addVars(len(order), [0.0] * len(order), [1e5] * len(order))
    told = [(atoms, true, true) for one in block for atoms in one.rows for true in (sum(values[atom] for atom in atoms),)]
    told += [(near.atoms, near.least, near.most) for one in block for near in one.nearly]
    for atoms, least, most in told:
        solver.addRow(least, most, len(atoms), [order[atom] for atom in sorted(atoms)], [1.0] * len(atoms))
    secrets = dict.fromkeys(secret for one in block for secret in one.secrets)
    return solver, [[order[atom] for atom in secret] for secret in secrets]
