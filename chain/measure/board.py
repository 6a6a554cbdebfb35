"""How a unit's measures are laid out: chosen among, in columns by where they stand, and told in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chain.base.locale import _
from chain.measure import rules, tables, wheel_rules
from chain.measure.models import Measure

HORIZONS = ("quarter", "year", "new_year")


@dataclass(frozen=True)
class Sought:
    """What the reader asks for of a unit's measures; empty: all."""

    state: str = ""  # open, ended
    responsible: str = ""  # a person's address
    goal: str = ""
    horizon: str = ""
    year: str = ""  # in which it was set

    def among(self, found: Iterable[Measure]) -> list[Measure]:
        return [one for one in found if self._fits(one)]

    def _fits(self, one: Measure) -> bool:
        asked = (
            (self.state, "open" if one.state == "open" else "ended"),
            (self.responsible, one.responsible.public_id if one.responsible else ""),
            (self.goal, goal_key(one)),
            (self.horizon, one.horizon),
            (self.year, one.round.year.label),
        )
        return all(not wanted or wanted == there for wanted, there in asked)


def goal_key(one: Measure) -> str:
    """What tells its goal from others in a choice."""
    return one.goal or "-"


def horizon_name(horizon: str) -> str:
    names: dict[str, str] = {"quarter": _("Kortsiktig"), "year": _("Läsåret"), "new_year": _("Nästa läsår")}
    return names.get(horizon, horizon)


def choices(found: Iterable[Measure]) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen among, from the measures that there are: (value, words) by the name of the choice."""
    every = list(found)
    people = {one.responsible.public_id: one.responsible.name for one in every if one.responsible}
    goals = {goal_key(one): one.goal or _("Utan mål") for one in every}
    years = sorted({one.round.year.label for one in every}, reverse=True)
    return {
        "state": [("open", _("Öppna")), ("ended", _("Avslutade och ändrade"))],
        "responsible": sorted(people.items(), key=lambda pair: pair[1]),
        "goal": sorted(goals.items(), key=lambda pair: (pair[0] == "-", pair[1])),
        "horizon": [(one, horizon_name(one)) for one in HORIZONS if any(each.horizon == one for each in every)],
        "year": [(year, year) for year in years],
    }


@dataclass(frozen=True)
class Column:
    """One of a board's columns."""

    title: str
    meaning: str
    cards: list[dict[str, Any]]


def by_stage(lines: Iterable[dict[str, Any]], stages: Mapping[str, str]) -> list[Column]:
    """A column for each stage of the wheel. A measure of which nothing is written is still being planned."""
    every = list(lines)
    return [
        Column(
            wheel_rules.stage_name(stage),
            wheel_rules.stage_meaning(stage),
            [line for line in every if stages.get(line["measure"].lineage, wheel_rules.STAGES[0]) == stage],
        )
        for stage in wheel_rules.STAGES
    ]


def by_due(lines: Iterable[dict[str, Any]], dues: Mapping[str, str]) -> list[Column]:
    """A column for each round in which something is due, in the order of time."""
    columns: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for line in lines:
        columns.setdefault((line["measure"].due_year, line["measure"].due_number), []).append(line)
    return [Column(due_words(year, number, dues), "", columns[year, number]) for year, number in sorted(columns)]


def due_words(year: str, number: int, dues: Mapping[str, str]) -> str:
    due = rules.written_due(year, number)
    return dues.get(due, due)


def line(one: Measure, dues: Mapping[str, str]) -> dict[str, Any]:
    """A measure as one line: its facts, what it lacks, and the sentence of one that has been carried too often."""
    facts = [
        _("Sattes i %(round)s %(year)s", round=one.round.title, year=one.round.year.label),
        _("ansvarig %(who)s", who=one.responsible.name) if one.responsible else "",
        _("följs upp i %(round)s", round=due_words(one.due_year, one.due_number, dues)) if one.state == "open" else "",
        rules.kind_name(one.outcomes[-1].kind).lower() if one.state != "open" and one.outcomes else "",
        _("mål: %(goal)s", goal=rules.short(one.goal)) if one.goal else "",
    ]
    return {
        "measure": one,
        "status": tables.state(one),
        "facts": " · ".join(filter(None, facts)),
        "lacks": rules.lacks(one.cause, one.goal) if one.state == "open" else [],
        "flag": rules.carried_sentence(one.carried) if one.state == "open" else "",
    }
