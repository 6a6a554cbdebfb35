"""A register's grades are seen as counts, confirmed, proposed to the unit and undone; and what was taken in is told."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from chain.base import clock
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.followup import checks, proposals
from chain.intake import ss12000_actions as actions
from chain.intake import ss12000_queries as queries
from chain.intake.models import Intake, IntakeFile
from chain.intake.ss12000_grades import Term
from chain.intake.ss12000_models import Fetched, Taken
from tests import makers
from tests.followup import world as rounds
from tests.intake import ss12000_server as server
from tests.intake.desk import figures
from tests.intake.ss12000_server import World
from tests.intake.test_ss12000_actions import fetch, settle
from tests.intake.test_ss12000_grades import grade
from tests.makers import Cast
from tests.test_canaries import holding
from tests.visitors import Reader

AUTUMN = {"registeredDate": "2026-12-18", "semester": "HT", "syllabus": {"id": "ma6"}}
SAID = "ABCDEF-EE"


def autumn(pupil: int, value: str, **more: Any) -> dict[str, Any]:
    return grade(f"elev{pupil}", value, **AUTUMN, **more)


@pytest.fixture
def told(app: Flask) -> Iterator[World]:
    world = server.sjovik()
    maths = {"id": "ma6", "schoolType": "GR", "subjectCode": "GRGRMAT01", "startSchoolYear": 6, "endSchoolYear": 6}
    rows = [autumn(number, value) for number, value in enumerate(SAID)]
    rows += [autumn(20, "A", organisation={"id": "ny"}), autumn(21, "A", organisation={"id": "okänd"})]
    world.rows |= {"syllabuses": [maths], "grades": rows}
    with server.running(world):
        app.config["SS12000"] = world.settings()
        yield world


def olle(app: Flask) -> Reader:
    return Reader(makers.client(app, "olle"))


def look(app: Flask, round: str = "Uppföljning 2") -> Reader:
    return olle(app).open("/intake/").choose("Vilken uppföljning hör betygen till?", round).press("Hämta och visa")


@pytest.mark.parametrize(
    ("day", "term"),
    [
        ((2026, 11, 2), ("VT", 2026)), ((2026, 12, 14), ("HT", 2026)), ((2027, 1, 7), ("HT", 2026)),
        ((2027, 4, 1), ("HT", 2026)), ((2027, 6, 8), ("VT", 2027)), ((2027, 8, 10), ("VT", 2027)),
    ],
)  # fmt: skip
def test_a_round_asks_for_the_term_that_has_ended_before_it(day: tuple[int, int, int], term: tuple[str, int]) -> None:
    assert Term.last(date(*day)) == Term(*term)


def test_grades_are_seen_confirmed_proposed_and_undone(app: Flask, cast: Cast, told: World) -> None:
    january = rounds.november_and_january(cast)[1]
    settle(cast)  # Nyskolan comes after the round has opened
    page = look(app).sees("Granska betygen", "Betyg ur registret, höstterminen 2026", "Ingenting är sparat än.")
    page.sees("11 betyg lästes; 9 av dem räknas in i enheternas tabeller.", "1 betyg hör till en enhet som inte är kopplad")
    page.sees("Nyskolan står inte i uppföljningens träd. Enhetens betyg läses inte in.")
    page.sees("Alskolan Matematik, åk 6 terminsbetyg 9 1 1 1 1 3 1 1")
    assert figures() == [] and list(holding("elev1")) == []  # neither a pupil nor a proposal
    page.press("Bekräfta och läs in").sees("Kvitto på inläsning", "De är nu förslag till enheterna.")
    db.session.rollback()
    spread = {(one[1], one[4]): one[5:] for one in figures()}
    counts = {"A": 1, "B": 1, "C": 1, "D": 1, "E": 3, "F": 1, "-": 1}
    assert spread == {("grades", each): ("term_grade", None, 9, n) for each, n in counts.items()} | {
        ("at_least_e", ""): ("term_grade", None, 9, 7)
    }
    assert proposed(cast, january) == [("", "1", "1", "1", "1", "3", "1", "1")]
    Reader(makers.client(app, "pia")).open(f"/intake/imported/{cast.unit['alskolan'].public_id}").sees(
        "A 1 · B 1 · C 1 · D 1 · E 3 · F 1 · - 1", "SS 12000", "terminsbetyg"
    )
    look(app).sees("Samma betyg är redan inlästa.", "Ingenting: allt stod där redan.")
    page.press("Ångra inläsningen").sees("Inläsningen är ångrad")
    assert proposed(cast, january) == figures() == []


def proposed(cast: Cast, round: Any) -> list[tuple[str, ...]]:
    """The proposals for Alskolan's mathematics in year 6, cell by cell; empty where nothing is known."""
    db.session.rollback()
    here = checks.work(rounds.followup(cast, "pia", round))
    found = proposals.proposals(here.followup, here.node, here.tables, {})
    rows = [row for table in here.tables if table.indicator in ("grades", "at_least_e") for row in table.rows]
    named = [(row.cells, found[row.why].cells) for row in rows if row.why in found]
    return sorted((tuple(cells.get(cell, "") for cell in names) for names, cells in named), key=len, reverse=True)


