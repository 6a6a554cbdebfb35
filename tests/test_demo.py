"""The demonstration is in the middle of things whatever the day, and everything in it was done by somebody."""

import stat
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, func, select

from app import create_app
from chain.access.policy import Role
from chain.account import actions as account
from chain.base import audit, clock
from chain.base.audit import AuditLine
from chain.base.config import ROOT
from chain.base.db import db
from chain.base.files import File
from chain.cycle import queries as cycle
from chain.cycle import rules
from chain.cycle.models import Round
from chain.demo import days, doors, rounds, story, texts
from chain.document.models import Document
from chain.feedback.models import Delivery, Feedback
from chain.followup import queries as followup
from chain.followup.models import Citation, Followup, Submission
from chain.goal.document_models import GoverningVersion
from chain.matter import matter_queries as matters
from chain.matter.models import Assignment, Decision, Matter, Meeting
from chain.measure.models import Measure, WheelEntry
from chain.organisation.models import Mandate, Person, Unit, UnitCode
from chain.publication import queries as publication
from chain.publication import rules as publishing
from chain.publication.models import Publication
from chain.report.models import Report
from chain.result.models import PublishedValue
from chain.rollup import verify
from chain.support.models import SupportRequest
from tests import databases
from tests.conftest import settings
from tests.demonstration import build
from tests.visitors import Reader


def unit(path: str) -> Unit:
    return db.session.scalars(select(Unit).where(Unit.path == path)).one()


def now() -> Round:
    found = cycle.current("/sjovik/bun/")
    assert found
    return found


def pairs(wanted: Select[Any]) -> Counter[tuple[Any, ...]]:
    """How often each row comes."""
    return Counter(tuple(row) for row in db.session.execute(wanted))


# The calendar


@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2027, 7, 1), date(2028, 2, 29)])
def test_on_any_day_of_a_year_a_round_is_open_and_four_are_complete(first: date) -> None:
    with create_app(settings("sqlite://")).app_context():
        levels = [level.key for level in cycle.answering()]
        for today in (first + timedelta(days=number) for number in range(366)):
            calendar = days.school(today)
            (last, before), (this, plans) = calendar.years
            assert rules.next_label(last) == this
            current = plans[0]
            assert current.opens_on < current.dues["unit"] < today <= current.dues["area"] <= current.dues["administration"]
            assert [slot.number for slot in calendar.slots] == [1, 2, 3, 4, 1]
            for earlier, later in pairwise([*before, *plans]):
                assert earlier.opens_on + timedelta(days=rounds.SPEAK + rounds.SPOKEN_FOR + 1) < later.opens_on
            for plan in (*before, *plans):
                assert plan.meets_on and sorted(plan.dues[level] for level in levels) == [plan.dues[level] for level in levels]
                rules.check_dates(plan.opens_on, [(level, level, plan.dues[level]) for level in levels], plan.meets_on)


def test_the_usual_dates_are_kept_in_november() -> None:
    with create_app(settings("sqlite://")).app_context():
        calendar = days.school(date(2026, 11, 25))
        names = [plan.name["sv"] for plan in calendar.years[0][1]]
        assert calendar.slots[-1].opens_on == date(2026, 11, 1)
        assert names == ["Uppföljning 1, november", "Uppföljning 2, januari", "Uppföljning 3, april", "Uppföljning 4, augusti"]


# The tree and its people


def test_sjovik_has_two_committees_two_areas_and_eleven_units_with_two_or_three_groups(demonstration: Flask) -> None:
    own = [one for one in db.session.scalars(select(Unit).where(Unit.path.like("/sjovik/%")))]
    bun = [one for one in own if one.path.startswith("/sjovik/bun/")]
    assert sum(one.level == "committee" for one in own) == 2
    assert Counter(one.level for one in bun if one.level != "group") == {
        "committee": 1,
        "administration": 1,
        "area": 2,
        "unit": 11,
    }
    forms = Counter(tuple(one.school_forms) for one in bun if one.level == "unit")
    assert forms == {("FS",): 4, ("GR",): 5, ("FKLASS", "FTH", "GR"): 1, ("GY",): 1}
    groups = Counter(one.parent_id for one in bun if one.level == "group")
    assert set(groups.values()) <= {2, 3} and len(groups) == 11


