"""Who may do what. One truth, the MAY table, asked of one object (`may`) or of a whole table (`visible`).

Each later link registers where its models keep their unit, path, state and author; a model without a scope fails a test.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from chain.access.table import MAY
from chain.access.words import Action, Relation, Role, Rule
from chain.base.audit import AuditHead, AuditLine, AuditPerson
from chain.base.files import File
from chain.base.orm import Base
from chain.base.outbox import Letter
from chain.base.settings import Setting

__all__ = [
    "MAY",
    "Action",
    "Relation",
    "Role",
    "Rule",
    "below",
    "inside",
    "may",
    "may_somewhere",
    "register",
    "roles",
    "visible",
    "where",
]


class Holder(Protocol):
    """A mandate, as far as the table asks."""

    @property
    def role(self) -> Role: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def path(self) -> str: ...


@dataclass(frozen=True)
class Scope:
    """Where a model keeps what the table asks for, by attribute name. `inside`: reached through that kind alone."""

    kind: str
    unit: str | None = None
    path: str | None = None
    state: str | None = None
    author: str | None = None
    ceiling: str | None = None
    receiver: str | None = None
    helper: str | None = None  # the person, together with helper_unit
    helper_unit: str | None = None
    present: str | None = None  # the numbers of those who take part, each between two bars: |7|12|
    inside: str | None = None


_scopes: dict[type[Base], Scope] = {}
_kinds: dict[str, type[Base]] = {}
M = TypeVar("M", bound=Base)


def register(model: type[Base], kind: str, **where: str) -> None:
    """Tell where a model keeps its scope."""
    _scopes[model] = Scope(kind, **where)
    _kinds.setdefault(kind, model)


def inside(model: type[Base], owner: str) -> None:
    """Tell that a model is only ever reached through an object of another kind, which was checked."""
    _scopes[model] = Scope(kind=owner, inside=owner)


def scope_of(model: type[Base]) -> Scope | None:
    return _scopes.get(model)


def may(holder: Holder | None, action: Action, thing: Base) -> bool:
    """Whether the mandate may do this to this object, now."""
    scope = _scopes[type(thing)]
    if holder is None or scope.inside:
        return False
    state = getattr(thing, scope.state) if scope.state else ""
    return any(
        any(_stands(holder, relation, thing, scope) for relation in rule.relations)
        for rule in _rules(holder, action, scope.kind)
        if not rule.states or state in rule.states
    )


def may_somewhere(holder: Holder | None, action: Action, kind: str) -> bool:
    """Whether the mandate's role does this at all, to some object of the kind."""
    return holder is not None and any(True for _ in _rules(holder, action, kind))


def roles(action: Action, kind: str) -> frozenset[Role]:
    """The roles that do this at all, to some object of the kind."""
    return frozenset(role for rule in MAY if rule.kind == kind and rule.action is action for role in rule.roles)


def visible(holder: Holder | None, model: type[M], action: Action = Action.READ) -> Select[M]:
    """The objects to which the mandate may do this, as a select to build on: the same answer as `may`, for all at once."""
    return select(model).where(where(holder, model, action))


def where(holder: Holder | None, model: type[Base], action: Action = Action.READ) -> ColumnElement[bool]:
    """The condition of `visible`, for selects that join."""
    scope = _scopes[model]
    if holder is None or scope.inside:
        return false()
    lines = [
        and_(
            or_(*(_standing(holder, relation, model, scope) for relation in sorted(rule.relations))),
            *([_column(model, scope.state).in_(sorted(rule.states))] if rule.states and scope.state else []),
        )
        for rule in _rules(holder, action, scope.kind)
    ]
    return or_(*lines) if lines else false()


def below(path: str, column: Any) -> ColumnElement[bool]:
    """Under a path, itself not counted: one range of an index ('0' follows '/')."""
    return and_(column > path, column < path[:-1] + "0")


