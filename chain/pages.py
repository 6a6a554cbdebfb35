"""What belongs to no link: language, help, health, headers, errors, and what every page's frame needs."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, same_origin
from sqlalchemy import text
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from chain.access import policy
from chain.access.guard import ChooseFirst, SignInFirst, everyone
from chain.access.policy import Action
from chain.account import actions as account
from chain.account.rules import local_path
from chain.api import answers
from chain.base import config
from chain.base.db import db
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.locale import LANGUAGES, _, ngettext
from forms.base import written

bp = Blueprint("pages", __name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
YEAR = 365 * 24 * 3600


def connect(app: Flask) -> None:
    """Pages, headers and errors for the whole application."""
    app.register_blueprint(bp)
    app.before_request(without_nulls)
    app.after_request(headers)
    app.context_processor(frame)
    for error, handler in (
        (NotFound, not_found), (NotAllowed, not_allowed), (RuleBroken, rule_broken), (SignInFirst, sign_in_first),
        (CSRFError, csrf_missing), (HTTPException, http_error),
    ):  # fmt: skip
        app.register_error_handler(error, handler)


def without_nulls() -> None:
    """No text in a database can hold a NUL: no address has one, and of what was typed the rest is kept."""
    if "\0" in request.path:
        raise NotFound
    for name in ("args", "form"):
        given = getattr(request, name)
        if any("\0" in text for pair in given.items(multi=True) for text in pair):
            pairs = given.items(multi=True)
            setattr(request, name, ImmutableMultiDict((key.replace("\0", ""), text.replace("\0", "")) for key, text in pairs))


def headers(response: Response) -> Response:
    """Nothing from elsewhere, nothing kept on the way; only vendored files, and what is public, may be cached."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)  # an attached file has a stricter one
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "static" and request.blueprint != "public":
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["PRODUCTION"]:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    return response


def frame() -> dict[str, Any]:
    """What base.html shows around every page."""
    person, mandate = g.get("person"), g.get("mandate")
    return {
        "person": person,
        "mandate": mandate,
        "mandates": g.get("mandates", []),
        "locale": g.get("locale", "sv"),
        "demonstration": g.get("demonstration", False),
        "nav": navigation() if mandate else [],
    }


NAVIGATION: tuple[
    tuple[str, Callable[[], str], tuple[Action, str] | None], ...
] = (  # endpoint, words, what the role must be able to do
    ("home.start", lambda: _("Start"), None),
    ("rollup.overview", lambda: _("Läget"), (Action.READ, "rollup")),
    ("goal.archive", lambda: ngettext("Mål", "Mål", 2), (Action.READ, "goal")),
    ("measure.archive", lambda: _("Åtgärder"), (Action.READ, "measure")),
    ("support.archive", lambda: _("Stöd"), (Action.READ, "support")),
    ("finding.archive", lambda: _("Iakttagelser"), (Action.READ, "theme")),
    ("report.archive", lambda: _("Rapporter"), (Action.READ, "report")),
    ("matter.archive", lambda: _("Beslut"), (Action.READ, "decision")),
    ("feedback.archive", lambda: _("Återkoppling"), (Action.READ, "feedback")),
    ("example.archive", lambda: _("Goda exempel"), (Action.READ, "example")),
    ("handover.archive", lambda: _("Överlämningar"), (Action.WRITE, "handover")),
    ("cycle.wheel", lambda: _("Årshjul"), (Action.READ, "round")),
    ("intake.start", lambda: _("Inläsning"), (Action.READ, "intake")),
    ("organisation.tree", lambda: _("Organisation"), (Action.READ, "unit")),
)
SELDOM = ("example", "handover", "cycle", "intake", "organisation")  # behind one more click, where there is much to choose among
AT_A_GLANCE = 8


# Found under another's words in the navigation.
UNDER = {
    **dict.fromkeys(("document", "document_template", "publication", "release"), "report"),
    **dict.fromkeys(("agreement", "quote", "theme"), "finding"),
    **dict.fromkeys(("routing", "escalation", "directed"), "support"),
    **dict.fromkeys(("assessment", "consultation", "governing", "national", "thread", "workplan", "workshop"), "goal"),
    "dialogue": "feedback",  # both are how the levels talk with each other
    "plan": "organisation", "reception": "handover", "wheel": "measure",
}  # fmt: skip


def navigation() -> list[tuple[str, str, bool, bool]]:
    """(address, words, whether we are there, whether it is seldom asked for) for what the role can read at all."""
    found = []
    page = (request.endpoint or "").split(".")[0]
    for endpoint, words, needed in NAVIGATION:
        if endpoint in current_app.view_functions and (not needed or policy.may_somewhere(g.mandate, *needed)):
            link = endpoint.split(".")[0]
            found.append((url_for(endpoint), words(), UNDER.get(page, page) == link, link in SELDOM))
    many = len(found) > AT_A_GLANCE
    return [(url, words, here, seldom and many) for url, words, here, seldom in found]


@bp.post("/language")
@everyone
def language() -> AnyResponse:
    """Swedish or English, kept in a cookie, and with the person."""
    chosen = request.form.get("language", "sv")
    response = redirect(local_path(request.form.get("back")), 303)
    if chosen in LANGUAGES:
        response.set_cookie(
            "language", chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=current_app.config["PRODUCTION"]
        )
        if g.get("person"):
            account.speak(g.person, chosen, by=g.person)
    return response


@bp.get("/accessibility")
@everyone
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@bp.get("/about")
@everyone
def about() -> str:
    return render_template("pages/about.html")


@bp.get("/livez")
@everyone
def livez() -> Response:
    return make_response("ok\n", 200, {"Content-Type": "text/plain"})


