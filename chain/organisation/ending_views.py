"""The steward's changes that others feel: a unit moves, closes, or becomes one with others. First shown, then done."""

from collections.abc import Iterable
from typing import Any

from flask import flash, g, redirect, render_template, url_for

from chain.access.guard import fetch
from chain.access.policy import Action
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.organisation import actions, queries, rules
from chain.organisation.models import Unit
from forms.base import choices
from forms.organisation import Close, Merge, Move


def move(unit: Unit) -> Any:
    """First what would change, for whom; a second POST, which has seen it, does it."""
    form = Move(version=unit.version)
    form.under.choices = choices((each.public_id, way) for each, way in queries.parents_to_choose(unit, g.mandate))
    if form.validate_on_submit():
        under = fetch(Unit, form.under.data, Action.KEEP)
        moving = queries.moving(unit, under)
        if form.step.data != "keep" or form.seen.data != rules.seen(moving.stays):
            facts = {"unit": unit, "under": under, "moving": moving, "above": unit.parent}
            return _before_it_is_done("organisation/move_confirm.html", form, moving.stays, **facts)
        try:
            actions.move_unit(unit, under=under, version=form.version.data, by=g.mandate)
        except RuleBroken as no:
            return again("organisation/move.html", form, no, unit=unit)
        flash(
            _(
                "%(unit)s ligger nu under %(parent)s. Pågående rundor behåller trädet som de öppnade med.",
                unit=unit.name,
                parent=under.name,
            ),
            "success",
        )
        return redirect(url_for("organisation.unit", public_id=unit.public_id), 303)
    return page("organisation/move.html", form, unit=unit)


SAME = "same"  # of a choice per link: whoever takes over the rest
HEIRS = ("goal", "measure", "support", "handover", "feedback")


def close(unit: Unit) -> Any:
    """First what would be handed to whom; a second POST, which has seen it, does it."""
    waiting = queries.waiting(unit)
    form = _handover(Close(version=unit.version), [unit])
    others = [(each.public_id, way) for each, way in queries.successors_to_choose(unit, g.mandate)]
    form.successor.choices = choices([("", _("Ingen: det som är öppet avslutas")), *others])
    for link in HEIRS:
        form[link].choices = choices([(SAME, _("Samma som ovan")), ("", _("Ingen: det avslutas med skälet")), *others])
    facts = {"unit": unit, "waiting": waiting, "chosen": {one.link for one in waiting if one.chooses}}
    if not form.validate_on_submit():
        return page("organisation/close.html", form, **facts)
    successor = fetch(Unit, form.successor.data, Action.KEEP) if form.successor.data else None
    heirs = _heirs(form, successor)
    if any(one.chooses and heirs.get(one.link, successor) is None for one in waiting) and not form.reason.data:
        form.reason.errors = [_("Skriv varför det som ingen tar över avslutas.")]
        return page("organisation/close.html", form, **facts)
    waiting = queries.waiting(unit, successor)
    handed = [(one, _to(one, heirs.get(one.link, successor), form.reason.data or "")) for one in waiting]
    facts["finishing"] = _finishing(waiting)
    if form.step.data != "keep" or form.seen.data != rules.seen(waiting):
        return _before_it_is_done("organisation/close_confirm.html", form, waiting, **facts, handed=handed, successor=successor)
    try:
        actions.close_unit(
            unit, successor=successor, reason=form.reason.data or "", version=form.version.data, by=g.mandate,
            heirs=heirs, follow=form.follow.data or [],
        )  # fmt: skip
    except RuleBroken as no:
        return again("organisation/close.html", form, no, **facts)
    flash(_("%(unit)s är stängd.", unit=unit.name), "success")
    return redirect(url_for("organisation.unit", public_id=unit.public_id), 303)


def _finishing(waiting: Iterable[rules.Waiting]) -> bool:
    """Whether an open round goes on awaiting a unit that ends: then others hand in for it there."""
    return any(one.link == "cycle" and one.to for one in waiting)


def _heirs(form: Any, successor: Unit | None) -> dict[str, Unit | None]:
    """Who takes over what waits in each link."""
    chosen = {link: form[link].data for link in HEIRS}
    named = {word: fetch(Unit, word, Action.KEEP) for word in set(chosen.values()) - {SAME, "", None}}
    return {link: successor if word in (SAME, None) else named.get(word) for link, word in chosen.items()}


def _to(one: rules.Waiting, heir: Unit | None, reason: str) -> str:
    """To whom something goes, in words."""
    if not one.chooses:
        return one.to
    return heir.name if heir else _("ingen: det avslutas med skälet ”%(reason)s”", reason=reason)


