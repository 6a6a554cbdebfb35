"""The pages of assignments from the committee: all that wait with their age, one with its history, and what is done with it."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.policy import Action
from chain.base import out
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.matter import (
    assignment_actions,
    assignment_queries,
    assignment_rules,
    matter_queries,
    matter_views,
    record_views,
    rules,
    tables,
)
from chain.matter.models import Assignment, Matter
from forms.matter import Answer, Keep

ANSWERS = ("take_up", "report", "take_back")
KEEPS = ("extend", "withdraw", "reopen")


def assignments() -> Any:
    """Those that wait, the late first; or those that the committee has closed."""
    closed = bool(request.args.get("closed"))
    found = assignment_queries.closed(g.mandate) if closed else assignment_queries.waiting(g.mandate)
    if form := out.wanted():
        return out.file(tables.assignments(g.mandate.unit, found), form, _("uppdrag från nämnden"), g.mandate.unit.name)
    return render_template(
        "matter/assignments.html", assignments=found, closed=closed, told=assignment_queries.told(found),
        tabs=matter_views.tabs(), chain_here="committee",
    )  # fmt: skip


def show(assignment: Assignment) -> str:
    return _page(assignment, Answer(formdata=None), Keep(formdata=None, due_on=assignment.due_on))


def _page(assignment: Assignment, answer: Answer, keep: Keep) -> str:
    acts = assignment_rules.possible(assignment.state, role=g.mandate.role)
    may_answer, may_keep = (policy.may(g.mandate, action, assignment) for action in (Action.ANSWER, Action.KEEP))
    if may_answer:
        _offer(answer, assignment)
    turn = {"open": "administration", "reported": "committee"}.get(assignment.state)
    return render_template(
        "matter/assignment.html", assignment=assignment, steps=assignment_queries.steps(assignment), answer=answer, keep=keep,
        answers=[one for one in acts if one in ANSWERS] if may_answer else [],
        keeps=[one for one in acts if one in KEEPS] if may_keep else [],
        may_open=policy.may_somewhere(g.mandate, Action.WRITE, "matter"), told=assignment_queries.told([assignment]),
        chain_here="committee", chain_turn=turn,
    )  # fmt: skip


def _offer(form: Answer, assignment: Assignment) -> dict[str, Matter]:
    """The matters in which it can be answered: those that the committee has not decided in."""
    live = [one for one in matter_queries.to_choose(g.mandate) if one.state in rules.LIVE and one.id != assignment.matter_id]
    form.matter.choices = record_views.matters_to_choose(live, _("Välj ett ärende"))
    if request.method != "POST" and assignment.answered_in:
        form.matter.data = assignment.answered_in.public_id
    return {one.public_id: one for one in live}


def answer(assignment: Assignment) -> Any:
    """The administration: in which matter it is answered, that it is reported back, or that it was reported too early."""
    form = Answer()
    matter, words = _offer(form, assignment).get(str(form.matter.data)), str(form.words.data or "")
    try:
        match form.act.data:
            case "take_up":
                assignment_actions.take_up(assignment, matter, by=g.mandate)
            case "report":
                assignment_actions.report(assignment, matter, words=words, by=g.mandate)
            case "take_back":
                assignment_actions.take_back(assignment, words, by=g.mandate)
            case _:
                raise RuleBroken(_("Välj vad som ska göras med uppdraget."))
    except RuleBroken as no:
        record_views.tell(form, no)
        return _page(assignment, form, Keep(formdata=None, due_on=assignment.due_on)), 422
    return _back(assignment)


def keep(assignment: Assignment) -> Any:
    """The secretary: another last day, no longer asked for, or open again."""
    form = Keep()
    words = str(form.words.data or "")
    try:
        form.validate()
        if form.due_on.errors:
            return _page(assignment, Answer(formdata=None), form), 422
        match form.act.data:
            case "extend":
                assignment_actions.extend(assignment, form.due_on.data, words, by=g.mandate)
            case "withdraw":
                assignment_actions.withdraw(assignment, words, by=g.mandate)
            case "reopen":
                assignment_actions.reopen(assignment, words, by=g.mandate)
            case _:
                raise RuleBroken(_("Välj vad som ska göras med uppdraget."))
    except RuleBroken as no:
        record_views.tell(form, no)
        return _page(assignment, Answer(formdata=None), form), 422
    return _back(assignment)


def _back(assignment: Assignment) -> Response:
    flash(_("Uppdraget är nu %(state)s.", state=assignment_rules.state_name(assignment.state)), "success")
    return redirect(url_for("matter.assignment", public_id=assignment.public_id), 303)
