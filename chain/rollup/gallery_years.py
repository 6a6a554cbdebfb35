"""A figure, or all the figures of a year group, through the years: each with its table, and what can be said of it."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from chain.base.locale import _, current, number
from chain.cycle.models import Round
from chain.rollup import queries, rules, telling, trend
from chain.rollup.charts import Shown, Twin
from chain.rollup.motifs import CountPicture, Pair, PairPicture, SmallPicture, TrendPicture
from chain.rollup.rules import Key, Part
from chain.rollup.series import Known, Through
from chain.rollup.trend import Point


def one(known: Known, key: Key, points: tuple[Point, ...]) -> Shown:
    values = [point.value for point in points if point.value is not None]
    limits = trend.limits(values, *known.ends(key.indicator))
    told = telling.years(points, limits, known.value(key.indicator))
    picture = TrendPicture(
        title=_("Genom åren: %(label)s, %(basis)s", label=known.label(key), basis=known.basis(key)),
        description=telling.trend(points, told),
        up=_up(known, key),
        points=points,
        limits=limits,
        **_axis(known, key),
    )
    people = known.of_people(key.indicator)
    legend = " ".join(str(telling.LEGENDS[each]) for each in ("trend" if people else "plain", *(["limits"] if limits else [])))
    of = "" if people else rules.heads(known.indicators[key.indicator], key.year_group)[1]
    return Shown(f"trend-{rules.anchor(key)}", picture, _trend_twin(points, of), told, legend, known.source, points[-1].n, of)


def counts(known: Known, key: Key, points: tuple[Point, ...]) -> Shown:
    """How many, a bar a year. Nothing is said of what is usual: a sum is as large as those who are in it."""
    label, told = known.name(key), telling.counts(points)
    if key.subject:
        label = f"{label}: {known.subject(key)}"
    picture = CountPicture(
        title=_("Antal genom åren: %(label)s, %(basis)s", label=label, basis=known.basis(key)),
        description=telling.trend(points, told),
        up=known.indicators[key.indicator].words(current(), key.year_group).total,
        points=points,
        mark=number(Fraction(1, 2), 1)[1],
    )
    rows = tuple((point.label, point.said or "–", _coverage(point)) for point in points)
    twin = Twin((_("År"), picture.up, _("Enheter")), rows)
    rests_on = _("Siffran är en summa från %(units)s enheter.", units=_coverage(points[-1]))
    legend = str(telling.LEGENDS["counts"])
    return Shown(f"counts-{rules.anchor(key)}", picture, twin, told, legend, known.source, rests_on=rests_on)


def _trend_twin(points: tuple[Point, ...], of: str) -> Twin:
    """With how uncertain each year is; or where no chance is reckoned, with how many it is `of`."""
    rows = tuple((point.label, point.said or "–", _many(point) if of else _interval(point), _coverage(point)) for point in points)
    return Twin((_("År"), _("Resultat"), of or _("Osäkerhet (95 %)"), _("Enheter")), rows)


def _many(point: Point) -> str:
    return "–" if point.value is None else number(point.n)


def _up(known: Known, key: Key) -> str:
    """What goes up in a trend: the share that did something, or the mean by its name."""
    if known.kind(key.indicator) == "share":
        return _("Andel som %(phrase)s", phrase=known.phrase(key))
    measure = known.indicators[key.indicator]
    return measure.words(current(), key.year_group).total if measure.typed == "mean" else known.name(key)


def _axis(known: Known, key: Key) -> dict[str, Any]:
    """A mean's axis is in its own unit, and takes its ends from the values."""
    if known.kind(key.indicator) == "share":
        return {}
    return {"floor": None, "ceiling": None, "mark": number(Fraction(1, 2), 1)[1]}


def _interval(point: Point) -> str:
    if point.low is None or point.high is None:
        return "–"
    return _("%(low)s–%(high)s %%", low=number(Fraction(point.low)), high=number(Fraction(point.high)))


def _coverage(point: Point) -> str:
    return "–" if point.value is None else rules.of_units(point.telling, Part(point.expected))


def every_subject(known: Known, keys: Sequence[Key], found: Through) -> Shown:
    first, points = keys[0], {key: found.points(key) for key in keys}
    labelled = [(known.label(key), points[key]) for key in keys]
    told = telling.subjects(labelled, known.ends(first.indicator), known.value(first.indicator))
    head, named = known.row_head(first.indicator), {"name": known.name(first), "basis": known.basis(first)}
    subjects = head == _("Ämne")
    picture = SmallPicture(
        title=_("Alla ämnen genom åren: %(name)s, %(basis)s", **named)
        if subjects
        else _("Alla rader genom åren: %(name)s, %(basis)s", **named),
        description=telling.small([(known.subject(key), points[key]) for key in keys], subjects),
        series=tuple((known.subject(key), points[key]) for key in keys),
        **_axis(known, first),
    )
    rows = tuple((known.subject(key), *(point.said or "–" for point in points[key])) for key in keys)
    twin = Twin((head, *found.years.values()), rows, _opens(keys, found, known.round))
    return Shown(f"small-{rules.anchor(first)}", picture, twin, told, str(telling.LEGENDS["small"]), known.source)


def this_year(known: Known, keys: Sequence[Key], found: Through) -> Shown:
    """Every subject beside the others, where there is one year alone."""
    first, points = keys[0], [(known.subject(key), found.points(key)[-1]) for key in keys]
    picture = PairPicture(
        title=_("Alla ämnen: %(name)s, %(basis)s", name=known.name(first), basis=known.basis(first)),
        description="; ".join(f"{label}: {point.said or '–'}" for label, point in points),
        first_name="",
        second_name="",
        pairs=tuple(Pair(label, None, point.value) for label, point in points),
    )
    rows = tuple((label, point.said or "–", _interval(point), _coverage(point)) for label, point in points)
    head = (_("Ämne"), _("Resultat"), _("Osäkerhet (95 %)"), _("Enheter"))
    twin = Twin(head, rows, _opens(keys, found, known.round))
    return Shown(f"small-{rules.anchor(first)}", picture, twin, (), str(telling.LEGENDS["once"]), known.source)


def _opens(keys: Iterable[Key], found: Through, round: Round) -> tuple[str, ...]:
    """What opens each figure that there is in this round."""
    return tuple(queries.query_of(key) if round.id in found.rows[key] else "" for key in keys)
