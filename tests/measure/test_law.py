"""A year of rounds: none is dropped, whatever is chosen, taken back or written on the way; and three carries are told."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.measure import queries, rules, wheel_actions
from chain.measure.models import Measure, Outcome
from tests.followup import world
from tests.makers import Cast

GIVEN = [name for name, kind in rules.KINDS.items() if kind.given]


def opened(cast: Cast, rounds: list[Round], place: int) -> Round:
    clock.hold(clock.at(world.OPENS[place] + timedelta(days=3 + 3 * place)))
    return cycle.open_round(rounds[place], by=cast.diana)


def outcome(kind: str, due: str, cast: Cast) -> dict[str, Any]:
    words = {"problem": f"Nya ord {kind}", "sign": "Märks", "responsible": cast.bo.person.public_id, "due": due}
    return {"kind": kind, "effect": "Det märks lite", "evidence": ["observation"], "reason": "not_able", **words}


def told_in(unit_id: int, round: Round) -> dict[str, str]:
    """What came of each of the unit's measures in a round, by address."""
    found = select(Measure.public_id, Outcome.kind).join(Outcome, Outcome.measure_id == Measure.id)
    return {
        name: kind for name, kind in db.session.execute(found.where(Measure.unit_id == unit_id, Outcome.round_id == round.id))
    }


@pytest.mark.parametrize("seed", [7, 23])
def test_what_is_open_is_resolved_or_carried_in_the_next_round_whatever_is_chosen(cast: Cast, seed: int) -> None:
    chosen, rounds = random.Random(seed), world.open_year(cast)
    unit = cast.unit["alskolan"].id
    for place in range(3):
        round = opened(cast, rounds, place)
        mine = world.followup(cast, "pia", round)
        before = {one.public_id: (one.state, one.carried) for one in queries.to_follow_up(unit, round)}
        for one in queries.to_follow_up(unit, round):
            wheel_actions.write(one, key="k", stage="do", on=clock.today(), text="På väg.", by=cast.pia)
        items = {name: outcome(chosen.choice(GIVEN), "2027/28:1", cast) for name in before}
        sent = world.hand_in(mine, cast.pia, outcomes={"items": items})
        if chosen.random() < 0.5:
            followup.withdraw(sent, by=cast.pia)
            assert told_in(unit, round) == {}
            assert {one.public_id: (one.state, one.carried) for one in queries.to_follow_up(unit, round)} == before
            world.hand_in(world.fresh(mine), cast.pia, outcomes={"items": items})
        assert rules.law(before, told_in(unit, round)) == set()


def test_what_is_carried_three_times_says_so_to_its_unit_and_to_those_above(
    cast: Cast, client: Callable[[str], FlaskClient]
) -> None:
    rounds = world.open_year(cast)
    unit = cast.unit["alskolan"].id
    for place in range(4):
        round = opened(cast, rounds, place)
        waiting = queries.to_follow_up(unit, round)
        assert queries.carried_too_often(cast.unit["norr"].path) == []
        items = {one.public_id: outcome("goes_on", "2027/28:1", cast) for one in waiting}
        sent = world.hand_in(world.followup(cast, "pia", round), cast.pia, outcomes={"items": items})
    followup.open_(sent, by=cast.arne)
    often = queries.carried_too_often(cast.unit["norr"].path)
    assert {one.carried for one in often} == {3} and {one.round.number for one in often} == {1}
    assert queries.carried_too_often(cast.unit["ekskolan"].path) == []
    sentence = rules.carried_sentence(3)
    for who, address in (
        ("pia", "/measure/"),
        ("pia", f"/measure/{often[0].public_id}"),
        ("arne", "/measure/units?carried=often"),
    ):
        page = client(who).get(address)
        assert sentence in " ".join(BeautifulSoup(page.data, "html.parser").get_text(" ").split()), address
    told = BeautifulSoup(client("arne").get("/measure/units").data, "html.parser").select(".measure-list > li")
    counts = ["3 gånger i rad" in one.get_text(" ") for one in told]
    assert counts == sorted(counts, reverse=True) and any(counts) and not all(counts)  # carried ones first
