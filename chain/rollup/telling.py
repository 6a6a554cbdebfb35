"""What may be said of figures beside each other, by one rule: what stands out, with its reason, and that the rest does not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from chain.base.locale import _, lazy, ngettext, number, percent
from chain.rollup.funnel import FEWEST_UNITS, Funnel
from chain.rollup.rules import said
from chain.rollup.trend import ENOUGH, FEWEST, Limits, Point
from chain.rollup.trend import limits as limits_of

Compared = tuple[str, str, str, Funnel]  # label “Matematik åk 6”, phrase “nådde minst E”, what opens it, and its funnel


@dataclass(frozen=True)
class Told:
    """`flags` are sentences, each with what opens its figure; `spread` tells of widened limits; `rest` of all the others."""

    compared: int
    flags: tuple[tuple[str, str], ...]
    spread: tuple[str, ...]
    rest: str

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(sentence for sentence, _query in self.flags)

    @property
    def count(self) -> str:
        return ngettext(
            "%(flagged)s av %(compared)s jämförelse utmärker sig (99,8 %%).",
            "%(flagged)s av %(compared)s jämförelser utmärker sig (99,8 %%).",
            self.compared,
            flagged=number(len(self.flags)),
            compared=number(self.compared),
        )


def comparisons(found: Iterable[Compared], whole: str) -> Told:
    """Of funnels: which units stand out, in the order of the figures and of the units. `whole`: whose rate it is, “Kommunen”."""
    compared, flags, spread = 0, [], []
    for label, phrase, query, funnel in found:
        compared += len(funnel.compared)
        rate = _rate(funnel.rate)
        for dot in funnel.flagged:
            sentence = _(
                "%(unit)s, %(label)s: %(k)s av %(n)s %(phrase)s. %(whole)s %(rate)s. "
                "Skillnaden är större än vad slumpen brukar ge (99,8 %%).",
                unit=dot.name,
                label=label,
                k=number(dot.k),
                n=number(dot.n),
                phrase=phrase,
                whole=whole,
                rate=rate,
            )
            flags.append((sentence, query))
        if funnel.stretch > 1:
            spread.append(
                _(
                    "%(label)s: %(out)s av %(units)s enheter låg utanför gränserna, fler än var tionde. Enheterna skiljer sig "
                    "alltså mer än slumpen ger bland lika, och gränserna är vidgade %(times)s gånger.",
                    label=label,
                    out=funnel.before,
                    units=len(funnel.compared),
                    times=number(Fraction(funnel.stretch), 1),
                )
            )
    return Told(compared, tuple(flags), tuple(spread), _rest(compared, bool(flags)))


def _rest(compared: int, flagged: bool) -> str:
    if not compared:
        return _("Här finns inget att jämföra: det behövs minst %(units)s enheter med tio bedömda elever.", units=FEWEST_UNITS)
    if flagged:
        return _("Inga resultat utmärker sig i övrigt – variationen är av den storlek som slumpen ger.")
    return _("Inga resultat utmärker sig – variationen är av den storlek som slumpen ger.")


def _rate(rate: Fraction) -> str:
    return percent(rate.numerator, rate.denominator)


def _percent(value: float) -> str:
    return f"{number(Fraction(value))} %"


def years(points: Sequence[Point], limits: Limits | None, say: Callable[[float], str] = _percent) -> tuple[str, ...]:
    """Of one figure through the years: whether the last year stands out, or why that cannot be said."""
    told = [point for point in points if point.value is not None]
    if not told:
        return ()
    if limits is None:
        few = ngettext(
            "%(num)s år är för lite för att säga vad som är ovanligt: bara en prick. Från %(fewest)s år ritas gränser.",
            "%(num)s år är för få för att säga vad som är ovanligt: bara prickar. Från %(fewest)s år ritas gränser.",
            len(told),
            fewest=FEWEST,
        )
        return (few,)
    between = {"low": say(limits.low), "high": say(limits.high), "years": len(told)}
    if limits.preliminary:
        return (
            _(
                "Preliminära gränser: %(years)s år ger från %(low)s till %(high)s. "
                "Först med %(enough)s år går det att säga vad som utmärker sig.",
                **between,
                enough=ENOUGH,
            ),
        )
    last = told[-1]
    if last is points[-1] and limits.outside(last.value or 0.0):
        return (
            _(
                "%(year)s: %(value)s. De %(years)s årens gränser är %(low)s och %(high)s: det utmärker sig, ställ en fråga.",
                **between,
                year=last.label,
                value=last.said,
            ),
        )
    return (_("Året utmärker sig inte: de %(years)s årens gränser är %(low)s och %(high)s.", **between),)


def counts(points: Sequence[Point]) -> tuple[str, ...]:
    """Of a sum through the years: that it is of as many units as tell, where the years do not tell alike."""
    whole = [point for point in points if point.value is not None]
    if not whole or all(point.solid for point in whole):
        return ()
    short = [point.label for point in whole if not point.solid]
    return (
        _(
            "Alla enheter är inte med %(years)s: en lägre stapel kan bero på det, och åren går inte att jämföra rakt av.",
            years=", ".join(short),
        ),
    )


def subjects(
    found: Iterable[tuple[str, Sequence[Point]]],
    ends: tuple[float, float | None] = (0.0, 100.0),
    say: Callable[[float], str] = _percent,
) -> tuple[str, ...]:
    """Of many figures through the years: those whose last year stands out, and that the others do not."""
    measured, flags = 0, []
    for label, points in found:
        limits = limits_of([point.value for point in points if point.value is not None], *ends)
        if limits and not limits.preliminary and points[-1].value is not None:
            measured += 1
            if limits.outside(points[-1].value):
                flags.append(f"{label}: {years(points, limits, say)[0]}")
    if not measured:
        return (_("Ännu för få år för att säga vad som utmärker sig: det behövs %(enough)s.", enough=ENOUGH),)
    return (*flags, _rest(measured, bool(flags)))


# For those who listen: what a picture shows, in words


def funnel(made: Funnel, k: int, n: int, told: Told) -> str:
    units = ngettext("%(num)s enhet", "%(num)s enheter", len(made.dots))
    return _(
        "Trattdiagram över %(units)s efter antal bedömda elever. Tillsammans %(whole)s. %(told)s Alla värden står i tabellen.",
        units=units,
        whole=said(k, n),
        told=" ".join((*told.sentences, told.rest)),
    )


def trend(points: Sequence[Point], told: Sequence[str]) -> str:
    return " ".join((_years_in_words(points), *told))


def _years_in_words(points: Sequence[Point]) -> str:
    found = [point for point in points if point.value is not None]
    if not found:
        return _("Inga värden.")
    return _("Samma uppföljning varje år.") + " " + "; ".join(f"{one.label}: {one.said}" for one in found)


def small(series: Sequence[tuple[str, Sequence[Point]]], subjects: bool = True) -> str:
    def last(points: Sequence[Point]) -> str:
        return points[-1].said or "–"

    names = "; ".join(f"{name} {last(points)}" for name, points in series if points)
    if not subjects:
        return _("En liten bild per rad, samma uppföljning varje år och samma skala. I år: %(names)s.", names=names)
    return _("En liten bild per ämne, samma uppföljning varje år och samma skala. I år: %(names)s.", names=names)


def stack(symbols: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    def row(label: str, counts: Sequence[int]) -> str:
        return f"{label}: " + ", ".join(
            f"{symbol} {percent(count, sum(counts))}" for symbol, count in zip(symbols, counts, strict=True)
        )

    return _("Staplar som var och en är hundra procent.") + " " + "; ".join(row(label, counts) for label, counts in rows)


def pairs(names: tuple[str, str], rows: Sequence[tuple[str, tuple[int, int], tuple[int, int]]]) -> str:
    return "; ".join(f"{label}: {names[0]} {said(*first)}, {names[1]} {said(*second)}" for label, first, second in rows)


# How the pictures are read: one sentence or two under each


LEGENDS = {
    "funnel": lazy(
        "Varje prick är en enhet. Mellan de heldragna linjerna ligger det som slumpen brukar ge (99,8 %): en enhet utanför är en "
        "fråga, inget betyg. De streckade linjerna (95 %) är ingen gräns för något. "
        "Ihåliga prickar har färre än tio elever."
    ),
    "trend": lazy(
        "Samma uppföljning varje år, på samma underlag. Strecket genom pricken är osäkerheten (95 %). Ihålig prick: färre än "
        "tio elever, eller alla enheter är inte med."
    ),
    "plain": lazy("Samma uppföljning varje år, på samma underlag. Ihålig prick: färre än tio, eller alla enheter är inte med."),
    "limits": lazy("Linjerna är prickarnas medelvärde och gränserna för deras vanliga variation."),
    "counts": lazy(
        "Samma uppföljning varje år, från noll. Ihålig stapel: alla enheter är inte med. En summa säger inget om andelen."
    ),
    "small": lazy(
        "Samma uppföljning varje år, samma skala i alla. Ihålig prick: färre än tio elever, eller alla enheter är inte med."
    ),
    "once": lazy("Den första uppföljningen av sitt slag: nästa år står åren bredvid varandra."),
    "stack": lazy("Varje stapel är hundra procent av de bedömda; talen är procent. Antalen står i tabellen."),
    "pairs": lazy(
        "Andelen som nådde minst E på provet och i betyget, bland dem som har vart och ett. Det är inte säkert samma elever, så "
        "avståndet är ingen nettoavvikelse."
    ),
}
