"""A round's counts as one system: what each node's figures tell, what must stay a secret, and what earlier releases have told.

One protected table serves the committee and the public alike: the public page shows a part of it, never another table, so that
the two cannot be subtracted from each other.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from chain.release import protect, rules
from chain.release.atoms import REST, Family, Measures, Place, Sets, Told, added, parts, place
from chain.release.attack import Between
from chain.release.profiles import Profile
from chain.release.protect import Figure
from chain.release.row import Laid, Rows, Telling, counted
from chain.release.rules import Exact

Unit = int
Inputs = Mapping[Unit, Mapping[Place, Mapping[Family, Told]]]  # what each unit has told
Made = dict[tuple[Hashable, Family, Told], Sets]  # what a unit told in a round of a family → its atoms
OPEN, NEAR = "", "near_end"
HIDDEN = "hidden"
ORDER = {"share": 0, "mean": 1, "count": 1, "money": 1, "hours": 1, "spread": 2}  # what is read first


@dataclass(frozen=True)
class Node:
    """A node whose figures are shown: the administration, an area, a unit; `units` under it tell, itself counted."""

    unit_id: Unit
    depth: int
    level: str
    name: str
    units: frozenset[Unit]


@dataclass(frozen=True)
class Out:
    """A figure of an earlier release as it was shown: openly, nearly, or not."""

    units: frozenset[Unit] | None  # under its node; none: all
    family: Family
    how: str


@dataclass(frozen=True)
class Earlier:
    """An approved release: what it was made from, what it showed, and by which thresholds."""

    name: Hashable
    round: Hashable
    inputs: Inputs
    out: Sequence[Out]
    profile: Profile
    other_year: bool = False  # then only what has no year group counts the same people: they have moved up from the others

    @cached_property
    def by_place(self) -> dict[Place, list[tuple[int, Out]]]:
        found: dict[Place, list[tuple[int, Out]]] = {}
        for number, one in enumerate(self.out):
            found.setdefault(place(one.family), []).append((number, one))
        return found


@dataclass
class Decided:
    """A family at a node: its sums, and the rule that hides or blurs it."""

    node: Node
    family: Family
    told: Told
    exact: list[Exact]
    rule: str


@dataclass
class System:
    """All that is asked of the protection, and its answers by (node, family)."""

    store: Rows
    figures: list[Figure] = field(default_factory=list)
    earlier: list[Figure] = field(default_factory=list)
    decided: dict[tuple[Unit, Family], Decided] = field(default_factory=dict)
    plan: protect.Plan = field(default_factory=protect.Plan)
    out: set[tuple[frozenset[Unit] | None, Family]] = field(default_factory=set)  # shown by earlier releases of the round
    stacked: set[tuple[Unit, Place]] = field(default_factory=set)


@dataclass(frozen=True)
class Question:
    """What is to be released, of which round, beside what is out already."""

    round: Hashable
    inputs: Inputs
    nodes: Sequence[Node]
    earlier: Sequence[Earlier]  # the round's own first, then the nearest in time; of each round the newest first
    profile: Profile
    measures: Measures
    expected: Callable[[Node, Family, int], int]  # so many units could have told, of which so many have

    @cached_property
    def scales(self) -> dict[Family, float]:
        """How much of a total is one pupil's, so that its protection is counted in pupils as well: of a mean, and of a count with
        decimals."""
        sums: dict[Family, list[int]] = {}
        counted: dict[Family, float] = {}
        for inputs in (self.inputs, *(one.inputs for one in self.earlier)):
            for family, told in _all(inputs):
                if self.measures.kind(family) == "count":
                    counted[family] = float(10 ** self.measures.indicators[family[1]].decimals)
                if self.measures.kind(family) == "mean" and told.total and told.n:
                    sums.setdefault(family, [0, 0])
                    sums[family] = [sums[family][0] + told.total, sums[family][1] + told.n]
        return {family: total / n for family, (total, n) in sums.items()} | counted


def protected(question: Question) -> System:
    """Every figure of every node, with the rule that hides or blurs it: primary, or for the sake of others."""
    system = System(Rows(question.measures, question.scales, question.profile))
    for where in dict.fromkeys(where for told in question.inputs.values() for where in told):
        _Place(system, question, where).put()
    values, owners = system.store.values, system.store.owners
    system.plan = protect.protect(system.figures, values, owners, system.earlier, question.profile.width)
    _withhold(system, question)
    return system


def _withhold(system: System, question: Question) -> None:
    for key in system.plan.withheld:
        one = system.decided[key]
        one.rule = "earlier" if _because_of_earlier(one, system) else "secondary"
    for one in list(system.decided.values()):
        if one.rule == OPEN and question.measures.kind(one.family) == "mean" and _beside_hidden(one, system, question):
            one.rule = "beside"


def _because_of_earlier(one: Decided, system: System) -> bool:
    """Whether an earlier release of the round shows it, whose number stands; or somebody has left or joined since the last."""
    shown = (one.node.units if one.node.depth else None, one.family) in system.out or (one.node.units, one.family) in system.out
    return shown or any((unit, place(one.family)) in system.stacked for unit in one.node.units)


def _beside_hidden(mean: Decided, system: System, question: Question) -> bool:
    """Whether a count of the same pupils is withheld at the node."""
    others = (one for one in question.measures.indicators if one != mean.family[1])
    for indicator in others:
        other = system.decided.get((mean.node.unit_id, (mean.family[0], indicator, *mean.family[2:])))
        same = other is not None and other.told.n == mean.told.n and question.measures.kind(other.family) in ("share", "spread")
        if other and same and other.rule not in (OPEN, NEAR):
            return True
    return False


def _all(inputs: Inputs) -> Iterator[tuple[Family, Told]]:
    for told in inputs.values():
        for families in told.values():
            yield from families.items()


class _Place:
    """A subject in a year group on one basis: figures of other places count other pupils."""

    def __init__(self, system: System, question: Question, where: Place) -> None:
        self._system, self._question, self._where = system, question, where
        self._rows = system.store
        self._stacked = False
        self._made: dict[Unit, Made] = {}
        self._left: dict[Unit, list[Telling]] = {}  # not laid out: what only other rounds tell

    def put(self) -> None:
        every = (self._question.inputs, *(one.inputs for one in self._question.earlier))
        units = sorted({unit for inputs in every for unit, told in inputs.items() if self._where in told})
        for unit in units:
            self._unit(unit)
        now = {unit: self._sets(unit, self._question.round, self._question.inputs) for unit in units}
        for node in self._question.nodes:
            self._node(node, now)
        for one in self._question.earlier:
            if one.round == self._question.round or (self._stacked and self._is_same_people(one)):
                self._out(one, {unit: self._sets(unit, one.round, one.inputs) for unit in units})

    # A unit through the releases

    def _unit(self, unit: Unit) -> None:
        """Lays out all that it tells in the round, with what other rounds have told of the same people but for a few."""
        round, made = self._question.round, self._made.setdefault(unit, {})
        now = self._told(unit, self._question.inputs)
        told = [(one.round, then) for one in self._question.earlier if self._is_same_people(one)
                if (then := self._told(unit, one.inputs))]  # fmt: skip
        left = self._rows.tellings([(round, now), *told])
        while left and left[0].round == round:
            row = self._rows.row(left[0], left[1:])
            left = [one for one in left if one not in row]
            self._keep(unit, made, self._rows.lay(unit, row))
        self._left[unit] = left

    def _told(self, unit: Unit, inputs: Inputs) -> Mapping[Family, Told]:
        return inputs.get(unit, {}).get(self._where, {})

    def _is_same_people(self, one: Earlier) -> bool:
        _form, _subject, group, _basis = self._where
        return not (one.other_year and group)

    def _keep(self, unit: Unit, made: Made, laid: Laid) -> None:
        made |= laid.sets
        for about, secrets in laid.few.items():
            figure = Figure(("left", unit, self._where, about), (), secrets=_frozen(*secrets))
            self._system.earlier.append(figure)
        if laid.known:
            nearly = tuple(Between(frozenset(atoms), least, most) for atoms, least, most in laid.known)
            self._system.earlier.append(Figure(("known", unit, self._where), (), nearly=nearly))
        if laid.few:
            self._stacked = True
            self._system.stacked.add((unit, self._where))

    def _sets(self, unit: Unit, round: Hashable, inputs: Inputs) -> dict[Family, Sets]:
        """The atoms of what it told then."""
        told = self._told(unit, inputs)
        names = {family: (round, family, counted(one, self._question.measures.kind(family))) for family, one in told.items()}
        made = self._made[unit]
        if any(name not in made for name in names.values()):
            for one in self._left[unit]:
                made |= self._rows.lay(unit, [one]).sets
        return {family: made[name] for family, name in names.items()}

    # What is told

    def _node(self, node: Node, now: Mapping[Unit, Mapping[Family, Sets]]) -> None:
        question = self._question
        for family, (units, sets) in sorted(_gathered(now, node.units).items()):
            told = added(question.inputs[unit][self._where][family] for unit in units)
            exact = exact_of(family, told, len(units), question.expected(node, family, len(units)), question.measures)
            rule = rules.why(exact, question.profile, finer=question.profile.finest == "unit")
            self._system.decided[node.unit_id, family] = Decided(node, family, told, exact, rule)
            kind = question.measures.kind(family)
            self._system.figures.append(
                Figure(
                    (node.unit_id, family), (node.depth, ORDER[kind], -told.n, node.name, node.unit_id, family),
                    *_told(told, sets, kind, rule, question.profile), _secrets(told, sets, kind, rule, question.profile),
                )
            )  # fmt: skip

    def _out(self, one: Earlier, then: Mapping[Unit, Mapping[Family, Sets]]) -> None:
        measures = self._question.measures
        for number, out in one.by_place.get(self._where, ()):
            units, sets = _gathered(then, out.units, out.family).get(out.family, ([], Sets()))
            if not units:
                continue
            told, kind = added(one.inputs[unit][self._where][out.family] for unit in units), measures.kind(out.family)
            exact = exact_of(out.family, told, len(units), len(units), measures)
            primary = rules.why(exact, one.profile, finer=one.profile.finest == "unit")
            rows, nearly = _told(told, sets, kind, out.how, one.profile)
            secrets = _secrets(told, sets, kind, primary, one.profile)
            if rows and one.round == self._question.round:
                self._system.out.add((out.units, out.family))
            self._system.earlier.append(Figure((one.name, number), (), rows, nearly, secrets))


def _gathered(
    sets: Mapping[Unit, Mapping[Family, Sets]], units: frozenset[Unit] | None, only: Family | None = None
) -> dict[Family, tuple[list[Unit], Sets]]:
    """Each family of the units under a node, put together."""
    found: dict[Family, tuple[list[Unit], Sets]] = {}
    for unit in sorted(sets.keys() if units is None else sets.keys() & units):
        own = sets[unit]
        for family in own if only is None else own.keys() & {only}:
            of, whole = found.setdefault(family, ([], Sets()))
            of.append(unit)
            whole.take(own[family])
    return found


def exact_of(family: Family, told: Told, units: int, expected: int, measures: Measures) -> list[Exact]:
    """A node's sums as the primary rules read them: a figure, or one for each step."""
    form, indicator, subject, group, basis = family
    measure = measures.indicators.get(indicator)
    spread = measures.kind(family) == "spread"
    return [
        Exact(form, indicator, subject, group, basis, category if spread else "", told.enrolled, told.n, k, units,
              max(expected, units), told.total, measure)
        for category, k in (told.parts or (("", 0),))
    ]  # fmt: skip


