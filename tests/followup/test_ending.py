"""What becomes of follow-ups when a unit ends: said beforehand, and done."""

import pytest

from chain.base.db import db
from chain.cycle.models import Round
from chain.followup import ending_actions, queries
from chain.organisation import actions as organisation
from chain.organisation.rules import Waiting
from tests.followup import world
from tests.makers import Cast


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def test_what_waits_for_an_area_that_ends_is_told_with_who_accepts_it_instead(cast: Cast, november: Round) -> None:
    world.hand_in(world.followup(cast, "pia"), cast.pia)
    found: list[Waiting] = []
    ending_actions.unit_to_end(unit=cast.unit["norr"], found=found)
    assert [(one.count, one.names, one.to) for one in found] == [(1, ("Alskolan",), cast.unit["fvn"].name)]


def test_a_draft_of_a_unit_that_ends_stands_among_the_earlier_texts_of_its_successor(cast: Cast, november: Round) -> None:
    world.save(world.followup(cast, "lena"), "works", {"text": "Vi läser högt."}, cast.lena)
    old, new = cast.unit["al46"], cast.unit["ek46"]
    organisation.close_unit(old, successor=new, reason="Lagen slås ihop.", version=old.version, by=cast.stina)
    db.session.rollback()
    section = queries.section(world.followup(cast, "linus"), "works")
    assert section is not None and section.answer == {"text": ""}
    assert [(one.kept, one.answer) for one in queries.saves.history(section)] == [(False, {"text": "Vi läser högt."})]
