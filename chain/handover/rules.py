"""A handover's life as a table, what it must hold, and that it names nobody."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chain.base import moves, naming
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy, ngettext
from chain.base.moves import Move
from chain.handover.shipped import Heading

LONGEST, LONGEST_WORDS, LONGEST_COHORT = 8_000, 4_000, 120  # characters: of a section, of what is answered, of a group's name
FEWEST_CHILDREN = 10  # below this a statement about the group could point out a child
MOST_CHILDREN = 999
FEWEST_WORDS = 3


# A handover's life, towards one receiver. Several may receive the same: what each does is its own, and a draft is one for all.
# Read a line as: from here · to there · by doing this · these do it (giver, receiver: the unit's own people) · when this holds.
MOVES = moves.table(
    # from          to             verb         who         requires
    ("draft",       "handed_over", "give",      "giver",    "complete to_somebody nobody_named confirmed"),
    ("draft",       "gone",        "discard",   "giver",    "unopened"),
    ("handed_over", "draft",       "withdraw",  "giver",    "unopened"),
    ("handed_over", "opened",      "open",      "receiver", ""),
    ("opened",      "received",    "receive",   "receiver", ""),
    ("opened",      "returned",    "send_back", "receiver", "words nobody_named"),
    ("returned",    "handed_over", "give",      "giver",    "complete to_somebody nobody_named confirmed"),
    ("received",    "received",    "receive",   "receiver", "newer_edition"),
    ("answered",    "answered",    "receive",   "receiver", "newer_edition"),
    ("looked_back", "looked_back", "receive",   "receiver", "newer_edition"),
    ("received",    "answered",    "answer",    "receiver", "words nobody_named"),
    ("answered",    "answered",    "reply",     "giver",    "asked words nobody_named"),
    ("looked_back", "looked_back", "reply",     "giver",    "asked words nobody_named"),
    ("received",    "looked_back", "look_back", "receiver", "new_school_year words nobody_named"),
    ("answered",    "looked_back", "look_back", "receiver", "new_school_year words nobody_named"),
)  # fmt: skip

WRITABLE = ("draft", "returned")  # of the giver's own
GIVEN = ("handed_over", "returned")  # an edition lies with somebody
CHOSEN = "chosen"  # a receiver of a draft: nothing has come to it
AWAITS = ("handed_over", "opened", "returned")  # nobody there has received it yet
TAKEN = ("received", "answered", "looked_back")


@dataclass(frozen=True)
class Facts:
    """What the table's requirements ask."""

    missing: tuple[str, ...] = ()
    receivers: int = 0
    found: tuple[str, ...] = ()  # sentences about what looks like a person
    confirmed: bool = False
    opened: bool = False  # by some receiver
    words: str = ""
    newer: bool = False  # the giver has handed over another edition since this one was received
    asked: bool = False  # the receiver asks something that has no answer yet
    new_year: bool = False


REQUIREMENTS: dict[str, tuple[Callable[[Facts], bool], Any]] = {
    "complete": (lambda facts: not facts.missing, None),
    "to_somebody": (lambda facts: facts.receivers > 0, lazy("Välj minst en enhet som tar emot.")),
    "nobody_named": (lambda facts: not facts.found, None),
    "confirmed": (
        lambda facts: facts.confirmed,
        lazy("Läs igenom texten, och intyga att ingen enskild nämns eller kan pekas ut."),
    ),
    "unopened": (
        lambda facts: not facts.opened,
        lazy("En mottagare har börjat läsa, så överlämningen kan inte tas tillbaka. Mottagaren kan skicka tillbaka den."),
    ),
    "words": (lambda facts: len(facts.words.split()) >= FEWEST_WORDS, lazy("Skriv en mening, så att den andra enheten förstår.")),
    "newer_edition": (lambda facts: facts.newer, lazy("Överlämningen är redan mottagen.")),
    "asked": (lambda facts: facts.asked, lazy("Det finns ingen fråga som väntar på svar.")),
    "new_school_year": (
        lambda facts: facts.new_year,
        lazy("Se tillbaka när en uppföljning har öppnats i det nya läsåret: då vet ni mer."),
    ),
}


