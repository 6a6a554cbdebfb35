"""How the organisation of a source stands in our tree, and which mandates its duties give. Plain: it takes what it is given."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

from chain.access.words import Role
from chain.intake.ss12000_reading import Duty, Group, Member, Organisation, Wanted, lasts

LEVELS = {"stadsdel": "area", "rektorsområde": "area", "skola": "unit", "skolenhet": "unit"}  # other kinds stand for nothing
RANKS = {"area": 1, "unit": 2, "group": 3}
ROLES = {  # what a duty (dutyRole, else its description) makes somebody here
    "rektor": Role.PRINCIPAL,
    "förskolechef": Role.PRINCIPAL,  # called rektor since 2019
    "biträdande rektor": Role.DEPUTY,
    "förstelärare": Role.FIRST_TEACHER,
}
ADULTS = {"VUX", "VUXGR", "VUXGY", "VUXGRAN", "VUXGYAN", "VUXSFI", "SFI"}


@dataclass(frozen=True)
class Node:
    """A part of the source's organisation that stands in our tree. `parent` is another node, or none: under the organiser."""

    id: str
    name: str
    level: str
    parent: str = ""
    code: str = ""
    school_forms: tuple[str, ...] = ()
    kind: str = ""


@dataclass
class Tree:
    """The nodes from above, and for whatever somebody works at, the nodes that it means."""

    nodes: dict[str, Node] = field(default_factory=dict)
    means: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ended: dict[str, date] = field(default_factory=dict)  # what has ended, with its last day
    passed_by: int = 0  # kinds of organisation that have no place here
    homeless: int = 0  # groups whose unit is not here, or is several


def tree(organisations: Iterable[Organisation], groups: Iterable[Group], today: date) -> Tree:
    """How the source's organisation stands here.

    A school with school units is no node: its units stand for it. Without, it is the unit. A city district that is parted into
    principals' areas is passed by, and so is whatever has no level here; what lies under stands under the nearest above.
    """
    everything = {each.id: each for each in organisations}
    found = Tree(ended={each.id: each.end for each in everything.values() if each.end and not lasts(each, today)})
    standing = {each.id: each for each in everything.values() if each.id not in found.ended and _begun(each, today)}
    below: dict[str, list[str]] = {}
    for each in standing.values():
        below.setdefault(each.parent, []).append(each.id)
    levels = {name: level for name in standing if (level := _level(standing[name], below, standing))}
    for each in standing.values():
        if each.id in levels:
            found.nodes[each.id] = _node(each, levels, standing)
        elif each.type.casefold() not in ("huvudman", "skola", "stadsdel"):
            found.passed_by += 1
    for name in standing:
        found.means[name] = (name,) if levels.get(name) == "unit" else tuple(_units_under(name, below, levels))
    _add_groups(found, groups, today)
    found.nodes = dict(sorted(found.nodes.items(), key=lambda pair: RANKS[pair[1].level]))
    return found


def _begun(each: Organisation | Group, today: date) -> bool:
    return each.start is None or each.start <= today


def _level(each: Organisation, below: Mapping[str, list[str]], standing: Mapping[str, Organisation]) -> str:
    kind = each.type.casefold()
    under = {standing[name].type.casefold() for name in below.get(each.id, [])}
    if (kind == "skola" and "skolenhet" in under) or (kind == "stadsdel" and "rektorsområde" in under):
        return ""
    if kind not in LEVELS and kind != "huvudman" and (each.code or each.school_forms):
        return "unit"
    return LEVELS.get(kind, "")


def _node(each: Organisation, levels: Mapping[str, str], standing: Mapping[str, Organisation]) -> Node:
    level = levels[each.id]
    above = _above(each, standing)
    parent = next((one.id for one in above if RANKS.get(levels.get(one.id, ""), 9) < RANKS[level]), "")
    code = each.code if level == "unit" else ""
    return Node(each.id, each.name, level, parent, code, each.school_forms, _kind(each) if level == "unit" else "")


def _above(each: Organisation, standing: Mapping[str, Organisation]) -> list[Organisation]:
    """From the nearest upwards; a circle ends where it would begin again."""
    line: list[Organisation] = []
    seen = {each.id}
    while (parent := standing.get(each.parent)) and parent.id not in seen:
        line.append(parent)
        seen.add(parent.id)
        each = parent
    return line


