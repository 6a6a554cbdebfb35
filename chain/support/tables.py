"""What has been asked for and answered, as a table to keep."""

from collections.abc import Iterable

from chain.base.locale import _
from chain.base.out import status_word
from chain.base.tables import Cell, Column, Table, explained
from chain.organisation.models import Unit
from chain.support.models import SupportRequest


def requests(unit: Unit, of_us: Iterable[SupportRequest], by_us: Iterable[SupportRequest]) -> Table:
    """What others have asked of the unit, then what it has asked for itself."""
    return Table(
        title=_("Stöd, %(unit)s", unit=unit.name),
        columns=(
            Column("asked_by", _("Vem som frågar")), Column("asked_of", _("Vem som svarar")), Column("round", _("Omgång")),
            Column("text", _("Vad som behövs")), Column("status", _("Läge")), Column("asked_at", _("Frågades")),
            Column("answer", _("Svar")), Column("answered_at", _("Svarades")),
        ),
        rows=tuple(_row(one) for one in (*of_us, *by_us)),
        facts=((_("Enhet"), unit.name), (_("Källa"), _("Inlämnade uppföljningar i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip


def _row(one: SupportRequest) -> tuple[Cell, ...]:
    return (
        one.unit.name, one.receiver.name, f"{one.round.title} {one.round.year.label}", one.text, status_word(one.state),
        one.asked_at, one.answer, one.answered_at,
    )  # fmt: skip
