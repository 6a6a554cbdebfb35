"""The pictures' pages: what stands out among the units, a unit's own years, and nothing that one may not read."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, Unit
from chain.rollup.models import RollupRow
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district
from tests.rollup.test_charts import faults

MA4, SV4 = ("MA", "4"), ("SV", "4")
MORE = ("bjork", "cedr")
FIGURE = "indicator=at_least_e&school_form=GR&subject=MA&year_group=4&basis=forecast"


@pytest.fixture
def november(cast: Cast) -> Round:
    """Four schools in one area, one of them far from the others, and last year's figure of one of them."""
    round, schools, heads = four_schools(cast)
    cast.unit |= zip(MORE, schools, strict=True)
    cast.who |= zip((f"r{place}" for place in MORE), heads, strict=True)
    return round


@kept
def four_schools(cast: Cast) -> tuple[Round, list[Unit], list[Mandate]]:
    for place in MORE:
        school = organisation.add_unit(
            cast.unit["norr"],
            name=f"{place.capitalize()}skolan",
            level="unit",
            by=None,
            school_forms=["GR"],
            year_groups=["4", "5"],
        )
        person = organisation.add_person(cast.unit["sjovik"], name=f"Rektor {place}", email=f"{place}@sjovik.example", by=None)
        cast.unit[place], cast.who[f"r{place}"] = school, organisation.give_mandate(person, Role.PRINCIPAL, school, by=None)
    with clock.held(clock.at(world.OPENS[0].replace(year=world.OPENS[0].year - 1))):
        last = world.open_year(cast, "2025/26")[0]
        cycle.open_round(last, by=cast.diana)
        district.accepted(cast, "alskolan", {MA4: (30, 30, 21)}, last)
    round = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (60, 60, 55), SV4: (60, 60, 54)}, round)
    district.accepted(cast, "ekskolan", {MA4: (60, 60, 54)}, round)
    for place, reached in (("bjork", 53), ("cedr", 20)):
        mine, by = world.followup(cast, f"r{place}", round), cast.who[f"r{place}"]
        submission = world.hand_in(mine, by, results=district.cells({MA4: (60, 60, reached)}))
        district.actions.accept(submission, by=cast.arne)
    db.session.expire_all()
    return round, [cast.unit[place] for place in MORE], [cast.who[f"r{place}"] for place in MORE]


def read(client: Any, who: str, cast: Cast, round: Round, unit: str, end: str) -> str:
    got = client(who).get(f"/rollup/{round.public_id}/{cast.unit[unit].public_id}{end}")
    assert got.status_code == 200
    for svg in BeautifulSoup(got.text, "html.parser").find_all("svg", class_="picture"):
        assert list(faults(str(svg).replace("viewbox=", "viewBox="))) == []
    return " ".join(got.text.split())


def test_those_who_read_the_units_see_them_beside_each_other(client, cast: Cast, november: Round) -> None:
    page = read(client, "arne", cast, november, "norr", f"/figure?{FIGURE}")
    assert "Enheterna bredvid varandra: Matematik åk 4, prognos" in page
    assert "Cedrskolan, Matematik åk 4: 20 av 60 nådde minst E. Norra området 76 %." in page
    assert "Inga resultat utmärker sig i övrigt" in page
    twin = page.split("Att fråga om")[1].split("</table>")[0]
    names = ("Alskolan", "Björk" if "Björk" in twin else "Bjork", "Cedrskolan", "Ekskolan")
    assert [twin.index(name) for name in names] == sorted(twin.index(name) for name in names)
    assert twin.count("utmärker sig, ställ en fråga") == 1
    assert "Kommunen 76 %" in read(client, "diana", cast, november, "fvn", f"/figure?{FIGURE}")


def test_what_stands_out_is_told_of_all_figures_and_opens_its_picture(client, cast: Cast, november: Round) -> None:
    page = read(client, "diana", cast, november, "fvn", "/pictures")
    assert "1 av 4 jämförelser utmärker sig (99,8 %)." in page and "Cedrskolan, Matematik åk 4: 20 av 60" in page
    assert FIGURE.replace("&", "&amp;") in page
    group = read(client, "diana", cast, november, "fvn", "/pictures?school_form=GR&year_group=4")
    assert "Alla ämnen genom åren: Minst E, prognos" in group and "Cedrskolan, Matematik åk 4: 20 av 60" in group


def test_a_principal_sees_the_own_years_and_nothing_of_other_units(client, cast: Cast, november: Round) -> None:
    for end in ("/pictures", f"/figure?{FIGURE}"):
        page = read(client, "pia", cast, november, "alskolan", end)
        assert "70 %" in page and "92 %" in page and "2025/26" in page
        assert "Enheterna bredvid varandra" not in page and "utmärker sig (99,8" not in page
        assert not any(word in page for word in ("Cedrskolan", "Ekskolan", "Kommunen", "76 %"))
        assert "2 år är för få" in page or "för få år" in page


