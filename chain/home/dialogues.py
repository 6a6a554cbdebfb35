"""What quality dialogues ask of somebody: prepare, hold, agree to the notes, say what came of what was agreed to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import aliased, joinedload, outerjoin

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, day
from chain.dialogue import rules
from chain.dialogue.models import Agreement, Dialogue, DialogueEdition
from chain.home.rules import Todo, folded, short
from chain.organisation.models import Mandate


@dataclass(frozen=True)
class Current:
    """The dialogues that the mandate works with and that are not over, by day; who proposed the notes of each; own agreements."""

    dialogues: list[tuple[Dialogue, str]] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)


def current(mandate: Mandate) -> Current:
    """In one statement; in none for those who take part in no dialogues."""
    if not policy.may_somewhere(mandate, Action.WRITE, "dialogue"):
        return Current()
    found: dict[int, tuple[Dialogue, str]] = {}
    agreements = []
    for dialogue, proposed, agreement in db.session.execute(_asked(mandate)):
        found[dialogue.id] = dialogue, proposed or ""
        agreements += [agreement] if agreement is not None else []
    return Current(list(found.values()), agreements)


def _asked(mandate: Mandate) -> Select[Dialogue, str, Agreement]:
    """Dialogues that are not over, the side that last proposed notes, and what the host's side has not told of.

    The unit's own agreements are offered in its follow-up.
    """
    version = aliased(DialogueEdition)
    last = select(func.max(version.number)).where(version.dialogue_id == Dialogue.id).correlate(Dialogue).scalar_subquery()
    newest = (DialogueEdition.dialogue_id == Dialogue.id) & (DialogueEdition.number == last)
    theirs = (Agreement.dialogue_id == Dialogue.id) & (Agreement.side == rules.HOST) & Agreement.ended_at.is_(None)
    ours = theirs & (Dialogue.state == "agreed") if rules.side(str(mandate.role)) == rules.HOST else false()
    here = (policy.where(mandate, Dialogue, Action.WRITE), Dialogue.state.not_in(("closed", "cancelled")))
    rows = outerjoin(outerjoin(Dialogue, DialogueEdition, newest), Agreement, ours)
    asked = select(Dialogue, DialogueEdition.proposed_side, Agreement).select_from(rows)
    whole = joinedload(Dialogue.unit), joinedload(Agreement.responsible)
    return asked.where(*here).options(*whole).order_by(Dialogue.held_on, Dialogue.id, Agreement.id)


def waiting(mandate: Mandate, found: Current) -> Iterator[Todo]:
    """For both sides of the table."""
    unit = rules.side(str(mandate.role)) == rules.UNIT
    told = [_for_the_unit(mandate, *one) if unit else _for_the_host(*one) for one in found.dialogues]
    yield from folded(filter(None, told), lambda n: _("%(n)s kvalitetsdialoger väntar på er", n=n), "dialogue.archive")
    ours = [_to_tell_of(one) for one in found.agreements]
    yield from folded(ours, lambda n: _("%(n)s överenskommelser att säga vad det blev av", n=n), "dialogue.archive")


def _for_the_unit(mandate: Mandate, one: Dialogue, proposed: str) -> Todo | None:
    when = day(one.held_on)
    if one.state == "planned" and not one.day_has_come:
        return _of(
            one, _("Förbered kvalitetsdialogen %(day)s", day=when), _("Underlaget görs av det ni har lämnat in."), weight=4
        )
    if one.state == "proposed" and proposed == rules.HOST and mandate.role == Role.PRINCIPAL:
        return _of(one, _("Läs och godkänn anteckningarna från kvalitetsdialogen %(day)s", day=when), "", weight=3)
    return None


def _for_the_host(one: Dialogue, proposed: str) -> Todo | None:
    name = one.unit.name
    if one.asked:
        return _of(one, _("%(unit)s föreslår något annat för kvalitetsdialogen", unit=name), short(one.asked), weight=3)
    if one.state in rules.COMING and one.day_has_come:
        return _of(one, _("Håll kvalitetsdialogen med %(unit)s", unit=name), _("Dagen har kommit."), weight=3)
    if one.state == "held":
        return _of(one, _("Föreslå anteckningarna från kvalitetsdialogen med %(unit)s", unit=name), "", weight=5)
    if one.state == "proposed" and proposed == rules.UNIT:
        return _of(one, _("Läs och godkänn anteckningarna från kvalitetsdialogen med %(unit)s", unit=name), "", weight=3)
    return None


def _of(one: Dialogue, title: str, hint: str, *, weight: int) -> Todo:
    coming = one.state in rules.COMING
    return Todo(
        title=title, hint=hint, endpoint="dialogue.show", values=(("public_id", one.public_id),),
        status=f"dialogue_{one.state}", weight=weight, due=one.held_on if coming else None,
        since=None if coming else one.held_on, who=one.unit.name,
    )  # fmt: skip


def _to_tell_of(one: Agreement) -> Todo:
    return Todo(
        title=_("Säg vad det blev av: %(text)s", text=short(one.text, 80)),
        hint=_("Överenskommet med %(unit)s %(day)s. Ansvarig: %(who)s.", unit=one.dialogue.unit.name,
               day=day(one.dialogue.held_on), who=one.responsible.name),
        endpoint="dialogue.end",
        values=(("public_id", one.dialogue.public_id), ("name", one.public_id)),
        status="agreement_open",
        weight=6,
        since=one.dialogue.held_on,
        who=one.dialogue.unit.name,
    )  # fmt: skip


# Days to come


def days(mandate: Mandate, found: Current) -> list[tuple[date, str]]:
    """The next dialogue that the mandate takes part in."""
    unit, today = rules.side(str(mandate.role)) == rules.UNIT, clock.today()
    coming = [one for one, _side in found.dialogues if one.state in rules.COMING and one.held_on >= today]
    return [
        (one.held_on, _("Kvalitetsdialog") if unit else _("Kvalitetsdialog, %(unit)s", unit=one.unit.name)) for one in coming[:1]
    ]
