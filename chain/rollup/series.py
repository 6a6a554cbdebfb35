"""A node's figures as the pictures need them: the year's words, the same round of each year, and the units under the node."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from sqlalchemy import ColumnElement, select

from chain.access import policy
from chain.base.db import db
from chain.base.locale import _, current, number, sort_key
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode, Year
from chain.organisation.models import Unit
from chain.result import queries as result
from chain.result.rules import Indicator
from chain.rollup import queries, rules, trend
from chain.rollup.funnel import Dot
from chain.rollup.models import RollupRow
from chain.rollup.motifs import Step, steps
from chain.rollup.queries import COVERAGE, FIGURE, ROWS
from chain.rollup.rules import Key, Part, Sum
from chain.rollup.trend import Point

MOST_YEARS = 20


class Known:
    """A year's words: names of the codes, and what an indicator says of a figure."""

    def __init__(self, round: Round) -> None:
        self.round, self.words = round, queries.words(round.year_id)
        self.indicators = {one.key: one for one in result.indicators(round.year_id)}
        self.scales = {one.key: one for one in result.scales(round.year_id)}

    def kind(self, indicator: str) -> str:
        return self.indicators[indicator].kind if indicator in self.indicators else ""

    def of_people(self, indicator: str) -> bool:
        """Whether chance can be reckoned on an indicator: then its units are held against each other, and its years have limits
        of uncertainty."""
        return indicator in self.indicators and self.indicators[indicator].of_people

    def ends(self, indicator: str) -> tuple[float, float | None]:
        """Between which ends a value lies: per cent, or what a mean can be."""
        found = self.indicators.get(indicator)
        if found is None or found.kind != "mean":
            return 0.0, 100.0
        return float(found.least or 0), None if found.most is None else float(found.most)

    def value(self, indicator: str) -> Callable[[float], str]:
        """How a value between the years' own is said: in whole per cent, or as the mean is."""
        found = self.indicators.get(indicator)
        if found is None or found.kind != "mean":
            return lambda value: f"{number(Fraction(value))} %"
        return lambda value: rules.mean_in_words(Fraction(value), found)

    def row_head(self, indicator: str) -> str:
        """What its rows are: subjects, or what the indicator itself calls them."""
        return self.indicators[indicator].row_head(current())

    def phrase(self, key: Key) -> str:
        found = self.indicators.get(key.indicator)
        return found.words(current(), key.year_group).phrase if found else ""

    def name(self, key: Key) -> str:
        return self.words.title(key.indicator, key.year_group)[0]

    def subject(self, key: Key) -> str:
        """The subject, or the indicator where it has none."""
        return self.words.subjects.get(key.subject, key.subject) or self.name(key)

    def label(self, key: Key) -> str:
        """“Matematik åk 6”: how a sentence names a figure."""
        return f"{self.subject(key)} {self.words.year_groups.get((key.school_form, key.year_group), '')}".strip()

    def basis(self, key: Key) -> str:
        return self.words.basis(key.basis)

    def together(self, keys: Iterable[Key]) -> dict[tuple[str, str], list[Key]]:
        """Figures of one indicator on one basis, in the order of indicators and subjects: a forecast and a grade never meet."""
        subjects, order = list(self.words.subjects), self.words.indicators
        found: dict[tuple[str, str], list[Key]] = {}
        for key in sorted(
            keys,
            key=lambda one: (
                order.get(one.indicator, 999),
                one.basis,
                subjects.index(one.subject) if one.subject in subjects else -1,
            ),
        ):
            found.setdefault((key.indicator, key.basis), []).append(key)
        return found

    def steps(self, indicator: str) -> list[tuple[str, Step]]:
        """A scale's steps by their keys, as they are drawn."""
        scale = self.scales[self.indicators[indicator].scale]
        return [(one.key, step) for one, step in zip(scale.steps, steps(scale, current()), strict=True)]

    @property
    def source(self) -> str:
        return _(
            "Källa: enheternas mottagna uppföljningar. %(round)s %(year)s.", round=self.round.title, year=self.round.year.label
        )


def years(round: Round) -> dict[int, str]:
    """The same round of each year up to this one, oldest first: id → the year's label."""
    same = (Round.path == round.path, Round.number == round.number, Round.opened_at.is_not(None))
    upto = select(Round.id, Year.label).join(Round.year).where(*same, Year.starts_on <= round.year.starts_on)
    newest_first = db.session.execute(upto.order_by(Year.starts_on.desc()).limit(MOST_YEARS)).all()
    return {round_id: label for round_id, label in reversed(newest_first)}


