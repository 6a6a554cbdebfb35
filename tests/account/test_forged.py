"""Requests forged by another site: no form is taken without its token."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from chain.base.db import db
from tests import conftest, databases


@pytest.fixture
def guarded(sqlite_template: Path, tmp_path: Path, held_clock: None) -> Iterator[Flask]:
    """The application as it runs, with the protection that the other tests leave out."""
    app = create_app(conftest.settings(databases.sqlite_clone(sqlite_template, tmp_path)) | {"WTF_CSRF_ENABLED": True})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def unsafe(app: Flask) -> list[str]:
    return sorted(
        rule.rule.replace("<", "").replace(">", "") for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())
    )


def test_no_post_is_taken_without_its_token(guarded: Flask) -> None:
    assert len(unsafe(guarded)) > 20
    for address in unsafe(guarded):
        assert guarded.test_client().post(address).status_code == 400, address


def test_a_saving_script_is_told_to_fetch_a_new_one(guarded: Flask) -> None:
    answer = guarded.test_client().post("/account/choose", headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.json) == (400, {"csrf": True})
