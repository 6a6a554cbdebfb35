"""The thread of goals, from the nation to a group, with the documents that govern the work and the plans of the year."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle import rules as years
from chain.demo import texts
from chain.demo.rounds import Committee
from chain.demo.stage import SATURDAY
from chain.goal import actions, assess_actions, document_actions, file_actions, plan_actions, plan_rules
from chain.goal.document_models import Consultation, GoverningDocument, GoverningVersion
from chain.goal.models import Goal
from chain.goal.plan_models import Workplan
from chain.goal.rules import Words
from chain.organisation.models import Mandate

ASKED_FOR = 44  # days: the last one has not come when the story stops
WRITTEN = 6  # days between a draft that heads are asked about and the version that comes of it


class Thread:
    """The goals by their key in goals.toml."""

    def __init__(self, at: Committee) -> None:
        self.at, self.stage, self.told = at, at.stage, texts.opened("goals")
        self.goal: dict[str, Goal] = {}
        self.model: list[GoverningDocument] = []  # what the committee has adopted

    def begin(self) -> None:
        """Before the first round: the goals of every level, and the model that the committee adopts."""
        self._write_all(this_year=False)
        for one in self.told["document"]:
            if "after" not in one:
                self._adopt(one)

    def _write_all(self, *, this_year: bool) -> None:
        for one in self.told["goal"]:
            if ("after" in one) == this_year:
                self._write(one)

    def play(self, slot: int) -> None:
        """What is said of the goals in a round, and after the last one of a year, of the year."""
        for one in self.told["assess"]:
            if one.get("slot") == slot:
                self._assess(one, self.at.calendar.slots[slot - 1].year, self.stage.round[self.at.key, slot])
            elif slot == 4 and one.get("year") == 0:
                self._assess(one, self.at.calendar.years[0][0], None)

    def this_year(self) -> None:
        """The plans of the year, and the routine that heads are asked about."""
        self._write_all(this_year=True)
        for one in self.told["plan"]:
            self._plan(one)
        for one in self.told["document"]:
            if one.get("after"):
                self._answer(self._asked(one, days=ASKED_FOR), one)
        told, year = self.told["workshop"], years.next_label(self.at.calendar.years[1][0])
        plan_actions.plan_workshop(
            self.stage.unit[self.at.office], year=year, held_on=_weekday(clock.today() + timedelta(days=told["days_ahead"])),
            begins_at=plan_rules.hour(told["begins_at"]), place=told["place"], about=told["about"], by=self.at.officer,
        )  # fmt: skip

    def who(self, name: str) -> Mandate:
        return self.stage.who(name)

    def _write(self, one: texts.Words) -> None:
        by, unit = self.who(one["role"]), self.stage.unit[one["at"]]
        target = Decimal(one["target"]) if "target" in one else None
        parts = ("indicator", "subject", "year_group", "direction")
        words = Words(
            kind=one["kind"], title=one["title"], text=one.get("text", ""),
            valid_from=self.at.calendar.years[1 if one.get("after") else 0][0],
            owner=self.who(one["owner"]).person.public_id, target=target, school_forms=tuple(one.get("school_forms", [])),
            above=tuple(self._above(name) for name in one["above"]), **{part: one.get(part, "") for part in parts},
        )  # fmt: skip
        self.stage.go(clock.today(), 10)
        goal = actions.write(unit, words, by=by)
        if not one.get("draft"):
            actions.decide(goal, decided_on=clock.today(), reference=one.get("reference", ""), version=goal.version, by=by)
        self.goal[one["key"]] = goal

    def _above(self, name: str) -> str:
        kind, _colon, key = name.rpartition(":")
        if not kind:
            return self.goal[key].public_id
        return db.session.scalars(select(Goal.public_id).where(Goal.key == key, Goal.path == "/sjovik/")).one()

    def _assess(self, one: texts.Words, year: str, round: Any) -> None:
        self.stage.go(clock.today(), 14)
        said = {self.goal[one["goal"]]: (one["verdict"], one["reasons"])}
        assess_actions.assess(said, year=year, round=round, by=self.who(one["by"]))

    # Documents

    def _asked(self, one: texts.Words, days: int) -> list[Consultation]:
        self.stage.go(clock.today(), 11)
        writer = self.who(one["writer"])
        document = document_actions.begin(
            self.stage.unit[one["at"]], kind=one["kind"], title=one["title"], text=one["text"].strip(), by=writer
        )  # fmt: skip
        if "file" in one:
            file_actions.attach(document.versions[0], [texts.file(one)], by=writer)
        return document_actions.ask(
            document.versions[0], [self.stage.unit[place] for place in one["ask"]], until=clock.today() + timedelta(days=days),
            question=one["question"], by=writer,
        )  # fmt: skip

    def _answer(self, asked: list[Consultation], one: texts.Words) -> None:
        for said in one["answer"]:
            by = self.who(said["by"])
            self.stage.go(clock.today(), 15)
            document_actions.answer(next(each for each in asked if each.receiver_id == by.unit_id), said["text"], by=by)

    def _adopt(self, one: texts.Words) -> None:
        asked = self._asked(one, days=WRITTEN)
        self._answer(asked, one)
        first: GoverningVersion = asked[0].about
        document: GoverningDocument = first.document
        self.stage.go(clock.today() + timedelta(days=WRITTEN), 9)
        writer, version = self.who(one["writer"]), document_actions.renew(first, by=self.who(one["writer"]))
        document_actions.write(
            version, kind=one["kind"], title=one["title"], text=one["adopted"].strip(), link="", changes=one["changes"],
            edition=version.version, by=writer,
        )  # fmt: skip
        document_actions.adopt(
            version, adopted_by=one["adopted_by"], registration_number=one["number"].format(year=clock.today().year),
            adopted_on=clock.today(), in_force_from=clock.today(), by=self.who(one["decider"]),
        )  # fmt: skip
        self.model.append(document)
        for name in one["refers"]:
            kind, _colon, rest = name.partition(":")
            level, _colon, question = rest.partition(":")
            more = {"goal": self.goal[rest]} if kind == "goal" else {"level": level, "question": question}
            document_actions.refer(document, by=writer, **more)

    # Plans

    def _plan(self, one: texts.Words) -> None:
        by = self.who(f"principal@{one['at']}")
        self.stage.go(clock.today(), 13)
        plan = plan_actions.begin(self.stage.unit[one["at"]], self.at.calendar.years[1][0], by=by)
        plan_actions.write(
            plan, text=one["text"], participation=one["participation"], version=plan.version, governed=self.model, by=by
        )
        for entry in one["entry"]:
            words = {part: entry[part] for part in ("what", "when", "who", "know")}
            plan_actions.put(plan, from_goals=[self.goal[key] for key in entry["goals"]], by=by, **words)
        if one["decided"]:
            plan_actions.decide(plan, by=by)
            self._comment(plan, one)
        if one.get("revised"):
            plan_actions.decide(plan_actions.revise(plan, one["revised"], by=by), by=by)

    def _comment(self, plan: Workplan, one: texts.Words) -> None:
        for said in one.get("comment", []):
            self.stage.go(clock.today(), 16)
            plan_actions.comment(plan, said["text"], by=self.who(said["by"]))


def _weekday(wanted: date) -> date:
    return wanted + timedelta(days=7 - wanted.weekday()) if wanted.weekday() >= SATURDAY else wanted
