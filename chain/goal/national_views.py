"""The page of the nation's goals in a municipality: which are there, which are used, and what is said beside them."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _, current, ngettext
from chain.cycle import queries as cycle
from chain.goal import national_actions, queries, tabs
from chain.goal.models import Goal
from chain.organisation.queries import municipality_of
from forms.goal import KeepNational

bp = Blueprint("national", __name__, url_prefix="/goal")


@bp.get("/national")
@allow(Action.PREPARE, "goal")
def archive() -> str:
    return _page(None, KeepNational(formdata=None))


def _page(chosen: Goal | None, form: KeepNational) -> str:
    found = queries.national(municipality_of(g.mandate).id)
    names = cycle.school_forms()
    return render_template(
        "goal/national.html", goals=found, used=queries.used(found, g.mandate), chosen=chosen, form=form, tabs=tabs.shown(),
        left=queries.not_adopted(found), names={code: one.name(current()) for code, one in names.items()},
        chain_here="municipality",
    )  # fmt: skip


@bp.post("/national/adopt")
@allow(Action.PREPARE, "goal")
def adopt() -> Any:
    count = national_actions.adopt(municipality_of(g.mandate), by=g.mandate)
    flash(ngettext("Ett nationellt mål är hämtat.", "%(num)s nationella mål är hämtade.", count), "success")
    return redirect(url_for("national.archive"), 303)


@bp.post("/<public_id>/national")
@allow(Action.PREPARE, Goal)
def keep(goal: Goal) -> Any:
    form = KeepNational()
    if form.validate_on_submit():
        said: dict[str, Any] = {"hidden": bool(form.hidden.data), "own_words": str(form.own_words.data or "")}
        try:
            national_actions.keep_national(goal, by=g.mandate, **said)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Sparat."), "success")
            return redirect(url_for("national.archive", _anchor=goal.public_id), 303)
    return _page(goal, form), 422
