"""Reading stored figures: one range of the primary key per node and round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import quote_plus

from sqlalchemy import Row, Select, Table, bindparam, literal, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base.db import db
from chain.base.locale import current, sort_key
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.followup.models import Submission
from chain.organisation.models import Unit
from chain.result import queries as result
from chain.result import rules as measured
from chain.rollup import rules
from chain.rollup.models import Coverage, RollupRow
from chain.rollup.rules import Block, Key, Line, Part, Sum, Words

COVERAGE = cast(Table, Coverage.__table__)
ROWS = cast(Table, RollupRow.__table__)
FIGURE = (
    ROWS.c.indicator, ROWS.c.school_form, ROWS.c.subject, ROWS.c.year_group, ROWS.c.category, ROWS.c.basis,
    ROWS.c.enrolled, ROWS.c.n, ROWS.c.k, ROWS.c.units, ROWS.c.total,
)  # fmt: skip


# Stored figures


def rows(unit_id: int, round_id: int) -> list[Sum]:
    """A node's figures in a round: one range of the primary key, whose rows stay as they came."""
    return cast(list[Sum], db.session.connection().execute(_ROWS, {"unit": unit_id, "round": round_id}).all())


_ROWS = select(*FIGURE).where(ROWS.c.unit_id == bindparam("unit"), ROWS.c.round_id == bindparam("round"))
_BESIDE = select(*FIGURE, ROWS.c.path, ROWS.c.round_id).where(
    ROWS.c.unit_id == bindparam("unit"), ROWS.c.round_id.in_([bindparam("now"), bindparam("then")])
)


def beside(holder: policy.Holder | None, unit_id: int, now: int, then: int | None) -> tuple[list[Sum], list[Sum]]:
    """A node's figures in a round, and in an earlier one: two ranges of the primary key, whose rows stay as they came. Whoever
    asks may read the node in the round; what it told earlier, elsewhere, is read by those who read it there."""
    found = db.session.connection().execute(_BESIDE, {"unit": unit_id, "now": now, "then": then}).all()
    new, old = ([row for row in found if row[-1] == round_id] for round_id in (now, then))
    places = {row[-2] for row in old}  # one as a rule: the statement is prepared once, and not anew for each who asks
    read = {path for path in places if policy.may(holder, policy.Action.READ, RollupRow(unit_id=unit_id, path=path))}
    return cast(list[Sum], new), cast(list[Sum], old if read == places else [row for row in old if row[-2] in read])


def coverage(unit_id: int, round_id: int) -> dict[tuple[str, str], Part]:
    """A node's coverage in a round, by school form and year group; all of it under two empty words."""
    wanted = select(COVERAGE.c.school_form, COVERAGE.c.year_group, COVERAGE.c.expected, COVERAGE.c.reporting)
    found = db.session.execute(wanted.where(COVERAGE.c.unit_id == unit_id, COVERAGE.c.round_id == round_id))
    return {(form, group): Part(expected, reporting) for form, group, expected, reporting in found}


def parts(round_id: int, unit_ids: Iterable[int]) -> dict[int, Part]:
    """Each node's coverage in a round, all school forms together."""
    c = COVERAGE.c
    wanted = select(c.unit_id, c.expected, c.reporting).where(c.round_id == round_id, c.unit_id.in_(list(unit_ids)))
    found = db.session.execute(wanted.where(c.school_form == "", c.year_group == ""))
    return {unit_id: Part(expected, reporting) for unit_id, expected, reporting in found}


def collects(level: str) -> bool:
    """Whether units of a level hand in figures: the entry level, at which units are counted."""
    known = cycle.levels()
    return level in known and known[level].collects_figures


def sums(level: str) -> bool:
    """Whether nodes of a level have stored figures: the entry level and those above it that answer."""
    known = cycle.levels()
    return level in known and known[level].answers and known[level].rank <= _lowest_rank()


def lowest(level: str) -> bool:
    """Whether no node under one of this level has stored figures."""
    return cycle.level(level).rank == _lowest_rank()


def _lowest_rank() -> int:
    return max(one.rank for one in cycle.levels().values() if one.collects_figures)


@dataclass(frozen=True)
class Place:
    """A node of a round, without its round: what the sums need of it."""

    unit_id: int
    path: str
    level: str
    school_forms: list[str]
    year_groups: list[str]
    expected: bool


def line_up(round_id: int, unit_id: int) -> list[Place]:
    """A node of the round's tree and those above it, nearest first, up to the administration: the committee is no node."""
    return [Place(*row) for row in db.session.execute(_line_up(), {"round": round_id, "unit": unit_id})]


