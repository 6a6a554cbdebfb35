"""Stored figures: read, beside adding them up when asked, and kept when somebody accepts, against the bare driver."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count

from sqlalchemy import select

from bench import baselines, city, timing
from bench.sides import COMMITTEE, Bench, Result, statements
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation.models import Unit
from chain.rollup import actions as rollup
from chain.rollup import queries as figures


def rollup_read(bench: Bench) -> Iterator[Result]:
    """The administration's figures of two rounds, as the page reads them, against the driver on the same select."""
    bare = baselines.driver(bench.url)
    with bench.app.app_context():
        head, asked = city.mandate("fvn"), _two_rounds()
        rows = len(bare.figures(*asked))
        assert rows == sum(map(len, figures.beside(head, *asked))) > 0
        note = f"{rows} rows"
        yield bench.result("rollup_read", 1.5, lambda: figures.beside(head, *asked), lambda: bare.figures(*asked), note)
        db.session.remove()
    bare.close()


def rollup_read_vs_aggregate(bench: Bench) -> Iterator[Result]:
    """The figures of the last whole round and of the year before it, read as the page does ÷ added up when asked."""
    bare = baselines.driver(bench.url)
    bare.make_facts()
    with bench.app.app_context():
        head, (top, *_now) = city.mandate("fvn"), _two_rounds()
        now = cycle.previous(_round())
        then = cycle.year_before(now) if now else None
        assert now is not None and then is not None
        path, rounds = head.path, (now.id, then.id)
        read, added = figures.beside(head, top, *rounds), bare.added_up(path, *rounds)
        assert sorted(row[:-2] for row in read[0]) == sorted(tuple(row)[1:] for row in added if row[0] == now.id), "the same sums"
        target = 0.01 if bench.database == "sqlite" else 0.02
        read_it, add_up = partial(figures.beside, head, top, *rounds), partial(bare.added_up, path, *rounds)
        alone = timing.compare(partial(bare.figures, top, *rounds), add_up, seconds=bench.seconds / 3, fewest=bench.fewest)
        note = f"{len(added)} sums, the same in both; {alone.ratio:.4f} with the bare driver on both sides"
        yield bench.result("rollup_read_vs_aggregate", target, read_it, add_up, note)
        db.session.remove()
    bare.close()


def rollup_growth(bench: Bench, small: Bench) -> Iterator[Result]:
    """The same read in the city ÷ in a smaller one."""

    def reader(side: Bench) -> Callable[[], object]:
        with side.app.app_context():
            head, asked = city.mandate("fvn"), _two_rounds()

        def read() -> None:
            with side.app.app_context():
                figures.beside(head, *asked)

        return read

    found = bench.result("rollup_growth", 1.2, reader(bench), reader(small), "the same read in both")
    yield replace(found, size=f"{bench.size} ÷ {small.size}")


def _round() -> Round:
    round = cycle.current(COMMITTEE)
    assert round is not None
    return round


def _two_rounds() -> tuple[int, int, int]:
    round = _round()
    before = cycle.year_before(round)
    assert before is not None
    unit = db.session.scalars(select(Unit.id).where(Unit.level == "administration")).one()
    return unit, round.id, before.id


def accept_rollup(bench: Bench) -> Iterator[Result]:
    """Accepting what a unit handed up, its figures stored and summed, against the driver inserting the same figures."""
    bare = baselines.driver(bench.url)
    bare.make_figures()
    with bench.app.app_context():
        waiting = select(Submission).where(Submission.round_id == _round().id, Submission.state == "submitted")
        found = [one for one in db.session.scalars(waiting.order_by(Submission.id)) if one.snapshot["figures"]]
        found = [one for one in found if len(one.snapshot["figures"]) == len(found[0].snapshot["figures"])]
        heads = {one.id: city.mandate(one.path.strip("/").split("/")[-2]) for one in found}
        rows = [tuple(one.values()) for one in found[0].snapshot["figures"]]
        queue, number = iter([(one, heads[one.id]) for one in found]), count(1)

        def accept() -> None:
            submission, head = next(queue)
            rollup.accept(submission, by=head)

        def insert() -> None:
            unit_id = next(number)
            bare.insert([(unit_id, 1, *row[:-1], 1, row[-1], "/a/path/in/the/tree/") for row in rows])

        said = f"{len(rows)} figures, {statements(bench.app, accept)} statements"
        yield bench.result("accept_rollup", 6.0, accept, insert, said, most=len(found) - 2, warm=1)
        db.session.remove()
    bare.close()
