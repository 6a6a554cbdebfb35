"""What a register says of the tree and the mandates, compared with what is here: without a server and without a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel

from chain.intake import ss12000_reading as reading
from chain.intake import ss12000_rules as rules
from chain.intake.ss12000_changes import Known, KnownMandate, KnownPerson, KnownUnit, Plan
from chain.intake.ss12000_compare import compare as compare_with
from chain.intake.ss12000_reading import Duty, Facts, Group, Member, Organisation, Staff
from tests.intake.ss12000_server import sample


@pytest.fixture(autouse=True, scope="module")
def swedish() -> Iterator[None]:
    """Dates are written in somebody's language."""
    app = Flask("words")
    Babel(app, default_locale="sv")
    with app.app_context():
        yield


TODAY = date(2026, 11, 22)
LONG_AGO = date(2020, 1, 1)


def org(id: str, kind: str, parent: str = "", **more: object) -> Organisation:
    facts: dict[str, object] = {"name": id.capitalize(), "code": "", "school_forms": (), "start": LONG_AGO, "end": None} | more
    return Organisation(id=id, type=kind, parent=parent, **facts)  # type: ignore[arg-type]


def duty(name: str, person: str, at: str, role: str = "Rektor", **more: object) -> Duty:
    facts = {"description": "", "start": LONG_AGO, "end": None} | more
    return Duty(id=name, person=person, at=at, role=role, **facts)  # type: ignore[arg-type]


def team(name: str, at: str, *members: str, kind: str = "Personalgrupp") -> Group:
    return Group(name, name.capitalize(), kind, at, tuple(Member(each, LONG_AGO, None) for each in members), LONG_AGO, None)


HEAD = org("kommun", "Huvudman")
NORTH = org("norr", "Rektorsområde", "kommun")
AL = org("al", "Skolenhet", "norr", code="67134582", school_forms=("GR",))
PIA = Staff("pia", "Pia Ö", "pia@s.example")
HERE = {  # id: unit
    1: KnownUnit(1, "Sjövik", "municipality", "/s/", None),
    2: KnownUnit(2, "Norr", "area", "/s/f/norr/", 9),
    3: KnownUnit(3, "Al", "unit", "/s/f/norr/al/", 2, "67134582", ("GR",)),
    4: KnownUnit(4, "Ek", "unit", "/s/f/norr/ek/", 2, "", ("GR",)),
    5: KnownUnit(5, "Söder", "area", "/s/f/soder/", 9),
    9: KnownUnit(9, "Förvaltningen", "administration", "/s/f/", 1),
}


def here(**more: object) -> Known:
    return Known(dict(HERE), **({"unit_of": {"norr": 2, "al": 3}} | more))  # type: ignore[arg-type]


def facts(*organisations: Organisation, duties: tuple[Duty, ...] = (), groups: tuple[Group, ...] = (), **more: object) -> Facts:
    everything = (HEAD, NORTH, AL, *organisations)
    where = rules.tree(everything, groups, TODAY)
    found, notes = rules.wanted(where, duties, groups, TODAY)
    return Facts(everything, groups, tuple(found), **({"notes": notes} | more))  # type: ignore[arg-type]


def compare(known: Known, came: Facts) -> Plan:
    return compare_with(known, came, TODAY)


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(change.what, change.sentence) for change in plan.changes]


# Reading


def test_a_day_is_read_with_and_without_hour_and_zone() -> None:
    same = (
        "2026-10-15",
        "2026-10-15T10:30:00",
        "2026-10-14T22:30:00Z",
        "2026-10-15T00:30:00+02:00",
        "2026-10-15T08:00:00.123456",
    )
    assert {reading.day(each) for each in same} == {date(2026, 10, 15)}
    assert [reading.day(each) for each in ("", "i går", None, 20261015)] == [None] * 4


def test_a_moment_without_a_zone_is_utc_and_none_is_a_change() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    modified = {"2026-11-22T12:00:01": True, "2026-11-22T12:00:00": False, "2026-11-22T12:30:00+01:00": False, "x": True}
    assert {said: reading.changed_after({"meta": {"modified": said}}, noon) for said in modified} == modified
    assert reading.changed_after({}, noon) and reading.changed_after({"meta": []}, noon)


