"""The demonstration: Sjövik in the middle of things, whatever the day, and beside it Nacka with published figures alone."""

from datetime import date, timedelta

from sqlalchemy import select

from chain.base import clock
from chain.base.config import ROOT
from chain.base.db import db
from chain.base.settings import mark_demonstration
from chain.cycle import actions as cycle
from chain.demo import days, dialogues, doors, findings, handovers, rounds, support, texts, wheels
from chain.demo.days import Slot
from chain.demo.goals import Thread
from chain.demo.matters import Desk
from chain.demo.rounds import Committee
from chain.demo.stage import Stage
from chain.followup import actions as followup
from chain.intake import published
from chain.intake import published_actions as intake
from chain.organisation.models import Person, Unit, UnitCode
from chain.result import similar_actions as similar
from chain.rollup import actions as rollup

SAMPLES, NACKA = ROOT / "data" / "samples", "0182"
IN_THE_FILES = ("0885", "1440", "2518")  # Borgholm, Ale and Övertorneå
SETTLED = 8  # years that the municipality has looked as it does
ACTING_FOR = 21  # days that one of the principals has been acting


def empty() -> bool:
    """Whether nobody and nothing is in the database yet."""
    return not any(db.session.scalar(select(model.id).limit(1)) for model in (Unit, Person))


def fill(today: date) -> None:
    """Play everything up to this morning. The same day gives the same story."""
    school, adult = days.school(today), days.adult(today)
    first = school.slots[0].opens_on
    since = date(first.year - SETTLED, 8, 1)
    with clock.held(clock.at(first - timedelta(days=60), 8)):
        mark_demonstration(by=None)
        stage = Stage(today)
        stage.found_municipality(since)
        stage.build(since)
        intake.bring_in(published.read(SAMPLES, NACKA, beside=IN_THE_FILES), by=None)
        nacka = db.session.scalars(select(Unit).join(Unit.codes).where(UnitCode.code == NACKA)).one()
        for code in IN_THE_FILES:
            similar.choose(nacka, code, reason="Finns i demonstrationens filer: vald för att visa hur det ser ut.", by=None)
        doors.reading_account(nacka)
        committee = Committee("bun", "buf", stage, school)
        adults = Committee("vux", "vuxf", stage, adult)
        desk, thread = Desk(committee), Thread(committee)
        _last_year(committee, adults, desk, thread)
        _this_year(committee, adults, desk, thread)


def _last_year(committee: Committee, adults: Committee, desk: Desk, thread: Thread) -> None:
    """Four rounds from the classroom to the committee and back; adult education has one of its own among them."""
    rounds.plan_year(committee, 0)
    desk.plan_calendar(0)
    thread.begin()
    desk.play(0)
    support.name_helpers(committee)
    waiting = True
    for slot in committee.calendar.slots[:-1]:
        if waiting and adults.calendar.slots[0].opens_on < slot.opens_on:
            _adults_complete(adults)
            waiting = False
        rounds.complete(committee, slot, reads=findings.read, after=findings.examples)
        thread.play(slot.place)
        support.play(committee, slot)
        desk.play(slot.place)
        handovers.play(committee, slot.place)
        dialogues.after(committee, slot)
    if waiting:
        _adults_complete(adults)


def _adults_complete(adults: Committee) -> None:
    rounds.plan_year(adults, 0)
    rounds.complete(adults, adults.calendar.slots[0])


def _this_year(committee: Committee, adults: Committee, desk: Desk, thread: Thread) -> None:
    """The round that is open: most have handed in, one was returned, one is late and says why, one has got more time."""
    stage, slot = committee.stage, committee.calendar.slots[-1]
    stage.go(slot.day(-12), 9)
    stage.grow(slot.day(-12))
    rounds.plan_year(committee, 1, days_before=10)
    desk.plan_calendar(1)
    thread.this_year()
    rounds.open_round(committee, slot)
    thread.play(slot.place)
    desk.play(slot.place)
    dialogues.tell(committee)
    stage.go(stage.today - timedelta(days=ACTING_FOR), 9)
    stage.replace_principal(stage.today - timedelta(days=ACTING_FOR))
    rounds.groups_write(committee, slot, committee.places("group"))
    _units(committee, slot)
    _adults(adults)
    _drafts(committee, slot)
    support.play(committee, slot)
    support.write_plans(committee)
    dialogues.now(committee)
    findings.read(committee, slot)
    desk.play(slot.place + 1)
    handovers.play(committee, slot.place)
    rounds.speak(committee, slot, start=days.OPEN_FOR - 1)
    wheels.write(stage)


def _units(committee: Committee, slot: Slot) -> None:
    told, stage = texts.opened("tree"), committee.stage
    now, returned = told["current"], told["returned"]["unit"]
    late, extended = told["late"]["unit"], told["extended"]["unit"]
    rounds.units_write(committee, slot, [*now["accepted"], *now["opened"], *now["submitted"], returned])
    for place in now["accepted"]:
        rounds.take_in(committee, slot, place, day=20)
    stage.go(slot.day(20), 13)
    for place in (late, extended):
        rounds.unit_writes(committee, slot, place)
    for place in now["opened"]:
        followup.open_(committee.desk(place, slot).submission, by=rounds.receiver(committee, place))
    stage.go(slot.day(21), 9)
    submission = committee.desk(returned, slot).submission
    rollup.send_back(submission, reason=told["returned"]["reason"], by=rounds.receiver(committee, returned))
    for place in (returned, extended):
        cycle.extend(rounds.node(committee, slot, place), to=stage.today + timedelta(days=6), by=committee.officer)
    cycle.explain_late(rounds.node(committee, slot, late), reason=told["late"]["reason"], by=stage.who(f"principal@{late}"))


def _adults(adults: Committee) -> None:
    slot = adults.calendar.slots[-1]
    adults.stage.go(slot.opens_on, 8)
    rounds.open_round(adults, slot)
    rounds.groups_write(adults, slot, adults.places("group"))
    rounds.unit_writes(adults, slot, "larcentrum")


def _drafts(committee: Committee, slot: Slot) -> None:
    """Above the units it has been begun: the head of an area cites, an officer writes the first sentence."""
    stage = committee.stage
    stage.go(slot.day(days.OPEN_FOR - 2), 10)
    head = stage.who("area_head@norr")
    area = committee.desk("norr", slot)
    area.cite(head, committee.key)
    area.write(head)
    committee.desk("buf", slot).write(committee.officer)
