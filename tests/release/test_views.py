"""The pages: a preview, a release, an approval by another; the committee sees what is approved and nothing before."""

import pytest

from chain.cycle.models import Round
from chain.release import actions, queries
from chain.release.models import Release
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

MA4 = ("MA", "4")


@pytest.fixture
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 12), ("EN", "6"): (5, 5, 4)})
    district.accepted(cast, "ekskolan", {MA4: (16, 16, 8), ("EN", "6"): (4, 4, 4)})
    return found


@pytest.fixture
def prepared(cast: Cast, november: Round) -> Release:
    return actions.prepare(november, by=cast.olle)


def test_the_way_from_preview_to_approved(client, november: Round) -> None:
    olle, diana, maja = client("olle"), client("diana"), client("maja")
    preview = olle.get("/release/prepare").text
    assert "50 %" in preview and "Färre än 10 elever" in preview and "2 av 3" in preview
    made = olle.post("/release/prepare")
    assert made.status_code == 303
    assert "Någon annan behöver granska" in olle.get(made.location).text
    assert olle.post(made.location + "/approve").status_code == 409
    assert maja.get(made.location).status_code == 404
    assert diana.post(made.location + "/approve").status_code == 303
    assert "Godkänt" in diana.get(made.location).text
    assert "50 %" in maja.get(made.location).text
    assert "utgåva 1" in diana.get("/release/").text


def test_a_no_without_a_reason_shows_the_form_again(client, prepared: Release) -> None:
    page = client("diana").post(f"/release/{prepared.public_id}/refuse", data={"reason": "Nej"})
    assert page.status_code == 422 and "Skriv varför, med några ord." in page.text
    assert client("diana").post(f"/release/{prepared.public_id}/refuse", data={"reason": "Engelskan är fel."}).status_code == 303


@pytest.mark.parametrize("who", ["pia", "arne", "lena", "stina"])
def test_others_do_not_know_of_releases(client, prepared: Release, who: str) -> None:
    for path in ("/release/", "/release/prepare", f"/release/{prepared.public_id}"):
        assert client(who).get(path).status_code == 404


def test_the_committee_is_shown_no_exact_count(client, cast: Cast, prepared: Release) -> None:
    actions.approve(prepared, by=cast.diana)
    page = client("maja").get(f"/release/{prepared.public_id}").text
    assert "cirka 40 av 40" in page
    assert "20 av 40" not in page and "Alskolan" not in page
    assert queries.holds(prepared)
