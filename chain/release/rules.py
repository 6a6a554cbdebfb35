"""What may leave the administration: primary rules for small groups, and no number that could be worked out from the others.

The first form is so narrow that it needs no more: sums for the whole committee, per school form, subject and year group, never
a unit's. No sum over subjects or year groups stands beside its parts, so the only numbers that add up are a distribution's own
steps: they are shown together or not at all. What two releases of one round tell by their difference is blurred by the rounding,
not protected.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chain.base.errors import RuleBroken
from chain.base.locale import _, lazy

FEWEST_PUPILS = 10  # below this a figure could point out a child
SENSITIVE = 4  # 1–4 pupils on either side: whoever knows three of them knows the fourth
EVERYBODY_FROM = 30  # "all" or "nobody" is said exactly only of at least so many: it tells of each of them
FEWEST_UNITS = 2  # one unit's figure in a subject or a year group is that unit's, whatever it is called
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

    @property
    def family(self) -> tuple[str, str, str, str, str]:
        """What is shown together: a share by itself, a distribution with all its steps."""
        return self.school_form, self.indicator, self.subject, self.year_group, self.basis


@dataclass(frozen=True)
class Protected:
    """A figure as it leaves: whole per cent, pupils rounded to five, nothing exact. `withheld` names the rule that hides it."""

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
    if one.n < FEWEST_PUPILS:
        return "few"
    return "one_unit" if one.units < FEWEST_UNITS and (one.subject or one.year_group) else ""


def _tells_a_step(one: Exact) -> bool:
    """Whether one step of a distribution tells too much: few on it, few beside it, or nobody among few."""
    return _few(one.k) or _few(one.n - one.k) or (one.k in (0, one.n) and one.n < EVERYBODY_FROM) or one.k == one.n


def _few(count: int) -> bool:
    return 1 <= count <= SENSITIVE


def _hidden(one: Exact, why: str) -> Protected:
    return Protected(*one.family, one.category, None, None, one.units, one.expected, HIDDEN, why)


def _shown(one: Exact) -> Protected:
    shown, why = share(one.k, one.n), ""
    if shown in (ALMOST_ALL, ALMOST_NOBODY):
        why = "near_end"
    return Protected(*one.family, one.category, rounded(one.enrolled), rounded(one.n), one.units, one.expected, shown, why)


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
