"""What we have asked for and been asked for, and the answers."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import out, slots
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.followup import needs
from chain.followup.models import Followup
from chain.support import actions, escalation_queries, queries, routing_actions, routing_queries, tables
from chain.support.escalation_rules import LIVE
from chain.support.models import SupportRequest
from forms.support import AnswerForm, PrepareForm

bp = Blueprint("support", __name__, url_prefix="/support")


@bp.get("/")
@allow(Action.READ, "support")
def archive() -> Any:
    """What others have asked of us, and what we have asked for."""
    of_us, by_us = queries.asked_of_us(g.mandate), queries.asked_by_us(g.mandate)
    if form := out.wanted():
        return out.file(tables.requests(g.mandate.unit, of_us, by_us), form, _("stöd"), g.mandate.unit.name)
    helped = routing_queries.helped(g.mandate) if policy.may_somewhere(g.mandate, Action.PREPARE, "support") else []
    known = {one.id for one in (*of_us, *by_us)}
    return render_template(
        "support/archive.html", raised=policy.may_somewhere(g.mandate, Action.READ, "escalation"),
        directed=policy.may_somewhere(g.mandate, Action.READ, "directed"),
        asked_of_us=of_us, asked_by_us=by_us, helped=[one for one in helped if one.id not in known],
        routes=policy.may_somewhere(g.mandate, Action.READ, "routing"),
    )  # fmt: skip


@bp.get("/<public_id>")
@allow(Action.READ, SupportRequest)
def show(request: SupportRequest) -> str:
    return _page(request, AnswerForm(formdata=None, **_suggested(request)), PrepareForm(formdata=None, **_suggested(request)))


def _suggested(request: SupportRequest) -> dict[str, str]:
    """What the forms begin with: what the helper has suggested."""
    return {"state": request.prepared_state, "answer": request.prepared} if request.prepared_at else {}


@bp.post("/<public_id>/answer")
@allow(Action.READ, SupportRequest)
def answer(request: SupportRequest) -> Any:
    if request.answered_by_id == g.mandate.person_id:  # the button was pressed twice
        return redirect(url_for("support.show", public_id=request.public_id), 303)
    guard.require(Action.ANSWER, request, g.mandate)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            actions.answer(request, state=form.state.data, text=form.answer.data or "", by=g.mandate)
        except RuleBroken as refused:
            if not refused.problems:
                raise
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Svaret är lämnat till %(unit)s.", unit=request.unit.name), "success")
            return redirect(url_for("support.archive"), 303)
    return _page(request, form, PrepareForm(formdata=None)), 422


@bp.post("/<public_id>/prepare")
@allow(Action.PREPARE, SupportRequest)
def prepare(request: SupportRequest) -> Any:
    """The person to whom it was sent suggests an answer."""
    form = PrepareForm()
    if form.validate_on_submit():
        try:
            routing_actions.prepare(request, state=form.state.data, text=form.answer.data or "", by=g.mandate)
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Förslaget är lämnat till %(unit)s.", unit=request.receiver.name), "success")
            return redirect(url_for("support.show", public_id=request.public_id), 303)
    return _page(request, AnswerForm(formdata=None), form), 422


def _page(request: SupportRequest, form: AnswerForm, prepare: PrepareForm) -> str:
    above = queries.above(request)
    if above is None:
        for one in (form, prepare):
            one.state.choices = [choice for choice in one.state.choices if choice.value != "taken_up"]
    raised = escalation_queries.of_request(request)
    if raised and raised.state in LIVE:
        form.state.choices = [choice for choice in form.state.choices if choice.value != "taken_up"]
    inside = request.receiver_id == g.mandate.unit_id or policy.may(g.mandate, Action.PREPARE, request)
    readable = [one for one in (request.origin, queries.taken_up_as(request)) if one and policy.may(g.mandate, Action.READ, one)]
    return render_template(
        "support/show.html", request_=request, form=form, prepare=prepare, above=above, connected=readable,
        answers=policy.may(g.mandate, Action.ANSWER, request), prepares=policy.may(g.mandate, Action.PREPARE, request),
        inside=inside, helper=routing_queries.helps_now(request) if request.state == "open" else None,
        kind=needs.kind_name(request.type), raised=raised,
        reads_raised=bool(raised and policy.may(g.mandate, Action.READ, raised)), chain_turn=queries.turn(request),
    )  # fmt: skip


@slots.fill("followup.hub", "support")
def on_hub(followup: Followup, **facts: Any) -> str:
    """On a follow-up's own page: what became of what we asked for."""
    found = queries.told_in(followup.unit_id, followup.round)
    return render_template("support/_hub.html", requests=found) if found else ""
