"""An assignment is given in a decision, answered in a later matter, and closed by the committee or sent back to work."""

from datetime import date

import pytest
from sqlalchemy import select

from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.outbox import Letter
from chain.matter import assignment_actions as actions
from chain.matter import assignment_queries as queries
from chain.matter import matter_actions
from chain.matter.assignment_actions import Verdict
from chain.organisation import actions as organisation
from tests.makers import Cast
from tests.matter import desk


def test_it_is_given_in_a_decision_of_a_matter_and_the_director_gets_a_letter(cast: Cast) -> None:
    matter = desk.opened(cast)
    assignment = desk.given(cast, matter, due_on=date(2027, 3, 1))
    assert (assignment.matter, assignment.receiver, assignment.state) == (matter, cast.unit["fvn"], "open")
    assert assignment.name == "§ 12, 20 november 2026"
    told = db.session.scalars(select(Letter.person).where(Letter.kind == "assignment.given")).all()
    assert told == [cast.diana.person.public_id]


def test_a_decision_outside_any_matter_gives_none(cast: Cast) -> None:
    decision = desk.decided(cast, None)
    with pytest.raises(RuleBroken, match="Ett uppdrag ges i ett ärende") as told:
        actions.give(decision, "Beskriv effekten.", None, by=cast.sixten)
    assert list(told.value.problems) == ["matter"] and not queries.waiting(cast.sixten)


def test_only_the_secretary_gives_and_only_the_administration_that_got_it_answers(cast: Cast) -> None:
    matter = desk.opened(cast)
    decision = desk.decided(cast, matter)
    for who in ("maja", "diana", "pia"):
        with pytest.raises(NotAllowed):
            actions.give(decision, "Beskriv effekten.", None, by=cast.who[who])
    assignment = actions.give(decision, "Beskriv effekten.", None, by=cast.sixten)
    answering = desk.opened(cast, "Svar")
    for who in ("vera", "pia", "maja"):
        with pytest.raises(NotAllowed):
            actions.take_up(assignment, answering, by=cast.who[who])


def test_where_there_are_two_administrations_one_is_chosen(cast: Cast) -> None:
    other = organisation.add_unit(cast.unit["bun"], name="Fritidsförvaltningen", level="administration", by=None)
    decision = desk.decided(cast, desk.opened(cast))
    with pytest.raises(RuleBroken, match="Välj vilken förvaltning"):
        actions.give(decision, "Beskriv effekten.", None, by=cast.sixten)
    assert actions.give(decision, "Beskriv effekten.", None, to=other, by=cast.sixten).receiver is other
    with pytest.raises(RuleBroken, match="under nämnden"):
        actions.give(decision, "Beskriv effekten.", None, to=cast.unit["vuxf"], by=cast.sixten)


def test_it_is_reported_when_what_answers_it_is_written_and_the_matter_that_gave_it_has_its_report(cast: Cast) -> None:
    gave = desk.opened(cast)
    assignment = desk.given(cast, gave)
    answers = desk.under_way(cast, "Svar", follows=gave)
    actions.take_up(assignment, answers, by=cast.olle)
    actions.write(answers, reports=[assignment], by=cast.olle)
    assert (assignment.state, assignment.answered_in, answers.state) == ("reported", answers, "written")
    desk.decided(cast, answers, "30", verdicts=[Verdict(assignment, approved=True)])
    assert (assignment.state, assignment.closed_on, gave.state) == ("closed", desk.DAY, "reported_back")
    assert [one.act for one in queries.steps(assignment)] == ["approve", "report", "take_up", "give"]


def test_what_is_not_approved_is_open_again_with_the_reason_and_late_by_its_old_day(cast: Cast) -> None:
    gave = desk.opened(cast)
    assignment = desk.given(cast, gave, due_on=date(2026, 11, 21))
    answers = desk.under_way(cast, "Svar")
    actions.report(assignment, answers, words="Se tjänsteskrivelsen.", by=cast.olle)
    with pytest.raises(RuleBroken, match="Skriv varför"):
        desk.decided(cast, answers, "30", verdicts=[Verdict(assignment, approved=False)])
    desk.decided(cast, answers, "30", verdicts=[Verdict(assignment, False, "Effekten saknas.")])
    assert (assignment.state, assignment.late, gave.state) == ("open", True, "decided")
    assert queries.steps(assignment)[0].words == "Effekten saknas."
    assert "§ 12, 20 november 2026" in queries.told(queries.waiting(cast.diana))


