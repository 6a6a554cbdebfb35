"""The first page: what awaits me, by role."""

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import signed_in
from chain.base import clock
from chain.followup import queries as followup
from chain.home import plans, queries, rules, waiting
from chain.support.escalation_rules import LIVE
from chain.support.models import SupportRequest

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def start() -> str | Response:
    if g.mandate is None:
        return redirect(url_for("account.choose"), 303)
    today, found = clock.today(), queries.gather(g.mandate)
    todo, more = rules.urgent(waiting.all_for(g.mandate, found), today)
    tasks = followup.tasks(found.work) if found.work else []
    turn, turn_text = queries.turn(found)
    return render_template(
        "home/start.html",
        todo=todo, more=more, today=today, days_left=rules.days_left, acts=g.mandate.role not in rules.ONLY_READ,
        round=found.round, own=found.own, tasks=tasks, done=sum(task.status == "done" for task in tasks),
        tallies=queries.tallies(g.mandate, found), page=found.pages[0] if found.pages else None,
        requests=[one for one in found.requests if g.mandate.unit_id in (one.unit_id, one.receiver_id) and not _to_do(one)],
        lacking=plans.lacking(g.mandate), raised=[one for one in found.raised if one.unit_id == g.mandate.unit_id], live=LIVE,
        calendar=rules.ahead(queries.dates(g.mandate, found), today), chain_turn=turn, chain_turn_text=turn_text,
    )  # fmt: skip


def _to_do(request: SupportRequest) -> bool:
    """Whether it stands under what is to be done."""
    return policy.may(g.mandate, policy.Action.ANSWER, request)
