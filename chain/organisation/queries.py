"""Reads the tree, its people and how they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from chain.access import policy
from chain.access.policy import Holder, Role
from chain.base import clock, events, outbox
from chain.base.db import db
from chain.base.locale import _, sort_key, sorted_by_name
from chain.organisation import rules, shipped, tree_file
from chain.organisation.models import Mandate, Person, PlaceInTree, Unit, UnitCode
from chain.organisation.tree_file import Reading, Row

ENDING_SOON = timedelta(days=60)


@dataclass
class Node:
    """A unit with those below it, in Swedish order."""

    unit: Unit
    children: list["Node"] = field(default_factory=list)


def tree(holder: Holder) -> tuple[list[Node], list[Node]]:
    """What the mandate may see, its own line upwards and everything below; and beside it the units of other organisers."""
    units = db.session.scalars(policy.visible(holder, Unit)).all()
    nodes = {unit.id: Node(unit) for unit in units}
    tops: list[Node] = []
    others: list[Node] = []
    for unit in sorted(units, key=_order):
        above = nodes.get(unit.parent_id or 0)
        beside = others if unit.context else tops
        (above.children if above and not unit.context else beside).append(nodes[unit.id])
    return tops, others


def _order(unit: Unit) -> tuple[bool, int, str]:
    level = shipped.levels().get(unit.level)
    return unit.context, level.rank if level else 99, sort_key(unit.name)


def line_to(unit: Unit) -> list[Unit]:
    """The units from the root down to the parent."""
    above = db.session.scalars(select(Unit).where(Unit.path.in_(policy.ancestors(unit.path)))).all()
    return sorted(above, key=lambda each: len(each.path))


def children(unit: Unit) -> list[Unit]:
    return sorted(db.session.scalars(select(Unit).where(Unit.parent_id == unit.id)), key=_order)


def places(unit: Unit) -> list[tuple[PlaceInTree, Unit | None]]:
    """Where the unit has stood, with the parent of that time, the latest first."""
    parent = aliased(Unit)
    rows = db.session.execute(
        select(PlaceInTree, parent)
        .outerjoin(parent, PlaceInTree.parent_id == parent.id)
        .where(PlaceInTree.unit_id == unit.id)
        .order_by(PlaceInTree.id.desc())
    )
    return [(place, above) for place, above in rows]


def holding(day: date) -> ColumnElement[bool]:
    """The condition of a mandate that is valid on a day."""
    return and_(Mandate.valid_from <= day, or_(Mandate.valid_to.is_(None), Mandate.valid_to >= day))


def mandates_at(unit: Unit, holder: Holder) -> list[Mandate]:
    """Who has a mandate at the unit now or later, as far as the reader may see."""
    still = or_(Mandate.valid_to.is_(None), Mandate.valid_to >= clock.today())
    statement = policy.visible(holder, Mandate).where(Mandate.unit_id == unit.id, still).options(joinedload(Mandate.person))
    return sorted_by_name(db.session.scalars(statement), lambda mandate: mandate.person.name)


def people(holder: Holder, *, search: str = "", which: str = "") -> list[Person]:
    """The people whom the mandate may see, with mandates. `which`: 'without' a valid mandate, 'ended', else all who remain."""
    statement = policy.visible(holder, Person).options(selectinload(Person.mandates).joinedload(Mandate.unit))
    statement = statement.where(Person.ended_at.is_not(None) if which == "ended" else Person.ended_at.is_(None))
    if which == "without":
        statement = statement.where(_without_mandate())
    wanted = sort_key(search.strip())
    found = [one for one in db.session.scalars(statement) if wanted in sort_key(f"{one.name} {one.email}")]
    return sorted_by_name(found)


def _without_mandate() -> ColumnElement[bool]:
    return ~exists().where(Mandate.person_id == Person.id, holding(clock.today()))


def units_to_choose(holder: Holder) -> list[tuple[Unit, str]]:
    """The units that the mandate keeps and that are open, each with its way from above: 'Norra området › Alskolan'."""
    units = db.session.scalars(policy.visible(holder, Unit, policy.Action.KEEP)).all()
    names = {unit.path: unit.name for unit in units}
    found = [(unit, _way(unit.path, names)) for unit in units if unit.open and not unit.context]
    return sorted(found, key=lambda each: [sort_key(step) for step in each[1].split(" › ")])


def _way(path: str, names: dict[str, str]) -> str:
    steps = [names[above] for above in [*policy.ancestors(path), path] if above in names]
    return " › ".join(steps[1:] or steps)


@dataclass(frozen=True)
class Health:
    """How the people and the letters of a municipality are."""

    letters: int
    oldest: date | None
    without: list[Person]
    ending: list[Mandate]


def health(municipality: Unit, holder: Holder) -> Health:
    """Letters that wait, people without a mandate, mandates that end soon."""
    waiting = (
        select(func.count(), func.min(outbox.Letter.at))
        .join(Person, Person.public_id == outbox.Letter.person)
        .where(outbox.Letter.sent_at.is_(None), Person.municipality_id == municipality.id)
    )
    letters, oldest = db.session.execute(waiting).one()
    soon = policy.visible(holder, Mandate).where(Mandate.valid_to.between(clock.today(), clock.today() + ENDING_SOON))
    ending = db.session.scalars(
        soon.options(joinedload(Mandate.person), joinedload(Mandate.unit)).order_by(Mandate.valid_to, Mandate.id)
    ).all()
    without = people(holder, which="without")
    return Health(letters, clock.date_of(oldest) if oldest else None, without, list(ending))


@dataclass(frozen=True)
class Step:
    """What reading a row of a tree file would do: 'new', 'changed' or 'same'."""

    row: Row
    what: str
    under: str  # the way to its parent, as names
    unit: Unit | None
    parent_id: int | None  # where the parent stands already


@dataclass
class Plan:
    steps: list[Step] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)

    def count(self, what: str) -> int:
        return sum(step.what == what for step in self.steps)


def plan(municipality: Unit, reading: Reading) -> Plan:
    """What a tree file would change in a municipality; with a sentence for each row that cannot be placed."""
    inside = policy.below(municipality.path, Unit.path) | (Unit.id == municipality.id)
    known = db.session.scalars(select(Unit).where(inside, ~Unit.context).options(selectinload(Unit.codes))).all()
    names = {unit.path: unit.name for unit in known}
    ways = _Ways()
    for unit in known:
        steps = [names[above] for above in [*policy.ancestors(unit.path), unit.path] if above in names]
        ways.add(tuple(steps), unit.path, unit.level, unit)
    made = Plan(problems=dict(reading.problems))
    waiting = list(reading.rows)
    while waiting:
        placed = [row for row in waiting if ways.place(row, made)]
        if not placed:
            break
        waiting = [row for row in waiting if row not in placed]
    for row in waiting:
        made.problems.setdefault(
            row.number, _("Det finns ingen %(parent)s att lägga %(name)s under.", parent=f"”{row.parent}”", name=row.name)
        )
    _codes_taken(municipality, made)
    made.steps.sort(key=lambda step: step.row.number)
    return made


class _Ways:
    """Where a name leads: units that stand already and those that rows before have placed."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, ...], tuple[str, str, Unit | None]] = {}

    def add(self, way: tuple[str, ...], path: str, level: str, unit: Unit | None) -> None:
        self.found[way] = (path, level, unit)

    def place(self, row: Row, made: Plan) -> bool:
        """Put a row under its parent, if the parent is known by now; with a problem where that cannot be."""
        wanted = tuple(sort_key(step.strip()) for step in row.parent.split("/"))
        above = [way for way in self.found if tuple(map(sort_key, way[-len(wanted) :])) == wanted]
        if not above:
            return False
        if len(above) > 1:
            made.problems[row.number] = _(
                "Det finns flera %(parent)s. Skriv vägen dit, till exempel %(way)s.",
                parent=f"”{row.parent}”", way="/".join(above[0][-2:]),
            )  # fmt: skip
            return True
        parent_path, parent_level, parent = self.found[above[0]]
        levels = shipped.levels()
        if levels[row.level].rank <= levels[parent_level].rank:
            made.problems[row.number] = _(
                "%(name)s kan inte ligga under %(parent)s: nivåerna går uppifrån och ner.", name=row.name, parent=row.parent
            )
            return True
        if parent is not None and not parent.open:
            made.problems[row.number] = _("%(parent)s är stängd.", parent=row.parent)
            return True
        path = rules.child_path(parent_path, rules.slug(row.name))
        there = next((unit for found, _level, unit in self.found.values() if found == path and unit), None)
        same_name = next((self.found[way] for way in self.found if way == (*above[0], row.name)), None)
        unit = there or (same_name[2] if same_name else None)
        if unit and unit.level != row.level:
            made.problems[row.number] = _("%(name)s finns redan, men på en annan nivå.", name=row.name)
            return True
        if unit and not unit.open:
            made.problems[row.number] = _("%(name)s finns redan men är stängd.", name=row.name)
            return True
        made.steps.append(Step(row, _what(row, unit), "/".join(above[0]), unit, parent.id if parent else None))
        self.add((*above[0], row.name), unit.path if unit else path, row.level, unit)
        return True


