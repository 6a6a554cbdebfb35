"""What coding and findings ask of the administration: findings to answer, efforts whose day has passed, texts to read."""

from collections.abc import Iterator

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.locale import _, ngettext
from chain.cycle.models import Round
from chain.finding import example_queries, finding_queries, queries
from chain.finding.example_models import Offer
from chain.finding.models import Finding
from chain.home.rules import Todo, folded, short
from chain.organisation.models import Mandate


def waiting(mandate: Mandate, round: Round | None) -> Iterator[Todo]:
    """A statement for the findings, two for the queue; nothing for those who do neither."""
    if policy.may_somewhere(mandate, Action.WRITE, "finding"):
        found = [_unanswered(one) for one in finding_queries.waiting(mandate)]
        yield from folded(found, lambda n: _("%(n)s iakttagelser väntar på er", n=n), "finding.archive")
    if round and policy.may_somewhere(mandate, Action.CODE, "submission"):
        yield from _to_read(mandate, round)
    if policy.may_somewhere(mandate, Action.READ, "offer"):
        waits = [_offer(one) for one in example_queries.waiting(mandate)]
        yield from folded(waits, lambda n: _("%(n)s goda exempel att ta ställning till", n=n), "example.offers")


def _unanswered(one: Finding) -> Todo:
    overdue = one.state == "effort"
    follow_up, answer = _("Följ upp insatsen: %(title)s", title=one.title), _("Svara på iakttagelsen: %(title)s", title=one.title)
    return Todo(
        title=follow_up if overdue else answer, hint=short(one.seen), endpoint="finding.show",
        values=(("public_id", one.public_id),), status=f"finding_{one.state}", weight=3, due=one.due_on if overdue else None,
        since=clock.date_of(one.noted_at), who=one.title,
    )  # fmt: skip


def _to_read(mandate: Mandate, round: Round) -> Iterator[Todo]:
    line = queries.queue(mandate, round)
    if line.left:
        left = len([row for row in line.left if not row.readers])  # what another has coded need not be coded twice
        if left:
            yield Todo(
                title=_("Läs och koda enheternas analyser"),
                hint=ngettext("En text är kvar.", "%(num)s texter är kvar.", left), endpoint="finding.queue",
                values=(("public_id", round.public_id),), status="in_progress" if left < len(line.rows) else "not_started",
                weight=6,
            )  # fmt: skip


def _offer(one: Offer) -> Todo:
    titles = {
        "asked": _("Får ert exempel läsas av andra? %(title)s", title=one.title),
        "agreed": _("Publicera exemplet: %(title)s", title=one.title),
    }  # fmt: skip
    return Todo(
        title=titles.get(one.state, _("Ett gott exempel är erbjudet: %(title)s", title=one.title)), hint=one.unit.name,
        endpoint="example.offered", values=(("public_id", one.public_id),), status=f"offer_{one.state}", weight=7,
        since=clock.date_of(one.offered_at), who=one.unit.name,
    )  # fmt: skip
