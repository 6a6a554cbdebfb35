"""The first door downstream: an earlier link tells that something happened, later links do their part of it.

Synchronous and inside the caller's transaction, in the order of the chain; an exception undoes everything.
"""

from collections.abc import Callable
from typing import Any

# Links in which something waits for a unit: when it ends, each hands it over or ends it.
ENDING = (
    "cycle", "goal", "measure", "followup", "finding", "support", "handover", "matter", "dialogue", "document", "feedback",
)  # fmt: skip

# event: who tells it, who listens. A test checks that this is the whole truth.
EVENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "unit_ending": ("organisation", ENDING),
    "unit_to_end": ("organisation", ENDING),  # what would wait for it
    "unit_to_move": ("organisation", ("cycle", "followup", "support")),  # what stays as it is when a unit moves
    "unit_to_finish": ("organisation", ("cycle",)),  # until when others finish what a round still awaits of a unit that ended
    "unit_moved": ("organisation", ("goal", "handover")),  # a round, and what was handed up in it, keep its tree
    "mandate_ended": ("organisation", ("account", "support")),
    "person_ended": ("organisation", ("account",)),
    "year_opened": ("cycle", ("result", "goal", "finding")),
    "figures_looked_for": ("result", ("followup", "rollup")),  # in which rounds of a year somebody has handed in an indicator
    "round_opened": ("cycle", ("measure", "followup", "support", "rollup")),
    "exempting": ("cycle", ("followup",)),  # a node is about to be expected no longer: what has handed in refuses
    "expectation_changed": ("cycle", ("rollup",)),  # somebody was exempted from a round, or no longer is
    "release_looked_for": ("release", ("report", "document")),  # whether something that the asker may read is built on a release
    "decision_recorded": ("matter", ("feedback",)),  # with what the secretary's form sent along for later links
    "matter_written": ("matter", ("document",)),  # what the committee is to read is ready: whoever keeps its papers may refuse
    "papers_looked_for": ("matter", ("document",)),  # the papers of some matters, for the agenda and the matters' own pages
    "agreements_looked_for": ("followup", ("dialogue",)),  # what a unit has agreed to do, to be taken in as new measures
    "agreements_named": ("followup", ("dialogue",)),  # which of a section's measures were agreed elsewhere
    "pack_made": ("dialogue", ("feedback",)),  # what later links know of a unit that belongs in its preparation
    "submitting": ("followup", ("rollup",)),
    "submitted": ("followup", ("finding", "support")),
    "supplemented": ("followup", ("finding",)),  # the same words once more, with the figures of those who came late
    "opened": ("followup", ("support",)),  # somebody above has begun to read
    "taken_back": ("followup", ("support",)),
}

Listener = Callable[..., None]
_listeners: dict[str, dict[str, Listener]] = {name: {} for name in EVENTS}


def listen(name: str, link: str) -> Callable[[Listener], Listener]:
    """Let a link do its part when something happens."""
    if link not in EVENTS[name][1]:
        raise LookupError(f"{link} does not stand in the table as a listener to {name}")

    def keep(listener: Listener) -> Listener:
        _listeners[name][link] = listener
        return listener

    return keep


def missing() -> list[tuple[str, str]]:
    """(event, link) of the table for which no listener was registered; a test wants none."""
    return [(name, link) for name, (_teller, links) in EVENTS.items() for link in links if link not in _listeners[name]]


def tell(name: str, **facts: Any) -> None:
    """Tell the later links, one after another."""
    for link in EVENTS[name][1]:
        if listener := _listeners[name].get(link):
            listener(**facts)
