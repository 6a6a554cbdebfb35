"""Worlds nearby are worlds of the whole: what a small program calls safe is safe to the large one as well."""

from collections.abc import Iterable
from random import Random

import pytest

from chain.release.attack import Attack
from chain.release.near import Near, neighbourhoods
from chain.release.protect import Between, Figure

WIDTH = 5.0
OWNERS = [f"unit {atom // 2:02}" for atom in range(48)]  # two atoms each: those who reached, those who did not


def of(*units: int) -> frozenset[int]:
    return frozenset(atom for unit in units for atom in (2 * unit, 2 * unit + 1))


def named(units: Iterable[int]) -> frozenset[str]:
    return frozenset(OWNERS[2 * unit] for unit in units)


def city(rng: Random) -> tuple[list[Figure], list[frozenset[int]], list[float]]:
    """Twenty-four units in four areas, with how many they are, and of some how many reached; a few are secrets."""
    values = [float(rng.choice((1, 2, 3, 4, 9, 14))) for _atom in OWNERS]
    figures = [Figure("all", (0,), (of(*range(24)), frozenset(range(0, 48, 2))))]
    figures += [
        Figure(("area", n), (1,), (of(*range(n, n + 6)), frozenset(range(2 * n, 2 * n + 12, 2)))) for n in range(0, 24, 6)
    ]
    secrets = [frozenset([atom]) for atom in range(0, 48, 2) if values[atom] < 5]
    for unit in range(24):
        reached = frozenset([2 * unit])
        if rng.random() < 0.3:
            figures.append(Figure(unit, (2,), (of(unit),), (Between(reached, 0, values[2 * unit] + rng.choice((0, 1, 6))),)))
        elif rng.random() < 0.4:
            figures.append(Figure(unit, (2,), (of(unit),), secrets=()))
    return figures, secrets, values


def test_units_are_beside_those_of_their_area_and_where_these_are_few_of_the_next() -> None:
    areas = [[of(0, 1, 2, 3, 4)], [of(5, 6, 7, 8)], [of(9, 10)], [of(11, 12, 13, 14, 15)], [of(*range(17))], [of(3)]]
    found = neighbourhoods(areas, OWNERS)
    assert {unit: found[f"unit {unit:02}"] for unit in (0, 10, 11, 16)} == {
        0: named(range(11)), 10: named(range(11)), 11: named(range(11, 17)), 16: named(range(11, 17))
    }  # fmt: skip
    assert all(unit in units for unit, units in found.items()) and len(found) == 17, "each unit is in one"


@pytest.mark.parametrize("seed", range(6))
def test_what_is_safe_nearby_is_safe_in_the_whole(seed: int) -> None:
    figures, secrets, values = city(Random(f"near {seed}"))
    beside = neighbourhoods([one.sums for one in figures], OWNERS)
    small, whole = Near(beside, figures, [], secrets, values, OWNERS), Attack(figures, [], secrets, values, OWNERS)
    safe = 0
    for secret in secrets:
        if (dangers := small.dangers(secret, WIDTH)) is None:
            continue
        assert whole.seen(secret, WIDTH).is_wide
        mine = {OWNERS[atom] for atom in secret}
        for unit in {*OWNERS} - mine - dangers:
            assert whole.seen(secret, WIDTH, unit).is_wide, (secret, unit)
            safe += 1
    assert safe > 20


def test_what_is_withheld_holds_nothing_nearby_any_more() -> None:
    figures, secrets, values = city(Random("near 1"))
    told = [*figures, *(Figure(("secret", *secret), (3,), (secret,)) for secret in secrets)]
    small = Near(neighbourhoods([one.sums for one in figures], OWNERS), told, [], secrets, values, OWNERS)
    assert {small.dangers(secret, WIDTH) is None for secret in secrets} == {True}
    for secret in secrets:
        small.withhold(("secret", *secret))
    assert any(small.dangers(secret, WIDTH) is not None for secret in secrets)
