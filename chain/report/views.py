"""The committee's page: all of them, one of them, handing one over, and registering receipt."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base import clock, out
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.slots import fill
from chain.base.tables import file_name
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.matter.models import Decision
from chain.release import tables
from chain.release.models import Release
from chain.report import actions, committee_page, press, queries, years
from chain.report.models import Report
from forms.base import posted
from forms.report import Publish, Receive, Seen

bp = Blueprint("report", __name__, url_prefix="/report")


@bp.get("/")
@allow(Action.READ, "report")
def archive() -> str:
    round = cycle.current(g.mandate.path)
    prepares = round is not None and policy.may_somewhere(g.mandate, Action.PREPARE, "report")
    parts = queries.parts(round, g.mandate) if round and prepares else None
    published = queries.of(round) if round and prepares else None
    return render_template(
        "report/archive.html",
        reports=queries.archive(g.mandate),
        parts=parts,
        published=published,
        chain_here="committee",
        published_pages=policy.may_somewhere(g.mandate, Action.READ, "publication"),
    )


@bp.get("/<public_id>")
@allow(Action.READ, Report, options=queries.WHOLE)
def show(report: Report) -> Any:
    if request.args.get("as") == "pdf":
        return _paper(report)
    if form := out.wanted():
        return out.file(tables.released(report.release), form, _("rapport"), report.round.title, report.round.year.label)
    return _show(report, Receive(formdata=None))


@bp.get("/<public_id>/years")
@allow(Action.READ, Report, options=queries.WHOLE)
def through_years(report: Report) -> str:
    """The figures of the same round of each year, as each year's page told them: nothing that no page has told."""
    told = years.reports(report, g.mandate)
    groups, found = years.figures(told)
    asked = (request.args.get("school_form", ""), request.args.get("year_group", ""))
    chosen = asked if asked in groups else years.first(groups, found)
    return render_template(
        "report/through_years.html", report=report, groups=groups, chosen=chosen, chain_here="committee",
        shown=years.pictures(told, found, chosen), base=url_for("report.through_years", public_id=report.public_id),
    )  # fmt: skip


def _paper(report: Report) -> Response:
    page = queries.page(report.round, report.submission, report.release, seen=report.editions[-1].seen)
    answer = Response(press.pdf(committee_page.sheet(report, page)), content_type="application/pdf")
    name = file_name(_("nämndens sida"), report.round.title, report.round.year.label)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return answer


def _show(report: Report, form: Receive) -> str:
    page = queries.page(report.round, report.submission, report.release, seen=report.editions[-1].seen)
    turn, words = _turn(report, page)
    form.edition.data = str(report.editions[-1].number)
    return render_template(
        "report/show.html", report=report, page=page, form=form, may_receive=policy.may(g.mandate, Action.RECORD, report),
        may_decide=policy.may_somewhere(g.mandate, Action.RECORD, "decision"), chain_here="committee",
        chain_turn=turn, chain_turn_text=words, **_opens(page),
    )  # fmt: skip


@bp.get("/<public_id>/seen")
@allow(Action.READ, Report, options=queries.WHOLE)
def seen(report: Report) -> Any:
    """What the committee saw on a day: the page, its figures, what had come of the last one, and the documents, as they were."""
    form, editions = Seen(request.args or None), queries.editions(report)
    asked = form.on.data if request.args and form.validate() else None
    edition = queries.standing(editions, asked) if asked else None
    page = queries.page(report.round, edition.submission, edition.release, asked, seen=edition.seen) if edition else None
    answer = render_template(
        "report/seen.html", report=report, form=form, asked=asked, edition=edition,
        editions=[(one, clock.date_of(one.published_at)) for one in editions], page=page,
        chain_here="committee", **(_opens(page) if page else {}),
    )  # fmt: skip
    return answer, 422 if form.errors else 200


def _opens(page: queries.Page) -> dict[str, Any]:
    """What of the page opens for whoever reads it: the whole chain does, but not all that it rests on."""
    may = policy.may(g.mandate, Action.READ, page.release)
    return {"since": _since(page), "openable": queries.openable(g.mandate, page), "opens_release": may}


def _turn(report: Report, page: queries.Page) -> tuple[str | None, str]:
    if report.state == "published":
        return "committee", _("Nu är det nämndens tur: sekreteraren registrerar att sidan har kommit.")
    if not page.decisions:
        return "committee", _("Nu är det nämndens tur: besluta och återkoppla.")
    return None, ""


def _since(page: queries.Page) -> list[str]:
    """What was said about the last report, and about what was decided then: public ids."""
    return [page.before.public_id, *(one.public_id for one in page.since)] if page.before else []


@bp.route("/publish/<public_id>", methods=["GET", "POST"])
@allow(Action.PREPARE, "report")
def publish(public_id: str) -> Any:
    """The page as the committee would get it, and the button that hands it over."""
    round = fetch(Round, public_id, options=(joinedload(Round.year),))
    form = Publish()
    if form.validate_on_submit():
        try:
            made = actions.publish(round, read=form.read.data or "", by=g.mandate)
        except RuleBroken as no:
            if "read" not in no.problems:
                raise
            form.refuse(no.sentence, {})
        else:
            flash(_("Sidan är överlämnad. Nämndens ledamöter och sekreterare ser den nu."), "success")
            return redirect(url_for("report.show", public_id=made.public_id), 303)
    parts, report = queries.parts(round, g.mandate), queries.of(round)
    form.read.data = parts.read
    whole = (parts.submission, parts.release) if parts.submission and parts.release else None
    page = queries.page(round, *whole, seen=parts.seen) if whole else None
    same = bool(report and (report.submission, report.release) == whole and report.editions[-1].seen == parts.seen)
    answer = render_template(
        "report/publish.html", round=round, parts=parts, page=page, form=form, report=report, same=same,
        chain_here="administration", **(_opens(page) if page else {}),
    )  # fmt: skip
    return answer, 422 if form.form_errors else 200


@bp.post("/<public_id>/receive")
@allow(Action.RECORD, Report, options=queries.WHOLE)
def receive(report: Report) -> Any:
    form = Receive()
    try:
        if form.validate_on_submit():
            read = posted(form.edition.data)
            actions.receive(report, str(form.registration_number.data), edition=read, by=g.mandate)
            flash(_("Mottagandet är registrerat."), "success")
            return _back(report)
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
    return _show(report, form), 422


@fill("release.page", "report")
def built_on(release: Release) -> str:
    report = queries.built_on(g.mandate, release)
    return render_template("report/_built_on.html", release=release, report=report) if report else ""


@fill("decision.page", "report")
def about(decision: Decision) -> str:
    """The page that it was decided about."""
    report = queries.about(g.mandate, decision.round) if decision.round else None
    return render_template("report/_about.html", report=report) if report else ""


def _back(report: Report) -> Response:
    return redirect(url_for("report.show", public_id=report.public_id), 303)
