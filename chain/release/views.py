"""What leaves the administration: prepared by one, looked through and approved by another."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import out
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.release import actions, queries, rules, tables
from chain.release.models import Release
from chain.rollup import queries as rollup
from forms.release import ConfirmForm, RefuseForm

bp = Blueprint("release", __name__, url_prefix="/release")


@bp.get("/")
@allow(Action.READ, "release")
def archive() -> str:
    round = cycle.current(g.mandate.path)
    prepares = round is not None and policy.may_somewhere(g.mandate, Action.PREPARE, "release")
    return render_template("release/archive.html", releases=queries.archive(g.mandate), round=round if prepares else None)


@bp.get("/prepare")
@bp.post("/prepare")
@allow(Action.PREPARE, "release")
def prepare() -> Any:
    """How it would look if it was frozen now: what is shown, what is withheld and why."""
    form, round = ConfirmForm(), _round()
    if form.validate_on_submit():
        release = actions.prepare(round, by=g.mandate)
        flash(
            _("Utgåva %(number)s är förberedd. Nu behöver skolchefen granska och godkänna den.", number=release.number),
            "success",
        )
        return redirect(url_for("release.show", public_id=release.public_id), 303)
    administration = queries.node(round, g.mandate)
    if administration is None:
        raise NotFound
    exact, covered = queries.exact(round, administration)
    forms = queries.read(rules.protect(exact), rollup.words(round.year_id))
    return render_template(
        "release/prepare.html", round=round, covered=covered, school_forms=forms, withheld=queries.withheld(forms), form=form,
        approved=queries.approved(round), approves=policy.may_somewhere(g.mandate, Action.APPROVE, "release"),
    )  # fmt: skip


def _round() -> Round:
    """The round named in the address, else the one that is open now."""
    named = request.values.get("round", "")
    found = guard.fetch(Round, named) if named else cycle.current(g.mandate.path)
    if found is None or not found.opened_at:
        raise NotFound
    return found


@bp.get("/<public_id>")
@allow(Action.READ, Release)
def show(release: Release) -> Any:
    if form := out.wanted():
        if not queries.shows_figures(g.mandate, release, queries.replaced_by(release)):
            raise NotFound
        named = _("utgåva"), str(release.number), release.round.title, release.round.year.label
        return out.file(tables.released(release), form, *named)
    return _page(release, RefuseForm())


@bp.post("/<public_id>/approve")
@allow(Action.READ, Release)
def approve(release: Release) -> Any:
    if release.state == "approved" and release.decided_by_id == g.mandate.person_id:  # the button was pressed twice
        return redirect(url_for("release.show", public_id=release.public_id), 303)
    guard.require(Action.APPROVE, release, g.mandate)
    actions.approve(release, by=g.mandate)
    flash(_("Utgåva %(number)s är godkänd. Nämndens sida kan göras av den.", number=release.number), "success")
    return redirect(url_for("release.show", public_id=release.public_id), 303)


@bp.post("/<public_id>/refuse")
@allow(Action.APPROVE, Release)
def refuse(release: Release) -> Any:
    form = RefuseForm()
    if form.validate_on_submit():
        try:
            actions.refuse(release, reason=form.reason.data or "", by=g.mandate)
        except RuleBroken as refused:
            if "reason" not in refused.problems:
                raise
            form.reason.errors = [refused.problems["reason"]]
        else:
            flash(_("Utgåva %(number)s är inte godkänd. Skälet står på den.", number=release.number), "success")
            return redirect(url_for("release.show", public_id=release.public_id), 303)
    return _page(release, form), 422


def _page(release: Release, form: RefuseForm) -> str:
    forms, newer = queries.figures(release), queries.replaced_by(release)
    may = policy.may(g.mandate, Action.APPROVE, release)
    return render_template(
        "release/show.html", release=release, school_forms=forms, withheld=queries.withheld(forms), form=form,
        newer=newer, shows=queries.shows_figures(g.mandate, release, newer), decides=may,
        approves=may and release.prepared_by_id != g.mandate.person_id, confirm=ConfirmForm(),
        chain_turn="administration" if release.state == "prepared" else None,
    )  # fmt: skip
