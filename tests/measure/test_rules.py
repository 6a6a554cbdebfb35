"""What a measure must say, and the law that none is dropped."""

from hypothesis import given
from hypothesis import strategies as st

from chain.measure import rules

names = st.frozensets(st.sampled_from("abcdefgh"))


def test_a_measure_that_is_carried_past_its_due_round_or_given_up_says_what_came_in_the_way() -> None:
    asked = {(kind, due) for kind in rules.KINDS for due in (False, True) if rules.asks_hindrance(kind, due_has_come=due)}
    assert asked == {
        ("goes_on", True), ("changed", True), ("handed_over", True), ("ended_without", True), ("ended_without", False),
    }  # fmt: skip


def test_what_happened_to_the_unit_is_not_chosen_by_anybody() -> None:
    known = rules.Known({}, {})
    assert "kind" in rules.outcome_problems("x", {"kind": "handed_over", "effect": "y"}, known, due_has_come=False)


def test_a_due_round_is_written_and_read() -> None:
    assert rules.read_due(rules.written_due("2026/27", 2)) == ("2026/27", 2)


def test_a_long_problem_is_named_by_its_beginning() -> None:
    assert rules.short("kort") == "kort"
    assert len(rules.short("ord " * 40)) == 60 and rules.short("ord " * 40).endswith("…")


def test_every_kind_and_reason_has_words() -> None:
    words = [rules.kind_name(kind) for kind in rules.KINDS]
    words += [rules.hindrance_name(one) for one in rules.HINDRANCES] + [rules.evidence_name(one) for one in rules.EVIDENCE]
    assert all(words) and len(set(words)) == len(words)


@given(names, names)
def test_the_law_holds_when_each_open_measure_has_one_outcome_and_nothing_else_has(before: set[str], answered: set[str]) -> None:
    broken = rules.law(before, dict.fromkeys(answered, "done"))
    assert (not broken) == (before == answered)
    assert broken == (before - answered) | (answered - before)
