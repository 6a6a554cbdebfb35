"""What is asked for stays, on the way down and up again, when who answers it and what was raised is forgotten."""

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.followup import actions as followup
from chain.plan import actions as plans
from chain.support import directed_actions, routing_actions
from chain.support.escalation_models import Escalation
from chain.support.models import SupportRequest
from tests import conftest, makers
from tests.followup import world
from tests.rollup import district
from tests.test_migrations import difference
from tests.test_migrations import empty as empty


def test_requests_stay_and_are_about_something_else_when_they_come_up_again(empty: Flask) -> None:
    upgrade()
    with clock.held(conftest.NOW):
        cast = makers.cast()
        rounds = world.open_year(cast)
        november = cycle.open_round(rounds[0], by=cast.diana)
        routing_actions.keep(cast.unit["fvn"], {"law": cast.olle.public_id}, by=cast.diana)
        items = [{"item": "a", "type": "law", "text": "Får vi neka en plats?"}]
        followup.open_(district.hand_in(cast, "alskolan", round=november, support_needed={"items": items}), by=cast.arne)
        directed_actions.begin(cast.unit["alskolan"], need="Tre vikarier i rad.", type="law", by=cast.pia)
        plans.record(
            cast.unit["alskolan"],
            "complaints",
            decided_on=clock.today(),
            revised_on=None,
            responsible=cast.pia.person,
            by=cast.pia,
        )
    with clock.held(clock.at(world.OPENS[1])):
        cycle.open_round(rounds[1], by=cast.diana)
    request = db.session.scalars(select(SupportRequest)).one()
    assert (request.type, request.helper_id) == ("law", cast.olle.person_id) and db.session.scalars(select(Escalation)).one()
    before = request.public_id, request.text, request.state
    db.session.remove()
    downgrade(revision="0018")
    tables = set(inspect(db.engine).get_table_names())
    assert not tables & {"plan", "escalation", "directed_support", "directed_step", "support_routing"}
    assert not {"type", "helper_id", "prepared"} & {one["name"] for one in inspect(db.engine).get_columns("support_request")}
    upgrade()
    request = db.session.scalars(select(SupportRequest)).one()
    assert (request.public_id, request.text, request.state) == before
    assert (request.type, request.helper_id, request.prepared) == ("other", None, "")
    assert difference() == []
