"""What has been asked for and answered, as a table to keep."""

from collections.abc import Iterable

from chain.base.locale import _
from chain.base.out import status_word
from chain.base.tables import Cell, Column, Table, explained
from chain.followup import needs
from chain.organisation.models import Unit
from chain.support.directed_models import Directed
from chain.support.escalation_models import Escalation
from chain.support.models import SupportRequest


def requests(unit: Unit, of_us: Iterable[SupportRequest], by_us: Iterable[SupportRequest]) -> Table:
    """What others have asked of the unit, then what it has asked for itself."""
    return Table(
        title=_("Stöd, %(unit)s", unit=unit.name),
        columns=(
            Column("asked_by", _("Vem som frågar")), Column("asked_of", _("Vem som svarar")), Column("round", _("Omgång")),
            Column("type", _("Gäller")), Column("text", _("Vad som behövs")), Column("status", _("Läge")),
            Column("asked_at", _("Frågades")),
            Column("answer", _("Svar")), Column("answered_at", _("Svarades")),
        ),
        rows=tuple(_row(one) for one in (*of_us, *by_us)),
        facts=((_("Enhet"), unit.name), (_("Källa"), _("Inlämnade uppföljningar i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip


def _row(one: SupportRequest) -> tuple[Cell, ...]:
    return (
        one.unit.name, one.receiver.name, one.round.in_year, needs.kind_name(one.type),
        one.text, status_word(one.state), one.asked_at, one.answer, one.answered_at,
    )  # fmt: skip


def escalations(unit: Unit, found: Iterable[tuple[Escalation, str, str]]) -> Table:
    """What stands at the unit, then what it waits for; each with what it is called and its words as the reader may see them."""
    return Table(
        title=_("Lyfta behov, %(unit)s", unit=unit.name),
        columns=(
            Column("unit", _("Vems behov")), Column("at", _("Står hos")), Column("what", _("Varför")),
            Column("words", _("Behovet")), Column("since", _("Sedan")), Column("status", _("Läge")), Column("answer", _("Svar")),
            Column("until", _("Till och med")),
        ),
        rows=tuple(
            (
                one.unit.name, one.receiver.name, title, words, one.since, status_word(f"escalation_{one.state}"), one.answer,
                one.until,
            )
            for one, title, words in found
        ),
        facts=((_("Enhet"), unit.name), (_("Källa"), _("Inlämnade uppföljningar i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip


def directed(unit: Unit, found: Iterable[Directed]) -> Table:
    """Directed support under a unit, or its own: what was needed, decided, and what came of it."""
    return Table(
        title=_("Riktat stöd, %(unit)s", unit=unit.name),
        columns=(
            Column("unit", _("Enhet")), Column("type", _("Gäller")), Column("need", _("Vad som behövs")),
            Column("status", _("Läge")), Column("decides", _("Beslutar")), Column("what", _("Beslut")),
            Column("given_by", _("Ges av")), Column("starts_on", _("Från och med")), Column("ends_on", _("Till och med")),
            Column("unit_effect", _("Enheten om vad det gav")), Column("above_effect", _("Nivån ovanför om vad det gav")),
        ),
        rows=tuple(
            (
                one.unit.name, needs.kind_name(one.type), one.need, status_word(f"directed_{one.state}"), one.receiver.name,
                one.what, one.given_by.name if one.given_by else "", one.starts_on, one.ends_on, one.unit_effect,
                one.above_effect,
            )
            for one in found
        ),
        facts=((_("Enhet"), unit.name), (_("Källa"), _("Beslut om riktat stöd i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip
