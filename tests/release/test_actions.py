"""Prepared by one, approved by another, frozen whatever happens to the live figures afterwards."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from chain.access.policy import Role
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle.models import Round
from chain.organisation import actions as organisation
from chain.release import actions, queries
from chain.release.models import ReleasedFigure
from chain.release.profiles import SKOLVERKET
from chain.rollup import actions as rollup
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

MA4, SV4, EN6 = ("MA", "4"), ("SV", "4"), ("EN", "6")


@pytest.fixture
@kept
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 12), SV4: (25, 24, 23), EN6: (5, 5, 4)})
    district.accepted(cast, "ekskolan", {MA4: (16, 16, 8), SV4: (16, 16, 15), EN6: (4, 4, 4)})
    return found


def shown(release) -> dict[str, tuple[str, str, str]]:
    return {
        f"{line.label} {table.year_group}": (line.shown, line.pupils, line.units)
        for form in queries.figures(release)
        for table in form.tables
        for line in table.lines
    }


def test_what_leaves_is_the_administrations_sums_protected(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    assert shown(release) == {
        "Matematik 4": ("50 %", "cirka 40 av 40", "2 av 2"),
        "Svenska 4": ("~100 %", "cirka 40 av 40", "2 av 2"),
        "Engelska 6": ("..", "", "2 av 2"),
    }
    assert (release.number, release.state, release.audience) == (1, "prepared", "committee")
    assert (release.expected, release.reporting) == (3, 2)


def test_no_exact_count_is_kept_in_a_release(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    assert {(one.n, one.enrolled) for one in queries.rows(release)} == {(40, 40), (None, None)}


def test_it_says_why_something_is_withheld(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    assert [(one.name, one.count) for one in queries.withheld(queries.figures(release))] == [
        ("Visas inte (..)", 1),  # no more than that: whether it is few would tell how few
        ("Nästan alla eller nästan ingen", 1),
        ("Bara två enheter", 1),
    ]


def test_one_units_figures_are_shown_as_the_committees_only_where_units_are_shown_anyway(cast: Cast) -> None:
    november = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 12)})
    assert shown(actions.prepare(november, by=cast.olle)) == {"Matematik 4": ("50 %", "cirka 25 av 25", "1 av 2")}
    actions.keep_profile(cast.unit["fvn"], replace(SKOLVERKET, finest="area"), by=cast.diana)
    assert shown(actions.prepare(november, by=cast.olle)) == {"Matematik 4": ("..", "", "1 av 2")}


def test_an_officer_prepares_and_the_director_approves(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    assert queries.approved(november) is None
    actions.approve(release, by=cast.diana)
    found = queries.approved(november)
    assert found is not None and (found.id, found.state, found.decided_by_id) == (release.id, "approved", cast.diana.person_id)


@pytest.mark.parametrize("who", ["olle", "olga"])
def test_no_officer_approves_what_is_prepared_neither_their_own_nor_a_colleagues(cast: Cast, november: Round, who: str) -> None:
    release = actions.prepare(november, by=cast.olle)
    with pytest.raises(NotAllowed):
        actions.approve(release, by=cast.who[who])
    with pytest.raises(NotAllowed):
        actions.refuse(release, reason="Ekskolans siffror är fel.", by=cast.who[who])
    assert (release.state, queries.approved(november)) == ("prepared", None)


def test_a_director_does_not_approve_their_own(cast: Cast, november: Round) -> None:
    own = actions.prepare(november, by=cast.diana)
    with pytest.raises(RuleBroken, match="Någon annan"):
        actions.approve(own, by=cast.diana)
    assert own.state == "prepared"
    actions.refuse(own, reason="Jag räknade fel dag.", by=cast.diana)
    assert own.state == "refused"


def test_the_same_person_under_another_mandate_is_no_other_person(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    acting = organisation.give_mandate(cast.olle.person, Role.DIRECTOR, cast.unit["fvn"], by=None)
    with pytest.raises(RuleBroken, match="Någon annan"):
        actions.approve(release, by=acting)
    assert release.state == "prepared"


@pytest.mark.parametrize("who", ["maja", "sixten", "rut", "pia", "arne", "vera", "stina"])
def test_nobody_outside_the_administration_prepares_approves_or_refuses(cast: Cast, november: Round, who: str) -> None:
    with pytest.raises((NotAllowed, RuleBroken)):
        actions.prepare(november, by=cast.who[who])
    release = actions.prepare(november, by=cast.olle)
    assert release.number == 1
    with pytest.raises(NotAllowed):
        actions.approve(release, by=cast.who[who])
    with pytest.raises(NotAllowed):
        actions.refuse(release, reason="Ekskolans siffror är fel.", by=cast.who[who])


def test_a_refused_release_says_why_and_stays_refused(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    actions.refuse(release, reason="Ekskolans siffror är fel.", by=cast.diana)
    assert (release.state, release.reason) == ("refused", "Ekskolans siffror är fel.")
    with pytest.raises(NotAllowed):
        actions.approve(release, by=cast.diana)
    assert queries.approved(november) is None


def test_a_release_does_not_follow_the_live_figures(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    actions.approve(release, by=cast.diana)
    before = shown(release)
    rollup.reopen(world.queries.latest(cast.unit["ekskolan"].id, november), reason="Svenskan i åk 4 stämmer inte.", by=cast.arne)
    db.session.rollback()
    assert shown(release) == before
    assert queries.holds(release)


def test_a_new_number_takes_the_place_of_the_old_when_it_is_approved(cast: Cast, november: Round) -> None:
    first = actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana)
    second = actions.prepare(november, by=cast.olle)
    held = queries.approved(november)
    assert second.number == 2 and held is not None and held.id == first.id
    actions.approve(second, by=cast.diana)
    held = queries.approved(november)
    assert held is not None and held.id == second.id


def test_an_older_release_is_not_approved_past_a_newer(cast: Cast, november: Round) -> None:
    first = actions.prepare(november, by=cast.olle)
    actions.prepare(november, by=cast.olga)
    with pytest.raises(RuleBroken, match="nyare"):
        actions.approve(first, by=cast.diana)


def test_a_release_that_was_tampered_with_is_not_approved(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    db.session.execute(update(ReleasedFigure).where(ReleasedFigure.subject == "EN").values(shown="89"))
    db.session.commit()
    assert not queries.holds(release)
    db.session.rollback()
    with pytest.raises(RuleBroken, match="kontrollsumma"):
        actions.approve(release, by=cast.diana)


def test_there_is_nothing_to_release_before_anything_is_accepted(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="inga siffror"):
        actions.prepare(world.opened(cast), by=cast.olle)
