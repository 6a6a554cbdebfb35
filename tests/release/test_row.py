"""Pupils in a row: what is put together of its parts is the count that was told, in each round, of the same pupils."""

from collections.abc import Mapping
from random import Random

import pytest

from chain.release.atoms import REST, Family, Sets, Told, parts
from chain.release.profiles import SKOLVERKET
from chain.release.row import Laid, Rows, counted
from tests.release import made
from tests.release.made import ALL, ELIGIBLE, GRADES, MERIT, SHARE, mean, share, spread

Rounds = dict[str, dict[Family, Told]]


def laid(rounds: Rounds) -> tuple[Rows, dict[str, dict[Family, Sets]], Laid]:
    """The first round is the one that is to be released."""
    rows = Rows(made.MEASURES, {MERIT: 2200.0}, SKOLVERKET)
    first, *others = rows.tellings(list(rounds.items()))
    row = rows.row(first, others)
    found = rows.lay(1, row)
    for one in others:
        if one not in row:
            found.sets |= rows.lay(1, [one]).sets
    sets = {
        name: {family: found.sets[name, family, counted(one, made.MEASURES.kind(family))] for family, one in told.items()}
        for name, told in rounds.items()
    }
    for name, told in rounds.items():
        held(rows, told, sets[name])
    return rows, sets, found


def held(rows: Rows, told: Mapping[Family, Told], sets: Mapping[Family, Sets]) -> None:
    """What is put together of atoms is what was told; and those of whom so many are counted are the same."""
    for family, one in told.items():
        kind = made.MEASURES.kind(family)
        assert sum(rows.values[atom] for atom in sets[family].n) == one.n
        for name, count in parts(one, kind):
            assert sum(rows.values[atom] for atom in sets[family].parts[name]) == count, (family, name)
        if kind == "mean":
            assert sum(rows.values[atom] for atom in sets[family].total) == pytest.approx(one.total / 2200)
        else:
            assert set().union(*sets[family].parts.values()) == sets[family].n
        for other in told:
            assert one.n != told[other].n or sets[family].n == sets[other].n
    if GRADES in told and SHARE in told and told[GRADES].n == told[SHARE].n:
        passing = [atoms for step, atoms in sets[GRADES].parts.items() if step in made.PASSING]
        assert set().union(*passing) == sets[SHARE].parts[""]


@pytest.mark.parametrize("seed", range(40))
def test_two_rounds_are_what_each_told_also_where_those_of_one_were_not_those_of_the_other(seed: int) -> None:
    """The same n in one; in the other one indicator had counted a pupil more than the other."""
    rng = Random(f"atoms {seed}")
    now = {family: share(rng.randint(8, 14), 20) for family in (ALL, ELIGIBLE)}
    then = {}
    for family, one in now.items():
        more, rest = rng.choice(((0, 1), (1, 0), (1, 1), (0, 2), (2, 1)))
        then[family] = share(one.parts[0][1] + more, one.n + more + rest)
    now[MERIT], then[MERIT] = mean(20, 2200), mean(rng.choice((21, 22)), 2200)
    for rounds in ({"now": now, "then": then}, {"now": then, "then": now}):
        _rows, sets, found = laid(rounds)
        for family in now:
            assert sets["now"][family].n <= sets["then"][family].n or sets["now"][family].n >= sets["then"][family].n
            assert any(about[0] == family for about in found.few), "a few of each"


@pytest.mark.parametrize("seed", range(40))
def test_any_rounds_and_any_indicators_are_what_each_told(seed: int) -> None:
    rng = Random(f"row {seed}")
    rounds: Rounds = {}
    counts = [rng.randint(0, 6) for _step in made.STEPS]
    for name in ("now", "april", "january", "november", "august"):
        counts = [max(0, count + rng.choice((-1, 0, 0, 1))) for count in counts]
        n, k = sum(counts), sum(count for step, count in zip(made.STEPS, counts, strict=True) if step in made.PASSING)
        told = {GRADES: spread(*counts), SHARE: share(k, n), ALL: share(max(0, k - 2), n), MERIT: mean(n, 2200)}
        if rng.random() < 0.2:
            told[SHARE] = share(k, n + 2)  # two that have no grade
        rounds[name] = {family: one for family, one in told.items() if rng.random() < 0.8} or told
    laid(rounds)


