"""What the tests of coding have in common: units whose analyses lie opened, and coders who mark them."""

from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.finding import actions, queries
from chain.finding.models import Passage, Theme
from chain.followup import actions as followup
from chain.followup.models import Submission
from chain.organisation.models import Mandate
from tests import asked
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district

SEE = "Lärarna behöver handledning i svenska.\n\nUnderlaget ser olika ut i varje klass."
WHY = "Vi har ingen gemensam struktur på underlaget."
FIRST, SECOND, CAUSE = "analysis.see.1", "analysis.see.2", "analysis.why.1"


def analysis(see: str = SEE, why: str = WHY) -> dict[str, str]:
    return {"see": see, "why": why, "evidence": "Diagnosen.", "sure": "Ganska säkra."}


@kept
def handed_in(cast: Cast) -> Round:
    """November, with what three units have handed in, each opened by its receiver."""
    round = world.opened(cast)
    for unit in ("alskolan", "ekskolan", "havet"):
        submission = district.hand_in(cast, unit, analysis=analysis())
        followup.open_(submission, by=cast.who[district.HEAD[unit]])
    return round


def submission(cast: Cast, unit: str) -> Submission:
    """The newest that a unit has handed in."""
    asked = select(Submission).where(Submission.unit_id == cast.unit[unit].id).order_by(Submission.id.desc())
    return db.session.scalars(asked).first()  # type: ignore[return-value]


def theme(cast: Cast, key: str) -> Theme:
    return next(one for one in queries.themes(cast.unit["fvn"].id) if one.key == key)


def mark(cast: Cast, unit: str, span: str, *keys: str, by: Mandate, words: str = "") -> Passage:
    names = [theme(cast, key).public_id for key in keys]
    return actions.mark(submission(cast, unit), span, names, words=words, by=by)


def read(cast: Cast, unit: str, by: Mandate, **codes: str) -> None:
    """Code a text and mark it as read: first, second and why are its paragraphs."""
    for place, keys in codes.items():
        span = {"first": FIRST, "second": SECOND, "why": CAUSE}[place]
        mark(cast, unit, span, *keys.split(), by=by)
    actions.finish(submission(cast, unit), by=by)


def january(cast: Cast, november: Round) -> Round:
    """The round after, in which one of them says the same again."""
    later = next(one for one in november.year.rounds if one.number == 2)
    with clock.held(clock.at(later.opens_on)):
        opened = cycle.open_round(later, by=cast.diana)
        followup.open_(district.hand_in(cast, "ekskolan", round=opened, analysis=analysis()), by=cast.arne)
    return opened


def statements(browser: FlaskClient, address: str) -> int:
    """How many statements a page takes."""
    with asked.statements() as said:
        assert browser.get(address).status_code == 200, address
    return len(said)
