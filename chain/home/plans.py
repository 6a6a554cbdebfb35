"""What stands beside: plans that are missing or too old, a principal's own and, a level up, the units that lack something."""

from chain.access import policy
from chain.access.policy import Action
from chain.organisation.models import Mandate
from chain.plan import queries
from chain.plan.models import Plan


def lacking(mandate: Mandate) -> list[str]:
    """The names of a unit's plans, or of the units below, that are missing or too old; nothing for roles that read no plans."""
    if policy.may(mandate, Action.READ, Plan(unit_id=mandate.unit_id, path=mandate.path)) and mandate.unit.level == "unit":
        return [one.name for one in queries.standing(mandate.unit) if one.lacking]
    above = mandate.unit.level in ("area", "administration") and policy.may_somewhere(mandate, Action.READ, "plan")
    return queries.lacking_names(mandate) if above else []
