"""What is proposed in the grid: the groups' sums, and what is published; a proposal until the principal takes it over."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Question, Round
from chain.followup import proposals
from chain.followup.checks import work
from chain.followup.models import Submission
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


WITH_BASIS = ("Enhet", "Ämne", "Åk", "Elever", "Bedömda", "Minst E", "Underlag")
BASIS = "at_least_e|GR||4|basis"


def test_only_what_rests_on_the_chosen_basis_is_proposed_beside_what_is_written(november: Round, cast: Cast) -> None:
    rows = [("Alskolan", "SV", 4, 25, 25, 21, "bedömning"), ("Alskolan", "EN", 4, 25, 25, 22, "prognos")]
    Desk(cast, november).take_in(csv_of(rows, WITH_BASIS))
    here = work(world.followup(cast, "pia"))
    written = {"at_least_e|GR|BI|4|enrolled": "25"}
    for basis, expected in (("", {"MA", "EN"}), ("forecast", {"MA", "EN"}), ("assessment", {"SV"}), ("term_grade", set())):
        found = proposals.proposals(here.followup, here.node, here.tables, {**written, BASIS: basis})
        assert {why.split("|")[2] for why in found if "|4|" in why} == expected


def test_what_rests_on_another_basis_says_so_and_brings_it_along(
    november: Round, cast: Cast, client: Callable[[str], FlaskClient]
) -> None:
    Desk(cast, november).take_in(csv_of([("Alskolan", "MA", 5, 25, 25, 25, "bedömning")], WITH_BASIS))
    browser = client("pia")
    address, soup = grid(browser, cast)
    assert "Källa: Arbetslag 4–6." in soup.get_text(), "Swedish, on the forecast that is chosen"
    assert "bygger på" not in " ".join(one.get_text() for one in soup.select(".row-note"))
    sent = {"version": "0", "save_key": "a", "done": "no", "at_least_e|GR||5|basis": "final_grade", "take": "all"}
    here = work(world.followup(cast, "pia"))
    found = proposals.proposals(here.followup, here.node, here.tables, sent)
    assert found["at_least_e|GR|MA|5|why"].source == "inläst fil, bygger på bedömning"
    assert "at_least_e|GR|SV|5|why" not in found, "nothing on a third basis beside it"
    assert browser.post(address, data=sent).status_code == 303
    _address, soup = grid(browser, cast)
    chosen = soup.select_one('select[name="at_least_e|GR||5|basis"] option[selected]')
    assert chosen and chosen["value"] == "assessment"
    assert soup.find("input", {"name": "at_least_e|GR|MA|5|reached"})["value"] == "25"  # type: ignore[index]


def test_a_groups_supplement_takes_the_place_of_what_it_adds_to(november: Round, cast: Cast) -> None:
    first = db.session.scalars(select(Submission).where(Submission.unit_id == cast.unit["al46"].id)).one()
    names = [one.key for one in inspect(Submission).column_attrs if one.key not in ("id", "public_id", "number")]
    again = Submission(public_id="again", number=first.number + 1, **{name: getattr(first, name) for name in names})
    db.session.add(again)
    db.session.commit()
    here = work(world.followup(cast, "pia"))
    assert [*proposals.proposals(here.followup, here.node, here.tables, {})[WHY].cells.values()] == ["25", "24", "20"]


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
