"""A release that leaves as a file: as it was frozen, nothing exact, and what is withheld is withheld in every form and sheet."""

import json
import re
from typing import Any

import pytest

from chain.base import clock, slots, tables
from chain.cycle.models import Round
from chain.release import actions
from chain.release import tables as released
from chain.report import actions as report
from tests.base.test_tables import rows, sheet
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

MA4, EN6, SV4, BI6 = ("MA", "4"), ("EN", "6"), ("SV", "4"), ("BI", "6")


@pytest.fixture
@kept
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 12), EN6: (5, 5, 4), SV4: (24, 23, 22), BI6: (41, 37, 17)})
    district.accepted(cast, "ekskolan", {MA4: (16, 16, 8), EN6: (4, 4, 4), SV4: (17, 17, 16)})
    return found


def forms(browser: Any, address: str) -> list[str]:
    """All that is told in each form, every sheet counted."""
    book = browser.get(f"{address}?as=xlsx").data
    return [
        str([sheet(book, 0), sheet(book, 1)]), browser.get(f"{address}?as=csv").data.decode("utf-8-sig"),
        json.dumps(json.loads(browser.get(f"{address}?as=json").data), ensure_ascii=False),
    ]  # fmt: skip


def test_the_committee_takes_out_what_it_sees_and_nothing_exact(client, cast: Cast, november: Round) -> None:
    release = actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana)
    maja, address = client("maja"), f"/release/{release.public_id}"
    found = json.loads(maja.get(f"{address}?as=json").data)
    by_subject = {row["subject"]: row for row in found["rows"] if row["level"] == "Förvaltning"}
    maths = by_subject["Matematik"]
    assert (maths["value"], maths["n"], maths["enrolled"], maths["units"]) == (50, 40, 40, 2)
    assert by_subject["Engelska"]["value"] == by_subject["Engelska"]["n"] == by_subject["Engelska"]["enrolled"] == ".."
    assert by_subject["Engelska"]["withheld"] == "Visas inte"
    assert by_subject["Svenska"]["value"] == "~100" and by_subject["Biologi"]["value"] == 46
    exact = re.compile(r"(?<![\d,.:-])(41|37|17|38|24|23)(?![\d,.:-])")  # counts of the units, and of all
    for told in forms(maja, address):
        assert "Visas inte" in told and "~100" in told and tables.signs()[".."] in told
        assert not exact.findall(re.sub(r"[0-9a-f]{32,}|\d{1,2} november|\d\d\.\d\d", "", told))


def test_a_replaced_release_gives_its_figures_to_nobody_outside_the_administration(client, cast: Cast, november: Round) -> None:
    first, second = (actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana) for _number in range(2))
    maja = client("maja")
    assert maja.get(f"/release/{first.public_id}").status_code == 200  # the page says that it has been replaced
    for form in ("xlsx", "csv", "json"):
        assert maja.get(f"/release/{first.public_id}?as={form}").status_code == 404
        assert maja.get(f"/release/{second.public_id}?as={form}").status_code == 200
    assert client("olle").get(f"/release/{first.public_id}?as=csv").status_code == 200


def test_a_replaced_release_is_read_by_those_who_read_the_page_that_is_built_on_it(
    client, cast: Cast, november: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana)
    world.hand_in(world.followup(cast, "diana"), cast.diana)
    report.publish(november, by=cast.olle)
    actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana)
    monkeypatch.setitem(slots._fragments["release.page"], "report", lambda **_facts: "")  # whatever stands on its page
    assert client("maja").get(f"/release/{first.public_id}?as=csv").status_code == 200


def test_the_committees_page_gives_the_figures_of_its_release_and_no_later_ones(client, cast: Cast, november: Round) -> None:
    release = actions.approve(actions.prepare(november, by=cast.olle), by=cast.diana)
    world.hand_in(world.followup(cast, "diana"), cast.diana)
    page = report.publish(november, by=cast.olle)
    for unit in ("norr", "havet", "soder"):  # what is accepted later changes no frozen figure
        district.accepted(cast, unit)
    taken = rows(client("lena").get(f"/report/{page.public_id}?as=csv").data)
    assert (
        taken == rows(tables.csv(released.released(release), clock.now())) and len(taken) == 1 + 4 + 4 + 4 + 3
    )  # the administration, an area, two schools


@pytest.mark.parametrize(
    ("shown", "cell"),
    [("84", 84), ("228.7", released.Decimal("228.7")), ("..", ".."), ("~100", "~100"), ("~0", "~0"), ("-", "-")],
)
def test_what_is_shown_is_a_number_only_where_it_is_one(shown: str, cell: Any) -> None:
    assert released.number(shown) == cell and isinstance(released.number(shown), type(cell))
