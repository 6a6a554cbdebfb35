"""The pages where a file is read in: seen first, confirmed, a receipt, undone."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base.db import db
from chain.intake import grid, progress, sheets, views
from chain.intake.models import Intake, IntakeMapping
from tests import makers
from tests.intake.desk import csv_of, figures, november
from tests.intake.samples import GRADES, MUNICIPAL
from tests.intake.test_files import KEPT, ROWS
from tests.makers import Cast

Client = Callable[[str], FlaskClient]


def sent(browser: FlaskClient, content: bytes, name: str = "siffror.csv", round: str = "", source: str = "") -> tuple[int, str]:
    """The status and the page that an upload leads to. (Written by hand: the client's own would leave a large file open.)"""
    parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in (("round", round), ("source", source))]
    parts.append(f'name="file"; filename="{name}"\r\n\r\n'.encode() + content)
    body = b"".join(b"--grans\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--grans--\r\n"
    answer = browser.post("/intake/upload", data=body, content_type="multipart/form-data; boundary=grans", follow_redirects=True)
    return answer.status_code, answer.text


def button(browser: FlaskClient, page: str, words: str) -> str:
    """Press a button of a page; the page that comes."""
    form = next(one for one in BeautifulSoup(page, "html.parser").select("form") if one.button and words in one.button.text)
    fields = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    return browser.post(str(form["action"]), data=fields, follow_redirects=True).text


def test_a_file_is_seen_confirmed_and_undone_in_the_browser(app: Flask, cast: Cast, client: Client) -> None:
    desk, browser = november(cast), client("olle")
    rows = [*ROWS, ("Ekskollan", "MA", 4, 25, 24, 12), ("Alskolan", "SV", 4, 25, 24, "tolv"), ("Totalt", "MA", 4, 45, 44, 31)]
    status, page = sent(browser, csv_of(rows), round=desk.round.public_id, source="Registret")
    assert status == 200 and figures() == []
    assert "Ingenting är sparat än" in page and "5 rader lästes. 2 gick att läsa in." in page
    problems = [
        [cell.text for cell in row.select("td")] for row in BeautifulSoup(page, "html.parser").select("#problems ~ * tbody tr")
    ]
    assert [row[:3] for row in problems] == [["4", "Enhet", "Ekskollan"], ["5", "Minst E", "tolv"], ["6", "Enhet", "Totalt"]]
    assert all(row[3] for row in problems)
    page = button(browser, page, "Bekräfta och läs in")
    assert figures() == KEPT and "Kvitto på inläsning" in page and "Olle Sand" in page
    unit = client("pia").get(f"/organisation/{cast.unit['alskolan'].public_id}").text
    assert "/intake/imported/" in unit
    mine = client("pia").get(f"/intake/imported/{cast.unit['alskolan'].public_id}").text
    assert "12 av 24, av 25 elever" in mine and "Registret" in mine and "prognos" in mine
    page = button(browser, page, "Ångra inläsningen")
    assert figures() == []
    assert "har tagit över står kvar hos den; allt annat är som det var innan" in page


def test_a_receipt_gives_no_counts_to_whoever_may_not_read_the_figures(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    desk.take_in(csv_of([("Alskolan", "MA", 4, 25, 24, 20)]))
    made = desk.take_in(csv_of([("Alskolan", "MA", 4, 25, 24, 19), ("Ekskolan", "MA", 4, 25, 24, "Bo Berg")]))
    cast.rut.unit_id, cast.rut.path = cast.unit["fvn"].id, cast.unit["fvn"].path
    db.session.commit()
    for short, told in (("olle", True), ("rut", False)):
        page = makers.client(app, short).get(f"/intake/{made.public_id}").text
        assert "Anmärkningar" in page and ("Bo Berg" in page) is told and ("Minst E" in page) is told
        assert "Siffror per enhet" in page and ("19 av 24" in page) is told and ("20 av 24" in page) is told


def test_unknown_columns_are_pointed_out_on_the_page(app: Flask, cast: Cast, client: Client) -> None:
    desk, browser = november(cast), client("olle")
    header = ("Namn", "Vad", "Klass", "Hur många", "Prövade", "Klarade")
    _status, page = sent(browser, csv_of(ROWS, header), round=desk.round.public_id)
    assert "Peka ut vilka kolumner" in page and "Bekräfta och läs in" not in page
    made = db.session.scalars(select(Intake)).one()
    names = ("unit", "subject", "year_group", "enrolled", "assessed", "reached")
    chosen = {f"c{place}": name for place, name in enumerate(names)} | {"indicator": "at_least_e"}
    twice = browser.post(f"/intake/{made.public_id}/columns", data=chosen | {"c1": "unit"})
    assert twice.status_code == 422 and "Två kolumner" in twice.text
    options = BeautifulSoup(twice.text, "html.parser").select("select[id^=c] option[selected]")
    assert [one["value"] for one in options] == ["unit", *(chosen | {"c1": "unit"}).values()][1:7], "what was chosen stays"
    page = browser.post(f"/intake/{made.public_id}/columns", data=chosen, follow_redirects=True).text
    button(browser, page, "Bekräfta och läs in")
    assert figures() == KEPT


def test_what_another_kept_meanwhile_is_shown_and_then_it_can_be_confirmed(app: Flask, cast: Cast, client: Client) -> None:
    desk = november(cast)
    header = ("Namn", "Vad", "Klass", "Hur många", "Prövade", "Klarade")
    names = ("unit", "subject", "year_group", "enrolled", "assessed", "reached")
    db.session.add(
        IntakeMapping(unit_id=cast.unit["fvn"].id, source="Registret", facts={"columns": dict(zip(names, header, strict=True))})
    )
    db.session.commit()
    browser, file = client("olle"), csv_of([("Alskolan", "MA", 4, 25, 24, 1)], header)
    _status, page = sent(browser, file, round=desk.round.public_id, source="Registret")
    desk.take_in(csv_of(ROWS), "klar.csv", cast.olga)
    page = button(browser, page, "Bekräfta och läs in")
    assert "Olga Vik har läst in eller ångrat ”klar.csv”" in page and "12 av 24, av 25 elever" in page and figures() == KEPT
    button(browser, page, "Bekräfta och läs in")
    assert (*KEPT[0][:-1], 1) in figures()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("tom.csv", b"  \n", "är tom"),
        ("bild.xlsx", b"\x89PNG\r\n" + bytes(50), "varken en tabell eller en textfil"),
        ("gammal.xls", b"\xd0\xcf\x11\xe0" + bytes(50), "lösenord"),
        ("stor.csv", b"a;b\n" * (sheets.LARGEST // 4 + 1), "större än 25 MB"),
        ("skola.csv", b"Enhet;Elever;Bed\xf6mda;Minst E\nA;1;1;1\n", "Välj vilken uppföljning"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_nothing_is_remembered(
    app: Flask, cast: Cast, client: Client, name: str, content: bytes, sentence: str
) -> None:
    november(cast)
    status, page = sent(client("olle"), content, name)
    assert status == 422 and sentence in page
    assert db.session.scalars(select(Intake)).all() == []


def test_an_upload_beyond_all_bounds_is_stopped_before_it_is_read(app: Flask, cast: Cast, client: Client) -> None:
    status, page = sent(client("olle"), bytes(sheets.LARGEST + 200_000))
    assert status == 413 and "för stor" in page


def test_a_steward_brings_units_in_and_an_officer_figures_of_units_alone(app: Flask, cast: Cast, client: Client) -> None:
    root = cast.unit["sjovik"]
    root.name = "Ale"  # the municipality whose rows the samples have
    db.session.commit()
    table = next(file for file in sorted(MUNICIPAL.iterdir()) if "2024" in file.name and "Antal elever" in file.name)
    _status, page = sent(client("olle"), GRADES.read_bytes(), GRADES.name)
    assert "hör till enheter som inte finns i trädet" in page
    _status, page = sent(client("stina"), GRADES.read_bytes(), GRADES.name)
    assert "läggs upp som ny enhet" in page
    _status, page = sent(client("olle"), table.read_bytes(), table.name)
    assert "Skolverkets tabell per kommun" in page and "Bekräfta och läs in" in page
    page = button(client("olle"), page, "Bekräfta och läs in")
    assert "Kvitto" in page
    shown = client("olle").get(f"/result/published/{root.public_id}").text
    assert "Andel flickor" in shown and "47,9" in shown and "kommunala" in shown


@pytest.fixture
def a_row_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LONG", 10)
    monkeypatch.setattr(grid, "AT_A_TIME", 1)
    monkeypatch.setattr(progress, "AT_MOST_EVERY", 0)


def parts(browser: FlaskClient, content: bytes, round: str) -> Iterator[str]:
    """What is sent of an answer, as it is sent."""
    data = {"file": (BytesIO(content), "lång.csv"), "round": round, "source": "Registret"}
    answer = browser.post("/intake/upload", data=data, content_type="multipart/form-data", buffered=False)
    db.session.remove()  # as a server does when the view has answered, before anything is sent
    yield from (part.decode() for part in answer.response)
    answer.close()


@pytest.mark.usefixtures("a_row_at_a_time")
def test_a_long_file_says_how_far_it_has_come_and_then_leads_on(app: Flask, cast: Cast, client: Client) -> None:
    desk, browser = november(cast), client("olle")
    sent = list(parts(browser, csv_of(ROWS), desk.round.public_id))
    told = [BeautifulSoup(part, "html.parser").p.get_text(" ", strip=True) for part in sent[1:4]]  # type: ignore[union-attr]
    assert told == ["Filen är mottagen. Raderna räknas.", "1 av omkring 3 rader är lästa.", "2 av omkring 3 rader är lästa."]
    whole = BeautifulSoup("".join(sent), "html.parser")
    [link] = whole.select(".reading-steps > :last-child a")
    [forward] = whole.select("meta[http-equiv=refresh]")
    assert str(forward["content"]).endswith(str(link["href"])) and whole.select("footer")
    assert "Bekräfta och läs in" in browser.get(str(link["href"])).text


@pytest.mark.usefixtures("a_row_at_a_time")
def test_a_reading_that_stops_half_way_has_stored_nothing_and_says_so(app: Flask, cast: Cast, client: Client) -> None:
    desk, browser = november(cast), client("olle")
    sending = parts(browser, csv_of(ROWS), desk.round.public_id)
    seen = [next(sending) for _part in range(3)]
    sending.close()  # as when the worker is gone
    assert db.session.scalars(select(Intake)).all() == []
    stalled = BeautifulSoup(seen[-1], "html.parser").select_one(".stalled")
    assert stalled and "Ingenting är sparat" in stalled.text
    form = BeautifulSoup(browser.get(str(stalled.select("a")[0]["href"])).text, "html.parser")
    assert form.select_one("input[name=source]")["value"] == "Registret"  # type: ignore[index]
    assert form.select_one("option[selected]")["value"] == desk.round.public_id  # type: ignore[index]


@pytest.mark.usefixtures("a_row_at_a_time")
def test_a_long_file_that_cannot_be_read_gets_its_sentence(app: Flask, cast: Cast, client: Client) -> None:
    november(cast)
    page = "".join(parts(client("olle"), csv_of(ROWS), ""))
    assert "Välj vilken uppföljning siffrorna i lång.csv hör till." in page and "Ladda upp en rättad fil" in page
    assert db.session.scalars(select(Intake)).all() == []
