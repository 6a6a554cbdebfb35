"""A town in the middle of things (tests/town.py), built once a run: on SQLite by doing, on PostgreSQL the same rows.

That actions do the same there is what each link's own tests ask, and the story; the town is there to be looked at.
"""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, insert, select, text

from app import create_app
from chain.base import clock
from chain.base.db import Base, db
from tests import conftest, databases, doors, once
from tests.town import Town
from tests.town import build as build_town


@dataclass(frozen=True)
class Towns:
    """Copies of its database, what lies where in each of them, and an application on the one that all share."""

    copy: Callable[[], str]
    town: Town
    shared: Flask


def build(url: str, folder: Path) -> None:
    """Build it, and leave word of what lies where."""
    town = Town()
    conftest.build(url)
    with clock.held(conftest.NOW):
        build_town(create_app(conftest.settings(url)), town)
    (folder / "town.pickle").write_bytes(pickle.dumps(town))


@pytest.fixture(scope="session")
def built_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.filled(tmp_path_factory, "town", build)


def opened(folder: Path, copy: Callable[[], str]) -> Iterator[Towns]:
    shared = create_app(conftest.settings(copy()))
    yield Towns(copy, pickle.loads((folder / "town.pickle").read_bytes()), shared)
    with shared.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def town_on_sqlite(built_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    copies = tmp_path_factory.mktemp("town")
    yield from opened(built_town, partial(databases.sqlite_clone, built_town / "filled.db", copies))


@pytest.fixture(scope="session")
def town_on_postgresql(built_town: Path, postgres: str) -> Iterator[Towns]:
    template = databases.template_database(postgres, lambda url: moved(f"sqlite:///{built_town / 'filled.db'}", url))
    yield from opened(built_town, partial(databases.clone, postgres, template))


def moved(here: str, there: str) -> None:
    """Every row of a database, to an empty one on a server, and its sequences to where the last ones were given."""
    source, target = create_engine(here), create_engine(there)
    with source.connect() as rows, target.begin() as made:
        Base.metadata.create_all(made)
        keys = made.execute(text(KEYS)).all()
        for table, name, _told in keys:  # rows refer to each other in circles: what holds for them is asked when all are there
            made.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        for each in Base.metadata.sorted_tables:
            if found := [dict(row) for row in rows.execute(select(each)).mappings()]:
                made.execute(insert(each), found)
            if "id" in each.c:
                last = f"setval(pg_get_serial_sequence('\"{each.name}\"', 'id'), max(id))"
                made.execute(text(f'SELECT {last} FROM "{each.name}" HAVING max(id) IS NOT NULL'))
        for table, name, told in keys:
            made.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {told}"))
    source.dispose()
    target.dispose()


KEYS = """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
          WHERE contype = 'f' ORDER BY oid"""


@pytest.fixture
def towns(request: pytest.FixtureRequest) -> Towns:
    """Both stay until the end, so that the tests of one need not come after each other."""
    found: Towns = request.getfixturevalue(f"town_on_{request.param}")
    return found


@pytest.fixture
def shared_town(towns: Towns) -> tuple[Flask, Town]:
    return towns.shared, towns.town


@pytest.fixture
def town(shared_town: tuple[Flask, Town], held_clock: None) -> Iterator[doors.Doors]:
    """The town's doors, shared by all who only look."""
    with doors.opened(*shared_town) as found:
        yield found


@pytest.fixture
def own_town(towns: Towns, held_clock: None) -> Iterator[tuple[Flask, Town]]:
    """A town of one's own, to change."""
    app = create_app(conftest.settings(towns.copy()))
    yield app, towns.town
    with app.app_context():
        db.engine.dispose()
