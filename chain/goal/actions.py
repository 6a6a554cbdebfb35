"""Keeps goals: written, decided, given new words, ended. What a unit's end makes of them stands in ending_actions."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.lengths import fitting
from chain.base.locale import _
from chain.goal import ending_actions, national_actions, queries, rules
from chain.goal.models import Goal, GoalEdition, GoalLink
from chain.goal.rules import Words
from chain.organisation.models import Mandate, Person, Unit
from chain.result import queries as result

__all__ = ["ending_actions", "national_actions"]  # so that they listen


@atomic
def write(unit: Unit, words: Words, *, by: Mandate) -> Goal:
    """A new draft of a node's goal: read by those who write there, and by nobody else until it is decided."""
    goal = Goal(
        public_id=random_name(), unit_id=unit.id, unit=unit, path=unit.path, level=unit.level, state="draft", valid_from="",
        ceiling=rules.ceiling(unit.path, unit.level), edition=0,
    )  # fmt: skip
    guard.require(Action.WRITE, goal, by)
    rules.move("write", "draft", level=goal.level, role=by.role)
    _word(goal, words)
    db.session.add(goal)
    db.session.flush()
    audit.note("goal.write", about=goal)
    return goal


@atomic
def rewrite(goal: Goal, words: Words, *, version: int, by: Mandate) -> Goal:
    """Other words in a draft."""
    guard.require(Action.WRITE, goal, by)
    _unchanged(goal, version)
    rules.move("write", goal.state, level=goal.level, role=by.role)
    _word(goal, words)
    audit.note("goal.write", about=goal)
    return goal


@atomic
def discard(goal: Goal, *, by: Mandate) -> None:
    """Throw a draft away, without a trace of what it said."""
    guard.require(Action.WRITE, goal, by)
    rules.move("discard", goal.state, level=goal.level, role=by.role)
    audit.note("goal.discard", about=goal)
    db.session.delete(goal)


@atomic
def decide(goal: Goal, *, decided_on: date, reference: str = "", version: int, by: Mandate) -> Goal:
    """Decide a draft: from now on those above and below read it, and its words are kept as they were decided.

    Refused where it breaks down nothing, nobody is responsible, or the day has not been.
    """
    guard.require(Action.SUBMIT, goal, by)
    _unchanged(goal, version)
    words = _said(goal)
    found = rules.missing(words, goal.level, queries.as_above(link.above for link in goal.up))
    found |= _check_decision(decided_on, reference)
    rules.move("decide", goal.state, level=goal.level, role=by.role, problems=found)
    goal.state = "decided"
    _edition(goal, words, "", decided_on, reference, by)
    audit.note("goal.decide", about=goal, edition=goal.edition)
    return goal


@atomic
def change(
    goal: Goal, words: Words, *, reason: str, decided_on: date, version: int, by: Mandate, reference: str = ""
) -> Goal:  # fmt: skip
    """Give a decided goal other words: a new edition, with the reason. The earlier ones are kept."""
    guard.require(Action.KEEP, goal, by)
    _unchanged(goal, version)
    above = _above(goal, words.above)
    found = rules.missing(words, goal.level, queries.as_above(above)) | _check_decision(decided_on, reference)
    if len(reason) > rules.LONGEST_REASON:
        found["reason"] = _("Skriv högst %(n)s tecken.", n=rules.LONGEST_REASON)
    rules.move("change", goal.state, level=goal.level, role=by.role, reason=reason, problems=found)
    _word(goal, words)
    db.session.flush()
    _edition(goal, _said(goal), reason.strip(), decided_on, reference, by)
    audit.note("goal.change", about=goal, edition=goal.edition)
    return goal


@atomic
def end(goal: Goal, *, reason: str, version: int, by: Mandate) -> None:
    """End a decided goal, with the reason. What breaks it down stands, and says that what is above has ended."""
    guard.require(Action.KEEP, goal, by)
    _unchanged(goal, version)
    rules.move("end", goal.state, level=goal.level, role=by.role, reason=reason)
    goal.state, goal.ended_on, goal.end_reason = "ended", clock.today(), fitting(reason, rules.LONGEST_REASON, "reason")
    audit.note("goal.end", about=goal)


def _unchanged(goal: Goal, version: int) -> None:
    db.session.flush()
    db.session.refresh(goal)
    if goal.version != version:
        raise RuleBroken(_("Någon annan har ändrat målet sedan du öppnade sidan. Ladda om och se efter."))


