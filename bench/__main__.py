"""`bench/run`: builds a city on each database, measures, prints a table, or with --json a list as its last line."""

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

from bench import city, measures
from bench.measures import Bench, Result
from tests import databases

UNITS, FEWER, YEARS = 100, 30, 10
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}  # as a server that people trust


def main() -> None:
    wanted = _arguments()
    found: list[Result] = []
    for database in wanted.databases.split():
        with prepared(database, wanted) as (bench, small):
            for name, measure in measures.everything(bench, small):
                if _asked(name, wanted.only):
                    for one in measure():
                        _say(f"{database}: {one.name} {one.ratio:.2f}: {one.note}")
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


@contextmanager
def prepared(database: str, wanted: argparse.Namespace) -> Iterator[tuple[Bench, Bench]]:
    """A city and a smaller one, each in a throw-away database of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="styrkedjan-bench-")))
        server = stack.enter_context(databases.postgres_server(**DURABLE)) if database == "postgresql" else ""
        made = []
        for units in (wanted.units, wanted.fewer):
            url = _url(server, folder, partial(city.build, units=units, years=wanted.years))
            app = stack.enter_context(city.city(url))
            with app.app_context():
                _say(f"{database}: a city of {units} units, {city.rows()} stored figures")
            size = "S" if (units, wanted.years) == (UNITS, YEARS) else f"{units} units"
            made.append(Bench(database, size, url, app, wanted.seconds))
        yield made[0], made[1]


def _url(server: str, folder: Path, build: databases.Build) -> str:
    if server:
        return databases.clone(server, databases.template_database(server, build))
    own = Path(tempfile.mkdtemp(dir=folder))
    return databases.sqlite_clone(databases.sqlite_template(build, own), own)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the results as a JSON list, last")
    parser.add_argument("--databases", default="sqlite postgresql", help="which (default: %(default)s)")
    parser.add_argument("--only", default="", help="a part of the names to be measured")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each measure (default: %(default)s)")
    parser.add_argument("--units", type=int, default=UNITS, help="units in the city (default: %(default)s)")
    parser.add_argument("--fewer", type=int, default=FEWER, help="units in the smaller one (default: %(default)s)")
    parser.add_argument("--years", type=int, default=YEARS, help="whole years before the one that is open (default: %(default)s)")
    return parser.parse_args()


def table(found: list[Result]) -> str:
    """The results for people, with the machine that they were measured on."""
    lines = [
        (one.name, one.database, one.size, f"{one.ratio:.2f}", f"{one.target:g}", "yes" if one.good else "NO", one.note)
        for one in found
    ]
    head = ("name", "database", "size", "ratio", "target", "met", "note")
    wide = [max(len(row[place]) for row in [head, *lines]) for place in range(len(head) - 1)]
    rows = ["  ".join([*(cell.ljust(width) for cell, width in zip(row, wide, strict=False)), row[-1]]) for row in [head, *lines]]
    return "\n".join([machine(), *rows])


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {memory:.0f} GiB, load {load}, {time.strftime('%Y-%m-%d')}"
    )


if __name__ == "__main__":
    main()
