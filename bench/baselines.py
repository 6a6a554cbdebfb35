"""The other side of each ratio: plain Flask, Jinja and database drivers. Imports nothing of ours, so that it owes us nothing.

A test sees to that. What is written here is what somebody would write who needed only this one thing, and wrote it well.
"""

import io
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import psycopg
from flask import Flask, render_template, request
from jinja2 import DictLoader

IMPORTS = "import flask, sqlalchemy, wtforms"

_MACRO = '{% macro cell(value) %}<td class="num">{{ value }}</td>{% endmacro %}'
_PAGE = (
    '<!doctype html><html lang="sv"><head><title>{{ title }}</title></head><body><table>'
    "{% for row in rows %}<tr>{% for value in row %}CELL{% endfor %}</tr>{% endfor %}</table>"
)
_ROW = 10
Ask = Callable[..., bytes]


def page(size: int, cells: int, *, macros: bool = True) -> Ask:
    """A page of so many bytes with so many cells, from plain Flask and Jinja, asked for through WSGI.

    A macro call for each cell, as templates are commonly written; else the cells inline.
    """
    values = [f"{number % 97} av {number % 97 + 3}" for number in range(cells)]
    rows = [values[start : start + _ROW] for start in range(0, cells, _ROW)]
    cell = "{{ cell(value) }}" if macros else '<td class="num">{{ value }}</td>'
    source = (_MACRO if macros else "") + _PAGE.replace("CELL", cell)
    app = Flask("plain")
    app.jinja_loader = DictLoader({"bare.html": source})

    @app.get("/<name>")
    def show(name: str) -> str:
        return render_template(name, title="Page", rows=rows)

    missing = size - len(asked(app, "/bare.html")())
    app.jinja_loader = DictLoader({"page.html": source + "x" * max(0, missing)})
    return asked(app, "/page.html")


def autosave(execute: Callable[[str, str], None]) -> Ask:
    """A form posted to plain Flask, which updates one row and commits."""
    app = Flask("plain")

    @app.post("/save")
    def save() -> dict[str, bool]:
        execute(request.form["save_key"], repr(request.form.to_dict()))
        return {"saved": True}

    return asked(app, "/save")


def asked(app: Any, path: str, headers: Sequence[tuple[str, str]] = ()) -> Ask:
    """A request to a WSGI application as a server would make it: call it, with a form to post one, for the answer's body."""
    bare = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2], "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers},
    }  # fmt: skip

    def ask(body: bytes | None = None) -> bytes:
        environ = {**bare, "wsgi.input": io.BytesIO(body or b"")}
        if body is not None:
            form = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
            environ |= {"REQUEST_METHOD": "POST", **form}
        parts = app(environ, lambda status, headers, exc_info=None: None)
        try:
            return b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return ask


# Pictures


def funnel(
    spots: Sequence[tuple[float, float, bool]], lines: Sequence[Sequence[float]], rate: float, words: Sequence[str]
) -> Callable[[], str]:
    """A funnel plot in bare matplotlib: (n, value, flagged) of each unit, the limits' lines, and what is said beside them."""
    from matplotlib.figure import Figure

    def draw() -> str:
        figure = Figure(figsize=(5, 3.75))
        axes = figure.add_axes((0.12, 0.15, 0.75, 0.75))
        for spine in axes.spines.values():
            spine.set_visible(False)
        sizes = [line[0] for line in lines]
        for place, style in ((1, "--"), (2, "--"), (3, "-"), (4, "-")):
            axes.plot(sizes, [line[place] for line in lines], style, color="black", linewidth=1)
        axes.axhline(rate, color="green")
        for flagged, marker in ((False, "o"), (True, "D")):
            some = [(n, value) for n, value, out in spots if out is flagged]
            axes.scatter([n for n, _value in some], [value for _n, value in some], marker=marker)
        for place, word in enumerate(words):
            axes.text(sizes[-1], rate - 5 * place, word)
        axes.set_yticks(range(0, 101, 25), [f"{tick} %" for tick in range(0, 101, 25)])
        axes.grid(axis="y")
        axes.set_xlabel("n")
        written = io.StringIO()
        figure.savefig(written, format="svg")
        return written.getvalue()

    return draw


# Drivers


