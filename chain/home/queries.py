"""What waits for a mandate, one question to each link: few statements, whatever the size of the municipality."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, day, ngettext
from chain.base.outbox import Letter
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.feedback.models import Delivery, Feedback
from chain.followup import queries as followup
from chain.followup.checks import Work
from chain.followup.models import Followup, Submission
from chain.home.rules import Todo
from chain.organisation.models import Mandate, Person
from chain.release.models import Release
from chain.report.models import Report
from chain.support.models import SupportRequest

ENDING_WITHIN = timedelta(days=30)


def waiting(mandate: Mandate, round: Round | None, work: Work | None) -> list[Todo]:
    """Everything that waits for this mandate, in no order. What its role never does is not asked for; `work`: the own draft."""
    asked = (
        (Action.RECEIVE, "submission", _handed_up),
        (Action.ANSWER, "support", _requests),
        (Action.ANSWER, "delivery", _deliveries),
        (Action.KEEP, "feedback", _answers),
        (Action.APPROVE, "release", _releases),
        (Action.RECORD, "report", _receipts),
        (Action.READ, "outbox", _health),
    )
    found = [todo for action, kind, ask in asked if policy.may_somewhere(mandate, action, kind) for todo in ask(mandate)]
    steps = _next_steps(mandate, round) if round and policy.may_somewhere(mandate, Action.PREPARE, "release") else []
    return [*_own_followups(mandate, work), *found, *steps, *_report(mandate, round)]


def _own_followups(mandate: Mandate, work: Work | None) -> Iterator[Todo]:
    """The own draft of this round, and those of earlier rounds that were begun or came back and were never handed in."""
    begun = list(
        db.session.scalars(
            policy.visible(mandate, Followup, Action.WRITE)
            .where(Followup.state == "draft")
            .options(selectinload(Followup.submissions), joinedload(Followup.round).joinedload(Round.year))
        )
    )
    for own in begun:
        last = own.submissions[-1] if own.submissions else None
        came_back = last is not None and last.state in ("returned", "reopened")
        now = work is not None and own.id == work.followup.id
        due = cycle.due(work.node) if work is not None and now else None
        yield Todo(
            title=own.round.title if now else f"{own.round.title} {own.round.year.label}",
            hint=_short(last.reason) if last is not None and came_back else _by(due),
            endpoint="followup.hub",
            values=(("public_id", own.public_id),),
            status=last.state if last is not None and came_back else "in_progress",
            weight=2 if came_back else 4,
            due=due,
        )
    if work is not None and work.followup.state == "not_started":
        due = cycle.due(work.node)
        yield Todo(
            title=work.followup.round.title,
            hint=_by(due),
            endpoint="followup.hub",
            values=(("public_id", work.followup.public_id),),
            status="not_started",
            weight=4,
            due=due,
        )


def _by(due: date | None) -> str:
    return _("Ska vara inlämnad senast %(day)s.", day=day(due, "EEEE d MMMM")) if due else ""


def _next_steps(mandate: Mandate, round: Round) -> Iterator[Todo]:
    """For the administration, when its follow-up is handed in: release the figures, then hand the page to the committee."""
    handed_up = followup.latest(mandate.unit_id, round)
    if handed_up is None or db.session.scalar(select(Report.id).where(Report.round_id == round.id)):
        return
    states = set(db.session.scalars(select(Release.state).where(Release.round_id == round.id, Release.state != "refused")))
    if not states:
        yield Todo(
            title=_("Förbered en utgåva av %(round)s", round=round.title),
            hint=_("Er uppföljning är inlämnad. Nämnden ser inga siffror förrän en utgåva är godkänd av någon annan."),
            endpoint="release.prepare",
            values=(("round", round.public_id),),
            status="not_started",
            weight=2,
        )
    elif "approved" in states:
        yield Todo(
            title=_("Överlämna sidan till nämnden"),
            hint=_("Siffrorna är godkända. Se hur sidan blir och överlämna den."),
            endpoint="report.publish",
            values=(("public_id", round.public_id),),
            status="not_started",
            weight=2,
        )


def _handed_up(mandate: Mandate) -> Iterator[Todo]:
    """What was handed up to this mandate's unit and waits to be accepted or returned."""
    waits = policy.where(mandate, Submission, Action.RECEIVE)
    query = (
        select(Round.public_id, func.count(), func.min(Submission.submitted_at))
        .join(Submission.round)
        .where(waits, Submission.state == "submitted")
        .group_by(Round.public_id)
    )
    for round, count, oldest in db.session.execute(query):
        yield Todo(
            title=ngettext("%(num)s uppföljning att läsa och ta emot", "%(num)s uppföljningar att läsa och ta emot", count),
            hint=_("Den äldsta kom %(day)s.", day=day(oldest.date())),
            endpoint="rollup.overview",
            values=(("public_id", round),),
            status="submitted",
            weight=1,
            since=oldest.date(),
        )


def _requests(mandate: Mandate) -> Iterator[Todo]:
    """Requests for support that this mandate may answer."""
    query = policy.visible(mandate, SupportRequest, Action.ANSWER).options(joinedload(SupportRequest.unit))
    for request in db.session.scalars(query.order_by(SupportRequest.asked_at)):
        yield Todo(
            title=_("%(unit)s ber om stöd", unit=request.unit.name),
            hint=_short(request.text),
            endpoint="support.show",
            values=(("public_id", request.public_id),),
            status="open",
            weight=2,
            since=request.asked_at.date(),
        )


