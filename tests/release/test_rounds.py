"""Releases of one administration stand beside each other for ever: of other rounds, of other years, prepared at the same time."""

from datetime import date, timedelta

import pytest

from chain.base import clock
from chain.base.errors import RuleBroken
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import queries as followups
from chain.release import actions, queries
from chain.release.models import Release
from chain.release.system import NEAR, OPEN
from chain.rollup import actions as rollup
from tests.followup import world
from tests.makers import Cast
from tests.release import made
from tests.rollup import district

MA4 = ("MA", "4")
IN_APRIL = clock.at(world.OPENS[2] + timedelta(days=5))
THEN, SINCE = (25, 25, 17), (23, 23, 15)  # two who reached have left: nobody may see that of so few


def of_alskolan(release: Release) -> list[str]:
    return [one.shown for one in queries.every(release) if one.name == "Alskolan"]


def told(cast: Cast, round: Round, alskolan: tuple[int, int, int], ekskolan: tuple[int, int, int]) -> None:
    district.accepted(cast, "alskolan", {MA4: alskolan}, round)
    district.accepted(cast, "ekskolan", {MA4: ekskolan}, round)


def released(cast: Cast, round: Round) -> Release:
    return actions.approve(actions.prepare(round, by=cast.olle), by=cast.diana)


def test_two_that_were_prepared_without_each_other_are_not_both_approved(cast: Cast) -> None:
    november, _january, later, *_rest = world.open_year(cast)
    cycle.open_round(november, by=cast.diana)
    told(cast, november, THEN, (60, 60, 40))
    first = actions.prepare(november, by=cast.olle)
    with clock.held(IN_APRIL):
        cycle.open_round(later, by=cast.diana)
        told(cast, later, SINCE, (60, 60, 20))
        second = actions.prepare(later, by=cast.olle)
        actions.approve(first, by=cast.diana)
        with pytest.raises(RuleBroken, match="Förbered en ny"):
            actions.approve(second, by=cast.diana)
        assert of_alskolan(released(cast, later)) == [".."] and of_alskolan(first) == ["68"]


def test_what_was_hidden_in_between_does_not_open_what_was_shown_before_it() -> None:
    """Two leave, and two more: four who all reached, between what the first round showed and what is told now."""
    town = made.Town([made.Node(1000, 0, "administration", "Alla", frozenset((1, 2)))])
    town.nodes += [made.Node(unit, 1, "unit", f"Enhet {unit}", frozenset([unit])) for unit in (1, 2)]
    for name, small, large in (("november", (17, 25), 40), ("april", (15, 23), 20), ("june", (13, 21), 30)):
        town.rounds.append(name)
        town.told.append({1: {made.SHARE: made.share(*small)}, 2: {made.SHARE: made.share(large, 60)}})
    shown = [one.decided[1, made.SHARE].rule in (OPEN, NEAR) for one in made.released(town)]
    assert shown == [True, False, False]


def both(all_subjects: tuple[int, int], vocational: tuple[int, int]) -> dict[made.Family, made.Told]:
    return {made.ALL: made.share(*all_subjects), made.ELIGIBLE: made.share(*vocational)}


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (both((17, 25), (20, 25)), both((15, 23), (19, 24))),  # the same many then, and not now
        (both((17, 25), (20, 24)), both((15, 23), (18, 23))),  # the same many now, and not then
        (both((17, 25), (20, 25)), {made.ALL: made.share(15, 23)}),  # one has gone
        ({made.ALL: made.share(17, 25)}, both((15, 23), (18, 23))),  # one has come
        (both((17, 25), (20, 25)), both((15, 23), (15, 23))),  # the other's results have changed
    ],
)
def test_a_few_who_left_are_protected_whatever_else_is_told_of_the_same_pupils(
    then: dict[made.Family, made.Told], now: dict[made.Family, made.Told]
) -> None:
    town = made.Town([made.Node(1000, 0, "administration", "Alla", frozenset((1, 2)))])
    town.nodes += [made.Node(unit, 1, "unit", f"Enhet {unit}", frozenset([unit])) for unit in (1, 2)]
    town.rounds = ["november", "april"]
    town.told = [{1: then, 2: both((40, 60), (45, 60))}, {1: now, 2: both((30, 60), (35, 60))}]
    before, after = made.released(town)
    assert before.decided[1, made.ALL].rule == OPEN and after.decided[1, made.ALL].rule == "earlier"


