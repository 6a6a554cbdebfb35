"""The pages: a preview, a release, an approval by another; the committee sees what is approved and nothing before."""

import pytest

from chain.cycle.models import Round
from chain.release import actions
from chain.release.models import Release
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district
from tests.visitors import Reader

MA4 = ("MA", "4")


@pytest.fixture
@kept
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 12), ("EN", "6"): (5, 5, 4)})
    district.accepted(cast, "ekskolan", {MA4: (16, 16, 8), ("EN", "6"): (4, 4, 4)})
    return found


@pytest.fixture
@kept
def prepared(cast: Cast, november: Round) -> Release:
    return actions.prepare(november, by=cast.olle)


def test_the_way_from_preview_to_approved(client, november: Round) -> None:
    olle, diana, maja = client("olle"), client("diana"), client("maja")
    preview = olle.get("/release/prepare").text
    assert "50 %" in preview and "För få" in preview and "För de andras skull" not in preview and "2 av 3" in preview
    made = olle.post("/release/prepare")
    assert made.status_code == 303
    waits = olle.get(made.location).text
    assert "Nu är det skolchefens tur" in waits and "Godkänn utgåvan" not in waits and "/approve" not in waits
    assert olle.post(made.location + "/approve").status_code == 403
    assert maja.get(made.location).status_code == 404
    assert "Ingen utgåva finns än" in maja.get("/release/").text
    assert "Godkänn utgåvan" in diana.get(made.location).text
    assert diana.post(made.location + "/approve").status_code == 303
    approved = diana.get(made.location).text
    assert "Godkänt" in approved and "Diana Holm" in approved and "Godkänn utgåvan" not in approved
    assert "50 %" in maja.get(made.location).text
    for browser in (diana, maja):
        assert made.location in browser.get("/release/").text


def test_a_director_who_prepares_is_told_that_somebody_else_has_to_approve(client, november: Round) -> None:
    diana = client("diana")
    assert "låt en utredare frysa" in diana.get("/release/prepare").text
    assert "låt en utredare frysa" not in client("olle").get("/release/prepare").text
    made = diana.post("/release/prepare")
    page = diana.get(made.location).text
    assert "Du har själv förberett" in page and "Godkänn utgåvan" not in page
    assert diana.post(made.location + "/approve").status_code == 409


def test_a_newer_release_takes_the_older_ones_place_for_the_committee(client, cast: Cast, november: Round) -> None:
    first, second = (actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana) for _number in range(2))
    for who in ("maja", "sixten", "rut"):
        page = Reader(client(who)).open(f"/release/{first.public_id}").sees("Ersatt av utgåva 2", "Olle Sand")
        page.sees_not("Godkänt", "%", "cirka", "enheter ingår", "Vad som inte visas").click("Läs utgåva 2")
        assert page.address == f"/release/{second.public_id}"
        page.sees("Godkänt", "50 %", "2 av 3 enheter ingår").sees_not("Ersatt")
    for who in ("maja", "olle"):
        listed = Reader(client(who)).open("/release/").text
        assert listed.index("utgåva 2") < listed.index("Godkänt") < listed.index("utgåva 1") < listed.index("Ersatt")
    Reader(client("olle")).open(f"/release/{first.public_id}").sees("Ersatt av utgåva 2", "50 %", "cirka 40 av 40")


def test_what_is_only_prepared_or_was_refused_replaces_nothing(client, cast: Cast, november: Round) -> None:
    first = actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana)
    actions.refuse(actions.prepare(november, by=cast.olle), reason="Svenskan är fel.", by=cast.diana)
    actions.prepare(november, by=cast.olle)
    Reader(client("maja")).open(f"/release/{first.public_id}").sees("Godkänt", "50 %").sees_not("Ersatt")
    Reader(client("maja")).open("/release/").sees("utgåva 1").sees_not("Ersatt", "utgåva 2", "utgåva 3")


