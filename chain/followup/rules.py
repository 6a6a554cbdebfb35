"""A follow-up's life as a table, its refusals, and the canonical form of what is handed up."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy
from chain.base.moves import Move
from chain.cycle.shipped import Level
from chain.followup.answers import Span, spans

__all__ = [
    "MOVES", "Facts", "Span", "allows", "canonical", "comes_to", "diagram", "move", "normal", "sha256",
    "spans",
]  # fmt: skip


# A follow-up's life. Read a line as: from here · to there · by doing this · these do it · in this case · when all of this holds.
# writers and submitters are the node's own, receiver is who accepts at the node above: their roles stand in data/levels.toml.
MOVES = moves.table(
    # from           to             verb          who           in the case that     requires
    ("not_started", "draft",       "save",       "writers",    "",                  ""),
    ("draft",       "draft",       "save",       "writers",    "",                  ""),
    ("draft",       "submitted",   "submit",     "submitters", "somebody_receives", "in_order nothing_came_back complete"),
    ("draft",       "accepted",    "submit",     "submitters", "nobody_receives",   "in_order nothing_came_back complete"),
    ("submitted",   "withdrawn",   "withdraw",   "submitters", "",                  "unopened latest"),
    ("submitted",   "returned",    "send_back",  "receiver",   "",                  "reason latest"),
    ("submitted",   "accepted",    "accept",     "receiver",   "",                  ""),
    ("accepted",    "reopened",    "reopen",     "receiver",   "",                  "reason receiver_still_writing latest"),
    ("accepted",    "withdrawn",   "withdraw",   "submitters", "nobody_receives",   "unpublished latest"),
    ("accepted",    "accepted",    "supplement", "submitters", "",                  "child_came_late"),
    ("withdrawn",   "draft",       "",           "",           "",                  ""),
    ("returned",    "draft",       "",           "",           "",                  ""),
    ("reopened",    "draft",       "",           "",           "",                  ""),
)  # fmt: skip
WRITABLE = ("not_started", "draft")
HANDED_UP = ("submitted", "accepted")  # what stands; the other states of a submission tell how it came back


@dataclass(frozen=True)
class Facts:
    """What the table's requirements ask of one follow-up."""

    received: bool = True  # somebody above accepts it
    opened: bool = False  # somebody above has begun to read; where nobody receives: the committee's page stands on it
    reason: str = ""
    receiver_handed_up: bool = False
    handed_up_later: str = ""  # the name of a later round that the node has handed in
    came_back: str = ""  # the name of an earlier round that was returned or reopened, and waits to be handed in again
    late_children: bool = False
    problems: Mapping[str, str] | None = None  # by section


CASES: dict[str, Callable[[Facts], bool]] = {
    "": lambda facts: True,
    "somebody_receives": lambda facts: facts.received,
    "nobody_receives": lambda facts: not facts.received,
}
REQUIREMENTS: dict[str, tuple[Callable[[Facts], bool], Any]] = {
    "complete": (
        lambda facts: not facts.problems,
        lazy("Uppföljningen är inte klar att lämna in. Det här behöver göras först."),
    ),
    "in_order": (
        lambda facts: not facts.handed_up_later,
        lazy("Ni har redan lämnat in %(later)s. En tidigare uppföljning kan inte lämnas in efter en senare."),
    ),
    "nothing_came_back": (
        lambda facts: not facts.came_back,
        lazy("%(earlier)s kom tillbaka och väntar på er. Lämna in den igen först, så att inga åtgärder tappas bort."),
    ),
    "unopened": (
        lambda facts: not facts.opened,
        lazy("Någon ovanför har börjat läsa, så uppföljningen kan inte tas tillbaka. Be mottagaren att skicka tillbaka den."),
    ),
    "unpublished": (
        lambda facts: not facts.opened,
        lazy("Sidan som nämnden har fått bygger på uppföljningen, så den kan inte tas tillbaka."),
    ),
    "reason": (
        lambda facts: bool(facts.reason.strip()),
        lazy("Skriv varför, så att de som har skrivit vet vad de ska göra."),
    ),
    "receiver_still_writing": (
        lambda facts: not facts.receiver_handed_up,
        lazy("Ni har redan lämnat in er egen uppföljning, som bygger på den här. Den kan inte öppnas igen."),
    ),
    "latest": (
        lambda facts: not facts.handed_up_later,
        lazy("%(later)s är redan inlämnad och bygger på den här, som därför ligger fast."),
    ),
    "child_came_late": (
        lambda facts: facts.late_children,
        lazy("Ingen uppföljning har kommit in sedan ni lämnade er egen, så det finns inget att komplettera."),
    ),
}


REFUSED = {  # what is said of doing this in a state where the table has no such line; of all else that it is too late
    ("submit", "not_started"): lazy("Inget är skrivet än. Börja med ett avsnitt: när alla är klara går det att lämna in."),
}


def move(verb: str, state: str, facts: Facts, *, role: str, own: Level, receiving: Level | None) -> Move:
    """The table's line for doing this now. Refused with a sentence when there is none, or when a requirement does not hold."""
    lines = [one for one in MOVES if one.act == verb and one.before == state and CASES[one.where](facts)]
    if not lines:
        late = _("Det går inte längre: uppföljningen är %(state)s. Ladda om sidan.", state=state_name(state))
        raise RuleBroken(str(REFUSED.get((verb, state), late)))
    found = lines[0]
    if role not in roles(found.who[0], own, receiving):
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    for name in found.requires:
        holds, sentence = REQUIREMENTS[name]
        if not holds(facts):
            told = str(sentence) % {"later": facts.handed_up_later, "earlier": facts.came_back}
            raise RuleBroken(told, dict(facts.problems or {}) if name == "complete" else {})
    return found


def allows(verb: str, state: str, facts: Facts, *, role: str, own: Level) -> bool:
    """Whether the node's own people may do this now: what decides if a page offers it."""
    try:
        move(verb, state, facts, role=role, own=own, receiving=None)
    except (NotAllowed, RuleBroken):
        return False
    return True


def roles(who: str, own: Level, receiving: Level | None = None) -> frozenset[str]:
    """The roles meant by a word of the table, at a level: as data/levels.toml says."""
    return {
        "writers": frozenset(own.writes) | frozenset(own.submits),
        "submitters": frozenset(own.submits),
        "receiver": frozenset(own.accepts) | frozenset(receiving.submits if receiving else ()),
    }[who]


def comes_to(state: str) -> str:
    """The state that the follow-up is in when its submission comes to be in this one: what was taken back is a draft at once."""
    return next((one.after for one in MOVES if one.before == state and not one.act), state)


def state_name(state: str) -> str:
    names: dict[str, str] = {
        "not_started": _("inte påbörjad"),
        "draft": _("ett utkast"),
        "submitted": _("inlämnad"),
        "accepted": _("mottagen"),
        "withdrawn": _("återtagen"),
        "returned": _("skickad tillbaka"),
        "reopened": _("öppnad igen"),
    }
    return names[state]


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    return moves.diagram(MOVES, "not_started")


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """The one way to write a snapshot: keys in order, no spaces, UTF-8."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def sha256(snapshot: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def normal(words: str) -> str:
    """Words with their spaces made equal, to be compared."""
    return " ".join(words.split())
