"""What others have published about a unit, as they printed it."""

from typing import Any

from flask import Blueprint, g, render_template

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base import out
from chain.base.errors import NotFound
from chain.base.locale import _
from chain.base.slots import fill
from chain.base.tables import signs
from chain.organisation.models import Unit
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


@fill("unit.page", "result")
def beside_unit(unit: Unit) -> str:
    """The way from a unit's page to what others have published about it, for those who may read that, where there is anything."""
    if not policy.may(g.mandate, Action.READ, PublishedValue(unit_id=unit.id, path=unit.path)) or not queries.published(unit):
        return ""
    return render_template("result/_beside_unit.html", unit=unit)
