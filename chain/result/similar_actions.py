"""Choosing which municipalities one's own stands beside: each with its reason, and nobody is ranked."""

from sqlalchemy import select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.organisation.models import Mandate, Unit
from chain.organisation.shipped import municipalities
from chain.result import similar_queries
from chain.result.models import SimilarMunicipality

MOST = 12  # more are not read beside each other


@atomic
def choose(root: Unit, code: str, *, reason: str, by: Mandate | None) -> SimilarMunicipality:
    """Stand beside a municipality, for a reason; one that is chosen already gets the new reason."""
    if by:
        guard.require(Action.KEEP, SimilarMunicipality(unit_id=root.id, path=root.path), by)
    if municipalities().get(code, root.name) == root.name:
        raise _wrong("code", _("Välj en annan kommun i listan."))
    if not reason.strip():
        raise _wrong("reason", _("Skriv varför just den kommunen är lik er."))
    found = _one(root, code)
    if found is None:
        if len(similar_queries.codes(root)) >= MOST:
            raise _wrong("code", _("%(most)s kommuner är redan valda. Ta bort någon först.", most=MOST))
        found = SimilarMunicipality(unit_id=root.id, path=root.path, code=code)
        db.session.add(found)
    found.reason, found.chosen_by_id, found.chosen_at = reason.strip(), by.person_id if by else None, clock.now()
    audit.note("result.choose_similar", about=root, code=code)
    return found


@atomic
def drop(root: Unit, code: str, *, by: Mandate) -> None:
    """Stand beside it no more. What has been read in about it stays, and comes back if it is chosen again."""
    guard.require(Action.KEEP, SimilarMunicipality(unit_id=root.id, path=root.path), by)
    if found := _one(root, code):
        db.session.delete(found)
    audit.note("result.drop_similar", about=root, code=code)


def _one(root: Unit, code: str) -> SimilarMunicipality | None:
    found = select(SimilarMunicipality).where(SimilarMunicipality.unit_id == root.id, SimilarMunicipality.code == code)
    return db.session.scalars(found).first()


def _wrong(field: str, sentence: str) -> RuleBroken:
    return RuleBroken(sentence, {field: sentence})
