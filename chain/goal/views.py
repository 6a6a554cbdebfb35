"""The pages of goals: what is asked of a level and what it made of it, one goal with its thread, and the forms."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base import clock, out
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, current, ngettext
from chain.cycle import queries as cycle
from chain.goal import actions, document_queries, form_views, measured, plan_queries, queries, rules, tables, tabs
from chain.goal.board import Board
from chain.goal.board import of as board_of
from chain.goal.models import Goal
from chain.organisation.models import Unit
from forms.base import posted
from forms.goal import ChangeGoal, Decide, End, GoalFacts

bp = Blueprint("goal", __name__, url_prefix="/goal")
bp.add_app_template_global(rules.kind_name, "goal_kind")
bp.add_app_template_global(rules.level_goals, "level_goals")
bp.add_app_template_global(rules.verdict_name, "verdict_name")


# A level's goals


@bp.get("/")
@allow(Action.READ, "goal")
def archive() -> Any:
    """What is asked of a node in a year, and what it has broken down. `at`: another node that may be read; `year`: its label."""
    unit = fetch(Unit, request.args["at"]) if request.args.get("at") else g.mandate.unit
    labels = queries.labels(unit)
    now = queries.this_year(unit.path)
    asked = request.args.get("year", "")
    year = asked if asked in labels else now  # another node's years may be others
    board = board_of(unit, year, g.mandate)
    if form := out.wanted():
        return out.file(tables.goals(unit, year, board), form, ngettext("mål", "mål", 2), unit.name)
    nodes = queries.nodes(g.mandate)
    writes = queries.writes(g.mandate, unit)
    return render_template(
        "goal/archive.html", unit=unit, year=year, years=_years(labels, now), board=board, sentence=_told(board, unit),
        nodes=nodes if len(nodes) > 1 else [], writes=writes, tabs=tabs.shown(), chain_here=unit.level,
        may_assess=any(policy.may(g.mandate, Action.ANSWER, one) for one in board.own),
        targets=measured.targets(board.own, unit.path),
    )  # fmt: skip


def _years(labels: list[str], now: str) -> list[str]:
    """The years to choose among: the one before, this one, and those that have been planned after it."""
    known = sorted({*labels, now})
    place = known.index(now)
    return known[max(0, place - 1) : place + 2]


def _told(board: Board, unit: Unit) -> str:
    """What the page says, in a sentence or two."""
    if not board.asked:
        return _("Inget mål ovanför ber om något här.") if unit.level != "municipality" else _("Inga mål är beslutade än.")
    asked = ngettext("Ett mål ovanför ber er om något.", "%(num)s mål ovanför ber er om något.", len(board.asked))
    left = len(board.missing)
    if not left:
        return asked + " " + _("Alla är nedbrutna.")
    return asked + " " + ngettext("Ett är inte nedbrutet.", "%(num)s är inte nedbrutna.", left)


# One


@bp.get("/<public_id>")
@allow(Action.READ, Goal, options=queries.WHOLE)
def show(goal: Goal) -> str:
    return _page(goal, _decide_form(goal), End(formdata=None, version=goal.version))


def _decide_form(goal: Goal) -> Decide:
    return Decide(formdata=None, decided_on=clock.today(), version=goal.version)


def _page(goal: Goal, decide_form: Decide, end_form: End) -> str:
    above = queries.above(goal, g.mandate)
    below = queries.below(goal, g.mandate)
    mine = g.mandate.unit
    breaks = goal.state == "decided" and queries.writes(g.mandate, mine) and rules.may_break_down(
        mine.path, mine.level, queries.as_above([goal])[0]
    )  # fmt: skip
    return render_template(
        "goal/show.html", goal=goal, acts=_acts(goal), decide_form=decide_form, end_form=end_form, above=above, below=below,
        count=sum(1 + one.size for one in below), breaks=breaks, told=queries.every_assessment(goal),
        editions=queries.editions(goal), drawn=plan_queries.drawn_from(goal, g.mandate),
        governed=document_queries.governing(goal.path, goal_id=goal.id), measure=measured.target(goal),
        right=queries.assessments([goal.id]).get(goal.id, []), school_forms=_form_names(goal), chain_here=goal.level,
        may_assess=policy.may(g.mandate, Action.ANSWER, goal) and goal.level != rules.NATIONAL,
        may_prepare=policy.may(g.mandate, Action.PREPARE, goal) and goal.level == rules.NATIONAL,
    )  # fmt: skip


def _acts(goal: Goal) -> list[str]:
    """What this person can do with the goal now: the rules' table, and the access table beside it."""
    wants = {"write": Action.WRITE, "discard": Action.WRITE, "decide": Action.SUBMIT, "change": Action.KEEP, "end": Action.KEEP}
    found = rules.possible(goal.state, level=goal.level, role=g.mandate.role)
    return [one for one in found if policy.may(g.mandate, wants[one], goal)]


