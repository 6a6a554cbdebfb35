"""The page where the director says who in the quality unit prepares the answers about what."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.followup import needs
from chain.organisation.models import Mandate, Unit
from chain.support import routing_actions as actions
from chain.support import routing_queries as queries
from chain.support.routing_models import Routing
from forms.support import RoutesForm

bp = Blueprint("routing", __name__, url_prefix="/routing")


bp.add_app_template_global(needs.kind_name, "need_name")


@bp.get("/")
@allow(Action.READ, "routing")
def table() -> str:
    """Each administration and area that the mandate reads, with its people by kind of need."""
    return _page()


@bp.post("/")
@allow(Action.KEEP, "routing")
def keep() -> Any:
    form = RoutesForm()
    kept = {unit.public_id: unit for unit in queries.places(g.mandate, Action.KEEP)}
    unit = kept.get(form.place.data or "")
    if unit is None:
        raise NotFound
    if form.validate_on_submit():
        try:
            actions.keep(unit, form.chosen(), by=g.mandate)
        except RuleBroken as refused:
            form.form_errors.append(refused.sentence)
        else:
            flash(_("Sparat. Det som väntar på svar har gått till dem som står här nu."), "success")
            return redirect(url_for("routing.table"), 303)
    return _page({unit.id: form}), 422


def _page(typed: dict[int, RoutesForm] | None = None) -> str:
    units, keeps = queries.places(g.mandate), {unit.id for unit in queries.places(g.mandate, Action.KEEP)}
    lines, people = queries.tables(units), queries.people(units)
    shown = [_place(unit, lines[unit.id], people[unit.id], unit.id in keeps, (typed or {}).get(unit.id)) for unit in units]
    return render_template("support/routing.html", places=shown, form=next(iter((typed or {}).values()), None))


def _place(unit: Unit, lines: dict[str, Routing], people: list[Mandate], keeps: bool, typed: RoutesForm | None) -> dict[str, Any]:
    named = {(one.person_id, one.unit_id): one for one in people}
    rows = []
    for key, word in queries.kinds():
        line = lines.get(key)
        here = named.get((line.person_id, line.at_id)) if line else None
        rows.append((word, here, line.person.name if line and not here else ""))
    form = typed or RoutesForm(formdata=None, prefix="", data=_said(unit, lines, named))
    nobody = _("Som förvaltningen") if unit.level == "area" else _("Ingen särskild: den som leder verksamheten")
    form.offer(queries.kinds(), [(one.public_id, _named(one, unit)) for one in people], nobody)
    return {"unit": unit, "rows": rows, "form": form if keeps else None, "own": unit.id == g.mandate.unit_id, "nobody": nobody}


def _said(unit: Unit, lines: dict[str, Routing], named: dict[tuple[int, int], Mandate]) -> dict[str, Any]:
    held = {key: named.get((line.person_id, line.at_id)) for key, line in lines.items()}
    chosen = {key: one.public_id for key, one in held.items() if one}
    return {"place": unit.public_id, "lines": [{"kind": key, "who": chosen.get(key, "")} for key, _word in queries.kinds()]}


def _named(mandate: Mandate, unit: Unit) -> str:
    where = "" if mandate.unit_id == unit.id else f", {mandate.unit.name}"
    return f"{mandate.person.name} ({mandate.role_name}{where})"
