"""Writes a handover's sections: saved by several, brought back; nobody's text is lost on the way."""

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base.cowriting import Conflict, Words, conflict, same
from chain.base.db import db, random_name, told, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.handover import queries, rules
from chain.handover.actions import hold
from chain.handover.models import Handover, HandoverSection
from chain.organisation.models import Mandate


@told
@unaudited
def save(handover: Handover, key: str, text: str, *, version: int, save_key: str, by: Mandate) -> HandoverSection | RuleBroken:
    """Save a section as typed. `version` is the one that the form was filled with; the same `save_key` twice is one save.

    Raises Conflict when somebody saved in between; the text is kept all the same.
    """
    section, words = _section(handover, key), {"text": rules.tidy(text)}
    before = queries.saves.find(section, save_key)
    if before is not None:
        if same(before, words):
            return section if before.kept else Conflict(save_key, section)
        version, save_key = queries.saves.again(before, section, version, by=by)
    return _save(handover, section, words, version=version, save_key=save_key, by=by)


@told
@unaudited
def restore(handover: Handover, key: str, save_key: str, *, version: int, by: Mandate) -> HandoverSection | RuleBroken:
    """Make an earlier text the section's own again, as a new save; also one that lost a conflict."""
    section = _section(handover, key)
    chosen = queries.saves.find(section, save_key)
    if chosen is None:
        raise NotFound
    return _save(handover, section, {"text": chosen.text}, version=version, save_key=random_name(), by=by)


def _section(handover: Handover, key: str) -> HandoverSection:
    hold(handover)
    mine = select(HandoverSection).where(HandoverSection.handover_id == handover.id, HandoverSection.key == key)
    found = db.session.scalars(mine.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def _save(
    handover: Handover, section: HandoverSection, words: Words, *, version: int, save_key: str, by: Mandate
) -> HandoverSection | RuleBroken:
    guard.require(Action.READ, handover, by)
    if same(section, words):
        return section
    if refused := _refused(handover, by) or conflict(section, version, save_key):
        return queries.saves.aside(section, version, words, refused, save_key, by=by)
    return queries.saves.put(section, words, save_key, by=by)


def _refused(handover: Handover, by: Mandate) -> RuleBroken | None:
    """Why nothing is written there now."""
    if handover.state not in rules.WRITABLE:
        return RuleBroken(_("Överlämningen har lämnats över, så det du skrev kom inte med. Kopiera det om du vill ha det kvar."))
    guard.require(Action.WRITE, handover, by)
    return None
