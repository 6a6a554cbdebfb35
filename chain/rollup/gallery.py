"""Which pictures a node's figures make: each with its table, what it rests on, and what can be said of it."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement

from chain.access import policy
from chain.base.locale import _, current, number, percent
from chain.cycle.models import Round, RoundNode
from chain.rollup import funnel, queries, rules, series, telling, trend
from chain.rollup.charts import Shown, Twin
from chain.rollup.funnel import Dot, Funnel
from chain.rollup.motifs import Bar, FunnelPicture, Pair, PairPicture, SmallPicture, Spot, StackPicture, TrendPicture
from chain.rollup.queries import ROWS
from chain.rollup.rules import Key, Part, Sum
from chain.rollup.series import Known, Through
from chain.rollup.telling import Told
from chain.rollup.trend import Point

REACHED, TEST = "at_least_e", "test"  # the indicator and the basis that are held against each other
GRADED = ("final_grade", "term_grade", "assessment")  # what a test is held against, the first that there is
FOLLOWED = ("share", "mean")  # kinds that are drawn through the years: a value a year
LINE_STEPS = 48  # places at which a funnel's limits are worked out


# Whole pages


def of_figure(mandate: policy.Holder, round: Round, node: RoundNode, key: Key) -> list[Shown]:
    """The pictures of one figure: the units under the node, the years, the steps, and the test beside the grade."""
    known, whole = Known(round), key._replace(category="")
    found = series.through(mandate, known, node, key.school_form, key.year_group, ROWS.c.subject == key.subject)
    shown: list[Shown] = []
    if known.of_people(key.indicator) and not queries.collects(node.level):
        shown += _funnel(known, round, node, whole, series.dots(mandate, round, node, *_same(whole)).get(whole, []), found)
    if known.kind(key.indicator) in FOLLOWED:
        shown.append(_trend(known, whole, found.points(whole)))
    for other in found.rows:
        if known.kind(other.indicator) == "distribution" and other.basis == key.basis:
            shown.append(_steps_by_year(known, other, found))
    return shown + _tests_by_year(known, key, found)


def of_group(
    mandate: policy.Holder, round: Round, node: RoundNode, known: Known, school_form: str, year_group: str
) -> list[Shown]:
    """The pictures of a year group: every subject through the years, the grades this year, and the tests beside the grades."""
    found = series.through(mandate, known, node, school_form, year_group)
    shown: list[Shown] = []
    for (indicator, _basis), keys in _together(known, found.rows).items():
        if known.kind(indicator) in FOLLOWED:
            some = [key for key in keys if any(point.value is not None for point in found.points(key))]
            if len(some) < 2:
                shown += [_trend(known, key, found.points(key)) for key in some]
            elif len(found.years) == 1 and known.kind(indicator) == "share":
                shown.append(_this_year(known, some, found))
            else:
                shown.append(_every_subject(known, some, found))
        elif known.kind(indicator) == "distribution":
            now = [key for key in keys if round.id in found.rows[key]]
            shown += [_steps_by_subject(known, now, found)] if now else []
    return shown + _tests_by_subject(known, school_form, year_group, found)


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
        [(known.label(key), known.phrase(key), queries.query_of(key), found[key]) for key in order], _who(node)
    )


def _same(key: Key) -> list[ColumnElement[bool]]:
    return [ROWS.c[name] == value for name, value in zip(Key._fields, key, strict=True) if name != "category"]


def _together(known: Known, keys: Iterable[Key]) -> dict[tuple[str, str], list[Key]]:
    """Figures of one indicator on one basis, in the order of indicators and subjects: a forecast and a grade never meet."""
    subjects, order = list(known.words.subjects), known.words.indicators
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


def _who(node: RoundNode) -> str:
    """Whose rate the units are held against."""
    return _("Kommunen") if node.level == "administration" else node.name


# Each kind


def _funnel(known: Known, round: Round, node: RoundNode, key: Key, units: list[Dot], found: Through) -> list[Shown]:
    own = found.rows.get(key, {}).get(round.id, [])
    if not own or not own[0].n or not funnel.enough(units):
        return []
    made = funnel.made(units, Fraction(own[0].k, own[0].n))
    told = telling.comparisons([(known.label(key), known.phrase(key), "", made)], _who(node))
    flagged = {dot.public_id for dot in made.flagged}
    words = (
        _("Enheterna bredvid varandra: %(label)s, %(basis)s", label=known.label(key), basis=known.basis(key)),
        _("Bedömda elever i enheten"),
        _("Andel som %(phrase)s", phrase=known.phrase(key)),
        percent(own[0].k, own[0].n),
    )
    picture = funnel_picture(made, words, telling.funnel(made, own[0].k, own[0].n, told))
    return [
        Shown(
            "funnel",
            picture,
            _funnel_twin(made, flagged),
            (*told.spread, *told.sentences, told.rest),
            str(telling.LEGENDS["funnel"]),
            known.source,
            own[0].n,
        )
    ]


def funnel_picture(made: Funnel, words: tuple[str, str, str, str], description: str) -> FunnelPicture:
    """`words`: title, what goes across, what goes up, and the rate."""
    flagged = {dot.public_id for dot in made.flagged}
    title, across, up, rate = words
    return FunnelPicture(
        title=title,
        description=description,
        across=across,
        up=up,
        rate=100 * float(made.rate),
        rate_name=rate,
        thin_name="95 %",
        flag_name=f"{number(Fraction(998, 10), 1)} %",
        spots=tuple(
            Spot(dot.name, dot.n, 100 * dot.k / dot.n, dot.n >= funnel.FEWEST, dot.public_id in flagged)
            for dot in made.dots
            if dot.n
        ),
        lines=_lines(made),
    )


def _lines(made: Funnel) -> tuple[tuple[float, float, float, float, float], ...]:
    """The limits in per cent, from small to a little more than the largest unit; closer together where they bend."""
    most = max(dot.n for dot in made.dots) * 1.06
    sizes = sorted({max(1, round(most * (place / LINE_STEPS) ** 2)) for place in range(1, LINE_STEPS + 1)})
    return tuple(
        (float(n), *(100 * edge / n for tail in (funnel.THIN, funnel.FLAG) for edge in made.limits(n, tail)))  # type: ignore[misc]
        for n in sizes
    )


def _funnel_twin(made: Funnel, flagged: set[str]) -> Twin:
    def row(dot: Dot) -> tuple[str, ...]:
        low, high = made.spared(dot.n)
        if dot.n < funnel.FEWEST:
            return dot.name, rules.said(dot.k, dot.n), "–", _("liten grupp, jämförs inte")
        spared = _("%(low)s–%(high)s av %(n)s", low=number(low), high=number(high), n=number(dot.n))
        return dot.name, rules.said(dot.k, dot.n), spared, _("utmärker sig, ställ en fråga") if dot.public_id in flagged else ""

    head = (_("Enhet"), _("Resultat"), _("Slumpens gränser (99,8 %)"), _("Att fråga om"))
    return Twin(head, tuple(row(dot) for dot in made.dots), units=tuple(dot.public_id for dot in made.dots))


def _trend(known: Known, key: Key, points: tuple[Point, ...]) -> Shown:
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
    legend = str(telling.LEGENDS["trend" if people else "plain"])
    of = "" if people else rules.heads(known.indicators[key.indicator], key.year_group)[1]
    return Shown(f"trend-{_anchor(key)}", picture, _trend_twin(points, of), told, legend, known.source, points[-1].n, of)


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


def _every_subject(known: Known, keys: Sequence[Key], found: Through) -> Shown:
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
    return Shown(f"small-{_anchor(first)}", picture, twin, told, str(telling.LEGENDS["small"]), known.source)


def _this_year(known: Known, keys: Sequence[Key], found: Through) -> Shown:
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
    return Shown(f"small-{_anchor(first)}", picture, twin, (), str(telling.LEGENDS["once"]), known.source)


def _opens(keys: Iterable[Key], found: Through, round: Round) -> tuple[str, ...]:
    """What opens each figure that there is in this round."""
    return tuple(queries.query_of(key) if round.id in found.rows[key] else "" for key in keys)


def _steps_by_year(known: Known, key: Key, found: Through) -> Shown:
    rounds = found.rows[key]
    bars = [(found.years[round_id], rounds[round_id]) for round_id in found.years if round_id in rounds]
    title = _("Fördelningen per år: %(label)s, %(basis)s", label=known.label(key), basis=known.basis(key))
    return _stack(known, key, title, _("År"), bars, f"steps-{_anchor(key)}")


def _steps_by_subject(known: Known, keys: Sequence[Key], found: Through) -> Shown:
    bars = [(known.subject(key), found.rows[key][known.round.id]) for key in keys]
    title = _("Fördelningen i alla ämnen: %(name)s, %(basis)s", name=known.name(keys[0]), basis=known.basis(keys[0]))
    return _stack(known, keys[0], title, _("Ämne"), bars, f"steps-{_anchor(keys[0])}")


def _stack(known: Known, key: Key, title: str, first: str, bars: Sequence[tuple[str, list[Sum]]], anchor: str) -> Shown:
    steps = known.steps(key.indicator)
    counted = [(label, {row.category: row.k for row in rows}) for label, rows in bars]
    rows = tuple((label, tuple(by_step.get(step, 0) for step, _drawn in steps)) for label, by_step in counted)
    symbols = [step.symbol for _key, step in steps]
    picture = StackPicture(
        title=title,
        description=telling.stack(symbols, rows),
        steps=tuple(step for _key, step in steps),
        bars=tuple(Bar(label, counts) for label, counts in rows),
    )
    twin = Twin(
        (first, *symbols, _("Bedömda")), tuple((label, *map(number, counts), number(sum(counts))) for label, counts in rows)
    )
    return Shown(anchor, picture, twin, (), str(telling.LEGENDS["stack"]), known.source)


def _tests_by_subject(known: Known, school_form: str, year_group: str, found: Through) -> list[Shown]:
    now = {
        key: rows[known.round.id][0]
        for key, rows in found.rows.items()
        if known.round.id in rows and known.of_people(key.indicator)
    }
    pairs = [
        (known.subject(key), row, _graded(now, key)) for keys in _together(known, now).values() for key in keys
        if key.basis == TEST and (row := now[key])
    ]  # fmt: skip
    title = _("Prov och betyg, %(group)s", group=known.words.year_groups.get((school_form, year_group), year_group))
    return _tests(
        known,
        title,
        _("Ämne"),
        [(label, row, grade) for label, row, grade in pairs if grade],
        f"tests-{school_form}-{year_group}",
    )


def _tests_by_year(known: Known, key: Key, found: Through) -> list[Shown]:
    pairs = []
    for round_id, label in found.years.items():
        now = {one: rows[round_id][0] for one, rows in found.rows.items() if round_id in rows and known.of_people(one.indicator)}
        tests = [one for one in now if one.basis == TEST]
        if tests and (grade := _graded(now, tests[0])):
            pairs.append((label, now[tests[0]], grade))
    return _tests(known, _("Prov och betyg per år: %(label)s", label=known.label(key)), _("År"), pairs, "tests")


def _graded(now: Mapping[Key, Sum], test: Key) -> Sum | None:
    """The grade, or before there are grades the assessment, that a test is held against."""
    same = (test._replace(indicator=REACHED, basis=basis) for basis in GRADED)
    return next((now[key] for key in same if key in now), None)


def _tests(known: Known, title: str, first: str, pairs: Sequence[tuple[str, Sum, Sum]], anchor: str) -> list[Shown]:
    pairs = [pair for pair in pairs if pair[1].n and pair[2].n]
    if not pairs:
        return []
    names = known.words.basis(TEST), known.words.basis(pairs[0][2].basis)
    picture = PairPicture(
        title=title,
        description=telling.pairs(names, [(label, (test.k, test.n), (grade.k, grade.n)) for label, test, grade in pairs]),
        first_name=names[0].capitalize(),
        second_name=names[1].capitalize(),
        pairs=tuple(Pair(label, 100 * test.k / test.n, 100 * grade.k / grade.n) for label, test, grade in pairs),
    )
    twin = Twin(
        (first, names[0].capitalize(), names[1].capitalize()),
        tuple((label, rules.said(test.k, test.n), rules.said(grade.k, grade.n)) for label, test, grade in pairs),
    )
    return [Shown(anchor.lower(), picture, twin, (), str(telling.LEGENDS["pairs"]), known.source)]


def _anchor(key: Key) -> str:
    return "-".join(filter(None, (key.indicator, key.school_form, key.subject, key.year_group, key.basis))).lower()
