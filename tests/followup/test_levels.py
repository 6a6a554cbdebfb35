"""One mechanism for every level: what differs is data, and a further level is data alone."""

import re
import shutil
from pathlib import Path

import pytest

from chain.access.policy import Role
from chain.cycle import shipped
from chain.followup import actions, queries
from chain.measure import queries as measure
from chain.organisation import actions as organisation
from chain.rollup import actions as rollup
from tests.followup import world
from tests.makers import Cast

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


def test_a_fifth_level_is_one_row_and_one_file(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A division between the areas and the administration: receives, writes and hands up, and no line of code knows of it."""
    folder = tmp_path / "data"
    shutil.copytree(shipped.DATA, folder, ignore=shutil.ignore_patterns("samples"))
    with (folder / "levels.toml").open("a", encoding="utf-8") as file:
        file.write(DIVISION)
    shutil.copy(folder / "templates/area.toml", folder / "templates/division.toml")
    monkeypatch.setattr(shipped, "DATA", folder)

    school = organisation.add_unit(cast.unit["fvn"], name="Skoldivisionen", level="division", by=None)
    organisation.move_unit(cast.unit["norr"], under=school, version=cast.unit["norr"].version, by=cast.stina)
    person = organisation.add_person(cast.unit["sjovik"], name="Doris Ny", email="doris@sjovik.example", by=None)
    doris = cast.who["doris"] = organisation.give_mandate(person, Role.AREA_HEAD, school, by=None)

    november = world.opened(cast)
    area = world.hand_in(world.followup(cast, "arne"), cast.arne)
    assert (area.receiver_id, queries.turn(world.followup(cast, "arne"))[0]) == (school.id, "division")
    rollup.accept(area, by=doris)
    cited = actions.cite(world.followup(cast, "doris"), "pattern", area, "pattern.text.1", "två vägar", confirmed=True, by=doris)
    division = world.hand_in(world.followup(cast, "doris"), doris)
    assert (division.level, division.receiver_id, division.ceiling) == (
        "division", cast.unit["fvn"].id, cast.unit["fvn"].path,
    )  # fmt: skip
    rollup.accept(division, by=cast.diana)
    assert [node.name for node, _child in queries.children(world.followup(cast, "diana"))] == ["Skoldivisionen", "Södra området"]
    assert (cited.words, cited.state) == ("två vägar", "handed_up")
    assert {one.horizon for one in measure.at(school.id)} == {"quarter"} and november.number == 1