@bp.get("/readyz")
@everyone
def readyz() -> Response:
    """Whether the database answers and its migrations are at head."""
    from alembic.script import ScriptDirectory  # only here: it takes a while to import

    try:
        found = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception:  # whatever the driver says, the answer is the same
        return make_response("no database\n", 503, {"Content-Type": "text/plain"})
    ready = found == ScriptDirectory(str(config.MIGRATIONS)).get_current_head()
    return make_response("ok\n" if ready else "migrations\n", 200 if ready else 503, {"Content-Type": "text/plain"})


def _page(status: int, heading: str, sentence: str) -> Any:
    if request.path.startswith(answers.PREFIX):
        return answers.problem(status, heading, sentence)
    return render_template("error.html", heading=heading, sentence=sentence, status=status), status


def not_found(error: Exception) -> Any:
    """What was written for something that is no longer there, or no longer theirs, is shown, to be copied."""
    if request.method == "POST" and request.endpoint and g.get("person") and (words := _written()):
        sentence = _("Det du skrev till finns inte längre, eller hör till någon annan än din roll nu. Därför sparades inget.")
        if request.headers.get("X-Autosave"):
            return {"sentence": sentence}, 404
        return render_template("pages/kept.html", words=words, sentence=sentence, going="/", link=_("Till startsidan")), 404
    return _page(404, _("Sidan finns inte"), _("Adressen är fel, eller så hör sidan till någon annan än den roll du har nu."))


def not_allowed(error: Exception) -> Any:
    return _refused(403, str(error)) or _page(403, _("Det går inte"), str(error))


def rule_broken(error: RuleBroken) -> Any:
    return _refused(409, error.sentence) or _page(409, _("Det går inte just nu"), error.sentence)


def _refused(status: int, sentence: str) -> Any:
    """Why it was refused, with what was written: no form was there to show it again. None where nothing was written."""
    if request.method != "POST" or request.headers.get("X-Autosave") or not (words := _written()):
        return None
    there, link = _where_the_form_stands(), _("Öppna sidan igen")
    return render_template("pages/kept.html", words=words, sentence=sentence, going=there, link=link), status


def csrf_missing(error: CSRFError) -> Any:
    """What another site made a browser send is not shown: only words that come from a page of ours are given back."""
    if request.headers.get("X-Autosave"):
        return {"csrf": True}, 400
    language = request.cookies.get("language", "sv")
    g.setdefault("locale", language if language in LANGUAGES else "sv")  # nobody has been asked for yet
    if same_origin(request.referrer or "", request.host_url) and (words := _written()):
        sentence = _(
            "Du har blivit utloggad, eller loggat in på nytt, sedan du öppnade sidan. Därför sparades inte det du skrev."
        )
        return _kept(400, words, sentence, "account.sign_in", _("Logga in och öppna sidan igen"))
    return _page(
        400,
        _("Sidan hade blivit för gammal"),
        _("Gå tillbaka, ladda om sidan och försök igen. Det du skrev finns kvar i fältet."),
    )


def sign_in_first(error: Exception) -> Any:
    """To the sign-in page and back. A saving script gets the address instead, and keeps the text; a form gets its words back."""
    chooses = isinstance(error, ChooseFirst)
    page = "account.choose" if chooses else "account.sign_in"
    if request.headers.get("X-Autosave"):
        return {"sentence": _("Du har blivit utloggad. Logga in igen så sparas texten."), "signin": url_for(page)}, 401
    if request.method in ("GET", "HEAD"):
        return redirect(url_for(page, next=request.full_path.rstrip("?")), 303)
    words = _written()
    if words and chooses:
        sentence = _("Du har inte valt vilken roll du är här i. Därför sparades inte det du skrev.")
        return _kept(403, words, sentence, page, _("Välj roll och öppna sidan igen"))
    if words:
        sentence = _("Du har blivit utloggad sedan du öppnade sidan. Därför sparades inte det du skrev.")
        return _kept(401, words, sentence, page, _("Logga in och öppna sidan igen"))
    return redirect(url_for(page), 303)


def _written() -> list[tuple[Any, str]]:
    """The text of the form that was sent, by the labels of its blueprint's forms, or of those of its link."""
    view = current_app.view_functions.get(request.endpoint or "")
    link = view.__module__.split(".")[1] if view and view.__module__.startswith("chain.") else ""
    return written(request.blueprint or "", request.form) or written(link, request.form)


def _kept(status: int, words: list[tuple[Any, str]], sentence: str, page: str, link: str) -> tuple[str, int]:
    """Nobody is there to save them for, so the words are shown, to be copied."""
    going = url_for(page, next=_where_the_form_stands())
    return render_template("pages/kept.html", words=words, sentence=sentence, going=going, link=link), status


def _where_the_form_stands() -> str:
    """The page that sent the form, else the address that it was sent to: the first of them that can be opened."""
    root, came = request.script_root, urlsplit(request.referrer or "")
    ours = same_origin(request.referrer or "", request.host_url) and came.path.startswith(f"{root}/")
    sent_by = (came.path.removeprefix(root), came.query) if ours else ("", "")
    for path, query in (sent_by, (request.path, request.query_string.decode(errors="replace"))):
        if path and _opens(path):
            return local_path(root + path + (f"?{query}" if query else ""))
    return "/"


def _opens(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True


def http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status == 404:
        return not_found(error)
    if status == 405:
        return _page(405, _("Det går inte"), _("Så används inte den här adressen."))
    if status == 413:
        return _page(
            413,
            _("För mycket på en gång"),
            _("Texten eller filen är för stor. Dela upp den och försök igen; inget har sparats än."),
        )
    if status in range(300, 400):
        return error.get_response()
    return _page(status, _("Något gick fel"), _("Försök igen om en stund. Det du redan har sparat finns kvar."))
