"""The thread as plain things: what is counted, what is left out of a page, where the drawn one is broken."""

from chain.thread import rules
from chain.thread.rules import Break, Knot, Station, Strand


def goal(key: str, *below: Strand, level: str = "unit") -> Strand:
    return Strand(Knot("goal", key, key, level=level), below)


def measure(key: str) -> Strand:
    return Strand(Knot("measure", key, key))


def test_what_hangs_below_two_goals_is_one() -> None:
    shared = measure("m")
    assert rules.counted([goal("a", goal("b", shared), goal("c", shared), goal("b"))]) == {"goal": 3, "measure": 1}


def test_a_page_that_holds_all_is_left_as_it_is() -> None:
    strands = [goal("a", goal("b", measure("m")))]
    assert rules.folded(strands, 3) == tuple(strands)


def test_the_deepest_knots_are_counted_when_there_are_too_many() -> None:
    strands = [goal("a", *(goal(f"b{n}", measure(f"m{n}"), measure(f"n{n}")) for n in range(4)))]
    [top] = rules.folded(strands, 6)
    assert [one.knot.key for one in top.below] == ["b0", "b1", "b2", "b3"] and not top.more
    assert [(one.below, one.more) for one in top.below] == [((), (("measure", 2),))] * 4
    assert rules.counted([top]) == rules.counted(strands)
    [shut] = rules.folded(strands, 2)
    assert shut.below == () and dict(shut.more) == {"goal": 4, "measure": 8}
    assert rules.counted([shut]) == rules.counted(strands)


def test_what_was_asked_for_is_never_left_out() -> None:
    assert len(rules.folded([goal(str(n)) for n in range(9)], 3)) == 9


def test_the_drawn_thread_has_a_place_for_every_level_of_the_tree_and_says_where_nothing_is() -> None:
    strands = [goal("n", goal("c", goal("u", measure("m")), goal("v"), level="committee"), level="national")]
    drawn = rules.stations(
        strands, ["national", "committee", "administration", "unit"], ("plan", "measure", "outcome"), {"decision": 0, "answer": 2}
    )
    assert [(one.kind, one.level, one.number) for one in drawn] == [
        ("goal", "national", 1), ("goal", "committee", 1), ("goal", "administration", 0), ("goal", "unit", 2),
        ("plan", "", 0), ("measure", "", 1), ("outcome", "", 0), ("decision", "", 0), ("answer", "", 2),
    ]  # fmt: skip
    assert [one.level or one.kind for one in drawn if not one.holds] == ["administration", "plan", "outcome", "decision"]
    assert Station("answer", "", 2).holds


def test_broken_threads_are_told_by_the_place_where_they_are() -> None:
    def broken(at: str, key: str) -> Break:
        return Break("cause", Knot("measure", key, key, at=at), "Här.", "Rektor")

    found = rules.Breaks("cause", (broken("Alskolan", "1"), broken("Ekskolan", "3"), broken("Alskolan", "4")), 7)
    assert {place: [each.knot.key for each in here] for place, here in found.places.items()} == {
        "Alskolan": ["1", "4"], "Ekskolan": ["3"],
    }  # fmt: skip


def test_what_hangs_below_is_told_where_a_goal_stands_first() -> None:
    shared = goal("c", goal("u", measure("m")))
    first, second = rules.once([goal("a", shared), goal("b", shared)])
    assert first.below == (shared,)
    assert [(one.knot.key, one.knot.again, one.below) for one in second.below] == [("c", True, ())]
    assert rules.counted([first, second]) == rules.counted([goal("a", shared), goal("b", shared)])
