"""The committee's page as it is read, handed over and received."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.feedback import actions as feedback
from chain.feedback import queries as feedbacks
from chain.followup import citation_actions
from chain.matter import actions as matter
from chain.publication import actions as publication
from chain.release import actions as release
from chain.release.profiles import SKOLVERKET
from chain.report import actions, queries
from chain.report.models import Report
from chain.rollup.models import RollupRow
from tests.feedback.test_views import statements
from tests.followup import world as followups
from tests.kept import kept
from tests.makers import PEOPLE, Cast
from tests.report import world
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]


def text(page: str) -> str:
    """What the page's own part says, without the frame."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")]))


def test_a_member_reads_five_answers_figures_with_coverage_and_no_names(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    page = text(client("maja").get(f"/report/{report.public_id}").text)
    for words in world.SAID.values():
        assert words in page
    assert "3 av 3 enheter" in page and "prognos" in page and "Utgåva 1" in page
    assert "Förskola Personal med examen visas inte. Så få att talet kan peka ut någon, eller så" in page
    assert ".." not in page.replace("Visas inte (..)", ""), "no table of dots"
    names = [name for _short, name, *_rest in PEOPLE if name != "Maja Lind"]
    assert not [name for name in names if name in page]


def test_the_page_shows_the_releases_figures_even_when_the_sums_have_changed(cast: Cast, client: Client) -> None:
    report = world.with_figures(cast)
    before = text(client("maja").get(f"/report/{report.public_id}").text)
    assert "Matematik 50 % Minst E: Matematik, enhet för enhet av 40" in before
    assert "Engelska – ingen uppgift ~100 % Minst E: Engelska, enhet för enhet av 30" in before
    assert "Svenska – ingen uppgift .." in before and "Visas inte (..): Så få att talet kan peka ut någon, eller så" in before
    db.session.execute(update(RollupRow).values(enrolled=90, n=90, k=9, units=1))
    db.session.commit()
    release.prepare(report.round, by=cast.olle)
    assert text(client("maja").get(f"/report/{report.public_id}").text) == before
    assert "10 %" in client("olle").get("/release/prepare").text  # they have changed


def test_no_units_figure_and_no_exact_count_stands_on_the_page(cast: Cast, client: Client) -> None:
    page = text(client("maja").get(f"/report/{world.with_figures(cast).public_id}").text)
    for hidden in ("Alskolan", "Ekskolan", "54 %", "44 %", "13 av 24", "7 av 16", "av 24", "av 16"):
        assert hidden not in page, hidden


def test_the_page_says_what_its_own_release_rounds_to(cast: Cast, client: Client) -> None:
    """And through the years what each of them does: a municipality may keep thresholds of its own."""
    own = {"name": "own", "decided_by": "Diana Holm", "decided_on": "2026-11-01", "reason": "Små grupper i åk 4."}
    release.keep_profile(cast.unit["fvn"], replace(SKOLVERKET, rounded_to=10, **own), by=cast.diana)
    report = world.with_figures(cast)
    actions.receive(report, "Bun 2026/91", by=cast.sixten)
    public = publication.publish(report, read_through=True, by=cast.sixten)
    for address in (f"/report/{report.public_id}", f"/report/{report.public_id}/years", f"/public/{public.public_id}"):
        page = text(client("maja").get(address).text)
        assert re.search("avrunda(t|de) till närmaste 10[.]", page) and "fem." not in page.replace("I fem", ""), address


def test_a_replaced_release_stays_readable_where_the_page_was_built_on_it(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    actions.receive(report, "Bun 2026/91", by=cast.sixten)
    first, second = report.release, world.released(cast, report.round)
    page = Reader(client("maja")).open(f"/report/{report.public_id}").sees("Utgåva 1, godkänd", "Siffrorna har getts ut på nytt")
    assert page.click("Utgåva 2").address == f"/release/{second.public_id}"
    page.open(f"/report/{report.public_id}").click("Utgåva 1, godkänd")
    assert page.address == f"/release/{first.public_id}"
    page.sees("Ersatt av utgåva 2", "Personal med examen", "3 av 3 enheter ingår").click(
        "Nämndens sida för Uppföljning 1, november bygger"
    )
    assert page.address == f"/report/{report.public_id}"
    below = client("pia").get(f"/report/{report.public_id}").text
    assert "Siffrorna har getts ut på nytt" in text(below) and "/release/" not in below  # whose role reads no releases


def test_a_replaced_release_is_read_only_where_some_edition_of_the_page_stood_on_it(cast: Cast, client: Client) -> None:
    """What the committee has had it may look at again; what nothing was ever built on it has not had."""
    report = world.published(cast)
    first, second = report.release.public_id, world.released(cast, report.round).public_id
    world.released(cast, report.round)
    actions.publish(report.round, by=cast.diana)
    page = Reader(client("maja")).open(f"/release/{second}").sees("Ersatt av utgåva 3")
    page.sees_not("Bedömda", "enheter ingår", "på den här utgåvan")
    page.open(f"/report/{report.public_id}").sees("Utgåva 3, godkänd").sees_not("Utgåva 1", "getts ut på nytt")
    page.open(f"/release/{first}").sees("Ersatt av utgåva 3", "enheter ingår", "byggde på den här utgåvan").click("Nämndens sida")
    assert page.address == f"/report/{report.public_id}/seen"


def test_nothing_is_seen_before_it_is_handed_over(cast: Cast, client: Client) -> None:
    november = followups.opened(cast)
    world.handed_up(cast, november)
    world.administration(cast, november)
    world.released(cast, november)
    assert world.SAID["we_do"] in client("diana").get(f"/report/publish/{november.public_id}").text
    assert "Ingen rapport" in client("maja").get("/report/").text
    for who in ("maja", "sixten", "pia", "arne", "vera"):
        assert client(who).get(f"/report/publish/{november.public_id}").status_code == 404
        assert client(who).post(f"/report/publish/{november.public_id}").status_code == 404
    assert "Ingen rapport" in client("maja").get("/report/").text
    page = Reader(client("olle")).open(f"/report/publish/{november.public_id}").press("Överlämna till nämnden")
    for words in world.SAID.values():
        assert words in client("maja").get(page.address).text
    assert page.address in client("maja").get("/report/").text


def test_what_is_missing_is_named_with_a_way_there(cast: Cast, client: Client) -> None:
    november = followups.opened(cast)
    page = client("diana").get(f"/report/publish/{november.public_id}").text
    assert page.count("Saknas") == 2 and "/release/" in page and "Överlämna till nämnden</button>" not in page
    refused = client("diana").post(f"/report/publish/{november.public_id}")
    assert refused.status_code == 409 and "Förvaltningens uppföljning är inte inlämnad än." in refused.text
    world.administration(cast, november)
    assert client("diana").get(f"/report/publish/{november.public_id}").text.count("Saknas") == 1


def test_the_secretary_registers_receipt_and_then_decides(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    address = f"/report/{report.public_id}"
    browser = client("sixten")
    refused = browser.post(f"{address}/receive", data={"registration_number": " "})
    assert refused.status_code == 422 and "Skriv diarienumret, till exempel Bun 2018/75." in refused.text
    assert f"/matter/record?round={report.round.public_id}" not in refused.text  # first things first
    assert client("maja").post(f"{address}/receive", data={"registration_number": "X"}).status_code == 403
    assert browser.post(f"{address}/receive", data={"registration_number": "Bun 2026/91", "edition": "1"}).status_code == 303
    page = browser.get(address).text
    assert "Bun 2026/91" in page and f"/matter/record?round={report.round.public_id}" in page
    assert "Registrera mottagandet" not in page and "Bun 2026/91" in client("maja").get("/report/").text


def test_what_is_registered_is_what_was_read(cast: Cast, client: Client) -> None:
    """The page was open when another edition was handed over: the new one is shown, and what was typed is kept."""
    report = world.published(cast)
    page = Reader(client("sixten")).open(f"/report/{report.public_id}").sees("Utgåva 1, godkänd")
    world.released(cast, report.round)
    actions.publish(report.round, by=cast.diana)
    page.fill("Diarienummer", "Bun 2026/91").press("Registrera")
    page.sees("En ny sida har överlämnats", "Utgåva 2, godkänd").sees_not("Utgåva 1, godkänd")
    db.session.rollback()
    assert page.status == 422 and report.state == "published"
    page.press("Registrera").sees("Mottagandet är registrerat.", "Bun 2026/91")


def test_what_is_handed_over_is_what_was_read(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    world.released(cast, report.round)
    page = Reader(client("diana")).open(f"/report/publish/{report.round.public_id}").sees("Utgåva 2, godkänd")
    third = world.released(cast, report.round)
    page.press("Överlämna till nämnden").sees("utgåvan är en annan nu", "Utgåva 3, godkänd")
    db.session.rollback()
    assert page.status == 422 and len(report.editions) == 1
    page.press("Överlämna till nämnden").sees("Sidan är överlämnad.")
    db.session.rollback()
    assert report.release_id == third.id


def test_a_citation_opens_its_words_for_a_member(cast: Cast, client: Client) -> None:
    november = followups.opened(cast)
    world.handed_up(cast, november)
    area = followups.queries.latest(cast.unit["norr"].id, november)
    assert area
    span = next(one["spans"][0] for one in area.snapshot["sections"] if one["kind"] == "text")
    mine = followups.followup(cast, "diana", november)
    citation = citation_actions.cite(mine, "units_see", area, span["id"], span["text"], confirmed=True, by=cast.olle)
    world.administration(cast, november)
    world.released(cast, november)
    report = actions.publish(november, by=cast.diana)
    browser = client("maja")
    assert f"/followup/citation/{citation.public_id}" in browser.get(f"/report/{report.public_id}").text
    opened = browser.get(f"/followup/citation/{citation.public_id}")
    assert opened.status_code == 200 and span["text"] in opened.text
    assert browser.get(f"/followup/submission/{area.public_id}").status_code == 404
    below = client("lena").get(f"/report/{report.public_id}").text  # reads the words, opens no citation
    assert span["text"] in below and "/followup/citation/" not in below


def test_a_good_example_follows_the_five_answers_where_there_is_one(cast: Cast, client: Client) -> None:
    november = followups.opened(cast)
    world.handed_up(cast, november)
    world.administration(cast, november, example="En skola ringer hem samma dag. Tre prövar det i januari.")
    world.released(cast, november)
    page = text(client("maja").get(f"/report/{actions.publish(november, by=cast.diana).public_id}").text)
    places = [page.index(words) for words in (world.SAID["we_ask"], "Ett gott exempel En skola ringer hem samma dag.")]
    assert places == sorted(places) and places[-1] < page.rindex("Siffrorna")


@pytest.fixture
def january(cast: Cast) -> Iterator[str]:
    """A second page, after a question and a decision about the first one."""
    second = twice(cast)
    with clock.held(clock.at(second.round.opens_on)):
        yield second.public_id


@kept
def twice(cast: Cast) -> Report:
    report = world.published(cast)
    matter.record(
        cast.unit["bun"], decided_on=report.published_at.date(), paragraph="12", registration_number="Bun 2026/91",
        text="Nämnden vill se en gemensam mall.", about=report.round, by=cast.sixten,
    )  # fmt: skip
    to = [cast.unit["fvn"]]
    asked = feedback.give("report", report.public_id, "Varför matematiken?", to, None, by=cast.maja, kind="question")
    [copy] = feedbacks.trail(asked).copies
    feedback.answer(copy, "Tre vikarier på tre skolor.", by=cast.diana)
    second = feedbacks.cycle.rounds(cast.unit["bun"].path)[-2]
    with clock.held(clock.at(second.opens_on)):
        cycle.open_round(second, by=cast.diana)
        return world.published(cast, second)


def test_since_last_time_tells_what_was_asked_and_decided_and_what_came_of_it(cast: Cast, client: Client, january: str) -> None:
    page = text(client("maja").get(f"/report/{january}").text)
    for told in ("Sedan sist", "Nämnden vill se en gemensam mall.", "Varför matematiken?", "Tre vikarier på tre skolor."):
        assert told in page
    below = text(client("pia").get(f"/report/{january}").text)
    assert "Nämnden vill se en gemensam mall." in below and "Varför matematiken?" not in below


def test_a_forecast_is_said_to_be_one_and_grades_are_not(cast: Cast, client: Client, january: str) -> None:
    said = "Siffror märkta prognos är lärares bedömningar, inte betyg."
    reports = {one.round.number: one.public_id for one in queries.archive(cast.maja)}
    assert said in client("maja").get(f"/report/{reports[1]}").text
    assert said not in client("maja").get(f"/report/{january}").text


def test_the_page_says_whose_turn_it_is_until_something_is_decided_and_then_what_was(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    page = Reader(client("maja")).open(f"/report/{report.public_id}")
    assert "sekreteraren registrerar att sidan har kommit" in page.page.get_text()
    actions.receive(report, "Bun 2026/91", by=cast.sixten)
    assert "Nu är det nämndens tur: besluta och återkoppla." in page.open(page.address).page.get_text()
    page.sees_not("Nämndens beslut")
    matter.record(
        cast.unit["bun"], decided_on=report.published_at.date(), paragraph="12", registration_number="Bun 2026/91",
        text="Nämnden vill se en gemensam mall.", about=report.round, by=cast.sixten,
    )  # fmt: skip
    page.open(page.address).sees("Nämndens beslut", "Nämnden vill se en gemensam mall.", "§ 12")
    assert "Nu är det nämndens tur" not in page.page.get_text()
    page.click("§ 12, 22 november 2026").click("Läs nämndens sida: Uppföljning 1, november")
    assert page.address == f"/report/{report.public_id}"


def test_the_page_takes_few_statements_whatever_has_happened(cast: Cast, client: Client, january: str) -> None:
    assert statements(client("maja"), f"/report/{january}") <= 30
    assert statements(client("maja"), "/report/") <= 8