def _form_names(goal: Goal) -> list[str]:
    known = cycle.school_forms()
    return [known[code].name(current()) for code in goal.school_forms if code in known]


# Written


@bp.route("/write", methods=["GET", "POST"])
@allow(Action.WRITE, "goal")
def write() -> Any:
    """A new goal, of the mandate's own node or of one above that it writes for; `above`: what it breaks down."""
    unit = _node()
    first = {"above": [request.args["above"]] if request.args.get("above") else [], "valid_from": queries.this_year(unit.path)}
    first["owner"] = g.mandate.person.public_id
    form = GoalFacts(request.form if request.method == "POST" else None, data=first)
    form_views.offer(form, unit)
    if form.validate_on_submit():
        try:
            goal = actions.write(unit, form_views.words(form), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Utkastet är sparat. Ingen annan ser det förrän det är beslutat."), "success")
            return _back(goal)
    return form_views.page(form, unit, None)


def _node() -> Unit:
    nodes = {one.public_id: one for one in queries.nodes(g.mandate)}
    if not nodes:
        raise NotFound
    wanted = request.values.get("at", "")
    if wanted and wanted not in nodes:
        raise NotFound
    return nodes[wanted] if wanted else next(iter(nodes.values()))


@bp.route("/<public_id>/write", methods=["GET", "POST"])
@allow(Action.WRITE, Goal, options=queries.WHOLE)
def rewrite(goal: Goal) -> Any:
    form = GoalFacts(request.form if request.method == "POST" else None, data=form_views.said(goal))
    form_views.offer(form, goal.unit, goal)
    if form.validate_on_submit():
        try:
            actions.rewrite(goal, form_views.words(form), version=posted(form.version.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Utkastet är sparat."), "success")
            return _back(goal)
    return form_views.page(form, goal.unit, goal)


@bp.route("/<public_id>/change", methods=["GET", "POST"])
@allow(Action.KEEP, Goal, options=queries.WHOLE)
def change(goal: Goal) -> Any:
    first = {**form_views.said(goal), "decided_on": clock.today(), "reference": ""}
    form = ChangeGoal(request.form if request.method == "POST" else None, data=first)
    form_views.offer(form, goal.unit, goal)
    if form.validate_on_submit():
        said: dict[str, Any] = {
            "reason": str(form.reason.data), "decided_on": form.decided_on.data, "reference": str(form.reference.data or ""),
        }  # fmt: skip
        try:
            actions.change(goal, form_views.words(form), version=posted(form.version.data), by=g.mandate, **said)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Målet har fått nya ord. De förra finns kvar."), "success")
            return _back(goal)
    return form_views.page(form, goal.unit, goal)


# Decided, ended, thrown away


@bp.post("/<public_id>/decide")
@allow(Action.SUBMIT, Goal, options=queries.WHOLE)
def decide(goal: Goal) -> Any:
    form = Decide()
    if form.validate_on_submit():
        said: dict[str, Any] = {"decided_on": form.decided_on.data, "reference": str(form.reference.data or "")}
        try:
            actions.decide(goal, version=posted(form.version.data), by=g.mandate, **said)
        except RuleBroken as no:
            form.refuse(" ".join(no.problems.values()) or no.sentence, no.problems)
        else:
            flash(_("Målet är beslutat. De ovanför och under läser det nu."), "success")
            return _back(goal)
    return _page(goal, form, End(formdata=None, version=goal.version)), 422


@bp.post("/<public_id>/end")
@allow(Action.KEEP, Goal, options=queries.WHOLE)
def end(goal: Goal) -> Any:
    form = End()
    if form.validate_on_submit():
        try:
            actions.end(goal, reason=str(form.reason.data), version=posted(form.version.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Målet är avslutat."), "success")
            return _back(goal)
    return _page(goal, _decide_form(goal), form), 422


@bp.post("/<public_id>/discard")
@allow(Action.WRITE, Goal)
def discard(goal: Goal) -> Any:
    unit = goal.unit
    actions.discard(goal, by=g.mandate)
    flash(_("Utkastet är slängt."), "success")
    return redirect(url_for("goal.archive", at=unit.public_id), 303)


def _back(goal: Goal) -> Response:
    return redirect(url_for("goal.show", public_id=goal.public_id), 303)