def test_what_a_unit_told_when_it_stood_elsewhere_is_its_own_and_not_its_new_heads(client, cast: Cast, november: Round) -> None:
    """The right to history follows where the unit stood then."""
    rows = update(RollupRow).where(RollupRow.unit_id == cast.unit["alskolan"].id, RollupRow.round_id != november.id)
    db.session.execute(rows.values(path=f"{cast.unit['soder'].path}alskolan/"))
    db.session.commit()
    assert "70 %" in read(client, "pia", cast, november, "alskolan", f"/figure?{FIGURE}")
    assert "70 %" not in read(client, "arne", cast, november, "alskolan", f"/figure?{FIGURE}")
    assert "70 %" in read(client, "diana", cast, november, "alskolan", f"/figure?{FIGURE}")


def test_what_a_unit_told_elsewhere_stands_beside_its_figures_for_those_who_read_it_there(
    client, cast: Cast, november: Round
) -> None:
    rows = update(RollupRow).where(RollupRow.unit_id == cast.unit["alskolan"].id, RollupRow.round_id != november.id)
    db.session.execute(rows.values(path=f"{cast.unit['soder'].path}alskolan/"))
    db.session.commit()
    for who, reads in (("pia", True), ("arne", False), ("diana", True)):
        page = read(client, who, cast, november, "alskolan", "")
        text, told = (
            client(who).get(f"/rollup/{november.public_id}/{cast.unit['alskolan'].public_id}?as={form}").get_data(as_text=True)
            for form in ("csv", "json")
        )
        maths = next(row for row in json.loads(told)["rows"] if row["subject"] == "Matematik")
        assert ("70 % (21 av 30)" in page.replace("\xa0", " ")) is reads
        assert (";70;procent;21;30" in text) is reads
        assert (maths["k_before"], maths["n_before"]) == ((21, 30) if reads else (None, None))
        assert (maths["k"], maths["n"]) == (55, 60)


def told(cast: Cast, place: str, round: Round, indicator: str, **sums: Any) -> None:
    """A stored figure that this round does not ask for."""
    unit = cast.unit[place]
    where = {"school_form": "GR", "subject": "", "year_group": "", "category": "", "basis": "register", "units": 1, "k": 0}
    db.session.add(RollupRow(unit_id=unit.id, round_id=round.id, path=unit.path, indicator=indicator, **{**where, **sums}))
    db.session.commit()


def test_hours_are_held_against_nobody_and_stand_through_the_years_without_a_chance(client, cast: Cast, november: Round) -> None:
    for place, absent in (("alskolan", 1600), ("ekskolan", 1600), ("bjork", 1600), ("cedr", 9000)):
        told(cast, place, november, "absence", enrolled=50, n=20000, k=absent)
    told(cast, "norr", november, "absence", enrolled=200, n=80000, k=13800)
    page = read(client, "arne", cast, november, "norr", "/figure?indicator=absence&school_form=GR&basis=register")
    assert "Genom åren: Frånvaro, uppgift ur register" in page and "Elever: 200." in page
    assert "Enheterna bredvid varandra" not in page and "Osäkerhet (95" not in page and "bedömda elever" not in page
    assert "Cedrskolan, Frånvaro" not in read(client, "arne", cast, november, "norr", "/pictures")


def test_a_mean_stands_through_the_years_in_its_own_unit(client, cast: Cast, november: Round) -> None:
    last = db.session.scalars(select(Round).where(Round.id != november.id, Round.opened_at.is_not(None))).one()
    nine = {"year_group": "9", "basis": "final_grade"}
    for round, total in ((last, 213206), (november, 220500)):
        told(cast, "norr", round, "merit", enrolled=99, n=98, total=total, **nine)
    page = read(client, "arne", cast, november, "norr", "/figure?indicator=merit&school_form=GR&year_group=9&basis=final_grade")
    assert "Genom åren: Meritvärde åk 9, slutbetyg" in page and "Med betyg: 98." in page
    assert "2025/26: 217,6; 2026/27: 225,0" in page and "Andel som" not in page and "Osäkerhet (95" not in page
    group = read(client, "arne", cast, november, "norr", "/pictures?school_form=GR&year_group=9")
    assert "Genom åren: Meritvärde åk 9, slutbetyg" in group


def test_the_areas_of_a_survey_stand_beside_each_other_already_the_first_year(client, cast: Cast, november: Round) -> None:
    for area, total in (("SE-TRYGGHET", 4180), ("SE-STOD", 3420)):
        survey = {"year_group": "5", "basis": "survey", "subject": area}
        told(cast, "norr", november, "school_survey", enrolled=60, n=50, total=total, **survey)
    page = read(client, "arne", cast, november, "norr", "/pictures?school_form=GR&year_group=5")
    assert "Alla rader genom åren: Skolenkäten, elever, enkät" in page and '<th scope="col">Område</th>' in page
    assert "8,4" in page and "Alla ämnen" not in page


def test_a_year_group_that_is_not_there_shows_what_there_is(client, cast: Cast, november: Round) -> None:
    assert "Utmärker sig" in read(client, "arne", cast, november, "norr", "/pictures?school_form=XX&year_group=%00")
    assert "Alla ämnen" in read(client, "pia", cast, november, "alskolan", "/pictures?school_form=XX")