def test_a_round_that_does_not_ask_for_grades_takes_none(app: Flask, cast: Cast, told: World) -> None:
    settle(cast)
    rounds.november_and_january(cast)
    told.rows["grades"] = [grade("p", "A", syllabus={"id": "ma6"})]
    page = look(app, "Uppföljning 1").sees("Matematik 6 frågas det inte efter hos Alskolan", "Det finns inget att läsa in.")
    page.sees_not("Bekräfta och läs in").press("Kasta betygen")
    assert db.session.scalar(select(func.count()).select_from(IntakeFile)) == 0


def test_what_goes_wrong_is_told_and_nothing_is_kept(app: Flask, cast: Cast, told: World) -> None:
    january = rounds.november_and_january(cast)[1]
    page = look(app).sees("Inga enheter är kopplade till registret än.")
    assert page.status == 409
    settle(cast)
    told.faults["grades"] = [(403, {}, b"")]
    assert look(app).sees("Vi har inte rätt att läsa betyg hos registret").status == 409
    olle(app).open("/intake/").choose("Termin", "Vårterminen 2025").press("Hämta och visa").sees("Det finns inget att läsa in.")
    assert makers.client(app, "olle").post("/intake/ss12000/grades", data={"for_round": "okänd"}).status_code == 422
    with pytest.raises(RuleBroken, match="Inget register"):
        app.config["SS12000"] = told.settings("bergsund")
        actions.fetch_grades(cast.unit["sjovik"], january, None, by=cast.olle, seconds=5)


def test_without_a_register_there_is_nothing_to_fetch_grades_from(app: Flask, cast: Cast) -> None:
    rounds.opened(cast)
    olle(app).open("/intake/").sees_not("Hämta betyg ur registret")


# What was taken in


def test_the_director_reads_what_was_taken_in_of_the_own_administration(app: Flask, cast: Cast, told: World) -> None:
    settle(cast)
    page = Reader(makers.client(app, "diana")).open("/intake/").click("Vad som har hämtats till trädet ur registret")
    page.sees("Stina", "Ekskolan är en av registrets enheter.", "Nyskolan (23456789) läggs till under Norra området.")
    page.sees("Nils Ny fick uppdraget rektor vid Nyskolan från den 22 november 2026.")
    told.rows["persons"][1]["familyName"] = "Berg"
    told.rows["duties"] = [row for row in told.rows["duties"] if row["id"] != "d-nils"]
    told.rows["duties"][0]["endDate"] = "2026-12-01"
    fetch(cast, whole=True)
    came = queries.fetched(queries.source(cast.unit["sjovik"]))
    assert came
    waiting = {
        change.key for change in queries.plan(came.source.municipality, came.source, actions.Facts.from_json(came.facts)).changes
    }
    actions.confirm(cast.unit["sjovik"], fetched=came.public_id, chosen=waiting, place=None, closing={}, by=cast.stina)
    page.open("/intake/ss12000/taken").sees("Nils Ny är inte längre rektor vid Nyskolan enligt registret.")
    page.sees("Pia Berg slutar som rektor vid Alskolan efter den 1 december 2026.").sees_not("fick namn och adress")
    Reader(makers.client(app, "stina")).open("/intake/ss12000").click("Vad som har hämtats").sees(
        "Pia Berg fick namn och adress som i registret."
    )
    assert list(holding("Nils")) == ["person"]


def test_a_receipt_is_in_the_readers_language(app: Flask, cast: Cast, told: World) -> None:
    settle(cast)
    line = db.session.scalars(select(Taken).where(Taken.what == "add_unit")).one()
    assert set(line.words) == {"sv", "en"} and line.path == "/sjovik/bun/fvn/norr/nyskolan/"


# What waits too long


def test_what_nobody_confirms_goes_after_a_week(app: Flask, cast: Cast, told: World) -> None:
    settle(cast)
    rounds.november_and_january(cast)
    look(app)
    told.rows["organisations"][4]["displayName"] = "Nya skolan"
    fetch(cast)
    with clock.held(clock.now() + timedelta(days=8)):
        assert queries.fetched(queries.source(cast.unit["sjovik"])) is None
        told_of = app.test_cli_runner().invoke(args=["intake", "tidy"])
        assert (told_of.exit_code, told_of.output) == (0, "1 files, 1 fetched, 0 lines\n")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Fetched)) == 0
    assert db.session.scalars(select(Intake.state)).all() == ["cancelled"]
    with clock.held(clock.now() + timedelta(days=366)):
        assert actions.tidy(by=None)[2] > 0
    assert db.session.scalar(select(func.count()).select_from(Taken)) == 0


def test_the_grades_of_another_administration_are_not_even_kept_while_they_wait(cast: Cast, told: World) -> None:
    january = rounds.november_and_january(cast)[1]
    settle(cast)
    made = actions.fetch_grades(cast.unit["sjovik"], january, None, by=cast.vera, seconds=20)
    (content,) = db.session.scalars(select(IntakeFile.content).where(IntakeFile.intake_id == made.id))
    assert b'"counts": []' in content and made.found["fatal"]
