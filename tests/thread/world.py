"""A thread that holds from the nation to a classroom's answer, reached by doing: what the tests of the thread begin in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chain.base import clock
from chain.cycle.models import Round
from chain.feedback import actions as feedback
from chain.feedback.models import Feedback
from chain.goal.models import Goal
from chain.matter import actions as matter
from chain.matter.models import Decision
from chain.measure.models import Measure
from chain.thread.rules import Strand
from tests.feedback import world as said
from tests.followup import scene, world
from tests.goal import desk
from tests.makers import Cast
from tests.measure.test_board import CAUSES
from tests.rollup import district


@dataclass
class Woven:
    """A November: goals at every level, a measure of Alskolan's towards its own, a decision, and an answer from its classroom."""

    round: Round
    goals: dict[str, Goal]
    measure: Measure
    decision: Decision
    feedback: Feedback
    more: dict[str, Any] = field(default_factory=dict)


def woven(cast: Cast) -> Woven:
    made = desk.chain(cast)
    round = world.opened(cast)
    items = scene.measures(cast.pia, 1, "2026/27:2")["items"]
    items[0] |= {"cause": "analysis.c2", "goal": made["unit"].public_id}  # type: ignore[index]
    district.accepted(cast, "alskolan", analysis=CAUSES, measures={"items": items})
    [measure] = (one for one in world.measures_set(cast, "alskolan", round) if one.question == "measures")
    decision = matter.record(
        cast.unit["bun"], decided_on=clock.today(), paragraph="§ 12", registration_number="Bun 2026/75",
        text="Nämnden vill veta vad läsgrupperna ger.", about=round, by=cast.sixten,
    )  # fmt: skip
    told = said.given(cast, "maja", "fvn", about=decision)
    said.pass_down(told, cast, "fvn:diana", "norr:arne", "alskolan:pia")
    feedback.answer(said.at(told, cast, "al46"), "Vi läser i par varje morgon.", by=cast.lena)
    return Woven(round, made, measure, decision, told)


def knots(strands: Iterable[Strand]) -> Iterator[Strand]:
    """Every strand with all below it."""
    for one in strands:
        yield one
        yield from knots(one.below)


def told(strands: Iterable[Strand], kind: str) -> list[str]:
    """The titles of one kind of knot, as they come."""
    return [one.knot.title for one in knots(strands) if one.knot.kind == kind]
