"""Reads follow-ups: one's own, its task list and history, what the levels below have handed up, and whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.base import clock
from chain.base.db import db
from chain.base.locale import _
from chain.base.locale import current as language
from chain.base.saves import Saves
from chain.cycle import queries as cycle
from chain.cycle.models import Question, Round, RoundNode, Year
from chain.followup import answers, checks, place, rules
from chain.followup.answers import Answer
from chain.followup.checks import problems
from chain.followup.models import Citation, Followup, Section, SectionVersion, Submission
from chain.organisation.models import Mandate, Person

__all__ = ["problems"]  # beside what is defined here

CAME_BACK = ("returned", "reopened")  # of a submission: its words are the authors' again, and are waited for
saves = Saves(SectionVersion)

OPENED = (  # who has opened a submission, and for which unit
    joinedload(Submission.opened_by).joinedload(Mandate.person),
    joinedload(Submission.opened_by).joinedload(Mandate.unit),
)


@dataclass(frozen=True)
class Task:
    """A section in the task list. Status: not_started, in_progress, done. `idle`: there is nothing to answer this time."""

    question: Question
    section: Section | None
    status: str
    idle: bool = False

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def who(self) -> Person | None:
        return self.section.saved_by if self.section else None

    @property
    def at(self) -> datetime | None:
        return self.section.saved_at if self.section else None


@dataclass(frozen=True)
class Earlier:
    """What the node itself wrote under the same question in another round."""

    round: Round
    answer: Answer


# One's own


def mine(mandate: Mandate, round: Round | None = None) -> Followup | None:
    """The follow-up of the mandate's own node, in a round or in the current one."""
    asked = round or cycle.current(mandate.path)
    return of(mandate.unit_id, asked) if asked else None


def of(unit_id: int, round: Round) -> Followup | None:
    """A node's follow-up in a round."""
    whole = (joinedload(Followup.unit), joinedload(Followup.round).joinedload(Round.year))
    asked = select(Followup).where(Followup.unit_id == unit_id, Followup.round_id == round.id).options(*whole)
    return db.session.scalars(asked).first()


def all_of(unit_id: int) -> list[Followup]:
    """All of a node's follow-ups, the newest round first."""
    return list(
        db.session.scalars(
            select(Followup)
            .join(Round, Followup.round_id == Round.id)
            .join(Year, Round.year_id == Year.id)
            .where(Followup.unit_id == unit_id)
            .options(joinedload(Followup.round).joinedload(Round.year), joinedload(Followup.unit))
            .order_by(Year.starts_on.desc(), Round.number.desc())
        )
    )


def hub(followup: Followup) -> list[Task]:
    """The sections of a follow-up in order, each with how far it has come."""
    return tasks(checks.work(followup))


def tasks(here: checks.Work) -> list[Task]:
    return [Task(one, here.sections.get(one.key), _status(here, one), here.nothing_to_answer(one)) for one in here.questions]


def _status(here: checks.Work, question: Question) -> str:
    section = here.sections.get(question.key)
    if here.nothing_to_answer(question) or (section and section.done):
        return "done"
    if section is None or answers.KINDS[question.kind].is_empty(section.answer):
        return "not_started"
    return "in_progress"


def check_status(found: Iterable[Task]) -> str:
    """Whether one can go on to check and hand in: cannot_start while a section that has to be answered is not marked done."""
    return "not_started" if all(task.status == "done" for task in found if task.question.required) else "cannot_start"


def section(followup: Followup, key: str) -> Section | None:
    asked = select(Section).where(Section.followup_id == followup.id, Section.key == key)
    return db.session.scalars(asked.options(joinedload(Section.saved_by))).first()


def node(followup: Followup) -> RoundNode:
    """Where it stands in its round."""
    found = cycle.node(followup.round, followup.unit_id)
    assert found is not None, "a follow-up is made for a node of its round"
    return found


def before(followup: Followup, key: str) -> tuple[Earlier | None, Earlier | None]:
    """What the node wrote under the same question last round, and in the same round last year."""
    rounds = [cycle.previous(followup.round), cycle.year_before(followup.round)]
    found = db.session.execute(
        select(Followup.round_id, Section.answer)
        .join(Section, Section.followup_id == Followup.id)
        .where(Followup.unit_id == followup.unit_id, Section.key == key)
        .where(Followup.round_id.in_([round.id for round in rounds if round]))
    )
    wrote = {round_id: answer for round_id, answer in found}
    last, year = (Earlier(round, wrote[round.id]) if round and round.id in wrote else None for round in rounds)
    return last, year


