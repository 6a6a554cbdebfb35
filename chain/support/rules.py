"""What becomes of a request: granted, refused with a reason, or taken further up. Whoever asked is told what became of it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chain.base.errors import RuleBroken
from chain.base.lengths import fitting
from chain.base.locale import _
from chain.followup import needs

ANSWERS = ("granted", "refused", "taken_up")
OPEN = "open"
LONGEST = 5000  # characters of what is asked, answered or told
SENT = "sent"  # asked in a follow-up that nobody above has opened yet: like its other words, not to be read there
ANSWERED = ("granted", "refused")  # an answer that is final; what was taken up waits for the level above
# retracted: its follow-up was taken back, and it was never answered
SEEN = (SENT, OPEN, "granted", "refused", "taken_up", "ended")
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Asked:
    """One item of a section of requests, as it was handed up."""

    item: str
    text: str
    type: str = needs.OTHER  # a key of needs.KINDS


def asked(snapshot: Mapping[str, Any]) -> list[Asked]:
    """The requests of a snapshot, in order; those without words are none."""
    items = [
        Asked(str(item.get("item", "")), str(item.get("text", "")).strip(), needs.kind(item))
        for section in snapshot.get("sections", [])
        if section.get("kind") == "requests"
        for item in (section.get("answer") or {}).get("items", [])
    ]
    return [one for one in items if one.item and one.text]


def renamed(one: Asked) -> str:
    """The name of a request that was reworded after it had been answered: the new words are a request of their own."""
    return hashlib.sha256(f"{one.item}\n{one.text}".encode()).hexdigest()[:32]


def check(state: str, answer: str, *, has_above: bool) -> str:
    """The answer's words, or a refusal: a no needs its reason, and a committee has nobody to ask."""
    words = fitting(answer, LONGEST, "answer")
    if state not in ANSWERS:
        raise RuleBroken(_("Välj vad svaret är."), {"state": _("Välj vad svaret är.")})
    if state == "taken_up" and not has_above:
        raise RuleBroken(_("Det finns ingen nivå ovanför att föra frågan vidare till. Svara ja eller nej."))
    if state == "refused" and len(words.split()) < FEWEST_WORDS:
        raise RuleBroken(_("Ett nej behöver ett skäl. Skriv varför."), {"answer": _("Skriv varför det blir nej.")})
    if state == "taken_up" and len(words.split()) < FEWEST_WORDS:
        sentence = _("Skriv frågan med egna ord: den som läser den på nästa nivå ser bara dem.")
        raise RuleBroken(sentence, {"answer": sentence})
    return words


def appended(before: str, unit: str, answer: str) -> str:
    """An answer with what the level above has said below it."""
    said = _("%(unit)s svarar: %(answer)s", unit=unit, answer=answer) if answer else ""
    return "\n\n".join(filter(None, (before, said)))


def tell_origins(answered: Any) -> None:
    """The answer from above becomes the answer of everything that led to it: of requests and of escalations alike."""
    said, who, origin = answered.answer, answered.receiver.name, answered.origin
    while origin is not None:
        origin.answer = appended(origin.answer, who, said)
        origin.state, origin.answered_at = answered.state, answered.answered_at
        origin = origin.origin


def names(asked: Iterable[Asked]) -> set[str]:
    """What these requests may be called: by their items, or by their new words."""
    return {name for one in asked for name in (one.item, renamed(one))}


def left(before: Iterable[str], now: Iterable[Asked]) -> set[str]:
    """The names that are asked for no longer."""
    return set(before) - names(now)
