"""How a sum is read."""

import pytest

from chain.base.errors import RuleBroken
from chain.rollup import rules
from chain.rollup.rules import Key, Part, Sum, Words

WORDS = Words(
    school_forms={"FS": "Förskola", "GR": "Grundskola"},
    year_groups={("GR", "4"): "Årskurs 4", ("GR", "6"): "Årskurs 6"},
    subjects={"MA": "Matematik", "SV": "Svenska"},
    indicators={"at_least_e": 0, "grades": 1},
    title=lambda key, group: ({"at_least_e": "Minst E", "grades": "Betyg"}[key], "k av n"),
    steps=lambda key: {"A": "A", "F": "F"} if key == "grades" else {},
    basis=lambda basis: {"forecast": "prognos", "term_grade": "terminsbetyg"}[basis],
)


def a(subject: str, group: str, n: int, k: int, *, basis: str = "forecast", units: int = 1, step: str = "") -> Sum:
    return Sum("grades" if step else "at_least_e", "GR", subject, group, step, basis, n + 2, n, k, units)


def made(*now: Sum, before: tuple[Sum, ...] = (), coverage: dict[tuple[str, str], Part] | None = None) -> list[rules.Block]:
    return rules.blocks(now, before, coverage or {}, WORDS, lambda key: key.subject)


@pytest.mark.parametrize(("k", "n", "said"), [(0, 0, "–"), (14, 18, "14 av 18"), (17, 20, "85 % (17 av 20)")])
def test_a_share_says_what_it_is_a_share_of(k: int, n: int, said: str) -> None:
    assert rules.said(k, n) == said


def test_a_small_group_is_marked() -> None:
    assert [rules.small(n) for n in (0, 1, 9, 10)] == [False, True, True, False]


def test_coverage_is_among_those_who_have_the_year_group() -> None:
    coverage = {("", ""): Part(20, 18), ("GR", ""): Part(8, 7), ("GR", "6"): Part(3, 3)}
    assert rules.share_of(coverage, "GR", "6") == Part(3, 3)
    assert rules.share_of(coverage, "GR", "1") == Part(8, 7)
    assert rules.share_of(coverage, "FS", "") == Part(20, 18)


def test_more_units_than_expected_are_never_more_than_all() -> None:
    assert rules.of_units(3, Part(2, 3)) == "3 av 3"


def test_a_table_holds_one_measurement_alone() -> None:
    """A forecast and a grade are never rows of one table, nor compared."""
    found = made(
        a("MA", "6", 20, 17), a("MA", "6", 30, 20, basis="term_grade"), before=(a("MA", "6", 25, 20, basis="term_grade"),)
    )
    assert [(block.title, block.basis) for block in found] == [
        ("Minst E, Årskurs 6", "prognos"),
        ("Minst E, Årskurs 6", "terminsbetyg"),
    ]
    assert [block.lines[0].before for block in found] == ["", "80 % (20 av 25)"]


def test_the_order_is_that_of_subjects_never_of_results() -> None:
    [block] = made(a("SV", "6", 20, 20), a("MA", "6", 20, 1))
    assert [line.label for line in block.lines] == ["Matematik", "Svenska"]
    assert [block.title for block in made(a("MA", "6", 20, 2), a("MA", "4", 20, 3))] == [
        "Minst E, Årskurs 4",
        "Minst E, Årskurs 6",
    ]


def test_a_line_says_its_coverage() -> None:
    [block] = made(a("MA", "6", 9, 7, units=2), coverage={("GR", "6"): Part(3, 2)})
    [line] = block.lines
    assert (line.value, line.assessed, line.units, line.small) == ("7 av 9", "9 av 11", "2 av 3", True)


def test_a_distribution_is_one_line_of_steps() -> None:
    [block] = made(a("MA", "6", 20, 15, step="A"), a("MA", "6", 20, 5, step="F"))
    assert block.steps == ("A", "F")
    assert [(line.cells, line.value) for line in block.lines] == [(("15", "5"), "")]


def test_a_figure_opens_by_what_it_is_about() -> None:
    assert rules.key(a("MA", "6", 9, 7)) == Key("at_least_e", "GR", "MA", "6", "", "forecast")


def test_a_reason_is_something_to_act_on() -> None:
    with pytest.raises(RuleBroken):
        rules.check_reason("  Gör om \n detta ")
    assert rules.check_reason(" Orsakerna saknas i matematik. ") == "Orsakerna saknas i matematik."
