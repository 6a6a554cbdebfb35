"""What coding and findings ask of the administration: findings to answer, efforts whose day has passed, texts to read."""

from collections.abc import Iterator

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.locale import _, ngettext
from chain.cycle.models import Round
from chain.finding import example_queries, finding_queries
from chain.finding.models import Finding
from chain.home.rules import Todo, folded, short
from chain.organisation.models import Mandate


def waiting(mandate: Mandate, round: Round | None) -> Iterator[Todo]:
    """A statement for the findings and one for the rest; nothing for those who do neither."""
    if policy.may_somewhere(mandate, Action.WRITE, "finding"):
        found = [_unanswered(one) for one in finding_queries.waiting(mandate)]
        yield from folded(found, lambda n: _("%(n)s iakttagelser väntar på er", n=n), "finding.archive")
    if policy.may_somewhere(mandate, Action.READ, "offer"):
        left, offers = example_queries.awaits(mandate, round)
        yield from _to_read(left, round)
        yield from _offers(mandate, offers)


def _unanswered(one: Finding) -> Todo:
    overdue = one.state == "effort"
    follow_up, answer = _("Följ upp insatsen: %(title)s", title=one.title), _("Svara på iakttagelsen: %(title)s", title=one.title)
    return Todo(
        title=follow_up if overdue else answer, hint=short(one.seen), endpoint="finding.show",
        values=(("public_id", one.public_id),), status=f"finding_{one.state}", weight=3, due=one.due_on if overdue else None,
        since=clock.date_of(one.noted_at), who=one.title,
    )  # fmt: skip


def _to_read(left: int, round: Round | None) -> Iterator[Todo]:
    """What another has coded need not be coded twice: it is not asked for here."""
    if left and round:
        yield Todo(
            title=_("Läs och koda enheternas analyser"),
            hint=ngettext("En text är kvar.", "%(num)s texter är kvar.", left), endpoint="finding.queue",
            values=(("public_id", round.public_id),), status="not_started", weight=8,
        )  # fmt: skip


def _offers(mandate: Mandate, count: int) -> Iterator[Todo]:
    if not count:
        return
    ours = policy.may_somewhere(mandate, Action.ANSWER, "offer")
    yield Todo(
        title=_("Säg om ert exempel får läsas av andra") if ours else _("Ta ställning till erbjudna exempel"),
        hint=ngettext("Ett exempel väntar.", "%(num)s exempel väntar.", count), endpoint="example.offers", values=(),
        status="offer_asked" if ours else "offer_offered", weight=7,
    )  # fmt: skip
