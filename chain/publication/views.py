"""For those whose committee it is: what is public, making a page public, withdrawing it; and what readers have told."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow, everyone, fetch
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _, day
from chain.base.slots import fill
from chain.document import queries as documents
from chain.document.models import Document
from chain.matter.models import Decision
from chain.publication import actions, queries, rules
from chain.publication.models import Publication, Remark
from chain.release import queries as release
from chain.report import queries as reports
from chain.report.models import Report
from forms import publication as forms
from forms.base import SelectChoice, choices

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
    form.decision.choices = _by(decided, _("Inget beslut behövs: sidan är en allmän handling"))
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
    page = reports.page(report.round, report.submission, report.release, seen=report.editions[-1].seen)
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


def _by(decided: Sequence[Decision], none: str) -> list[SelectChoice]:
    """The decisions to choose among by which something is made public."""
    return choices([("", none), *((one.public_id, f"{one.paragraph}, {day(one.decided_on)}") for one in decided)])


@bp.route("/publish/document/<public_id>", methods=["GET", "POST"])
@allow(Action.RECORD, "publication")
def publish_document(public_id: str) -> Any:
    """A document as everybody would read it, what to look for in it, and the button that makes it public."""
    document = fetch(Document, public_id, options=documents.WHOLE)
    form, decided = forms.PublishDocument(), queries.decisions_on(document)
    form.decision.choices = _by(decided, _("Inget beslut behövs: dokumentet är en allmän handling"))
    if form.validate_on_submit():
        try:
            chosen = next((one for one in decided if one.public_id == form.decision.data), None)
            made = actions.publish_document(document, read_through=bool(form.read_through.data), decision=chosen, by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Dokumentet är offentligt. Vem som helst kan läsa det utan att logga in."), "success")
            return redirect(url_for("public.show", public_id=made.public_id), 303)
    said = document.frozen
    assert said, "whoever makes it public reads what has been handed over"
    answer = render_template(
        "publication/publish_document.html", document=document, said=said, form=form, chain_here="committee",
        public=queries.about_document(document), replaced=documents.is_replaced(document), signed=rules.signed(said),
        to_look_at=list(dict.fromkeys(rules.to_look_at(said))), quotes=any(one["quotes"] for one in said["sections"]),
        newer=release.replaced_by(document.release) if document.release else None,
    )  # fmt: skip
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
            flash(_("Det är tillbakadraget. Inom en minut är det borta överallt, och skälet står i dess ställe."), "success")
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


@fill("document.page", "publication")
def beside_document(document: Document) -> str:
    """Whether a document is public, and for the secretary the way there."""
    made = Publication(unit_id=document.committee_id, path=document.committee.path)
    may, public = policy.may(g.mandate, Action.RECORD, made), queries.about_document(document)
    return render_template("publication/_beside_document.html", document=document, public=public, may=may)
