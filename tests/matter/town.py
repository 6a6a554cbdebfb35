"""A committee's matters for the town: a meeting, a matter on its agenda, an assignment."""

from datetime import date
from typing import Any

from chain.access.policy import Role
from chain.matter import actions as matter
from chain.matter import assignment_queries as assignments
from chain.matter import matter_actions as matters
from chain.matter import meeting_actions as meetings
from chain.matter.assignment_rules import Asked
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, Unit
from tests.makers import Cast

READERS = ("diana", "olle", "olga", "ragna", "maja", "sixten", "rut")


def build(town: Any, committee: Unit, secretary: Mandate, suffix: str, readers: tuple[str, ...]) -> None:
    """A meeting, a matter that waits on its agenda, and an assignment that was given in another: to be read by these alone."""
    [meeting] = meetings.plan(
        committee, [date(2026, 12, 16)], place=town.canary(f"place{suffix}", *readers), by=secretary
    )  # fmt: skip
    facts = {"opened_on": date(2026, 11, 1), "by": secretary}
    placed = matters.open_(committee, title=f"Läsning{suffix}", why=town.canary(f"why{suffix}", *readers), **facts)
    gave = matters.open_(committee, title=f"Räkning{suffix}", why="Nämnden frågar.", **facts)
    meetings.put(meeting, placed, by=secretary)
    decided = matter.record(
        committee, decided_on=date(2026, 11, 19), paragraph="§ 8", registration_number=f"Nr 2026/8{suffix}",
        text="Nämnden ger ett uppdrag.", matter=gave, asks=[Asked(town.canary(f"assignment{suffix}", *readers))], by=secretary,
    )  # fmt: skip
    [assignment] = assignments.given_by(decided)
    for name, thing in (("meeting", meeting), ("matter", placed), ("assignment", assignment)):
        town.name(name + suffix, thing)
    unit = assignment.receiver.public_id
    town.parts[f"to somebody matter{suffix}"] = {**town.parts[f"matter{suffix}"], "=assign-responsible": f"officer@{unit}"}
    town.parts[f"off the agenda{suffix}"] = {**town.parts[f"meeting{suffix}"], "=act": "off", "=matter": placed.public_id}
    town.parts[f"answers assignment{suffix}"] = {"?answers": assignment.public_id}


def secretary_of_vux(cast: Cast) -> Mandate:
    """Somebody who has gone home when the tests begin."""
    person = organisation.add_person(cast.unit["sjovik"], name="Siv Kvist", email="siv@sjovik.example", by=None)
    return organisation.give_mandate(person, Role.SECRETARY, cast.unit["vux"], by=None, valid_from=date(2020, 1, 1))
