"""An invented city to measure in: units under areas, years of follow-ups, each figure's sum stored all the way up.

The tree, its people, the years and the rounds are made by the app's own actions, for they are few. What is many (figures,
what was handed up, what was typed) is put straight into the tables, so that a city takes seconds and not hours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text

from app import create_app
from bench.filling import Filler
from chain.access.policy import Role
from chain.base import audit, clock
from chain.base.db import atomic, db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.rollup.models import RollupRow

NOW = clock.at(date(2026, 11, 22), 10)
LAST_YEAR = 2026  # 2026/27, of which the first round is open
SINCE = date(2010, 1, 1)
AREA = 20  # units
FORMS: tuple[tuple[str, str, list[str]], ...] = (  # a unit's kind, school form and year groups, the mix of an area of twenty
    *((("school", "GR", [str(group) for group in range(1, 7)]),) * 5),
    *((("school", "GR", ["7", "8", "9"]),) * 2),
    ("school", "GR", ["4", "5", "6"]),
    *((("preschool", "FS", []),) * 12),
)


def settings(url: str) -> dict[str, Any]:
    """As in production, but for the cookie, which has to travel without encryption here."""
    return {"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench", "PRODUCTION": False}


@contextmanager
def city(url: str) -> Iterator[Flask]:
    """The application on a city's database, at the city's hour. No context is pushed: each request has its own, as served."""
    app = create_app(settings(url))
    with clock.held(NOW):
        yield app
        with app.app_context():
            db.engine.dispose()


def build(url: str, units: int, years: int) -> None:
    """Fill an empty SQLite file: so many units, so many whole years of four rounds before the one that is open."""
    with city(url) as app, app.app_context():
        db.create_all()
        fill(units, years, by=None)
        db.session.execute(text("ANALYZE"))
        db.session.commit()


@atomic
def fill(units: int, years: int, *, by: None) -> None:
    """The whole city, all or nothing."""
    people = _organisation(units)
    director = people["fvn"]
    committee = db.session.scalars(select(Unit).where(Unit.level == "committee")).one()
    for start in range(LAST_YEAR - years, LAST_YEAR + 1):
        label = f"{start}/{(start + 1) % 100:02}"
        with clock.held(clock.at(date(start, 8, 1))):
            year = cycle.open_year(committee, label=label, by=director)
        for round in db.session.scalars(select(Round).where(Round.year_id == year.id).order_by(Round.number)):
            if round.opens_on <= NOW.date():
                with clock.held(clock.at(round.opens_on)):
                    cycle.open_round(round, by=director)
        db.session.flush()
    Filler(people).fill()
    audit.note("bench.fill", about=committee, units=units, years=years)


def _organisation(units: int) -> dict[str, Mandate]:
    """The tree and its people: for each place (by slug) the mandate that writes there."""
    root = organisation.add_unit(None, name="Sjövik", level="municipality", by=None, opened_on=SINCE)
    committee = organisation.add_unit(root, name="Utbildningsnämnden", level="committee", slug="bun", by=None, opened_on=SINCE)
    top = organisation.add_unit(
        committee, name="Utbildningsförvaltningen", level="administration", slug="fvn", by=None, opened_on=SINCE
    )
    found = {
        "sjovik": _person(root, root, Role.STEWARD, "sjovik"),
        "bun": _person(root, committee, Role.MEMBER, "bun"),
        "secretary": _person(root, committee, Role.SECRETARY, "secretary"),
        "fvn": _person(root, top, Role.DIRECTOR, "fvn"),
        "officer": _person(root, top, Role.OFFICER, "officer"),
    }
    for number in range(units):
        if number % AREA == 0:
            slug = f"o{number // AREA}"
            area = organisation.add_unit(top, name=f"Område {slug[1:]}", level="area", slug=slug, by=None, opened_on=SINCE)
            found[slug] = _person(root, area, Role.AREA_HEAD, slug)
        kind, form, groups = FORMS[number % AREA]
        slug = f"e{number}"
        unit = organisation.add_unit(
            area, name=f"{'Skola' if form == 'GR' else 'Förskola'} {number}", level="unit", slug=slug, kind=kind, by=None,
            opened_on=SINCE, school_forms=[form], year_groups=groups,
        )  # fmt: skip
        found[slug] = _person(root, unit, Role.PRINCIPAL, slug)
        team = organisation.add_unit(unit, name="Arbetslaget", level="group", slug="lag", by=None, opened_on=SINCE)
        found[f"{slug}/lag"] = _person(root, team, Role.STAFF, f"{slug}-lag")
    return found


def _person(root: Unit, unit: Unit, role: Role, slug: str) -> Mandate:
    person: Person = organisation.add_person(root, name=f"Person {slug}", email=f"{slug}@sjovik.example", by=None)
    return organisation.give_mandate(person, role, unit, by=None, valid_from=SINCE)


def mandate(slug: str) -> Mandate:
    """The mandate of somebody by the slug of the address."""
    return db.session.scalars(select(Mandate).join(Mandate.person).where(Person.email == f"{slug}@sjovik.example")).one()


def rows() -> int:
    """How many stored figures the city has."""
    return db.session.scalar(select(func.count()).select_from(RollupRow)) or 0
