"""Signing in and out, passwords and one-time codes: sessions start and end as rows."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from chain.access import guard
from chain.access.policy import Action, Role
from chain.account import passwords, queries, rules
from chain.account.models import Credential, FailedSignIn, Session, WelcomeCode
from chain.base import audit, clock
from chain.base.audit import Actor
from chain.base.db import atomic, db, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.events import listen
from chain.base.locale import LANGUAGES, _
from chain.base.queue import lock
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.organisation.rules import slug

KEPT_AFTER_END = timedelta(days=30)


@dataclass(frozen=True)
class Attempt:
    """An attempt to sign in: to be looked at, or how many seconds to wait first."""

    email: str
    address: str
    wait: int
    rows: tuple[int, ...] = ()


@unaudited
def attempt(email: str, address: str, *, by: None) -> Attempt:
    """Count an attempt before it is looked at, so that a hundred at once are a hundred; `start` takes it back."""
    keys = queries.failure_keys(email, address)
    for key in sorted(keys):
        lock(db.session(), key)
    now = clock.now()
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - rules.REMEMBERED))
    wait = queries.seconds_to_wait(keys)
    if wait:
        return Attempt(email, address, wait)
    rows = [FailedSignIn(key=key, at=now) for key in keys]
    db.session.add_all(rows)
    db.session.flush()
    return Attempt(email, address, 0, tuple(row.id for row in rows))


@atomic
def start(
    person: Person, *, by: Actor, mandate: Mandate | None = None, device: str = "", attempt: Attempt | None = None,
    instead_of: str = "",
) -> str:  # fmt: skip
    """Start a session, under the mandate where there is only one; the key that is answered goes into the cookie alone.

    `instead_of` is the key of the session that this browser had until now.
    """
    if person.ended_at:
        raise NotFound
    key, now = secrets.token_urlsafe(32), clock.now()
    valid = [each for each in person.mandates if each.holds(clock.today())]
    under = mandate or (valid[0] if len(valid) == 1 else None)
    _end(Session.key_hash == queries.digest(instead_of))
    db.session.execute(delete(Session).where(Session.person_id == person.id, Session.started_at < now - KEPT_AFTER_END))
    session = Session(
        key_hash=queries.digest(key), person_id=person.id, mandate_id=under.id if under else None,
        device=device[:40], started_at=now, seen_at=now,
    )  # fmt: skip
    db.session.add(session)
    if attempt:
        _forget(attempt)
    audit.note("account.sign_in", about=person)
    return key


def _forget(attempt: Attempt) -> None:
    """The owner came in: the account's failures no longer count; of the network's only this attempt is taken back."""
    account = [key for key, who in queries.failure_keys(attempt.email, attempt.address).items() if who != "network"]
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.key.in_(account) | FailedSignIn.id.in_(attempt.rows)))


def _end(*which: object) -> None:
    db.session.execute(
        update(Session).where(Session.ended_at.is_(None), *which).values(ended_at=clock.now())  # type: ignore[arg-type]
    )


@unaudited
def touch(session: Session, *, by: Person) -> None:
    """Remember that the person was here: an idle session ends."""
    session.seen_at = clock.now()


@atomic
def end(session: Session, *, by: Person) -> None:
    """Sign out, here or on another machine."""
    if session.person_id != by.id:
        raise NotFound
    _end(Session.id == session.id)
    audit.note("account.sign_out", about=by)


@atomic
def end_others(session: Session, *, by: Person) -> None:
    """Sign out everywhere but here."""
    _end(Session.person_id == by.id, Session.id != session.id)
    audit.note("account.end_others", about=by)


@atomic
def end_all(person: Person, *, by: Mandate) -> None:
    """Let the steward sign somebody out everywhere, when a telephone was lost."""
    guard.require(Action.KEEP, person, by)
    _end(Session.person_id == person.id)
    audit.note("account.end_all", about=person)


@atomic
def choose(session: Session, mandate: Mandate, *, by: Person) -> None:
    """Act under another of one's own mandates."""
    if mandate.person_id != by.id or session.person_id != by.id or not mandate.holds(clock.today()):
        raise NotFound
    session.mandate_id = mandate.id
    audit.note("account.choose", about=mandate)


@unaudited
def speak(person: Person, language: str, *, by: Person) -> None:
    """Remember the person's language."""
    if language in LANGUAGES:
        person.language = language


