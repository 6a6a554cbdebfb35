"""What a governing document governs: the node's own goals, and what a follow-up asks of each level."""

from flask import g

from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.goal import document_actions as actions
from chain.goal import document_queries as queries
from chain.goal import queries as goals
from chain.goal.document_models import GoverningDocument, GoverningReference
from forms.base import choices
from forms.goal import Refer


def offer(form: Refer, document: GoverningDocument) -> None:
    """The goals of the node and those below it are not chosen among here: the node's own, and what is asked of each level."""
    if document.state != "adopted" or not queries.writes(g.mandate, document):
        form.what.choices = []
        return
    own = [one for one in goals.choosable(document.path, goals.this_year(document.path)) if one.unit_id == document.unit_id]
    asked = [(f"question:{level}:{key}", words) for (level, key), words in questions(document).items()]
    form.what.choices = choices([("", _("Välj")), *((f"goal:{one.public_id}", one.name) for one in own), *asked])


def questions(document: GoverningDocument) -> dict[tuple[str, str], str]:
    """What is asked of each level, as the newest year asks it, by level and the question's key."""
    year = goals.newest_year(document.path)
    found = cycle.every_question(year) if year else []
    return {(one.level, one.key): f"{cycle.level_name(one.level)}: {one.title}" for one in found}


def refer(document: GoverningDocument, what: str) -> GoverningReference:
    """One more thing, as the form named it: a goal, or a level's question."""
    kind, _colon, name = what.partition(":")
    if kind == "goal":
        own = goals.choosable(document.path, goals.this_year(document.path))
        goal = next((one for one in own if one.public_id == name), None)
        return actions.refer(document, goal=goal, by=g.mandate)
    level, _colon, key = name.partition(":")
    known = (level, key) in questions(document)
    return actions.refer(document, level=level if known else "", question=key if known else "", by=g.mandate)
