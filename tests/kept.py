"""The database that each test finds as if it were new, and worlds that many tests begin in: made once a run, then put back.

On SQLite a file is copied. On PostgreSQL a copy of a database is a tenth of a second of the server's work and as long a wait
for it to let go of the one before, so there the database stays and what a test has written in it is taken out again: each row
knows the transaction that wrote it.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakSet

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event, inspect
from sqlalchemy.exc import NoInspectionAvailable

from chain.base import clock
from chain.base.db import Base, db
from tests import databases
from tests.makers import Cast

P = ParamSpec("P")
T = TypeVar("T")
NAME = "test"
RENEWED_AFTER = 400  # times that a PostgreSQL database is used: what is taken out leaves room behind that only a copy gives back
YOUNG = "xmin::text::bigint > kept_since"  # written by a later transaction; no column is called so


class Store(ABC):
    """A database that can be put back to the template, or to a world that was kept."""

    url: str
    steps: tuple[Hashable, ...] = ()  # the worlds that have been built or put since it was as new
    commits = known = 0  # how often something has been committed; and had been, when these worlds stood there
    within = 0  # how many worlds are being built, one in another

    def __init__(self) -> None:
        self.engines: WeakSet[Engine] = WeakSet()
        self.worlds: dict[Hashable, tuple[Any, Any]] = {}

    @abstractmethod
    def fresh(self) -> None: ...

    @abstractmethod
    def keep(self) -> Any: ...

    @abstractmethod
    def put(self, world: Any) -> None: ...

    def close(self) -> None:
        for engine in self.engines:
            engine.dispose()

    def begin(self, keeps: bool) -> str:
        """A test begins: its address. It `keeps` nothing where it changes more than rows."""
        self.fresh()
        self.steps, self.known = (), self.commits if keeps else -1
        return self.url

    @contextmanager
    def building(self) -> Iterator[None]:
        """Something is being built to be kept. What it begins with is put there if it was kept before; its parts are not kept."""
        self.within += 1
        try:
            yield
        finally:
            self.within -= 1
            self.known = -1
        self.known = self.commits

    def watch(self, engine: Engine) -> None:
        """Notice what is committed through an engine, and close its connections where they would be in the way."""
        self.engines.add(engine)
        event.listen(engine, "commit", self._committed)

    def _committed(self, _connection: Any) -> None:
        self.commits += 1


class File(Store):
    """An SQLite file."""

    def __init__(self, template: Path, folder: Path) -> None:
        super().__init__()
        self.template, self.folder = template, folder
        self.url = databases.sqlite_clone(template, folder, NAME)

    def fresh(self) -> None:
        self.put(self.template)

    def keep(self) -> Path:
        world = self.folder / f"world-{len(self.worlds)}.db"
        with closing(sqlite3.connect(self.folder / f"{NAME}.db")) as here, closing(sqlite3.connect(world)) as there:
            here.backup(there)
        return world

    def put(self, world: Path) -> None:
        self.close()
        databases.sqlite_clone(world, self.folder, NAME)


# PostgreSQL


@dataclass
class World:
    """The rows that were written since the template, in a schema of their own, and how far each sequence had come."""

    schema: str
    tables: list[str]
    sequences: list[tuple[str, int, bool]]


class Server(Store):
    """A database of a PostgreSQL server. Its application may stay connected."""

    def __init__(self, server: str, template: str) -> None:
        super().__init__()
        self.server, self.template = server, template
        self.connection: psycopg.Connection[Any] | None = None
        self.rewinds, self.used, self.numbers = True, 0, count()
        self._copy()

    def close(self) -> None:
        super().close()
        if self.connection:
            self.connection.close()

    def _copy(self) -> None:
        """A copy of the template; beside each of its tables one that stays as it is, in the schema `kept`."""
        self.close()
        self.worlds.clear()
        self.url = databases.clone(self.server, self.template, NAME)
        self.connection = psycopg.connect(databases.for_libpq(self.url), autocommit=True)
        try:
            self._do("SET session_replication_role = replica")  # rows come back in whichever order, and no trigger minds
        except psycopg.errors.InsufficientPrivilege:  # somebody else's server: a copy every time
            self.rewinds = False
            return
        self._do("CREATE SCHEMA kept")
        self.keys = {table.name: [column.name for column in table.primary_key] for table in Base.metadata.sorted_tables}
        self.rows: dict[str, int] = {}
        for table in self.keys:
            self._do("CREATE TABLE kept.{0} AS TABLE {0}", table)
            self.rows[table] = self._one("SELECT count(*) FROM {}", table)
        self.sequences = self._sequences()
        self._do(self._rewinding())
        self._do(self._keeping())
        self.used, self.built, self.since = 0, self._schema(), self._now()

    def fresh(self) -> None:
        """Take out what was written; where the tables themselves were changed, a new copy."""
        self.used += 1
        if not self.rewinds or self.used > RENEWED_AFTER or self._schema() != self.built:
            self._copy()
            return
        self._ask("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                  " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL")  # fmt: skip
        self.since = self._one("SELECT kept.rewind(%s)", values=[self.since])

    def keep(self) -> World | None:
        if not self.rewinds or self._schema() != self.built:
            return None
        name = f"world_{next(self.numbers)}"
        written = self._one("SELECT kept.keep(%s, %s)", values=[name, self.since])
        if written is None:  # something of the template is gone
            return None
        self.built = self._schema()
        return World(name, written, [one for one in self._sequences() if one not in self.sequences])

    def put(self, world: World) -> None:
        """The template with the world's rows."""
        self.since = self._one("SELECT kept.rewind(%s)", values=[self.since])
        steps = ["BEGIN"]
        for table in world.tables:
            name, there = f"public.{quoted(table)}", f"{world.schema}.{quoted(table)}"
            if self.rows[table]:
                steps.append(f"DELETE FROM {name} o USING {there} k WHERE {same(self.keys[table])}")
            steps.append(f"INSERT INTO {name} SELECT * FROM {there} ORDER BY {', '.join(map(quoted, self.keys[table]))}")
        steps += [f"SELECT setval('{name}', {last}, {called})" for name, last, called in world.sequences]
        self._do("; ".join([*steps, "COMMIT"]))

    def _keeping(self) -> str:
        """A function that copies every row younger than a transaction into a schema, and says of which tables."""
        found = [f"IF EXISTS (SELECT FROM kept.{quoted(table)} k WHERE NOT EXISTS"
                 f" (SELECT FROM public.{quoted(table)} o WHERE {same(self.keys[table])})) THEN RETURN NULL; END IF;"
                 for table, rows in self.rows.items() if rows]  # fmt: skip
        found += [f"IF EXISTS (SELECT FROM public.{quoted(table)} WHERE {YOUNG}) THEN"
                  f" written := written || '{table}'::text; END IF;" for table in self.keys]  # fmt: skip
        return f"""CREATE FUNCTION kept.keep(world text, kept_since bigint) RETURNS text[] LANGUAGE plpgsql AS $$
            DECLARE written text[] := '{{}}'; name text;
            BEGIN {" ".join(found)}
            EXECUTE format('CREATE SCHEMA %I', world);
            FOREACH name IN ARRAY written LOOP
                EXECUTE format('CREATE TABLE %I.%I AS SELECT * FROM public.%I WHERE {YOUNG.replace("kept_since", "%s")}',
                               world, name, name, kept_since);
            END LOOP;
            RETURN written; END $$"""

    def _rewinding(self) -> str:
        """A function that takes out every row younger than a transaction, and gives back those that are missing."""
        steps = []
        for table, keys in self.keys.items():
            steps.append(f"DELETE FROM public.{quoted(table)} WHERE {YOUNG};")
            steps.append(f"""IF (SELECT count(*) FROM public.{quoted(table)}) <> {self.rows[table]} THEN
                INSERT INTO public.{quoted(table)} SELECT * FROM kept.{quoted(table)} k
                WHERE NOT EXISTS (SELECT FROM public.{quoted(table)} o WHERE {same(keys)}); END IF;""")
        for name, last, called in self.sequences:
            steps.append(f"""IF (SELECT (last_value, is_called) <> ({last}, {called}) FROM {name}) THEN
                PERFORM setval('{name}', {last}, {called}); END IF;""")
        return f"""CREATE FUNCTION kept.rewind(kept_since bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN
            {" ".join(steps)} RETURN pg_current_xact_id()::text::bigint; END $$"""

    def _sequences(self) -> list[tuple[str, int, bool]]:
        names = [name for (name,) in self._ask("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S' ORDER BY 1")]
        asked = " UNION ALL ".join(f"SELECT '{name}', last_value, is_called FROM {name}" for name in names)
        return [tuple(row) for row in self._ask(asked)] if names else []

    def _schema(self) -> Any:
        """Another one when anything about the tables has changed."""
        catalogs = ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc")
        return self._ask(" UNION ALL ".join(f"SELECT count(*), max(xmin::text::bigint) FROM {name}" for name in catalogs))

    def _now(self) -> int:
        return int(self._one("SELECT pg_current_xact_id()::text::bigint"))

    def _connected(self) -> psycopg.Connection[Any]:
        assert self.connection
        return self.connection

    def _ask(self, statement: str, *names: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        composed = sql.SQL(cast(Any, statement)).format(*map(sql.Identifier, names))
        return list(self._connected().execute(composed, values).fetchall())

    def _one(self, statement: str, *names: str, values: list[Any] | None = None) -> Any:
        return self._ask(statement, *names, values=values)[0][0]

    def _do(self, statement: str, *names: str) -> None:
        composed = sql.SQL(cast(Any, statement)).format(*map(sql.Identifier, names)) if names else sql.SQL(cast(Any, statement))
        self._connected().execute(composed)


def same(keys: list[str]) -> str:
    return " AND ".join(f"o.{quoted(key)} = k.{quoted(key)}" for key in keys)


def quoted(name: str) -> str:
    return sql.Identifier(name).as_string()


# Worlds

STORES: list[Store] = []


@contextmanager
def opened(store: Store) -> Iterator[Store]:
    STORES.append(store)
    yield store
    STORES.remove(store)
    store.close()


def watch(url: str, engine: Engine) -> None:
    for store in STORES:
        if store.url == url:
            store.watch(engine)


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """What `build` makes is made once a run: where it is asked for again, by a test that has done nothing else, it is put there.

    It is told apart by what `build` was given, by the clock, and by the worlds that it was built in. Whoever has written
    anything of their own before gets theirs built. `build` answers with rows, or tuples of them, and changes nothing but rows.
    """

    @wraps(build)
    def found(*args: P.args, **kwargs: P.kwargs) -> T:
        here = next((store for store in STORES if db.engine in store.engines), None)
        if here is None or here.commits != here.known:
            return build(*args, **kwargs)
        try:
            place = (*here.steps, (build.__module__, build.__qualname__, clock.now(), plain(args), plain(kwargs)))
        except NoInspectionAvailable:  # it was given something of the test's own
            return build(*args, **kwargs)
        _let_go()
        if place in here.worlds:
            world, answer = here.worlds[place]
            here.put(world)
            made = _rows(answer)
        elif here.within:
            return build(*args, **kwargs)
        else:
            with here.building():
                made = build(*args, **kwargs)
            answer = _names(made)
            _let_go()
            if (world := here.keep()) is None:
                here.known = -1
                return cast(T, made)
            here.worlds[place] = world, answer
        here.steps, here.known = place, here.commits
        return cast(T, made)

    return found


def _let_go() -> None:
    """Nothing is being read, and what has been read is read anew."""
    db.session.rollback()
    db.session.expire_all()


def plain(value: Any) -> Hashable:
    """What tells one argument from another."""
    if isinstance(value, Cast):
        return "cast"
    if isinstance(value, (tuple, list)):
        return tuple(map(plain, value))
    if isinstance(value, dict):
        return frozenset((key, plain(one)) for key, one in value.items())
    return value if isinstance(value, (str, int, date, type(None))) else _names(value)


def _names(made: Any) -> Any:
    """Rows by their keys."""
    if isinstance(made, (tuple, list)):
        return [type(made), *map(_names, made)]
    return made if made is None else (type(made), inspect(made).identity)


def _rows(names: Any) -> Any:
    if isinstance(names, list):
        return names[0](map(_rows, names[1:]))
    return names if names is None else db.session.get(*names)
