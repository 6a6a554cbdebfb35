"""Units that become a new one in the middle of a round: the round keeps its tree, and those who follow finish it there."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round, RoundNode
from chain.followup import actions as followup
from chain.home import queries as home
from chain.home import waiting
from chain.measure import queries as measure
from chain.organisation import actions as organisation
from chain.organisation import queries
from chain.organisation.models import Mandate, Unit
from chain.rollup import actions as rollup
from chain.rollup import verify
from chain.support import queries as support
from chain.support.models import SupportRequest
from tests import makers
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district
from tests.visitors import Reader

MA4 = ("MA", "4")
JANUARY = world.OPENS[1]


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def merge(cast: Cast, *who: str, into: str = "", name: str = "Norrskolan") -> Unit:
    """Alskolan and Ekskolan become a new unit, or one of the two; these follow."""
    units = [cast.unit["alskolan"], cast.unit["ekskolan"]]
    return organisation.merge_units(
        units, into=cast.unit[into] if into else None, versions={each.public_id: each.version for each in units},
        name=name, follow=[cast.who[short].public_id for short in who], by=cast.stina,
    )  # fmt: skip


def held(unit: Unit) -> dict[str, Mandate]:
    """Who has a mandate at a unit, today."""
    return {one.person.name: one for one in queries.remaining(unit) if one.holds(clock.today())}


def nodes(round: Round) -> dict[str, bool]:
    return {one.name: one.expected for one in db.session.scalars(select(RoundNode).where(RoundNode.round_id == round.id))}


def test_the_round_keeps_its_tree_and_those_who_follow_may_finish_at_each_of_the_old_ones(cast: Cast, november: Round) -> None:
    before = nodes(november)
    made = merge(cast, "pia", "petra")
    assert nodes(november) == before and "Norrskolan" not in before and verify.problems() == []
    for unit in (made, cast.unit["alskolan"], cast.unit["ekskolan"]):
        assert {name: one.role for name, one in held(unit).items()} == {
            "Petra Nord": Role.PRINCIPAL, "Pia Östlund": Role.PRINCIPAL,
        }  # fmt: skip
    last = {one.valid_to for one in held(cast.unit["alskolan"]).values()}
    assert last == {JANUARY - timedelta(days=1)}  # then the next round opens, and knows the new unit alone


def test_whoever_comes_to_the_new_unit_afterwards_may_finish_as_well(cast: Cast, november: Round) -> None:
    made = merge(cast)
    assert held(made) == held(cast.unit["alskolan"]) == {}
    organisation.give_mandate(cast.bo.person, Role.PRINCIPAL, made, by=cast.stina)
    assert [list(held(unit)) for unit in (made, *_units(cast))] == [["Bo Alm"]] * 3


def test_what_was_begun_at_an_old_unit_is_handed_in_there_and_counted_once(cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    mine = world.followup(cast, "petra")
    world.save(mine, "example", {"text": "Vi läser högt varje morgon."}, cast.petra)
    merge(cast, "pia")  # Petra leaves; Pia, who comes from the other school, finishes
    pia = held(cast.unit["ekskolan"])["Pia Östlund"]
    handed = world.hand_in(world.followup(cast, "petra"), pia, results=district.cells({MA4: (12, 10, 9)}))
    rollup.accept(handed, by=cast.arne)
    assert district.sums(cast.unit["norr"], november)[MA4] == (37, 34, 29, 2)
    assert district.cover(cast.unit["norr"], november) == (2, 2) and verify.problems() == []


def test_what_was_returned_can_still_be_mended(cast: Cast, november: Round) -> None:
    handed = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    merge(cast, "pia")
    rollup.send_back(handed, reason="Avsnittet om matematik saknar orsaker.", by=cast.arne)
    again = world.hand_in(world.followup(cast, "pia"), held(cast.unit["alskolan"])["Pia Östlund"])
    assert again.number == 2


def test_a_group_goes_on_handing_in_to_the_old_unit(cast: Cast, november: Round) -> None:
    handed = world.hand_in(world.followup(cast, "lena"), cast.lena)
    merge(cast, "pia")
    assert handed.receiver_id == cast.unit["alskolan"].id
    followup.accept(handed, by=held(cast.unit["alskolan"])["Pia Östlund"])
    assert handed.state == "accepted"


def test_what_is_open_stays_until_the_round_is_over_and_then_goes_over(cast: Cast, november: Round) -> None:
    district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    made = merge(cast, "pia", "petra")
    world.hand_in(world.followup(cast, "petra"), held(cast.unit["ekskolan"])["Petra Nord"])
    old = [cast.unit[short].id for short in ("alskolan", "ekskolan")]
    still = {one.lineage for unit_id in old for one in measure.at(unit_id) if one.state == "open"}
    assert still and measure.at(made.id) == [] and _asks(made) == 0 and sum(map(_asks, _units(cast))) == 2
    with clock.held(clock.at(JANUARY)):
        january = cycle.open_round(november.year.rounds[1], by=cast.diana)
        assert "Norrskolan" in nodes(january) and not {"Alskolan", "Ekskolan"} & set(nodes(january))
        assert {one.lineage for one in measure.to_follow_up(made.id, january)} == still
        assert not [one for unit_id in old for one in measure.at(unit_id) if one.state == "open"]
        assert _asks(made) == 2 and sum(map(_asks, _units(cast))) == 0


def _units(cast: Cast) -> list[Unit]:
    return [cast.unit["alskolan"], cast.unit["ekskolan"]]


def _asks(unit: Unit) -> int:
    asks = (SupportRequest.unit_id == unit.id, SupportRequest.state.in_(support.WAITING))
    return db.session.scalar(select(func.count()).select_from(SupportRequest).where(*asks)) or 0


def test_into_one_that_stands_in_the_tree_the_others_are_awaited_no_more(cast: Cast, november: Round) -> None:
    merge(cast, "petra", into="alskolan")
    assert nodes(november)["Ekskolan"] is False and held(cast.unit["ekskolan"]) == {}


def test_what_has_handed_in_goes_on_counting_as_expected_when_it_closes(cast: Cast, november: Round) -> None:
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    merge(cast, into="alskolan")
    assert district.cover(cast.unit["norr"], november) == (2, 1) and verify.problems() == []


def test_the_steward_is_told_who_finishes_and_the_people_where(app: Flask, cast: Cast, november: Round) -> None:
    page = Reader(makers.client(app, "stina")).open(f"/organisation/{cast.unit['alskolan'].public_id}/merge")
    page.choose("Slå ihop med", "Norra området › Ekskolan").choose("Det blir", "En ny enhet")
    page.fill("Namn på den nya enheten", "Norrskolan").press("Visa vad som skulle hända")
    page.sees("behåller sitt träd", "De som har uppdrag vid Norrskolan får samma uppdrag vid Alskolan, Ekskolan")
    page.press("Slå ihop").sees("Norrskolan")
    db.session.rollback()
    made = db.session.scalars(select(Unit).where(Unit.name == "Norrskolan")).one()
    mandate = held(made)["Pia Östlund"]
    told = [todo.title for todo in waiting.all_for(mandate, home.gather(mandate))]
    assert {"Uppföljning 1, november för Alskolan", "Uppföljning 1, november för Ekskolan"} <= set(told)
