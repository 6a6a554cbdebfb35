"""What a node may do, when it is done, how far something has reached."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.base.errors import RuleBroken
from chain.feedback import rules

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
STATES = ("delivered", "read", "passed_on", "answered", "both", "ended")


@dataclass(frozen=True)
class Copy:
    id: int
    from_id: int | None = None
    state: str = "delivered"
    level: str = "unit"
    delivered_at: datetime = NOON
    read_at: datetime | None = None


@st.composite
def trees(draw: st.DrawFn) -> list[Copy]:
    """Any tree of deliveries: each one's parent comes before it, or it came from the sender."""
    size = draw(st.integers(1, 14))
    return [
        Copy(number, draw(st.sampled_from([None, *range(number)])) if number else None, draw(st.sampled_from(STATES)))
        for number in range(size)
    ]


def by_hand(copy: Copy, copies: list[Copy], late: bool) -> bool:
    """The rule once more, read from the text and not from the code."""
    children = [one for one in copies if one.from_id == copy.id]
    answered = copy.state in ("answered", "both")
    passed_on = copy.state in ("passed_on", "both")
    return answered or copy.state == "ended" or (passed_on and all(late or by_hand(one, copies, late) for one in children))


@given(trees(), st.booleans())
def test_a_delivery_is_done_when_answered_or_when_passed_on_and_every_child_is_done_or_past_due(
    copies: list[Copy], late: bool
) -> None:
    assert rules.done(copies, late=late) == {copy.id for copy in copies if by_hand(copy, copies, late)}


@pytest.mark.parametrize(
    ("why", "copies", "in_time", "past_due"),
    [
        ("only got it: not done, and no day makes it done", [Copy(1)], set(), set()),
        ("only read it: not done, and no day makes it done", [Copy(1, state="read")], set(), set()),
        ("answered", [Copy(1, state="answered")], {1}, {1}),
        ("its unit has ended", [Copy(1, state="ended")], {1}, {1}),
        (
            "passed on, the child has only got it: done past due, the child is not",
            [Copy(1, state="passed_on"), Copy(2, 1)],
            set(),
            {1},
        ),
        ("passed on, the child has read it", [Copy(1, state="passed_on"), Copy(2, 1, "read")], set(), {1}),
        ("passed on, the child has answered", [Copy(1, state="passed_on"), Copy(2, 1, "answered")], {1, 2}, {1, 2}),
        ("passed on, the child has ended", [Copy(1, state="passed_on"), Copy(2, 1, "ended")], {1, 2}, {1, 2}),
        (
            "passed on, one of two children has answered",
            [Copy(1, state="passed_on"), Copy(2, 1, "answered"), Copy(3, 1, "read")],
            {2},
            {1, 2},
        ),
        ("passed on and answered, the child has only got it", [Copy(1, state="both"), Copy(2, 1)], {1}, {1}),
        (
            "passed on twice, nobody has answered",
            [Copy(1, state="passed_on"), Copy(2, 1, "passed_on"), Copy(3, 2)],
            set(),
            {1, 2},
        ),
        (
            "passed on twice and answered at the end",
            [Copy(1, state="passed_on"), Copy(2, 1, "passed_on"), Copy(3, 2, "answered")],
            {1, 2, 3},
            {1, 2, 3},
        ),
        ("what another node has got is no child of it", [Copy(1, state="answered"), Copy(2)], {1}, {1}),
    ],
)
def test_each_way_of_being_done(why: str, copies: list[Copy], in_time: set[int], past_due: set[int]) -> None:
    assert (rules.done(copies), rules.done(copies, late=True)) == (in_time, past_due), why


@given(trees(), st.data())
def test_an_answer_below_never_makes_anything_undone(copies: list[Copy], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(copies))
    state = "both" if chosen.state in ("passed_on", "both") else "answered"
    after = [replace(copy, state=state) if copy.id == chosen.id else copy for copy in copies]
    assert rules.done(copies) <= rules.done(after)
    assert chosen.id in rules.done(after)


@given(trees())
def test_the_counts_of_a_level_hold_together(copies: list[Copy]) -> None:
    for reach in rules.reach(copies, ["unit"]):
        assert 0 <= reach.answered <= reach.read <= reach.of
        assert reach.answered <= reach.done <= reach.of


@given(trees(), st.data())
def test_what_came_of_passing_on_is_what_leads_back_to_it(copies: list[Copy], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(copies))
    under = rules.under(copies, chosen)
    assert {copy.id for copy in under} == {copy.id for copy in copies if chosen in rules.line(copies, copy)}


def test_passing_on_requires_having_read() -> None:
    with pytest.raises(RuleBroken, match="Jag har läst"):
        rules.after("delivered", "pass_on")
    assert rules.after("read", "pass_on") == "passed_on"


def test_answering_is_having_read() -> None:
    assert rules.after("delivered", "answer") == "answered"


def test_nothing_is_passed_on_twice() -> None:
    for state in ("passed_on", "both"):
        with pytest.raises(RuleBroken, match="redan fört vidare"):
            rules.after(state, "pass_on")


def test_what_has_ended_takes_nothing() -> None:
    for act in ("read", "answer", "pass_on"):
        with pytest.raises(RuleBroken):
            rules.after("ended", act)


def test_it_has_stopped_where_nobody_has_answered_or_passed_on() -> None:
    copies = [
        Copy(1, None, "passed_on"),
        Copy(2, 1, "delivered", delivered_at=datetime(2026, 11, 1, 12, tzinfo=UTC)),
        Copy(3, 1, "read", read_at=datetime(2026, 11, 10, 12, tzinfo=UTC)),
        Copy(4, 1, "answered"),
    ]
    assert [(copy.id, days) for copy, days in rules.stopped(copies, date(2026, 11, 22))] == [(2, 21), (3, 12)]


def test_days_are_counted_in_stockholm() -> None:
    late_at_night = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # already the 22nd in Stockholm
    [(_copy, days)] = rules.stopped([Copy(1, delivered_at=late_at_night)], date(2026, 11, 22))
    assert days == 0


def test_a_day_is_past_when_it_is_over_and_never_without_a_day() -> None:
    today = date(2026, 11, 22)
    assert not rules.past_due(today, today) and not rules.past_due(None, today)
    assert rules.past_due(date(2026, 11, 21), today)


def test_words_are_needed_and_there_is_a_limit() -> None:
    assert rules.said("  Ja. \n", "Skriv.") == "Ja."
    for text in ("  ", "x" * (rules.LONGEST + 1)):
        with pytest.raises(RuleBroken):
            rules.said(text, "Skriv.")


@dataclass(frozen=True)
class Cited:
    public_id: str
    span: str


def test_words_are_followed_from_citation_to_citation_and_never_by_their_looks() -> None:
    own, again, other = Cited("a", "works.text.1"), Cited("b", "patterns.citation.a"), Cited("c", "works.text.1")
    further, others = Cited("d", "units_see.citation.b"), Cited("e", "units_see.citation.c")
    every = [further, others, again, other, own]  # in any order
    assert rules.lifted(every, ["a"]) == [further, again, own]
    assert rules.lifted(every, ["c"]) == [others, other]
    assert rules.lifted(every, []) == []
