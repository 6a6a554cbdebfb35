"""What everybody may read: without a session, kept on the way, in two languages; and nothing of what is not public."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chain.base import clock
from chain.matter import actions as matter
from chain.organisation import actions as organisation
from chain.publication import actions
from chain.publication.models import Publication
from chain.report import actions as reports
from tests.feedback.test_views import statements
from tests.kept import kept
from tests.makers import PEOPLE, Cast
from tests.report import world
from tests.report.test_views import text
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]


@pytest.fixture
@kept
def public(cast: Cast) -> Publication:
    """November's page with figures, decided about and made public."""
    report = world.with_figures(cast)
    reports.receive(report, "Bun 2026/91", by=cast.sixten)
    decided = matter.record(
        cast.unit["bun"], decided_on=clock.today(), paragraph="12", registration_number="Bun 2026/91",
        text="Nämnden godkänner redovisningen.", about=report.round, by=cast.sixten,
    )  # fmt: skip
    return actions.publish(report, read_through=True, decision=decided, by=cast.sixten)


def test_anybody_reads_the_answers_the_decision_and_the_releases_figures(app: Flask, public: Publication) -> None:
    visitor = app.test_client()
    index = visitor.get("/public/").text
    assert f"/public/{public.public_id}" in index
    page = text(visitor.get(f"/public/{public.public_id}").text)
    for words in (
        *world.SAID.values(),
        "Nämnden godkänner redovisningen.",
        "enligt beslut § 12",
        "Matematik 50 % av 40",
        "Bun 2026/91",
    ):
        assert words in page, words
    assert not [name for _short, name, *_rest in PEOPLE if name in page]


def test_nothing_in_it_opens_what_is_not_public(app: Flask, public: Publication) -> None:
    visitor = app.test_client()
    for page in ("/public/", f"/public/{public.public_id}"):
        for address in re.findall(r'href="(/[^"]*)"', visitor.get(page).text):
            assert address.startswith(("/public/", "/static/", "/about", "/accessibility")) or address == "/", address


def test_there_is_no_session_no_cookie_and_the_page_may_be_kept(app: Flask, public: Publication) -> None:
    visitor = app.test_client()
    for path in ("/public/", f"/public/{public.public_id}", f"/public/{public.public_id}?as=csv"):
        first = visitor.get(path)
        assert "Set-Cookie" not in first.headers and "Cookie" not in first.headers.get("Vary", "")
        assert first.headers["Cache-Control"] == "public, max-age=60" and "csrf_token" not in first.text
        again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and not again.data
    page = f"/public/{public.public_id}"
    assert statements(visitor, page, {"If-None-Match": visitor.get(page).headers["ETag"]}) <= 1, "what nobody needs is not made"
    assert visitor.get("/public/nothing").headers["Cache-Control"] == "no-store"


def test_it_is_the_same_for_whoever_is_signed_in(app: Flask, client: Client, public: Publication) -> None:
    address = f"/public/{public.public_id}"
    assert client("maja").get(address).data == app.test_client().get(address).data


def test_the_address_says_the_language(app: Flask, public: Publication) -> None:
    visitor = app.test_client()
    visitor.set_cookie("language", "en")
    assert 'lang="sv"' in visitor.get(f"/public/{public.public_id}").text.split(">")[1]
    page = visitor.get(f"/public/{public.public_id}?lang=en").text
    assert '<html lang="en"' in page and "Public since" in page and "/public/?lang=en" in page
    assert visitor.get(f"/public/{public.public_id}?lang=tlh").status_code == 404


def test_its_figures_are_files_that_say_the_same_each_time(app: Flask, public: Publication) -> None:
    visitor = app.test_client()
    for form in ("csv", "xlsx", "json"):
        first, second = (visitor.get(f"/public/{public.public_id}?as={form}") for _each in range(2))
        assert first.data == second.data and first.data
    assert "Matematik" in visitor.get(f"/public/{public.public_id}?as=csv").text
    assert visitor.get(f"/public/{public.public_id}?as=pdfx").status_code == 404


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(days=9)])
def test_what_comes_later_does_not_change_it(app: Flask, cast: Cast, public: Publication, later: timedelta) -> None:
    """Nor what comes later the same day: nobody has read that through."""
    before = app.test_client().get(f"/public/{public.public_id}").data
    with clock.held(clock.now() + later):
        matter.record(
            cast.unit["bun"], decided_on=clock.today(), paragraph="44", registration_number="Bun 2026/99",
            text="Ett senare beslut.", about=public.edition.report.round, by=cast.sixten,
        )  # fmt: skip
        world.released(cast, public.edition.report.round)
        assert app.test_client().get(f"/public/{public.public_id}").data == before


