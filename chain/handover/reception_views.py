"""The receiving unit's pages of a handover: it has come, it is read, received, answered, and looked back on."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _, current
from chain.handover import queries, rules
from chain.handover import reception_actions as actions
from chain.handover.models import Reception
from chain.handover.rules import Facts
from forms.handover import Answer, LookBack, Question

bp = Blueprint("reception", __name__, url_prefix="/handover/received")
READ: Any = (*queries.RECEIVER, *queries.PEOPLE)


@bp.get("/<public_id>")
@allow(Action.READ, Reception, options=READ)
def show(reception: Reception) -> str:
    return _page(reception)


def _page(reception: Reception, **forms: Any) -> str:
    """Its words are shown when somebody at the unit has opened it."""
    said = queries.edition(reception.handover_id, reception.edition) if reception.state != "handed_over" else None
    acts = policy.may(g.mandate, Action.ANSWER, reception)
    round = queries.looks_back_in(reception) if acts and reception.state in rules.TAKEN else None
    newer = reception.edition > reception.received_edition
    whole = Facts(newer=newer, words="när de har skrivits", new_year=round is not None)
    allowed = {
        verb: acts and rules.allows(verb, reception.state, whole)
        for verb in ("open", "receive", "send_back", "answer", "look_back")
    }
    return render_template(
        "handover/reception.html", reception=reception, handover=reception.handover, title=queries.title(reception.handover),
        said=said, locale=current(), how_many=_how_many(said.snapshot) if said else "", allowed=allowed,
        question=forms.get("question") or Question(formdata=None, prefix="question"),
        answer=forms.get("answer") or Answer(formdata=None, prefix="answer"),
        look_back=forms.get("look_back") or LookBack(formdata=None, prefix="look"), refused=list(forms.values()),
    )  # fmt: skip


def _how_many(snapshot: dict[str, Any]) -> str:
    return rules.how_many(snapshot["children"], snapshot["transition"])


@bp.post("/<public_id>/open")
@allow(Action.OPEN, Reception, options=READ)
def open_(reception: Reception) -> Response:
    if reception.state == "handed_over":  # else the button was pressed twice
        actions.open_(reception, by=g.mandate)
    return _to(reception)


@bp.post("/<public_id>/receive")
@allow(Action.RECEIVE, Reception, options=READ)
def receive(reception: Reception) -> Response:
    if reception.received_edition < reception.edition or reception.state not in rules.TAKEN:  # else it was pressed twice
        actions.receive(reception, by=g.mandate)
        flash(_("Tack. %(unit)s ser att ni har läst och tagit emot.", unit=reception.handover.unit.name), "success")
    return _to(reception)


@bp.post("/<public_id>/send_back")
@allow(Action.RECEIVE, Reception, options=READ)
def send_back(reception: Reception) -> Any:
    form = Question(prefix="question")
    if reception.state == "returned" and reception.returned_by_id == g.mandate.person_id:  # pressed twice
        return _to(reception)
    if form.validate_on_submit():
        try:
            actions.send_back(reception, str(form.words.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Överlämningen är skickad tillbaka med er fråga."), "success")
            return _to(reception)
    return _page(reception, question=form), 422


@bp.post("/<public_id>/answer")
@allow(Action.ANSWER, Reception, options=READ)
def answer(reception: Reception) -> Any:
    form = Answer(prefix="answer")
    if reception.answered_by_id == g.mandate.person_id:  # pressed twice
        return _to(reception)
    if form.validate_on_submit():
        try:
            actions.answer(reception, str(form.words.data), str(form.asks.data or ""), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Svaret är lämnat till %(unit)s.", unit=reception.handover.unit.name), "success")
            return _to(reception)
    return _page(reception, answer=form), 422


@bp.post("/<public_id>/look_back")
@allow(Action.ANSWER, Reception, options=READ)
def look_back(reception: Reception) -> Any:
    form = LookBack(prefix="look")
    if reception.looked_back_by_id == g.mandate.person_id:  # pressed twice
        return _to(reception)
    if form.validate_on_submit():
        try:
            actions.look_back(reception, str(form.words.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Det ni har skrivit är lämnat till %(unit)s.", unit=reception.handover.unit.name), "success")
            return _to(reception)
    return _page(reception, look_back=form), 422


def _to(reception: Reception) -> Response:
    return redirect(url_for("reception.show", public_id=reception.public_id), 303)