ABOUT = ("indicator", "school_form", "subject", "year_group", "category", "basis")
NUMBERS = ("enrolled", "n", "k", "units", "total")
FIGURES = ", ".join((*ABOUT, *NUMBERS))
_COLUMNS = f"unit_id, round_id, {FIGURES}, path"
_FIGURE_TABLE = (  # the same key and columns as the stored figures, in a table of its own
    "CREATE TABLE bench_figure (unit_id integer, round_id integer, indicator varchar(60), school_form varchar(10), "
    "subject varchar(20), year_group varchar(10), category varchar(10), basis varchar(20), enrolled integer, n integer, "
    "k integer, units integer, total bigint, path varchar(400), PRIMARY KEY (unit_id, round_id, indicator, school_form, subject, "
    "year_group, category, basis))"
)
# What adding up when asked would read: each unit's own figures, and the best index for all under a place in some rounds.
_FACT_TABLE = f"""CREATE TABLE bench_fact AS SELECT round_id, path, {FIGURES} FROM rollup
WHERE unit_id IN (SELECT id FROM unit WHERE level = 'unit') ORDER BY round_id, path"""
_ADDED_UP = f"""SELECT round_id, {", ".join(ABOUT)}, {", ".join(f"sum({name})" for name in NUMBERS)} FROM bench_fact
WHERE round_id IN (%s, %s) AND path > %s AND path < %s GROUP BY round_id, {", ".join(ABOUT)}"""
_GRID_TABLE = "CREATE TABLE bench_grid (unit text, subject text, year_group text, enrolled integer, n integer, k integer)"


class SQLite:
    """The standard library's driver, with the durability that the application has."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            self.connection.execute(f"PRAGMA {pragma}")

    def figures(self, unit_id: int, now: int, then: int) -> list[Any]:
        select = f"SELECT path, round_id, {FIGURES} FROM rollup WHERE unit_id = ? AND round_id IN (?, ?)"
        return self.connection.execute(select, (unit_id, now, then)).fetchall()

    def make_facts(self) -> None:
        """Each unit's own figures in a table of their own, with an index that holds all that is asked for."""
        self.connection.execute(_FACT_TABLE)
        self.connection.execute(f"CREATE INDEX bench_fact_index ON bench_fact (round_id, path, {FIGURES})")
        self.connection.execute("ANALYZE bench_fact")

    def added_up(self, path: str, now: int, then: int) -> list[Any]:
        """The sums of all under a path in two rounds."""
        asked = (now, then, path, path[:-1] + "0")
        return self.connection.execute(_ADDED_UP.replace("%s", "?"), asked).fetchall()

    def make_notes(self) -> None:
        _make_notes(self.connection.execute)

    def make_figures(self) -> None:
        self.connection.execute(_FIGURE_TABLE)

    def make_grid(self) -> None:
        self.connection.execute(_GRID_TABLE)

    def load(self, content: bytes) -> None:
        """The shell's `.import` where there is one, else the driver's executemany."""
        try:
            self._import(content)
        except FileNotFoundError:
            rows = [line.split(";") for line in content.decode().splitlines()[1:]]
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.executemany("INSERT INTO bench_grid VALUES (?, ?, ?, ?, ?, ?)", rows)
            self.connection.execute("COMMIT")

    def _import(self, content: bytes) -> None:
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(content)
            file.flush()
            words = (
                f".mode csv\n.separator ;\n.timeout 10000\nPRAGMA synchronous=FULL;\n.import --skip 1 {file.name} bench_grid\n"
            )
            subprocess.run(["sqlite3", self.file], input=words, text=True, check=True, capture_output=True, timeout=120)

    def close(self) -> None:
        self.connection.close()

    def save(self, key: str, text: str) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("UPDATE bench_note SET save_key = ?, text = ?, version = version + 1 WHERE id = 1", (key, text))
        self.connection.execute("COMMIT")

    def insert(self, rows: Iterable[Sequence[Any]]) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(f"INSERT INTO bench_figure ({_COLUMNS}) VALUES ({', '.join('?' * 14)})", rows)
        self.connection.execute("COMMIT")