def test_there_are_people_for_every_role_and_all_of_them_are_invented(demonstration: Flask) -> None:
    held = Counter(db.session.scalars(select(Mandate.role)))
    assert set(held) == set(Role)
    assert (held[Role.OFFICER], held[Role.MEMBER]) == (3, 7)
    assert all(email.endswith("@sjovik.example") for email in db.session.scalars(select(Person.email)))


def test_nacka_has_published_figures_and_no_judgement_and_nobody_but_an_account_that_reads(demonstration: Flask) -> None:
    nacka = db.session.scalars(select(Unit).join(UnitCode, UnitCode.unit_id == Unit.id).where(UnitCode.code == "0182")).one()
    places = select(PublishedValue.place, func.count()).group_by(PublishedValue.place)
    counted = dict(tuple(row) for row in db.session.execute(places))
    assert counted == {"": 4747, "0885": 1156, "1440": 1652, "2518": 1578}  # beside Nacka, those that the samples hold
    reading = db.session.scalars(select(Mandate).where(Mandate.path.like(f"{nacka.path}%"))).one()
    assert (reading.role, reading.unit_id, reading.person.name) == (Role.AUDITOR, nacka.id, "Läskonto för publicerade siffror")
    for model in (Followup, Submission, Measure, Delivery):
        assert not db.session.scalar(select(func.count()).select_from(model).where(model.path.like(f"{nacka.path}%")))
    assert not db.session.scalar(select(func.count()).select_from(PublishedValue).where(PublishedValue.path.like("/sjovik/%")))


# The story


def test_last_school_year_is_complete(demonstration: Flask) -> None:
    last = [one for one in cycle.rounds("/sjovik/bun/") if one.year.label == "2025/26"]
    assert len(last) == 4
    for one in last:
        states = pairs(select(Followup.level, Followup.state).where(Followup.round_id == one.id))
        assert states[("unit", "accepted")] == 11
        assert states[("area", "accepted")] == 2 and states[("administration", "accepted")] == 1
        assert states.total() == 14 + states[("group", "accepted")]
        page = db.session.scalars(select(Report).where(Report.round_id == one.id)).one()
        assert page.state == "received" and page.registration_number.startswith("Bun ")
        assert db.session.scalars(select(Decision).where(Decision.round_id == one.id)).one().paragraph.startswith("§")


def test_the_open_round_is_in_the_middle_of_things(demonstration: Flask) -> None:
    round = now()
    assert round.year.label == "2026/27"
    states = Counter(db.session.scalars(select(Followup.state).where(Followup.round_id == round.id, Followup.level == "unit")))
    assert states == {"accepted": 5, "submitted": 3, "draft": 3}
    above = select(Followup.path, Followup.state).where(
        Followup.round_id == round.id, Followup.level.in_(["area", "administration"])
    )
    assert {path: state for path, state in db.session.execute(above)} == {
        "/sjovik/bun/buf/": "draft", "/sjovik/bun/buf/norr/": "draft", "/sjovik/bun/buf/soder/": "not_started",
    }  # fmt: skip


def test_one_was_returned_one_is_late_and_says_why_and_one_has_got_more_time(demonstration: Flask) -> None:
    round = now()
    sent_back = db.session.scalars(
        select(Submission).where(Submission.round_id == round.id, Submission.state == "returned")
    ).one()
    assert sent_back.unit.name == "Lindängsskolan" and "varför" in sent_back.reason
    nodes = [node for node in cycle.below(round, round.path) if node.level == "unit"]
    late = [
        node for node in nodes if cycle.due(node) < clock.today() and not followup.latest(node.unit_id, round)
    ]  # fmt: skip
    assert [(node.name, bool(node.late_reason)) for node in late] == [("Ekbackens skola", True)]
    assert {node.name for node in nodes if node.extended_to} == {"Åsby skola", "Lindängsskolan"}


def test_what_the_committees_have_decided_about_is_public(demonstration: Flask) -> None:
    found = publication.public()
    assert len(found) == 2 and all(found.values())
    assert demonstration.test_client().get(f"/public/{next(iter(found.values()))[0].public_id}").status_code == 200
    papers = {one.title: one for one in db.session.scalars(select(Publication).where(Publication.document_id.is_not(None)))}
    assert sorted(one.state for one in papers.values()) == ["public", "public", "withdrawn"]
    assert papers["Utvärdering av karriärtjänster"].reason and papers["Utvärdering av karriärtjänster"].decision
    assert not list(publishing.to_look_at(papers["Redovisning av läsårets fyra uppföljningar"].document.frozen))  # type: ignore[union-attr]


