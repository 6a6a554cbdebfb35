"""The desk and the figures: who has handed in and who has not, never a trace of a draft, and a way down from every sum."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.organisation import actions as organisation
from chain.rollup import queries, rules
from tests import asked
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

MA4, EN6 = ("MA", "4"), ("EN", "6")
WHY = "Avsnittet om matematik saknar orsaker."


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def words(page: Any) -> str:
    return " ".join(page.text.split())


# The desk


def test_it_says_who_has_handed_in_and_who_is_missing(client, cast: Cast, november: Round) -> None:
    district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    page = words(client("arne").get("/rollup/"))
    assert "1 av 2" in page and "enheter har lämnat in" in page
    assert "Nästa oläst: Alskolan" in page
    assert "Ekskolan" in page and "Senast 13 december 2026." not in page.split("Ekskolan")[0]
    assert "Havets förskola" not in page


def test_a_late_one_is_named_with_what_it_has_said(client, cast: Cast, november: Round) -> None:
    node = world.node(cast, "ekskolan", november)
    cycle.explain_late(node, reason="Två av tre lärare är sjuka.", by=cast.petra)
    with clock.held(clock.at(date(2026, 12, 20))):
        page = words(client("arne").get("/rollup/"))
    assert "Försenad" in page and "Säger: Två av tre lärare är sjuka." in page
    assert "Inget besked." in page  # Alskolan


def test_an_extension_is_said_and_counted(client, cast: Cast, november: Round) -> None:
    cycle.extend(world.node(cast, "ekskolan", november), to=date(2026, 12, 22), by=cast.diana)
    with clock.held(clock.at(date(2026, 12, 20))):
        page = words(client("arne").get("/rollup/"))
    assert "Anstånd till och med 22 december 2026." in page
    assert page.count("Försenad") == 1  # Alskolan


def test_a_draft_leaves_no_trace(client, cast: Cast, november: Round) -> None:
    before = client("arne").get("/rollup/").data
    world.write(world.followup(cast, "pia"), cast.pia)
    withdrawn = district.hand_in(cast, "ekskolan")
    followup.withdraw(withdrawn, by=cast.petra)
    assert client("arne").get("/rollup/").data == before


def test_the_director_sees_areas_and_units_but_no_group(client, cast: Cast, november: Round) -> None:
    district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    district.hand_in(cast, "al46")
    page = words(client("diana").get("/rollup/"))
    assert all(name in page for name in ("Norra området", "Södra området", "Alskolan", "Havets förskola"))
    assert "Arbetslag" not in page
    assert "Nästa oläst" not in page  # the area head reads it


def test_the_principal_sees_the_own_groups_alone(client, cast: Cast, november: Round) -> None:
    district.hand_in(cast, "al46")
    page = words(client("pia").get("/rollup/"))
    assert "arbetslag har lämnat in" in page and "Nästa oläst: Arbetslag 4–6" in page
    assert "Ekskolan" not in page


@pytest.mark.parametrize("who", ["lena", "maja", "sixten", "stina", "rut"])
def test_others_have_no_desk(client, november: Round, who: str) -> None:
    assert client(who).get("/rollup/").status_code == 404


def test_another_committee_sees_nothing_of_ours(client, cast: Cast, november: Round) -> None:
    assert client("vera").get(f"/rollup/{november.public_id}").status_code == 404
    assert "Ingen uppföljning har öppnats" in client("vera").get("/rollup/").text


def test_a_late_child_is_pointed_out_when_one_has_handed_up(client, cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    district.hand_in(cast, "norr")
    clock.hold(clock.now() + timedelta(hours=1))
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    page = words(client("arne").get("/rollup/"))
    assert f"/followup/{world.followup(cast, 'arne').public_id}" in page
    assert "Kom in efter att ni lämnade in" in page


def test_who_handed_in_on_time_has_a_receipt_and_a_row_that_say_so_also_when_it_was_accepted_late(
    client, cast: Cast, november: Round
) -> None:
    on_time = district.hand_in(cast, "ekskolan", {MA4: (12, 10, 9)})
    district.hand_in(cast, "norr")
    clock.hold(clock.now() + timedelta(hours=1))
    assert client("arne").post(f"/rollup/submission/{on_time.public_id}/accept").status_code == 303
    assert "efter sista dag" not in client("petra").get(f"/followup/submission/{on_time.public_id}/receipt").text
    page = words(client("arne").get("/rollup/"))
    assert "Kom in efter att ni lämnade in" in page and "Inlämnad sent" not in page


# Receiving


def test_a_submission_is_accepted_on_its_page(client, cast: Cast, november: Round) -> None:
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    arne = client("arne")
    assert arne.post(f"/followup/submission/{submission.public_id}/open").status_code == 303
    assert "Ta emot uppföljningen" in arne.get(f"/followup/submission/{submission.public_id}").text
    assert "Ta emot uppföljningen" not in client("diana").get(f"/followup/submission/{submission.public_id}").text
    done = arne.post(f"/rollup/submission/{submission.public_id}/accept")
    assert done.status_code == 303
    assert "Alskolan: mottagen." in arne.get(done.location).text
    assert district.sums(cast.unit["fvn"], november) == {MA4: (25, 24, 20, 1)}
    assert "Öppna igen" in arne.get(f"/followup/submission/{submission.public_id}").text


@pytest.mark.parametrize(
    ("unit", "receiver", "successor", "who"), [("alskolan", "norr", "soder", "diana"), ("al46", "alskolan", "ekskolan", "arne")]
)
def test_what_waits_for_a_unit_that_ends_is_found_opened_and_accepted_by_the_next_one_above(
    client, cast: Cast, november: Round, unit: str, receiver: str, successor: str, who: str
) -> None:
    browser, submission = client(who), district.hand_in(cast, unit)
    ending, other = cast.unit[receiver], cast.unit[successor]
    for under in [one for one in organisation.queries.children(ending) if one.open]:
        organisation.move_unit(under, under=other, version=under.version, by=cast.stina)
    organisation.close_unit(ending, successor=other, reason="Slås ihop", version=ending.version, by=cast.stina)
    address = f"/followup/submission/{submission.public_id}"
    assert address in browser.get("/rollup/").text
    assert browser.post(f"{address}/open").status_code == 303
    assert "Ta emot uppföljningen" in browser.get(address).text
    done = browser.post(f"/rollup/submission/{submission.public_id}/accept")
    assert done.status_code == 303 and "mottagen" in browser.get(done.location).text
    assert world.fresh(submission).state == "accepted"


def test_what_another_level_has_opened_is_still_unread_here(client, cast: Cast, november: Round) -> None:
    other = district.hand_in(cast, "ekskolan")
    submission = district.hand_in(cast, "alskolan")
    followup.open_(submission, by=cast.olle)
    page = words(client("arne").get("/rollup/"))
    assert "Öppnad av Barn- och utbildningsförvaltningen." in page
    assert "Nästa oläst: Ekskolan" in page  # what nobody has opened goes first
    followup.open_(other, by=cast.arne)
    page = words(client("arne").get("/rollup/"))
    assert "Nästa oläst: Alskolan" in page and "Läst." in page


def test_it_is_returned_with_a_reason_that_the_desk_repeats(client, cast: Cast, november: Round) -> None:
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    address = f"/rollup/submission/{submission.public_id}/send-back"
    refused = client("arne").post(address, data={"reason": "Gör om"})
    assert refused.status_code == 422 and "Skriv med några ord" in refused.text and "Gör om" in refused.text
    assert client("arne").post(address, data={"reason": WHY}).status_code == 303
    page = words(client("arne").get("/rollup/"))
    assert "Skickad tillbaka" in page and WHY in page


def test_it_is_opened_again_with_a_reason(client, cast: Cast, november: Round) -> None:
    submission = district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    address = f"/rollup/submission/{submission.public_id}/reopen"
    assert client("arne").post(address, data={"reason": ""}).status_code == 422
    assert client("arne").post(address, data={"reason": WHY}).status_code == 303
    assert district.sums(cast.unit["fvn"], november) == {}


@pytest.mark.parametrize(
    ("who", "status"), [("pia", 403), ("diana", 403), ("olle", 403), ("petra", 404), ("asta", 404), ("maja", 404)]
)
def test_nobody_else_receives(client, cast: Cast, november: Round, who: str, status: int) -> None:
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    assert client(who).post(f"/rollup/submission/{submission.public_id}/accept").status_code == status


# Figures


def figures(cast: Cast, round: Round, unit: str) -> str:
    return f"/rollup/{round.public_id}/{cast.unit[unit].public_id}"


def test_every_figure_says_its_basis_its_pupils_and_its_units(client, cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20), EN6: (8, 8, 7)})
    page = words(client("diana").get(figures(cast, november, "fvn")))
    assert "83 % (20 av 24)" in page and "24 av 25" in page and "1 av 2" in page
    assert "prognos" in page and "liten grupp" in page
    assert "1 av 3" in page and "enheter ingår i siffrorna" in page


def test_a_figure_opens_per_unit_in_swedish_order(client, cast: Cast, november: Round) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 6)})
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    address = (
        figures(cast, november, "norr") + "/figure?indicator=at_least_e&school_form=GR&subject=MA&year_group=4&basis=forecast"
    )
    assert address.replace("&", "&amp;").split("?")[1] in client("arne").get(figures(cast, november, "norr")).text
    page = words(client("arne").get(address))
    assert page.index("Alskolan") < page.index("Ekskolan") < page.index("Tillsammans")
    assert "9 av 10" in page and "44 % (15 av 34)" in page
    assert client("arne").get(address.replace("MA", "SV")).status_code == 404


def test_last_years_figure_stands_beside_when_it_is_the_same_measurement(client, cast: Cast) -> None:
    with clock.held(clock.at(date(2025, 11, 20))):
        last = world.open_year(cast, "2025/26")[0]
        cycle.open_round(last, by=cast.diana)
        district.accepted(cast, "alskolan", {MA4: (30, 30, 21)}, last)
    november = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)}, november)
    page = words(client("pia").get(figures(cast, november, "alskolan")))
    assert "70 % (21 av 30)" in page and "2025/26" in page


@pytest.mark.parametrize(
    ("who", "unit", "status"),
    [("pia", "alskolan", 200), ("pia", "norr", 404), ("pia", "ekskolan", 404), ("arne", "norr", 200), ("arne", "havet", 404),
     ("arne", "fvn", 404), ("diana", "alskolan", 200), ("diana", "al46", 404), ("diana", "bun", 404), ("maja", "fvn", 404),
     ("stina", "fvn", 404), ("lena", "alskolan", 404)],
)  # fmt: skip
def test_live_figures_are_read_on_the_path_alone(client, cast: Cast, november: Round, who: str, unit: str, status: int) -> None:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)})
    assert client(who).get(figures(cast, november, unit)).status_code == status


# The number of statements


def counted(app: Flask, browser: Any, address: str) -> int:
    db.session.rollback()
    with asked.statements() as said:
        assert browser.get(address).status_code == 200
    return len([one for one in said if not one.startswith(("BEGIN", "PRAGMA"))])


def test_thirty_units_take_no_more_statements_than_three(app: Flask, client, cast: Cast) -> None:
    few = _statements(app, client, cast, world.opened(cast))
    for place in range(27):
        organisation.add_unit(
            cast.unit["norr"], name=f"Skola {place}", level="unit", by=None, school_forms=["GR"], year_groups=["4", "5"]
        )
    rounds = cycle.queries.rounds(cast.unit["bun"].path)
    with clock.held(clock.at(world.OPENS[1])):
        january = cycle.open_round(next(one for one in rounds if one.number == 2), by=cast.diana)
        assert _statements(app, client, cast, january) == few


def _statements(app: Flask, client, cast: Cast, round: Round) -> list[int]:
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20)}, round)
    district.hand_in(cast, "ekskolan", {MA4: (12, 10, 9), EN6: (9, 9, 9)}, round)
    diana = client("diana")
    address = figures(cast, round, "norr")
    row = queries.rows(cast.unit["norr"].id, round.id)[0]
    one = f"{address}/figure?{queries.query_of(rules.key(row))}"
    return [counted(app, diana, each) for each in (f"/rollup/{round.public_id}", address, one, f"{address}/pictures")]


def test_accepting_twice_is_accepting_once(client, cast: Cast, november: Round) -> None:
    submission = district.hand_in(cast, "alskolan", {MA4: (25, 24, 20)})
    for _press in range(2):
        assert client("arne").post(f"/rollup/submission/{submission.public_id}/accept").status_code == 303
    assert district.sums(cast.unit["fvn"], november) == {MA4: (25, 24, 20, 1)}
