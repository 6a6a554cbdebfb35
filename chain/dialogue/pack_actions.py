"""The unit hands over its preparation: frozen, so that both sides read the same."""

import json

from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.db import atomic, db
from chain.dialogue import holding, queries, rules
from chain.dialogue import pack as packs
from chain.dialogue import text_queries as texts
from chain.dialogue.models import Dialogue, DialoguePack, step
from chain.dialogue.rules import Facts
from chain.followup.rules import canonical, sha256
from chain.organisation.models import Mandate


@atomic
def hand_over(dialogue: Dialogue, *, by: Mandate) -> DialoguePack:
    """Freeze what the unit has handed up and its own words as they are now: a new version, unless it says the same."""
    holding.held(dialogue, Action.SUBMIT, by)
    move = rules.move("hand_over", dialogue.state, Facts(), role=str(by.role))
    own, before = texts.text(dialogue, rules.OWN_WORDS), queries.pack(dialogue)
    read = packs.pack(dialogue, own.text if own else "", by)
    snapshot = json.loads(canonical(read))  # as it will be read, so that its hash can be
    if before is not None and _same(before.snapshot, snapshot):
        audit.note("dialogue.hand_over_again", about=dialogue)
        return before
    made = DialoguePack(
        dialogue_id=dialogue.id, number=before.number + 1 if before else 1, snapshot=snapshot, sha256=sha256(snapshot),
        sent_at=clock.now(), sent_by_id=by.person_id,
    )  # fmt: skip
    dialogue.state = move.state
    db.session.add_all([made, step(dialogue, "hand_over", move.state, by)])
    to = [one["person"] for one in dialogue.people if one["side"] == rules.HOST]
    outbox.post("dialogue.prepared", f"/dialogue/{dialogue.public_id}/pack", to)
    db.session.flush()
    audit.note("dialogue.hand_over", about=dialogue, number=made.number, sha256=made.sha256)
    return made


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    """Whether two packs say the same, whenever and by whom they were handed over."""
    return {**one, "at": "", "by": ""} == {**other, "at": "", "by": ""}
