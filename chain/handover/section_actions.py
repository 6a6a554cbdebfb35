"""Writes a handover's sections: saved by several, brought back; nobody's text is lost on the way."""

import functools
from collections.abc import Callable
from typing import ParamSpec

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db, random_name, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.handover import queries, rules
from chain.handover.actions import hold
from chain.handover.models import Handover, HandoverSection, HandoverVersion
from chain.organisation.models import Mandate

P = ParamSpec("P")


class Conflict(RuleBroken):
    """Somebody saved the section in between. What was typed is kept under `mine`, a save's key."""

    def __init__(self, mine: str) -> None:
        super().__init__(_("Någon annan har sparat det här avsnittet. Din text är sparad åt sidan."))
        self.mine = mine


def _told(action: Callable[P, HandoverSection | RuleBroken]) -> Callable[P, HandoverSection]:
    """Raise the refusal when its transaction has been committed: the text that came second has been kept by then."""

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> HandoverSection:
        answer = action(*args, **kwargs)
        if isinstance(answer, RuleBroken):
            raise answer
        return answer

    return run


@_told
@unaudited
def save(handover: Handover, key: str, text: str, *, version: int, save_key: str, by: Mandate) -> HandoverSection | RuleBroken:
    """Save a section as typed. `version` is the one that the form was filled with; the same `save_key` twice is one save.

    Raises Conflict when somebody saved in between; the text is kept all the same.
    """
    section = _section(handover, key)
    words, before = rules.tidy(text), queries.version(section, save_key)
    if before is not None:
        if before.text == words:
            return section if before.kept else Conflict(save_key)
        form, standing = f"{save_key[:31]}.", queries.standing_save(section)
        if before.saved_by_id == by.person_id and (standing == save_key or standing.startswith(form)):
            version = section.version  # nobody has saved since this form did
        save_key = form + random_name()
    return _save(handover, section, words, version=version, save_key=save_key, by=by)


@_told
@unaudited
def restore(handover: Handover, key: str, save_key: str, *, version: int, by: Mandate) -> HandoverSection | RuleBroken:
    """Make an earlier text the section's own again, as a new save; also one that lost a conflict."""
    section = _section(handover, key)
    chosen = queries.version(section, save_key)
    if chosen is None:
        raise NotFound
    return _save(handover, section, chosen.text, version=version, save_key=random_name(), by=by)


def _section(handover: Handover, key: str) -> HandoverSection:
    hold(handover)
    mine = select(HandoverSection).where(HandoverSection.handover_id == handover.id, HandoverSection.key == key)
    found = db.session.scalars(mine.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def _save(
    handover: Handover, section: HandoverSection, words: str, *, version: int, save_key: str, by: Mandate
) -> HandoverSection | RuleBroken:
    guard.require(Action.READ, handover, by)
    if section.text == words:
        return section
    if handover.state not in rules.WRITABLE:
        db.session.add(_version(section, version, words, save_key, by, kept=False))
        return RuleBroken(_("Överlämningen har lämnats över, så det du skrev kom inte med. Kopiera det om du vill ha det kvar."))
    guard.require(Action.WRITE, handover, by)
    if section.version != version:
        db.session.add(_version(section, version, words, save_key, by, kept=False))
        return Conflict(save_key)
    section.text, section.saved_at, section.saved_by_id = words, clock.now(), by.person_id
    db.session.add(_version(section, section.version + 1, words, save_key, by, kept=True))
    db.session.flush()
    return section


def _version(section: HandoverSection, number: int, words: str, save_key: str, by: Mandate, *, kept: bool) -> HandoverVersion:
    return HandoverVersion(
        section_id=section.id, number=number, kept=kept, text=words, save_key=save_key, saved_at=clock.now(),
        saved_by_id=by.person_id,
    )  # fmt: skip
