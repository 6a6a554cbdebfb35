"""What plans that are missing or too old ask of a principal, and tell the level above."""

from chain.access import policy
from chain.access.policy import Action
from chain.base.locale import _, ngettext
from chain.home.rules import Todo, folded
from chain.organisation.models import Mandate
from chain.plan import queries, rules
from chain.plan.models import Plan


def waiting(mandate: Mandate) -> list[Todo]:
    """A principal's own, one by one while they are few; above units, one line that leads to them all."""
    if policy.may(mandate, Action.WRITE, Plan(unit_id=mandate.unit_id, path=mandate.path)):
        return _own(mandate)
    return _below(mandate) if mandate.unit.level in ("area", "administration") else []


def _own(mandate: Mandate) -> list[Todo]:
    here = (("public_id", mandate.unit.public_id),)
    found = (
        Todo(
            title=one.name, hint=_("Skriv in när den är beslutad eller reviderad, och vem som ansvarar."), endpoint="plan.record",
            values=(*here, ("kind", one.kind.key)), status=f"plan_{one.state}", weight=5, since=one.until,
            who=one.name,
        )
        for one in queries.standing(mandate.unit)
        if one.lacking
    )  # fmt: skip
    return folded(found, lambda n: _("%(n)s planer eller rutiner saknas eller är för gamla", n=n), "plan.archive")


def _below(mandate: Mandate) -> list[Todo]:
    found = queries.lacking_names(mandate)
    if not found:
        return []
    title = ngettext("En enhet saknar en plan", "%(num)s enheter saknar en plan eller har en för gammal", len(found))
    names = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
    return [Todo(title=title, hint=names, endpoint="plan.archive", values=(), status=f"plan_{rules.MISSING}", weight=6)]
