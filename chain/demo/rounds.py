"""Plays a round from the classroom to the committee and back, as its people would: nothing is set, everything is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle import queries as wheel
from chain.cycle.models import RoundNode
from chain.demo import papers, texts
from chain.demo.days import Calendar, Slot
from chain.demo.desk import Desk
from chain.demo.stage import Stage
from chain.demo.texts import Words
from chain.document.models import Document
from chain.feedback import actions as feedback
from chain.feedback.models import Delivery, Feedback
from chain.followup import actions as followup
from chain.matter import actions as matter
from chain.matter.models import Decision
from chain.organisation.models import Mandate
from chain.publication import actions as publication
from chain.release import actions as release
from chain.report import actions as report
from chain.report import queries as reports
from chain.report.models import Report
from chain.rollup import actions as rollup
from chain.support import actions as support
from chain.support.models import SupportRequest

ANSWERERS = {"area": "area_head", "administration": "director", "committee": "secretary"}
WRITE, COLLECT, TAKE_IN = 5, 14, 23  # days after the opening: groups write, units write, units are read
AREA, CENTRAL, HAND_OVER, DECIDE, SPEAK = 27, 33, 38, 46, 47
SPOKEN_FOR = 18  # days within which what was said down has been answered by those who answer


@dataclass
class Committee:
    """A committee with its administration, the places under it, requests that wait for an answer higher up, and documents."""

    key: str
    office: str
    stage: Stage
    calendar: Calendar
    asked: list[tuple[SupportRequest, list[str]]] = field(default_factory=list)
    written: list[tuple[Words, Document]] = field(default_factory=list)

    @property
    def officer(self) -> Mandate:
        return self.stage.who(f"officer@{self.office}")

    @property
    def director(self) -> Mandate:
        return self.stage.who(f"director@{self.office}")

    def places(self, level: str) -> list[str]:
        """The keys of its open places at a level, in the order of the tree."""
        top = self.stage.unit[self.key].path
        return [key for key, unit in self.stage.unit.items() if unit.level == level and unit.path.startswith(top)]

    def receiver(self, place: str) -> str:
        """The key of the place above."""
        above = self.stage.unit[place].parent_id
        return next(key for key, unit in self.stage.unit.items() if unit.id == above)

    def desk(self, place: str, slot: Slot) -> Desk:
        return Desk(self.stage, self.key, place, slot.place)


Act = Callable[[Committee, Slot], None]


def plan_year(at: Committee, number: int, days_before: int = 30) -> None:
    """The officer plans a year, some weeks before its first round."""
    label, plans = at.calendar.years[number]
    at.stage.go(plans[0].opens_on - timedelta(days=days_before), 10)
    cycle.open_year(at.stage.unit[at.key], label=label, by=at.officer, rounds=list(plans))


def open_round(at: Committee, slot: Slot) -> None:
    at.stage.go(slot.opens_on + timedelta(days=max(0, 7 - slot.opens_on.weekday()) if slot.opens_on.weekday() > 4 else 0), 8)
    year = wheel.year(at.stage.unit[at.key].path, slot.year)
    assert year is not None
    planned = next(one for one in year.rounds if one.number == slot.number)
    at.stage.round[at.key, slot.place] = cycle.open_round(planned, by=at.officer)


def complete(at: Committee, slot: Slot, reads: Act | None = None, after: Act | None = None) -> None:
    """A round from its first day to the last answer. `reads`: what the administration does before it writes; `after`: when the
    page has been handed over."""
    open_round(at, slot)
    groups_write(at, slot, at.places("group"))
    units_write(at, slot, at.places("unit"))
    for place in at.places("unit"):
        take_in(at, slot, place)
    areas_write(at, slot)
    if reads:
        reads(at, slot)
    office_writes(at, slot)
    hand_over(at, slot)
    if after:
        after(at, slot)
    papers.write(at, slot)
    decide(at, slot)
    speak(at, slot)


def groups_write(at: Committee, slot: Slot, places: Iterable[str]) -> None:
    """Those groups that have something to say write it; a principal takes it in."""
    for number, place in enumerate(places):
        desk = at.desk(place, slot)
        if not (desk.said["works"] or desk.said["classroom"]):
            continue
        at.stage.go(slot.day(WRITE + number % 6), 14)
        staff = at.stage.who(f"staff@{place}")
        desk.write(staff)
        if desk.said["works"] and desk.said["classroom"]:
            desk.submit(staff)
    for place in places:
        desk = at.desk(place, slot)
        if desk.said["works"] and desk.said["classroom"]:
            at.stage.go(slot.day(WRITE + 7), 8)
            _accept(desk, at.stage.who(f"principal@{place.partition('/')[0]}"))


def units_write(at: Committee, slot: Slot, places: Iterable[str]) -> None:
    """Principals, with their deputies, write and hand up."""
    for number, place in enumerate(places):
        at.stage.go(slot.day(COLLECT + number % 6), 13)
        unit_writes(at, slot, place)
        at.desk(place, slot).submit(at.stage.who(f"principal@{place}"))


def unit_writes(at: Committee, slot: Slot, place: str) -> None:
    writers = [at.stage.who(f"principal@{place}"), *at.stage.held.get(f"deputy@{place}", [])]
    at.desk(place, slot).write(*writers)


def take_in(at: Committee, slot: Slot, place: str, day: int = TAKE_IN) -> None:
    """The level above reads a unit, takes it as complete, and answers what it asks for."""
    at.stage.go(slot.day(day), 9)
    head = receiver(at, place)
    desk = at.desk(place, slot)
    _accept(desk, head)
    _answer_requests(at, desk)


def receiver(at: Committee, place: str) -> Mandate:
    """Who receives what a unit hands up: the head of the area, or the director."""
    above = at.receiver(place)
    return at.stage.who(f"{ANSWERERS[at.stage.unit[above].level]}@{above}")


def _accept(desk: Desk, by: Mandate) -> None:
    submission = desk.submission
    followup.open_(submission, by=by)
    desk.stage.go(clock.today())
    rollup.accept(submission, by=by)


def areas_write(at: Committee, slot: Slot) -> None:
    """The heads of the areas cite, analyse and hand up; then the director takes it in."""
    for place in at.places("area"):
        at.stage.go(slot.day(AREA), 9)
        head, desk = at.stage.who(f"area_head@{place}"), at.desk(place, slot)
        desk.cite(head, at.key)
        desk.write(head)
        desk.submit(head)
    for place in at.places("area"):
        at.stage.go(slot.day(AREA + 4), 10)
        _accept(at.desk(place, slot), at.director)
        _answer_requests(at, at.desk(place, slot))


def office_writes(at: Committee, slot: Slot) -> None:
    """Officers write, the director answers what has been taken up to that level, and hands over to the committee."""
    at.stage.go(slot.day(CENTRAL), 9)
    _answer_further(at, "administration")
    desk = at.desk(at.office, slot)
    officers = at.stage.held[f"officer@{at.office}"]
    desk.cite(at.officer, at.key)
    desk.write(*officers)
    at.stage.go(slot.day(CENTRAL + 3), 15)
    desk.submit(at.director)
    _answer_requests(at, desk)


def hand_over(at: Committee, slot: Slot) -> None:
    """A release is prepared by one and approved by another; the committee gets its page, and the secretary registers it."""
    stage, round = at.stage, at.stage.round[at.key, slot.place]
    stage.go(slot.day(HAND_OVER), 10)
    prepared = release.prepare(round, by=at.officer)
    stage.go(slot.day(HAND_OVER + 1), 9)
    release.approve(prepared, by=at.director)
    stage.go(slot.day(HAND_OVER + 1), 11)
    page = report.publish(round, by=at.officer)
    stage.go(slot.day(HAND_OVER + 2), 9)
    report.receive(page, f"{at.key.capitalize()} {clock.today().year}/{90 + 7 * slot.place}", by=stage.who(f"secretary@{at.key}"))


def decide(at: Committee, slot: Slot) -> None:
    """The committee meets; the secretary records its decisions, makes page and documents public, and gives its answers."""
    round, secretary = at.stage.round[at.key, slot.place], at.stage.who(f"secretary@{at.key}")
    assert round.meets_on is not None
    at.stage.go(max(round.meets_on, slot.day(DECIDE)), 16)
    decided = None
    for line in _about(at, slot, "decision"):
        number = line["number"].format(year=clock.today().year)
        decided = matter.record(
            at.stage.unit[at.key], decided_on=round.meets_on, paragraph=line["paragraph"], registration_number=number,
            text=line["text"], by=secretary, about=round,
        )  # fmt: skip
    if page := reports.of(round):
        publication.publish(page, read_through=True, decision=decided, by=secretary)
    papers.make_public(at, decided, round=slot.place)
    _answer_further(at, "committee")


# What is asked for


def _answer_requests(at: Committee, desk: Desk) -> None:
    """Answer a node's requests as the texts say: `granted: …`, or `taken_up: … => granted: …` when somebody higher up has to."""
    answers = desk.said.get("answers", [])
    for need, told in zip(desk.said.get("needs", []), answers, strict=False):
        asked = select(SupportRequest).where(SupportRequest.unit_id == desk.unit.id, SupportRequest.round_id == desk.round.id)
        request = db.session.scalars(asked.where(SupportRequest.text == need)).one()
        _reply(at, request, told.split(" => "))


