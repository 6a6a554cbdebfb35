"""One's own municipality beside the country and those that it has chosen: as printed, for the same period, nobody ranked."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.intake import actions, published, published_actions
from chain.organisation.models import Unit, UnitCode
from chain.result import queries as result
from chain.result import similar_actions, similar_queries
from chain.result.models import PublishedValue
from chain.rollup import comparison
from chain.rollup.charts import svg
from tests.feedback.test_views import statements
from tests.intake.desk import november
from tests.intake.samples import MUNICIPAL, replaced
from tests.makers import Cast
from tests.rollup.test_charts import faults

ELIGIBLE = MUNICIPAL / "behorighet_grundskola_2024_25.csv"
VOCATIONAL = comparison.Measure("eligible_vocational", "", "9", "")
YR = "ratioOfPupils9thGradeEligibleForNationalProgramYR"


def cells(place: str) -> dict[str, str]:
    """The printed cells of both sexes and all organisers, cut with a plain split: another way than the reader's."""
    lines = [line.rstrip(";").split(";") for line in ELIGIBLE.read_text("utf-8-sig").splitlines()]
    header = next(line for line in lines if line[0] == "Kommun")
    [row] = [line for line in lines if line[1:2] == [place] and line[4] == "Samtliga" and line[5] in ("Samtliga", "Totalt")]
    return dict(zip(header, row, strict=False))


def country(folder: Path) -> Path:
    """Skolverket's answer for the whole country (planned-educations v4, statistics/national-values/gr): no school unit in it."""
    body = {YR: [{"value": "85,4", "valueType": "EXISTS", "timePeriod": "2024/25"}], "totalNumberOfPupils": None}
    path = folder / "gr.json"
    path.write_text(json.dumps({"status": "OK", "message": "Success", "body": body}))
    return path


def nacka(folder: Path) -> Unit:
    """Nacka, with Ale chosen, read from the real table and an answer for the country."""
    (folder / ELIGIBLE.name).write_bytes(ELIGIBLE.read_bytes())
    country(folder)
    published_actions.bring_in(published.read(folder, "0182", beside=["1440"]), by=None)
    root = db.session.scalars(select(Unit).join(Unit.codes).where(UnitCode.code == "0182")).one()
    similar_actions.choose(root, "1440", reason="Har samma skolformer.", by=None)
    return root


def test_each_place_stands_as_it_was_printed_to_the_decimal(app: Flask, tmp_path: Path) -> None:
    found = comparison.beside(nacka(tmp_path))
    assert list(found.places.values()) == ["Nacka", "Riket", "Ale"] and found.silent == []
    [group] = comparison.groups(found, "")
    row = next(row for row in group.rows if row.label == comparison.label(VOCATIONAL))
    column = "Andel (%) elever behöriga till yrkesprog."
    assert row.cells == (f"{cells('0182')[column]} %", "85,4 %", f"{cells('1440')[column]} %")
    assert (row.period, group.sources) == ("2024/25", "Skolverket")
    shown = comparison.picture(found, VOCATIONAL)
    assert [spotted.own for spotted in shown.picture.rows] == [True, False, False]  # type: ignore[union-attr]
    assert shown.told[0] == f"2024/25: Nacka {row.cells[0]}, riket 85,4 %."
    assert shown.count == f"n = {cells('0182')['Antal elever']} elever i Nacka; de andras står i tabellen."
    assert shown.twin.rows[2][-1] == cells("1440")["Antal elever"] and shown.twin.rows[1][-1] == "–"
    assert list(faults(str(svg(shown.picture)))) == []


def test_what_is_not_read_in_is_said_and_never_taken_for_zero(app: Flask, tmp_path: Path) -> None:
    (tmp_path / ELIGIBLE.name).write_bytes(ELIGIBLE.read_bytes())
    published_actions.bring_in(published.read(tmp_path, "0182"), by=None)
    root = db.session.scalars(select(Unit).join(Unit.codes).where(UnitCode.code == "0182")).one()
    similar_actions.choose(root, "1440", reason="Lika stor.", by=None)  # after the file was read
    found = comparison.beside(root)
    assert found.silent == ["Riket", "Ale"]
    shown = comparison.picture(found, VOCATIONAL)
    assert "Inget tal för riket är inläst" in shown.told[0] and shown.picture.rows[1].value is None  # type: ignore[union-attr]


def test_a_row_for_the_country_in_a_table_per_municipality_is_the_country(tmp_path: Path) -> None:
    line = next(
        line for line in ELIGIBLE.read_text("utf-8-sig").splitlines() if line.startswith("Ale;1440;") and "Samtliga" in line
    )
    other = line.replace("Ale;1440;Västra Götalands län;14;", "Riket;;;;", 1)
    path = replaced(tmp_path, ELIGIBLE, line, other)
    reading = published.read(path, "0182")
    assert {value.unit_code for value in reading.series} == {"0182", "0000"} and not reading.fatal


def test_a_reading_without_chosen_municipalities_has_nothing_of_them() -> None:
    assert {value.unit_code for value in published.read(ELIGIBLE, "0182").series} == {"0182"}
    chosen = published.read(ELIGIBLE, "0182", beside=["1440", "0885"]).series
    assert {value.unit_code for value in chosen} == {"0182", "1440", "0885"}


