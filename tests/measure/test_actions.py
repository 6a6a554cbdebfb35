"""Measures come up in the next round, go on in their lineage, and are handed over when a unit ends."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.measure import queries
from chain.measure.models import Measure, Outcome
from chain.organisation import actions as organisation
from tests.followup import world
from tests.makers import Cast

JANUARY, APRIL = clock.at(date(2027, 1, 20)), clock.at(date(2027, 4, 20))


@pytest.fixture
def rounds(cast: Cast) -> tuple[Round, Round]:
    return world.november_and_january(cast)


def open_measures(cast: Cast, round: Round, unit: str = "alskolan") -> list[Measure]:
    return queries.to_follow_up(cast.unit[unit].id, round)


def told(measures: list[Measure], **more: Any) -> dict[str, Any]:
    one = {"effect": "Det märks lite", "evidence": ["observation"], "reason": "not_able", **more}
    return {"items": {measure.public_id: one for measure in measures}}


def changed(cast: Cast) -> dict[str, Any]:
    return {
        "kind": "changed", "problem": "Läsgrupperna är för stora", "sign": "Fyra i varje grupp",
        "responsible": cast.bo.person.public_id, "due": "2026/27:3",
    }  # fmt: skip


def hand_in(cast: Cast, round: Round, who: str = "pia", **answers: Any) -> Any:
    return world.hand_in(world.followup(cast, who, round), cast.who[who], **answers)


def test_what_november_sets_comes_up_in_january(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    found = open_measures(cast, january)
    assert {one.question for one in found} == {"measures", "measures_year"}
    assert {one.horizon for one in found} == {"quarter", "year"}
    assert open_measures(cast, november) == []
    assert (found[0].responsible, found[0].path) == (cast.pia.person, cast.unit["alskolan"].path)
    assert found[0].ceiling == cast.unit["fvn"].path


def test_january_cannot_be_handed_in_before_each_has_an_outcome(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    with pytest.raises(RuleBroken) as refused:
        hand_in(cast, january, outcomes={"items": {}})
    assert list(refused.value.problems) == ["outcomes"]


def test_done_and_ended_without_resolve_it(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    before = open_measures(cast, january)
    one, other = before
    items = {**told([one], kind="done")["items"], **told([other], kind="ended_without")["items"]}
    hand_in(cast, january, outcomes={"items": items})
    assert {(measure.state, measure.carried) for measure in before} == {("ended", 0)}


def test_going_on_counts_a_carry_and_may_move_the_due_round(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    before = open_measures(cast, january)
    hand_in(cast, january, outcomes=told(before, kind="goes_on", due="2026/27:4"))
    assert {(one.state, one.carried, one.due_number) for one in before} == {("open", 1, 4)}


def test_a_changed_measure_goes_on_under_other_words_in_its_lineage(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    one, other = open_measures(cast, january)
    items = {**told([one], **changed(cast))["items"], **told([other], kind="done")["items"]}
    hand_in(cast, january, outcomes={"items": items})
    lineage = queries.history(one)
    assert [(each.state, each.carried) for each in lineage] == [("changed", 1), ("open", 1)]
    assert (lineage[1].problem, lineage[1].responsible_id) == ("Läsgrupperna är för stora", cast.bo.person_id)
    assert lineage[0].outcomes[0].successor is lineage[1]


def test_taking_it_back_undoes_exactly_what_it_did_and_addresses_survive(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    before = open_measures(cast, january)
    due = [(one.due_year, one.due_number) for one in before]
    items = {**told(before[:1], **changed(cast))["items"], **told(before[1:], kind="goes_on", due="2026/27:4")["items"]}
    first = hand_in(cast, january, outcomes={"items": items})
    set_then = {one.item: one.public_id for one in queries.set_in(cast.unit["alskolan"].id, january.id)}
    followup.withdraw(first, by=cast.pia)
    assert [(one.state, one.carried) for one in before] == [("open", 0), ("open", 0)]
    assert [(one.due_year, one.due_number) for one in before] == due
    assert db.session.scalars(select(Outcome)).all() == []
    assert {one.state for one in queries.set_in(cast.unit["alskolan"].id, january.id)} == {"retracted"}
    hand_in(cast, january, outcomes={"items": items})
    assert {one.item: one.public_id for one in queries.set_in(cast.unit["alskolan"].id, january.id)} == set_then
    assert len(open_measures(cast, january)) == 1  # the one that goes on; the successor was set in january


def test_a_node_that_skips_a_round_keeps_them_open(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, _january = rounds
    hand_in(cast, november)
    with clock.held(APRIL):
        april = cycle.open_round(november.year.rounds[2], by=cast.diana)
        assert len(open_measures(cast, april)) == 2


def test_carries_are_counted_along_the_lineage(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    one, other = open_measures(cast, january)
    items = {**told([one], kind="goes_on")["items"], **told([other], kind="done")["items"]}
    hand_in(cast, january, outcomes={"items": items})
    with clock.held(APRIL):
        april = cycle.open_round(november.year.rounds[2], by=cast.diana)
        again = [each for each in open_measures(cast, april) if each.id == one.id]
        rest = [each for each in open_measures(cast, april) if each.id != one.id]
        items = {**told(again, **{**changed(cast), "due": "2026/27:4"})["items"], **told(rest, kind="done")["items"]}
        hand_in(cast, april, outcomes={"items": items})
    assert [each.carried for each in queries.history(one)] == [2, 2]


def test_a_unit_that_ends_hands_its_measures_to_its_successor(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    hand_in(cast, november, "petra")
    waiting = open_measures(cast, january)
    end(cast, successor="ekskolan")
    assert open_measures(cast, january) == []
    lineages = {one.lineage for one in waiting}
    handed = [one for one in open_measures(cast, january, "ekskolan") if one.lineage in lineages]
    assert len(handed) == 2
    assert {(one.state, one.carried, one.path, one.ceiling) for one in handed} == {  # handing over is nobody's putting off
        ("open", 0, cast.unit["ekskolan"].path, cast.unit["fvn"].path)
    }
    assert {outcome.kind for one in waiting for outcome in queries.history(one)[0].outcomes} == {"handed_over"}


def test_what_went_on_in_the_last_round_is_handed_over_too(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    hand_in(cast, january, outcomes=told(open_measures(cast, january), kind="goes_on"))
    end(cast, successor="ekskolan")
    assert len(open_measures(cast, january, "ekskolan")) == 2  # november's; january's come up in april
    with clock.held(APRIL):
        april = cycle.open_round(november.year.rounds[2], by=cast.diana)
        assert len(open_measures(cast, april, "ekskolan")) == 3


def test_without_a_successor_they_end_with_a_reason_or_not_at_all(cast: Cast, rounds: tuple[Round, Round]) -> None:
    november, january = rounds
    hand_in(cast, november)
    waiting = open_measures(cast, january)
    with pytest.raises(RuleBroken, match="2 öppna åtgärder"):
        end(cast, reason=" ")
    end(cast, reason="Skolan läggs ned")
    assert {(one.state, one.outcomes[0].kind, one.outcomes[0].effect) for one in waiting} == {
        ("ended", "ended_without", "Skolan läggs ned")
    }


def end(cast: Cast, *, successor: str = "", reason: str = "") -> None:
    """Close Alskolan, its group first."""
    with clock.held(JANUARY):
        for name in ("al46", "alskolan"):
            unit, last = cast.unit[name], name == "alskolan"
            if unit.closed_on:
                continue
            organisation.close_unit(
                unit,
                successor=cast.unit[successor] if successor and last else None,
                reason=reason if last else "Upplöst",
                version=world.fresh(unit).version,
                by=cast.stina,
            )
