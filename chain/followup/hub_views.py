"""What the task list says, and what every page of a follow-up says around its content."""

from typing import Any

from flask import g, url_for

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.locale import _, day, hour, moment, ngettext
from chain.cycle import queries as cycle
from chain.followup import queries, rules
from chain.followup.checks import Work
from chain.followup.models import Followup, Submission


def row(followup: Followup, task: queries.Task) -> tuple[str | None, str, str, str, str]:
    """A row of the task list."""
    detail = _("Inget att svara på den här gången") if task.idle else ""
    if task.status == "in_progress" and task.who and task.at:
        detail = f"{task.who.name}, {when(task)}"
    own = cycle.own_due(task.question, followup.round)
    hints = ("" if task.question.required else _("frivilligt"), _("klart senast %(day)s", day=day(own, "d MMMM")) if own else "")
    hint = ", ".join(filter(None, hints))
    return url_for("followup.edit", public_id=followup.public_id, key=task.key), task.question.title, hint, task.status, detail


def when(saved: Any) -> str:
    """When something was saved, today without the date."""
    same_day = saved.at.astimezone(clock.STOCKHOLM).date() == clock.today()
    return _("i dag %(hour)s", hour=hour(saved.at)) if same_day else moment(saved.at, "d MMMM")


def last_task(followup: Followup, tasks: list[queries.Task]) -> tuple[str | None, str, str, str, str]:
    status = queries.check_status(tasks)
    href = None if status == "cannot_start" else url_for("followup.check", public_id=followup.public_id)
    return href, _("Granska och lämna in"), "", status, ""


def deadline(here: Work) -> str:
    """By when, and how long it is until then."""
    last = cycle.due(here.node)
    left = (last - clock.today()).days
    told = day(last, "EEEE d MMMM")
    if here.followup.state in rules.HANDED_UP:
        return _("Sista dag var %(day)s.", day=told) if left < 0 else _("Sista dag är %(day)s.", day=told)
    if left < 0:
        return ngettext(
            "Skulle ha lämnats in %(day)s, för %(num)s dag sedan. Det går bra att lämna in ändå.",
            "Skulle ha lämnats in %(day)s, för %(num)s dagar sedan. Det går bra att lämna in ändå.",
            -left,
            day=told,
        )
    if left == 0:
        return _("Ska lämnas in i dag, %(day)s.", day=told)
    return ngettext("Ska lämnas in %(day)s: %(num)s dag kvar.", "Ska lämnas in %(day)s: %(num)s dagar kvar.", left, day=told)


def can_withdraw(followup: Followup, submissions: list[Submission]) -> bool:
    """Whether the table lets the author take back what was handed in last."""
    if followup.state not in rules.HANDED_UP or not policy.may(g.mandate, Action.SUBMIT, followup):
        return False
    last = submissions[0]
    facts = rules.Facts(
        received=last.receiver_id is not None,
        opened=last.opened_at is not None,
        handed_up_later=queries.handed_up_later(followup),
    )
    return rules.allows("withdraw", last.state, facts, role=str(g.mandate.role), own=cycle.level(followup.level))


def frame(followup: Followup) -> dict[str, Any]:
    """What every page of a follow-up says around its content."""
    level, sentence = queries.turn(followup)
    return {
        "followup": followup,
        "chain_here": followup.level,
        "chain_turn": level,
        "turn_text": sentence,
        "chain_turn_text": sentence,
    }
