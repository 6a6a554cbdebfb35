"""Keeps measures: set and followed up when a follow-up is handed up, undone when it is taken back, handed on when a unit ends.

The first three are steps of followup's own acts, which have asked the MAY table; nothing else calls them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.audit import Actor
from chain.base.db import atomic, db, random_name, unaudited
from chain.base.errors import RuleBroken
from chain.base.events import listen
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.goal.models import Goal
from chain.measure import queries, rules
from chain.measure.models import Measure, Outcome, WheelEntry
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.organisation.rules import Waiting

Words = Mapping[str, Any]


@atomic
def set_measures(*, unit_id: int, path: str, ceiling: str, round: Round, items: Sequence[Words], by: Mandate) -> list[Measure]:
    """The measures of a follow-up that is handed up. Those of an earlier version keep their address: they are found by item."""
    before = {measure.item: measure for measure in queries.set_in(unit_id, round.id)}
    people = _people(items)
    kept = []
    for item in items:
        measure = before.get(item["item"]) or _new(unit_id, round, item["item"])
        measure.question, measure.horizon = item["question"], item["horizon"]
        measure.path, measure.ceiling, measure.state, measure.carried = path, ceiling, "open", 0
        _word(measure, item, people)
        db.session.add(measure)
        kept.append(measure)
    db.session.flush()
    audit.note("measure.set_measures", about=round, count=len(kept))
    return kept


@atomic
def give_outcomes(
    *, unit_id: int, path: str, ceiling: str, round: Round, outcomes: Mapping[str, Words], by: Mandate
) -> list[Outcome]:
    """What came of each measure, by its address. A changed one goes on as a successor in the same lineage."""
    found = {measure.public_id: measure for measure in queries.to_follow_up(unit_id, round)}
    before = {measure.item: measure for measure in queries.set_in(unit_id, round.id)}
    people = _people(outcomes.values())
    given = []
    for name, words in outcomes.items():
        outcome = _outcome(found[name], round, words)
        if words["kind"] == "changed":
            successor = before.get(name) or _new(unit_id, round, name)
            _succeed(outcome.measure, successor, path, ceiling)
            _word(successor, words, people)
            outcome.successor = successor
        given.append(outcome)
    db.session.flush()
    audit.note("measure.give_outcomes", about=round, count=len(given))
    return given


@atomic
def retract(*, unit_id: int, round: Round, by: Mandate) -> None:
    """A follow-up was taken back: its outcomes are undone, and what it set waits for it to be handed up again."""
    given = select(Outcome).join(Measure, Outcome.measure_id == Measure.id).where(
        Measure.unit_id == unit_id, Outcome.round_id == round.id
    )  # fmt: skip
    undone = db.session.scalars(given).all()
    for outcome in undone:
        _undo(outcome)
    for measure in queries.set_in(unit_id, round.id):
        if measure.state == "open":
            measure.state = "retracted"
    audit.note("measure.retract", about=round, outcomes=len(undone))


@atomic
def hand_over(measure: Measure, to: str, *, by: Mandate) -> None:
    """Make somebody else responsible, by address: one with a mandate where the measure stands or below. That person is told."""
    guard.require(Action.WRITE, measure, by)
    person = next((one for one in queries.people(measure.path) if one.public_id == to), None)
    if measure.state != "open":
        raise RuleBroken(_("Åtgärden är avslutad, så ingen behöver ta över den."))
    if person is None:
        raise RuleBroken(_("Välj någon som har ett uppdrag här."), {"person": _("Välj någon som har ett uppdrag här.")})
    before = measure.responsible_id
    measure.responsible_id, measure.reminded = person.id, ""
    if person.id not in (before, by.person_id):
        outbox.post("measure.given", f"/measure/{measure.public_id}", [person.public_id])
    audit.note("measure.hand_over", about=measure)


@unaudited
def remind(*, by: Actor | None) -> int:
    """Letters to those who are responsible: before the round in which a measure is due, and when that has passed. Each once."""
    count = 0
    for measure, kind in queries.to_remind(clock.today()):
        assert measure.responsible is not None, "nobody else is reminded"
        outbox.post(f"measure.{kind}", f"/measure/{measure.public_id}", [measure.responsible.public_id])
        measure.reminded = rules.reminder_key(kind, measure.due_year, measure.due_number)
        count += 1
    return count


@listen("unit_ending", "measure")
def unit_ending(*, unit: Unit, successor: Unit | None, reason: str, by: Actor | None, **more: Any) -> None:
    """A unit ends: each open measure goes to the unit that takes over, or ends with the reason; refused when there is neither.

    Where others finish the unit's follow-up in an open round, they tell there what came of its measures, and set its last ones;
    all of them go over when that is done (`round_opened`).
    """
    merged, successor = successor, more.get("heirs", {}).get("measure", successor)
    if successor and successor is merged and cycle.awaited_until(unit, merged):
        return
    waiting = db.session.scalars(select(Measure).where(Measure.unit_id == unit.id, Measure.state == "open")).all()
    if waiting and not successor and not reason.strip():
        raise RuleBroken(
            _(
                "%(unit)s har %(n)s öppna åtgärder. Säg vilken enhet som tar över dem, eller varför de avslutas.",
                unit=unit.name,
                n=len(waiting),
            )
        )
    for measure in waiting:
        if successor:
            _hand_over(measure, successor)
        else:
            _end(measure, reason)


@listen("round_opened", "measure")
def round_opened(*, round: Round, by: Actor | None, **_more: Any) -> None:
    """What a merged unit set while it finished the round before goes to whoever has taken over, before anything is asked."""
    at = select(Measure.unit_id).where(Measure.state == "open", policy.below(round.path, Measure.path))
    for unit in db.session.scalars(select(Unit).where(Unit.id.in_(at), Unit.successor_id.is_not(None))):
        if heir := organisation.heir(unit):
            unit_ending(unit=unit, successor=heir, reason="", by=by)


@listen("unit_to_end", "measure")
def unit_to_end(
    *, unit: Unit, found: list[Waiting], successor: Unit | None = None, new: bool = False, **_more: Any
) -> None:  # fmt: skip
    """Its open measures, by the rounds that set them."""
    wanted = select(Measure).where(Measure.unit_id == unit.id, Measure.state == "open").order_by(Measure.id)
    waiting = db.session.scalars(wanted.options(joinedload(Measure.round).joinedload(Round.year))).all()
    if waiting:
        rounds = dict.fromkeys(one.round.in_year for one in waiting)
        later = cycle.awaited_until(unit, successor, new=new)
        what = _("Öppna åtgärder, när nästa uppföljning öppnas") if later else _("Öppna åtgärder")
        found.append(Waiting("measure", what, len(waiting), tuple(rounds)))


def _new(unit_id: int, round: Round, item: str) -> Measure:
    return Measure(unit_id=unit_id, round_id=round.id, item=item, lineage=random_name(), public_id=random_name())


def _word(measure: Measure, words: Words, people: Mapping[str, int]) -> None:
    measure.problem, measure.sign = rules.said(words, "problem"), rules.said(words, "sign")
    if "goal" in words:
        measure.goal_id = _goal(words["goal"])
        measure.goal = rules.said(words, "goal_words") or ("" if rules.refers(words["goal"]) else rules.said(words, "goal"))
    if "cause" in words:
        measure.cause_item, measure.cause = rules.said(words, "cause"), rules.said(words, "cause_words")
    measure.responsible_id = people.get(words.get("responsible", ""))
    measure.due_year, measure.due_number = rules.read_due(words["due"])


def _goal(name: str) -> int | None:
    return db.session.scalar(select(Goal.id).where(Goal.public_id == name)) if rules.refers(name) else None


def _people(items: Any) -> dict[str, int]:
    named = {item.get("responsible") for item in items} - {None, ""}
    if not named:
        return {}
    found = db.session.execute(select(Person.public_id, Person.id).where(Person.public_id.in_(named)))
    return {public_id: number for public_id, number in found}


def _outcome(measure: Measure, round: Round, words: Words) -> Outcome:
    before = {"carried": measure.carried, "due": rules.written_due(measure.due_year, measure.due_number)}
    kind = rules.KINDS[words["kind"]]
    measure.state = kind.state
    if kind.carried:
        measure.carried += 1
    if words["kind"] == "goes_on" and words.get("due"):
        measure.due_year, measure.due_number = rules.read_due(words["due"])
    outcome = Outcome(
        measure=measure, round_id=round.id, kind=words["kind"], effect=rules.said(words, "effect"),
        evidence=list(words.get("evidence", [])), reason=rules.said(words, "reason"), facts={"before": before},
    )  # fmt: skip
    db.session.add(outcome)
    untold = WheelEntry.measure_id == measure.id, WheelEntry.told_in_id.is_(None)
    db.session.execute(update(WheelEntry).where(*untold).values(told_in_id=round.id))
    return outcome


def _succeed(measure: Measure, successor: Measure, path: str, ceiling: str) -> None:
    """The successor carries the count on: `measure` has already counted this carry."""
    successor.question, successor.horizon, successor.goal = measure.question, measure.horizon, measure.goal
    successor.cause, successor.cause_item, successor.goal_id = measure.cause, measure.cause_item, measure.goal_id
    successor.lineage, successor.carried, successor.state = measure.lineage, measure.carried, "open"
    successor.path, successor.ceiling = path, ceiling
    db.session.add(successor)


def _undo(outcome: Outcome) -> None:
    if "said" in outcome.facts:
        return  # the unit has ended since then: what happened to its measures stands
    measure, before = outcome.measure, outcome.facts["before"]
    measure.state, measure.carried = "open", before["carried"]
    measure.due_year, measure.due_number = rules.read_due(before["due"])
    told = WheelEntry.measure_id == measure.id, WheelEntry.told_in_id == outcome.round_id
    db.session.execute(update(WheelEntry).where(*told).values(told_in_id=None))
    db.session.delete(outcome)


def _hand_over(measure: Measure, unit: Unit) -> None:
    """A new row at the successor, as if set there in the same round: it comes up in the successor's next follow-up."""
    outcome = _ending(measure, "handed_over")
    heir = _new(unit.id, measure.round, measure.public_id)
    _succeed(measure, heir, unit.path, _ceiling(measure, unit))
    heir.problem, heir.sign, heir.responsible_id = measure.problem, measure.sign, measure.responsible_id
    heir.due_year, heir.due_number = measure.due_year, measure.due_number
    outcome.successor = heir
    db.session.flush()
    db.session.execute(update(WheelEntry).where(WheelEntry.measure_id == measure.id).values(measure_id=heir.id))


def _end(measure: Measure, reason: str) -> None:
    _ending(measure, "ended_without").effect = reason.strip()


def _ending(measure: Measure, kind: str) -> Outcome:
    """What the unit's end made of the measure, told in its last round; what was said of it there stays in the facts."""
    last = max([measure.round, *(outcome.round for outcome in measure.outcomes)], key=lambda round: round.id)
    said = next((outcome for outcome in measure.outcomes if outcome.round_id == last.id), None)
    outcome = said or Outcome(measure=measure, round_id=last.id, facts={})
    outcome.facts = {**outcome.facts, "said": said.kind if said else ""}
    outcome.kind, measure.state = kind, rules.KINDS[kind].state
    db.session.add(outcome)
    return outcome


def _ceiling(measure: Measure, unit: Unit) -> str:
    """As far up as before, seen from the successor; where the tree has no such level, no further than the successor itself."""
    level = select(Unit.level).where(Unit.path == measure.ceiling).scalar_subquery()
    above = [*policy.ancestors(unit.path), unit.path]
    found = db.session.scalar(select(Unit.path).where(Unit.path.in_(above), Unit.level == level))
    return found or unit.path
