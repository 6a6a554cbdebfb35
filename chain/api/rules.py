"""What a token is: what it may ask for, how long it lasts, what it looks like; and how a long answer is divided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from chain.access.words import Role
from chain.base.errors import RuleBroken
from chain.base.locale import _, lazy

SCOPES = {  # what a token may ask for, in words
    "tree": lazy("Organisationsträdet"),
    "rounds": lazy("Läsår och uppföljningar"),
    "indicators": lazy("Indikatorer och skalor"),
    "figures": lazy("Sammanställda siffror"),
    "releases": lazy("Utgåvor"),
}
SOON = timedelta(days=30)  # before its last day a token is told of
LONGEST = timedelta(days=366)  # a forgotten token ends by itself
MARK = "styrkedjan_"  # what every token begins with, so that one that has been spread is found by a search
PER_PAGE, MOST_PER_PAGE = 100, 500


def problems(scopes: Iterable[str], role: Role, valid_to: date, today: date, reads: dict[str, frozenset[Role]]) -> dict[str, str]:
    """A sentence for each field that does not hold. `reads`: scope → the roles that read such things at all."""
    found: dict[str, str] = {}
    wanted = list(scopes)
    if not wanted or not set(wanted) <= set(SCOPES):
        found["scopes"] = _("Välj minst en sak som nyckeln ska få läsa.")
    in_vain = [str(SCOPES[one]) for one in wanted if one in reads and role not in reads[one]]
    if in_vain:
        found["scopes"] = _("Den rollen läser inte: %(what)s. Välj bort det, eller välj en annan roll.", what=", ".join(in_vain))
    if sentence := wrong_day(valid_to, today):
        found["valid_to"] = sentence
    return found


def wrong_day(valid_to: date, today: date) -> str:
    """What is wrong with a last day; nothing where it holds."""
    if valid_to < today:
        return _("Den dagen har redan varit. Välj en senare.")
    return _("En nyckel gäller högst ett år. Välj en tidigare dag.") if valid_to > today + LONGEST else ""


def check_place(role: Role, fits: frozenset[Role]) -> None:
    """Refuse a role that the unit's level has no room for."""
    if role not in fits:
        sentence = _("Den rollen hör inte hemma på den nivån. Välj en annan roll eller en annan enhet.")
        raise RuleBroken(sentence, {"role": sentence})


@dataclass(frozen=True)
class Page:
    """A part of a long answer: which one, and how many there are in each."""

    number: int
    size: int

    @property
    def skips(self) -> int:
        return (self.number - 1) * self.size

    def next(self, total: int) -> int | None:
        """The number of the page that follows; None after the last."""
        return self.number + 1 if self.skips + self.size < total else None


def page(number: str, size: str) -> Page:
    """The page that is asked for; the first hundred where nothing is said. Refused with a sentence when it is no page."""
    if not (_is_count(number) and _is_count(size)) or not 1 <= int(size) <= MOST_PER_PAGE or int(number) < 1:
        raise RuleBroken(_("page och per_page är hela tal från 1, och per_page är högst %(most)s.", most=MOST_PER_PAGE))
    return Page(int(number), int(size))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7
