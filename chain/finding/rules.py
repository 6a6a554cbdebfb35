"""What is true of coding: themes and what they are counted as, the words that are marked, and whose codes stand."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chain.base.errors import RuleBroken
from chain.base.locale import _

LONGEST_NAME, LONGEST_NOTE = 80, 2000
CODERS = 2  # of one submission: agreement is between two


# Themes


class Themed(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def merged_into_id(self) -> int | None: ...


def roots(themes: Iterable[Themed]) -> dict[int, int]:
    """What each theme is counted as: itself, or the one that it was merged into, however many times."""
    into = {one.id: one.merged_into_id for one in themes if one.state == "merged"}
    found: dict[int, int] = {}
    for one in themes:
        here = one.id
        while (above := into.get(here)) is not None:
            here = above
        found[one.id] = here
    return found


def check_name(name: str, others: Iterable[str]) -> str:
    """A theme's name on one line, like no other's, whatever the capitals."""
    words = " ".join(name.split())
    if not words:
        raise RuleBroken(_("Skriv vad temat ska heta."), {"name": _("Skriv vad temat ska heta.")})
    if len(words) > LONGEST_NAME:
        told = _("Skriv högst %(n)s tecken.", n=LONGEST_NAME)
        raise RuleBroken(told, {"name": told})
    if words.casefold() in {other.casefold() for other in others}:
        told = _("Det finns redan ett tema som heter så. Välj ett annat namn, eller slå ihop dem.")
        raise RuleBroken(told, {"name": told})
    return words


# Marking


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def part(paragraph: str, chosen: str, begins: int | None = None) -> tuple[int, int]:
    """Which characters of a paragraph are meant: all of it where no words are chosen.

    `begins` is where the page says that they stand; what the words say goes before it. Refused where they do not stand there, or
    stand in several places and nothing says which.
    """
    words = chosen.replace("\r\n", "\n").strip()
    if not words:
        return 0, len(paragraph)
    if begins is not None and begins >= 0 and paragraph.startswith(words, begins):
        return begins, begins + len(words)
    places = [found.start() for found in re.finditer(re.escape(words), paragraph)]
    if not places:
        told = _("De orden står inte så i stycket. Markera dem i texten, eller lämna fältet tomt för hela stycket.")
        raise RuleBroken(told, {"words": told})
    if len(places) > 1:
        told = _("De orden står på flera ställen i stycket. Ta med några ord till, så att det går att se vilket.")
        raise RuleBroken(told, {"words": told})
    return places[0], places[0] + len(words)


def check_paragraph(paragraph: str, seen: str) -> None:
    """`seen`: the hash of the paragraph as the page showed it."""
    if seen and seen != sha256(paragraph):
        raise RuleBroken(_("Stycket ser annorlunda ut nu än när du öppnade sidan. Ladda om den och markera igen."))


# Two coders


class Code(NamedTuple):
    """That a coder has coded a paragraph of a submission with a theme (as it is counted)."""

    submission: int
    span: str
    coder: int
    theme: int


@dataclass(frozen=True)
class Differs:
    """A paragraph that two coders have coded differently, each having read the submission."""

    submission: int
    span: str
    first: int
    second: int
    firsts: frozenset[int]  # themes
    seconds: frozenset[int]


@dataclass(frozen=True)
class Standing:
    """What is counted: themes of paragraphs. `waiting`: differences that nobody has resolved: only what both say stands."""

    codes: frozenset[tuple[int, str, int]]  # submission, span, theme
    differs: tuple[Differs, ...]
    waiting: tuple[Differs, ...]


Coders = Mapping[int, Sequence[int]]  # submission → who has read it, in the order in which they began
Resolved = Mapping[tuple[int, str], int | None]  # (submission, span) → whose codes stand; None: both's


def standing(codes: Iterable[Code], coders: Coders, resolved: Resolved) -> Standing:
    """What stands of what has been coded: nothing of a submission that nobody has marked as read."""
    by_paragraph: dict[tuple[int, str], dict[int, set[int]]] = {}
    for code in codes:
        if code.coder in coders.get(code.submission, ()):
            by_paragraph.setdefault((code.submission, code.span), {}).setdefault(code.coder, set()).add(code.theme)
    stands: set[tuple[int, str, int]] = set()
    differs: list[Differs] = []
    waiting: list[Differs] = []
    for (submission, span), said in by_paragraph.items():
        here = coders[submission]
        firsts = frozenset(said.get(here[0], ()))
        seconds = frozenset(said.get(here[1], ())) if len(here) > 1 else firsts
        agreed = firsts
        if firsts != seconds:
            one = Differs(submission, span, here[0], here[1], firsts, seconds)
            differs.append(one)
            if (submission, span) not in resolved:
                waiting.append(one)
                agreed = firsts & seconds
            else:
                whose = resolved[submission, span]
                agreed = firsts | seconds if whose is None else frozenset(said.get(whose, ()))
        stands |= {(submission, span, theme) for theme in agreed}
    return Standing(frozenset(stands), tuple(differs), tuple(waiting))


def blind(readings: Iterable[tuple[int, int, str]], coder: int) -> set[int]:
    """The submissions of which a coder may not see what others have coded: (submission, person, state) of all readings.

    Until the coder has marked it as read, or has left it to the other: then both have said what they think.
    """
    rows = list(readings)
    mine = {submission: state for submission, person, state in rows if person == coder}
    others = {submission for submission, person, state in rows if person != coder and state in ("coding", "read")}
    return {submission for submission in others if mine.get(submission) not in ("read", "passed")}


def unseen(readings: Iterable[tuple[int, int, str]], coder: int) -> set[int]:
    """The submissions of which a coder may not see another's codes, because the other has not finished."""
    return {submission for submission, person, state in readings if person != coder and state == "coding"}


def check_room(readers: Iterable[tuple[int, str]], coder: int) -> None:
    """Two may code a submission: (person, state) of those who do. A third would leave nothing to compare."""
    others = [person for person, state in readers if person != coder and state in ("coding", "read")]
    if len(others) >= CODERS:
        raise RuleBroken(_("Två har redan kodat den här texten. Läs den och deras koder i stället."))


def check_reason(reason: str) -> str:
    """A reason in some words."""
    words = " ".join(reason.split())
    if len(words.split()) < 2:
        told = _("Skriv varför, så att det går att förstå i efterhand.")
        raise RuleBroken(told, {"reason": told})
    return words
