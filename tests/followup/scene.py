"""A November in the middle of things, for the tests of pages: a year behind, teams that have answered, a principal at work."""

from dataclasses import dataclass
from datetime import timedelta

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions
from chain.followup.models import Followup, Submission
from chain.organisation.models import Mandate
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast

WORKS = (
    "Vi har börjat varje mattelektion med tio minuter gemensam problemlösning. Fler förklarar hur de tänker, och färre "
    "fastnar på det första steget.\n\nI åk 6 prövar eleverna varandras lösningar i par."
)
CLASSROOM = "Läsgrupperna kom i gång i vecka 36 och har hållits två gånger i veckan."
ANALYSIS = {
    "see": "I åk 6 når 14 av 24 minst E i matematik. I åk 4 läser 17 av 22 med flyt.\n\nSkillnaden mellan grupperna är stor.",
    "why": "Arbetsområdet om bråk gavs av tre olika vikarier.",
    "evidence": "Diagnosen i vecka 45 och samtal med eleverna.",
    "sure": "Ganska säkra om bråk. Vi vet inte om taluppfattning.",
}
LAST_YEAR = {
    "see": "I åk 6 når 19 av 25 minst E i matematik.",
    "why": "Läsgrupperna har gett fler elever ord för det de räknar med.",
    "evidence": "Omdömen inför utvecklingssamtalen.",
    "sure": "Inte så säkra: gruppen är liten.",
}


@dataclass
class Scene:
    cast: Cast
    last_year: Round
    november: Round
    pia: Followup
    lena: Submission

    def of(self, who: str) -> Followup:
        return world.followup(self.cast, who, self.november)


def measures(by: Mandate, count: int = 2, due: str = "2025/26:2") -> dict[str, object]:
    words = (
        ("Få läser med flyt i åk 4: läsgrupper två gånger i veckan.", "De läser en sida högt utan att stanna."),
        ("Många fastnar i problemlösning: tio minuter gemensamt varje lektion.", "Fler förklarar hur de tänker."),
    )
    person = by.person.public_id
    return {
        "items": [
            {"item": f"m{n}", "problem": words[n % 2][0], "sign": words[n % 2][1], "goal": "", "responsible": person, "due": due}
            for n in range(count)
        ]
    }


def accepted(mine: Followup, by: Mandate, receiver: Mandate, **answers: object) -> Submission:
    submission = world.hand_in(mine, by, **answers)
    actions.open_(submission, by=receiver)
    actions.accept(submission, by=receiver)
    return submission


def november(cast: Cast, count: int = 2) -> Scene:
    """Last November is accepted, with `count` measures; this one is open, the team has handed in and has been read."""
    last_year, now, lena = _november(cast, count)
    db.session.rollback()
    return Scene(cast, last_year, now, world.followup(cast, "pia", now), lena)


@kept
def _november(cast: Cast, count: int) -> tuple[Round, Round, Submission]:
    rounds = world.open_year(cast, "2025/26")
    with clock.held(clock.at(rounds[0].opens_on + timedelta(days=10))):
        last_year = cycle.open_round(rounds[0], by=cast.diana)
        mine = world.followup(cast, "pia", last_year)
        accepted(mine, cast.pia, cast.arne, analysis=LAST_YEAR, measures=measures(cast.pia, count))
    with clock.held(clock.at(world.OPENS[0] + timedelta(days=2))):
        now = world.opened(cast)
    lena = world.hand_in(world.followup(cast, "lena", now), cast.lena, works={"text": WORKS}, classroom={"text": CLASSROOM})
    actions.open_(lena, by=cast.pia)
    return last_year, now, lena
