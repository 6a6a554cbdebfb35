"""What is done today: each unit fills in a workbook, and somebody adds them up. Beside it, one look at what is stored."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from sqlalchemy import select

from bench import baselines
from bench.sides import COMMITTEE, Bench, Result
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.cycle.models import RoundNode
from chain.organisation.models import Unit
from chain.rollup import queries as figures
from chain.rollup.queries import FIGURE, ROWS

WORKBOOKS = 60


def workbooks(bench: Bench) -> Iterator[Result]:
    """The administration's figures of last year's last round ÷ the same sums out of its units' workbooks."""
    with bench.app.app_context(), TemporaryDirectory(prefix="styrkedjan-bench-") as folder:
        round, top = _last_round(), db.session.scalars(select(Unit.id).where(Unit.level == "administration")).one()
        files = _fill_in(Path(folder), round)
        add_up = baselines.workbooks(files, baselines.ABOUT, baselines.NUMBERS)
        ours, theirs = sorted(map(tuple, figures.rows(top, round))), sorted(add_up())
        assert ours == theirs, "the same sums"
        note = f"{len(files)} workbooks, {len(ours)} sums, the same in both"
        yield bench.result("workbooks", 0.001, lambda: figures.rows(top, round), add_up, note, warm=1)
        db.session.remove()


def _last_round() -> int:
    now = cycle.current(COMMITTEE)
    assert now is not None
    before = cycle.previous(now)
    assert before is not None
    return before.id


def _fill_in(folder: Path, round_id: int) -> list[str]:
    """A workbook for each unit that has figures, with the columns and the numbers that the unit handed up."""
    n = RoundNode
    units = select(n.unit_id).where(n.round_id == round_id, n.level == "unit").order_by(n.path)
    files = []
    for unit_id in db.session.scalars(units).all():
        files.append(str(folder / f"{unit_id}.xlsx"))
        found = db.session.execute(select(*FIGURE).where(ROWS.c.unit_id == unit_id, ROWS.c.round_id == round_id)).all()
        with xlsxwriter.Workbook(files[-1]) as book:
            sheet = book.add_worksheet()
            for place, row in enumerate([(*baselines.ABOUT, *baselines.NUMBERS), *found]):
                sheet.write_row(place, 0, row)
    return files
