"""Documents: all of them, one as it reads, its beginning, and the steps by which it reaches the committee."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base import clock
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, current
from chain.base.slots import fill
from chain.base.tables import file_name
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.document import actions, ending_actions, frozen, papers, queries, rules, section_views, word
from chain.document import bundle as bundles
from chain.document.models import Document
from chain.matter.models import Matter
from chain.organisation.models import Unit
from chain.release.models import Release
from chain.report import press
from chain.report.models import Report
from forms.base import choices, posted
from forms.document import Begin, Confirm, Describe, Remark, SendBack

bp = Blueprint("document", __name__, url_prefix="/document")

FILES = {
    "pdf": ("application/pdf", press.pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word.docx),
}


@bp.get("/")
@allow(Action.READ, "document")
def archive() -> str:
    return render_template(
        "document/archive.html", documents=queries.archive(g.mandate), chain_here="committee",
        may_begin=policy.may_somewhere(g.mandate, Action.PREPARE, "document"),
        may_keep=policy.may_somewhere(g.mandate, Action.KEEP, "document_template"),
    )  # fmt: skip


# To begin


@bp.route("/begin", methods=["GET", "POST"])
@allow(Action.PREPARE, "document")
def begin() -> Any:
    """Which form, about what. Named in the address: a matter, a round."""
    committee = _committee()
    offered = queries.offered(committee)
    form = Begin(data=_first())
    form.form.choices = choices((key, name.get(current()) or name["sv"]) for key, name, _about in offered)
    rounds, matters = _about(form, committee)
    if form.validate_on_submit():
        try:
            made = actions.begin(
                committee, str(form.form.data), title=str(form.title.data), number=str(form.registration_number.data or ""),
                round=rounds.get(form.round.data), matter=matters.get(form.matter.data), by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Dokumentet är påbörjat, med det som systemet vet. Läs, skriv om och fyll i resten."), "success")
            return _to(made)
    abouts = [(name.get(current()) or name["sv"], about.get(current()) or about["sv"]) for _key, name, about in offered]
    return render_template("document/begin.html", form=form, abouts=abouts), 422 if _wrong(form) else 200


def _committee() -> Unit:
    found = queries.committee_of(g.mandate)
    if found is None:
        raise NotFound
    return found


def _first() -> dict[str, Any]:
    """What the form shows at first: what its address names, with the number and title of the matter."""
    found = {name: request.args.get(name, "") for name in ("round", "matter")}
    matter = fetch(Matter, found["matter"]) if found["matter"] else None
    if matter is None:
        return found
    round = matter.round.public_id if matter.round and not found["round"] else found["round"]
    return {**found, "title": matter.title, "registration_number": matter.registration_number or "", "round": round}


def _about(form: Any, committee: Unit, also: Matter | None = None) -> tuple[dict[str, Round], dict[str, Matter]]:
    """The rounds and matters to choose, by their addresses; `also`: one that may have been closed since."""
    rounds = {one.public_id: one for one in cycle.opened(committee.path)}
    matters = {one.public_id: one for one in [*([also] if also else []), *queries.matters(committee)]}
    form.round.choices = choices([("", _("Ingen uppföljning")), *((name, one.in_year) for name, one in rounds.items())])
    form.matter.choices = choices([("", _("Inget ärende")), *((name, _matter(one)) for name, one in matters.items())])
    return rounds, matters


def _matter(matter: Matter) -> str:
    return ", ".join(filter(None, (matter.registration_number, matter.title)))


# As it reads


@bp.get("/<public_id>")
@allow(Action.READ, Document, options=queries.WHOLE)
def show(document: Document) -> Any:
    if form := request.args.get("as", ""):
        return _file(document, form)
    return _page(document, SendBack(formdata=None))


def _file(document: Document, form: str) -> Response:
    """The file that was kept when it was approved; of what is still written, one that says what it is."""
    if form not in FILES:
        raise NotFound
    kind, write = FILES[form]
    kept = queries.file(document, form) if document.frozen else None
    body = kept.body if kept else write(frozen.sheet(frozen.now(document) | {"draft": True}))
    name = file_name(document.registration_number, document.title, "" if kept else _("utkast"))
    answer = Response(body, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    return answer


def _page(document: Document, form: SendBack, remark: Remark | None = None) -> str:
    known = [] if document.frozen else frozen.choices(document)
    said = document.frozen or frozen.now(document, known)
    ours = policy.may(g.mandate, Action.PREPARE, document)
    named = [(one["kind"], one["public_id"]) for section in said["sections"] for one in section["sources"]]
    named += [("citation", name) for section in said["sections"] for name in section["quotes"]]
    newer = queries.successor(document)
    told = queries.comments(document) if ours else []
    return render_template(
        "document/show.html", document=document, said=said, form=form, confirm=Confirm(formdata=None),
        remark=remark or Remark(formdata=None, prefix="remark"), openable=queries.openable(g.mandate, named), ours=ours,
        newer=newer if newer and policy.may(g.mandate, Action.READ, newer) else None, version=frozen.revision(document),
        may_write=policy.may(g.mandate, Action.WRITE, document), decides=policy.may(g.mandate, Action.APPROVE, document),
        approves=policy.may(g.mandate, Action.APPROVE, document) and document.sent_by_id != g.mandate.person_id,
        missing=list(frozen.missing(document, known)) if ours and document.state == "draft" else [],
        comments={one.key: [each for each in told if each.section == one.key] for one in document.sections},
        general=[one for one in told if not one.section],
        writers=queries.writers(document) if ours and not document.frozen else {},
        unwritten=_unwritten(document, said), chain_here="committee" if document.state == "handed_over" else "administration",
        chain_turn=_turn(document), opens_matter=bool(document.matter and policy.may(g.mandate, Action.READ, document.matter)),
    )  # fmt: skip


def _unwritten(document: Document, said: dict[str, Any]) -> list[Any]:
    """The headings under which nothing stands yet."""
    there = {one["key"] for one in said["sections"]}
    return [one for one in document.sections if one.key not in there]


def _turn(document: Document) -> str | None:
    return {"draft": "administration", "waiting": "administration", "approved": "administration"}.get(document.state)


@bp.route("/<public_id>/describe", methods=["GET", "POST"])
@allow(Action.WRITE, Document, options=queries.WHOLE)
def describe(document: Document) -> Any:
    """What stands at the top, and what it is about."""
    start = {
        "version": document.version, "title": document.title, "registration_number": document.registration_number,
        "dated_on": document.dated_on, "round": document.round.public_id if document.round else "",
        "matter": document.matter.public_id if document.matter else "",
    }  # fmt: skip
    form = Describe(data=start)
    rounds, matters = _about(form, document.committee, document.matter)
    if form.validate_on_submit():
        try:
            actions.describe(
                document, title=str(form.title.data), number=str(form.registration_number.data or ""),
                dated_on=form.dated_on.data or clock.today(), round=rounds.get(form.round.data),
                matter=matters.get(form.matter.data), version=posted(form.version.data), by=g.mandate,
            )  # fmt: skip
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Uppgifterna är ändrade."), "success")
            return _to(document)
    return render_template("document/describe.html", document=document, form=form), 422 if _wrong(form) else 200


@bp.get("/matter/<public_id>")
@allow(Action.READ, Matter, options=(joinedload(Matter.unit),))
def bundle(matter: Matter) -> Response:
    """The whole matter as one file, for the registrar and the archive."""
    answer = Response(bundles.made(matter, g.mandate, clock.now()), content_type="application/zip")
    name = file_name(matter.registration_number or "", matter.title)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.zip")
    return answer


@fill("release.page", "document")
def built_on(release: Release) -> str:
    made = queries.built_on(g.mandate, release)
    return render_template("document/_built_on.html", documents=made) if made else ""


@fill("report.documents", "document")
def about_round(report: Report) -> str:
    """What is written to the committee about the round of its page, and the way to begin."""
    found, begins = queries.of_round(g.mandate, report.round), policy.may_somewhere(g.mandate, Action.PREPARE, "document")
    if not found and not begins:
        return ""
    return render_template("document/_about_round.html", report=report, documents=found, may_begin=begins)


@fill("report.seen", "document")
def handed_by(report: Report, day: date) -> str:
    """What the committee had been handed by the end of a day beside its page, on its agendas too."""
    found = papers.on(report, g.mandate, day)
    return render_template("document/_handed_by.html", papers=found) if found.some else ""


@fill("matter.page", "document")
def beside_matter(matter: Matter) -> str:
    """What those at work with it can begin, what they are writing, and the whole matter as a file."""
    mine = queries.of_matter(g.mandate, matter)
    return render_template(
        "document/_beside_matter.html", matter=matter, writing=[one for one in mine if one.state != "handed_over"],
        may_begin=policy.may_somewhere(g.mandate, Action.PREPARE, "document") and matter.state != "closed",
    )  # fmt: skip


# On its way


@bp.post("/<public_id>/send")
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def send(document: Document) -> Any:
    actions.send(document, version=posted(Confirm().version.data), by=g.mandate)
    flash(_("Dokumentet är skickat till skolchefen för godkännande."), "success")
    return _to(document)


@bp.post("/<public_id>/take_back")
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def take_back(document: Document) -> Any:
    actions.take_back(document, by=g.mandate)
    flash(_("Dokumentet är tillbaka. Ni kan skriva i det igen."), "success")
    return _to(document)


@bp.post("/<public_id>/send_back")
@allow(Action.APPROVE, Document, options=queries.WHOLE)
def send_back(document: Document) -> Any:
    form = SendBack()
    if form.validate_on_submit():
        try:
            actions.send_back(document, str(form.reason.data), by=g.mandate)
        except RuleBroken as no:
            if "reason" not in no.problems:
                raise
            form.reason.errors = [no.problems["reason"]]
        else:
            flash(_("Dokumentet är skickat tillbaka. Skälet står på det."), "success")
            return _to(document)
    return _page(document, form), 422


@bp.post("/<public_id>/approve")
@allow(Action.READ, Document, options=queries.WHOLE)
def approve(document: Document) -> Any:
    if document.state == "approved" and document.approved_by_id == g.mandate.person_id:  # the button was pressed twice
        return _to(document)
    actions.approve(document, version=posted(Confirm().version.data), by=g.mandate)
    flash(_("Dokumentet är godkänt. Det ändras inte längre."), "success")
    return _to(document)


@bp.post("/<public_id>/hand_over")
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def hand_over(document: Document) -> Any:
    actions.hand_over(document, by=g.mandate)
    flash(_("Dokumentet är överlämnat. Nämndens ledamöter och sekreterare ser det nu."), "success")
    return _to(document)


@bp.post("/<public_id>/replace")
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def replace(document: Document) -> Any:
    made = actions.replace(document, by=g.mandate)
    flash(_("En ny version är påbörjad. Den gamla gäller tills den nya är överlämnad."), "success")
    return _to(made)


@bp.route("/<public_id>/discard", methods=["GET", "POST"])
@allow(Action.PREPARE, "document")
def discard(public_id: str) -> Any:
    """What would be lost and who has written it, and the button that throws it away."""
    form = Confirm()
    if request.method == "POST" and queries.discarded(g.mandate, public_id):  # the button was pressed twice
        return redirect(url_for("document.archive"), 303)
    document = fetch(Document, public_id, Action.WRITE, options=queries.WHOLE)
    if form.validate_on_submit():
        try:
            ending_actions.discard(document, version=posted(form.version.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Utkastet är slängt."), "success")
            return redirect(url_for("document.archive"), 303)
    form.version.data = str(frozen.revision(document))
    page = render_template(
        "document/discard.html", document=document, form=form, comments=queries.comments(document),
        wrote=sorted({name for names in queries.wrote(document).values() for name in names}), chain_here="administration",
        written=[one for one in document.sections if not rules.is_empty(one.content)],
    )  # fmt: skip
    return page, 422 if form.form_errors else 200


# Remarks


@bp.post("/<public_id>/remark")
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def remark(document: Document) -> Any:
    form = Remark(prefix="remark")
    key = str(form.section.data or "")
    if form.validate_on_submit():
        actions.remark(document, str(form.text.data), section=key, by=g.mandate)
        flash(_("Kommentaren är sparad."), "success")
        return _back(document, key)
    if queries.section(document, key):
        return section_views.page(document, key, remark=form), 422
    return _page(document, SendBack(formdata=None), form), 422


@bp.post("/<public_id>/resolve/<comment>")
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def resolve(document: Document, comment: str) -> Any:
    done = actions.resolve(document, comment, by=g.mandate)
    flash(_("Kommentaren är klar.") if done.resolved_at else _("Kommentaren är öppen igen."), "success")
    return _back(document, done.section if request.form.get("here") else "")


# Sections (section_views)


@bp.route("/<public_id>/section/<key>", methods=["GET", "POST"])
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def edit(document: Document, key: str) -> Any:
    return section_views.edit(document, key)


@bp.post("/<public_id>/section/<key>/pull")
@allow(Action.WRITE, Document, options=queries.WHOLE)
def pull(document: Document, key: str) -> Any:
    return section_views.pull(document, key)


@bp.get("/<public_id>/section/<key>/versions")
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def versions(document: Document, key: str) -> str:
    return section_views.versions(document, key)


@bp.post("/<public_id>/section/<key>/restore")
@allow(Action.WRITE, Document, options=queries.WHOLE)
def restore(document: Document, key: str) -> Any:
    return section_views.restore(document, key)


@bp.get("/<public_id>/section/<key>/conflict")
@allow(Action.PREPARE, Document, options=queries.WHOLE)
def conflict(document: Document, key: str) -> Any:
    return section_views.conflict(document, key)


def _to(document: Document) -> AnyResponse:
    return redirect(url_for("document.show", public_id=document.public_id), 303)


def _back(document: Document, key: str) -> AnyResponse:
    """To the section that it was said of, or to the whole."""
    if queries.section(document, key):
        return redirect(url_for("document.edit", public_id=document.public_id, key=key, _anchor="comments"), 303)
    return _to(document)


def _wrong(form: Any) -> bool:
    return bool(form.errors or form.form_errors)
