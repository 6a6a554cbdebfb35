"""A unit's measures are chosen among, and stand in columns by where they are in the wheel or when they are due."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from chain.base import clock
from chain.followup import actions
from chain.goal import queries as goals
from chain.measure import board, queries, wheel_actions
from tests import asked
from tests.followup import scene, world
from tests.makers import Cast

Client = Callable[[str], FlaskClient]
CAUSES = {
    "items": [
        {"item": "c1", "see": "14 av 24", "why": "Tre vikarier", "evidence": "Diagnosen", "certainty": "sure", "sure": ""},
        {"item": "c2", "see": "9 av 22", "why": "För lite tid", "evidence": "Schemat", "certainty": "unsure", "sure": ""},
    ]
}


def measure(**more: Any) -> Any:
    given = {
        "state": "open",
        "goal": "",
        "horizon": "quarter",
        "responsible": None,
        "lineage": "a",
        "due_year": "2026/27",
        "due_number": 2,
    }
    return SimpleNamespace(**{**given, "round": SimpleNamespace(year=SimpleNamespace(label="2026/27")), **more})


PIA = SimpleNamespace(public_id="p1", name="Pia")


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ({}, 3), ({"state": "open"}, 2), ({"state": "ended"}, 1), ({"responsible": "p1"}, 1), ({"goal": "Läsa"}, 1),
        ({"goal": "-"}, 2), ({"horizon": "year"}, 1), ({"year": "2025/26"}, 0), ({"state": "open", "goal": "-"}, 1),
    ],
)  # fmt: skip
def test_measures_are_chosen_by_what_is_asked_for(sought: dict[str, str], found: int) -> None:
    every = [measure(goal="Läsa", responsible=PIA), measure(horizon="year"), measure(state="changed")]
    assert len(board.Sought(**sought).among(every)) == found


def test_one_of_which_nothing_is_written_is_still_being_planned() -> None:
    lines = [{"measure": measure(lineage=name)} for name in "abc"]
    columns = board.by_stage(lines, {"b": "study", "c": "act"})
    assert [[line["measure"].lineage for line in one.cards] for one in columns] == [["a"], [], ["b"], ["c"]]


def test_columns_by_due_round_stand_in_the_order_of_time() -> None:
    dues = [("2027/28", 1), ("2026/27", 4), ("2026/27", 2)]
    lines = [{"measure": measure(due_year=year, due_number=number)} for year, number in dues]
    assert [one.title for one in board.by_due(lines, {"2026/27:2": "januari"})] == ["januari", "2026/27:4", "2027/28:1"]


def words(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return " ".join(BeautifulSoup(answer.data, "html.parser").get_text(" ").split())


def test_the_board_shows_the_wheel_to_those_who_work_and_the_due_rounds_to_others(cast: Cast, client: Client) -> None:
    november = scene.november(cast)
    first = queries.to_follow_up(november.pia.unit_id, november.november)[0]
    wheel_actions.write(first, key="k", stage="study", on=clock.today(), text="Vi ser.", by=cast.bo)
    said = words(client("pia"), "/measure/?view=board")
    assert said.index("Studera 1") < said.index(first.problem) < said.index("Agera 0")
    assert "Uppföljning 2, januari 2025/26" in words(client("pia"), "/measure/?view=board&by=due")


def test_a_measure_says_its_cause_and_goal_and_what_it_lacks_to_all_who_read_it(cast: Cast, client: Client) -> None:
    november = scene.november(cast)
    mine = november.pia
    aims = goals.choosable(cast.unit["alskolan"].path, "2026/27", ["GR"])
    items = scene.measures(cast.pia, 2, "2026/27:2")["items"]
    items[0] |= {"cause": "analysis.c2", "goal": aims[0].public_id}  # type: ignore[index]
    items[1] |= {"cause": "", "goal": ""}  # type: ignore[index]
    sent = scene.accepted(mine, cast.pia, cast.arne, analysis=CAUSES, measures={"items": items})
    first, second = (one for one in queries.set_in(mine.unit_id, november.november.id) if one.question == "measures")
    assert (first.cause, first.cause_item, first.goal, first.goal_id) == (
        "För lite tid",
        "analysis.c2",
        aims[0].title,
        aims[0].id,
    )
    assert (second.cause, second.goal, second.goal_id) == ("", "", None)
    assert second in queries.without(cast.unit["norr"].path, "cause") and first not in queries.without(
        cast.unit["norr"].path, "goal"
    )
    for who, address in (("arne", f"/followup/submission/{sent.public_id}"), ("arne", f"/measure/{first.public_id}")):
        assert "Tar tag i orsaken För lite tid" in words(client(who), address)
        assert aims[0].title in words(client(who), address)
    for who, address in (("arne", f"/followup/submission/{sent.public_id}"), ("pia", "/measure/"), ("arne", "/measure/units")):
        assert "utan orsak" in words(client(who), address) and "utan mål" in words(client(who), address), address


def test_the_form_offers_the_causes_that_have_been_written_so_far(cast: Cast, client: Client) -> None:
    mine = scene.november(cast).pia
    world.save(mine, "analysis", CAUSES, cast.pia)
    soup = BeautifulSoup(client("pia").get(f"/followup/{mine.public_id}/section/measures").data, "html.parser")
    offered = [one["value"] for one in soup.select("#items-0-cause option")]
    assert offered == ["", "analysis.c1", "analysis.c2"]
    assert len(soup.select("#items-0-goal option")) > 1
    gone = {
        "items": [
            {"item": "m", "problem": "x", "sign": "y", "cause": "analysis.c9", "goal": "b" * 32, "responsible": "", "due": ""}
        ]
    }
    world.save(mine, "measures", gone, cast.pia)
    said = words(client("pia"), f"/followup/{mine.public_id}/section/measures")
    assert "En orsak som inte står kvar" in said and "Ett mål som inte gäller längre" in said


def test_the_pages_are_read_in_the_same_statements_whatever_there_is(cast: Cast, client: Client) -> None:
    november = scene.november(cast)
    arne, pia = client("arne"), client("pia")
    pages = ((arne, "/measure/units"), (pia, "/measure/"), (pia, "/measure/?view=board"))

    def statements() -> list[int]:
        counts = []
        for browser, address in pages:
            with asked.statements("SELECT") as said:
                words(browser, address)
            counts.append(len(said))
        return counts

    before = statements()
    actions.open_(world.hand_in(november.of("petra"), cast.petra), by=cast.arne)
    opens = queries.to_follow_up(november.pia.unit_id, november.november)
    carried = {"kind": "goes_on", "effect": "Lite.", "evidence": [], "reason": "not_able", "due": "2026/27:2"}
    for one in opens:
        wheel_actions.write(one, key="k", stage="do", on=clock.today(), text="På väg.", by=cast.pia)
    world.hand_in(november.pia, cast.pia, outcomes={"items": {one.public_id: carried for one in opens}})
    assert statements() == before
    assert "Ekskolan" in words(arne, "/measure/units")


def test_a_committee_is_not_shown_the_way_to_measures_that_it_does_not_read(
    cast: Cast, client: Callable[[str], FlaskClient]
) -> None:
    assert "/measure/units" not in client("rut").get("/measure/").text
    assert "/measure/units" in client("diana").get("/measure/").text
