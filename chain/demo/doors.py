"""Who can sign in to the demonstration: one person of each role, and one who reads Nacka's published figures.

Their passwords are this database's own, kept in a file.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access.policy import Role
from chain.account import actions as account
from chain.account import queries as accounts
from chain.base.config import ROOT
from chain.base.db import db
from chain.base.settings import DEMONSTRATION, Setting
from chain.demo import texts
from chain.demo.stage import address
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, Person, Unit

FILE = "demo-passwords"
READING_NACKA = address("Nacka Läskonto")


@dataclass(frozen=True)
class Door:
    """A role, and somebody who holds it."""

    role: str
    email: str
    password: str

    @property
    def line(self) -> str:
        return "\t".join(("sign-in", self.role, self.email, self.password))


def marked() -> bool:
    """Whether the database says of itself that all in it is invented."""
    return db.session.get(Setting, DEMONSTRATION) is not None


def whole() -> bool:
    """Whether the demonstration was filled to its end: the doors are made last."""
    return all(accounts.credential(person) for _role, person in _people()) and _people() != []


def open_all() -> list[Door]:
    """A password for one person of each role. Those that were made before stay."""
    kept = _kept()
    doors = [Door(role, person.email, kept.get(person.email) or secrets.token_urlsafe(12)) for role, person in _people()]
    _keep(doors)
    for door, (_role, person) in zip(doors, _people(), strict=True):
        if door.email not in kept or accounts.credential(person) is None:
            account.set_password(person, door.password, by=person)
    return doors


def _people() -> list[tuple[str, Person]]:
    """The first of each role in tree.toml, in the order of the roles."""
    first: dict[str, str] = {}
    for name, role, *_more in texts.opened("tree")["people"]["list"]:
        first.setdefault(role, address(name))
    emails = [*first.values(), READING_NACKA]
    wanted = select(Person).where(Person.email.in_(emails)).options(joinedload(Person.municipality))
    people = {person.email: person for person in db.session.scalars(wanted)}
    doors = [*((role.value, first.get(role, "")) for role in Role), ("auditor-nacka", READING_NACKA)]
    return [(word, people[email]) for word, email in doors if email in people]


def reading_account(municipality: Unit) -> None:
    """A way in to real schools' published figures. Nobody is invented in a real municipality: it is an account that reads."""
    person = organisation.add_person(municipality, name="Läskonto för publicerade siffror", email=READING_NACKA, by=None)
    organisation.give_mandate(person, Role.AUDITOR, municipality, by=None)


def _name() -> str:
    """This database's own name: its municipality's address, which another database does not have."""
    steward = select(Mandate).where(Mandate.role == Role.STEWARD).options(joinedload(Mandate.unit)).order_by(Mandate.id)
    return db.session.scalars(steward).first().unit.public_id  # type: ignore[union-attr]


def path() -> Path:
    """Beside the SQLite file, else in var/."""
    file = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    return (Path(file).parent if file and file != ":memory:" else ROOT / "var") / FILE


def _lines() -> Iterator[tuple[str, str, str]]:
    if path().exists():
        for line in path().read_text("utf-8").splitlines():
            database, email, password = line.split("\t")
            yield database, email, password


def _kept() -> dict[str, str]:
    return {email: password for database, email, password in _lines() if database == _name()}


def _keep(doors: list[Door]) -> None:
    """Write the file for its owner alone; the lines of other databases stay."""
    others = [line for line in _lines() if line[0] != _name()]
    mine = [(_name(), door.email, door.password) for door in doors]
    path().parent.mkdir(parents=True, exist_ok=True)
    part = path().with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines("\t".join(line) + "\n" for line in [*others, *mine])
    part.replace(path())
