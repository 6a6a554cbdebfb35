"""Recomputes every stored figure in plain Python from what has been accepted, and says what differs.

It shares no code with the path that keeps the figures: another way to read, another way to add, another way to walk the tree.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.base.locale import _
from chain.cycle import shipped
from chain.cycle.models import Round, RoundNode, Year
from chain.followup.models import Submission
from chain.result.models import Indicator
from chain.rollup.models import Coverage, RollupRow

Figures = dict[tuple[str, ...], Counter[str]]
Cover = dict[tuple[str, str], Counter[str]]
DIMENSIONS = ("indicator", "school_form", "subject", "year_group", "category", "basis")
MEASURES = ("enrolled", "n", "k", "units", "total")


def problems(only: Round | None = None) -> list[str]:
    """A sentence per row that differs from what was handed up, in all rounds or in one; empty when all is well."""
    asked = select(Round.id, Round.name, Year.id, Year.label).join(Year, Year.id == Round.year_id).order_by(Round.id)
    rounds = db.session.execute(asked.where(Round.id == only.id) if only else asked)
    return [
        f"{name['sv']} {label}, {sentence}"
        for round_id, name, year_id, label in rounds.all()
        for sentence in _round_problems(round_id, year_id)
    ]


def _round_problems(round_id: int, year_id: int) -> Iterator[str]:
    accepted, broken = _accepted(round_id)
    yield from broken
    nodes = {node.unit_id: node for node in db.session.scalars(select(RoundNode).where(RoundNode.round_id == round_id))}
    lowest, answering = _levels()
    order = sorted(nodes.values(), key=lambda node: len(node.path), reverse=True)  # children before their parents
    figures = _figures(order, accepted, _entry_levels(year_id), answering)
    cover = _cover(order, accepted, lowest, answering)
    names = {unit_id: node.name for unit_id, node in nodes.items()}
    yield from _row_problems(round_id, names, figures)
    yield from _cover_problems(round_id, names, cover)


def _accepted(round_id: int) -> tuple[dict[int, tuple[str, dict[str, Any]]], list[str]]:
    """Level and snapshot of each unit whose newest submission is accepted; and what does not hold in any snapshot at all."""
    accepted: dict[int, tuple[str, dict[str, Any]]] = {}
    broken = []
    for one in db.session.scalars(select(Submission).where(Submission.round_id == round_id).order_by(Submission.number)):
        words = json.dumps(one.snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if hashlib.sha256(words.encode()).hexdigest() != one.sha256:
            place = one.snapshot.get("unit", {}).get("name", one.path)
            broken.append(_("%(unit)s: inlämningen har ändrats efteråt, dess kontrollsumma stämmer inte.", unit=place))
        accepted.pop(one.unit_id, None)
        if one.state == "accepted":
            accepted[one.unit_id] = one.level, one.snapshot
    return accepted, broken


def _levels() -> tuple[set[str], set[str]]:
    """The levels at which units are counted, and all those that may have figures: these and those above that answer."""
    levels = shipped.levels(shipped.DATA)
    counted = {level.key for level in levels if level.collects_figures}
    deepest = max(level.rank for level in levels if level.key in counted)
    return counted, {level.key for level in levels if level.answers and level.rank <= deepest}


def _entry_levels(year_id: int) -> dict[str, str]:
    found = db.session.execute(select(Indicator.key, Indicator.facts).where(Indicator.year_id == year_id))
    return {key: facts.get("entry_level", "") for key, facts in found}


def _figures(
    order: list[RoundNode], accepted: Mapping[int, tuple[str, dict[str, Any]]], entry: Mapping[str, str], answering: set[str]
) -> dict[int, Figures]:
    """What each node should have: what was entered at its own level, and the sum of its children's for everything else."""
    from_below: dict[int, Figures] = defaultdict(lambda: defaultdict(Counter))
    found: dict[int, Figures] = {}
    for node in order:
        if node.level not in answering:
            continue
        figures: Figures = {key: counts for key, counts in from_below[node.unit_id].items() if entry.get(key[0]) != node.level}
        level, snapshot = accepted.get(node.unit_id, ("", {}))
        for one in snapshot.get("figures", []):
            if entry.get(one["indicator"]) == level:
                key = tuple(str(one[name]) for name in DIMENSIONS)
                counts = {name: one.get(name, 0) for name in ("enrolled", "n", "k", "total")}  # before there were totals: none
                figures.setdefault(key, Counter(units=1)).update(counts)
        found[node.unit_id] = figures
        if node.parent_id is not None:
            for key, counts in figures.items():
                from_below[node.parent_id][key].update(counts)
    return found


