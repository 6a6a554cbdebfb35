"""The pages of governing documents: all that hold, and one with its versions, who was asked and what it governs."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import clock, files
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.goal import document_actions as actions
from chain.goal import document_queries as queries
from chain.goal import document_rules as rules
from chain.goal import file_queries, reference_views, tabs
from chain.goal.document_models import GoverningDocument, GoverningVersion
from forms.attach import AttachForm
from forms.base import choices, posted
from forms.goal import ActDocument, Adopt, DocumentWords, Refer

bp = Blueprint("governing", __name__, url_prefix="/goal")


@bp.get("/documents")
@allow(Action.READ, "governing")
def archive() -> str:
    """Those that hold, by level; with `closed`, those that no longer do. A head also finds here what waits for an answer."""
    closed = bool(request.args.get("closed"))
    asked = policy.may_somewhere(g.mandate, Action.READ, "consultation")
    return render_template(
        "goal/documents.html", lines=queries.documents(g.mandate, closed=closed), closed=closed, tabs=tabs.shown(),
        asked=queries.received(g.mandate) if asked else [], may_begin=bool(queries.nodes(g.mandate)), kind=rules.kind_name,
        today=clock.today(), in_force=_in_force,
    )  # fmt: skip


def _in_force(version: GoverningVersion | None) -> bool:
    if version is None:
        return False
    return rules.in_force(version.state, version.in_force_from, version.in_force_to, clock.today())


# One


@bp.get("/document/<public_id>")
@allow(Action.READ, GoverningDocument, options=queries.WHOLE)
def show(document: GoverningDocument) -> str:
    return page(document)


def page(
    document: GoverningDocument, form: ActDocument | None = None, refer_form: Refer | None = None,
    attach: AttachForm | None = None,
) -> str:  # fmt: skip
    """What holds first; what is being written, and who was asked, for those who write there alone."""
    writes = queries.writes(g.mandate, document)
    begun = queries.begun(document) if writes else None
    holds = queries.current(document)
    shown = holds or begun
    file_queries.load(document)
    form, refer_form = form or ActDocument(formdata=None), refer_form or Refer(formdata=None)
    reference_views.offer(refer_form, document)
    return render_template(
        "goal/document.html", document=document, holds=holds, begun=begun, shown=shown, form=form,
        versions=queries.shown(g.mandate, document), attach_form=attach or AttachForm(formdata=None),
        most=files.MOST, largest=files.LARGEST // 1024 // 1024,
        acts=_acts(document, begun or holds), consultations=queries.consultations(document) if writes else [],
        references=queries.referring(document), refer_form=refer_form, may_refer=writes and document.state == "adopted",
        kind=rules.kind_name(document.kind), state_name=rules.state_name, question_name=_question_name(document),
        in_force=_in_force(holds), chain_here=document.unit.level,
    )  # fmt: skip


def _acts(document: GoverningDocument, version: GoverningVersion | None) -> list[str]:
    """What this person can do now with the version that is being written, or with the one that holds."""
    if version is None:
        return []
    found = rules.possible(version.state, queries.facts(version), level=document.unit.level, role=g.mandate.role)
    wants = {"adopt": Action.SUBMIT, "withdraw": Action.KEEP}
    return [one for one in found if policy.may(g.mandate, wants.get(one, Action.WRITE), document)]


def _question_name(document: GoverningDocument) -> Any:
    """A level's question in words: as the newest year asks it."""
    known = reference_views.questions(document)
    return lambda one: known.get((one.level, one.question), one.question)


# Written


