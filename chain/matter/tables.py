"""A committee's matters, assignments and meetings as tables to keep."""

from collections.abc import Iterable, Mapping

from chain.base.locale import _
from chain.base.out import status_word
from chain.base.tables import Cell, Column, Table, explained
from chain.matter.matter_queries import responsible
from chain.matter.meeting_queries import Calendar, Day
from chain.matter.models import Assignment, Matter, Meeting
from chain.organisation.models import Unit


def _source(unit: Unit) -> tuple[tuple[str, str], ...]:
    return (_("Enhet"), unit.name), (_("Källa"), _("Nämndens ärenden i Styrkedjan."))


def matters(unit: Unit, found: Iterable[Matter], places: Mapping[int, Meeting]) -> Table:
    """`places`: the meeting at which each waits to be taken up, by the matter's number."""
    return Table(
        title=_("Ärenden, %(unit)s", unit=unit.name),
        columns=(
            Column("registration_number", _("Diarienummer")), Column("title", _("Rubrik")), Column("status", _("Läge")),
            Column("opened_on", _("Öppnat den")), Column("responsible", _("Ansvarig")),
            Column("round", _("Gäller uppföljningen")), Column("meeting", _("Sammanträde")),
            Column("follows", _("Går vidare från ärendet")), Column("why", _("Varför")),
        ),
        rows=tuple(_matter(one, places.get(one.id)) for one in found),
        facts=_source(unit),
        signs=explained(),
    )  # fmt: skip


def _matter(one: Matter, place: Meeting | None) -> tuple[Cell, ...]:
    return (
        one.registration_number or "", one.title, status_word(f"matter_{one.state}"), one.opened_on, responsible(one),
        one.round.in_year if one.round else "", place.held_on if place else None,
        (one.follows.registration_number or one.follows.title) if one.follows else "", one.why,
    )  # fmt: skip


def assignments(unit: Unit, found: Iterable[Assignment]) -> Table:
    return Table(
        title=_("Uppdrag från nämnden, %(unit)s", unit=unit.name),
        columns=(
            Column("given_on", _("Beslutat den")), Column("paragraph", _("Paragraf")),
            Column("registration_number", _("Diarienummer")), Column("text", _("Uppdrag till förvaltningen")),
            Column("to", _("Till")), Column("due_on", _("Återrapporteras senast")), Column("status", _("Läge")),
            Column("age", _("Ålder")), Column("answered_in", _("Besvaras i ärendet")), Column("closed_on", _("Avslutat den")),
        ),
        rows=tuple(_assignment(one) for one in found),
        facts=_source(unit),
        signs=explained(),
    )  # fmt: skip


def _assignment(one: Assignment) -> tuple[Cell, ...]:
    answered = one.answered_in
    return (
        one.decision.decided_on, one.decision.paragraph, one.decision.registration_number, one.text, one.receiver.name,
        one.due_on, status_word("assignment_late" if one.late else f"assignment_{one.state}"), one.age,
        (answered.registration_number or answered.title) if answered else "", one.closed_on,
    )  # fmt: skip


def meetings(unit: Unit, found: Calendar) -> Table:
    """The calendar in the order of its days."""
    days = sorted([*found.past, *found.coming], key=lambda one: one.meeting.held_on)
    return Table(
        title=_("Sammanträden, %(unit)s", unit=unit.name),
        columns=(
            Column("held_on", _("Dag")), Column("begins_at", _("Klockan")), Column("place", _("Plats")),
            Column("papers_by", _("Handlingar klara senast")), Column("rounds", _("Uppföljningar")),
            Column("matters", _("Ärenden")), Column("status", _("Läge")),
        ),
        rows=tuple(_meeting(one) for one in days),
        facts=_source(unit),
        signs=explained(),
    )  # fmt: skip


def _meeting(one: Day) -> tuple[Cell, ...]:
    meeting = one.meeting
    state = "cancelled_meeting" if meeting.state == "cancelled" else "held" if meeting.over else "planned"
    return (
        meeting.held_on, meeting.begins_at.strftime("%H.%M") if meeting.begins_at else "", meeting.place, meeting.papers_by,
        ", ".join(round.in_year for round in one.rounds), one.matters, status_word(state),
    )  # fmt: skip