def _what(row: Row, unit: Unit | None) -> str:
    if unit is None:
        return "new"
    return "changed" if differences(row, unit) else "same"


def differences(row: Row, unit: Unit) -> dict[str, object]:
    """What a row says otherwise than the unit is; an empty cell says nothing."""
    said: dict[str, object] = {
        "kind": row.kind, "school_forms": list(row.school_forms), "year_groups": list(row.year_groups), "code": row.code
    }  # fmt: skip
    stands = {name: getattr(unit, name) for name in ("kind", "school_forms", "year_groups")} | {"code": unit.code}
    return {name: value for name, value in said.items() if value and value != stands[name]}


def _codes_taken(municipality: Unit, made: Plan) -> None:
    wanted = {step.row.code: step for step in made.steps if step.row.code}
    taken = select(UnitCode).where(
        UnitCode.municipality_id == municipality.id, UnitCode.code.in_(wanted), UnitCode.valid_to.is_(None)
    )
    for code in db.session.scalars(taken.options(joinedload(UnitCode.unit))):
        step = wanted[code.code]
        if step.unit is None or step.unit.id != code.unit_id:
            made.problems[step.row.number] = _("Koden %(code)s hör till %(unit)s.", code=code.code, unit=code.unit.name)


def read_tree(municipality: Unit, text: str) -> Plan:
    """The plan of a tree file's text."""
    return plan(municipality, tree_file.read(text))


