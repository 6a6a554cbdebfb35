"""`bench/run`: builds cities, measures in them on each database, prints a table, or with --json a list as its last line."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from bench import city, copying, measures, timing
from bench.measures import Cities
from bench.sides import Bench, Result
from tests import databases

SIZES = {"60 units": (60, 2), "S": (100, 10), "L": (700, 10)}  # units, and whole years before the one that is open
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}  # as a server that people trust
Files = dict[str, Path]  # a city's size → its SQLite file, to be copied


def main() -> None:
    wanted = _arguments()
    found: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="styrkedjan-bench-") as folder:
        files = _built(Path(folder), [size for size in SIZES if size != "L" or wanted.size == "L"])
        for database in wanted.databases.split():
            with prepared(database, files, Path(folder), wanted.seconds) as made:
                for name, measure in measures.everything(made):
                    if _asked(name, wanted.only):
                        for one in measure():
                            _say(f"{database}: {one.name} {one.size} {one.ratio:.4g}: {one.note}")
                            found.append(one)
    if _asked("start", wanted.only):
        found += measures.start()
    print(table(found))
    if wanted.json:
        print(json.dumps([one.as_dict() for one in found], ensure_ascii=False))


def _asked(name: str, only: str) -> bool:
    return not only or any(name.startswith(word) for word in only.split(","))


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _built(folder: Path, sizes: list[str]) -> Files:
    """Each city once, in a folder of its own, whatever databases it is copied into."""
    files = {}
    for size in sizes:
        units, years = SIZES[size]
        _say(f"building {size}: {units} units, {years} years")
        (own := folder / str(units)).mkdir()
        files[size] = databases.sqlite_template(partial(city.build, units=units, years=years), own)
    return files


@contextmanager
def prepared(database: str, files: Files, folder: Path, seconds: float, fewest: int = timing.FEWEST) -> Iterator[Cities]:
    """The cities, each in a throw-away database of its own. Without L the city is compared with a smaller one instead."""
    with ExitStack() as stack:
        server = stack.enter_context(databases.postgres_server(**DURABLE)) if database == "postgresql" else ""
        made = {}
        for size, file in files.items():
            url = _copied(server, file, folder)
            app = stack.enter_context(city.city(url))
            with app.app_context():
                _say(f"{database}: {size}, {city.rows()} stored figures")
            made[size] = Bench(database, size, url, app, seconds, fewest)
        workbooks, middle, *larger = made.values()
        yield Cities(middle, middle if larger else workbooks, larger[0] if larger else middle, workbooks)


def _copied(server: str, file: Path, folder: Path) -> str:
    if not server:
        return databases.sqlite_clone(file, folder)
    url = databases.clone(server, "template1")  # an empty one
    copying.copy(file, url)
    return url


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the results as a JSON list, last")
    parser.add_argument("--databases", default="sqlite postgresql", help="which (default: %(default)s)")
    parser.add_argument("--only", default="", help="the beginnings of the names to be measured, with commas between")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each measure (default: %(default)s)")
    parser.add_argument("--size", choices=("S", "L"), default="L", help="S: without the large city, in half of the time")
    return parser.parse_args()


def table(found: list[Result]) -> str:
    """The results for people, with the machine that they were measured on."""
    lines = [
        (one.name, one.database, one.size, _ratio(one.ratio), f"{one.target:g}", "yes" if one.good else "NO", one.note)
        for one in found
    ]
    head = ("name", "database", "size", "ratio", "target", "met", "note")
    wide = [max(len(row[place]) for row in [head, *lines]) for place in range(len(head) - 1)]
    rows = ["  ".join([*(cell.ljust(width) for cell, width in zip(row, wide, strict=False)), row[-1]]) for row in [head, *lines]]
    return "\n".join([machine(), *rows])


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {memory:.0f} GiB, load {load}, {time.strftime('%Y-%m-%d')}"
    )


if __name__ == "__main__":
    main()