def test_no_document_about_a_round_that_has_been_decided_about_is_left_lying(demonstration: Flask) -> None:
    left = db.session.scalars(select(Document).where(Document.state != "handed_over")).all()
    assert [(one.round_id, one.title) for one in left] == [(None, "Rutin för att följa upp förstelärarnas arbete")]


def test_measures_were_carried_twice_and_three_times_and_resolved_and_changed(demonstration: Flask) -> None:
    found = pairs(select(Measure.state, Measure.carried))
    assert found[("open", 2)] and found[("ended", 2)] and found[("ended", 3)] and found[("ended", 0)]
    assert found[("changed", 1)] == 1
    often = {measure.unit.name: measure.state for measure in db.session.scalars(select(Measure).where(Measure.carried == 3))}
    assert often == {
        "Hamnskolan": "ended", "Åsby skola": "open", "Smultronställets förskola": "open",  # two wait for an answer from above
    }  # fmt: skip


def test_measures_say_their_cause_and_goal_or_that_they_have_none_and_wheels_are_written_in(demonstration: Flask) -> None:
    assert set(pairs(select(Measure.cause != ""))) == {(True,), (False,)}
    assert set(pairs(select(Measure.goal_id.is_not(None)))) == {(True,), (False,)}
    notes = db.session.scalars(select(WheelEntry)).all()
    assert {note.stage for note in notes} == {"do", "study", "act"} and [len(note.files) for note in notes if note.files] == [1]


def test_files_lie_with_a_note_a_routine_and_a_dialogue(demonstration: Flask) -> None:
    laid = pairs(select(File.name))
    routine, dialogue = "Mall för uppföljning av uppdraget.txt", "Närvaro i tre steg.txt"
    assert len(laid) == 3 and {(routine,), (dialogue,)} < set(laid)
    assert set(pairs(select(GoverningVersion.state).join(GoverningVersion.files))) == {("consulting",)}


def test_feedback_was_answered_in_a_classroom_and_elsewhere_not_at_all(demonstration: Flask) -> None:
    states = pairs(select(Delivery.level, Delivery.state))
    assert states[("group", "answered")] >= 3 and states[("unit", "delivered")] and states[("unit", "read")]
    kinds = pairs(select(Feedback.kind, Feedback.state))
    assert kinds[("question", "closed")] == 1 and kinds[("feedback", "open")] >= 2 and kinds[("feedback", "closed")] >= 2


def test_the_committee_has_a_calendar_a_chain_of_matters_and_an_assignment_that_is_late(demonstration: Flask) -> None:
    held = [one.held_on for one in db.session.scalars(select(Meeting).order_by(Meeting.held_on))]
    assert len(held) == 14 and min(held) < clock.today() < max(held)
    routine = db.session.scalars(select(Matter).where(Matter.state == "under_way")).one()
    line = matters.line(routine)
    assert [one.state for one in line] == ["closed", "decided", "under_way"]
    given = {one.name: (one.state, one.late) for one in db.session.scalars(select(Assignment))}
    assert sorted(given.values()) == [("closed", False), ("open", False), ("open", True)]
    place = matters.place(routine)
    assert place and place.meeting.held_on == now().meets_on  # it is taken up when the round is


def test_requests_were_answered_at_every_level_and_one_waits_since_last_round(demonstration: Flask) -> None:
    answered = {one.receiver.level for one in db.session.scalars(select(SupportRequest).where(SupportRequest.state == "granted"))}
    assert answered == {"area", "administration", "committee"}
    waits = select(SupportRequest).join(Round, SupportRequest.round_id == Round.id).where(
        SupportRequest.state == "open", Round.id != now().id, SupportRequest.origin_id.is_not(None)
    )  # fmt: skip
    assert [one.receiver.level for one in db.session.scalars(waits)] == ["administration"]


def test_every_level_above_a_unit_has_lifted_words_from_the_one_below(demonstration: Flask) -> None:
    levels = {one.followup.level for one in db.session.scalars(select(Citation))}
    assert levels == {"area", "administration"}