def test_where_it_was_withdrawn_the_reason_stands_and_nothing_else(app: Flask, cast: Cast, public: Publication) -> None:
    actions.withdraw(public, reason="En siffra var fel.", by=cast.sixten)
    gone = app.test_client().get(f"/public/{public.public_id}")
    assert gone.status_code == 410 and "En siffra var fel." in gone.text
    assert "Nämnden godkänner" not in gone.text and "Matematik" not in gone.text
    assert app.test_client().get(f"/public/{public.public_id}?as=csv").status_code == 410
    assert public.public_id not in app.test_client().get("/public/").text


def test_the_secretary_makes_it_public_from_the_reports_page_and_takes_it_back(cast: Cast, client: Client) -> None:
    report = world.with_figures(cast)
    page = Reader(client("sixten")).open(f"/report/{report.public_id}").sees_not("Gör offentlig")
    reports.receive(report, "Bun 2026/91", by=cast.sixten)
    page.open(page.address).click("Gör offentlig")
    page.press("Gör offentlig").sees("intyga att den inte pekar ut någon")
    page.tick("Jag har läst igenom sidan.").press("Gör offentlig").sees("Offentlig sedan")
    page.open(f"/report/{report.public_id}").sees("Rapporten är offentlig").click("Dra tillbaka")
    page.fill("Varför dras", "En siffra var fel.").press("Dra tillbaka").sees("tillbakadragen", "En siffra var fel.")


def test_a_decision_that_came_while_it_was_read_through_is_read_too(cast: Cast, client: Client) -> None:
    report = world.with_figures(cast)
    reports.receive(report, "Bun 2026/91", by=cast.sixten)
    page = Reader(client("sixten")).open(f"/publication/publish/{report.public_id}").tick("Jag har läst igenom sidan.")
    matter.record(
        cast.unit["bun"], decided_on=clock.today(), paragraph="44", registration_number="Bun 2026/99",
        text="Ett beslut som nyss skrevs in.", about=report.round, by=cast.sixten,
    )  # fmt: skip
    page.press("Gör offentlig").sees("Ett beslut har skrivits in eller rättats", "Ett beslut som nyss skrevs in.")
    page.press("Gör offentlig").sees("intyga att den inte pekar ut någon")
    page.tick("Jag har läst igenom sidan.").press("Gör offentlig").sees("Offentlig sedan", "Ett beslut som nyss skrevs in.")


def test_a_reader_tells_of_a_page_that_could_not_be_used(app: Flask, client: Client, cast: Cast) -> None:
    page = Reader(app.test_client()).open("/accessibility").click("Skriv till kommunens systemförvaltare")
    page.fill("Vad fungerade inte", "Tabellen går inte att läsa upp.").press("Skicka").sees("Tack.")
    Reader(client("stina")).open("/publication/remarks").sees("Tabellen går inte att läsa upp.").press("Klar").sees("klar")


def test_where_several_municipalities_are_kept_one_is_pointed_out(app: Flask, client: Client, cast: Cast) -> None:
    organisation.add_unit(None, name="Bergvik", level="municipality", by=None)
    page = Reader(app.test_client()).open("/publication/remark").fill("Vad fungerade inte", "Tabellen.")
    page.press("Skicka").sees("Välj vilken kommun det gäller.", "Tabellen.")
    page.choose("Vilken kommun", "Sjövik").press("Skicka").sees("Tack.")


def test_few_statements_however_much_is_public(app: Flask, public: Publication) -> None:
    assert statements(app.test_client(), "/public/") <= 3
    assert statements(app.test_client(), f"/public/{public.public_id}") <= 20
