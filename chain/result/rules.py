"""What a figure is: indicators, scales, the tables that are filled in, sums that add up, and when a figure asks why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import comb

from chain.base.locale import _

COUNTRY = "0000"  # the place of the whole country, “Riket”, as Kolada has it
KINDS = ("share", "mean", "distribution", "count", "published")
TYPED = ("mean", "total")  # of a mean: what is written beside n
DIRECTIONS = ("higher", "lower", "none")
MEANINGS = ("pass", "fail", "none")
BASES = ("forecast", "assessment", "term_grade", "final_grade", "test", "survey", "rating", "register")

EVERY = "*"  # in an indicator's subjects or year groups: all that the school form has
MOST = 99_999  # more pupils than any unit has: a slip of the finger
MOST_OF_ALL = 999_999_999  # of hours, kronor and the like
FEWEST = 10  # below this, chance alone moves a figure too far for a comparison to mean anything
TAIL = Fraction(1, 1000)  # 99.8 %: about two false alarms among 3,600 comparisons a year (binomial, n = 22)


@dataclass(frozen=True)
class Heading:
    """An indicator in one language: `n` and `of` define its parts; the rest heads the grid and ends a sentence."""

    name: str
    definition: str  # says what n, k and N are
    enrolled: str = ""
    assessed: str = ""
    reached: str = ""
    phrase: str = ""  # "nådde minst E", as in "14 av 24 nådde minst E"
    total: str = ""  # of a mean and a count: "Meritvärde", "Kronor"
    row: str = ""  # what a row is, where it is no subject: "Område"
    rest: str = ""  # those enrolled but not assessed, where they are something else than that: "Fortsätter"


@dataclass(frozen=True)
class Variant:
    """Other words for some year groups: in years 1–3 there is no E, but acceptable knowledge."""

    year_groups: tuple[str, ...]
    sv: Heading
    en: Heading
    ask_below: int = -1  # less than nothing: as the indicator


@dataclass(frozen=True)
class Indicator:
    """One thing that is followed. Empty `school_forms` means every form; empty `year_groups` or `subjects` the whole
    unit; `*` all that the form has. `derived_from` names a distribution that makes this share needless to enter.

    A mean's and a count's `total` is kept as whole numbers of 10^-`decimals`: exact, and added up as such. A mean that is typed
    is multiplied by its n and kept so: what stood in the file it was read from, to its last decimal."""

    key: str
    kind: str
    sv: Heading
    en: Heading
    variants: tuple[Variant, ...]
    direction: str
    school_forms: tuple[str, ...]
    year_groups: tuple[str, ...]
    subjects: tuple[str, ...]
    rounds: tuple[int, ...]
    bases: tuple[str, ...]
    entry_level: str
    scale: str
    derived_from: str
    ask_below: int  # per cent: a share below it asks for a reason whatever it was before; 0 never
    unit: str  # of published values, means and counts: percent, points, index, people, kronor
    source: str
    first_valid: str
    last_valid: str
    decimals: int = 0  # of the total, as typed and as kept
    shown_decimals: int = 0  # of a mean, as said
    typed: str = ""  # of a mean: the mean itself, or the total
    least: int | None = None  # of a mean: the ends of what one can have
    most: int | None = None
    turned: bool = False  # of a mean: said as n per total (children per post), because n is what is protected
    apart: bool = False  # of a share: n and k are hours, or the like, of those enrolled: no chance is reckoned on them

    proposed_from: tuple[tuple[str, str], ...] = ()  # column → what proposes what to write there:
    # ^ a published indicator, or `group_size:total`, the column of another grid of the same school form

    def words(self, locale: str, year_group: str = "") -> Heading:
        chosen = self._variant(year_group) or self
        return chosen.en if locale == "en" else chosen.sv

    @property
    def of_people(self) -> bool:
        """Whether it is so many people of so many, of whom chance can be reckoned: hours are not, nor are means and counts."""
        return self.kind == "share" and not self.apart

    def row_head(self, locale: str) -> str:
        """What stands over the rows' names."""
        return self.words(locale).row or (_("Ämne") if self.subjects else _("Mått"))

    def asks_below(self, year_group: str) -> int:
        """Per cent below which a share asks for a reason in a year group."""
        variant = self._variant(year_group)
        return self.ask_below if variant is None or variant.ask_below < 0 else variant.ask_below

    def _variant(self, year_group: str) -> Variant | None:
        return next((v for v in self.variants if year_group in v.year_groups), None)

    def mean(self, n: int, total: int) -> Fraction | None:
        """A mean of stored sums as it is said; None where there is nothing to divide by."""
        whole = Fraction(total, 10**self.decimals)
        if self.turned:
            return n / whole if total else None
        return whole / n if n else None


@dataclass(frozen=True)
class Step:
    """One step of a scale; `key` goes into names of fields and figures, `symbol` on the page."""

    key: str
    symbol: str
    points: Decimal | None
    meaning: str
    sv: str
    en: str
    symbol_en: str = ""  # where the symbol is a word

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv

    def sign(self, locale: str) -> str:
        return self.symbol_en or self.symbol if locale == "en" else self.symbol


