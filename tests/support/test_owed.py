"""Random years: whatever happens to a need, somebody owes it an answer, or has answered it. At any time."""

import os
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.followup import checks, queries
from chain.followup.models import Followup, Submission
from chain.measure.models import Measure
from chain.organisation import actions as organisation
from chain.organisation import queries as tree
from chain.organisation.models import Mandate, Unit
from chain.rollup import actions as rollup
from chain.support import actions, escalation_actions, routing_actions, routing_queries
from chain.support.escalation_models import Escalation
from chain.support.escalation_rules import ANSWERED, LIVE, again
from chain.support.models import SupportRequest
from tests.followup import world
from tests.makers import Cast

SEEDS = range(int(os.environ.get("YEARS", "2")))  # more of them: as many worlds
WHY = "Beskriv vad som har kommit i vägen."
FATES = ("withdraw", "send_back", "reopen")


def standing(one: Escalation) -> Escalation | None:
    """Where a need stands now: at the end of the line that it has been taken up."""
    found: Escalation | None = one
    while found is not None and found.state == "taken_up":
        found = db.session.scalars(select(Escalation).where(Escalation.origin_id == found.id)).first()
    return found


def owed(one: Escalation) -> None:
    """A need that somebody owes an answer stands at an open level, where, or above which, somebody leads."""
    last = standing(one)
    assert last is not None, "taken up by nobody"
    assert last.state in LIVE, f"taken up and then {last.state}"
    assert last.receiver.open, f"with {last.receiver.name}, which has closed"
    assert last.receiver.level in ("unit", "area", "administration", "committee")
    assert routing_queries.heads(last.receiver), "with nobody who leads there, or above"


def check() -> Counter[str]:
    """No open need without an owner. Counts what it has looked at."""
    db.session.rollback()
    seen: Counter[str] = Counter()
    roots = select(Escalation).where(Escalation.origin_id.is_(None)).order_by(Escalation.id)
    found = db.session.scalars(roots).all()
    for one in found:
        if one.state in LIVE:
            owed(one)
            seen[one.state] += 1
    by_line, by_request = {one.lineage: one for one in found}, {one.request_id: one for one in found}
    for measure in db.session.scalars(select(Measure).where(Measure.state == "open", Measure.carried >= 3)):
        one = by_line.get(measure.lineage)
        assert one is not None, f"carried {measure.carried} times, and nobody above knows"
        answered = one.state in ANSWERED and not again(one.carried, measure.carried)
        assert answered or one.state in LIVE, f"carried {measure.carried} times, but {one.state}"
        seen["carried"] += 1
    newest = db.session.scalars(select(Round).where(Round.opened_at.is_not(None)).order_by(Round.opened_at.desc())).first()
    for request in db.session.scalars(select(SupportRequest).where(SupportRequest.state.in_(("sent", "open", "taken_up")))):
        further = select(SupportRequest).where(SupportRequest.origin_id == request.id)
        if request.state == "taken_up":
            assert db.session.scalars(further).one().state in ("open", "taken_up"), "taken up by nobody"
            continue
        assert request.receiver.open or tree.remaining(request.receiver), "asked of nobody"
        assert newest is not None and newest.opened_at is not None
        if request.round_id != newest.id and request.asked_at < newest.opened_at and escalation_actions.rises_to(request):
            one = by_request.get(request.id)
            assert one is not None and one.state in LIVE, "a round without an answer, and nobody above knows"
            seen["unanswered"] += 1
        if request.helper_id:
            assert routing_queries.helps_now(request), "sent to somebody who has left"
    return seen


