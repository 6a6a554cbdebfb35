"""What an SS 12000 server tells, as plain facts: liberal in form, and what is not ours to keep is dropped at the door.

Of a person nothing is taken but id, name, e-mail at work, and whether the identity is protected. Pupils are never asked for.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from chain.base import clock
from chain.organisation import shipped

STAFF_GROUPS = ("Personalgrupp", "Avdelning")  # the groups that people work in; classes and teaching groups are never asked for
WORK_ADDRESSES = ("skola personal", "arbete övrigt", "arbete", "")
PRIVATE = "privat"
OPEN_MARKING = ("", "ingen")
PRESENT = ("", "aktiv")


@dataclass(frozen=True)
class Organisation:
    id: str
    name: str
    type: str
    parent: str
    code: str
    school_forms: tuple[str, ...]
    start: date | None
    end: date | None  # the last day


@dataclass(frozen=True)
class Member:
    """Somebody in a group of staff, or the group of somebody's duty, from a day up to and including another."""

    id: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Group:
    id: str
    name: str
    type: str
    organisation: str
    members: tuple[Member, ...]
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Duty:
    id: str
    person: str
    at: str
    role: str
    description: str
    start: date | None
    end: date | None
    groups: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Staff:
    id: str
    name: str
    email: str
    protected: bool = False
    gone: bool = False  # dead or emigrated


