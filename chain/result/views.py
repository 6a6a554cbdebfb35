"""What others have published about a unit, as they printed it."""

from flask import Blueprint, g, render_template

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base.errors import NotFound
from chain.base.locale import _
from chain.base.slots import fill
from chain.organisation.models import Unit
from chain.result import queries
from chain.result.models import PublishedValue

bp = Blueprint("result", __name__, url_prefix="/result")


def marks() -> dict[str, str]:
    """What stands in place of a figure, in words."""
    return {
        "..": _("för få elever för att visas"),
        ".": _("uppgift saknas eller är inte aktuell"),
        "-": _("ingen uppgift"),
        "~100": _("nästan alla: så få saknas att det exakta talet inte visas"),
        "*": _("räknas inte: alla lärare är undantagna från krav på legitimation"),
    }


@bp.get("/published/<public_id>")
@allow(Action.READ, "published")
def published(public_id: str) -> str:
    unit = fetch(Unit, public_id)
    if not policy.may(g.mandate, Action.READ, PublishedValue(unit_id=unit.id, path=unit.path)):
        raise NotFound
    tables = queries.published_tables(unit)
    return render_template(
        "result/published.html", unit=unit, tables=tables, marks=marks(), signs=queries.signs(tables),
        definitions=queries.definitions(tables), chain_here=unit.level,
    )  # fmt: skip


@fill("unit.page", "result")
def beside_unit(unit: Unit) -> str:
    """The way from a unit's page to what others have published about it, for those who may read that, where there is anything."""
    if not policy.may(g.mandate, Action.READ, PublishedValue(unit_id=unit.id, path=unit.path)) or not queries.published(unit):
        return ""
    return render_template("result/_beside_unit.html", unit=unit)
