"""The second door downstream: a named place in a page where a later link puts a fragment of its own."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from markupsafe import Markup

# slot: whose page it is in, who contributes. A test checks that this is the whole truth.
SLOTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "person.page": ("organisation", ("account",)),
    "health.page": ("organisation", ("account",)),
    "differences.page": ("cycle", ("result",)),  # what a year asks otherwise than is shipped
    "tree.page": ("organisation", ("plan",)),  # what is missing in it
    "unit.page": ("organisation", ("result", "plan", "support", "handover", "dialogue", "intake")),
    "goal.archive": ("goal", ("thread",)),
    "goal.page": ("goal", ("rollup",)),  # the figure that a goal is seen by
    "goal.thread": ("goal", ("thread",)),  # what hangs below it
    "measure.page": ("measure", ("support", "dialogue", "thread")),  # what it has led to above, where it was agreed
    "followup.head": ("followup", ("support",)),  # what waits above, before anything else
    "followup.hub": ("followup", ("finding", "support", "feedback")),
    "finding.page": ("finding", ("thread",)),
    "submission.page": ("followup", ("finding", "rollup", "feedback")),
    "release.page": ("release", ("report", "document")),  # what is built on it
    "matter.page": ("matter", ("document",)),  # its papers, and what else later links know of it
    "decision.form": ("matter", ("feedback",)),  # what is said down the chain in the same step
    "decision.page": ("matter", ("report", "feedback", "thread")),
    "dialogue.page": ("dialogue", ("feedback",)),  # what has been said about it
    "report.page": ("report", ("publication", "feedback")),
    "report.documents": ("report", ("document",)),  # written to the committee about the round
    "report.seen": ("report", ("document",)),  # what the committee had been handed by a day
    "document.page": ("document", ("publication",)),
    "report.since": ("report", ("feedback",)),  # what the committee said last time, and what came of it
}

Fragment = Callable[..., str]
_fragments: dict[str, dict[str, Fragment]] = {name: {} for name in SLOTS}


def fill(name: str, link: str) -> Callable[[Fragment], Fragment]:
    """Let a link put a fragment (safe HTML, or nothing) in another's page."""
    if link not in SLOTS[name][1]:
        raise LookupError(f"{link} does not stand in the table as filling {name}")

    def keep(fragment: Fragment) -> Fragment:
        _fragments[name][link] = fragment
        return fragment

    return keep


def missing() -> list[tuple[str, str]]:
    """(slot, link) of the table for which no fragment was registered; a test wants none."""
    return [(name, link) for name, (_owner, links) in SLOTS.items() for link in links if link not in _fragments[name]]


def slot(name: str, **facts: Any) -> Markup:
    """The fragments of a place, in the order of the chain."""
    parts = (_fragments[name][link](**facts) for link in SLOTS[name][1] if link in _fragments[name])
    return Markup("").join(Markup(part) for part in parts if part)  # each was rendered with escaping


def connect(app: Flask) -> None:
    """The word `slot` for the templates."""
    app.jinja_env.globals["slot"] = slot
