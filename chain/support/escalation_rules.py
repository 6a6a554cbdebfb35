"""When a need becomes the level above's matter, and what may become of it. Responsibility for failure lies above (seed 003)."""

from dataclasses import dataclass
from datetime import date

from chain.base.errors import RuleBroken
from chain.base.lengths import fitting
from chain.base.locale import _
from chain.measure.rules import CARRIED_TOO_OFTEN
from chain.support.rules import LONGEST


@dataclass(frozen=True)
class Move:
    """A line of the table. `after` "was": what it was before it was put aside."""

    before: str
    after: str
    act: str
    who: str


# A need's way. Read a line as: from here · to there · by this · done by these. What nobody does happens by itself, in the same
# transaction as what made it true. "sent": nobody above has opened the follow-up that tells of it, so nobody above knows.
_LINES = (
    # from                      to           act                who
    ("[*]",                     "sent",      "carried",         ""),      # three times, in a follow-up that nobody has opened
    ("[*]",                     "open",      "carried",         ""),      # three times, where nobody receives the follow-up
    ("[*]",                     "open",      "round passed",    ""),      # and the request was not answered
    ("[*]",                     "unread",    "round passed",    ""),      # and nobody has opened the follow-up that asks
    ("sent",                    "unread",    "round passed",    ""),
    ("sent unread",             "open",      "opened",          "above"),
    ("open",                    "granted",   "answer",          "head of the level above"),
    ("open",                    "refused",   "answer",          "head of the level above"),
    ("open",                    "taken_up",  "answer",          "head of the level above"),  # the next level's, in new words
    ("taken_up",                "granted",   "answered above",  ""),
    ("taken_up",                "refused",   "answered above",  ""),
    ("sent unread",             "retracted", "taken back",      "its own unit"),
    ("sent",                    "retracted", "needed no more",  "its own unit"),
    ("unread open taken_up",    "settled",   "needed no more",  ""),
    ("retracted settled",       "was",       "needed again",    ""),
    ("sent",                    "retracted", "unit ended",      ""),
    ("unread open taken_up",    "ended",     "unit ended",      ""),
)  # fmt: skip

MOVES = tuple(Move(before, after, act, who) for befores, after, act, who in _LINES for before in befores.split())
OWED = ("unread", "open")  # it is where it waits
LIVE = ("sent", "unread", "open", "taken_up")  # somebody still owes an answer
ANSWERED = ("granted", "refused")
ASIDE = ("retracted", "settled")
ANSWERS = ("granted", "refused", "taken_up")
FEWEST_WORDS = 3


def allows(before: str, after: str) -> bool:
    """Whether the table knows this step."""
    return any(one.before == before and one.after in (after, "was") for one in MOVES)


def put_aside(state: str) -> str:
    """The state of a need that is needed no more: of what nobody above has known of, nobody above learns now."""
    return "retracted" if state == "sent" else "settled"


def comes_back(was: str, *, opened: bool) -> str:
    """The state of a need that was put aside and is needed again."""
    if was == "taken_up" or (was == "unread" and not opened):
        return was
    return "open" if opened else "sent"


def again(carried_then: int, carried_now: int) -> bool:
    """Whether a measure that the level above has answered about has been carried too often once more since then."""
    return carried_now >= carried_then + CARRIED_TOO_OFTEN


def read_there(ceiling_rank: int, level: str, rank: int) -> str:
    """How much of a need a level may know: its `words`, the `fact` alone, or nothing.

    `ceiling_rank`: of the highest level at which what was written is read; `rank`: of the level that would get the need.
    A group's words are read by the unit alone, and nobody above learns that they are there. A committee reads no words from below
    it but those written for it; that somebody waits for its administration, it is to know.
    """
    if rank >= ceiling_rank:
        return "words"
    return "fact" if level == "committee" and ceiling_rank <= ADMINISTRATION else ""


ADMINISTRATION = 20  # its rank in data/levels.toml


def check(state: str, answer: str, until: date | None, today: date, *, has_above: bool) -> str:
    """The answer's words: what support and until when; a no with its reason; or the need in the receiver's own words."""
    words = fitting(answer, LONGEST, "answer")
    if state not in ANSWERS:
        raise RuleBroken(_("Välj vad svaret är."), {"state": _("Välj vad svaret är.")})
    if state == "taken_up" and not has_above:
        raise RuleBroken(_("Det finns ingen nivå ovanför att föra behovet vidare till. Svara ja eller nej."))
    few = len(words.split()) < FEWEST_WORDS
    if state == "granted" and few:
        sentence = _("Skriv vilket stöd det blir, så att enheten vet vad som händer.")
        raise RuleBroken(sentence, {"answer": sentence})
    if state == "granted" and (until is None or until < today):
        sentence = _("Skriv till och med vilken dag stödet ges: i dag eller senare.")
        raise RuleBroken(sentence, {"until": sentence})
    if state == "refused" and few:
        raise RuleBroken(_("Ett nej behöver ett skäl. Skriv varför."), {"answer": _("Skriv varför det blir nej.")})
    if state == "taken_up" and few:
        sentence = _("Skriv behovet med egna ord: den som läser det på nästa nivå ser bara dem.")
        raise RuleBroken(sentence, {"answer": sentence})
    return words


def check_told(words: str) -> str:
    """What a unit tells a level that cannot read what it wrote in its follow-up."""
    if len(words.split()) < FEWEST_WORDS:
        sentence = _("Skriv vad de behöver veta för att kunna svara. En mening räcker.")
        raise RuleBroken(sentence, {"words": sentence})
    return fitting(words, LONGEST, "words")


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    lines = ["stateDiagram-v2"]
    for one in MOVES:
        for after in ("sent", "unread", "open", "taken_up") if one.after == "was" else (one.after,):
            label = f"{one.act} by {one.who}" if one.who else one.act
            lines.append(f"    {one.before} --> {after} : {label}")
    return "\n".join(lines) + "\n"
