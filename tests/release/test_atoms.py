"""Atoms say what was told: whatever is put together of them is the count that it stands for."""

from random import Random

import pytest

from chain.release.atoms import Class, Sets, Store, parts
from chain.release.profiles import SKOLVERKET
from tests.release import made

SHARES = (made.ALL, made.ELIGIBLE)


def held(store: Store, told: Class, sets: dict[made.Family, Sets]) -> None:
    for family, one in told.items():
        kind = made.MEASURES.kind(family)
        assert sum(store.values[atom] for atom in sets[family].n) == one.n
        for name, count in parts(one, kind):
            assert sum(store.values[atom] for atom in sets[family].parts[name]) == count, (family, name)


@pytest.mark.parametrize("seed", range(40))
def test_two_rounds_of_a_class_are_what_each_told_also_where_they_were_no_class_then(seed: int) -> None:
    """The same n now; a round earlier one indicator had counted a pupil more than the other."""
    rng = Random(f"atoms {seed}")
    now = {family: made.share(rng.randint(8, 14), 20) for family in SHARES}
    then = {}
    for family, one in now.items():
        more, rest = rng.choice(((0, 1), (1, 0), (1, 1), (0, 2), (2, 1)))
        then[family] = made.share(one.parts[0][1] + more, one.n + more + rest)
    now[made.MERIT], then[made.MERIT] = made.mean(20, 2200), made.mean(rng.choice((21, 22)), 2200)
    for ours, before in ((now, then), (then, now)):
        store = Store(made.MEASURES, {made.MERIT: 2200.0})
        assert store.is_stacked(ours, before, SKOLVERKET)
        first, second, _secrets = store.stacked(1, ours, before)
        held(store, ours, first)
        held(store, before, second)


def test_a_share_that_counts_others_than_a_distribution_does_not_follow_from_it() -> None:
    told = {made.GRADES: made.spread(4, 4, 4, 4, 4, 4, 0), made.SHARE: made.share(20, 23)}
    store = Store(made.MEASURES, {})
    held(store, told, store.make(1, told))
