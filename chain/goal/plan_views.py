"""The pages of workplans: a unit's own, those of every unit below, and one with its entries and comments."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import out
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle import rules as years
from chain.goal import board, document_queries, tables, tabs
from chain.goal import plan_actions as actions
from chain.goal import plan_queries as queries
from chain.goal import plan_rules as rules
from chain.goal import queries as goals
from chain.goal.plan_models import Workplan, WorkplanEntry, Workshop
from forms.base import choices, posted
from forms.goal import ActPlan, Comment, Entry, PlanWords

bp = Blueprint("workplan", __name__, url_prefix="/goal")

ABOVE_UNITS = ("committee", "administration", "area")


@bp.get("/plans")
@allow(Action.READ, "workplan")
def archive() -> Any:
    """The own node's plans; and for those above units, every unit's for a year, those that lack one first."""
    now = goals.this_year(g.mandate.path)
    labels = list(dict.fromkeys([years.label_before(now), now, years.next_label(now)]))
    year = request.args.get("year") or now
    if year not in labels:
        raise NotFound
    lines = queries.under(g.mandate, year) if g.mandate.unit.level in ABOVE_UNITS else []
    if form := out.wanted():
        return out.file(tables.plans(g.mandate.unit, year, lines), form, _("verksamhetsplaner"), g.mandate.unit.name)
    mine = queries.own(g.mandate) if g.mandate.unit.level in rules.LEVELS else []
    return render_template(
        "goal/plans.html", lines=lines, year=year, labels=labels, mine=mine, begins=_begins(mine, labels), tabs=tabs.shown(),
        above=_plans_above(), told=_told(lines, year), coming=_coming(),
        may_plan=policy.may_somewhere(g.mandate, Action.KEEP, "workshop"),
        chain_here=g.mandate.unit.level,
    )  # fmt: skip


def _begins(mine: list[Workplan], labels: list[str]) -> list[str]:
    """The years for which the mandate can begin a plan: this one and the next, where none is there."""
    if "write" not in rules.possible("draft", level=g.mandate.unit.level, role=g.mandate.role):
        return []
    there = {one.year for one in mine}
    return [one for one in labels[1:] if one not in there]


def _plans_above() -> list[Workplan]:
    """For a group: its unit's plans."""
    if g.mandate.unit.level != "group":
        return []
    return queries.of_parent(g.mandate)


def _told(lines: list[queries.Line], year: str) -> str:
    if not lines:
        return ""
    there = sum(1 for one in lines if one.plan)
    return _("%(n)s av %(all)s enheter har en beslutad verksamhetsplan för %(year)s.", n=there, all=len(lines), year=year)


def _coming() -> list[Workshop]:
    return queries.coming(g.mandate) if policy.may_somewhere(g.mandate, Action.READ, "workshop") else []


@bp.post("/plans/begin")
@allow(Action.WRITE, "workplan")
def begin() -> Any:
    try:
        made = actions.begin(g.mandate.unit, request.form.get("year", ""), by=g.mandate)
    except RuleBroken as no:
        flash(no.sentence, "error")
        return redirect(url_for("workplan.archive"), 303)
    return _back(made)


# One


@bp.get("/plan/<public_id>")
@allow(Action.READ, Workplan, options=queries.WHOLE)
def show(plan: Workplan) -> str:
    return _page(plan, ActPlan(formdata=None), Comment(formdata=None), {})


def _page(plan: Workplan, form: ActPlan, comment_form: Comment, faults: Mapping[str, str]) -> str:
    acts = rules.possible(plan.state, level=plan.unit.level, role=g.mandate.role) if plan.unit_id == g.mandate.unit_id else []
    asks = board.of(plan.unit, plan.year, g.mandate).asked if "write" in acts else []
    drawn = {each.goal_id for one in plan.entries for each in one.goals}
    return render_template(
        "goal/plan.html", plan=plan, acts=acts, form=form, comment_form=comment_form, faults=faults,
        editions=queries.editions(plan, g.mandate), may_comment=policy.may(g.mandate, Action.ANSWER, plan),
        unused=[one for one in _unused(plan, asks) if one.id not in drawn],
        governed=document_queries.governing(plan.path, workplan_id=plan.id), chain_here=plan.unit.level,
    )  # fmt: skip


def _unused(plan: Workplan, asks: list[board.Asked]) -> list[Any]:
    """The goals that the plan could be drawn from: the node's own decided ones, else those above that ask something of it."""
    found = []
    for one in asks:
        found += [each for each in one.under if each.state == "decided"] or [one.goal]
    return list({one.id: one for one in found}.values())


