"""The throw-away databases: a copy has the template's content, and what is written into it stays there."""

import contextlib
import os
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests import databases


def build(url):
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA journal_mode=WAL"))
        connection.execute(text("CREATE TABLE unit (name TEXT)"))
        connection.execute(text("INSERT INTO unit VALUES ('Ängsskolan')"))
    engine.dispose()


def names(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name FROM unit")).scalars().all()
    engine.dispose()
    return found


def add(url, name):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO unit VALUES (:name)"), {"name": name})
    engine.dispose()


@pytest.fixture(scope="module")
def server():
    with databases.postgres_server() as admin_url:
        yield admin_url


@pytest.fixture(scope="module")
def template(server):
    return databases.template_database(server, build)


def test_a_postgresql_clone_is_apart_from_its_template_and_from_other_clones(server, template):
    first, second = databases.clone(server, template), databases.clone(server, template)
    add(first, "Åbyskolan")
    assert names(first) == ["Ängsskolan", "Åbyskolan"]
    assert names(second) == ["Ängsskolan"]


def test_a_dropped_database_is_gone_even_where_someone_is_connected(server, template):
    url = databases.clone(server, template)
    engine = create_engine(url)
    with contextlib.closing(engine.connect()):
        databases.drop(url)
    engine.dispose()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url.replace("+psycopg", ""))


def test_the_server_stops_and_leaves_nothing(monkeypatch):
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    with databases.postgres_server() as admin_url:
        folder = Path(admin_url.partition("host=")[2])
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_server_that_was_given_is_used_and_left_without_our_databases(server, monkeypatch):
    monkeypatch.setenv("TEST_DATABASE_URL", server.replace("+psycopg", ""))
    monkeypatch.setattr(databases, "PREFIX", "styrkedjan_test_given_")
    with databases.postgres_server() as admin_url:
        assert admin_url == server
        url = databases.clone(admin_url, databases.template_database(admin_url, build))
        assert names(url) == ["Ängsskolan"]
    with psycopg.connect(server.replace("+psycopg", "")) as connection:
        left = connection.execute("SELECT 1 FROM pg_database WHERE datname LIKE 'styrkedjan_test_given%'").fetchall()
    assert left == []


def test_the_wheel_serves_where_the_system_has_no_postgresql(monkeypatch):
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(databases, "_system_binaries", lambda: None)
    with databases.postgres_server() as admin_url:
        assert names(databases.clone(admin_url, databases.template_database(admin_url, build))) == ["Ängsskolan"]


def test_a_server_that_does_not_start_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "_unprivileged_user", lambda: None)  # may not read tmp_path
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(databases, "_system_binaries", lambda: tmp_path)
    (tmp_path / "initdb").write_text("#!/bin/sh\n")
    (tmp_path / "postgres").write_text("#!/bin/sh\necho FATAL: no room >&2\nexit 1\n")
    for file in tmp_path.iterdir():
        file.chmod(0o755)
    with pytest.raises(RuntimeError, match="no room"), databases.postgres_server():
        pass


def test_a_sqlite_clone_is_apart_from_its_template(tmp_path):
    template = databases.sqlite_template(build, tmp_path)
    first, second = databases.sqlite_clone(template, tmp_path), databases.sqlite_clone(template, tmp_path)
    add(first, "Åbyskolan")
    assert names(first) == ["Ängsskolan", "Åbyskolan"]
    assert names(second) == ["Ängsskolan"]


def test_a_sqlite_template_that_is_still_being_read_is_refused(tmp_path):
    readers = []

    def build_and_keep_reading(url):
        build(url)
        reader = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT name FROM unit").fetchall()
        readers.append(reader)
        add(url, "Åbyskolan")

    with pytest.raises(RuntimeError, match="connection open"):
        databases.sqlite_template(build_and_keep_reading, tmp_path)
    readers.pop().close()
