"""What is missing, and what a unit has, as tables to keep."""

from collections.abc import Iterable

from chain.base.locale import _, current
from chain.base.tables import Column, Table, explained
from chain.organisation.models import Unit
from chain.plan import rules
from chain.plan.queries import Lack, Standing


def lacking(unit: Unit, found: Iterable[Lack]) -> Table:
    """A row for each that a unit lacks, by the units' names."""
    return Table(
        title=_("Planer som saknas eller är för gamla, %(unit)s", unit=unit.name),
        columns=(
            Column("unit", _("Enhet")), Column("plan", _("Plan eller rutin")), Column("state", _("Läge")),
            Column("until", _("Gällde till och med")), Column("who", _("Kan åtgärda")),
        ),
        rows=tuple(
            (one.unit.name, each.name, rules.state_name(each.state), each.until, ", ".join(who.name for who in one.principals))
            for one in found
            for each in one.lacking
        ),
        facts=((_("Enhet"), unit.name), (_("Källa"), _("Det som rektorerna har skrivit in i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip


def standing(unit: Unit, found: Iterable[Standing]) -> Table:
    """What a unit has to have, year by year."""
    rows = []
    for one in found:
        plans = [one.plan, *one.earlier] if one.plan else [None]
        for plan in plans:
            said = (plan.year, plan.decided_on, plan.revised_on, plan.responsible.name, plan.number, plan.text) if plan else ()
            state = rules.state_name(one.state) if plan is one.plan else ""
            rows.append((one.name, one.kind.source(current()), state, *(said or (None,) * 6)))
    return Table(
        title=_("Planer, %(unit)s", unit=unit.name),
        columns=(
            Column("plan", _("Plan eller rutin")), Column("source", _("Krävs av")), Column("state", _("Läge")),
            Column("year", _("Läsår")), Column("decided_on", _("Beslutad")), Column("revised_on", _("Reviderad")),
            Column("responsible", _("Ansvarig")), Column("number", _("Diarienummer")), Column("text", _("Var den finns")),
        ),
        rows=tuple(rows),
        facts=((_("Enhet"), unit.name), (_("Källa"), _("Det som rektorerna har skrivit in i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip
