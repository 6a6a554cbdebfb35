"""The page on which a node says how far its goals are reached: all of them in one form, for a round or for the year."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import ngettext
from chain.goal import assess_actions, assessing, measured, queries, rules
from chain.goal.models import Goal
from chain.organisation.models import Unit
from forms.goal import Assess

bp = Blueprint("assessment", __name__, url_prefix="/goal")


@bp.route("/assess", methods=["GET", "POST"])
@allow(Action.ANSWER, "goal")
def write() -> Any:
    """All of a node's goals in one form, for a round or for the year; what nobody says anything of is left alone."""
    unit = assessing.node(g.mandate, fetch(Unit, request.args["at"]) if request.args.get("at") else None)
    periods = assessing.periods(unit)
    period = next((one for one in periods if one.key == request.values.get("period")), periods[0])
    goals = queries.to_assess(unit, period.year, g.mandate)
    goals = [one for one in goals if period.number == rules.WHOLE_YEAR or rules.by_rounds(one.level)]
    before = queries.said(goals, period.year, period.number)
    form = Assess()
    typed: dict[str, tuple[str, str]] = {}
    if form.validate_on_submit():
        typed = {one.public_id: (_sent("verdict", one), _sent("reasons", one)) for one in goals}
        told = {one: typed[one.public_id] for one in goals if any(typed[one.public_id])}
        try:
            made = assess_actions.assess(told, year=period.year, round=period.round, by=g.mandate)
        except RuleBroken as no:
            form.form_errors.append(no.sentence)
            return _page(unit, periods, period, goals, typed, no.problems), 422
        flash(ngettext("Ett mål är bedömt.", "%(num)s mål är bedömda.", len(made)), "success")
        return redirect(url_for("goal.archive", at=unit.public_id), 303)
    said = {one.public_id: (before[one.id].verdict, before[one.id].reasons) for one in goals if one.id in before}
    return _page(unit, periods, period, goals, said, {})


def _sent(name: str, goal: Goal) -> str:
    return request.form.get(f"{name}-{goal.public_id}", "").strip()


def _page(
    unit: Unit, periods: list[assessing.Period], period: assessing.Period, goals: list[Goal],
    said: Mapping[str, tuple[str, str]], problems: Mapping[str, str],
) -> str:  # fmt: skip
    return render_template(
        "goal/assess.html", unit=unit, periods=periods, period=period, goals=goals, said=said, problems=problems,
        verdicts=[(one, rules.verdict_name(one)) for one in rules.VERDICTS], targets=measured.targets(goals, unit.path),
        chain_here=unit.level,
    )  # fmt: skip
