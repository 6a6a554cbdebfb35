"""Which of the lines of `vem svarar på vad` holds, and what a suggested answer has to say."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from chain.base.errors import RuleBroken
from chain.base.lengths import fitting
from chain.base.locale import _
from chain.support.rules import LONGEST

HELPERS = ("officer", "director", "area_head")  # roles that can prepare an answer
HEADS = {"unit": "principal", "area": "area_head", "administration": "director", "committee": "secretary"}  # who answers there
LEVELS = ("administration", "area")  # where a table of this kind is kept


class Line(NamedTuple):
    """`unit` is asked; `person` with a mandate at the unit `at` prepares."""

    unit: int
    type: str
    person: int
    at: int


def helper(lines: Iterable[Line], places: Sequence[int], kind: str, holding: Collection[tuple[int, int]]) -> Line | None:
    """The line that holds for a kind of need: that of the nearest place whose person still has a mandate there.

    `places`: who is asked, then its administration; `holding`: (person, unit) of today's mandates. None: the head answers alone.
    """
    said = {(line.unit, line.type): line for line in lines}
    found = (said.get((place, kind)) for place in places)
    return next((line for line in found if line and (line.person, line.at) in holding), None)


def check_prepared(state: str, words: str, states: Collection[str]) -> str:
    """A suggestion says which answer, and in which words; it is not sent empty, for the head is to be able to take it over."""
    if state not in states:
        sentence = _("Välj vilket svar du föreslår.")
        raise RuleBroken(sentence, {"state": sentence})
    if not words.strip():
        sentence = _("Skriv svaret som du föreslår att det lämnas.")
        raise RuleBroken(sentence, {"answer": sentence})
    return fitting(words, LONGEST, "answer")
