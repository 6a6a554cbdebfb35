"""The pages of goals: what is asked of a level and what it made of it, one goal with its thread, and the forms."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import fetch
from chain.access.policy import Action
from chain.base import clock, out
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, current, ngettext
from chain.cycle import queries as cycle
from chain.goal import (
    actions,
    document_queries,
    measured,
    plan_queries,
    queries,
    rules,
    tables,
)
from chain.goal.board import Board
from chain.goal.board import of as board_of
from chain.goal.models import Goal
from chain.goal.rules import Words
from chain.organisation.models import Unit
from forms.base import choices, posted
from forms.goal import ChangeGoal, Decide, End, GoalFacts


def tabs() -> list[tuple[str, str, bool]]:
    """(address, words, whether we are there) of what stands under goals, as far as the mandate reads it."""
    known = (
        ("goal.archive", ngettext("Mål", "Mål", 2), Action.READ, "goal"),
        ("goal.plans", _("Verksamhetsplaner"), Action.READ, "workplan"),
        ("goal.documents", _("Styrdokument"), Action.READ, "governing"),
        ("goal.national", _("Nationella mål"), Action.PREPARE, "goal"),
    )  # fmt: skip
    read = [one for one in known if policy.may_somewhere(g.mandate, one[2], one[3])]
    return [(url_for(page), words, request.endpoint == page) for page, words, _act, _kind in read] if len(read) > 1 else []


# A level's goals


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
        nodes=nodes if len(nodes) > 1 else [], writes=writes, tabs=tabs(), chain_here=unit.level,
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


def write() -> Any:
    """A new goal, of the mandate's own node or of one above that it writes for; `above`: what it breaks down."""
    unit = _node()
    first = {"above": [request.args["above"]] if request.args.get("above") else [], "valid_from": queries.this_year(unit.path)}
    first["owner"] = g.mandate.person.public_id
    form = GoalFacts(request.form if request.method == "POST" else None, data=first)
    _offer(form, unit)
    if form.validate_on_submit():
        try:
            goal = actions.write(unit, _words(form), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Utkastet är sparat. Ingen annan ser det förrän det är beslutat."), "success")
            return _back(goal)
    return _form(form, unit, None)


def _node() -> Unit:
    nodes = {one.public_id: one for one in queries.nodes(g.mandate)}
    if not nodes:
        raise NotFound
    wanted = request.values.get("at", "")
    if wanted and wanted not in nodes:
        raise NotFound
    return nodes[wanted] if wanted else next(iter(nodes.values()))


def rewrite(goal: Goal) -> Any:
    form = GoalFacts(request.form if request.method == "POST" else None, data=_said(goal))
    _offer(form, goal.unit, goal)
    if form.validate_on_submit():
        try:
            actions.rewrite(goal, _words(form), version=posted(form.version.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Utkastet är sparat."), "success")
            return _back(goal)
    return _form(form, goal.unit, goal)


def change(goal: Goal) -> Any:
    first = {**_said(goal), "decided_on": clock.today(), "reference": ""}
    form = ChangeGoal(request.form if request.method == "POST" else None, data=first)
    _offer(form, goal.unit, goal)
    if form.validate_on_submit():
        said: dict[str, Any] = {
            "reason": str(form.reason.data), "decided_on": form.decided_on.data, "reference": str(form.reference.data or ""),
        }  # fmt: skip
        try:
            actions.change(goal, _words(form), version=posted(form.version.data), by=g.mandate, **said)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Målet har fått nya ord. De förra finns kvar."), "success")
            return _back(goal)
    return _form(form, goal.unit, goal)


def _form(form: GoalFacts, unit: Unit, goal: Goal | None) -> Any:
    nodes = queries.nodes(g.mandate)
    page = render_template(
        "goal/write.html", form=form, unit=unit, goal=goal, nodes=nodes if goal is None and len(nodes) > 1 else [],
        groups=_grouped(unit, form, goal), forms=unit.level not in ("unit", "group"), chain_here=unit.level,
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _grouped(unit: Unit, form: GoalFacts, goal: Goal | None) -> list[tuple[str, list[Goal]]]:
    """The goals above by level, the nearest level first; what is chosen already is always among them."""
    found = queries.to_break_down(unit, str(form.valid_from.data or queries.this_year(unit.path)))
    known = {one.id for one in found}
    found += [one for one in (queries.breaks_down(goal) if goal else []) if one.id not in known]
    levels = dict.fromkeys(one.level for one in sorted(found, key=queries.in_order, reverse=True))
    return [(level, [one for one in found if one.level == level]) for level in levels]


def _offer(form: GoalFacts, unit: Unit, goal: Goal | None = None) -> None:
    """What can be chosen in the form."""
    labels = queries.labels(unit)
    known = list(dict.fromkeys([*filter(None, [goal.valid_from if goal else "", goal.valid_to if goal else ""]), *labels]))
    form.valid_from.choices = choices((one, one) for one in sorted(known))
    form.valid_to.choices = choices([("", _("Tills vidare")), *((one, one) for one in sorted(known))])
    people = queries.owners(unit)
    if goal and goal.owner and goal.owner not in people:
        people = [goal.owner, *people]
    form.owner.choices = choices([("", _("Välj en person")), *((one.public_id, one.name) for one in people)])
    form.above.choices = []
    names = cycle.school_forms()
    form.school_forms.choices = choices((code, one.name(current())) for code, one in names.items())
    indicators, subjects, groups = measured.to_choose(unit.path)
    form.indicator.choices = choices([("", _("Inget mått")), *indicators])
    form.subject.choices = choices([("", _("Alla")), *subjects])
    form.year_group.choices = choices([("", _("Alla")), *groups])


def _words(form: GoalFacts) -> Words:
    return Words(
        kind=str(form.kind.data), title=str(form.title.data), text=str(form.text.data or ""),
        valid_from=str(form.valid_from.data or ""), valid_to=str(form.valid_to.data or ""), owner=str(form.owner.data or ""),
        indicator=str(form.indicator.data or ""), subject=str(form.subject.data or ""),
        year_group=str(form.year_group.data or ""), direction=str(form.direction.data or ""), target=form.target.data,
        school_forms=tuple(one for one in form.school_forms.data or [] if one in cycle.school_forms()),
        above=tuple(form.above.data or []),
    )  # fmt: skip


def _said(goal: Goal) -> dict[str, Any]:
    return {
        "kind": goal.kind, "title": goal.title, "text": goal.text, "valid_from": goal.valid_from,
        "valid_to": goal.valid_to or "", "owner": goal.owner.public_id if goal.owner else "", "indicator": goal.indicator,
        "subject": goal.subject, "year_group": goal.year_group, "direction": goal.direction,
        "target": goal.target.normalize() if goal.target is not None else None, "school_forms": goal.school_forms,
        "above": [one.public_id for one in queries.breaks_down(goal)], "version": str(goal.version),
    }  # fmt: skip


# Decided, ended, thrown away


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


def discard(goal: Goal) -> Any:
    unit = goal.unit
    actions.discard(goal, by=g.mandate)
    flash(_("Utkastet är slängt."), "success")
    return redirect(url_for("goal.archive", at=unit.public_id), 303)


def _back(goal: Goal) -> Response:
    return redirect(url_for("goal.show", public_id=goal.public_id), 303)
