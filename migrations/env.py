"""How the schema is brought from one version to the next, on SQLite and PostgreSQL alike."""

import logging

from alembic import context
from sqlalchemy import Connection

from chain.base.db import Base, Moment, db

logging.getLogger("alembic").setLevel(logging.INFO)


def as_plain_type(kind: str, thing: object, _context: object) -> str | bool:
    """A migration names the database's own types, so that it stays true when our classes move."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


def migrate() -> None:
    engine = db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A batch migration makes the table anew and drops the old one: with foreign keys on, that deletes its children.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=as_plain_type,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if sqlite:
            _check_foreign_keys(connection)
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"the migration left rows without their parent: {broken[:5]}")


migrate()
