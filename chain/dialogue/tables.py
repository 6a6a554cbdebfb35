"""Dialogues as tables to keep: whose, when, and how they stand; never what was said."""

from collections.abc import Iterable

from chain.base.locale import _
from chain.base.out import status_word
from chain.base.tables import Cell, Column, Table, explained
from chain.dialogue.models import Dialogue
from chain.dialogue.queries import Calendar
from chain.organisation.models import Unit


def dialogues(unit: Unit, found: Iterable[Dialogue]) -> Table:
    """A unit's own."""
    return _table(unit, tuple(_row(one) for one in found))


def calendar(unit: Unit, found: Calendar) -> Table:
    """A year's, and last the units that have none, by name."""
    every = [*found.coming, *found.held, *found.cancelled]
    days = sorted((one.dialogue for one in every), key=lambda one: (one.held_on, one.begins_at))
    nobody = tuple((name, found.year, None, "", "", "", _("ingen dialog i år")) for _public_id, name in found.without)
    return _table(unit, (*(_row(one) for one in days), *nobody))


def _table(unit: Unit, rows: tuple[tuple[Cell, ...], ...]) -> Table:
    return Table(
        title=_("Kvalitetsdialoger, %(unit)s", unit=unit.name),
        columns=(
            Column("unit", _("Enhet")), Column("year", _("Läsår")), Column("held_on", _("Dag")),
            Column("begins_at", _("Klockan")),
            Column("place", _("Plats")), Column("host", _("Hålls av")), Column("status", _("Läge")),
        ),
        rows=rows,
        facts=((_("Enhet"), unit.name), (_("Källa"), _("Kvalitetsdialogerna i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip


def _row(one: Dialogue) -> tuple[Cell, ...]:
    return (
        one.unit.name, one.year, one.held_on, one.begins_at.strftime("%H.%M"), one.place, one.host.name,
        status_word(f"dialogue_{one.state}"),
    )  # fmt: skip