def _answer_further(at: Committee, level: str) -> None:
    waiting, at.asked = at.asked, []
    for request, steps in waiting:
        if request.receiver.level == level:
            _reply(at, request, steps)
        else:
            at.asked.append((request, steps))


def _reply(at: Committee, request: SupportRequest, steps: list[str]) -> None:
    state, _colon, words = steps[0].partition(": ")
    level = request.receiver.level
    place = next(key for key, unit in at.stage.unit.items() if unit.id == request.receiver_id)
    at.stage.go(clock.today())
    support.answer(request, state=state, text=words, by=at.stage.who(f"{ANSWERERS[level]}@{place}"))
    if steps[1:]:
        further = db.session.scalars(select(SupportRequest).where(SupportRequest.origin_id == request.id)).one()
        at.asked.append((further, steps[1:]))


# What is said down the chain


def speak(at: Committee, slot: Slot, start: int = SPEAK) -> None:
    """Feedback about a round, and what each node on the way does with it, spread over some weeks."""
    for line in _about(at, slot, "feedback"):
        at.stage.go(slot.day(start), 13)
        sender = at.stage.who(line["by"])
        said = feedback.give(
            line["about"], _what(at, slot, line), line["text"], [at.stage.unit[place] for place in line["to"]], None,
            by=sender, kind=line.get("kind", "feedback"),
        )  # fmt: skip
        for number, step in enumerate(line["steps"], 1):
            at.stage.go(slot.day(start + number * SPOKEN_FOR // len(line["steps"])), 10)
            _step(at, said, step)
        if "close" in line:
            at.stage.go(slot.day(start + SPOKEN_FOR + 1), 15)
            feedback.close(said, line["close"]["words"], by=at.stage.who(line["close"]["by"]))


def _step(at: Committee, said: Feedback, step: Words) -> None:
    by = at.stage.who(step["by"])
    mine = select(Delivery).where(Delivery.feedback_id == said.id, Delivery.unit_id == by.unit_id)
    delivery = db.session.scalars(mine).one()
    if step["does"] == "read":
        feedback.read(delivery, by=by)
    elif step["does"] == "pass_on":
        feedback.pass_on(delivery, step["words"], by=by)
    else:
        feedback.answer(delivery, step["words"], by=by)


def _what(at: Committee, slot: Slot, line: Words) -> str:
    """The address of what is spoken about."""
    round = at.stage.round[at.key, slot.place]
    if line["about"] == "submission":
        return at.desk(line.get("submission", line["to"][0]), slot).submission.public_id
    if line["about"] == "report":
        return db.session.scalars(select(Report).where(Report.round_id == round.id)).one().public_id
    return db.session.scalars(select(Decision).where(Decision.round_id == round.id)).one().public_id


def _about(at: Committee, slot: Slot, what: str) -> list[Words]:
    lines: list[Words] = texts.opened("committee")[what]
    return [line for line in lines if line.get("committee", "bun") == at.key and line["round"] == slot.place]


def node(at: Committee, slot: Slot, place: str) -> RoundNode:
    """A place as it stands in a round."""
    found = wheel.node(at.stage.round[at.key, slot.place], at.stage.unit[place].id)
    assert found is not None
    return found