def followed(followup: Followup, key: str) -> tuple[Question, Earlier] | None:
    """What the node last wrote under another question, in an earlier round: what this round's question follows up."""
    year = followup.round.year
    before = (Year.starts_on < year.starts_on) | ((Year.id == year.id) & (Round.number < followup.round.number))
    asked = (
        select(Question, Round, Section.answer)
        .select_from(Followup)
        .join(Round, Followup.round_id == Round.id)
        .join(Section, Section.followup_id == Followup.id)
        .join(Year, Year.id == Round.year_id)
        .join(Question, (Question.year_id == Year.id) & (Question.key == Section.key) & (Question.level == Followup.level))
        .where(Followup.unit_id == followup.unit_id, Section.key == key, before)
        .order_by(Year.starts_on.desc(), Round.number.desc())
        .limit(1)
    )
    found = db.session.execute(asked).first()
    return (found[0], Earlier(found[1], found[2])) if found else None


# Handed up


def latest(unit_id: int, round: Round) -> Submission | None:
    """What a node has handed up in a round and that stands: submitted or accepted."""
    return db.session.scalars(
        select(Submission)
        .where(Submission.unit_id == unit_id, Submission.round_id == round.id, Submission.state.in_(rules.HANDED_UP))
        .order_by(Submission.number.desc())
        .options(joinedload(Submission.submitted_by))
    ).first()


def last_number(followup: Followup) -> int:
    """How many times it has been handed up."""
    return db.session.scalar(select(func.max(Submission.number)).where(Submission.followup_id == followup.id)) or 0


def submissions(followup: Followup) -> list[Submission]:
    """All versions that were handed up, the newest first."""
    asked = select(Submission).where(Submission.followup_id == followup.id).order_by(Submission.number.desc())
    who = (joinedload(Submission.submitted_by), joinedload(Submission.decided_by), *OPENED)
    return list(db.session.scalars(asked.options(*who)))


def children(followup: Followup) -> list[tuple[RoundNode, Submission | None]]:
    """Each node that hands up to this one, in Swedish order, with the newest that it has not withdrawn."""
    nodes = _hands_up_to(followup)
    asked = select(Submission).where(
        Submission.round_id == followup.round_id,
        Submission.unit_id.in_([node.unit_id for node in nodes]),
        Submission.state != "withdrawn",
    )
    newest = {one.unit_id: one for one in db.session.scalars(asked.order_by(Submission.number))}
    return [(node, newest.get(node.unit_id)) for node in nodes]


def _hands_up_to(followup: Followup) -> list[RoundNode]:
    """The direct children; and where one takes no part in the round, those under it that do."""
    found = cycle.children(followup.round, followup.unit_id)
    left_out = [node.unit_id for node in found if not node.expected]
    while left_out:
        under = (RoundNode.round_id == followup.round_id, RoundNode.parent_id.in_(left_out))
        further = db.session.scalars(select(RoundNode).where(*under)).all()
        found += [node for node in further if node.expected]
        left_out = [node.unit_id for node in further if not node.expected]
    return found


def supplement_due(followup: Followup) -> list[Submission]:
    """What was accepted from below after this follow-up was handed up: the frozen figures do not hold it."""
    handed_up = latest(followup.unit_id, followup.round)
    if handed_up is None or followup.state != "accepted":
        return []
    return [
        child
        for _node, child in children(followup)
        if child and child.state == "accepted" and child.decided_at and child.decided_at > handed_up.submitted_at
    ]


def handed_up_later(followup: Followup) -> str:
    """The name of a later round that the node has handed in; nothing when it has not."""
    later = _other_rounds(followup, later=True).where(Followup.state.in_(rules.HANDED_UP))
    return round_name(db.session.scalars(later).first())


class Around(NamedTuple):
    """What decides whether something may be done to a submission, beside its own state."""

    last_number: int  # of the follow-up's versions
    receiver_level: str | None
    receiver_handed_up: bool
    handed_up_later: str  # as `handed_up_later`


def around(submission: Submission) -> Around:
    """In one statement; the later round is looked for again to be named, where there is one."""
    followup = submission.followup
    where = {
        "followup": followup.id, "round": followup.round_id, "unit": followup.unit_id, "receiver": submission.receiver_id,
        "year": followup.round.year_id, "starts_on": followup.round.year.starts_on, "number": followup.round.number,
    }  # fmt: skip
    last, level, handed_up, later = db.session.execute(_around(), where).one()
    return Around(last or 0, level, handed_up, handed_up_later(followup) if later else "")


@cache  # putting it together takes longer than asking it
def _around() -> Select[int | None, str | None, bool, bool]:
    receiver: dict[str, Any] = {"unit_id": bindparam("receiver"), "round_id": bindparam("round")}
    later = (Year.starts_on > bindparam("starts_on")) | ((Year.id == bindparam("year")) & (Round.number > bindparam("number")))
    others = select(Followup.id).join(Followup.round).join(Round.year)
    return select(
        select(func.max(Submission.number)).where(Submission.followup_id == bindparam("followup")).scalar_subquery(),
        select(RoundNode.level).filter_by(**receiver).scalar_subquery(),
        select(Submission.id).filter_by(**receiver).where(Submission.state.in_(rules.HANDED_UP)).exists(),
        others.where(Followup.unit_id == bindparam("unit"), later, Followup.state.in_(rules.HANDED_UP)).exists(),
    )


