"""The year's wheel, a round with its dates and its tree, and what the administration decides about a node in it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, day, ngettext
from chain.cycle import actions, queries, rules
from chain.cycle.models import Round, RoundNode, Year
from chain.organisation.models import Unit
from forms.cycle import Dates, Exempt, Extend, Late, OpenYear

bp = Blueprint("cycle", __name__, url_prefix="/cycle")

WHOLE = (joinedload(Round.year).joinedload(Year.committee), selectinload(Round.dues))


def left_words(step: rules.Step) -> str:
    """How long is left, in words."""
    if step.state == "past":
        return str(_("passerat"))
    left = _("i dag är sista dagen") if step.left == 0 else ngettext("%(num)d dag kvar", "%(num)d dagar kvar", step.left)
    return str(_("har turen, %(left)s", left=left) if step.state == "turn" else left)


def turn_of(round: Round) -> dict[str, Any]:
    """Whose turn it is by the calendar, for the chain at the top of the page."""
    step = next((one for one in queries.steps(round, clock.today()) if one.state == "turn"), None)
    if step is None:
        return {}
    words = _("%(level)s har turen, till och med den %(day)s.", level=step.name, day=day(step.due_on, "d MMMM"))
    return {"chain_turn": step.level, "chain_turn_text": words}


@bp.app_context_processor
def words() -> dict[str, Any]:
    """A level's name, also of one that a municipality has added."""
    return {"level_name": queries.level_name}


@bp.get("/")
@allow(Action.READ, "round")
def wheel() -> str:
    committees = queries.committees(g.mandate)
    years = queries.wheel(committees)
    now = next((each for one in committees if (each := queries.current(one.path))), None)
    turn = turn_of(now) if now and len(committees) == 1 else {}
    today = clock.today()
    keeps = {one.id for one in committees if policy.may(g.mandate, Action.KEEP, Year(committee_id=one.id, path=one.path))}
    following = {key: rules.next_label(found[0].label) if found else rules.label_on(today) for key, found in years.items()}
    return render_template(
        "cycle/wheel.html", committees=committees, years=years, today=today, keeps=keeps, following=following,
        steps=queries.steps, left=left_words, current={one.id: queries.current(one.path) for one in committees}, **turn,
    )  # fmt: skip


@bp.post("/year/<public_id>")
@allow(Action.READ, Unit)
def open_year(committee: Unit) -> Any:
    form = OpenYear()
    if not form.validate():
        raise RuleBroken(form.label.errors[0] if form.label.errors else _("Ladda om sidan och försök igen."))
    year = actions.open_year(committee, label=form.label.data or "", by=g.mandate)
    flash(_("Året %(label)s är planerat. Se över datumen i varje uppföljning.", label=year.label), "success")
    return redirect(url_for("cycle.wheel"), 303)


@bp.get("/<public_id>")
@allow(Action.READ, Round, options=WHOLE)
def round(round: Round) -> str:
    return render_template(
        "cycle/round.html", round=round, steps=queries.steps(round, clock.today()), left=left_words,
        nodes=queries.visible_nodes(g.mandate, round), due=queries.due, asked=queries.asked(round),
        levels=queries.answering(), keeps=policy.may(g.mandate, Action.KEEP, round),
        may_open=round.opened_at is None and round.opens_on <= clock.today(), **turn_of(round),
    )  # fmt: skip


@bp.post("/<public_id>/open")
@allow(Action.KEEP, Round, options=WHOLE)
def open_(round: Round) -> Any:
    actions.open_round(round, by=g.mandate)
    flash(_("%(name)s är öppnad. Alla i trädet kan börja.", name=round.title), "success")
    return redirect(url_for("cycle.round", public_id=round.public_id), 303)


@bp.route("/<public_id>/dates", methods=["GET", "POST"])
@allow(Action.KEEP, Round, options=WHOLE)
def dates(round: Round) -> Any:
    known = {one.level: one.due_on for one in round.dues}
    levels = [(one.key, queries.level_name(one.key)) for one in queries.answering() if one.key in known]
    stored = {"version": round.version, "opens_on": round.opens_on, "meets_on": round.meets_on}
    form = Dates.with_levels(levels)(data=stored | {f"due_{key}": due_on for key, due_on in known.items()})
    if form.validate_on_submit():
        try:
            actions.set_dates(
                round,
                opens_on=form.opens_on.data,
                dues={key: form[f"due_{key}"].data for key, _name in levels},
                meets_on=form["meets_on"].data,
                version=int(form.version.data or 0),
                by=g.mandate,
            )
        except RuleBroken as error:
            _show(form, error)
        else:
            flash(_("Datumen är ändrade."), "success")
            return redirect(url_for("cycle.round", public_id=round.public_id), 303)
    return render_template("cycle/dates.html", round=round, form=form, levels=levels), 422 if form.errors else 200


