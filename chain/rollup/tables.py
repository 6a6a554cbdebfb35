"""The desk and the figures as tables to keep: the numbers that the pages say in words, with what they are made from."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from chain.access import policy
from chain.base.locale import _, sort_key
from chain.base.out import status_word
from chain.base.tables import Cell, Column, Table, explained
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.organisation.models import Unit
from chain.result.dictionary import unit_name
from chain.result.rules import Indicator
from chain.rollup import queries, rules
from chain.rollup.desk import Desk, Row
from chain.rollup.queries import Breakdown, Child
from chain.rollup.rules import Part, Sum, Words

Where = Mapping[tuple[str, str], Part]


def figures(holder: policy.Holder | None, round: Round, node: RoundNode, covered: Where) -> Table:
    """A node's figures in a round, a row per figure and step, beside those of the same round last year."""
    before = cycle.year_before(round)
    now, then = queries.beside(holder, node.unit_id, round.id, before.id if before else None)
    words, earlier = queries.words(round.year_id), {rules.key(row): row for row in then}
    last = before and before.in_year
    return Table(
        title=_("Siffror, %(unit)s", unit=node.name),
        columns=(*columns(), *(_last_year(last) if last else ())),
        rows=tuple(
            (*cells, *(_before(earlier.get(rules.key(row)), words) if last else ()))
            for row, cells in rows_of(node.name, now, words, covered)
        ),
        facts=_facts(round, node, covered),
        meanings=_meanings(now, words),
        signs=explained("–"),
    )


def rows_of(name: str, rows: Iterable[Sum], words: Words, covered: Where) -> Iterator[tuple[Sum, tuple[Cell, ...]]]:
    """Each figure of one unit in order, with all that its row says: whose, what, and the sums, to the last digit."""
    for row in sorted(rows, key=lambda row: _order(row, words)):
        yield row, (name, *_about(row, words), *_numbers(row, covered, words))


def columns() -> tuple[Column, ...]:
    """What stands over such rows."""
    return (_unit(), *_about_the_figure(), *_sums())


def _unit() -> Column:
    return Column("unit", _("Enhet"))


def per_child(round: Round, node: RoundNode, found: Breakdown) -> Table:
    """One figure per child, in Swedish order, and all of them together last."""
    words, steps, covered = queries.words(round.year_id), found.sums, found.covered
    rows: list[tuple[Cell, ...]] = []
    for child, _line in found.parts:
        sums = steps.get(child.unit_id, [])
        rows += [(*cells, "") for _row, cells in rows_of(child.name, sums, words, {("", ""): child.part})]
        if not sums:
            rows.append((child.name, *(None,) * (len(columns()) - 1), _why_none(child)))
    whole = [(*cells, "") for _row, cells in rows_of(_("Tillsammans"), steps.get(node.unit_id, []), words, covered)]
    return Table(
        title=f"{found.title}, {node.name}",
        columns=(*columns(), Column("missing", _("Varför den saknas"))),
        rows=(*rows, *whole),
        facts=(*_facts(round, node, covered), (_("Bygger på"), found.basis)),
        meanings=_meanings(steps.get(node.unit_id, []), words),
        signs=explained("–"),
    )


def _why_none(child: Child) -> str:
    if child.exempt:
        return _("undantagen")
    return _("ingår inte än") if child.part.reporting < child.part.expected else _("har inte den siffran")


# A figure's parts


def _about_the_figure() -> tuple[Column, ...]:
    return (
        Column("school_form", _("Skolform")), Column("indicator", _("Indikator")), Column("year_group", _("Årskurs")),
        Column("subject", _("Ämne")), Column("step", _("Steg")), Column("basis", _("Bygger på")),
    )  # fmt: skip


def _about(row: Sum, words: Words) -> tuple[Cell, ...]:
    name, _definition = words.title(row.indicator, row.year_group)
    return (
        words.school_forms.get(row.school_form, row.school_form), name,
        words.year_groups.get((row.school_form, row.year_group), row.year_group), words.subjects.get(row.subject, row.subject),
        *_step(row, words), words.basis(row.basis),
    )  # fmt: skip


def _step(row: Sum, words: Words) -> tuple[Cell, ...]:
    return (words.steps(row.indicator).get(row.category, row.category) or None,)


def _sums() -> tuple[Column, ...]:
    return (
        *_values(), Column("enrolled", _("Alla (N)")), Column("units", _("Enheter som ingår")),
        Column("expected", _("Enheter som väntas")), Column("small", _("Liten grupp")),
    )  # fmt: skip


def _values() -> tuple[Column, ...]:
    return (
        Column("value", _("Värde")), Column("value_in", _("Anges i")), Column("k", _("Antal (k)")), Column("n", _("Bedömda (n)")),
        Column("total", _("Summa")),
    )  # fmt: skip


def _numbers(row: Sum, covered: Where, words: Words) -> tuple[Cell, ...]:
    """The sums themselves, and what the page says of them: a share in whole per cent from twenty assessed, a mean, a count."""
    part = rules.share_of(covered, row.school_form, row.year_group)
    counted = _kind(words.measure(row.indicator)) == "count"
    small = _("ja") if rules.is_small(row, words.measure(row.indicator)) else ""
    return *_said(row, words), None if counted else row.enrolled, row.units, max(row.units, part.expected), small