def came_back(followup: Followup) -> Followup | None:
    """The node's earlier follow-up that was returned or reopened and has to be handed in again before this one; the oldest.

    Neither one that the node has been exempted from since, nor one that a later round has closed.
    """
    newest = (
        select(Submission.state)
        .where(Submission.followup_id == Followup.id)
        .order_by(Submission.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    node = (RoundNode.round_id == Followup.round_id) & (RoundNode.unit_id == Followup.unit_id)
    asked = _other_rounds(followup, later=False).add_columns(newest, RoundNode.expected).join(RoundNode, node)
    found = None
    for earlier, last, expected in db.session.execute(asked.order_by(Year.starts_on.desc(), Round.number.desc())):
        if earlier.state in rules.HANDED_UP:
            break
        found = earlier if last in CAME_BACK and expected else found
    return found


def _other_rounds(followup: Followup, *, later: bool) -> Select[Followup]:
    """The node's follow-ups of later rounds, or of earlier ones."""
    year, number = followup.round.year, followup.round.number
    beyond = (Year.starts_on > year.starts_on) | ((Year.id == year.id) & (Round.number > number))
    earlier = (Year.starts_on < year.starts_on) | ((Year.id == year.id) & (Round.number < number))
    return (
        select(Followup)
        .join(Followup.round)
        .join(Round.year)
        .where(Followup.unit_id == followup.unit_id, beyond if later else earlier)
        .options(contains_eager(Followup.round).contains_eager(Round.year))
    )


def round_name(followup: Followup | None) -> str:
    """Which round a follow-up belongs to, with its year; nothing for none."""
    return followup.round.in_year if followup else ""


# Whose turn


def turn(followup: Followup) -> tuple[str, str]:
    """The level whose turn it is, and a sentence that says so."""
    if followup.state in rules.WRITABLE:
        return followup.level, _("Nu är det er tur: skriv och lämna in.")
    node = cycle.node(followup.round, followup.unit_id)
    above = place.receiver(node) if node else None
    if above is None:
        return followup.level, _("Uppföljningen är klar. Nästa steg är att ge ut siffrorna och överlämna sidan till nämnden.")
    if followup.state == "submitted":
        return above.level, _("Nu är det %(name)s tur att läsa och ta emot.", name=_of(above.name))
    return above.level, _("Mottagen som komplett. Nu är det %(name)s tur att dra sina slutsatser.", name=_of(above.name))


def _of(name: str) -> str:
    """A name in the genitive, as Swedish writes it; other languages put it into their own sentence."""
    return name if language() != "sv" or name.endswith(("s", "x", "z")) else f"{name}s"


# Citations


def citations(followup: Followup, key: str) -> list[Citation]:
    """What a section cites, with what it cites from; `stale` on each says whether that has been taken back since."""
    return [citation for citation in all_citations(followup) if citation.section == key]


def all_citations(followup: Followup) -> list[Citation]:
    """What the draft cites: without what was handed up once and has been left out since."""
    there = (Citation.followup_id == followup.id, Citation.state.in_(("draft", "handed_up")))
    asked = select(Citation).where(*there).order_by(Citation.id)
    return list(db.session.scalars(asked.options(joinedload(Citation.submission))))


def citations_named(names: list[str]) -> list[Citation]:
    """Citations by their names, with what they cite from and who cites: for whoever has the text in which they stand."""
    asked = select(Citation).where(Citation.public_id.in_(names))
    whole = joinedload(Citation.submission), joinedload(Citation.followup).joinedload(Followup.unit)
    return list(db.session.scalars(asked.options(*whole)))


def handed_up_citations(followup: Followup, *, withdrawn: bool = False) -> set[str]:
    """The names of the citations in what was handed up, returned or reopened too; what was withdrawn when asked for."""
    asked = select(Submission.snapshot).where(Submission.followup_id == followup.id)
    if not withdrawn:
        asked = asked.where(Submission.state != "withdrawn")
    sections = [section for snapshot in db.session.scalars(asked) for section in snapshot["sections"]]
    return {one["public_id"] for section in sections for one in section.get("citations", [])}


def receivers(unit_id: int, roles: Iterable[str]) -> list[str]:
    """The addresses of those who hold one of the roles at a unit, today."""
    asked = {"unit": unit_id, "roles": list(roles), "today": clock.today()}
    return list(db.session.scalars(_receivers(), asked))


@cache
def _receivers() -> Select[str]:
    today: BindParameter[date] = bindparam("today")
    held = (Mandate.valid_from <= today) & (Mandate.valid_to.is_(None) | (Mandate.valid_to >= today))
    there = (Mandate.unit_id == bindparam("unit"), Mandate.role.in_(bindparam("roles", expanding=True)), held)
    asked = select(Person.public_id).join(Mandate, Mandate.person_id == Person.id)
    return asked.where(*there, Person.ended_at.is_(None)).order_by(Person.id)
