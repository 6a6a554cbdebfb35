"""The measures that somebody is responsible for, and those that wait for somebody to be."""

from collections.abc import Iterator

from chain.access import policy
from chain.access.policy import Action
from chain.base.locale import _
from chain.cycle.models import Round
from chain.home.rules import Todo, folded, short
from chain.measure import queries, rules
from chain.measure.models import Measure
from chain.organisation.models import Mandate


def waiting(mandate: Mandate, round: Round | None) -> Iterator[Todo]:
    """One's own measures that are due in this round or were before; for those who write at a node, what nobody answers for."""
    if round is None or not policy.may_somewhere(mandate, Action.WRITE, "measure"):
        return
    here = (round.year.label, round.number)
    charged, gone = queries.asking(mandate)
    due = [one for one in charged if (one.due_year, one.due_number) <= here]
    yield from _mine(mandate, due, late=any((one.due_year, one.due_number) < here for one in due))
    alone = [_alone(one) for one in gone if policy.may(mandate, Action.WRITE, one)]
    yield from folded(alone, lambda n: _("%(n)s åtgärder saknar ansvarig", n=n), "measure.archive")


def _mine(mandate: Mandate, due: list[Measure], *, late: bool) -> Iterator[Todo]:
    """One line, whether one measure or several: the work itself is in the follow-up and in the wheel."""
    if not due:
        return
    values = (("responsible", mandate.person.public_id), ("state", "open"))
    yield Todo(
        title=_("Din åtgärd: %(problem)s", problem=rules.short(due[0].problem))
        if len(due) == 1
        else _("%(n)s åtgärder som du ansvarar för", n=len(due)),
        hint=_("Skulle ha följts upp. Skriv i hjulet vad som har hänt.")
        if late
        else _("Följs upp nu. Skriv i hjulet vad som har hänt."),
        endpoint="measure.show" if len(due) == 1 else "measure.archive",
        values=(("public_id", due[0].public_id),) if len(due) == 1 else values,
        status="overdue" if late else "open",
        weight=7,
        who=due[0].unit.name,
    )


def _alone(one: Measure) -> Todo:
    return Todo(
        title=_("Lämna över en åtgärd: %(problem)s", problem=rules.short(one.problem)),
        hint=short(_("Den som var ansvarig har inget uppdrag här längre.")),
        endpoint="measure.show",
        values=(("public_id", one.public_id),),
        status="open",
        weight=5,
    )
