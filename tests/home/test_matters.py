"""What the committee's matters ask of each role on the first page: as much as the role can do, and gone when it is done."""

from datetime import date, timedelta

from flask import Flask

from chain.access.policy import Role
from chain.base import clock
from chain.matter import assignment_actions, matter_actions, meeting_actions
from tests.home.reading import home
from tests.makers import Cast
from tests.matter import desk

DECEMBER = date(2026, 12, 16)


def test_a_matter_asks_the_director_then_the_officer_then_the_secretary(app: Flask, cast: Cast) -> None:
    matter = desk.opened(cast)
    assert "Fördela ärendet: Karriärtjänster" in home(app, "diana").titles
    assert not home(app, "olle").titles and not home(app, "sixten").titles
    matter_actions.assign(matter, Role.OFFICER, cast.unit["fvn"], by=cast.diana)
    assert "Bered ärendet: Karriärtjänster" in home(app, "olle").titles and not home(app, "diana").titles
    matter_actions.go(matter, "begin", by=cast.olle)
    matter_actions.go(matter, "write", by=cast.olle)
    assert "Sätt på en dagordning: Karriärtjänster" in home(app, "sixten").titles and not home(app, "olle").titles
    [december] = desk.met(cast, DECEMBER)
    meeting_actions.put(december, matter, by=cast.sixten)
    assert not home(app, "sixten").titles
    with desk.at(DECEMBER):
        assert home(app, "sixten", DECEMBER).titles == ["Skriv in besluten från sammanträdet 16 december 2026"]
        desk.decided(cast, matter, day=DECEMBER, sent={"feedback-text": ["Berätta hur ni gör."]})
        assert not home(app, "sixten", DECEMBER).titles
        matter_actions.go(matter, "report_back", words="Genomfört.", by=cast.diana)
        assert home(app, "sixten", DECEMBER).titles == ["Avsluta ärendet: Karriärtjänster"]


def test_an_assignment_waits_at_the_administration_until_a_matter_answers_it_and_comes_back_when_its_day_has_passed(
    app: Flask, cast: Cast
) -> None:
    desk.decided(cast, gave := desk.opened(cast), sent={"feedback-text": ["Berätta."]})
    assignment = desk.given(cast, gave, due_on=DECEMBER, paragraph="30", sent={"feedback-text": ["Berätta."]})
    waits = f"Återrapportera nämndens uppdrag: {assignment.name}"
    assert all(waits in home(app, who).titles for who in ("diana", "olle"))
    assert all(waits not in home(app, who).titles for who in ("maja", "sixten", "pia", "vera"))
    assignment_actions.take_up(assignment, desk.opened(cast, "Svar"), by=cast.olle)
    assert waits not in home(app, "olle").titles
    late = home(app, "olle", DECEMBER + timedelta(days=1))
    assert waits in late.titles and "en dag sen" in late.text


def test_days_to_come_tell_of_the_meeting_and_its_papers(app: Flask, cast: Cast) -> None:
    desk.met(cast, DECEMBER, papers_before=10)
    for who in ("maja", "diana", "sixten"):
        text = home(app, who).text
        assert "Nämnden sammanträder" in text and "Handlingar till nämnden klara" in text
    assert "Handlingar till nämnden klara" not in home(app, "pia").text


def test_the_first_page_asks_as_often_however_many_matters_there_are(app: Flask, cast: Cast) -> None:
    [december] = desk.met(cast, DECEMBER)

    def more(number: int) -> None:
        matter = desk.under_way(cast, f"Ärende {number}")
        meeting_actions.put(december, matter, by=cast.sixten)
        desk.given(cast, desk.opened(cast, f"Gav {number}"), paragraph=str(number), due_on=clock.today())

    everybody = ("olle", "diana", "sixten", "maja", "rut")
    more(1)
    few = {who: home(app, who, DECEMBER).statements for who in everybody}
    for number in range(2, 7):
        more(number)
    assert {who: home(app, who, DECEMBER).statements for who in everybody} == few
    folded = home(app, "olle", DECEMBER)
    assert {"6 ärenden att bereda", "6 uppdrag från nämnden att återrapportera"} <= set(folded.titles)
