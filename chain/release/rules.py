"""What may leave the administration: primary rules for small groups, and no number that could be worked out from the others.

The first form is so narrow that it needs no more: sums for the whole committee, per school form, subject and year group, never
a unit's. No sum over subjects or year groups stands beside its parts, so the only numbers that add up are a distribution's own
steps: they are shown together or not at all. What two releases of one round tell by their difference is blurred by the rounding,
not protected.

A mean is hidden as a share is where fewer than ten stand behind it, and where everybody in a small group has the same; its n is
rounded, so that its total does not follow. The mean of a distribution's points is not released: beside the steps it would be one
equation more. A count of people is hidden below ten and rounded to five; a count of kronor points at nobody but a unit.
Hours are protected by the pupils whose hours they are.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from chain.base.errors import RuleBroken
from chain.base.locale import _, lazy
from chain.result.rules import Indicator

FEWEST_PUPILS = 10  # below this a figure could point out a child
SENSITIVE = 4  # 1–4 pupils on either side: whoever knows three of them knows the fourth
EVERYBODY_FROM = 30  # "all" or "nobody" is said exactly only of at least so many: it tells of each of them
FEWEST_UNITS = 2  # a sum of one unit is that unit's, whatever it is called
ROUNDED_TO = 5
REASON_WORDS = 3

HIDDEN, ALMOST_ALL, ALMOST_NOBODY = "..", "~100", "~0"

WHY: dict[str, tuple[Any, Any]] = {  # rule: its name, and what it means
    "few": (lazy("Färre än 10"), lazy("Så få att talet kan peka ut någon.")),
    "one_unit": (lazy("Bara en enhet"), lazy("Talet skulle visa en enskild enhets resultat.")),
    "step": (
        lazy("Någon på ett enskilt steg"),
        lazy("Minst ett steg har 1–4 elever, eller nästan alla. Hela fördelningen hålls inne, så att inget går att räkna ut."),
    ),
    "same": (
        lazy("Alla har samma"),
        lazy("Alla i en liten grupp har samma värde, så medelvärdet skulle säga vad var och en har."),
    ),
    "near_end": (
        lazy("Nästan alla eller nästan ingen"),
        lazy("1–4 elever på ena sidan, eller alla i en liten grupp. Visas som ~100 eller ~0, utan exakt tal."),
    ),
}


@dataclass(frozen=True, order=True)
class Exact:
    """A sum as the administration has it. `units` tell of `expected`."""

    school_form: str
    indicator: str
    subject: str
    year_group: str
    basis: str
    category: str
    enrolled: int
    n: int
    k: int
    units: int
    expected: int
    total: int = 0
    measure: Indicator | None = field(default=None, compare=False)  # none: a share or a distribution

    @property
    def kind(self) -> str:
        return self.measure.kind if self.measure else "share"

    @property
    def family(self) -> tuple[str, str, str, str, str]:
        """What is shown together: a share by itself, a distribution with all its steps."""
        return self.school_form, self.indicator, self.subject, self.year_group, self.basis


@dataclass(frozen=True)
class Protected:
    """A figure as it leaves: whole per cent, pupils rounded to five, nothing exact. `withheld` names the rule that hides it.

    `shown` of a mean and a count is a number with a point for its decimals; a count has nobody enrolled and nobody assessed.
    """

    school_form: str
    indicator: str
    subject: str
    year_group: str
    basis: str
    category: str
    enrolled: int | None
    n: int | None
    units: int
    expected: int
    shown: str
    withheld: str


def protect(figures: Iterable[Exact]) -> list[Protected]:
    """Every figure as it may be shown, in a fixed order."""
    families: dict[tuple[str, str, str, str, str], list[Exact]] = {}
    for one in sorted(figures):
        families.setdefault(one.family, []).append(one)
    return [protected for family in families.values() for protected in _family(family)]


def _family(figures: Sequence[Exact]) -> list[Protected]:
    spread = bool(figures[0].category)
    why = next(filter(None, (_hides_all(one) for one in figures)), "")
    if not why and spread and any(_tells_a_step(one) for one in figures):
        why = "step"
    if why:
        return [_hidden(one, why) for one in figures]
    return [_shown(one) for one in figures]


def _hides_all(one: Exact) -> str:
    if _people(one) < FEWEST_PUPILS:
        return "few"
    if one.kind == "mean" and _all_the_same(one):
        return "same"
    return "one_unit" if one.units < FEWEST_UNITS and not _alone(one) else ""


def _alone(one: Exact) -> bool:
    """A school form's whole share where the committee has but one unit of it: everybody knows whose it is. Nothing finer."""
    return one.expected < FEWEST_UNITS and one.kind in ("share", "distribution") and not (one.subject or one.year_group)


