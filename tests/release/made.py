"""Municipalities of nothing but counts: trees, figures and releases to protect, and what an attacker sees of them."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chain.release import rules, system
from chain.release.atoms import REST, Family, Measures, Told, place
from chain.release.profiles import SKOLVERKET, Profile
from chain.release.system import Earlier, Node, Out, Question, System
from chain.result import shipped
from tests.release.attacker import Attacker

MEASURES = Measures({one.key: one for one in shipped.indicators()}, {one.key: one for one in shipped.scales()})
SHARE: Family = ("GR", "at_least_e", "MA", "9", "final_grade")
GRADES: Family = ("GR", "grades", "MA", "9", "final_grade")
ALL: Family = ("GR", "all_subjects", "", "9", "final_grade")
ELIGIBLE: Family = ("GR", "vocational", "", "9", "final_grade")
MERIT: Family = ("GR", "merit", "", "9", "final_grade")
STEPS = [step.key for step in MEASURES.scales["af_2011"].steps]
PASSING = [step.key for step in MEASURES.scales["af_2011"].steps if step.meaning == "pass"]
SIZES = (0, 1, 3, 8, 9, 10, 11, 12, 14, 20, 25, 29, 30, 31, 45, 60)

Figures = Mapping[Family, Told]


@dataclass
class Town:
    """Nodes with the units under them, the administration first; and what each unit has told, release by release."""

    nodes: list[Node]
    rounds: list[str] = field(default_factory=list)  # of each release
    told: list[dict[int, Figures]] = field(default_factory=list)
    pupils: list[dict[int, Hashable]] = field(default_factory=list)  # who they are: the same name, the same pupils
    left: list[tuple[Hashable, Hashable]] = field(default_factory=list)  # two rounds of the same pupils but for a few
    profile: Profile = SKOLVERKET

    @property
    def units(self) -> list[int]:
        return sorted(self.nodes[0].units)


def tree(rng: Random, depth: int, most: int) -> list[Node]:
    """`depth` levels: the administration, the units, and areas between; also areas with one unit, and units without an area."""
    units = list(range(1, 1 + rng.randint(1, most)))
    nodes = [Node(1000, 0, "administration", "Alla", frozenset(units))]
    groups = [units]
    for level in range(1, depth - 1):
        parted = [part for group in groups for part in _parted(rng, group)]
        nodes += [
            Node(1000 * (level + 1) + n, level, "area", f"Område {level}.{n}", frozenset(part)) for n, part in enumerate(parted)
        ]
        groups = parted
    return nodes + [Node(unit, depth - 1, "unit", f"Enhet {unit}", frozenset([unit])) for unit in units]


def _parted(rng: Random, units: Sequence[int]) -> Iterator[list[int]]:
    rest = list(units)
    while rest:
        many = rng.randint(1, len(rest))
        yield rest[:many]
        rest = rest[many:]


# What units tell


def share(k: int, n: int) -> Told:
    return Told(n, n, (("", k),))


def spread(*counts: int) -> Told:
    return Told(sum(counts), sum(counts), tuple(sorted(zip(STEPS, counts, strict=True))))


def mean(n: int, each: int) -> Told:
    return Told(n, n, (("", 0),), n * each)


def figures(rng: Random, kind: str, n: int) -> Figures:
    """One unit's: a share; a distribution and the share that follows from it; or three that count the same pupils."""
    if kind == "share":
        return {SHARE: share(min(n, round(n * rng.uniform(0.4, 1.05))), n)}
    if kind == "grades":
        counts = [0] * len(STEPS)
        for _pupil in range(n):
            counts[min(len(STEPS) - 1, int(abs(rng.gauss(2, 2))))] += 1
        k = sum(count for step, count in zip(STEPS, counts, strict=True) if step in PASSING)
        return {GRADES: spread(*counts), SHARE: share(k, n)}
    every = min(n, round(n * rng.uniform(0.4, 1.05)))
    some = min(n, every + rng.choice((0, 0, 1, 3, 6)))
    return {ALL: share(every, n), ELIGIBLE: share(some, n), MERIT: mean(n, rng.choice((2000, 2200, 3400)))}


def town(rng: Random, kind: str, depth: int = 3, most: int = 8) -> Town:
    made = Town(tree(rng, depth, most))
    equal = rng.random() < 0.2  # siblings that are all alike
    size = rng.choice(SIZES)
    told = {unit: figures(Random(7) if equal else rng, kind, size if equal else rng.choice(SIZES)) for unit in made.units}
    made.rounds.append("november")
    made.told.append({unit: one for unit, one in told.items() if rng.random() < 0.9} or told)
    made.pupils.append({unit: (unit, "november") for unit in made.told[0]})
    return made


