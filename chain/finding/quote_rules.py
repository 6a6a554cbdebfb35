"""When words may be quoted further up: they are the passage's, and nobody can be pointed out by them.

What is looked for is said in `persons` and `few`: names of people who hold or have held a mandate where the words were written or
above, and the ways in which a text usually points at one (”eleven Anna”, ”A. Berg”), and figures of few. It stops more than it
must: then the quote is shortened, or the words in question are said otherwise within square brackets. It is never ticked away.
"""

import re
from collections.abc import Iterable, Iterator

from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.followup.rules import normal

FEWEST_WORDS = 3
FEW = 10  # a share of fewer, or that leaves fewer than FEW_LEFT on either side, points at them
FEW_LEFT = 5
BRACKETS = re.compile(r"\[[^\[\]]*\]")
CAPITAL, SMALL = "A-ZÅÄÖÉÜ", "a-zåäöéü"
# One person, by what they are there, followed by a name or an initial.
SOMEBODY = (
    "eleven|barnet|pojken|flickan|killen|tjejen|läraren|fröken|magistern|förskolläraren|barnskötaren|fritidsläraren|pedagogen|"
    "rektorn|rektor|vikarien|resursen|assistenten|kuratorn|skolsköterskan|vårdnadshavaren|mamman|pappan|mamma|pappa|modern|fadern|"
    "elev|lärare"
)
PATTERNS = (
    re.compile(rf"\b(?i:{SOMEBODY})\s+(?:[{CAPITAL}][{SMALL}]*\b)"),  # eleven Anna, läraren B
    re.compile(rf"\b[{CAPITAL}]\.\s?(?:[{CAPITAL}]\.\s?)?[{CAPITAL}][{SMALL}]+"),  # A. Berg
    re.compile(rf"\b[{CAPITAL}][{SMALL}]+\s[{CAPITAL}]\.(?=\s|,|$)"),  # Anna B.
    re.compile(rf"(?<=[{SMALL},;:]\s)[{CAPITAL}][{SMALL}]+\s[{CAPITAL}][{SMALL}]+"),  # within a sentence: Anna Berg
    re.compile(r"\b\d{6,8}[-+ ]?\d{4}\b"),  # a personal number
    re.compile(r"\b[\w.+-]+@[\w-]+\.\w+"),
    re.compile(r"\b0\d{1,3}[- ]?\d{2,3}[ ]?\d{2,3}[ ]?\d{2}\b"),  # a telephone number
)
SHARE = re.compile(r"\b(\d{1,4})\s+(?:av|utav)\s+(?:de\s+|våra\s+)?(\d{1,4})\b")
WORD = re.compile(rf"[{CAPITAL}{SMALL}]+(?:-[{CAPITAL}{SMALL}]+)*")


def check(words: str, passage: str, *, names: Iterable[str], places: Iterable[str] = (), confirmed: bool) -> str:
    """The quote as it is kept, or a refusal that says what stops it. `names`: people's; `places`: units', which are no people."""
    quote = normal(words)
    if not faithful(quote, normal(passage)):
        told = _("De orden står inte så i stycket. Korta citatet, eller sätt det du säger på annat sätt inom [hakparentes].")
        raise RuleBroken(told, {"words": told})
    if found := list(dict.fromkeys(persons(quote, names, places))):
        told = _(
            "Citatet kan peka ut en person: %(what)s. Korta det, eller skriv om det inom [hakparentes], som [en lärare].",
            what=_said(found),
        )
        raise RuleBroken(told, {"words": told})
    if found := list(dict.fromkeys(few(quote))):
        told = _("Citatet säger en siffra om få: %(what)s. Korta det, eller skriv [några] i stället.", what=_said(found))
        raise RuleBroken(told, {"words": told})
    if not confirmed:
        told = _("Bekräfta att ingen enskild person kan pekas ut av citatet.")
        raise RuleBroken(told, {"confirmed": told})
    return quote


def _said(found: Iterable[str]) -> str:
    return ", ".join(f"”{one}”" for one in found)


def faithful(quote: str, passage: str) -> bool:
    """Whether what stands outside square brackets is the passage's own words, in their order, and enough of them."""
    pieces = [piece.strip() for piece in BRACKETS.split(quote)]
    place = 0
    for piece in filter(None, pieces):
        found = passage.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return sum(len(piece.split()) for piece in pieces) >= FEWEST_WORDS


def persons(quote: str, names: Iterable[str], places: Iterable[str] = ()) -> Iterator[str]:
    """What in a quote may be somebody's name: the words as they stand there."""
    for place in sorted(places, key=len, reverse=True):
        quote = quote.replace(place, "…")
    known = {part.casefold() for name in names for part in WORD.findall(name) if len(part) > 1}
    for found in WORD.finditer(quote):
        word = found.group()
        if word[0].isupper() and ({word.casefold(), word.casefold().removesuffix("s")} & known):
            yield word
    for pattern in PATTERNS:
        yield from (found.group() for found in pattern.finditer(quote))


def few(quote: str) -> Iterator[str]:
    """Shares of so few that they point somebody out: of fewer than ten, or with one to four on either side, or none."""
    for found in SHARE.finditer(quote):
        part, whole = int(found[1]), int(found[2])
        if part <= whole and (whole < FEW or part < FEW_LEFT or whole - part < FEW_LEFT):
            yield found.group()
