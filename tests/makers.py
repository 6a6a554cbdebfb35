"""A small municipality to test in, made through the actions. The same people in every test."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access.policy import Role
from chain.account import actions as account
from chain.base.db import db
from chain.organisation import actions as organisation
from chain.organisation import rules
from chain.organisation.models import Mandate, Person, Unit


@dataclass
class Cast:
    """Units and mandates by short name: cast.unit["alskolan"], cast.pia is the principal's mandate."""

    unit: dict[str, Unit] = field(default_factory=dict)
    who: dict[str, Mandate] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Mandate:
        try:
            return self.who[name]
        except KeyError:
            raise AttributeError(name) from None


TREE: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (  # short name, parent, name, level, more
    ("sjovik", "", "Sjövik", "municipality", {}),
    ("bun", "sjovik", "Barn- och utbildningsnämnden", "committee", {"slug": "bun"}),
    ("fvn", "bun", "Barn- och utbildningsförvaltningen", "administration", {"slug": "fvn"}),
    ("norr", "fvn", "Norra området", "area", {"slug": "norr"}),
    ("soder", "fvn", "Södra området", "area", {"slug": "soder"}),
    (
        "alskolan",
        "norr",
        "Alskolan",
        "unit",
        {"kind": "school", "school_forms": ["GR"], "year_groups": ["4", "5", "6"]},
    ),
    (
        "ekskolan",
        "norr",
        "Ekskolan",
        "unit",
        {"kind": "school", "school_forms": ["GR"], "year_groups": ["4", "5", "6"]},
    ),
    ("havet", "soder", "Havets förskola", "unit", {"kind": "preschool", "school_forms": ["FS"]}),
    ("al46", "alskolan", "Arbetslag 4–6", "group", {"slug": "al46"}),
    ("ek46", "ekskolan", "Arbetslag 4–6", "group", {"slug": "ek46"}),
    ("vagen", "havet", "Avdelning Vågen", "group", {"slug": "vagen"}),
    ("vux", "sjovik", "Vuxenutbildningsnämnden", "committee", {"slug": "vux"}),
    ("vuxf", "vux", "Vuxenutbildningen", "administration", {"slug": "vuxf"}),
)
PEOPLE = (  # short name, name, role, unit
    ("stina", "Stina Ek", Role.STEWARD, "sjovik"),
    ("maja", "Maja Lind", Role.MEMBER, "bun"),
    ("sixten", "Sixten Berg", Role.SECRETARY, "bun"),
    ("rut", "Rut Ström", Role.AUDITOR, "bun"),
    ("diana", "Diana Holm", Role.DIRECTOR, "fvn"),
    ("olle", "Olle Sand", Role.OFFICER, "fvn"),
    ("olga", "Olga Vik", Role.OFFICER, "fvn"),
    ("arne", "Arne Dal", Role.AREA_HEAD, "norr"),
    ("asta", "Asta Ås", Role.AREA_HEAD, "soder"),
    ("pia", "Pia Östlund", Role.PRINCIPAL, "alskolan"),
    ("bo", "Bo Alm", Role.DEPUTY, "alskolan"),
    ("petra", "Petra Nord", Role.PRINCIPAL, "ekskolan"),
    ("per", "Per Sjö", Role.PRINCIPAL, "havet"),
    ("lena", "Lena Gran", Role.STAFF, "al46"),
    ("linus", "Linus Rot", Role.STAFF, "ek46"),
    ("lo", "Lo Vass", Role.STAFF, "vagen"),
    ("vera", "Vera Udd", Role.DIRECTOR, "vuxf"),
    ("viktor", "Viktor Å", Role.MEMBER, "vux"),
)
PASSWORD = "björkarna susar i kvällen"


def cast(since: date = date(2020, 1, 1)) -> Cast:
    """Sjövik in small: two committees, one administration with two areas, three units with a group each."""
    made = Cast()
    for short, parent, name, level, more in TREE:
        made.unit[short] = organisation.add_unit(made.unit.get(parent), name=name, level=level, by=None, opened_on=since, **more)
    for short, name, role, unit in PEOPLE:
        person: Person = organisation.add_person(made.unit["sjovik"], name=name, email=f"{short}@sjovik.example", by=None)
        made.who[short] = organisation.give_mandate(person, role, made.unit[unit], by=None, valid_from=since)
    return made


def found() -> Cast:
    """The same cast, read from a database that was copied from the template."""
    made = Cast()
    paths: dict[str, str] = {}
    units = {unit.path: unit for unit in db.session.scalars(select(Unit))}
    for short, parent, name, _level, more in TREE:
        paths[short] = rules.child_path(paths.get(parent), more.get("slug") or rules.slug(name))
        made.unit[short] = units[paths[short]]
    for mandate in db.session.scalars(select(Mandate).options(joinedload(Mandate.person))):
        made.who[mandate.person.email.partition("@")[0]] = mandate
    return made


def client(app: Flask, short: str) -> FlaskClient:
    """A browser signed in as somebody of the cast; as nobody for an empty name."""
    return signed_in(app, found().who[short].person) if short else app.test_client()


def signed_in(app: Flask, person: Person) -> FlaskClient:
    """A browser signed in as somebody."""
    browser, key = app.test_client(), account.start(person, by=person)
    with browser.session_transaction() as cookie:
        cookie["key"] = key
    return browser


def started(short: str) -> str:
    """The key of a new session for somebody of the cast."""
    person = found().who[short].person
    return account.start(person, by=person)


def signed_cookie(app: Flask, short: str) -> str:
    """What a real browser carries when somebody of the cast has signed in."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"key": started(short)}))
