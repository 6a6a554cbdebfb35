"""The units beside each other: a funnel with its table and what stands out."""

from fractions import Fraction

from chain.base.locale import _, number, percent
from chain.cycle.models import Round, RoundNode
from chain.rollup import funnel, rules, telling
from chain.rollup.charts import Shown, Twin
from chain.rollup.funnel import Dot, Funnel
from chain.rollup.motifs import FunnelPicture, Spot
from chain.rollup.rules import Key
from chain.rollup.series import Known, Through

LINE_STEPS = 48  # places at which a funnel's limits are worked out


def whose(node: RoundNode) -> str:
    """Whose rate the units are held against."""
    return _("Kommunen") if node.level == "administration" else node.name


def units_beside(known: Known, round: Round, node: RoundNode, key: Key, units: list[Dot], found: Through) -> list[Shown]:
    own = found.rows.get(key, {}).get(round.id, [])
    if not own or not own[0].n or not funnel.enough(units):
        return []
    made = funnel.made(units, Fraction(own[0].k, own[0].n))
    told = telling.comparisons([(known.label(key), known.phrase(key), "", made)], whose(node))
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
