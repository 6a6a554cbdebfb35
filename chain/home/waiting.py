"""What is to be done, found in what was gathered, or asked of the link that knows: one question to each."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.access import policy
from chain.access.policy import Action, Role
from chain.api import queries as api
from chain.api import rules
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, day, ngettext
from chain.base.outbox import Letter
from chain.cycle.models import Round
from chain.feedback.models import Delivery, Feedback
from chain.feedback.rules import WAITING
from chain.followup import queries as followup
from chain.followup.models import Followup, Submission
from chain.followup.rules import WRITABLE
from chain.home import committee, dialogues, findings, goals, handovers, matters, measures, support
from chain.home.queries import Gathered, Standing
from chain.home.rules import Link, Todo, folded, short
from chain.intake.ss12000_models import Fetched, Source
from chain.intake.ss12000_queries import fresh
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.support.models import SupportRequest

ENDING_WITHIN = timedelta(days=30)


def all_for(mandate: Mandate, found: Gathered) -> list[Todo]:
    """Everything that waits for this mandate, in no order. What its role never does is not asked for."""
    asked = (
        (Action.RECEIVE, "submission", _handed_up),
        (Action.ANSWER, "delivery", _deliveries),
        (Action.KEEP, "feedback", _said),
        (Action.KEEP, "round", committee.rounds_to_open),
        (Action.RECORD, "decision", committee.decisions_to_feed_back),
        (Action.PREPARE, "document", committee.documents),
        (Action.KEEP, "token", _tokens),
        (Action.READ, "outbox", _health),
    )
    told = [todo for action, kind, ask in asked if policy.may_somewhere(mandate, action, kind) for todo in ask(mandate)]
    return [
        *told,
        *_own_followups(mandate, found),
        *support.to_answer(mandate, found.raised),
        *support.to_prepare(mandate, found.requests),
        *support.directed_support(mandate),
        *_requests(mandate, found.requests),
        *committee.releases(mandate, found.round, handed_up=found.own.handed_up),
        *committee.to_read_and_record(mandate, found.pages),
        *matters.waiting(mandate, found.pages),
        *(handovers.waiting(mandate, found.round) if policy.may_somewhere(mandate, Action.WRITE, "handover") else ()),
        *goals.waiting(mandate, found.round, found.own.now.due if found.own.now else None),
        *measures.waiting(mandate, found.round),
        *dialogues.waiting(mandate, found.dialogues),
        *findings.waiting(mandate, found.round),
    ]


# One's own follow-up


def _own_followups(mandate: Mandate, found: Gathered) -> Iterator[Todo]:
    """The own draft of this round, those of earlier rounds that were begun or came back, and what came in too late for it."""
    own = found.own
    if own.now is None:
        yield from _to_finish(mandate, found)
    for one in own.earlier:
        yield _draft(mandate, one, one.followup.round.in_year)
    if own.now and found.work:
        yield _draft(mandate, own.now, own.now.followup.round.title)
    if own.now and own.now.followup.state == "accepted" and policy.may(mandate, Action.SUBMIT, own.now.followup):
        yield from _supplement(mandate, own.now, found.below)


def _to_finish(mandate: Mandate, found: Gathered) -> Iterator[Todo]:
    """What is left of the round for units that have become this one: it is written under another mandate of the person's."""
    if not found.round or not policy.may_somewhere(mandate, Action.WRITE, "followup"):
        return
    here = select(Mandate).join(Unit, Mandate.unit_id == Unit.id).join(Followup, Followup.unit_id == Unit.id)
    mine = (Mandate.person_id == mandate.person_id, organisation.holding(clock.today()), Unit.successor_id == mandate.unit_id)
    waits = (Followup.round_id == found.round.id, Followup.state.in_(WRITABLE))
    for other in db.session.scalars(here.where(*mine, *waits).options(joinedload(Mandate.unit)).order_by(Unit.name)):
        yield Todo(
            title=_("%(round)s för %(unit)s", round=found.round.title, unit=other.unit.name),
            hint=_("Lämnas in under det gamla namnet. Byt till uppdraget där för att skriva färdigt."),
            endpoint="account.choose",
            values=(),
            status="not_started",
            weight=4,
        )


