"""A follow-up's life, as the table says it."""

import pytest

from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle import shipped
from chain.followup import rules
from chain.followup.rules import Facts

LEVELS = {level.key: level for level in shipped.levels()}


def move(verb: str, state: str, role: str = "principal", own: str = "unit", receiving: str = "area", **facts: object) -> str:
    found = rules.move(
        verb,
        state,
        Facts(**facts),  # type: ignore[arg-type]
        role=role,
        own=LEVELS[own],
        receiving=LEVELS[receiving],
    )
    return found.after


def refused(verb: str, state: str, role: str, **facts: object) -> str:
    with pytest.raises(RuleBroken) as told:
        move(verb, state, role, **facts)
    return told.value.sentence


def test_the_straight_way() -> None:
    assert move("save", "not_started") == "draft"
    assert move("submit", "draft") == "submitted"
    assert move("accept", "submitted", "area_head") == "accepted"


def test_where_nobody_receives_it_stands_as_accepted() -> None:
    assert move("submit", "draft", "director", "administration", received=False) == "accepted"
    assert move("withdraw", "accepted", "director", "administration", received=False) == "withdrawn"


def test_the_ways_back_all_end_in_a_draft() -> None:
    assert move("withdraw", "submitted") == "withdrawn"
    assert move("send_back", "submitted", "area_head", reason="Åk 6 saknas") == "returned"
    assert move("reopen", "accepted", "area_head", reason="Fel kolumn") == "reopened"
    assert {rules.comes_to(state) for state in ("withdrawn", "returned", "reopened")} == {"draft"}
    assert [rules.comes_to(state) for state in rules.HANDED_UP] == list(rules.HANDED_UP)


def test_each_requirement_refuses_with_its_own_sentence() -> None:
    assert "inte klar" in refused("submit", "draft", "principal", problems={"example": "Tomt."})
    assert "januari" in refused("submit", "draft", "principal", handed_up_later="Uppföljning 2, januari")
    assert "april" in refused("submit", "draft", "principal", came_back="Uppföljning 3, april")
    assert "börjat läsa" in refused("withdraw", "submitted", "principal", opened=True)
    published = {"received": False, "opened": True}
    with pytest.raises(RuleBroken, match="nämnden har fått"):
        move("withdraw", "accepted", "director", "administration", **published)
    assert "Skriv varför" in refused("send_back", "submitted", "area_head")
    assert "bygger på" in refused("reopen", "accepted", "area_head", reason="x", receiver_handed_up=True)
    assert "januari" in refused("reopen", "accepted", "area_head", reason="x", handed_up_later="januari")
    assert "komplettera" in refused("supplement", "accepted", "principal")


def test_every_requirement_of_the_table_is_known_and_used() -> None:
    used = {name for line in rules.MOVES for name in line.requires}
    assert used == set(rules.REQUIREMENTS)
    assert {line.where for line in rules.MOVES} == set(rules.CASES)


def test_problems_are_told_by_section() -> None:
    with pytest.raises(RuleBroken) as told:
        move("submit", "draft", problems={"example": "Tomt."})
    assert told.value.problems == {"example": "Tomt."}


def test_the_wrong_role_is_not_allowed() -> None:
    for verb, state, role in (
        ("submit", "draft", "deputy"), ("accept", "submitted", "principal"), ("reopen", "accepted", "officer"),
        ("save", "draft", "area_head"), ("withdraw", "submitted", "area_head"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            move(verb, state, role, reason="x")


def test_what_is_not_begun_is_not_too_late_to_hand_in() -> None:
    assert "Inget är skrivet än" in refused("submit", "not_started", "principal")


def test_a_page_offers_what_the_table_lets_one_do() -> None:
    assert allowed("withdraw", "submitted") and not allowed("withdraw", "submitted", opened=True)
    assert not allowed("withdraw", "accepted") and not allowed("withdraw", "submitted", "deputy")
    by_the_director = {"role": "director", "own": "administration", "received": False}
    assert allowed("withdraw", "accepted", **by_the_director)  # type: ignore[arg-type]
    assert not allowed("withdraw", "accepted", **by_the_director, handed_up_later="januari")  # type: ignore[arg-type]


def allowed(verb: str, state: str, role: str = "principal", own: str = "unit", **facts: object) -> bool:
    return rules.allows(verb, state, Facts(**facts), role=role, own=LEVELS[own])  # type: ignore[arg-type]


def test_what_is_not_in_the_table_does_not_happen() -> None:
    known = {(line.act, line.before) for line in rules.MOVES} | set(rules.REFUSED)
    verbs = {line.act for line in rules.MOVES} - {""}
    states = {line.before for line in rules.MOVES}
    for verb in verbs:
        for state in states:
            if (verb, state) not in known:
                with pytest.raises(RuleBroken, match="Det går inte längre"):
                    move(verb, state, "principal", reason="x")


def test_the_diagram_shows_every_line() -> None:
    drawn = rules.diagram().splitlines()
    assert drawn[:2] == ["stateDiagram-v2", "    [*] --> not_started"]
    assert "    submitted --> returned : send back by receiver (reason, latest)" in drawn
    assert len(drawn) == len(rules.MOVES) + 2


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert rules.canonical({"b": [1, "å"], "a": {"d": None, "c": True}}) == '{"a":{"c":true,"d":null},"b":[1,"å"]}'.encode()
    assert rules.sha256({"a": 1, "b": 2}) == rules.sha256({"b": 2, "a": 1}) != rules.sha256({"a": 1, "b": 3})
