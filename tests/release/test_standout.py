"""How many of a release's comparisons lie outside what chance gives: counted of what is shown, and told without units."""

from typing import Any

import pytest

from chain.access.policy import Role
from chain.cycle.models import Round
from chain.organisation import actions as organisation
from chain.release import actions, standout
from chain.release.standout import Counted, Flag, Said
from chain.rollup import queries as rollup
from chain.rollup.rules import Key
from tests.followup import world
from tests.makers import Cast
from tests.report import world as reports
from tests.rollup import district
from tests.visitors import Reader


@pytest.fixture
def november(cast: Cast) -> Round:
    facts: dict[str, Any] = {"kind": "school", "school_forms": ["GR"], "year_groups": ["4"]}
    for name in ("Granskolan", "Hagskolan"):
        cast.unit[name] = organisation.add_unit(cast.unit["norr"], name=name, level="unit", by=None, **facts)
        person = organisation.add_person(cast.unit["sjovik"], name=f"Rektor {name}", email=f"{name}@sjovik.example", by=None)
        cast.who[name] = organisation.give_mandate(person, Role.PRINCIPAL, cast.unit[name], by=None)
    found = world.opened(cast)
    for name, reached in {"Alskolan": 52, "Ekskolan": 50, "Granskolan": 49, "Hagskolan": 20}.items():
        who = {"Alskolan": "pia", "Ekskolan": "petra"}.get(name, name)
        told = {"results": district.cells({("MA", "4"): (60, 60, reached), ("SV", "4"): (60, 60, 50)})}
        district.actions.accept(world.hand_in(world.followup(cast, who), cast.who[who], **told), by=cast.arne)
    return found


def test_each_share_of_each_unit_is_a_comparison_and_the_figure_that_stands_out_is_named_without_its_unit(
    client: Any, cast: Cast, november: Round
) -> None:
    release = actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana)
    words = rollup.words(november.year_id)
    counted = standout.counted(release, words)
    key = Key("at_least_e", "GR", "MA", "4", "", "forecast")
    assert counted == Counted(8, (Flag(key, 1, 0),)) and counted.outside == 1
    assert standout.said(counted, words) == [Said("Matematik, åk 4, Minst E, prognos", "1 enhet lägre", rollup.query_of(key))]
    reports.administration(cast, november)
    made = reports.actions.publish(november, by=cast.diana)
    page = Reader(client("maja")).open(f"/report/{made.public_id}").sees("1 av 8 jämförelser").sees_not("Hagskolan")
    page.click("Matematik, åk 4, Minst E, prognos").sees("Hagskolan: 33 % av cirka 60.")
    below = Reader(client("pia")).open(f"/report/{made.public_id}").sees("Det som utmärker sig").sees_not("jämförelser")
    assert below.status == 200, "whose role reads no releases"


def test_with_fewer_than_three_units_nothing_is_compared(cast: Cast) -> None:
    found = world.opened(cast)
    for unit, figures in (("alskolan", (60, 60, 52)), ("ekskolan", (60, 60, 12))):
        district.accepted(cast, unit, {("MA", "4"): figures})
    release = actions.prepare(found, by=cast.olle)
    assert standout.counted(release, rollup.words(found.year_id)) == Counted(0, ())
