"""Many rows at once, the way each database likes it best: COPY on PostgreSQL, the driver's executemany elsewhere."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table

from chain.base.db import db


def insert(table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values, in the order of `columns`, within the session's transaction."""
    connection, rows = db.session.connection(), list(rows)
    if not rows:
        return
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({places})", rows)
