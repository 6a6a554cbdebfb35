"""Who is signed in, where else, and how long somebody has to wait."""

import hashlib
import hmac
import math
from datetime import datetime
from functools import cache

from flask import current_app
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from chain.account import rules
from chain.account.models import Credential, FailedSignIn, Session, WelcomeCode
from chain.base import clock, settings
from chain.base.db import db
from chain.organisation.models import Mandate, Person


def digest(key: str) -> str:
    """What is kept of a key that somebody else carries."""
    return hashlib.sha256(key.encode()).hexdigest()


def session_of(key: str) -> tuple[Session | None, bool]:
    """The session that a key opens, its person and mandates with their units, and whether all here is invented: one statement."""
    found = db.session.execute(_session(), {"key": digest(key)}).unique().first()
    return (found[0], bool(found[1])) if found else (None, is_demonstration())


@cache
def _session() -> Select[Session, bool]:
    """Asked by every page, so it is put together once: half of the time that it takes."""
    everything = joinedload(Session.person).joinedload(Person.mandates).joinedload(Mandate.unit)
    return select(Session, settings.is_demonstration()).where(Session.key_hash == bindparam("key")).options(everything)


def is_demonstration() -> bool:
    return bool(db.session.scalar(select(settings.is_demonstration())))


def why_over(session: Session) -> str:
    """Why a session no longer lets anybody in: 'ended', 'absolute', 'idle', 'mandate' or nothing."""
    if session.ended_at or session.person.ended_at:
        return "ended"
    chosen = next((mandate for mandate in session.person.mandates if mandate.id == session.mandate_id), None)
    if chosen and not chosen.holds(clock.today()):
        return "mandate"
    return rules.over(session.started_at, session.seen_at, clock.now())


def sessions(person: Person) -> list[Session]:
    """Where the person is signed in now, the latest used first."""
    now = clock.now()
    alive = (
        Session.person_id == person.id,
        Session.ended_at.is_(None),
        Session.seen_at > now - rules.IDLE,
        Session.started_at > now - rules.ABSOLUTE,
    )
    return list(db.session.scalars(select(Session).where(*alive).order_by(Session.seen_at.desc(), Session.id.desc())))


def person_by_email(email: str) -> Person | None:
    """The one person with an address; nobody where two municipalities share it, which the interface does not let happen."""
    found = db.session.scalars(
        select(Person).where(Person.email == email.strip().casefold(), Person.ended_at.is_(None)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def credential(person: Person | None) -> Credential | None:
    return db.session.get(Credential, person.id if person else 0)


def welcome_code(code: str) -> WelcomeCode | None:
    """The unused code of a person who has not ended, while it lasts."""
    return db.session.scalars(
        select(WelcomeCode)
        .join(WelcomeCode.person)
        .where(
            WelcomeCode.hash == digest(rules.plain_code(code)),
            WelcomeCode.used_at.is_(None),
            WelcomeCode.made_at > clock.now() - rules.WELCOME_LASTS,
            Person.ended_at.is_(None),
        )
        .options(joinedload(WelcomeCode.person).joinedload(Person.municipality))
    ).first()


def failure_keys(email: str, address: str) -> dict[str, str]:
    """The keyed hashes under which failures are counted: of the account from this network, the account, the network."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    account, network = email.strip().casefold(), rules.network(address)
    counted = {"account here": f"{account}\n{network}", "account": account, "network": network}
    return {
        hmac.new(secret, f"failed sign-in\n{what}\n{who}".encode(), hashlib.sha256).hexdigest(): what
        for what, who in counted.items()
    }


def seconds_to_wait(keys: dict[str, str]) -> int:
    """How long until the next attempt under these keys is looked at: 0 when now."""
    now = clock.now()
    counted = db.session.execute(
        select(FailedSignIn.key, func.count(), func.max(FailedSignIn.at))
        .where(FailedSignIn.key.in_(keys), FailedSignIn.at > now - rules.REMEMBERED)
        .group_by(FailedSignIn.key)
    )
    waits = [_left(rules.wait(count, rules.PATIENCE[keys[key]]), latest, now) for key, count, latest in counted]
    return max(waits, default=0)


def failures_lately() -> int:
    """Failed attempts to sign in that still count, over all."""
    waiting = select(func.count(FailedSignIn.key.distinct())).where(FailedSignIn.at > clock.now() - rules.REMEMBERED)
    return db.session.scalar(waiting) or 0


def _left(seconds: int, latest: datetime, now: datetime) -> int:
    return max(0, math.ceil(seconds - (now - latest).total_seconds())) if seconds else 0
