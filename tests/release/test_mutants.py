"""Each rule of the protection taken away by itself: somebody works out a secret. A rule that nothing misses is no rule."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from chain.release import near, protect, row, rules, system
from chain.release.room import Room
from tests.release import made

Break = Callable[[pytest.MonkeyPatch], None]


def found_out(town: made.Town) -> bool:
    try:
        attacker, secrets = made.seen(town, made.released(town))
    except (AssertionError, KeyError):  # what is shown is not true: more is told than the rules say
        return True
    return any(span < 5 - 1e-4 for span in attacker.spans(secrets, town.units).values())


def towns(mode: str) -> Iterator[made.Town]:
    for seed in range(40):
        rng = Random(f"mutant {seed} {mode}")
        kind = mode if mode in ("share", "grades", "same pupils") else "share"
        town = made.town(rng, kind, depth=3, most=6)
        if mode == "again":
            made.again(rng, town, kind)
        if mode == "later":
            made.later(rng, town, kind)
        if mode == "corrected":
            made.corrected(rng, town)
        yield town


def few(patch: pytest.MonkeyPatch) -> None:
    """Groups below ten are shown, and are no secret."""
    hides = rules._hides_all
    patch.setattr(rules, "_hides_all", lambda one, profile, finer: "" if (rule := hides(one, profile, finer)) == "few" else rule)


def ends(patch: pytest.MonkeyPatch) -> None:
    """One to four on either side, and all of a small group, are no secret, and are said exactly."""
    patch.setattr(rules, "share", lambda k, n, profile=None: rules._percent(k, n))
    patch.setattr(rules, "is_secret", lambda count, n, profile: False)


def steps(patch: pytest.MonkeyPatch) -> None:
    """A distribution is shown with the steps of a few, who are no secret there."""
    patch.setattr(rules, "_tells_a_step", lambda one, profile: False)
    patch.setattr(rules, "is_secret", lambda count, n, profile: False)


def equality(patch: pytest.MonkeyPatch) -> None:
    """Nothing is withheld for the sake of others."""
    patch.setattr(protect, "_protect", lambda *args: None)


def inequality(patch: pytest.MonkeyPatch) -> None:
    """What follows by addition alone is withheld, and no more."""
    patch.setattr(Room, "width", lambda self, secret: 1000.0)


def far(patch: pytest.MonkeyPatch) -> None:
    """Whatever a small program is asked, it says that there is no danger."""
    patch.setattr(near, "ENOUGH", 3)
    patch.setattr(near.Near, "dangers", lambda self, secret, width: set() if self._where(secret) else None)


def insiders(patch: pytest.MonkeyPatch) -> None:
    """Only a stranger is reckoned with."""
    patch.setattr(protect, "_widen", lambda both, keys, secret, owners: protect._hide(both, keys, secret, None) and None)
    own = Room._others

    def all_others(self: Room, unit: Any, trade: Any, way: int) -> float:
        sums = self._sums(trade)
        if own(self, unit, trade, way) >= 1000:
            return 1000.0
        return self._totals[sums][way][0] - self._partners[sums].get(unit, (0.0, 0.0))[way]

    patch.setattr(Room, "_others", all_others)


def linked(patch: pytest.MonkeyPatch) -> None:
    """Indicators of the same pupils are protected each by itself."""
    tellings = row.Rows.tellings

    def alone(self: row.Rows, told: Any) -> list[row.Telling]:
        return [row.Telling(one.round, {family: each}, 0) for one in tellings(self, told) for family, each in one.told.items()]

    patch.setattr(row.Rows, "tellings", alone)


def earlier(patch: pytest.MonkeyPatch) -> None:
    """What has been released before is forgotten."""
    patch.setattr(system._Place, "_out", lambda self, one, then: None)


def leavers(patch: pytest.MonkeyPatch) -> None:
    """Two rounds have nothing to do with each other."""
    patch.setattr(row.Rows, "is_few", lambda self, family, one, other: False)


def held(patch: pytest.MonkeyPatch) -> None:
    """A correction by a few is released at once."""
    patch.setattr(made, "_hold", lambda town, told, pupils: None)


@pytest.mark.parametrize(
    ("rule", "mode"),
    [
        (few, "share"), (ends, "share"), (steps, "grades"), (equality, "share"), (inequality, "share"), (far, "share"),
        (insiders, "share"), (earlier, "again"), (leavers, "later"), (held, "corrected"),
    ],
)  # fmt: skip
def test_without_a_rule_a_secret_is_found_out(rule: Break, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(monkeypatch)
    assert any(found_out(town) for town in towns(mode))


def all_alike() -> made.Town:
    """Three schools: all twelve in the first have the highest merit rating there is."""
    town = made.Town([made.Node(1000, 0, "administration", "Alla", frozenset((1, 2, 3)))])
    town.nodes += [made.Node(unit, 1, "unit", f"Enhet {unit}", frozenset([unit])) for unit in (1, 2, 3)]
    town.rounds = ["november"]
    town.told = [
        {1: {made.MERIT: made.mean(12, 3400)}, 2: {made.MERIT: made.mean(40, 2200)}, 3: {made.MERIT: made.mean(60, 2000)}}
    ]
    return town


def merits(town: made.Town) -> list[str]:
    """Each unit's merit rating, as it is shown."""
    found = system.protected(made.question(town, town.told[0], []))
    return [rules.shown(found.decided[unit, made.MERIT].exact, found.decided[unit, made.MERIT].rule, town.profile)[0].shown
            for unit in town.units]  # fmt: skip


