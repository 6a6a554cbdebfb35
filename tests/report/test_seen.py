"""What the committee saw on a day: the page that stood then, its figures, and what had been decided and answered by then."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.document import actions as document_actions
from chain.document import word
from chain.feedback import actions as feedback
from chain.feedback import queries as feedbacks
from chain.matter import actions as matter
from chain.matter import meeting_actions as meetings
from chain.report import actions, press, queries
from tests.document import desk
from tests.feedback.test_views import statements
from tests.makers import Cast
from tests.matter import desk as matters
from tests.report import world
from tests.report.test_views import text

Client = Callable[[str], FlaskClient]
FIRST = date(2026, 11, 22)  # when the clock of the tests stands


def later(days: int) -> datetime:
    return clock.at(FIRST + timedelta(days=days))


def seen(client: Client, report: str, day: date, who: str = "maja") -> str:
    return text(client(who).get(f"/report/{report}/seen?on={day}").text)


def test_a_page_that_was_handed_over_anew_is_seen_as_it_was_on_each_day(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    with clock.held(later(3)):
        world.released(cast, report.round)
        actions.publish(report.round, by=cast.diana)
    name = report.public_id
    assert [(one.number, one.release.number) for one in queries.editions(report)] == [(1, 1), (2, 2)]
    for day, there, absent in ((0, "Utgåva 1, godkänd", "Utgåva 2, godkänd"), (3, "Utgåva 2, godkänd", "Utgåva 1, godkänd")):
        page = seen(client, name, FIRST + timedelta(days=day))
        assert there in page and absent not in page and world.SAID["we_do"] in page
    assert seen(client, name, FIRST + timedelta(days=2)) == seen(client, name, FIRST).replace("den 22 nov", "den 24 nov")
    early = seen(client, name, FIRST - timedelta(days=1))
    assert "hade nämnden inte fått sidan än" in early and world.SAID["we_do"] not in early


def test_figures_that_have_been_released_anew_twice_are_told_of_by_the_one_that_held_that_day(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    for day in (2, 4):
        with clock.held(later(day)):
            world.released(cast, report.round)
    told = [
        re.findall(r"getts ut på nytt (\d+ nov)", seen(client, report.public_id, FIRST + timedelta(days=n))) for n in (1, 3, 5)
    ]
    assert told == [[], ["24 nov"], ["26 nov"]]


def test_the_figures_of_an_earlier_edition_open_for_a_member(cast: Cast, client: Client) -> None:
    """Also when a newer one stands on another release, which has replaced the first."""
    report = world.with_figures(cast)
    with clock.held(later(3)):
        world.released(cast, report.round)
        actions.publish(report.round, by=cast.diana)
    maja = client("maja")
    page = maja.get(f"/report/{report.public_id}/seen?on={FIRST}").text
    links = set(re.findall(r'href="(/release/[^"/]+/figure[^"]*)"', page))
    assert links and all(report.editions[0].release.public_id in one for one in links)
    assert {maja.get(one.replace("&amp;", "&")).status_code for one in links} == {200}


def test_what_was_decided_later_was_not_seen_and_what_was_corrected_later_was_seen_as_it_stood(
    cast: Cast, client: Client
) -> None:
    report, minutes = world.published(cast), {"decided_on": FIRST, "paragraph": "12", "registration_number": "Bun 2026/91"}
    with clock.held(later(1)):
        first = matter.record(cast.unit["bun"], **minutes, text="Läggs till handlingarna.", about=report.round, by=cast.sixten)
    with clock.held(later(4)):
        matter.record(
            cast.unit["bun"], **minutes, text="Godkänns.", about=report.round, corrects=first, by=cast.sixten
        )  # fmt: skip
    days = [seen(client, report.public_id, FIRST + timedelta(days=day)) for day in (0, 1, 4)]
    assert ["Läggs till handlingarna." in page for page in days] == [False, True, False]
    assert ["Godkänns." in page for page in days] == [False, False, True]


def test_what_was_asked_and_answered_about_the_last_page_is_seen_from_its_day(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    asked = feedback.give(
        "report", report.public_id, "Varför matematiken?", [cast.unit["fvn"]], None, by=cast.maja, kind="question"
    )
    second = feedbacks.cycle.rounds(cast.unit["bun"].path)[-2]
    with clock.held(clock.at(second.opens_on)):
        cycle.open_round(second, by=cast.diana)
        january = world.published(cast, second)
    opened = second.opens_on
    with clock.held(clock.at(opened + timedelta(days=2))):
        [copy] = feedbacks.trail(asked).copies
        feedback.answer(copy, "Tre vikarier på tre skolor.", by=cast.diana)
    db.session.expire_all()
    pages = [seen(client, january.public_id, opened + timedelta(days=day)) for day in (0, 2)]
    assert all("Varför matematiken?" in page for page in pages)
    assert ["Tre vikarier" in page for page in pages] == [False, True]


def test_the_day_is_asked_for_and_a_bad_one_is_refused_with_a_sentence(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    bare = client("maja").get(f"/report/{report.public_id}/seen")
    assert bare.status_code == 200 and "Vad såg nämnden?" in bare.text and "Skriv vilken dag" not in bare.text
    bad = client("maja").get(f"/report/{report.public_id}/seen", query_string={"on": "i går"})
    assert bad.status_code == 422 and "Skriv vilken dag, till exempel 2027-01-24." in bad.text and "i går" in bad.text


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set as a file: it is what was handed over when that is asked for."""
    monkeypatch.setattr(press, "pdf", lambda sheet: b"%PDF")
    monkeypatch.setattr(word, "docx", lambda sheet: b"PK")


