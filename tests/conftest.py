"""The fixtures: an application on each database, the same cast, a held clock, and a client per person."""

import gc
import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import flask_babel
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache

from app import create_app
from chain.base import clock
from chain.base.db import db
from tests import databases, kept, makers

pytest_plugins = ["tests.demonstration", "tests.towns"]

NOW = clock.at(date(2026, 11, 22), 10)
FAST_ARGON2 = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


LONG = tuple(
    f"tests/test_{name}.py" for name in ("story_in_the_browser", "pages_in_the_browser", "bench", "canaries", "demo")
)  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes a minute by itself is begun first: else one core works at it when the others have nothing left to do."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """What has been imported stays. Looking through it for garbage, again and again, was a tenth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class Compiled(BytecodeCache):
    """Each template is compiled once a run, however many applications are made."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": Compiled()}


def settings(url: str) -> dict[str, object]:
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,
        "ARGON2": FAST_ARGON2,
        "SECRET_KEY": "test",
    }


def build(url: str) -> None:
    """A template database: all tables, and the cast."""
    app = create_app(settings(url))
    with app.app_context(), clock.held(NOW):
        db.create_all()
        makers.cast()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with databases.postgres_server() as admin:
        yield admin


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(build, tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    return databases.template_database(postgres, build)


DATABASES = os.environ.get("TEST_DATABASES", "sqlite postgresql").split()
ASKED_ON = ("database_url", "towns")  # the fixtures that a database comes with
ALONE = re.compile(r"test_(\w+_)?(views|pages|out|rules|forms|locale)")


def asked_on(module: str) -> list[str]:
    """The databases that a module's tests are asked on: both, but pages and rules on the first alone.

    Rules know no database, only a language. A page is words about what queries found and actions did. Those may differ between
    databases and are asked on both: by the tests of each link's actions, and by the access matrix, which opens every address
    there is (tests/test_databases.py holds it).
    """
    return DATABASES[:1] if ALONE.fullmatch(module.rpartition(".")[2]) else DATABASES


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that needs a database is one for each that it is asked on, unless it says by itself which."""
    marked = [str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize")]
    for name in ASKED_ON:
        if name in metafunc.fixturenames and name not in marked:
            metafunc.parametrize(name, asked_on(metafunc.module.__name__), indirect=True)


@pytest.fixture(scope="session")
def kept_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[kept.Store]:
    with kept.opened(kept.File(sqlite_template, tmp_path_factory.getbasetemp())) as store:
        yield store


@pytest.fixture(scope="session")
def kept_postgresql(postgres: str, postgres_template: str) -> Iterator[kept.Store]:
    with kept.opened(kept.Server(postgres, postgres_template)) as store:
        yield store


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """A database as new with the cast in it, of each kind, always at the same address."""
    store: kept.Store = request.getfixturevalue(f"kept_{request.param}")
    return store.begin(keeps="monkeypatch" not in request.fixturenames)


@pytest.fixture
def held_clock() -> Iterator[None]:
    """Tests fix the date: Sunday 22 November 2026, 10.00 in Stockholm."""
    with clock.held(NOW):
        yield


@cache  # half of a test's time went into templates and statements that the test before had compiled as well
def application(url: str) -> Flask:
    """The application on the database at this address."""
    made = create_app(settings(url))
    made.before_request_funcs.setdefault(None, []).insert(0, flask_babel.refresh)  # the test's context outlives a request
    with made.app_context():
        kept.watch(url, db.engine)
    return made


@pytest.fixture
def app(database_url: str, held_clock: None) -> Iterator[Flask]:
    """The application on a fresh database. Its configuration may be changed: it is put back."""
    yield from in_context(application(database_url))


@pytest.fixture
def new_app(database_url: str, held_clock: None) -> Iterator[Flask]:
    """As `app`, for those who add something to the application itself: made for this test alone."""
    made = application.__wrapped__(database_url)
    yield from in_context(made)
    with made.app_context():
        db.engine.dispose()


def in_context(app: Flask) -> Iterator[Flask]:
    """It stays connected: the next test may be as new in the same database (tests/kept.py)."""
    config = dict(app.config)
    with app.app_context():
        yield app
        db.session.remove()
    app.config.clear()
    app.config.update(config)


@pytest.fixture
def cast(app: Flask) -> makers.Cast:
    """The people and units of the template database, looked up by their short names."""
    return makers.found()


@pytest.fixture
def client(app: Flask) -> Callable[[str], FlaskClient]:
    """client("pia") is signed in as Pia; client("") is a stranger."""
    return lambda short: makers.client(app, short)
