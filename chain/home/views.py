"""The first page: what awaits me, by role."""

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import signed_in
from chain.base import clock
from chain.cycle import queries as cycle
from chain.followup import checks
from chain.followup import queries as followup
from chain.home import queries, rules

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def start() -> str | Response:
    if g.mandate is None:
        return redirect(url_for("account.choose"), 303)
    today = clock.today()
    round = cycle.current(g.mandate.path)
    own = followup.mine(g.mandate, round) if round else None
    own = own if own and policy.may(g.mandate, policy.Action.READ, own) else None
    work = checks.work(own) if own and own.state in ("not_started", "draft") else None
    todo, more = rules.urgent(queries.waiting(g.mandate, round, work), today)
    tasks = followup.tasks(work) if work else []
    turn, turn_text = followup.turn(own) if own else (None, "")
    return render_template(
        "home/start.html",
        todo=todo, more=more, round=round, own=own, tasks=tasks, done=sum(task.status == "done" for task in tasks), today=today,
        calendar=rules.ahead(queries.dates(g.mandate, round), today), days_left=rules.days_left,
        chain_turn=turn, chain_turn_text=turn_text,
    )  # fmt: skip
