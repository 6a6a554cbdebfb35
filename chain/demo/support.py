"""The demonstration's support: who answers about what, needs that were raised and answered, directed support, and plans."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.demo import texts
from chain.demo.days import Slot
from chain.demo.rounds import Committee
from chain.organisation.models import Mandate
from chain.plan import actions as plans
from chain.plan import queries as kept
from chain.support import directed_actions as directed
from chain.support import escalation_actions as escalations
from chain.support import routing_actions as routing
from chain.support.directed_models import Directed
from chain.support.escalation_models import Escalation


def name_helpers(at: Committee) -> None:
    """The director says who in the quality unit prepares the answers about what."""
    chosen = {kind: _named(at, name).public_id for kind, name in texts.opened("support")["routing"].items()}
    routing.keep(at.stage.unit[at.office], chosen, by=at.director)


def _named(at: Committee, name: str) -> Mandate:
    """An officer of the administration, by name."""
    return next(one for one in at.stage.held[f"officer@{at.office}"] if one.person.name == name)


def play(at: Committee, slot: Slot) -> None:
    """What is done after a round: answers from above, directed support, and what it gave."""
    told = texts.opened("support")
    for line in told["directed"]:
        if line["round"] == slot.place:
            _direct(at, line)
    for line in told["answer"]:
        if line["after"] == slot.place:
            _answer(at, line)
    for line in told["effect"]:
        if line["after"] == slot.place:
            _tell(at, line)


def _answer(at: Committee, line: texts.Words) -> None:
    by = at.stage.who(line["by"])
    waits = (
        Escalation.unit_id == at.stage.unit[line["unit"]].id,
        Escalation.receiver_id == by.unit_id,
        Escalation.state.in_(["open"]),
    )
    at.stage.go(clock.today())
    one = db.session.scalars(select(Escalation).where(*waits).order_by(Escalation.id)).one()
    until = clock.today() + timedelta(days=line["until"]) if "until" in line else None
    escalations.answer(one, state=line["state"], text=line["words"], until=until, by=by)


def _direct(at: Committee, line: texts.Words) -> None:
    at.stage.go(clock.today())
    one = directed.begin(at.stage.unit[line["unit"]], need=line["need"], type=line["type"], by=at.stage.who(line["by"]))
    for does in line["does"]:
        at.stage.go(clock.today())
        more: dict[str, Any] = {}
        if "giver" in does:
            today = clock.today()
            more = {"given_by": _named(at, does["giver"]), "starts_on": today, "ends_on": today + timedelta(days=does["days"])}
        directed.act(one, does["act"], words=does["words"], version=one.version, by=at.stage.who(does["by"]), **more)


def _tell(at: Committee, line: texts.Words) -> None:
    at.stage.go(clock.today())
    running = (Directed.unit_id == at.stage.unit[line["unit"]].id, Directed.state.in_(["decided"]))
    one = db.session.scalars(select(Directed).where(*running)).one()
    directed.act(one, "tell", words=line["words"], version=one.version, by=at.stage.who(line["by"]))


def write_plans(at: Committee) -> None:
    """Principals have written down what their units have decided on; some of it is missing, and one is too old."""
    told = texts.opened("support")
    for place in at.places("unit"):
        unit, principal = at.stage.unit[place], at.stage.who(f"principal@{place}")
        own = {**told["plans"], **told["plan"].get(place, {})}
        for kind in kept.needed(unit):
            if days := own[kind.key]:
                at.stage.go(clock.today())
                plans.record(
                    unit, kind.key, decided_on=clock.today() - timedelta(days=days), revised_on=None,
                    responsible=principal.person, text="Enhetens sida på intranätet.", by=principal,
                )  # fmt: skip
