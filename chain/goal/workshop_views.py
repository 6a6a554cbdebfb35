"""The workshops where units write their plans together with the administration: planned, cancelled, to come."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle import rules as years
from chain.goal import plan_actions as actions
from chain.goal import plan_queries as queries
from chain.goal import plan_rules as rules
from chain.goal import queries as goals
from chain.goal.plan_models import Workshop
from forms.base import choices
from forms.goal import CancelWorkshop, PlanWorkshop

bp = Blueprint("workshop", __name__, url_prefix="/goal")


@bp.get("/workshops")
@allow(Action.READ, "workshop")
def archive() -> str:
    return _page(PlanWorkshop(formdata=None), CancelWorkshop(formdata=None), None)


def _page(form: PlanWorkshop, cancel_form: CancelWorkshop, cancelling: Workshop | None) -> str:
    _offer(form)
    return render_template(
        "goal/workshops.html", workshops=queries.workshops(g.mandate), form=form, cancel_form=cancel_form, cancelling=cancelling,
        may_plan=policy.may_somewhere(g.mandate, Action.KEEP, "workshop"), may_keep=_may_keep, chain_here=g.mandate.unit.level,
    )  # fmt: skip


def _may_keep(one: Workshop) -> bool:
    return one.state == "planned" and policy.may(g.mandate, Action.KEEP, one)


def _offer(form: PlanWorkshop) -> None:
    now = goals.this_year(g.mandate.path)
    form.year.choices = choices((one, one) for one in (now, years.next_label(now)))
    if not form.year.data:
        form.year.data = years.next_label(now)


@bp.post("/workshops")
@allow(Action.KEEP, "workshop")
def plan() -> Any:
    form = PlanWorkshop()
    _offer(form)
    if form.validate_on_submit():
        try:
            said: dict[str, Any] = {
                "year": str(form.year.data), "held_on": form.held_on.data, "place": str(form.place.data or ""),
                "begins_at": rules.hour(str(form.begins_at.data or "")), "about": str(form.about.data),
            }  # fmt: skip
            actions.plan_workshop(g.mandate.unit, by=g.mandate, **said)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Workshopen är inlagd. Enheterna ser den."), "success")
            return redirect(url_for("workshop.archive"), 303)
    return _page(form, CancelWorkshop(formdata=None), None), 422


@bp.post("/workshop/<public_id>/cancel")
@allow(Action.KEEP, Workshop)
def cancel(workshop: Workshop) -> Any:
    form = CancelWorkshop()
    if form.validate_on_submit():
        try:
            actions.cancel_workshop(workshop, str(form.reason.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Workshopen är inställd."), "success")
            return redirect(url_for("workshop.archive"), 303)
    return _page(PlanWorkshop(formdata=None), form, workshop), 422
