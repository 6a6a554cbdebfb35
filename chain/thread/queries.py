"""Reads the red thread: down from a goal to the classroom, up from a measure, and round by the decision to the answer.

Everything is asked of the access table: what a reader may not see has no knot, is in no count, and breaks no thread. A page takes
as many statements for a city as for a school.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base.db import db
from chain.cycle.models import Round, Year
from chain.feedback import queries as feedback
from chain.finding import queries as coding
from chain.finding.models import Finding, FindingPassage, Passage
from chain.followup.models import Submission
from chain.goal import queries as goals
from chain.goal.models import Goal
from chain.matter import queries as matter
from chain.matter.models import Decision
from chain.measure.models import Measure
from chain.organisation.models import Mandate, Unit
from chain.report.models import Report
from chain.thread import knots, rules, tree
from chain.thread.rules import Knot, Strand

STANDING = ("submitted", "accepted")  # what was handed up, and not taken or sent back since
WITHDRAWN = "withdrawn"  # a finding that is none
FINDING = (joinedload(Finding.round).joinedload(Round.year), joinedload(Finding.unit), joinedload(Finding.theme))


@dataclass(frozen=True)
class Page:
    """A knot with the thread around it: where it comes from, what hangs below it, and where it goes on to."""

    knot: Knot
    up: tuple[Strand, ...] = ()
    down: tuple[Strand, ...] = ()
    on: tuple[Strand, ...] = ()


# From a goal


def of_goal(goal: Goal, holder: Mandate, year: str) -> Page:
    """What a goal breaks down, and all that hangs below it in a year: goals, plans, measures and what came of them."""
    above = [Strand(knots.goal(one, year)) for one in goals.above(goal, holder)]
    below = tree.of_year(holder, year).below(goal.id)
    return Page(knots.goal(goal), up=tuple(above), down=tree.filled(rules.folded(below), year))


# From a measure


def of_measure(measure: Measure, lineage: Sequence[Measure], holder: Mandate) -> Page:
    """A measure from the nation's goal down to it, and on: its follow-ups, what was seen in them, decided, and answered."""
    aims = db.session.get(Goal, measure.goal_id) if measure.goal_id else None
    over = [*goals.above(aims, holder), aims] if aims and policy.may(holder, Action.READ, aims) else []
    rounds = {one.round_id for one in lineage} | {each.round_id for one in lineage for each in one.outcomes}
    told = tuple(Strand(knots.outcome(each)) for one in lineage for each in one.outcomes)
    came = _submissions(holder, rounds, Submission.unit_id.in_({one.unit_id for one in lineage}))
    return Page(
        knots.measure(measure), up=tuple(Strand(knots.goal(one)) for one in over), down=told,
        on=(*_handed_up(came), *onwards(holder, rounds, [one.id for one in came])),
    )  # fmt: skip


def _submissions(holder: Mandate, rounds: Collection[int], here: ColumnElement[bool]) -> list[Submission]:
    """What was handed up in some rounds, and stands, of what the reader may read."""
    asked = policy.visible(holder, Submission).where(Submission.round_id.in_(rounds), Submission.state.in_(STANDING), here)
    whole = joinedload(Submission.unit).joinedload(Unit.parent), joinedload(Submission.round).joinedload(Round.year)
    return list(db.session.scalars(asked.options(*whole).order_by(Submission.submitted_at, Submission.id)))


def _handed_up(came: Iterable[Submission]) -> tuple[Strand, ...]:
    """Follow-ups, each with those of the same round that it was made from below it."""
    found = {(one.round_id, one.path): one for one in came}
    under: dict[tuple[int, str] | None, list[Submission]] = defaultdict(list)
    for (round_id, path), one in sorted(found.items()):
        over = ((round_id, above) for above in reversed(policy.ancestors(path)))
        under[next((each for each in over if each in found), None)].append(one)

    def strand(one: Submission) -> Strand:
        return Strand(knots.submission(one), tuple(strand(each) for each in under[one.round_id, one.path]))

    return tuple(strand(one) for one in under[None])


def onwards(holder: Mandate, rounds: Collection[int], submissions: Collection[int]) -> tuple[Strand, ...]:
    """What was made of some follow-ups: findings that rest on them, the committee's pages, decisions, what was said of those."""
    seen, pages = _findings(holder, submissions), _reports(holder, rounds)
    decided = _decisions(holder, Decision.round_id.in_(rounds))
    said = said_about(holder, [*(one.public_id for one in pages), *(one.public_id for one in decided)])
    return (
        *seen, *(Strand(knots.report(one), said[one.public_id]) for one in pages),
        *(Strand(knots.decision(one), said[one.public_id]) for one in decided),
    )  # fmt: skip


def _findings(holder: Mandate, submissions: Collection[int]) -> tuple[Strand, ...]:
    rests = FindingPassage.passage.has(and_(Passage.submission_id.in_(submissions), coding.seen_by(holder)))
    asked = policy.visible(holder, Finding).where(Finding.passages.any(rests), Finding.state != WITHDRAWN).options(*FINDING)
    rows = db.session.scalars(asked.order_by(Finding.id)) if submissions else ()
    return tuple(Strand(knots.finding(one)) for one in rows)