def ancestors(path: str) -> list[str]:
    """The paths from the root down to the parent."""
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[:depth]) + "/" for depth in range(1, len(steps))]


def _rules(holder: Holder, action: Action, kind: str) -> Iterable[Rule]:
    return (rule for rule in MAY if rule.kind == kind and rule.action is action and holder.role in rule.roles)


def _parent(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]


def _stands(holder: Holder, relation: Relation, thing: Base, scope: Scope) -> bool:
    path = getattr(thing, scope.path) if scope.path else None
    match relation:
        case Relation.OWN:
            return bool(scope.unit) and getattr(thing, str(scope.unit)) == holder.unit_id
        case Relation.BELOW:
            if path is None or path == holder.path or not path.startswith(holder.path):
                return False
            return not scope.ceiling or getattr(thing, scope.ceiling) in (*ancestors(holder.path), holder.path)
        case Relation.ABOVE:
            return path is not None and path != holder.path and holder.path.startswith(path)
        case Relation.BESIDE:
            return path is not None and path != holder.path and _parent(path) == _parent(holder.path)
        case Relation.RECEIVER:
            return bool(scope.receiver) and getattr(thing, str(scope.receiver)) == holder.unit_id
        case Relation.PERSON:
            return bool(scope.author) and getattr(thing, str(scope.author)) == holder.person_id
        case Relation.CHARGED:
            mine = bool(scope.author) and getattr(thing, str(scope.author)) == holder.person_id
            return mine and path is not None and holder.path.startswith(path)
        case Relation.HELPER:
            there = scope.helper and getattr(thing, str(scope.helper_unit)) == holder.unit_id
            return bool(there) and getattr(thing, str(scope.helper)) == holder.person_id
        case Relation.PRESENT:
            among = bool(scope.present) and f"|{holder.person_id}|" in getattr(thing, str(scope.present))
            return among and path is not None and path != holder.path and path.startswith(holder.path)


def _standing(holder: Holder, relation: Relation, model: type[Base], scope: Scope) -> ColumnElement[bool]:
    column = _column(model, scope.path) if scope.path else None
    if relation is Relation.OWN:
        return _column(model, scope.unit) == holder.unit_id if scope.unit else false()
    if relation is Relation.RECEIVER:
        return _column(model, scope.receiver) == holder.unit_id if scope.receiver else false()
    if relation is Relation.PERSON:
        return _column(model, scope.author) == holder.person_id if scope.author else false()
    if relation is Relation.HELPER:
        if not scope.helper:
            return false()
        return and_(_column(model, scope.helper_unit) == holder.unit_id, _column(model, scope.helper) == holder.person_id)
    if column is None:
        return false()
    if relation is Relation.CHARGED:
        here = column.in_([*ancestors(holder.path), holder.path])
        return and_(_column(model, scope.author) == holder.person_id, here) if scope.author else false()
    if relation is Relation.PRESENT:
        among = _column(model, scope.present).contains(f"|{holder.person_id}|") if scope.present else false()
        return and_(below(holder.path, column), among)
    if relation is Relation.BELOW:
        parts = [below(holder.path, column)]
        if scope.ceiling:
            parts.append(_column(model, scope.ceiling).in_([*ancestors(holder.path), holder.path]))
        return and_(*parts)
    if relation is Relation.ABOVE:
        return column.in_(ancestors(holder.path))
    parent = _parent(holder.path)
    return and_(column != holder.path, column.like(parent + "%/"), column.not_like(parent + "%/%/"))


def _column(model: type[Base], name: str | None) -> InstrumentedAttribute[Any]:
    attribute: InstrumentedAttribute[Any] = getattr(model, str(name))
    return attribute


# base stands before access and cannot tell of itself. The log and the outbox belong to no unit: the table asks the role alone.
register(AuditLine, "audit")
register(Letter, "outbox")
for _model in (AuditHead, AuditPerson, Setting):
    inside(_model, "audit")
inside(File, "nobody")  # fetched through what it is attached to, which was checked
