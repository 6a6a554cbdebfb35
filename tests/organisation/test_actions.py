"""Keeping the tree and its people: what is refused, and the history that every change leaves behind."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from chain.access.policy import Role
from chain.base import audit, clock, events
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.organisation import actions, queries
from chain.organisation.models import Mandate, Unit
from tests.makers import Cast

TODAY = date(2026, 11, 22)


@pytest.fixture
def endings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, object]]]:
    """What is told when a unit ends, with nobody else listening."""
    told: list[dict[str, object]] = []
    monkeypatch.setitem(events._listeners, "unit_ending", {"measure": lambda **facts: told.append(facts)})
    yield told


def codes(unit: Unit) -> list[tuple[str, date | None, date | None]]:
    return [(code.code, code.valid_from, code.valid_to) for code in unit.codes]


def test_siblings_have_names_of_their_own(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="redan en enhet som heter Alskolan"):
        actions.add_unit(cast.unit["norr"], name="Alskolan", level="unit", by=cast.stina)
    with pytest.raises(RuleBroken, match="redan en enhet som heter ekskolan"):
        actions.change_unit(
            cast.unit["alskolan"], name="ekskolan", kind="school", school_forms=[], year_groups=[], organiser="",
            version=cast.unit["alskolan"].version, by=cast.stina,
        )  # fmt: skip
    actions.add_unit(cast.unit["soder"], name="Alskolan", level="unit", by=cast.stina)


@pytest.mark.parametrize(("level", "under"), [("area", "alskolan"), ("unit", "alskolan"), ("committee", "norr")])
def test_levels_go_downwards(cast: Cast, level: str, under: str) -> None:
    with pytest.raises(RuleBroken, match="uppifrån och ner"):
        actions.add_unit(cast.unit[under], name="Ny", level=level, by=cast.stina)


def test_an_area_may_be_left_out(cast: Cast) -> None:
    assert actions.add_unit(
        cast.unit["fvn"], name="Centrala resurser", level="unit", kind="central", by=cast.stina
    ).path.endswith("/fvn/centrala-resurser/")


def test_only_a_steward_keeps(cast: Cast) -> None:
    for who in (cast.pia, cast.diana, cast.rut, cast.maja):
        with pytest.raises(NotAllowed):
            actions.add_unit(cast.unit["norr"], name="Ny", level="unit", by=who)
        with pytest.raises(NotAllowed):
            actions.add_person(cast.unit["sjovik"], name="Ny", email="ny@sjovik.example", by=who)
        with pytest.raises(NotAllowed):
            actions.give_mandate(who.person, Role.STEWARD, cast.unit["sjovik"], by=who)
        with pytest.raises(NotAllowed):
            actions.end_mandate(cast.bo, by=who)
        with pytest.raises(NotAllowed):
            actions.end_person(cast.bo.person, by=who)


def test_nobody_makes_a_municipality_through_the_pages(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.add_unit(None, name="Ekby", level="municipality", by=cast.stina)


def test_codes_change_and_the_unit_stays(cast: Cast) -> None:
    alskolan = cast.unit["alskolan"]
    actions.add_code(alskolan, "67134582", valid_from=date(2021, 7, 1), by=cast.stina)
    actions.add_code(alskolan, "67134590", valid_from=date(2025, 7, 1), by=cast.stina)
    assert codes(alskolan) == [("67134582", date(2021, 7, 1), date(2025, 7, 1)), ("67134590", date(2025, 7, 1), None)]
    assert alskolan.code == "67134590"
    with pytest.raises(RuleBroken, match="senare än den förra"):
        actions.add_code(alskolan, "67134591", valid_from=date(2025, 7, 1), by=cast.stina)
    with pytest.raises(RuleBroken, match="hör redan till Alskolan"):
        actions.add_code(cast.unit["ekskolan"], "67134590", valid_from=TODAY, by=cast.stina)
    actions.add_code(cast.unit["ekskolan"], "67134582", valid_from=TODAY, by=cast.stina)  # given up, so free


@pytest.mark.parametrize("code", ["1234567", "123456789", "01234567", "6713458a", "20260812", "19991231", "2026-08-12", ""])
def test_what_is_no_code_is_refused(cast: Cast, code: str) -> None:
    with pytest.raises(RuleBroken):
        actions.add_code(cast.unit["alskolan"], code, valid_from=TODAY, by=cast.stina)


def test_a_unit_moves_with_all_below_and_its_people(cast: Cast) -> None:
    alskolan = cast.unit["alskolan"]
    actions.move_unit(alskolan, under=cast.unit["soder"], version=alskolan.version, by=cast.stina)
    paths = {unit.path for unit in db.session.scalars(select(Unit).where(Unit.path.contains("/alskolan/")))}
    assert paths == {"/sjovik/bun/fvn/soder/alskolan/", "/sjovik/bun/fvn/soder/alskolan/al46/"}
    assert cast.pia.path == "/sjovik/bun/fvn/soder/alskolan/"
    assert cast.lena.path == "/sjovik/bun/fvn/soder/alskolan/al46/"
    stood = [(above.name, place.valid_from, place.valid_to) for place, above in queries.places(alskolan) if above]
    assert stood == [("Södra området", TODAY, None), ("Norra området", date(2020, 1, 1), TODAY)]


@pytest.mark.parametrize(
    ("unit", "under"), [("norr", "alskolan"), ("norr", "norr"), ("alskolan", "ekskolan"), ("alskolan", "norr")]
)
def test_moves_that_cannot_be(cast: Cast, unit: str, under: str) -> None:
    with pytest.raises(RuleBroken):
        actions.move_unit(cast.unit[unit], under=cast.unit[under], version=cast.unit[unit].version, by=cast.stina)


def test_of_two_who_change_at_once_the_second_is_told(cast: Cast) -> None:
    alskolan = cast.unit["alskolan"]
    seen = alskolan.version
    actions.move_unit(alskolan, under=cast.unit["soder"], version=seen, by=cast.stina)
    with pytest.raises(RuleBroken, match="Någon annan har ändrat Alskolan"):
        actions.move_unit(alskolan, under=cast.unit["norr"], version=seen, by=cast.stina)


def test_a_unit_with_others_below_is_not_closed(cast: Cast, endings: list[dict[str, object]]) -> None:
    alskolan = cast.unit["alskolan"]
    with pytest.raises(RuleBroken, match="Flytta eller stäng först det som ligger under: Arbetslag 4–6"):
        actions.close_unit(alskolan, successor=None, reason="", version=alskolan.version, by=cast.stina)
    assert endings == []


def test_a_unit_merges_into_its_successor(cast: Cast, endings: list[dict[str, object]]) -> None:
    al46, ek46, alskolan, ekskolan = (cast.unit[short] for short in ("al46", "ek46", "alskolan", "ekskolan"))
    actions.add_code(alskolan, "67134582", valid_from=date(2021, 7, 1), by=cast.stina)
    actions.close_unit(al46, successor=ek46, reason="", version=al46.version, by=cast.stina)
    actions.close_unit(alskolan, successor=ekskolan, reason="", version=alskolan.version, by=cast.stina)
    assert [(told["unit"], told["successor"]) for told in endings] == [(al46, ek46), (alskolan, ekskolan)]
    assert not alskolan.open
    assert (alskolan.closed_on, alskolan.successor) == (TODAY, ekskolan)
    assert codes(alskolan) == [("67134582", date(2021, 7, 1), TODAY)]
    assert queries.places(alskolan)[0][0].valid_to == TODAY
    assert not any(mandate.holds(TODAY) for mandate in (cast.pia, cast.bo, cast.lena))
    with pytest.raises(RuleBroken, match="är stängd"):
        actions.close_unit(alskolan, successor=None, reason="igen", version=alskolan.version, by=cast.stina)
    with pytest.raises(RuleBroken, match="är stängd"):
        actions.add_unit(alskolan, name="Ny", level="group", by=cast.stina)


def test_what_a_later_link_cannot_end_stops_the_closing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**facts: object) -> None:
        raise RuleBroken("En åtgärd är öppen: Läsgrupper.")

    monkeypatch.setitem(events._listeners, "unit_ending", {"measure": refuse})
    al46 = cast.unit["al46"]
    with pytest.raises(RuleBroken, match="Läsgrupper"):
        actions.close_unit(al46, successor=None, reason="", version=al46.version, by=cast.stina)
    db.session.expire_all()
    assert al46.open
    assert cast.lena.holds(TODAY)


@pytest.mark.parametrize("successor", ["al46", "alskolan", "norr"])
def test_who_cannot_take_over(cast: Cast, endings: list[dict[str, object]], successor: str) -> None:
    al46 = cast.unit["al46"]
    with pytest.raises(RuleBroken, match="kan inte ta över"):
        actions.close_unit(al46, successor=cast.unit[successor], reason="", version=al46.version, by=cast.stina)


def test_a_mandate_is_for_a_level_that_has_room_for_the_role(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="hör inte hemma"):
        actions.give_mandate(cast.pia.person, Role.PRINCIPAL, cast.unit["norr"], by=cast.stina)


def test_mandates_hold_from_the_first_day_to_the_last(cast: Cast) -> None:
    given = actions.give_mandate(
        cast.pia.person, Role.PRINCIPAL, cast.unit["havet"], by=cast.stina,
        valid_from=TODAY + timedelta(days=1), valid_to=TODAY + timedelta(days=2), acting=True,
    )  # fmt: skip
    assert [given.holds(TODAY + timedelta(days=n)) for n in range(4)] == [False, True, True, False]


def test_dates_of_a_mandate_are_in_order(cast: Cast) -> None:
    havet = cast.unit["havet"]
    with pytest.raises(RuleBroken, match="slutar innan det börjar"):
        actions.give_mandate(cast.pia.person, Role.PRINCIPAL, havet, by=cast.stina, valid_to=date(2026, 1, 1))
    with pytest.raises(RuleBroken, match="måste ha ett slutdatum"):
        actions.give_mandate(cast.pia.person, Role.PRINCIPAL, havet, by=cast.stina, acting=True)
    with pytest.raises(RuleBroken, match="slutar innan det börjar"):
        actions.end_mandate(cast.pia, by=cast.stina, last_day=date(2019, 1, 1))


def test_a_context_unit_has_no_mandates_and_nothing_moves_there(cast: Cast) -> None:
    other = actions.add_unit(cast.unit["sjovik"], name="Fria Ekens skola", level="unit", by=None, context=True)
    with pytest.raises(RuleBroken, match="annan huvudman"):
        actions.give_mandate(cast.pia.person, Role.PRINCIPAL, other, by=cast.stina)
    assert other not in [unit for unit, _way in queries.parents_to_choose(cast.unit["al46"], cast.stina)]


def test_a_person_of_another_municipality_gets_no_mandate_here(cast: Cast) -> None:
    ekby = actions.add_unit(None, name="Ekby", level="municipality", by=None)
    eva = actions.add_person(ekby, name="Eva Ek", email="eva@ekby.example", by=None)
    with pytest.raises(RuleBroken, match="annan kommun"):
        actions.give_mandate(eva, Role.PRINCIPAL, cast.unit["alskolan"], by=cast.stina)
    with pytest.raises(NotAllowed):
        actions.end_person(eva, by=cast.stina)


def test_there_is_always_a_steward(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="måste ha en systemförvaltare"):
        actions.end_mandate(cast.stina, by=cast.stina)
    with pytest.raises(RuleBroken, match="måste ha en systemförvaltare"):
        actions.end_person(cast.stina.person, by=cast.stina)
    actions.give_mandate(cast.rut.person, Role.STEWARD, cast.unit["sjovik"], by=cast.stina)
    actions.end_mandate(cast.stina, by=cast.stina)


def test_an_address_is_one_persons(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="redan en person"):
        actions.add_person(cast.unit["sjovik"], name="Pia", email=" PIA@sjovik.example", by=cast.stina)
    with pytest.raises(RuleBroken, match="redan en person"):
        actions.change_person(
            cast.bo.person, name="Bo", email="pia@sjovik.example", version=cast.bo.person.version, by=cast.stina
        )


def test_a_person_who_ends_has_no_mandates_left_and_gets_none(cast: Cast) -> None:
    pia = cast.pia.person
    actions.end_person(pia, by=cast.stina)
    assert not any(mandate.holds(TODAY) for mandate in db.session.scalars(select(Mandate).where(Mandate.person_id == pia.id)))
    with pytest.raises(RuleBroken, match="är avslutad"):
        actions.give_mandate(pia, Role.PRINCIPAL, cast.unit["havet"], by=cast.stina)
    with pytest.raises(RuleBroken, match="redan avslutad"):
        actions.end_person(pia, by=cast.stina)
    assert pia not in queries.people(cast.stina)
    assert pia in queries.people(cast.stina, which="ended")


def test_everything_is_in_the_audit(cast: Cast) -> None:
    before = audit.head()[0]
    actions.end_mandate(cast.bo, by=cast.stina)
    assert audit.head()[0] == before + 1
    assert audit.problems() == []


def test_health_names_what_needs_a_hand(cast: Cast) -> None:
    actions.end_mandate(cast.bo, by=cast.stina)
    actions.end_mandate(cast.per, by=cast.stina, last_day=clock.today() + timedelta(days=30))
    found = queries.health(cast.unit["sjovik"], cast.stina)
    assert [person.name for person in found.without] == ["Bo Alm"]
    assert [mandate.person.name for mandate in found.ending] == ["Per Sjö"]
    assert found.letters == 0


# Merging


def merged(cast: Cast, into: str | None = "alskolan", **more: object) -> Unit:
    units = [cast.unit[name] for name in ("alskolan", "ekskolan")]
    versions = {each.public_id: each.version for each in units}
    kept = cast.unit[into] if into else None
    return actions.merge_units(units, into=kept, versions=versions, by=cast.stina, **more)  # type: ignore[arg-type]


def test_units_that_merge_leave_one_that_has_all_that_was_theirs(cast: Cast) -> None:
    cast.unit["ekskolan"].year_groups = ["6", "7"]
    db.session.commit()
    made = merged(cast, follow=[cast.petra.public_id])
    ended = cast.unit["ekskolan"]
    assert made is cast.unit["alskolan"] and made.year_groups == ["4", "5", "6", "7"]
    assert (ended.closed_on, ended.successor_id) == (TODAY, made.id) and queries.predecessors(made) == [ended]
    below = {each.name: each for each in queries.children(made)}
    assert set(below) == {"Arbetslag 4–6", "Arbetslag 4–6, Ekskolan"}
    assert below["Arbetslag 4–6, Ekskolan"].path == "/sjovik/bun/fvn/norr/alskolan/ek46-ekskolan/"
    assert {each.person.name: each.role for each in queries.remaining(made)} == {
        "Bo Alm": Role.DEPUTY, "Petra Nord": Role.PRINCIPAL, "Pia Östlund": Role.PRINCIPAL,
    }  # fmt: skip
    assert queries.remaining(ended) == [] and cast.linus.path.startswith(made.path)
    assert audit.problems() == []


def test_units_that_merge_into_a_new_one_both_end(cast: Cast) -> None:
    made = merged(cast, None, name="Norrskolan", code="67134582", follow=[cast.pia.public_id, cast.linus.public_id])
    assert (made.name, made.code, made.path) == ("Norrskolan", "67134582", "/sjovik/bun/fvn/norr/norrskolan/")
    assert not cast.unit["alskolan"].open and not cast.unit["ekskolan"].open
    assert made.school_forms == ["GR"] and len(queries.children(made)) == 2
    assert [each.person.name for each in queries.remaining(made)] == ["Pia Östlund"]


def test_merging_is_refused_whole_or_not_at_all(cast: Cast) -> None:
    alskolan, norr = cast.unit["alskolan"], cast.unit["norr"]
    versions = {each.public_id: each.version for each in (alskolan, norr)}
    for units, sentence in (([alskolan], "minst en enhet till"), ([alskolan, norr], "olika nivåer")):
        with pytest.raises(RuleBroken, match=sentence):
            actions.merge_units(units, into=alskolan, versions=versions, by=cast.stina)
    with pytest.raises(NotAllowed):
        actions.merge_units([alskolan, cast.unit["ekskolan"]], into=alskolan, versions=versions, by=cast.diana)
    with pytest.raises(RuleBroken, match="redan en enhet som heter Ekskolan"):
        merged(cast, None, name="Ekskolan")
    with pytest.raises(RuleBroken, match="Någon annan har ändrat"):
        actions.merge_units([alskolan, cast.unit["ekskolan"]], into=alskolan, versions={}, by=cast.stina)
    assert cast.unit["ekskolan"].open and alskolan.open