@pytest.mark.parametrize(
    "data", [{"duties": ["a"], "activitites": ["b"]}, ["a", "b"], [{"id": "a", "type": "Duty"}, {"entityId": "b"}]]
)
def test_what_was_deleted_comes_as_an_object_or_as_a_list(data: object) -> None:
    assert reading.deleted({"data": data, "pageToken": None}) == {"a", "b"}
    assert reading.deleted({"data": []}) == reading.deleted({}) == reading.deleted([]) == set()


def test_a_reference_is_an_object_or_an_id() -> None:
    assert [reading.ref(each) for each in ({"id": " a "}, "a", {"entityId": "a"}, None, 3, {})] == ["a", "a", "a", "", "", ""]


def test_of_a_person_nothing_but_name_and_address_at_work_is_taken() -> None:
    row = sample("persons")["data"][0]
    assert "civicNo" in row
    found = reading.staff(row)
    assert found == Staff(row["id"], f"{row['givenName']} {row['familyName']}", row["eduPersonPrincipalNames"][0])
    assert row["civicNo"]["value"] not in repr(found) and row["birthDate"] not in repr(found)


@pytest.mark.parametrize(
    ("emails", "names", "expected"),
    [
        ([("Privat", "p@hem.example"), ("Skola personal", "W@s.example")], [], "w@s.example"),
        ([("Arbete övrigt", "o@s.example"), ("Skola personal", "w@s.example")], [], "w@s.example"),
        ([("Privat", "p@hem.example")], [], ""),
        ([("Privat", "p@hem.example")], ["u@s.example"], "u@s.example"),
        ([("Privat", "p@s.example")], ["u@s.example"], "p@s.example"),
        ([("Skola elev", "e@s.example")], [], ""),
        ([("Skola personal", "inte en adress")], [], ""),
        ([], ["user"], ""),
    ],
)
def test_the_address_is_the_one_at_work(emails: list[tuple[str, str]], names: list[str], expected: str) -> None:
    row = {"emails": [{"type": kind, "value": value} for kind, value in emails], "eduPersonPrincipalNames": names}
    assert reading.email(row) == expected


def test_a_protected_person_has_neither_name_nor_address() -> None:
    row = {"id": "a", "givenName": "A", "familyName": "B", "securityMarking": "Sekretessmarkering", "emails": []}
    assert reading.staff(row) == Staff("a", "", "", protected=True)


def test_groups_of_pupils_are_dropped_and_who_is_in_a_group_of_children_too() -> None:
    rows = sample("groups")["data"]
    assert rows and [reading.group(row) for row in rows] == [None] * len(rows)
    child = {"id": "v", "displayName": "Vågen", "organisation": {"id": "h"}, "groupMemberships": [{"person": {"id": "barn"}}]}
    assert reading.group(child | {"groupType": "Avdelning"}) == Group("v", "Vågen", "Avdelning", "h", (), None, None)
    found = reading.group(child | {"groupType": "Personalgrupp"})
    assert found and found.members == (Member("barn", None, None),)


def test_what_came_is_the_same_after_it_has_been_kept_except_who_is_in_a_group() -> None:
    came = facts(duties=(duty("d", "pia", "al", end=date(2026, 12, 1)),), groups=(team("lag", "al", "lena"),), staff=(PIA,))
    kept = Facts.from_json(came.as_json())
    assert kept == replace(came, groups=tuple(replace(group, members=()) for group in came.groups))
    assert "lena" not in str(came.as_json())


# The tree


def test_the_sample_is_one_unit_for_which_its_school_stands() -> None:
    rows = [reading.organisation(row) for row in sample("organisations")["data"]]
    where = rules.tree([row for row in rows if row], (), TODAY)
    (node,) = where.nodes.values()
    assert (node.name, node.level, node.code, node.parent, node.school_forms, node.kind) == (
        "Demoskolan Grundskola", "unit", "10000001", "", ("GR",), "school",
    )  # fmt: skip
    assert {units for units in where.means.values()} == {(node.id,)}


def test_a_school_without_units_is_one_and_with_units_is_none() -> None:
    alone = rules.tree([HEAD, org("skola", "Skola", "kommun")], (), TODAY)
    assert {name: node.level for name, node in alone.nodes.items()} == {"skola": "unit"}
    parted = rules.tree(
        [HEAD, NORTH, org("skola", "Skola", "norr"), org("a", "Skolenhet", "skola"), org("b", "Skolenhet", "skola")], (), TODAY
    )
    assert {name: node.parent for name, node in parted.nodes.items()} == {"norr": "", "a": "norr", "b": "norr"}
    assert parted.means["skola"] == parted.means["norr"] == ("a", "b")


