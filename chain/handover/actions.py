"""The giving unit's acts: begin, describe, choose who receives, hand over, take back, throw away. And units that end or move."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import joinedload

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.db import atomic, db, random_name
from chain.base.errors import NotFound, RuleBroken
from chain.base.events import listen
from chain.base.locale import _, current
from chain.followup.rules import sha256
from chain.handover import queries, rules, shipped
from chain.handover.models import Handover, HandoverEdition, HandoverSection, HandoverVersion, Reception
from chain.handover.rules import AWAITS, CHOSEN, Facts
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting


def hold(handover: Handover) -> Handover:
    """Nobody else writes in it, moves it or receives it until this act has ended. Gone where somebody threw it away meanwhile."""
    try:
        db.session.refresh(handover, with_for_update={"of": Handover})
    except InvalidRequestError:
        raise NotFound from None
    return handover


# Begin


@atomic
def begin(transition: str, year_group: str, *, year: str, cohort: str, children: int | None, by: Mandate) -> Handover:
    """Begin a handover of a group that goes on from the mandate's unit."""
    made = Handover(
        public_id=random_name(), unit_id=by.unit_id, path=by.path, year=year, transition=transition, year_group=year_group,
        begun_at=clock.now(), begun_by_id=by.person_id, state="draft", edition=0,
    )  # fmt: skip
    guard.require(Action.WRITE, made, by)
    step = shipped.transitions().get(transition)
    if step is None or year_group not in step.begins(by.unit.school_forms, by.unit.year_groups):
        sentence = _("Välj vilken övergång det gäller.")
        raise RuleBroken(sentence, {"step": sentence})
    _describe(made, cohort, children)
    db.session.add(made)
    db.session.flush()
    for place, heading in enumerate(shipped.headings(transition)):
        db.session.add(HandoverSection(handover_id=made.id, key=heading.key, position=place, text=""))
    audit.note("handover.begin", about=made, transition=transition, year=year)
    return made


@atomic
def describe(handover: Handover, *, cohort: str, children: int | None, by: Mandate) -> Handover:
    """Say anew what the group is called and how many they are."""
    guard.require(Action.WRITE, hold(handover), by)
    _describe(handover, cohort, children)
    audit.note("handover.describe", about=handover)
    return handover


def _describe(handover: Handover, cohort: str, children: int | None) -> None:
    rules.check_group(cohort, children)
    handover.cohort, handover.children = cohort.strip(), int(children or 0)


# Who receives


@atomic
def choose(handover: Handover, unit: Unit, *, by: Mandate) -> None:
    """Let a unit receive it. It knows of nothing before it is handed over. Twice the same is once."""
    guard.require(Action.WRITE, hold(handover), by)
    if queries.candidate(handover, unit.public_id) is None:
        raise RuleBroken(_("%(unit)s kan inte ta emot gruppen: välj en enhet som har nästa steg.", unit=unit.name))
    mine = select(Reception.id).where(Reception.handover_id == handover.id, Reception.unit_id == unit.id)
    if db.session.scalar(mine) is None:
        db.session.add(
            Reception(public_id=random_name(), handover_id=handover.id, unit_id=unit.id, path=unit.path, state=CHOSEN, edition=0)
        )
        db.session.flush()
        db.session.expire(handover, ["receptions"])
    audit.note("handover.choose", about=handover, unit=unit.public_id)


@atomic
def leave_out(handover: Handover, unit: Unit, *, by: Mandate) -> None:
    """Take away a receiver to whom nothing has come."""
    guard.require(Action.WRITE, hold(handover), by)
    here = (Reception.handover_id == handover.id, Reception.unit_id == unit.id)
    found = db.session.scalars(select(Reception).where(*here)).first()
    if found is not None and found.state != CHOSEN:
        raise RuleBroken(_("%(unit)s har redan fått överlämningen och kan inte tas bort.", unit=unit.name))
    if found is not None:
        db.session.delete(found)
        db.session.flush()
        db.session.expire(handover, ["receptions"])
    audit.note("handover.leave_out", about=handover, unit=unit.public_id)


# Hand over


