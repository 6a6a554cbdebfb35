"""The pages of the tree and its people: who sees what, and that the steward can keep them."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.account import actions as account
from chain.base import clock
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.followup import actions as followup
from chain.intake import standing
from chain.measure.models import Measure
from chain.organisation import actions, rules
from chain.organisation.models import Mandate, Person, Unit
from chain.support.models import SupportRequest
from tests import asked, makers
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]


def page(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return answer.text


def test_one_sees_the_own_line_upwards_and_everything_below(cast: Cast, client: Client) -> None:
    seen = page(client("pia"), "/organisation/")
    assert all(name in seen for name in ("Sjövik", "Norra området", "Alskolan", "Arbetslag 4–6"))
    assert not any(name in seen for name in ("Södra området", "Ekskolan", "Havets förskola", "Vuxenutbildningsnämnden"))
    assert "Ekskolan" in page(client("diana"), "/organisation/")
    assert "Vuxenutbildningsnämnden" not in page(client("diana"), "/organisation/")
    assert "Vuxenutbildningsnämnden" in page(client("stina"), "/organisation/")


def test_another_line_is_not_there(cast: Cast, client: Client) -> None:
    page(client("pia"), f"/organisation/{cast.unit['alskolan'].public_id}")
    page(client("pia"), f"/organisation/{cast.unit['norr'].public_id}")
    page(client("pia"), f"/organisation/{cast.unit['ekskolan'].public_id}", 404)
    assert "Ekskolan" not in page(client("pia"), f"/organisation/{cast.unit['norr'].public_id}")


@pytest.mark.parametrize(("short", "sees"), [("diana", True), ("arne", True), ("pia", True), ("lena", False), ("maja", False)])
def test_people_with_mandates_are_seen_by_those_who_may(cast: Cast, client: Client, short: str, sees: bool) -> None:
    unit = "bun" if short == "maja" else "alskolan"
    assert ("Pia Östlund" in page(client(short), f"/organisation/{cast.unit[unit].public_id}").split("</header>")[1]) is sees


def test_a_context_unit_is_marked_and_has_no_mandates(cast: Cast, client: Client) -> None:
    other = actions.add_unit(
        cast.unit["sjovik"], name="Fria Ekens skola", level="unit", by=None, context=True, organiser="Fria Eken AB", kind="school"
    )
    assert "Annan huvudman" in page(client("stina"), f"/organisation/{other.public_id}")
    assert "Annan huvudman" in page(client("stina"), "/organisation/")


STEWARDS = ("add", "change", "code", "move", "close", "merge")


@pytest.mark.parametrize("door", STEWARDS)
def test_only_the_steward_keeps_units(cast: Cast, client: Client, door: str) -> None:
    address = f"/organisation/{cast.unit['alskolan'].public_id}/{door}"
    page(client("stina"), address)
    page(client("pia"), address, 403)
    page(client("lena"), address, 403)
    page(client("petra"), address, 404)
    assert client("").get(address).status_code == 303
    assert client("diana").post(address, data={}).status_code == 403


@pytest.mark.parametrize("address", ["people", "people/add", "import", "health"])
def test_only_the_steward_keeps_people(cast: Cast, client: Client, address: str) -> None:
    page(client("stina"), f"/organisation/{address}")
    for short in ("pia", "diana", "olle", "maja", "lena", "rut"):
        page(client(short), f"/organisation/{address}", 404)


def test_a_unit_is_added_changed_given_a_code_moved_and_closed(cast: Cast, client: Client) -> None:
    browser = client("stina")
    norr, soder = cast.unit["norr"], cast.unit["soder"]
    said = {"version": 1, "name": "Lindskolan", "kind": "school", "school_forms": ["GR", "FTH"], "year_groups": "F 1-3"}
    answer = browser.post(f"/organisation/{norr.public_id}/add", data=said | {"level": "unit", "code": "67134582"})
    assert answer.status_code == 303, answer.text
    unit = db.session.scalars(select(Unit).where(Unit.name == "Lindskolan")).one()
    assert (unit.year_groups, unit.school_forms, unit.code) == (["F", "1", "2", "3"], ["GR", "FTH"], "67134582")
    address = f"/organisation/{unit.public_id}"
    answer = browser.post(f"{address}/change", data=said | {"name": "Lindens skola", "version": unit.version})
    assert answer.status_code == 303, answer.text
    answer = browser.post(f"{address}/code", data={"code": "67134583", "valid_from": "2027-07-01"})
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    moving = {"under": soder.public_id, "version": unit.version}
    assert browser.post(f"{address}/move", data=moving).status_code == 200 and unit.parent_id == norr.id
    answer = browser.post(f"{address}/move", data=moving | {"step": "keep", "seen": rules.seen([])})
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    assert (unit.name, unit.path) == ("Lindens skola", "/sjovik/bun/fvn/soder/lindskolan/")
    shown = page(browser, address)
    assert "Under Norra området" in shown
    assert "Under Södra området" in shown
    assert "67134582" in shown
    ending = {"successor": "", "reason": "Slås ihop", "version": unit.version}
    shown = browser.post(f"{address}/close", data=ending)
    assert "Inget väntar hos Lindens skola" in shown.text and unit.open
    answer = browser.post(f"{address}/close", data=ending | {"step": "keep", "seen": rules.seen([])})
    assert answer.status_code == 303, answer.text
    assert "Stängd 22 november 2026" in page(browser, address)


def test_a_municipality_gets_its_four_digits_on_its_own_page(cast: Cast, client: Client) -> None:
    root = cast.unit["sjovik"]
    page = Reader(client("stina")).open(f"/organisation/{root.public_id}").click("Kommunkod").sees("Kommunkod för Sjövik")
    page.fill("Kommunkod", "9999").press("Spara").sees("9999 är ingen kommuns")
    page.fill("Kommunkod", "1270").press("Spara").sees("Koden är sparad.")
    db.session.rollback()
    assert standing.code_of(root) == "1270"


def test_a_refusal_is_shown_at_the_form_with_what_was_written(cast: Cast, client: Client) -> None:
    answer = client("stina").post(
        f"/organisation/{cast.unit['norr'].public_id}/add",
        data={"version": 1, "name": "Alskolan", "kind": "school", "level": "unit", "code": "20260812"},
    )
    assert answer.status_code == 422
    assert "20260812 är ett datum" in answer.text
    assert 'value="Alskolan"' in answer.text
    assert "<title>Fel:" in answer.text


def test_a_change_made_meanwhile_is_noticed(cast: Cast, client: Client) -> None:
    alskolan = cast.unit["alskolan"]
    said = {"name": "Alskolan", "kind": "school", "school_forms": ["GR"], "year_groups": "4", "version": alskolan.version}
    assert client("stina").post(f"/organisation/{alskolan.public_id}/change", data=said).status_code == 303
    answer = client("stina").post(f"/organisation/{alskolan.public_id}/change", data=said | {"name": "Alen"})
    assert answer.status_code == 422
    assert "Någon annan har ändrat Alskolan" in answer.text


def test_a_person_is_added_given_a_mandate_and_ended(cast: Cast, client: Client) -> None:
    browser = client("stina")
    answer = browser.post("/organisation/people/add", data={"version": 1, "name": "Åsa Ny", "email": "Asa.Ny@sjovik.example"})
    assert answer.status_code == 303, answer.text
    asa = db.session.scalars(select(Person).where(Person.email == "asa.ny@sjovik.example")).one()
    mandate = {"unit": cast.unit["ekskolan"].public_id, "role": "principal", "valid_from": "2026-11-01"}
    refused = browser.post(f"{answer.location}/mandate", data=mandate | {"acting": "y"})
    assert "måste ha ett slutdatum" in refused.text
    assert browser.post(f"{answer.location}/mandate", data=mandate | {"acting": "y", "valid_to": "2027-01-31"}).status_code == 303
    assert "till och med 31 januari 2027" in page(browser, answer.location)
    key = account.start(asa, by=asa)
    other = client("")
    with other.session_transaction() as cookie:
        cookie["key"] = key
    with other:
        other.get("/about")
        assert g.mandate.acting
    assert browser.post(f"{answer.location}/end", data={}).status_code == 303
    with other:
        other.get("/about")
        assert g.person is None
    assert "Avslutad 22 november 2026" in page(browser, answer.location)
    assert "Åsa Ny" in page(browser, "/organisation/people?which=ended")
    assert browser.post(f"{answer.location}/resume").status_code == 303
    assert "Åsa Ny" in page(browser, "/organisation/people?which=without&q=åsa")


def test_a_mandate_ends_now_or_after_a_day(cast: Cast, client: Client) -> None:
    browser = client("stina")
    address = f"/organisation/mandate/{cast.bo.public_id}/end"
    assert "Skriv vilken dag" in browser.post(address, data={"when": "then"}).text
    assert browser.post(address, data={"when": "then", "last_day": "2026-12-31"}).status_code == 303
    assert db.session.get_one(Mandate, cast.bo.id).valid_to == date(2026, 12, 31)
    assert "31 december 2026" in page(browser, "/organisation/health")
    assert browser.post(address, data={"when": "now"}).status_code == 303
    db.session.expire_all()
    assert not db.session.get_one(Mandate, cast.bo.id).holds(clock.today())


def test_the_people_of_another_municipality_are_not_there(cast: Cast, client: Client) -> None:
    code = account.found_municipality(municipality="Ekby", name="Eva Ek", email="eva@ekby.example", by=None)
    assert code
    eva = db.session.scalars(select(Person).where(Person.name == "Eva Ek")).one()
    page(client("stina"), f"/organisation/people/{eva.public_id}", 404)
    assert "Eva Ek" not in page(client("stina"), "/organisation/people")
    assert client("stina").post(f"/account/person/{eva.public_id}/code").status_code == 404
    ekby = db.session.scalars(select(Unit).where(Unit.name == "Ekby")).one()
    page(client("stina"), f"/organisation/{ekby.public_id}", 404)


def test_health_tells_of_the_log_and_reads_it_when_asked(cast: Cast, client: Client) -> None:
    browser = client("stina")
    assert "Kontrollera hela loggen" in page(browser, "/organisation/health")
    assert "Alla rader i loggen är lästa" in browser.post("/organisation/health/verify").text
    assert client("diana").post("/organisation/health/verify").status_code == 404


def test_a_tree_is_shown_before_it_is_kept(cast: Cast, client: Client) -> None:
    browser = client("stina")
    text = "nivå;namn;överordnad\nenhet;Lindskolan;Norra området\narbetslag;Lag 1;Lindskolan"
    shown = browser.post("/organisation/import", data={"text": text})
    assert shown.status_code == 200
    assert "Nya enheter: 2." in shown.text
    assert not db.session.scalars(select(Unit).where(Unit.name == "Lindskolan")).all()
    assert browser.post("/organisation/import", data={"text": text, "step": "keep"}).status_code == 303
    assert db.session.scalars(select(Unit).where(Unit.name == "Lag 1")).one().path.endswith("/norr/lindskolan/lag-1/")


def test_what_is_wrong_in_a_tree_file_is_told_row_by_row(cast: Cast, client: Client) -> None:
    text = "level;name;parent\nunit;Lindskolan;Norra området\nklass;7A;Lindskolan\nunit;Granskolan;Nergårdens område"
    answer = client("stina").post("/organisation/import", data={"text": text, "step": "keep"})
    assert answer.status_code == 422
    assert "Rad 3:" in answer.text
    assert "Rad 4:" in answer.text
    assert not db.session.scalars(select(Unit).where(Unit.name == "Lindskolan")).all()


def test_nobody_is_told_that_a_level_above_is_empty_of_people(cast: Cast, client: Client) -> None:
    assert "Ingen har något uppdrag" not in page(client("pia"), f"/organisation/{cast.unit['norr'].public_id}")


def test_a_page_asks_the_database_as_often_whatever_the_size(cast: Cast, client: Client) -> None:
    def statements(address: str) -> int:
        db.session.remove()
        with asked.statements() as said:
            page(browser, address)
        return len(said)

    actions.add_person(cast.unit["sjovik"], name="Utan", email="utan@sjovik.example", by=cast.stina)
    browser = client("stina")
    addresses = [
        "/organisation/",
        "/organisation/people",
        "/organisation/health",
        f"/organisation/{cast.unit['alskolan'].public_id}",
    ]
    before = [statements(address) for address in addresses]
    cast = makers.found()
    for n in range(10):
        group = actions.add_unit(cast.unit["alskolan"], name=f"Lag {n}", level="group", by=cast.stina)
        someone = actions.add_person(cast.unit["sjovik"], name=f"Ny {n}", email=f"ny{n}@sjovik.example", by=cast.stina)
        actions.give_mandate(someone, cast.lena.role, group, by=cast.stina)
        actions.add_person(cast.unit["sjovik"], name=f"Utan {n}", email=f"utan{n}@sjovik.example", by=cast.stina)
    assert [statements(address) for address in addresses] == before
    assert max(before) <= 10, before


def test_what_a_move_changes_is_shown_before_it_is_done(cast: Cast, client: Client) -> None:
    world.opened(cast)
    browser, alskolan, soder = client("stina"), cast.unit["alskolan"], cast.unit["soder"]
    address, said = f"/organisation/{alskolan.public_id}/move", {"under": soder.public_id, "version": alskolan.version}
    shown = browser.post(address, data=said).text
    for words in (
        "Från Norra området till Södra området.", "3 uppdrag vid enheten och under den", "Arbetslag 4–6",
        "Asta Ås, verksamhetschef, Södra området", "Arne Dal, verksamhetschef, Norra området", "behåller trädet",
        "→ Norra området",
    ):  # fmt: skip
        assert words in " ".join(shown.split()), words
    assert "Diana" not in shown.partition("<main")[2]  # who sees it now and then
    handed = world.hand_in(world.followup(cast, "pia"), cast.pia)
    seen = shown.partition('name="seen" type="hidden" value="')[2][:16]
    stale = browser.post(address, data=said | {"step": "keep", "seen": seen}).text
    assert "Något har kommit till" in stale and "Inlämnat som väntar på att tas emot" in stale
    seen = stale.partition('name="seen" type="hidden" value="')[2][:16]
    assert browser.post(address, data=said | {"step": "keep", "seen": seen}).status_code == 303
    db.session.expire_all()
    assert alskolan.parent_id == soder.id and handed.receiver_id == cast.unit["norr"].id


# What waits is handed over


def test_what_waits_is_shown_in_numbers_and_names_before_units_merge(cast: Cast, client: Client) -> None:
    november = world.opened(cast)
    handed = world.hand_in(world.followup(cast, "petra"), cast.petra, example={"text": "Ord som ingen annan läser"})
    followup.open_(handed, by=cast.arne)
    world.hand_in(world.followup(cast, "linus"), cast.linus)
    browser, arne, ekskolan, alskolan = client("stina"), client("arne"), cast.unit["ekskolan"], cast.unit["alskolan"]
    said = {"others": [ekskolan.public_id], "into": alskolan.public_id, "version": alskolan.version}
    shown = browser.post(f"/organisation/{alskolan.public_id}/merge", data=said)
    assert shown.status_code == 200
    for words in (
        "Ekskolan stängs",
        "Öppna åtgärder",
        "Uppföljning 1, november 2026/27",
        "Enhetens egna frågor om stöd",
        "Petra Nord",
    ):
        assert words in shown.text
    assert "Arbetslag 4–6" in shown.text and "Norra området" in shown.text  # who waits to be received, and by whom it will be
    assert "Ord som ingen annan läser" not in shown.text and "Få läser med flyt" not in shown.text
    assert db.session.get_one(Unit, ekskolan.id).open
    seen = shown.text.partition('name="seen" type="hidden" value="')[2][:16]
    stale = browser.post(f"/organisation/{alskolan.public_id}/merge", data=said | {"step": "keep", "seen": "0" * 16})
    assert stale.status_code == 200 and "Något har kommit till" in stale.text
    done = said | {"step": "keep", "seen": seen, "follow": [cast.petra.public_id]}
    answer = browser.post(f"/organisation/{alskolan.public_id}/merge", data=done)
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    open_now = {one.unit_id for one in db.session.scalars(select(Measure).where(Measure.state == "open"))}
    assert open_now == {alskolan.id} and not ekskolan.open
    assert "Tog över efter" in page(browser, f"/organisation/{alskolan.public_id}")
    assert "Ord som ingen annan läser" in page(arne, f"/followup/submission/{handed.public_id}")
    assert cycle.node(november, ekskolan.id) is not None  # the round keeps the tree that it opened with


def test_what_was_written_and_not_handed_in_is_found_by_those_who_take_over(app: Flask, cast: Cast, client: Client) -> None:
    world.opened(cast)
    world.save(world.followup(cast, "petra"), "example", {"text": "Petras utkast, aldrig inlämnat."}, cast.petra)
    world.save(world.followup(cast, "petra"), "results", district.cells({("MA", "4"): (12, 11, 9)}), cast.petra)
    mine = world.followup(cast, "pia")
    world.save(mine, "example", {"text": "Pias egen text."}, cast.pia)
    browser, ekskolan, alskolan = client("stina"), cast.unit["ekskolan"], cast.unit["alskolan"]
    said = {"others": [ekskolan.public_id], "into": alskolan.public_id, "version": alskolan.version}
    shown = browser.post(f"/organisation/{alskolan.public_id}/merge", data=said).text
    assert "bland de sparade versionerna hos Alskolan" in shown and "Petras utkast" not in shown
    seen = shown.partition('name="seen" type="hidden" value="')[2][:16]
    kept = browser.post(f"/organisation/{alskolan.public_id}/merge", data=said | {"step": "keep", "seen": seen})
    assert kept.status_code == 303
    pia = makers.signed_in(app, cast.pia.person)
    assert "Pias egen text." in pia.get(f"/followup/{mine.public_id}/section/example").text
    earlier = pia.get(f"/followup/{mine.public_id}/section/example/versions").text
    assert "Petras utkast, aldrig inlämnat." in earlier and "Petra Nord" in earlier
    assert "9 av 11" in pia.get(f"/followup/{mine.public_id}/section/results/versions").text
    key = earlier.partition('name="save" value="')[2][:32]
    used = pia.post(f"/followup/{mine.public_id}/section/example/restore", data={"save": key, "version": "1"})
    assert used.status_code == 303
    assert "Petras utkast, aldrig inlämnat." in pia.get(f"/followup/{mine.public_id}/section/example").text


def test_who_takes_over_is_chosen_for_each_thing_that_waits(cast: Cast, client: Client) -> None:
    world.opened(cast)
    world.hand_in(world.followup(cast, "petra"), cast.petra)
    browser, ekskolan = client("stina"), cast.unit["ekskolan"]
    group = cast.unit["ek46"]
    actions.close_unit(group, successor=None, reason="Laget upphör", version=group.version, by=cast.stina)
    alskolan, havet = cast.unit["alskolan"].public_id, cast.unit["havet"].public_id
    form = page(browser, f"/organisation/{ekskolan.public_id}/close")
    assert "Öppna åtgärder tas över av" in form and "Återkoppling tas över av" not in form
    said = {"successor": alskolan, "measure": havet, "support": "", "reason": "Skolan läggs ner", "version": ekskolan.version}
    shown = browser.post(f"/organisation/{ekskolan.public_id}/close", data=said)
    assert "Havets förskola" in shown.text and "avslutas med skälet ”Skolan läggs ner”" in shown.text
    seen = shown.text.partition('name="seen" type="hidden" value="')[2][:16]
    answer = browser.post(f"/organisation/{ekskolan.public_id}/close", data=said | {"step": "keep", "seen": seen})
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    assert {one.unit_id for one in db.session.scalars(select(Measure).where(Measure.state == "open"))} == {cast.unit["havet"].id}
    assert {one.state for one in db.session.scalars(select(SupportRequest).where(SupportRequest.unit_id == ekskolan.id))} == {
        "ended"
    }


def test_a_merge_that_cannot_be_is_refused_at_its_field(cast: Cast, client: Client) -> None:
    browser, alskolan, ekskolan = client("stina"), cast.unit["alskolan"], cast.unit["ekskolan"]
    address, version = f"/organisation/{alskolan.public_id}/merge", alskolan.version
    alone = browser.post(address, data={"into": alskolan.public_id, "version": version})
    assert alone.status_code == 422 and "Välj minst en enhet" in alone.text
    unnamed = browser.post(address, data={"others": [ekskolan.public_id], "into": "", "version": version})
    assert unnamed.status_code == 422 and "Skriv vad den nya enheten heter." in unnamed.text
    outside = browser.post(
        address, data={"others": [ekskolan.public_id], "into": cast.unit["havet"].public_id, "version": version}
    )
    assert outside.status_code == 422 and "Havets förskola är inte med" in outside.text
    assert client("diana").get(address).status_code == 403 and client("petra").get(address).status_code == 404
