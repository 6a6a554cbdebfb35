"""Signing in and out, choosing a mandate, one's own sessions and password."""

from flask import Blueprint, g, request, session

from chain.account import actions, queries, rules
from chain.base import clock
from chain.base.locale import LANGUAGES, sorted_by_name

bp = Blueprint("account", __name__, url_prefix="/account")

NOBODY_ASKS = {"static", "pages.livez", "pages.readyz"}


@bp.before_app_request
def identify() -> None:
    """Who asks, and under which mandate: a session, a person or a mandate that has ended bites here, at the next request."""
    g.person = g.mandate = g.session = None
    g.mandates, g.demonstration, g.session_over = [], False, ""
    g.locale = request.cookies.get("language", "sv")
    if request.endpoint in NOBODY_ASKS:
        return
    key = session.get("key")
    if not key:
        g.demonstration = queries.is_demonstration()
    else:
        found, g.demonstration = queries.session_of(key)
        g.session_over = queries.why_over(found) if found else "ended"
        if found and not g.session_over:
            if clock.now() - found.seen_at >= rules.SEEN_EVERY:
                actions.touch(found, by=found.person)
                queries.session_of(key)
            g.session, g.person, g.locale = found, found.person, found.person.language
            holding = [mandate for mandate in found.person.mandates if mandate.holds(clock.today())]
            g.mandates = sorted_by_name(holding, lambda mandate: mandate.unit.name)
            g.mandate = next((mandate for mandate in holding if mandate.id == found.mandate_id), None)
    if g.locale not in LANGUAGES:
        g.locale = "sv"


@bp.get("/sign-in")
def sign_in() -> str:
    return ""


@bp.post("/sign-out")
def sign_out() -> str:
    return ""


@bp.get("/choose")
def choose() -> str:
    return ""
