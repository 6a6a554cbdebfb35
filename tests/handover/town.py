"""Handovers in every state, for the tests that ask who may see what. Alskolan gives, Ekskolan receives."""

from typing import Any

import pytest

from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.handover import actions, section_actions
from chain.handover import reception_actions as receiving
from chain.handover.models import Handover, Reception
from tests.handover import world
from tests.makers import Cast

WRITERS = ("pia", "bo")
GIVER = (*WRITERS, "fanny", "lena", "tove")  # what has been handed over is read at the unit and in its groups


def build(cast: Cast, town: Any) -> None:
    """Short names: `handover <state>`, `reception <state>`. A word of each text is known by those who may read it alone."""
    for place, state in enumerate(("draft", "given", "opened", "received", "answered", "returned")):
        readers = {
            "draft": WRITERS,
            "given": GIVER,
            "received": (*GIVER, "petra", "linus"),
            "answered": (*GIVER, "petra", "linus"),
        }
        word = town.canary(f"handover {state}", *readers.get(state, (*GIVER, "petra")))
        made = world.written(cast, work=f"Gruppen har arbetat med {word}.")
        if place:
            _go(world.give(made, cast.pia), state, cast, town)
        one = world.came(made)
        town.name(f"handover {state}", made, key="work", number=1, reception_id=one.public_id)
        town.name(f"reception {state}", one)
        if state == "draft":
            _aside(made, cast, town)
        town.parts[f"receiver of {state}"] = {**town.parts[f"handover {state}"], "=unit": cast.unit["ekskolan"].public_id}
    db.session.commit()


def _aside(made: Handover, cast: Cast, town: Any) -> None:
    """Words of a draft that came second."""
    with pytest.raises(Conflict):
        word = town.canary("handover aside", *WRITERS)
        section_actions.save(made, "work", f"Andra ord om {word}.", version=1, save_key="aside", by=cast.bo)
    more = {"?save": "aside", "=save": "aside", "=version": "2"}
    town.parts["handover aside"] = {**town.parts["handover draft"], **more}


def _go(made: Handover, state: str, cast: Cast, town: Any) -> None:
    if state == "given":
        return
    one: Reception = receiving.open_(world.came(made), by=cast.petra)
    if state in ("received", "answered"):
        receiving.receive(one, by=cast.petra)
    if state == "answered":
        word = town.canary("handover reply", *GIVER, "petra", "linus")
        receiving.answer(world.came(made), f"Vi tar vid med {word}.", "Hur delade ni in grupperna?", by=cast.petra)
    if state == "returned":
        word = town.canary("handover question", *GIVER, "petra")
        receiving.send_back(one, f"Hur har ni arbetat med {word}?", by=cast.petra)
        world.write(made, cast.bo, what_worked=f"Nya ord om {town.canary('handover rewritten', *WRITERS)}.")
        actions.describe(world.fresh(made), cohort=town.canary("cohort rewritten", *GIVER), children=24, by=cast.pia)
