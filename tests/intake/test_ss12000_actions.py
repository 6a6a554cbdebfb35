"""A register is read over the wire, shown, and taken in as far as somebody chose: all of that or nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from chain.access.policy import Role
from chain.base import clock
from chain.base.audit import AuditLine
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.intake import ss12000_actions as actions
from chain.intake import ss12000_changes
from chain.intake import ss12000_queries as queries
from chain.intake.ss12000_changes import Change
from chain.intake.ss12000_doing_actions import End
from chain.intake.ss12000_models import ExternalId, Fetched, Source
from chain.intake.ss12000_reading import Facts
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, Person, Unit
from tests.base.test_db import in_threads
from tests.intake import ss12000_server as server
from tests.intake.ss12000_server import World
from tests.makers import Cast
from tests.test_canaries import holding


@pytest.fixture
def world() -> Iterator[World]:
    with server.running(server.sjovik()) as running:
        yield running


@pytest.fixture
def told(app: Flask, world: World) -> World:
    """The application knows where the register is."""
    app.config["SS12000"] = world.settings()
    return world


def fetch(cast: Cast, whole: bool = False) -> bool:
    return actions.fetch(cast.unit["sjovik"], by=cast.stina, seconds=20, whole=whole)


def waiting(cast: Cast) -> list[Change]:
    source = queries.source(cast.unit["sjovik"])
    came = queries.fetched(source)
    return queries.plan(cast.unit["sjovik"], source, Facts.from_json(came.facts)).changes if came else []


def choose(cast: Cast, *changes: Change, place: str = "fvn", closing: Any = None, fetched: str = "") -> None:
    came = db.session.scalars(select(Fetched)).first()
    actions.confirm(
        cast.unit["sjovik"], fetched=fetched or (came.public_id if came else ""), chosen={change.key for change in changes},
        place=cast.unit[place] if place else None, closing=closing or {}, by=cast.stina,
    )  # fmt: skip


def sentences(cast: Cast) -> list[str]:
    return [change.sentence for change in waiting(cast)]


def ready(cast: Cast) -> None:
    """Alskolan has its code, as in the register."""
    organisation.add_code(cast.unit["alskolan"], "67134582", valid_from=date(2021, 1, 1), by=None)


def settle(cast: Cast) -> None:
    """Everything that the register says has been taken in."""
    ready(cast)
    fetch(cast)
    choose(cast, *waiting(cast))


def everything() -> list[Any]:
    statements = (select(Unit.path, Unit.version, Unit.closed_on), select(Mandate.id, Mandate.valid_to), select(Person.name))
    return [sorted(map(str, db.session.execute(each))) for each in statements] + [count(ExternalId), count(AuditLine)]


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_what_the_register_says_is_shown_and_nothing_is_done(cast: Cast, told: World) -> None:
    ready(cast)
    before = everything()[:4]
    assert fetch(cast) and everything()[:4] == before
    assert sentences(cast) == [
        "Norra området i registret ser ut att vara Norra området här, under Barn- och utbildningsförvaltningen. "
        "Välj det om de är samma.",
        "Ekskolan i registret ser ut att vara Ekskolan här, under Norra området. Välj det om de är samma.",
        "Arbetslag 4–6 i registret ser ut att vara Arbetslag 4–6 här, under Alskolan. Välj det om de är samma.",
        "Nyskolan (23456789) läggs till under Norra området.",
        "Nils Ny (nils@sjovik.example) är ny här och får uppdraget rektor vid Nyskolan från den 22 november 2026.",
    ]


def test_what_was_chosen_is_done_and_a_second_fetch_says_nothing_new(cast: Cast, told: World) -> None:
    told.rows["groups"][0]["groupMemberships"].pop()  # who is no staff
    settle(cast)
    nyskolan = db.session.scalars(select(Unit).where(Unit.name == "Nyskolan")).one()
    assert (nyskolan.path, nyskolan.code, nyskolan.school_forms) == ("/sjovik/bun/fvn/norr/nyskolan/", "23456789", ["GR", "FTH"])
    nils = db.session.scalars(select(Person).where(Person.email == "nils@sjovik.example")).one()
    assert [(each.role, each.unit_id, each.valid_from) for each in nils.mandates] == [
        (Role.PRINCIPAL, nyskolan.id, clock.today())
    ]  # fmt: skip
    assert count(Fetched) == 0
    before = everything()[:4]
    assert not fetch(cast, whole=True) and everything()[:4] == before
    told.asked.clear()
    assert not fetch(cast) and everything()[:4] == before
    assert told.paths() == ["token", "organisations", "organisations", "groups", "deletedEntities", "duties", "persons/lookup"]
    assert "meta.modified.after" in told.asked[5][1]


def test_no_pupil_is_asked_for_and_nothing_but_name_and_address_is_kept(cast: Cast, told: World) -> None:
    told.rows["persons"].append(server.person("elev", "Elvira Elev"))
    told.rows["duties"].append(server.duty("d-kurt", "kurt", "al", "Annan personal"))
    told.rows["persons"].append(server.person("kurt", "Kurt Kurator"))
    ready(cast)
    fetch(cast)
    assert "persons" not in told.paths() and list(holding("191212121212")) == list(holding("1912-12-12")) == []
    assert list(holding("Elvira")) == list(holding("Kurt")) == list(holding("elev'")) == []
    assert list(holding("Nils")) == ["fetched"]
    assert list(holding(server.SECRET)) == list(holding("token0")) == []
    choose(cast, *waiting(cast))
    assert list(holding("Nils")) == ["person"] and list(holding("'elev")) == []


def test_a_fetch_without_a_whole_list_still_sees_what_has_changed(cast: Cast, told: World) -> None:
    settle(cast)
    later = clock.now() + timedelta(days=1)
    with clock.held(later):
        told.rows["duties"][0]["endDate"] = "2026-12-24"
        told.rows["duties"][0]["meta"] = {"modified": later.isoformat()[:19]}  # without a zone
        assert fetch(cast) and sentences(cast) == ["Pia Östlund slutar som rektor vid Alskolan efter den 24 december 2026."]
        choose(cast, *waiting(cast))
        assert cast.pia.valid_to == date(2026, 12, 24) and not fetch(cast, whole=True)


def test_a_duty_that_is_deleted_ends_its_mandate_when_somebody_says_so(cast: Cast, told: World) -> None:
    settle(cast)
    told.rows["duties"] = [row for row in told.rows["duties"] if row["id"] != "d-pia"]
    told.deleted = {"duties": ["d-pia"]}
    assert fetch(cast)
    (change,) = waiting(cast)
    assert change.sentence.startswith("Pia Östlund är inte längre rektor vid Alskolan: tjänsten är borttagen ur registret.")
    choose(cast)
    assert cast.pia.holds(clock.today())
    fetch(cast)
    choose(cast, *waiting(cast))
    assert not cast.pia.holds(clock.today()) and cast.bo.holds(clock.today())
    assert not fetch(cast, whole=True)


def test_a_duty_that_is_gone_is_missed_also_when_the_register_does_not_tell_what_it_deletes(cast: Cast, told: World) -> None:
    told.rows["groups"], told.deleted = [], None
    settle(cast)
    told.rows["duties"] = [row for row in told.rows["duties"] if row["id"] != "d-pia"]
    assert fetch(cast)
    assert sentences(cast) == ["Pia Östlund är inte längre rektor vid Alskolan enligt registret. Uppdraget upphör genast."]


def test_somebody_new_in_a_group_is_seen_although_no_duty_has_changed(cast: Cast, told: World) -> None:
    told.rows["duties"].append(server.duty("d-nils2", "nils", "al", "Lärare"))
    settle(cast)
    told.rows["groups"][0]["groupMemberships"].append({"person": {"id": "nils"}})
    assert fetch(cast)
    assert sentences(cast) == ["Nils Ny får uppdraget medarbetare vid Arbetslag 4–6 från den 22 november 2026."]


def test_a_unit_moves_with_all_that_is_below_it(cast: Cast, told: World) -> None:
    settle(cast)
    told.rows["organisations"].append(server.org("sodra", "Södra området", "Rektorsområde", "huvudman"))
    told.rows["organisations"][2]["parentOrganisation"] = "sodra"  # an id instead of an object
    fetch(cast)
    link, move = waiting(cast)
    with pytest.raises(RuleBroken) as no:
        choose(cast, move)
    assert no.value.problems == {move.key: "Välj också raden om Södra området, som den här bygger på."}
    db.session.rollback()
    choose(cast, link, move)
    assert cast.unit["al46"].path == "/sjovik/bun/fvn/soder/alskolan/al46/" and cast.lena.path == cast.unit["al46"].path
    assert not fetch(cast, whole=True)


def test_a_unit_is_closed_when_somebody_has_said_who_takes_over(cast: Cast, told: World) -> None:
    settle(cast)
    told.rows["organisations"] = [row for row in told.rows["organisations"] if row["id"] != "ny"]
    told.rows["duties"] = [row for row in told.rows["duties"] if row["id"] != "d-nils"]
    fetch(cast)
    end, close = waiting(cast)
    assert (end.what, close.what) == (
        "end",
        "close_unit",
    ) and close.sentence == "Nyskolan finns inte längre i registret och stängs."
    with pytest.raises(RuleBroken) as no:
        choose(cast, close)
    assert no.value.problems == {close.key: "Nyskolan: välj vem som tar över, eller skriv varför ingen gör det."}
    db.session.rollback()
    choose(cast, close, closing={close.key: End(cast.unit["alskolan"])})
    nyskolan = db.session.scalars(select(Unit).where(Unit.name == "Nyskolan")).one()
    assert (nyskolan.open, nyskolan.successor_id) == (False, cast.unit["alskolan"].id)
    assert not fetch(cast, whole=True)


def test_a_line_that_cannot_be_done_leaves_everything_as_it_was(cast: Cast, told: World) -> None:
    told.rows["duties"].append(server.duty("d-berit", "berit", "al", "Förstelärare"))
    told.rows["persons"].append(server.person("berit", "Berit Berg"))
    other = organisation.add_unit(None, name="Bergsund", level="municipality", by=None)
    organisation.add_person(other, name="Berit Berg", email="berit@sjovik.example", by=None)
    ready(cast)
    fetch(cast)
    before = everything()
    wrong = next(change for change in waiting(cast) if "Berit" in change.sentence)
    with pytest.raises(RuleBroken) as no:
        choose(cast, *waiting(cast))
    db.session.rollback()
    assert list(no.value.problems) == [wrong.key] and wrong.sentence in no.value.sentence
    assert everything() == before and sentences(cast)


def test_new_units_need_a_place_where_the_register_names_none(cast: Cast, told: World) -> None:
    told.rows["organisations"].append(server.org("fri", "Frisk skola", "Skola", "huvudman"))
    ready(cast)
    fetch(cast)
    line = next(change for change in waiting(cast) if "Frisk" in change.sentence)
    with pytest.raises(RuleBroken) as no:
        choose(cast, line, place="")
    assert no.value.problems == {line.key: "Välj var nya enheter ska läggas."}
    db.session.rollback()
    choose(cast, line, place="soder")
    assert db.session.scalars(select(Unit.path).where(Unit.name == "Frisk skola")).one() == "/sjovik/bun/fvn/soder/frisk-skola/"
    assert db.session.scalars(select(Source.place_id)).one() == cast.unit["soder"].id


def test_what_was_not_chosen_comes_again(cast: Cast, told: World) -> None:
    ready(cast)
    fetch(cast)
    left = sentences(cast)[-1]
    choose(cast, *waiting(cast)[:-1])
    assert fetch(cast) and sentences(cast) == [left]


def test_what_nobody_has_seen_yet_is_shown_next(cast: Cast, told: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ss12000_changes, "MOST_SHOWN", 1)
    ready(cast)
    fetch(cast)
    first, *rest = waiting(cast)
    choose(cast, first)
    assert sentences(cast) == [change.sentence for change in rest] and count(Fetched) == 1
    monkeypatch.undo()
    choose(cast, *waiting(cast))
    assert count(Fetched) == 0 and not fetch(cast, whole=True)


def test_of_two_who_confirm_at_once_one_is_told(app: Flask, cast: Cast, told: World) -> None:
    ready(cast)
    fetch(cast)
    came = db.session.scalars(select(Fetched.public_id)).one()
    keys = {change.key for change in waiting(cast)}
    db.session.remove()

    def confirm(_n: int) -> Any:
        root = db.session.scalars(select(Unit).where(Unit.path == "/sjovik/")).one()
        fvn = db.session.scalars(select(Unit).where(Unit.slug == "fvn")).one()
        steward = db.session.scalars(select(Mandate).where(Mandate.role == Role.STEWARD)).one()
        return actions.confirm(root, fetched=came, chosen=keys, place=fvn, closing={}, by=steward)

    answers = in_threads(app, 2, confirm)
    (refused,) = [each for each in answers if isinstance(each, RuleBroken)]
    assert "redan bekräftat" in refused.sentence
    assert count(Person) == len(PEOPLE_AFTER) and db.session.scalar(select(func.count()).where(Unit.name == "Nyskolan")) == 1


PEOPLE_AFTER = range(19)  # the cast, and Nils


def test_what_has_changed_since_it_was_shown_has_to_be_chosen_anew(cast: Cast, told: World) -> None:
    ready(cast)
    fetch(cast)
    shown = waiting(cast)
    first = db.session.scalars(select(Fetched.public_id)).one()
    told.rows["organisations"][4]["displayName"] = "Nya skolan"
    fetch(cast)
    with pytest.raises(RuleBroken, match="hämtat på nytt"):
        choose(cast, *shown, fetched=first)
    db.session.rollback()
    with pytest.raises(RuleBroken, match="har ändrats sedan du öppnade sidan"):
        choose(cast, *shown)
    db.session.rollback()
    with clock.held(clock.now() + timedelta(days=8)), pytest.raises(RuleBroken, match="för gammalt"):
        choose(cast, *waiting(cast))


def test_only_the_steward_takes_in_anything(cast: Cast, told: World) -> None:
    for who in (cast.diana, cast.olle, cast.pia):
        with pytest.raises(NotAllowed):
            actions.fetch(cast.unit["sjovik"], by=who, seconds=20)
        db.session.rollback()
    assert count(Fetched) == 0


def test_the_samples_are_one_school_with_its_principal(cast: Cast, app: Flask) -> None:
    with server.running(World.of_samples()) as samples:
        samples.page = 50
        app.config["SS12000"] = samples.settings()
        fetch(cast)
        assert sentences(cast) == [
            "Demoskolan Grundskola (10000001) läggs till.",
            "Lars Wikström (lars.wikstrom@demoskolan.se) är ny här och får uppdraget rektor vid Demoskolan Grundskola "
            "från den 22 november 2026.",
        ]
        assert samples.paths().count("persons/lookup") == 1 and "persons" not in samples.paths()
        choose(cast, *waiting(cast))
        assert not fetch(cast, whole=True) and not fetch(cast)


def test_the_command_tells_what_would_change_and_does_nothing(app: Flask, cast: Cast, told: World) -> None:
    ready(cast)
    before = everything()[:4]
    db.session.rollback()
    answer = app.test_cli_runner().invoke(args=["intake", "ss12000"])
    assert answer.exit_code == 0 and "Nyskolan (23456789) läggs till under Norra området." in answer.output
    assert server.SECRET not in answer.output and everything()[:4] == before
    app.config["SS12000"] = told.settings("bergsund")
    answer = app.test_cli_runner().invoke(args=["intake", "ss12000"])
    assert answer.exit_code == 1 and "STYRKEDJAN_SS12000_MUNICIPALITY" in answer.output
