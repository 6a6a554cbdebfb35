"""Reads what is coded: an administration's themes, the reading queue, and a submission with what a coder may see of its codes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base.db import db
from chain.base.locale import sort_key
from chain.cycle.models import Round, RoundNode
from chain.finding import rules
from chain.finding.models import CodedReading, Coding, FindingPassage, Passage, Quote, Theme
from chain.followup import reading
from chain.followup.answers import Span
from chain.followup.models import Submission
from chain.followup.reading import LIFTED, Shown
from chain.followup.rules import HANDED_UP
from chain.organisation.models import Mandate, Person

# Themes


def themes(unit_id: int) -> list[Theme]:
    """An administration's themes in their order: retired and merged ones too."""
    asked = select(Theme).where(Theme.unit_id == unit_id).options(joinedload(Theme.merged_into))
    return list(db.session.scalars(asked.order_by(Theme.position, Theme.id)))


def active(found: Iterable[Theme]) -> list[Theme]:
    """Those that may be coded with."""
    return [one for one in found if one.state == "active"]


# The queue


def standing(submission: type[Submission] = Submission) -> ColumnElement[bool]:
    """The condition that a submission stands, and that nothing newer of its follow-up does."""
    newer = aliased(Submission)
    later = select(newer.id).where(newer.followup_id == submission.followup_id, newer.number > submission.number)
    return submission.state.in_(HANDED_UP) & ~later.where(newer.state.in_(HANDED_UP)).exists()


@dataclass(frozen=True)
class Row:
    """One submission in the queue, without its words."""

    public_id: str
    id: int
    name: str
    level: str
    opened: bool
    mine: str  # the state of one's own reading; "" before it has begun
    span: str  # where one was
    readers: int  # others who have marked it as read

    @property
    def left(self) -> bool:
        """Whether it waits for this coder."""
        return self.mine not in ("read", "passed")


@dataclass(frozen=True)
class Queue:
    """What a coder goes through in a round, in Swedish order."""

    rows: list[Row] = field(default_factory=list)

    @property
    def left(self) -> list[Row]:
        return [row for row in self.rows if row.left]

    @property
    def next(self) -> Row | None:
        """Where to go on: what has been begun, else what nobody has read, else what one other has."""
        order = {"coding": 0, "": 1}
        return min(self.left, key=lambda row: (order.get(row.mine, 2), row.readers), default=None)

    def after(self, submission: Submission) -> Row | None:
        """What comes next when one has finished with a submission."""
        others = Queue([row for row in self.rows if row.id != submission.id])
        return others.next


def queue(mandate: Mandate, round: Round) -> Queue:
    """The submissions of a round that the mandate's role codes: two statements, whatever their number and length."""
    s, node = Submission, RoundNode
    columns = (s.public_id, s.id, node.name, s.level, s.opened_at)
    here = (s.round_id == round.id, policy.where(mandate, s, Action.CODE), standing())
    found = db.session.execute(
        select(*columns).join(node, (node.round_id == s.round_id) & (node.unit_id == s.unit_id)).where(*here)
    ).all()
    mine, others = _readings(mandate, [row.id for row in found])
    rows = [
        Row(
            row.public_id,
            row.id,
            row.name,
            row.level,
            row.opened_at is not None,
            *mine.get(row.id, ("", "")),
            others.get(row.id, 0),
        )
        for row in found
    ]
    return Queue(sorted(rows, key=lambda row: sort_key(row.name)))


def _readings(mandate: Mandate, submissions: list[int]) -> tuple[dict[int, tuple[str, str]], dict[int, int]]:
    """By submission: the state and the place of one's own reading; and how many others have read it."""
    r = CodedReading
    asked = select(r.submission_id, r.person_id, r.state, r.span).where(r.submission_id.in_(submissions))
    mine: dict[int, tuple[str, str]] = {}
    others: dict[int, int] = {}
    for submission, person, state, span in db.session.execute(asked):
        if person == mandate.person_id:
            mine[submission] = (state, span)
        elif state == "read":
            others[submission] = others.get(submission, 0) + 1
    return mine, others


# One submission


