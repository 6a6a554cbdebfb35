"""In the demonstration a need is raised, answered and seen; another waits; support is decided; plans are missing."""

from flask import Flask
from sqlalchemy import select

from chain.base.db import db
from chain.demo import texts
from chain.organisation.models import Mandate, Person
from chain.plan import queries as plans
from chain.support.directed_models import Directed
from chain.support.escalation_models import Escalation
from chain.support.models import SupportRequest


def test_what_waits_too_long_is_raised_and_answered_at_every_level(demonstration: Flask) -> None:
    found = db.session.scalars(select(Escalation)).all()
    told = {(one.unit.name, one.kind, one.receiver.level, one.state) for one in found}
    assert {
        ("Hamnskolan", "measure", "area", "granted"),  # carried three times, taken further up, answered
        ("Södra området", "measure", "administration", "granted"),
        ("Smultronställets förskola", "measure", "area", "taken_up"),  # and one that waits at the administration
        ("Södra området", "measure", "administration", "open"),
        ("Åsby skola", "measure", "area", "open"),
        ("Strandens förskola", "request", "administration", "open"),  # a request that nobody answered for a round
        ("Norra området", "request", "committee", "open"),
    } == told


def test_requests_are_sorted_and_go_to_somebody(demonstration: Flask) -> None:
    waiting = db.session.scalars(select(SupportRequest).where(SupportRequest.state == "open")).all()
    assert {"staffing", "economy", "development"} <= {one.type for one in waiting if one.helper_id}


def test_directed_support_is_decided_and_some_is_told_of(demonstration: Flask) -> None:
    found = {one.unit.name: one for one in db.session.scalars(select(Directed))}
    assert found["Tranans förskola"].state == "decided" and found["Tranans förskola"].given_by
    over = found["Hamnskolan"]
    assert over.state == "ended" and over.unit_effect and over.above_effect


def test_some_plans_are_missing_and_one_is_too_old(demonstration: Flask) -> None:
    held = select(Mandate).join(Person).where(Mandate.role == "director", Mandate.path.like("%/buf/"))
    lacks, units = plans.lacking(db.session.scalars(held).one())
    assert units == 11 and [one.unit.name for one in lacks] == [
        "Ekbackens skola",
        "Strandens förskola",
        "Vikskolan",
        "Åsby skola",
    ]
    assert {each.state for one in lacks for each in one.lacking} == {"missing", "old"} and all(one.principals for one in lacks)


def test_every_way_that_a_need_begins_is_one_that_somebody_writes() -> None:
    units = [texts.opened(f"units/{file.stem}") for file in (texts.FOLDER / "units").glob("*.toml")]
    needs = [need for unit in units for round in unit.get("round", []) for need in round.get("needs", [])]
    assert [start for start in texts.opened("support")["kinds"] if not any(need.startswith(start) for need in needs)] == []
