"""Feedback for the town: a question on its way down in every state, what is closed, and what a unit that ended had got."""

from typing import Any

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle.models import Round
from chain.feedback import actions as feedback
from chain.feedback.models import Delivery, Feedback
from chain.followup import queries
from chain.matter import actions as matter
from chain.organisation import actions as organisation
from chain.organisation.models import Unit
from tests.makers import Cast


def build(cast: Cast, town: Any, november: Round) -> None:
    """A member's question on its way down, in every state; feedback that is closed; and one whose unit has ended."""
    first = town.name("decision corrected", _decided(cast, november))
    decision = town.name("decision", _decided(cast, november, corrects=first))
    asked = feedback.give(
        "decision", decision.public_id, "Hur går det med läsningen?", [cast.unit["fvn"]], None, by=cast.maja, kind="question"
    )
    town.name("feedback question", asked)
    at = {unit: lambda unit=unit: _copy(asked, cast.unit[unit]) for unit in cast.unit}
    feedback.read(at["fvn"](), by=cast.diana)
    feedback.pass_on(at["fvn"](), "Vi vill veta hur ni läser.", by=cast.diana)
    feedback.read(at["norr"](), by=cast.arne)
    feedback.pass_on(at["norr"](), "Berätta vad ni har prövat.", by=cast.arne)
    feedback.answer(at["norr"](), "Alla skolor läser varje dag.", by=cast.arne)
    feedback.read(at["ekskolan"](), by=cast.petra)
    feedback.answer(at["soder"](), "Vi har högläsning.", by=cast.asta)
    for name, unit in (
        ("passed on", "fvn"), ("both", "norr"), ("answered", "soder"), ("delivered", "alskolan"), ("read", "ekskolan"),
    ):  # fmt: skip
        town.name(f"delivery {name}", at[unit]())
    about = queries.latest(cast.unit["alskolan"].id, november)
    assert about is not None
    closed = feedback.give("submission", about.public_id, "Fin analys.", [cast.unit["alskolan"]], None, by=cast.arne)
    feedback.answer(_copy(closed, cast.unit["alskolan"]), "Tack.", by=cast.bo)
    feedback.close(closed, "Vi är klara.", by=cast.arne)
    town.name("feedback closed", closed)
    town.name("delivery of closed", _copy(closed, cast.unit["alskolan"]))
    page = town.parts["report received"]["public_id"]
    wondered = feedback.give("report", page, "Vad betyder prognos?", [cast.unit["fvn"]], None, by=cast.maja, kind="question")
    feedback.answer(_copy(wondered, cast.unit["fvn"]), "Lärarnas bedömning.", by=cast.olle)
    town.name("feedback about the report", wondered)
    old = organisation.add_unit(cast.unit["soder"], name="Gamla skolan", level="unit", by=cast.stina)
    given = feedback.give("decision", decision.public_id, "Läs detta.", [old], None, by=cast.asta)
    organisation.close_unit(old, successor=None, reason="Skolan har stängts.", version=old.version, by=cast.stina)
    town.name("feedback of asta", given)
    town.name("delivery ended", _copy(given, old))
    cast.unit["gamla"] = old


def _decided(cast: Cast, november: Round, **more: Any) -> Any:
    return matter.record(
        cast.unit["bun"], decided_on=clock.today(), paragraph="§ 12", registration_number="Bun 2025/75",
        text="Nämnden godkänner redovisningen.", about=november, by=cast.sixten, **more,
    )  # fmt: skip


def _copy(said: Feedback, unit: Unit) -> Delivery:
    one = select(Delivery).where(Delivery.feedback_id == said.id, Delivery.unit_id == unit.id)
    return db.session.scalars(one).one()