def _kind(measure: Indicator | None) -> str:
    return measure.kind if measure else "share"


def _said(row: Sum, words: Words) -> tuple[Cell, ...]:
    measure = words.measure(row.indicator)
    found, kind = value(row, measure), _kind(measure)
    unit = _("procent") if kind not in ("mean", "count") else unit_name(measure.unit) if measure else ""
    shown = unit if isinstance(found, int | Decimal) else ""
    total = _exact(Fraction(row.total, 10**measure.decimals), measure.decimals) if measure and kind in ("mean", "count") else None
    return found, shown, None if kind in ("mean", "count") else row.k, None if kind == "count" else row.n, total


def value(row: Sum, measure: Indicator | None) -> Cell:
    """As the page says it: a share in whole per cent, nothing of fewer than twenty; a mean with its decimals; a count. A dash
    where there is nothing to divide by."""
    if measure is not None and measure.kind == "count":
        return _exact(Fraction(row.total, 10**measure.decimals), measure.decimals)
    if measure is not None and measure.kind == "mean":
        mean = measure.mean(row.n, row.total)
        return "–" if mean is None else _exact(mean, measure.shown_decimals)
    if row.n == 0:
        return "–"
    return None if row.n < rules.PERCENT_FROM else (200 * row.k + row.n) // (2 * row.n)


def _exact(number: Fraction, decimals: int) -> Decimal:
    """Rounded as it is on the page, with the same decimals."""
    return (Decimal(number.numerator) / number.denominator).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _last_year(name: str) -> tuple[Column, ...]:
    return tuple(Column(f"{column.key}_before", f"{name}: {column.name}") for column in _values())


def _before(row: Sum | None, words: Words) -> tuple[Cell, ...]:
    return (None,) * len(_values()) if row is None else _said(row, words)


def _order(row: Sum, words: Words) -> tuple[object, ...]:
    subjects, steps = list(words.subjects), list(words.steps(row.indicator))
    return (
        rules.place(words, row.school_form, row.indicator, row.year_group, row.basis),
        subjects.index(row.subject) if row.subject in subjects else len(subjects), row.subject,
        steps.index(row.category) if row.category in steps else len(steps),
    )  # fmt: skip


def _facts(round: Round, node: RoundNode, covered: Where) -> tuple[tuple[str, str], ...]:
    whole = covered.get(("", ""), Part())
    told = _("%(k)s av %(n)s enheter", k=whole.reporting, n=max(whole.expected, whole.reporting))
    return (
        (_("Enhet"), node.name), (_("Omgång"), round.in_year), (_("Täckning"), told),
        (_("Källa"), _("Mottagna uppföljningar i Styrkedjan. Siffrorna kan ändras tills omgången är klar.")),
        (_("Värde"), _("Andelar är antal (k) av bedömda (n), i hela procent; med färre än tjugo bedömda anges bara antalen.")),
        (_("Liten grupp"), _("Färre än tio bedömda: säger mest något om slumpen.")),
        (_("Summa"), _("Av medelvärden och antal: det som läggs ihop, utan avrundning.")),
    )  # fmt: skip


def _meanings(rows: Iterable[Sum], words: Words) -> tuple[tuple[str, str], ...]:
    """What the indicators that are there mean, each once."""
    order = sorted(rows, key=lambda row: _order(row, words))
    return tuple(dict.fromkeys(words.title(row.indicator, row.year_group) for row in order))


# The desk


def standing(desk: Desk, unit: Unit) -> Table:
    """Who has handed in and who has not, and what they say about it: as far down as the page shows."""
    below = [(name, row) for name, rows in desk.below for row in rows]
    ours = [("", row) for row in sorted((*desk.to_read, *desk.missing, *desk.rest), key=lambda row: sort_key(row.name))]
    tallies = (
        (cycle.level_name(one.level), _("%(k)s av %(n)s har lämnat in", k=one.handed_up, n=one.expected)) for one in desk.tallies
    )
    return Table(
        title=_("Inlämningsläge, %(unit)s", unit=unit.name),
        columns=(
            Column("unit", _("Enhet")), Column("level", _("Nivå")), Column("under", _("Under")), Column("status", _("Läge")),
            Column("late", _("Lämnad för sent")), Column("submitted_at", _("Lämnades in")), Column("accepted_at", _("Togs emot")),
            Column("said", _("Vad som är känt")),
        ),
        rows=tuple(_stands(row, under) for under, row in (*ours, *below)),
        facts=((_("Omgång"), desk.round.in_year), *tallies),
        signs=explained(),
    )  # fmt: skip


def _stands(row: Row, under: str) -> tuple[Cell, ...]:
    status = _("Väntas") if row.status == "waiting" else status_word(row.status)
    late = _("ja") if row.late else ""
    return row.name, cycle.level_name(row.level), under, status, late, row.submitted_at, row.accepted_at, row.hint
