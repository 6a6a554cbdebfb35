"""The principal writes down that a plan is decided on or revised."""

from datetime import date

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.organisation.models import Mandate, Person, Unit
from chain.plan import queries, rules
from chain.plan.models import Plan


@atomic
def record(
    unit: Unit, kind: str, *, decided_on: date | None, revised_on: date | None, responsible: Person | None, number: str = "",
    text: str = "", version: int = 0, by: Mandate,
) -> Plan:  # fmt: skip
    """When it was decided on and revised, and who answers for it. It stands in the year of its newest day; a year has one line.

    `version` is the newest line's when the page was shown (0: there was none), so that nobody writes over what another has.
    """
    guard.require(Action.WRITE, Plan(unit_id=unit.id, path=unit.path), by)
    if kind not in {one.key for one in queries.needed(unit)}:
        raise NotFound
    known = responsible if responsible in queries.people(unit) else None
    rules.check(decided_on, revised_on, clock.today(), somebody=known is not None, text=text)
    assert decided_on is not None and known is not None, "checked"
    newest = next(one.plan for one in queries.standing(unit) if one.kind.key == kind)
    if (newest.version if newest else 0) != version:
        raise RuleBroken(_("Någon annan har ändrat planen sedan du öppnade sidan. Läs den igen."))
    year = queries.year_of(unit, max(decided_on, revised_on or decided_on))
    plan = queries.in_year(unit, kind, year)
    if newest is not None and newest is not plan and max(decided_on, revised_on or decided_on) < newest.last:
        plan = _put_right(newest, plan)  # the newest day was written wrongly: it must not stand as the newest any longer
    plan = plan or Plan(unit_id=unit.id, path=unit.path, kind=kind)
    plan.year = year
    plan.decided_on, plan.revised_on, plan.responsible_id = decided_on, revised_on, known.id
    plan.number, plan.text = number.strip(), text.strip()
    plan.recorded_at, plan.recorded_by_id = clock.now(), by.person_id
    db.session.add(plan)
    db.session.flush()
    audit.note("plan.record", about=plan, kind=kind, year=year)
    return plan


def _put_right(wrong: Plan, there: Plan | None) -> Plan:
    """The line of the year in which it belongs: the one that stands there, else the wrong one itself."""
    if there is None:
        return wrong
    db.session.delete(wrong)
    db.session.flush()
    return there
