"""The pages of measures: the open ones first, and each through its rounds."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from chain.followup import actions
from chain.measure import queries
from chain.measure.models import Measure
from tests.followup import scene, world
from tests.makers import Cast

Client = Callable[[str], FlaskClient]
CHANGED = {"kind": "changed", "effect": "Tiden räcker inte.", "evidence": ["observation"], "reason": "not_able"}
NEW = {"problem": "Läsgrupper fyra gånger i veckan.", "sign": "De läser två sidor högt.", "due": "2026/27:2"}


def read(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return " ".join(BeautifulSoup(answer.data, "html.parser").get_text(" ").split())


def followed_up(cast: Cast) -> list[Measure]:
    """Last year's measures: the first is changed in this November, the second is carried, the third is done."""
    november = scene.november(cast)
    before = queries.to_follow_up(november.pia.unit_id, november.november)
    first, second, third = (one.public_id for one in before)
    given = {
        first: {**CHANGED, **NEW, "responsible": cast.bo.person.public_id},
        second: {
            "kind": "goes_on",
            "effect": "Fler förklarar.",
            "evidence": ["results"],
            "reason": "not_able",
            "due": "2026/27:2",
        },
        third: {"kind": "done", "effect": "De läser.", "evidence": ["pupils_voice"]},
    }
    sent = world.hand_in(november.pia, cast.pia, outcomes={"items": given}, measures=scene.measures(cast.pia, 1, "2026/27:2"))
    actions.open_(sent, by=cast.arne)
    return before


def test_the_open_measures_come_first(cast: Cast, client: Client) -> None:
    followed_up(cast)
    said = read(client("pia"), "/measure/")
    *_choices, open_ones, past = said.split("Avslutade och ändrade")
    assert "4 öppna åtgärder." in said
    assert NEW["problem"] in open_ones and "Många fastnar i problemlösning" in open_ones
    assert "Förs vidare förd vidare 1 gång" in open_ones
    assert "Ändrad" in past and "genomförd" in past


def test_a_measure_tells_what_became_of_it_from_round_to_round(cast: Cast, client: Client) -> None:
    first, second, _third = followed_up(cast)
    said = read(client("pia"), f"/measure/{first.public_id}")
    steps = [
        "Uppföljning 1, november 2025/26 sattes",
        "Uppföljning 1, november 2026/27 ändrad",
        "Tiden räcker inte.",
        "fick nya ord",
    ]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    assert "Så vet vi det: observation · Vi kunde inte" in said
    assert "Uppföljning 1, november 2026/27 fortsätter" in read(client("pia"), f"/measure/{second.public_id}")


def test_those_who_read_the_follow_up_read_its_measures_and_nobody_else(cast: Cast, client: Client) -> None:
    first = followed_up(cast)[0]
    for who in ("bo", "arne", "olle", "diana", "lena"):
        read(client(who), f"/measure/{first.public_id}")
    for who in ("petra", "asta", "maja", "vera", "linus"):
        read(client(who), f"/measure/{first.public_id}", 404)


def test_a_unit_without_measures_is_told_when_they_come(cast: Cast, client: Client) -> None:
    assert "Nya sätts i nästa uppföljning." in read(client("petra"), "/measure/")