@dataclass(frozen=True)
class Wanted:
    """A mandate that follows from one or several duties; `keys` name the duties with the place."""

    keys: tuple[str, ...]
    person: str
    role: str
    place: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Facts:
    """What came, as it is kept until the steward has chosen. `with_duties`: also who works where; else nothing of it was new."""

    organisations: tuple[Organisation, ...] = ()
    groups: tuple[Group, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    staff: tuple[Staff, ...] = ()
    deleted: frozenset[str] = frozenset()
    with_duties: bool = True
    notes: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For a column of JSON. Members of groups have done their part and stay outside."""
        plain = asdict(self) | {"deleted": sorted(self.deleted)}
        plain["groups"] = [group | {"members": []} for group in plain["groups"]]
        return dict(_plain(plain))

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Facts":
        return cls(
            tuple(Organisation(**_dated(one) | {"school_forms": tuple(one["school_forms"])}) for one in kept["organisations"]),
            tuple(Group(**_dated(one) | {"members": ()}) for one in kept["groups"]),
            tuple(Wanted(**_dated(one) | {"keys": tuple(one["keys"])}) for one in kept["wanted"]),
            tuple(Staff(**one) for one in kept["staff"]),
            frozenset(kept["deleted"]), kept["with_duties"], kept["notes"],
        )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: date.fromisoformat(row[name]) if row[name] else None for name in ("start", "end")}


# What came, row by row


def organisation(row: dict[str, Any]) -> Organisation | None:
    """A part of the organisation; nothing without an id and a name."""
    name = text(row, "displayName") or text(row, "name")
    if not text(row, "id") or not name:
        return None
    forms = row.get("schoolTypes") or []
    known = shipped.form_of()
    found = [known[str(form).casefold()] for form in forms if str(form).casefold() in known] if isinstance(forms, list) else []
    return Organisation(
        text(row, "id"), name[:200], text(row, "organisationType"), ref(row.get("parentOrganisation")),
        text(row, "schoolUnitCode"), tuple(dict.fromkeys(found)), day(row.get("startDate")), day(row.get("endDate")),
    )  # fmt: skip


def group(row: dict[str, Any]) -> Group | None:
    """A group that people work in. Of other groups, of which a server may send some all the same, nothing is kept.

    Who is in it is taken from a group of staff alone: those in a preschool's group are children.
    """
    if text(row, "groupType") not in STAFF_GROUPS or not text(row, "id") or not text(row, "displayName"):
        return None
    members = _members(row.get("groupMemberships"), "person") if text(row, "groupType") == "Personalgrupp" else ()
    return Group(
        text(row, "id"), text(row, "displayName")[:200], text(row, "groupType"), ref(row.get("organisation")), members,
        day(row.get("startDate")), day(row.get("endDate")),
    )  # fmt: skip


def duty(row: dict[str, Any]) -> Duty | None:
    """Somebody's work somewhere; nothing where who or where is not said."""
    found = Duty(
        text(row, "id"), ref(row.get("person")), ref(row.get("dutyAt")), text(row, "dutyRole"), text(row, "description"),
        day(row.get("startDate")), day(row.get("endDate")), _members(row.get("assignmentRole"), "group"),
    )  # fmt: skip
    return found if found.id and found.person and found.at else None


def staff(row: dict[str, Any]) -> Staff | None:
    """Somebody who works: id, name, e-mail. A number of identity, an address, a birthday is not even looked at."""
    name = " ".join(part for part in (text(row, "givenName"), text(row, "familyName")) if part)
    if not text(row, "id") or not name:
        return None
    protected = text(row, "securityMarking").casefold() not in OPEN_MARKING
    gone = text(row, "personStatus").casefold() not in PRESENT
    return Staff(text(row, "id"), "" if protected else name[:120], "" if protected else email(row), protected, gone)


def email(row: dict[str, Any]) -> str:
    """The address at work, lower case. One that is called private counts only where it shares its domain with the user name."""
    given = row.get("emails") if isinstance(row.get("emails"), list) else []
    found = [(text(each, "type").casefold(), text(each, "value").casefold()) for each in given or [] if isinstance(each, dict)]
    names = [str(name).strip().casefold() for name in row.get("eduPersonPrincipalNames") or [] if "@" in str(name)]
    domains = {name.partition("@")[2] for name in names}
    work = [(WORK_ADDRESSES.index(kind), value) for kind, value in found if kind in WORK_ADDRESSES]
    called_private = [value for kind, value in found if kind == PRIVATE and value.partition("@")[2] in domains]
    candidates = [value for _rank, value in sorted(work, key=lambda each: each[0])] + called_private + names
    return next((value for value in candidates if _is_address(value)), "")


def _is_address(value: str) -> bool:
    before, at, domain = value.partition("@")
    return bool(before and at and "." in domain and "@" not in domain) and len(value) <= 200 and not any(map(str.isspace, value))


def deleted(answer: Any) -> frozenset[str]:
    """The ids of what was taken away: an object of lists by kind, as the standard says, or one list of ids or of objects."""
    data = answer.get("data") if isinstance(answer, dict) else answer
    kinds = data.values() if isinstance(data, dict) else [data]
    rows = [each for kind in kinds if isinstance(kind, list) for each in kind]
    return frozenset(found for each in rows if (found := ref(each)))


def changed_after(row: dict[str, Any], moment: datetime) -> bool:
    """Whether a row says that it was changed after a moment. A time without a zone is read as UTC; none at all is a change."""
    meta = row.get("meta")
    said = text(meta, "modified") if isinstance(meta, dict) else ""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return True
    return (found if found.tzinfo else found.replace(tzinfo=UTC)) > moment


def _members(rows: Any, who: str) -> tuple[Member, ...]:
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    members = (Member(ref(row.get(who)), day(row.get("startDate")), day(row.get("endDate"))) for row in found)
    return tuple(member for member in members if member.id)


def text(row: Any, name: str) -> str:
    """A text on one line; nothing where something else stands."""
    said = row.get(name) if isinstance(row, dict) else None
    if isinstance(said, bool) or not isinstance(said, (str, int)):
        return ""
    return " ".join(str(said).replace("\0", "").split())


def ref(said: Any) -> str:
    """The id in a reference: an object with an id, or the id itself."""
    if isinstance(said, dict):
        return text(said, "id") or text(said, "entityId")
    return said.strip() if isinstance(said, str) else ""


def day(said: Any) -> date | None:
    """A date, also where a moment stands, with a zone or without; nothing for what is neither."""
    if not isinstance(said, str):
        return None
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    return clock.date_of(moment) if moment.tzinfo else moment.date()


def lasts(thing: Organisation | Group | Duty | Member, today: date) -> bool:
    """Whether something has not ended: its last day is counted."""
    return thing.end is None or thing.end >= today


def all_of(rows: Iterable[Any]) -> tuple[Any, ...]:
    """Those that could be read, each id once, the last one said."""
    return tuple({each.id: each for each in rows if each is not None}.values())
