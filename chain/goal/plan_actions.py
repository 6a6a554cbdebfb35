"""Keeps workplans: written from the goals, decided, revised as a new edition, commented from above; and the workshops."""

from collections.abc import Sequence
from datetime import date, time

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.lengths import fitting
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle import rules as cycle
from chain.goal import document_queries as documents
from chain.goal import plan_queries as queries
from chain.goal import plan_rules as rules
from chain.goal import queries as goals
from chain.goal import rules as goal_rules
from chain.goal.document_models import GoverningDocument, GoverningReference
from chain.goal.models import Goal
from chain.goal.plan_models import Workplan, WorkplanComment, WorkplanEntry, WorkplanGoal, Workshop
from chain.organisation.models import Mandate, Unit


@atomic
def begin(unit: Unit, year: str, *, by: Mandate) -> Workplan:
    """A unit's plan for a year, a draft of those who write there. The one that is begun already is answered as it is."""
    year = cycle.check_label(year)
    plan = _new(unit, year, 1)
    guard.require(Action.WRITE, plan, by)
    rules.move("write", "draft", level=unit.level, role=by.role)
    lock(db.session(), f"plan {unit.id} {year}")
    there = queries.draft(unit.id, year) or queries.holding(unit.id, year)
    audit.note("plan.begin", about=there or plan, year=year)
    if there:
        return there
    db.session.add(plan)
    db.session.flush()
    return plan


def _new(unit: Unit, year: str, edition: int) -> Workplan:
    return Workplan(
        public_id=random_name(), unit_id=unit.id, unit=unit, path=unit.path, ceiling=goal_rules.ceiling(unit.path, unit.level),
        year=year, edition=edition, state="draft", text="", participation="", reason="",
    )  # fmt: skip


@atomic
def write(
    plan: Workplan, *, text: str, participation: str, version: int, by: Mandate,
    governed: Sequence[GoverningDocument] | None = None,
) -> None:  # fmt: skip
    """Where the unit stands and is going, how those concerned have taken part, and (given) which documents govern the plan."""
    _write(plan, by, version)
    for name, words in (("text", text), ("participation", participation)):
        if len(words) > rules.LONGEST_TEXT:
            sentence = _("Skriv högst %(n)s tecken.", n=rules.LONGEST_TEXT)
            raise RuleBroken(sentence, {name: sentence})
    plan.text, plan.participation = text.strip(), participation.strip()
    if governed is not None:
        _refer(plan, {one.id for one in governed})
    audit.note("plan.write", about=plan)


def _refer(plan: Workplan, wanted: set[int]) -> None:
    """Let these documents govern the plan, and no others: among those that hold at its node or above."""
    known = {one.id for one in documents.choosable(plan.path)}
    before = documents.of_plan(plan)
    if not wanted <= known | {one.document_id for one in before}:
        sentence = _("Välj bland dokumenten i listan.")
        raise RuleBroken(sentence, {"governed": sentence})
    for one in before:
        if one.document_id not in wanted:
            db.session.delete(one)
    there = {one.document_id for one in before}
    db.session.add_all(GoverningReference(document_id=one, workplan_id=plan.id) for one in sorted(wanted - there))


@atomic
def put(
    plan: Workplan, *, what: str, when: str, who: str, know: str, from_goals: Sequence[Goal], by: Mandate, item: str = ""
) -> WorkplanEntry:  # fmt: skip
    """Say something that the unit does, drawn from one or more goals; with `item`, other words for what stands there."""
    _write(plan, by)
    found = rules.check_entry(what, when, who, know)
    known = {one.id for one in goals.choosable(plan.path, plan.year)}
    entry = next((one for one in plan.entries if one.item == item), None) if item else None
    before = {one.goal_id for one in entry.goals} if entry else set()
    if any(one.id not in known | before for one in from_goals):
        found["goals"] = _("Välj bland målen i listan: era egna, och de ovanför er.")
    if item and entry is None:
        raise RuleBroken(_("Någon annan har tagit bort raden. Lägg till den igen om den ska vara kvar."))
    if entry is None and len(plan.entries) >= rules.MOST_ENTRIES:
        found["what"] = _("Planen har %(n)s rader. Fler hinner ingen läsa: slå ihop några.", n=len(plan.entries))
    if found:
        raise RuleBroken(next(iter(found.values())), found)
    if entry is None:
        place = max((one.position for one in plan.entries), default=0) + 10
        entry = WorkplanEntry(item=random_name(), position=place, plan=plan)
    entry.what, entry.when, entry.who, entry.know = what.strip(), when.strip(), who.strip(), know.strip()
    wanted = {one.id for one in from_goals}
    entry.goals = [one for one in entry.goals if one.goal_id in wanted]
    entry.goals += [WorkplanGoal(goal_id=one) for one in sorted(wanted - before)]
    db.session.add(entry)
    db.session.flush()
    audit.note("plan.put", about=plan)
    return entry


@atomic
def remove(plan: Workplan, item: str, *, by: Mandate) -> None:
    """Take an entry out of a draft."""
    _write(plan, by)
    for one in [each for each in plan.entries if each.item == item]:
        plan.entries.remove(one)
    audit.note("plan.remove", about=plan)