def test_what_has_no_level_here_is_passed_by_and_what_lies_under_it_moves_up() -> None:
    where = rules.tree(
        [HEAD, org("stad", "Stadsdel", "kommun"), replace(NORTH, parent="stad"), org("x", "Övrigt", "norr"),
         org("al", "Skolenhet", "x"), org("musik", "Övrigt", "kommun", school_forms=("KU",))], (), TODAY
    )  # fmt: skip
    assert {name: node.parent for name, node in where.nodes.items()} == {"norr": "", "al": "norr", "musik": ""}
    assert where.passed_by == 1


def test_a_circle_of_parents_ends() -> None:
    where = rules.tree([org("a", "Rektorsområde", "b"), org("b", "Rektorsområde", "a"), org("al", "Skolenhet", "a")], (), TODAY)
    assert {name: node.parent for name, node in where.nodes.items()} == {"a": "", "b": "", "al": "a"}


def test_what_has_ended_stands_no_more_from_the_day_after_and_what_has_not_begun_not_yet() -> None:
    def nodes(**more: object) -> set[str]:
        return set(rules.tree([HEAD, org("al", "Skolenhet", "kommun", **more)], (), TODAY).nodes)

    assert nodes(end=TODAY) == nodes(start=TODAY) == {"al"}
    assert nodes(end=date(2026, 11, 21)) == nodes(start=date(2026, 11, 23)) == set()


def test_a_group_stands_under_its_unit_also_when_it_is_tied_to_the_school() -> None:
    everything = [HEAD, org("skola", "Skola", "kommun"), org("al", "Skolenhet", "skola")]
    where = rules.tree(everything, (team("lag", "skola"), team("x", "nowhere")), TODAY)
    assert where.nodes["lag"].parent == "al" and where.homeless == 1
    assert list(where.nodes) == ["al", "lag"]  # from above


# Mandates


def wanted(*duties: Duty, groups: tuple[Group, ...] = (), more: tuple[Organisation, ...] = ()) -> list[tuple[str, str, str]]:
    where = rules.tree([HEAD, NORTH, AL, *more], groups, TODAY)
    found, _notes = rules.wanted(where, duties, groups, TODAY)
    return [(one.person, one.role, one.place) for one in found]


@pytest.mark.parametrize(
    ("role", "description", "expected"),
    [
        ("Rektor", "", "principal"), ("rektor", "", "principal"), ("Förskolechef", "", "principal"),
        ("Förstelärare", "", "first_teacher"), ("Annan personal", "Biträdande rektor", "deputy"),
        ("Lärare", "Lärare", None), ("Annan personal", "Kurator", None), ("", "", None),
    ],
)  # fmt: skip
def test_what_a_duty_makes_somebody_here(role: str, description: str, expected: str | None) -> None:
    assert rules.role_of(duty("d", "p", "al", role, description=description)) == expected


def test_two_duties_at_two_units_are_two_mandates_and_two_for_the_same_are_one() -> None:
    ek = org("ek", "Skolenhet", "norr")
    assert wanted(duty("d1", "pia", "al"), duty("d2", "pia", "ek"), more=(ek,)) == [
        ("pia", "principal", "al"), ("pia", "principal", "ek"),
    ]  # fmt: skip
    where = rules.tree([HEAD, NORTH, AL], (), TODAY)
    halves = (duty("d2", "pia", "al", start=date(2026, 1, 1)), duty("d1", "pia", "al", end=date(2026, 12, 24)))
    (one,), _notes = rules.wanted(where, halves, (), TODAY)
    assert (one.keys, one.start, one.end) == (("d1/al", "d2/al"), LONG_AGO, None)


def test_a_principal_of_an_area_has_a_mandate_at_each_of_its_units() -> None:
    assert wanted(duty("d", "pia", "norr"), more=(org("ek", "Skola", "norr"),)) == [
        ("pia", "principal", "al"), ("pia", "principal", "ek"),
    ]  # fmt: skip


def test_staff_are_those_in_a_group_of_staff_who_have_a_duty_that_lasts() -> None:
    groups = (team("lag", "al", "lena", "elev", "slutat"),)
    duties = (duty("d1", "lena", "al", "Lärare"), duty("d2", "slutat", "al", "Lärare", end=date(2026, 1, 1)))
    assert wanted(*duties, groups=groups) == [("lena", "staff", "lag")]