@pytest.mark.usefixtures("unset")
def test_the_documents_of_the_day_are_those_that_had_been_handed_over_in_the_edition_that_stood(
    cast: Cast, client: Client
) -> None:
    report = world.with_figures(cast)
    with clock.held(later(2)):
        first = desk.handed_over(cast, round=report.round)
    with clock.held(later(5)):
        again = desk.fresh(document_actions.replace(first, by=cast.olle))
        document_actions.describe(
            again, title="Redovisning, rättad", number="Bun 2026/75", dated_on=clock.today(), round=again.round, matter=None,
            version=again.version, by=cast.olle,
        )  # fmt: skip
        desk.go(cast, again, "handed")
    days = [seen(client, report.public_id, FIRST + timedelta(days=day)) for day in (1, 2, 4, 5)]
    assert ["Redovisning av uppföljning 1" in page for page in days] == [False, True, True, False]
    assert ["Redovisning, rättad" in page for page in days] == [False, False, False, True]
    assert "Dokument som nämnden hade fått" not in days[0] and "version 2" in days[3]


@pytest.mark.usefixtures("unset")
def test_an_agenda_and_the_papers_of_its_matters_are_seen_as_they_were_by_those_who_read_agendas(
    cast: Cast, client: Client
) -> None:
    report = world.published(cast)
    day = report.round.meets_on
    assert day
    meeting, after = matters.met(cast, day, day + timedelta(days=30))
    matter = matters.under_way(cast)
    with clock.held(later(1)):
        meetings.put(meeting, matter, by=cast.sixten)
    with clock.held(later(2)):
        desk.handed_over(cast, round=report.round, title="Om karriärtjänster", matter=matter)
    with clock.held(later(3)):
        meetings.postpone(meeting, matter, by=cast.sixten)
    names = ("Om karriärtjänster", "På dagordningen till sammanträdet", "Karriärtjänster Inget dokument var överlämnat.")
    told = [seen(client, report.public_id, FIRST + timedelta(days=n)) for n in (0, 1, 2, 3)]
    assert [tuple(words in page for words in names) for page in told] == [
        (False, False, False), (False, True, True), (True, True, False), (True, False, False),
    ]  # fmt: skip
    asked = seen(client, report.public_id, after.held_on)
    assert "På dagordningen till sammanträdet" in asked and asked.count("Om karriärtjänster") == 2
    assert "dagordningen" not in seen(client, report.public_id, FIRST + timedelta(days=2), "pia"), "agendas are not hers to read"


@pytest.mark.usefixtures("unset")
def test_a_matter_that_the_meeting_itself_postponed_was_on_its_agenda(cast: Cast, client: Client) -> None:
    report = world.published(cast)
    day = report.round.meets_on
    assert day
    meeting, after = matters.met(cast, day, day + timedelta(days=30))
    matter = matters.under_way(cast)
    meetings.put(meeting, matter, by=cast.sixten)
    with clock.held(clock.at(day)):
        meetings.postpone(meeting, matter, by=cast.sixten)
    for asked in (day, after.held_on):
        assert "Karriärtjänster Inget dokument var överlämnat." in seen(client, report.public_id, asked)


@pytest.mark.parametrize("who", ["maja", "pia"])
def test_it_takes_as_few_statements_as_the_page_itself(cast: Cast, client: Client, who: str) -> None:
    report = world.published(cast)
    usual = statements(client(who), f"/report/{report.public_id}")
    assert statements(client(who), f"/report/{report.public_id}/seen?on={FIRST}") <= usual + 4
