"""A release as it would be if it was frozen now: every node's figures, what is withheld of them, and why. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select

from chain.base.db import db
from chain.base.locale import sort_key
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.release import atoms, rules, sources, system
from chain.release.atoms import Family, Place
from chain.release.models import ReleaseProfile
from chain.release.profiles import SKOLVERKET, Profile
from chain.release.rules import Protected
from chain.release.sources import Figures, Source, Unit
from chain.release.system import Decided, Earlier, Node, Question
from chain.rollup import queries as rollup
from chain.rollup.queries import COVERAGE, ROWS
from chain.rollup.rules import Part, share_of

Covered = Mapping[tuple[str, str], Part]
NOTHING: Covered = {}


@dataclass(frozen=True)
class Placed:
    """A node that is shown: where it stands among the others, and how many of the units under it have told."""

    node: Node
    parent: Unit | None
    part: Part


@dataclass(frozen=True)
class Asked:
    """What a release would be made of. Two that are equal make the same release."""

    round_id: int
    nodes: tuple[Placed, ...]
    inputs: Mapping[Unit, Figures]
    sources: tuple[Source, ...]
    held: frozenset[tuple[Unit, Place]]
    earlier: tuple[Earlier, ...]
    profile: Profile
    measures: atoms.Measures = field(compare=False)
    coverage: Mapping[Unit, Covered] = field(compare=False)

    @property
    def covered(self) -> Part:
        return self.nodes[0].part

    @property
    def beside(self) -> list[int]:
        """The approved releases that are out already, by id."""
        return sorted(int(str(one.name)) for one in self.earlier)


@dataclass(frozen=True)
class Line:
    """A figure of a node as it would leave; `rule` is for those who prepare and approve."""

    unit_id: Unit
    figure: Protected
    rule: str


@dataclass(frozen=True)
class Made:
    asked: Asked
    lines: tuple[Line, ...]
    secrets: int = 0
    solved: int = 0


# What it is made of


def profile(unit_id: int) -> Profile:
    """The thresholds that an administration's next release is protected by."""
    kept = db.session.scalars(select(ReleaseProfile).where(ReleaseProfile.unit_id == unit_id)).first()
    return Profile(**kept.facts) if kept else SKOLVERKET


def asked(round: Round, administration: RoundNode) -> Asked:
    """All that a release of a round is made of now, small changes since the last one held."""
    known = sources.measures(round)
    reader = sources.Reader(round, administration.path, known)
    before = sources.earlier(round, administration.path, reader)
    stands = reader.standing(round)
    inputs = {unit: figures for unit, figures in reader.stored(round).items() if unit in stands}
    made_of = [Source(unit, stands[unit]) for unit in sorted(inputs)]
    chosen = profile(administration.unit_id)
    held: dict[tuple[Unit, Place], int] = {}
    for release, then in before:
        if release.round_id == round.id:
            inputs, held = _held(inputs, held, then, sources.of(release), known, chosen)
    for (unit, _submission), places in _grouped(held).items():
        made_of.append(Source(unit, _submission, places))
    coverage = _coverage(round.id)
    nodes = _nodes(round, administration, inputs, coverage, chosen)
    return Asked(
        round.id, tuple(nodes), inputs, tuple(made_of), frozenset(held), tuple(one for _release, one in before), chosen, known,
        coverage,
    )  # fmt: skip


def _held(
    inputs: Mapping[Unit, Figures], already: Mapping[tuple[Unit, Place], int], then: Earlier, made_of: Sequence[Source],
    known: atoms.Measures, chosen: Profile,
) -> tuple[dict[Unit, Figures], dict[tuple[Unit, Place], int]]:  # fmt: skip
    """What differs by a few pupils from what a release of the round was made of stays as it was there till the next round. Asked
    of the newest release first; what is `already` held has been released as it is."""
    scales = Question("", inputs, (), (then,), chosen, known, lambda node, family, units: units).scales
    came_from = sources.by_place(made_of, then.inputs)
    now = {unit: dict(figures) for unit, figures in inputs.items()}
    held = dict(already)
    for unit, figures in now.items():
        for where in figures.keys() & then.inputs.get(unit, {}).keys():
            before = then.inputs[unit][where]
            if (unit, where) in already:
                continue
            if before != figures[where] and atoms.differs_little(before, figures[where], known, scales, chosen.width):
                figures[where] = dict(before)
                held[unit, where] = came_from[unit, where]
    return now, held


