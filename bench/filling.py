"""What is many in the invented city, put straight into the tables: what was typed and handed up, its figures and their sums,
measures, support, reports, decisions and feedback. Random, and the same each time."""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db, random_name
from chain.cycle.models import Question, Round, RoundNode, Year
from chain.feedback.models import Delivery, Feedback
from chain.followup import answers
from chain.followup.models import Followup, Section, Submission
from chain.followup.rules import sha256
from chain.goal.models import Goal, GoalLink
from chain.matter.models import Decision
from chain.measure.models import Measure, Outcome
from chain.organisation.models import Mandate, Unit
from chain.publication.models import Publication
from chain.release.models import Release, ReleasedFigure
from chain.report.models import Edition, Report
from chain.result import grid_rules, shipped
from chain.result import rules as result
from chain.rollup.models import Coverage
from chain.support.models import SupportRequest

VARIANTS = 6  # different sets of figures for each kind of unit and each round
TYPED_ROUNDS = 5  # so many rounds back, what was typed is kept in sections: this round, the one before and last year's
TERM_HOURS = 440  # a pupil's
ROLLUP = "unit_id, round_id, path, indicator, school_form, subject, year_group, category, basis, enrolled, n, k, units, total"
KINDS = ("Fler läser med flyt", "Fler når målen i matematik", "Alla är trygga", "Alla får det stöd de behöver")
WORDS = (
    "Vi ser att läsningen har blivit säkrare sedan i våras, framför allt hos de elever som har fått arbeta i mindre grupp med "
    "samma lärare varje vecka. Skrivandet går långsammare framåt, och skillnaden mellan grupperna är större än vi väntade oss. "
    "Arbetslaget har jämfört elevernas texter med bedömningsstödet: det är stavning och styckeindelning som skiljer.\n\n"
    "Att läsningen har stärkts tror vi beror på att lästiden har legat fast på schemat och att stödet har satts in tidigt. "
    "I matematik räcker tiden inte till för de elever som behöver konkret material, och där behöver vi göra på ett annat sätt."
)


@dataclass
class Figures:
    """A set of figures as they are handed up, and as they were typed."""

    figures: list[dict[str, Any]] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)


Key = tuple[str, str, str, str, str, str]
Sums = dict[Key, list[int]]


