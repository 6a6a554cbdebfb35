"""Reads tokens, and what a token may read: one part of a long list at a time, with how many there are."""

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from chain.access import policy
from chain.access.policy import Action, Holder, Role
from chain.api.models import Token
from chain.api.rules import SOON, Page
from chain.base import clock
from chain.base.db import db
from chain.cycle.models import Round, Year
from chain.organisation.models import Mandate, Unit
from chain.organisation.queries import holding
from chain.organisation.rules import ROLE_WORDS
from chain.release.models import Release

# Tokens


def digest(key: str) -> str:
    """What is kept of a key that another system carries. It is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def by_key(key: str) -> Token | None:
    """The token that a key opens, with its unit; whether it still holds is another question."""
    return db.session.scalars(select(Token).where(Token.key_hash == digest(key)).options(joinedload(Token.unit))).first()


def kept_by(holder: Holder) -> list[Token]:
    """The tokens that a mandate keeps: those that hold first, then the newest."""
    whole = (joinedload(Token.unit), joinedload(Token.made_by), joinedload(Token.renewed_by))
    found = db.session.scalars(policy.visible(holder, Token).options(*whole).order_by(Token.made_at.desc(), Token.id.desc()))
    return sorted(found, key=lambda one: not one.holds)


def in_question(holder: Holder) -> list[tuple[Token, bool]]:
    """The tokens that hold and that somebody has to say something about: those whose last day is near, and those for which
    nobody who has a mandate answers any longer (true). The nearest day first. One statement."""
    today = clock.today()
    answers_for = func.coalesce(Token.renewed_by_id, Token.made_by_id)
    left = ~select(Mandate.id).where(Mandate.person_id == answers_for, holding(today)).exists()
    still = (Token.ended_at.is_(None), Token.valid_to >= today, Unit.closed_on.is_(None) | (Unit.closed_on > today))
    found = select(Token, left).join(Token.unit).where(policy.where(holder, Token, Action.KEEP), *still)
    asked = found.where(left | (Token.valid_to <= today + SOON)).order_by(Token.valid_to, Token.id)
    return [(token, gone) for token, gone in db.session.execute(asked)]


def reads() -> dict[str, frozenset[Role]]:
    """Scope → the roles that read such things at all, for the scopes that not everybody reads."""
    return {"figures": policy.roles(Action.READ, "rollup"), "releases": policy.roles(Action.READ, "release")}


def role_words() -> list[tuple[str, str]]:
    """The roles that a token can act in, those that read figures or releases, with their words."""
    able = frozenset().union(*reads().values())
    return [(role.value, str(words).capitalize()) for role, words in ROLE_WORDS.items() if role in able]


# What is asked for


def units(holder: Holder, page: Page) -> tuple[list[tuple[Unit, str | None]], int]:
    """The part of the tree that may be read, from the top down: each unit with the public id of the one above."""
    above = aliased(Unit)
    may = policy.where(holder, Unit)
    found = select(Unit, above.public_id).outerjoin(above, above.id == Unit.parent_id).where(may).order_by(Unit.path)
    rows = db.session.execute(_part(found.options(selectinload(Unit.codes)), page)).all()
    return [(unit, name) for unit, name in rows], _count(select(Unit.id).where(may))


def rounds(holder: Holder, page: Page) -> tuple[list[Round], int]:
    """The rounds that may be read, the newest first."""
    may = policy.where(holder, Round)
    found = select(Round).join(Round.year).where(may).options(joinedload(Round.year), selectinload(Round.dues))
    newest_first = found.order_by(Year.starts_on.desc(), Round.number.desc(), Round.id)
    return list(db.session.scalars(_part(newest_first, page))), _count(select(Round.id).where(may))


def releases(holder: Holder, page: Page) -> tuple[list[Release], int]:
    """The releases that may be read, the newest first."""
    may = policy.where(holder, Release)
    whole = (joinedload(Release.unit), joinedload(Release.round).joinedload(Round.year))
    found = select(Release).where(may).options(*whole).order_by(Release.prepared_at.desc(), Release.id.desc())
    return list(db.session.scalars(_part(found, page))), _count(select(Release.id).where(may))


def _part(found: Select[*tuple[Any, ...]], page: Page) -> Any:
    return found.limit(page.size).offset(page.skips)


def _count(found: Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def part(found: Iterable[Any], page: Page) -> tuple[list[Any], int]:
    """A part of what is in hand already."""
    every = list(found)
    return every[page.skips : page.skips + page.size], len(every)