def test_a_file_taken_in_at_the_desk_brings_those_beside_and_undoing_takes_them_away(app: Flask, cast: Cast) -> None:
    desk, root = november(cast), cast.unit["sjovik"]
    db.session.add(UnitCode(unit_id=root.id, municipality_id=root.id, code="0182"))
    db.session.commit()
    similar_actions.choose(root, "1440", reason="Lika stor.", by=cast.olle)
    made = desk.take_in(ELIGIBLE.read_bytes(), ELIGIBLE.name, by=cast.olle)
    places = select(PublishedValue.place, func.count()).group_by(PublishedValue.place).order_by(PublishedValue.place)
    counted = dict(tuple(row) for row in db.session.execute(places))
    assert set(counted) == {"", "1440"} and counted["1440"] > 0
    assert {one.place for one in result.published(root)} == {""}  # a municipality's own page tells of itself alone
    actions.undo(made, by=cast.olle)
    assert db.session.execute(places).all() == []


def test_choosing_is_for_the_administration_and_needs_another_municipality_and_a_reason(app: Flask, cast: Cast) -> None:
    root = cast.unit["sjovik"]
    for who in (cast.pia, cast.maja, cast.lena):
        with pytest.raises(NotAllowed):
            similar_actions.choose(root, "1440", reason="Lika stor.", by=who)
    for code, reason, words in (("1440", " ", "varför"), ("9999", "Lika stor.", "i listan")):
        with pytest.raises(RuleBroken, match=words):
            similar_actions.choose(root, code, reason=reason, by=cast.diana)
    similar_actions.choose(root, "1440", reason="Lika stor.", by=cast.diana)
    similar_actions.choose(root, "1440", reason="Samma kommungrupp.", by=cast.stina)
    similar_actions.choose(root, "0885", reason="Nära.", by=cast.olle)
    assert [(one.code, one.reason) for one in similar_queries.chosen(root)] == [
        ("1440", "Samma kommungrupp."), ("0885", "Nära."),
    ]  # fmt: skip
    similar_actions.drop(root, "1440", by=cast.stina)
    assert similar_queries.codes(root) == ["0885"]


def test_twelve_are_enough(app: Flask, cast: Cast) -> None:
    root = cast.unit["sjovik"]
    codes = [code for code, _name in similar_queries.to_choose(root)]
    for code in codes[: similar_actions.MOST]:
        similar_actions.choose(root, code, reason="Lik.", by=cast.olle)
    with pytest.raises(RuleBroken, match="12 kommuner"):
        similar_actions.choose(root, codes[similar_actions.MOST], reason="Lik.", by=cast.olle)


def spread(cast: Cast, places: int) -> None:
    root = cast.unit["sjovik"]
    chosen = [code for code, _name in similar_queries.to_choose(root)[:places]]
    for code in chosen:
        similar_actions.choose(root, code, reason="=1+1 är lik oss.", by=cast.olle)
    for place in ("", "0000", *chosen):
        for year in ("2023/24", "2024/25"):
            db.session.add(
                PublishedValue(
                    unit_id=root.id, path=root.path, place=place, indicator="eligible_vocational", year_group="9", period=year,
                    shown="81,1", value=Decimal("81.1"), value_type="EXISTS", source="Skolverket", source_file="x.csv",
                )
            )  # fmt: skip
    db.session.commit()


def test_the_pages_are_read_by_everybody_there_and_say_why_each_is_chosen(
    app: Flask, cast: Cast, client: Callable[[str], FlaskClient]
) -> None:
    spread(cast, 1)
    for who in ("maja", "lena", "pia", "olle", "stina"):
        page = client(who).get("/rollup/comparison").text
        assert "=1+1 är lik oss." in page and "81,1 %" in page and "Källa: Skolverket" in page, who
        assert ("Välj kommuner" in page) == (who in ("olle", "stina")), who
    first = BeautifulSoup(client("maja").get("/rollup/comparison").text, "html.parser").select_one("main table a")
    assert first
    one = client("maja").get(str(first["href"])).text
    assert "<svg" in one and "2024/25: Sjövik 81,1 %, riket 81,1 %." in one
    assert client("maja").get("/rollup/compared?indicator=no&subject=&year_group=9&organiser=").status_code == 404
    kept = client("olle").get("/rollup/comparison?as=csv")
    assert kept.status_code == 200 and "Riket" in kept.text


def test_a_choice_that_is_refused_keeps_what_was_typed(app: Flask, cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    olle = client("olle")
    no = olle.post("/rollup/similar", data={"code": "1440", "reason": ""})
    assert no.status_code == 422 and "Skriv varför just den kommunen är lik er." in no.text
    assert '<option selected value="1440">' in no.text
    assert olle.post("/rollup/similar", data={"code": "1440", "reason": "Lika stor."}).status_code == 303
    assert "Lika stor." in olle.get("/rollup/similar").text
    assert olle.post("/rollup/similar/drop", data={"code": "1440"}).status_code == 303
    assert similar_queries.codes(cast.unit["sjovik"]) == []


def test_many_places_take_no_more_statements_than_one(app: Flask, cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    spread(cast, 1)
    olle = client("olle")
    db.session.expire_all()
    one = statements(olle, "/rollup/comparison")
    db.session.execute(delete(PublishedValue))
    db.session.commit()
    spread(cast, 9)
    db.session.expire_all()
    assert statements(olle, "/rollup/comparison") == one
