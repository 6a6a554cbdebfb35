"""What handovers between stages ask of a unit: in spring to write them, to read those that come, and in autumn to look back."""

from collections.abc import Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.base import clock
from chain.base.db import db
from chain.base.locale import _
from chain.cycle import rules as years
from chain.cycle.models import Round
from chain.handover import queries, rules, shipped
from chain.handover.models import Handover, Reception
from chain.home.rules import Todo, folded, short
from chain.organisation.models import Mandate

TO_READ, TO_ANSWER = ("handed_over", "opened"), ("received", "answered")


def waiting(mandate: Mandate, round: Round | None) -> Iterator[Todo]:
    """For those who write and receive at a unit. Two statements."""
    yield from _ours(mandate)
    yield from _theirs(mandate, round)


def _ours(mandate: Mandate) -> Iterator[Todo]:
    """What came back, what the receivers ask, what is being written, and in spring what is not begun."""
    unanswered = or_(Reception.state == "returned", and_(Reception.asks != "", Reception.reply == ""))
    asks = and_(Reception.handover_id == Handover.id, unanswered)
    found = select(Handover, Reception).outerjoin(Reception, asks).options(joinedload(Reception.unit))
    alive = or_(Handover.year == queries.year_now(), Handover.state.in_(rules.WRITABLE), Reception.id.is_not(None))
    rows = db.session.execute(found.where(Handover.unit_id == mandate.unit_id, alive).order_by(Handover.id, Reception.id)).all()
    said = [_came_back(handover, one) if one.state == "returned" else _asked(handover, one) for handover, one in rows if one]
    yield from folded(said, lambda n: _("%(n)s överlämningar med frågor från mottagaren", n=n), "handover.archive")
    handovers = list(dict.fromkeys(handover for handover, _one in rows))
    spring = rules.in_spring(clock.today(), shipped.spring())
    drafts = [_draft(one, weight=5 if spring else 8) for one in handovers if one.state == "draft"]
    yield from folded(drafts, lambda n: _("%(n)s överlämningar att göra klara", n=n), "handover.archive")
    if spring:
        for one in queries.to_give(mandate.unit, handovers):
            yield Todo(
                title=_("Skriv en överlämning: %(step)s", step=one.title),
                hint=_("Grupper hos er går vidare till sommaren. Berätta för den som tar vid hur gruppen har arbetat."),
                endpoint="handover.begin", values=(("step", f"{one.transition}:{one.year_group}"),),
                status="not_started", weight=5,
            )  # fmt: skip


def _came_back(handover: Handover, one: Reception) -> Todo:
    return Todo(
        title=_("%(unit)s har skickat tillbaka överlämningen av %(cohort)s", unit=one.unit.name, cohort=handover.cohort),
        hint=short(one.question), endpoint="handover.show", values=(("public_id", handover.public_id),),
        status="reception_returned", weight=2, since=clock.date_of(one.returned_at) if one.returned_at else None,
        who=one.unit.name,
    )  # fmt: skip


def _asked(handover: Handover, one: Reception) -> Todo:
    return Todo(
        title=_("%(unit)s har frågor om överlämningen av %(cohort)s", unit=one.unit.name, cohort=handover.cohort),
        hint=short(one.asks), endpoint="handover.show", values=(("public_id", handover.public_id),), status="open", weight=4,
        since=clock.date_of(one.answered_at) if one.answered_at else None, who=one.unit.name,
    )  # fmt: skip


def _draft(handover: Handover, *, weight: int) -> Todo:
    return Todo(
        title=_("Gör klart överlämningen av %(cohort)s", cohort=handover.cohort), hint=queries.title(handover),
        endpoint="handover.show", values=(("public_id", handover.public_id),), status="in_progress", weight=weight,
        since=clock.date_of(handover.begun_at), who=handover.cohort,
    )  # fmt: skip


def _theirs(mandate: Mandate, round: Round | None) -> Iterator[Todo]:
    """What has come and is not received, what has no answer, and what is to be looked back on."""
    last = years.label_before(round.year.label) if round else ""
    lately = and_(Reception.state.in_(TO_ANSWER), Handover.year.in_((last, queries.year_now())))
    here = (Reception.unit_id == mandate.unit_id, or_(Reception.state.in_(TO_READ), lately))
    asked = select(Reception).join(Reception.handover).where(*here).order_by(Reception.came_at, Reception.id)
    found = db.session.scalars(asked.options(contains_eager(Reception.handover).joinedload(Handover.unit))).all()
    reads = [_to_receive(one) for one in found if one.state not in TO_ANSWER]
    backs = [_to_look_back(one) for one in found if one.state in TO_ANSWER and one.handover.year == last]
    answers = [_to_answer(one) for one in found if one.state == "received" and one.handover.year != last]
    yield from folded(reads, lambda n: _("%(n)s överlämningar att läsa och ta emot", n=n), "handover.archive")
    yield from folded(backs, lambda n: _("%(n)s överlämningar att se tillbaka på", n=n), "handover.archive")
    yield from folded(answers, lambda n: _("%(n)s överlämningar att svara på", n=n), "handover.archive")


def _to_receive(one: Reception) -> Todo:
    unread = one.state == "handed_over"
    title = _("Läs överlämningen från %(unit)s") if unread else _("Ta emot överlämningen från %(unit)s")
    return _reception(one, title % {"unit": one.handover.unit.name}, one.cohort, weight=3)


def _to_look_back(one: Reception) -> Todo:
    title = _("Se tillbaka på överlämningen från %(unit)s", unit=one.handover.unit.name)
    return _reception(one, title, _("Vad hade ni velat veta om %(cohort)s?", cohort=one.cohort), weight=6, status="not_started")


def _to_answer(one: Reception) -> Todo:
    return _reception(
        one, _("Berätta för %(unit)s hur ni tar vid", unit=one.handover.unit.name), one.cohort, weight=7, status="not_started"
    )


def _reception(one: Reception, title: str, hint: str, *, weight: int, status: str = "") -> Todo:
    return Todo(
        title=title, hint=hint, endpoint="reception.show", values=(("public_id", one.public_id),),
        status=status or f"reception_{one.state}", weight=weight, since=clock.date_of(one.came_at) if one.came_at else None,
        who=one.handover.unit.name,
    )  # fmt: skip
