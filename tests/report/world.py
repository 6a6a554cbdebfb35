"""A round in which everybody hands in, reached by doing: from the groups to the committee's page."""

from typing import Any

from chain.base.db import db
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.followup.models import Submission
from chain.release import actions as release
from chain.release.models import Release
from chain.report import actions
from chain.report.models import Report
from chain.rollup import actions as rollup
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

UNITS = ("pia", "petra", "per")
AREAS = ("arne", "asta")
RECEIVES = {"lena": "pia", "linus": "petra", "pia": "arne", "petra": "arne", "per": "asta", "arne": "diana", "asta": "diana"}
SAID = {
    "where_we_are": "3 av 3 enheter har lämnat in. Lärarnas bedömningar ligger i nivå med november förra året.",
    "stands_out": "Matematik i åk 6 ligger lägre än slumpen förklarar. I övrigt är variationen av den storlek som slumpen ger.",
    "units_see": "Två enheter säger att underlaget för analys saknar gemensam struktur. En ber om handledning.",
    "we_do": "Två rektorer tar fram ett gemensamt underlag till april. En matematikutvecklare arbetar på två skolor.",
    "we_ask": "Vi ber nämnden godkänna redovisningen och ta ställning till om matematikutvecklaren ska finnas kvar hela våren.",
}


@kept
def handed_up(cast: Cast, round: Round, who: tuple[str, ...] = (*UNITS, *AREAS)) -> None:
    """Units, then areas, hand in and are accepted."""
    for name in who:
        submission = world.hand_in(world.followup(cast, name, round), cast.who[name])
        rollup.accept(submission, by=cast.who[RECEIVES[name]])


@kept
def administration(cast: Cast, round: Round, **said: str) -> Submission:
    """The administration's own, with its five answers."""
    answers: dict[str, Any] = {key: {"text": words} for key, words in (SAID | said).items()}
    mine = world.followup(cast, "diana", round)
    world.write(mine, cast.olle, **answers)
    return followup.submit(mine, version=world.fresh(mine).version, by=cast.diana)


@kept
def released(cast: Cast, round: Round) -> Release:
    return release.approve(release.prepare(round, by=cast.olle), by=cast.diana)


@kept
def with_figures(cast: Cast) -> Report:
    """November's page, with the figures of two schools: 20 of 40 reach E in year 4, which neither school's own figures are."""
    november = world.opened(cast)
    for unit, figures in (("alskolan", (25, 24, 13)), ("ekskolan", (16, 16, 7))):
        district.accepted(cast, unit, {("MA", "4"): figures, ("EN", "6"): (16, 16, 15), ("SV", "6"): (4, 4, 4)})
    return published(cast, november, ("per", *AREAS))


@kept
def published(cast: Cast, round: Round | None = None, who: tuple[str, ...] = (*UNITS, *AREAS)) -> Report:
    """Everything up to the committee's page."""
    asked = round or world.opened(cast)
    handed_up(cast, asked, who)
    administration(cast, asked)
    released(cast, asked)
    made = actions.publish(asked, by=cast.diana)
    db.session.expire_all()
    return made
