"""Making and ending tokens. The key is answered once and never again."""

import secrets
from collections.abc import Iterable
from datetime import date

from chain.access import guard
from chain.access.policy import Action, Role
from chain.api import queries, rules
from chain.api.models import Token
from chain.base import audit, clock
from chain.base.db import atomic, db, unaudited
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import ROLES_AT


@atomic
def make(
    unit: Unit, role: Role, *, name: str, purpose: str, scopes: Iterable[str], valid_to: date, by: Mandate
) -> tuple[Token, str]:
    """Let another system read what a role reads at a unit. Answers the token and its key, which is not kept."""
    guard.require(Action.KEEP, unit, by)
    if not name.strip() or not purpose.strip():
        raise RuleBroken(_("Skriv vad systemet heter och vad nyckeln ska användas till."))
    if unit.context or not unit.open:
        raise RuleBroken(_("%(unit)s kan inte ha någon nyckel.", unit=unit.name))
    rules.check_place(role, ROLES_AT.get(unit.level, frozenset()))
    wanted = list(dict.fromkeys(scopes))
    wrong = rules.problems(wanted, role, valid_to, clock.today(), queries.reads())
    if wrong:
        raise RuleBroken(next(iter(wrong.values())), wrong)
    key = rules.MARK + secrets.token_urlsafe(32)
    token = Token(
        municipality_id=unit.municipality_id or unit.id, unit_id=unit.id, role=role, key_hash=queries.digest(key),
        name=name.strip(), purpose=purpose.strip(), scopes=wanted, valid_to=valid_to, made_at=clock.now(),
        made_by_id=by.person_id,
    )  # fmt: skip
    guard.require(Action.KEEP, token, by)
    db.session.add(token)
    db.session.flush()
    audit.note("api.make", about=token, role=role.value, unit=unit.public_id, scopes=wanted, valid_to=valid_to.isoformat())
    return token, key


@atomic
def renew(token: Token, *, valid_to: date, by: Mandate) -> None:
    """Say that a token is still needed, until a later day: whoever says so answers for it. The key stays the same."""
    guard.require(Action.KEEP, token, by)
    if token.ended_at or not token.unit.open:
        raise RuleBroken(_("Nyckeln är avslutad, eller så är enheten stängd. Ge ut en ny."))
    if wrong := rules.wrong_day(valid_to, clock.today()):
        raise RuleBroken(wrong, {"valid_to": wrong})
    token.valid_to, token.renewed_at, token.renewed_by_id = valid_to, clock.now(), by.person_id
    audit.note("api.renew", about=token, valid_to=valid_to.isoformat())


@atomic
def end(token: Token, *, by: Mandate) -> None:
    """End a token, at once."""
    guard.require(Action.KEEP, token, by)
    if token.ended_at:
        raise NotAllowed(_("Nyckeln är redan avslutad."))
    token.ended_at = clock.now()
    audit.note("api.end", about=token)


@unaudited
def touch(token: Token, *, by: None) -> None:
    """Remember that a token was used, so that one that is not can be ended."""
    token.used_at = clock.now()