@cache  # every acceptance asks, and putting it together takes longer than the answer
def _line_up() -> Select[int, str, str, list[str], list[str], bool]:
    n = RoundNode
    line = (
        select(n.unit_id, n.parent_id, literal(0).label("step"))
        .where(n.round_id == bindparam("round"), n.unit_id == bindparam("unit"))
        .cte("line", recursive=True)
    )
    above = select(n.unit_id, n.parent_id, line.c.step + 1).where(n.round_id == bindparam("round"), n.unit_id == line.c.parent_id)
    line = line.union_all(above)
    return _places().join(line, line.c.unit_id == n.unit_id).order_by(line.c.step)


def places(round_id: int) -> list[Place]:
    """Every node of the round's tree."""
    return [Place(*row) for row in db.session.execute(_places(), {"round": round_id})]


def _places() -> Select[int, str, str, list[str], list[str], bool]:
    n = RoundNode
    return select(n.unit_id, n.path, n.level, n.school_forms, n.year_groups, n.expected).where(n.round_id == bindparam("round"))


def handing_up_to(round_id: int, unit_id: int) -> list[Row[int, int | None, str, bool, str]]:
    """The nodes that hand up to this one, in Swedish order: its children, and in an exempt child's place the child's own."""
    n = RoundNode
    place = select(n.path).where(n.round_id == round_id, n.unit_id == unit_id)
    nodes = select(n.unit_id, n.parent_id, n.name, n.expected, Unit.public_id).join(Unit, Unit.id == n.unit_id)
    under: dict[int | None, list[Row[int, int | None, str, bool, str]]] = {}
    for node in db.session.execute(nodes.where(n.round_id == round_id, policy.below(db.session.scalars(place).one(), n.path))):
        under.setdefault(node.parent_id, []).append(node)

    def walk(above: int) -> list[Row[int, int | None, str, bool, str]]:
        return [each for node in under.get(above, []) for each in ([node] if node.expected else [node, *walk(node.unit_id)])]

    return sorted(walk(unit_id), key=lambda node: sort_key(node.name))


def frozen(round_id: int, unit_id: int, level: str) -> dict[str, Any]:
    """What a node's snapshot keeps of what stands under it: figures, coverage, versions they are made from, who is missing."""
    s = Submission
    standing = select(s.unit_id, s.public_id, s.number, s.sha256, s.state).where(
        s.round_id == round_id, s.receiver_id == unit_id, s.state.in_(rules.STANDING)
    )
    versions = {row.unit_id: row for row in db.session.execute(standing.order_by(s.number))}
    nodes = handing_up_to(round_id, unit_id)
    children = [
        {
            "unit": node.public_id, "name": node.name, "submission": version.public_id, "number": version.number,
            "sha256": version.sha256, "state": version.state,
        }
        for node in nodes
        if (version := versions.get(node.unit_id))
    ]  # fmt: skip
    missing = [node.name for node in nodes if node.expected and node.unit_id not in versions]
    kept: dict[str, Any] = {"children": children, "missing": missing}
    if sums(level) and not collects(level):
        kept["rollup"] = [row._asdict() for row in sorted(rows(unit_id, round_id))]
        kept["coverage"] = [
            {"school_form": form, "year_group": group, "expected": part.expected, "reporting": part.reporting}
            for (form, group), part in sorted(coverage(unit_id, round_id).items())
        ]
    return kept


def opened() -> list[Round]:
    """Every round that has been opened, of every committee."""
    return list(
        db.session.scalars(select(Round).where(Round.opened_at.is_not(None)).order_by(Round.id).options(joinedload(Round.year)))
    )


def readable(holder: policy.Holder | None, round: Round, unit_id: str) -> RoundNode | None:
    """A node whose stored figures the holder may read, by the unit's public id and where it stood in the round."""
    here = select(RoundNode).join(RoundNode.unit).where(RoundNode.round_id == round.id, Unit.public_id == unit_id)
    node = db.session.scalars(here.options(joinedload(RoundNode.round))).first()
    if node is None or not sums(node.level):
        return None
    may = policy.may(holder, policy.Action.READ, Coverage(unit_id=node.unit_id, path=node.path))
    return node if may else None


# Words for the codes


@cache
def _school_form_names(language: str) -> dict[str, str]:
    return {code: form.name(language) for code, form in cycle.school_forms().items()}


@cache
def _year_group_names(language: str) -> dict[tuple[str, str], str]:
    forms = cycle.school_forms().items()
    return {(code, group.key): group.name(language) for code, form in forms for group in form.year_groups}


@cache
def _subject_names(language: str) -> dict[str, str]:
    return {one.code: one.name(language) for one in result.subjects()}


