"""An assignment from the committee: given in a decision, answered in a matter, closed by the committee or sent back to work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chain.access import guard
from chain.access.policy import Action, Role
from chain.base import audit, clock, events, outbox
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.matter import assignment_rules, matter_actions, rules
from chain.matter import matter_queries as queries
from chain.matter.models import Assignment, Decision, Matter, step
from chain.organisation.models import Mandate, Unit


@dataclass(frozen=True)
class Verdict:
    """What the committee said of a report: approved, or back to work with a reason. `row`: where in a form it was said."""

    assignment: Assignment
    approved: bool
    words: str = ""
    row: str = ""


@atomic
def give(decision: Decision, text: str, due_on: date | None, *, by: Mandate, to: Unit | None = None) -> Assignment:
    """Write down what a decision asks the administration for. `to`: which one, where the committee has several."""
    _lock(decision.unit_id)
    made = Assignment(
        public_id=random_name(), unit_id=decision.unit_id, path=decision.path, decision=decision, state="open", due_on=due_on
    )  # fmt: skip
    guard.require(Action.KEEP, made, by)
    if decision.matter is None:
        sentence = _("Ett uppdrag ges i ett ärende. Välj beslutets ärende först, eller öppna ett.")
        raise RuleBroken(sentence, {"matter": sentence})
    made.text = assignment_rules.check(text, due_on, decision.decided_on)
    made.matter, made.receiver = decision.matter, _receiver(decision, to)
    db.session.add(made)
    db.session.flush()
    db.session.add(step(made.matter, "give", made.state, by, assignment_id=made.id, decision_id=decision.id))
    if made.matter.state == "reported_back":
        matter_actions.go(made.matter, "unsettle", by=by)
    people = queries.people(made.receiver, Role.DIRECTOR)
    outbox.post("assignment.given", f"/matter/assignment/{made.public_id}", people)
    audit.note("assignment.give", about=made, decision=decision.public_id)
    return made


def _receiver(decision: Decision, to: Unit | None) -> Unit:
    known = queries.administrations(decision.path)
    if to is not None and to.id not in {one.id for one in known}:
        raise RuleBroken(_("Uppdrag ges till en förvaltning under nämnden."), {"to": _("Välj en förvaltning under nämnden.")})
    if to is None and len(known) != 1:
        raise RuleBroken(_("Välj vilken förvaltning som får uppdraget."), {"to": _("Välj vilken förvaltning som får uppdraget.")})
    return to or known[0]


@atomic
def take_up(assignment: Assignment, matter: Matter | None, *, by: Mandate) -> None:
    """Say in which matter it is to be answered. It stays open."""
    _go(assignment, "take_up", by=by, matter=matter)


@atomic
def open_to_answer(
    assignment: Assignment, *, title: str, why: str, opened_on: date, by: Mandate, registration_number: str = "",
    about: Round | None = None, follows: Matter | None = None,
) -> Matter:  # fmt: skip
    """Open a matter in which an assignment is to be answered. By the secretary or by those who work on it."""
    made = matter_actions.open_(
        assignment.unit, title=title, why=why, opened_on=opened_on, registration_number=registration_number, about=about,
        follows=follows, by=by,
    )  # fmt: skip
    _go(assignment, "take_up", by=by, matter=made)
    return made


@atomic
def report(assignment: Assignment, matter: Matter | None, *, by: Mandate, words: str = "") -> None:
    """Report it back in a matter: from now on it waits for the committee."""
    _go(assignment, "report", by=by, words=words, matter=matter or assignment.answered_in)
    assignment.reported_at = clock.now()


@atomic
def write(matter: Matter, *, by: Mandate, reports: Sequence[Assignment] = (), words: str = "") -> None:
    """What the committee is to read in a matter is ready; in the same step the assignments that it answers are reported."""
    matter_actions.go(matter, "write", by=by, words=words)
    for assignment in reports:
        report(assignment, matter, by=by)
    events.tell("matter_written", matter=matter, by=by)


@atomic
def take_back(assignment: Assignment, words: str, *, by: Mandate) -> None:
    """It was reported too early: back to work, before the committee has said anything."""
    _go(assignment, "take_back", by=by, words=words)
    assignment.reported_at = None


@atomic
def judge(verdict: Verdict, decision: Decision, *, by: Mandate) -> None:
    """Close it, or send it back to work with a reason, by a decision in the matter in which it was reported."""
    assignment = verdict.assignment
    if decision.matter_id is None or decision.matter_id != assignment.answered_in_id:
        where = assignment.answered_in.title if assignment.answered_in else ""
        sentence = _("Uppdraget återrapporteras i ärendet %(title)s. Skriv in beslutet i det ärendet.", title=f"”{where}”")
        raise RuleBroken(sentence, {"matter": sentence})
    act = "approve" if verdict.approved else "send_back"
    _go(assignment, act, by=by, words=verdict.words, decision=decision)
    if verdict.approved:
        assignment.closed_by, assignment.closed_on = decision, decision.decided_on
        _settle(assignment.matter, by)
    else:
        assignment.reported_at = None


@atomic
def withdraw(assignment: Assignment, words: str, *, by: Mandate) -> None:
    """The committee no longer asks for it."""
    _go(assignment, "withdraw", by=by, words=words)
    assignment.closed_on = clock.today()
    _settle(assignment.matter, by)


@atomic
def reopen(assignment: Assignment, words: str, *, by: Mandate) -> None:
    """It was closed too early. Its matter must not be closed."""
    _lock(assignment.unit_id)
    db.session.refresh(assignment.matter)
    if assignment.matter.state == "closed":
        raise RuleBroken(_("Ärendet som uppdraget gavs i är avslutat. Öppna det igen först."))
    _go(assignment, "reopen", by=by, words=words)
    assignment.closed_by = assignment.closed_on = assignment.reported_at = None
    if assignment.matter.state == "reported_back":
        matter_actions.go(assignment.matter, "unsettle", by=by)


@atomic
def extend(assignment: Assignment, due_on: date | None, words: str, *, by: Mandate) -> None:
    """Give it another last day, or none, with the reason."""
    assignment_rules.check_due(due_on, assignment.decision.decided_on)
    _go(assignment, "extend", by=by, words=words)
    assignment.due_on = due_on


def _settle(matter: Matter, by: Mandate) -> None:
    """A matter that was decided has been reported back when the last assignment given in it is closed."""
    db.session.flush()
    db.session.refresh(matter)
    if matter.state == "decided" and not queries.facts(matter).given:
        matter_actions.go(matter, "settle", by=by)


def _go(
    assignment: Assignment, act: str, *, by: Mandate, words: str = "", matter: Matter | None = None,
    decision: Decision | None = None,
) -> None:  # fmt: skip
    _lock(assignment.unit_id)
    db.session.flush()
    db.session.refresh(assignment)
    found = assignment_rules.move(act, assignment.state, role=by.role, words=words, matter=matter is not None)
    guard.require(Action.KEEP if by.role == Role.SECRETARY else Action.ANSWER, assignment, by)
    if len(words) > assignment_rules.LONGEST:
        sentence = _("Skriv högst %(n)s tecken.", n=assignment_rules.LONGEST)
        raise RuleBroken(sentence, {"words": sentence})
    if matter is not None:
        _check_answering(assignment, matter)
        assignment.answered_in = matter
    assignment.state = found.after
    more = {"assignment_id": assignment.id, "decision_id": decision.id if decision else None}
    db.session.add(step(assignment.matter, act, found.after, by, words=words.strip(), **more))
    audit.note(f"assignment.{act}", about=assignment)


def _check_answering(assignment: Assignment, matter: Matter) -> None:
    sentence = ""
    if matter.unit_id != assignment.unit_id:
        sentence = _("Ärendet hör till en annan nämnd.")
    elif matter.state not in rules.LIVE:
        sentence = _("Nämnden har redan beslutat i det ärendet. Välj ett annat, eller öppna ett nytt.")
    if sentence:
        raise RuleBroken(sentence, {"matter": sentence})


def _lock(committee_id: int) -> None:
    lock(db.session(), f"matter:{committee_id}")
