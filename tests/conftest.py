"""The fixtures: an application on each database, the same cast, a held clock, and a client per person."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import flask_babel
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from chain.base import clock
from chain.base.db import db
from tests import databases, makers

pytest_plugins = ["tests.demonstration"]

NOW = clock.at(date(2026, 11, 22), 10)
FAST_ARGON2 = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


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


@pytest.fixture(params=os.environ.get("TEST_DATABASES", "sqlite postgresql").split())
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the cast in it, of each kind."""
    if request.param == "sqlite":
        yield databases.sqlite_clone(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    url = databases.clone(request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template"))
    yield url
    databases.drop(url)


@pytest.fixture
def held_clock() -> Iterator[None]:
    """Tests fix the date: Sunday 22 November 2026, 10.00 in Stockholm."""
    with clock.held(NOW):
        yield


@pytest.fixture
def app(database_url: str, held_clock: None) -> Iterator[Flask]:
    application = create_app(settings(database_url))
    application.before_request_funcs.setdefault(None, []).insert(0, flask_babel.refresh)  # the test's context outlives a request
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask) -> makers.Cast:
    """The people and units of the template database, looked up by their short names."""
    return makers.found()


@pytest.fixture
def client(app: Flask) -> Callable[[str], FlaskClient]:
    """client("pia") is signed in as Pia; client("") is a stranger."""
    return lambda short: makers.client(app, short)
