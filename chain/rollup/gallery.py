"""Which pictures a node's figures make: each with its table, what it rests on, and what can be said of it."""

from fractions import Fraction

from sqlalchemy import ColumnElement

from chain.access import policy
from chain.cycle.models import Round, RoundNode
from chain.rollup import funnel, queries, rules, series, telling
from chain.rollup import gallery_grades as grades
from chain.rollup import gallery_units as units
from chain.rollup import gallery_years as years
from chain.rollup.charts import Shown
from chain.rollup.queries import ROWS
from chain.rollup.rules import Key
from chain.rollup.series import Known
from chain.rollup.telling import Told

FOLLOWED = ("share", "mean")  # kinds that are drawn through the years: a value a year


# Whole pages


def of_figure(mandate: policy.Holder, round: Round, node: RoundNode, key: Key) -> list[Shown]:
    """The pictures of one figure: the units under the node, the years, the steps, and the test beside the grade."""
    known, whole = Known(round), key._replace(category="")
    found = series.through(mandate, known, node, key.school_form, key.year_group, ROWS.c.subject == key.subject)
    shown: list[Shown] = []
    if known.of_people(key.indicator) and not queries.collects(node.level):
        shown += units.units_beside(
            known, round, node, whole, series.dots(mandate, round, node, *_same(whole)).get(whole, []), found
        )
    if known.kind(key.indicator) in FOLLOWED:
        shown.append(years.one(known, whole, found.points(whole)))
    if known.kind(key.indicator) == "count":
        shown.append(years.counts(known, whole, found.points(whole)))
    for other in found.rows:
        if known.kind(other.indicator) == "distribution" and other.basis == key.basis:
            shown.append(grades.steps_by_year(known, other, found))
    return shown + grades.tests_by_year(known, key, found)


def of_group(
    mandate: policy.Holder, round: Round, node: RoundNode, known: Known, school_form: str, year_group: str
) -> list[Shown]:
    """The pictures of a year group: every subject through the years, the grades this year, and the tests beside the grades."""
    found = series.through(mandate, known, node, school_form, year_group)
    shown: list[Shown] = []
    for (indicator, _basis), keys in known.together(found.rows).items():
        if known.kind(indicator) in FOLLOWED:
            some = [key for key in keys if any(point.value is not None for point in found.points(key))]
            if len(some) < 2:
                shown += [years.one(known, key, found.points(key)) for key in some]
            elif len(found.years) == 1 and known.kind(indicator) == "share":
                shown.append(years.this_year(known, some, found))
            else:
                shown.append(years.every_subject(known, some, found))
        elif known.kind(indicator) == "count":
            shown += [years.counts(known, key, found.points(key)) for key in keys]
        elif known.kind(indicator) == "distribution":
            now = [key for key in keys if round.id in found.rows[key]]
            shown += [grades.steps_by_subject(known, now, found)] if now else []
    return shown + grades.tests_by_subject(known, school_form, year_group, found)


def stands_out(mandate: policy.Holder, round: Round, node: RoundNode, known: Known, group: tuple[str, str] | None = None) -> Told:
    """What is said of the comparisons between the units under a node, in all or in one year group: those that stand out, and
    that the others do not."""
    more = [ROWS.c.school_form == group[0], ROWS.c.year_group == group[1]] if group else []
    rates = {rules.key(row): Fraction(row.k, row.n) for row in queries.rows(node.unit_id, round.id) if row.n and not row.category}
    found = {
        key: funnel.made(each, rates[key])
        for key, each in series.dots(mandate, round, node, *more).items()
        if key in rates and known.of_people(key.indicator) and funnel.enough(each)
    }
    order = sorted(
        found, key=lambda key: (*rules.place(known.words, key.school_form, key.indicator, key.year_group, key.basis), key)
    )
    return telling.comparisons(
        [(known.label(key), known.phrase(key), queries.query_of(key), found[key]) for key in order], units.whose(node)
    )


def _same(key: Key) -> list[ColumnElement[bool]]:
    return [ROWS.c[name] == value for name, value in zip(Key._fields, key, strict=True) if name != "category"]
