"""A measure's own page: what it says, what became of it from round to round, and its wheel for those who work on it."""

from typing import Any

from flask import g, render_template, request, url_for

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock, files
from chain.base.db import random_name
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.measure import queries, rules, tables, wheel_queries, wheel_rules
from chain.measure.models import Measure, Outcome, WheelEntry
from forms.base import choices
from forms.measure import ResponsibleForm
from forms.wheel import WheelForm


def page(measure: Measure, form: WheelForm | None = None, responsible: ResponsibleForm | None = None) -> str:
    """The whole page; with a form in which something was refused."""
    lineage = queries.history(measure)
    works = policy.may(g.mandate, Action.WRITE, measure)
    people = queries.people(measure.path) if works and measure.state == "open" else []
    return render_template(
        "measure/show.html",
        measure=measure,
        state=tables.state(measure),
        flag=rules.carried_sentence(measure.carried) if measure.state == "open" else "",
        lacks=rules.lacks(measure.cause, measure.goal),
        steps=[step for one in lineage if policy.may(g.mandate, Action.READ, one) for step in _steps(one, measure, lineage[0])],
        facts=[(term, value) for term, value in _facts(measure) if value],
        aim=_aim(measure),
        works=works,
        notes=wheel_queries.notes(measure, g.mandate) if works else [],
        form=(form or wheel_form(WheelEntry(key=random_name(), stage="", on=clock.today(), text="", evidence="")))
        if works
        else None,
        responsible=responsible or responsible_form(measure, people),
        gone=measure.state == "open" and works and not any(one.id == measure.responsible_id for one in people),
        stage_name=wheel_rules.stage_name,
        evidence_name=rules.evidence_name,
        most=files.MOST,
        largest=files.LARGEST // 1024 // 1024,
    )


def _aim(measure: Measure) -> str:
    """The page of its goal, for those who read that."""
    goal = measure.aims_at
    return url_for("goal.show", public_id=goal.public_id) if goal and policy.may(g.mandate, Action.READ, goal) else ""


def wheel_form(note: WheelEntry | None = None) -> WheelForm:
    """A note's form, with what was sent when something was sent."""
    sent = request.method == "POST"
    start = {name: getattr(note, name) for name in ("key", "stage", "on", "text", "evidence")} if note and not sent else None
    start = {**start, "seen": wheel_rules.mark(note)} if start and note and note.id else start
    form = WheelForm(data=start) if sent or start else WheelForm(formdata=None)
    form.stage.choices = choices((stage, wheel_rules.stage_name(stage)) for stage in wheel_rules.STAGES)
    known = [(one, rules.evidence_name(one)) for one in rules.EVIDENCE]
    form.evidence.choices = choices([("", _("Välj om det passar")), *known])
    return form


def responsible_form(measure: Measure, people: Any) -> ResponsibleForm:
    form = ResponsibleForm(formdata=None, data={"person": measure.responsible.public_id if measure.responsible else ""})
    form.person.choices = choices([("", _("Välj")), *((one.public_id, one.name) for one in people)])
    return form


def _facts(measure: Measure) -> list[tuple[str, str]]:
    return [
        (_("Ska märkas"), measure.sign),
        (_("Tar tag i orsaken"), measure.cause),
        (_("Mål"), measure.goal),
        (_("Ansvarig"), measure.responsible.name if measure.responsible else _("ingen")),
        (_("Följs upp i"), cycle.due_name(measure.round.path, measure.due_year, measure.due_number)),
    ]


def _steps(one: Measure, shown: Measure, first: Measure) -> list[dict[str, Any]]:
    """The measure as it was set, and what each later round said of it."""
    words = [(_("Problem och åtgärd"), one.problem), (_("Ska märkas"), one.sign)] if one.id != shown.id else []
    set_in = {
        "round": one.round.in_year,
        "what": _("sattes") if one.id == first.id else _("fick nya ord"),
        "texts": words,
        "note": "",
    }
    return [set_in, *(_told(outcome) for outcome in one.outcomes)]


def _told(outcome: Outcome) -> dict[str, Any]:
    how = ", ".join(rules.evidence_name(name).lower() for name in outcome.evidence)
    note = [_("Så vet vi det: %(how)s", how=how) if how else "", rules.hindrance_name(outcome.reason)]
    return {
        "round": outcome.round.in_year,
        "what": rules.kind_name(outcome.kind).lower(),
        "texts": [(_("Effekt"), outcome.effect)] if outcome.effect else [],
        "note": " · ".join(filter(None, note)),
    }
