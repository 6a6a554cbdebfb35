"""Career teachers in the committee, 2011 to 2018: the chain of seed 002, told by the people who took part in it.

The committee began in 2011, gave an assignment on 17 March 2017, approved an evaluation on 20 December and gave another, and got
its report back in 2018 under the registration number Bun 2018/75.
"""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from chain.access.policy import Role
from chain.base import clock
from chain.feedback import queries as feedback
from chain.matter import (
    actions,
    assignment_actions,
    assignment_queries,
    matter_actions,
    matter_queries,
    meeting_actions,
    queries,
)
from chain.matter.assignment_actions import Verdict
from chain.matter.assignment_rules import Asked
from chain.matter.models import Assignment, Decision, Matter
from tests.makers import Cast
from tests.matter.desk import at

START = "Inrättande av karriärtjänster"
DIVIDED = "att sammanställa hur karriärtjänsterna är fördelade mellan kommunens skolor, samt att återkomma till nämnden"
CLEARER = "att tydliggöra planeringen och organiseringen för att bättre kunna följa upp effekterna, samt att återrapportera"
ROUTINE = "att ta fram en förvaltningsövergripande rutin för att följa upp förstelärarnas arbete"


def prepared(cast: Cast, matter: Matter, answers: list[Assignment]) -> None:
    """The director gives it to an officer, who works on it and hands it to the committee."""
    matter_actions.assign(matter, Role.OFFICER, cast.unit["fvn"], by=cast.diana)
    matter_actions.go(matter, "begin", by=cast.olle)
    assignment_actions.write(matter, reports=answers, by=cast.olle)


def decision(
    cast: Cast, matter: Matter, day: date, paragraph: str, number: str, text: str, asks: str, says: str = ""
) -> Decision:  # fmt: skip
    """The committee approves what is reported in the matter, asks for something more, and says below what it means."""
    _given, reported = assignment_queries.of(matter)
    with at(day):
        return actions.record(
            cast.unit["bun"], decided_on=day, paragraph=paragraph, registration_number=number, text=text, matter=matter,
            asks=[Asked(asks)], verdicts=[Verdict(one, approved=True) for one in reported],
            sent={"feedback-text": [says]}, by=cast.sixten,
        )  # fmt: skip