def _supplement(mandate: Mandate, now: Standing, below: Iterable[Row[Any]]) -> Iterator[Todo]:
    """What was accepted after the own follow-up was handed up: its figures do not hold it."""
    ours = [row for row in below if row.parent_id == mandate.unit_id and row.accepted_at]
    later = [row.name for row in ours if now.handed_up_at and row.accepted_at > now.handed_up_at]
    if later:
        yield Todo(
            title=_("Lämna en komplettering till %(round)s", round=now.followup.round.title),
            hint=_("Kom in efter att ni lämnade in: %(names)s.", names=", ".join(later)),
            endpoint="followup.hub",
            values=(("public_id", now.followup.public_id),),
            status="not_started",
            weight=4,
        )


def _draft(mandate: Mandate, one: Standing, title: str) -> Todo:
    came_back = one.last in followup.CAME_BACK and one.followup.state == "draft"
    return Todo(
        title=title,
        hint=short(one.reason) if came_back else _by(one.due),
        endpoint="followup.hub",
        values=(("public_id", one.followup.public_id),),
        status=one.last if came_back else "overdue" if _is_late(one) else one.status,
        weight=2 if came_back else 4,
        due=one.due,
        also=_why_late(one) if _is_late(one) and policy.may(mandate, Action.WRITE, one.node) else None,
    )


def _is_late(one: Standing) -> bool:
    return one.due is not None and one.due < clock.today()


def _by(due: date | None) -> str:
    return _("Ska vara inlämnad senast %(day)s.", day=day(due, "EEEE d MMMM")) if due else ""


def _why_late(one: Standing) -> Link:
    """Where somebody who is late says why."""
    words = _("Ändra varför det dröjer") if one.node.late_reason else _("Berätta varför det dröjer")
    place = (("public_id", one.followup.round.public_id), ("unit_id", one.followup.unit.public_id), ("_anchor", "late"))
    return Link(words, "cycle.node", place)


# What others ask of us


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
        since = clock.date_of(oldest)
        yield Todo(
            title=ngettext("%(num)s uppföljning att läsa och ta emot", "%(num)s uppföljningar att läsa och ta emot", count),
            hint=_("Den äldsta kom %(day)s.", day=day(since)),
            endpoint="rollup.overview",
            values=(("public_id", round),),
            status="submitted",
            weight=1,
            since=since,
        )


def _requests(mandate: Mandate, found: Iterable[SupportRequest]) -> list[Todo]:
    """Those that this mandate may answer."""
    mine = (
        Todo(
            title=_("%(unit)s ber om stöd", unit=request.unit.name),
            hint=(_("Ett svar är föreslaget: %(text)s") if request.prepared_at else "%(text)s") % {"text": short(request.text)},
            endpoint="support.show",
            values=(("public_id", request.public_id),),
            status="open",
            weight=2,
            since=clock.date_of(request.asked_at),
            who=request.unit.name,
        )
        for request in found
        if policy.may(mandate, Action.ANSWER, request)
    )
    return folded(mine, lambda n: _("%(n)s frågor om stöd att svara på", n=n), "support.archive")


# What is said down the chain


def _deliveries(mandate: Mandate) -> list[Todo]:
    """Feedback that this mandate's unit has not read, or has read and neither answered nor passed on."""
    query = (
        policy.visible(mandate, Delivery, Action.ANSWER)
        .join(Delivery.feedback)
        .where(Delivery.state.in_(WAITING), Feedback.state == "open")
        .options(contains_eager(Delivery.feedback).joinedload(Feedback.unit))
    )
    found = (
        Todo(
            title=(_("Fråga från %(unit)s") if said.kind == "question" else _("Återkoppling från %(unit)s"))
            % {"unit": said.unit.name},
            hint=short(said.text),
            endpoint="feedback.delivery",
            values=(("public_id", delivery.public_id),),
            status="overdue" if said.due_on and said.due_on < clock.today() else delivery.state,
            weight=3 if said.kind == "question" or delivery.state == "delivered" else 5,
            due=said.due_on,
            since=clock.date_of(delivery.delivered_at),
            who=said.unit.name,
        )
        for delivery in db.session.scalars(query.order_by(Delivery.delivered_at))
        for said in (delivery.feedback,)
    )
    return folded(found, lambda n: _("%(n)s återkopplingar att läsa eller svara på", n=n), "feedback.archive")


