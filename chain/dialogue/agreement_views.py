"""Agreements as forms: written in, changed or taken away before both have agreed, and later what came of each."""

from typing import Any

from flask import flash, g, render_template, request

from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.dialogue import agreement_actions as actions
from chain.dialogue import agreement_queries as agreements
from chain.dialogue import meeting_views, queries, rules
from chain.dialogue.models import Agreement, Dialogue
from chain.organisation.models import Mandate
from chain.organisation.rules import ROLE_WORDS
from forms.base import choices, posted
from forms.dialogue import Agree, CameOfIt


def _people(dialogue: Dialogue) -> list[Mandate]:
    """Who can answer for an agreement: those of both sides."""
    places = queries.host_places(dialogue.host, dialogue.unit)
    return [*queries.people([dialogue.unit_id], rules.UNIT_ROLES), *queries.people(places, rules.HOST_ROLES)]


def offer(form: Agree, dialogue: Dialogue) -> list[Mandate]:
    """Whom and what one can choose; answers the people."""
    known = _people(dialogue)
    form.side.choices = choices([("unit", dialogue.unit.name), ("host", dialogue.host.name)])
    form.responsible.choices = choices(
        [("", _("Välj")), *((one.public_id, f"{one.person.name}, {ROLE_WORDS[one.role]}") for one in known)]
    )
    form.due.choices = choices(agreements.dues(dialogue).items())
    return known


def _said(form: Agree, known: list[Mandate]) -> dict[str, Any]:
    return {
        "side": str(form.side.data or ""), "text": str(form.text.data or ""), "due": str(form.due.data or ""),
        "responsible": next((one for one in known if one.public_id == form.responsible.data), None),
    }  # fmt: skip


def added(dialogue: Dialogue, form: Agree) -> bool:
    """Whether what was sent is written in; else the form says what is to be put right."""
    known = offer(form, dialogue)
    try:
        if form.validate_on_submit():
            actions.add(dialogue, **_said(form, known), by=g.mandate)
            flash(_("Överenskommelsen är inskriven."), "success")
            return True
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
    return False


def change(dialogue: Dialogue, name: str) -> Any:
    """An agreement's words changed, or the agreement taken away, before both have agreed."""
    one = _agreement(dialogue, name)
    form = Agree(request.form if request.method == "POST" else None, data=_stands(one, dialogue))
    known = offer(form, dialogue)
    try:
        if "remove" in request.form:
            actions.remove(one, by=g.mandate)
            flash(_("Överenskommelsen är borttagen."), "success")
            return meeting_views.back(dialogue, "agreements")
        if form.validate_on_submit():
            actions.change(one, **_said(form, known), version=posted(form.version.data), by=g.mandate)
            flash(_("Överenskommelsen är ändrad."), "success")
            return meeting_views.back(dialogue, "agreements")
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
    page = render_template(
        "dialogue/agreement.html", dialogue=dialogue, agreement=one, form=form, chain_here=g.mandate.unit.level
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _agreement(dialogue: Dialogue, name: str) -> Agreement:
    found = agreements.one(dialogue, name)
    if found is None:
        raise NotFound
    return found


def _stands(one: Agreement, dialogue: Dialogue) -> dict[str, Any]:
    mandates = (each for each in _people(dialogue) if each.person_id == one.responsible_id)
    chosen = next((each.public_id for each in mandates if rules.side(str(each.role)) == one.side), "")
    return {"text": one.text, "side": one.side, "responsible": chosen, "due": one.due, "version": str(one.version)}


def end(dialogue: Dialogue, name: str) -> Any:
    """What came of it, said by the side that was to do it."""
    one, form = _agreement(dialogue, name), CameOfIt()
    try:
        if form.validate_on_submit():
            actions.end(one, str(form.words.data), by=g.mandate)
            flash(_("Det är sagt, och den andra sidan får veta det."), "success")
            return meeting_views.back(dialogue, "agreements")
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
    page = render_template(
        "dialogue/end.html", dialogue=dialogue, agreement=one, form=form, chain_here=g.mandate.unit.level
    )  # fmt: skip
    return page, 422 if form.errors else 200