def test_a_mean_that_everybody_in_a_small_group_has_is_what_each_of_them_has(monkeypatch: pytest.MonkeyPatch) -> None:
    assert merits(all_alike())[0] == rules.HIDDEN
    monkeypatch.setattr(rules, "_all_the_same", lambda one, profile: False)
    assert merits(all_alike())[0].startswith("340"), "everybody's"


def same_pupils() -> made.Town:
    """Seven schools. In the first, four did not reach E; the last shows no distribution either. Of the five between, the shares
    are told nearly and the distributions exactly."""
    town = made.Town([made.Node(1000, 0, "administration", "Alla", frozenset(range(1, 8)))])
    town.nodes += [made.Node(unit, 1, "unit", f"Enhet {unit}", frozenset([unit])) for unit in range(1, 8)]
    told = {}
    for unit, counts in enumerate(((7, 7, 0, 0, 7, 4, 0), *[(7, 7, 7, 7, 7, 5, 0)] * 5, (8, 8, 8, 9, 2, 5, 0)), 1):
        told[unit] = {made.GRADES: made.spread(*counts), made.SHARE: made.share(sum(counts[:5]), sum(counts))}
    town.rounds, town.told = ["november"], [told]
    town.pupils = [{unit: (unit, "november") for unit in told}]
    return town


def beside_a_share() -> made.Town:
    """Three schools: their merit rating, and who passed in all subjects, of the same pupils. The first is small."""
    town = made.Town([made.Node(1000, 0, "administration", "Alla", frozenset((1, 2, 3)))])
    town.nodes += [made.Node(unit, 1, "unit", f"Enhet {unit}", frozenset([unit])) for unit in (1, 2, 3)]
    counts = {1: (5, 10), 2: (20, 40), 3: (30, 60)}  # five of ten: nearly all and nearly nobody would meet
    told = {unit: {made.ALL: made.share(k, n), made.MERIT: made.mean(n, 2200)} for unit, (k, n) in counts.items()}
    town.rounds, town.told = ["november"], [told]
    return town


def means(town: made.Town) -> dict[int, str]:
    found = system.protected(made.question(town, town.told[0], []))
    return {unit: one.rule for (unit, family), one in found.decided.items() if family == made.MERIT}


def test_a_mean_is_not_shown_beside_a_share_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert means(beside_a_share())[1] == "beside"
    monkeypatch.setattr(system, "_beside_hidden", lambda mean, found, question: False)
    assert means(beside_a_share())[1] == ""


def test_indicators_of_the_same_pupils_protected_each_by_itself_tell_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not found_out(same_pupils())
    linked(monkeypatch)
    assert found_out(same_pupils())
