"""Signing in and out, choosing a mandate, one's own sessions and password."""

from typing import Any

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from chain.access.guard import allow, everyone, signed_in
from chain.access.policy import Action
from chain.account import actions, passwords, queries, rules
from chain.account.actions import Attempt
from chain.base import clock
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import LANGUAGES, _, ngettext, sorted_by_name
from chain.base.slots import fill
from chain.organisation.models import Person
from forms.account import ChangePassword, SignIn, Welcome

bp = Blueprint("account", __name__, url_prefix="/account")

NOBODY_ASKS = {"static", "pages.livez", "pages.readyz", "v1", "public"}  # or all of a blueprint: no cookie is looked at


@bp.before_app_request
def identify() -> None:
    """Who asks, and under which mandate: a session, a person or a mandate that has ended bites here, at the next request."""
    g.person = g.mandate = g.session = None
    g.mandates, g.demonstration, g.session_over = [], False, ""
    g.locale = request.cookies.get("language", "sv")
    if {request.endpoint, request.blueprint} & NOBODY_ASKS:
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
                queries.session_of(key)  # read anew, at once and not one by one
            g.session, g.person, g.locale = found, found.person, found.person.language
            holding = [mandate for mandate in found.person.mandates if mandate.holds(clock.today())]
            g.mandates = sorted_by_name(holding, lambda mandate: mandate.unit.name)
            g.mandate = next((mandate for mandate in holding if mandate.id == found.mandate_id), None)
    if g.locale not in LANGUAGES:
        g.locale = "sv"


@bp.get("/sign-in")
@everyone
def sign_in() -> Any:
    going = rules.local_path(request.args.get("next"))
    if g.person:
        return redirect(going, 303)
    return render_template("account/sign_in.html", form=SignIn(formdata=None, next=going), over=g.session_over)


@bp.post("/sign-in")
@everyone
def enter() -> Any:
    """The same answer after the same work, whether the address is known, the password wrong or the person ended."""
    form = SignIn()
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form), 422
    attempt = actions.attempt(str(form.email.data), request.remote_addr or "", by=None)
    if attempt.wait:
        return _wait("account/sign_in.html", form, attempt)
    person = queries.person_by_email(str(form.email.data))
    if not _proved(person, str(form.password.data)) or person is None:
        current_app.logger.warning("sign-in refused, from network %s", rules.network(request.remote_addr or ""))
        sentence = _("E-postadressen eller lösenordet stämmer inte. Kontrollera båda och försök igen.")
        return render_template("account/sign_in.html", form=form, extra=[(sentence, "email")]), 422
    return _let_in(person, rules.local_path(form.next.data), attempt)


def _proved(person: Person | None, password: str) -> bool:
    kept = queries.credential(person)
    if not passwords.matches(kept.hash if kept else None, password) or person is None or kept is None:
        return False
    if passwords.is_old(kept.hash):
        actions.renew_hash(person, password, by=person)
    return True


def _wait(page: str, form: Any, attempt: Attempt) -> Response:
    """Nobody is locked out and the server does not sleep: the sentence says how long to wait."""
    sentence = ngettext(
        "Det har blivit många försök. Vänta %(num)s sekund och försök igen.",
        "Det har blivit många försök. Vänta %(num)s sekunder och försök igen.",
        attempt.wait,
    )
    answer = make_response(render_template(page, form=form, extra=[sentence]), 429)
    answer.headers["Retry-After"] = str(attempt.wait)
    return answer


def _let_in(person: Person, going: str, attempt: Attempt | None = None) -> Response:
    """A new session with a new key; what the browser held before is gone."""
    device = rules.device(request.user_agent.string)
    key = actions.start(person, by=person, device=device, attempt=attempt, instead_of=session.get("key", ""))
    session.clear()
    session["key"] = key
    found, _demonstration = queries.session_of(key)
    if found and found.mandate_id is None:
        return redirect(url_for("account.choose", next=going), 303)
    return redirect(going, 303)


