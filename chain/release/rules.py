"""What may leave the administration: primary rules for small groups. What could be worked out from the rest is protect.py's.

A mean is hidden as a share is where fewer than ten stand behind it, and where everybody in a small group has the same; its n is
rounded, so that its total does not follow. The mean of a distribution's points is not released: beside the steps it would be one
equation more. A count is hidden below ten and rounded to five, for it is of people or of what somebody was part in; a count of
kronor or of groups points at nobody but a unit.
Hours are protected by the pupils whose hours they are. A distribution is shown whole or not at all.

“Nearly all” (~100) is said of so many possible counts that nobody can tell within five pupils which it is: where fewer than
thirty are counted, none to five did not reach; where more are, one to six. “All” is said exactly only of thirty and more. A group
of ten is too small for that: nearly all and nearly nobody would meet.
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
from chain.release.profiles import SKOLVERKET, Profile
from chain.result.rules import Indicator

FEWEST_UNITS = 2  # a sum of one unit is that unit's, whatever it is called
REASON_WORDS = 3

HIDDEN, ALMOST_ALL, ALMOST_NOBODY = "..", "~100", "~0"
PROTECTED = "protected"  # why a figure is not shown, as it leaves: no more than that, or dots would tell how few there are

WHY: dict[str, tuple[Any, Any]] = {  # rule: its name, and what it means
    PROTECTED: (
        lazy("Visas inte"),
        lazy("Så få att talet kan peka ut någon, eller så skulle ett annat sådant tal kunna räknas ut av det."),
    ),
    "few": (lazy("För få"), lazy("Så få att talet kan peka ut någon.")),
    "one_unit": (lazy("Bara en enhet"), lazy("Talet skulle visa en enskild enhets resultat.")),
    "step": (
        lazy("Någon på ett enskilt steg"),
        lazy("Minst ett steg har 1–4 elever, eller nästan alla. Hela fördelningen hålls inne, så att inget går att räkna ut."),
    ),
    "same": (
        lazy("Alla har samma"),
        lazy("Alla i en liten grupp har samma värde, så medelvärdet skulle säga vad var och en har."),
    ),
    "narrow": (
        lazy("För få för att sägas ungefär"),
        lazy("Så få att nästan alla och nästan ingen skulle mötas."),
    ),
    "near_end": (
        lazy("Nästan alla eller nästan ingen"),
        lazy("Så få på ena sidan, eller alla i en liten grupp. Visas som ~100 eller ~0, utan exakt tal."),
    ),
    "secondary": (
        lazy("För de andras skull"),
        lazy("Tillsammans med det som visas skulle det säga något om en liten grupp."),
    ),
    "earlier": (
        lazy("För en tidigare utgåvas skull"),
        lazy("Tillsammans med en utgåva som redan är godkänd skulle det säga något om en liten grupp. Den utgåvans tal gäller."),
    ),
    "beside": (
        lazy("Bredvid något som inte visas"),
        lazy("Ett medelvärde visas inte där en andel av samma elever hålls inne."),
    ),
    "held": (
        lazy("Hålls till nästa omgång"),
        lazy("Ändrat med så få elever sedan den förra utgåvan att skillnaden kan peka ut någon. Det tidigare talet står kvar."),
    ),
}

# Beside the rules: said of every whole of two that is hidden, whichever rule hides it, so that it tells nothing of the two.
OF_TWO = (
    lazy("Bara två enheter"),
    lazy("Där bara två enheter har lämnat tal visas helheten bara om båda kan visas: annars kunde den ena räkna ut den andras."),
)
SHOWN = ("near_end", "held")  # rules that leave something in the figure's place: what they mean says what


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


def protect(figures: Iterable[Exact], profile: Profile = SKOLVERKET, *, finer: bool = False) -> list[Protected]:
    """Every figure as it may be shown by the primary rules alone, in a fixed order. `finer`: units are shown as well."""
    return [one for family in families(figures).values() for one in shown(family, why(family, profile, finer=finer), profile)]


def families(figures: Iterable[Exact]) -> dict[tuple[str, str, str, str, str], list[Exact]]:
    """What is shown together: a share by itself, a distribution with all its steps, in a fixed order."""
    found: dict[tuple[str, str, str, str, str], list[Exact]] = {}
    for one in sorted(figures):
        found.setdefault(one.family, []).append(one)
    return found


def why(figures: Sequence[Exact], profile: Profile, *, finer: bool = False) -> str:
    """The rule that hides a family or blurs it; nothing where it may be shown exactly."""
    if hides := next(filter(None, (_hides_all(one, profile, finer) for one in figures)), ""):
        return hides
    if figures[0].category:
        return "step" if any(_tells_a_step(one, profile) for one in figures) else ""
    one = figures[0]
    return "near_end" if one.kind == "share" and share(one.k, one.n, profile) in (ALMOST_ALL, ALMOST_NOBODY) else ""


def shown(figures: Sequence[Exact], rule: str, profile: Profile) -> list[Protected]:
    """A family as it leaves, when this rule hides or blurs it."""
    return [_hidden(one, rule) if rule not in ("", "near_end") else _shown(one, rule, profile) for one in figures]


def _hides_all(one: Exact, profile: Profile, finer: bool) -> str:
    if people(one) < profile.fewest:
        return "few"
    if one.kind == "mean" and _all_the_same(one, profile):
        return "same"
    if one.kind == "share" and not one.category and one.n <= 2 * profile.near(one.n)[1]:
        return "narrow"
    return "one_unit" if one.units < FEWEST_UNITS and not finer and not _alone(one) else ""


def _alone(one: Exact) -> bool:
    """A school form's whole share where the committee has but one unit of it: everybody knows whose it is. Nothing finer."""
    return one.expected < FEWEST_UNITS and one.kind in ("share", "distribution") and not (one.subject or one.year_group)


