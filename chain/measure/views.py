"""The pages of measures: all that a unit has decided through the rounds, and one from the day it was set."""

from typing import Any

from flask import Blueprint, g, render_template
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import out
from chain.base.locale import _, ngettext
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.measure import queries, rules, tables
from chain.measure.models import Measure, Outcome

bp = Blueprint("measure", __name__, url_prefix="/measure")

WHOLE = (joinedload(Measure.unit), joinedload(Measure.responsible), joinedload(Measure.round).joinedload(Round.year))


@bp.get("/")
@allow(Action.READ, "measure")
def archive() -> Any:
    found = [one for one in queries.at(g.mandate.unit_id) if policy.may(g.mandate, Action.READ, one)]
    dues = _dues()
    if form := out.wanted():
        return out.file(tables.measures(g.mandate.unit, found, dues), form, _("åtgärder"), g.mandate.unit.name)
    waiting = [_line(one, dues) for one in found if one.state == "open"]
    past = [_line(one, dues) for one in found if one.state != "open"]
    return render_template(
        "measure/archive.html",
        sentence=ngettext("%(num)s öppen åtgärd.", "%(num)s öppna åtgärder.", len(waiting)),
        groups=[
            (_("Öppna"), waiting, _("Ingen åtgärd är öppen. Nya sätts i nästa uppföljning.")),
            (_("Avslutade och ändrade"), past, _("Ingen åtgärd har avslutats än.")),
        ],
    )


def _dues() -> dict[str, str]:
    """The rounds that may be due, in words, read once for the page."""
    rounds = cycle.current(g.mandate.path)
    found = cycle.rounds(rounds.path) if rounds else []
    return {rules.written_due(one.year.label, one.number): _named(one) for one in found}


def _line(one: Measure, dues: dict[str, str]) -> dict[str, Any]:
    due = rules.written_due(one.due_year, one.due_number)
    facts = [
        _("Sattes i %(round)s %(year)s", round=one.round.title, year=one.round.year.label),
        _("ansvarig %(who)s", who=one.responsible.name) if one.responsible else "",
        _("följs upp i %(round)s", round=dues.get(due, due)) if one.state == "open" else "",
        rules.kind_name(one.outcomes[-1].kind).lower() if one.outcomes and one.state != "open" else "",
    ]
    return {"measure": one, "status": tables.state(one), "facts": " · ".join(filter(None, facts))}


@bp.get("/<public_id>")
@allow(Action.READ, Measure, options=WHOLE)
def show(measure: Measure) -> str:
    lineage = queries.history(measure)
    due = cycle.due_name(measure.round.path, measure.due_year, measure.due_number)
    facts = [
        (_("Ska märkas"), measure.sign),
        (_("Ansvarig"), measure.responsible.name if measure.responsible else _("ingen")),
        (_("Följs upp i"), due),
        (_("Mål"), measure.goal),
    ]
    return render_template(
        "measure/show.html",
        measure=measure,
        state=tables.state(measure),
        steps=[step for one in lineage if policy.may(g.mandate, Action.READ, one) for step in _steps(one, measure, lineage[0])],
        facts=[(term, value) for term, value in facts if value],
    )


def _steps(one: Measure, shown: Measure, first: Measure) -> list[dict[str, Any]]:
    """The measure as it was set, and what each later round said of it."""
    words = [(_("Problem och åtgärd"), one.problem), (_("Ska märkas"), one.sign)] if one.id != shown.id else []
    set_in = {
        "round": _named(one.round),
        "what": _("sattes") if one.id == first.id else _("fick nya ord"),
        "texts": words,
        "note": "",
    }
    return [set_in, *(_told(outcome) for outcome in one.outcomes)]


def _told(outcome: Outcome) -> dict[str, Any]:
    how = ", ".join(rules.evidence_name(name).lower() for name in outcome.evidence)
    note = [_("Så vet vi det: %(how)s", how=how) if how else "", rules.hindrance_name(outcome.reason)]
    return {
        "round": _named(outcome.round),
        "what": rules.kind_name(outcome.kind).lower(),
        "texts": [(_("Effekt"), outcome.effect)] if outcome.effect else [],
        "note": " · ".join(filter(None, note)),
    }


def _named(round: Round) -> str:
    return f"{round.title} {round.year.label}"