def test_staff_of_a_childrens_group_are_those_with_a_role_in_it() -> None:
    groups = (team("vagen", "al", kind="Avdelning"),)
    roles = (Member("vagen", LONG_AGO, None), Member("klass", LONG_AGO, None))
    assert wanted(duty("d", "lo", "al", "Förskollärare", groups=roles), groups=groups) == [("lo", "staff", "vagen")]
    ended = (Member("vagen", LONG_AGO, date(2026, 1, 1)),)
    assert wanted(duty("d", "lo", "al", "Förskollärare", groups=ended), groups=groups) == []


# What differs


def test_nothing_differs_where_both_say_the_same() -> None:
    known = here(
        persons={7: KnownPerson(7, "Pia Ö", "pia@s.example")}, mandates={8: KnownMandate(8, 7, 3, "principal", LONG_AGO)},
        person_of={"pia": 7}, mandate_of={"d/al": 8},
    )  # fmt: skip
    plan = compare(known, facts(duties=(duty("d", "pia", "al"),), staff=(PIA,)))
    assert (plan.changes, plan.links, plan.notes) == ([], [], [])


def test_a_unit_is_known_by_its_code_then_by_the_sources_id_then_perhaps_by_its_name() -> None:
    plan = compare(here(unit_of={}), facts(org("ek", "Skolenhet", "norr")))
    assert plan.stands == {"al": 3} and [link.external_id for link in plan.links] == ["al"]
    assert told(plan)[:2] == [
        ("link_unit", "Norr i registret ser ut att vara Norr här, under Förvaltningen. Välj det om de är samma."),
        ("link_unit", "Ek i registret ser ut att vara Ek här, under Norr. Välj det om de är samma."),
    ]
    assert not any(change.chosen for change in plan.changes)
    by_id = compare(here(unit_of={"norr": 2, "al": 4}), facts())
    assert by_id.stands == {"norr": 2, "al": 3}  # the code says more than what was tied before


def test_two_of_the_same_code_are_told_and_none_is_taken_twice() -> None:
    plan = compare(here(), facts(replace(AL, id="al2", name="Al två")))
    assert plan.changes == [] and plan.notes == ["Två enheter i registret har koden 67134582. Al två hoppas över."]


def test_a_unit_of_another_organiser_or_that_is_closed_is_never_touched() -> None:
    for unit, words in ((replace(HERE[3], context=True), "annan huvudman"), (replace(HERE[3], open=False), "stängd här")):
        known = here()
        known.units[3] = unit
        plan = compare(known, facts(duties=(duty("d", "pia", "al"),), staff=(PIA,)))
        assert plan.changes == [] and len(plan.notes) == 1 and words in plan.notes[0]


def test_a_new_unit_comes_with_its_principal_who_needs_it() -> None:
    plan = compare(here(), facts(org("ny", "Skola", "norr", code="23456789"), duties=(duty("d", "pia", "ny"),), staff=(PIA,)))
    assert told(plan) == [
        ("add_unit", "Ny (23456789) läggs till under Norr."),
        ("give", "Pia Ö (pia@s.example) är ny här och får uppdraget rektor vid Ny från den 22 november 2026."),
    ]
    assert plan.changes[1].needs == ("ny",) and all(change.chosen for change in plan.changes)


def test_names_forms_and_codes_that_differ_are_lines_of_their_own() -> None:
    known = here()
    known.units[3] = replace(HERE[3], name="Gamla Al", code="11223344")
    came = facts()
    came = replace(came, organisations=(HEAD, NORTH, replace(AL, school_forms=("GR", "FTH"))))
    assert told(compare(known, came)) == [
        ("change_unit", "Gamla Al byter namn till Al."),
        ("change_unit", "Gamla Al får skolformerna grundskola, fritidshem (nu grundskola)."),
        ("code", "Gamla Al får skolenhetskoden 67134582 i dag (nu 11223344)."),
    ]


def test_a_code_that_cannot_be_one_is_told_and_left() -> None:
    known = here()
    came = replace(facts(), organisations=(HEAD, NORTH, replace(AL, code="123")))
    plan = compare(known, came)
    assert plan.changes == [] and plan.notes == ["Al har 123 som skolenhetskod i registret. Det kan inte vara en."]


