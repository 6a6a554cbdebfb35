"""The demonstration tells of handovers: to look back on, looked back on, waiting, a draft. Nobody is named in any."""

from flask import Flask
from sqlalchemy import select

from chain.base.db import db
from chain.followup.rules import sha256
from chain.handover import queries, rules
from chain.handover.models import Handover, HandoverEdition, Reception


def test_the_story_has_handovers_in_every_season(demonstration: Flask) -> None:
    came = db.session.scalars(select(Reception).join(Reception.handover).order_by(Reception.id)).all()
    assert [(one.handover.unit.name, one.unit.name, one.state) for one in came] == [
        ("Skogsgläntans förskola", "Björkskolan", "answered"), ("Björkskolan", "Vikskolan", "looked_back"),
        ("Åsby skola", "Vikskolan", "handed_over"),
    ]  # fmt: skip
    assert [one.state for one in db.session.scalars(select(Handover).order_by(Handover.id))].count("draft") == 1
    answered, looked_back, _waits = came
    assert queries.looks_back_in(answered) is not None and looked_back.round is not None


def test_what_was_handed_over_is_as_it_was_and_names_nobody(demonstration: Flask) -> None:
    for one in db.session.scalars(select(HandoverEdition)):
        found = queries.edition(one.handover_id, one.number)
        assert found and found.sha256 == sha256(found.snapshot)
        people, known = queries.names_near(found.handover)
        assert rules.warnings({part["key"]: part["text"] for part in found.snapshot["sections"]}, people, known) == []
