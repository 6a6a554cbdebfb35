"""Accepting makes sums, returning and reopening take them away; each node is the sum of its direct children."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle import actions as cycle
from chain.cycle.models import Round, RoundNode
from chain.followup import actions as followup
from chain.result.models import Indicator
from chain.rollup import actions
from tests.conftest import NOW
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

MA4, MA5, SV4 = ("MA", "4"), ("MA", "5"), ("SV", "4")
WHY = "Avsnittet om matematik saknar orsaker."


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def test_nothing_is_summed_before_it_is_accepted(cast: Cast, november: Round) -> None:
    district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    assert district.sums(cast.unit["alskolan"], november) == {}
    assert district.cover(cast.unit["fvn"], november) == (3, 0)


def test_what_is_accepted_is_summed_at_every_node_up_to_the_administration(cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20), SV4: (25, 25, 22)})
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9), MA5: (14, 14, 8)})
    assert district.sums(cast.unit["alskolan"], november) == {MA4: (25, 24, 20, 1), SV4: (25, 25, 22, 1)}
    whole = {MA4: (37, 34, 29, 2), SV4: (25, 25, 22, 1), MA5: (14, 14, 8, 1)}
    assert district.sums(cast.unit["norr"], november) == whole
    assert district.sums(cast.unit["fvn"], november) == whole
    assert district.sums(cast.unit["bun"], november) == {}
    assert district.cover(cast.unit["norr"], november) == (2, 2)
    assert district.cover(cast.unit["fvn"], november) == (3, 2)


def test_coverage_is_counted_among_those_who_have_the_school_form_and_the_year_group(cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    assert district.cover(cast.unit["fvn"], november, "GR") == (2, 1)
    assert district.cover(cast.unit["fvn"], november, "GR", "4") == (2, 1)
    assert district.cover(cast.unit["fvn"], november, "FS") == (1, 0)


def test_accepting_again_changes_nothing(cast: Cast, november: Round) -> None:
    submission = district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    actions.accept(submission, by=cast.arne)
    assert district.sums(cast.unit["fvn"], november) == {MA4: (25, 24, 20, 1)}


def test_reopening_takes_the_figures_away_and_accepting_the_new_version_brings_new_ones(cast: Cast, november: Round) -> None:
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    submission = district.accepted(cast, "alskolan", {MA4: (25, 24, 20), SV4: (25, 25, 22)})
    actions.reopen(submission, reason=WHY, by=cast.arne)
    assert district.sums(cast.unit["fvn"], november) == {MA4: (12, 10, 9, 1)}
    assert district.cover(cast.unit["fvn"], november) == (3, 1)
    district.accepted(cast, "alskolan", {MA4: (25, 25, 21)})
    assert district.sums(cast.unit["fvn"], november) == {MA4: (37, 35, 30, 2)}


def test_rows_that_lose_all_children_vanish(cast: Cast, november: Round) -> None:
    submission = district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    actions.reopen(submission, reason=WHY, by=cast.arne)
    assert all(district.sums(cast.unit[short], november) == {} for short in ("alskolan", "norr", "fvn"))


def test_a_returned_follow_up_leaves_no_figures(cast: Cast, november: Round) -> None:
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    actions.send_back(submission, reason=WHY, by=cast.arne)
    assert district.sums(cast.unit["norr"], november) == {}
    assert world.fresh(submission).state == "returned"


@pytest.mark.parametrize("act", [actions.send_back, actions.reopen])
def test_a_reason_that_says_nothing_is_refused(cast: Cast, november: Round, act) -> None:
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    if act is actions.reopen:
        district.accept(cast, "alskolan", submission)
    with pytest.raises(RuleBroken) as refused:
        act(submission, reason="Gör om", by=cast.arne)
    assert "reason" in refused.value.problems


def test_only_the_receiver_accepts(cast: Cast, november: Round) -> None:
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    for who in ("pia", "asta", "petra", "olle", "maja"):
        with pytest.raises(NotAllowed):
            actions.accept(submission, by=cast.who[who])
    assert district.sums(cast.unit["norr"], november) == {}


def test_a_group_and_an_area_make_no_rows(cast: Cast, november: Round) -> None:
    district.accepted(cast, "al46")
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    district.accepted(cast, "norr")
    assert district.sums(cast.unit["al46"], november) == {}
    assert district.sums(cast.unit["norr"], november) == {MA4: (25, 24, 20, 1)}


def test_an_indicator_has_one_entry_level(cast: Cast, november: Round) -> None:
    """A year that says that groups enter the share makes what a unit wrote a proposal, that never rolls up."""
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    for one in db.session.query(Indicator).filter_by(key="at_least_e"):
        db.session.execute(update(Indicator).where(Indicator.id == one.id).values(facts={**one.facts, "entry_level": "group"}))
    db.session.commit()
    district.accept(cast, "alskolan", submission)
    assert district.sums(cast.unit["fvn"], november) == {}


def test_a_fault_in_the_sums_heals_at_the_next_acceptance(cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    db.session.execute(update(actions.ROWS).where(actions.ROWS.c.unit_id == cast.unit["norr"].id).values(k=3))
    db.session.commit()
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    assert district.sums(cast.unit["fvn"], november) == {MA4: (37, 34, 29, 2)}


def test_who_handed_in_on_time_is_not_late_because_the_receiver_accepted_it_late(cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    district.hand_in(cast, "norr")
    after = district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    assert not world.fresh(after).late
    assert district.sums(cast.unit["fvn"], november) == {MA4: (37, 34, 29, 2)}


def test_what_is_handed_up_freezes_figures_coverage_versions_and_who_is_missing(cast: Cast, november: Round) -> None:
    child = district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    area = district.hand_in(cast, "norr")
    kept = area.snapshot
    assert [(one["name"], one["sha256"], one["state"]) for one in kept["children"]] == [("Alskolan", child.sha256, "accepted")]
    assert kept["missing"] == ["Ekskolan"]
    assert [[row[name] for name in ("subject", "enrolled", "n", "k", "units")] for row in kept["rollup"]] == [
        ["MA", 25, 24, 20, 1]
    ]
    assert {"school_form": "", "year_group": "", "expected": 2, "reporting": 1} in kept["coverage"]
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    assert world.fresh(area).snapshot == kept
    assert kept["figures"] == []


def test_a_supplement_freezes_the_figures_anew(cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    district.accepted(cast, "norr")
    clock.hold(NOW + timedelta(hours=1))
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    again = followup.supplement(world.followup(cast, "arne"), by=cast.arne)
    assert [row["n"] for row in again.snapshot["rollup"]] == [34]
    assert again.snapshot["missing"] == []


def test_an_exempted_unit_is_expected_no_longer(cast: Cast, november: Round) -> None:
    node = world.node(cast, "havet", november)
    cycle.exempt(node, reason="Avdelningen är stängd för ombyggnad.", by=cast.diana)
    assert district.cover(cast.unit["fvn"], november) == (2, 0)
    cycle.expect(world.node(cast, "havet", november), by=cast.diana)
    assert district.cover(cast.unit["fvn"], november) == (3, 0)


def test_the_units_of_an_exempted_area_are_received_and_summed_all_the_same(cast: Cast, november: Round) -> None:
    area = db.session.query(RoundNode).filter_by(round_id=november.id, unit_id=cast.unit["norr"].id)
    area.update({"expected": False, "exempt_reason": "Området har ingen chef i höst."})
    db.session.commit()
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    actions.accept(submission, by=cast.diana)
    assert district.sums(cast.unit["fvn"], november) == {MA4: (25, 24, 20, 1)}


def test_rebuilding_makes_the_same_rows(cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    before = {short: district.sums(cast.unit[short], november) for short in ("alskolan", "norr", "fvn")}
    covered = district.cover(cast.unit["fvn"], november)
    db.session.execute(actions.ROWS.delete())
    db.session.execute(actions.COVERAGE.delete())
    db.session.commit()
    actions.rebuild(november, by=None)
    assert {short: district.sums(cast.unit[short], november) for short in before} == before
    assert district.cover(cast.unit["fvn"], november) == covered == (3, 2)
