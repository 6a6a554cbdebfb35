"""Sixteen units' follow-ups accepted at once under one committee, each in a process of its own as a server has them."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from statistics import median

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from bench import city, timing
from bench.sides import COMMITTEE, Bench, Result
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.followup.models import Followup, Submission
from chain.organisation.models import Mandate
from chain.rollup import actions as rollup
from chain.rollup import verify

AT_ONCE = 16
Asked = tuple[int, int]  # a submission, and the mandate of whoever accepts it
Told = tuple[float, str]  # seconds, and what went wrong


def accept_16(bench: Bench) -> Iterator[Result]:
    """All at once ÷ one after another, an acceptance; between the turns they are put back to wait and the sums made anew."""
    with bench.app.app_context():
        asked = _waiting()
        db.session.remove()
        db.engine.dispose()  # no process may go on with another's connection
    turns: dict[Callable[..., list[Told]], list[float]] = {_one_by_one: [], _at_once: []}
    waits, wrong, failed = [], 0, []
    with _desks(bench.app, len(asked)) as desks:
        for turn in range(bench.fewest + 1):
            for side in (_one_by_one, _at_once) if turn % 2 else (_at_once, _one_by_one):
                _put_back(bench.app, asked)
                start = time.perf_counter()
                told = side(desks, asked)
                if turn:  # the first one warms
                    turns[side].append((time.perf_counter() - start) / len(asked))
                failed += [error for _seconds, error in told if error]
                if side is _at_once:
                    waits += [seconds for seconds, _error in told] if turn else []
                    wrong += _wrong(bench.app)
    _put_back(bench.app, asked)
    pair = timing.Pair(median(turns[_at_once]), median(turns[_one_by_one]), bench.fewest)
    deadlocks = sum("deadlock" in error.lower() for error in failed)
    assert len(failed) == deadlocks, failed[0]
    said = f"{1000 * pair.ours:.1f} ÷ {1000 * pair.other:.1f} ms, n {pair.turns}; {len(asked)} at once; longest wait "
    said += f"{1000 * max(waits):.0f} ms; {wrong} wrong, {deadlocks} deadlocks"
    yield Result("accept_16", bench.database, bench.size, pair.ratio if not wrong + deadlocks else float("inf"), 1.5, said)


def _round() -> Round:
    round = cycle.current(COMMITTEE)
    assert round is not None
    return round


def _waiting() -> list[Asked]:
    """What those handed up who have the most figures, as many as are accepted at once, each with its own area's head."""
    there = (Submission.round_id == _round().id, Submission.level == "unit", Submission.state == "submitted")
    found = db.session.scalars(select(Submission).where(*there).order_by(Submission.id)).all()
    most = sorted(found, key=lambda one: -len(one.snapshot["figures"]))[:AT_ONCE]
    return [(one.id, city.mandate(one.path.strip("/").split("/")[-2]).id) for one in most]


def _put_back(app: Flask, asked: Sequence[Asked]) -> None:
    """They wait again, unopened, and every sum of the round is as it was."""
    mine = [submission for submission, _head in asked]
    new = {"state": "submitted", "opened_at": None, "opened_by_id": None, "decided_at": None, "decided_by_id": None}
    follow = select(Submission.followup_id).where(Submission.id.in_(mine))
    with app.app_context():
        db.session.execute(update(Submission).where(Submission.id.in_(mine)).values(new))
        db.session.execute(update(Followup).where(Followup.id.in_(follow)).values(state="submitted"))
        db.session.commit()
        rollup.rebuild(_round(), by=None)


def _wrong(app: Flask) -> int:
    with app.app_context():
        return len(verify.problems(_round()))


# The sides


def _one_by_one(desks: Sequence[Connection], asked: Sequence[Asked]) -> list[Told]:
    return [told for desk, one in zip(desks, asked, strict=True) for told in _at_once([desk], [one])]


def _at_once(desks: Sequence[Connection], asked: Sequence[Asked]) -> list[Told]:
    for desk, one in zip(desks, asked, strict=True):
        desk.send(one)
    return [desk.recv() for desk in desks]


@contextmanager
def _desks(app: Flask, number: int) -> Iterator[list[Connection]]:
    """So many processes, each with a connection of its own, that accept what they are sent."""
    fork = multiprocessing.get_context("fork")  # what has been imported is there at once, and the clock is held
    desks, started = [], []
    for _desk in range(number):
        here, there = fork.Pipe()
        process = fork.Process(target=_sit, args=(app, there), daemon=True)
        process.start()
        there.close()
        desks.append(here)
        started.append(process)
    try:
        yield desks
    finally:
        for desk, process in zip(desks, started, strict=True):
            desk.send(None)
            process.join()


def _sit(app: Flask, asked: Connection) -> None:
    with app.app_context():
        db.engine.dispose(close=False)
    while (one := asked.recv()) is not None:
        asked.send(_accept(app, *one))


def _accept(app: Flask, submission: int, head: int) -> Told:
    start = time.perf_counter()
    with app.app_context():
        one, by = db.session.get_one(Submission, submission), db.session.get_one(Mandate, head)
        try:
            rollup.accept(one, by=by)
        except DBAPIError as error:
            return time.perf_counter() - start, str(error.orig)
    return time.perf_counter() - start, ""
