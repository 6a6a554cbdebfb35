"""Handovers between Alskolan and Ekskolan, reached by doing: year 4 goes on to year 5 at the other school."""

from datetime import date, timedelta

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.handover import actions, queries, section_actions
from chain.handover import reception_actions as receiving
from chain.handover.models import Handover, Reception
from chain.organisation.models import Mandate
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast

SPRING = clock.at(date(2027, 5, 12), 10)
WORDS = {
    "work": "Gruppen är van vid att arbeta i halvgrupp varje förmiddag.",
    "what_worked": "Korta genomgångar med bild, sedan arbete i par.",
    "environment": "Dagens schema finns i bild på väggen och används av alla.",
}


def begun(
    cast: Cast, *, cohort: str = "Klass 4A", children: int = 24, by: Mandate | None = None, year_group: str = "4"
) -> Handover:
    """A draft without a word."""
    return actions.begin("between_years", year_group, year="2026/27", cohort=cohort, children=children, by=by or cast.pia)


def write(handover: Handover, who: Mandate, **texts: str) -> Handover:
    for key, text in texts.items():
        section = queries.section(fresh(handover), key)
        assert section is not None
        section_actions.save(handover, key, text, version=section.version, save_key=f"{key}{section.version}", by=who)
    return fresh(handover)


def fresh(handover: Handover) -> Handover:
    db.session.expire_all()
    return db.session.get_one(Handover, handover.id)


def written(cast: Cast, to: tuple[str, ...] = ("ekskolan",), **texts: str) -> Handover:
    """Ready to be handed over."""
    made = write(begun(cast), cast.pia, **{**WORDS, **texts})
    for unit in to:
        actions.choose(made, cast.unit[unit], by=cast.pia)
    return fresh(made)


def give(handover: Handover, who: Mandate) -> Handover:
    return actions.give(handover, confirmed=True, version=queries.revision(fresh(handover)), by=who)


@kept
def given(cast: Cast) -> Handover:
    return give(written(cast), cast.pia)


def came(handover: Handover) -> Reception:
    """The one reception."""
    [one] = fresh(handover).receptions
    return one


@kept
def opened(cast: Cast) -> Handover:
    made = given(cast)
    receiving.open_(came(made), by=cast.petra)
    return made


@kept
def received(cast: Cast) -> Handover:
    made = opened(cast)
    receiving.receive(came(made), by=cast.petra)
    return made


@kept
def answered(cast: Cast) -> Handover:
    made = received(cast)
    receiving.answer(came(made), "Vi fortsätter med halvgrupperna.", "Hur delade ni in grupperna?", by=cast.petra)
    return made


def next_autumn(cast: Cast) -> Round:
    """The first round of the year after, opened; the clock stands there."""
    rounds = world.open_year(cast, "2027/28")
    clock.hold(clock.at(rounds[0].opens_on + timedelta(days=1), 9))
    return cycle.open_round(rounds[0], by=cast.diana)
