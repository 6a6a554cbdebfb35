"""The steward's page of tokens: what other systems may read, until when, and when they last did."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from chain.access.guard import allow, fetch
from chain.access.policy import Action, Role
from chain.api import actions, queries, rules
from chain.api.models import Token
from chain.base import clock
from chain.base.errors import RuleBroken
from chain.base.locale import _, day, sorted_by_name
from chain.organisation import queries as organisation
from chain.organisation.models import Unit
from forms.api import NewToken, RenewToken
from forms.base import choices

bp = Blueprint("api", __name__, url_prefix="/api")


@bp.get("/tokens")
@allow(Action.READ, "token")
def tokens() -> str:
    asked = {token.id: gone for token, gone in queries.in_question(g.mandate)}
    return render_template("api/tokens.html", tokens=queries.kept_by(g.mandate), scopes=rules.SCOPES, asked=asked)


@bp.route("/tokens/add", methods=["GET", "POST"])
@allow(Action.KEEP, "token")
def add() -> Any:
    """The key is shown in the answer to the form, and nowhere after that."""
    form = NewToken(valid_to=clock.today() + rules.LONGEST / 2)
    form.unit.choices = choices((unit.public_id, way) for unit, way in organisation.units_to_choose(g.mandate))
    form.role.choices = choices(sorted_by_name(queries.role_words(), lambda pair: pair[1]))
    form.scopes.choices = choices(rules.SCOPES.items())
    if form.validate_on_submit():
        try:
            token, key = actions.make(
                fetch(Unit, str(form.unit.data), Action.KEEP), Role(form.role.data), name=form.name.data or "",
                purpose=form.purpose.data or "", scopes=form.scopes.data or [],
                valid_to=form.valid_to.data or clock.today(), by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            for field, sentence in no.problems.items():
                form[field].errors = [sentence]
            extra = [] if no.problems else [no.sentence]
            return render_template("api/add.html", form=form, extra=extra), 422
        return render_template("api/made.html", token=token, key=key, scopes=rules.SCOPES)
    return render_template("api/add.html", form=form), 422 if form.errors else 200


@bp.route("/tokens/<public_id>/renew", methods=["GET", "POST"])
@allow(Action.KEEP, Token)
def renew(token: Token) -> Any:
    form, extra = RenewToken(valid_to=clock.today() + rules.LONGEST / 2), []
    if form.validate_on_submit():
        try:
            actions.renew(token, valid_to=form.valid_to.data or clock.today(), by=g.mandate)
        except RuleBroken as no:
            form.valid_to.errors = list(no.problems.values())
            extra = [] if no.problems else [no.sentence]
        else:
            flash(_("Nyckeln %(name)s gäller till och med %(day)s.", name=token.name, day=day(token.valid_to)), "success")
            return redirect(url_for("api.tokens"), 303)
    page = render_template("api/renew.html", form=form, extra=extra, token=token, scopes=rules.SCOPES)
    return page, 422 if form.errors or extra else 200


@bp.post("/tokens/<public_id>/end")
@allow(Action.KEEP, Token)
def end(token: Token) -> Response:
    actions.end(token, by=g.mandate)
    flash(_("Nyckeln %(name)s är avslutad: den öppnar inget mer.", name=token.name), "success")
    return redirect(url_for("api.tokens"), 303)
