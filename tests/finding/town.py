"""The town's coding: themes, passages and what came of them, for those who ask who may see what."""

from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.finding import actions, example_actions, finding_actions, queries
from chain.finding.example_models import Example
from chain.finding.models import Passage
from chain.followup.models import Submission
from tests.makers import Cast

HEARS = ("olle", "olga", "diana", "ragna", "pia", "bo", "arne")  # of the answer: those who wrote the words, and who read them


def build(cast: Cast, town: Any, alskolan: Submission) -> None:
    """Olle has coded last November's text of alskolan and marked it as read; nobody has read what he noted but the director."""
    themes = queries.themes(cast.unit["fvn"].id)
    town.name("theme", themes[0], act="retire", **{"=into": themes[1].public_id})
    theirs = queries.themes(cast.unit["vuxf"].id)
    town.name("theme vux", theirs[0], act="retire", **{"=into": theirs[1].public_id})
    text = next(section for section in alskolan.snapshot["sections"] if section["kind"] == "text")
    span = queries.own(text["spans"])[0]["id"]
    note = town.canary("coders note", "olle", "diana")
    town.name("passage", actions.mark(alskolan, span, [themes[0].public_id], note=note, by=cast.olle))
    actions.finish(alskolan, by=cast.olle)
    rest = {"?round": alskolan.round.public_id, "=round": alskolan.round.public_id}
    passage = db.session.scalars(select(Passage)).one()
    town.name("resolves", alskolan.round, **{"=submission": alskolan.public_id, "=span": span})
    town.name("theme then", themes[0], **rest)
    words = "Vi ser läsningen i " + town.canary("finding of the administration", "olle", "olga", "diana", "ragna")
    note = {"title": "Läsningen", "seen": words, "passages": [passage.public_id]}
    town.name("finding", finding_actions.note(themes[0], alskolan.round, **note, by=cast.olle))
    answered = finding_actions.note(themes[0], alskolan.round, **(note | {"seen": "Läsningen går framåt."}), by=cast.olle)
    finding_actions.go(answered, "answer", words="Det gör vi: " + town.canary("answer", *HEARS), by=cast.diana)
    town.name("finding answered", answered)
    gone = finding_actions.quote(passage, themes[0], passage.words, confirmed=True, by=cast.olle)
    finding_actions.unquote(gone, by=cast.olle)
    town.name("quote withdrawn", gone)
    town.name("quote", finding_actions.quote(passage, themes[0], passage.words, confirmed=True, by=cast.olle))


def examples(cast: Cast, town: Any, alskolan: Submission, ekskolan: Submission) -> None:
    """Alskolan's example is published with its consent, and ekskolan tries it; ekskolan's own has only been offered."""
    offered = town.name("offer", example_actions.offer(alskolan, title="Läsgrupper", by=cast.pia))
    example_actions.edit(offered, title="Läsgrupper i åk 4", text="Vi läser i små grupper.", by=cast.olle)
    example_actions.go(offered, "agree", by=cast.pia)
    example_actions.go(offered, "publish", by=cast.diana)
    example = town.name("example", db.session.scalars(select(Example)).one())
    plan = town.canary("trial", "petra", "pia", "bo", "olle", "olga", "diana")
    town.name("trial", example_actions.try_(example, plan, by=cast.petra))
    title = town.canary("offer ekskolan", "petra", "olle", "olga", "diana")
    town.name("offer ekskolan", example_actions.offer(ekskolan, title=title, by=cast.petra))
