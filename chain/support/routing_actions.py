"""Sends what is asked to the person of the quality unit who knows the field, and keeps what that person suggests."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, events, outbox
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.followup import needs
from chain.organisation.models import Mandate, Unit
from chain.support import directed_actions
from chain.support import routing_queries as queries
from chain.support import routing_rules as rules
from chain.support.models import SupportRequest
from chain.support.routing_models import Routing
from chain.support.rules import ANSWERS, OPEN


@atomic
def keep(unit: Unit, chosen: Mapping[str, str], *, by: Mandate) -> None:
    """Who prepares the answers of a unit, kind by kind: the name of a mandate, or nothing for the head alone.

    What waits for an answer goes to whoever is named now; what somebody has suggested already stays as it is.
    """
    guard.require(Action.KEEP, Routing(unit_id=unit.id, path=unit.path), by)
    if unit.level not in rules.LEVELS:
        raise RuleBroken(_("Vem som svarar på vad bestäms för en förvaltning eller ett område."))
    known = {one.public_id: one for one in queries.people([unit])[unit.id]}
    wrong = {kind: _("Välj någon som har ett uppdrag här.") for kind, name in chosen.items() if name and name not in known}
    if wrong:
        raise RuleBroken(_("Någon av dem har inte längre något uppdrag här. Välj en annan."), wrong)
    db.session.execute(delete(Routing).where(Routing.unit_id == unit.id))
    for kind, name in chosen.items():
        if name and kind in needs.KINDS:
            mandate = known[name]
            line = Routing(unit_id=unit.id, path=unit.path, type=kind, person_id=mandate.person_id, at_id=mandate.unit_id)
            db.session.add(line)
    db.session.flush()
    _send(db.session.scalars(select(SupportRequest).where(SupportRequest.state == OPEN)).all())
    audit.note("support.route", about=unit, kinds=sorted(kind for kind, name in chosen.items() if name))


@atomic
def route(requests: Iterable[SupportRequest], *, by: Actor | None) -> None:
    """A step of the acts in which a request becomes open: it goes to whoever the table names."""
    _send(requests)


def _send(requests: Iterable[SupportRequest]) -> None:
    """Name the helper of each, and write to whoever has not been written to. Three statements, however many they are."""
    waiting = [one for one in requests if one.prepared_at is None]
    lines, places = queries.lines_for(one.receiver_id for one in waiting)
    holding = queries.holding(lines)
    for one in waiting:
        line = rules.helper(lines, places.get(one.receiver_id, []), one.type, holding)
        before = (one.helper_id, one.helper_unit_id)
        one.helper_id, one.helper_unit_id = (line.person, line.at) if line else (None, None)
        if line and before != (one.helper_id, one.helper_unit_id):
            db.session.flush()
            db.session.refresh(one, ["helper"])
            outbox.post("support.routed", f"/support/{one.public_id}", [one.helper.public_id] if one.helper else [])
    db.session.flush()


@events.listen("mandate_ended", "support")
def mandate_ended(mandate: Mandate, **facts: Any) -> None:
    """What waited for somebody who leaves goes to whoever the table names now, else to the head: never to nobody.

    A suggestion that was made stays; it is signed.
    """
    db.session.flush()
    mine = (SupportRequest.helper_id == mandate.person_id, SupportRequest.helper_unit_id == mandate.unit_id)
    theirs = db.session.scalars(select(SupportRequest).where(*mine, SupportRequest.state.in_((OPEN, "sent", "retracted")))).all()
    for one in theirs:
        one.helper_id = one.helper_unit_id = None
    _send([one for one in theirs if one.state == OPEN])
    directed_actions.left(mandate, by=facts.get("by"))


@atomic
def prepare(request: SupportRequest, *, state: str, text: str, by: Mandate) -> SupportRequest:
    """Suggest an answer. Whoever may answer reads it, takes it over or writes another; whoever asked never sees it."""
    db.session.refresh(request, with_for_update=True)
    guard.require(Action.PREPARE, request, by)
    request.prepared = rules.check_prepared(state, text, ANSWERS)
    request.prepared_state, request.prepared_at, request.prepared_by_id = state, clock.now(), by.person_id
    heads = [one.person.public_id for one in queries.heads(request.receiver) if one.unit_id == request.receiver_id]
    outbox.post("support.prepared", f"/support/{request.public_id}", heads)
    audit.note("support.prepare", about=request, state=state)
    return request
