"""Goals with an indicator: what can be measured, and a target in words. The figures themselves stand in later links."""

from collections.abc import Iterable
from dataclasses import dataclass

from chain.base.locale import _, current, number
from chain.cycle import queries as cycle
from chain.goal import queries
from chain.goal.models import Goal
from chain.result import queries as result
from chain.result import rules as measured
from chain.result import shipped


def indicators(path: str) -> dict[str, measured.Indicator]:
    """What is measured in the newest year at or above a node (or below it, where it has none), by key."""
    year = queries.newest_year(path)
    kept = result.kept(year.id) if year else []
    return {one.key: shipped.indicator_from(one.facts) for one in kept}


@dataclass(frozen=True)
class Target:
    """What a goal is seen by, in words: the indicator with its subject and year group, and the target."""

    name: str
    target: str

    @property
    def words(self) -> str:
        return f"{self.name}: {self.target}" if self.target else self.name


def target(goal: Goal) -> Target | None:
    """One goal's."""
    return targets([goal], goal.path).get(goal.id)


def targets(goals: Iterable[Goal], path: str) -> dict[int, Target]:
    """By number, of the goals that have an indicator; nothing is read where none has."""
    those = [one for one in goals if one.indicator]
    known = indicators(path) if those else {}
    return {one.id: _target(one, known.get(one.indicator)) for one in those}


def _target(goal: Goal, indicator: measured.Indicator | None) -> Target:
    groups = {key: name for form in cycle.school_forms().values() for key, name in form.labels(current()).items()}
    name = indicator.words(current(), goal.year_group).name if indicator else goal.indicator
    parts = [name, result.subject_name(goal.subject) if goal.subject else "", groups.get(goal.year_group, goal.year_group)]
    said = ""
    if goal.target is not None:
        exact = goal.target.normalize()
        decimals = max(0, -int(exact.as_tuple().exponent))
        value = number(exact, decimals) + (" %" if indicator and indicator.kind == "share" else "")
        said = _("minst %(value)s", value=value) if goal.direction == "at_least" else _("högst %(value)s", value=value)
    return Target(", ".join(filter(None, parts)), said)


Pairs = list[tuple[str, str]]


def to_choose(path: str) -> tuple[Pairs, Pairs, Pairs]:
    """(key, words) of the indicators of a node, of all subjects, and of all year groups."""
    groups = {key: name for each in cycle.school_forms().values() for key, name in each.labels(current()).items()}
    return (
        [(key, one.words(current()).name) for key, one in indicators(path).items()],
        [(one.code, one.name(current())) for one in result.subjects()],
        list(groups.items()),
    )
