"""The red thread's pages: a year from its goals, one thing with the thread around it, and the threads that are broken."""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from sqlalchemy.orm import joinedload

from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import slots
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.finding.models import Finding
from chain.goal import queries as goals
from chain.goal.models import Goal
from chain.matter.models import Decision
from chain.measure import queries as measures
from chain.measure.models import Measure
from chain.thread import breaks, knots, queries, rules, tree
from forms.base import posted

bp = Blueprint("thread", __name__, url_prefix="/thread")

OPEN_TO = 2  # levels that are open when the page comes


@bp.get("/")
@allow(Action.READ, "goal")
def year() -> str:
    """A year's goals from the top, and the drawn thread with where it is broken."""
    labels, label = _years()
    whole = queries.of_year(g.mandate, label)
    broken = breaks.of_year(g.mandate, label, most=1)
    drawn = rules.stations(whole.bare, _levels(), queries.work(g.mandate), queries.back_down(g.mandate, label))
    return render_template(
        "thread/year.html", strands=whole.shown, drawn=drawn, broken=broken, label=label, labels=labels, open_to=OPEN_TO
    )


@bp.get("/broken")
@allow(Action.READ, "goal")
def broken() -> str:
    """Where the thread is broken, by kind and place, with who can mend it; of one kind (`kind`) a page at a time."""
    labels, label = _years()
    kind, page = request.args.get("kind", ""), max(1, posted(request.args.get("page")))
    if kind in breaks.KINDS:
        one = breaks.of_kind(g.mandate, label, kind, page=page)
        if not one.found and page > 1:  # mended since, or an address that somebody wrote: the first page tells how it is
            page, one = 1, breaks.of_kind(g.mandate, label, kind)
        more = {"kind": kind, "page": page, "pages": -(-one.number // breaks.PAGE)}
        return render_template("thread/broken.html", found=[one] if one.found else [], label=label, labels=labels, **more)
    return render_template("thread/broken.html", found=breaks.of_year(g.mandate, label), label=label, labels=labels, kind="")


@bp.get("/goal/<public_id>")
@allow(Action.READ, Goal, options=goals.WHOLE)
def goal(goal: Goal) -> str:
    labels, label = _years()
    return _show(queries.of_goal(goal, g.mandate, label), _("Från målet och nedåt"), label=label, labels=labels)


@bp.get("/measure/<public_id>")
@allow(Action.READ, Measure, options=tree.MEASURE)
def measure(measure: Measure) -> str:
    page = queries.of_measure(measure, measures.history(measure), g.mandate)
    return _show(page, _("Från åtgärden, uppåt och vidare"))


@bp.get("/finding/<public_id>")
@allow(Action.READ, Finding, options=queries.FINDING)
def finding(finding: Finding) -> str:
    return _show(queries.of_finding(finding, g.mandate), _("Från iakttagelsen, bakåt och vidare"))


@bp.get("/decision/<public_id>")
@allow(Action.READ, Decision, options=(joinedload(Decision.unit), joinedload(Decision.round).joinedload(Round.year)))
def decision(decision: Decision) -> str:
    return _show(queries.of_decision(decision, g.mandate), _("Från beslutet, bakåt och ned till klassrummet"))


def _show(page: queries.Page, kicker: str, **more: Any) -> str:
    hangs = rules.counted(page.down)
    return render_template("thread/show.html", page=page, kicker=kicker, counted=hangs, open_to=OPEN_TO, **more)


def _years() -> tuple[list[str], str]:
    """The years to choose among, and the one that is asked for: else the one that is going on."""
    labels = goals.labels(g.mandate.unit)
    asked = request.args.get("year", "")
    return labels, asked if asked in labels else goals.this_year(g.mandate.path)


def _levels() -> list[str]:
    """The levels that are drawn: those that this tree has, groups only for those who may read theirs."""
    rank = cycle.levels()[g.mandate.unit.level].rank
    shown = [level.key for level in cycle.levels().values() if not level.optional]
    return ["national", *(key for key in shown if key != "group" or rank >= cycle.level("unit").rank)]


@slots.fill("goal.archive", "thread")
def of_the_year(year: str, **facts: Any) -> str:
    """Over a node's goals: the way to what hangs below them."""
    return render_template("thread/_way.html", way=url_for("thread.year", year=year), kind="year")


@slots.fill("goal.thread", "thread")
def of_a_goal(goal: Goal, **facts: Any) -> str:
    return render_template("thread/_way.html", way=url_for("thread.goal", public_id=goal.public_id), kind="goal")


@slots.fill("measure.page", "thread")
def of_a_measure(measure: Measure, **facts: Any) -> str:
    return render_template("thread/_way.html", way=url_for("thread.measure", public_id=measure.public_id), kind="measure")


@slots.fill("finding.page", "thread")
def of_a_finding(finding: Finding, **facts: Any) -> str:
    return render_template("thread/_way.html", way=url_for("thread.finding", public_id=finding.public_id), kind="finding")


@slots.fill("decision.page", "thread")
def of_a_decision(decision: Decision, **facts: Any) -> str:
    return render_template("thread/_way.html", way=url_for("thread.decision", public_id=decision.public_id), kind="decision")


bp.add_app_template_global(knots.kind_word, "thread_kind")
bp.add_app_template_global(knots.break_word, "thread_break")
bp.add_app_template_global(rules.counted, "thread_counted")
