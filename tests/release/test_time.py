"""What has been released is out: the next one counts with it, holds what a few have changed, and knows what it was made of."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.release import actions, making, queries, rules, sources
from chain.release.models import Release, ReleasedFigure, ReleasedNode, ReleaseSource
from chain.rollup import actions as rollup
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

MA4, SV4 = ("MA", "4"), ("SV", "4")


@pytest.fixture
@kept
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (40, 40, 20), SV4: (40, 40, 25)})
    district.accepted(cast, "ekskolan", {MA4: (50, 50, 30), SV4: (50, 50, 35)})
    return found


def released(cast: Cast, round: Round) -> Release:
    return actions.approve(actions.prepare(round, by=cast.olle), by=cast.diana)


def reopened(cast: Cast, round: Round) -> None:
    """An hour later."""
    clock.hold(clock.now() + timedelta(hours=1))
    rollup.reopen(world.queries.latest(cast.unit["ekskolan"].id, round), reason="Svenskan i åk 4 stämmer inte.", by=cast.arne)


def revised(cast: Cast, round: Round, figures: district.Figures) -> None:
    """Ekskolan hands in once more."""
    reopened(cast, round)
    district.accepted(cast, "ekskolan", figures)


def first_form(release: Release) -> Release:
    """As releases were before units were released: the administration's totals, without nodes, sources or thresholds."""
    top = [row for row in queries.rows(release)]
    db.session.execute(delete(ReleasedFigure).where(ReleasedFigure.release_id == release.id))
    db.session.execute(delete(ReleaseSource).where(ReleaseSource.release_id == release.id))
    db.session.execute(delete(ReleasedNode).where(ReleasedNode.release_id == release.id, ReleasedNode.parent_id.is_not(None)))
    db.session.execute(delete(ReleasedNode).where(ReleasedNode.release_id == release.id))
    for row in top:
        db.session.add(ReleasedFigure(release_id=release.id, **row._asdict()))  # type: ignore[union-attr]
    db.session.flush()
    told = {
        "release": release.public_id, "round_id": release.round_id, "unit_id": release.unit_id, "audience": "committee",
        "number": release.number, "expected": release.expected, "reporting": release.reporting,
        "figures": [list(row) for row in top],
    }  # fmt: skip
    db.session.execute(update(Release).where(Release.id == release.id).values(profile=None, sha256=rules.sha256(told)))
    db.session.commit()
    db.session.expire_all()
    return release


def lines(cast: Cast, round: Round) -> dict[tuple[str, str], making.Line]:
    administration = queries.node(round, cast.olle)
    assert administration is not None
    made = making.made(making.asked(round, administration))
    names = {one.node.unit_id: one.node.name for one in made.asked.nodes}
    return {(names[line.unit_id], line.figure.subject): line for line in made.lines}


def test_a_change_of_a_few_pupils_is_held_till_the_next_round_and_a_large_one_is_not(cast: Cast, november: Round) -> None:
    before = released(cast, november)
    revised(cast, november, {MA4: (50, 50, 32), SV4: (50, 50, 12)})
    found = lines(cast, november)
    assert (found["Ekskolan", "MA"].figure.shown, found["Ekskolan", "MA"].rule) == ("60", "held")
    assert (found["Ekskolan", "SV"].figure.shown, found["Ekskolan", "SV"].rule) == ("24", "")
    assert found["Barn- och utbildningsförvaltningen", "MA"].figure.shown == "56"  # 50 of 90, as before
    second = released(cast, november)
    held = [one for one in sources.of(second) if one.places is not None]
    [earlier] = [one.submission_id for one in sources.of(before) if one.unit_id == cast.unit["ekskolan"].id]
    assert [(one.submission_id, [place[1] for place in one.places or ()]) for one in held] == [(earlier, ["MA"])]
    assert lines(cast, november)["Ekskolan", "MA"].figure.shown == "60"  # still, from the release after