class PostgreSQL:
    """psycopg as it comes."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)

    def figures(self, unit_id: int, now: int, then: int) -> list[Any]:
        select = f"SELECT path, round_id, {FIGURES} FROM rollup WHERE unit_id = %s AND round_id IN (%s, %s)"
        return self.connection.execute(select, (unit_id, now, then)).fetchall()

    def make_facts(self) -> None:
        """Each unit's own figures in a table of their own, in the order of its index."""
        self.connection.execute(_FACT_TABLE)
        self.connection.execute('CREATE INDEX ON bench_fact (round_id, path COLLATE "C")')
        self.connection.execute("VACUUM ANALYZE bench_fact")

    def added_up(self, path: str, now: int, then: int) -> list[Any]:
        """The sums of all under a path in two rounds."""
        return self.connection.execute(_ADDED_UP, (now, then, path, path[:-1] + "0")).fetchall()

    def make_notes(self) -> None:
        _make_notes(self.connection.execute)

    def make_figures(self) -> None:
        self.connection.execute(_FIGURE_TABLE)

    def make_grid(self) -> None:
        self.connection.execute(_GRID_TABLE)

    def load(self, content: bytes) -> None:
        """What the shell's `\\copy` sends."""
        words = "COPY bench_grid FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)"
        with self.connection.cursor() as cursor, cursor.copy(words) as copy:
            copy.write(content)

    def close(self) -> None:
        self.connection.close()

    def save(self, key: str, text: str) -> None:
        with self.connection.transaction():
            self.connection.execute(
                "UPDATE bench_note SET save_key = %s, text = %s, version = version + 1 WHERE id = 1", (key, text)
            )

    def insert(self, rows: Iterable[Sequence[Any]]) -> None:
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO bench_figure ({_COLUMNS}) VALUES ({', '.join(['%s'] * 14)})", rows)


def _make_notes(execute: Callable[[str], Any]) -> None:
    """One row to update."""
    execute("CREATE TABLE bench_note (id integer PRIMARY KEY, save_key text, text text, version integer)")
    execute("INSERT INTO bench_note VALUES (1, '', '', 1)")


def driver(url: str) -> SQLite | PostgreSQL:
    """The bare driver for a database that SQLAlchemy names by a URL."""
    if url.startswith("sqlite:///"):
        return SQLite(url.removeprefix("sqlite:///"))
    return PostgreSQL(url.replace("postgresql+psycopg://", "postgresql://", 1))


# What is done today


def workbooks(files: Sequence[str], about: Sequence[str], numbers: Sequence[str]) -> Callable[[], list[tuple[Any, ...]]]:
    """Workbooks read by openpyxl and added up by pandas."""
    import pandas

    def add_up() -> list[tuple[Any, ...]]:
        read = [pandas.read_excel(file, engine="openpyxl", dtype=dict.fromkeys(about, str), na_filter=False) for file in files]
        sums = pandas.concat(read).groupby(list(about), sort=False)[list(numbers)].sum().reset_index()
        return list(sums.itertuples(index=False, name=None))

    return add_up


# Fresh interpreters


def importing(statements: str, folder: str, environment: dict[str, str]) -> float:
    """Seconds that the statements take in a fresh interpreter, its own start not counted."""
    code = f"import time; start = time.perf_counter(); {statements}; print(time.perf_counter() - start)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=folder, env=environment, timeout=120
    )
    return float(done.stdout.splitlines()[-1])


# Documents


def paper(text: str, rows: int, times: int) -> Callable[[int], bytes]:
    """A PDF of the same text and tables, as plain typst: no layout of its own, no pictures, no standard to keep."""
    import typst

    body = "".join(f"== Analys\n{_escaped(text)}\n{_typst_table(rows)}\n" for _time in range(times))
    fonts = typst.Fonts(include_system_fonts=False)  # its own
    return lambda number: bytes(typst.compile(f"= Redovisning {number}\n{body}".encode(), font_paths=fonts))  # type: ignore[arg-type]


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "#$*_@<>[]`=-" else letter for letter in text)


def _typst_table(rows: int) -> str:
    cells = ", ".join(f"[Ämne {row}], [84 %], [85 %], [..]" for row in range(rows))
    return f"#table(columns: 4, {cells})"


def pages(pdf: bytes) -> int:
    """How many pages a PDF says that it has."""
    return max(int(found) for found in re.findall(rb"/Count (\d+)", pdf))


def word(text: str, rows: int, times: int) -> Callable[[int], int]:
    """The same for Word, as python-docx's own pages show it: paragraphs and tables, cell by cell."""
    from docx import Document

    def write(number: int) -> int:
        made = Document()
        made.add_heading(f"Redovisning {number}", 0)
        for _time in range(times):
            made.add_heading("Analys", 1)
            for line in text.splitlines():
                made.add_paragraph(line)
            table = made.add_table(rows=rows, cols=4)
            for row in table.rows:
                for cell, said in zip(row.cells, ("Ämne", "84 %", "85 %", ".."), strict=True):
                    cell.text = said
        kept = io.BytesIO()
        made.save(kept)
        return kept.tell()

    return write
