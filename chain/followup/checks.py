"""What keeps a follow-up from being handed in, section by section, and what its answers are checked against."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import aliased, joinedload

from chain.base.db import db
from chain.base.locale import _
from chain.base.locale import current as language
from chain.cycle import queries as cycle
from chain.cycle import rules as cycle_rules
from chain.cycle.models import Question, Round, RoundNode, Year
from chain.followup import answers
from chain.followup.answers import Context, Open
from chain.followup.models import Followup, Section, Submission
from chain.goal import queries as goal
from chain.measure import queries as measure
from chain.measure.models import Measure
from chain.measure.rules import Known, written_due
from chain.result import queries as result
from chain.result.rules import Figure, Indicator, Table

ROUNDS_BACK = 8  # two years of four rounds: an older figure explains nothing


@dataclass
class Work:
    """A follow-up as it is worked on, and its node. All else is read when it is first asked for: a save needs little of it."""

    followup: Followup
    node: RoundNode

    @cached_property
    def questions_of_the_year(self) -> list[Question]:
        return cycle.questions_of_the_year(self.node)

    @cached_property
    def questions(self) -> list[Question]:
        return [one for one in self.questions_of_the_year if cycle.is_put_to(self.node, one)]

    @property
    def set_aside(self) -> list[Question]:
        """What was answered and is asked no longer: its answer can be read, and is not handed in."""
        left = [one for one in self.questions_of_the_year if one.key in self.sections and one not in self.questions]
        return [one for one in left if not answers.KINDS[one.kind].is_empty(self.sections[one.key].answer)]

    @cached_property
    def sections(self) -> dict[str, Section]:
        here = select(Section).where(Section.followup_id == self.followup.id).options(joinedload(Section.saved_by))
        return {section.key: section for section in db.session.scalars(here)}

    @cached_property
    def open(self) -> list[Measure]:
        return measure.to_follow_up(self.followup.unit_id, self.node.round)

    @cached_property
    def indicators(self) -> list[Indicator]:
        return result.asked(self.node)

    @cached_property
    def tables(self) -> list[Table]:
        return result.tables(self.node, self.indicators)

    @cached_property
    def earlier(self) -> list[tuple[str, list[Figure]]]:
        return earlier(self.node)

    @cached_property
    def known(self) -> Known:
        # where the unit stands today: after a move its people are found there, for an earlier round as well
        people = {person.public_id: person.name for person in measure.people(self.node.unit.path)}
        dues = {
            written_due(label, number): _("%(round)s %(year)s", round=name, year=label)
            for label, number, name in cycle.upcoming(self.node.round)
        }
        return Known(people, dues, self.causes, self.goals)

    @property
    def goals(self) -> dict[str, str]:
        """The goals that a measure can belong to, by their address: those of the year, and of the next where it plans for it."""
        year = self.node.round.year.label
        ahead = any(question.extra.get("horizon") == "new_year" for question in self.questions)
        years = [year, cycle_rules.next_label(year)] if ahead else [year]
        return {
            one.public_id: one.name for label in years for one in goal.choosable(self.node.path, label, self.node.school_forms)
        }

    @property
    def causes(self) -> dict[str, str]:
        """The causes that have been written so far in sections that ask for such: what a measure can act on."""
        asked = [question for question in self.questions if question.kind == "analysis"]
        return {name: words for one in asked for name, words in answers.named_causes(one.key, self.answer(one)).items()}

    def context(self, question: Question) -> Context:
        """What an answer to a question is checked against. Nothing is fetched that its kind does not ask for."""
        options = {each["key"]: each[language()] for each in question.extra.get("options", [])}
        context = Context(max_length=question.extra.get("max_length"), options=options)
        if question.kind == "figures":
            return replace(context, tables=self.tables, earlier=self.earlier)
        if question.kind == "measures":
            return replace(context, known=self.known)
        if question.kind == "outcomes":
            return replace(context, known=self.known, open={one.public_id: self._waiting(one) for one in self.open})
        return context

    def _waiting(self, one: Measure) -> Open:
        here = (self.node.round.year.label, self.node.round.number)
        return Open(one.problem, due_has_come=(one.due_year, one.due_number) <= here)

    def answer(self, question: Question) -> answers.Answer:
        section = self.sections.get(question.key)
        return section.answer if section else answers.KINDS[question.kind].empty()

    def nothing_to_answer(self, question: Question) -> bool:
        """No measure waits for an outcome, or the node has no figures to give in this round."""
        if question.kind == "outcomes":
            return not self.open
        return question.kind == "figures" and not self.tables

    def wrong(self, question: Question) -> dict[str, str]:
        """What is wrong with an answer: {field: sentence}; `` for the section itself."""
        kind, answer = answers.KINDS[question.kind], self.answer(question)
        if self.nothing_to_answer(question):
            return {}
        if kind.is_empty(answer):
            return {"": _("Avsnittet är tomt, och det behöver fyllas i.")} if question.required else {}
        found = kind.problems(answer, self.context(question))
        section = self.sections.get(question.key)
        if not found and question.required and not (section and section.done):
            return {"": _("Läs igenom avsnittet och markera att det är klart.")}
        return found


def work(followup: Followup) -> Work:
    node = cycle.node(followup.round, followup.unit_id)
    assert node is not None, "a follow-up is made for a node of its round"
    return Work(followup, node)


def problems(followup: Followup) -> dict[str, str]:
    """What has to be done before it can be handed in: a sentence for each section that is not in order, by its key."""
    return problems_of(work(followup))


def problems_of(here: Work) -> dict[str, str]:
    found = {question.key: here.wrong(question) for question in here.questions}
    return {key: _told(list(wrong.values())) for key, wrong in found.items() if wrong}


def _told(sentences: list[str]) -> str:
    """The first three; a grid can be wrong in a hundred cells."""
    more = len(sentences) - 3
    rest = [_("Det finns %(n)s saker till att rätta i avsnittet.", n=more)] if more > 0 else []
    return " ".join(sentences[:3] + rest)


def earlier(node: RoundNode) -> list[tuple[str, list[Figure]]]:
    """The figures that the unit's own are compared with, as accepted: the same round last year first, then the newest."""
    year, number = node.round.year, node.round.number
    asked = {"unit": node.unit_id, "year": year.id, "starts_on": year.starts_on, "number": number, "rounds": ROUNDS_BACK}
    last_year = (cycle_rules.label_before(year.label), number)
    told = [(figures, (label, number) == last_year) for figures, label, number in db.session.execute(_earlier(), asked)]
    return [
        (_("samma tid förra året") if same else _("förra gången"), _figures(figures))
        for figures, same in sorted(told, key=lambda one: not one[1])
    ]


