"""What everybody may read, without signing in: no session, no cookie, nothing but what was made public, and kept on the way."""

from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request

from chain.access.guard import everyone
from chain.account import queries as account
from chain.base import config, out
from chain.base.errors import NotFound
from chain.base.locale import LANGUAGES, _
from chain.base.tables import file_name
from chain.document import queries as documents
from chain.document.models import Document
from chain.publication import queries, rules
from chain.publication.models import Publication
from chain.release import tables

bp = Blueprint("public", __name__, url_prefix="/public")


@bp.before_request
def speak() -> None:
    """The address says which language: a page that is kept on the way is the same for all who ask for it."""
    asked = request.args.get("lang", "sv")
    if asked not in LANGUAGES:
        raise NotFound
    g.locale = asked


@bp.context_processor
def language() -> dict[str, Any]:
    """For addresses of other public pages in the same language; and whether all of it is invented."""
    return {"lang": g.locale if g.locale != "sv" else None, "demonstration": account.is_demonstration()}


@bp.after_request
def keep(response: Response) -> Response:
    """May be kept on the way for a minute, and asked for again with its mark; what went wrong is not kept."""
    if response.status_code not in (200, 304, 410):
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["Cache-Control"] = f"public, max-age={rules.FRESH_FOR}"
    if mark := g.pop("mark", ""):
        response.set_etag(mark)
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/")
@everyone
def index() -> str:
    committees = queries.public()
    taken_up = queries.taken_up(one for found in committees.values() for one in found)
    return render_template("public/index.html", committees=committees, taken_up=taken_up)


@bp.get("/<public_id>")
@everyone
def show(public_id: str) -> Any:
    """A page or a document that is public, and its files. Where one was withdrawn, the notice."""
    state, newer = queries.state(public_id)
    if not state:
        raise NotFound
    g.mark = _mark(public_id, state, newer)
    if request.if_none_match.contains(g.mark):
        return Response(status=304)
    found = queries.named(public_id)
    if found.state == "withdrawn":
        return make_response(render_template("public/withdrawn.html", publication=found), 410)
    return _document(found, found.document) if found.document else _page(found)


def _page(found: Publication) -> Any:
    """The committee's page as it stood, its figures as a file too."""
    edition = found.edition
    assert edition, "there is no document"
    if form := out.wanted():
        round = edition.report.round
        return out.file(
            tables.released(edition.release), form, _("rapport"), round.title, round.year.label, made=found.published_at
        )
    return render_template("public/show.html", publication=found, edition=edition, page=queries.page(found))


def _document(found: Publication, document: Document) -> Any:
    """What a document says as it was frozen, and the very file that the committee got."""
    form = request.args.get("as", "")
    if not form:
        return render_template("public/document.html", publication=found, document=document, said=document.frozen)
    kept = documents.file(document, form) if form == "pdf" else None
    if kept is None:
        raise NotFound
    answer = Response(kept.body, content_type="application/pdf")
    name = file_name(document.registration_number, document.title)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return answer


def _mark(*what: str) -> str:
    """What tells whether a page is still as somebody has it: it is withdrawn or replaced at most, and the program may say it
    otherwise."""
    said = (config.version(), g.locale, *what, request.args.get("as", ""))
    return sha256(repr(said).encode()).hexdigest()[:32]
