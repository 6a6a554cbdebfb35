"""The pages on which a dialogue is planned and changed, and an administration's own headings."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, current, day
from chain.dialogue import actions, queries, rules
from chain.dialogue.models import Dialogue
from chain.matter import meeting_rules
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import ROLE_WORDS
from forms.base import choices, posted
from forms.dialogue import Headings, Meeting, Step, WhichUnit


def plan() -> Any:
    """First whom, then when and with whom: the people that can be chosen are those of the unit."""
    units = {one.public_id: one for one in queries.units(g.mandate)}
    unit = units.get(str(request.args.get("unit", "")))
    if unit is None:
        if request.args.get("unit"):
            raise NotFound
        form = WhichUnit(formdata=None)
        form.unit.choices = choices((name, one.name) for name, one in units.items())
        return render_template("dialogue/plan_whom.html", form=form, units=units, chain_here=g.mandate.unit.level)
    abouts = queries.abouts(unit.path)
    seats = _seats(g.mandate.unit, unit)
    form = Meeting(request.form if request.method == "POST" else None, data=_first(unit, seats))
    _offer(form, seats, abouts)
    if form.validate_on_submit():
        _value, year, about = next((one for one in abouts if one[0] == form.about.data), abouts[0])
        try:
            made = actions.plan(
                unit, **_said(form, unit, seats, queries.agenda(g.mandate.unit)), year=year, about=about, by=g.mandate
            )
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("%(unit)s är kallad till dialog %(day)s.", unit=unit.name, day=day(made.held_on)), "success")
            return redirect(url_for("dialogue.show", public_id=made.public_id), 303)
    page = render_template("dialogue/plan.html", form=form, unit=unit, chain_here=g.mandate.unit.level)
    return page, 422 if form.errors else 200


Seats = dict[str, list[Mandate]]


def _seats(host: Unit, unit: Unit) -> Seats:
    """Who can take part from either side."""
    return {
        rules.UNIT: queries.people([unit.id], rules.UNIT_ROLES),
        rules.HOST: queries.people(queries.host_places(host, unit), rules.HOST_ROLES),
    }


def _first(unit: Unit, seats: Seats) -> dict[str, Any]:
    """All of the unit's heads, and whoever calls; the administration's headings."""
    return {
        "unit_people": [one.public_id for one in seats[rules.UNIT]], "host_people": [g.mandate.public_id],
        "agenda": _lines(queries.agenda(g.mandate.unit)),
    }  # fmt: skip


def _lines(agenda: Any) -> str:
    return "\n".join(str(one["title"].get(current()) or one["title"]["sv"]) for one in agenda)


def _offer(form: Meeting, seats: Seats, abouts: Any = ()) -> None:
    for field, side in ((form.unit_people, rules.UNIT), (form.host_people, rules.HOST)):
        field.choices = choices((one.public_id, f"{one.person.name}, {ROLE_WORDS[one.role]}") for one in seats[side])
    form.about.choices = choices(
        (value, _("%(round)s %(year)s", round=about.title, year=year) if about else _("Läsåret %(year)s", year=year))
        for value, year, about in abouts
    )


def _said(form: Meeting, unit: Unit, seats: Seats, agenda: Any) -> dict[str, Any]:
    chosen = {*(form.unit_people.data or []), *(form.host_people.data or [])}
    return {
        "held_on": form.held_on.data, "begins_at": meeting_rules.hour(str(form.begins_at.data or "")),
        "place": str(form.place.data or ""), "agenda": rules.headings(str(form.agenda.data or ""), agenda),
        "people": [one for side in seats.values() for one in side if one.public_id in chosen],
    }  # fmt: skip


def change(dialogue: Dialogue) -> Any:
    seats = _seats(dialogue.host, dialogue.unit)
    form = Meeting(request.form if request.method == "POST" else None, data=_now(dialogue, seats))
    _offer(form, seats)
    if form.validate_on_submit():
        try:
            actions.change(
                dialogue, **_said(form, dialogue.unit, seats, dialogue.agenda), version=posted(form.version.data), by=g.mandate
            )
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Dialogen är ändrad, och enheten får veta det."), "success")
            return back(dialogue)
    return change_page(dialogue, form, Step(formdata=None)), 422 if form.errors else 200


def change_page(dialogue: Dialogue, form: Meeting | None, cancel: Step) -> str:
    if form is None:
        seats = _seats(dialogue.host, dialogue.unit)
        form = Meeting(None, data=_now(dialogue, seats))
        _offer(form, seats)
    return render_template(
        "dialogue/change.html", dialogue=dialogue, form=form, cancel=cancel, chain_here=g.mandate.unit.level
    )  # fmt: skip


def _now(dialogue: Dialogue, seats: Seats) -> dict[str, Any]:
    there = {(one["person"], one["role"]) for one in dialogue.people}
    seated = [one.public_id for side in seats.values() for one in side if (one.person.public_id, str(one.role)) in there]
    return {
        "held_on": dialogue.held_on, "begins_at": dialogue.begins_at.strftime("%H.%M"), "place": dialogue.place,
        "unit_people": seated, "host_people": seated, "agenda": _lines(dialogue.agenda), "version": str(dialogue.version),
    }  # fmt: skip


def agenda() -> Any:
    """The headings that an administration's dialogues begin with."""
    unit = g.mandate.unit
    form = Headings(request.form if request.method == "POST" else None, data={"agenda": _lines(queries.agenda(unit))})
    if form.validate_on_submit():
        try:
            actions.keep_agenda(unit, str(form.agenda.data or ""), by=g.mandate)
        except RuleBroken as no:
            form.refuse(no.sentence, no.problems)
        else:
            flash(_("Rubrikerna är sparade. De gäller dialoger som planeras från och med nu."), "success")
            return redirect(url_for("dialogue.archive"), 303)
    own = queries.own_agenda(unit.id) is not None
    page = render_template("dialogue/agenda.html", form=form, own=own, chain_here=unit.level)
    return page, 422 if form.errors else 200


def back(dialogue: Dialogue, anchor: str = "") -> Response:
    return redirect(url_for("dialogue.show", public_id=dialogue.public_id, _anchor=anchor or None), 303)