def _said(mandate: Mandate) -> list[Todo]:
    """The own open feedback that everybody has dealt with, or whose day has passed without everybody's answer."""
    mine = (Feedback.kind != "question") | (Feedback.author_id == mandate.person_id) | (mandate.role == Role.SECRETARY)
    silent = select(func.count()).where(Delivery.feedback_id == Feedback.id, Delivery.state.in_(WAITING)).scalar_subquery()
    open_own = select(Feedback, silent).where(policy.where(mandate, Feedback, Action.KEEP), Feedback.state == "open", mine)
    asked = open_own.where(or_(silent == 0, Feedback.due_on < clock.today())).order_by(Feedback.given_at)
    rows = db.session.execute(asked).all()
    late = [_unanswered(said, count) for said, count in rows if count]
    done = [_answered(said) for said, count in rows if not count]
    return [
        *folded(late, lambda n: _("%(n)s återkopplingar som inte alla har svarat på i tid", n=n), "feedback.archive"),
        *folded(done, lambda n: _("%(n)s återkopplingar där alla har svarat: läs och stäng", n=n), "feedback.archive"),
    ]


def _unanswered(said: Feedback, count: int) -> Todo:
    """Others are late, not the sender: it does not come before the sender's own work."""
    return Todo(
        title=ngettext("En mottagare har inte svarat i tid", "%(num)s mottagare har inte svarat i tid", count),
        hint=_("Svar önskades senast %(day)s: %(text)s", day=day(said.due_on), text=short(said.text, 80)),
        endpoint="feedback.show",
        values=(("public_id", said.public_id),),
        status="overdue",
        weight=5,
        since=said.due_on,
    )


def _answered(said: Feedback) -> Todo:
    return Todo(
        title=_("Alla har svarat: läs och stäng"),
        hint=short(said.text),
        endpoint="feedback.show",
        values=(("public_id", said.public_id),),
        status="answered",
        weight=6,
        since=clock.date_of(said.given_at),
    )


# How the people and the letters are


def _health(mandate: Mandate) -> Iterator[Todo]:
    """For the steward: mandates about to end, people without one, letters not sent, and what came from the register."""
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
    came = select(func.count()).select_from(Fetched).join(Source).where(policy.where(mandate, Source, Action.KEEP), fresh())
    counts = select(*(count.scalar_subquery() for count in (ending, without, unsent, came)))
    ends, lacks, waits, tells = db.session.execute(counts).one()
    if tells:
        title = _("Registret säger annat än trädet och uppdragen här")
        yield Todo(title=title, hint="", endpoint="intake.ss12000", values=(), status="open", weight=6)
    for count, title in (
        (ends, ngettext("%(num)s uppdrag tar slut inom 30 dagar", "%(num)s uppdrag tar slut inom 30 dagar", ends)),
        (lacks, ngettext("%(num)s person saknar uppdrag", "%(num)s personer saknar uppdrag", lacks)),
        (waits, ngettext("%(num)s brev väntar på att skickas", "%(num)s brev väntar på att skickas", waits)),
    ):
        if count:
            yield Todo(title=title, hint="", endpoint="organisation.health", values=(), status="open", weight=7)


def _tokens(mandate: Mandate) -> list[Todo]:
    """For the steward: the keys of other systems that soon end, and those for which nobody here answers any longer."""
    found = (
        Todo(
            title=_("Nyckeln för %(system)s: förnya eller avsluta", system=token.name),
            hint=_("Den som svarade för den har inget uppdrag längre.")
            if gone
            else _("Den gäller till och med %(day)s.", day=day(token.valid_to)),
            endpoint="api.renew",
            values=(("public_id", token.public_id),),
            status="open",
            weight=6,
            due=token.valid_to if token.valid_to <= clock.today() + rules.SOON else None,
        )
        for token, gone in api.in_question(mandate)
    )
    return folded(found, lambda n: _("%(n)s nycklar för andra system att förnya eller avsluta", n=n), "api.tokens")