def _kind(each: Organisation) -> str:
    forms = set(each.school_forms)
    if forms == {"FS"}:
        return "preschool"
    return "adult_education" if forms and forms <= ADULTS else "school"


def _units_under(name: str, below: Mapping[str, list[str]], levels: Mapping[str, str]) -> Iterator[str]:
    waiting, seen = list(below.get(name, [])), {name}
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        if levels.get(here) == "unit":
            yield here
        else:
            waiting += below.get(here, [])


def _add_groups(found: Tree, groups: Iterable[Group], today: date) -> None:
    for each in groups:
        if not lasts(each, today) and each.end:
            found.ended[each.id] = each.end
        elif _begun(each, today):
            units = found.means.get(each.organisation, ())
            if len(units) == 1:
                found.nodes[each.id] = Node(each.id, each.name, "group", units[0])
            else:
                found.homeless += 1


# Mandates


def role_of(duty: Duty) -> Role | None:
    """The role here that a duty gives at a unit; none for most: teachers have theirs in their groups."""
    return ROLES.get(duty.role.casefold()) or ROLES.get(duty.description.casefold())


def wanted(where: Tree, duties: Iterable[Duty], groups: Iterable[Group], today: date) -> tuple[list[Wanted], dict[str, int]]:
    """The mandates that the duties give, and how many duties give none. Two duties for the same thing are one mandate.

    A principal of an area, or of a school with several units, has one at each unit. Somebody is staff of a group by a role in
    it or by membership in a group of staff, and then only with a duty that lasts: whoever has none is not staff.
    """
    lasting = sorted((duty for duty in duties if lasts(duty, today)), key=lambda duty: duty.id)
    parts: list[Wanted] = []
    notes = {"without": 0, "nowhere": 0}
    ours: dict[str, list[Duty]] = {}
    for duty in lasting:
        ours.setdefault(duty.person, []).append(duty)
        found = list(_of_duty(where, duty, today))
        if not found and role_of(duty):
            notes["nowhere"] += 1
        parts += found
    parts += [one for group in groups if group.id in where.nodes for one in _of_group(group, ours, today)]
    named = {one.person for one in parts}
    notes["without"] = len(set(ours) - named)
    return _merged(parts), notes


def _of_duty(where: Tree, duty: Duty, today: date) -> Iterator[Wanted]:
    role = role_of(duty)
    for unit in where.means.get(duty.at, ()) if role else ():
        yield Wanted((f"{duty.id}/{unit}",), duty.person, str(role), unit, duty.start, duty.end)
    for at in duty.groups:
        if at.id in where.nodes and where.nodes[at.id].level == "group" and lasts(at, today):
            yield Wanted((f"{duty.id}/{at.id}",), duty.person, Role.STAFF.value, at.id, *_both(at, duty))


def _of_group(group: Group, duties: Mapping[str, list[Duty]], today: date) -> Iterator[Wanted]:
    for member in group.members:
        if member.id in duties and lasts(member, today):
            start, last = _both(member, *_longest(duties[member.id]))
            yield Wanted((membership(member, group),), member.id, Role.STAFF.value, group.id, start, last)


def membership(member: Member, group: Group) -> str:
    """The key of a mandate that follows from being in a group of staff."""
    return f"m:{member.id}/{group.id}"


def _longest(duties: list[Duty]) -> list[Duty]:
    """The duty that lasts longest: as long as one of them does, the person is staff."""
    return [max(duties, key=lambda duty: duty.end or date.max)]


def _both(*periods: Member | Duty) -> tuple[date | None, date | None]:
    """The days that all periods share."""
    starts = [each.start for each in periods if each.start]
    ends = [each.end for each in periods if each.end]
    return max(starts, default=None), min(ends, default=None)


def _merged(parts: Iterable[Wanted]) -> list[Wanted]:
    same: dict[tuple[str, str, str], list[Wanted]] = {}
    for part in parts:
        same.setdefault((part.person, part.role, part.place), []).append(part)
    return [reduce(_joined, several) for several in same.values()]


def _joined(one: Wanted, other: Wanted) -> Wanted:
    start = min(one.start, other.start) if one.start and other.start else None
    end = max(one.end, other.end) if one.end and other.end else None
    return Wanted(tuple(sorted({*one.keys, *other.keys})), one.person, one.role, one.place, start, end)
