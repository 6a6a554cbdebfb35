"""What others have published about a unit as a table to keep: each value as printed, with its own period and source."""

from chain.base.locale import _
from chain.base.tables import Column, Table, explained
from chain.organisation.models import Unit
from chain.result import queries
from chain.result.queries import PublishedTable


def published(unit: Unit, tables: list[PublishedTable]) -> Table:
    """A row per value. What stands in place of a number is a text, and stays one."""
    return Table(
        title=_("Publicerat om %(unit)s", unit=unit.name),
        columns=(
            Column("year_group", _("Årskurs")), Column("indicator", _("Uppgift")), Column("period", _("Period")),
            Column("value", _("Värde")), Column("unit", _("Enhet för värdet")), Column("source", _("Källa")),
            Column("file", _("Fil")),
        ),
        rows=tuple(
            (
                table.title, row.name, cell.period, cell.shown if cell.value is None else cell.value,
                row.unit_sign.strip(), cell.source, cell.source_file,
            )
            for table in tables for row in table.rows for cell in row.cells if cell
        ),
        facts=(
            (_("Enhet"), unit.name), (_("Huvudman"), unit.organiser or _("kommunen")),
            (_("Källa"), ", ".join(sorted({source for table in tables for source in table.sources}))),
            (_("Att tänka på"), _("Siffrorna står som de har publicerats. De kan inte läggas ihop.")),
        ),
        meanings=tuple(queries.definitions(tables)),
        signs=explained(*queries.signs(tables)),
    )  # fmt: skip