class Filler:
    """Puts what is many into the tables, a round at a time."""

    def __init__(self, people: dict[str, Mandate]) -> None:
        self.told: dict[tuple[int, int], dict[str, Any]] = {}  # sections as handed up, by question and figures
        self.random = random.Random(2026)
        self.people = people
        self.rounds = list(
            db.session.scalars(
                select(Round).join(Round.year).where(Round.opened_at.is_not(None)).order_by(Year.starts_on, Round.number)
            )
        )
        self.public = dict(db.session.execute(select(Unit.id, Unit.public_id)).all())
        self.writers = {mandate.unit_id: mandate for mandate in people.values() if mandate.role is not Role.OFFICER}
        self.samples: dict[tuple[Any, ...], list[Figures]] = {}
        self.indicators, self.scales, self.subjects = (
            shipped.indicators(shipped.DATA), shipped.scales(shipped.DATA), shipped.subjects(shipped.DATA),
        )  # fmt: skip

    def fill(self) -> None:
        for place, round in enumerate(self.rounds):
            self._round(round, typed=place >= len(self.rounds) - TYPED_ROUNDS, now=round is self.rounds[-1])
        self._goals()
        self._measures()
        self._support()
        self._feedback()

    # A round

    def _round(self, round: Round, *, typed: bool, now: bool) -> None:
        nodes = list(db.session.scalars(select(RoundNode).where(RoundNode.round_id == round.id).order_by(RoundNode.path)))
        followups = {one.unit_id: one for one in db.session.scalars(select(Followup).where(Followup.round_id == round.id))}
        asked = defaultdict(list)
        for question in db.session.scalars(select(Question).where(Question.year_id == round.year_id).order_by(Question.position)):
            if round.number in question.rounds and not question.hidden:
                asked[question.level].append(question)
        sums: dict[int, Sums] = {node.unit_id: {} for node in nodes}
        parents = {node.unit_id: node.parent_id for node in nodes}
        handed_up, sections, states = [], [], {}
        for number, node in enumerate(sorted(nodes, key=lambda node: -node.path.count("/"))):
            state = self._state(node, number) if now else "accepted"
            states[node.unit_id] = state
            figures = self._figures(node, round.number) if node.level == "unit" else Figures()
            given = {question.key: self._answer(question, figures) for question in asked[node.level]}
            if state != "draft":
                handed_up.append(self._submission(node, followups[node.unit_id], state, asked[node.level], given, figures))
            if state == "accepted":
                self._add(sums, parents, node.unit_id, figures)
            if typed:
                sections += [
                    self._section(followups[node.unit_id], key, answer, done=state != "draft") for key, answer in given.items()
                ]
            followups[node.unit_id].state = state
        db.session.flush()
        self._put(Submission, handed_up)
        self._put(Section, sections)
        paths = {node.unit_id: node.path for node in nodes}
        self._put_rows(round, sums, paths)
        self._cover(round, {unit_id for unit_id, state in states.items() if state == "accepted"})
        if not now:
            self._report(round, sums)

    def _state(self, node: RoundNode, number: int) -> str:
        """In the open round: the groups are done, the levels above the units still write, and the units are in all states.

        The first unit writes; the schools that the benchmark lets be accepted, one after another, wait to be.
        """
        if node.level == "group":
            return "accepted"
        if node.level != "unit" or node.path.endswith("/e0/"):
            return "draft"
        if "GR" in node.school_forms and "1" in node.year_groups:
            return "submitted"
        return ("accepted", "accepted", "accepted", "submitted", "draft")[number % 5]

    def _figures(self, node: RoundNode, round_number: int) -> Figures:
        kind = (tuple(node.school_forms), tuple(node.year_groups), round_number)
        if kind not in self.samples:
            self.samples[kind] = [self._sample(node, round_number) for _variant in range(VARIANTS)]
        return self.random.choice(self.samples[kind])

    def _sample(self, node: RoundNode, round_number: int) -> Figures:
        """The grid of a unit filled in: a class of 22 to 28 in each year group, most of whom reach the goal."""
        made = Figures()
        for form in node.school_forms:
            groups = {group: group for group in node.year_groups}
            for table in grid_rules.grid(self.indicators, self.scales, self.subjects, form, groups, round_number, {}):
                for row in table.rows:
                    counts = self._counts(table)
                    made.cells |= dict(zip(row.cells, map(str, counts), strict=True))
                figures, wrong = grid_rules.read(table, made.cells)
                assert not wrong, wrong
                made.figures += [asdict(one) for one in figures]
        return made

    def _counts(self, table: result.Table) -> list[int]:
        enrolled = self.random.randint(22, 28)
        assessed = enrolled - self.random.randint(0, 2)
        match table.kind:
            case "share" if table.measure.apart:
                hours = enrolled * TERM_HOURS
                return [enrolled, hours, hours * self.random.randint(58, 91) // 1000]
            case "share":
                return [enrolled, assessed, assessed - self.random.randint(0, 6)]
            case "mean":
                most = table.measure.most or 10
                return [enrolled, assessed, self.random.randint(most // 2, most * 9 // 10)][-len(table.columns) :]
            case "count":
                return [self.random.randint(1, 9) * (100_000 if table.measure.unit == "kronor" else 1)]
        steps = len(table.columns) - 1
        return [enrolled, *(enrolled // steps for _step in range(steps))]

    def _add(self, sums: dict[int, Sums], parents: dict[int, int | None], unit_id: int | None, figures: Figures) -> None:
        while unit_id in sums:
            here = sums[unit_id]
            for one in figures.figures:
                key = tuple(list(one.values())[:6])
                had = here.setdefault(key, [0, 0, 0, 0, 0])
                had[0] += one["enrolled"]
                had[1] += one["n"]
                had[2] += one["k"]
                had[3] += 1
                had[4] += one["total"]
            unit_id = parents[unit_id]

    def _put_rows(self, round: Round, sums: dict[int, Sums], paths: dict[int, str]) -> None:
        """By the driver itself: they are by far the most."""
        words = f"INSERT INTO rollup ({ROLLUP}) VALUES ({', '.join('?' * 14)})"
        made = (
            (unit_id, round.id, paths[unit_id], *key, *counts) for unit_id, here in sums.items() for key, counts in here.items()
        )
        connection = db.session.connection().connection.driver_connection
        assert connection is not None
        connection.executemany(words, made)

    def _cover(self, round: Round, accepted: set[int]) -> None:
        """The round's opening has said how many are expected; so many of them have been accepted."""
        own = {row.unit_id: row for row in db.session.execute(
            select(RoundNode.unit_id, RoundNode.parent_id, RoundNode.level).where(RoundNode.round_id == round.id))}  # fmt: skip
        reporting: dict[tuple[int, str, str], int] = defaultdict(int)
        for row in db.session.execute(
            select(Coverage.unit_id, Coverage.school_form, Coverage.year_group).where(Coverage.round_id == round.id)
        ):
            if row.unit_id in accepted and own[row.unit_id].level == "unit":
                at: int | None = row.unit_id
                while at in own:
                    reporting[at, row.school_form, row.year_group] += 1
                    at = own[at].parent_id
        for one in db.session.scalars(select(Coverage).where(Coverage.round_id == round.id)):
            one.reporting = reporting.get((one.unit_id, one.school_form, one.year_group), 0)
        db.session.flush()

    # What was written

    def _answer(self, question: Question, figures: Figures) -> dict[str, Any]:
        match question.kind:
            case "text":
                return {"text": WORDS}
            case "analysis":
                return dict.fromkeys(("see", "why", "evidence", "sure"), WORDS[:400])
            case "choice":
                return {"choice": question.extra["options"][0]["key"], "comment": WORDS[:200]}
            case "figures":
                return {"cells": figures.cells, "reasons": {}, "basis": {}}
            case "outcomes":
                return {"items": {}}
        return {"items": []}

    def _submission(
        self, node: RoundNode, followup: Followup, state: str, asked: list[Question], given: dict[str, Any], figures: Figures
    ) -> dict[str, Any]:
        writer, at = self.writers[node.unit_id], clock.at(node.round.opens_on + timedelta(days=14))
        snapshot = {
            "unit": {"name": node.name, "path": node.path, "public_id": self.public[node.unit_id]},
            "round": {"name": node.round.name, "number": node.round.number, "year": node.round.year.label},
            "level": node.level,
            "at": at.isoformat(),
            "by": {"name": writer.person.name, "role": str(writer.role)},
            "sections": [self._told(question, given[question.key], figures) for question in asked],
            "figures": figures.figures,
            "measures": [],
            "outcomes": [],
            "children": [],
            "missing": [],
        }
        return {
            "public_id": random_name(), "followup_id": followup.id, "number": 1, "round_id": node.round_id,
            "unit_id": node.unit_id, "receiver_id": node.parent_id if node.level != "administration" else None,
            "path": node.path, "ceiling": "/sjovik/bun/fvn/" if node.level != "group" else node.path.removesuffix("lag/"),
            "level": node.level, "state": state, "late": False, "snapshot": snapshot, "sha256": sha256(snapshot),
            "submitted_at": at, "submitted_by_id": writer.person_id, "submitted_as": str(writer.role),
            "opened_at": at if state == "accepted" else None, "decided_at": at if state == "accepted" else None,
            "decided_by_id": None, "reason": "",
        }  # fmt: skip

    def _told(self, question: Question, answer: dict[str, Any], figures: Figures) -> dict[str, Any]:
        """A section as a snapshot has it: the same for all who were asked the same and answered the same."""
        same = question.id, id(figures) if question.kind == "figures" else 0
        if same not in self.told:
            spans = answers.spans(question.kind, question.key, answer, question.words["sv"]["title"])
            self.told[same] = {
                "key": question.key,
                "kind": question.kind,
                "title": {language: words["title"] for language, words in question.words.items()},
                "ask": {language: words["ask"] for language, words in question.words.items()},
                "answer": answer,
                "spans": [asdict(span) for span in spans],
                "citations": [],
            }
        return self.told[same]

    def _section(self, followup: Followup, key: str, answer: dict[str, Any], *, done: bool) -> dict[str, Any]:
        return {
            "followup_id": followup.id, "key": key, "answer": answer, "done": done, "saved_at": clock.now(),
            "saved_by_id": self.writers[followup.unit_id].person_id, "version": 1,
        }  # fmt: skip

    # What follows from it

    def _report(self, round: Round, sums: dict[int, Sums]) -> None:
        """The round's release and the committee's page."""
        top, committee, director = self.people["fvn"].unit, self.people["bun"].unit, self.people["fvn"].person
        at = clock.at(round.opens_on + timedelta(days=40))
        release = Release(
            round_id=round.id, unit_id=top.id, path=top.path, audience="committee", number=1, state="approved", expected=1,
            reporting=1, prepared_at=at, prepared_by_id=self.people["officer"].person_id, decided_at=at,
            decided_by_id=director.id, reason="", sha256="0" * 64,
        )  # fmt: skip
        db.session.add(release)
        db.session.flush()
        self._put(ReleasedFigure, _released(release, sums[top.id]))
        submission = db.session.scalars(
            select(Submission).where(Submission.round_id == round.id, Submission.unit_id == top.id)
        ).one()
        handed = {"submission_id": submission.id, "release_id": release.id, "published_at": at, "published_by_id": director.id}
        report = Report(
            round_id=round.id, unit_id=committee.id, path=committee.path, state="received", received_at=at,
            received_by_id=self.people["secretary"].person_id, registration_number=f"UN 2026/{round.id}", **handed,
        )  # fmt: skip
        edition = Edition(report=report, number=1, **handed)
        public = {"unit_id": committee.id, "path": committee.path, "published_at": at, "published_by_id": director.id}
        db.session.add_all([report, edition, Publication(edition=edition, **public)])
        db.session.add(
            Decision(
                unit_id=committee.id,
                path=committee.path,
                decided_on=round.meets_on or round.opens_on,
                paragraph=f"§ {round.id}",
                registration_number=f"UN 2026/{round.id}",
                text=WORDS[:300],
                round_id=round.id,
                recorded_at=at,
                recorded_by_id=self.people["secretary"].person_id,
            )
        )

    def _goals(self) -> None:
        """Four goals of the committee's; below each of them one of the administration's, of each area's and each unit's."""
        top = db.session.scalars(select(Unit).where(Unit.level == "committee")).one()
        owner = self.people["fvn"]
        places = [
            (top.id, top.path, "committee"), (owner.unit_id, owner.path, "administration"),
            *((one.unit_id, one.path, level) for level in ("area", "unit") for one in self._places(level)),
        ]  # fmt: skip
        self._put(Goal, [self._goal(*place, kind) for place in places for kind in KINDS])
        made = list(db.session.execute(select(Goal.id, Goal.path, Goal.title).where(Goal.level != "national")))
        known = {(path, title): id for id, path, title in made}
        links = []
        for id, path, title in made:
            above = path.rsplit("/", 2)[0] + "/"
            if (above, title) in known:
                links.append({"goal_id": id, "above_id": known[above, title]})
        self._put(GoalLink, links)
        self.aims = {path: id for (path, title), id in known.items() if title == KINDS[0]}

    def _goal(self, unit_id: int, path: str, level: str, title: str) -> dict[str, Any]:
        return {
            "public_id": random_name(), "unit_id": unit_id, "path": path, "ceiling": "/sjovik/", "level": level, "title": title,
            "kind": "knowledge", "owner_id": self.people["fvn"].person_id, "valid_from": self.rounds[0].year.label,
            "state": "decided", "edition": 1, "decided_on": self.rounds[0].opens_on,
        }  # fmt: skip

    def _measures(self) -> None:
        """Three measures of each unit from the round before this, open; and one of each earlier round, that has ended.

        The first two aim at a goal and act on a cause.
        """
        before = self.rounds[-2] if len(self.rounds) > 1 else self.rounds[-1]
        made, ended = [], []
        for place in self._places("unit"):
            made += [self._measure(place, before, f"{number}", "open") for number in range(3)]
            ended += [self._measure(place, round, "9", "ended") for round in self.rounds[:-1][-8:]]
        self._put(Measure, [*made, *ended])
        stored = db.session.execute(select(Measure.id, Measure.round_id).where(Measure.state == "ended"))
        self._put(
            Outcome,
            [{"measure_id": id, "round_id": round_id, "kind": "done", "effect": WORDS[:200]} for id, round_id in stored],
        )

    def _measure(self, place: Mandate, round: Round, item: str, state: str) -> dict[str, Any]:
        aims = item in "01"
        return {
            "public_id": random_name(), "unit_id": place.unit_id, "path": place.path, "ceiling": "/sjovik/bun/fvn/",
            "round_id": round.id, "item": item, "question": "measures", "horizon": "quarter", "problem": WORDS[:160],
            "sign": WORDS[:120], "goal": KINDS[0] if aims else "", "goal_id": self.aims[place.path] if aims else None,
            "cause": WORDS[:90] if aims else "", "responsible_id": place.person_id, "due_year": self.rounds[-1].year.label,
            "due_number": self.rounds[-1].number, "lineage": random_name(), "carried": 0, "state": state,
        }  # fmt: skip

    def _support(self) -> None:
        """Every fifth unit has asked its area for something, and waits."""
        areas = {mandate.path: mandate.unit_id for mandate in self._places("area")}
        self._put(
            SupportRequest,
            [
                {
                    "public_id": random_name(), "unit_id": place.unit_id, "path": place.path, "item": "1", "text": WORDS[:200],
                    "receiver_id": areas["/".join(place.path.split("/")[:-2]) + "/"], "round_id": self.rounds[-1].id,
                    "state": "open", "asked_at": clock.now(), "answer": "",
                }
                for place in self._places("unit")[::5]
            ],
        )  # fmt: skip

    def _feedback(self) -> None:
        """The committee has said something about each of the last reports to every unit; most have read or answered it."""
        sender = self.people["bun"]
        units = self._places("unit")
        states = ("delivered", "read", "answered", "answered")
        for report in db.session.scalars(select(Report).order_by(Report.id.desc()).limit(4)).all():
            said = Feedback(
                unit_id=sender.unit_id, path=sender.path, author_id=sender.person_id, kind="feedback", about_kind="report",
                about=report.public_id, about_title=report.round.title, text=WORDS[:250], given_at=clock.now(), state="open",
            )  # fmt: skip
            db.session.add(said)
            db.session.flush()
            self._put(
                Delivery,
                [
                    {
                        "public_id": random_name(), "feedback_id": said.id, "unit_id": place.unit_id, "path": place.path,
                        "level": "unit", "state": (state := states[number % 4]), "delivered_at": clock.now(), "own_words": "",
                        "answer": WORDS[:200] if state == "answered" else "", "ended_reason": "",
                        "read_at": clock.now() if state != "delivered" else None,
                        "answered_at": clock.now() if state == "answered" else None,
                        "done_at": clock.now() if state == "answered" else None,
                    }
                    for number, place in enumerate(units)
                ],
            )  # fmt: skip

    def _places(self, level: str) -> list[Mandate]:
        return [mandate for mandate in self.people.values() if mandate.unit.level == level]

    def _put(self, model: Any, made: Iterable[dict[str, Any]]) -> None:
        if found := list(made):
            db.session.execute(insert(model.__table__), found)


def _shown(n: int, k: int, total: int) -> str:
    if total:
        return str(total // n if n else total)
    return str(round(100 * k / n)) if n else "0"


def _released(release: Release, sums: Sums) -> list[dict[str, Any]]:
    """The administration's shares, means and counts, rounded as a release does it."""
    names = ("indicator", "school_form", "subject", "year_group", "category", "basis")
    return [
        {
            "release_id": release.id, **dict(zip(names, key, strict=True)), "enrolled": 5 * round(enrolled / 5),
            "n": 5 * round(n / 5), "units": units, "expected": units, "shown": _shown(n, k, total), "withheld": "",
        }
        for key, (enrolled, n, k, units, total) in sums.items()
        if not key[4]
    ]  # fmt: skip
