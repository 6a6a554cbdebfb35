"""Worlds nearby are worlds of the whole: what a small program calls safe is safe to the large one as well."""

from collections.abc import Iterable
from random import Random

import pytest

from chain.release.attack import Attack, Between
from chain.release.near import Near, neighbourhoods
from chain.release.protect import Figure

WIDTH = 5.0
OWNERS = [f"unit {atom // 2:02}" for atom in range(48)]  # two atoms each: those who reached, those who did not
LEFT = [f"unit {unit:02}" for unit in range(24)]  # and one each of those who have left since an earlier release, who had reached


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


def before(rng: Random, values: list[float]) -> tuple[list[Figure], list[frozenset[int]]]:
    """An earlier release of the same city: the whole, the areas and some of the units. Of every other unit the pupils are the
    same but for those who have left since, and who they were is a secret; of the rest they are others."""
    then = [48 + unit if unit % 2 else 72 + 2 * unit for unit in range(24)]
    values += [float(rng.choice((1, 2, 3))) for _unit in range(24)]
    values += [float(rng.choice((4, 9, 14))) for _atom in range(48)]

    def counted(units: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
        same = [unit for unit in units if unit % 2]
        reached = {2 * unit for unit in same} | {then[unit] for unit in units}
        return frozenset(reached | {2 * unit + 1 for unit in same} | {then[u] + 1 for u in units if u % 2 == 0}), frozenset(
            reached
        )

    figures = [Figure(("then", "all"), (), counted(range(24)))]
    figures += [Figure(("then", n), (), counted(range(n, n + 6))) for n in range(0, 24, 6)]
    figures += [Figure(("then", "unit", unit), (), counted([unit])) for unit in range(24) if rng.random() < 0.4]
    return figures, [frozenset([48 + unit]) for unit in range(24) if unit % 2]


@pytest.mark.parametrize("seed", range(8))
def test_what_is_safe_nearby_is_safe_beside_what_is_out_already(seed: int) -> None:
    rng = Random(f"near then {seed}")
    figures, secrets, values = city(rng)
    out, left = before(rng, values)
    owners, secrets = [*OWNERS, *LEFT, *OWNERS], [*secrets, *left]
    beside = neighbourhoods([one.sums for one in figures], owners)
    small, whole = Near(beside, figures, out, secrets, values, owners), Attack(figures, out, secrets, values, owners)
    alone = Attack(figures, [], secrets, values, owners)
    safe, because = 0, 0
    for secret in secrets:
        dangers = small.dangers(secret, WIDTH)
        because += alone.seen(secret, WIDTH).is_wide and not whole.seen(secret, WIDTH).is_wide
        if dangers is None:
            continue
        assert whole.seen(secret, WIDTH).is_wide, secret
        for unit in {*owners} - {owners[atom] for atom in secret} - dangers:
            assert whole.seen(secret, WIDTH, unit).is_wide, (secret, unit)
            safe += 1
    assert safe > 20 and because, "some are safe, and what is out already makes some unsafe"


def test_what_is_withheld_holds_nothing_nearby_any_more() -> None:
    figures, secrets, values = city(Random("near 1"))
    told = [*figures, *(Figure(("secret", *secret), (3,), (secret,)) for secret in secrets)]
    small = Near(neighbourhoods([one.sums for one in figures], OWNERS), told, [], secrets, values, OWNERS)
    assert {small.dangers(secret, WIDTH) is None for secret in secrets} == {True}
    for secret in secrets:
        small.withhold(("secret", *secret))
    assert any(small.dangers(secret, WIDTH) is not None for secret in secrets)
