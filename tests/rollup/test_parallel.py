"""Sixteen heads press Accept at once: nobody waits for ever, and no sum is wrong."""

import threading

import pytest
from flask import Flask

from chain.access.policy import Role
from chain.base.db import db
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate
from chain.rollup import actions, verify
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

HOW_MANY = 16
MA4 = ("MA", "4")


@pytest.fixture
def handed_in(cast: Cast) -> tuple[Round, list[int]]:
    """Sixteen schools in two areas, each with a follow-up waiting to be accepted."""
    for place in range(HOW_MANY):
        school = organisation.add_unit(
            cast.unit["norr" if place % 2 else "soder"], name=f"Skola {place}", level="unit", by=None,
            school_forms=["GR"], year_groups=["4", "5"],
        )  # fmt: skip
        person = organisation.add_person(cast.unit["sjovik"], name=f"Rektor {place}", email=f"r{place}@sjovik.example", by=None)
        short = f"skola{place}"
        cast.unit[short], cast.who[f"r{place}"] = school, organisation.give_mandate(person, Role.PRINCIPAL, school, by=None)
    november = world.opened(cast)
    handed_up = []
    for place in range(HOW_MANY):
        mine, by = world.followup(cast, f"r{place}", november), cast.who[f"r{place}"]
        handed_up.append(world.hand_in(mine, by, results=district.cells({MA4: (20 + place, 20, 15)})).id)
    return november, handed_up


def test_sixteen_acceptances_at_once_give_the_right_sums(app: Flask, cast: Cast, handed_in: tuple[Round, list[int]]) -> None:
    november, handed_up = handed_in
    heads = [cast.who["arne" if place % 2 else "asta"].id for place in range(HOW_MANY)]
    db.session.commit()
    together, faults = threading.Barrier(HOW_MANY), []

    def accept(submission_id: int, mandate_id: int) -> None:
        with app.app_context():
            try:
                together.wait(30)
                submission, by = db.session.get_one(Submission, submission_id), db.session.get_one(Mandate, mandate_id)
                actions.accept(submission, by=by)
            except Exception as fault:  # whatever it is, the test tells it
                faults.append(fault)
            finally:
                db.session.remove()

    people = [threading.Thread(target=accept, args=each) for each in zip(handed_up, heads, strict=True)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    assert not faults and not any(person.is_alive() for person in people)
    enrolled = sum(20 + place for place in range(HOW_MANY))
    assert district.sums(cast.unit["fvn"], november) == {MA4: (enrolled, 20 * HOW_MANY, 15 * HOW_MANY, HOW_MANY)}
    assert district.cover(cast.unit["fvn"], november) == (3 + HOW_MANY, HOW_MANY)
    assert verify.problems() == []
