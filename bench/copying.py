"""A city that was built in SQLite, copied into PostgreSQL: built once a run, and read by the server in bulk (`COPY`)."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table, create_engine

from chain.base.db import Base


def copy(file: Path, url: str) -> None:
    """Fill an empty database with every row of the file. The server's own superuser asks: rows come without their checks."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    address = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with closing(sqlite3.connect(file)) as source, psycopg.connect(address, autocommit=True) as target:
        target.execute("SET timezone = 'UTC'")  # moments are kept so in the file, without saying it
        target.execute("SET session_replication_role = replica")  # no foreign key is looked up: they held in the file
        for table in Base.metadata.sorted_tables:
            _table(source, target, table)
        target.execute("VACUUM ANALYZE")  # a throw-away server does not do it by itself


def _table(source: sqlite3.Connection, target: psycopg.Connection[Any], table: Table) -> None:
    names = [column.name for column in table.columns]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    words = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    with target.cursor() as cursor, cursor.copy(words) as rows:
        for row in source.execute(f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(table.name)}"):
            rows.write_row(row)
    _go_on_counting(target, table, names)


def _go_on_counting(target: psycopg.Connection[Any], table: Table, names: Sequence[str]) -> None:
    """The next row's number comes after those that were copied."""
    if "id" in names:
        words = "SELECT setval(pg_get_serial_sequence({table}, 'id'), max(id)) FROM {name} HAVING max(id) IS NOT NULL"
        target.execute(sql.SQL(words).format(table=sql.Literal(_quoted(table.name)), name=sql.Identifier(table.name)))


def _quoted(name: str) -> str:
    return f'"{name}"'