def _handover(form: Any, units: list[Unit]) -> Any:
    """The mandates that can go over to whoever takes over."""
    held = [mandate for unit in units for mandate in queries.remaining(unit)]
    form.follow.choices = choices((one.public_id, f"{one.person.name}, {one.role_name}") for one in held)
    return form


def _before_it_is_done(template: str, form: Any, shown: list[rules.Waiting], **facts: Any) -> Any:
    """What will be handed to whom, with all that was chosen; and a sentence when something has come since it was last shown."""
    if form.step.data == "keep":
        flash(_("Något har kommit till sedan du såg listan. Se efter en gång till."), "warning")
    form.step.data, form.seen.data = "keep", rules.seen(shown)
    return render_template(template, form=form, **facts)


def merge(unit: Unit) -> Any:
    """Two or more units become one: first what would be handed over, then a second POST does it."""
    form = Merge(version=unit.version)
    beside = queries.mergeable(unit, g.mandate)
    form.others.choices = choices((each.public_id, way) for each, way in beside)
    known = {unit.public_id: unit} | {each.public_id: each for each, _way in beside}
    form.into.choices = choices([(each.public_id, each.name) for each in known.values()] + [("", _("En ny enhet"))])
    units = [unit, *(known[one] for one in form.others.data or [] if one in known)]
    into = known.get(form.into.data)
    ending = [each for each in units if each is not into]
    _handover(form, ending)
    if not form.validate_on_submit():
        return page("organisation/merge.html", form, unit=unit)
    try:
        if form.step.data != "keep" and not form.errors:
            form.follow.data = [choice.value for choice in form.follow.choices or []]
        rules.check_merge([each.level for each in units], [each.name for each in units])
        _check_into(form, into, units)
    except RuleBroken as no:
        return _refused("organisation/merge.html", form, no, unit=unit)
    handed = [
        (each, one, one.to if not one.chooses else into.name if into else form.name.data)
        for each in ending
        for one in queries.waiting(each, into, new=into is None)
    ]
    waiting = [one for _each, one, _to in handed]
    facts = {
        "finishing": _finishing(waiting),
        "unit": unit,
        "units": units,
        "into": into,
        "ending": ending,
        "handed": handed,
        "name": into.name if into else form.name.data,
    }
    if form.step.data != "keep" or form.seen.data != rules.seen(waiting):
        facts["below"] = {each.id: [child for child in queries.children(each) if child.open] for each in ending}
        return _before_it_is_done("organisation/merge_confirm.html", form, waiting, **facts)
    versions = {each.public_id: each.version for each in units} | {unit.public_id: form.version.data or 0}
    try:
        made = actions.merge_units(
            units, into=into, versions=versions, by=g.mandate, name=form.name.data or "", code=checked_code(form.code.data or ""),
            follow=form.follow.data or [],
        )  # fmt: skip
    except RuleBroken as no:
        return _refused("organisation/merge.html", form, no, unit=unit)
    flash(_("%(units)s är nu %(unit)s.", units=queries.named(units), unit=made.name), "success")
    return redirect(url_for("organisation.unit", public_id=made.public_id), 303)


def _check_into(form: Any, into: Unit | None, units: list[Unit]) -> None:
    if into is None and not form.name.data:
        raise RuleBroken(_("Skriv vad den nya enheten heter."), {"name": _("Skriv vad den nya enheten heter.")})
    if into is not None and into not in units:
        sentence = _("%(unit)s är inte med bland dem som slås ihop. Välj den också, eller en annan.", unit=into.name)
        raise RuleBroken(sentence, {"into": sentence})


def _refused(name: str, form: Any, no: RuleBroken, **facts: Any) -> Any:
    """The form with a refusal at the fields that it is about, else above it."""
    named = [(field, sentence) for field, sentence in no.problems.items() if field in form]
    form.step.data = ""
    for field, sentence in named:
        form[field].errors = [sentence]
    return page(name, form, **facts) if named else again(name, form, no, **facts)


# What the pages of the organisation share


def checked_code(typed: str) -> str:
    """A school unit's code as it was typed; refused when it cannot be one. Nothing is none."""
    if typed:
        rules.check_code(typed)
    return typed


def page(name: str, form: Any, **facts: Any) -> Any:
    """A form to fill in, or to fill in again."""
    return render_template(name, form=form, **facts), 422 if form.errors else 200


def again(name: str, form: Any, no: RuleBroken, **facts: Any) -> Any:
    """The form with the sentence that says what a rule asks for."""
    return render_template(name, form=form, extra=[no.sentence], **facts), 422