def test_a_release_of_the_round_with_an_indicator_more_counts_the_same_pupils() -> None:
    town = made.Town([made.Node(1000, 0, "administration", "Alla", frozenset((1, 2, 3)))])
    town.nodes += [made.Node(unit, 1, "unit", f"Enhet {unit}", frozenset([unit])) for unit in (1, 2, 3)]
    told = {1: both((17, 25), (15, 25)), 2: both((20, 40), (30, 40)), 3: both((40, 60), (45, 60))}
    town.rounds = ["november"] * 2
    town.told = [{unit: {made.ALL: one[made.ALL]} for unit, one in told.items()}, told]
    _first, second = made.released(town)
    out = {atoms for one in second.earlier for atoms in one.rows}
    shown = {one.key: set(one.rows) for one in second.figures}
    assert out and out <= set().union(*(rows for (_node, family), rows in shown.items() if family == made.ALL))
    assert all(shown[1, family] & out for family in (made.ALL, made.ELIGIBLE)), "so many of them are so many of these"


def test_an_earlier_round_released_anew_is_protected_beside_what_came_after_it(cast: Cast) -> None:
    november, _january, later, *_rest = world.open_year(cast)
    cycle.open_round(november, by=cast.diana)
    district.accepted(cast, "ekskolan", {MA4: (60, 60, 40)}, november)
    released(cast, november)
    district.accepted(cast, "alskolan", {MA4: THEN}, november)
    with clock.held(IN_APRIL):
        cycle.open_round(later, by=cast.diana)
        told(cast, later, SINCE, (60, 60, 20))
        assert of_alskolan(released(cast, later)) == ["65"]
        assert of_alskolan(released(cast, november)) == [".."]


def test_those_who_are_there_from_year_to_year_are_protected_from_one_year_to_the_next(cast: Cast) -> None:
    """Two leave a year, all of them licensed; the third year is beside the first as well, for the second was not shown."""
    found = []
    for label, figures in (("2026/27", THEN), ("2027/28", SINCE), ("2028/29", (21, 21, 13))):
        with clock.held(clock.at(date(int(label[:4]), 11, 20))):
            round, *_rest = world.open_year(cast, label)
            cycle.open_round(round, by=cast.diana)
            qualified(cast, "alskolan", round, figures)
            qualified(cast, "ekskolan", round, (60, 60, 40))
            found.append(of_alskolan(released(cast, round)))
    assert found == [["68"], [".."], [".."]]


def qualified(cast: Cast, unit: str, round: Round, figures: tuple[int, int, int]) -> None:
    """The licensed teachers of a unit: no year group is theirs."""
    key = "teachers_qualified|GR|||"
    cells = {f"{key}{column}": str(count) for column, count in zip(("enrolled", "assessed", "reached"), figures, strict=True)}
    results = {"cells": cells, "reasons": {f"{key}why": "Tre vikarier under hösten."}, "basis": {}}
    writer = district.WRITER[unit]
    submission = world.hand_in(world.followup(cast, writer, round), cast.who[writer], results=results)
    district.accept(cast, unit, submission)


def test_those_in_a_year_group_are_others_a_year_later(cast: Cast) -> None:
    found = []
    for label, figures in (("2026/27", THEN), ("2027/28", SINCE)):
        with clock.held(clock.at(date(int(label[:4]), 11, 20))):
            round, *_rest = world.open_year(cast, label)
            cycle.open_round(round, by=cast.diana)
            told(cast, round, figures, (60, 60, 40))
            found.append(of_alskolan(released(cast, round)))
    assert found == [["68"], ["65"]]


def test_what_comes_back_near_an_older_release_of_the_round_is_held_there(cast: Cast) -> None:
    november = world.opened(cast)
    told(cast, november, (60, 60, 40), (20, 20, 12))
    found = [released(cast, november)]
    for hours, figures in ((1, (40, 40, 20)), (2, (19, 19, 11))):
        clock.hold(clock.now() + timedelta(hours=hours))
        latest = followups.latest(cast.unit["ekskolan"].id, november)
        rollup.reopen(latest, reason="Matematiken i åk 4 stämmer inte.", by=cast.arne)
        district.accepted(cast, "ekskolan", {MA4: figures})
        found.append(released(cast, november))
    assert [one.shown for release in found for one in queries.every(release) if one.name == "Ekskolan"] == ["60", "50", "60"]
