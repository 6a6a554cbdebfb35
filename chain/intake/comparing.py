"""What keeping a file would change: compared with what stands now, nothing written; and the receipt that tells of it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from chain.access import policy
from chain.access.policy import Action
from chain.base.db import db
from chain.base.locale import _
from chain.cycle.models import Round, RoundNode
from chain.intake import queries, standing
from chain.intake.queries import Plan
from chain.intake.reading import Read
from chain.intake.rows import Figures
from chain.intake.rules import Problem, Reading
from chain.organisation.models import Mandate, Unit
from chain.organisation.shipped import municipalities
from chain.result.models import ImportedFigures
from chain.result.rules import COUNTRY

MOST_TOLD = 500  # problems and changes that are shown one by one; all are counted


@dataclass
class Difference:
    """What keeping it would change. `rows`: the figures that are new or other than those proposed now; or a plan."""

    new: int = 0
    changed: int = 0
    same: int = 0
    rows: Figures = field(default_factory=list)
    plan: Plan | None = None
    told: list[dict[str, Any]] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)  # which files it was compared with; see standing.turns

    @property
    def counts(self) -> dict[str, int]:
        found = {"new": self.new, "changed": self.changed, "same": self.same}
        if self.plan:
            found |= {"new_units": len(self.plan.new_units), "changed_units": len(self.plan.changed_units)}
            found["elsewhere"] = self.plan.elsewhere
            found["beside"] = self.plan.beside
        return found


def difference(said: Read, root: Unit, round: Round | None, by: Mandate) -> Difference:
    """Compare with what stands now. What it stands on is read first: whatever comes while it compares is noticed later."""
    turns = standing.turns(root.id, round.id if round and said.published is None else None)
    if said.published is not None:
        found = _published_difference(said.published, by)
    else:
        found = _figure_difference(said.figures, round, by) if round else Difference()
    found.standing = turns
    return found


def _figure_difference(said: Figures, round: Round, by: Mandate) -> Difference:
    stands = proposed(round.id, by.path)
    if not stands:
        return Difference(new=len(said), rows=said, told=_by_unit(said, Counter()))
    found, changed = Difference(), Counter[Any]()
    for row in said:
        had = stands.get((row[0], *row[2:8]))
        if had == row[8:]:
            found.same += 1
            continue
        found.rows.append(row)
        if had is None:
            found.new += 1
        else:
            found.changed += 1
            changed[row[0]] += 1
            if len(found.told) < MOST_TOLD:
                found.told.append({"row": list(row[2:8]), "unit_id": row[0], "before": list(had), "after": list(row[8:])})
    found.told = [*_by_unit(found.rows, changed), *found.told]
    return found


def _by_unit(rows: Figures, changed: Counter[Any]) -> list[dict[str, Any]]:
    """How many figures each unit gets, and how many of them take another's place."""
    counts = Counter(row[0] for row in rows)
    return [{"unit_id": unit, "new": n - changed[unit], "changed": changed[unit]} for unit, n in counts.items()][:MOST_TOLD]


def per_unit(rows: Figures) -> Iterator[tuple[Any, Any, str]]:
    """(unit, path, its figures as JSON) of each unit, in the order in which they came."""
    units: dict[Any, tuple[Any, list[Any]]] = {}
    for row in rows:
        try:
            units[row[0]][1].append(row[2:])
        except KeyError:
            units[row[0]] = row[1], [row[2:]]
    for unit, (path, figures) in units.items():
        yield unit, path, json.dumps(figures, separators=(",", ":"))


def proposed(round_id: int, path: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The figures proposed now below a place: unit, indicator, form, subject, year group, category, basis → enrolled, n, k,
    total. The latest of a key is right."""
    one = ImportedFigures
    units = select(RoundNode.unit_id).where(RoundNode.round_id == round_id, policy.below(path, RoundNode.path))
    rows = (
        select(one.unit_id, one.figures)
        .where(one.round_id == round_id, one.kept.is_(True), one.unit_id.in_(units))
        .order_by(one.id)
    )
    return {(unit, *row[:6]): tuple(row[6:]) for unit, figures in db.session.execute(rows) for row in figures}


def _published_difference(reading: Reading, by: Mandate) -> Difference:
    plan = queries.plan(reading)
    if not policy.may_somewhere(by, Action.KEEP, "unit"):
        queries.leave_the_tree(plan)
    told = [{"unit": unit.name, "what": "new_unit"} for unit in plan.new_units[:MOST_TOLD]]
    told += [{"unit": change.unit.name, "what": "changed_unit"} for change in plan.changed_units[:MOST_TOLD]]
    names = {one.code: one.name for one in (*reading.units, *reading.preschools)} | municipalities() | {COUNTRY: _("Riket")}
    for before, one in plan.changed_from[:MOST_TOLD]:
        told.append(
            {"unit": names.get(one.unit_code, one.unit_code), "indicator": one.indicator_key, "subject": one.subject,
             "year_group": one.year_group, "period": one.period, "before": before, "after": one.shown}
        )  # fmt: skip
    return Difference(len(plan.new_values), len(plan.changed_values), plan.same_values, plan=plan, told=told)


# The receipt


def receipt(said: Read, found: Difference) -> dict[str, Any]:
    """What is kept of a reading: counts, problems and changes, in no language; and what it stands on."""
    problems = sorted(said.problems, key=lambda one: (("fatal", "warning", "info").index(one.severity), one.row or 0))
    return {
        "counts": {"rows": said.rows, "good": said.good, "problems": len(problems)} | found.counts,
        "problems": [_plain(one) for one in problems[:MOST_TOLD]],
        "severities": dict(Counter(one.severity for one in problems)),
        "changes": found.told,
        "header": said.header,
        "columns": {key: said.header[place] for key, place in said.columns.items()},
        "indicator": said.indicator,
        "lacking": said.lacking,
        "steps": said.steps,
        "fatal": said.fatal,
        "standing": found.standing,
        "judged_by": said.judged_by,
        "files": [[one.file, one.kind, one.rows, one.values] for one in said.published.files][:50] if said.published else [],
    }


def without_words(found: dict[str, Any]) -> dict[str, Any]:
    """A receipt without anything that stood in a cell: of each problem the row is left, and the sentence."""
    problems = [
        {**one, "params": {name: text if name in ("file", "row") else "…" for name, text in one["params"].items()}}
        for one in found["problems"]
    ]
    return {**found, "problems": problems, "header": [], "columns": {}}


def _plain(one: Problem) -> dict[str, Any]:
    return {"severity": one.severity, "message": one.message, "params": one.params}
