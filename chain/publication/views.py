"""For those whose committee it is: what is public, making a page public, withdrawing it; and what readers have told."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow, everyone, fetch
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _, day
from chain.base.slots import fill
from chain.publication import actions, queries, rules
from chain.publication.models import Publication, Remark
from chain.report import queries as reports
from chain.report.models import Report
from forms import publication as forms
from forms.base import choices

bp = Blueprint("publication", __name__, url_prefix="/publication")


@bp.get("/")
@allow(Action.READ, "publication")
def archive() -> str:
    return render_template(
        "publication/archive.html", publications=queries.archive(g.mandate), chain_here="committee",
        may_withdraw=policy.may_somewhere(g.mandate, Action.RECORD, "publication"),
    )  # fmt: skip


@bp.route("/publish/<public_id>", methods=["GET", "POST"])
@allow(Action.RECORD, "publication")
def publish(public_id: str) -> Any:
    """The page as everybody would read it, and the button that makes it public."""
    report = fetch(Report, public_id, options=reports.WHOLE)
    form, decided = forms.Publish(), queries.decisions(report)
    named = [(one.public_id, f"{one.paragraph}, {day(one.decided_on)}") for one in decided]
    form.decision.choices = choices([("", _("Inget beslut behövs: sidan är en allmän handling")), *named])
    if form.validate_on_submit():
        try:
            chosen = next((one for one in decided if one.public_id == form.decision.data), None)
            read, through = form.read.data or "", bool(form.read_through.data)
            made = actions.publish(report, read_through=through, decision=chosen, read=read, by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Sidan är offentlig. Vem som helst kan läsa den utan att logga in."), "success")
            return redirect(url_for("public.show", public_id=made.public_id), 303)
    page = reports.page(report.round, report.submission, report.release)
    if form.read.data != queries.read(page.decisions):
        form.read.data, form.read_through.data = queries.read(page.decisions), False
    answer = render_template(
        "publication/publish.html",
        report=report,
        page=page,
        form=form,
        public=queries.about(report),
        chain_here="committee",
    )
    return answer, 422 if form.errors else 200


@bp.route("/<public_id>/withdraw", methods=["GET", "POST"])
@allow(Action.RECORD, Publication, options=queries.WHOLE)
def withdraw(publication: Publication) -> Any:
    form = forms.Withdraw()
    if form.validate_on_submit():
        try:
            actions.withdraw(publication, reason=form.reason.data or "", by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Sidan är tillbakadragen. Inom en minut är den borta överallt, och skälet står i dess ställe."), "success")
            return redirect(url_for("publication.archive"), 303)
    answer = render_template("publication/withdraw.html", publication=publication, form=form, chain_here="committee")
    return answer, 422 if form.errors else 200


@bp.route("/remark", methods=["GET", "POST"])
@everyone
def remark() -> Any:
    """Anybody may tell of a page that they could not use."""
    form, municipalities = forms.Tell(), queries.municipalities()
    several = [("", _("Välj"))] if len(municipalities) > 1 else []
    form.municipality.choices = choices([*several, *((one.public_id, one.name) for one in municipalities)])
    if form.validate_on_submit():
        try:
            chosen = rules.chosen([one for one in municipalities if one.public_id == form.municipality.data])
            actions.remark(chosen, form.text.data or "", form.contact.data or "", by=None)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Tack. Kommunens systemförvaltare har fått det du skrev."), "success")
            return redirect(url_for("pages.accessibility"), 303)
    return render_template("publication/remark.html", form=form, several=bool(several)), 422 if form.errors else 200


@bp.get("/remarks")
@allow(Action.READ, "remark")
def remarks() -> str:
    return render_template("publication/remarks.html", remarks=queries.remarks(g.mandate), form=forms.SeeTo())


@bp.post("/remarks/<public_id>/see-to")
@allow(Action.KEEP, Remark)
def see_to(remark: Remark) -> Response:
    actions.see_to(remark, by=g.mandate)
    return redirect(url_for("publication.remarks"), 303)


@fill("report.page", "publication")
def beside(report: Report) -> str:
    """Whether the report is public, and for the secretary the way there."""
    made = Publication(unit_id=report.unit_id, path=report.path)
    return render_template(
        "publication/_beside.html", report=report, public=queries.about(report), may=policy.may(g.mandate, Action.RECORD, made)
    )