def test_a_no_without_a_reason_shows_the_form_again(client, prepared: Release) -> None:
    page = client("diana").post(f"/release/{prepared.public_id}/refuse", data={"reason": "Nej"})
    assert page.status_code == 422 and "Skriv varför, med några ord." in page.text
    assert prepared.state == "prepared"
    assert client("diana").post(f"/release/{prepared.public_id}/refuse", data={"reason": "Engelskan är fel."}).status_code == 303
    page = client("olle").get(f"/release/{prepared.public_id}").text
    assert "Engelskan är fel." in page and "Inte godkänd" in page and "Godkänn utgåvan" not in page
    assert client("maja").get(f"/release/{prepared.public_id}").status_code == 404


@pytest.mark.parametrize("who", ["pia", "arne", "lena", "stina"])
def test_others_do_not_know_of_releases(client, prepared: Release, who: str) -> None:
    for path in ("/release/", "/release/prepare", f"/release/{prepared.public_id}"):
        assert client(who).get(path).status_code == 404


def test_what_is_withheld_says_why_and_is_dots_among_what_is_shown(client, cast: Cast) -> None:
    found = world.opened(cast)
    few = {("EN", "6"): (16, 16, 15), ("BL", "4"): (5, 5, 4)}
    district.accepted(cast, "alskolan", {MA4: (25, 24, 12), **few})
    district.accepted(cast, "ekskolan", {MA4: (16, 16, 8), **few, ("BL", "4"): (4, 4, 4)})
    release = actions.approve(actions.prepare(found, by=cast.olle), by=cast.diana)
    page = Reader(client("maja")).open(f"/release/{release.public_id}")
    page.sees(
        "Bild , enhet för enhet .. .. 2 av 2",
        "Visas inte (..) Så få att talet kan peka ut någon, eller så",
        "Matematik , enhet för enhet 50 % cirka 40 av 40",
    )
    page.sees("Engelska , enhet för enhet ~100 % cirka 30 av 30").sees_not("Engelska , enhet för enhet ..")


TWO = "Där bara två enheter har lämnat tal visas helheten bara om båda kan visas: annars kunde den ena räkna ut den andras."


@pytest.mark.parametrize(("one", "other"), [((5, 5, 4), (16, 16, 8)), ((16, 16, 8), (5, 5, 4)), ((5, 5, 4), (4, 4, 4))])
def test_a_hidden_sum_of_two_says_so_in_the_same_words_whichever_of_them_is_small(client, cast: Cast, one, other) -> None:
    found = world.opened(cast)
    for unit, figures in (("alskolan", one), ("ekskolan", other)):
        district.accepted(cast, unit, {("BL", "4"): figures, MA4: (25, 24, 12)})
    release = actions.approve(actions.prepare(found, by=cast.olle), by=cast.diana)
    whole = Reader(client("maja")).open(f"/release/{release.public_id}").sees("Bara två enheter " + TWO)
    whole.click("Bild , enhet för enhet").sees("Alla tillsammans Andel Bedömda Enheter Barn- och", TWO)
    whole.open(f"/release/{release.public_id}").click("Matematik , enhet för enhet").sees_not(TWO)


def test_a_table_of_which_nothing_may_be_shown_is_one_line(client, cast: Cast, prepared: Release) -> None:
    actions.approve(prepared, by=cast.diana)
    page = Reader(client("maja")).open(f"/release/{prepared.public_id}")
    page.sees("1 rad visas inte. Så få att talet kan peka ut någon,", "Engelska , enhet för enhet 2 av 2 enheter").sees_not(
        "Engelska .."
    )


def test_the_committee_is_shown_no_exact_count(client, cast: Cast, prepared: Release) -> None:
    actions.approve(prepared, by=cast.diana)
    page = client("maja").get(f"/release/{prepared.public_id}").text
    assert "cirka 40 av 40" in page
    for hidden in ("20 av 40", "av 41", "12 av 24", "8 av 16", "8 av 9", "Alskolan", "Ekskolan"):
        assert hidden not in page, hidden
