"""What is taken out of the desk and the figures: the page's own numbers, to the same people, after the same work."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation import actions as organisation
from chain.rollup import actions, tables
from tests import asked
from tests.base.test_tables import cells, rows, sheet
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

MA4, EN6 = ("MA", "4"), ("EN", "6")


@pytest.fixture
@kept
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20), EN6: (8, 7, 6)})
    district.accepted(cast, "ekskolan", {MA4: (16, 16, 8)})
    return found


def figures(cast: Cast, november: Round, unit: str) -> str:
    return f"/rollup/{november.public_id}/{cast.unit[unit].public_id}"


@pytest.mark.parametrize(("number", "said"), [("1/8", "0.13"), ("-1/8", "-0.13"), ("1249/10000", "0.12"), ("5", "5.00")])
def test_a_half_is_rounded_up_as_on_the_page(number: str, said: str) -> None:
    assert str(tables._exact(Fraction(number), 2)) == said


def test_the_figures_are_those_of_the_page_with_n_coverage_and_basis(client, cast: Cast, november: Round) -> None:
    arne, address = client("arne"), figures(cast, november, "norr")
    page = " ".join(arne.get(address).text.split())
    got = arne.get(f"{address}?as=json")
    found = json.loads(got.data)
    by_subject = {(row["subject"], row["year_group"]): row for row in found["rows"]}
    maths, english = by_subject["Matematik", "åk 4"], by_subject["Engelska", "åk 6"]
    assert (maths["value"], maths["k"], maths["n"], maths["enrolled"], maths["units"], maths["expected"]) == (
        70,
        28,
        40,
        41,
        2,
        2,
    )
    assert "70 % (28 av 40)" in page.replace("\xa0", " ") and "40 av 41" in page
    assert (english["value"], english["k"], english["n"], english["small"]) == (None, 6, 7, "ja")  # the page says no per cent
    assert maths["basis"] == "prognos" and {"name": "Täckning", "value": "2 av 2 enheter"} in found["facts"]
    assert any("N är alla elever" in one["definition"] for one in found["definitions"])
    assert got.headers["Content-Disposition"] == (
        "attachment; filename=siffror-norra-omradet-uppfoljning-1-november-2026-27.json"
    )
    assert got.headers["X-Content-Type-Options"] == "nosniff" and got.headers["Cache-Control"] == "no-store"


def test_the_three_forms_hold_the_same_rows(client, cast: Cast, november: Round) -> None:
    arne, address = client("arne"), figures(cast, november, "norr")
    told = json.loads(arne.get(f"{address}?as=json").data)
    named = [column["name"] for column in told["columns"]]
    book, text = sheet(arne.get(f"{address}?as=xlsx").data), rows(arne.get(f"{address}?as=csv").data)
    assert named == book[0] == text[0]
    plain = [["" if cell is None else cell for cell in row.values()] for row in told["rows"]]
    assert plain == book[1:] and [[str(cell) for cell in row] for row in plain] == text[1:]


def test_one_figure_goes_out_per_child_and_says_why_one_is_missing(client, cast: Cast, november: Round) -> None:
    address = (
        f"{figures(cast, november, 'norr')}/figure?indicator=at_least_e&school_form=GR&subject=EN&year_group=6&basis=forecast"
    )
    found = rows(client("arne").get(f"{address}&as=csv").data)
    assert [row[0] for row in found[1:]] == ["Alskolan", "Ekskolan", "Tillsammans"]
    assert found[2][-1] == "har inte den siffran" and found[3][9:11] == ["6", "7"]


HOSTILE = '=HYPERLINK("http://elak.example";"Öppna")'


def test_nothing_that_somebody_has_written_becomes_a_formula(client, cast: Cast, november: Round) -> None:
    """A unit's name, and what it says about being late."""
    node = world.node(cast, "havet", november)
    cycle.explain_late(node, reason="+46 70 123 45 67 svarar inte.", by=cast.per)
    unit = cast.unit["alskolan"]
    organisation.change_unit(unit, name=HOSTILE, version=unit.version, by=cast.stina, **_kept(unit))
    january = world.open_year(cast, "2027/28")[0]
    with clock.held(clock.at(date(2027, 12, 20))):
        opened = cycle.open_round(january, by=cast.diana)
        diana = client("diana")
        for form in ("xlsx", "csv"):
            got = diana.get(f"/rollup/{opened.public_id}?as={form}")
            assert got.status_code == 200
            if form == "xlsx":
                assert not [one for one in cells(got.data) if "<f" in one] and HOSTILE in str(sheet(got.data)).replace("\\'", "'")
            else:
                assert [row[0] for row in rows(got.data) if "elak" in row[0]] == [f"'{HOSTILE}"]
    said = rows(diana.get(f"/rollup/{november.public_id}?as=csv").data)
    assert any("Säger: +46 70" in row[-1] for row in said)


def _kept(unit: Any) -> dict[str, Any]:
    return {"kind": unit.kind, "school_forms": unit.school_forms, "year_groups": unit.year_groups, "organiser": unit.organiser}


def test_the_desk_goes_out_as_it_stands_without_a_trace_of_a_draft(client, cast: Cast, november: Round) -> None:
    world.write(world.followup(cast, "per"), cast.per)
    found = rows(client("diana").get("/rollup/?as=csv").data)
    by_name = {row[0]: row for row in found}
    assert by_name["Alskolan"][2:4] == ["Norra området", "Mottagen"] and by_name["Havets förskola"][3] == "Väntas"
    assert "Arbetslag 4–6" not in by_name
    assert {row[0] for row in rows(client("arne").get("/rollup/?as=csv").data)} == {"Enhet", "Alskolan", "Ekskolan"}


@pytest.mark.parametrize("form", ["pdf", "XLSX", "../xlsx"])
def test_a_form_that_there_is_not_is_no_address(client, november: Round, form: str) -> None:
    assert client("arne").get("/rollup/", query_string={"as": form}).status_code == 404


def test_who_may_not_see_the_page_gets_no_file(client, cast: Cast, november: Round) -> None:
    for who in ("petra", "maja", "stina", "vera", "lena"):
        for form in ("", "?as=xlsx", "?as=csv", "?as=json"):
            assert client(who).get(figures(cast, november, "norr") + form).status_code == 404, (who, form)


def test_a_file_takes_as_many_statements_whatever_is_in_it(app: Flask, client, cast: Cast, november: Round) -> None:
    arne = client("arne")
    addresses = [f"{figures(cast, november, 'norr')}?as=csv", "/rollup/?as=csv"]

    def statements() -> list[int]:
        for address in addresses:
            arne.get(address)  # what the test has in hand is read anew
        with asked.statements() as said:
            return [len(said) for address in addresses if arne.get(address).status_code == 200]

    before = statements()
    sent = db.session.scalars(select(Submission).where(Submission.unit_id == cast.unit["ekskolan"].id)).one()
    actions.reopen(sent, reason="Siffrorna för årskurs fem fattas.", by=cast.arne)
    more = {(subject, group): (12, 12, 6) for subject in ("MA", "SV", "EN") for group in ("4", "5", "6")}
    district.accepted(cast, "ekskolan", more)
    assert len(rows(arne.get(addresses[0]).data)) > 9
    assert statements() == before
