"""A unit's measures as a table to keep."""

from collections.abc import Iterable, Mapping

from chain.base.locale import _
from chain.base.out import status_word
from chain.base.tables import Cell, Column, Table, explained
from chain.measure import rules
from chain.measure.models import Measure
from chain.organisation.models import Unit


def measures(unit: Unit, found: Iterable[Measure], dues: Mapping[str, str]) -> Table:
    """All that the unit has handed up, and what the last follow-up said of each. `dues`: due rounds in words."""
    return Table(
        title=_("Åtgärder, %(unit)s", unit=unit.name),
        columns=(
            Column("measure", _("Problem och åtgärd")), Column("sign", _("Ska märkas")), Column("cause", _("Orsak")),
            Column("goal", _("Mål")),
            Column("responsible", _("Ansvarig")), Column("set_in", _("Sattes i")), Column("due", _("Följs upp i")),
            Column("status", _("Läge")), Column("carried", _("Gånger förd vidare")), Column("outcome", _("Vad som hände")),
            Column("effect", _("Effekt")),
        ),
        rows=tuple(_row(one, dues) for one in found),
        facts=((_("Enhet"), unit.name), (_("Källa"), _("Inlämnade uppföljningar i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip


def _row(one: Measure, dues: Mapping[str, str]) -> tuple[Cell, ...]:
    due, last = rules.written_due(one.due_year, one.due_number), one.outcomes[-1] if one.outcomes else None
    return (
        one.problem, one.sign, one.cause, one.goal, one.responsible.name if one.responsible else "",
        one.round.in_year, dues.get(due, due), status_word(state(one)), one.carried,
        rules.kind_name(last.kind) if last else "", last.effect if last else "",
    )  # fmt: skip


def state(one: Measure) -> str:
    """Where it stands, as a status: one that has been carried says so while it is open."""
    return "carried" if one.state == "open" and one.carried else one.state
