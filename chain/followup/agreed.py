"""What the node has agreed to elsewhere, offered as new measures: taken in by one press, and nothing is written twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chain.base import events
from chain.followup.checks import Work


@dataclass(frozen=True)
class Agreed:
    """Something agreed, as it would stand in a new measure. `item` is the measure's name in the section, and stays its mark."""

    item: str
    problem: str
    responsible: str  # a person's public id
    due: str
    source: str  # where it was agreed, in words


def offered(here: Work, answer: Mapping[str, Any]) -> list[Agreed]:
    """What is agreed and stands neither in this answer nor in another section of the follow-up."""
    found: list[Agreed] = []
    events.tell("agreements_looked_for", unit_id=here.followup.unit_id, found=found)
    if not found:
        return []
    taken = {row["item"] for section in here.sections.values() for row in _rows(section.answer)}
    taken |= {row["item"] for row in _rows(answer)}
    return [one for one in found if one.item not in taken]


def _rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = answer.get("items")
    return [row for row in rows if "item" in row] if isinstance(rows, list) else []


def taken_in(here: Work, answer: Mapping[str, Any], item: str, *, most: int) -> dict[str, Any]:
    """The answer with what was agreed as a measure of its own, last; as it was where it is not offered, or there is no room."""
    rows = list(answer.get("items", []))
    one = next((each for each in offered(here, answer) if each.item == item), None)
    if one is None or len(rows) >= most:
        return dict(answer)
    due = one.due if one.due in here.known.dues else next(iter(here.known.dues), "")  # the round may have passed
    person = one.responsible if one.responsible in here.known.people else ""
    row = {"item": one.item, "problem": one.problem, "sign": "", "goal": "", "responsible": person, "due": due}
    return {**answer, "items": [*rows, row]}


def sources(unit_id: int, answer: Mapping[str, Any]) -> dict[str, str]:
    """Where those measures of an answer come from that were agreed elsewhere, by their items."""
    items = [row["item"] for row in _rows(answer)]
    found: dict[str, str] = {}
    if items:
        events.tell("agreements_named", unit_id=unit_id, items=items, found=found)
    return found
