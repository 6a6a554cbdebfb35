"""What the tests of follow-ups have in common: opened rounds, answers as people write them, and states reached by doing."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle import queries as cycles
from chain.cycle.models import Question, Round
from chain.cycle.rules import RoundPlan
from chain.followup import actions, checks, queries, section_actions
from chain.followup.models import Followup, Section, Submission
from chain.measure.models import Measure
from chain.organisation.models import Mandate
from tests.kept import kept
from tests.makers import Cast

NAMES = ("november", "januari", "april", "augusti")
OPENS = (date(2026, 11, 1), date(2027, 1, 10), date(2027, 4, 1), date(2027, 8, 10))
LEVELS = ("group", "unit", "area", "administration")


def plans(opens: tuple[date, ...] = OPENS) -> list[RoundPlan]:
    """Four rounds in which everybody has five weeks and more."""
    return [
        RoundPlan(
            number,
            {"sv": f"Uppföljning {number}, {name}", "en": f"Follow-up {number}"},
            day,
            {level: day + timedelta(days=35 + place) for place, level in enumerate(LEVELS)},
            day + timedelta(days=45),
        )
        for number, (name, day) in enumerate(zip(NAMES, opens, strict=True), 1)
    ]


@kept
def open_year(cast: Cast, label: str = "2026/27") -> list[Round]:
    first = int(label[:4]) - 2026
    opens = tuple(day.replace(year=day.year + first) for day in OPENS)
    year = cycle.open_year(cast.unit["bun"], label=label, rounds=plans(opens), by=cast.diana)
    return list(year.rounds)


@kept
def opened(cast: Cast) -> Round:
    """November, opened."""
    return cycle.open_round(open_year(cast)[0], by=cast.diana)


@kept
def november_and_january(cast: Cast) -> tuple[Round, Round]:
    rounds = open_year(cast)
    cycle.open_round(rounds[0], by=cast.diana)
    with clock.held(clock.at(OPENS[1] + timedelta(days=3))):
        cycle.open_round(rounds[1], by=cast.diana)
    return rounds[0], rounds[1]


def followup(cast: Cast, who: str, round: Round | None = None) -> Followup:
    found = queries.mine(cast.who[who], round)
    assert found is not None
    return found


@dataclass
class Writer:
    """Answers every question of a follow-up as somebody with little time does; `texts` replaces a section's answer."""

    by: Mandate

    def answer(self, here: checks.Work, question: Question) -> dict[str, Any]:
        due = next(iter(here.known.dues))
        person = self.by.person.public_id
        measure = {
            "problem": "Få läser med flyt i åk 4", "sign": "De läser en sida högt utan att stanna",
            "goal": "", "responsible": person, "due": due,
        }  # fmt: skip
        outcome = {"kind": "done", "effect": "Vi ser fler som läser", "evidence": ["results"], "reason": "not_able"}
        made: dict[str, dict[str, Any]] = {
            "text": {"text": "Vi har prövat två vägar.\n\nDen andra gav mest."},
            "analysis": {"see": "14 av 24 når E.", "why": "Tre vikarier.", "evidence": "Diagnosen.", "sure": "Ganska säkra."},
            "choice": {"choice": next((one["key"] for one in question.extra.get("options", [])), ""), "comment": ""},
            "figures": {"cells": self._cells(here), "reasons": {}, "basis": {}},
            "outcomes": {"items": {one.public_id: outcome for one in here.open}},
            "measures": {"items": [{"item": f"{self.by.unit_id}-{question.key}", **measure}]},
            "requests": {"items": [{"item": f"{self.by.unit_id}-{question.key}", "text": "Handledning fyra gånger"}]},
        }
        return made[question.kind]

    def _cells(self, here: checks.Work) -> dict[str, str]:
        """One row: all eight reached, or all eight on the first step of a distribution."""
        found = {}
        for table in here.tables[:1]:
            cells = table.rows[0].cells
            found = dict.fromkeys(cells, "8")
            if table.kind == "distribution":
                found |= dict.fromkeys(cells[2:], "0")
        return found


def save(
    mine: Followup, key: str, answer: Any, by: Mandate, *, version: int | None = None, done: bool = False, save_key: str = ""
) -> Section:
    """A save as the page makes it; `version` None: the one that is stored."""
    stored = queries.section(mine, key)
    carried = (stored.version if stored else 0) if version is None else version
    return section_actions.save(mine, key, answer, version=carried, save_key=save_key or uuid4().hex, done=done, by=by)


def write(mine: Followup, by: Mandate, **answers: Any) -> None:
    """Answer and mark every section done. `answers` go before what the writer would have written."""
    here = checks.work(mine)
    for question in here.questions:
        answer = answers.get(question.key) or Writer(by).answer(here, question)
        save(mine, question.key, answer, by, done=True)


@kept
def hand_in(mine: Followup, by: Mandate, **answers: Any) -> Submission:
    write(mine, by, **answers)
    return actions.submit(mine, version=fresh(mine).version, by=by)


def fresh(thing: Any) -> Any:
    """As the next request would read it."""
    db.session.rollback()
    return thing


def measures_of(cast: Cast, unit: str, round: Round) -> list[Measure]:
    from chain.measure import queries as measure

    return measure.to_follow_up(cast.unit[unit].id, round)


def measures_set(cast: Cast, unit: str, round: Round) -> list[Measure]:
    from chain.measure import queries as measure

    return measure.set_in(cast.unit[unit].id, round.id)


def node(cast: Cast, unit: str, round: Round) -> Any:
    return cycles.node(round, cast.unit[unit].id)
