"""The pages of directed support: all that goes on, asking for it or offering it, and one with what has been done."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import clock, out
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.organisation.models import Mandate, Unit
from chain.support import directed_actions as actions
from chain.support import directed_queries as queries
from chain.support import directed_rules as rules
from chain.support import routing_queries, tables
from chain.support.directed_models import Directed
from forms.base import choices, posted
from forms.directed import ActForm, BeginForm

bp = Blueprint("directed", __name__, url_prefix="/directed")

WHOLE = (joinedload(Directed.unit), joinedload(Directed.receiver).joinedload(Unit.parent), joinedload(Directed.given_by))


@bp.get("/")
@allow(Action.READ, "directed")
def archive() -> Any:
    """What goes on or waits, by unit, and what is over."""
    alive, over = queries.seen(g.mandate)
    if form := out.wanted():
        return out.file(tables.directed(g.mandate.unit, [*alive, *over]), form, _("riktat stöd"), g.mandate.unit.name)
    return render_template("support/directed.html", alive=alive, over=over, gives=policy.may_somewhere(g.mandate, *GIVES))


GIVES = (Action.GIVE, "directed")


@bp.route("/begin", methods=["GET", "POST"])
@allow(*GIVES)
def begin() -> Any:
    units = {unit.public_id: unit for unit in queries.units_to_choose(g.mandate)}
    form = BeginForm(unit=request.args.get("unit", ""))
    form.unit.choices = choices([("", _("Välj")), *((name, unit.name) for name, unit in units.items())])
    form.type.choices = choices([("", _("Välj")), *routing_queries.kinds()])
    if len(units) == 1:
        form.unit.data = next(iter(units))
    if form.validate_on_submit():
        unit = units.get(form.unit.data or "")
        try:
            if unit is None:
                raise RuleBroken(_("Välj vilken enhet det gäller."), {"unit": _("Välj vilken enhet det gäller.")})
            made = actions.begin(unit, need=form.need.data or "", type=form.type.data or "", by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Begäran är lämnad.") if made.begun_by_unit else _("Erbjudandet är lämnat."), "success")
            return redirect(url_for("directed.show", public_id=made.public_id), 303)
    own = g.mandate.unit.level == "unit"
    return render_template("support/directed_begin.html", form=form, own=own), 422 if form.is_submitted() else 200


@bp.get("/<public_id>")
@allow(Action.READ, Directed, options=WHOLE)
def show(directed: Directed) -> str:
    return _page(directed, _form(directed))


@bp.post("/<public_id>/act")
@allow(Action.READ, Directed, options=WHOLE)
def act(directed: Directed) -> Any:
    if not queries.side(directed, g.mandate) and not policy.may(g.mandate, Action.PREPARE, directed):
        guard.require(Action.ANSWER, directed, g.mandate)  # whoever only reads is told so
    form, name = ActForm(), request.form.get("act", "")
    givers = {one.public_id: one for one in queries.givers(directed)}
    form.validate()
    try:
        if form.errors:
            raise RuleBroken(_("Rätta det som är fel."), {key: str(said[0]) for key, said in form.errors.items() if key})
        actions.act(
            directed, name, words=form.words.data or "", given_by=givers.get(form.given_by.data or ""),
            starts_on=form.starts_on.data, ends_on=form.ends_on.data, version=posted(form.version.data), by=g.mandate,
        )  # fmt: skip
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
        return _page(directed, _offered(form, directed), name), 422
    flash(_("Stödet är nu: %(state)s.", state=rules.state_name(directed.state).lower()), "success")
    return redirect(url_for("directed.show", public_id=directed.public_id), 303)


def _form(directed: Directed) -> ActForm:
    """Filled with what is decided, so that a change begins from it."""
    giver = next((one for one in queries.givers(directed) if one.person_id == directed.given_by_id), None)
    start = directed.starts_on or clock.today()
    form = ActForm(
        formdata=None, version=directed.version, given_by=giver.public_id if giver else "", starts_on=start,
        ends_on=directed.ends_on,
    )  # fmt: skip
    return _offered(form, directed)


def _offered(form: ActForm, directed: Directed) -> ActForm:
    named = [(one.public_id, _named(one, directed)) for one in queries.givers(directed)]
    form.given_by.choices = choices([("", _("Välj")), *named])
    return form


def _named(mandate: Mandate, directed: Directed) -> str:
    where = "" if mandate.unit_id == directed.receiver_id else f", {mandate.unit.name}"
    return f"{mandate.person.name} ({mandate.role_name}{where})"


def _page(directed: Directed, form: ActForm, tried: str = "") -> str:
    side = queries.side(directed, g.mandate)
    if policy.may(g.mandate, Action.PREPARE, directed):
        side = f"{side} above" if "above" not in side else side
    possible = rules.possible(directed.state, side=side)
    if not policy.may(g.mandate, Action.ANSWER, directed) and "above" in side:
        possible = [one for one in possible if one == "tell"]  # whoever gives it tells what it gave, and decides nothing
    if directed.starts_on is None or directed.starts_on > clock.today():
        possible = [one for one in possible if one != "tell"]
    if directed.receiver.parent is None or directed.receiver.parent.level not in ("area", "administration"):
        possible = [one for one in possible if one != "pass_on"]
    return render_template(
        "support/directed_show.html", directed=directed, form=form, acts=possible, tried=tried, steps=queries.steps(directed),
        state=rules.state_name(directed.state),
        chain_turn={"offered": "unit"}.get(directed.state, directed.receiver.level if directed.state in rules.WAITING else None),
    )  # fmt: skip
