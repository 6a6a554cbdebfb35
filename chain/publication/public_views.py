"""What everybody may read, without signing in: no session, no cookie, nothing but what was made public, and kept on the way."""

from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request

from chain.access.guard import everyone
from chain.account import queries as account
from chain.base import out
from chain.base.errors import NotFound
from chain.base.locale import LANGUAGES, _
from chain.publication import queries, rules
from chain.release import tables

bp = Blueprint("public", __name__, url_prefix="/public")


@bp.before_request
def speak() -> None:
    """The address says which language: a page that is kept on the way is the same for all who ask for it."""
    asked = request.args.get("lang", "sv")
    if asked not in LANGUAGES:
        raise NotFound
    g.locale, g.demonstration = asked, account.is_demonstration()


@bp.context_processor
def language() -> dict[str, str | None]:
    """For addresses of other public pages in the same language."""
    return {"lang": g.locale if g.locale != "sv" else None}


@bp.after_request
def keep(response: Response) -> Response:
    """May be kept on the way for a minute, and asked for again with its mark; what went wrong is not kept."""
    if response.status_code in (200, 410):
        response.headers["Cache-Control"] = f"public, max-age={rules.FRESH_FOR}"
        response.add_etag()
        response.make_conditional(request)
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/")
@everyone
def index() -> str:
    return render_template("public/index.html", committees=queries.public())


@bp.get("/<public_id>")
@everyone
def show(public_id: str) -> Any:
    """A page that is public; its figures as a file too. Where one was withdrawn, the notice."""
    found = queries.named(public_id)
    if found is None:
        raise NotFound
    if found.state == "withdrawn":
        return make_response(render_template("public/withdrawn.html", publication=found), 410)
    edition = found.edition
    if form := out.wanted():
        round = edition.report.round
        return out.file(
            tables.released(edition.release), form, _("rapport"), round.title, round.year.label, made=found.published_at
        )
    return render_template("public/show.html", publication=found, edition=edition, page=queries.page(found))
