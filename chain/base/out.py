"""The way out for a table: the page's own address with `?as=xlsx` answers the same, to the same people, as a file."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, get_template_attribute, request

from chain.base import clock, tables
from chain.base.errors import NotFound
from chain.base.locale import _, moment
from chain.base.tables import Table

FORMS: dict[str, tuple[str, Any, str]] = {  # the end of the name: what people call it, who writes it, what it is
    "xlsx": ("Excel", tables.xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("CSV", tables.csv, "text/csv; charset=utf-8"),
    "json": ("JSON", tables.json, "application/json"),
}


def wanted() -> str:
    """The form of file that the address asks for; nothing for the page itself. NotFound for a form that there is not."""
    form = request.args.get("as", "")
    if form and form not in FORMS:
        raise NotFound
    return form


def file(table: Table, form: str, *name: str, made: datetime | None = None) -> Response:
    """The table as a file to keep, named by these words; it tells when it was made, which is now unless it is said."""
    _words, write, kind = FORMS[form]
    made = made or clock.now()
    facts = (*table.facts, (str(_("Uttaget")), moment(made)))
    whole = Table(table.title, table.columns, table.rows, facts, table.meanings, table.signs)
    answer = Response(write(whole, made), content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{tables.file_name(*name)}.{form}")
    return answer


def addresses() -> list[tuple[str, str]]:
    """(what people call it, where this page is as such a file)."""
    asked = {name: value for name, value in request.args.items() if name != "as"}
    return [(words, "?" + urlencode({**asked, "as": form})) for form, (words, _write, _kind) in FORMS.items()]


def status_word(key: str) -> str:
    """A status as the pages say it."""
    return str(get_template_attribute("_parts/status.html", "status_word")(key)).strip()


def connect(app: Flask) -> None:
    """The ways out for the templates."""
    app.jinja_env.globals["file_addresses"] = addresses
