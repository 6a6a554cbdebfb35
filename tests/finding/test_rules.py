"""What is true of coding: the words that are marked, themes that are merged, whose codes stand, and what a coder may not see."""

from dataclasses import dataclass

import pytest
from flask import Flask

from chain.base.errors import RuleBroken
from chain.finding import rules, shipped
from chain.finding.rules import Code

PARAGRAPH = "Vi ser fler som läser. Vi ser färre som räknar."


@dataclass
class Theme:
    id: int
    state: str = "active"
    merged_into_id: int | None = None


# Words


@pytest.mark.parametrize(
    ("chosen", "begins", "found"),
    [
        ("", None, (0, len(PARAGRAPH))),
        ("   ", None, (0, len(PARAGRAPH))),
        ("fler som läser", None, (7, 21)),
        ("Vi ser", 23, (23, 29)),
        ("Vi ser", 0, (0, 6)),
        ("färre", 2, (30, 35)),  # where the script counts otherwise, the words say where
        (" fler som\r\nläser".replace("\r\n", " "), None, (7, 21)),
    ],
)
def test_the_words_say_which_part_is_meant(chosen: str, begins: int | None, found: tuple[int, int]) -> None:
    assert rules.part(PARAGRAPH, chosen, begins) == found


@pytest.mark.parametrize(
    ("chosen", "told"), [("något annat", "står inte så"), ("Vi ser", "flera ställen"), ("vi ser fler", "inte så")]
)
def test_words_that_do_not_stand_there_or_stand_twice_are_refused(app: Flask, chosen: str, told: str) -> None:
    with pytest.raises(RuleBroken, match=told) as refused:
        rules.part(PARAGRAPH, chosen)
    assert "words" in refused.value.problems


def test_a_paragraph_is_marked_as_it_was_seen(app: Flask) -> None:
    rules.check_paragraph(PARAGRAPH, rules.sha256(PARAGRAPH))
    with pytest.raises(RuleBroken, match="Ladda om"):
        rules.check_paragraph(PARAGRAPH, rules.sha256("Något annat."))


# Themes


def test_a_merged_theme_is_counted_as_the_last_one_in_its_row() -> None:
    themes = [Theme(1, "merged", 2), Theme(2, "merged", 3), Theme(3), Theme(4, "retired", None), Theme(5, "active", 1)]
    assert rules.roots(themes) == {1: 3, 2: 3, 3: 3, 4: 4, 5: 5}


@pytest.mark.parametrize("name", ["", "   ", "ledarskap", "LEDARSKAP ", "x" * 81])
def test_a_theme_has_a_name_of_its_own(app: Flask, name: str) -> None:
    with pytest.raises(RuleBroken):
        rules.check_name(name, ["Ledarskap"])


def test_the_shipped_themes_are_those_of_the_model_in_both_languages() -> None:
    found = shipped.themes()
    assert [one.words["sv"]["name"] for one in found] == [
        "Medarbetarskap", "Planering", "Underlag för analys", "Ledarskap", "Process",
    ]  # fmt: skip
    assert all(one.words[language]["belongs"].endswith(".") for one in found for language in ("sv", "en"))


# Whose codes stand

A, B, THEME, OTHER = 1, 2, 10, 11
FIRST = [Code(7, "a", A, THEME), Code(7, "b", A, OTHER), Code(7, "c", A, THEME)]
SECOND = [Code(7, "a", B, THEME), Code(7, "b", B, THEME)]


def test_nothing_stands_before_somebody_has_read_it() -> None:
    assert rules.standing(FIRST, {}, {}).codes == frozenset()


def test_one_coders_codes_stand_alone() -> None:
    found = rules.standing([*FIRST, *SECOND], {7: [A]}, {})
    assert found.codes == {(7, "a", THEME), (7, "b", OTHER), (7, "c", THEME)} and not found.differs


def test_of_two_what_both_say_stands_and_the_rest_waits() -> None:
    found = rules.standing([*FIRST, *SECOND], {7: [A, B]}, {})
    assert found.codes == {(7, "a", THEME)}
    assert {(one.span, one.firsts, one.seconds) for one in found.waiting} == {
        ("b", frozenset({OTHER}), frozenset({THEME})), ("c", frozenset({THEME}), frozenset()),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("whose", "stands"),
    [(A, {(7, "b", OTHER)}), (B, {(7, "b", THEME)}), (None, {(7, "b", OTHER), (7, "b", THEME)})],
)
def test_a_difference_is_resolved_for_one_or_for_both(whose: int | None, stands: set[object]) -> None:
    found = rules.standing([*FIRST, *SECOND], {7: [A, B]}, {(7, "b"): whose, (7, "c"): B})
    assert found.codes == {(7, "a", THEME), *stands}  # what the second did not code in c stands: nothing
    assert len(found.differs) == 2 and not found.waiting


# Blind


@pytest.mark.parametrize(
    ("mine", "theirs", "hidden"),
    [
        (None, "coding", True), (None, "read", True), ("coding", "read", True), ("coding", "coding", True),
        ("read", "read", False), ("passed", "read", False), ("coding", None, False), (None, "passed", False),
    ],
)  # fmt: skip
def test_a_coder_does_not_see_anothers_codes_before_having_read(mine: str | None, theirs: str | None, hidden: bool) -> None:
    rows = [(7, person, state) for person, state in ((A, mine), (B, theirs)) if state]
    assert (7 in rules.blind(rows, A)) is hidden


def test_who_has_read_does_not_see_what_another_is_coding() -> None:
    assert rules.unseen([(7, A, "read"), (7, B, "coding"), (8, A, "read"), (8, B, "read")], A) == {7}


def test_two_may_code_and_a_third_may_not(app: Flask) -> None:
    rules.check_room([(A, "read"), (B, "coding")], A)
    rules.check_room([(A, "read"), (B, "passed")], 3)
    with pytest.raises(RuleBroken, match="Två har redan"):
        rules.check_room([(A, "read"), (B, "coding")], 3)