def _grouped(held: Mapping[tuple[Unit, Place], int]) -> dict[tuple[Unit, int], tuple[Place, ...]]:
    found: dict[tuple[Unit, int], list[Place]] = {}
    for (unit, where), submission in sorted(held.items()):
        found.setdefault((unit, submission), []).append(where)
    return {key: tuple(places) for key, places in found.items()}


def _coverage(round_id: int) -> dict[Unit, dict[tuple[str, str], Part]]:
    c = COVERAGE.c
    wanted = select(c.unit_id, c.school_form, c.year_group, c.expected, c.reporting).where(c.round_id == round_id)
    found: dict[Unit, dict[tuple[str, str], Part]] = {}
    for unit, form, group, expected, reporting in db.session.execute(wanted):
        found.setdefault(unit, {})[form, group] = Part(expected, reporting)
    return found


def _nodes(
    round: Round, administration: RoundNode, inputs: Mapping[Unit, Figures], coverage: Mapping[Unit, Covered], chosen: Profile
) -> list[Placed]:
    """The nodes that the profile shows, each before those under it, in Swedish order."""
    finest = sources.rank(chosen.finest)
    every = [
        one for one in cycle.below(round, administration.path) if rollup.sums(one.level) and one.unit_id != administration.unit_id
    ]
    shown = [one for one in every if sources.rank(one.level) <= finest and (one.expected or _tells(one, every, inputs))]
    places = sources.lowest(round, administration.path)
    under: dict[Unit, list[RoundNode]] = {}
    for one in shown:
        above = [other for other in (administration, *shown) if other is not one and one.path.startswith(other.path)]
        under.setdefault(max(above, key=lambda other: len(other.path)).unit_id, []).append(one)
    found: list[Placed] = []

    def walk(one: RoundNode, parent: Unit | None, depth: int) -> None:
        units = frozenset(unit for unit in inputs if places.get(unit, "").startswith(one.path))
        found.append(
            Placed(Node(one.unit_id, depth, one.level, one.name, units), parent,
                   coverage.get(one.unit_id, NOTHING).get(("", ""), Part()))
        )  # fmt: skip
        for child in sorted(under.get(one.unit_id, []), key=lambda child: sort_key(child.name)):
            walk(child, one.unit_id, depth + 1)

    walk(administration, None, 0)
    return found


def _tells(node: RoundNode, every: Sequence[RoundNode], inputs: Mapping[Unit, Figures]) -> bool:
    return any(one.unit_id in inputs for one in every if one.path.startswith(node.path))


# Protected


def made(asked: Asked) -> Made:
    """Protect it. Seconds in a large city: done before anything is locked."""

    def expected(node: Node, family: Family, units: int) -> int:
        return share_of(asked.coverage.get(node.unit_id, NOTHING), family[0], family[3]).expected

    question = Question(
        asked.round_id, asked.inputs, [one.node for one in asked.nodes], asked.earlier, asked.profile, asked.measures, expected
    )
    found = system.protected(question)
    order = {one.node.unit_id: place for place, one in enumerate(asked.nodes)}
    decided = sorted(found.decided.values(), key=lambda one: (order[one.node.unit_id], one.family))
    lines = [line for one in decided for line in _lines(one, asked)]
    return Made(asked, tuple(lines), found.plan.secrets, found.plan.solved)


def _lines(one: Decided, asked: Asked) -> list[Line]:
    rule = one.rule
    if rule in ("", "near_end") and (one.node.unit_id, atoms.place(one.family)) in asked.held:
        rule = "held"
    shown = rules.shown(one.exact, one.rule, asked.profile)
    return [Line(one.node.unit_id, _leaving(each, one, asked), rule) for each in shown]


def _leaving(figure: Protected, one: Decided, asked: Asked) -> Protected:
    """As it leaves: no word of why it is hidden, and all enrolled of the administration's alone."""
    if figure.shown == rules.HIDDEN:
        return replace(figure, withheld=rules.PROTECTED)
    if one.node.depth and asked.measures.kind(one.family) not in ("hours", "count", "money"):
        return replace(figure, enrolled=None)
    return figure


LONG = 4_000  # stored figures: protecting more takes longer than anybody waits without being told


def is_long(round: Round) -> bool:
    """Whether it takes more than a few seconds."""
    counted = select(func.count()).select_from(ROWS)
    return (db.session.scalar(counted.where(ROWS.c.round_id == round.id)) or 0) > LONG