@bp.get("/<public_id>/<unit_id>")
@allow(Action.READ, Round, options=WHOLE)
def node(round: Round, unit_id: str) -> str:
    return _node_page(_node(round, unit_id))


@bp.post("/<public_id>/<unit_id>/exempt")
@allow(Action.KEEP, Round, options=WHOLE)
def exempt(round: Round, unit_id: str) -> Any:
    node, form = _node(round, unit_id), Exempt(prefix="exempt")
    return _decide(node, form, lambda: actions.exempt(node, reason=form.reason.data or "", by=g.mandate))


@bp.post("/<public_id>/<unit_id>/expect")
@allow(Action.KEEP, Round, options=WHOLE)
def expect(round: Round, unit_id: str) -> Any:
    node = _node(round, unit_id)
    actions.expect(node, by=g.mandate)
    return redirect(url_for("cycle.node", public_id=round.public_id, unit_id=unit_id), 303)


@bp.post("/<public_id>/<unit_id>/extend")
@allow(Action.KEEP, Round, options=WHOLE)
def extend(round: Round, unit_id: str) -> Any:
    node, form = _node(round, unit_id), Extend(prefix="extend")
    return _decide(node, form, lambda: actions.extend(node, to=form.to.data or clock.today(), by=g.mandate))


@bp.post("/<public_id>/<unit_id>/late")
@allow(Action.READ, Round, options=WHOLE)
def late(round: Round, unit_id: str) -> Any:
    node, form = _node(round, unit_id), Late(prefix="late")
    guard.require(Action.WRITE, node, g.mandate)
    return _decide(node, form, lambda: actions.explain_late(node, reason=form.reason.data or "", by=g.mandate))


def _node(round: Round, unit_id: str) -> RoundNode:
    """A node of a round by its unit's address, if the mandate may see it."""
    found = db.session.scalars(
        select(RoundNode)
        .join(RoundNode.unit)
        .where(RoundNode.round_id == round.id, Unit.public_id == unit_id)
        .options(joinedload(RoundNode.unit), joinedload(RoundNode.round))
    ).first()
    if found is None or not (policy.may(g.mandate, Action.READ, found) or policy.may(g.mandate, Action.KEEP, round)):
        raise NotFound
    return found


def _decide(node: RoundNode, form: Any, act: Any) -> Any:
    """Do it if the form holds, else show the node's page with what is wrong."""
    if form.validate():
        try:
            act()
        except RuleBroken as error:
            _show(form, error)
        else:
            flash(_("Sparat."), "success")
            return redirect(url_for("cycle.node", public_id=node.round.public_id, unit_id=node.unit.public_id), 303)
    return _node_page(node, form), 422


def _node_page(node: RoundNode, posted: Any = None) -> str:
    forms = {
        "exempt": Exempt(prefix="exempt", formdata=None),
        "extend": Extend(prefix="extend", formdata=None, data={"to": node.extended_to}),
        "late": Late(prefix="late", formdata=None, data={"reason": node.late_reason}),
    }
    for key, form in forms.items():
        if isinstance(posted, type(form)):
            forms[key] = posted
    return render_template(
        "cycle/node.html", node=node, round=node.round, due_on=queries.due(node), today=clock.today(), form=posted, forms=forms,
        above=queries.parent(node), keeps=policy.may(g.mandate, Action.KEEP, node.round), chain_here=node.level,
        may_explain=policy.may(g.mandate, Action.WRITE, node),
    )  # fmt: skip


def _show(form: Any, error: RuleBroken) -> None:
    """A refusal at the fields that it is about, or above the form."""
    named = [(name.replace("-", "_"), sentence) for name, sentence in error.problems.items() if name in form]
    for name, sentence in named:
        form[name].errors = [*form[name].errors, sentence]
    if not named:
        form.form_errors.append(error.sentence)