def _deliveries(mandate: Mandate) -> Iterator[Todo]:
    """Feedback that this mandate's unit has not read, or has read and neither answered nor passed on."""
    query = (
        policy.visible(mandate, Delivery, Action.ANSWER)
        .join(Delivery.feedback)
        .where(Delivery.state.in_(["delivered", "read"]), Feedback.state == "open")
        .options(joinedload(Delivery.feedback).joinedload(Feedback.unit))
    )
    for delivery in db.session.scalars(query.order_by(Delivery.delivered_at)):
        said = delivery.feedback
        question = said.kind == "question"
        yield Todo(
            title=(_("Fråga från %(unit)s") if question else _("Återkoppling från %(unit)s")) % {"unit": said.unit.name},
            hint=_short(said.text),
            endpoint="feedback.delivery",
            values=(("public_id", delivery.public_id),),
            status=delivery.state,
            weight=3 if question or delivery.state == "delivered" else 5,
            due=said.due_on,
            since=delivery.delivered_at.date(),
        )


def _answers(mandate: Mandate) -> Iterator[Todo]:
    """The own open feedback that everybody has dealt with: read what they say, and close it with a sentence."""
    mine = (Feedback.kind != "question") | (Feedback.author_id == mandate.person_id) | (mandate.role == Role.SECRETARY)
    open_own = policy.visible(mandate, Feedback, Action.KEEP).where(Feedback.state == "open", mine)
    unfinished = select(Delivery.id).where(Delivery.feedback_id == Feedback.id, Delivery.done_at.is_(None))
    for said in db.session.scalars(open_own.where(~unfinished.exists()).order_by(Feedback.given_at)):
        yield Todo(
            title=_("Alla har svarat: läs och stäng"),
            hint=_short(said.text),
            endpoint="feedback.show",
            values=(("public_id", said.public_id),),
            status="answered",
            weight=6,
            since=said.given_at.date(),
        )


def _releases(mandate: Mandate) -> Iterator[Todo]:
    """Releases that another has prepared and that this mandate may approve."""
    query = policy.visible(mandate, Release, Action.APPROVE).where(Release.prepared_by_id != mandate.person_id)
    for release in db.session.scalars(query.options(joinedload(Release.round).joinedload(Round.year))):
        yield Todo(
            title=_("En utgåva väntar på godkännande"),
            hint=release.round.title,
            endpoint="release.show",
            values=(("public_id", release.public_id),),
            status="prepared",
            weight=2,
            since=release.prepared_at.date(),
        )


def _report(mandate: Mandate, round: Round | None) -> Iterator[Todo]:
    """The newest page for the committee: for those who are elected, until the next one comes."""
    if mandate.role not in ("member", "auditor") or round is None:
        return
    newest = policy.visible(mandate, Report).order_by(Report.published_at.desc()).limit(1)
    for report in db.session.scalars(newest.options(joinedload(Report.round).joinedload(Round.year))):
        yield Todo(
            title=_("Läs sammanfattningen: %(round)s", round=report.round.title),
            hint=_("En sida, två minuter. Överlämnad %(day)s.", day=day(report.published_at.date())),
            endpoint="report.show",
            values=(("public_id", report.public_id),),
            status="published",
            weight=4,
            due=report.round.meets_on if (report.round.meets_on or date.min) >= clock.today() else None,
        )


def _receipts(mandate: Mandate) -> Iterator[Todo]:
    """Reports that the secretary has not yet registered."""
    query = policy.visible(mandate, Report, Action.RECORD).options(joinedload(Report.round).joinedload(Round.year))
    for report in db.session.scalars(query):
        yield Todo(
            title=_("Registrera mottagandet: %(round)s", round=report.round.title),
            hint=_("Överlämnad %(day)s.", day=day(report.published_at.date())),
            endpoint="report.show",
            values=(("public_id", report.public_id),),
            status="published",
            weight=1,
            since=report.published_at.date(),
        )


def _health(mandate: Mandate) -> Iterator[Todo]:
    """For the steward: mandates about to end, people without one, letters that have not been sent."""
    today = clock.today()
    ending = select(func.count()).where(
        policy.where(mandate, Mandate, Action.KEEP), Mandate.valid_to >= today, Mandate.valid_to <= today + ENDING_WITHIN
    )
    holding = select(Mandate.id).where(
        Mandate.person_id == Person.id, Mandate.valid_from <= today, (Mandate.valid_to.is_(None)) | (Mandate.valid_to >= today)
    )
    without = select(func.count()).where(policy.where(mandate, Person), Person.ended_at.is_(None), ~holding.exists())
    letters = select(func.count()).select_from(Letter).join(Person, Person.public_id == Letter.person)
    unsent = letters.where(Letter.sent_at.is_(None), policy.where(mandate, Person))
    ends, lacks, waits = (db.session.scalar(count) or 0 for count in (ending, without, unsent))
    for count, title in (
        (ends, ngettext("%(num)s uppdrag tar slut inom 30 dagar", "%(num)s uppdrag tar slut inom 30 dagar", ends)),
        (lacks, ngettext("%(num)s person saknar uppdrag", "%(num)s personer saknar uppdrag", lacks)),
        (waits, ngettext("%(num)s brev väntar på att skickas", "%(num)s brev väntar på att skickas", waits)),
    ):
        if count:
            yield Todo(title=title, hint="", endpoint="organisation.health", values=(), status="open", weight=7)


def dates(mandate: Mandate, round: Round | None) -> list[tuple[date, str]]:
    """The round's last days per level, and the committee's meeting."""
    if round is None:
        return []
    found = [(due.due_on, _("%(level)s lämnar in", level=cycle.level_name(due.level))) for due in round.dues]
    return [*found, (round.meets_on, _("Nämnden sammanträder"))] if round.meets_on else found


def _short(text: str, length: int = 140) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " …"
