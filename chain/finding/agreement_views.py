"""How far two coders agree, and what stands where they do not."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle.models import Round
from chain.finding import agreement_actions, agreement_queries, counting
from chain.followup.models import Submission
from forms.base import choices, posted
from forms.finding import ResolveForm

bp = Blueprint("agreement", __name__, url_prefix="/agreement")


@bp.get("/<public_id>")
@allow(Action.READ, Round)
def show(round: Round) -> Any:
    _reader()
    return _page(round, None)


@bp.post("/<public_id>/resolve")
@allow(Action.READ, Round)
def resolve(round: Round) -> Any:
    """Say whose codes of a paragraph stand."""
    _reader()
    form = ResolveForm()
    submission = guard.fetch(Submission, form.submission.data or "")
    try:
        agreement_actions.resolve(
            submission, form.span.data or "", stands=form.stands.data or "", reason=form.reason.data or "", by=g.mandate
        )
    except RuleBroken as refused:
        form.refuse(refused.sentence, refused.problems)
        page = _page(round, form)
        if page is None:  # it differs no longer: there is no form in which the reason could stand
            raise
        return page, 422
    flash(_("Det som skilde är löst."), "success")
    return redirect(url_for("agreement.show", public_id=round.public_id, page=posted(request.form.get("page")) or None), 303)


def _reader() -> None:
    if not policy.may_somewhere(g.mandate, Action.READ, "theme"):
        raise NotFound


def _page(round: Round, refused: ResolveForm | None) -> str | None:
    """A page of the differences. None when what was refused is about a paragraph that does not stand on it."""
    found = counting.counted(g.mandate.unit, [round], g.mandate)
    page = max(1, posted(request.values.get("page")))
    listed = agreement_queries.differences(found, round, page)
    if refused and not any((one.submission, one.span) == (refused.submission.data, refused.span.data) for one in listed.rows):
        return None
    form = ResolveForm(formdata=None)
    for each in (form, refused):
        if each:
            each.stands.choices = choices([("first", ""), ("second", ""), ("both", "")])
    return render_template(
        "finding/agreement.html", round=round, agreed=counting.agreed(found, round), listed=listed, form=form, refused=refused
    )