def test_a_unit_moves_to_another_area_but_not_out_of_levels_that_the_source_lacks() -> None:
    south = org("syd", "Rektorsområde", "kommun", name="Söder")
    moved = replace(facts(), organisations=(HEAD, NORTH, south, replace(AL, parent="syd")))
    plan = compare(here(unit_of={"norr": 2, "al": 3, "syd": 5}), moved)
    assert told(plan) == [("move_unit", "Al flyttas från Norr till Söder.")]
    flat = replace(facts(), organisations=(HEAD, NORTH, replace(AL, parent="kommun")))
    assert compare(here(), flat).changes == []


def test_a_move_to_a_new_area_needs_the_area() -> None:
    came = replace(facts(), organisations=(HEAD, NORTH, org("ost", "Rektorsområde", "kommun"), replace(AL, parent="ost")))
    plan = compare(here(), came)
    assert [change.what for change in plan.changes] == ["add_unit", "move_unit"]
    assert plan.changes[1].needs == ("ost",)


@pytest.mark.parametrize(
    ("organisations", "deleted", "words"),
    [
        ((HEAD, NORTH), frozenset(), "finns inte längre i registret"),
        ((HEAD, NORTH), frozenset({"al"}), "har tagits bort ur registret"),
        ((HEAD, NORTH, replace(AL, end=date(2026, 6, 30))), frozenset(), "upphörde den 30 juni 2026 enligt registret"),
    ],
)
def test_a_unit_that_is_gone_is_asked_about_never_taken(
    organisations: tuple[Organisation, ...], deleted: frozenset[str], words: str
) -> None:
    plan = compare(here(), Facts(organisations, deleted=deleted))
    (change,) = plan.changes
    assert change.what == "close_unit" and not change.chosen and words in change.sentence


def test_what_was_never_brought_in_is_never_closed() -> None:
    assert compare(here(unit_of={"norr": 2}), Facts((HEAD, NORTH))).changes == []


def test_units_are_closed_from_below() -> None:
    plan = compare(here(), Facts((HEAD,)))
    assert [change.unit_id for change in plan.changes] == [3, 2]


# Who


PERSON = {7: KnownPerson(7, "Pia Ö", "pia@s.example")}


def principal(**more: object) -> dict[int, KnownMandate]:
    return {8: replace(KnownMandate(8, 7, 3, "principal", LONG_AGO), **more)}  # type: ignore[arg-type]


def test_a_mandate_that_is_there_is_recognised_and_tied() -> None:
    known = here(persons=PERSON, mandates=principal())
    plan = compare(known, facts(duties=(duty("d", "pia", "al"),), staff=(PIA,)))
    assert plan.changes == []
    assert {(link.kind, link.external_id, link.id) for link in plan.links} == {("person", "pia", 7), ("mandate", "d/al", 8)}


def test_a_duty_that_is_gone_ends_its_mandate_and_one_given_by_hand_stays() -> None:
    by_hand = {9: KnownMandate(9, 7, 4, "deputy", LONG_AGO)}
    known = here(persons=PERSON, mandates=principal() | by_hand, person_of={"pia": 7}, mandate_of={"d/al": 8})
    (change,) = compare(known, facts(staff=(PIA,))).changes
    assert (change.what, change.mandate_id, change.chosen, change.end) == ("end", 8, False, None)
    assert change.sentence == "Pia Ö är inte längre rektor vid Al enligt registret. Uppdraget upphör genast."
    (change,) = compare(known, facts(staff=(PIA,), deleted=frozenset({"d"}))).changes
    assert "borttagen ur registret" in change.sentence


def test_nobody_loses_a_mandate_when_duties_were_not_asked_for() -> None:
    known = here(persons=PERSON, mandates=principal(), person_of={"pia": 7}, mandate_of={"d/al": 8})
    assert compare(known, facts(staff=(PIA,), with_duties=False)).changes == []


def test_one_of_two_duties_that_ends_changes_nothing() -> None:
    known = here(persons=PERSON, mandates=principal(), person_of={"pia": 7}, mandate_of={"d1/al": 8, "d2/al": 8})
    assert compare(known, facts(duties=(duty("d2", "pia", "al"),), staff=(PIA,))).changes == []


