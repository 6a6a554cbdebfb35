"""The committee's matters: a calendar for the year, a chain of assignments, one that is late, a matter that has just come."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.demo import papers, texts
from chain.demo.rounds import Committee
from chain.demo.texts import Words
from chain.feedback import actions as feedback
from chain.feedback.models import Delivery, Feedback
from chain.matter import (
    actions,
    assignment_actions,
    assignment_queries,
    matter_actions,
    meeting_actions,
    meeting_queries,
    meeting_rules,
)
from chain.matter.assignment_actions import Verdict
from chain.matter.assignment_rules import Asked
from chain.matter.models import Assignment, Matter

WORKED = 2  # days between one act and the next


class Desk:
    """The secretary's desk: the matters by their key in matters.toml."""

    def __init__(self, at: Committee) -> None:
        self.at = at
        self.committee = at.stage.unit[at.key]
        self.matter: dict[str, Matter] = {}

    def who(self, role: str) -> Any:
        return self.at.stage.who(f"{role}@{self.at.key if role == 'secretary' else self.at.office}")

    def plan_calendar(self, number: int) -> None:
        """A year's meetings: those that the rounds say, and one between each."""
        told, (_label, plans) = texts.opened("matters")["calendar"], self.at.calendar.years[number]
        days = [plan.meets_on for plan in plans if plan.meets_on]
        between = [first + timedelta(weeks=(second - first).days // 14) for first, second in pairwise(days)]
        self.at.stage.go(clock.today(), 11)
        meeting_actions.plan(
            self.committee, sorted([*days, *between]), begins_at=meeting_rules.hour(told["begins_at"]), place=told["place"],
            papers_before=told["papers_before"], by=self.who("secretary"),
        )  # fmt: skip

    def play(self, after: int) -> None:
        """What is done with each matter after a round, in the order of the file."""
        for act in texts.opened("matters")["act"]:
            if act["after"] == after:
                for does in act["does"]:
                    self.at.stage.go(min(clock.today() + timedelta(days=WORKED), self._latest()), 10)
                    self._do(act, does)

    def _latest(self) -> date:
        """Nothing happens after yesterday."""
        return max(clock.today(), self.at.stage.today - timedelta(days=2))

    def _do(self, act: Words, does: str) -> None:
        verb, _space, what = does.partition(" ")
        matter = self.matter.get(act["matter"])
        if matter is None:
            self.matter[act["matter"]] = self._open(act["matter"], what)
        elif verb in ("begin", "write"):
            self._work(matter, verb)
        elif verb == "close":
            matter_actions.go(matter, "close", by=self.who("secretary"))
        else:
            DOES[verb](self, act, matter, what)

    def _open(self, key: str, answers: str) -> Matter:
        """A matter of the secretary's, or one in which the administration is to answer the assignment given in another."""
        told = texts.opened("matters")["matter"][key]
        facts: dict[str, Any] = {
            "title": told["title"], "why": told["why"], "opened_on": clock.today(),
            "registration_number": told.get("number", "").format(year=clock.today().year),
            "follows": self.matter.get(told.get("follows", "")),
        }  # fmt: skip
        if answers:
            return assignment_actions.open_to_answer(self._given(self.matter[answers]), by=self.who("officer"), **facts)
        return matter_actions.open_(self.committee, by=self.who("secretary"), **facts)

    def _given(self, matter: Matter) -> Assignment:
        return assignment_queries.of(matter)[0][-1]

    def _work(self, matter: Matter, verb: str) -> None:
        """The officer begins; and hands to the committee what is written, with the assignments that it answers."""
        if verb == "begin":
            matter_actions.go(matter, "begin", by=self.who("officer"))
        else:
            _given, answers = assignment_queries.of(matter)
            assignment_actions.write(matter, reports=answers, by=self.who("officer"))

    def assign(self, act: Words, matter: Matter, role: str) -> None:
        matter_actions.assign(matter, Role(role), self.at.stage.unit[self.at.office], by=self.who("director"))

    def paper(self, act: Words, matter: Matter, _what: str) -> None:
        """What the administration writes in it to the committee."""
        papers.write_in(self.at, act["matter"], matter)

    def put(self, act: Words, matter: Matter, slot: str) -> None:
        """On the agenda of the meeting that a round says."""
        meeting = meeting_queries.on(self.committee.id, self._meets_on(int(slot)))
        assert meeting is not None
        meeting_actions.put(meeting, matter, by=self.who("secretary"))

    def _meets_on(self, slot: int) -> date:
        """When the committee meets about a round of the story, opened or not."""
        place = self.at.calendar.slots[slot - 1]
        plans = dict(self.at.calendar.years)[place.year]
        day = next(plan.meets_on for plan in plans if plan.number == place.number)
        assert day is not None
        return day

    def decide(self, act: Words, matter: Matter, _what: str) -> None:
        """The minutes come weeks after the meeting: what was reported is approved, more is asked for, and it is told below."""
        _given, answers = assignment_queries.of(matter)
        decision = actions.record(
            self.committee, decided_on=self._meets_on(act["after"]), paragraph=act["paragraph"], text=act["text"], matter=matter,
            registration_number=str(matter.registration_number), asks=[Asked(act["asks"], self._due(act["due"]))],
            verdicts=[Verdict(one, approved=True) for one in answers], sent={"feedback-text": [act.get("says", "")]},
            by=self.who("secretary"),
        )  # fmt: skip
        papers.make_public(self.at, decision, matter=act["matter"])
        if "answer" in act:
            self._answer(decision.public_id, act["answer"])

    def _due(self, told: str) -> date:
        kind, _space, number = told.partition(" ")
        return self._meets_on(int(number)) if kind == "meeting" else self.at.stage.today + timedelta(days=int(number))

    def _answer(self, about: str, words: str) -> None:
        """The director reads what was said with the decision, and answers; the secretary closes it."""
        said = db.session.scalars(select(Feedback).where(Feedback.about == about)).one()
        delivery = db.session.scalars(select(Delivery).where(Delivery.feedback_id == said.id)).one()
        self.at.stage.go(clock.today(), 14)
        feedback.answer(delivery, words, by=self.who("director"))
        self.at.stage.go(clock.today(), 16)
        feedback.close(said, "Nämnden är nöjd med svaret.", by=self.who("secretary"))


DOES: dict[str, Callable[[Desk, Words, Matter, str], None]] = {
    "assign": Desk.assign, "paper": Desk.paper, "put": Desk.put, "decide": Desk.decide,
}  # fmt: skip
