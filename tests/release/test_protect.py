"""What has to be withheld in tables that can be worked out by hand, and that it is the same each time."""

import random

from chain.release.attack import Between
from chain.release.protect import Figure, blocks, protect

Counts = dict[str, tuple[int, ...]]


def table(counts: Counts, small: set[str], tree: dict[str, list[str]]) -> tuple[list[Figure], list[float], list[str]]:
    """A count of each unit, and sums of them; what is `small` is a secret."""
    atoms = {name: n for n, name in enumerate(counts)}
    figures = [
        Figure(name, (1, -counts[name][0], name), () if name in small else (frozenset([atom]),),
               secrets=(frozenset([atom]),) if name in small else ())
        for name, atom in atoms.items()
    ]  # fmt: skip
    for name, parts in tree.items():
        figures.append(Figure(name, (0, 0, name), (frozenset(atoms[part] for part in parts),)))
    return figures, [float(count[0]) for count in counts.values()], list(counts)


def withheld(counts: Counts, small: set[str], tree: dict[str, list[str]]) -> set[object]:
    return protect(*table(counts, small, tree)).withheld


def test_one_small_group_beside_its_sum_costs_two_others_for_either_of_them_could_be_asking() -> None:
    found = withheld({"A": (40,), "B": (30,), "C": (20,), "s": (3,)}, {"s"}, {"all": ["A", "B", "C", "s"]})
    assert found == {"B", "C"}, "the two smallest; with one alone that one could subtract itself"


def test_of_two_schools_and_their_sum_the_sum_is_withheld_from_both() -> None:
    assert withheld({"A": (40,), "s": (3,)}, {"s"}, {"all": ["A", "s"]}) >= {"all"}


def test_an_area_with_one_school_is_that_school() -> None:
    tree = {"all": ["A", "B", "C", "s"], "one": ["s"], "two": ["A", "B", "C"]}
    found = withheld({"A": (40,), "B": (30,), "C": (20,), "s": (3,)}, {"s"}, tree)
    assert "one" in found and "all" not in found and found & {"two"}


def test_three_small_groups_that_hide_each_other_cost_nothing() -> None:
    assert withheld({"A": (40,), "r": (4,), "s": (4,), "t": (4,)}, {"r", "s", "t"}, {"all": ["A", "r", "s", "t"]}) == set()


def test_that_no_count_is_negative_tells_as_well() -> None:
    found = withheld({"A": (40,), "r": (1,), "s": (1,), "t": (1,)}, {"r", "s", "t"}, {"all": ["A", "r", "s", "t"]})
    assert "A" in found, "three that are three together are none of them five"


def test_what_is_out_is_not_taken_back_and_nothing_is_withheld_for_it() -> None:
    figures, values, owners = table({"A": (40,), "B": (30,), "s": (3,)}, {"s"}, {"all": ["A", "B", "s"]})
    out = Figure("then", (), (frozenset([2]),))
    plan = protect(figures, values, owners, [out])
    assert plan.told == {"s"} and plan.withheld == set()


def test_what_is_nearly_told_before_is_counted_with() -> None:
    figures = [Figure("n", (0,), (frozenset([0, 1]),)), Figure("k", (1,), nearly=(Between(frozenset([1]), 0, 5),),
               secrets=(frozenset([1]),))]  # fmt: skip
    assert protect(figures, [20.0, 2.0], ["A", "A"]).withheld == set()
    before = Figure("then", (), nearly=(Between(frozenset([1]), 2, 7),))
    assert protect(figures, [20.0, 2.0], ["A", "A"], [before]).withheld == {"k"}


def test_figures_without_a_common_pupil_are_solved_apart() -> None:
    figures, _values, _owners = table({"A": (40,), "B": (30,), "s": (3,)}, {"s"}, {})
    assert len(blocks(figures, [])) == 3


def test_it_is_the_same_each_time_in_whatever_order_the_figures_come() -> None:
    figures, values, owners = table({"A": (40,), "B": (30,), "C": (20,), "s": (3,), "t": (2,)}, {"s", "t"},
                                    {"all": ["A", "B", "C", "s", "t"], "x": ["A", "s"], "y": ["B", "C", "t"]})  # fmt: skip
    first = protect(figures, values, owners).withheld
    for seed in range(5):
        random.Random(seed).shuffle(figures)
        assert protect(figures, values, owners).withheld == first
