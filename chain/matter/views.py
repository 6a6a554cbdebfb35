"""The committee's decisions, all of them and one of them; and the way to its matters, assignments and meetings."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action, Role
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.matter import (
    assignment_actions,
    assignment_queries,
    assignment_views,
    matter_queries,
    matter_views,
    meeting_views,
    queries,
    record_views,
)
from chain.matter.models import Assignment, Decision, Matter, Meeting
from chain.organisation.rules import ROLE_WORDS
from forms.base import choices
from forms.matter import Ask

bp = Blueprint("matter", __name__, url_prefix="/matter")


@bp.app_template_global("role_word")
def role_word(role: str) -> str:
    """A role as it stands within a sentence."""
    return str(ROLE_WORDS[Role(role)])


# Decisions


@bp.get("/")
@allow(Action.READ, "decision")
def archive() -> str:
    """What was decided; for those who read the committee's matters, also what it waits for."""
    reads = policy.may_somewhere(g.mandate, Action.READ, "assignment")
    waiting = assignment_queries.waiting(g.mandate) if reads else []
    return render_template(
        "matter/archive.html", decisions=queries.decisions(g.mandate), waiting=waiting, told=assignment_queries.told(waiting),
        may_record=policy.may_somewhere(g.mandate, Action.RECORD, "decision"), tabs=matter_views.tabs(), chain_here="committee",
    )  # fmt: skip


@bp.get("/<public_id>")
@allow(Action.READ, Decision, options=queries.WHOLE)
def show(decision: Decision) -> str:
    return _show(decision, Ask(formdata=None))


def _show(decision: Decision, form: Ask) -> str:
    may_record, reads = policy.may(g.mandate, Action.RECORD, decision), policy.may_somewhere(g.mandate, Action.READ, "assignment")
    correction = queries.correction(decision)
    known = matter_queries.administrations(decision.path) if may_record else []
    form.to.choices = choices((one.public_id, one.name) for one in known)
    return render_template(
        "matter/show.html", decision=decision, correction=correction, form=form, may_record=may_record, reads=reads,
        given=assignment_queries.given_by(decision) if reads else [],
        closed=assignment_queries.closed_by(decision) if reads else [],
        may_ask=may_record and correction is None and decision.matter is not None, chain_here="committee",
    )  # fmt: skip


@bp.post("/<public_id>/ask")
@allow(Action.RECORD, Decision, options=queries.WHOLE)
def ask(decision: Decision) -> Any:
    """One more assignment that the decision gave."""
    form = Ask()
    known = {one.public_id: one for one in matter_queries.administrations(decision.path)}
    try:
        if form.validate_on_submit():
            to = known.get(str(form.to.data))
            assignment_actions.give(decision, str(form.text.data), form.due_on.data, to=to, by=g.mandate)
            flash(_("Uppdraget är inskrivet."), "success")
            return redirect(url_for("matter.show", public_id=decision.public_id), 303)
    except RuleBroken as no:
        record_views.tell(form, no)
    return _show(decision, form), 422


@bp.route("/record", methods=["GET", "POST"])
@allow(Action.RECORD, "decision")
def record() -> Any:
    return record_views.record()


# Matters


@bp.get("/matters")
@allow(Action.READ, "matter")
def matters() -> Any:
    return matter_views.matters(closed=bool(request.args.get("closed")))


@bp.route("/matters/open", methods=["GET", "POST"])
@allow(Action.WRITE, "matter")
def open_matter() -> Any:
    return matter_views.open_matter()


@bp.get("/matter/<public_id>")
@allow(Action.READ, Matter, options=matter_queries.WHOLE)
def matter(matter: Matter) -> Any:
    return matter_views.show(matter)


@bp.route("/matter/<public_id>/change", methods=["GET", "POST"])
@allow(Action.KEEP, Matter, options=matter_queries.WHOLE)
def change_matter(matter: Matter) -> Any:
    return matter_views.change_matter(matter)


@bp.post("/matter/<public_id>/act")
@allow(Action.WRITE, Matter, options=matter_queries.WHOLE)
def act(matter: Matter) -> Any:
    return matter_views.act(matter)


@bp.post("/matter/<public_id>/assign")
@allow(Action.WRITE, Matter, options=matter_queries.WHOLE)
def assign(matter: Matter) -> Any:
    return matter_views.assign(matter)


# Assignments


@bp.get("/assignments")
@allow(Action.READ, "assignment")
def assignments() -> Any:
    return assignment_views.assignments()


@bp.get("/assignment/<public_id>")
@allow(Action.READ, Assignment, options=assignment_queries.WHOLE)
def assignment(assignment: Assignment) -> Any:
    return assignment_views.show(assignment)


@bp.post("/assignment/<public_id>/answer")
@allow(Action.ANSWER, Assignment, options=assignment_queries.WHOLE)
def answer(assignment: Assignment) -> Any:
    return assignment_views.answer(assignment)


@bp.post("/assignment/<public_id>/keep")
@allow(Action.KEEP, Assignment, options=assignment_queries.WHOLE)
def keep(assignment: Assignment) -> Any:
    return assignment_views.keep(assignment)


# Meetings


@bp.get("/meetings")
@allow(Action.READ, "meeting")
def meetings() -> Any:
    return meeting_views.meetings()


@bp.route("/meetings/plan", methods=["GET", "POST"])
@allow(Action.KEEP, "meeting")
def plan() -> Any:
    return meeting_views.plan()


@bp.get("/meeting/<public_id>")
@allow(Action.READ, Meeting)
def meeting(meeting: Meeting) -> Any:
    return meeting_views.show(meeting)


@bp.route("/meeting/<public_id>/change", methods=["GET", "POST"])
@allow(Action.KEEP, Meeting)
def change_meeting(meeting: Meeting) -> Any:
    return meeting_views.change_meeting(meeting)


@bp.post("/meeting/<public_id>/cancel")
@allow(Action.KEEP, Meeting)
def cancel(meeting: Meeting) -> Any:
    return meeting_views.cancel(meeting)


@bp.post("/meeting/<public_id>/restore")
@allow(Action.KEEP, Meeting)
def restore(meeting: Meeting) -> Any:
    return meeting_views.restore(meeting)


@bp.post("/meeting/<public_id>/agenda")
@allow(Action.KEEP, Meeting)
def agenda(meeting: Meeting) -> Any:
    return meeting_views.agenda(meeting)