def test_it_is_judged_in_the_matter_that_answers_it_and_nowhere_else(cast: Cast) -> None:
    assignment = desk.given(cast, desk.opened(cast))
    answers, other = desk.under_way(cast, "Svar"), desk.opened(cast, "Något annat")
    actions.report(assignment, answers, by=cast.olle)
    with pytest.raises(RuleBroken, match="återrapporteras i ärendet ”Svar”") as told:
        desk.decided(cast, other, "30", verdicts=[Verdict(assignment, approved=True)])
    assert list(told.value.problems) == ["matter"] and assignment.state == "reported"


def test_what_was_reported_too_early_is_taken_back(cast: Cast) -> None:
    assignment = desk.given(cast, desk.opened(cast))
    actions.report(assignment, desk.under_way(cast, "Svar"), by=cast.olle)
    actions.take_back(assignment, "En bilaga saknas.", by=cast.diana)
    assert (assignment.state, assignment.reported_at) == ("open", None)


def test_the_committee_gives_more_time_and_takes_back_what_it_asked_for(cast: Cast) -> None:
    gave = desk.opened(cast)
    assignment = desk.given(cast, gave, due_on=date(2026, 11, 21))
    actions.extend(assignment, date(2027, 2, 1), "Nämnden gav mer tid.", by=cast.sixten)
    assert (assignment.due_on, assignment.late) == (date(2027, 2, 1), False)
    with pytest.raises(RuleBroken, match="Uppdraget gavs"):
        actions.extend(assignment, date(2026, 1, 1), "Fel år.", by=cast.sixten)
    actions.withdraw(assignment, "Lagen har ändrats.", by=cast.sixten)
    assert (assignment.state, gave.state, queries.closed(cast.maja)) == ("closed", "reported_back", [assignment])


def test_what_was_closed_too_early_is_opened_again_and_its_matter_waits_again(cast: Cast) -> None:
    gave = desk.opened(cast)
    assignment = desk.given(cast, gave)
    actions.withdraw(assignment, "Behövs inte.", by=cast.sixten)
    actions.reopen(assignment, "Behövs ändå.", by=cast.sixten)
    assert (assignment.state, assignment.closed_on, gave.state) == ("open", None, "decided")
    actions.withdraw(assignment, "Behövs inte.", by=cast.sixten)
    matter_actions.go(gave, "close", by=cast.sixten)
    with pytest.raises(RuleBroken, match="Öppna det igen först"):
        actions.reopen(assignment, "Behövs ändå.", by=cast.sixten)


def test_a_matter_that_others_wait_for_is_not_closed(cast: Cast) -> None:
    gave = desk.opened(cast)
    assignment = desk.given(cast, gave)
    answers = actions.open_to_answer(
        assignment, title="Svar", why="Uppdraget.", opened_on=desk.DAY, follows=gave, by=cast.diana
    )  # fmt: skip
    assert assignment.answered_in is answers
    with pytest.raises(RuleBroken, match="väntar på dem"):
        matter_actions.go(gave, "close", by=cast.sixten)
    with pytest.raises(RuleBroken, match="besvara ett uppdrag"):
        matter_actions.go(answers, "write_off", words="Dubblett.", by=cast.sixten)


def test_a_decided_matter_answers_nothing_more(cast: Cast) -> None:
    assignment = desk.given(cast, desk.opened(cast))
    done = desk.opened(cast, "Klart")
    desk.decided(cast, done, "30")
    with pytest.raises(RuleBroken, match="Nämnden har redan beslutat"):
        actions.report(assignment, done, by=cast.olle)


def test_the_waiting_are_shown_the_late_first_then_by_their_day_then_the_oldest(cast: Cast) -> None:
    matter = desk.opened(cast)
    days = (None, date(2027, 5, 1), date(2026, 11, 21), date(2027, 2, 1))
    made = [desk.given(cast, matter, f"Uppdrag {n}", day, paragraph=str(20 + n)) for n, day in enumerate(days)]
    assert queries.waiting(cast.maja) == [made[2], made[3], made[1], made[0]]
    assert not queries.waiting(cast.pia) and not queries.waiting(cast.vera)