@atomic
def set_password(person: Person, password: str, *, by: Actor | None, keep: Session | None = None) -> None:
    """Set a password; everybody who was signed in with the old one is signed out, but for the session to keep."""
    about = [person.name, person.email, person.municipality.name]
    if why := rules.weakness(password, about):
        raise RuleBroken(_weakness(why))
    kept = queries.credential(person)
    if kept is None:
        kept = Credential(person_id=person.id)
        db.session.add(kept)
    kept.hash, kept.set_at = passwords.hashed(password), clock.now()
    _end(Session.person_id == person.id, *([Session.id != keep.id] if keep else []))
    _use_up(person)
    audit.note("account.set_password", about=person)


def _weakness(why: str) -> str:
    sentences: dict[str, str] = {
        "short": _("Lösenordet är för kort. Skriv minst %(n)s tecken, gärna några ord efter varandra.", n=rules.SHORTEST),
        "long": _("Lösenordet är för långt. Skriv högst %(n)s tecken.", n=rules.LONGEST),
        "same": _("Lösenordet upprepar samma få tecken. Välj några ord som inte brukar stå ihop."),
        "row": _("Lösenordet följer tangenternas eller alfabetets ordning. Välj några ord som inte brukar stå ihop."),
        "common": _("Lösenordet är ett av dem som gissas först. Välj några ord som inte brukar stå ihop."),
        "personal": _("Lösenordet är lätt att gissa för den som känner till dig. Välj några ord som inte brukar stå ihop."),
    }
    return sentences[why]


@unaudited
def renew_hash(person: Person, password: str, *, by: Person) -> None:
    """Keep a password that was just proved with today's stronger settings."""
    kept = queries.credential(person)
    if kept and passwords.is_old(kept.hash):
        kept.hash = passwords.hashed(password)


@atomic
def make_code(person: Person, *, by: Mandate | None) -> str:
    """A code that lets the person choose a password, once, within a day. It is answered here and kept nowhere; older ones end."""
    if by is not None:
        guard.require(Action.KEEP, person, by)
    if person.ended_at:
        raise RuleBroken(_("Personen är avslutad och kan inte få någon kod."))
    _use_up(person)
    code = rules.new_code(secrets.randbits(130))
    db.session.add(WelcomeCode(person_id=person.id, hash=queries.digest(rules.plain_code(code)), made_at=clock.now()))
    audit.note("account.make_code", about=person)
    return code


@atomic
def welcome(code: str, password: str, *, by: None) -> Person:
    """Use a one-time code to choose a password."""
    found = queries.welcome_code(code)
    if found is None:
        raise RuleBroken(_("Koden gäller inte. Den kan vara använd, äldre än ett dygn eller felskriven. Be om en ny."))
    set_password(found.person, password, by=found.person)
    return found.person


def _use_up(person: Person) -> None:
    unused = (WelcomeCode.person_id == person.id, WelcomeCode.used_at.is_(None))
    db.session.execute(update(WelcomeCode).where(*unused).values(used_at=clock.now()))


@atomic
def found_municipality(*, municipality: str, name: str, email: str, by: None) -> str:
    """Make a municipality's first person, its steward, and the code to choose a password with. Refused when there is one."""
    lock(db.session(), "steward")
    if not municipality.strip():
        raise RuleBroken(_("Skriv kommunens namn, till exempel Sjövik."))
    root = db.session.scalar(select(Unit).where(Unit.path == f"/{slug(municipality)}/"))
    if root and db.session.scalar(select(Mandate.id).where(Mandate.unit_id == root.id, Mandate.role == Role.STEWARD)):
        raise RuleBroken(_("%(name)s har redan en systemförvaltare, som kan lägga till fler.", name=root.name))
    root = root or organisation.add_unit(None, name=municipality, level="municipality", by=None)
    person = organisation.add_person(root, name=name, email=email, by=None)
    organisation.give_mandate(person, Role.STEWARD, root, by=None)
    return make_code(person, by=None)


@listen("mandate_ended", "account")
def _mandate_ended(mandate: Mandate, by: Actor | None) -> None:
    """Nobody goes on under a mandate that is over."""
    if not mandate.holds(clock.today()):
        _end(Session.mandate_id == mandate.id)


@listen("person_ended", "account")
def _person_ended(person: Person, by: Actor | None) -> None:
    """Signed out everywhere, in the same act; no code is left to come back with."""
    _end(Session.person_id == person.id)
    _use_up(person)
    db.session.execute(delete(Credential).where(Credential.person_id == person.id))
