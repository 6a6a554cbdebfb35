"""The database's two doors: reads through `db.session`, writes through `@atomic`, the one place that commits."""

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm.exc import StaleDataError

from chain.base import audit, queue
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.orm import Base, Moment, Named, Path, Row, db, random_name

__all__ = ["Base", "Moment", "Named", "Path", "Row", "atomic", "connect", "db", "random_name", "told"]

P = ParamSpec("P")
T = TypeVar("T")

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")


def atomic(action: Callable[P, T]) -> Callable[P, T]:
    """All of the action or nothing, with its lines in the audit. An action within an action is part of the outer one.

    The reading transaction ends first and the writing one begins at once (`BEGIN IMMEDIATE` on SQLite), so everything is
    read anew and what the action checks still holds when it commits. Nothing is tried again silently.
    """
    return _atomic(action, audited=True)


def unaudited(action: Callable[P, T]) -> Callable[P, T]:
    """As `atomic`, for the few acts whose own rows tell who and when (a section's versions), or that are nobody's act.

    Every use stands in the list of tests/base/test_db.py.
    """
    return _atomic(action, audited=False)


def told(action: Callable[P, T | RuleBroken]) -> Callable[P, T]:
    """Over an action that returns its refusal: it is raised when the transaction has been committed, so that what it kept stays.

    For a text that comes second: it is kept, and whoever wrote it is told.
    """

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        answer = action(*args, **kwargs)
        if isinstance(answer, RuleBroken):
            raise answer
        return answer

    return run


def _atomic(action: Callable[P, T], *, audited: bool) -> Callable[P, T]:
    if "by" not in inspect.signature(action).parameters:
        raise TypeError(f"{action.__qualname__} writes, so it takes by=")

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if _writing.get():
            return action(*args, **kwargs)
        return _write(action, args, kwargs, audited)

    run.__dict__["atomic"] = True
    return run


def _write(action: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], audited: bool) -> T:
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError(f"something was changed outside an action, before {action.__qualname__}")
    session.rollback()
    session.expire_all()  # right after a commit there is nothing to roll back, and what was read before it would stay
    with queue.turn(db.engine):
        writing, noted = _writing.set(True), audit.notes.set([])
        try:
            answer = action(*args, **kwargs)
            notes = audit.notes.get() or []
            if audited and not notes:
                raise RuntimeError(f"{action.__qualname__} left no line in the audit")
            if notes:
                audit.seal(session(), notes, kwargs.get("by"))
            session.commit()
        except StaleDataError as error:
            session.rollback()
            raise RuleBroken(_("Någon annan ändrade samtidigt. Ladda om sidan och försök igen.")) from error
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing.reset(writing)
            audit.notes.reset(noted)
    return answer


def connect(app: Flask) -> None:
    """Bind the database to the application, with SQLite made as strict as PostgreSQL is."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _strict_sqlite(db.engine)


def _strict_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver's own default silently loses updates
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
