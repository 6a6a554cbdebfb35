"""Quotes: words of a passage that may be read further up, when somebody has confirmed that they point nobody out."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle.models import Round
from chain.finding import finding_actions, finding_queries, queries
from chain.finding.models import Passage, Quote
from chain.followup.models import Submission
from chain.followup.rules import HANDED_UP
from forms.base import choices
from forms.finding import QuoteForm

bp = Blueprint("quote", __name__, url_prefix="/quote")

WHOLE = (joinedload(Quote.passage).joinedload(Passage.submission).joinedload(Submission.round).joinedload(Round.year),
         *finding_queries.QUOTED)  # fmt: skip


@bp.route("/passage/<public_id>", methods=["GET", "POST"])
@allow(Action.KEEP, "quote")
def make(public_id: str) -> Any:
    """Let words of a passage be read further up."""
    passage = queries.passage(g.mandate, public_id)
    if passage is None:
        raise NotFound
    themes = queries.themes(g.mandate.unit_id)
    coded = {code.theme_id for code in passage.codes}
    form = QuoteForm(data={"words": passage.words, "theme": request.args.get("theme", "")})
    form.theme.choices = choices((one.public_id, queries.counted_names(themes)[one.id]) for one in themes if one.id in coded)
    if form.validate_on_submit():
        try:
            theme = next((one for one in themes if one.id in coded and one.public_id == form.theme.data), None)
            if theme is None:
                raise RuleBroken(_("Välj ett tema."), {"theme": _("Välj ett tema.")})
            finding_actions.quote(passage, theme, form.words.data or "", confirmed=bool(form.confirmed.data), by=g.mandate)
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Orden får citeras uppåt."), "success")
            return redirect(url_for("theme.show", public_id=theme.public_id, round=passage.submission.round.public_id), 303)
    page = render_template("finding/quote.html", passage=passage, form=form)
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/<public_id>")
@allow(Action.READ, Quote, options=WHOLE)
def show(quote: Quote) -> str:
    """The words and their heading, no more."""
    written = quote.passage.submission
    return render_template(
        "finding/quoted.html", quote=quote, written=written, stale=written.state not in HANDED_UP,
        readable=policy.may(g.mandate, Action.READ, written), keeps=policy.may(g.mandate, Action.KEEP, quote),
    )  # fmt: skip


@bp.post("/<public_id>/withdraw")
@allow(Action.KEEP, Quote, options=WHOLE)
def withdraw(quote: Quote) -> Response:
    finding_actions.unquote(quote, by=g.mandate)
    flash(_("Orden citeras inte längre. Det som redan är överlämnat står kvar som det var."), "success")
    return redirect(url_for("theme.show", public_id=quote.theme.public_id, round=quote.passage.submission.round.public_id), 303)
