"""The giving unit's pages of handovers, all of a unit's handovers, and how far they have come for those above."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.cowriting_views import Page
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.locale import _, current
from chain.base.slots import fill
from chain.cycle import queries as cycle
from chain.cycle import rules as years
from chain.handover import actions, queries, rules, section_views, shipped
from chain.handover import reception_actions as answering
from chain.handover.models import Handover
from chain.organisation.models import Unit
from forms.base import choices, posted
from forms.handover import Begin, Give, Group, Reply, Search

bp = Blueprint("handover", __name__, url_prefix="/handover")


@bp.get("/")
@allow(Action.READ, "handover")
def archive() -> str:
    """To give, given, to receive, received; by year."""
    given, received = queries.given(g.mandate), queries.received(g.mandate)
    may_write = policy.may_somewhere(g.mandate, Action.WRITE, "handover")
    return render_template(
        "handover/archive.html", may_write=may_write, title=queries.title,
        to_give=queries.to_give(g.mandate.unit, given) if may_write else [],
        writing=[one for one in given if one.state in rules.WRITABLE], given=[one for one in given if one.state in rules.GIVEN],
        to_receive=[one for one in received if one.state in rules.AWAITS], now=queries.year_now(),
        received=[one for one in received if one.state in rules.TAKEN],
    )  # fmt: skip


@bp.get("/overview")
@allow(Action.READ, "node")
def overview() -> Any:
    """For those above the units: that handovers are given and received, and which are not. Never what they say."""
    if g.mandate.unit.level in ("unit", "group"):
        return redirect(url_for("handover.archive"), 303)
    labels = queries.labels_known(g.mandate)
    year = request.args.get("year", "")
    year = year if year in labels else labels[0]
    return render_template("handover/overview.html", steps=queries.overview(g.mandate, year), year=year, labels=labels)


# To begin


@bp.route("/begin", methods=["GET", "POST"])
@allow(Action.WRITE, "handover")
def begin() -> Any:
    """Which group, of which year. Named in the address: the step that a reminder is about."""
    unit, now = g.mandate.unit, queries.year_now()
    form = Begin(data={"step": request.args.get("step", ""), "year": now})
    steps = [(step, year) for step in shipped.transitions().values() for year in step.begins(unit.school_forms, unit.year_groups)]
    form.step.choices = choices((f"{step.key}:{year}", step.name(current(), year)) for step, year in steps)
    form.year.choices = choices((one, one) for one in (now, years.label_before(now)))
    if form.validate_on_submit():
        key, _colon, year_group = str(form.step.data).partition(":")
        facts = {"cohort": str(form.cohort.data), "children": form.children.data}
        try:
            made = actions.begin(key, year_group, year=str(form.year.data), **facts, by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Överlämningen är påbörjad. Bara ni ser den tills den lämnas över."), "success")
            return _to(made)
    return render_template("handover/begin.html", form=form), 422 if form.is_submitted() else 200


# As it stands


@bp.get("/<public_id>")
@allow(Action.READ, Handover, options=queries.WHOLE)
def show(handover: Handover) -> str:
    return _page(handover)


def _page(handover: Handover, replies: dict[str, Reply] | None = None) -> str:
    """What is written, for those who write; the newest edition, for the others of the unit; and what the receivers have said."""
    writes = policy.may(g.mandate, Action.WRITE, handover)
    found = queries.editions(handover.id) if handover.edition else []
    said = None if writes or not found else queries.edition(handover.id, found[0].number)
    opened = any(one.opened_at for one in handover.receptions)
    submits = policy.may(g.mandate, Action.SUBMIT, handover)
    came = [one for one in queries.chosen(handover) if one.state not in (rules.CHOSEN, "ended")]
    return render_template(
        "handover/show.html", handover=handover, title=queries.title(handover), writes=writes, submits=submits,
        headings=shipped.headings(handover.transition), locale=current(), said=said,
        texts={one.key: one for one in handover.sections} if writes else {},
        counted=rules.counted(handover.children, handover.transition), editions=found, came=came,
        receivers=queries.chosen(handover), small=rules.small(handover.children, handover.transition) if writes else "",
        may_withdraw=submits and rules.allows("withdraw", handover.state, rules.Facts(opened=opened)),
        may_discard=submits and rules.allows("discard", handover.state, rules.Facts(opened=opened)),
        answers=policy.may(g.mandate, Action.ANSWER, handover), replies=replies or {}, blank=Reply(formdata=None),
    )  # fmt: skip


@bp.get("/<public_id>/edition/<int:number>")
@allow(Action.READ, Handover, options=queries.GIVER)
def edition(handover: Handover, number: int) -> str:
    """What was handed over, once: also an edition that has been followed by another."""
    found = queries.edition(handover.id, number) if number <= handover.edition else None
    if found is None:
        raise NotFound
    return render_template(
        "handover/edition.html", handover=handover, said=found, title=queries.title(handover), locale=current()
    )


@bp.route("/<public_id>/describe", methods=["GET", "POST"])
@allow(Action.WRITE, Handover, options=queries.GIVER)
def describe(handover: Handover) -> Any:
    form = Group(data={"cohort": handover.cohort, "children": handover.children})
    if form.validate_on_submit():
        try:
            actions.describe(handover, cohort=str(form.cohort.data), children=form.children.data, by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Uppgifterna är ändrade."), "success")
            return _to(handover)
    page = render_template("handover/describe.html", handover=handover, form=form, title=queries.title(handover))
    return page, 422 if form.is_submitted() else 200


@bp.get("/<public_id>/receivers")
@allow(Action.WRITE, Handover, options=queries.GIVER)
def receivers(handover: Handover) -> str:
    """Who receives: those chosen, and a search among the units that have the next step."""
    form = Search(request.args)
    offers, more = queries.receivers(handover, form.words.data or "")
    return render_template(
        "handover/receivers.html", handover=handover, form=form, offers=offers, more=more, receivers=queries.chosen(handover),
        title=queries.title(handover), entered=_entered(handover),
    )  # fmt: skip


def _entered(handover: Handover) -> str:
    """The school form that the receivers have, in words."""
    step = shipped.transitions()[handover.transition]
    return cycle.school_forms()[step.receiver].name(current())


@bp.post("/<public_id>/choose")
@allow(Action.WRITE, Handover, options=queries.GIVER)
def choose(handover: Handover) -> Response:
    unit = queries.candidate(handover, request.form.get("unit", ""))
    if unit is None:
        raise RuleBroken(_("Enheten kan inte ta emot gruppen. Sök och välj en annan."))
    actions.choose(handover, unit, by=g.mandate)
    flash(_("%(unit)s är vald som mottagare, och får veta det när ni lämnar över.", unit=unit.name), "success")
    return redirect(url_for("handover.receivers", public_id=handover.public_id, words=request.form.get("words") or None), 303)


@bp.post("/<public_id>/leave_out")
@allow(Action.WRITE, Handover, options=queries.GIVER)
def leave_out(handover: Handover) -> Response:
    chosen = {one.unit.public_id: one.unit for one in handover.receptions}
    if unit := chosen.get(request.form.get("unit", "")):
        actions.leave_out(handover, unit, by=g.mandate)
        flash(_("%(unit)s är borttagen som mottagare.", unit=unit.name), "success")
    return redirect(url_for("handover.receivers", public_id=handover.public_id), 303)


# The sections


@bp.route("/<public_id>/section/<key>", methods=["GET", "POST"])
@allow(Action.READ, Handover, options=queries.WHOLE)
def edit(handover: Handover, key: str) -> Page:
    """For those who write; also when it has been handed over meanwhile, so that nobody's words are lost."""
    if not policy.may_somewhere(g.mandate, Action.WRITE, "handover"):
        raise NotAllowed(_("Överlämningar skrivs av rektor och biträdande rektor."))
    return section_views.edit(handover, key)


