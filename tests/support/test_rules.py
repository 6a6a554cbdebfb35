"""What a request is, and what an answer has to say."""

from datetime import date

import pytest
from flask import Flask

from chain.base.errors import RuleBroken
from chain.support import escalation_rules, routing_rules, rules
from chain.support.rules import Asked


def test_requests_are_read_from_the_sections_of_their_kind() -> None:
    snapshot = {
        "sections": [
            {"kind": "text", "answer": {"text": "Handledning"}},
            {"kind": "requests", "answer": {"items": [{"item": "a", "text": " Handledning "}, {"item": "b", "text": "  "}]}},
            {"kind": "requests", "answer": None},
        ]
    }
    assert rules.asked(snapshot) == [Asked("a", "Handledning")]


@pytest.mark.parametrize(
    ("state", "answer", "field"),
    [("refused", "Nej tyvärr", "answer"), ("taken_up", "", "answer"), ("maybe", "Kanske det blir så", "state")],
)
def test_an_answer_that_says_nothing_is_refused(state: str, answer: str, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check(state, answer, has_above=True)
    assert field in refused.value.problems


def test_an_answer_that_is_too_long_is_refused_and_never_cut(app: Flask) -> None:
    whole = "Vi ger stöd. " + "x" * (rules.LONGEST - 13)
    assert rules.check("granted", f" {whole}\n", has_above=True) == whole
    day = date(2027, 1, 1)
    for check in (
        lambda words: rules.check("granted", words, has_above=True),
        lambda words: escalation_rules.check("granted", words, day, day, has_above=True),
        lambda words: routing_rules.check_prepared("granted", words, ["granted"]),
    ):
        with pytest.raises(RuleBroken, match="Korta den till högst") as refused:
            check(whole + "x")
        assert set(refused.value.problems) == {"answer"}
    with pytest.raises(RuleBroken) as refused:
        escalation_rules.check_told(whole + "x")
    assert set(refused.value.problems) == {"words"}


def test_yes_needs_no_words() -> None:
    assert rules.check("granted", " ", has_above=False) == ""


def test_the_committee_has_nobody_above_it() -> None:
    with pytest.raises(RuleBroken, match="ingen nivå ovanför"):
        rules.check("taken_up", "Vi behöver mer pengar", has_above=False)


def test_the_answer_from_above_stands_below_ones_own() -> None:
    assert (
        rules.appended("Vi har frågat nämnden.", "Nämnden", "Ja, 40 000 kr.")
        == "Vi har frågat nämnden.\n\nNämnden svarar: Ja, 40 000 kr."
    )
    assert rules.appended("Vi har frågat nämnden.", "Nämnden", "") == "Vi har frågat nämnden."


def test_a_reworded_request_has_a_name_of_its_own_always_the_same() -> None:
    once, again, other = Asked("a", "x"), Asked("a", "x"), Asked("a", "y")
    assert rules.renamed(once) == rules.renamed(again) != rules.renamed(other)
    assert len(rules.renamed(once)) == 32


def test_what_is_asked_for_no_longer() -> None:
    assert rules.left(["a", "b", rules.renamed(Asked("c", "x"))], [Asked("a", "x"), Asked("c", "x")]) == {"b"}
