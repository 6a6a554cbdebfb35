"""One mechanism for every level: what differs is data, and a further level is data alone."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from chain.access.policy import Role
from chain.cycle import shipped
from chain.followup import actions, citation_actions, queries
from chain.measure import queries as measure
from chain.organisation import actions as organisation
from chain.organisation.models import Unit
from chain.rollup import actions as rollup
from chain.rollup import verify
from tests import makers
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district
from tests.visitors import Reader

CODE = Path(__file__).resolve().parents[2] / "chain"
DIVISION = """
[[level]]
key = "division"
sv = "Division"
en = "Division"
rank = 25
answers = true
optional = true
template = "division.toml"
writes = ["area_head"]
submits = ["area_head"]
accepts = ["director"]
read_up_to = "administration"
"""


@pytest.mark.parametrize("link", ["followup", "measure"])
def test_no_line_asks_which_level_it_is(link: str) -> None:
    for file in (CODE / link).glob("*.py"):
        named = re.findall(r"level\w*\s*(?:[!=]=|in)\s*[\"'({\[].*", file.read_text(encoding="utf-8"))
        assert not named, f"{file.name}: {named}"


def test_group_unit_area_and_administration_go_the_same_way(cast: Cast) -> None:
    world.opened(cast)
    for who, above in (("lena", "pia"), ("pia", "arne"), ("arne", "diana")):
        submission = world.hand_in(world.followup(cast, who), cast.who[who])
        assert submission.receiver_id == cast.who[above].unit_id
        actions.accept(submission, by=cast.who[above])
        assert world.followup(cast, who).state == "accepted"
        assert submission.id in [child.id for _node, child in queries.children(world.followup(cast, above)) if child]
    assert world.hand_in(world.followup(cast, "diana"), cast.diana).state == "accepted"


def test_the_turn_goes_up_with_the_follow_up(cast: Cast) -> None:
    world.opened(cast)
    mine = world.followup(cast, "pia")
    assert queries.turn(mine)[0] == "unit"
    submission = world.hand_in(mine, cast.pia)
    assert queries.turn(mine) == ("area", "Nu är det Norra områdets tur att läsa och ta emot.")
    actions.accept(submission, by=cast.arne)
    assert queries.turn(mine)[0] == "area"
    world.hand_in(world.followup(cast, "diana"), cast.diana)
    assert queries.turn(world.followup(cast, "diana"))[0] == "administration"


@pytest.fixture
def division(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """A level between the areas and the administration: one row and one file, and no line of code knows of it. Doris heads it."""
    folder = tmp_path / "data"
    shutil.copytree(shipped.DATA, folder, ignore=shutil.ignore_patterns("samples"))
    with (folder / "levels.toml").open("a", encoding="utf-8") as file:
        file.write(DIVISION)
    shutil.copy(folder / "templates/area.toml", folder / "templates/division.toml")
    monkeypatch.setattr(shipped, "DATA", folder)
    school = organisation.add_unit(cast.unit["fvn"], name="Skoldivisionen", level="division", by=None)
    organisation.move_unit(cast.unit["norr"], under=school, version=cast.unit["norr"].version, by=cast.stina)
    person = organisation.add_person(cast.unit["sjovik"], name="Doris Ny", email="doris@sjovik.example", by=None)
    cast.who["doris"] = organisation.give_mandate(person, Role.AREA_HEAD, school, by=None)
    return school


def test_a_fifth_level_receives_cites_writes_and_hands_up(cast: Cast, division: Unit) -> None:
    november, doris = world.opened(cast), cast.doris
    area = world.hand_in(world.followup(cast, "arne"), cast.arne)
    assert (area.receiver_id, queries.turn(world.followup(cast, "arne"))[0]) == (division.id, "division")
    rollup.accept(area, by=doris)
    cited = citation_actions.cite(
        world.followup(cast, "doris"), "pattern", area, "pattern.text.1", "två vägar", confirmed=True, by=doris
    )
    handed = world.hand_in(world.followup(cast, "doris"), doris)
    assert (handed.level, handed.receiver_id, handed.ceiling) == ("division", cast.unit["fvn"].id, cast.unit["fvn"].path)
    rollup.accept(handed, by=cast.diana)
    assert [node.name for node, _child in queries.children(world.followup(cast, "diana"))] == ["Skoldivisionen", "Södra området"]
    assert (cited.words, cited.state) == ("två vägar", "handed_up")
    assert {one.horizon for one in measure.at(division.id)} == {"quarter"} and november.number == 1


def test_figures_go_through_a_fifth_level_and_are_read_and_received_on_its_pages(app: Flask, cast: Cast, division: Unit) -> None:
    november = world.opened(cast)
    figures = {("MA", "4"): (25, 24, 20)}
    district.accepted(cast, "alskolan", figures)
    area = district.hand_in(cast, "norr")
    doris = Reader(makers.signed_in(app, cast.doris.person)).open("/")
    doris.sees("Skoldivisionen", "1 uppföljning att läsa och ta emot")
    doris.click("1 uppföljning att läsa och ta emot").sees("Norra området").open(f"/followup/submission/{area.public_id}")
    doris.press("Öppna och läs").press("Ta emot uppföljningen")
    assert world.fresh(area).state == "accepted"
    here = f"/rollup/{november.public_id}/{division.public_id}"
    doris.open(here).sees("Matematik", "83 % (20 av 24)", "1 av 2")
    diana = Reader(makers.signed_in(app, cast.diana.person)).open(here)
    diana.sees("Matematik", "83 % (20 av 24)")
    assert district.sums(division, november) == district.sums(cast.unit["fvn"], november) == {("MA", "4"): (25, 24, 20, 1)}
    assert verify.problems() == []