@bp.get("/<public_id>/section/<key>/versions")
@allow(Action.WRITE, Handover, options=queries.WHOLE)
def versions(handover: Handover, key: str) -> str:
    return section_views.versions(handover, key)


@bp.post("/<public_id>/section/<key>/restore")
@allow(Action.WRITE, Handover, options=queries.WHOLE)
def restore(handover: Handover, key: str) -> Page:
    return section_views.restore(handover, key)


@bp.get("/<public_id>/section/<key>/conflict")
@allow(Action.WRITE, Handover, options=queries.WHOLE)
def conflict(handover: Handover, key: str) -> str:
    return section_views.conflict(handover, key)


# Handed over


@bp.route("/<public_id>/give", methods=["GET", "POST"])
@allow(Action.SUBMIT, Handover, options=queries.WHOLE)
def give(handover: Handover) -> Any:
    """What must be mended first; then the whole as it will be read, and the confirmation."""
    if handover.state == "handed_over":  # the button was pressed twice
        return _to(handover)
    form = Give()
    if form.is_submitted():
        try:
            actions.give(handover, confirmed=bool(form.confirmed.data), version=posted(form.version.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, {name: words for name, words in no.problems.items() if name == "confirmed"})
        else:
            flash(_("Överlämnad. Den ändras inte längre, och mottagarna har fått veta det."), "success")
            return _to(handover)
    words = {one.key: one.word("title", current()) for one in shipped.headings(handover.transition)}
    form.version.data = str(queries.revision(handover))
    page = render_template(
        "handover/give.html", handover=handover, form=form, title=queries.title(handover), words=words, locale=current(),
        facts=actions.facts(handover), warnings=actions.warnings(handover), receivers=queries.chosen(handover),
        small=rules.small(handover.children, handover.transition),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/<public_id>/withdraw")
@allow(Action.SUBMIT, Handover, options=queries.GIVER)
def withdraw(handover: Handover) -> Response:
    if handover.state != "draft":  # else the button was pressed twice
        actions.withdraw(handover, by=g.mandate)
        flash(_("Överlämningen är tillbaka hos er. Mottagarna ser den inte längre."), "success")
    return _to(handover)


@bp.post("/<public_id>/discard")
@allow(Action.SUBMIT, Handover)
def discard(handover: Handover) -> Response:
    actions.discard(handover, by=g.mandate)
    flash(_("Utkastet är kastat."), "success")
    return redirect(url_for("handover.archive"), 303)


@bp.post("/<public_id>/reply/<reception_id>")
@allow(Action.ANSWER, Handover, options=queries.WHOLE)
def reply(handover: Handover, reception_id: str) -> Any:
    """The giver's answer to what a receiver has asked."""
    reception = next((one for one in handover.receptions if one.public_id == reception_id and one.asks), None)
    if reception is None:
        raise NotFound
    if reception.replied_by_id == g.mandate.person_id:  # the button was pressed twice
        return _to(handover)
    form = Reply()
    if form.validate_on_submit():
        try:
            answering.reply(reception, str(form.words.data), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Svaret är lämnat till %(unit)s.", unit=reception.unit.name), "success")
            return _to(handover)
    return _page(handover, {reception.public_id: form}), 422


def _to(handover: Handover) -> Response:
    return redirect(url_for("handover.show", public_id=handover.public_id), 303)


@fill("unit.page", "handover")
def on_unit(unit: Unit, **_facts: Any) -> str:
    """On a unit's own page, for those who work there: the way to its handovers."""
    at = g.mandate.unit_id == unit.id or g.mandate.unit.parent_id == unit.id
    return render_template("handover/_on_unit.html") if at and policy.may_somewhere(g.mandate, Action.READ, "handover") else ""