def again(rng: Random, made: Town, kind: str) -> None:
    """The same round, released once more: some units are late, some have told something quite different, one may be gone."""
    told, pupils = dict(made.told[-1]), dict(made.pupils[-1])
    for unit in made.units:
        if unit not in told or rng.random() < 0.2:
            told[unit] = figures(rng, kind, rng.choice(SIZES))
            pupils[unit] = (unit, made.rounds[-1], len(made.told))
        elif rng.random() < 0.05 and len(told) > 1:
            del told[unit], pupils[unit]
    _hold(made, told, pupils)
    made.rounds.append(made.rounds[-1])
    made.told.append(told)
    made.pupils.append(pupils)


def corrected(rng: Random, made: Town) -> None:
    """The same round once more: in one unit a pupil or two have got another grade, or had been forgotten."""
    told, pupils = dict(made.told[-1]), dict(made.pupils[-1])
    for unit in sorted(told, key=lambda unit: rng.random())[:1]:
        one = told[unit][SHARE]
        more = (rng.choice((0, 1, 2)), rng.choice((1, 2)))
        told[unit] = {SHARE: share(one.parts[0][1] + more[0], one.n + sum(more))}
        pupils[unit] = (unit, made.rounds[-1], len(made.told))
    _hold(made, told, pupils)
    for unit, who in pupils.items():
        if who != made.pupils[-1].get(unit):
            made.left.append((who, made.pupils[-1][unit]))
    made.rounds.append(made.rounds[-1])
    made.told.append(told)
    made.pupils.append(pupils)


def _hold(made: Town, told: dict[int, Figures], pupils: dict[int, Hashable]) -> None:
    """What is changed by a few is held by whoever asks for protection: so it is here."""
    from chain.release.atoms import differs_little

    for unit, before in made.told[-1].items():
        if unit in told and differs_little(before, told[unit], MEASURES, question(made, made.told[-1], []).scales, 5):
            told[unit], pupils[unit] = before, made.pupils[-1][unit]


