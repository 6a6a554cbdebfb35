"""What is told of each thing: codes for programs, names for people, numbers as they are. Nothing about a person."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from chain.base.locale import current
from chain.cycle.models import Round
from chain.organisation.models import Unit
from chain.release.models import Release
from chain.release.tables import number
from chain.result.dictionary import Entry
from chain.result.rules import Indicator, Scale
from chain.rollup import rules
from chain.rollup.rules import Part, Sum
from chain.rollup.tables import value

Facts = dict[str, Any]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def unit(one: Unit, above: str | None) -> Facts:
    return {
        "id": one.public_id, "parent": above, "name": one.name, "level": one.level, "kind": one.kind, "code": one.code or None,
        "organiser": one.organiser, "context": one.context, "school_forms": one.school_forms, "year_groups": one.year_groups,
        "opened_on": _day(one.opened_on), "closed_on": _day(one.closed_on),
    }  # fmt: skip


def round(one: Round) -> Facts:
    return {
        "id": one.public_id, "year": {"id": one.year.public_id, "label": one.year.label}, "number": one.number,
        "title": one.title, "opens_on": _day(one.opens_on), "meets_on": _day(one.meets_on), "opened": one.opened_at is not None,
        "due": {due.level: _day(due.due_on) for due in sorted(one.dues, key=lambda due: due.due_on)},
    }  # fmt: skip


def indicator(entry: Entry, scales: Mapping[str, Scale]) -> Facts:
    one = entry.measure
    steps = scales[one.scale].steps if one.scale in scales else ()
    return {
        "key": one.key, "kind": one.kind, "name": entry.name, "definition": entry.definition, "direction": one.direction,
        "school_forms": list(one.school_forms), "year_groups": list(one.year_groups), "subjects": list(one.subjects),
        "rounds": list(one.rounds), "bases": list(one.bases), "entry_level": one.entry_level or None, "unit": one.unit or None,
        "source": one.source, "first_valid": one.first_valid, "last_valid": one.last_valid or None,
        "steps": [
            {
                "key": step.key, "symbol": step.symbol, "name": step.name(current()), "meaning": step.meaning,
                "points": None if step.points is None else float(step.points),
            }
            for step in steps
        ],
    }  # fmt: skip


def about(unit_id: str, name: str, one: Round, covered: Mapping[tuple[str, str], Part]) -> Facts:
    """Whose figures they are, and how many units they are made from."""
    whole = covered.get(("", ""), Part())
    return {
        "unit": {"id": unit_id, "name": name}, "round": {"id": one.public_id, "title": one.title, "year": one.year.label},
        "coverage": {"reporting": whole.reporting, "expected": max(whole.expected, whole.reporting)},
    }  # fmt: skip


def figure(row: Sum, covered: Mapping[tuple[str, str], Part], measure: Indicator | None) -> Facts:
    """The sums; `value` is a share in whole per cent, a mean or a count, where the pages say one."""
    part, said = rules.share_of(covered, row.school_form, row.year_group), value(row, measure)
    told = int(said) if isinstance(said, int) else float(said) if isinstance(said, Decimal) else None
    total = float(Decimal(row.total).scaleb(-measure.decimals)) if measure and measure.kind in ("mean", "count") else None
    return {
        **_key(row), "enrolled": row.enrolled, "n": row.n, "k": row.k, "total": total, "value": told,
        "units": row.units, "expected": max(row.units, part.expected), "small": rules.is_small(row, measure),
    }  # fmt: skip


def release(one: Release) -> Facts:
    return {
        "id": one.public_id, "number": one.number, "state": one.state, "unit": {"id": one.unit.public_id, "name": one.unit.name},
        "round": {"id": one.round.public_id, "title": one.round.title, "year": one.round.year.label},
        "coverage": {"reporting": one.reporting, "expected": max(one.expected, one.reporting)}, "sha256": one.sha256,
    }  # fmt: skip


def protected(one: Any) -> Facts:
    """A node's figure as it was frozen: a number, or the sign in its place. Pupils are rounded, or withheld."""
    said = number(one.shown)
    return {
        "unit": {"id": one.unit, "name": one.name, "level": one.level}, **_key(one),
        "shown": one.shown, "value": None if isinstance(said, str) else float(str(said)), "n": one.n,
        "enrolled": one.enrolled, "units": one.units, "expected": one.expected, "withheld": one.withheld or None,
    }  # fmt: skip


def _key(one: Any) -> Facts:
    names = ("indicator", "school_form", "subject", "year_group", "category", "basis")
    return {name: getattr(one, name) for name in names}
