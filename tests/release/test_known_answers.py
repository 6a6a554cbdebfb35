"""Small tables whose answer others have published: the attacker finds what the book says, and protection leaves it to nobody.

The numbers are those of the Handbook on Statistical Disclosure Control, sdctools.github.io/HandbookSDC (Hundepool and others),
by the names that its chapters give them; how they are worked out here is our own.
"""

from collections.abc import Iterable, Mapping

import pytest

from chain.release.attack import Attack
from chain.release.protect import Figure, protect
from tests.release.attacker import Attacker, Program, whole_numbers

Cells = Mapping[str, int]
Sums = Mapping[str, tuple[str, ...]]


def attacker(cells: Cells, told: Iterable[tuple[str, ...]]) -> Attacker:
    """Somebody who knows some sums of cells; each cell is a unit's own."""
    made = Attacker()
    for name, count in cells.items():
        made.count(name, count, name)
    for sum_ in told:
        made.exactly(sum_)
    return made


def protected(cells: Cells, small: set[str], sums: Sums) -> dict[str, tuple[str, ...]]:
    """What is still told of cells and sums, by name, once what is small has been protected."""
    place = {name: n for n, name in enumerate(cells)}
    figures = [
        Figure((name,), (1, -cells[name], name), () if name in small else (frozenset([n]),),
               secrets=(frozenset([n]),) if name in small else ())
        for name, n in place.items()
    ]  # fmt: skip
    figures += [Figure((name,), (0, 0, name), (frozenset(place[part] for part in parts),)) for name, parts in sums.items()]
    plan = protect(figures, [float(count) for count in cells.values()], list(cells))
    every = {**{name: (name,) for name in cells if name not in small}, **sums}
    return {name: parts for name, parts in every.items() if (name,) not in plan.withheld}


def safe(cells: Cells, small: set[str], told: Iterable[tuple[str, ...]]) -> bool:
    """Whether nobody, nor any one of them, says a small cell more closely than five."""
    one = attacker(cells, told)
    secrets = [frozenset([name]) for name in small]
    return not one.equal(secrets) and all(span >= 5 - 1e-4 for span in one.spans(secrets, cells).values())


# Chapter 4, example 1a: production of a sector (total) and its three subsectors, the first of them suppressed, in million euro

SECTOR = {"I": 998, "II": 47_600, "III": 8_002}


def test_one_cell_withheld_beside_its_total_is_the_difference() -> None:
    found = attacker(SECTOR, [("I", "II", "III"), ("II",), ("III",)])
    assert sum(SECTOR.values()) == 56_600 and found.equal([frozenset(["I"])]) == {frozenset(["I"])}
    assert Program(found).ends(frozenset(["I"]), None) == pytest.approx((998, 998))


def test_another_of_them_has_to_be_withheld_as_well() -> None:
    told = protected(SECTOR, {"I"}, {"all": ("I", "II", "III")})
    assert "II" not in told or "III" not in told or "all" not in told
    assert safe(SECTOR, {"I"}, told.values()) and not safe(SECTOR, {"I"}, [("I", "II", "III"), ("II",), ("III",)])


# Chapter 4, example 3 (Geurts 1992, table 10): two rows and two columns of four cells that are not shown. The book does not say
# what they are: these agree with its sums.

INNER = {"11": 4, "12": 3, "21": 2, "22": 1}
GEURTS = {"R1": ("11", "12"), "R2": ("21", "22"), "C1": ("11", "21"), "C2": ("12", "22")}  # 7, 3, 6, 4
SAYS = {"11": (3, 6), "12": (1, 4), "21": (0, 3), "22": (0, 3)}  # the first is the book's, the others follow by its relations


@pytest.mark.parametrize("cell", SAYS)
def test_what_can_be_said_of_a_cell_by_its_row_and_its_column_is_what_the_book_says(cell: str) -> None:
    found, secret = attacker(INNER, GEURTS.values()), frozenset([cell])
    assert [sum(INNER[name] for name in parts) for parts in GEURTS.values()] == [7, 3, 6, 4]
    assert Program(found).ends(secret, None) == pytest.approx(SAYS[cell])
    assert found.equal([secret]) == set() and whole_numbers(found, secret) == 3


@pytest.mark.parametrize("cell", SAYS)
def test_the_program_that_protects_says_the_same_of_it(cell: str) -> None:
    place = {name: n for n, name in enumerate(INNER)}
    shown = [Figure((name,), (0,), (frozenset(place[part] for part in parts),)) for name, parts in GEURTS.items()]
    secret = frozenset([place[cell]])
    attack = Attack(shown, [], [secret], [float(count) for count in INNER.values()], list(INNER))
    assert attack.seen(secret, 100).width == pytest.approx(3)


def test_three_is_too_close_so_a_sum_has_to_go() -> None:
    told = protected(INNER, set(INNER), GEURTS)
    assert set(told) < set(GEURTS) and safe(INNER, set(INNER), told.values())


# Chapter 5, tables of linking: who lives and who works in an area, of all and of the males among them

LIVES = {"f both": 1, "f lives": 5, "f works": 4, "m both": 21, "m lives": 58, "m works": 23}
LINKED = {
    "employed in the area": ("f both", "f lives", "m both", "m lives"),  # 85
    "working in the area": ("f both", "f works", "m both", "m works"),  # 49
    "living and working in the area": ("f both", "m both"),  # 22
}  # fmt: skip


def test_tables_of_the_same_people_tell_together_what_none_of_them_does() -> None:
    males = [(name,) for name in LIVES if name.startswith("m")]
    women = [frozenset([name]) for name in LIVES if name.startswith("f")]
    assert [sum(LIVES[name] for name in parts) for parts in LINKED.values()] == [85, 49, 22]
    assert attacker(LIVES, [*LINKED.values(), *males]).equal(women) == set(women), "the one woman among them"
    for left_out in LINKED:
        told = [parts for name, parts in LINKED.items() if name != left_out]
        assert attacker(LIVES, [*told, *males]).equal(women) != set(women)
    small = {"f both", "f works"}
    assert safe(LIVES, small, protected(LIVES, small, LINKED).values())


# Chapter 5, tables of sub-populations: males by hours worked, cut at 20 and at 25

HOURS = {"-19": 6, "20-24": 1, "25-39": 8, "40-59": 5, "60-69": 8, "70-": 4}
FIRST = {"under 20": ("-19",), "20 to 39": ("20-24", "25-39")}
SECOND = {"under 25": ("-19", "20-24"), "25 to 39": ("25-39",)}


def test_two_ways_of_cutting_tell_the_one_between_them() -> None:
    between = frozenset(["20-24"])
    assert [sum(HOURS[part] for part in parts) for parts in (*FIRST.values(), *SECOND.values())] == [6, 9, 7, 8]
    both = [*FIRST.values(), *SECOND.values()]
    assert attacker(HOURS, both).equal([between]) == {between}
    assert all(attacker(HOURS, one.values()).equal([between]) == set() for one in (FIRST, SECOND))
    told = protected(HOURS, {"20-24"}, {name: parts for name, parts in {**FIRST, **SECOND}.items() if len(parts) > 1})
    assert safe(HOURS, {"20-24"}, told.values())