def later(rng: Random, made: Town, kind: str) -> None:
    """The round after: some pupils have left or joined, elsewhere everything has changed."""
    told: dict[int, Figures] = {}
    pupils: dict[int, Hashable] = {}
    name = f"round {len(made.told)}"
    for unit, before in made.told[-1].items():
        pupils[unit] = (unit, name)
        if kind == "share" and rng.random() < 0.6:
            one = before[SHARE]
            k, m = one.parts[0][1], one.n - one.parts[0][1]
            gone = rng.choice(((1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (-1, 0), (0, -1), (-2, -1)))
            if k >= gone[0] and m >= gone[1] and one.n - sum(gone) > 0:
                told[unit] = {SHARE: share(k - gone[0], one.n - sum(gone))}
                continue
        told[unit] = figures(rng, kind, rng.choice(SIZES))
    if kind == "share":
        made.left += [
            (pupils[unit], before[unit])
            for families, before in zip(made.told, made.pupils, strict=True)
            for unit in told
            if unit in families and _a_few(families[unit][SHARE], told[unit][SHARE])
        ]
    made.rounds.append(name)
    made.told.append(told)
    made.pupils.append(pupils)


def _a_few(then: Told, now: Told) -> bool:
    """Whether a few have left, or joined, a small group, and all others are as they were."""
    reached, others = now.parts[0][1] - then.parts[0][1], (now.n - now.parts[0][1]) - (then.n - then.parts[0][1])
    return max(then.n, now.n) < 30 and reached * others >= 0 and 0 < abs(reached + others) < 5


# Protected, and seen


def question(made: Town, told: Mapping[int, Figures], earlier: Sequence[Earlier], round: str = "november") -> Question:
    return Question(round, inputs(told), made.nodes, earlier, made.profile, MEASURES, lambda node, family, units: units)


def inputs(told: Mapping[int, Figures]) -> dict[int, dict[Any, dict[Family, Told]]]:
    found: dict[int, dict[Any, dict[Family, Told]]] = {}
    for unit, families in told.items():
        for family, one in families.items():
            found.setdefault(unit, {}).setdefault(place(family), {})[family] = one
    return found


def released(made: Town) -> list[System]:
    """Each release protected with those before it as out already."""
    found: list[System] = []
    earlier: list[Earlier] = []
    for number, (round, told) in enumerate(zip(made.rounds, made.told, strict=True)):
        one = system.protected(question(made, told, earlier[::-1], round))
        found.append(one)
        out = [Out(decided.node.units, decided.family, decided.rule) for decided in one.decided.values()]
        earlier.append(Earlier(number, round, inputs(told), out, made.profile))
    return found


def seen(made: Town, releases: Sequence[System]) -> tuple[Attacker, list[frozenset[Hashable]]]:
    """All that is told by all releases, and what must not be known more closely than the width."""
    attacker, secrets = Attacker(), []
    for number in range(len(releases)):
        for unit, families in made.told[number].items():
            _meet(attacker, made, number, unit, families)
    for number, one in enumerate(releases):
        for decided in one.decided.values():
            secrets += _reads(attacker, made, number, decided)
    for now, then in made.left:
        secrets += _leavers(attacker, made, now, then)
    return attacker, list(dict.fromkeys(secret for secret in secrets if secret))


def outcomes(family: Family, told: Told) -> list[tuple[str, int]]:
    if MEASURES.kind(family) == "mean":
        return [("n", told.n)]
    if MEASURES.kind(family) == "spread":
        return list(told.parts)
    return [("", told.parts[0][1]), (REST, told.n - told.parts[0][1])]


def _names(made: Town, number: int, unit: int, family: Family, told: Told) -> list[Hashable]:
    return [(made.pupils[number][unit], family, name) for name, _count in outcomes(family, told)]


def _meet(attacker: Attacker, made: Town, number: int, unit: int, families: Figures) -> None:
    """The unknown counts of a unit, and that some are of the same pupils."""
    for family, told in families.items():
        for name, (_outcome, count) in zip(_names(made, number, unit, family, told), outcomes(family, told), strict=True):
            attacker.count(name, count, unit)
        if MEASURES.kind(family) == "mean":
            attacker.count((made.pupils[number][unit], family, "total"), told.total / 220, unit)
    first, *others = families
    for other in others:
        same = dict.fromkeys(_names(made, number, unit, first, families[first]), 1)
        attacker.exactly(same | dict.fromkeys(_names(made, number, unit, other, families[other]), -1))
    if GRADES in families and SHARE in families:
        who = made.pupils[number][unit]
        attacker.exactly({(who, SHARE, ""): -1} | {(who, GRADES, step): 1 for step in PASSING})


def _reads(attacker: Attacker, made: Town, number: int, decided: system.Decided) -> list[frozenset[Hashable]]:
    family, kind, n = decided.family, MEASURES.kind(decided.family), decided.told.n
    units = [unit for unit in made.told[number] if unit in decided.node.units and family in made.told[number][unit]]
    of: dict[str, list[Hashable]] = {}
    for unit in units:
        told = made.told[number][unit][family]
        for name, (outcome, _count) in zip(_names(made, number, unit, family, told), outcomes(family, told), strict=True):
            of.setdefault(outcome, []).append(name)
        if kind == "mean":
            of.setdefault("total", []).append((made.pupils[number][unit], family, "total"))
    pupils = [name for outcome, names in of.items() if outcome != "total" for name in names]
    for shown in rules.shown(decided.exact, decided.rule, made.profile):
        if shown.shown == rules.HIDDEN:
            continue
        attacker.exactly(pupils)  # more than is shown: n is rounded
        if shown.shown in (rules.ALMOST_ALL, rules.ALMOST_NOBODY):
            small = REST if shown.shown == rules.ALMOST_ALL else ""
            least = 0 if n < made.profile.everybody_from else 1
            attacker.learns(of[small], least, max(made.profile.sensitive, least + made.profile.width))
        else:
            attacker.exactly(of["total" if kind == "mean" else shown.category])
    return [frozenset(one) for one in _secrets(of, pupils, n, kind, attacker, made.profile)]


def _secrets(
    of: dict[str, list[Hashable]], pupils: list[Hashable], n: int, kind: str, attacker: Attacker, profile: Profile
) -> Iterator[Any]:
    counts = {outcome: round(sum(attacker.true[name] for name in names)) for outcome, names in of.items()}
    if n < profile.fewest:
        yield from (pupils, *(of[outcome] for outcome, count in counts.items() if count or kind != "spread"))
        return
    for outcome, count in counts.items():
        if kind == "mean":
            continue
        if 1 <= count <= profile.sensitive or (count == 0 and n < profile.everybody_from and kind != "spread"):
            yield of[outcome]
        if kind == "spread" and (1 <= n - count <= profile.sensitive or (count == n and n < profile.everybody_from)):
            yield set(pupils) - set(of[outcome])


def _leavers(attacker: Attacker, made: Town, now: Hashable, then: Hashable) -> Iterator[frozenset[Hashable]]:
    """Those who stayed are the same: what is left over of either round are those who left, or joined."""
    names = [(now, SHARE, outcome) for outcome in ("", REST)]
    before = [(then, SHARE, outcome) for outcome in ("", REST)]
    if not all(name in attacker.true for name in (*names, *before)):
        return
    fewer = sum(attacker.true[name] for name in names) <= sum(attacker.true[name] for name in before)
    few, many = (names, before) if fewer else (before, names)
    moved = []
    for one, other, outcome in zip(few, many, ("", REST), strict=True):
        name = attacker.count(("moved", now, then, outcome), attacker.true[other] - attacker.true[one], attacker.whose[one])
        attacker.exactly({other: 1, one: -1, name: -1})
        moved.append(name)
    yield frozenset(moved)
    yield from (frozenset([name]) for name in moved)