@dataclass(frozen=True)
class Marked:
    """A passage as it is shown beside its paragraph."""

    passage: Passage
    mine: bool
    names: tuple[str, ...]  # of its themes; with what each is counted as, where that is another

    @property
    def whole(self) -> bool:
        return self.passage.begins == 0 and rules.sha256(self.passage.words) == self.passage.paragraph_sha256


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that can be marked, with what is marked in it."""

    span: Span
    head: str  # the field that it is the first of, where the section has several
    sha256: str
    marks: list[Marked]


@dataclass(frozen=True)
class Part:
    """A section's paragraphs, under its title, and what it cites: others' words, which are read and not coded."""

    title: str
    paragraphs: list[Paragraph]
    shown: Shown


@dataclass(frozen=True)
class Text:
    """A submission before a coder."""

    submission: Submission
    mine: CodedReading | None
    readings: list[CodedReading]
    parts: list[Part]
    hidden: bool  # somebody else has coded it, and this coder may not see that yet

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [one for part in self.parts for one in part.paragraphs]

    def at(self, name: str) -> Paragraph | None:
        """The paragraph with this id; the one where the coder was, or the first, where there is none such."""
        every = {one.span.id: one for one in self.paragraphs}
        where = self.mine.span if self.mine else ""
        return every.get(name) or every.get(where) or next(iter(every.values()), None)

    def beside(self, paragraph: Paragraph) -> tuple[str, str]:
        """The ids before and after a paragraph; "" at an end."""
        names = [one.span.id for one in self.paragraphs]
        place = names.index(paragraph.span.id)
        return names[place - 1] if place else "", names[place + 1] if place + 1 < len(names) else ""


def text(mandate: Mandate, submission: Submission, found: list[Theme]) -> Text:
    """An opened submission with one's own marks, and the other's when one may see them. Two statements."""
    readings = readings_of(submission)
    rows = [(one.submission_id, one.person_id, one.state) for one in readings]
    hidden = submission.id in rules.blind(rows, mandate.person_id) | rules.unseen(rows, mandate.person_id)
    mine = next((one for one in readings if one.person_id == mandate.person_id), None)
    here = (Passage.submission_id == submission.id, Passage.unit_id == mandate.unit_id, seen_by(mandate))
    asked = select(Passage).where(*here)
    whole = (selectinload(Passage.codes), joinedload(Passage.marked_by))
    passages = db.session.scalars(asked.options(*whole).order_by(Passage.begins, Passage.id)).all()
    names = counted_names(found)
    marks: dict[str, list[Marked]] = {}
    for one in passages:
        told = tuple(names[code.theme_id] for code in one.codes)
        marks.setdefault(one.span, []).append(Marked(one, one.marked_by_id == mandate.person_id, told))
    return Text(submission, mine, readings, [_part(shown, marks) for shown in _codable(submission)], hidden)


def readings_of(submission: Submission) -> list[CodedReading]:
    """Who reads a submission, in the order in which they began."""
    asked = select(CodedReading).where(CodedReading.submission_id == submission.id).options(joinedload(CodedReading.person))
    return list(db.session.scalars(asked.order_by(CodedReading.id)))


def counted_names(found: Iterable[Theme]) -> dict[int, str]:
    """Each theme's name; of one that is counted as another, both."""
    every = {one.id: one for one in found}
    into = rules.roots(every.values())
    return {one.id: one.name if into[one.id] == one.id else f"{one.name} → {every[into[one.id]].name}" for one in every.values()}


def _codable(submission: Submission) -> list[Shown]:
    """The sections that hold words. What is cited stands beside: a group's words are the group's, and are not coded here."""
    sections = submission.snapshot["sections"]
    return [reading.handed_up(one) for one in sections if own(one["spans"])]


def own(spans: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """The passages of a snapshot that are the writer's own words."""
    return [one for one in spans if LIFTED not in one["id"]]


def _part(shown: Shown, marks: dict[str, list[Marked]]) -> Part:
    rows = [(heading if place == 0 else "", one) for heading, spans in shown.groups for place, one in enumerate(spans)]
    found = [Paragraph(one, head, rules.sha256(one.text), marks.get(one.id, [])) for head, one in rows]
    return Part(shown.title, found, shown)


def paragraph(submission: Submission, name: str) -> Span | None:
    """A paragraph that may be coded, with its heading as it was handed up."""
    for section in submission.snapshot["sections"]:
        for one in own(section["spans"]):
            if one["id"] == name:
                return Span(**one)
    return None


def passage(mandate: Mandate, public_id: str) -> Passage | None:
    """A passage of the administration's, that this mandate may see: not what another codes before oneself has read."""
    whole = (joinedload(Passage.submission).joinedload(Submission.round), joinedload(Passage.codes).joinedload(Coding.theme))
    here = (Passage.public_id == public_id, Passage.unit_id == mandate.unit_id, policy.where(mandate, Submission))
    asked = select(Passage).join(Passage.submission).where(*here, seen_by(mandate)).options(*whole)
    return db.session.scalars(asked).unique().first()


def seen_by(mandate: Mandate) -> ColumnElement[bool]:
    """The condition that a mandate may see a passage: a coder's own, and another's when both have read the text (rules.blind)."""
    if mandate.role != Role.OFFICER:
        return true()
    r, me = CodedReading, mandate.person_id
    done = select(r.id).where(r.submission_id == Passage.submission_id, r.person_id == me, r.state.in_(("read", "passed")))
    at_work = select(r.id).where(r.submission_id == Passage.submission_id, r.person_id != me, r.state == "coding")
    return (Passage.marked_by_id == me) | (done.exists() & ~at_work.exists())


def coders(submissions: Iterable[int]) -> dict[int, list[Person]]:
    """Who has marked each submission as read, in the order in which they began."""
    asked = select(CodedReading).where(CodedReading.submission_id.in_(list(submissions)), CodedReading.state == "read")
    found: dict[int, list[Person]] = {}
    for one in db.session.scalars(asked.options(joinedload(CodedReading.person)).order_by(CodedReading.id)):
        found.setdefault(one.submission_id, []).append(one.person)
    return found


def rests_on(passage: Passage) -> bool:
    """Whether a quote or a finding rests on a passage."""
    quoted = select(Quote.id).where(Quote.passage_id == passage.id).exists()
    found = select(FindingPassage.id).where(FindingPassage.passage_id == passage.id).exists()
    return bool(db.session.scalar(select(quoted | found)))
