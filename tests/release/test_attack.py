"""Nobody works out what a release withholds: random municipalities against an attacker that shares no code with what protects."""

from random import Random

import pytest

from tests.release import made
from tests.release.attacker import whole_numbers

WIDTH = 5 - 1e-4


def attacked(town: made.Town, insiders: int | None = None) -> None:
    attacker, secrets = made.seen(town, made.released(town))
    assert attacker.equal(secrets) == set()
    spans = attacker.spans(secrets, town.units[:insiders])
    narrow = {about: span for about, span in spans.items() if span < WIDTH}
    assert not narrow, narrow


@pytest.mark.parametrize("kind", ["share", "grades", "same pupils"])
@pytest.mark.parametrize("seed", range(12))
def test_a_release_tells_no_secret_not_even_to_a_unit_that_knows_its_own(seed: int, kind: str) -> None:
    rng = Random(f"{seed} {kind}")
    attacked(made.town(rng, kind, depth=2 + seed % 3, most=12 if seed % 4 == 0 else 6))


@pytest.mark.parametrize("seed", range(16))
def test_two_releases_of_the_same_round_tell_no_more_together(seed: int) -> None:
    rng = Random(f"again {seed}")
    kind = ("share", "grades", "same pupils")[seed % 3]
    town = made.town(rng, kind, most=7)
    made.again(rng, town, kind)
    attacked(town)


@pytest.mark.parametrize("seed", range(6))
def test_a_correction_of_a_few_pupils_is_told_by_no_two_releases(seed: int) -> None:
    rng = Random(f"corrected {seed}")
    town = made.town(rng, "share", most=5)
    made.corrected(rng, town)
    attacked(town)


@pytest.mark.parametrize("seed", range(16))
def test_a_round_and_the_one_before_it_do_not_tell_who_left(seed: int) -> None:
    rng = Random(f"later {seed}")
    town = made.town(rng, "share", most=6)
    if seed % 4 == 0:
        made.again(rng, town, "share")
    made.later(rng, town, "share")
    attacked(town)


@pytest.mark.parametrize("seed", range(24))
def test_three_rounds_and_more_do_not_tell_who_left_between_any_two(seed: int) -> None:
    rng = Random(f"many {seed}")
    town = made.town(rng, "share", depth=2 + seed % 2, most=5)
    for _round in range(2 + seed % 3):
        made.later(rng, town, "share")
    attacked(town)


@pytest.mark.parametrize("seed", range(6))
def test_pupils_are_whole_and_that_does_not_help_either(seed: int) -> None:
    town = made.town(Random(f"whole {seed}"), "share", most=4)
    attacker, secrets = made.seen(town, made.released(town))
    assert all(whole_numbers(attacker, secret) >= 5 for secret in secrets)
