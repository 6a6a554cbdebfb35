"""The pages of mandatory plans: a unit's, one to write down, and what is missing under a place."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import joinedload

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import out, slots
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, ngettext
from chain.organisation.models import Unit
from chain.plan import actions, queries, rules, tables
from chain.plan.models import Plan
from chain.plan.queries import Standing
from forms.base import choices, posted
from forms.plan import PlanForm

bp = Blueprint("plan", __name__, url_prefix="/plan")


@bp.get("/")
@allow(Action.READ, "plan")
def archive() -> Any:
    """A unit's own; above units, what is missing, unit by unit in the order of their names: no marks and no order of merit."""
    if g.mandate.unit.level == "unit":
        return redirect(url_for("plan.unit", public_id=g.mandate.unit.public_id), 303)
    found, units = queries.lacking(g.mandate)
    if form := out.wanted():
        return out.file(tables.lacking(g.mandate.unit, found), form, _("planer som saknas"), g.mandate.unit.name)
    told = ngettext(
        "%(num)s av %(units)s enheter saknar något eller har en plan som är för gammal.",
        "%(num)s av %(units)s enheter saknar något eller har en plan som är för gammal.",
        len(found), units=units,
    )  # fmt: skip
    return render_template("plan/archive.html", found=found, told=told, word=rules.state_name)


def _unit(public_id: str, action: Action = Action.READ) -> Unit:
    """The unit whose plans the mandate reads or writes down; as if it were not there where it may not read them."""
    unit: Unit = guard.fetch(Unit, public_id, options=(joinedload(Unit.parent),))
    plan = Plan(unit_id=unit.id, path=unit.path)
    if unit.level != "unit" or unit.context or not policy.may(g.mandate, Action.READ, plan):
        raise NotFound
    guard.require(action, plan, g.mandate)
    return unit


@bp.get("/<public_id>")
@allow(Action.READ, "plan")
def unit(public_id: str) -> Any:
    found = _unit(public_id)
    standing = queries.standing(found)
    if form := out.wanted():
        return out.file(tables.standing(found, standing), form, _("planer"), found.name)
    writes = policy.may(g.mandate, Action.WRITE, Plan(unit_id=found.id, path=found.path)) and found.open
    return render_template("plan/unit.html", unit=found, standing=standing, writes=writes)


@bp.route("/<public_id>/<kind>", methods=["GET", "POST"])
@allow(Action.READ, "plan")
def record(public_id: str, kind: str) -> Any:
    """The principal writes down that it is decided on or revised."""
    found = _unit(public_id, Action.WRITE)
    one = next((each for each in queries.standing(found) if each.kind.key == kind), None)
    if one is None:
        raise NotFound
    people = {person.public_id: person for person in queries.people(found)}
    form = PlanForm(data=_said(one))
    form.responsible.choices = choices([("", _("Välj")), *((name, person.name) for name, person in people.items())])
    if form.validate_on_submit():
        try:
            actions.record(
                found, kind, decided_on=form.decided_on.data, revised_on=form.revised_on.data,
                responsible=people.get(form.responsible.data or ""), number=form.number.data or "", text=form.text.data or "",
                version=posted(form.version.data), by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("%(plan)s är inskriven.", plan=one.name), "success")
            return redirect(url_for("plan.unit", public_id=found.public_id), 303)
    return render_template("plan/record.html", unit=found, one=one, form=form), 422 if form.is_submitted() else 200


def _said(one: Standing) -> dict[str, Any]:
    if one.plan is None:
        return {"version": 0}
    facts = {name: getattr(one.plan, name) for name in ("version", "decided_on", "revised_on", "number", "text")}
    return {**facts, "responsible": one.plan.responsible.public_id}


@slots.fill("unit.page", "plan")
def on_unit(unit: Unit, **facts: Any) -> str:
    """On a unit's page: what it has to have decided on, and how that stands."""
    may = unit.level == "unit" and not unit.context and policy.may(g.mandate, Action.READ, Plan(unit_id=unit.id, path=unit.path))
    found = queries.standing(unit) if may else []
    return render_template("plan/_unit.html", unit=unit, standing=found) if found else ""


@slots.fill("tree.page", "plan")
def on_tree(**facts: Any) -> str:
    """On the tree's page: the way to what is missing."""
    return render_template("plan/_tree.html") if policy.may_somewhere(g.mandate, Action.READ, "plan") else ""
