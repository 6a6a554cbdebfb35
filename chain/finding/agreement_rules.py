"""How far two coders agree: Cohen's kappa, where the thing judged is whether a paragraph belongs to a theme.

Jacob Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960), 37–46.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from chain.base.locale import _, number, percent


@dataclass(frozen=True)
class Agreement:
    """How often both said yes, only the first, only the second, neither: of paragraphs (or paragraphs × themes)."""

    both: int = 0
    first: int = 0
    second: int = 0
    neither: int = 0

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(
            self.both + other.both, self.first + other.first, self.second + other.second, self.neither + other.neither
        )

    @property
    def judged(self) -> int:
        return self.both + self.first + self.second + self.neither

    @property
    def alike(self) -> Fraction | None:
        """The share of judgements that are the same; None where nothing was judged."""
        return Fraction(self.both + self.neither, self.judged) if self.judged else None

    @property
    def alike_told(self) -> str:
        """That share in words, with what it is of."""
        return percent(self.both + self.neither, self.judged) if self.judged else "–"

    @property
    def by_chance(self) -> Fraction | None:
        """The share that would be the same if each coder kept to their own share of yes, and chance decided where."""
        if not self.judged:
            return None
        yes = Fraction(self.both + self.first, self.judged) * Fraction(self.both + self.second, self.judged)
        no = Fraction(self.second + self.neither, self.judged) * Fraction(self.first + self.neither, self.judged)
        return yes + no

    @property
    def kappa(self) -> Fraction | None:
        """(alike − by chance) / (1 − by chance); None where both have said the same everywhere, so that chance says it all."""
        alike, by_chance = self.alike, self.by_chance
        if alike is None or by_chance is None or by_chance == 1:
            return None
        return (alike - by_chance) / (1 - by_chance)

    @property
    def told(self) -> str:
        """Kappa with two decimals, or why there is none."""
        if self.kappa is not None:
            return number(self.kappa, 2)
        if not self.judged:
            return _("ingen text är läst av två")
        if self.both:
            return _("går inte att räkna: båda har valt temat i varje stycke")
        return _("går inte att räkna: ingen av dem har valt temat någonstans")


Chosen = Mapping[tuple[int, str], frozenset[int]]  # (submission, span) → themes


def agreement(paragraphs: Iterable[tuple[int, str]], theme: int, first: Chosen, second: Chosen) -> Agreement:
    """Of one theme over all paragraphs that two have read; what nobody coded is judged too: both said no."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for place in paragraphs:
        counts[theme in first.get(place, ()), theme in second.get(place, ())] += 1
    return Agreement(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def whole(each: Iterable[Agreement]) -> Agreement:
    """All themes together: every paragraph is judged once for each."""
    return sum(each, Agreement())