def _cover(order: list[RoundNode], accepted: Mapping[int, Any], counted: set[str], answering: set[str]) -> dict[int, Cover]:
    from_below: dict[int, Cover] = defaultdict(lambda: defaultdict(Counter))
    found: dict[int, Cover] = {}
    for node in order:
        if node.level not in answering:
            continue
        here = from_below[node.unit_id]
        if node.level in counted:
            one = {"expected": 1 if node.expected else 0, "reporting": 1 if node.unit_id in accepted else 0}
            here = {("", ""): Counter(one)}
            for form in node.school_forms:
                here |= {(form, group): Counter(one) for group in ["", *node.year_groups]}
        found[node.unit_id] = here
        if node.parent_id is not None:
            for place, counts in here.items():
                from_below[node.parent_id][place].update(counts)
    return found


def _row_problems(round_id: int, names: Mapping[int, str], expected: Mapping[int, Figures]) -> Iterator[str]:
    stored: dict[int, dict[tuple[str, ...], dict[str, int]]] = defaultdict(dict)
    for row in db.session.scalars(
        select(RollupRow).where(RollupRow.round_id == round_id).execution_options(populate_existing=True)
    ):
        key = tuple(str(getattr(row, name)) for name in DIMENSIONS)
        stored[row.unit_id][key] = {name: getattr(row, name) for name in MEASURES}
    for unit_id in sorted({*stored, *expected}):
        wanted, had = expected.get(unit_id, {}), stored.get(unit_id, {})
        for key in sorted({*wanted, *had}):
            about = {"unit": names.get(unit_id, str(unit_id)), "row": " ".join(filter(None, key))}
            if key not in had:
                yield _("%(unit)s: raden %(row)s saknas.", **about)
            elif key not in wanted:
                yield _("%(unit)s: raden %(row)s finns, men ingen har lämnat in den.", **about)
            elif any(wanted[key][name] != had[key][name] for name in MEASURES):
                yield _(
                    "%(unit)s: raden %(row)s är %(had)s, men ska vara %(wanted)s.",
                    **about,
                    had=_told(had[key]),
                    wanted=_told(wanted[key]),
                )


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {counts[name]}" for name in MEASURES)


def _cover_problems(round_id: int, names: Mapping[int, str], expected: Mapping[int, Cover]) -> Iterator[str]:
    stored: dict[int, dict[tuple[str, str], tuple[int, int]]] = defaultdict(dict)
    for row in db.session.scalars(
        select(Coverage).where(Coverage.round_id == round_id).execution_options(populate_existing=True)
    ):
        stored[row.unit_id][row.school_form, row.year_group] = (row.expected, row.reporting)
    for unit_id in sorted({*stored, *expected}):
        wanted, had = expected.get(unit_id, {}), stored.get(unit_id, {})
        for place in sorted({*wanted, *had}):
            should = (wanted[place]["expected"], wanted[place]["reporting"]) if place in wanted else None
            if had.get(place) != should:
                yield _(
                    "%(unit)s: täckningen %(place)s är %(had)s, men ska vara %(wanted)s.",
                    unit=names.get(unit_id, str(unit_id)),
                    place=" ".join(filter(None, place)) or _("för alla"),
                    had=_part(had.get(place)),
                    wanted=_part(should),
                )


def _part(part: tuple[int, int] | None) -> str:
    return str(_("%(k)s av %(n)s", k=part[1], n=part[0]) if part else _("borta"))
