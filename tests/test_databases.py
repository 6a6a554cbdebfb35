"""The throw-away databases: a copy has the template's content, and what is written into it stays there.

And what is asked on which: of all that may differ between databases nothing is asked on one alone.
"""

import ast
import contextlib
import os
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from chain.base.config import ROOT
from tests import databases
from tests.access_matrix import BY_ENDPOINT
from tests.conftest import DATABASES, asked_on
from tests.test_access import one_of_each


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


# What is asked on which

# Reached by ending a unit, in tests/goal/test_documents_and_plans.py and tests/matter/test_ending.py.
LISTEN = {"chain.goal.ending_actions", "chain.matter.ending_actions"}


def imported(file: Path) -> set[str]:
    """The modules that a file imports, by whichever form of the word."""
    found = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom) and node.module]
    return {node.module for node in found} | {f"{node.module}.{each.name}" for node in found for each in node.names}


def test_every_links_actions_are_asked_on_both():
    tests = [file for file in (ROOT / "tests").rglob("test_*.py") if asked_on(file.stem) == DATABASES]
    asked = set().union(*map(imported, tests)) | LISTEN
    actions = {".".join(file.relative_to(ROOT).with_suffix("").parts) for file in (ROOT / "chain").rglob("*actions.py")}
    assert len(actions) > 40 and actions - asked == set()


def test_every_page_and_with_it_every_query_is_asked_on_both_by_somebody_who_gets_in():
    assert asked_on("tests.test_access") == DATABASES
    within = {key for key, lines in BY_ENDPOINT.items() if any(line.may for line in lines)}
    assert within == {key for key, lines in BY_ENDPOINT.items() for line, who in one_of_each(lines) if who in line.may}
    assert len(within) > 300


@pytest.mark.parametrize("module", ["actions", "parallel", "together", "kept", "canaries", "twice", "migrations", "db", "audit"])
def test_what_locks_and_what_writes_is_asked_on_both(module):
    assert asked_on(f"tests.somewhere.test_{module}") == DATABASES


def test_pages_and_rules_are_asked_on_the_first_alone():
    alone = ("views", "ss12000_views", "pages", "finding_rules")
    assert {tuple(asked_on(f"tests.somewhere.test_{name}")) for name in alone} == {(DATABASES[0],)}
