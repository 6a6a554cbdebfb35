"""The pages of a committee's calendar, and the agenda of one meeting."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import fetch
from chain.access.policy import Action
from chain.base import clock, out
from chain.base.errors import RuleBroken
from chain.base.locale import _, day
from chain.matter import (
    matter_queries,
    matter_views,
    meeting_actions,
    meeting_queries,
    meeting_rules,
    record_views,
    tables,
)
from chain.matter.models import Matter, Meeting
from forms.base import posted
from forms.matter import Agenda, Cancel, MeetingFacts, Plan


def meetings() -> Any:
    found = meeting_queries.calendar(g.mandate)
    if form := out.wanted():
        return out.file(tables.meetings(g.mandate.unit, found), form, _("sammanträden"), g.mandate.unit.name)
    return render_template(
        "matter/meetings.html", calendar=found, may_plan=policy.may_somewhere(g.mandate, Action.KEEP, "meeting"),
        tabs=matter_views.tabs(), chain_here="committee",
    )  # fmt: skip


def plan() -> Any:
    """One meeting or a year's; the days of the rounds that have none are there from the start."""
    form = Plan(request.form if request.method == "POST" else None, data=_first())
    if form.validate_on_submit():
        try:
            made = meeting_actions.plan(
                g.mandate.unit, meeting_rules.days(str(form.days.data)), place=str(form.place.data or ""),
                begins_at=meeting_rules.hour(str(form.begins_at.data or "")), papers_before=form.papers_before.data, by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            record_views.tell(form, no)
        else:
            days = ", ".join(day(one.held_on, "d MMMM") for one in made)
            flash(_("I kalendern: %(days)s.", days=days), "success")
            return redirect(url_for("matter.meetings"), 303)
    return render_template("matter/plan.html", form=form, chain_here="committee"), 422 if form.errors else 200


def _first() -> dict[str, Any]:
    """The days that rounds already say, and the place and hour of the last meeting."""
    found = meeting_queries.calendar(g.mandate)
    last = next((one.meeting for one in [*reversed(found.coming), *found.past]), None)
    return {
        "days": "\n".join(dict.fromkeys(round.meets_on.isoformat() for round in found.missing if round.meets_on)),
        "place": last.place if last else "", "begins_at": _hour(last), "papers_before": _days_before(last),
    }  # fmt: skip


def _hour(meeting: Meeting | None) -> str:
    return meeting.begins_at.strftime("%H.%M") if meeting and meeting.begins_at else ""


def _days_before(meeting: Meeting | None) -> int | None:
    return (meeting.held_on - meeting.papers_by).days if meeting and meeting.papers_by else None


# One


def show(meeting: Meeting) -> str:
    return _page(meeting, Agenda(formdata=None))


def _page(meeting: Meeting, form: Agenda) -> str:
    items = meeting_queries.agenda(meeting)
    may_keep = policy.may(g.mandate, Action.KEEP, meeting)
    to_add = meeting_queries.to_add(g.mandate, meeting) if may_keep and meeting.state == "planned" else []
    form.matter.choices = record_views.matters_to_choose(to_add)
    here = [one for one in items if one.moved_to_id is None]
    made = meeting_queries.decisions(meeting)
    decided, listed = meeting_queries.by_matter(made), {one.matter_id for one in here}
    return render_template(
        "matter/meeting.html", meeting=meeting, items=here, moved=[one for one in items if one.moved_to_id is not None],
        rounds=meeting_queries.rounds_at(meeting), decided=decided, after=meeting_queries.after(meeting), to_add=to_add,
        papers=matter_queries.papers([one.matter for one in items]), may_keep=may_keep, form=form, hour=_hour(meeting),
        has_come=meeting.held_on <= clock.today(), papers_late=_papers_late(meeting), chain_here="committee",
        undecided=[one for one in here if one.matter_id not in decided],
        others=[one for one in made if one.matter_id not in listed],
    )  # fmt: skip


def _papers_late(meeting: Meeting) -> bool:
    """Whether the last day for papers has passed and the meeting has not."""
    return meeting.papers_by is not None and meeting.papers_by < clock.today() and not meeting.over


def agenda(meeting: Meeting) -> Any:
    """A matter put on the agenda, moved a step, moved to the next meeting, or taken off: each by a button."""
    form = Agenda()
    matter = fetch(Matter, str(form.matter.data or ""), Action.WRITE)
    try:
        match form.act.data:
            case "put":
                meeting_actions.put(meeting, matter, by=g.mandate)
            case "up" | "down":
                meeting_actions.shift(meeting, matter, -1 if form.act.data == "up" else 1, by=g.mandate)
            case "off":
                meeting_actions.take_off(meeting, matter, by=g.mandate)
            case "next":
                moved = meeting_actions.postpone(meeting, matter, by=g.mandate)
                flash(_("Ärendet är flyttat till sammanträdet %(day)s.", day=day(moved.held_on)), "success")
            case _:
                raise RuleBroken(_("Välj vad som ska göras med dagordningen."))
    except RuleBroken as no:
        form.matter.errors = [no.sentence]
        return _page(meeting, form), 422
    return _back(meeting)


def _back(meeting: Meeting) -> Response:
    return redirect(url_for("matter.meeting", public_id=meeting.public_id), 303)


def change_meeting(meeting: Meeting) -> Any:
    form = MeetingFacts(request.form if request.method == "POST" else None, data=_said(meeting))
    if form.validate_on_submit() and form.held_on.data:
        version = posted(form.version.data)
        try:
            meeting_actions.change(
                meeting, held_on=form.held_on.data, begins_at=meeting_rules.hour(str(form.begins_at.data or "")),
                place=str(form.place.data or ""), papers_by=form.papers_by.data, version=version, by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            record_views.tell(form, no)
        else:
            flash(_("Sammanträdet är ändrat."), "success")
            return _back(meeting)
    return _change_page(meeting, form, Cancel(formdata=None)), 422 if form.errors else 200


def _said(meeting: Meeting) -> dict[str, Any]:
    return {
        "held_on": meeting.held_on, "begins_at": _hour(meeting), "place": meeting.place, "papers_by": meeting.papers_by,
        "version": str(meeting.version),
    }  # fmt: skip


def _change_page(meeting: Meeting, form: MeetingFacts, cancel: Cancel) -> str:
    return render_template(
        "matter/change_meeting.html", meeting=meeting, form=form, cancel=cancel, after=meeting_queries.after(meeting),
        chain_here="committee",
    )  # fmt: skip


def cancel(meeting: Meeting) -> Any:
    form = Cancel()
    try:
        if form.validate_on_submit():
            meeting_actions.cancel(meeting, str(form.reason.data), by=g.mandate)
            flash(_("Sammanträdet är inställt."), "success")
            return _back(meeting)
    except RuleBroken as no:
        record_views.tell(form, no)
    return _change_page(meeting, MeetingFacts(None, data=_said(meeting)), form), 422


def restore(meeting: Meeting) -> Any:
    meeting_actions.restore(meeting, by=g.mandate)
    flash(_("Sammanträdet hålls som planerat."), "success")
    return _back(meeting)
