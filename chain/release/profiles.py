"""How small is small: the thresholds that a release is protected by, Skolverket's or the municipality's own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from chain.base.errors import RuleBroken
from chain.base.locale import _

FINEST = ("administration", "area", "unit")  # the lowest level whose figures are released
BOUNDS: dict[str, tuple[int, int]] = {
    "fewest": (5, 50), "sensitive": (2, 9), "everybody_from": (10, 200), "rounded_to": (5, 10), "width": (3, 20),
}  # fmt: skip
REASON_WORDS = 4


@dataclass(frozen=True)
class Profile:
    """Frozen with each release, so that what it was protected by can be read for ever. The defaults are Skolverket's.

    fewest: pupils behind a figure. sensitive: 1 to so many on either side are blurred. everybody_from: “all” and “nobody” are
    said exactly from so many. rounded_to: pupils are shown to the nearest. width: pupils; nobody can say more closely than this
    what is withheld. finest: the lowest level whose figures are released.
    """

    fewest: int = 10
    sensitive: int = 4
    everybody_from: int = 30
    rounded_to: int = 5
    width: int = 5
    finest: str = "unit"
    name: str = "skolverket"
    decided_by: str = ""  # of the municipality's own: who decided, when (ISO) and why
    decided_on: str = ""
    reason: str = ""

    @property
    def own(self) -> bool:
        return self.name != "skolverket"

    def near(self, n: int) -> tuple[int, int]:
        """“Nearly all”: the fewest and the most that may be on the other side. Also told by whoever knows this rule."""
        least = 0 if n < self.everybody_from else 1
        return least, self.sensitive if self == FIRST_FORM else max(self.sensitive, least + self.width)

    def facts(self) -> dict[str, Any]:
        return asdict(self)


SKOLVERKET = Profile()
FIRST_FORM = Profile(width=4, finest="administration", name="first")  # of releases made before units were released: 1–4 blurred


def of(facts: Mapping[str, Any] | None) -> Profile:
    """A profile as it was frozen; of the first releases, that of their time."""
    return Profile(**facts) if facts else FIRST_FORM


def check(
    numbers: Mapping[str, int | None], finest: str, decided_by: str, decided_on: date | None, reason: str, today: date
) -> Profile:
    """The municipality's own thresholds, or a sentence for each that cannot stand."""
    problems = {name: _bound(name, numbers.get(name)) for name in BOUNDS}
    sensitive, width = numbers.get("sensitive"), numbers.get("width")
    if not problems["width"] and not problems["sensitive"] and int(width or 0) <= int(sensitive or 0) - 1:
        problems["width"] = _(
            "Osäkerheten behöver vara minst så stor som det känsliga antalet: minst %(least)s.", least=sensitive
        )
    problems["finest"] = "" if finest in FINEST else _("Välj en nivå i listan.")
    problems["decided_by"] = "" if len(decided_by.split()) >= 2 else _("Skriv för- och efternamn på den som har beslutat.")
    problems["decided_on"] = _day(decided_on, today)
    problems["reason"] = "" if len(reason.split()) >= REASON_WORDS else _("Skriv med några ord varför.")
    if found := {name: sentence for name, sentence in problems.items() if sentence}:
        raise RuleBroken(_("Gränsvärdena går inte att använda som de står."), found)
    assert decided_on is not None
    whole = {name: int(numbers[name] or 0) for name in BOUNDS}
    return Profile(
        **whole,
        finest=finest,
        name="own",
        decided_by=decided_by.strip(),
        decided_on=decided_on.isoformat(),
        reason=reason.strip(),
    )  # fmt: skip


def _bound(name: str, number: int | None) -> str:
    least, most = BOUNDS[name]
    if number is None:
        return _("Skriv ett helt tal.")
    return "" if least <= number <= most else _("Minst %(least)s och högst %(most)s.", least=least, most=most)


def _day(day: date | None, today: date) -> str:
    if day is None:
        return _("Skriv vilken dag det beslutades.")
    return _("Ett beslut kan inte vara fattat efter i dag.") if day > today else ""