@bp.post("/sign-out")
@everyone
def sign_out() -> Response:
    if g.session:
        actions.end(g.session, by=g.person)
    session.clear()
    answer = redirect(url_for("account.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # the cookie is taken back by name: the language may stay
    return answer


@bp.get("/choose")
@signed_in
def choose() -> str:
    return render_template("account/choose.html", going=rules.local_path(request.args.get("next")), today=clock.today())


@bp.post("/choose")
@signed_in
def act_under() -> Response:
    chosen = next((mandate for mandate in g.mandates if mandate.public_id == request.form.get("mandate")), None)
    if chosen is None:
        raise NotFound
    actions.choose(g.session, chosen, by=g.person)
    return redirect(rules.local_path(request.form.get("next")), 303)


@bp.get("/token")
@everyone
def token() -> Any:
    """A fresh token against forged requests, for a page that was open when its session ended."""
    if g.person is None:
        sentence = _("Du har blivit utloggad. Logga in igen så sparas texten.")
        return {"sentence": sentence, "signin": url_for("account.sign_in")}, 401
    return {"csrf_token": generate_csrf()}


@bp.get("/sessions")
@signed_in
def sessions() -> str:
    return render_template("account/sessions.html", sessions=queries.sessions(g.person), here=g.session)


@bp.post("/sessions/<public_id>/end")
@signed_in
def end(public_id: str) -> Response:
    found = next((each for each in queries.sessions(g.person) if each.public_id == public_id), None)
    if found is None:
        raise NotFound
    actions.end(found, by=g.person)
    flash(_("Inloggningen är avslutad."), "success")
    return redirect(url_for("account.sessions"), 303)


@bp.post("/sessions/end-others")
@signed_in
def end_others() -> Response:
    actions.end_others(g.session, by=g.person)
    flash(_("Du är nu inloggad bara här."), "success")
    return redirect(url_for("account.sessions"), 303)


@bp.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> Any:
    form = ChangePassword()
    if not form.validate_on_submit():
        return render_template("account/password.html", form=form), 422 if form.errors else 200
    attempt = actions.attempt(g.person.email, request.remote_addr or "", by=None)
    if attempt.wait:
        return _wait("account/password.html", form, attempt)
    if not _proved(g.person, str(form.current.data)):
        form.current.errors = [_("Det är inte ditt nuvarande lösenord.")]
        return render_template("account/password.html", form=form), 422
    try:
        actions.set_password(g.person, str(form.new.data), by=g.person)
    except RuleBroken as no:
        form.new.errors = [no.sentence]
        return render_template("account/password.html", form=form), 422
    flash(_("Lösenordet är bytt. Om du var inloggad någon annanstans är du utloggad där."), "success")
    return _let_in(g.person, url_for("account.sessions"), attempt)


@bp.route("/welcome", methods=["GET", "POST"])
@everyone
def welcome() -> Any:
    """The first password, with a one-time code that was handed over; a GET uses nothing up."""
    form = Welcome()
    if not form.validate_on_submit():
        return render_template("account/welcome.html", form=form), 422 if form.errors else 200
    try:
        person = actions.welcome(str(form.code.data), str(form.new.data), by=None)
    except RuleBroken as no:
        wrong = form.new if queries.welcome_code(str(form.code.data)) else form.code
        wrong.errors = [no.sentence]
        return render_template("account/welcome.html", form=form), 422
    return _let_in(person, "/")


@bp.post("/person/<public_id>/code")
@allow(Action.KEEP, Person, options=(joinedload(Person.municipality),))
def code(person: Person) -> str:
    """Shown once, in the answer to a POST: not kept, not in an address, not sent by mail."""
    made = actions.make_code(person, by=g.mandate)
    return render_template("account/code.html", about=person, code=made, until=clock.now() + rules.WELCOME_LASTS)


@bp.post("/person/<public_id>/end")
@allow(Action.KEEP, Person)
def end_all(person: Person) -> Response:
    actions.end_all(person, by=g.mandate)
    flash(_("%(name)s är utloggad överallt.", name=person.name), "success")
    return redirect(url_for("organisation.person", public_id=person.public_id), 303)


@fill("person.page", "account")
def beside_person(person: Person) -> str:
    """What the steward sees of somebody's account: whether there is a password, and how many places one is signed in."""
    kept = queries.credential(person)
    return render_template("account/_beside_person.html", about=person, credential=kept, sessions=queries.sessions(person))


@fill("health.page", "account")
def health() -> str:
    return render_template("account/_health.html", failures=queries.failures_lately())