@bp.route("/documents/begin", methods=["GET", "POST"])
@allow(Action.WRITE, "governing")
def begin() -> Any:
    nodes = {one.public_id: one for one in queries.nodes(g.mandate)}
    if not nodes:
        raise NotFound
    form = DocumentWords()
    form.at.choices = choices((one.public_id, one.name) for one in nodes.values())
    if form.validate_on_submit():
        unit = nodes.get(str(form.at.data)) or next(iter(nodes.values()))
        try:
            made = actions.begin(
                unit, kind=str(form.kind.data), title=str(form.title.data), text=str(form.text.data or ""),
                link=str(form.link.data or ""), by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Utkastet är sparat. Ingen annan ser det förrän ni frågar någon eller det antas."), "success")
            return _back(made)
    return _form(form, None, len(nodes) > 1)


@bp.route("/document/<public_id>/write", methods=["GET", "POST"])
@allow(Action.WRITE, GoverningDocument, options=queries.WHOLE)
def write(document: GoverningDocument) -> Any:
    version = queries.draft(document)
    first = {
        "title": document.title, "kind": document.kind, "text": version.text, "link": version.link, "changes": version.changes,
        "version": str(version.version),
    }  # fmt: skip
    form = DocumentWords(request.form if request.method == "POST" else None, data=first)
    form.at.choices = []
    if form.validate_on_submit():
        try:
            actions.write(
                version, kind=str(form.kind.data), title=str(form.title.data), text=str(form.text.data or ""),
                link=str(form.link.data or ""), changes=str(form.changes.data or ""), edition=posted(form.version.data),
                by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Utkastet är sparat."), "success")
            return _back(document)
    return _form(form, document, False)


def _form(form: DocumentWords, document: GoverningDocument | None, several: bool) -> Any:
    answer = render_template("goal/write_document.html", form=form, document=document, several=several)
    return answer, 422 if form.errors or form.form_errors else 200


# Decided, thrown away, withdrawn


@bp.post("/document/<public_id>/act")
@allow(Action.WRITE, GoverningDocument, options=queries.WHOLE)
def act(document: GoverningDocument) -> Any:
    """End a consultation, begin the next version, or throw a draft away."""
    form = ActDocument()
    begun, holds = queries.begun(document), queries.current(document)
    gone = False
    try:
        match form.act.data, begun or holds:
            case "close", GoverningVersion() as version:
                actions.close(version, by=g.mandate)
            case "renew", GoverningVersion() as version:
                actions.renew(version, by=g.mandate)
            case "discard", GoverningVersion() as version:
                gone = len(document.versions) == 1
                actions.discard(version, by=g.mandate)
            case _:
                raise RuleBroken(_("Välj vad som ska göras med dokumentet."))
    except RuleBroken as no:
        form.form_errors.append(no.sentence)
        return page(document, form), 422
    if gone:
        flash(_("Utkastet är slängt."), "success")
        return redirect(url_for("governing.archive"), 303)
    flash(_("Sparat."), "success")
    return _back(document)


@bp.route("/document/<public_id>/adopt", methods=["GET", "POST"])
@allow(Action.SUBMIT, GoverningDocument, options=queries.WHOLE)
def adopt(document: GoverningDocument) -> Any:
    version = queries.begun(document)
    if version is None:
        raise RuleBroken(_("Det finns ingen ny version att anta."))
    form = Adopt(request.form if request.method == "POST" else None, data=_first(document))
    if form.validate_on_submit():
        try:
            actions.adopt(
                version, adopted_by=str(form.adopted_by.data), registration_number=str(form.registration_number.data or ""),
                adopted_on=form.adopted_on.data, in_force_from=form.in_force_from.data, in_force_to=form.in_force_to.data,
                by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Dokumentet är antaget. Alla under läser det nu."), "success")
            return _back(document)
    page = render_template("goal/adopt_document.html", form=form, document=document, version=version)
    return page, 422 if form.errors or form.form_errors else 200


def _first(document: GoverningDocument) -> dict[str, Any]:
    today = clock.today()
    return {"adopted_by": document.unit.name, "adopted_on": today, "in_force_from": today}


@bp.post("/document/<public_id>/withdraw")
@allow(Action.KEEP, GoverningDocument, options=queries.WHOLE)
def withdraw(document: GoverningDocument) -> Any:
    form = ActDocument()
    try:
        actions.withdraw(document, str(form.reason.data or ""), by=g.mandate)
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
        return page(document, form), 422
    flash(_("Dokumentet är upphävt."), "success")
    return _back(document)


# What it governs


@bp.post("/document/<public_id>/refer")
@allow(Action.WRITE, GoverningDocument, options=queries.WHOLE)
def refer(document: GoverningDocument) -> Any:
    """One more thing that it governs; with `remove`, one less."""
    form = Refer()
    try:
        if gone := posted(request.form.get("remove")):
            reference = next((one for one in queries.referring(document) if one.id == gone), None)
            if reference is None:
                raise RuleBroken(_("Hänvisningen finns inte längre."))
            actions.unrefer(reference, by=g.mandate)
        else:
            reference_views.refer(document, str(form.what.data or ""))
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
        return page(document, refer_form=form), 422
    flash(_("Sparat."), "success")
    return _back(document)


def _back(document: GoverningDocument) -> Response:
    return redirect(url_for("governing.show", public_id=document.public_id), 303)
