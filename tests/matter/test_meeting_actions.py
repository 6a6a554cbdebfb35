"""A committee's calendar and its agendas: what is planned, ordered, moved on, and what decisions make of it."""

from datetime import date, time

import pytest

from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle import queries as cycle
from chain.matter import matter_actions, matter_queries
from chain.matter import meeting_actions as actions
from chain.matter import meeting_queries as queries
from chain.matter.models import Meeting
from tests.followup import world
from tests.makers import Cast
from tests.matter import desk

DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 16), date(2027, 1, 20), date(2027, 2, 24)


def titles(meeting: Meeting) -> list[str]:
    return [one.matter.title for one in queries.agenda(meeting) if one.moved_to_id is None]


def test_a_years_calendar_is_planned_at_once_with_the_last_day_for_papers(cast: Cast) -> None:
    made = desk.met(cast, JANUARY, FEBRUARY, place=" Stadshuset ", begins_at=time(13), papers_before=12)
    assert [(one.held_on, one.papers_by, one.place) for one in made] == [
        (JANUARY, date(2027, 1, 8), "Stadshuset"), (FEBRUARY, date(2027, 2, 12), "Stadshuset"),
    ]  # fmt: skip
    with pytest.raises(RuleBroken, match="20 januari 2027 finns redan"):
        desk.met(cast, DECEMBER, JANUARY)
    assert [one.meeting.held_on for one in queries.calendar(cast.maja).coming] == [JANUARY, FEBRUARY]