def facts(handover: Handover, *, confirmed: bool = True) -> Facts:
    """What the table asks before it is handed over: what is missing, and what looks like a person. Two statements."""
    texts = {one.key: one.text for one in handover.sections}
    return Facts(
        missing=rules.missing(shipped.headings(handover.transition), texts, current()),
        receivers=len([one for one in handover.receptions if one.state != "ended"]),
        found=tuple(one.told for one in warnings(handover)),
        confirmed=confirmed,
        opened=any(one.opened_at for one in handover.receptions),
    )


def warnings(handover: Handover) -> list[rules.Warned]:
    """The sentences of a handover that must be mended before it leaves the unit. The group's own name is looked at as well."""
    people, known = queries.names_near(handover)
    texts = {"cohort": handover.cohort} | {one.key: one.text for one in handover.sections}
    return rules.warnings(texts, people, known)


@atomic
def give(handover: Handover, *, confirmed: bool, version: int, by: Mandate) -> Handover:
    """Hand it over: from now on this edition is never changed. `version`: queries.revision of what was read through."""
    guard.require(Action.SUBMIT, hold(handover), by)
    db.session.expire(handover, ["sections", "receptions"])
    line = rules.move("give", handover.state, facts(handover, confirmed=confirmed))
    if queries.revision(handover) != version:
        raise RuleBroken(_("Någon har ändrat i överlämningen sedan du läste igenom den. Läs den som den är nu."))
    handover.edition += 1
    handover.state, handover.handed_at, handover.handed_by_id = line.after, clock.now(), by.person_id
    made = _edition(handover, by)
    db.session.add(made)
    to = _deliver(handover)
    audit.note("handover.give", about=handover, edition=made.number, sha256=made.sha256, to=len(to))
    return handover


def _edition(handover: Handover, by: Mandate) -> HandoverEdition:
    words = {one.key: one for one in shipped.headings(handover.transition)}
    snapshot = {
        "handover": handover.public_id, "number": handover.edition, "year": handover.year, "transition": handover.transition,
        "year_group": handover.year_group, "cohort": handover.cohort, "children": handover.children,
        "unit": {"public_id": handover.unit.public_id, "name": handover.unit.name},
        "to": [{"public_id": one.unit.public_id, "name": one.unit.name} for one in queries.chosen(handover)],
        "signed": {"name": by.person.name, "role": by.role.value},
        "handed_at": clock.now().isoformat(),
        "sections": [
            {"key": one.key, "title": {locale: words[one.key].word("title", locale) for locale in ("sv", "en")}, "text": one.text}
            for one in handover.sections
            if one.key in words and one.text.strip()
        ],
    }  # fmt: skip
    return HandoverEdition(
        handover_id=handover.id, number=handover.edition, snapshot=snapshot, sha256=sha256(snapshot), handed_at=clock.now(),
        handed_by_id=by.person_id,
    )  # fmt: skip


def _deliver(handover: Handover) -> list[Reception]:
    """It comes to every receiver, with a letter. Who has received an earlier edition keeps that, and is told of the newer one."""
    to = [one for one in handover.receptions if one.state != "ended"]
    heads = queries.heads_at(one.unit_id for one in to)
    for one in to:
        if one.state in (CHOSEN, "returned"):
            one.state, one.came_at = "handed_over", clock.now()
        one.edition, one.cohort = handover.edition, handover.cohort
        outbox.post("handover.given", f"/handover/received/{one.public_id}", heads.get(one.unit_id, []))
    return to


@atomic
def withdraw(handover: Handover, *, by: Mandate) -> Handover:
    """Take back what no receiver has opened: it leaves no trace there."""
    guard.require(Action.SUBMIT, hold(handover), by)
    db.session.expire(handover, ["receptions"])
    line = rules.move("withdraw", handover.state, Facts(opened=any(one.opened_at for one in handover.receptions)))
    handover.state = line.after
    for one in handover.receptions:
        if one.state in AWAITS:
            one.state, one.came_at, one.edition, one.cohort = CHOSEN, None, 0, ""
    audit.note("handover.withdraw", about=handover)
    return handover