@dataclass(frozen=True)
class Scale:
    """A version of a grade scale: school years from/to, empty `valid_to` while it is in force."""

    key: str
    sv: str
    en: str
    school_forms: tuple[str, ...]
    valid_from: str
    valid_to: str
    steps: tuple[Step, ...]
    mean_sv: str = ""  # what the mean of its points is called
    mean_en: str = ""
    mean_unit: str = "points"  # or percent: the points are −1, 0 and 1, and the mean a difference between two shares

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv

    @cached_property
    def points(self) -> dict[str, Fraction]:
        """The points of the steps that have any."""
        return {step.key: Fraction(step.points) for step in self.steps if step.points is not None}

    def mean_name(self, locale: str) -> str:
        """What the mean of its points is called; nothing where the steps have no distances."""
        if not self.points:
            return ""
        return (self.mean_en if locale == "en" else self.mean_sv) or _("Betygspoäng")


@dataclass(frozen=True)
class Subject:
    """A subject, course or curriculum area; `taught` holds (school form, year groups), no year groups meaning all."""

    code: str
    sv: str
    en: str
    order: int
    taught: tuple[tuple[str, tuple[str, ...]], ...]
    named: bool = False  # no subject but a row of its own kind: asked for by the indicators that name it, not by `*`

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv

    def taught_in(self, school_form: str, year_group: str) -> bool:
        return any(form == school_form and (not groups or year_group in groups) for form, groups in self.taught)


@dataclass(frozen=True, order=True)
class Figure:
    """Sums that add up the tree. Share: n assessed, k reached. Mean: n and total. Count: total alone. Distribution: one figure
    per category, n over all of them, k in this one. Never a percentage, never a mean."""

    indicator: str
    school_form: str
    subject: str
    year_group: str
    category: str
    basis: str
    enrolled: int
    n: int
    k: int
    total: int = 0  # in the indicator's unit and decimals

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        return self.indicator, self.school_form, self.subject, self.year_group, self.category, self.basis


@dataclass(frozen=True)
class Column:
    key: str  # enrolled, assessed, reached, mean, total, or the key of a step
    name: str
    title: str  # longer, for the one who hovers or listens
    decimals: int = 0
    most: int = MOST

    @property
    def plain(self) -> bool:
        """Whether a number of people stands in it, as in nearly all."""
        return not self.decimals and self.most == MOST


@dataclass(frozen=True)
class Row:
    subject: str
    name: str
    label: str  # "Matematik åk 6": how a sentence names the row
    cells: tuple[str, ...]  # the fields' names, one per column
    why: str  # the field where a low or changed figure is explained


@dataclass(frozen=True)
class Table:
    """One grid to fill in: an indicator in a school form's year group, a row per subject."""

    key: str
    indicator: str
    kind: str
    title: str
    definition: str
    phrase: str
    ask_below: int
    school_form: str
    year_group: str
    basis: str  # the default
    bases: tuple[str, ...]  # those to choose among
    basis_field: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    passing: tuple[str, ...]  # keys of the steps that are a pass
    derives: tuple[str, ...]  # shares that follow from this distribution
    measure: Indicator
    scale: Scale | None
    rest: str  # what those are called who are enrolled and not assessed; nothing where that cannot be told


def basis_name(basis: str) -> str:
    """What a figure rests on, in words; always said beside it."""
    names: dict[str, str] = {
        "forecast": _("prognos"),
        "assessment": _("bedömning"),
        "term_grade": _("terminsbetyg"),
        "final_grade": _("slutbetyg"),
        "test": _("nationellt prov"),
        "survey": _("enkät"),
        "rating": _("självskattning"),
        "register": _("uppgift ur register"),
    }
    return names[basis]


# The algebra


def add(figures: Iterable[Figure]) -> list[Figure]:
    """Sums by key, in order. Percentages are never averaged: a large unit weighs as many as it is."""
    sums: dict[tuple[str, str, str, str, str, str], Figure] = {}
    for one in figures:
        had = sums.get(one.key)
        sums[one.key] = _plus(one, had) if had else one
    return sorted(sums.values())


def _plus(one: Figure, other: Figure) -> Figure:
    sums = {name: getattr(one, name) + getattr(other, name) for name in ("enrolled", "n", "k", "total")}
    return replace(one, **sums)


def share(k: int, n: int) -> Fraction | None:
    return Fraction(k, n) if n else None


def mean_points(distribution: Mapping[str, int], scale: Scale) -> Fraction | None:
    """Mean of points over those with a grade; a step without points (the dash) is neither 0 nor counted."""
    graded = {key: count for key, count in distribution.items() if key in scale.points}
    total = sum(graded.values())
    return sum((scale.points[key] * count for key, count in graded.items() if count), Fraction(0)) / total if total else None


# When a figure asks why


def unlikely(k: int, n: int, rate: Fraction) -> bool:
    """Whether k of n lies outside the exact binomial limits (99.8 %, both sides) around a rate."""
    p, q = rate.numerator, rate.denominator - rate.numerator
    weights: list[int] = [comb(n, i) * p**i * q ** (n - i) for i in range(n + 1)]  # whole numbers: exact, and quick enough
    limit: Fraction = TAIL * rate.denominator**n
    return sum(weights[: k + 1]) < limit or sum(weights[k:]) < limit
