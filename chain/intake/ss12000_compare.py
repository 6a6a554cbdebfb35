"""Compares what came from a source with what is here, and says what would change: a sentence a line. Plain; changes nothing."""

from collections.abc import Mapping
from datetime import date

from chain.base.locale import _, ngettext
from chain.intake import ss12000_rules as rules
from chain.intake.ss12000_changes import ORDER, Known, Plan
from chain.intake.ss12000_people import Mandates, persons
from chain.intake.ss12000_reading import Facts
from chain.intake.ss12000_units import Units


def compare(known: Known, facts: Facts, today: date) -> Plan:
    """What the source says otherwise than what is here. Nothing at all where both say the same."""
    plan = Plan()
    where = rules.tree(facts.organisations, facts.groups, today)
    units = Units(known, where, facts, plan)
    units.match()
    units.compare()
    if facts.with_duties:
        Mandates(known, facts, plan, units, today).compare()
    persons(known, facts, plan)
    _told(plan, where, facts.notes)
    plan.changes.sort(key=lambda change: ORDER.index(change.what))
    return plan


def _told(plan: Plan, where: rules.Tree, counts: Mapping[str, int]) -> None:
    """What came and was not taken, in numbers."""
    if where.passed_by:
        plan.notes.append(
            ngettext(
                "%(num)s del av registrets organisation har ingen plats i trädet här.",
                "%(num)s delar av registrets organisation har ingen plats i trädet här.",
                where.passed_by,
            )
        )
    if where.homeless:
        plan.notes.append(
            ngettext(
                "%(num)s grupp hör inte till någon enda enhet och hoppas över.",
                "%(num)s grupper hör inte till någon enda enhet och hoppas över.",
                where.homeless,
            )
        )
    if n := counts.get("nowhere", 0):
        plan.notes.append(
            ngettext(
                "%(num)s ledningsuppdrag hör inte till någon enhet här.",
                "%(num)s ledningsuppdrag hör inte till någon enhet här.",
                n,
            )
        )
    if n := counts.get("without", 0):
        plan.notes.append(
            ngettext(
                "%(num)s person i registret får inget uppdrag här, och inget om den har sparats.",
                "%(num)s personer i registret får inget uppdrag här, och inget om dem har sparats.",
                n,
            )
        )
    if counts.get("no_groups"):
        plan.notes.append(_("Registret lämnar inte ut några grupper: medarbetares uppdrag får ges för hand."))
    if n := counts.get("unreadable", 0):
        plan.notes.append(
            ngettext(
                "%(num)s post från registret saknar id eller namn och hoppas över.",
                "%(num)s poster från registret saknar id eller namn och hoppas över.",
                n,
            )
        )