def test_adult_education_has_a_cycle_of_its_own(demonstration: Flask) -> None:
    wheel = cycle.rounds("/sjovik/vux/")
    assert [bool(one.opened_at) for one in wheel] == [False, True, True]
    done = Counter(db.session.scalars(select(Followup.state).where(Followup.round_id == wheel[-1].id)))
    assert done == {"accepted": 3}


def test_no_two_texts_are_the_same(demonstration: Flask) -> None:
    said: Counter[str] = Counter()
    for submission in db.session.scalars(select(Submission).where(Submission.state == "accepted")):
        for section in submission.snapshot["sections"]:
            lifted = {citation["words"] for citation in section["citations"]}
            said.update(span["text"] for span in section["spans"] if section["kind"] in ("text", "analysis"))
            said.subtract(lifted)
    assert len(said) > 500
    assert [text for text, times in said.items() if times > 1] == []


# How it was made


def test_the_audit_is_whole_and_nothing_happens_after_this_morning(demonstration: Flask) -> None:
    assert audit.problems() == []
    moments = list(db.session.scalars(select(AuditLine.at).order_by(AuditLine.number)))
    assert moments == sorted(moments)
    assert moments[-1] < clock.now()
    anonymous = Counter(db.session.scalars(select(AuditLine.act).where(AuditLine.who.is_(None))))
    assert set(anonymous) == {
        "base.mark_demonstration", "organisation.add_unit", "organisation.add_person", "organisation.give_mandate",
        "result.choose_similar",
        "intake.bring_in",
    }  # fmt: skip


def test_the_stored_figures_are_right(demonstration: Flask) -> None:
    assert verify.problems() == []


def test_the_code_and_the_texts_hold_no_state_that_is_set_by_hand() -> None:
    for file in (ROOT / "chain/demo").glob("*.py"):
        words = file.read_text("utf-8")
        assert "session.add" not in words and "insert(" not in words and ".state = " not in words, file.name


# Doors and command


@pytest.fixture
def passwords(demonstration: Flask) -> Iterator[list[doors.Door]]:
    yield doors.open_all()


def test_each_role_signs_in_with_what_was_printed_and_finds_its_first_page(
    demonstration: Flask, passwords: list[doors.Door]
) -> None:
    assert {door.role for door in passwords} == {role.value for role in Role} | {"auditor-nacka"}
    for door in passwords:
        browser: FlaskClient = demonstration.test_client()
        browser.post("/account/sign-in", data={"email": door.email, "password": door.password})
        page = browser.get("/")
        assert page.status_code == 200, door.role
        assert "demonstration" in page.get_data(as_text=True).casefold()
        for link in BeautifulSoup(page.text, "html.parser").select("a[href^='/']"):
            assert browser.get(str(link["href"])).status_code in (200, 303), (door.role, link["href"])


def test_the_account_that_reads_nacka_finds_a_schools_published_figures(
    demonstration: Flask, passwords: list[doors.Door]
) -> None:
    door = passwords[-1]
    reader = Reader(demonstration.test_client()).open("/account/sign-in")
    reader.fill("email", door.email).fill("password", door.password).press("Logga in").click("Organisation")
    reader.click("Eklidens skola").click("Vad andra har publicerat").sees("meritvärde (17 ämnen)", "Källa: Skolverket")


WRITE = ("staff", "principal", "deputy", "area_head", "officer", "director", "secretary", "member")


def awaits(app: Flask, door: doors.Door) -> list[str]:
    """What stands first on somebody's first page."""
    browser = app.test_client()
    browser.post("/account/sign-in", data={"email": door.email, "password": door.password})
    page = BeautifulSoup(browser.get("/").text, "html.parser")
    return [str(link["href"]) for link in page.select("section[aria-labelledby=todo] .task a")]


def nobody_is_idle(app: Flask, printed: list[doors.Door]) -> None:
    """Each who is printed has something to do, and the README's way holds: the principal writes, the area head receives."""
    waits = {door.role: awaits(app, door) for door in printed if door.role in WRITE}
    assert set(waits) == set(WRITE)
    assert [role for role, found in waits.items() if not found] == []
    emails = {door.role: door.email for door in printed}
    held = {role: home(emails[role]) for role in ("staff", "principal", "area_head")}
    assert (held["staff"].parent, held["principal"].parent) == (held["principal"], held["area_head"])
    for role in ("staff", "principal"):
        mine = followup.of(held[role].id, now())
        assert mine and mine.state == "draft" and f"/followup/{mine.public_id}" in waits[role]
    assert f"/rollup/{now().public_id}" in waits["area_head"]


def home(email: str) -> Unit:
    return db.session.scalars(select(Mandate).join(Mandate.person).where(Person.email == email)).one().unit


def test_those_who_are_printed_have_something_to_do(demonstration: Flask, passwords: list[doors.Door]) -> None:
    nobody_is_idle(demonstration, passwords)


def test_a_second_start_prints_the_same_and_the_file_is_its_owners_alone(
    demonstration: Flask, passwords: list[doors.Door]
) -> None:
    runner = demonstration.test_cli_runner()
    first, second = runner.invoke(args=["demo", "fill"]), runner.invoke(args=["demo", "fill"])
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output == second.output == "".join(door.line + "\n" for door in passwords)
    assert all(len(line.split("\t")) == 4 and line.startswith("sign-in\t") for line in first.output.splitlines())
    assert stat.S_IMODE(doors.path().stat().st_mode) == 0o600


def test_another_database_gets_other_passwords_and_the_file_keeps_both(
    demonstration: Flask, passwords: list[doors.Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "_name", lambda: "another")
    others = doors.open_all()
    monkeypatch.undo()
    assert not {door.password for door in others} & {door.password for door in passwords}
    assert {line[0] for line in doors._lines()} == {"another", doors._name()}


def test_an_empty_database_is_one_without_anybody(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path / 'empty.db'}"))
    with app.app_context():
        db.create_all()
        assert story.empty()
        db.engine.dispose()


def test_a_database_with_anything_of_its_own_is_left_alone(app: Flask) -> None:
    db.session.rollback()
    answer = app.test_cli_runner().invoke(args=["demo", "fill"])
    assert answer.exit_code != 0
    assert "lämnas orörd" in answer.stderr
    assert not doors.marked()


def test_a_demonstration_that_was_cut_off_is_not_taken_for_a_whole_one(demonstration: Flask) -> None:
    answer = demonstration.test_cli_runner().invoke(args=["demo", "fill"])  # filled, but nobody has a password yet
    assert answer.exit_code != 0 and "avbruten" in answer.stderr


def test_production_is_refused(app: Flask) -> None:
    app.config["PRODUCTION"] = True
    answer = app.test_cli_runner().invoke(args=["demo", "fill"])
    assert answer.exit_code != 0 and "i drift" in answer.stderr


def test_a_password_that_was_set_by_its_owner_is_left(demonstration: Flask, passwords: list[doors.Door]) -> None:
    director = db.session.scalars(select(Person).where(Person.email == "monica.rydell@sjovik.example")).one()
    account.set_password(director, "fjorton blå segelbåtar", by=director)
    assert doors.open_all() == passwords
    browser = demonstration.test_client()
    browser.post("/account/sign-in", data={"email": director.email, "password": "fjorton blå segelbåtar"})
    assert browser.get("/").status_code == 200


# Other days, the other database


def test_the_29th_of_february(tmp_path: Path) -> None:
    _fills(f"sqlite:///{tmp_path / 'leap.db'}", date(2028, 2, 29))


def test_a_day_in_july_on_postgresql(postgres: str) -> None:
    name = databases.template_database(postgres, lambda url: None)
    url = databases.clone(postgres, name)
    try:
        _fills(url, date(2027, 7, 14))
    finally:
        databases.drop(url)


def _fills(url: str, day: date) -> None:
    build(url, day)
    app = create_app(settings(url))
    with app.app_context(), clock.held(clock.at(day)):
        states = Counter(
            db.session.scalars(select(Followup.state).where(Followup.round_id == now().id, Followup.level == "unit"))
        )
        assert states == {"accepted": 5, "submitted": 3, "draft": 3}
        assert verify.problems() == [] and audit.problems() == []
        assert max(db.session.scalars(select(AuditLine.at))) < clock.now()
        nobody_is_idle(app, doors.open_all())
        db.session.remove()
        db.engine.dispose()


def test_every_text_of_the_files_is_used() -> None:
    keys = {line["key"] for line in texts.opened("tree")["unit"]}
    assert {file.stem for file in (ROOT / "data/demo/units").glob("*.toml")} <= keys
