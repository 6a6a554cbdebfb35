"""Lifts words of what was handed up into a draft above it, and leaves them out again.

In a draft, so no line in the audit: its numbers are seen by others, on receipts. What is handed up says what it cites.
"""

import hashlib

from chain.access import guard
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.followup import holding, place, queries, rules
from chain.followup.models import Citation, Followup, Submission
from chain.followup.rules import Span
from chain.organisation.models import Mandate


@unaudited
def cite(
    followup: Followup, key: str, submission: Submission, span: str, words: str, *, confirmed: bool, by: Mandate
) -> Citation:
    """Lift words from what was handed up into a section of one's own. They have to stand in that passage, as they are."""
    holding.alone(followup)
    guard.require(Action.WRITE, followup, by)
    guard.require(Action.READ, submission, by)
    if submission.opened_at is None:
        raise RuleBroken(_("Ingen har öppnat uppföljningen än. Öppna och läs den, så går det att lyfta in ord ur den."))
    node, passage = queries.node(followup), _passage(submission, span)
    chosen = rules.normal(words)
    if cycle.question(node, key) is None:
        raise NotFound
    if not chosen or chosen not in rules.normal(passage.text):
        raise RuleBroken(_("De orden står inte så i texten. Markera dem i texten och citera dem som de står."))
    if not confirmed:
        raise RuleBroken(_("Bekräfta att ingen enskild person kan pekas ut av citatet."))
    citation = Citation(
        followup_id=followup.id, section=key, submission_id=submission.id, unit_id=followup.unit_id, path=followup.path,
        ceiling=place.cited_up_to(node), span=span, heading=passage.heading, words=chosen,
        sha256=hashlib.sha256(chosen.encode()).hexdigest(), cited_at=clock.now(), cited_by_id=by.person_id,
    )  # fmt: skip
    followup.state = "draft"
    followup.moved += 1  # whoever has read the follow-up through reads it again before it is handed up
    db.session.add(citation)
    db.session.flush()
    return citation


@unaudited
def uncite(citation: Citation, *, by: Mandate) -> None:
    """Leave a citation out of a draft. What was handed up with it is as it was, so it can still be opened from there."""
    holding.alone(citation.followup)
    guard.require(Action.WRITE, citation.followup, by)
    citation.followup.moved += 1
    if citation.public_id in queries.handed_up_citations(citation.followup):
        citation.state = "lifted_out"
    elif citation.public_id in queries.handed_up_citations(citation.followup, withdrawn=True):
        citation.state = "withdrawn"
    else:
        db.session.delete(citation)


def _passage(submission: Submission, span: str) -> Span:
    for section in submission.snapshot["sections"]:
        for one in section["spans"]:
            if one["id"] == span:
                return Span(**one)
    raise NotFound