def _check_decision(decided_on: date, reference: str) -> dict[str, str]:
    if decided_on > clock.today():
        return {"decided_on": _("Den dagen har inte varit än. Ett mål beslutas först, och skrivs in sedan.")}
    if len(reference.strip()) > rules.LONGEST_REFERENCE:
        return {"reference": _("Skriv högst %(n)s tecken.", n=rules.LONGEST_REFERENCE)}
    return {}


def _edition(goal: Goal, words: Words, reason: str, decided_on: date, reference: str, by: Mandate) -> None:
    goal.edition += 1
    goal.decided_on, goal.reference = decided_on, reference.strip()
    said = {**words.__dict__, "target": str(words.target) if words.target is not None else "", "above": list(words.above)}
    said["owner"], said["school_forms"] = goal.owner.name if goal.owner else "", list(words.school_forms)
    db.session.add(
        GoalEdition(
            goal=goal,
            number=goal.edition,
            words=said,
            reason=reason,
            reference=goal.reference,
            decided_on=decided_on,
            by_id=by.person_id,
            by_role=str(by.role),
        )
    )


def _said(goal: Goal) -> Words:
    return Words(
        kind=goal.kind, title=goal.title, text=goal.text, valid_from=goal.valid_from, valid_to=goal.valid_to or "",
        owner=goal.owner.public_id if goal.owner else "", indicator=goal.indicator, subject=goal.subject,
        year_group=goal.year_group, direction=goal.direction, target=goal.target, school_forms=tuple(goal.school_forms),
        above=tuple(link.above.public_id for link in goal.up),
    )  # fmt: skip


def _word(goal: Goal, words: Words) -> None:
    """Put the words in, or refuse them with a sentence per field."""
    words = replace(words, indicator=words.indicator.strip(), title=words.title.strip(), text=words.text.strip())
    percent = _is_percent(goal, words.indicator)
    found = rules.problems(words, percent=bool(percent))
    if words.indicator and percent is None:
        found["indicator"] = _("Måttet finns inte. Välj ett i listan.")
    owner = _owner(goal, words.owner, found)
    above = _above(goal, words.above, found)
    if found:
        raise RuleBroken(next(iter(found.values())), found)
    goal.kind, goal.title, goal.text = words.kind, words.title, words.text
    goal.valid_from, goal.valid_to, goal.owner = words.valid_from, words.valid_to or None, owner
    goal.indicator, goal.direction, goal.target = words.indicator, words.direction, words.target
    goal.subject, goal.year_group = (words.subject, words.year_group) if words.indicator else ("", "")
    goal.school_forms = list(words.school_forms)
    known = {link.above_id for link in goal.up}
    goal.up = [link for link in goal.up if link.above_id in {one.id for one in above}]
    goal.up += [GoalLink(above=one) for one in above if one.id not in known]


def _is_percent(goal: Goal, indicator: str) -> bool | None:
    """Whether a target is in per cent; None where no such indicator is measured."""
    if not indicator:
        return False
    year = queries.newest_year(goal.path)
    found = result.indicator(year.id, indicator) if year else None
    return None if found is None else found.kind == "share"


def _owner(goal: Goal, public_id: str, found: dict[str, str]) -> Person | None:
    if not public_id:
        return None
    owner = next((one for one in queries.owners(goal.unit) if one.public_id == public_id), None)
    if owner is None and (goal.owner is None or goal.owner.public_id != public_id):
        found["owner"] = _("Personen har inget uppdrag här längre. Välj någon annan.")
    return owner or goal.owner


def _above(goal: Goal, names: tuple[str, ...], found: dict[str, str] | None = None) -> list[Goal]:
    """The goals by these names that a goal may break down; what may not is told in `found`, or refused."""
    rows = select(Goal).where(Goal.public_id.in_(names), Goal.state != "draft")
    chosen = {one.public_id: one for one in db.session.scalars(rows)} if names else {}
    good = [
        chosen[name] for name in dict.fromkeys(names)
        if name in chosen and rules.may_break_down(goal.path, goal.level, queries.as_above([chosen[name]])[0])
    ]  # fmt: skip
    if len(good) < len(set(names)):
        sentence = _("Ett mål bryter bara ner mål som står ovanför det, på samma gren. Välj i listan.")
        if found is None:
            raise RuleBroken(sentence, {"above": sentence})
        found["above"] = sentence
    return good
