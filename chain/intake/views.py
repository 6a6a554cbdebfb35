"""What other systems know: the steward looks at it, chooses, and confirms."""

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _, ngettext
from chain.intake import ss12000_actions, ss12000_views
from chain.organisation import queries as organisation
from chain.organisation.models import Unit
from forms.intake import Choose, Fetch

bp = Blueprint("intake", __name__, url_prefix="/intake")

PATIENCE = 45.0  # seconds that a browser, and a proxy in between, wait for an answer


# SS 12000


@bp.get("/ss12000")
@allow(Action.KEEP, "source")
def ss12000() -> Any:
    return ss12000_views.page()


@bp.post("/ss12000/fetch")
@allow(Action.KEEP, "source")
def ss12000_fetch() -> Any:
    form = Fetch()
    try:
        found = ss12000_actions.fetch(
            organisation.municipality_of(g.mandate), by=g.mandate, seconds=PATIENCE, whole=bool(form.whole.data)
        )  # fmt: skip
    except RuleBroken as no:
        return ss12000_views.page(fault=no.sentence), 409
    if not found:
        flash(_("Registret säger inget nytt: trädet och uppdragen stämmer med det."), "success")
    return redirect(url_for("intake.ss12000"), 303)


@bp.post("/ss12000/discard")
@allow(Action.KEEP, "source")
def ss12000_discard() -> Response:
    ss12000_actions.discard(organisation.municipality_of(g.mandate), by=g.mandate)
    flash(_("Det som hämtades är borttaget. Inget har ändrats."), "success")
    return redirect(url_for("intake.ss12000"), 303)


@bp.post("/ss12000/confirm")
@allow(Action.KEEP, "source")
def ss12000_confirm() -> Any:
    form = Choose()
    if request.form.get("mark"):
        return ss12000_views.page(form)
    closing = {
        one.form.key.data: (_unit(one.form.successor.data), one.form.reason.data or "")
        for one in form.closing
        if one.form.key.data
    }
    if not form.validate():
        long = {one.form.key.data: one.form.reason.errors[0] for one in form.closing if one.form.reason.errors}
        return ss12000_views.page(form, RuleBroken(_("Se efter vid raderna som är markerade och bekräfta igen."), long)), 422
    try:
        done = ss12000_actions.confirm(
            organisation.municipality_of(g.mandate), fetched=form.fetched.data or "", chosen=set(form.chosen.data or []),
            place=_unit(form.place.data), closing=closing, by=g.mandate,
        )  # fmt: skip
    except RuleBroken as no:
        return ss12000_views.page(form, no), 422
    flash(ngettext("%(num)s ändring är gjord.", "%(num)s ändringar är gjorda.", done.lines), "success")
    if done.people:
        sentence = ngettext(
            "%(num)s person är ny här och behöver en engångskod: skapa den på personens sida.",
            "%(num)s personer är nya här och behöver var sin engångskod: skapa dem på personernas sidor.", done.people,
        )  # fmt: skip
        flash(sentence, "info")
    return redirect(url_for("intake.ss12000"), 303)


def _unit(public_id: str | None) -> Unit | None:
    found: Unit | None = fetch(Unit, public_id, Action.KEEP) if public_id else None
    return found
