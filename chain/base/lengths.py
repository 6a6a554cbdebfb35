"""How long a text may be, where it is kept: what is longer is refused with a sentence, and never cut without a word."""

from chain.base.errors import RuleBroken
from chain.base.locale import _, number


def fitting(words: str, most: int, field: str) -> str:
    """The words without the space around them. RuleBroken at the field when they are more than `most` characters."""
    kept = words.strip()
    if len(kept) > most:
        sentence = _("Texten är %(n)s tecken. Korta den till högst %(most)s.", n=number(len(kept)), most=number(most))
        raise RuleBroken(sentence, {field: sentence})
    return kept
