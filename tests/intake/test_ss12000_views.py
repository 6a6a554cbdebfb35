"""The steward reads what the register says otherwise, chooses, and is told what came of it; nothing typed is lost."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base.db import db
from chain.measure import queries as measure
from chain.organisation import actions as organisation
from chain.organisation.models import Unit
from tests import asked, makers
from tests.followup import world as rounds
from tests.intake import ss12000_server as server
from tests.intake.ss12000_server import World
from tests.intake.test_ss12000_actions import fetch, ready, settle
from tests.makers import Cast
from tests.rollup import district
from tests.visitors import Reader

PAGE = "/intake/ss12000"


@pytest.fixture
def told(app: Flask) -> Iterator[World]:
    with server.running(server.sjovik()) as world:
        app.config["SS12000"] = world.settings()
        yield world


def stina(app: Flask) -> Reader:
    return Reader(makers.client(app, "stina"))


def test_the_steward_fetches_chooses_and_confirms(app: Flask, cast: Cast, told: World) -> None:
    ready(cast)
    page = stina(app).open("/organisation/").click("Hämta från registret")
    page.sees("Elever hämtas aldrig", "127.0.0.1", "aldrig").press("Hämta och jämför")
    page.sees("5 rader att ta ställning till", "Nyskolan (23456789) läggs till under Norra området.")
    assert page.page.select('input[name="chosen"][checked]') == []  # all of it builds on what only she can say
    page.tick("Nyskolan (23456789)").tick("Nils Ny").press("Gör det som är valt")
    assert page.status == 422
    page.sees("Välj också raden om Norra området, som den här bygger på.")
    page.tick("Norra området i registret").press("Gör det som är valt")
    page.sees("3 ändringar är gjorda", "1 person är ny här och behöver en engångskod").sees_not("att ta ställning till")
    assert db.session.scalar(select(Unit.path).where(Unit.name == "Nyskolan")) == "/sjovik/bun/fvn/norr/nyskolan/"
    page.press("Hämta och jämför").sees("2 rader att ta ställning till", "Samma enhet?")
    page.press("Släng det som hämtades").sees("Inget har ändrats", "Hämta och jämför")


def test_what_was_chosen_and_written_is_still_there_after_a_refusal(app: Flask, cast: Cast, told: World) -> None:
    settle(cast)
    told.rows["organisations"] = [row for row in told.rows["organisations"] if row["id"] not in ("ny", "ek")]
    told.rows["duties"].pop()
    fetch(cast)
    page = stina(app).open("/").click("Registret säger annat än trädet").sees("Enheter som stängs", "Uppdrag som upphör")
    page.tick("Ekskolan finns inte längre").tick("Nyskolan finns inte längre")
    page.fill("closing-1-reason", "Slås ihop till hösten.").press("Gör det som är valt")
    assert page.status == 422
    page.sees("Ekskolan: välj vem som tar över, eller skriv varför ingen gör det.", "Slås ihop till hösten.")
    ticked = page.page.select('input[name="chosen"][checked]')
    assert len(ticked) == 2 and page.page.select('[aria-invalid="true"]')
    page.fill("closing-1-reason", "x" * 1001).press("Gör det som är valt").sees("Skriv högst 1000 tecken.", "x" * 1001)
    assert page.status == 422 and page.page.select('[aria-invalid="true"]')


def test_what_waits_at_a_unit_that_closes_is_shown_and_has_to_have_been_seen(app: Flask, cast: Cast, told: World) -> None:
    settle(cast)
    round = rounds.opened(cast)
    district.accepted(cast, "ekskolan", {("MA", "4"): (12, 10, 9)}, round)
    told.rows["organisations"] = [row for row in told.rows["organisations"] if row["id"] != "ek"]
    fetch(cast)
    group = cast.unit["ek46"]
    organisation.close_unit(group, successor=None, reason="Läggs ner.", version=group.version, by=cast.stina)
    page = stina(app).open(PAGE).sees("Det här väntar där:", "Öppna åtgärder: 2 (Uppföljning 1, november 2026/27)")
    page.tick("Ekskolan finns inte längre").fill("closing-0-reason", "Läggs ner.")
    page.page.find("input", attrs={"name": "closing-0-seen"})["value"] = "0" * 16  # type: ignore[index]
    page.press("Gör det som är valt").sees("Ekskolan: något har kommit till sedan du såg listan.", "Läggs ner.")
    assert page.status == 422
    page.press("Gör det som är valt").sees("1 ändring är gjord")
    db.session.rollback()
    closed = db.session.get_one(Unit, cast.unit["ekskolan"].id)
    assert not closed.open and [one.state for one in measure.at(closed.id)] == ["ended", "ended"]


def test_a_whole_part_is_ticked_or_cleared_by_a_button(app: Flask, cast: Cast, told: World) -> None:
    told.rows = {"organisations": [server.org(f"x{number}", f"Skola {number}", "Skola") for number in range(4)], "duties": []}
    fetch(cast)
    page = stina(app).open(PAGE)
    before = len(page.page.select('input[name="chosen"][checked]'))
    page.press("Välj inga").sees("Inget är gjort än")
    assert page.status == 200 and len(page.page.select("#part-add input[checked]")) == 0 < before
    page.press("Välj alla")
    assert len(page.page.select("#part-add input[checked]")) == len(page.page.select("#part-add input[type=checkbox]"))


def test_a_fault_is_told_and_nothing_has_changed(app: Flask, cast: Cast, told: World) -> None:
    told.faults["duties"] = [(403, {}, b"")]
    page = stina(app).open(PAGE).press("Hämta och jämför")
    assert page.status == 409
    page.sees("Inget har ändrats", "Vi har inte rätt att läsa tjänstgöringar hos registret")
    assert server.SECRET not in page.seen[-1] and server.CLIENT not in page.seen[-1]


def test_a_municipality_without_a_source_is_told_who_can_set_it(app: Flask, cast: Cast, told: World) -> None:
    app.config["SS12000"] = told.settings("bergsund")
    stina(app).open(PAGE).sees("Inget register är inställt för Sjövik.").sees_not("Hämta och jämför")
    assert makers.client(app, "stina").post(f"{PAGE}/fetch").status_code == 409
    assert told.asked == []


def test_the_page_asks_the_database_as_often_for_many_lines_as_for_few(app: Flask, cast: Cast, told: World) -> None:
    def statements() -> int:
        client = makers.client(app, "stina")
        with asked.statements() as said:
            assert client.get(PAGE).status_code == 200
        return len(said)

    fetch(cast)
    few = statements()
    for number in range(60):
        told.rows["organisations"].append(server.org(f"x{number}", f"Skola {number}", "Skola", "huvudman"))
        told.rows["duties"].append(server.duty(f"d{number}", "nils", f"x{number}", "Rektor"))
    fetch(cast)
    assert statements() == few