def test_a_share_that_counts_others_than_a_distribution_does_not_follow_from_it() -> None:
    laid({"now": {GRADES: spread(4, 4, 4, 4, 4, 4, 0), SHARE: share(20, 23)}})


def test_rounds_that_a_few_leave_one_after_the_other_are_one_row_and_each_few_a_secret() -> None:
    _rows, sets, found = laid(
        {"june": {SHARE: share(13, 21)}, "april": {SHARE: share(15, 23)}, "november": {SHARE: share(17, 25)}}
    )
    assert sets["june"][SHARE].n < sets["april"][SHARE].n < sets["november"][SHARE].n
    assert sorted((then, since) for _family, since, then, *_told in found.few) == [
        ("april", "june"), ("november", "april"), ("november", "june"),
    ]  # fmt: skip


def test_a_round_that_too_many_have_left_since_is_reached_through_the_one_between() -> None:
    rounds = {"june": {SHARE: share(13, 19)}, "april": {SHARE: share(15, 22)}, "november": {SHARE: share(17, 25)}}
    _rows, sets, found = laid(rounds)
    assert sets["june"][SHARE].n < sets["april"][SHARE].n < sets["november"][SHARE].n and len(found.few) == 2
    del rounds["april"]
    _rows, sets, found = laid(rounds)
    assert sets["june"][SHARE].n.isdisjoint(sets["november"][SHARE].n) and not found.few


def test_grades_that_moved_both_ways_do_not_loose_the_share_from_what_it_was() -> None:
    rounds = {
        "april": {GRADES: spread(3, 5, 4, 2, 1, 8, 0), SHARE: share(15, 23)},
        "november": {GRADES: spread(4, 4, 4, 4, 1, 8, 0), SHARE: share(17, 25)},
    }
    _rows, sets, found = laid(rounds)
    assert sets["april"][SHARE].parts[""] < sets["november"][SHARE].parts[""]
    assert {about[0] for about in found.few} == {SHARE}


def test_two_rounds_between_which_it_moved_both_ways_are_both_reckoned_with() -> None:
    """Two who reached have left since April, or two who did not since January: one row cannot hold both."""
    rounds = {"june": {SHARE: share(15, 21)}, "april": {SHARE: share(17, 23)}, "january": {SHARE: share(15, 23)}}
    rows, sets, found = laid(rounds)
    assert {since for _family, _now, since, *_told in found.few} | {now for _family, now, *_rest in found.few} == set(rounds)
    assert sets["june"][SHARE].parts[REST] in found.few[SHARE, "june", "january", told(15, 21), told(15, 23)]
    assert [(least, most) for atoms, least, most in found.known if atoms == sets["june"][SHARE].parts[REST]] == [(0, 8)]
    assert all(least <= sum(rows.values[atom] for atom in atoms) <= most for atoms, least, most in found.known)


def told(k: int, n: int) -> Told:
    return counted(share(k, n), "share")


def test_many_more_or_the_same_many_are_no_few() -> None:
    rows = Rows(made.MEASURES, {}, SKOLVERKET)
    few = [share(17, 25), share(15, 23), share(17, 24), share(13, 21)]
    assert all(rows.is_few(SHARE, few[0], one) and rows.is_few(SHARE, one, few[0]) for one in few[1:])
    others = [share(16, 25), share(15, 24), share(12, 20), share(18, 30)]
    assert not any(rows.is_few(SHARE, few[0], one) for one in others)
