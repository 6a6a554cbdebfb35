"""When a committee or its administration ends, what waits goes to whoever takes over, or ends with a reason."""

import pytest

from chain.access.policy import Role
from chain.base.errors import RuleBroken
from chain.matter import actions, assignment_actions, assignment_queries, matter_actions, matter_queries
from chain.organisation import actions as organisation
from chain.organisation import queries as tree
from chain.organisation.models import Unit
from tests.makers import Cast
from tests.matter import desk


@pytest.fixture
def other(cast: Cast) -> Unit:
    """A second administration under the committee, with nothing below it."""
    return organisation.add_unit(cast.unit["bun"], name="Fritidsförvaltningen", level="administration", by=cast.stina)


def close(cast: Cast, unit: Unit, successor: Unit | None = None, reason: str = "") -> None:
    organisation.close_unit(unit, successor=successor, reason=reason, version=unit.version, by=cast.stina)


@pytest.fixture
def at_other(cast: Cast, other: Unit) -> Unit:
    matter = desk.opened(cast)
    matter_actions.assign(matter, Role.DIRECTOR, other, by=cast.diana)
    decision = actions.record(
        cast.unit["bun"], decided_on=desk.DAY, paragraph="12", registration_number="Bun 2026/1", text="Ger uppdrag.",
        matter=desk.opened(cast, "Gav"), by=cast.sixten,
    )  # fmt: skip
    assignment_actions.give(decision, "Beskriv effekten.", None, to=other, by=cast.sixten)
    return other


def test_it_is_told_what_waits_and_whose_it_is(cast: Cast, at_other: Unit) -> None:
    [waits] = tree.waiting(at_other, cast.unit["fvn"])
    assert (waits.link, waits.count, waits.names, waits.to) == ("matter", 2, (cast.unit["bun"].name,), cast.unit["fvn"].name)


def test_whoever_takes_over_an_administration_gets_its_matters_and_assignments(cast: Cast, at_other: Unit) -> None:
    close(cast, at_other, cast.unit["fvn"])
    assert {one.receiver for one in assignment_queries.waiting(cast.diana)} == {cast.unit["fvn"]}
    assert [one.responsible_unit for one in matter_queries.matters(cast.maja) if one.title == "Karriärtjänster"] == [
        cast.unit["fvn"]
    ]


def test_without_anybody_the_assignments_end_with_the_reason_and_the_matters_wait_to_be_given_anew(
    cast: Cast, at_other: Unit
) -> None:
    with pytest.raises(RuleBroken, match="uppdrag från nämnden"):
        close(cast, at_other)
    close(cast, at_other, reason="Uppgifterna upphör.")
    [ended] = assignment_queries.closed(cast.maja)
    assert assignment_queries.steps(ended)[0].words == "Uppgifterna upphör."
    matter = next(one for one in matter_queries.matters(cast.maja) if one.title == "Karriärtjänster")
    assert (matter.state, matter.responsible_unit) == ("open", None)


def test_a_committee_with_matters_alive_does_not_end_without_another_that_takes_them(cast: Cast) -> None:
    new = organisation.add_unit(cast.unit["sjovik"], name="Kulturnämnden", level="committee", by=cast.stina)
    person = organisation.add_person(cast.unit["sjovik"], name="Siv Kvist", email="siv@sjovik.example", by=cast.stina)
    siv = organisation.give_mandate(person, Role.SECRETARY, new, by=cast.stina)
    matter_actions.open_(new, title="Kultur i skolan", why="Motion.", opened_on=desk.DAY, registration_number="Kn 1", by=siv)
    with pytest.raises(RuleBroken, match="Avsluta dem, eller välj nämnden"):
        close(cast, new, reason="Slås ihop.")
    close(cast, new, cast.unit["bun"])
    [moved] = matter_queries.matters(cast.sixten)
    assert (moved.unit, moved.path, moved.registration_number) == (cast.unit["bun"], "/sjovik/bun/", "Kn 1")
