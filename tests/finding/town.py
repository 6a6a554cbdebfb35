"""The town's coding: themes, passages and what came of them, for those who ask who may see what."""

from typing import Any

from chain.finding import actions, queries
from chain.followup.models import Submission
from tests.makers import Cast


def build(cast: Cast, town: Any, alskolan: Submission) -> None:
    """Olle has coded last November's text of alskolan and marked it as read; nobody has read what he noted but the director."""
    themes = queries.themes(cast.unit["fvn"].id)
    town.name("theme", themes[0], act="retire", **{"=into": themes[1].public_id})
    theirs = queries.themes(cast.unit["vuxf"].id)
    town.name("theme vux", theirs[0], act="retire", **{"=into": theirs[1].public_id})
    span = next(one["id"] for section in alskolan.snapshot["sections"] for one in queries.own(section["spans"]))
    note = town.canary("coders note", "olle", "diana")
    town.name("passage", actions.mark(alskolan, span, [themes[0].public_id], note=note, by=cast.olle))
    actions.finish(alskolan, by=cast.olle)
