"""A grade scale changes between two years: each year's mean is reckoned by the scale that held then, from the same sums."""

import random
from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.base.locale import number
from chain.cycle import actions as cycle
from chain.cycle.models import Round, Year
from chain.result.models import Indicator, Scale
from chain.rollup import actions, queries, verify
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

A_F = {"A": "20", "B": "17.5", "C": "15", "D": "12.5", "E": "10", "F": "0", "-": None}
TEN = {str(step): str(step) for step in range(10, 0, -1)}
GRADED = ("alskolan", "ekskolan")
WHY = "Tre vikarier under hösten."


def january(cast: Cast, label: str) -> Round:
    """The round of a year that asks for grades, opened on its day."""
    year = db.session.scalars(select(Year).where(Year.label == label)).first()
    round = (list(year.rounds) if year else world.open_year(cast, label))[1]
    return cycle.open_round(round, by=cast.diana)


def read_on(scale: str, points: dict[str, str | None], year_id: int) -> None:
    """A scale's own version of a year: these steps, in this order, are what its grades are read on."""
    stored = db.session.scalars(select(Scale).where(Scale.year_id == year_id, Scale.key == "af_2011")).one()
    steps = [{"key": key, "points": said, "meaning": "pass", "sv": f"betyg {key}", "en": key} for key, said in points.items()]
    stored.key, stored.facts = scale, {**stored.facts, "key": scale, "step": steps}
    for one in db.session.scalars(select(Indicator).where(Indicator.year_id == year_id)):
        if one.facts.get("scale") == "af_2011":
            one.facts = {**one.facts, "scale": scale}
    db.session.commit()


def graded(cast: Cast, dice: random.Random, round: Round, steps: dict[str, str | None]) -> Counter[str]:
    """Each school hands in a spread of grades by chance, and is accepted; all of them together."""
    together: Counter[str] = Counter()
    for short in GRADED:
        spread = {step: dice.choice([0, 0, dice.randint(1, 40)]) for step in steps} | {next(iter(steps)): dice.randint(1, 9)}
        cells = {f"grades|GR|MA|6|{step}": str(count) for step, count in spread.items()}
        cells["grades|GR|MA|6|enrolled"] = str(sum(spread.values()) + dice.randint(0, 3))
        answer: dict[str, Any] = {"cells": cells, "reasons": {"grades|GR|MA|6|why": WHY}, "basis": {}}
        district.accepted(cast, short, round=round, results=answer)
        together.update(spread)
    return together


def said(cast: Cast, round: Round) -> tuple[dict[str, int], str]:
    """The spread and the mean of mathematics at the administration, as its page says them."""
    db.session.rollback()
    node = world.node(cast, "fvn", round)
    blocks = queries.blocks(cast.diana, round, node, queries.coverage(node.unit_id, round.id))
    line = next(line for block in blocks for line in block.lines if line.mean)
    rows = queries.rows(node.unit_id, round.id)
    return {row.category: row.k for row in rows if row.indicator == "grades" and row.subject == "MA"}, line.mean


def reckoned(spread: Counter[str], points: dict[str, str | None]) -> Fraction:
    """The mean by hand: a step without points counts among nobody."""
    counted = {step: count for step, count in spread.items() if points[step] is not None}
    return sum(Fraction(points[step] or 0) * count for step, count in counted.items()) / sum(counted.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_each_years_mean_is_reckoned_by_the_scale_of_that_year(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    with clock.held(clock.at(date(2027, 1, 12))):
        first = january(cast, "2026/27")
        then = graded(cast, dice, first, A_F)
    with clock.held(clock.at(date(2028, 1, 12))):
        second = january(cast, "2027/28")
        read_on("ten_2028", TEN, second.year_id)
        now = graded(cast, dice, second, TEN)
        for round, spread, points in ((first, then, A_F), (second, now, TEN)):
            counts, mean = said(cast, round)
            assert counts == dict(spread) and verify.problems() == []
            assert mean == number(reckoned(spread, points), 1)
    actions.rebuild(first, by=None)
    assert said(cast, first)[0] == dict(then) and verify.problems() == []
