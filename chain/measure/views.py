"""The pages of measures: all that a unit has decided through the years, those of the units below, and one by itself."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import out
from chain.base.errors import RuleBroken
from chain.base.locale import _, ngettext
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.measure import actions, board, page_views, queries, rules, tables, wheel_queries
from chain.measure.models import Measure
from forms.base import posted
from forms.measure import ResponsibleForm

bp = Blueprint("measure", __name__, url_prefix="/measure")

WHOLE = (
    joinedload(Measure.unit), joinedload(Measure.responsible), joinedload(Measure.round).joinedload(Round.year),
    joinedload(Measure.aims_at),
)  # fmt: skip
SOUGHT = ("state", "responsible", "goal", "horizon", "year")


@bp.get("/")
@allow(Action.READ, "measure")
def archive() -> Any:
    every = [one for one in queries.at(g.mandate.unit_id) if policy.may(g.mandate, Action.READ, one)]
    sought = board.Sought(**{name: request.args.get(name, "") for name in SOUGHT})
    found, dues = sought.among(every), _dues()
    if form := out.wanted():
        return out.file(tables.measures(g.mandate.unit, found, dues), form, _("åtgärder"), g.mandate.unit.name)
    lines = [board.line(one, dues) for one in found]
    waiting = [one for one in lines if one["measure"].state == "open"]
    view = request.args.get("view", "")
    return render_template(
        "measure/archive.html",
        sentence=ngettext("%(num)s öppen åtgärd.", "%(num)s öppna åtgärder.", len(waiting)),
        view=view if view == "board" else "list",
        by=request.args.get("by", ""),
        columns=_columns(waiting, dues) if view == "board" else [],
        waiting=waiting,
        past=_by_year([one for one in lines if one["measure"].state != "open"]),
        mine=[board.line(one, dues) for one in queries.charged(g.mandate) if one.unit_id != g.mandate.unit_id],
        sought=sought,
        choices=board.choices(every),
        tabs=_tabs("board" if view == "board" else "list"),
    )


@bp.get("/units")
@allow(Action.READ, "measure")
def units() -> str:
    """What those below have handed up and is still open, unit by unit."""
    number, flagged = max(1, posted(request.args.get("page"))), request.args.get("carried") == "often"
    found, dues = queries.below(g.mandate, number, flagged=flagged), _dues()
    last = max(1, -(-found.units // queries.UNITS))
    return render_template(
        "measure/units.html",
        groups=[(unit, [board.line(one, dues) for one in measures]) for unit, measures in found.groups],
        count=found.units,
        often=rules.CARRIED_TOO_OFTEN,
        flagged=flagged,
        number=number,
        last=last,
        tabs=_tabs("units"),
    )


@bp.get("/<public_id>")
@allow(Action.READ, Measure, options=WHOLE)
def show(measure: Measure) -> str:
    return page_views.page(measure)


@bp.post("/<public_id>/hand_over")
@allow(Action.WRITE, Measure, options=WHOLE)
def hand_over(measure: Measure) -> Any:
    form = ResponsibleForm()
    try:
        actions.hand_over(measure, str(form.person.data or ""), by=g.mandate)
    except RuleBroken as no:
        if "person" not in no.problems:
            raise
        form = page_views.responsible_form(measure, queries.people(measure.path))
        form.refuse(no.sentence, no.problems)
        return page_views.page(measure, responsible=form), 422
    flash(_("Ansvaret är överlämnat."), "success")
    return redirect(url_for("measure.show", public_id=measure.public_id), 303)


def _tabs(here: str) -> list[tuple[str, str, bool]]:
    """(words, address, whether we are there) of the ways to see measures."""
    found = [("list", _("Lista"), url_for("measure.archive")), ("board", _("Tavla"), url_for("measure.archive", view="board"))]
    if g.mandate.unit.level not in ("group", "unit", "committee"):  # a committee reads no measure from below
        found.append(("units", _("Enheternas"), url_for("measure.units")))
    return [(words, address, name == here) for name, words, address in found]


def _columns(waiting: list[dict[str, Any]], dues: dict[str, str]) -> list[board.Column]:
    """By the round in which they are due, or, for those who write in the wheels, by stage."""
    works = [one for one in waiting if policy.may(g.mandate, Action.WRITE, one["measure"])]
    if request.args.get("by") == "due" or len(works) < len(waiting):
        return board.by_due(waiting, dues)
    return board.by_stage(waiting, wheel_queries.stages({one["measure"].lineage for one in waiting}))


def _by_year(lines: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Those that are ended, by the school year in which they were set, the newest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in lines:
        found.setdefault(one["measure"].round.year.label, []).append(one)
    return sorted(found.items(), reverse=True)


def _dues() -> dict[str, str]:
    """The rounds that may be due, in words, read once for the page."""
    rounds = cycle.current(g.mandate.path)
    found = cycle.rounds(rounds.path) if rounds else []
    return {rules.written_due(one.year.label, one.number): one.in_year for one in found}
