"""What may be made public, what to look for in it, and what is said where something no longer is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.naming import PERSONAL_NUMBER

T = TypeVar("T")

REASON_WORDS = 3
LONGEST = 4_000  # characters of a remark
MOST_IN_A_DAY = 200  # remarks from all of the world: above it, somebody is filling the book
FRESH_FOR = 60  # seconds that a page may be kept on the way: so soon is a withdrawal seen everywhere


def check_publishable(*, received: bool, read_through: bool, already: bool) -> None:
    """What the committee has registered, and somebody has read through, once."""
    if not received:
        raise RuleBroken(_("Registrera först att nämnden har tagit emot sidan. Först då står den fast."))
    if already:
        raise RuleBroken(_("Sidan är redan offentlig."))
    if not read_through:
        sentence = _("Läs igenom sidan, och intyga att den inte pekar ut någon.")
        raise RuleBroken(sentence, {"read_through": sentence})


def check_read(read: str | None, now: str) -> None:
    """What is made public is what was read through. Not asked where nobody reads it."""
    if read is not None and read != now:
        raise RuleBroken(_("Ett beslut har skrivits in eller rättats sedan du öppnade sidan. Läs igenom den som den är nu."))


def check_document(*, handed_over: bool, replaced: bool, released: bool, read_through: bool, already: bool) -> None:
    """What the committee has been handed, in its newest edition, with figures of an approved release; read through, once."""
    if not handed_over:
        raise RuleBroken(_("Bara ett dokument som är godkänt och överlämnat till nämnden kan bli offentligt."))
    if replaced:
        raise RuleBroken(_("En nyare version har överlämnats till nämnden. Gör den offentlig i stället."))
    if not released:
        raise RuleBroken(_("Siffrorna i dokumentet kommer inte ur en godkänd utgåva, så det kan inte bli offentligt."))
    if already:
        raise RuleBroken(_("Dokumentet är redan offentligt."))
    if not read_through:
        sentence = _("Läs igenom dokumentet, och intyga att det inte pekar ut någon.")
        raise RuleBroken(sentence, {"read_through": sentence})


_FEW = re.compile(
    r"\b(?:en|ett|två|tre|fyra|[1-4]|ende|enda)\s+(?:\w+\s+)?"
    r"(?:elev(?:en|er|erna|s)?|barn(?:et|en|s)?|(?:pojk|flick|kill|tjej|vårdnadshavar|föräld)\w+)\b",
    re.I,
)


def to_look_at(said: Any) -> Iterator[tuple[str, str]]:
    """(heading, words) of what in a document could point somebody out: what looks like a personal number, or like few children.

    `said`: what a document says (report/frozen.py). Whoever makes it public looks at them; nobody is stopped by it.
    """
    for section in said["sections"]:
        for text in _texts(section["blocks"]):
            yield from ((section["title"], found[0]) for found in (*PERSONAL_NUMBER.finditer(text), *_FEW.finditer(text)))


def _texts(blocks: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What people have written: tables and pictures are a release's."""
    for block in blocks:
        if block["kind"] in ("paragraph", "heading", "quote", "note"):
            yield from (block["text"], block.get("source", ""))
        elif block["kind"] in ("bullets", "numbered"):
            yield from block["items"]


def signed(said: Any) -> list[str]:
    """Those whose names stand under a document, each with the title."""
    people = [
        one
        for section in said["sections"]
        for block in section["blocks"]
        if block["kind"] == "signatures"
        for one in block["people"]
    ]
    return [", ".join(filter(None, one)) for one in people]


def check_withdrawal(reason: str) -> str:
    """The words that stand where it was: for everybody to read."""
    if len(reason.split()) < REASON_WORDS:
        sentence = _("Skriv varför det dras tillbaka, med några ord. De står där det var, för alla att läsa.")
        raise RuleBroken(sentence, {"reason": sentence})
    if len(reason) > LONGEST:
        sentence = _("Skriv högst %(n)s tecken.", n=LONGEST)
        raise RuleBroken(sentence, {"reason": sentence})
    return reason.strip()


def chosen(municipalities: Sequence[T]) -> T:
    """The one that a remark is about; refused where none was pointed out."""
    if not municipalities:
        sentence = _("Välj vilken kommun det gäller.")
        raise RuleBroken(sentence, {"municipality": sentence})
    return municipalities[0]


def check_remark(text: str, *, today: int) -> str:
    """Words of somebody who could not use a page. `today`: how many have come this day."""
    if not text.strip():
        sentence = _("Skriv vad som inte fungerade, och på vilken sida.")
        raise RuleBroken(sentence, {"text": sentence})
    if len(text) > LONGEST:
        sentence = _("Skriv högst %(n)s tecken.", n=LONGEST)
        raise RuleBroken(sentence, {"text": sentence})
    if today >= MOST_IN_A_DAY:
        raise RuleBroken(_("Ovanligt många har skrivit i dag. Ring kommunens kontaktcenter, eller försök i morgon."))
    return text.strip()
