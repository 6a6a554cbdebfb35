"""A good example's way: offered by a unit, edited with its consent, read by all in the municipality, tried by others."""

from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy
from chain.base.moves import Move

LONGEST_TITLE, LONGEST = 200, 8000
SOME_WORDS = 2


# An offer's life. Read a line as: from here · to there · by this act · these roles do it · when this is said.
# The unit's own are principal and deputy; the administration's are officer and director.
MOVES = moves.table(
    # from                       to           act          who                 requires
    ("offered changes agreed",   "asked",     "edit",      "officer director", "text"),
    ("offered changes",          "passed",    "pass",      "officer director", "reason"),
    ("asked",                    "agreed",    "agree",     "principal",        ""),
    ("asked",                    "changes",   "change",    "principal",        "reason"),
    ("asked",                    "refused",   "refuse",    "principal",        "reason"),
    ("agreed",                   "published", "publish",   "officer director", ""),
    ("offered asked changes agreed", "withdrawn", "take_back", "principal",    ""),
    ("published",                "withdrawn", "withdraw",  "principal officer director", "reason"),
)  # fmt: skip
STATES = ("offered", "asked", "changes", "agreed", "published", "passed", "refused", "withdrawn")
WAITS_FOR = {"offered": "administration", "changes": "administration", "agreed": "administration", "asked": "unit"}
REQUIREMENTS: dict[str, Any] = {
    "text": lazy("Skriv exemplet så att en annan enhet kan pröva."),
    "reason": lazy("Skriv varför, så att den andra förstår."),
}
OUTCOMES = ("worked", "partly", "not", "later")


def move(act: str, state: str, words: str, *, role: str) -> Move:
    """The table's line for doing this now. Refused with a sentence when there is none, or when words are missing."""
    found = moves.find(MOVES, act, state)
    if found is None:
        raise RuleBroken(_("Det går inte längre: exemplet är nu %(state)s. Ladda om sidan.", state=state_name(state)))
    if role not in found.who:
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    if found.requires and len(words.split()) < SOME_WORDS:
        told = str(REQUIREMENTS[found.requires[0]])
        raise RuleBroken(told, {"text" if "text" in found.requires else "words": told})
    return found


def possible(state: str, *, role: str) -> list[str]:
    """The acts that the role may choose now, in the order of the table."""
    return [one.act for one in MOVES if one.before == state and role in one.who]


def state_name(state: str) -> str:
    """A state within a sentence."""
    words = {
        "offered": _("erbjudet"), "asked": _("hos enheten för godkännande"), "changes": _("hos förvaltningen för ändring"),
        "agreed": _("godkänt av enheten"), "published": _("publicerat"), "passed": _("inte valt"),
        "refused": _("nekat av enheten"), "withdrawn": _("återtaget"),
    }  # fmt: skip
    return words.get(state, state)


def outcome_name(outcome: str) -> str:
    """What came of trying it, in words."""
    words = {
        "worked": _("det fungerade"), "partly": _("det fungerade delvis"), "not": _("det fungerade inte här"),
        "later": _("det är för tidigt att säga"),
    }  # fmt: skip
    return words.get(outcome, "")


def check_title(title: str) -> str:
    words = " ".join(title.split())
    if not words or len(words) > LONGEST_TITLE:
        told = _("Skriv en rubrik på högst %(n)s tecken.", n=LONGEST_TITLE)
        raise RuleBroken(told, {"title": told})
    return words


def check_told(outcome: str, words: str) -> str:
    """What another unit says came of trying it."""
    problems = {}
    if outcome not in OUTCOMES:
        problems["outcome"] = _("Välj hur det gick.")
    if len(words.split()) < SOME_WORDS:
        problems["words"] = _("Skriv vad som hände hos er. En mening räcker.")
    if problems:
        raise RuleBroken(" ".join(problems.values()), problems)
    return words.strip()


def haystack(*texts: str) -> str:
    """What is searched: all the words, whatever their capitals."""
    return " ".join(" ".join(text.split()) for text in texts).casefold()


def listed(values: object) -> str:
    """Several keys in one column, so that one of them is found with a plain comparison: |4|5|."""
    found = [str(value) for value in values] if isinstance(values, list | tuple) else []
    return f"|{'|'.join(found)}|" if found else ""


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    return moves.diagram(MOVES, "offered")
