"""The wheel and its rounds through the pages: what each reads, and what only the administration changes."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chain.base import clock
from chain.cycle import actions, queries
from chain.cycle.models import Round, Year
from tests import asked
from tests.makers import Cast

Client = Callable[[str], FlaskClient]


@pytest.fixture
def year(app: Flask, cast: Cast) -> Year:
    return actions.open_year(cast.unit["bun"], label="2026/27", by=cast.diana)


@pytest.fixture
def november(year: Year, cast: Cast) -> Round:
    return actions.open_round(year.rounds[0], by=cast.olle)


def at(round: Round, *more: str) -> str:
    return "/".join(["/cycle", round.public_id, *more])


def test_wheel_shows_every_role_its_own_committees_year(november: Round, client: Client) -> None:
    for who in ("lena", "pia", "arne", "olle", "maja", "sixten", "rut"):
        page = client(who).get("/cycle/").text
        assert "Uppföljning 1, november" in page and "har turen, 1 dag kvar" in page
        assert "Vuxenutbildningsnämnden" not in page
        assert ("Planera ett nytt år" in page) == (who == "olle")
    assert "Vuxenutbildningsnämnden" in client("stina").get("/cycle/").text
    assert "Uppföljning 1, november" not in client("viktor").get("/cycle/").text


def test_wheel_is_empty_in_a_kind_way_before_the_first_year(app: Flask, client: Client) -> None:
    assert "Inget år är planerat än." in client("pia").get("/cycle/").text


def test_wheel_takes_the_same_number_of_statements_whatever_has_been_planned(november: Round, cast: Cast, client: Client) -> None:
    browser = client("olle")

    def statements() -> int:
        with asked.statements("SELECT") as said:
            browser.get("/cycle/")
        return len(said)

    before = statements()
    with clock.held(clock.at(date(2027, 11, 1))):
        actions.open_year(cast.unit["bun"], label="2027/28", by=cast.diana)
    assert statements() == before


def test_open_year_from_the_page(app: Flask, cast: Cast, client: Client) -> None:
    unit = cast.unit["bun"].public_id
    assert client("olle").post(f"/cycle/year/{unit}", data={"label": "2026/27"}).status_code == 303
    assert client("olle").post(f"/cycle/year/{unit}", data={"label": "2026/27"}).status_code == 409
    assert "Skriv läsåret" in client("olle").post(f"/cycle/year/{unit}", data={"label": "26"}).text
    assert client("pia").post(f"/cycle/year/{unit}", data={"label": "2027/28"}).status_code == 403
    assert client("vera").post(f"/cycle/year/{unit}", data={"label": "2027/28"}).status_code == 404


def test_open_a_round_from_its_page(year: Year, client: Client) -> None:
    first, second = year.rounds[:2]
    assert "Öppna uppföljningen" in client("olle").get(at(first)).text
    assert "Öppna uppföljningen" not in client("olle").get(at(second)).text  # its day has not come
    assert client("pia").post(at(first, "open")).status_code == 403
    assert client("vera").post(at(first, "open")).status_code == 404
    assert client("olle").post(at(first, "open")).status_code == 303
    assert "redan öppen" in client("olle").post(at(first, "open")).text


def test_round_shows_each_the_part_of_the_tree_that_is_theirs(november: Round, cast: Cast, client: Client) -> None:
    node = queries.node(november, cast.unit["alskolan"].id)
    assert node
    actions.explain_late(node, reason="Magsjuka i vecka 47.", by=cast.pia)
    seen = {who: client(who).get(at(november)).text for who in ("lena", "pia", "petra", "arne", "olle", "maja", "rut")}
    assert "Ekskolan" not in seen["pia"] and "Alskolan" in seen["pia"] and "Magsjuka" in seen["pia"]
    assert "Magsjuka" in seen["arne"] and "Magsjuka" in seen["olle"]
    for who in ("petra", "maja", "rut", "lena"):
        assert "Magsjuka" not in seen[who]
    assert client("vera").get(at(november)).status_code == 404
    assert "Det här frågas" in seen["lena"]


def test_dates_are_moved_from_the_page_and_a_wrong_order_is_said_at_its_field(november: Round, client: Client) -> None:
    shown = client("olle").get(at(november, "dates")).text
    assert "Sista dag för arbetslag" in shown
    typed = {f"due_{one.level}": one.due_on.isoformat() for one in november.dues}
    typed |= {"version": str(november.version), "opens_on": "2026-11-01", "meets_on": "2026-12-16"}
    refused = client("olle").post(at(november, "dates"), data={**typed, "due_unit": "2026-12-10"})
    assert refused.status_code == 422 and "Område kan inte lämna in före den 10 december 2026 (Enhet)" in refused.text
    assert "2026-12-10" in refused.text  # what was typed stands
    assert client("olle").post(at(november, "dates"), data={**typed, "due_unit": "i morgon"}).status_code == 422
    assert client("olle").post(at(november, "dates"), data={**typed, "due_unit": "2026-11-25"}).status_code == 303
    assert "25 nov." in client("pia").get(at(november)).text
    stale = client("olga").post(at(november, "dates"), data={**typed, "due_unit": "2026-11-26"})
    assert stale.status_code == 422 and "Någon annan" in stale.text
    assert client("pia").get(at(november, "dates")).status_code == 403


def test_node_is_exempted_and_expected_again_from_its_page(november: Round, cast: Cast, client: Client) -> None:
    havet = cast.unit["havet"].public_id
    page = client("diana").post(at(november, havet, "exempt"), data={"exempt-reason": ""})
    assert page.status_code == 422 and "Skriv varför." in page.text
    told = client("diana").post(at(november, havet, "exempt"), data={"exempt-reason": "Flyttar."}, follow_redirects=True)
    assert "Flyttar." in told.text and "Vänta in den igen" in told.text
    assert "Vänta in den igen" not in client("per").get(at(november, havet)).text
    assert client("diana").post(at(november, havet, "expect")).status_code == 303
    for who, status in (("per", 403), ("vera", 404)):
        assert client(who).post(at(november, havet, "exempt"), data={"exempt-reason": "Nej."}).status_code == status


def test_node_gets_more_time_from_its_page(november: Round, cast: Cast, client: Client) -> None:
    havet = cast.unit["havet"].public_id
    early = client("olle").post(at(november, havet, "extend"), data={"extend-to": "2026-11-20"})
    assert early.status_code == 422 and "efter den 23 november 2026" in early.text
    assert client("olle").post(at(november, havet, "extend"), data={"extend-to": "2026-12-01"}).status_code == 303
    assert "1 december 2026" in client("per").get(at(november, havet)).text


def test_late_is_said_by_the_head_and_read_by_the_receiver(november: Round, cast: Cast, client: Client) -> None:
    alskolan = cast.unit["alskolan"].public_id
    assert client("pia").post(at(november, alskolan, "late"), data={"late-reason": "Magsjuka."}).status_code == 303
    assert "Magsjuka." in client("arne").get(at(november, alskolan)).text
    assert client("arne").post(at(november, alskolan, "late"), data={"late-reason": "…"}).status_code == 403
    for who in ("petra", "maja", "linus", "vera"):
        assert client(who).get(at(november, alskolan)).status_code == 404


def test_nobody_reads_the_wheel_without_signing_in(november: Round, client: Client) -> None:
    for path in ("/cycle/", at(november), at(november, "dates")):
        assert client("").get(path).status_code == 303
