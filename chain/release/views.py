"""What leaves the administration: prepared by one, looked through and approved by another."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, stream_with_context, url_for

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import clock, out
from chain.base.db import db
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.base.tables import explained
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.organisation.models import Mandate
from chain.release import actions, making, profiles, queries, rules, tables, units
from chain.release.models import Release, ReleaseProfile
from chain.rollup import queries as rollup
from chain.rollup.rules import Key
from forms.base import choices
from forms.release import ConfirmForm, ProfileForm, RefuseForm

bp = Blueprint("release", __name__, url_prefix="/release")


@bp.get("/")
@allow(Action.READ, "release")
def archive() -> str:
    round = cycle.current(g.mandate.path)
    prepares = round is not None and policy.may_somewhere(g.mandate, Action.PREPARE, "release")
    return render_template(
        "release/archive.html", releases=queries.archive(g.mandate), round=round if prepares else None,
        reads_profile=policy.may_somewhere(g.mandate, Action.READ, "profile"),
    )  # fmt: skip


@bp.get("/prepare")
@bp.post("/prepare")
@allow(Action.PREPARE, "release")
def prepare() -> Any:
    """How it would look if it was frozen now: what is shown, what is withheld and why. In a large city that takes a while: it is
    shown when it has been frozen, by a page that waits for it."""
    form, round = ConfirmForm(), _round()
    administration = queries.node(round, g.mandate)
    if form.validate_on_submit():
        if administration is not None and making.is_long(round):
            return _waiting(round)
        release = actions.prepare(round, by=g.mandate, made=_made(round, administration))
        flash(
            _("Utgåva %(number)s är förberedd. Nu behöver skolchefen granska och godkänna den.", number=release.number),
            "success",
        )
        return redirect(url_for("release.show", public_id=release.public_id), 303)
    if administration is None:
        raise NotFound
    long = making.is_long(round)
    asked = making.asked(round, administration)
    made = None if long else making.made(asked)
    words = rollup.words(round.year_id)
    mine = [line.figure for line in made.lines if line.unit_id == administration.unit_id] if made else []
    return render_template(
        "release/prepare.html", round=round, covered=asked.covered, school_forms=queries.read(mine, words), long=long,
        something=bool(asked.inputs), summary=units.of_made(made, words) if made else None, held=len(asked.held), form=form,
        profile=asked.profile, approved=queries.approved(round),
        approves=policy.may_somewhere(g.mandate, Action.APPROVE, "release"),
    )  # fmt: skip


HERE = "<!-- steps -->"  # in the template: where what happens is told


def _waiting(round: Round) -> Response:
    """A page that is sent while a large city's figures are protected, and leads on when they are frozen. No script is needed."""
    start, _here, end = render_template("release/waiting.html", round=round).partition(HERE)
    answer = Response(stream_with_context(_steps(start, round.public_id, g.mandate.id, end)))
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy that would hold it back until it is whole
    return answer


def _steps(start: str, public_id: str, mandate_id: int, end: str) -> Iterator[str]:
    yield start + _step(_("Enheternas siffror läses."))
    mandate = g.mandate = db.session.get_one(Mandate, mandate_id)  # the session that it came with ended as the page began
    round = guard.fetch(Round, public_id)
    administration = queries.node(round, mandate)
    try:
        if administration is None:
            raise NotFound
        asked = making.asked(round, administration)
        yield _step(_("Siffror från %(units)s enheter skyddas. I en stor kommun tar det några minuter.", units=len(asked.inputs)))
        made = making.made(asked)
        yield _step(_("%(num)s tal är prövade. Utgåvan fryses.", num=len(made.lines)))
        release = actions.prepare(round, by=mandate, made=made)
        yield _step(_("Utgåvan är förberedd."), url_for("release.show", public_id=release.public_id))
    except RuleBroken as no:
        yield _step(no.sentence, refused=True)
    yield end


def _step(said: str, address: str = "", refused: bool = False) -> str:
    part = current_app.jinja_env.get_template("release/_step.html")
    return part.render(said=said, address=address, refused=refused)


def _made(round: Round, administration: RoundNode | None) -> making.Made | None:
    """Protected before anything is locked."""
    return making.made(making.asked(round, administration)) if administration is not None else None


@bp.route("/profile", methods=["GET", "POST"])
@allow(Action.READ, "profile")
def profile() -> Any:
    """By which thresholds releases are protected; the director keeps them."""
    now, unit = making.profile(g.mandate.unit_id), g.mandate.unit
    keeps = policy.may(g.mandate, Action.KEEP, ReleaseProfile(unit_id=unit.id, path=unit.path))
    form = ProfileForm(
        data=asdict(now) | {"use": now.name, "decided_on": None if not now.decided_on else date.fromisoformat(now.decided_on)}
    )
    form.finest.choices = choices((level, cycle.level_name(level)) for level in profiles.FINEST)
    if request.method == "POST":
        guard.require(Action.KEEP, ReleaseProfile(unit_id=unit.id, path=unit.path), g.mandate)
        if form.validate_on_submit() and (chosen := _chosen(form)) is not None:
            actions.keep_profile(unit, chosen, by=g.mandate)
            flash(_("Gränsvärdena är sparade. De gäller från nästa utgåva."), "success")
            return redirect(url_for("release.profile"), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("release/profile.html", form=form, profile=now, keeps=keeps, bounds=profiles.BOUNDS), status


def _chosen(form: ProfileForm) -> profiles.Profile | None:
    """What the form asks for; None with a sentence at each field that cannot stand."""
    if form.use.data == "skolverket":
        return profiles.SKOLVERKET
    numbers = {name: getattr(form, name).data for name in profiles.BOUNDS}
    words = form.decided_by.data or "", form.decided_on.data, form.reason.data or ""
    try:
        return profiles.check(numbers, form.finest.data or "", *words, clock.today())
    except RuleBroken as no:
        for name, sentence in no.problems.items():
            form[name].errors = [sentence]
        return None


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


@bp.get("/<public_id>/figure")
@allow(Action.READ, Release)
def figure(release: Release) -> Any:
    """One figure of each node, from the release alone."""
    if not queries.shows_figures(g.mandate, release, queries.replaced_by(release)):
        raise NotFound
    key = Key._make(request.args.get(name, "") for name in Key._fields)._replace(category="")
    found = units.beside(release, key)
    if found is None:
        raise NotFound
    if form := out.wanted():
        return out.file(tables.one(release, key), form, _("utgåva"), str(release.number), found.table.title, release.round.title)
    told = units.picture(found, release)
    signs = explained(rules.HIDDEN, rules.ALMOST_ALL, rules.ALMOST_NOBODY)[:-1]
    return render_template(
        "release/figure.html", release=release, found=found, told=told, signs=signs, of_two=rules.OF_TWO[1]
    )  # fmt: skip


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
    own = release.unit_id == g.mandate.unit_id and units.has_nodes(release)
    return render_template(
        "release/show.html", release=release, school_forms=forms, withheld=queries.withheld(forms), form=form,
        newer=newer, shows=queries.shows_figures(g.mandate, release, newer), decides=may,
        approves=may and release.prepared_by_id != g.mandate.person_id, confirm=ConfirmForm(),
        chain_turn="administration" if release.state == "prepared" else None,
        summary=units.of_release(release, rollup.words(release.round.year_id)) if own else None,
        profile=profiles.of(release.profile) if release.profile else None,
    )  # fmt: skip