@cache  # putting it together takes as long as asking it
def _earlier() -> Select[Any, str, int]:
    before = (Year.starts_on < bindparam("starts_on")) | ((Year.id == bindparam("year")) & (Round.number < bindparam("number")))
    newer = aliased(Submission)  # a supplement stands beside the one that it adds to: a round is counted once
    supplement = (newer.followup_id == Submission.followup_id, newer.number > Submission.number, newer.state == "accepted")
    accepted = (Submission.unit_id == bindparam("unit"), Submission.state == "accepted", ~exists().where(*supplement))
    newest = (
        select(Submission.id, Year.label, Year.starts_on, Round.number)
        .join(Round, Submission.round_id == Round.id)
        .join(Year, Round.year_id == Year.id)
        .where(*accepted, before)
        .order_by(Year.starts_on.desc(), Round.number.desc())
        .limit(bindparam("rounds"))
        .subquery()  # chosen first: a database takes the figures out of all that it puts in order
    )
    figures = select(Submission.snapshot["figures"], newest.c.label, newest.c.number).join(newest, newest.c.id == Submission.id)
    return figures.order_by(newest.c.starts_on.desc(), newest.c.number.desc())


def _figures(stored: Iterable[dict[str, object]]) -> list[Figure]:
    return [Figure(**one) for one in stored]  # type: ignore[arg-type]
