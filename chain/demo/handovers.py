"""The demonstration's handovers: one answered and due to be looked back on, one looked back on, one that waits, a draft."""

from chain.base import clock
from chain.base.db import db
from chain.demo import texts
from chain.demo.rounds import Committee
from chain.demo.stage import Stage
from chain.demo.texts import Words
from chain.handover import actions, queries, section_actions
from chain.handover import reception_actions as receiving
from chain.handover.models import Handover, Reception
from chain.organisation.models import Mandate

NOW = 5  # the round of the story that is open


def play(committee: Committee, after: int) -> None:
    """What is done after a round, in the order of the file: given in spring, received in August, looked back on in autumn."""
    for told in texts.opened("handovers")["handover"]:
        if told.get("given", NOW) == after:
            _write(committee, told)
        if told.get("taken") == after:
            _take(committee.stage, told)
        if after == NOW and "look_back" in told:
            committee.stage.go(clock.today(), 14)
            receiving.look_back(_reception(committee.stage, told), told["look_back"], by=_head(committee.stage, told["receiver"]))


def _head(stage: Stage, unit: str) -> Mandate:
    return stage.who(f"principal@{unit}")


def _write(committee: Committee, told: Words) -> None:
    """A draft; handed over where it has a receiver."""
    stage, head = committee.stage, _head(committee.stage, told["giver"])
    key, _colon, year_group = told["step"].partition(":")
    stage.go(clock.today(), 13)
    label, _plans = committee.calendar.years[told["year"]]
    made = actions.begin(key, year_group, year=label, cohort=told["cohort"], children=told["children"], by=head)
    for heading, text in told["text"].items():
        stage.go(clock.today(), 13)
        section_actions.save(made, heading, text, version=1, save_key=heading, by=head)
    if "receiver" in told:
        stage.go(clock.today(), 14)
        actions.choose(made, stage.unit[told["receiver"]], by=head)
        made = _fresh(made)
        actions.give(made, confirmed=True, version=queries.revision(made), by=head)


def _take(stage: Stage, told: Words) -> None:
    """Opened, received and answered; and the giver replies to what was asked."""
    one, head = _reception(stage, told), _head(stage, told["receiver"])
    stage.go(clock.today(), 9)
    receiving.open_(one, by=head)
    stage.go(clock.today(), 9)
    receiving.receive(one, by=head)
    stage.go(clock.today(), 10)
    receiving.answer(one, told["answer"], told.get("asks", ""), by=head)
    if "reply" in told:
        stage.go(clock.today(), 11)
        receiving.reply(one, told["reply"], by=_head(stage, told["giver"]))


def _reception(stage: Stage, told: Words) -> Reception:
    """What has come from the giver of this one."""
    came = queries.received(_head(stage, told["receiver"]))
    return next(one for one in came if one.handover.unit_id == stage.unit[told["giver"]].id)


def _fresh(handover: Handover) -> Handover:
    db.session.expire_all()
    return db.session.get_one(Handover, handover.id)