def test_a_correction_that_is_not_held_is_the_difference_of_two_releases(
    cast: Cast, november: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of Ekskolan's fifty have been given a pass since the first release: 60 per cent, and 64."""
    before = released(cast, november)
    revised(cast, november, {MA4: (50, 50, 32), SV4: (50, 50, 35)})

    def told() -> set[str]:
        then = next(one.shown for one in queries.every(before) if (one.name, one.subject) == ("Ekskolan", "MA"))
        return {then, lines(cast, november)["Ekskolan", "MA"].figure.shown}

    assert told() == {"60"}
    monkeypatch.setattr(making, "_held", lambda inputs, already, *_then: (dict(inputs), dict(already)))
    assert told() == {"60", "64"}


def test_a_unit_that_comes_late_is_not_the_difference_of_two_totals(cast: Cast) -> None:
    november = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (40, 40, 20)})
    released(cast, november)
    district.accepted(cast, "ekskolan", {MA4: (8, 8, 6)})
    found = lines(cast, november)
    top = found["Barn- och utbildningsförvaltningen", "MA"]
    assert (top.figure.shown, top.rule) == ("..", "earlier"), "the first one's total stands"
    assert (found["Alskolan", "MA"].figure.shown, found["Ekskolan", "MA"].figure.shown) == ("50", "..")
    assert found["Ekskolan", "MA"].rule == "few"


def test_a_release_of_the_first_form_is_read_as_before_and_counts_as_earlier(cast: Cast) -> None:
    november = world.opened(cast)
    for unit in ("alskolan", "ekskolan"):
        district.accepted(cast, unit, {MA4: (40, 40, 20)})
    old = first_form(released(cast, november))
    assert queries.holds(old) and [row.shown for row in queries.rows(old)] == ["50"]
    assert {one.unit_id for one in sources.of(old)} == {cast.unit["alskolan"].id, cast.unit["ekskolan"].id}
    revised(cast, november, {MA4: (40, 40, 22)})
    [mine] = [one for one in sources.of(old) if one.unit_id == cast.unit["ekskolan"].id]
    assert mine.submission_id != world.queries.latest(cast.unit["ekskolan"].id, november).id, "what had been accepted then"
    assert lines(cast, november)["Ekskolan", "MA"].rule == "held"


def test_what_was_accepted_when_is_found_again_through_what_came_after(cast: Cast, november: Round) -> None:
    old = first_form(released(cast, november))
    reopened(cast, november)
    assert len(sources.of(old)) == 2, "it had not been reopened then"


def test_a_few_who_left_a_small_group_are_told_by_no_two_rounds(cast: Cast) -> None:
    rounds = world.open_year(cast)
    november = cycle.open_round(rounds[0], by=cast.diana)
    district.accepted(cast, "alskolan", {MA4: (25, 25, 17)}, november)
    district.accepted(cast, "ekskolan", {MA4: (60, 60, 40)}, november)
    released(cast, november)
    with clock.held(clock.at(world.OPENS[2] + timedelta(days=5))):
        april = cycle.open_round(rounds[2], by=cast.diana)  # forecasts again; January's figures are grades or assessments
        district.accepted(cast, "alskolan", {MA4: (23, 23, 15)}, april)
        district.accepted(cast, "ekskolan", {MA4: (60, 60, 20)}, april)
        found = lines(cast, april)
    assert {line.figure.basis for line in found.values()} == {"forecast"}
    assert (found["Alskolan", "MA"].figure.shown, found["Alskolan", "MA"].rule) == ("..", "earlier")
    top = found["Barn- och utbildningsförvaltningen", "MA"]
    assert (top.figure.shown, top.rule) == ("..", "earlier"), "Ekskolan would work out Alskolan's, and who left"


def test_what_was_protected_beforehand_is_protected_anew_when_something_has_come(cast: Cast, november: Round) -> None:
    administration = queries.node(november, cast.olle)
    assert administration is not None
    made = making.made(making.asked(november, administration))
    revised(cast, november, {MA4: (50, 50, 12), SV4: (50, 50, 12)})
    release = actions.prepare(november, by=cast.olle, made=made)
    assert {row.subject: row.shown for row in queries.rows(release)}["MA"] == "36"


def test_nothing_exact_is_kept_in_a_release(cast: Cast, november: Round) -> None:
    release = released(cast, november)
    assert {one.n for one in queries.every(release)} == {40, 50, 90}
    assert {one.enrolled for one in queries.every(release)} == {90, None}, "of units all are not told"