@bp.route("/plan/<public_id>/write", methods=["GET", "POST"])
@allow(Action.WRITE, Workplan, options=queries.WHOLE)
def write(plan: Workplan) -> Any:
    known = document_queries.choosable(plan.path)
    there = {one.document_id for one in document_queries.of_plan(plan)}
    first = {
        "text": plan.text, "participation": plan.participation, "version": str(plan.version),
        "governed": [one.public_id for one in known if one.id in there],
    }  # fmt: skip
    form = PlanWords(request.form if request.method == "POST" else None, data=first)
    form.governed.choices = choices((one.public_id, one.title) for one in known)
    if form.validate_on_submit():
        said = {"text": str(form.text.data or ""), "participation": str(form.participation.data or "")}
        try:
            chosen = [one for one in known if one.public_id in (form.governed.data or [])]
            actions.write(plan, version=posted(form.version.data), governed=chosen, by=g.mandate, **said)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Utkastet är sparat."), "success")
            return _back(plan)
    page = render_template("goal/write_plan.html", form=form, plan=plan, chain_here=plan.unit.level)
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/plan/<public_id>/entry", methods=["GET", "POST"])
@allow(Action.WRITE, Workplan, options=queries.WHOLE)
def entry(plan: Workplan) -> Any:
    """One thing that the unit does, new or (`item`) there already; `goal`: what it is drawn from."""
    item = request.values.get("item", "")
    there = next((one for one in plan.entries if one.item == item), None)
    if item and there is None and request.method == "GET":
        raise NotFound
    form = Entry(request.form if request.method == "POST" else None, data=_entry(there))
    known = {one.public_id: one for one in goals.choosable(plan.path, plan.year, plan.unit.school_forms)}
    known |= {each.goal.public_id: each.goal for each in (there.goals if there else [])}
    form.goals.choices = []
    if form.validate_on_submit():
        chosen = [known[name] for name in form.goals.data or [] if name in known]
        said = {name: str(form[name].data or "") for name in ("what", "when", "who", "know", "item")}
        try:
            actions.put(plan, from_goals=chosen, by=g.mandate, **said)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            return redirect(url_for("workplan.show", public_id=plan.public_id, _anchor="entries"), 303)
    levels = dict.fromkeys(one.level for one in sorted(known.values(), key=goals.in_order, reverse=True))
    page = render_template(
        "goal/entry.html", form=form, plan=plan, there=there, chain_here=plan.unit.level,
        groups=[(level, [one for one in known.values() if one.level == level]) for level in levels],
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _entry(there: WorkplanEntry | None) -> dict[str, Any]:
    if there is None:
        return {"goals": [request.args["goal"]] if request.args.get("goal") else []}
    said = {name: getattr(there, name) for name in ("what", "when", "who", "know", "item")}
    return {**said, "goals": [one.goal.public_id for one in there.goals]}


@bp.post("/plan/<public_id>/remove")
@allow(Action.WRITE, Workplan, options=queries.WHOLE)
def remove(plan: Workplan) -> Any:
    actions.remove(plan, str(ActPlan().item.data or ""), by=g.mandate)
    flash(_("Raden är borttagen."), "success")
    return _back(plan)


@bp.post("/plan/<public_id>/decide")
@allow(Action.SUBMIT, Workplan, options=queries.WHOLE)
def decide(plan: Workplan) -> Any:
    form = ActPlan()
    try:
        actions.decide(plan, by=g.mandate)
    except RuleBroken as no:
        form.form_errors.extend(dict.fromkeys(no.problems.values()) or [no.sentence])
        return _page(plan, form, Comment(formdata=None), no.problems), 422
    flash(_("Planen är beslutad. De ovanför läser den nu."), "success")
    return _back(plan)


@bp.post("/plan/<public_id>/revise")
@allow(Action.PREPARE, Workplan, options=queries.WHOLE)
def revise(plan: Workplan) -> Any:
    form = ActPlan()
    try:
        made = actions.revise(plan, str(form.reason.data or ""), by=g.mandate)
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
        return _page(plan, form, Comment(formdata=None), {}), 422
    flash(_("En ny utgåva är påbörjad. Den förra gäller tills den nya är beslutad."), "success")
    return _back(made)


@bp.post("/plan/<public_id>/comment")
@allow(Action.ANSWER, Workplan, options=queries.WHOLE)
def comment(plan: Workplan) -> Any:
    form = Comment()
    if form.validate_on_submit():
        try:
            actions.comment(plan, str(form.comment.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Kommentaren är sparad. Enheten ser den."), "success")
            return _back(plan)
    return _page(plan, ActPlan(formdata=None), form, {}), 422


def _back(plan: Workplan) -> Response:
    return redirect(url_for("workplan.show", public_id=plan.public_id), 303)
