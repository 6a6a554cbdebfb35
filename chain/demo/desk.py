"""One node's desk in one round: what its people write, made of the demonstration's texts, and what they hand up."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from chain.access.policy import Role
from chain.base import clock
from chain.base.orm import random_name
from chain.cycle.models import Question
from chain.demo import figures, texts
from chain.demo.stage import Stage
from chain.demo.texts import Words
from chain.followup import actions, agreed, checks, citation_actions, queries, section_actions
from chain.followup.answers import ANALYSIS, FIGURES, Context
from chain.followup.models import Followup, Submission
from chain.measure.models import Measure
from chain.organisation.models import Mandate, Unit
from chain.result.grid_rules import read

TEXTS = {"survey_followup": "special", "safety": "special", "evaluation_plan": "special", "tests_and_grades": "special"}
PARTS = ("see", "why", "evidence", "sure")
CARRIES = ("goes_on", "changed")
ELSEWHERE = (Role.PROVIDER, Role.AUDITOR)


SURE = (
    ("unsure", ("osäk", "inte så säk", "vet inte", "mindre säk", "försiktig")),
    ("fairly_sure", ("ganska",)),
    ("sure", ("säk",)),
)
ABOUT = (  # what a goal's name and a measure's problem say when they are about the same
    ("läs", ("läs", "bok", "text")), ("matematik", ("matematik", "räkn", "bråk")), ("trygg", ("trygg", "lugn", "rädd")),
    ("simma", ("simma",)), ("ämnesspråk", ("ämnesord", "orden")), ("språk", ("språk",)), ("vuxna", ("vikarie", "borta")),
    ("kränk", ("kränk",)), ("studiero", ("efter lunch", "orolig", "trötta")),
    ("går vidare", ("frånvaro", "mentor", "inlämningar", "slutat komma", "håltimmar")),
    ("inflytande", ("inflytande", "själva", "frågar", "bestämmer", "säga till om", "förslag", "hörs")),
    ("omsorg", ("väntar", "tysta inne", "lekarna", "lekkamrat", "kamrat", "grupper")),
    ("likvärdig", ("vikarie", "rekryter", "stöd", "svenska som andra", "bedömning", "besked", "riktade medlen")),
    ("så långt som möjligt", ("läs", "matematik", "räkn", "bråk", "når inte", "svenska", "simma")),
)  # fmt: skip


def certainty(words: str) -> str:
    """How sure the words say that one is."""
    said = words.lower()
    return next((key for key, marks in SURE if any(mark in said for mark in marks)), "fairly_sure" if said else "")


def goal_for(problem: str, goals: Mapping[str, str]) -> str:
    """The nearest goal about the same as a problem, by its address; none where no goal is about it."""
    for word, marks in ABOUT:
        about = any(mark in problem.lower() for mark in marks)
        found = [address for address, name in goals.items() if about and word in name.lower()]
        if found:
            return found[-1]
    return ""


class Desk:
    """A place such as `hamnskolan` or `hamnskolan/1-3` in a slot of its committee's calendar."""

    def __init__(self, stage: Stage, committee: str, place: str, slot: int) -> None:
        self.stage, self.place, self.slot = stage, place, slot
        self.round = stage.round[committee, slot]
        self.unit: Unit = stage.unit[place]
        self.said: Words = texts.notes(place, slot) if "/" in place else texts.written(place, slot)

    @property
    def followup(self) -> Followup:
        found = queries.of(self.unit.id, self.round)
        assert found is not None, f"{self.place} takes no part in {self.round.title}"
        return found

    @property
    def submission(self) -> Submission:
        found = queries.latest(self.unit.id, self.round)
        assert found is not None, f"{self.place} has not handed in {self.round.title}"
        return found

    def write(self, *authors: Mandate) -> None:
        """Save every section that there are words for, the authors in turn. A half-written one is not marked as done."""
        here = checks.work(self.followup)
        for turn, question in enumerate(here.questions):
            answer = self._answer(here, question)
            if answer is None or here.nothing_to_answer(question):
                continue
            done = question.kind != "analysis" or not ANALYSIS.problems(answer, Context())
            by = authors[turn % len(authors)]
            self.stage.go(clock.today())
            section_actions.save(self.followup, question.key, answer, version=0, save_key=random_name(), done=done, by=by)

    def cite(self, by: Mandate, committee: str) -> None:
        """Lift the words that the texts name out of what others have handed up."""
        for line in self.said.get("cites", []):
            source = Desk(self.stage, committee, line["unit"], self.slot).submission
            span = next(
                each["id"] for part in source.snapshot["sections"] for each in part["spans"] if line["words"] in each["text"]
            )
            citation_actions.cite(self.followup, line["in"], source, span, line["words"], confirmed=True, by=by)

    def submit(self, by: Mandate) -> Submission:
        followup = self.followup
        return actions.submit(followup, version=followup.version, by=by)

    def _answer(self, here: checks.Work, question: Question) -> dict[str, Any] | None:
        """The answer to a question, in the shape of its kind; None where nothing was written."""
        match question.kind:
            case "text":
                text = self.said.get(TEXTS.get(question.key, question.key), "")
                return {"text": text} if text else None
            case "analysis":
                said = self.said if question.key == "analysis" else self.said.get(question.key, {})
                causes = [self._cause(question, one) for one in (said, *said.get("cause", []))]
                return {"items": causes} if not ANALYSIS.is_empty({"items": causes}) else None
            case "figures":
                return self._figures(here, question)
            case "outcomes":
                items = {one.public_id: self._outcome(here, one) for one in here.open}
                return {"items": items} if all(items.values()) else None
            case "measures":
                return self._measures(here, question)
            case "requests":
                needs = self.said.get("needs", [])
                return (
                    {"items": [{"item": self._item(text), "type": texts.need(text), "text": text} for text in needs]}
                    if needs
                    else None
                )
        return None

    def _cause(self, question: Question, said: Words) -> dict[str, str]:
        parts = {part: said.get(part, "") for part in PARTS}
        item = sha256(f"{self.place} {self.slot} {question.key} {parts['see']}".encode()).hexdigest()[:16]
        return {"item": item, **parts, "certainty": certainty(parts["sure"])}

    def _figures(self, here: checks.Work, question: Question) -> dict[str, Any] | None:
        answer: dict[str, Any] = {"cells": {}, "reasons": {}, "basis": {}}
        for table in here.tables:
            answer["cells"] |= figures.cells(table, self.place, self.slot)
            given, _wrong = read(table, answer["cells"])
            for why in FIGURES.asks_why(table, given, here.context(question)):
                label = next(row.label for row in table.rows if row.why == why)
                answer["reasons"][why] = figures.reason(self.place, self.slot, label)
        return answer

    def _outcome(self, here: checks.Work, one: Measure) -> dict[str, Any] | None:
        set_in, told = texts.measure(self.place, one.problem)
        said = told.get("outcomes", [])
        place = self.slot - set_in - 1
        if place >= len(said):
            return None
        outcome: dict[str, Any] = {"reason": "", **said[place]}
        late = (one.due_year, one.due_number) <= (self.round.year.label, self.round.number)
        if outcome["kind"] in CARRIES and late:
            outcome["due"] = self._due(here, 1)
        if outcome["kind"] == "changed":
            outcome["responsible"] = self._responsible(outcome["problem"])
        return outcome

    def _measures(self, here: checks.Work, question: Question) -> dict[str, Any] | None:
        said = [one for one in self.said.get("measure", []) if one.get("question", "measures") == question.key]
        agreed_to = {one.problem: one.item for one in agreed.offered(here, {})}  # in a dialogue: taken in, and not written anew
        items = [
            {
                "item": agreed_to.get(one["problem"]) or self._item(one["problem"]),
                "problem": one["problem"],
                "sign": one["sign"],
                "cause": self._acts_on(here, one.get("cause", 1)),
                "goal": goal_for(one["problem"], here.known.goals) or one.get("goal", ""),
                "responsible": self._responsible(one["problem"]),
                "due": self._due(here, one.get("due", 1)),
            }
            for one in said
        ]
        return {"items": items} if items else None

    def _acts_on(self, here: checks.Work, place: int) -> str:
        """The cause at a place in the analysis, counted from 1; none for 0, or where so many have not been written."""
        found = [name for name in here.known.causes if name.startswith("analysis.")]
        return found[place - 1] if 0 < place <= len(found) else ""

    def _due(self, here: checks.Work, later: int) -> str:
        """The round so many rounds later, or the last one that can be named."""
        dues = list(here.known.dues)
        return dues[min(later, len(dues)) - 1]

    def _responsible(self, words: str) -> str:
        """Somebody who works here, always the same one for the same words."""
        people = sorted({each.person.email: each.person for each in self._staff()}.items())
        return people[int(sha256(words.encode()).hexdigest(), 16) % len(people)][1].public_id

    def _staff(self) -> list[Mandate]:
        """Those who work at the place or in its groups, today."""
        names = [name for name in self.stage.held if name.partition("@")[2].partition("/")[0] == self.place]
        held = [each for name in names for each in self.stage.held[name]]
        return [each for each in held if each.role not in ELSEWHERE and each.holds(clock.today())]

    def _item(self, words: str) -> str:
        return sha256(f"{self.place} {self.slot} {words}".encode()).hexdigest()[:16]
