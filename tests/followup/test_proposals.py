"""What is proposed in the grid: the groups' sums, and what is published; a proposal until the principal takes it over."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Question, Round
from chain.followup import proposals
from chain.followup.checks import work
from chain.result.models import Indicator, PublishedValue
from chain.rollup import verify
from tests.followup import world
from tests.intake.desk import Desk, csv_of
from tests.makers import Cast
from tests.rollup import district

MA4, SV5 = ("MA", "4"), ("SV", "5")
WHY = "at_least_e|GR|MA|4|why"


@pytest.fixture
def november(cast: Cast) -> Round:
    """Groups may fill in figures, and one has: the principal has taken its follow-up in."""
    opened = world.opened(cast)
    asked = db.session.scalars(select(Question).where(Question.level == "group", Question.key == "figures")).one()
    assert asked.hidden
    cycle.show_question(asked, by=cast.diana)
    figures = district.cells({MA4: (25, 24, 20), SV5: (26, 26, 22)})
    district.accept(cast, "al46", world.hand_in(world.followup(cast, "lena", opened), cast.lena, figures=figures))
    return opened


def grid(client: FlaskClient, cast: Cast) -> tuple[str, BeautifulSoup]:
    address = f"/followup/{world.followup(cast, 'pia').public_id}/section/results"
    return address, BeautifulSoup(client.get(address).data, "html.parser")


def test_a_groups_figures_are_proposed_and_taken_over(november: Round, cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    browser = client("pia")
    address, soup = grid(browser, cast)
    cell = soup.find("input", {"name": "at_least_e|GR|MA|4|reached"})
    assert cell and (cell["value"], cell["placeholder"]) == ("", "20")
    assert "Förslag: 25, 24, 20. Källa: Arbetslag 4–6." in " ".join(soup.get_text(" ").split()).replace(" .", ".")
    sent = {"version": "0", "save_key": "a", "done": "no", "at_least_e|GR|SV|5|enrolled": "27", "take": "all"}
    rest = {"at_least_e|GR|SV|5|assessed": "20", "at_least_e|GR|SV|5|reached": "19"}
    half = browser.post(address, data=sent)  # a row of one's own that is half filled in: said, and nothing is lost
    assert half.status_code == 422 and half.get_data(as_text=True).count('value="20"') == 1
    assert browser.post(address, data={**sent, "version": "1", "save_key": "b", **rest}).status_code == 303
    _address, soup = grid(browser, cast)
    assert not soup.find_all("button", {"name": "take"})
    assert soup.find("input", {"name": "at_least_e|GR|MA|4|reached"})["value"] == "20"  # type: ignore[index]
    assert soup.find("input", {"name": "at_least_e|GR|SV|5|enrolled"})["value"] == "27"  # type: ignore[index]
    assert soup.find("input", {"name": "at_least_e|GR|SV|5|assessed"})["value"] == "20"  # type: ignore[index]


def test_a_groups_figures_never_roll_up(november: Round, cast: Cast) -> None:
    assert district.sums(cast.unit["alskolan"], november) == {}
    district.accepted(cast, "alskolan", {MA4: (25, 24, 19)})
    assert district.sums(cast.unit["fvn"], november) == {MA4: (25, 24, 19, 1)}
    assert verify.problems() == []


def test_a_registers_file_is_proposed_before_what_the_groups_have_counted(november: Round, cast: Cast) -> None:
    Desk(cast, november).take_in(csv_of([("Alskolan", "MA", 4, 25, 25, 21)]))
    here = work(world.followup(cast, "pia"))
    found = proposals.proposals(here.followup, here.node, here.tables, {})
    assert [*found[WHY].cells.values()] == ["25", "25", "21"] and found[WHY].source == "inläst fil"
    assert found["at_least_e|GR|SV|5|why"].source == "Arbetslag 4–6"
    assert district.sums(cast.unit["alskolan"], november) == {}, "it rolls up nowhere"


def test_what_is_written_in_one_grid_is_proposed_in_the_other(november: Round, cast: Cast) -> None:
    mine = world.followup(cast, "per")
    here = work(mine)
    found = proposals.proposals(mine, here.node, here.tables, {"group_size|FS|||total": "57"})
    assert {why: one.said for why, one in found.items()} == {"children_per_post|FS|||why": "57"}


def test_what_is_published_of_the_same_year_is_proposed_and_no_other(november: Round, cast: Cast) -> None:
    merit = db.session.scalars(select(Indicator).where(Indicator.key == "merit")).one()
    merit.facts = {**merit.facts, "rounds": [1], "year_groups": ["6"]}
    unit = cast.unit["alskolan"]
    told = {"unit_id": unit.id, "path": unit.path, "year_group": "6", "value_type": "EXISTS", "source": "Skolverket"}
    for period, shown in (("2026/27", "228,7"), ("2025/26", "211,0")):
        value = Decimal(shown.replace(",", "."))
        one = PublishedValue(indicator="merit_rating", period=period, shown=shown, value=value, source_file="a.json", **told)
        db.session.add(one)
    db.session.commit()
    mine = world.followup(cast, "pia")
    here = work(mine)
    found = proposals.proposals(mine, here.node, here.tables, {})["merit|GR||6|why"]
    assert (found.said, found.source) == ("228,7", "Skolverket, publicerat")
    assert "merit|GR||6|why" not in proposals.proposals(mine, here.node, here.tables, {"merit|GR||6|assessed": "40"})
