"""For what goals are assessed: the rounds that have opened and the years, and the node whose goals they are."""

from dataclasses import dataclass

from chain.access import policy
from chain.access.policy import Action
from chain.base.errors import NotFound
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.goal import queries, rules
from chain.goal.models import Goal
from chain.organisation.models import Mandate, Unit

FEWEST_YEARS, MOST_ROUNDS = 1, 8  # so far back one assesses


@dataclass(frozen=True)
class Period:
    """A round, or (without one) a year as a whole. `key` stands in an address: 2026/27:1, 2026/27:0."""

    year: str
    round: Round | None

    @property
    def number(self) -> int:
        return self.round.number if self.round else rules.WHOLE_YEAR

    @property
    def key(self) -> str:
        return f"{self.year}:{self.number}"

    @property
    def name(self) -> str:
        if self.round is None:
            return _("Året %(year)s som helhet", year=self.year)
        return f"{self.round.title} {self.year}"


def periods(unit: Unit) -> list[Period]:
    """What a node's goals can be assessed for, the round that is open first; a municipality's goals by the year alone."""
    now = cycle.current(unit.path) if unit.level != "municipality" else None
    rounds = cycle.opened(now.path, MOST_ROUNDS) if now else []
    labels = list(dict.fromkeys(one.year.label for one in rounds)) or [queries.this_year(unit.path)]
    by_year = {label: [Period(label, one) for one in rounds if one.year.label == label] for label in labels}
    return [one for label in labels for one in (*by_year[label], Period(label, None))]


def node(mandate: Mandate, at: Unit | None) -> Unit:
    """The node whose goals the mandate assesses: its own, or `at`, the committee or the municipality above it."""
    unit = at or mandate.unit
    if not policy.may(mandate, Action.ANSWER, Goal(unit_id=unit.id, path=unit.path, state="decided")):
        raise NotFound
    return unit
