"""What two coders have said otherwise of a round's paragraphs, with the words and what has been resolved."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.base.db import db
from chain.cycle.models import Round
from chain.finding.counting import Counted
from chain.finding.models import Resolution
from chain.finding.rules import Differs
from chain.followup.models import Submission
from chain.organisation.models import Person

PER_PAGE = 20


@dataclass(frozen=True)
class Difference:
    """A paragraph with what each of two coders said of it, and what stands, where somebody has resolved it."""

    submission: str  # its address
    unit: str
    span: str
    heading: str
    text: str
    first: tuple[str, list[str]]  # who, and the themes' names
    second: tuple[str, list[str]]
    resolution: Resolution | None


@dataclass(frozen=True)
class Page:
    """Some of them, those that wait before the others."""

    rows: list[Difference]
    waiting: int
    total: int
    number: int

    @property
    def more(self) -> bool:
        return self.number * PER_PAGE < self.total


def differences(found: Counted, round: Round, number: int = 1) -> Page:
    """A page of a round's differences: three statements, whatever their number."""
    waiting = found.waiting(round)
    resolved = [one for one in found.standing.differs if found.handed[one.submission].round_id == round.id and one not in waiting]
    every = [*waiting, *resolved]
    here = every[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(_told(found, here), len(waiting), len(every), number)


def _told(found: Counted, here: list[Differs]) -> list[Difference]:
    ids = {one.submission for one in here}
    texts = {one.id: one for one in db.session.scalars(select(Submission).where(Submission.id.in_(ids)))}
    people = {
        number: name
        for number, name in db.session.execute(
            select(Person.id, Person.name).where(Person.id.in_({who for one in here for who in (one.first, one.second)}))
        )
    }
    asked = select(Resolution).where(Resolution.submission_id.in_(ids))
    whole = (joinedload(Resolution.resolved_by), joinedload(Resolution.stands))
    resolved = {(one.submission_id, one.span): one for one in db.session.scalars(asked.options(*whole))}
    names = {one.id: one.name for one in found.themes}
    rows = []
    for one in here:
        written = texts[one.submission]
        span = next(each for section in written.snapshot["sections"] for each in section["spans"] if each["id"] == one.span)
        said = [sorted(names[theme] for theme in themes) for themes in (one.firsts, one.seconds)]
        rows.append(
            Difference(
                written.public_id, written.snapshot["unit"]["name"], one.span, span["heading"], span["text"],
                (people[one.first], said[0]), (people[one.second], said[1]), resolved.get((one.submission, one.span)),
            )
        )  # fmt: skip
    return rows