def words(year_id: int) -> Words:
    """The year's indicators and scales, and the codes' names, in the reader's language."""
    language = current()
    known = {one.key: one for one in result.indicators(year_id)}
    scales = {one.key: one for one in result.scales(year_id)}

    def title(key: str, group: str) -> tuple[str, str]:
        found = known.get(key)
        heading = found.words(language, group) if found else None
        return (heading.name, heading.definition) if heading else (key, "")

    def scale(key: str) -> measured.Scale | None:
        return scales.get(known[key].scale) if key in known else None

    def steps(key: str) -> dict[str, str]:
        found = scale(key)
        return {step.key: step.sign(language) for step in found.steps} if found else {}

    return Words(
        school_forms=_school_form_names(language),
        year_groups=_year_group_names(language),
        subjects=_subject_names(language),
        indicators={key: place for place, key in enumerate(known)},
        title=title,
        steps=steps,
        basis=measured.basis_name,
        measure=known.get,
        scale=scale,
    )


# The figures' page


def query_of(key: Key) -> str:
    """A figure as the end of an address."""
    return "&".join(f"{name}={_quoted(value)}" for name, value in zip(Key._fields, key, strict=True) if value)


_quoted = cache(quote_plus)  # a page has hundreds of the same few codes


def blocks(holder: policy.Holder | None, round: Round, node: RoundNode, covered: dict[tuple[str, str], Part]) -> list[Block]:
    """A node's figures as tables, beside those of the same round last year where they rest on the same thing."""
    before = cycle.year_before(round)
    now, then = beside(holder, node.unit_id, round.id, before.id if before else None)
    return rules.blocks(now, then, covered, words(round.year_id), query_of)


@dataclass(frozen=True)
class Child:
    """A node right below, with its coverage."""

    unit_id: int
    name: str
    public_id: str
    level: str
    part: Part
    exempt: str


def children(round: Round, node: RoundNode) -> list[Child]:
    """The nodes right below that have figures, in Swedish order."""
    wanted = select(
        RoundNode.unit_id, Unit.public_id, RoundNode.name, RoundNode.level, RoundNode.expected, RoundNode.exempt_reason
    )
    below = wanted.join(Unit, Unit.id == RoundNode.unit_id).where(
        RoundNode.round_id == round.id, RoundNode.parent_id == node.unit_id
    )
    found = [row for row in db.session.execute(below) if sums(row.level)]
    covered = parts(round.id, [row.unit_id for row in found])
    made = [
        Child(
            row.unit_id,
            row.name,
            row.public_id,
            row.level,
            covered.get(row.unit_id, Part()),
            "" if row.expected else row.exempt_reason,
        )
        for row in found
    ]
    return sorted(made, key=lambda child: sort_key(child.name))


@dataclass(frozen=True)
class Breakdown:
    """One figure at a node, and what each child's part in it is, in Swedish order: never in order of result."""

    title: str
    definition: str
    basis: str
    steps: tuple[str, ...]
    mean: str
    heads: tuple[str, str]
    whole: Line
    parts: tuple[tuple[Child, Line | None], ...]
    sums: Mapping[int, list[Sum]]  # what the lines are said from, by node
    covered: Mapping[tuple[str, str], Part]  # of the whole


def breakdown(round: Round, node: RoundNode, key: Key) -> Breakdown | None:
    """A figure per child; None where the node has no such figure."""
    below = select(RoundNode.unit_id).where(RoundNode.round_id == round.id, RoundNode.parent_id == node.unit_id)
    same = [ROWS.c[name] == value for name, value in zip(Key._fields, key, strict=True) if name != "category"]
    here = (ROWS.c.unit_id == node.unit_id) | ROWS.c.unit_id.in_(below)
    found: dict[int, list[Sum]] = {}
    for unit_id, *figure in db.session.execute(select(ROWS.c.unit_id, *FIGURE).where(ROWS.c.round_id == round.id, here, *same)):
        found.setdefault(unit_id, []).append(Sum._make(figure))
    if node.unit_id not in found:
        return None
    said = words(round.year_id)
    name, definition = said.title(key.indicator, key.year_group)
    steps = said.steps(key.indicator) if found[node.unit_id][0].category else {}
    measure, scale = said.measure(key.indicator), said.scale(key.indicator) if steps else None

    def line(label: str, unit_id: int, part: Part) -> Line | None:
        told = found.get(unit_id)
        return rules.line(label, told, tuple(steps), {}, part, query_of, measure, scale) if told else None

    covered = coverage(node.unit_id, round.id)
    whole = line(node.name, node.unit_id, rules.share_of(covered, key.school_form, key.year_group))
    assert whole is not None
    parts = tuple((child, line(child.name, child.unit_id, child.part)) for child in children(round, node))
    where = (said.subjects.get(key.subject), said.year_groups.get((key.school_form, key.year_group)))
    return Breakdown(
        title=", ".join(filter(None, (name, *where))),
        definition=definition,
        basis=said.basis(key.basis),
        steps=tuple(steps.values()),
        mean=scale.mean_name(current()) if scale else "",
        heads=rules.heads(measure, key.year_group),
        whole=whole,
        parts=parts,
        sums=found,
        covered=covered,
    )
