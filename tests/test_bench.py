"""The benchmark measures what it says: ratios by a held clock, baselines that owe us nothing, and every name at a tiny size."""

import ast
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bench import __main__ as command
from bench import baselines, city, measures, timing
from bench.sides import Result
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.result import queries as result
from chain.rollup import verify
from chain.rollup.models import RollupRow
from tests import databases

NAMES = {
    "page_home", "page_section", "page_text", "page_overview", "page_figures", "page_committee", "page_thread",
    "page_thread_broken", "page_thread_goal", "page_public", "page_statements", "autosave", "rollup_read",
    "rollup_read_vs_aggregate", "rollup_growth", "accept_16", "accept_rollup", "workbooks", "coding", "chart", "chart_cached",
    "document_pdf", "document_word", "import_100k", "protect",
}  # fmt: skip


class Wall:
    """A clock that moves when somebody works."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        self.now += seconds


def test_the_ratio_is_that_of_the_medians_of_both_sides() -> None:
    wall, slow = Wall(), iter([9.0, 9.0, 9.0] + [6.0, 6.0, 600.0] * 5)
    pair = timing.compare(lambda: wall.work(next(slow)), lambda: wall.work(2.0), seconds=0, clock=wall)
    assert (pair.ours, pair.other, pair.ratio, pair.turns) == (6.0, 2.0, 3.0, 7)


def test_both_sides_take_turns_of_equal_length() -> None:
    wall, calls = Wall(), {"ours": 0, "other": 0}

    def side(name: str, seconds: float) -> None:
        calls[name] += 1
        wall.work(seconds)

    pair = timing.compare(lambda: side("ours", 8.0), lambda: side("other", 2.0), seconds=0, warm=1, clock=wall)
    assert calls == {"ours": 1 + 7, "other": 1 + 7 * 4}
    assert pair.ratio == 4.0


def test_what_can_be_done_so_many_times_only_is_done_no_oftener() -> None:
    wall, left = Wall(), iter(range(4))
    pair = timing.compare(lambda: wall.work(next(left) + 1), lambda: wall.work(9), fewest=3, most=3, warm=1, clock=wall)
    assert pair.turns == 3


def test_a_baseline_is_as_large_as_it_is_asked_to_be_and_has_as_many_cells() -> None:
    for macros in (True, False):
        page = baselines.page(20_000, 270, macros=macros)()
        assert len(page) == 20_000
        assert page.count(b"<td") == 270


def imported(file: Path) -> set[str]:
    """The packages that a file imports anywhere."""
    return {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(file.read_text()))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip


def test_the_baselines_import_nothing_of_ours() -> None:
    libraries = {"docx", "flask", "jinja2", "matplotlib", "pandas", "psycopg", "typst"}
    standard = {"collections", "io", "re", "sqlite3", "subprocess", "sys", "tempfile", "typing"}
    assert imported(Path(baselines.__file__)) == libraries | standard
    assert baselines.IMPORTS == "import flask, sqlalchemy, wtforms"


def test_what_is_held_against_us_is_not_needed_to_run_us() -> None:
    files = [measures.ROOT / "app.py", *measures.ROOT.glob("chain/**/*.py"), *measures.ROOT.glob("forms/*.py")]
    assert not {name for file in files for name in imported(file)} & {"openpyxl", "pandas"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of eight units."""
    return databases.sqlite_template(partial(city.build, units=8, years=2), tmp_path_factory.mktemp("city"))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_measure_is_made(database: str, file: Path, tmp_path: Path) -> None:
    """In a city of eight units, once each: what it says is no matter here, that it says it is."""
    files = {"8 units": file, "8 units again": file}
    with command.prepared(database, files, tmp_path, seconds=0, fewest=1) as cities:
        asked = {name: measure for name, measure in measures.everything(cities) if name != "public_proxy"}  # it asks for nginx
        made = {name: list(measure()) for name, measure in asked.items()}
    assert set(made) == NAMES
    results = [one for found in made.values() for one in found]
    assert {one.name for one in results} >= NAMES
    assert all(one.ratio > 0 and one.note for one in results)
    assert made["page_statements"][0].ratio == 1.0
    assert "0 wrong, 0 deadlocks" in made["accept_16"][0].note


def test_the_city_has_figures_of_every_kind(file: Path, tmp_path: Path) -> None:
    with city.city(databases.sqlite_clone(file, tmp_path)) as app, app.app_context():
        there = set(db.session.scalars(select(RollupRow.indicator).distinct()))
        known = {one.key: one for one in result.indicators(cycle.current("/sjovik/bun/").year_id)}
        assert {known[key].kind for key in there} == {"share", "mean", "count", "distribution"}
        assert any(known[key].apart for key in there), "hours"
        assert verify.problems() == [], "what was put straight into the tables is what the app would have stored"


def test_the_table_says_what_is_missed() -> None:
    found = [Result("start", "–", "–", 1.25, 1.5, "fine"), Result("autosave", "sqlite", "S", 4.0, 3.0, "slow")]
    head, good, bad = command.table(found).splitlines()[1:]
    assert head.split() == ["name", "database", "size", "ratio", "target", "met", "note"]
    assert good.split()[3:6] == ["1.25", "1.5", "yes"] and bad.split()[3:6] == ["4.00", "3", "NO"]
    assert found[1].as_dict() == {
        "name": "autosave", "database": "sqlite", "size": "S", "ratio": 4.0, "target": 3.0, "note": "slow",
    }  # fmt: skip
