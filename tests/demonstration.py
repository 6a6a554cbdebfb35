"""The demonstration, filled once a run on SQLite on a fixed day, for the tests that only read it. A copy for those that write."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from chain.base import clock
from chain.base.db import db
from chain.demo import story
from tests import databases, once
from tests.conftest import settings

DAY = date(2026, 11, 22)


def build(url: str, day: date = DAY) -> None:
    """Fill an empty database as it is filled on a day."""
    app = create_app(settings(url))
    with app.app_context(), clock.held(clock.at(day)):
        db.create_all()
        story.fill(day)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def demonstration_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.filled(tmp_path_factory, "demonstration", lambda url, _folder: build(url)) / "filled.db"


@pytest.fixture
def demonstration(demonstration_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a fresh copy of the demonstration, on the day that it was filled."""
    with clock.held(clock.at(DAY)):
        app = create_app(settings(databases.sqlite_clone(demonstration_template, tmp_path)))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
