"""A figure unit by unit, the thresholds that it is protected by, and a page that waits for a large city."""

from dataclasses import replace
from datetime import date

import pytest

from chain.base.errors import RuleBroken
from chain.cycle.models import Round
from chain.organisation.models import Unit
from chain.release import actions, making, profiles, queries, units
from chain.release.profiles import SKOLVERKET
from chain.release.queries import Line
from chain.release.units import Beside, Part
from chain.rollup.rules import Key
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.report import world as reports
from tests.rollup import district
from tests.visitors import Reader

MA4 = ("MA", "4")
OWN = {
    "use": "own", "fewest": "15", "sensitive": "4", "everybody_from": "40", "rounded_to": "10", "width": "6", "finest": "area",
    "decided_by": "Diana Holm", "decided_on": "2026-11-01", "reason": "Kommunen har många små skolor.",
}  # fmt: skip


@pytest.fixture
@kept
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "ekskolan", {MA4: (16, 16, 8)})
    district.accepted(cast, "alskolan", {MA4: (25, 24, 12)})
    return found


def key(round: Round) -> Key:
    return Key("at_least_e", "GR", "MA", "4", "", "forecast")


def test_a_line_of_the_committees_page_opens_its_figure_unit_by_unit(client, cast: Cast, november: Round) -> None:
    actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana)
    reports.administration(cast, november)
    reports.actions.publish(november, by=cast.olle)
    page = Reader(client("maja")).open("/report/").click("Uppföljning 1, november").click("50 %")
    page.sees("Matematik, Minst E, åk 4", "Norra området 50 % cirka 40", "Bygger på: prognos")
    assert page.text.index("Alskolan 50 % cirka 25") < page.text.index("Ekskolan 50 % cirka 15"), "in alphabetical order"
    page.sees_not("av 24", "av 25", "16")


def test_a_figure_that_the_release_does_not_hold_is_none(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    assert units.beside(release, key(november)) is not None
    assert units.beside(release, key(november)._replace(subject="SV")) is None


def part(name: str, shown: str, n: int | None, level: str = "unit") -> Part:
    exact = int(shown) if shown.isdigit() else None
    return Part(name, level, 1, name, Line(name, f"{shown} %", (), "", "1 av 1", "", "", assessed=str(n or ""), exact=exact, n=n))


def test_the_funnel_is_made_of_what_is_shown_and_tells_how_many_it_leaves_out(cast: Cast, november: Round) -> None:
    release = actions.prepare(november, by=cast.olle)
    found = units.beside(release, key(november))
    assert found is not None and units.picture(found, release) is None, "two units are no funnel"
    parts = [part("Alla", "80", 300, "administration"), part("A", "85", 100), part("B", "81", 95), part("C", "30", 60),
             part("D", "~100", 40), part("E", "..", None)]  # fmt: skip
    told = units.picture(Beside(found.key, found.table, tuple(parts)), release)
    assert told is not None and told.absent == 2
    assert [(spot.name, spot.n, spot.value, spot.flagged) for spot in told.shown.picture.spots] == [  # type: ignore[union-attr]
        ("A", 100, 85.0, False), ("B", 95, 81.0, False), ("C", 60, 30.0, True),
    ]  # fmt: skip
    assert "2 enheter har ingen plats" in told.shown.picture.description and "D" not in [row[0] for row in told.shown.twin.rows]


def test_the_director_keeps_thresholds_by_name_and_they_are_frozen_with_the_next_release(
    client, cast: Cast, november: Round
) -> None:
    before = actions.prepare(november, by=cast.olle)
    diana = client("diana")
    refused = diana.post("/release/profile", data=OWN | {"width": "2", "reason": "Ja", "decided_by": "Diana"})
    assert refused.status_code == 422
    for words in ("Minst 3 och högst 20.", "Skriv med några ord varför.", "Skriv för- och efternamn", 'value="15"'):
        assert words in refused.text
    assert making.profile(cast.unit["fvn"].id) == SKOLVERKET
    assert diana.post("/release/profile", data=OWN).status_code == 303
    after = actions.prepare(november, by=cast.olle)
    assert before.profile == SKOLVERKET.facts() and after.profile is not None and after.profile["fewest"] == 15
    assert {one.level for one in queries.every(after)} == {"administration", "area"}
    shown = Reader(client("olle")).open(f"/release/{after.public_id}")
    shown.sees("Kommunens egna gränsvärden", "Beslutat av Diana Holm 2026-11-01", "Kommunen har många små skolor.")
    assert "Skolchefen beslutar" in client("olle").get("/release/profile").text
    assert diana.post("/release/profile", data={"use": "skolverket"}).status_code == 303
    assert making.profile(cast.unit["fvn"].id) == SKOLVERKET


def test_thresholds_have_bounds_and_an_uncertainty_no_smaller_than_what_is_sensitive() -> None:
    numbers: dict[str, int | None] = {"fewest": 10, "sensitive": 8, "everybody_from": 30, "rounded_to": 5, "width": 5}
    words = ("unit", "Diana Holm", date(2026, 11, 1), "Kommunen har många små skolor.", date(2026, 11, 22))
    with pytest.raises(RuleBroken) as no:
        profiles.check(numbers, *words)
    assert set(no.value.problems) == {"width"}
    with pytest.raises(RuleBroken) as no:
        profiles.check(numbers | {"width": 8, "fewest": None}, "group", "D", date(2027, 1, 1), "", date(2026, 11, 22))
    assert set(no.value.problems) == {"fewest", "finest", "decided_by", "decided_on", "reason"}
    kept = profiles.check(numbers | {"width": 8}, *words)
    assert profiles.of(kept.facts()) == kept and kept.near(20) == (0, 8) and kept.near(50) == (1, 9)
    assert replace(kept, name="skolverket").own is False


def test_a_large_city_is_waited_for_by_a_page_that_leads_on(
    client, cast: Cast, november: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "LONG", 1)
    olle = client("olle")
    assert "tar en stund att skydda" in olle.get("/release/prepare").text
    page = olle.post("/release/prepare").text
    made = actions.prepare(november, by=cast.olle)
    assert f"url=/release/{made.public_id}" in page and "Siffror från 2 enheter skyddas" in page and page.endswith("</html>")
    assert made.number == 1 and isinstance(made.unit, Unit)