def _people(one: Exact) -> int:
    """How many stand behind a figure: those assessed, or enrolled where n is their hours; of a count those it counts."""
    if one.kind != "count":
        return min(one.n, one.enrolled)
    counts_people = one.measure is not None and one.measure.unit == "people"
    return one.total if counts_people else FEWEST_PUPILS


def _all_the_same(one: Exact) -> bool:
    """Whether a mean lies at one of its ends: then everybody in a small group has just that."""
    measure = one.measure
    if measure is None or measure.least is None or measure.most is None or one.n >= EVERYBODY_FROM:
        return False
    return one.total in (measure.least * 10**measure.decimals * one.n, measure.most * 10**measure.decimals * one.n)


def _tells_a_step(one: Exact) -> bool:
    """Whether one step of a distribution tells too much: few on it, few beside it, or nobody among few."""
    return _few(one.k) or _few(one.n - one.k) or (one.k in (0, one.n) and one.n < EVERYBODY_FROM) or one.k == one.n


def _few(count: int) -> bool:
    return 1 <= count <= SENSITIVE


def _hidden(one: Exact, why: str) -> Protected:
    return Protected(*one.family, one.category, None, None, one.units, one.expected, HIDDEN, why)


def _shown(one: Exact) -> Protected:
    if one.measure is not None and one.kind == "mean":
        mean = one.measure.mean(one.n, one.total) or Fraction(0)
        return _as(one, decimal(mean, one.measure.shown_decimals), rounded(one.enrolled), rounded(one.n))
    if one.measure is not None and one.kind == "count":
        whole = rounded(one.total) if one.measure.unit == "people" else Fraction(one.total, 10**one.measure.decimals)
        return _as(one, decimal(Fraction(whole), one.measure.decimals), 0, 0)
    shown, why = share(one.k, one.n), ""
    if shown in (ALMOST_ALL, ALMOST_NOBODY):
        why = "near_end"
    return _as(one, shown, rounded(one.enrolled), rounded(one.n), why)


def _as(one: Exact, shown: str, enrolled: int, n: int, why: str = "") -> Protected:
    return Protected(*one.family, one.category, enrolled, n, one.units, one.expected, shown, why)


def decimal(value: Fraction, decimals: int) -> str:
    """A number as it is kept, “228.7”: a half is rounded up."""
    scaled = int(value * 10**decimals + Fraction(1, 2))
    return str(Decimal(scaled).scaleb(-decimals)) if decimals else str(scaled)


def share(k: int, n: int) -> str:
    """Whole per cent of at least ten, with its ends blurred. Never 100 or 0 unless it is exactly so."""
    if _few(n - k) or (k == n and n < EVERYBODY_FROM):
        return ALMOST_ALL
    if _few(k) or (k == 0 and n < EVERYBODY_FROM):
        return ALMOST_NOBODY
    whole = int(Fraction(100 * k, n) + Fraction(1, 2))
    return str(whole if k in (0, n) else min(max(whole, 1), 99))


def rounded(count: int) -> int:
    """To the nearest five: 23 → 25. What one pupil more or less would tell is lost in it."""
    return ROUNDED_TO * ((count + ROUNDED_TO // 2) // ROUNDED_TO)


def sha256(facts: Mapping[str, Any]) -> str:
    """Over the canonical form: keys in order, no spaces, UTF-8."""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def check_other_person(prepared_by: int, decided_by: int) -> None:
    """Two persons: under whatever mandate, nobody approves what they prepared."""
    if prepared_by == decided_by:
        raise RuleBroken(_("Du har själv förberett den här utgåvan. Någon annan behöver granska och godkänna den."))


def check_reason(reason: str) -> str:
    if len(reason.split()) < REASON_WORDS:
        raise RuleBroken(_("Skriv varför utgåvan inte kan godkännas."), {"reason": _("Skriv varför, med några ord.")})
    return reason.strip()
