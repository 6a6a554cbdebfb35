"""A figure that was read in, in words: what it is about, and its sums as people say them, by its kind."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from chain.base.locale import _, current, number
from chain.result import queries as result
from chain.result.rules import Figure, Indicator

Measures = Mapping[str, Indicator]


def about(measures: Measures, key: str, subject: str, year_group: str, *more: str) -> str:
    """What a figure is about: Minst E, Matematik, åk 4."""
    known = measures.get(key)
    word = known.words(current(), year_group).name if known else key
    year = _("åk %(group)s", group=year_group) if year_group else ""
    return ", ".join(part for part in (word, subject and result.subject_name(subject), year, *more) if part)


def said(measure: Indicator | None, enrolled: int | None, n: int, k: int, total: int = 0) -> str:
    """A figure's sums: so many of so many where they are people; else each amount after what it is called.

    `enrolled` is none where the source does not say.
    """
    if enrolled is None:
        return str(_("%(k)s av %(n)s", k=number(k), n=number(n)))
    if measure is None or measure.of_people or measure.kind == "distribution":
        return str(_("%(k)s av %(n)s, av %(enrolled)s elever", k=number(k), n=number(n), enrolled=number(enrolled)))
    words = measure.words(current())
    amounts = {words.enrolled: number(enrolled), words.assessed: number(n), words.reached: number(k)}
    if measure.kind == "count":
        amounts = {words.total: _total(measure, total)}
    elif measure.kind == "mean":
        amounts = {words.enrolled: number(enrolled), words.assessed: number(n), **_mean(measure, words.total, n, total)}
    return ", ".join(f"{name} {amount}" for name, amount in amounts.items() if name)


def _mean(measure: Indicator, name: str, n: int, total: int) -> dict[str, str]:
    """A mean as it is typed: itself or its total; the total too, where the mean would be rounded."""
    mean = measure.mean(n, total)
    if measure.typed == "total" or mean is None:
        return {name: _total(measure, total)}
    shown = {name: number(mean, measure.shown_decimals)}
    exact = (mean * 10**measure.decimals).denominator == 1
    return shown if exact else {**shown, str(_("summa")): _total(measure, total)}


def _total(measure: Indicator, total: int) -> str:
    return number(Fraction(total, 10**measure.decimals), measure.decimals)


def spread(some: Iterable[Figure], *, enrolled: bool = True) -> str:
    """A distribution as one line: how many on each step, and of how many where the source says so."""
    told = list(some)
    parts = " · ".join(f"{one.category} {number(one.k)}" for one in told)
    if not enrolled:
        return parts
    return str(_("%(parts)s, av %(enrolled)s elever", parts=parts, enrolled=number(told[0].enrolled)))
