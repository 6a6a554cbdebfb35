"""What is stored equals what was handed up, whatever happened in between; and whoever tampers is found."""

import random

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.followup import queries as followups
from chain.followup.models import Submission
from chain.result.models import Indicator
from chain.rollup import actions, verify
from chain.rollup.actions import COVERAGE, ROWS
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

MA4, SV5 = ("MA", "4"), ("SV", "5")
WHY = "Avsnittet om matematik saknar orsaker."
SHORTS = ("alskolan", "ekskolan", "havet", "norr", "soder", "al46")
STEPS = 60
OTHER_KINDS = ("grants", "school_survey", "test_and_grade", "absence")  # a count, a mean, a distribution, and hours


@pytest.fixture
def november(cast: Cast) -> Round:
    found = world.opened(cast)
    district.accepted(cast, "alskolan", {MA4: (25, 24, 20), SV5: (25, 25, 22)})
    district.accepted(cast, "ekskolan", {MA4: (12, 10, 9)})
    db.session.commit()
    return found


class Year:
    """Somebody does something, again and again; what the rules refuse does not happen."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice = cast, random.Random(seed)
        self.rounds = world.november_and_january(cast)
        for one in db.session.scalars(select(Indicator).where(Indicator.key.in_(OTHER_KINDS))):
            one.facts = {**one.facts, "rounds": [1, 2]}
        db.session.commit()
        self.written: set[tuple[str, int]] = set()

    def step(self) -> str:
        short, round = self.dice.choice(SHORTS), self.dice.choice(self.rounds)
        often, seldom = (self.hand_in, self.accept), (self.send_back, self.reopen, self.withdraw, self.exempt)
        act = self.dice.choice((*often, *often, self.accept, *seldom))
        try:
            act(short, round)
        except (RuleBroken, NotAllowed) as refused:
            return f"refused: {act.__name__} {short}: {refused}"
        return f"{act.__name__} {short} {round.number}"

    def hand_in(self, short: str, round: Round) -> None:
        who = district.WRITER[short]
        mine, by = world.followup(self.cast, who, round), self.cast.who[who]
        some = self.dice.sample([MA4, SV5, ("MA", "5"), ("EN", "6")], 2)
        figures = district.cells({place: self._counts() for place in some})
        figures["cells"] |= self._other_kinds()
        figures["reasons"] |= {f"{key}|why": "Tre vikarier." for key in ("school_survey|GR|SE-STOD|5", "test_and_grade|GR|MA|6")}
        if (short, round.id) not in self.written:
            world.write(mine, by)
            self.written.add((short, round.id))
        if short in ("alskolan", "ekskolan"):
            world.save(mine, "results", figures, by, done=True)
        followup.submit(world.fresh(mine), version=mine.version, by=by)

    def _counts(self) -> district.Counts:
        enrolled = self.dice.randint(0, 40)
        assessed = self.dice.randint(0, enrolled)
        return enrolled, assessed, self.dice.randint(0, assessed)

    def _other_kinds(self) -> dict[str, str]:
        enrolled, assessed, lower = self._counts()
        mean = f"{self.dice.randint(0, 9)},{self.dice.randint(0, 9)}" if assessed else ""
        typed = {
            "grants|GR|MEDEL-NYANLANDA|": {"total": self.dice.randint(0, 10**8)},
            "school_survey|GR|SE-STOD|5": {"enrolled": enrolled, "assessed": assessed, "mean": mean},
            "test_and_grade|GR|MA|6": {"enrolled": enrolled, "lower": lower, "equal": assessed - lower},
            "absence|GR||": {"enrolled": enrolled, "assessed": 100 * enrolled, "reached": assessed},
        }
        return {f"{row}|{name}": str(cell) for row, cells in typed.items() for name, cell in cells.items()}

    def accept(self, short: str, round: Round) -> None:
        actions.accept(self._latest(short, round), by=self._head(short))

    def send_back(self, short: str, round: Round) -> None:
        actions.send_back(self._latest(short, round), reason=WHY, by=self._head(short))

    def reopen(self, short: str, round: Round) -> None:
        actions.reopen(self._latest(short, round), reason=WHY, by=self._head(short))

    def withdraw(self, short: str, round: Round) -> None:
        followup.withdraw(self._latest(short, round), by=self.cast.who[district.WRITER[short]])

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

    def _head(self, short: str):
        return self.cast.who[district.HEAD[short]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_a_random_year_nothing_differs(cast: Cast, seed: int) -> None:
    with clock.held(clock.at(world.OPENS[1])):
        year = Year(cast, seed)
        year.hand_in("alskolan", year.rounds[0])
        year.accept("alskolan", year.rounds[0])
        done, stored = [], set()
        for _step in range(STEPS):
            done.append(year.step())
            db.session.rollback()
            assert verify.problems() == [], "\n".join(done)
            stored |= set(db.session.scalars(select(ROWS.c.indicator)))
        assert sum(not one.startswith("refused") for one in done) > 15
        assert {*OTHER_KINDS, "at_least_e"} <= stored, "\n".join(done)


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
