"""The receiver's desk, the figures of every node, and what is done with what was handed up."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import out, slots
from chain.base.db import db
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.followup.models import Submission
from chain.goal import measured
from chain.goal.models import Goal
from chain.organisation import queries as organisation
from chain.organisation.models import Unit
from chain.result import queries as result
from chain.result import similar_actions, similar_queries
from chain.rollup import actions, desk, gallery, goals, queries, series, tables
from chain.rollup import comparison as comparing
from chain.rollup.rules import Key, Part
from forms.base import choices
from forms.rollup import AcceptForm, ReasonForm, Similar

LATEST = 6  # rounds to choose from

bp = Blueprint("rollup", __name__, url_prefix="/rollup")


@bp.get("/")
@bp.get("/<public_id>")
@allow(Action.READ, "rollup")
def overview(public_id: str = "") -> Any:
    """The desk in a round: the one that is open now, or another."""
    round = guard.fetch(Round, public_id) if public_id else cycle.current(g.mandate.path)
    if round is None:
        return render_template("rollup/none.html")
    found = desk.desk(g.mandate, round)
    if form := out.wanted():
        return out.file(tables.standing(found, g.mandate.unit), form, _("inlämningsläge"), g.mandate.unit.name, *_named(round))
    rounds = cycle.opened(round.path, LATEST)
    return render_template(
        "rollup/overview.html", desk=found, round=round, rounds=rounds, unit=g.mandate.unit,
        releases=policy.may_somewhere(g.mandate, Action.PREPARE, "release"),
        figures=bool(found.node and queries.sums(found.node.level)),
        chain_turn=found.turn[0] or None, chain_turn_text=found.turn[1],
    )  # fmt: skip


@bp.get("/<public_id>/<unit_id>")
@allow(Action.READ, Round)
def figures(round: Round, unit_id: str) -> Any:
    """A node's figures in a round, with their coverage, and the way down to its children."""
    node = _node(round, unit_id)
    covered = queries.coverage(node.unit_id, round.id)
    if form := out.wanted():
        return out.file(tables.figures(g.mandate, round, node, covered), form, _("siffror"), node.name, *_named(round))
    return render_template(
        "rollup/figures.html", round=round, node=node, unit_id=unit_id, whole=covered.get(("", ""), Part()),
        blocks=queries.blocks(g.mandate, round, node, covered), children=queries.children(round, node),
        above=_above(node), before=cycle.year_before(round), chain_here=node.level,
        base=url_for("rollup.figure", public_id=round.public_id, unit_id=unit_id),
    )  # fmt: skip


@bp.get("/<public_id>/<unit_id>/figure")
@allow(Action.READ, Round)
def figure(round: Round, unit_id: str) -> Any:
    """One figure, and what each child's part in it is."""
    node, key = _node(round, unit_id), Key(*(request.args.get(name, "") for name in Key._fields))
    found = queries.breakdown(round, node, key)
    if found is None:
        raise NotFound
    if form := out.wanted():
        return out.file(tables.per_child(round, node, found), form, found.title, node.name, *_named(round))
    shown = gallery.of_figure(g.mandate, round, node, key)
    return render_template(
        "rollup/figure.html", round=round, node=node, unit_id=unit_id, figure=found, shown=shown, chain_here=node.level
    )


@bp.get("/<public_id>/<unit_id>/pictures")
@allow(Action.READ, Round)
def pictures(round: Round, unit_id: str) -> str:
    """A node's figures as pictures: what stands out among the units under it, and a year group's figures through the years."""
    node = _node(round, unit_id)
    known = series.Known(round)
    groups = series.groups(known, round, node)
    asked = (request.args.get("school_form", ""), request.args.get("year_group", ""))
    chosen = asked if asked in groups else None
    above = not queries.collects(node.level)
    if not above and chosen is None:
        chosen = next(iter(groups), None)
    return render_template(
        "rollup/pictures.html", round=round, node=node, unit_id=unit_id, groups=groups, chosen=chosen, chain_here=node.level,
        told=gallery.stands_out(g.mandate, round, node, known, chosen) if above and groups else None,
        shown=gallery.of_group(g.mandate, round, node, known, *chosen) if chosen else [],
        base=url_for("rollup.pictures", public_id=round.public_id, unit_id=unit_id),
    )  # fmt: skip


# Beside the country and others, as published


@bp.get("/comparison")
@allow(Action.READ, "published")
def comparison() -> Any:
    """One's own municipality beside the country and those that it has chosen: everything that is published of it."""
    found = comparing.beside(organisation.municipality_of(g.mandate))
    organiser = request.args.get("organiser", "")
    if form := out.wanted():
        return out.file(comparing.table(found, organiser), form, _("jämförelse"), found.root.name)
    groups = comparing.groups(found, organiser)
    return render_template(
        "rollup/comparison.html", found=found, groups=groups, organiser=organiser, whose=result.whose,
        signs=comparing.signs(row.cells for each in groups for row in each.rows), name=similar_queries.name,
        keeps=policy.may_somewhere(g.mandate, Action.KEEP, "similar"), chain_here=g.mandate.unit.level,
        reads_in=policy.may_somewhere(g.mandate, Action.KEEP, "intake"),
    )  # fmt: skip