def move(verb: str, state: str, facts: Facts) -> Move:
    """The table's line for doing this now. Refused with a sentence when there is none, or when a requirement does not hold."""
    line = moves.find(MOVES, verb, state)
    if line is None:
        raise RuleBroken(_("Överlämningen är inte där den var när sidan öppnades. Ladda om sidan."))
    for name in line.requires:
        holds, sentence = REQUIREMENTS[name]
        if not holds(facts):
            told = str(sentence) if sentence else " ".join(facts.missing if name == "complete" else facts.found)
            raise RuleBroken(told, {"confirmed" if name == "confirmed" else "words": told})
    return line


def allows(verb: str, state: str, facts: Facts) -> bool:
    """Whether it may be done now: what decides if a page offers it."""
    try:
        move(verb, state, facts)
    except (NotAllowed, RuleBroken):
        return False
    return True


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    return moves.diagram(MOVES, "draft")


# What it holds


def tidy(text: str) -> str:
    """A text as it is kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n")[:LONGEST].strip("\n").rstrip()


def missing(headings: Iterable[Heading], texts: Mapping[str, str], locale: str) -> tuple[str, ...]:
    """Sentences about what is to be written before it can be handed over."""
    return tuple(
        _("Skriv under ”%(heading)s”.", heading=one.word("title", locale))
        for one in headings
        if one.required and not texts.get(one.key, "").strip()
    )


def check_group(cohort: str, children: int | None) -> None:
    """What is said of the group itself: its name and how many they are."""
    problems = {}
    if not cohort.strip():
        problems["cohort"] = _("Skriv vad gruppen heter, till exempel Femåringarna på Myran.")
    if len(cohort.strip()) > LONGEST_COHORT:
        problems["cohort"] = _("Skriv högst %(n)s tecken.", n=LONGEST_COHORT)
    if children is None or not 1 <= children <= MOST_CHILDREN:
        problems["children"] = _("Skriv hur många de är, med siffror.")
    if problems:
        raise RuleBroken(next(iter(problems.values())), problems)


def small(children: int, transition: str) -> str:
    """What whoever writes about few must think of; nothing for a group that is large enough."""
    if children >= FEWEST_CHILDREN:
        return ""
    told = _("Gruppen är liten: %(many)s.", many=counted(children, transition))
    return f"{told} " + _("Då kan också det som sägs om hela gruppen peka ut någon. Skriv om arbetssätten, inte om barnen.")


def counted(children: int, transition: str) -> str:
    """How many they are, in words: children in preschool, pupils in school."""
    if transition == "preschool":
        return ngettext("ett barn", "%(num)s barn", children)
    return ngettext("en elev", "%(num)s elever", children)


def how_many(children: int, transition: str) -> str:
    """How many the receivers are told that they are: of few, that they are few."""
    if children >= FEWEST_CHILDREN:
        return counted(children, transition)
    if transition == "preschool":
        return _("färre än %(n)s barn", n=FEWEST_CHILDREN)
    return _("färre än %(n)s elever", n=FEWEST_CHILDREN)


# Nobody is named


@dataclass(frozen=True)
class Warned:
    """A sentence that must be mended: under which heading (its key), the sentence, and what is wrong with it."""

    key: str
    sentence: str
    told: str


def warnings(texts: Mapping[str, str], people: Iterable[str] = (), known: Iterable[str] = ()) -> list[Warned]:
    """What in these texts looks like a person, text by text."""
    staff, places = list(people), list(known)
    return [
        Warned(key, naming.sentence_of(text, one), naming.told(one))
        for key, text in texts.items()
        for one in naming.found(text, people=staff, known=places)
    ]


# When


def in_spring(today: date, spring: tuple[str, str]) -> bool:
    """Whether units are reminded of what they have to hand over."""
    return spring[0] <= today.strftime("%m-%d") <= spring[1]
