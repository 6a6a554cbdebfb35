"""A committee's forms of documents, for those who keep them: headings in order, reworded, added, hidden."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.document import queries, rules, shipped, template_actions
from chain.document.models import DocumentTemplate, TemplateHeading
from chain.organisation.models import Unit
from forms.base import choices, posted
from forms.document import CopyTemplate, HeadingWords, NewHeading, TemplateName

bp = Blueprint("document_template", __name__, url_prefix="/document_template")

WHOLE = (joinedload(DocumentTemplate.unit), selectinload(DocumentTemplate.headings))


def part_name(part: str) -> str:
    """What a heading is about, as one chooses it."""
    names = {
        "proposal": _("Förslag till beslut"), "summary": _("Sammanfattning"), "papers": _("Handlingar"),
        "background": _("Bakgrund: ärendets uppdrag och tidigare beslut"), "results": _("Resultat: siffror ur utgåvan"),
        "analysis": _("Analys ur förvaltningens uppföljning"), "findings": _("Enheternas teman och iakttagelser"),
        "asked": _("Har barn och elever tillfrågats?"),
        "perspective": _("Barns och elevers perspektiv"), "economy": _("Ekonomi"),
        "conclusions": _("Slutsatser: vad förvaltningen gör"), "appendices": _("Bilagor"), "sent_to": _("Skickas till"),
        "signatures": _("Underskrifter"), "text": _("Egen text: systemet hämtar inget"),
    }  # fmt: skip
    return names[part]


@bp.get("/")
@allow(Action.KEEP, "document_template")
def archive() -> str:
    """Every committee that the reader keeps, with its own forms and those that it could make its own."""
    kept = []
    for committee in queries.keeps(g.mandate):
        own = queries.templates(committee)
        known = {one.key for one in own}
        kept.append((committee, own, [one for one in shipped.forms().values() if one.key not in known]))
    return render_template("document/template_archive.html", kept=kept)


@bp.post("/adopt/<public_id>/<key>")
@allow(Action.READ, Unit)
def adopt(committee: Unit, key: str) -> Response:
    made = template_actions.adopt(committee, key, by=g.mandate)
    flash(_("Mallen är nämndens egen nu. Ändra den som ni vill; dokument som redan är påbörjade berörs inte."), "success")
    return _to(made)


@bp.get("/<public_id>")
@allow(Action.KEEP, DocumentTemplate, options=WHOLE)
def show(template: DocumentTemplate) -> str:
    return _page(template)


def _page(template: DocumentTemplate, form: TemplateName | None = None, copying: CopyTemplate | None = None) -> str:
    known = {"version": template.version, "name": template.title, "hidden": template.hidden}
    return render_template(
        "document/template_show.html", template=template, form=form or TemplateName(formdata=None, data=known),
        copying=copying or CopyTemplate(formdata=None, prefix="copy"), part_name=part_name, mandatory=shipped.MANDATORY,
        first=template.headings[:1], last=template.headings[-1:],
    )  # fmt: skip


@bp.post("/<public_id>/rename")
@allow(Action.KEEP, DocumentTemplate, options=WHOLE)
def rename(template: DocumentTemplate) -> Any:
    form = TemplateName()
    if form.validate_on_submit():
        try:
            template_actions.rename(
                template, str(form.name.data), hidden=bool(form.hidden.data), version=posted(form.version.data), by=g.mandate
            )
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Mallen är ändrad."), "success")
            return _to(template)
    return _page(template, form), 422


@bp.post("/<public_id>/copy")
@allow(Action.KEEP, DocumentTemplate, options=WHOLE)
def copy(template: DocumentTemplate) -> Any:
    form = CopyTemplate(prefix="copy")
    if form.validate_on_submit():
        made = template_actions.copy(template, str(form.name.data), by=g.mandate)
        flash(_("Den nya mallen börjar som den gamla."), "success")
        return _to(made)
    return _page(template, copying=form), 422


@bp.post("/<public_id>/arrange")
@allow(Action.KEEP, DocumentTemplate, options=WHOLE)
def arrange(template: DocumentTemplate) -> Response:
    """Move a heading up or down, hide it or show it again."""
    acts: dict[str, Any] = {
        "up": lambda key: template_actions.arrange(template, key, -1, by=g.mandate),
        "down": lambda key: template_actions.arrange(template, key, 1, by=g.mandate),
        "hide": lambda key: template_actions.hide(template, key, by=g.mandate),
        "show": lambda key: template_actions.show(template, key, by=g.mandate),
    }
    name = next((name for name in acts if name in request.form), "")
    if not name:
        raise NotFound
    acts[name](request.form[name])
    return _to(template, request.form[name])


@bp.route("/<public_id>/add", methods=["GET", "POST"])
@allow(Action.KEEP, DocumentTemplate, options=WHOLE)
def add(template: DocumentTemplate) -> Any:
    form = NewHeading(data={"version": template.version, "part": "text"})
    form.part.choices = choices((one, part_name(one)) for one in shipped.PARTS if one not in shipped.MANDATORY)
    form.level.choices = _levels()
    after = [(one.key, _("Efter ”%(title)s”", title=one.title)) for one in template.headings]
    form.after.choices = choices([("", _("Först")), *after])
    if form.validate_on_submit():
        try:
            made = template_actions.add(
                template, part=str(form.part.data), after=str(form.after.data), by=g.mandate, **_said(form)
            )
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Rubriken ”%(title)s” står i mallen nu.", title=made.title), "success")
            return _to(template, made.key)
    return _heading_page(template, form, None)


@bp.route("/<public_id>/heading/<key>", methods=["GET", "POST"])
@allow(Action.KEEP, DocumentTemplate, options=WHOLE)
def reword(template: DocumentTemplate, key: str) -> Any:
    one = next((each for each in template.headings if each.key == key), None)
    if one is None:
        raise NotFound
    form = HeadingWords(data={
        "version": template.version, "title": one.title, "level": str(one.level), "standing": one.standing,
        "required": one.required,
    })  # fmt: skip
    form.level.choices = _levels()
    if form.validate_on_submit():
        try:
            template_actions.reword(template, key, by=g.mandate, **_said(form))
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Rubriken är ändrad."), "success")
            return _to(template, key)
    return _heading_page(template, form, one)


def _heading_page(template: DocumentTemplate, form: HeadingWords, one: TemplateHeading | None) -> Any:
    wrong = bool(form.errors or form.form_errors)
    page = render_template(
        "document/template_heading.html", template=template, form=form, heading=one, part_name=part_name,
        mandatory=one is not None and one.part in shipped.MANDATORY,
    )  # fmt: skip
    return page, 422 if wrong else 200


def _levels() -> Any:
    return choices((str(one), {1: _("Rubrik"), 2: _("Underrubrik")}[one]) for one in rules.LEVELS)


def _said(form: HeadingWords) -> dict[str, Any]:
    return {
        "title": str(form.title.data), "standing": form.standing.data or "", "required": bool(form.required.data),
        "level": posted(form.level.data), "version": posted(form.version.data),
    }  # fmt: skip


def _to(template: DocumentTemplate, key: str = "") -> Response:
    anchor = f"h-{key}" if key else None
    return redirect(url_for("document_template.show", public_id=template.public_id, _anchor=anchor), 303)