@atomic
def decide(plan: Workplan, *, by: Mandate) -> None:
    """Decide a draft: those above read it from now on, and it replaces the edition before."""
    guard.require(Action.SUBMIT, plan, by)
    entries = [rules.Entry(one.what, one.who, one.know, len(one.goals), one.when) for one in plan.entries]
    found = rules.missing(entries, plan.participation)
    move = rules.move("decide", plan.state, level=plan.unit.level, role=by.role, edition=plan.edition, problems=found)
    lock(db.session(), f"plan {plan.unit_id} {plan.year}")
    if before := queries.holding(plan.unit_id, plan.year):
        before.state = "replaced"
    plan.state, plan.decided_on, plan.decided_by_id = move.after, clock.today(), by.person_id
    audit.note("plan.decide", about=plan, edition=plan.edition)


@atomic
def revise(plan: Workplan, reason: str, *, by: Mandate) -> Workplan:
    """Begin the next edition of a plan that holds, from its words, with the reason. The one that holds is read until then."""
    rules.move("revise", plan.state, level=plan.unit.level, role=by.role, reason=reason)
    lock(db.session(), f"plan {plan.unit_id} {plan.year}")
    if there := queries.draft(plan.unit_id, plan.year):
        guard.require(Action.WRITE, there, by)
        audit.note("plan.revise", about=there, edition=there.edition)
        return there
    made = _new(plan.unit, plan.year, queries.latest_edition(plan.unit_id, plan.year) + 1)
    guard.require(Action.WRITE, made, by)
    made.text, made.participation, made.reason = plan.text, plan.participation, fitting(reason, rules.LONGEST_WORDS, "reason")
    made.entries = [
        WorkplanEntry(
            item=one.item,
            position=one.position,
            what=one.what,
            when=one.when,
            who=one.who,
            know=one.know,
            goals=[WorkplanGoal(goal_id=each.goal_id) for each in one.goals],
        )
        for one in plan.entries
    ]
    db.session.add(made)
    db.session.flush()
    _refer(made, {one.document_id for one in documents.of_plan(plan)} & {one.id for one in documents.choosable(plan.path)})
    audit.note("plan.revise", about=made, edition=made.edition)
    return made


@atomic
def discard(plan: Workplan, *, by: Mandate) -> None:
    """Throw a draft away."""
    guard.require(Action.WRITE, plan, by)
    rules.move("discard", plan.state, level=plan.unit.level, role=by.role)
    audit.note("plan.discard", about=plan)
    for reference in documents.of_plan(plan):
        db.session.delete(reference)
    db.session.delete(plan)


@atomic
def comment(plan: Workplan, text: str, *, by: Mandate) -> WorkplanComment:
    """What somebody above says of a plan that holds. It stands as it was said."""
    guard.require(Action.ANSWER, plan, by)
    said = text.strip()
    if not said or len(said) > rules.LONGEST_WORDS:
        sentence = _("Skriv din kommentar, högst %(n)s tecken.", n=rules.LONGEST_WORDS)
        raise RuleBroken(sentence, {"comment": sentence})
    made = WorkplanComment(workplan_id=plan.id, at=clock.now(), by_id=by.person_id, by_role=str(by.role), text=said)
    db.session.add(made)
    db.session.flush()
    audit.note("plan.comment", about=plan)
    return made


# Workshops


@atomic
def plan_workshop(
    unit: Unit, *, year: str, held_on: date, about: str, by: Mandate, begins_at: time | None = None, place: str = ""
) -> Workshop:  # fmt: skip
    """A day on which the units below write their plans together (seed 004). They see it at once."""
    made = Workshop(
        public_id=random_name(), unit_id=unit.id, path=unit.path, year=cycle.check_label(year), held_on=held_on,
        begins_at=begins_at, place=place.strip(), about=about.strip(), state="planned", reason="",
    )  # fmt: skip
    guard.require(Action.KEEP, made, by)
    found = {}
    if held_on < clock.today():
        found["held_on"] = _("Välj en dag som inte har varit.")
    if not about.strip() or len(about) > rules.LONGEST_WORDS:
        found["about"] = _("Skriv vad ni ska göra tillsammans, och vad deltagarna ska ha med sig.")
    if len(place.strip()) > rules.LONGEST_LINE:
        found["place"] = _("Skriv högst %(n)s tecken.", n=rules.LONGEST_LINE)
    if found:
        raise RuleBroken(next(iter(found.values())), found)
    db.session.add(made)
    db.session.flush()
    audit.note("plan.plan_workshop", about=made)
    return made


@atomic
def cancel_workshop(workshop: Workshop, reason: str, *, by: Mandate) -> None:
    """Call a workshop off, with the reason."""
    guard.require(Action.KEEP, workshop, by)
    if workshop.state != "planned":
        raise RuleBroken(_("Workshopen är redan inställd."))
    if not reason.strip():
        sentence = _("Skriv varför workshopen ställs in.")
        raise RuleBroken(sentence, {"reason": sentence})
    workshop.state, workshop.reason = "cancelled", fitting(reason, rules.LONGEST_WORDS, "reason")
    audit.note("plan.cancel_workshop", about=workshop)


def _write(plan: Workplan, by: Mandate, version: int | None = None) -> None:
    guard.require(Action.WRITE, plan, by)
    rules.move("write", plan.state, level=plan.unit.level, role=by.role)
    if version is not None and plan.version != version:
        raise RuleBroken(_("Någon annan har sparat planen sedan du öppnade sidan. Kopiera din text, ladda om och jämför."))