class Years:
    """Five rounds of three schools in two areas, by chance."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.chance, self.happened = cast, random.Random(f"owed {seed}"), Counter[str]()
        self.schools = {"pia": "alskolan", "petra": "ekskolan", "per": "havet"}
        self.serial = 0

    def play(self) -> None:
        routing_actions.keep(self.cast.unit["fvn"], {"law": self.cast.olle.public_id}, by=self.cast.diana)
        rounds = [*world.open_year(self.cast), *world.open_year(self.cast, "2027/28")[:1]]
        for place, round in enumerate(rounds):
            self.at(round, 3)
            cycle.open_round(round, by=self.cast.diana)
            self.seen()
            for who in self.chance.sample(sorted(self.schools), len(self.schools)):
                self.school(who, round)
            self.at(round, 30)
            self.answers()
            if place == 1:
                self.merge()
            if place == 2:
                self.close_an_area()
            if self.chance.random() < 0.5:
                self.leaves()
            self.seen()

    def at(self, round: Round, days: int) -> None:
        clock.hold(max(clock.now() + timedelta(minutes=1), clock.at(round.opens_on + timedelta(days=days), 9)))

    def seen(self) -> None:
        self.happened += check()

    def school(self, who: str, round: Round) -> None:
        mine = queries.of(self.cast.unit[self.schools[who]].id, round)
        if mine is None or self.chance.random() < 0.15:
            self.happened["skipped"] += 1
            return
        submission = self.hand_in(who, mine)
        self.seen()
        for fate in self.chance.sample(FATES, self.chance.randint(0, 2)):
            if not self.take_back(who, submission, fate):
                continue
            self.happened[fate] += 1
            self.seen()
            submission = self.hand_in(who, world.fresh(mine))
            self.seen()
        head = self.leads(submission.receiver_id)
        if head and self.chance.random() < 0.7:
            rollup.accept(submission, by=head)
            self.happened["accept"] += 1

    def hand_in(self, who: str, mine: Followup) -> Submission:
        """What was open mostly goes on; now and then something is asked for."""
        here, by, said = checks.work(mine), self.cast.who[who], dict[str, Any]()
        due = list(here.known.dues)[-1]
        words = {"problem": "Få läser", "sign": "De läser", "responsible": by.person.public_id, "due": due, "goal": ""}
        for question in here.questions:
            if question.kind == "outcomes":
                kinds = self.chance.choices(("goes_on", "changed", "done"), (8, 2, 1), k=len(here.open))
                outcome = {"effect": "Lite", "evidence": ["observation"], "reason": "not_able", **words}
                said[question.key] = {
                    "items": {one.public_id: {**outcome, "kind": kind} for one, kind in zip(here.open, kinds, strict=True)}
                }
            if question.kind == "measures":
                new = question.required or not here.open
                said[question.key] = {"items": [{"item": f"{mine.id}-{question.key}", **words}] if new else []}
            if question.kind == "requests":
                rows = [{"item": f"{mine.public_id[:16]}{n}", "type": "law", "text": f"Stöd {n}"} for n in (1, 2)]
                said[question.key] = {"items": [row for row in rows if self.chance.random() < 0.5]}
        for question in here.questions:
            answer = said.get(question.key) or world.Writer(by).answer(here, question)
            world.save(mine, question.key, answer, by, done=True)
        return followup.submit(mine, version=world.fresh(mine).version, by=by)

    def take_back(self, who: str, submission: Submission, fate: str) -> bool:
        head = self.leads(submission.receiver_id)
        if fate == "withdraw":
            if submission.opened_at is not None:
                return False
            followup.withdraw(submission, by=self.cast.who[who])
            return True
        if head is None:
            return False
        if fate == "reopen":
            rollup.accept(submission, by=head)
            rollup.reopen(submission, reason=WHY, by=head)
        else:
            rollup.send_back(submission, reason=WHY, by=head)
        return True

    def leads(self, unit_id: int | None) -> Mandate | None:
        unit = db.session.get(Unit, unit_id) if unit_id else None
        return next((one for one in routing_queries.heads(unit) if one.unit_id == unit_id), None) if unit else None

    def answers(self) -> None:
        """Some of what is owed is answered, refused or taken further up."""
        for model, act in ((SupportRequest, actions.answer), (Escalation, escalation_actions.answer)):
            for one in db.session.scalars(select(model).where(model.state == "open").order_by(model.id)).all():
                head = self.leads(one.receiver_id)
                if head is None or self.chance.random() < 0.5:
                    continue
                state = self.chance.choice(("granted", "refused", "taken_up"))
                raised = (
                    model is SupportRequest
                    and db.session.scalars(
                        select(Escalation).where(Escalation.request_id == one.id, Escalation.state.in_(LIVE))
                    ).first()
                )
                if raised or head.unit.level == "committee":
                    state = "refused"
                until = {"until": clock.today()} if model is Escalation else {}
                act(one, state=state, text="Så här tänker vi om det.", by=head, **until)
                self.happened[f"{model.__name__} {state}"] += 1
                self.seen()

    def merge(self) -> None:
        units = [self.cast.unit["alskolan"], self.cast.unit["ekskolan"]]
        into = units[0] if self.chance.random() < 0.5 else None
        made = organisation.merge_units(
            units, into=into, versions={one.public_id: world.fresh(one).version for one in units}, name="Nya skolan",
            follow=[self.cast.pia.public_id], by=self.cast.stina,
        )  # fmt: skip
        self.cast.unit["nya"], self.schools["pia"] = made, "nya"
        self.cast.who["pia"] = next(one for one in tree.remaining(made) if one.person_id == self.cast.pia.person_id)
        del self.schools["petra"]
        self.happened["merged"] += 1
        self.seen()

    def close_an_area(self) -> None:
        """The northern area ends, with the southern as its successor or without any."""
        norr, soder = self.cast.unit["norr"], self.cast.unit["soder"]
        for unit in tree.children(world.fresh(norr)):
            if unit.open:
                organisation.move_unit(unit, under=soder, version=unit.version, by=self.cast.stina)
        successor = soder if self.chance.random() < 0.5 else None
        version = world.fresh(norr).version
        organisation.close_unit(norr, successor=successor, reason="Området läggs ned.", version=version, by=self.cast.stina)
        self.happened["an area ended"] += 1
        self.seen()

    def leaves(self) -> None:
        """Somebody who leads or prepares leaves, and is replaced or not."""
        roles = (Role.AREA_HEAD, Role.OFFICER, Role.DIRECTOR)
        held = select(Mandate).where(Mandate.role.in_(roles), Mandate.path.like("/sjovik/bun/%"), tree.holding(clock.today()))
        gone = self.chance.choice(db.session.scalars(held.order_by(Mandate.id)).all())
        if gone.role is Role.DIRECTOR or self.chance.random() < 0.5:
            self.serial += 1
            new = organisation.add_person(
                self.cast.unit["sjovik"], name=f"Ny {self.serial}", email=f"ny{self.serial}@sjovik.example", by=None
            )
            made = organisation.give_mandate(new, gone.role, gone.unit, by=None)
            if gone.role is Role.DIRECTOR:
                self.cast.who["diana"] = made
        organisation.end_mandate(gone, by=self.cast.stina)
        self.happened["left"] += 1
        self.seen()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_open_need_is_without_an_owner(cast: Cast, seed: int) -> None:
    years = Years(cast, seed)
    years.play()
    assert {"carried", "unanswered", "open", "merged", "an area ended"} <= set(+years.happened), years.happened
