"""What is stored equals what was handed up, whatever happened in between; and whoever tampers is found."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.followup import checks
from chain.followup import queries as followups
from chain.followup.models import Followup, Submission
from chain.organisation import actions as organisation
from chain.organisation import queries as tree
from chain.organisation.models import Mandate, Unit
from chain.result.models import Indicator
from chain.result.rules import Row, Table
from chain.rollup import actions, verify
from chain.rollup.actions import COVERAGE, ROWS
from chain.rollup.models import RollupRow
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

MA4, SV5 = ("MA", "4"), ("SV", "5")
WHY = "Avsnittet om matematik saknar orsaker."
SHORTS = ("alskolan", "ekskolan", "havet", "norr", "soder", "al46")
STEPS = 40  # in each round
SHIPPED = (2, 3)
SEEDS = [*range(1, 1 + int(os.environ["YEARS"]))] if "YEARS" in os.environ else SHIPPED
IN_STATE = {  # what somebody may do, and how a follow-up stands that it is tried on first
    "hand_in": "not_started draft", "accept": "submitted", "send_back": "submitted", "reopen": "accepted",
    "withdraw": "submitted", "add": "accepted", "exempt": "not_started draft", "move": "not_started draft submitted accepted",
    "end": "not_started draft submitted accepted",
}  # fmt: skip
OFTEN = ("hand_in", "accept")
HEADS = (Role.STAFF, Role.PRINCIPAL, Role.AREA_HEAD, Role.DIRECTOR)


@pytest.fixture
@kept
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20), SV5: (25, 25, 22)})
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    db.session.commit()
    return found


class Year:
    """Four rounds in which somebody does something, again and again; what the rules refuse does not happen."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice, self.shorts = cast, random.Random(seed), list(SHORTS)
        self.planned = world.open_year(cast)
        self.rounds: list[Round] = []
        self.done: Counter[str] = Counter()
        self.ended: set[int] = set()  # the rounds in which some unit has ended
        self.told: list[str] = []

    def play(self) -> None:
        for round, day in zip(self.planned, world.OPENS, strict=True):
            with clock.held(clock.at(day)):
                self.rounds.append(cycle.open_round(round, by=self.cast.diana))
            for hour in range(STEPS):
                with clock.held(clock.at(day) + timedelta(hours=hour)):
                    self.step()
                    db.session.rollback()
                    assert verify.problems() == [], "\n".join(self.told)

    def step(self) -> None:
        round = self.rounds[-1] if self.dice.random() < 0.8 else self.dice.choice(self.rounds)
        name = self.dice.choice([*OFTEN * 4, *IN_STATE, "add"])
        here = {short: followups.of(self.cast.unit[short].id, round) for short in self.shorts}
        standing = {short: one for short, one in here.items() if one}
        fit = [short for short, one in standing.items() if one.state in IN_STATE[name].split()]
        if name == "add":
            fit = [short for short in fit if followups.supplement_due(standing[short])]
        short = self.dice.choice(fit or list(standing))
        try:
            getattr(self, name)(short, round)
        except (RuleBroken, NotAllowed) as refused:
            self.told.append(f"refused: {name} {short} {round.number}: {refused}")
        else:
            self.done[name] += 1
            self.told.append(f"{name} {short} {round.number}")

    def hand_in(self, short: str, round: Round) -> None:
        mine, by = self._mine(short, round), self._writer(short)
        tables = checks.work(mine).tables
        filled = [self._filled(table) for table in self.dice.sample(tables, min(3, len(tables)))]
        cells = {name: cell for one in filled for name, cell in one.items()}
        reasons = {row.why: "Tre vikarier under hösten." for table in tables for row in table.rows if row.cells[0] in cells}
        answers = {"results": {"cells": cells, "reasons": reasons, "basis": {}}} if cells else {}
        world.hand_in(mine, by, **answers)

    def _filled(self, table: Table) -> dict[str, str]:
        """A row or two of a grid, with figures that hold."""
        return {
            name: cell for row in self.dice.sample(table.rows, min(2, len(table.rows))) for name, cell in self._row(table, row)
        }

    def _row(self, table: Table, row: Row) -> Iterator[tuple[str, str]]:
        left = self.dice.randint(0, 40)
        for name, column in zip(row.cells, table.columns, strict=True):
            if column.key == "mean":
                yield name, f"{self.dice.randint(1, 4)},{self.dice.randint(0, 9)}" if left else ""
            elif column.key == "total":
                yield name, str(self.dice.randint(0, 10**6))
            else:
                count = left if column.key == "enrolled" else self.dice.randint(0, left)
                left = left - count if table.kind == "distribution" and column.key != "enrolled" else count
                yield name, str(count)

    def add(self, short: str, round: Round) -> None:
        """A supplement, where somebody came late: it takes the place of what it adds to."""
        followup.supplement(self._mine(short, round), by=self._writer(short))

    def move(self, short: str, round: Round) -> None:
        """A school changes area in the middle of a round, which keeps the tree that it opened with."""
        unit = self.cast.unit[short]
        if unit.level != "unit":
            raise RuleBroken("schools move")
        under = self.cast.unit["soder" if unit.parent_id == self.cast.unit["norr"].id else "norr"]
        organisation.move_unit(unit, under=under, version=unit.version, by=self.cast.stina)

    def end(self, short: str, round: Round) -> None:
        """A school becomes one with another, in it or in a new one, or closes; and another school opens. Once a round."""
        unit, others = self.cast.unit[short], [one for one in self._schools() if one is not self.cast.unit[short]]
        if unit not in self._schools() or not others or len(self.rounds) in self.ended:
            raise RuleBroken("not now")
        other = self.dice.choice(others)
        how = self.dice.choice(["new", "into", "into", "close"])
        if how == "close" and not [child for child in tree.children(unit) if child.open]:
            successor = self.dice.choice([other, None])
            organisation.close_unit(unit, successor=successor, reason="Läggs ner.", version=unit.version, by=self.cast.stina)
        else:
            self._merge([unit, other], None if how == "new" else other)
        self.ended.add(len(self.rounds))
        self._found()
        self.told.append(f"{how} {short} {other.name}")

    def _merge(self, units: list[Unit], into: Unit | None) -> None:
        """All follow, or but one: then those who do finish for the others."""
        follow = [one.public_id for unit in units for one in tree.remaining(unit)]
        made = organisation.merge_units(
            units, into=into, versions={one.public_id: one.version for one in units}, name=f"Skola {len(self.shorts)}",
            follow=follow[self.dice.choice([0, 0, 1]) :], by=self.cast.stina,
        )  # fmt: skip
        if into is None:
            self._know(made)

    def _found(self) -> None:
        """A school that an open round does not know; its head is in office from the first day."""
        under, name = self.cast.unit[self.dice.choice(["norr", "soder"])], f"Skola {len(self.shorts)}"
        known = {"school_forms": ["GR"], "year_groups": ["4", "5", "6"], "kind": "school"}
        made = organisation.add_unit(under, name=name, level="unit", by=self.cast.stina, opened_on=clock.today(), **known)
        organisation.give_mandate(self.cast.per.person, Role.PRINCIPAL, made, by=self.cast.stina)
        self._know(made)

    def _know(self, unit: Unit) -> None:
        self.cast.unit[unit.slug] = unit
        self.shorts.append(unit.slug)

    def _schools(self) -> list[Unit]:
        return [one for short in self.shorts if (one := self.cast.unit[short]).level == "unit" and one.open]

    def _mine(self, short: str, round: Round) -> Followup:
        found = followups.of(self.cast.unit[short].id, round)
        assert found
        return found

    def _writer(self, short: str) -> Mandate:
        return self._holder(self.cast.unit[short])

    def _holder(self, unit: Unit) -> Mandate:
        """Whoever hands in at a unit today, and accepts what is handed up to it."""
        held = [one for one in tree.remaining(unit) if one.role in HEADS and one.holds(clock.today())]
        if not held:
            raise RuleBroken("nobody is in office")
        return held[0]

    def accept(self, short: str, round: Round) -> None:
        latest = self._latest(short, round)
        actions.accept(latest, by=self._head(latest))

    def send_back(self, short: str, round: Round) -> None:
        latest = self._latest(short, round)
        actions.send_back(latest, reason=WHY, by=self._head(latest))

    def reopen(self, short: str, round: Round) -> None:
        latest = self._latest(short, round)
        actions.reopen(latest, reason=WHY, by=self._head(latest))

    def withdraw(self, short: str, round: Round) -> None:
        followup.withdraw(self._latest(short, round), by=self._writer(short))

    def exempt(self, short: str, round: Round) -> None:
        node = world.node(self.cast, short, round)
        if node.expected:
            cycle.exempt(node, reason="Enheten byggs om.", by=self.cast.diana)
        else:
            cycle.expect(node, by=self.cast.diana)

    def _latest(self, short: str, round: Round) -> Submission:
        found = followups.latest(self.cast.unit[short].id, round)
        if found is None:
            raise RuleBroken("nothing is handed up")
        return found

    def _head(self, submission: Submission) -> Mandate:
        """Who receives it where it stood when it was handed up, whatever has moved since."""
        return self._holder(db.session.get_one(Unit, submission.receiver_id))


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_random_year_nothing_differs(cast: Cast, seed: int) -> None:
    year = Year(cast, seed)
    year.play()
    assert seed not in SHIPPED or set(year.done) == set(IN_STATE), year.done
    stored = set(db.session.scalars(select(RollupRow.indicator)))
    kinds = {kind for key, kind in db.session.execute(select(Indicator.key, Indicator.kind)) if key in stored}
    if seed in SHIPPED:
        assert kinds == {"share", "distribution", "mean", "count"}
        assert year.done["hand_in"] > 20 and year.done["accept"] > 15, year.done


