"""Signing in and out: sessions start and end as rows."""

import hashlib
import secrets

from chain.account.models import Session
from chain.base import audit, clock
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.organisation.models import Mandate, Person


@atomic
def start(person: Person, *, by: Actor, mandate: Mandate | None = None) -> str:
    """Start a session; the key that is answered goes into the cookie and is kept nowhere else."""
    key = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        Session(
            key_hash=digest(key),
            person_id=person.id,
            mandate_id=mandate.id if mandate else None,
            started_at=now,
            seen_at=now,
        )
    )
    audit.note("account.sign_in", about=person)
    return key


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