@bp.get("/compared")
@allow(Action.READ, "published")
def compared() -> Any:
    """One published figure of each place, with its picture and its earlier years."""
    found = comparing.beside(organisation.municipality_of(g.mandate))
    measure = comparing.asked(found, *(request.args.get(name, "") for name in comparing.Measure._fields))
    if measure is None:
        raise NotFound
    shown = comparing.picture(found, measure)
    return render_template(
        "rollup/compared.html", found=found, shown=shown, label=comparing.label(measure), measure=measure,
        signs=comparing.signs(shown.twin.rows), chain_here=g.mandate.unit.level,
    )  # fmt: skip


@bp.route("/similar", methods=["GET", "POST"])
@allow(Action.KEEP, "similar")
def similar() -> Any:
    """The municipalities that are chosen, each with its reason; choose another, or another reason."""
    root, form = organisation.municipality_of(g.mandate), Similar()
    form.code.choices = choices(similar_queries.to_choose(root))
    if form.validate_on_submit():
        try:
            similar_actions.choose(root, form.code.data or "", reason=form.reason.data or "", by=g.mandate)
        except RuleBroken as no:
            for field, sentence in no.problems.items():
                form[field].errors = [sentence]
        else:
            flash(_("%(name)s står nu bredvid er.", name=similar_queries.name(str(form.code.data))), "success")
            return redirect(url_for("rollup.similar"), 303)
    chosen = similar_queries.chosen(root)
    page = render_template(
        "rollup/similar.html", form=form, chosen=chosen, root=root, name=similar_queries.name, chain_here=g.mandate.unit.level
    )
    return page, 422 if form.errors else 200


@bp.post("/similar/drop")
@allow(Action.KEEP, "similar")
def drop_similar() -> Any:
    code = request.form.get("code", "")
    similar_actions.drop(organisation.municipality_of(g.mandate), code, by=g.mandate)
    flash(_("%(name)s står inte längre bredvid er.", name=similar_queries.name(code)), "success")
    return redirect(url_for("rollup.similar"), 303)


def _named(round: Round) -> tuple[str, str]:
    return round.title, round.year.label


def _node(round: Round, unit_id: str) -> RoundNode:
    node = queries.readable(g.mandate, round, unit_id)
    if node is None:
        raise NotFound
    return node


def _above(node: RoundNode) -> tuple[str, str] | None:
    """The node above, where the mandate may read its figures: name and address."""
    above = cycle.parent(node) if node.unit_id != g.mandate.unit_id else None
    if above is None:
        return None
    unit = db.session.scalar(select(Unit.public_id).where(Unit.id == above.unit_id))
    return above.name, url_for("rollup.figures", public_id=node.round.public_id, unit_id=unit)


@bp.post("/submission/<public_id>/accept")
@allow(Action.RECEIVE, Submission)
def accept(submission: Submission) -> Any:
    form = AcceptForm()
    form.validate_on_submit()
    actions.accept(submission, by=g.mandate)
    flash(_("%(unit)s: mottagen. Siffrorna ingår nu i sammanställningen.", unit=submission.unit.name), "success")
    return _back_to_desk(submission)


@bp.post("/submission/<public_id>/send-back")
@allow(Action.RECEIVE, Submission)
def send_back(submission: Submission) -> Any:
    return _with_reason(submission, actions.send_back, _("%(unit)s: skickad tillbaka.", unit=submission.unit.name))


@bp.post("/submission/<public_id>/reopen")
@allow(Action.RECEIVE, Submission)
def reopen(submission: Submission) -> Any:
    return _with_reason(submission, actions.reopen, _("%(unit)s: öppnad igen.", unit=submission.unit.name))


def _with_reason(submission: Submission, act: Any, done: str) -> Any:
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            act(submission, reason=form.reason.data or "", by=g.mandate)
        except RuleBroken as refused:
            if "reason" not in refused.problems:
                raise
            form.reason.errors = [refused.problems["reason"]]
        else:
            flash(done, "success")
            return _back_to_desk(submission)
    page = render_template(
        "rollup/reason.html", form=form, submission=submission, verb=act.__name__, address=request.path, round=submission.round
    )
    return page, 422


def _back_to_desk(submission: Submission) -> Any:
    return redirect(url_for("rollup.overview", public_id=submission.round.public_id), 303)


@slots.fill("submission.page", "rollup")
def receive(submission: Submission, **facts: Any) -> str:
    """On a submission's page, for whoever is to receive it: accept, send back, open again."""
    if not policy.may(g.mandate, Action.RECEIVE, submission):
        return ""
    return render_template(
        "rollup/_receive.html", submission=submission, accept=AcceptForm(), reason=ReasonForm(),
        figures=queries.sums(submission.level),
    )  # fmt: skip


@slots.fill("goal.page", "rollup")
def figure_of_a_goal(goal: Goal, **facts: Any) -> str:
    """On a goal's page: the figure that it is seen by, for those who read figures; the others are told where it stands."""
    measure = measured.target(goal)
    if measure is None:
        return ""
    reads = policy.may_somewhere(g.mandate, Action.READ, "rollup")
    return render_template(
        "rollup/_goal.html", goal=goal, measure=measure, reads=reads, told=goals.told(goal, g.mandate) if reads else [],
        reports=policy.may_somewhere(g.mandate, Action.READ, "report"),
    )  # fmt: skip
