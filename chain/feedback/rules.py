"""What is true of feedback: what a node may do with its delivery, when a delivery is done, how far it all has reached."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from chain.base.clock import STOCKHOLM
from chain.base.errors import RuleBroken
from chain.base.locale import _, lazy

LONGEST = 4000  # characters, in any of the texts

# state, act → state. What does not stand here is refused, with the sentence of REFUSED.
MOVES: dict[tuple[str, str], str] = {
    ("delivered", "read"):    "read",
    ("delivered", "answer"):  "answered",  # whoever answers has read
    ("read", "pass_on"):      "passed_on",
    ("read", "answer"):       "answered",
    ("passed_on", "answer"):  "both",
    ("answered", "pass_on"):  "both",
    ("answered", "answer"):   "answered",  # more words, after those that stand
    ("both", "answer"):       "both",
}  # fmt: skip
REFUSED = {
    ("delivered", "pass_on"): lazy("Tryck först på Jag har läst. Sedan kan ni föra vidare."),
    ("passed_on", "pass_on"): lazy("Det är redan fört vidare."),
    ("both", "pass_on"): lazy("Det är redan fört vidare."),
}
UNREAD, WAITING, PASSED_ON, ANSWERED, ENDED = (
    {"delivered"},
    {"delivered", "read"},
    {"passed_on", "both"},
    {"answered", "both"},
    {"ended"},
)

ABOUT = ("report", "decision", "submission", "dialogue")
KINDS = ("feedback", "question")


class Copy(Protocol):
    """A delivery, as far as the rules ask."""

    @property
    def id(self) -> int: ...
    @property
    def from_id(self) -> int | None: ...
    @property
    def level(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def delivered_at(self) -> datetime: ...
    @property
    def read_at(self) -> datetime | None: ...


class Citing(Protocol):
    """A citation, as far as the rules ask."""

    @property
    def public_id(self) -> str: ...
    @property
    def span(self) -> str: ...


C = TypeVar("C", bound=Copy)
L = TypeVar("L", bound=Citing)


def after(state: str, act: str) -> str:
    """The state that an act leads to; refused when it cannot be done from here."""
    if (state, act) not in MOVES:
        raise RuleBroken(str(REFUSED.get((state, act), _("Det går inte längre. Ladda om sidan och se hur det står till."))))
    return MOVES[state, act]


def said(text: str, missing: str) -> str:
    """What somebody wrote, without the space around it; refused when it is nothing, or too much."""
    words = text.strip()
    if not words:
        raise RuleBroken(missing)
    if len(words) > LONGEST:
        raise RuleBroken(_("Skriv högst %(n)s tecken.", n=LONGEST))
    return words


def day(typed: str) -> date | None:
    """A day as it was sent, 2026-12-24; nothing is none."""
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        sentence = _("Skriv dagen som 2026-12-24.")
        raise RuleBroken(sentence, {"due_on": sentence}) from None


def check_due(due_on: date | None, today: date) -> None:
    if due_on and due_on < today:
        sentence = _("Dagen har redan varit. Välj en senare dag, eller ingen alls.")
        raise RuleBroken(sentence, {"due_on": sentence})


def past_due(due_on: date | None, today: date) -> bool:
    """A day without an answer is past when the day is over. Without a day, nothing is ever past."""
    return due_on is not None and due_on < today


def done(copies: Iterable[Copy], *, late: bool = False) -> set[int]:
    """The deliveries that are done: answered, or passed on and every child done or past due (`late`: the day has passed)."""
    under: dict[int | None, list[Copy]] = defaultdict(list)
    every = list(copies)
    for copy in every:
        under[copy.from_id].append(copy)

    def settled(copy: Copy) -> bool:
        if copy.state in ANSWERED | ENDED:
            return True
        return copy.state in PASSED_ON and (late or all(settled(child) for child in under[copy.id]))

    return {copy.id for copy in every if settled(copy)}


@dataclass(frozen=True)
class Reach:
    """How far something has come at one level: nodes that have it, and those that have read, passed on, answered."""

    level: str
    of: int = 0
    read: int = 0
    passed_on: int = 0
    answered: int = 0
    done: int = 0

    @property
    def mark(self) -> str:
        """How full the link is: empty, some, half, most, full. The words beside it say the same."""
        if not self.of or not self.read:
            return "empty"
        if self.done == self.of:
            return "full"
        share = (self.read + self.done) / (2 * self.of)
        return "some" if share < 0.4 else "half" if share < 0.75 else "most"


def reach(copies: Iterable[Copy], levels: Iterable[str], *, late: bool = False) -> list[Reach]:
    """The counts of each level that it has reached, in the order given. An ended delivery counts nowhere."""
    every = list(copies)
    settled = done(every, late=late)
    found = []
    for level in levels:
        here = [copy for copy in every if copy.level == level and copy.state not in ENDED]
        if here:
            found.append(
                Reach(
                    level=level,
                    of=len(here),
                    read=sum(copy.state not in UNREAD for copy in here),
                    passed_on=sum(copy.state in PASSED_ON for copy in here),
                    answered=sum(copy.state in ANSWERED for copy in here),
                    done=sum(copy.id in settled for copy in here),
                )
            )
    return found


def stopped(copies: Iterable[C], today: date) -> list[tuple[C, int]]:
    """Where it has stopped, and for how many days: neither answered nor passed on. The longest wait first."""

    def days(copy: C) -> int:
        since = copy.read_at or copy.delivered_at
        return (today - since.astimezone(STOCKHOLM).date()).days

    return sorted(((copy, days(copy)) for copy in copies if copy.state in WAITING), key=lambda pair: -pair[1])


def under(copies: Iterable[C], above: Copy) -> list[C]:
    """What came of passing on: the deliveries below one, in the order given."""
    known, every = {above.id}, list(copies)
    while more := {copy.id for copy in every if copy.from_id in known} - known:
        known |= more
    return [copy for copy in every if copy.id in known and copy.id != above.id]


def line(copies: Iterable[C], below: C) -> list[C]:
    """The deliveries that led to this one, from the top, itself not counted."""
    known = {copy.id: copy for copy in copies}
    found: list[C] = []
    above = below.from_id
    while above is not None and above in known:
        found.insert(0, known[above])
        above = known[above].from_id
    return found


def lifted(citations: Iterable[L], own: Iterable[str]) -> list[L]:
    """Of citations, those of somebody's own words: `own`, by public id, and what lifts those again further up.

    Words that are lifted again are named by the citation below (followup.snapshot): `patterns.citation.<its public id>`. The
    words themselves tell nothing: two nodes may write the same.
    """
    every, known = list(citations), set(own)
    while more := {one.public_id for one in every if one.span.rpartition(".citation.")[2] in known} - known:
        known |= more
    return [one for one in every if one.public_id in known]
