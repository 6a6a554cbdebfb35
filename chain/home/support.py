"""What needs of support ask of somebody: an answer to suggest, and what has become one's own matter."""

from collections.abc import Iterable

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.locale import _
from chain.cycle.models import Round
from chain.followup import needs
from chain.home.rules import FIRST, Todo, folded, short
from chain.organisation.models import Mandate
from chain.support import directed_queries as directed
from chain.support import escalation_queries as escalations
from chain.support.directed_models import Directed
from chain.support.directed_rules import WAITING
from chain.support.escalation_models import Escalation
from chain.support.models import SupportRequest


def raised(mandate: Mandate, round: Round | None) -> list[Escalation]:
    """What has waited too long, on both homes until it is answered; and the answers of this round."""
    if not policy.may_somewhere(mandate, Action.READ, "escalation"):
        return []
    return escalations.current(mandate, round.opened_at if round else None)


def to_answer(mandate: Mandate, found: Iterable[Escalation]) -> list[Todo]:
    """What the levels below have waited too long for: before all else, for those who answer and those who work for them.

    Only whoever may answer is told to; whoever just reads what the level reads is not asked for anything.
    """
    if mandate.role == Role.AUDITOR:
        return []
    answers = policy.may_somewhere(mandate, Action.ANSWER, "escalation")
    turn = _("Nivån ovanför ska svara: ni är den.") if answers else _("%(unit)s ska svara.", unit=mandate.unit.name)
    mine = (
        Todo(
            title=_("%(what)s: svara", what=_owed(one)) if answers and one.state == "open" else _owed(one),
            hint=short(one.words) if one.words and one.opened_at else turn,
            endpoint="escalation.show",
            values=(("public_id", one.public_id),),
            status=f"escalation_{one.state}",
            weight=FIRST,
            since=clock.date_of(one.since),
            who=one.unit.name,
        )
        for one in found
        if one.receiver_id == mandate.unit_id and one.state in ("unread", "open")
    )
    return folded(mine, lambda n: _("%(n)s behov har väntat för länge på svar", n=n), "escalation.archive")


def _owed(one: Escalation) -> str:
    if one.kind == "measure" and one.origin_id is None:
        return _("%(unit)s har fört en åtgärd vidare %(n)s gånger", unit=one.unit.name, n=one.carried)
    if one.origin_id is not None:
        return _("%(unit)s för ett behov vidare till er", unit=one.unit.name)
    if one.state == "unread":
        return _("Ingen har öppnat det %(unit)s bad om i förra omgången", unit=one.unit.name)
    return _("%(unit)s har väntat för länge på stöd", unit=one.unit.name)


def to_prepare(mandate: Mandate, found: Iterable[SupportRequest]) -> list[Todo]:
    """Requests that were sent to this person, to suggest an answer to."""
    mine = (
        Todo(
            title=_("Föreslå ett svar till %(unit)s: %(kind)s", unit=one.unit.name, kind=needs.kind_name(one.type).lower()),
            hint=short(one.text),
            endpoint="support.show",
            values=(("public_id", one.public_id),),
            status="open",
            weight=2,
            since=clock.date_of(one.asked_at),
            who=one.unit.name,
        )
        for one in found
        if one.prepared_at is None and policy.may(mandate, Action.PREPARE, one)
    )
    return folded(mine, lambda n: _("%(n)s frågor om stöd att föreslå svar på", n=n), "support.archive")


def directed_support(mandate: Mandate) -> list[Todo]:
    """Directed support that waits for an answer, a decision, somebody who gives it, or for what it gave to be told."""
    if not any(policy.may_somewhere(mandate, action, "directed") for action in (Action.GIVE, Action.PREPARE)):
        return []
    found = (_directed(one, mandate) for one in directed.waits_for(mandate))
    return folded(filter(None, found), lambda n: _("%(n)s saker att göra med riktat stöd", n=n), "directed.archive")


def _directed(one: Directed, mandate: Mandate) -> Todo | None:
    ours, over = one.unit_id == mandate.unit_id, one.ends_on is not None and one.ends_on < clock.today()
    decides = one.receiver_id == mandate.unit_id and policy.may(mandate, Action.ANSWER, one)
    told = one.unit_effect if ours else one.above_effect
    if ours and one.state == "offered":
        title = _("Svara på erbjudandet om riktat stöd")
    elif decides and one.state in WAITING and one.state != "offered":
        title = _("Besluta om riktat stöd till %(unit)s", unit=one.unit.name)
    elif decides and one.state == "decided" and one.given_by_id is None:
        title = _("Utse någon annan som ger stödet till %(unit)s", unit=one.unit.name)
    elif one.state == "decided" and over and not told:
        title = _("Berätta vad det riktade stödet till %(unit)s gav", unit=one.unit.name)
    else:
        return None
    return Todo(
        title=title, hint=short(one.what or one.need), endpoint="directed.show", values=(("public_id", one.public_id),),
        status=f"directed_{one.state}", weight=2 if one.state in WAITING else 3, since=clock.date_of(one.begun_at),
        who=one.unit.name,
    )  # fmt: skip