def _reports(holder: Mandate, rounds: Collection[int]) -> list[Report]:
    asked = policy.visible(holder, Report).where(Report.round_id.in_(rounds)).join(Report.round).join(Round.year)
    whole = contains_eager(Report.round).contains_eager(Round.year), joinedload(Report.unit)
    return list(db.session.scalars(asked.options(*whole).order_by(Year.starts_on, Round.number)))


def _decisions(holder: Mandate, here: ColumnElement[bool]) -> list[Decision]:
    """Decisions as they stand."""
    asked = policy.visible(holder, Decision).where(here, matter.stands()).options(joinedload(Decision.unit))
    return list(db.session.scalars(asked.order_by(Decision.decided_on, Decision.id)))


def said_about(holder: Mandate, things: Collection[str]) -> dict[str, tuple[Strand, ...]]:
    """What was said about some decisions or pages, by public id: by the reader's own node, or to it and on from there."""
    found: dict[str, tuple[Strand, ...]] = defaultdict(tuple)
    if not policy.may_somewhere(holder, Action.READ, "delivery"):
        return found
    for trail in feedback.sent_about(holder.unit_id, [*things]):
        found[trail.feedback.about] += (Strand(knots.said(trail), _answers(trail, "feedback.show", trail.feedback.public_id)),)
    for one, trail in feedback.passed_on_about(holder.unit_id, things):
        own = (Strand(knots.answer(one)),) if one.answer else ()
        below = _answers(trail, "feedback.delivery", one.public_id)
        found[one.feedback.about] += (Strand(knots.reached(one), (*own, *below)),)
    return found


def _answers(trail: feedback.Trail, endpoint: str, there: str) -> tuple[Strand, ...]:
    return tuple(Strand(knots.answered(one, endpoint, there)) for _level, copies in trail.answers for one in copies)


# From a decision, and from a finding


def of_decision(decision: Decision, holder: Mandate) -> Page:
    """Where a decision comes from, and what was said about it down to the classrooms."""
    rounds = {decision.round_id} if decision.round_id else set()
    came = _submissions(holder, rounds, Submission.level.in_(("administration", "area", "unit")))
    made, pages = _handed_up(came), _reports(holder, rounds)
    seen = _of_rounds(holder, rounds)
    up = (*(Strand(knots.report(one), made) for one in pages), *(made if not pages else ()), *seen)
    said = said_about(holder, [decision.public_id])[decision.public_id]
    return Page(knots.decision(decision), up=rules.folded(up), on=rules.folded(said))


def _of_rounds(holder: Mandate, rounds: Collection[int]) -> tuple[Strand, ...]:
    asked = policy.visible(holder, Finding).where(Finding.round_id.in_(rounds), Finding.state != WITHDRAWN).options(*FINDING)
    return tuple(Strand(knots.finding(one)) for one in (db.session.scalars(asked.order_by(Finding.id)) if rounds else ()))


def of_finding(finding: Finding, holder: Mandate) -> Page:
    """The follow-ups that a finding rests on, and what was made of it. To a coder not what another marked in a text unread."""
    rests = select(Passage.submission_id).join(FindingPassage)
    rests = rests.where(FindingPassage.finding_id == finding.id, coding.seen_by(holder))
    came = _submissions(holder, [finding.round_id], Submission.id.in_(rests))
    answered = Strand(Knot("answer", finding.public_id, finding.answer, finding.unit.name)) if finding.answer else None
    on = (*([answered] if answered else []), *onwards(holder, [finding.round_id], []))
    return Page(knots.finding(finding), up=rules.folded(_handed_up(came)), on=on)


# A whole year


@dataclass(frozen=True)
class Whole:
    """A year's thread from the top: all of it as bare knots, to be counted, and as much as a page has room for."""

    bare: tuple[Strand, ...]
    shown: tuple[Strand, ...]


def of_year(holder: Mandate, year: str) -> Whole:
    """The goals of a year from the top, as far as the reader sees, each with all that hangs below it."""
    bare = tree.of_year(holder, year).whole
    return Whole(bare, tree.filled(rules.folded(bare), year))


def work(holder: Mandate) -> list[str]:
    """Of what is done about goals, the kinds of knots that the reader may read at all: for the others nothing is broken there."""
    read = {"plan": "workplan", "measure": "measure", "outcome": "measure"}
    return [kind for kind, thing in read.items() if policy.may_somewhere(holder, Action.READ, thing)]


def back_down(holder: Mandate, year: str) -> dict[str, int]:
    """How many there are of a year's findings, pages, decisions and answers, by kind of knot: those that the reader may read."""
    of_rounds = Round.year.has(Year.label == year)
    reports = list(db.session.scalars(policy.visible(holder, Report).where(Report.round.has(of_rounds))))
    decided = _decisions(holder, Decision.round.has(of_rounds))
    findings = policy.visible(holder, Finding).where(Finding.round.has(of_rounds), Finding.state != WITHDRAWN)
    findings = findings.with_only_columns(Finding.id)
    said = said_about(holder, [*(one.public_id for one in decided), *(one.public_id for one in reports)])
    counts = {
        "finding": len(db.session.scalars(findings).all()), "report": len(reports), "decision": len(decided),
        "answer": rules.counted(strand for strands in said.values() for strand in strands).get("answer", 0),
    }  # fmt: skip
    read = {"finding": "finding", "report": "report", "decision": "decision", "answer": "delivery"}
    return {kind: number for kind, number in counts.items() if policy.may_somewhere(holder, Action.READ, read[kind])}
