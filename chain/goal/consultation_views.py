"""Heads are asked about a draft of a governing document: who is chosen, and each one's answer."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.goal import document_actions as actions
from chain.goal import document_queries as queries
from chain.goal import document_rules as rules
from chain.goal.document_models import Consultation, GoverningDocument
from chain.organisation.models import Unit
from forms.base import choices
from forms.goal import AnswerConsultation, AskHeads

bp = Blueprint("consultation", __name__, url_prefix="/goal")


@bp.route("/document/<public_id>/ask", methods=["GET", "POST"])
@allow(Action.WRITE, GoverningDocument, options=queries.WHOLE)
def ask(document: GoverningDocument) -> Any:
    version = queries.draft(document)
    known = queries.can_be_asked(document)
    form = AskHeads()
    form.receivers.choices = choices((unit.public_id, unit.name) for unit, _names in known)
    if form.validate_on_submit():
        wanted = {str(one) for one in form.receivers.data or []}
        chosen = [unit for unit, _names in known if form.everybody.data or unit.public_id in wanted]
        try:
            actions.ask(version, chosen, until=form.until.data, question=str(form.question.data or ""), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Samrådet är utskickat. Texten står still tills det är avslutat."), "success")
            return redirect(url_for("governing.show", public_id=document.public_id), 303)
    page = render_template("goal/ask_heads.html", form=form, document=document, levels=_by_level(known))
    return page, 422 if form.errors or form.form_errors else 200


def _by_level(known: list[tuple[Unit, list[str]]]) -> list[tuple[str, list[tuple[Unit, list[str]]]]]:
    levels = dict.fromkeys(unit.level for unit, _names in known)
    return [(level, [one for one in known if one[0].level == level]) for level in levels]


@bp.get("/consultation/<public_id>")
@allow(Action.READ, Consultation)
def show(consultation: Consultation) -> str:
    return _page(consultation, AnswerConsultation(formdata=None))


def _page(consultation: Consultation, form: AnswerConsultation) -> str:
    return render_template(
        "goal/consultation.html", consultation=consultation, form=form, document=consultation.about.document,
        version=consultation.about, may_answer=policy.may(g.mandate, Action.ANSWER, consultation),
        may_read=policy.may(g.mandate, Action.READ, consultation.about.document),
        kind=rules.kind_name(consultation.about.document.kind),
    )  # fmt: skip


@bp.post("/consultation/<public_id>")
@allow(Action.ANSWER, Consultation)
def answer(consultation: Consultation) -> Any:
    form = AnswerConsultation()
    if form.validate_on_submit():
        try:
            actions.answer(consultation, str(form.answer.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Svaret är skickat."), "success")
            return redirect(url_for("consultation.show", public_id=consultation.public_id), 303)
    return _page(consultation, form), 422
