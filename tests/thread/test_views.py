"""The thread's pages: followed by clicks from a goal to a classroom's words and back."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from chain.thread import breaks
from tests.feedback.test_views import statements
from tests.goal import desk
from tests.makers import Cast
from tests.rollup import district
from tests.thread import world
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]
ANSWER = "Vi läser i par varje morgon."


def test_the_committees_goal_is_followed_to_a_classrooms_answer_and_back_to_the_decision_by_clicks(
    cast: Cast, client: Client
) -> None:
    made = world.woven(cast)
    reader = Reader(client("diana")).open("/").click("Mål").click(made.goals["committee"].name).click("Följ tråden")
    reader.sees("Från målet och nedåt", "1 åtgärd").click(made.measure.problem)
    reader.sees("Från åtgärden, uppåt och vidare", "gör något åt: För lite tid", "Så gör vi nu Arbetslag 4–6", ANSWER)
    reader.click(ANSWER).sees("Stärk den gemensamma strukturen", ANSWER)  # what it answers, as it reached the administration
    reader.click("Beslut § 12").sees("Nämnden vill veta vad läsgrupperna ger.").click("Följ tråden")
    reader.sees("Från beslutet, bakåt och ned till klassrummet", "Alskolan", ANSWER)


def test_a_member_follows_a_decision_to_the_classroom_and_is_not_told_of_what_a_member_may_not_read(
    cast: Cast, client: Client
) -> None:
    made = world.woven(cast)
    reader = Reader(client("maja")).open(f"/matter/{made.decision.public_id}").click("Följ tråden").sees(ANSWER)
    reader.open("/goal/").click("Följ den röda tråden").sees("Röda tråden 2026/27", "Nämndens mål")
    reader.sees_not("Åtgärder", "Verksamhetsplaner", "Iakttagelser", made.measure.problem)


def test_the_year_that_is_looked_at_is_kept_from_page_to_page(cast: Cast, client: Client) -> None:
    made = world.woven(cast)
    reader = Reader(client("diana")).open("/thread/?year=2027/28").sees("Röda tråden 2027/28")
    reader.click(made.goals["committee"].name).sees("2 mål").sees_not(made.measure.problem)
    assert reader.whole.endswith("year=2027/28") or reader.whole.endswith("year=2027%2F28")
    assert Reader(client("diana")).open("/thread/?year=hej").sees("Röda tråden 2026/27").status == 200


def test_where_nothing_is_decided_the_pages_say_so_and_lead_on(cast: Cast, client: Client) -> None:
    reader = Reader(client("pia")).open("/thread/").sees("Inga mål är beslutade", "Ingenstans, så långt du ser.")
    reader.click("Till målen")
    Reader(client("pia")).open("/thread/broken").sees("Ingen tråd är bruten 2026/27, så långt du ser.")


def test_the_broken_threads_stand_with_who_can_mend_them(cast: Cast, client: Client) -> None:
    world.woven(cast)
    district.accepted(cast, "ekskolan")
    reader = Reader(client("arne")).open("/thread/").click("Åtgärder utan orsak")
    reader.sees("Åtgärden säger inte vilken orsak den ska göra något åt.", "Kan lagas av: Ekskolan, i nästa uppföljning")
    reader.sees_not("ska märkas")  # the list says where and who; the rest is a click away


def test_of_many_broken_threads_some_are_shown_and_the_rest_are_a_page_away(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.woven(cast)
    district.accepted(cast, "ekskolan")
    monkeypatch.setattr(breaks, "PAGE", 1)
    monkeypatch.setattr(breaks.of_year, "__defaults__", (1,))
    monkeypatch.setattr(breaks.of_kind, "__kwdefaults__", {"most": 1, "page": 1})
    reader = Reader(client("diana")).open("/thread/broken").sees("Åtgärder utan orsak: ").click("Visa alla")
    reader.sees("Sida 1 av ").click("Nästa sida").sees("Sida 2 av ").click("Förra sidan").sees("Sida 1 av ")
    for far in ("900", "-3", "x", "9" * 30):  # no such page: never that nothing is broken
        reader.open(f"/thread/broken?kind=cause&page={far}").sees("Sida 1 av ").sees_not("Ingen tråd är bruten")


def test_the_pages_take_as_many_statements_for_many_as_for_one(cast: Cast, client: Client) -> None:
    made = world.woven(cast)
    pages = {
        "diana": (
            "/thread/", "/thread/broken", f"/thread/goal/{made.goals['committee'].public_id}",
            f"/thread/measure/{made.measure.public_id}", f"/thread/decision/{made.decision.public_id}",
        ),
        "maja": ("/thread/", "/thread/broken", f"/thread/decision/{made.decision.public_id}"),
    }  # fmt: skip
    before = {(who, page): statements(client(who), page) for who, each in pages.items() for page in each}
    for unit, who in (("ekskolan", "petra"), ("havet", "per")):
        desk.decided(cast, who, made.goals["administration"], title=f"Egna ord om läsning, {unit}")
        district.accepted(cast, unit)
    desk.decided(cast, "diana", made.goals["committee"], title="Två mål till")
    after = {(who, page): statements(client(who), page) for who, page in before}
    assert after == before and max(after.values()) <= 25