def named(units: Iterable[Unit]) -> str:
    """Their names in a sentence."""
    return ", ".join(unit.name for unit in sorted_by_name(units))


def municipality_of(mandate: Mandate) -> Unit:
    """The municipality that a mandate belongs to."""
    unit = mandate.unit
    return unit if unit.municipality_id is None else db.session.get_one(Unit, unit.municipality_id)


def parents_to_choose(unit: Unit, holder: Holder) -> list[tuple[Unit, str]]:
    """Where a unit can be moved: kept by the mandate, above its level, not within itself and not where it is."""
    ranks = {key: level.rank for key, level in shipped.levels().items()}
    rank = ranks.get(unit.level, 1000)
    return [
        (each, way)
        for each, way in units_to_choose(holder)
        if ranks.get(each.level, 0) < rank and each.id != unit.parent_id and not each.path.startswith(unit.path)
    ]


def successors_to_choose(unit: Unit, holder: Holder) -> list[tuple[Unit, str]]:
    """Who may take over when a unit closes: another open one at its level."""
    return [(each, way) for each, way in units_to_choose(holder) if each.level == unit.level and each.id != unit.id]


def waiting(unit: Unit, successor: Unit | None = None, *, new: bool = False) -> list[rules.Waiting]:
    """What would wait for the unit if it ended now, in the order of the chain: how many and of whom, never what they say.

    `new`: whoever takes over is a unit that does not stand in the tree yet.
    """
    found: list[rules.Waiting] = []
    events.tell("unit_to_end", unit=unit, found=found, successor=successor, new=new)
    return found