def test_nothing_differs_when_nobody_has_tampered(november: Round) -> None:
    assert verify.problems() == []


TAMPERED = {
    "a row": update(ROWS).where(ROWS.c.subject == "MA", ROWS.c.units == 2, ROWS.c.k == 29).values(k=30),
    "a total": update(ROWS).where(ROWS.c.subject == "MA", ROWS.c.units == 2).values(total=1),
    "a missing row": delete(ROWS).where(ROWS.c.subject == "SV"),
    "coverage": update(COVERAGE).where(COVERAGE.c.expected == 3).values(reporting=3),
    "missing coverage": delete(COVERAGE).where(COVERAGE.c.expected == 3, COVERAGE.c.school_form == ""),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_found(november: Round, what: str) -> None:
    db.session.execute(TAMPERED[what])
    db.session.commit()
    assert verify.problems()
    actions.rebuild(november, by=None)
    assert verify.problems() == []


def test_an_extra_row_is_found(cast: Cast, november: Round) -> None:
    row = db.session.execute(select(ROWS).where(ROWS.c.unit_id == cast.unit["fvn"].id).limit(1)).mappings().one()
    db.session.execute(insert(ROWS), [{**row, "subject": "IDH"}])
    db.session.commit()
    assert [sentence for sentence in verify.problems() if "IDH" in sentence and "ingen har lämnat in" in sentence]


def test_a_snapshot_whose_hash_does_not_hold_is_found(cast: Cast, november: Round) -> None:
    one = db.session.scalars(select(Submission).where(Submission.unit_id == cast.unit["alskolan"].id)).one()
    changed = {**one.snapshot, "figures": [{**figure, "k": 1} for figure in one.snapshot["figures"]]}
    db.session.execute(update(Submission).where(Submission.id == one.id).values(snapshot=changed))
    db.session.commit()
    found = verify.problems()
    assert any("Alskolan" in sentence and "kontrollsumma" in sentence for sentence in found)
    assert len(found) > 1  # the sums no longer agree with it either


def test_the_command_leaves_with_a_failure_when_something_differs(app: Flask, november: Round) -> None:
    run = app.test_cli_runner()
    assert run.invoke(args=["rollup", "verify"]).exit_code == 0
    db.session.execute(TAMPERED["a row"])
    db.session.commit()
    told = run.invoke(args=["rollup", "verify"])
    assert told.exit_code == 1
    assert "Barn- och utbildningsförvaltningen: raden at_least_e GR MA 4" in told.output
    assert run.invoke(args=["rollup", "rebuild"]).exit_code == 0
    assert run.invoke(args=["rollup", "verify"]).exit_code == 0
