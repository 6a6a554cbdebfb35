"""Whole years: four rounds in order, everything that can happen in them, and nothing that was open is dropped."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import create_app
from chain.base import clock
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions, checks, queries
from chain.followup.models import Followup, Submission
from chain.measure import queries as measure
from chain.measure import rules
from chain.organisation import actions as organisation
from chain.organisation import queries as tree
from chain.rollup import actions as rollup
from tests import conftest, databases, makers
from tests.followup import world
from tests.makers import Cast

UNITS = {"pia": "alskolan", "petra": "ekskolan", "per": "havet"}
YEARS = os.environ.get("YEARS", "")  # so many worlds that nobody has seen, instead of the same eight
OUTCOMES = ("done", "goes_on", "changed", "ended_without")


@contextmanager
def fresh_app(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Flask]:
    """An application on a copy of the template: the property makes many worlds in one test."""
    if kind == "sqlite":
        url = databases.sqlite_clone(request.getfixturevalue("sqlite_template"), folder)
    else:
        url = databases.clone(request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template"))
    app = create_app(conftest.settings(url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if kind != "sqlite":
        databases.drop(url)


class RandomYear:
    """Plays a year by chance, and keeps books of its own: which lineages each unit has open after each round.

    And which round each unit owes: one that came back, and has to be handed in again before the next.
    """

    def __init__(self, cast: Cast, chance: random.Random, happened: Counter[str]) -> None:
        self.cast, self.chance, self.happened = cast, chance, happened
        self.units = dict(UNITS)
        self.open: dict[str, set[str]] = {who: set() for who in UNITS}
        self.owed: dict[str, Round] = {}
        self.serial = 0

    def play(self) -> None:
        for place, round in enumerate(world.open_year(self.cast)):
            with clock.held(clock.at(world.OPENS[place] + timedelta(days=5))):
                cycle.open_round(round, by=self.cast.diana)
            self.one_round(round, place)
            if self.chance.random() < 0.3:
                self.move(world.OPENS[place] + timedelta(days=60))
            if len(self.units) == len(UNITS) and self.chance.random() < 0.25:
                self.merge(world.OPENS[place] + timedelta(days=61))

    def one_round(self, round: Round, place: int) -> None:
        for who in self.chance.sample(sorted(self.units), len(self.units)):
            if self.chance.random() < 0.2:
                self.happened["missing"] += 1
                continue  # what it had open stays open
            late = self.chance.random() < 0.3
            self.happened["late"] += late
            with clock.held(clock.at(world.OPENS[place] + timedelta(days=45 if late else 20))):
                if who in self.owed:
                    self.refused(who, round)
                    self.hand_in(who, self.owed.pop(who), late=True)
                if who not in self.owed:
                    self.hand_in(who, round, late)

    def refused(self, who: str, round: Round) -> None:
        """A later round waits for the one that came back: else what that one resolved and set would be lost."""
        self.happened["refused"] += 1
        mine = world.followup(self.cast, who, round)
        with pytest.raises(RuleBroken, match="kom tillbaka"):
            world.hand_in(mine, self.cast.who[who], **self.answers(mine, {}))

    def hand_in(self, who: str, round: Round, late: bool) -> None:
        """Hand in, be returned, take back, be accepted and opened again, in the orders that the table allows."""
        before = set(self.open[who])
        submission, after = self.submit(who, round, before)
        assert submission.late == late
        for _turn in range(self.chance.randint(0, 2)):
            fate = self.chance.choice(["withdraw", "send_back", "reopen"])
            self.take_back(who, submission, fate)
            self.happened[fate] += 1
            assert self.lineages(who, round) == before
            if self.chance.random() < 0.3:  # not handed in again in its time
                if fate != "withdraw":
                    self.owed[who] = round
                return  # what its authors took back themselves is as if it had been missed
            submission, after = self.submit(who, round, before)
        if self.chance.random() < 0.7:
            rollup.accept(submission, by=self.receiver(submission))
            self.happened["accept"] += 1
        self.open[who] = after

    def take_back(self, who: str, submission: Submission, fate: str) -> None:
        if fate == "withdraw":
            actions.withdraw(submission, by=self.cast.who[who])
        elif fate == "send_back":
            rollup.send_back(submission, reason="Skriv mer om årskurs 6.", by=self.receiver(submission))
        else:
            rollup.accept(submission, by=self.receiver(submission))
            rollup.reopen(submission, reason="Siffrorna står i fel kolumn.", by=self.receiver(submission))

    def submit(self, who: str, round: Round, before: set[str]) -> tuple[Submission, set[str]]:
        """Answer everything by chance, hand in, and hold what was handed in against the law and against the own books."""
        mine, by = world.followup(self.cast, who, round), self.cast.who[who]
        waiting = measure.to_follow_up(mine.unit_id, round)
        assert {one.lineage for one in waiting} == before
        chosen = {one.public_id: self.chance.choice(OUTCOMES) for one in waiting}
        names = {one.public_id: one.lineage for one in waiting}
        answers = self.answers(mine, chosen)
        submission = world.hand_in(mine, by, **answers)
        told = {one["measure"]: one["kind"] for one in submission.snapshot["outcomes"]}
        assert told == chosen and rules.law(names, told) == set()
        resolved = {names[name] for name, kind in told.items() if not rules.KINDS[kind].carried}
        carried = {names[name] for name, kind in told.items() if rules.KINDS[kind].carried}
        assert before == resolved | carried and not resolved & carried
        new = {one.lineage for one in measure.set_in(mine.unit_id, round.id) if one.state == "open"} - carried
        assert len(new) == len(submission.snapshot["measures"])
        return submission, carried | new

    def answers(self, mine: Followup, chosen: dict[str, str]) -> dict[str, Any]:
        here, writer = checks.work(mine), self.cast.who[next(who for who in self.units if self.unit(who) == mine.unit_id)]
        due = self.chance.choice(sorted(here.known.dues))
        words = {"problem": "p", "sign": "s", "responsible": writer.person.public_id, "due": due, "goal": ""}
        outcome = {"effect": "Det märks", "evidence": ["observation"], "reason": "not_able", **words}
        found: dict[str, Any] = {"outcomes": {"items": {name: {**outcome, "kind": kind} for name, kind in chosen.items()}}}
        for question in here.questions:
            if question.kind == "measures":
                self.serial += 1
                items = [{"item": f"{self.serial}-{place}", **words} for place in range(self.chance.randint(1, 2))]
                found[question.key] = {"items": items}
        return found

    def unit(self, who: str) -> int:
        return self.cast.unit[self.units[who]].id

    def receiver(self, submission: Submission) -> Any:
        return next(one for one in (self.cast.arne, self.cast.asta) if one.unit_id == submission.receiver_id)

    def lineages(self, who: str, round: Round) -> set[str]:
        return {one.lineage for one in measure.to_follow_up(self.unit(who), round)}

    def move(self, day: date) -> None:
        """A school changes area between two rounds: its measures go with it, and so does its right to write."""
        unit = self.cast.unit[self.chance.choice(sorted(self.units.values()))]
        under = self.cast.unit["soder" if unit.parent_id == self.cast.unit["norr"].id else "norr"]
        with clock.held(clock.at(day)):
            self.happened["move"] += 1
            organisation.move_unit(unit, under=under, version=world.fresh(unit).version, by=self.cast.stina)

    def merge(self, day: date) -> None:
        """Two units become one of them, or a new one: it has open what both had. What came back to one that ended is nobody's."""
        stays, goes = self.chance.sample(sorted(self.units), 2)
        new = self.chance.random() < 0.6
        units = [self.cast.unit[self.units[who]] for who in (stays, goes)]
        with clock.held(clock.at(day)):
            self.happened["merged into a new one" if new else "merged"] += 1
            made = organisation.merge_units(
                units, into=None if new else units[0], versions={one.public_id: world.fresh(one).version for one in units},
                name="Nya skolan", follow=[self.cast.who[stays].public_id], by=self.cast.stina,
            )  # fmt: skip
            self.cast.unit[made.slug], self.units[stays] = made, made.slug
            self.cast.who[stays] = next(one for one in tree.remaining(made) if one.person_id == self.cast.who[stays].person_id)
        self.open[stays] |= self.open.pop(goes)
        for who in (stays, goes) if new else (goes,):
            self.owed.pop(who, None)
        del self.units[goes]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_that_was_open_is_dropped(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """open(t) = resolved(t+1) ∪ carried(t+1), over the rounds that a node has handed in, whatever happens to it between them."""

    happened: Counter[str] = Counter()

    @settings(
        max_examples=int(YEARS or 8), deadline=None, derandomize=not YEARS, phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(st.randoms(use_true_random=False))
    def year(chance: random.Random) -> None:
        with fresh_app(request, kind, tmp_path):
            RandomYear(makers.found(), chance, happened).play()

    year()
    kinds = {"missing", "late", "refused", "withdraw", "send_back", "reopen", "accept", "move", "merged", "merged into a new one"}
    assert kinds == set(+happened)


def test_four_rounds_in_order_and_the_next_year_begins_where_they_ended(cast: Cast) -> None:
    seen: list[dict[str, int]] = []
    rounds = world.open_year(cast)
    for place, round in enumerate(rounds):
        with clock.held(clock.at(world.OPENS[place] + timedelta(days=10))):
            cycle.open_round(round, by=cast.diana)
            waiting = measure.to_follow_up(cast.unit["alskolan"].id, round)
            seen.append(dict.fromkeys((one.horizon for one in waiting), 0))
            for one in waiting:
                seen[-1][one.horizon] += 1
            world.hand_in(world.followup(cast, "pia", round), cast.pia)
    assert seen == [{}, {"quarter": 1, "year": 1}, {"quarter": 1}, {"quarter": 1}]
    coming = world.open_year(cast, "2027/28")[0]
    with clock.held(clock.at(date(2027, 11, 10))):
        cycle.open_round(coming, by=cast.diana)
        waiting = measure.to_follow_up(cast.unit["alskolan"].id, coming)
        assert {one.horizon for one in waiting} == {"quarter", "new_year"}
        last, year = queries.before(world.followup(cast, "pia", coming), "example")
        assert last and year and (last.round.number, year.round.number) == (4, 1)


def test_november_is_compared_with_november(cast: Cast) -> None:
    november = world.opened(cast)
    actions.accept(world.hand_in(world.followup(cast, "pia", november), cast.pia), by=cast.arne)
    with clock.held(clock.at(date(2027, 11, 10))):
        coming = cycle.open_round(world.open_year(cast, "2027/28")[0], by=cast.diana)
        compared = checks.earlier(world.node(cast, "alskolan", coming))
    assert [when for when, _figures in compared] == ["samma tid förra året"]
    assert [(one.enrolled, one.n, one.k) for one in compared[0][1]] == [(8, 8, 8)]


def test_a_supplement_is_not_compared_with_as_if_it_were_a_round(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    november, january = world.november_and_january(cast)
    actions.accept(world.hand_in(world.followup(cast, "pia", november), cast.pia), by=cast.arne)
    with clock.held(clock.at(world.OPENS[1] + timedelta(days=4))):
        actions.accept(world.hand_in(world.followup(cast, "lena", november), cast.lena), by=cast.pia)
        supplement = actions.supplement(world.followup(cast, "pia", november), by=cast.pia)
        actions.accept(world.hand_in(world.followup(cast, "pia", january), cast.pia), by=cast.arne)
    april = cycle.queries.rounds(cast.unit["bun"].path)[1]
    with clock.held(clock.at(april.opens_on)):
        node = world.node(cast, "alskolan", cycle.open_round(april, by=cast.diana))
    assert supplement.number == 2 and len(checks.earlier(node)) == 2
    monkeypatch.setattr(checks, "ROUNDS_BACK", 1)
    assert len(checks.earlier(node)) == 1


def test_what_was_withdrawn_or_not_accepted_is_compared_with_nothing(cast: Cast) -> None:
    november, january = world.november_and_january(cast)
    world.hand_in(world.followup(cast, "pia", november), cast.pia)
    assert checks.earlier(world.node(cast, "alskolan", january)) == []
    assert db.session.scalars(select(Submission.state)).all() == ["submitted"]
