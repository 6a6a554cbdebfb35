"""What each thing on the thread looks like there: its name, where it is, what is said of it, and the way to its page."""

from typing import Any

from chain.base.locale import _, day, ngettext
from chain.feedback import queries
from chain.feedback.models import Delivery, Feedback
from chain.finding.models import Finding
from chain.followup.models import Submission
from chain.goal.models import Goal
from chain.goal.plan_models import WorkplanEntry
from chain.matter.models import Decision
from chain.measure import rules as measures
from chain.measure.models import Measure, Outcome
from chain.report.models import Report
from chain.thread.rules import Knot


def goal(one: Goal, year: str = "") -> Knot:
    """`year`: of which the page behind it is to tell."""
    there = (("year", year),) if year else ()
    owner = (_("ansvarig %(who)s", who=one.owner.name),) if one.owner else ()
    return Knot(
        "goal", one.public_id, one.name, at=one.unit.name if one.level != "national" else _("Nationellt mål"), level=one.level,
        facts=(*((one.source,) if one.source else ()), *owner), endpoint="thread.goal",
        values=(("public_id", one.public_id), *there),
    )  # fmt: skip


def plan(one: WorkplanEntry) -> Knot:
    return Knot(
        "plan", str(one.id), one.what, at=queries.full_name(one.plan.unit), facts=tuple(filter(None, (one.when, one.who))),
        endpoint="workplan.show", values=(("public_id", one.plan.public_id),),
    )  # fmt: skip


def measure(one: Measure) -> Knot:
    facts = [
        _("sattes i %(round)s", round=one.round.in_year),
        _("gör något åt: %(cause)s", cause=one.cause) if one.cause else "",
        _("ansvarig %(who)s", who=one.responsible.name) if one.responsible else "",
        _("ska märkas: %(sign)s", sign=one.sign),
    ]
    status = "carried" if one.state == "open" and one.carried else one.state
    return Knot(
        "measure", one.public_id, one.problem, at=queries.full_name(one.unit), level=one.unit.level,
        facts=tuple(filter(None, facts)), status=status, endpoint="thread.measure", values=(("public_id", one.public_id),),
    )  # fmt: skip


def outcome(one: Outcome) -> Knot:
    return Knot("outcome", str(one.id), measures.kind_name(one.kind), at=one.round.in_year, words=one.effect)


def submission(one: Submission) -> Knot:
    return Knot(
        "submission", one.public_id, one.round.in_year, at=queries.full_name(one.unit), level=one.level, endpoint="followup.show",
        values=(("public_id", one.public_id),),
    )  # fmt: skip


def finding(one: Finding) -> Knot:
    seen = _("i %(n)s av %(of)s enheter", n=one.units, of=one.handed_in)
    return Knot(
        "finding", one.public_id, one.title, at=one.unit.name, facts=(one.theme.name, seen), words=one.seen,
        endpoint="thread.finding", values=(("public_id", one.public_id),),
    )  # fmt: skip


def report(one: Report) -> Knot:
    title = _("Nämndens sida: %(round)s", round=one.round.in_year)
    return Knot(
        "report", one.public_id, title, at=one.unit.name, level="committee", endpoint="report.show",
        values=(("public_id", one.public_id),),
    )  # fmt: skip


def decision(one: Decision) -> Knot:
    facts = tuple(filter(None, (one.paragraph, day(one.decided_on), one.registration_number)))
    return Knot(
        "decision", one.public_id, " ".join(one.text.split()), at=one.unit.name, level="committee", facts=facts,
        endpoint="thread.decision", values=(("public_id", one.public_id),),
    )  # fmt: skip


def feedback(one: Feedback, *facts: str) -> Knot:
    return Knot(
        "feedback", one.public_id, one.text, at=one.unit.name, level=one.unit.level, facts=(day(one.given_at), *facts),
        endpoint="feedback.show", values=(("public_id", one.public_id),),
    )  # fmt: skip


def said(trail: queries.Trail) -> Knot:
    """Something said, by whoever said it: with how far it has come."""
    answered, of = sum(each.answered for each in trail.reach), sum(each.of for each in trail.reach)
    return feedback(trail.feedback, _("%(n)s av %(of)s har svarat", n=answered, of=of))


def reached(one: Delivery) -> Knot:
    return Knot(
        "feedback", one.public_id, one.feedback.text, at=one.feedback.unit.name, level=one.feedback.unit.level,
        facts=(day(one.delivered_at),), endpoint="feedback.delivery", values=(("public_id", one.public_id),),
    )  # fmt: skip


def answer(one: Delivery) -> Knot:
    return Knot(
        "answer", str(one.id), one.answer, at=queries.full_name(one.unit), level=one.level,
        endpoint="feedback.delivery", values=(("public_id", one.public_id),),
    )  # fmt: skip


def answered(copy: Any, endpoint: str, there: str) -> Knot:
    """An answer as it is read further up: on the page (`endpoint`, `there` its public id) of what was said, or passed on."""
    return Knot(
        "answer", str(copy.id), copy.answer, at=copy.unit.name, level=copy.level, endpoint=endpoint,
        values=(("public_id", there),),
    )  # fmt: skip


def kind_word(kind: str, number: int = 2) -> str:
    """What a kind of knot is called, one or several."""
    words: dict[str, tuple[str, str]] = {
        "goal": (_("mål"), ngettext("mål", "mål", 2)),
        "plan": (_("insats i en verksamhetsplan"), _("insatser i verksamhetsplaner")),
        "measure": (_("åtgärd"), _("åtgärder")),
        "outcome": (_("uppföljd effekt"), _("uppföljda effekter")),
        "submission": (_("uppföljning"), _("uppföljningar")),
        "finding": (_("iakttagelse"), _("iakttagelser")),
        "report": (_("sida för nämnden"), _("sidor för nämnden")),
        "decision": (_("beslut"), ngettext("beslut", "beslut", 2)),
        "feedback": (_("återkoppling"), _("återkopplingar")),
        "answer": (_("svar"), ngettext("svar", "svar", 2)),
    }
    return words[kind][number != 1]


def break_word(kind: str) -> str:
    """What a kind of broken thread is, as a heading."""
    words: dict[str, str] = {
        "goal": _("Mål som ingenting tar vid"),
        "measure": _("Åtgärder utan mål"),
        "cause": _("Åtgärder utan orsak"),
        "finding": _("Iakttagelser utan svar"),
        "decision": _("Beslut som inte har återkopplats"),
        "feedback": _("Återkoppling som har stannat"),
    }
    return words[kind]
