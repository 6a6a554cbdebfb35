"""What is asked of the database: for the tests that hold that a page asks as often whatever there is to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from chain.base.db import db


@contextmanager
def statements(word: str = "") -> Iterator[list[str]]:
    """The statements of the block, in the order in which they are asked; those that begin with a word (SELECT)."""
    found: list[str] = []

    def heard(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.extend([statement] if statement.startswith(word) else [])

    engine = db.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", heard)
