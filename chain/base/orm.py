"""What a row is: the declarative base, the types that both databases share, and random public names."""

import secrets
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A point in time: aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A place in the tree, such as /sjovik/bun/fvn/norr/bjorkskolan/. Byte order, so that "below" is one range of an index.
Path = String(400).with_variant(String(400, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """The root of every model. Plain, so that models can be typed and read without Flask."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[str]: JSON, list[int]: JSON}


def random_name() -> str:
    """128 random bits for an address: a gap between two numbers would tell that something hidden lies there."""
    return secrets.token_hex(16)


class Row:
    """A numbered row: the number is for joins inside the database alone and never leaves it."""

    id: Mapped[int] = mapped_column(primary_key=True)


class Named(Row):
    """A row that has an address of its own."""

    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=random_name)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