@dataclass(frozen=True)
class Moving:
    """What a move would change: whose rights, what goes along, and what stays as it is."""

    gains: list[Mandate]  # those who see the unit afterwards and do not see it now
    loses: list[Mandate]
    below: list[Unit]  # what lies under it
    people: int  # mandates at the unit and below it, whose place in the tree changes
    stays: list[rules.Waiting]


def moving(unit: Unit, under: Unit) -> Moving:
    """What would change if the unit were put under another, in the order in which it is read: five statements and the links'."""
    now, then = policy.ancestors(unit.path), [*policy.ancestors(under.path), under.path]
    beyond = (
        select(Mandate)
        .join(Mandate.unit)
        .where(holding(clock.today()))
        .options(joinedload(Mandate.person), joinedload(Mandate.unit))
    )
    readers = policy.roles(policy.Action.READ, "submission") - {Role.STAFF}

    def at(paths: set[str]) -> list[Mandate]:
        held = db.session.scalars(beyond.where(Unit.path.in_(paths), Mandate.role.in_(readers)))
        return sorted_by_name(held, lambda mandate: mandate.person.name)

    below = db.session.scalars(select(Unit).where(policy.below(unit.path, Unit.path))).all()
    along = or_(Mandate.path == unit.path, policy.below(unit.path, Mandate.path))
    people = db.session.scalar(select(func.count()).select_from(Mandate).where(along, holding(clock.today()))) or 0
    stays: list[rules.Waiting] = []
    events.tell("unit_to_move", unit=unit, under=under, found=stays)
    gains, loses = at(set(then) - set(now)), at(set(now) - set(then))
    return Moving(gains, loses, sorted_by_name(each for each in below if each.open), people, stays)


def heir(unit: Unit) -> Unit | None:
    """The open unit that has taken over from a closed one, also through others that have closed since; None: nobody has."""
    seen: set[int] = set()
    while not unit.open and unit.successor is not None and unit.id not in seen:
        seen.add(unit.id)
        unit = unit.successor
    return unit if unit.open else None


def predecessors(unit: Unit) -> list[Unit]:
    """The units that it has taken over from, in Swedish order."""
    return sorted_by_name(db.session.scalars(select(Unit).where(Unit.successor_id == unit.id)))


def remaining(unit: Unit) -> list[Mandate]:
    """The mandates at a unit that are valid today or later, by the people's names."""
    still = or_(Mandate.valid_to.is_(None), Mandate.valid_to >= clock.today())
    statement = select(Mandate).where(Mandate.unit_id == unit.id, still).options(joinedload(Mandate.person))
    return sorted_by_name(db.session.scalars(statement), lambda mandate: mandate.person.name)


def mergeable(unit: Unit, holder: Holder) -> list[tuple[Unit, str]]:
    """Which units it can be merged with: open ones at its level under the same committee, each with what is right above it."""
    line = "/".join(unit.path.split("/")[:3]) + "/"  # the municipality and the committee
    found = [(each, way) for each, way in successors_to_choose(unit, holder) if each.path.startswith(line)]
    return [(each, " › ".join(way.split(" › ")[-2:])) for each, way in found]


def role_words(unit: Unit | None = None) -> list[tuple[str, str]]:
    """The roles that a level has room for, or all, with their words."""
    roles = rules.ROLES_AT.get(unit.level, frozenset(Role)) if unit else frozenset(Role)
    return [(role.value, str(words)) for role, words in rules.ROLE_WORDS.items() if role in roles]
