"""Which municipalities one's own chooses to stand beside, and why."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.base.db import db
from chain.base.locale import sorted_by_name
from chain.organisation.models import Unit
from chain.organisation.shipped import municipalities
from chain.result.models import SimilarMunicipality


def chosen(root: Unit) -> list[SimilarMunicipality]:
    """The municipalities that are chosen, by name."""
    found = select(SimilarMunicipality).where(SimilarMunicipality.unit_id == root.id)
    rows = db.session.scalars(found.options(joinedload(SimilarMunicipality.chosen_by)))
    return sorted_by_name(rows, lambda one: name(one.code))


def codes(root: Unit) -> list[str]:
    """Their codes, in order."""
    found = select(SimilarMunicipality.code).where(SimilarMunicipality.unit_id == root.id)
    return list(db.session.scalars(found.order_by(SimilarMunicipality.code)))


def name(code: str) -> str:
    """What a municipality is called."""
    return municipalities().get(code, code)


def to_choose(root: Unit) -> list[tuple[str, str]]:
    """(code, name) of every other municipality, by name."""
    others = [(code, called) for code, called in municipalities().items() if called != root.name]
    return sorted_by_name(others, lambda pair: pair[1])