@atomic
def discard(handover: Handover, *, by: Mandate) -> None:
    """Throw away a draft that no receiver has opened."""
    guard.require(Action.SUBMIT, hold(handover), by)
    rules.move("discard", handover.state, Facts(opened=any(one.opened_at for one in handover.receptions)))
    audit.note("handover.discard", about=handover)
    mine = select(HandoverSection.id).where(HandoverSection.handover_id == handover.id)
    db.session.execute(delete(HandoverVersion).where(HandoverVersion.section_id.in_(mine)))
    for model in (HandoverSection, HandoverEdition, Reception):
        db.session.execute(delete(model).where(model.handover_id == handover.id))
    db.session.execute(delete(Handover).where(Handover.id == handover.id))
    db.session.expunge(handover)


# Units that end, and units that move


@listen("unit_ending", "handover")
def unit_ending(*, unit: Unit, successor: Unit | None, reason: str, **more: Any) -> None:
    """What a unit gives and what it receives is its successor's; without one, what waits ends with the reason."""
    successor = more.get("heirs", {}).get("handover", successor)
    own = db.session.scalars(select(Handover).where(Handover.unit_id == unit.id).order_by(Handover.id)).all()
    came = db.session.scalars(select(Reception).where(Reception.unit_id == unit.id).order_by(Reception.id)).all()
    if successor is not None:
        _taken_over(own, came, successor)
        return
    drafts = [one for one in own if one.state in rules.WRITABLE]
    waiting = [one for one in came if one.state in AWAITS]
    if (drafts or waiting) and not reason.strip():
        raise RuleBroken(
            _(
                "%(unit)s har överlämningar som väntar. Säg vilken enhet som tar över dem, eller varför de avslutas.",
                unit=unit.name,
            )
        )
    ending: list[Handover | Reception] = [*drafts, *(each for each in came if each.state in (CHOSEN, *AWAITS))]
    for one in ending:
        one.state, one.ended_reason = "ended", reason.strip()
    db.session.flush()


def _taken_over(own: Sequence[Handover], came: Sequence[Reception], successor: Unit) -> None:
    """The successor gives and receives in its place. What it has got itself, or now gives itself, it does not get once more."""
    for handover in own:
        handover.unit_id, handover.path = successor.id, successor.path
    db.session.flush()
    theirs = {one.handover_id: one for one in db.session.scalars(select(Reception).where(Reception.unit_id == successor.id))}
    own_now = set(db.session.scalars(select(Handover.id).where(Handover.unit_id == successor.id)))
    for one in came:
        if one.handover_id not in theirs and one.handover_id not in own_now:
            one.unit_id, one.path = successor.id, successor.path
        elif one.state in (CHOSEN, *AWAITS):
            one.state, one.ended_reason = "ended", _("Gick över till %(unit)s.", unit=successor.name)
    db.session.flush()


@listen("unit_to_end", "handover")
def unit_to_end(*, unit: Unit, found: list[Waiting], **_more: Any) -> None:
    """What it writes, and what has come to it and waits."""
    drafts = select(Handover).where(Handover.unit_id == unit.id, Handover.state.in_(rules.WRITABLE))
    if count := len(db.session.scalars(drafts).all()):
        found.append(Waiting("handover", _("Överlämningar som enheten skriver"), count))
    waits = select(Reception).where(Reception.unit_id == unit.id, Reception.state.in_(AWAITS))
    givers = [one.handover.unit.name for one in db.session.scalars(waits.options(*queries.RECEIVER).order_by(Reception.id))]
    if givers:
        found.append(Waiting("handover", _("Överlämningar att ta emot"), len(givers), tuple(dict.fromkeys(givers))))


@listen("unit_moved", "handover")
def unit_moved(*, unit: Unit, **_more: Any) -> None:
    """A unit keeps what it has given and received where it goes."""
    inside = (Unit.path == unit.path) | policy.below(unit.path, Unit.path)
    given = db.session.scalars(select(Handover).join(Handover.unit).where(inside).options(joinedload(Handover.unit))).all()
    came = db.session.scalars(select(Reception).join(Reception.unit).where(inside).options(joinedload(Reception.unit))).all()
    theirs: list[Handover | Reception] = [*given, *came]
    for one in theirs:
        one.path = one.unit.path
    db.session.flush()
