"""Numbers as people write and paste them in Swedish."""

import re
from decimal import Decimal

from chain.base.locale import _, number
from chain.result.rules import MOST, MOST_OF_ALL

GAPS = " \u00a0\u202f\u2009"  # what stands between thousands: space, no-break space, its narrow sisters
WHOLE = re.compile(rf"[0-9]{{1,3}}(?:[{GAPS}][0-9]{{3}})+|[0-9]+")
DECIMAL = re.compile(rf"[-−]?(?:{WHOLE.pattern})(?:,[0-9]+)?")


class CellError(ValueError):
    """What was written in a cell cannot be read; `sentence` says why, to the one who wrote it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_count(text: str) -> int | None:
    """A number of people as it is written in Swedish (“1 234”), or None for an empty cell."""
    bare = text.strip()
    if not bare:
        return None
    if len(bare) <= len(str(MOST)) and bare.isascii() and bare.isdigit():
        return int(bare)  # nearly all of them, and a section has hundreds
    if not WHOLE.fullmatch(bare):
        raise CellError(_("”%(text)s” är inget helt antal. Skriv bara siffror, till exempel 24.", text=bare[:20]))
    digits = re.sub(rf"[{GAPS}]", "", bare).lstrip("0") or "0"
    if len(digits) > len(str(MOST)):
        raise CellError(_("%(text)s är för stort för att vara ett antal i en enhet.", text=bare[:20]))
    return int(digits)


def read_decimal(text: str) -> Decimal | None:
    """A Swedish decimal (“1 234,5”), or None for an empty cell."""
    bare = text.strip()
    if not bare:
        return None
    if not DECIMAL.fullmatch(bare):
        raise CellError(_("”%(text)s” är inget tal. Skriv decimaler med komma, till exempel 17,5.", text=bare[:20]))
    return Decimal(re.sub(rf"[{GAPS}]", "", bare).replace(",", ".").replace("−", "-"))


def read_number(text: str, decimals: int, most: int = MOST_OF_ALL) -> int | None:
    """A number that is not negative, in whole 10^-`decimals`: “228,7” with one decimal is 2287. None for an empty cell."""
    value = read_decimal(text)
    if value is None:
        return None
    scaled = value.scaleb(decimals)
    if value < 0:
        raise CellError(_("%(text)s är mindre än 0.", text=text.strip()[:20]))
    if scaled != scaled.to_integral_value():
        if not decimals:
            raise CellError(_("”%(text)s” är inget helt antal. Skriv bara siffror, till exempel 24.", text=text.strip()[:20]))
        sentence = _("%(text)s har fler decimaler än %(decimals)s. Avrunda.", text=text.strip()[:20], decimals=decimals)
        raise CellError(sentence)
    if value > most:
        raise CellError(_("%(text)s är för stort: högst %(most)s.", text=text.strip()[:20], most=number(most)))
    return int(scaled)
