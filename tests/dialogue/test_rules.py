"""The rules of a quality dialogue: its life, its agenda, what an agreement must say."""

from datetime import date, time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.base.errors import NotAllowed, RuleBroken
from chain.dialogue import rules, shipped
from chain.dialogue.rules import Facts

ROLES = (*rules.UNIT_ROLES, *rules.HOST_ROLES)
READY = Facts(words="Ja.", asked=True)
TODAY = date(2026, 11, 22)
PEOPLE = [{"side": "unit"}, {"side": "host"}]


def walked(*acts: tuple[str, str], facts: Facts = READY) -> str:
    state = "planned"
    for act, role in acts:
        state = rules.move(act, state, facts, role=role).state
    return state


def test_from_planned_to_closed() -> None:
    way = ("hand_over", "principal"), ("hold", "officer"), ("propose", "officer"), ("agree", "principal"), ("close", "director")
    assert walked(*way) == "closed"


def test_a_dialogue_can_be_held_though_nothing_was_handed_over() -> None:
    assert walked(("hold", "area_head")) == "held"


def test_a_change_takes_the_proposal_back_and_what_both_agreed_to_needs_a_reason() -> None:
    assert walked(("hold", "officer"), ("propose", "principal"), ("reword", "deputy")) == "held"
    with pytest.raises(RuleBroken, match="ord"):
        rules.move("reopen", "agreed", Facts(), role="principal")
    with pytest.raises(RuleBroken, match="åtgärd"):
        rules.move("reopen", "agreed", Facts(words="Fel.", taken=True), role="principal")


def test_two_persons_agree_one_from_each_side() -> None:
    for facts in (Facts(other_side=False), Facts(other_person=False)):
        with pytest.raises(RuleBroken, match="godkän"):
            rules.move("agree", "proposed", facts, role="principal")


def test_a_deputy_writes_and_does_not_agree() -> None:
    for act, state in (("propose", "held"), ("agree", "proposed"), ("hand_over", "planned")):
        with pytest.raises(NotAllowed):
            rules.move(act, state, Facts(words="x"), role="deputy")


def test_nothing_ends_while_an_agreement_waits_or_before_the_day() -> None:
    with pytest.raises(RuleBroken, match="väntar"):
        rules.move("close", "agreed", Facts(words="x", waiting=1), role="officer")
    with pytest.raises(RuleBroken, match="Dagen"):
        rules.move("hold", "planned", Facts(day_has_come=False), role="officer")


def test_what_is_offered_can_be_done_and_nothing_leads_away_from_the_end() -> None:
    for state, role in product(rules.STATES, ROLES):
        for act in rules.possible(state, Facts(asked=True), role=role):
            assert rules.move(act, state, Facts(words="x", asked=True), role=role).state in rules.STATES
    assert not {one.act for one in rules.MOVES if one.before in ("closed", "cancelled")}
    assert {one.state for one in rules.MOVES} | {"planned"} == set(rules.STATES)


def test_the_shipped_agenda_is_in_two_languages() -> None:
    titles = [one["title"] for one in shipped.headings()]
    assert len(titles) >= 4 and all(set(one) == {"sv", "en"} for one in titles)


def test_own_headings_keep_the_keys_of_those_that_stay() -> None:
    before = shipped.headings()
    found = rules.headings("Åtgärder\n\n  Trygghet   och ro \nResultat och utveckling\nÅtgärder", before)
    assert [one["key"] for one in found] == ["measures", "trygghet-och-ro", "results"]
    assert found[0]["title"]["en"] == "Measures" and found[1]["title"] == {"sv": "Trygghet och ro"}


@given(st.lists(st.text(min_size=1, max_size=40), max_size=14))
def test_every_heading_has_a_key_of_its_own(lines: list[str]) -> None:
    try:
        found = rules.headings("\n".join(lines), shipped.headings())
    except RuleBroken:
        return
    keys = [one["key"] for one in found]
    assert len(set(keys)) == len(keys) and rules.OWN_WORDS not in keys and all(keys)


def test_too_many_headings_too_long_ones_and_none_are_refused() -> None:
    for typed in ("", "\n".join(map(str, range(13))), "x" * 121):
        with pytest.raises(RuleBroken) as no:
            rules.headings(typed, ())
        assert "agenda" in no.value.problems


def test_a_meeting_needs_a_day_to_come_an_hour_and_both_sides() -> None:
    rules.check_plan(TODAY, time(13), "Skolan", PEOPLE, today=TODAY)
    with pytest.raises(RuleBroken) as no:
        rules.check_plan(date(2026, 11, 21), None, "x" * 201, [], today=TODAY)
    assert set(no.value.problems) == {"held_on", "begins_at", "place", "unit_people", "host_people"}


def test_an_agreement_says_what_who_and_until_when() -> None:
    rules.check_agreement("Läsa varje dag", "unit", "unit", "2026/27:2", ["2026/27:2"])
    with pytest.raises(RuleBroken) as no:
        rules.check_agreement(" ", None, "", "2026/27:2", [])
    assert set(no.value.problems) == {"text", "side", "responsible", "due"}
    with pytest.raises(RuleBroken, match="samma sida"):
        rules.check_agreement("Läsa", "host", "unit", "a", ["a"])


def test_a_text_that_is_too_long_is_refused_and_line_ends_are_one_kind() -> None:
    assert rules.tidy("a\r\nb\rc\x00") == "a\nb\nc"
    with pytest.raises(RuleBroken):
        rules.tidy("x" * (rules.LONGEST + 1))


def test_those_without_a_dialogue_stand_in_the_order_given() -> None:
    assert rules.without([(1, "Al"), (2, "Ek"), (3, "Gran")], [2]) == ["Al", "Gran"]