def test_career_teachers_from_2011_to_the_routine_that_came_of_it(cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    bun = cast.unit["bun"]

    # 2011. The committee decides to begin. What was decided before the system was here is written down as it was.
    began = matter_actions.open_(
        bun, title=START, why="Nämnden vill inrätta tjänster.", opened_on=date(2011, 5, 1), by=cast.sixten
    )
    actions.record(
        bun, decided_on=date(2011, 6, 15), paragraph="58", registration_number="Bun 2011/140", matter=began,
        text="att inleda arbetet med att inrätta karriärtjänster inom kommunens skolverksamheter", by=cast.sixten,
    )  # fmt: skip
    assert (began.state, began.registration_number) == ("decided", "Bun 2011/140")  # the number came with the decision

    # 17 March 2017. It has gone on for some years: the committee wants to know, and gives the administration an assignment.
    with at(date(2017, 2, 1)):
        wants = matter_actions.open_(
            bun, title="Uppföljning av karriärtjänster", why="Arbetet har varit igång i några år.", opened_on=date(2017, 2, 1),
            follows=began, by=cast.sixten,
        )  # fmt: skip
    march = decision(cast, wants, date(2017, 3, 17), "21", "Bun 2017/31", "att ge förvaltningen i uppdrag", DIVIDED)
    [first] = assignment_queries.given_by(march)
    assert (first.name, first.receiver.name, first.state) == ("§ 21, 17 mars 2017", cast.unit["fvn"].name, "open")

    # 20 December 2017. The evaluation is written, put on the agenda, and approved; with it comes another assignment.
    with at(date(2017, 11, 1)):
        [christmas] = meeting_actions.plan(bun, [date(2017, 12, 20)], place="Stadshuset", papers_before=10, by=cast.sixten)
        evaluates = assignment_actions.open_to_answer(
            first,
            title="Utvärdering av karriärtjänster",
            why=first.text,
            opened_on=date(2017, 11, 1),
            follows=wants,
            by=cast.olle,
        )
        prepared(cast, evaluates, [first])
        meeting_actions.put(christmas, evaluates, by=cast.sixten)
    assert (first.state, evaluates.state) == ("reported", "on_agenda")
    december = decision(cast, evaluates, date(2017, 12, 20), "112", "Bun 2017/214", "att godkänna utvärderingen", CLEARER)
    assert december.meeting is christmas
    assert (first.state, first.closed_by, first.closed_on) == ("closed", december, date(2017, 12, 20))
    assert wants.state == "reported_back"  # all that was asked for in it has come
    [second] = assignment_queries.given_by(december)

    # 2018. The report back, Bun 2018/75: the administration proposes a routine, the committee decides so.
    with at(date(2018, 8, 20)):
        assert second.age == "8 månader" and assignment_queries.waiting(cast.maja) == [second]
        reports = assignment_actions.open_to_answer(
            second, title="Återrapportering av utvärdering av karriärtjänster", why=second.text, opened_on=date(2018, 8, 20),
            registration_number="Bun 2018/75", follows=evaluates, by=cast.diana,
        )  # fmt: skip
        prepared(cast, reports, [second])
    text = (
        "att godkänna föreliggande återrapportering av utvärdering av karriärtjänster, samt att ge förvaltningschefen i uppdrag"
    )
    says = "Nämnden vill ha en gemensam rutin: berätta hur ni följer upp förstelärarnas arbete i dag."
    september = decision(cast, reports, date(2018, 9, 26), "80", "Bun 2018/75", text, ROUTINE, says)
    assert (second.state, evaluates.state, reports.state) == ("closed", "reported_back", "decided")

    # In the same step the decision was told below: the administration has it to read, to pass on and to answer.
    [told] = feedback.received_about(cast.unit["fvn"].id, september.public_id)
    assert (told.feedback.text, told.state, told.feedback.about_title) == (says, "delivered", "Beslut § 80, 26 september 2018")

    # The routine comes, and the line is whole: each matter goes on from the one before, and all of them can be closed.
    [third] = assignment_queries.given_by(september)
    with at(date(2019, 2, 1)):
        routine = assignment_actions.open_to_answer(
            third, title="Rutin för förstelärare", why=third.text, opened_on=date(2019, 2, 1), follows=reports, by=cast.olle
        )
        prepared(cast, routine, [third])
        decision_2019 = actions.record(
            bun, decided_on=date(2019, 2, 1), paragraph="9", registration_number="Bun 2019/12", matter=routine,
            text="att lägga rutinen till handlingarna", verdicts=[Verdict(third, approved=True)], by=cast.sixten,
        )  # fmt: skip
        matter_actions.go(routine, "report_back", words="Rutinen gäller från höstterminen.", by=cast.diana)
        for matter in (began, wants, evaluates, reports, routine):
            matter_actions.go(matter, "close", by=cast.sixten)
    line = matter_queries.line(reports)
    assert [one.opened_on.year for one in line] == [2011, 2017, 2017, 2018, 2019]
    assert {one.state for one in line} == {"closed"} and not assignment_queries.waiting(cast.sixten)
    assert [one.decided_on.year for matter in line for one in queries.in_matter(matter)] == [2011, 2017, 2017, 2018, 2019]

    # A member opens the matter of 2018 and reads the whole way; a principal reads the decision, and nothing of the matter.
    page = client("maja").get(f"/matter/matter/{reports.public_id}").text
    assert all(one.title in page for one in line) and "Bun 2018/75" in page and CLEARER[:100] in page
    assert client("pia").get(f"/matter/{decision_2019.public_id}").status_code == 200
    assert client("pia").get(f"/matter/matter/{reports.public_id}").status_code == 404
    assert clock.today() == date(2026, 11, 22)
