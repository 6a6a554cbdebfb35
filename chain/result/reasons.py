"""When a figure asks why: it is low, or has changed against last time by more than chance explains.

A share: exact binomial limits, 99.8 %. A distribution: by the shares that follow from it; where none does, by the mean of its
points, whose spread is in the distribution itself. A mean: only n and the total are known, and no spread; where the ends of what
one can have are known, no spread is wider than what they allow, and a change beyond that is beyond chance whatever the spread
is. A count, a mean without ends, and hours (which do not come one by one) have no variance to go by: nothing is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from chain.base.locale import _, number
from chain.result.rules import FEWEST, Figure, Indicator, Row, Scale, Table, mean_points, unlikely

FAR = Fraction(955, 100)  # the square of 3.09 standard errors: 99.8 %, as for shares


def reasons(table: Table, figures: Iterable[Figure], before: Iterable[Figure], when: str = "") -> dict[str, str]:
    """The rows of a table that ask why: {name of the row's `why` field: sentence}."""
    earlier: dict[tuple[str, ...], Figure] = {one.key: one for one in before}
    rows = {row.subject: row for row in table.rows}
    asked = table.derives or (table.indicator,)
    by_row: dict[str, list[Figure]] = {}
    for one in figures:
        here = one.school_form == table.school_form and one.year_group == table.year_group
        if here and one.indicator in asked and one.subject in rows:
            by_row.setdefault(one.subject, []).append(one)
    found = {rows[subject].why: _asked(table, rows[subject], now, earlier, when) for subject, now in by_row.items()}
    return {name: sentence for name, sentence in found.items() if sentence}


def _asked(table: Table, row: Row, now: Sequence[Figure], earlier: Mapping[tuple[str, ...], Figure], when: str) -> str | None:
    first, then = now[0], [earlier[one.key] for one in now if one.key in earlier]
    if first.category:
        return spread_needs_reason(now, then, table.scale, label=row.label, when=when) if table.scale else None
    was = then[0] if then else None
    if table.kind == "mean":
        return mean_needs_reason(first, was, table.measure, label=row.label, when=when)
    if table.kind == "count" or table.measure.apart:
        return None
    return needs_reason(first, was, label=row.label, phrase=table.phrase, when=when, below=table.ask_below)


def needs_reason(
    now: Figure, before: Figure | None = None, *, label: str = "", phrase: str = "", when: str = "", below: int = 0
) -> str | None:
    """A sentence when a share differs from last round on the same basis by more than chance would give, or is low.
    `label` “Matematik åk 6”, `phrase` “nådde minst E”, `when` “i november”, `below` per cent. Under ten: nothing."""
    if now.n < FEWEST or now.category:
        return None
    said = {"label": label or now.subject, "k": now.k, "n": now.n, "phrase": phrase or _("nådde målet")}
    if before is not None and before.key == now.key and before.n >= FEWEST and _differ(now, before):
        return str(
            _(
                "%(label)s: %(k)s av %(n)s %(phrase)s, %(when)s %(k_before)s av %(n_before)s. "
                "Skillnaden är större än slumpen brukar ge: beskriv varför.",
                **said,
                when=when or _("förra gången"),
                k_before=before.k,
                n_before=before.n,
            )
        )
    if 100 * now.k < below * now.n:
        return str(_("%(label)s: %(k)s av %(n)s %(phrase)s, färre än %(below)s %%: beskriv varför.", **said, below=below))
    return None


def _differ(now: Figure, before: Figure) -> bool:
    """Half a pupil is added on either side (Jeffreys): 24 of 24 last time does not make 23 of 24 impossible."""
    return unlikely(now.k, now.n, Fraction(2 * before.k + 1, 2 * before.n + 2))


def mean_needs_reason(now: Figure, before: Figure | None, measure: Indicator, *, label: str = "", when: str = "") -> str | None:
    """A sentence when a mean differs by more than the widest spread between its ends would give. Under ten, no ends: nothing."""
    if before is None or before.key != now.key or min(now.n, before.n) < FEWEST or measure.least is None or measure.most is None:
        return None
    pooled = Fraction(now.total + before.total, 10**measure.decimals * (now.n + before.n))
    widest = (pooled - measure.least) * (measure.most - pooled)
    means = [measure.mean(one.n, one.total) or Fraction(0) for one in (now, before)]
    if not _far(means[0] - means[1], widest, now.n, before.n):
        return None
    said = [number(mean, measure.shown_decimals) for mean in means]
    return _sentence(label or now.subject, said[0], now.n, said[1], before.n, when)


def spread_needs_reason(
    now: Sequence[Figure], before: Sequence[Figure], scale: Scale, *, label: str = "", when: str = ""
) -> str | None:
    """A sentence when the mean of a distribution's points differs by more than its spread would give. On the same steps alone."""
    ours, theirs = ({one.category: one.k for one in figures} for figures in (now, before))
    if not before or sum(theirs.values()) != before[0].n:  # another scale then: not the same measurement
        return None
    points = scale.points
    graded = [sum(count for step, count in counts.items() if step in points) for counts in (ours, theirs)]
    means = [mean_points(counts, scale) for counts in (ours, theirs)]
    if min(graded) < FEWEST or means[0] is None or means[1] is None:
        return None
    both = {step: ours.get(step, 0) + theirs.get(step, 0) for step in points}
    middle = mean_points(both, scale) or Fraction(0)
    variance = sum((count * (points[step] - middle) ** 2 for step, count in both.items()), Fraction(0)) / sum(both.values())
    if not _far(means[0] - means[1], variance, *graded):
        return None
    said, was = mean_said(means[0], scale), mean_said(means[1], scale)
    return _sentence(label or now[0].subject, said, graded[0], was, graded[1], when)


def mean_said(mean: Fraction, scale: Scale) -> str:
    """A mean of points in words: “13,4”; a net deviation with its sign: “+8 %”."""
    if scale.mean_unit != "percent":
        return number(mean, 1)
    whole = number(abs(100 * mean))
    sign = "" if whole == "0" else "+" if mean > 0 else "−"
    return f"{sign}{whole} %"


def _far(difference: Fraction, variance: Fraction, n: int, n_before: int) -> bool:
    return difference**2 > FAR * variance * (Fraction(1, n) + Fraction(1, n_before))


def _sentence(label: str, said: str, n: int, before: str, n_before: int, when: str) -> str:
    return str(
        _(
            "%(label)s: %(said)s (%(n)s), %(when)s %(before)s (%(n_before)s). "
            "Skillnaden är större än slumpen brukar ge: beskriv varför.",
            label=label,
            said=said,
            n=n,
            when=when or _("förra gången"),
            before=before,
            n_before=n_before,
        )
    )
