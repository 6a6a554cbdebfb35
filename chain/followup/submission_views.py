"""What is said before something is handed in, and on its receipt."""

from typing import Any

from flask import g, render_template

from chain.access import policy
from chain.access.policy import Action
from chain.base.locale import _, day, moment
from chain.followup import checks, hub_views, place, queries, reading, rules
from chain.followup.models import Followup, Submission
from chain.result.rules import basis_name


def check_page(followup: Followup, *, refused: str) -> str:
    here = checks.work(followup)
    above, below = place.receiver(here.node), reading.below(followup)
    return render_template(
        "followup/check.html",
        **hub_views.frame(followup),
        node=here.node,
        came_back=queries.came_back(followup),
        sections=reading.checked(here),
        problems=checks.problems_of(here),
        titles={one.key: one.title for one in here.questions},
        refused=refused,
        has_errors=bool(refused),
        basis_name=basis_name,
        receiver_sentence=_("Den lämnas till %(receiver)s.", receiver=above.name)
        if above
        else _("När den är inlämnad ger förvaltningen ut siffrorna och överlämnar sidan till nämnden."),
        missing=missing(below) if below else "",
        may_submit=policy.may_somewhere(g.mandate, Action.SUBMIT, "followup")
        and str(g.mandate.role) in place.level(here.node).submits,
    )


def missing(below: reading.Below) -> str:
    """Who has not handed in yet: one may go on without them, and says so."""
    names = ", ".join(node.name for node in below.missing)
    told = _("Det går att lämna in ändå. Den som kommer senare räknas in då.")
    return f"{below.sentence} {_('Det saknas: %(names)s.', names=names)} {told}" if names else ""


def registered(submission: Submission) -> list[tuple[str, str]]:
    late = _(" (efter sista dag)") if submission.late else ""
    return [
        (_("Inlämnad"), moment(submission.submitted_at) + late),
        (_("Av"), submission.submitted_by.name),
        (_("För"), submission.snapshot["unit"]["name"]),
        (_("Version"), str(submission.number)),
    ]


def next_reader(submission: Submission, due: Any, name: str) -> str:
    """Who reads it now, and by when they hand up their own."""
    if submission.state not in rules.HANDED_UP:
        return _("Den här versionen gäller inte längre.")
    if due:
        return _(
            "%(name)s läser den nu och lämnar in sin egen uppföljning senast %(day)s.", name=name, day=day(due, "EEEE d MMMM")
        )
    return _("Nästa steg är att ge ut siffrorna och överlämna sidan till nämnden.")
