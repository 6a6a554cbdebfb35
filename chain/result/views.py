"""What is measured and what it means; and what others have published about a unit, as they printed it."""

from typing import Any

from flask import Blueprint, g, render_template, request
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base import out
from chain.base.errors import NotFound
from chain.base.locale import _
from chain.base.slots import fill
from chain.base.tables import signs
from chain.cycle import queries as cycle
from chain.cycle.models import Year
from chain.organisation.models import Unit
from chain.result import dictionary as words
from chain.result import queries, tables
from chain.result.models import PublishedValue

bp = Blueprint("result", __name__, url_prefix="/result")


@bp.get("/published/<public_id>")
@allow(Action.READ, "published")
def published(public_id: str) -> Any:
    unit = fetch(Unit, public_id)
    if not policy.may(g.mandate, Action.READ, PublishedValue(unit_id=unit.id, path=unit.path)):
        raise NotFound
    found = queries.published_tables(unit)
    if form := out.wanted():
        return out.file(tables.published(unit, found), form, _("publicerat"), unit.name)
    return render_template(
        "result/published.html", unit=unit, tables=found, marks=signs(), signs=queries.signs(found),
        definitions=queries.definitions(found), chain_here=unit.level,
    )  # fmt: skip


@bp.get("/dictionary/<public_id>")
@allow(Action.READ, Year, options=(joinedload(Year.committee), selectinload(Year.rounds)))
def dictionary(year: Year) -> Any:
    """Everything that a year measures, for everybody who reads the year; of one school form, where one is named."""
    form = request.args.get("school_form", "")
    found = words.dictionary(year, form)
    if form and form not in found.forms:
        raise NotFound
    if kind := out.wanted():
        return out.file(words.table(found), kind, _("datakatalog"), year.label, form)
    return render_template(
        "result/dictionary.html", found=found, year=year, form=form, marks=signs(), words=words, years=cycle.labels(year.path)
    )


@fill("unit.page", "result")
def beside_unit(unit: Unit) -> str:
    """The way from a unit's page to what others have published about it, for those who may read that, where there is anything."""
    if not policy.may(g.mandate, Action.READ, PublishedValue(unit_id=unit.id, path=unit.path)) or not queries.published(unit):
        return ""
    return render_template("result/_beside_unit.html", unit=unit)