def _told(
    told: Told, sets: Sets, kind: str, rule: str, profile: Profile
) -> tuple[tuple[frozenset[int], ...], tuple[Between, ...]]:
    """What showing a family tells."""
    if rule not in (OPEN, NEAR):
        return (), ()
    if rule == NEAR:
        side = _smaller(told, kind)
        near, count = frozenset(sets.parts[side]), dict(parts(told, kind))[side]
        whole = _union(sets.parts.values()) if kind == "hours" else sets.n
        least, most = profile.near(told.n)
        if least <= count <= most:
            return _frozen(sets.n, whole), (Between(near, least, most),)
        return _frozen(sets.n, whole, near), ()
    if kind in ("share", "hours"):
        return _frozen(sets.n, sets.parts[""], sets.parts[REST] if kind == "hours" else ()), ()
    return _frozen(*sets.parts.values()) if kind == "spread" else _frozen(sets.n, sets.total), ()


def _secrets(told: Told, sets: Sets, kind: str, rule: str, profile: Profile) -> tuple[frozenset[int], ...]:
    """What must not be known of a family more closely than the width, whether it is shown or not."""
    if rule in ("few", "one_unit"):
        whole = _union(sets.parts.values()) if kind == "hours" else ()
        counts = dict(parts(told, kind))
        some = (atoms for name, atoms in sets.parts.items() if counts.get(name) or kind != "spread")  # as below
        return _frozen(sets.n, *some, sets.total, whole)
    if rule == "same":
        return _frozen(sets.total)
    if kind not in ("share", "spread", "hours"):
        return ()
    found: list[Iterable[int]] = []
    for name, count in parts(told, kind):
        if rules.is_secret(count, told.n, profile) and (count or kind != "spread"):  # that nobody has a step tells nobody's own
            found.append(sets.parts.get(name, ()))
        if kind == "spread" and rules.is_secret(told.n - count, told.n, profile):
            found.append(sets.n - sets.parts.get(name, set()))
    return _frozen(*found)


def _smaller(told: Told, kind: str) -> str:
    """Which side of a share is the blurred one."""
    (reached, k), (rest, m) = parts(told, kind)
    return rest if m <= k else reached


def _union(each: Iterable[set[int]]) -> set[int]:
    return {atom for atoms in each for atom in atoms}


def _frozen(*each: Iterable[int]) -> tuple[frozenset[int], ...]:
    return tuple(dict.fromkeys(atoms for one in each if (atoms := frozenset(one))))