@pytest.mark.parametrize("who", ["maja", "rut", "diana", "olle", "pia", "viktor"])
def test_the_calendar_is_the_secretarys(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.plan(cast.unit["bun"], [JANUARY], by=cast.who[who])


def test_the_rounds_that_say_a_day_are_read_at_the_meeting_of_that_day_and_missed_where_there_is_none(cast: Cast) -> None:
    november = world.opened(cast)
    rounds = [one for one in cycle.rounds("/sjovik/bun/") if one.meets_on and one.meets_on >= desk.DAY]
    assert queries.calendar(cast.sixten).missing == sorted(rounds, key=lambda one: str(one.meets_on))
    assert november.meets_on
    [meeting] = desk.met(cast, november.meets_on)
    found = queries.calendar(cast.sixten)
    assert found.coming[0].rounds == [november] == queries.rounds_at(meeting) and november not in found.missing


def test_an_agenda_keeps_the_order_that_the_secretary_gives_it(cast: Cast) -> None:
    [december] = desk.met(cast, DECEMBER)
    matters = [desk.opened(cast, title) for title in ("Ett", "Två", "Tre")]
    for matter in matters:
        actions.put(december, matter, by=cast.sixten)
    actions.shift(december, matters[2], -1, by=cast.sixten)
    assert titles(december) == ["Ett", "Tre", "Två"]
    actions.shift(december, matters[0], 1, by=cast.sixten)
    actions.shift(december, matters[1], 1, by=cast.sixten)
    assert titles(december) == ["Tre", "Ett", "Två"]
    actions.take_off(december, matters[0], by=cast.sixten)
    assert titles(december) == ["Tre", "Två"] and queries.to_add(cast.sixten, december) == [matters[0]]


def test_a_matter_waits_on_one_agenda_at_a_time(cast: Cast) -> None:
    december, january = desk.met(cast, DECEMBER, JANUARY)
    matter = desk.opened(cast)
    actions.put(december, matter, by=cast.sixten)
    with pytest.raises(RuleBroken, match="redan på dagordningen"):
        actions.put(december, matter, by=cast.sixten)
    with pytest.raises(RuleBroken, match="dagordningen 16 december"):
        actions.put(january, matter, by=cast.sixten)


def test_a_matter_is_on_the_agenda_when_it_has_a_place_and_its_papers_are_written_in_whichever_order(cast: Cast) -> None:
    [december] = desk.met(cast, DECEMBER)
    early, late = desk.under_way(cast, "Tidigt"), desk.under_way(cast, "Sent")
    actions.put(december, early, by=cast.sixten)
    assert early.state == "under_way"
    matter_actions.go(early, "write", by=cast.olle)
    matter_actions.go(late, "write", by=cast.olle)
    assert (early.state, late.state) == ("on_agenda", "written")
    actions.put(december, late, by=cast.sixten)
    actions.take_off(december, early, by=cast.sixten)
    assert (early.state, late.state) == ("written", "on_agenda")


def test_it_moves_to_the_next_meeting_and_the_old_agenda_says_so(cast: Cast) -> None:
    december, january = desk.met(cast, DECEMBER, JANUARY)
    matter = desk.under_way(cast)
    matter_actions.go(matter, "write", by=cast.olle)
    actions.put(december, matter, by=cast.sixten)
    assert actions.postpone(december, matter, by=cast.sixten) is january
    [stood] = queries.agenda(december)
    assert (stood.moved_to, titles(january), matter.state) == (january, ["Karriärtjänster"], "on_agenda")
    with pytest.raises(RuleBroken, match="inget senare sammanträde"):
        actions.postpone(january, matter, by=cast.sixten)


def test_a_cancelled_meeting_sends_its_matters_on_or_lets_them_wait(cast: Cast) -> None:
    december, january = desk.met(cast, DECEMBER, JANUARY)
    matter = desk.under_way(cast)
    matter_actions.go(matter, "write", by=cast.olle)
    actions.put(december, matter, by=cast.sixten)
    with pytest.raises(RuleBroken, match="Skriv varför"):
        actions.cancel(december, " ", by=cast.sixten)
    actions.cancel(december, "För få ärenden.", by=cast.sixten)
    assert titles(january) == ["Karriärtjänster"] and december.state == "cancelled"
    actions.cancel(january, "Snöstorm.", by=cast.sixten)
    assert (matter.state, matter_queries.place(matter)) == ("written", None)
    with pytest.raises(RuleBroken, match="inställt"):
        actions.put(december, matter, by=cast.sixten)
    actions.restore(december, by=cast.sixten)
    actions.put(december, matter, by=cast.sixten)
    assert titles(december) == ["Karriärtjänster"]


def test_after_its_day_an_agenda_lies_fast_and_what_was_not_taken_up_goes_on(cast: Cast) -> None:
    december, january = desk.met(cast, DECEMBER, JANUARY)
    matter, other = desk.opened(cast), desk.opened(cast, "Ett annat")
    for one in (matter, other):
        actions.put(december, one, by=cast.sixten)
    with desk.at(date(2026, 12, 17)):
        with pytest.raises(RuleBroken, match="ligger fast"):
            actions.shift(december, other, -1, by=cast.sixten)
        with pytest.raises(RuleBroken, match="ligger fast"):
            actions.take_off(december, other, by=cast.sixten)
        desk.decided(cast, matter, day=DECEMBER)
        with pytest.raises(RuleBroken, match="fattade beslut"):
            actions.postpone(december, matter, by=cast.sixten)
        actions.postpone(december, other, by=cast.sixten)
        with pytest.raises(RuleBroken, match="behåller sin dag"):
            actions.change(
                december, held_on=FEBRUARY, begins_at=None, place="", papers_by=None, version=december.version, by=cast.sixten
            )
    assert titles(january) == ["Ett annat"] and titles(december) == ["Karriärtjänster"]


def test_a_meeting_is_changed_by_whoever_saw_it_as_it_is(cast: Cast) -> None:
    december, _january = desk.met(cast, DECEMBER, JANUARY)
    facts = {"begins_at": time(9), "place": "Aulan", "papers_by": None}
    version = december.version
    actions.change(december, held_on=FEBRUARY, **facts, version=version, by=cast.sixten)
    assert (december.held_on, december.place) == (FEBRUARY, "Aulan")
    with pytest.raises(RuleBroken, match="Någon annan ändrade"):
        actions.change(december, held_on=DECEMBER, **facts, version=version, by=cast.sixten)
    with pytest.raises(RuleBroken, match="finns redan"):
        actions.change(december, held_on=JANUARY, **facts, version=december.version, by=cast.sixten)


def test_a_decision_belongs_to_the_meeting_of_its_day_and_puts_its_matter_on_the_agenda(cast: Cast) -> None:
    [friday, december] = desk.met(cast, desk.DAY, DECEMBER)
    waits, extra = desk.opened(cast, "Väntade till december"), desk.opened(cast, "Extra")
    actions.put(december, waits, by=cast.sixten)
    for number, matter in enumerate((waits, extra)):
        assert desk.decided(cast, matter, str(number + 1)).meeting is friday
    assert titles(friday) == ["Väntade till december", "Extra"] and titles(december) == []
    assert desk.decided(cast, None, "9", date(2026, 11, 19)).meeting is None


def test_a_decision_that_is_corrected_to_another_day_leaves_the_meeting_where_it_stood(cast: Cast) -> None:
    thursday, friday = desk.met(cast, date(2026, 11, 19), desk.DAY)
    matter = desk.opened(cast)
    actions.put(friday, matter, by=cast.sixten)
    wrong = desk.decided(cast, matter)
    right = desk.decided(cast, matter, day=date(2026, 11, 19), corrects=wrong)
    assert (queries.decisions(friday), queries.decisions(thursday)) == ([], [right])
    assert matter_queries.place(matter) is not None  # at friday's meeting nothing was decided in it after all


def test_what_is_put_off_goes_on_and_what_is_referred_back_is_work_again(cast: Cast) -> None:
    [friday, december] = desk.met(cast, desk.DAY, DECEMBER)
    late, poor = desk.under_way(cast, "Bordlagt"), desk.under_way(cast, "Återremitterat")
    for matter in (late, poor):
        matter_actions.go(matter, "write", by=cast.olle)
        actions.put(friday, matter, by=cast.sixten)
    desk.decided(cast, late, "1", outcome="postpone", text="att bordlägga ärendet")
    desk.decided(cast, poor, "2", outcome="refer_back", text="att återremittera ärendet: effekten saknas")
    assert (late.state, titles(december), poor.state) == ("on_agenda", ["Bordlagt"], "under_way")
    assert matter_queries.place(poor) is None and "effekten saknas" in matter_queries.steps(poor)[0].words
    with pytest.raises(RuleBroken, match="dagen finns inte i kalendern"):
        desk.decided(cast, poor, "3", date(2026, 11, 19), outcome="postpone")
