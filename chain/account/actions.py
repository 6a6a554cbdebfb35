"""Signing in and out: sessions start and end as rows."""

import secrets

from chain.account import queries
from chain.account.models import Session
from chain.base import audit, clock
from chain.base.audit import Actor
from chain.base.db import atomic, db, unaudited
from chain.organisation.models import Mandate, Person


@atomic
def start(person: Person, *, by: Actor, mandate: Mandate | None = None, device: str = "") -> str:
    """Start a session, under the mandate where there is only one; the key that is answered goes into the cookie alone."""
    key = secrets.token_urlsafe(32)
    now = clock.now()
    valid = [each for each in person.mandates if each.holds(clock.today())]
    under = mandate or (valid[0] if len(valid) == 1 else None)
    session = Session(
        key_hash=queries.digest(key), person_id=person.id, mandate_id=under.id if under else None,
        device=device, started_at=now, seen_at=now,
    )  # fmt: skip
    db.session.add(session)
    audit.note("account.sign_in", about=person)
    return key


@unaudited
def touch(session: Session, *, by: Person) -> None:
    """Remember that the person was here: an idle session ends."""
    session.seen_at = clock.now()
