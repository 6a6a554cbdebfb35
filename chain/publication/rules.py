"""What may be made public, and what is said where something no longer is."""

from collections.abc import Sequence
from typing import TypeVar

from chain.base.errors import RuleBroken
from chain.base.locale import _

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


def check_withdrawal(reason: str) -> str:
    """The words that stand where the page was: for everybody to read."""
    if len(reason.split()) < REASON_WORDS:
        sentence = _("Skriv varför sidan dras tillbaka, med några ord. De står där sidan var, för alla att läsa.")
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