def people(one: Exact) -> int:
    """How many stand behind a figure: those assessed, or enrolled where n is their hours; of a count those it counts."""
    if one.measure is None or one.kind != "count":
        return min(one.n, one.enrolled)
    return one.total // 10**one.measure.decimals if counts_people(one.measure) else MANY


MANY = 1_000_000  # of what is no people
NOBODY = ("kronor", "groups")  # what a count is of, where it is of no people; a count of reports, or of posts, is somebody's each


def counts_people(measure: Indicator) -> bool:
    """Whether a count points at people, whatever its unit is called: whoever made an indicator may have chosen any."""
    return measure.unit not in NOBODY


def _all_the_same(one: Exact, profile: Profile) -> bool:
    """Whether a mean lies at one of its ends: then everybody in a small group has just that."""
    measure = one.measure
    if measure is None or measure.least is None or measure.most is None or one.n >= profile.everybody_from:
        return False
    return one.total in (measure.least * 10**measure.decimals * one.n, measure.most * 10**measure.decimals * one.n)


def _tells_a_step(one: Exact, profile: Profile) -> bool:
    """Whether one step of a distribution tells too much: few on it, few beside it, or nobody among few."""
    return is_secret(one.k, one.n, profile) or is_secret(one.n - one.k, one.n, profile) or one.k == one.n


def is_secret(count: int, n: int, profile: Profile) -> bool:
    """Whether so many on one side, of n, point somebody out: who knows three of four knows the fourth; nobody is all of them."""
    return 1 <= count <= profile.sensitive or (count == 0 and n < profile.everybody_from)


def _hidden(one: Exact, rule: str) -> Protected:
    return Protected(*one.family, one.category, None, None, one.units, one.expected, HIDDEN, rule)


def _shown(one: Exact, rule: str, profile: Profile) -> Protected:
    enrolled, n = rounded(one.enrolled, profile.rounded_to), rounded(one.n, profile.rounded_to)
    if one.measure is not None and one.kind == "mean":
        mean = one.measure.mean(one.n, one.total) or Fraction(0)
        return _as(one, decimal(mean, one.measure.shown_decimals), enrolled, n)
    if one.measure is not None and one.kind == "count":
        if counts_people(one.measure):
            return _as(one, str(rounded(people(one), profile.rounded_to)), 0, 0)
        return _as(one, decimal(Fraction(one.total, 10**one.measure.decimals), one.measure.decimals), 0, 0)
    return _as(one, _percent(one.k, one.n) if one.category else share(one.k, one.n, profile), enrolled, n, rule)


def _as(one: Exact, shown: str, enrolled: int, n: int, rule: str = "") -> Protected:
    return Protected(*one.family, one.category, enrolled, n, one.units, one.expected, shown, rule)


def decimal(value: Fraction, decimals: int) -> str:
    """A number as it is kept, “228.7”: a half is rounded up."""
    scaled = int(value * 10**decimals + Fraction(1, 2))
    return str(Decimal(scaled).scaleb(-decimals)) if decimals else str(scaled)


def share(k: int, n: int, profile: Profile = SKOLVERKET) -> str:
    """Whole per cent with its ends blurred. Never 100 or 0 unless it is exactly so."""
    least, most = profile.near(n)
    if least <= n - k <= most and n - k <= k:
        return ALMOST_ALL
    if least <= k <= most:
        return ALMOST_NOBODY
    return _percent(k, n)


def _percent(k: int, n: int) -> str:
    whole = int(Fraction(100 * k, n) + Fraction(1, 2))
    return str(whole if k in (0, n) else min(max(whole, 1), 99))


def rounded(count: int, to: int = SKOLVERKET.rounded_to) -> int:
    """To the nearest five: 23 → 25. What one pupil more or less would tell is lost in it."""
    return to * ((count + to // 2) // to)


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
