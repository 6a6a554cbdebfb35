"""Saying something down the chain, and what every node on the way does with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access import guard
from chain.access.policy import Action, Role
from chain.base import audit, clock, outbox
from chain.base.audit import Actor
from chain.base.db import atomic, db, random_name
from chain.base.errors import NotFound, RuleBroken
from chain.base.events import listen
from chain.base.locale import _
from chain.base.queue import lock
from chain.feedback import queries, rules
from chain.feedback.models import Delivery, Feedback
from chain.matter.models import Decision
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting


@atomic
def give(
    about_kind: str, about: str, text: str, to: Sequence[Unit], due_on: date | None, *, by: Mandate, kind: str = "feedback"
) -> Feedback:
    """Say something about a report, a decision or a submission to nodes below; each gets its delivery. Twice the same is once.

    A member's question (`kind`) goes to the level right below, which answers or passes it down; the answers come up again.
    """
    feedback = Feedback(
        public_id=random_name(), unit_id=by.unit_id, path=by.path, author_id=by.person_id, kind=kind, about_kind=about_kind,
        about=about, given_at=clock.now(), state="open", due_on=due_on,
    )  # fmt: skip
    guard.require(Action.GIVE, feedback, by)
    thing = queries.about(by, about_kind, about)
    if thing is None:
        raise NotFound
    feedback.about_title = queries.title(thing)
    feedback.text = rules.said(text, _("Skriv vad ni vill säga."))
    rules.check_due(due_on, clock.today())
    _check_receivers(to, by, kind)
    lock(db.session(), f"feedback:about:{about}")
    if said := queries.said_before(feedback, to):
        audit.note("feedback.give_again", about=said)
        return said
    db.session.add(feedback)
    db.session.flush()
    _deliver(feedback, to, None)
    audit.note("feedback.give", about=feedback, kind=kind, about_kind=about_kind, to=len(to))
    return feedback


def _check_receivers(to: Sequence[Unit], by: Mandate, kind: str) -> None:
    if not to:
        raise RuleBroken(_("Välj minst en mottagare."))
    for unit in to:
        if unit.path == by.path or not unit.path.startswith(by.path):
            raise RuleBroken(_("%(unit)s ligger inte under er. Återkoppling går nedåt.", unit=unit.name))
        if unit.context:
            raise RuleBroken(_("%(unit)s har en annan huvudman och får ingen återkoppling här.", unit=unit.name))
        if not unit.open:
            raise RuleBroken(_("%(unit)s är avslutad. Välj den enhet som har tagit över.", unit=unit.name))
    if kind == "question":
        if by.role not in (Role.MEMBER, Role.SECRETARY):
            raise RuleBroken(_("Frågor ställs av nämnden. Ge återkoppling i stället."))
        if any(unit.parent_id != by.unit_id for unit in to):
            raise RuleBroken(_("En fråga går till förvaltningen, som svarar eller för den vidare."))


def _deliver(feedback: Feedback, to: Iterable[Unit], above: Delivery | None) -> list[Delivery]:
    """A delivery to each unit, and a letter to those who answer for it."""
    made = [
        Delivery(
            public_id=random_name(), feedback_id=feedback.id, unit_id=unit.id, path=unit.path, level=unit.level,
            from_id=above.id if above else None, delivered_at=clock.now(), state="delivered",
        )
        for unit in to
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.flush()
    people = queries.people_at(one.unit_id for one in made)
    for one in made:
        outbox.post("feedback.delivered", f"/feedback/delivery/{one.public_id}", people.get(one.unit_id, []))
    return made


@atomic
def read(delivery: Delivery, *, by: Mandate) -> None:
    """`Jag har läst`: a press of a button, never a mere opening."""
    feedback = _alone(delivery, by)
    delivery.state = rules.after(delivery.state, "read")
    delivery.read_at, delivery.read_by_id = clock.now(), by.person_id
    audit.note("feedback.read", about=delivery, feedback=feedback.public_id)


@atomic
def pass_on(delivery: Delivery, own_words: str, *, by: Mandate) -> list[Delivery]:
    """Pass it on to the own children, with what it means for us. Those who have it already are not given it twice."""
    feedback = _alone(delivery, by)
    _check_open(feedback)
    delivery.state = rules.after(delivery.state, "pass_on")
    delivery.own_words = rules.said(own_words, _("Skriv vad det betyder för er, så att de under er vet varför de får det."))
    have = set(db.session.scalars(select(Delivery.unit_id).where(Delivery.feedback_id == feedback.id)))
    to = [unit for unit in queries.children(delivery.unit_id) if unit.id not in have]
    if not to:
        raise RuleBroken(_("Alla under er har redan fått det, eller så finns ingen under er. Svara i stället."))
    delivery.passed_on_at = clock.now()
    made = _deliver(feedback, to, delivery)
    _settle(feedback)
    audit.note("feedback.pass_on", about=delivery, feedback=feedback.public_id, to=len(made))
    return made


@atomic
def answer(delivery: Delivery, text: str, *, by: Mandate) -> None:
    """`Så gör vi nu`. Whoever answers has read; more words are put after those that stand, the same words but once."""
    feedback = _alone(delivery, by)
    _check_open(feedback)
    words = rules.said(text, _("Skriv vad ni gör nu. En mening räcker."))
    if delivery.answer == words or delivery.answer.endswith(f"\n\n{words}"):
        audit.note("feedback.answer_again", about=delivery, feedback=feedback.public_id)
        return
    delivery.state = rules.after(delivery.state, "answer")
    delivery.answer = f"{delivery.answer}\n\n{words}" if delivery.answer else words
    delivery.answered_at, delivery.answered_by_id = clock.now(), by.person_id
    if delivery.read_at is None:
        delivery.read_at, delivery.read_by_id = clock.now(), by.person_id
    _settle(feedback)
    _tell_above(delivery, feedback)
    audit.note("feedback.answer", about=delivery, feedback=feedback.public_id)


def _tell_above(delivery: Delivery, feedback: Feedback) -> None:
    above = delivery.passed_from
    if above is None:
        outbox.post("feedback.answered", f"/feedback/{feedback.public_id}", [feedback.author.public_id])
    else:
        people = queries.people_at([above.unit_id]).get(above.unit_id, [])
        outbox.post("feedback.answered", f"/feedback/delivery/{above.public_id}", people)


@atomic
def close(feedback: Feedback, words: str, *, by: Mandate) -> None:
    """The sender closes with a sentence; nothing closes by time."""
    _keep(feedback, by)
    _check_open(feedback)
    feedback.closing_words = rules.said(words, _("Avsluta med en mening: vad blev det av det?"))
    feedback.state, feedback.closed_at = "closed", clock.now()
    audit.note("feedback.close", about=feedback)


@atomic
def reopen(feedback: Feedback, *, by: Mandate) -> None:
    """Open again what was closed; the closing words stay until it is closed anew."""
    _keep(feedback, by)
    if feedback.state != "closed":
        raise RuleBroken(_("Den är redan öppen."))
    feedback.state, feedback.closed_at = "open", None
    audit.note("feedback.reopen", about=feedback)


def _keep(feedback: Feedback, by: Mandate) -> None:
    lock(db.session(), f"feedback:{feedback.id}")
    db.session.refresh(feedback)
    guard.require(Action.KEEP, feedback, by)
    if feedback.kind == "question" and by.role == Role.MEMBER and feedback.author_id != by.person_id:
        raise RuleBroken(_("Frågan avslutas av den som ställde den, eller av nämndsekreteraren."))


def _alone(delivery: Delivery, by: Mandate) -> Feedback:
    """One act at a time on one piece of feedback: whether a node is done depends on all below it."""
    lock(db.session(), f"feedback:{delivery.feedback_id}")
    db.session.refresh(delivery)
    guard.require(Action.ANSWER, delivery, by)
    return delivery.feedback


def _check_open(feedback: Feedback) -> None:
    if feedback.state != "open":
        raise RuleBroken(_("Återkopplingen är avslutad av den som gav den, och tar inte emot mer."))


def _settle(feedback: Feedback) -> None:
    """Recompute, all the way up, which deliveries are done."""
    db.session.flush()
    copies = db.session.scalars(select(Delivery).where(Delivery.feedback_id == feedback.id)).all()
    settled = rules.done(copies)
    for copy in copies:
        if copy.id in settled and copy.done_at is None:  # nothing that anybody does makes it undone (rules.done)
            copy.done_at = clock.now()


@listen("decision_recorded", "feedback")
def said_with_decision(*, decision: Decision, sent: Mapping[str, Sequence[str]], by: Mandate, **_more: Any) -> None:
    """What the secretary wrote beside the decision is said down the chain in the same step; nothing written, nothing said."""

    def field(name: str) -> list[str]:
        return list(sent.get(queries.WITH_DECISION + name, []))

    text = "".join(field("text")[:1])
    if not text.strip():
        return
    to = queries.chosen(queries.receivers(by), "".join(field("whom")[:1]), field("units"))
    try:
        give("decision", decision.public_id, text, to, rules.day("".join(field("due_on")[:1])), by=by)
    except RuleBroken as no:
        raise RuleBroken(no.sentence, {queries.WITH_DECISION + name: no.sentence for name in no.problems or ("text",)}) from no


@listen("unit_ending", "feedback")
def unit_ending(*, unit: Unit, successor: Unit | None, reason: str, by: Actor | None, **more: Any) -> None:
    """A unit ends: what waits for it goes to the unit that takes over, or ends with the reason."""
    successor = more.get("heirs", {}).get("feedback", successor)
    here = select(Delivery).where(Delivery.unit_id == unit.id, Delivery.state.in_(rules.WAITING)).order_by(Delivery.id)
    waiting = db.session.scalars(here).all()
    if waiting and not successor and not reason.strip():
        raise RuleBroken(
            _(
                "%(unit)s har återkoppling som väntar. Säg vilken enhet som tar över den, eller varför den avslutas.",
                unit=unit.name,
            )
        )
    for delivery in waiting:
        lock(db.session(), f"feedback:{delivery.feedback_id}")
        delivery.state = "ended"
        delivery.ended_reason = reason.strip() or _("Gick över till %(unit)s.", unit=successor.name if successor else "")
        if successor and not _has(successor, delivery.feedback_id):
            _deliver(delivery.feedback, [successor], delivery.passed_from)
        _settle(delivery.feedback)


@listen("unit_to_end", "feedback")
def unit_to_end(*, unit: Unit, found: list[Waiting], **_more: Any) -> None:
    """The feedback that waits for it, by who has given it."""
    here = select(Delivery).where(Delivery.unit_id == unit.id, Delivery.state.in_(rules.WAITING)).order_by(Delivery.id)
    waiting = db.session.scalars(here.options(joinedload(Delivery.feedback).joinedload(Feedback.unit))).all()
    if waiting:
        names = dict.fromkeys(one.feedback.unit.name for one in waiting)
        found.append(Waiting("feedback", _("Återkoppling som väntar"), len(waiting), tuple(names)))


def _has(unit: Unit, feedback_id: int) -> bool:
    here = select(Delivery.id).where(Delivery.feedback_id == feedback_id, Delivery.unit_id == unit.id)
    return db.session.scalar(here) is not None