def test_a_duty_that_moves_gives_one_mandate_and_ends_another() -> None:
    known = here(persons=PERSON, mandates=principal(), person_of={"pia": 7}, mandate_of={"d/al": 8}, unit_of={"norr": 2, "ek": 4})
    plan = compare(known, facts(org("ek", "Skolenhet", "norr"), duties=(duty("d", "pia", "ek"),), staff=(PIA,)))
    assert [(change.what, change.chosen) for change in plan.changes] == [("give", True), ("end", False)]
    assert plan.changes[0].sentence == "Pia Ö får uppdraget rektor vid Ek från den 22 november 2026."


def test_a_duty_with_a_last_day_ends_then_and_one_that_goes_on_begins_the_day_after() -> None:
    last = date(2026, 12, 24)
    known = here(persons=PERSON, mandates=principal(), person_of={"pia": 7}, mandate_of={"d/al": 8})
    (change,) = compare(known, facts(duties=(duty("d", "pia", "al", end=last),), staff=(PIA,))).changes
    assert (change.what, change.end, change.chosen) == ("end", last, False)
    known.mandates = principal(end=last)
    assert compare(known, facts(duties=(duty("d", "pia", "al", end=last),), staff=(PIA,))).changes == []
    (change,) = compare(known, facts(duties=(duty("d", "pia", "al"),), staff=(PIA,))).changes
    assert (change.what, change.start, change.end) == ("give", date(2026, 12, 25), None)


def test_a_duty_that_has_not_begun_gives_a_mandate_from_its_first_day() -> None:
    plan = compare(here(persons=PERSON), facts(duties=(duty("d", "pia", "al", start=date(2027, 1, 1)),), staff=(PIA,)))
    (change,) = plan.changes
    assert change.start == date(2027, 1, 1) and "1 januari 2027" in change.sentence


@pytest.mark.parametrize(
    ("staff", "persons", "words"),
    [
        ((), {}, "lämnar inte ut personen"),
        ((Staff("pia", "", "", protected=True),), {}, "skyddade personuppgifter"),
        ((Staff("pia", "Pia Ö", ""),), {}, "saknar e-postadress"),
        ((PIA,), {7: replace(PERSON[7], ended=True)}, "avslutad här"),
    ],
)
def test_who_cannot_get_a_mandate_is_counted_without_a_name(
    staff: tuple[Staff, ...], persons: dict[int, KnownPerson], words: str
) -> None:
    plan = compare(here(persons=persons), facts(duties=(duty("d", "pia", "al"),), staff=staff))
    (note,) = plan.notes
    assert plan.changes == [] and words in note and "Pia" not in note


def test_whoever_has_died_or_left_the_country_loses_what_followed_from_the_duty() -> None:
    known = here(persons=PERSON, mandates=principal(), person_of={"pia": 7}, mandate_of={"d/al": 8})
    plan = compare(known, facts(duties=(duty("d", "pia", "al"),), staff=(replace(PIA, gone=True),)))
    assert [change.what for change in plan.changes] == ["end"]


def test_a_new_name_or_address_is_a_line_and_an_address_of_another_is_only_told() -> None:
    known = here(persons=PERSON | {6: KnownPerson(6, "Annan", "annan@s.example")}, person_of={"pia": 7})
    married = replace(PIA, name="Pia Å", email="pia.a@s.example")
    assert told(compare(known, facts(staff=(married,)))) == [
        ("change_person", "Pia Ö heter Pia Å och loggar in med pia.a@s.example (nu pia@s.example)."),
    ]
    (address,) = compare(known, facts(staff=(married,))).changes
    (name,) = compare(known, facts(staff=(replace(PIA, name="Pia Å"),))).changes
    assert (address.chosen, name.chosen) == (False, True)
    plan = compare(known, facts(staff=(replace(PIA, email="annan@s.example"),)))
    assert plan.changes == [] and plan.notes == ["Pia Ö har samma e-postadress i registret som någon annan här."]


def test_a_line_that_says_something_else_is_another_line() -> None:
    def key(came: Facts) -> str:
        (change,) = compare(here(persons=PERSON), came).changes
        return change.key

    first = facts(duties=(duty("d", "pia", "al"),), staff=(PIA,))
    assert key(first) == key(first)
    assert key(first) != key(facts(duties=(duty("d", "pia", "al", end=date(2027, 1, 1)),), staff=(PIA,)))
    assert key(first) != key(facts(duties=(duty("d", "pia", "al", "Biträdande rektor"),), staff=(PIA,)))
