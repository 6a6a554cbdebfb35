"""Files of governing documents: attached to a draft by those who write it, fetched by all who read the version."""

from typing import Any

from flask import flash, g, redirect, url_for
from werkzeug.wrappers import Response

from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import files
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.goal import document_queries, document_views, file_actions, file_queries
from chain.goal.document_models import Consultation, GoverningDocument
from forms.attach import AttachForm


@document_views.bp.url_value_preprocessor
def room_for_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if endpoint == "governing.attach":
        files.room()


@document_views.bp.post("/document/<public_id>/attach")
@allow(Action.WRITE, GoverningDocument, options=document_queries.WHOLE)
def attach(document: GoverningDocument) -> Any:
    form = AttachForm()
    try:
        file_actions.attach(document_queries.draft(document), files.sent(form.files.data), by=g.mandate)
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems or {"files": no.sentence})
        return document_views.page(document, attach=form), 422
    flash(_("Bifogat. Filerna läses av alla som läser versionen."), "success")
    return _back(document)


@document_views.bp.post("/document/<public_id>/detach/<file_id>")
@allow(Action.WRITE, GoverningDocument, options=document_queries.WHOLE)
def detach(document: GoverningDocument, file_id: str) -> Response:
    file_actions.detach(document_queries.draft(document), file_id, by=g.mandate)
    flash(_("Filen är borttagen."), "success")
    return _back(document)


@document_views.bp.get("/document/<public_id>/file/<file_id>")
@allow(Action.READ, GoverningDocument, options=document_queries.WHOLE)
def file(document: GoverningDocument, file_id: str) -> Response:
    return files.answer(file_queries.file(document_queries.shown(g.mandate, document), file_id))


@document_views.bp.get("/consultation/<public_id>/file/<file_id>")
@allow(Action.READ, Consultation)
def asked_file(consultation: Consultation, file_id: str) -> Response:
    """One of the version that somebody is asked about."""
    return files.answer(file_queries.file([consultation.about], file_id))


def _back(document: GoverningDocument) -> Response:
    return redirect(url_for("governing.show", public_id=document.public_id, _anchor="attached"), 303)