@dataclass(frozen=True)
class Through:
    """A node's figures of a year group through the years: figure → round → its rows; and each round's coverage."""

    years: Mapping[int, str]
    rows: Mapping[Key, Mapping[int, list[Sum]]]
    parts: Mapping[int, Part]

    measures: Mapping[str, Indicator]

    def points(self, key: Key) -> tuple[Point, ...]:
        """A share or a mean, a point a year."""
        return tuple(
            self._point(label, self.rows.get(key, {}).get(round_id, []), round_id) for round_id, label in self.years.items()
        )

    def _point(self, label: str, rows: Sequence[Sum], round_id: int) -> Point:
        if not rows:
            return Point(label)
        row, expected = rows[0], self.parts.get(round_id, Part()).expected
        measure = self.measures.get(row.indicator)
        if measure is None or measure.of_people:
            return trend.share(label, row.k, row.n, row.units, expected)
        return trend.plain(label, row, measure, expected)


def through(
    mandate: policy.Holder, known: Known, node: RoundNode, school_form: str, year_group: str, *more: ColumnElement[bool]
) -> Through:
    """In three statements, however many years and subjects. What a unit told elsewhere is read by those who read it there."""
    labels = years(known.round)
    here = (ROWS.c.unit_id == node.unit_id, ROWS.c.round_id.in_(labels), policy.where(mandate, RollupRow))
    place = (ROWS.c.school_form == school_form, ROWS.c.year_group == year_group)
    found: dict[Key, dict[int, list[Sum]]] = {}
    for *figure, round_id in db.session.execute(select(*FIGURE, ROWS.c.round_id).where(*here, *place, *more)):
        row = Sum._make(figure)
        found.setdefault(rules.key(row)._replace(category=""), {}).setdefault(round_id, []).append(row)
    c = COVERAGE.c
    wanted = select(c.round_id, c.school_form, c.year_group, c.expected, c.reporting)
    covered: dict[int, dict[tuple[str, str], Part]] = {}
    for round_id, form, group, expected, reporting in db.session.execute(
        wanted.where(c.unit_id == node.unit_id, c.round_id.in_(labels))
    ):
        covered.setdefault(round_id, {})[form, group] = Part(expected, reporting)
    parts = {round_id: rules.share_of(parts, school_form, year_group) for round_id, parts in covered.items()}
    return Through(labels, found, parts, known.indicators)


def dots(mandate: policy.Holder, round: Round, node: RoundNode, *more: ColumnElement[bool]) -> dict[Key, list[Dot]]:
    """The shares of the units under a node that the mandate may read, each figure's in Swedish order. One statement."""
    entry = [key for key, level in cycle.levels().items() if level.collects_figures]
    n = RoundNode
    wanted = (
        select(n.name, Unit.public_id, *FIGURE)
        .join(Unit, Unit.id == n.unit_id)
        .join(ROWS, (ROWS.c.unit_id == n.unit_id) & (ROWS.c.round_id == n.round_id))
        .where(n.round_id == round.id, policy.below(node.path, n.path), n.level.in_(entry), ROWS.c.category == "")
        .where(policy.where(mandate, RollupRow), *more)
    )
    found: dict[Key, list[Dot]] = {}
    for name, public_id, *figure in db.session.execute(wanted):
        row = Sum._make(figure)
        found.setdefault(rules.key(row), []).append(Dot(name, row.k, row.n, public_id))
    return {key: sorted(each, key=lambda dot: sort_key(dot.name)) for key, each in found.items()}


def groups(known: Known, round: Round, node: RoundNode) -> dict[tuple[str, str], str]:
    """The school forms and year groups of which a node has figures, with their names, in order."""
    c = ROWS.c
    places = select(c.school_form, c.year_group).where(c.unit_id == node.unit_id, c.round_id == round.id).distinct()
    words, found = known.words, [tuple(row) for row in db.session.execute(places)]
    forms, every = list(words.school_forms), list(words.year_groups)

    def place(where: tuple[str, str]) -> tuple[int, int, str]:
        return (forms.index(where[0]) if where[0] in forms else 99, every.index(where) if where in every else -1, where[1])

    return {
        where: ", ".join(filter(None, (words.school_forms.get(where[0], where[0]), words.year_groups.get(where, where[1]))))
        for where in sorted(cast(list[tuple[str, str]], found), key=place)
    }
