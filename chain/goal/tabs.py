"""What stands beside each other under goals: goals, workplans, governing documents, the nation's goals."""

from flask import g, request, url_for

from chain.access import policy
from chain.access.policy import Action
from chain.base.locale import _, ngettext


def shown() -> list[tuple[str, str, bool]]:
    """(address, words, whether we are there) of what stands under goals, as far as the mandate reads it."""
    known = (
        ("goal.archive", ngettext("Mål", "Mål", 2), Action.READ, "goal"),
        ("workplan.archive", _("Verksamhetsplaner"), Action.READ, "workplan"),
        ("governing.archive", _("Styrdokument"), Action.READ, "governing"),
        ("national.archive", _("Nationella mål"), Action.PREPARE, "goal"),
    )  # fmt: skip
    read = [one for one in known if policy.may_somewhere(g.mandate, one[2], one[3])]
    return [(url_for(page), words, request.endpoint == page) for page, words, _act, _kind in read] if len(read) > 1 else []
