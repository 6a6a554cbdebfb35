"""What was said down the chain and what came of it: for who said it, for who got it, and for what it was about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Bundle, contains_eager, defer, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from chain.access import policy
from chain.access.policy import Role
from chain.base import clock
from chain.base.db import Base, db
from chain.base.events import listen
from chain.base.locale import _, day, sorted_by_name
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.dialogue.models import Dialogue
from chain.feedback import rules
from chain.feedback.models import Delivery, Feedback
from chain.feedback.rules import Reach
from chain.followup.models import Citation, Followup, Submission
from chain.followup.rules import HANDED_UP
from chain.matter import queries as matter
from chain.matter.models import Decision
from chain.organisation.models import Mandate, Unit
from chain.report.models import Report

MODELS: dict[str, type[Base]] = {"report": Report, "decision": Decision, "submission": Submission, "dialogue": Dialogue}
PAGES = {"report": "report.show", "decision": "matter.show", "submission": "followup.show", "dialogue": "dialogue.show"}
WRITERS = (Role.STAFF, Role.PRINCIPAL, Role.DEPUTY, Role.AREA_HEAD, Role.OFFICER, Role.DIRECTOR)
WITH_DECISION = "feedback-"  # how the fields are called that are sent along when a decision is recorded
SOME = "some"  # the choice of named nodes
NEAREST = (Role.PRINCIPAL, Role.AREA_HEAD, Role.DIRECTOR, Role.MEMBER, Role.SECRETARY)  # who sees the names right below


# What it is about


def about(mandate: Mandate, kind: str, public_id: str) -> Base | None:
    """The report, decision, submission or dialogue with this address, if the mandate may read it."""
    model: Any = MODELS.get(kind)
    if model is None:
        return None
    found = policy.visible(mandate, model).where(model.public_id == public_id)
    return db.session.scalars(found.options(*_titled(model))).first()


def _titled(model: Any) -> tuple[ORMOption, ...]:
    """What the title of a thing takes."""
    return joinedload(model.unit), joinedload(model.round).joinedload(Round.year)


def title(thing: Any) -> str:
    """What it is about, in words that anybody may read: no content."""
    if isinstance(thing, Decision):
        return str(_("Beslut %(paragraph)s, %(day)s", paragraph=thing.paragraph, day=day(thing.decided_on)))
    if isinstance(thing, Dialogue):
        return str(_("Kvalitetsdialogen %(day)s med %(unit)s", day=day(thing.held_on), unit=thing.unit.name))
    rounds = thing.round.in_year
    if isinstance(thing, Report):
        return str(_("Rapporten till nämnden, %(round)s", round=rounds))
    return str(_("Det som %(unit)s lämnade in, %(round)s", unit=thing.unit.name, round=rounds))


def titles(given: Iterable[Feedback]) -> dict[str, str]:
    """What some feedback is about, by the thing's public id: in the reader's language, whichever the giver wrote in."""
    kinds, found = defaultdict(set), {}
    for one in given:
        kinds[one.about_kind].add(one.about)
        found[one.about] = one.about_title
    for kind, names in kinds.items():
        model: Any = MODELS[kind]
        words = (*_titled(model), defer(model.snapshot)) if model is Submission else _titled(model)
        things = db.session.scalars(select(model).where(model.public_id.in_(names)).options(*words))
        found |= {thing.public_id: title(thing) for thing in things}
    return found


# To whom


def receivers(mandate: Mandate) -> list[tuple[str, list[Unit]]]:
    """Who may be given feedback by a mandate: the level right below, and for the administration areas and units.

    Level key → open units of the own organiser, in Swedish order.
    """
    units = _open_below(mandate.path)
    direct = [one for one in units if one.parent_id == mandate.unit_id]
    wide = {one.level for one in direct} | ({"area", "unit"} if mandate.unit.level == "administration" else set())
    chosen = [one for one in units if one.parent_id == mandate.unit_id or one.level in wide]
    found: dict[str, list[Unit]] = {key: [] for key in cycle.levels()}
    for one in sorted_by_name(chosen):
        found[one.level].append(one)
    return [(level, here) for level, here in found.items() if here]


def chosen(offered: list[tuple[str, list[Unit]]], whom: str, names: Iterable[str]) -> list[Unit]:
    """Of those offered, a whole level or the nodes of these names (public ids); where there is but one to choose, that one."""
    every = [unit for _level, units in offered for unit in units]
    if len(every) == 1:
        return every
    if whom == SOME:
        named = set(names)
        return [unit for unit in every if unit.public_id in named]
    return next((units for level, units in offered if level == whom), [])


def _open_below(path: str) -> list[Unit]:
    here = (policy.below(path, Unit.path), Unit.context.is_(False))
    return [one for one in db.session.scalars(select(Unit).where(*here)) if one.open]


def children(unit_id: int) -> list[Unit]:
    """The open nodes right below a unit, of the same organiser."""
    here = db.session.scalars(select(Unit).where(Unit.parent_id == unit_id, Unit.context.is_(False)))
    return sorted_by_name(one for one in here if one.open)


def people_at(unit_ids: Iterable[int]) -> dict[int, list[str]]:
    """The public ids of those who answer for each unit today."""
    today, found = clock.today(), defaultdict(list)
    here = select(Mandate).where(Mandate.unit_id.in_(list(unit_ids)), Mandate.role.in_(WRITERS))
    for mandate in db.session.scalars(here.options(joinedload(Mandate.person))):
        if mandate.holds(today) and mandate.person.ended_at is None:
            found[mandate.unit_id].append(mandate.person.public_id)
    return found


# The whole of one


@dataclass(frozen=True)
class Trail:
    """One piece of feedback with all that came of it. `late`: the day for answers has passed."""

    feedback: Feedback
    copies: list[Any]  # deliveries, or in lists what is read of them
    late: bool = False
    _done: list[set[int]] = field(default_factory=list)

    @property
    def reach(self) -> list[Reach]:
        return rules.reach(self.copies, list(cycle.levels()), late=self.late)

    @property
    def stopped(self) -> list[tuple[Delivery, int]]:
        return rules.stopped(self.copies, clock.today())

    @property
    def answers(self) -> list[tuple[str, list[Delivery]]]:
        """What has been answered, level by level from the top."""
        return by_level(copy for copy in self.copies if copy.answer)

    @property
    def turn(self) -> str | None:
        """The level that it waits for: the highest where somebody has neither answered nor passed on."""
        waiting = {copy.level for copy in self.copies if copy.state in rules.WAITING}
        return next((level for level in cycle.levels() if level in waiting), None)

    @property
    def done(self) -> bool:
        return len(rules.done(self.copies, late=self.late)) == len(self.copies)

    def under(self, delivery: Delivery) -> list[Delivery]:
        return rules.under(self.copies, delivery)

    def line(self, delivery: Delivery) -> list[Delivery]:
        return rules.line(self.copies, delivery)

    def below(self, delivery: Delivery) -> "Trail":
        """The same, as the node of a delivery sees it: what came of its own passing on."""
        return Trail(self.feedback, self.under(delivery), self.late)


def by_level(copies: Iterable[Delivery]) -> list[tuple[str, list[Delivery]]]:
    found: dict[str, list[Delivery]] = {key: [] for key in cycle.levels()}
    for copy in copies:
        found[copy.level].append(copy)
    return [(level, here) for level, here in found.items() if here]


def full_name(unit: Unit) -> str:
    """A unit's name, with its school's after it for what stands below the units: `Arbetslag 4–6, Alskolan`."""
    known = cycle.levels()
    rank = known[unit.level].rank if unit.level in known else 0
    below = any(level.collects_figures and level.rank < rank for level in known.values())
    return f"{unit.name}, {unit.parent.name}" if below and unit.parent else unit.name


def _copies() -> Select[Delivery]:
    return select(Delivery).options(joinedload(Delivery.unit).joinedload(Unit.parent), joinedload(Delivery.read_by))


def trail(feedback: Feedback) -> Trail:
    """A piece of feedback with every delivery of it, units in Swedish order, in one statement."""
    copies = sorted_by_name(
        db.session.scalars(_copies().where(Delivery.feedback_id == feedback.id)), name=lambda copy: full_name(copy.unit)
    )
    return Trail(feedback, copies, rules.past_due(feedback.due_on, clock.today()))


def _trails(given: Select[Feedback]) -> list[Trail]:
    whole = given.options(joinedload(Feedback.unit), joinedload(Feedback.author))
    found = db.session.scalars(whole.order_by(Feedback.given_at.desc(), Feedback.id.desc())).all()
    copies, today = _far(found), clock.today()
    return [Trail(one, copies[one.id], rules.past_due(one.due_on, today)) for one in found]


def _far(given: Sequence[Feedback]) -> dict[int, list[Any]]:
    """How far each has come: rows, and only what is read of them, for there may be a delivery for each unit of a city."""
    d, ids, copies = Delivery, [one.id for one in given], defaultdict(list)
    columns = (
        d.feedback_id,
        d.id,
        d.from_id,
        d.unit_id,
        d.level,
        d.state,
        d.answer,
        d.answered_at,
        Bundle[Any]("unit", Unit.name),
    )
    read = select(*columns).join(d.unit).where(d.feedback_id.in_(ids)).order_by(d.path)
    for copy in db.session.execute(read) if ids else ():
        copies[copy.feedback_id].append(copy)
    return copies


def sent(unit_id: int) -> list[Trail]:
    """What a unit has said, the newest first, with what came of it."""
    return _trails(select(Feedback).where(Feedback.unit_id == unit_id))


def sent_about(unit_id: int, things: Sequence[str]) -> list[Trail]:
    """What a unit has said about some things (public ids), the newest first."""
    if not things:
        return []
    return _trails(select(Feedback).where(Feedback.unit_id == unit_id, Feedback.about.in_(things)))


def sent_from(path: str, things: Sequence[str], until: date | None = None) -> list[Trail]:
    """What the unit at a path has said about some things, or had said at the end of a day."""
    given = _trails(select(Feedback).where(Feedback.path == path, Feedback.about.in_(things))) if things else []
    return [one for one in given if until is None or clock.had_come(one.feedback.given_at, until)]


def answers_from_nearest(trail: Trail, until: date | None = None) -> list[Delivery]:
    """What those to whom it was given have answered, or had answered at the end of a day."""
    nearest = [copy for copy in trail.copies if copy.answer and not copy.from_id]
    return [copy for copy in nearest if until is None or (copy.answered_at and clock.had_come(copy.answered_at, until))]


def received_about(unit_id: int, thing: str) -> list[Delivery]:
    """What a unit has got about one thing (public id)."""
    here = (Delivery.unit_id == unit_id, Feedback.about == thing)
    found = select(Delivery).join(Delivery.feedback).where(*here).order_by(Delivery.id)
    return list(db.session.scalars(found.options(joinedload(Delivery.feedback).joinedload(Feedback.unit))))


def passed_on_about(unit_id: int, things: Collection[str]) -> list[tuple[Delivery, Trail]]:
    """What a unit has got about some things (public ids), each with what came of its own passing on. Two statements."""
    got = select(Delivery).join(Delivery.feedback).where(Delivery.unit_id == unit_id, Feedback.about.in_(things))
    whole = contains_eager(Delivery.feedback).joinedload(Feedback.unit), joinedload(Delivery.unit).joinedload(Unit.parent)
    found = list(db.session.scalars(got.options(*whole).order_by(Delivery.id))) if things else []
    copies = _far([one.feedback for one in found])
    return [(one, Trail(one.feedback, copies[one.feedback_id]).below(one)) for one in found]


def received(unit_id: int) -> list[Delivery]:
    """What a unit has got, the newest first."""
    whole = joinedload(Delivery.feedback).joinedload(Feedback.unit)
    here = select(Delivery).where(Delivery.unit_id == unit_id).options(whole, joinedload(Delivery.unit))
    return list(db.session.scalars(here.order_by(Delivery.delivered_at.desc(), Delivery.id.desc())))


def waiting(unit_id: int) -> list[Delivery]:
    """What waits for a unit: neither answered nor passed on, and not closed by who sent it. The oldest first."""
    whole = joinedload(Delivery.feedback).joinedload(Feedback.unit)
    here = (Delivery.unit_id == unit_id, Delivery.state.in_(rules.WAITING), Feedback.state == "open")
    found = select(Delivery).join(Delivery.feedback).where(*here).options(whole)
    return list(db.session.scalars(found.order_by(Delivery.delivered_at, Delivery.id)))


@listen("pack_made", "feedback")
def told_in(*, unit_id: int, since: date, pack: dict[str, Any], **_more: Any) -> None:
    """What a unit has got since a day and what it has answered, for its preparation; never what those below it have said."""
    begun = clock.at(since, 0)
    got = select(Delivery).join(Delivery.feedback).where(Delivery.unit_id == unit_id, Delivery.delivered_at >= begun)
    whole = contains_eager(Delivery.feedback).joinedload(Feedback.unit)
    pack["feedback"] = [
        {
            "from": one.feedback.unit.name, "about": one.feedback.about_title, "text": one.feedback.text, "state": one.state,
            "day": clock.date_of(one.delivered_at).isoformat(), "answer": one.answer,
        }
        for one in db.session.scalars(got.options(whole).order_by(Delivery.delivered_at, Delivery.id))
    ]  # fmt: skip


def said_before(feedback: Feedback, to: Iterable[Unit]) -> Feedback | None:
    """The open one by the same person that says exactly the same about the same thing to the same units, if there is one."""
    f, alike = Feedback, ("unit_id", "author_id", "kind", "about_kind", "about", "text")
    same = (getattr(f, name) == getattr(feedback, name) for name in alike)
    due = f.due_on.is_(None) if feedback.due_on is None else f.due_on == feedback.due_on
    given = list(db.session.scalars(select(f).where(*same, due, f.state == "open").order_by(f.id.desc())))
    first = select(Delivery.feedback_id, Delivery.unit_id).where(
        Delivery.feedback_id.in_([one.id for one in given]), Delivery.from_id.is_(None)
    )
    told: dict[int, set[int]] = defaultdict(set)
    for feedback_id, unit_id in db.session.execute(first) if given else ():
        told[feedback_id].add(unit_id)
    return next((one for one in given if told[one.id] == {unit.id for unit in to}), None)


def sees_names(mandate: Mandate, delivery: Delivery) -> bool:
    """Whether a reader's name is shown: at the own unit, and to the nearest head. Above that, units."""
    nearest = delivery.unit.parent_id == mandate.unit_id and mandate.role in NEAREST
    return delivery.unit_id == mandate.unit_id or nearest


# This is what happened with what you wrote


@dataclass(frozen=True)
class Passage:
    """Words that were lifted; `changed`: what they were lifted from has come back to its authors since."""

    words: str
    changed: bool


@dataclass(frozen=True)
class Happened:
    """What came of a node's last submission, as far as its own people may know."""

    round: Round
    submission: Submission | None
    cited: list[tuple[Unit, list[Passage]]]
    report: Report | None  # the committee's page, which the whole chain may read
    decisions: list[Decision]
    received: list[Delivery]

    @property
    def anything(self) -> bool:
        return bool(self.submission or self.received or self.decisions or self.report)


def happened(followup: Followup) -> Happened | None:
    """What happened with what a node wrote in the round before; None before there was one."""
    last = cycle.previous(followup.round)
    if last is None:
        return None
    handed_up = (Submission.round_id == last.id, Submission.unit_id == followup.unit_id)
    here = select(Submission).where(*handed_up, Submission.state.in_(HANDED_UP))
    submission = db.session.scalars(
        here.options(joinedload(Submission.decided_by)).order_by(Submission.number.desc()).limit(1)
    ).first()
    since = Delivery.delivered_at >= last.opened_at
    got = select(Delivery).where(Delivery.unit_id == followup.unit_id, since)
    got = got.options(joinedload(Delivery.feedback).joinedload(Feedback.unit)).order_by(Delivery.delivered_at)
    return Happened(
        last,
        submission,
        _cited(submission) if submission else [],
        db.session.scalars(select(Report).where(Report.round_id == last.id)).first(),
        matter.about(last),
        list(db.session.scalars(got)),
    )


def _cited(submission: Submission) -> list[tuple[Unit, list[Passage]]]:
    """Who above has lifted which of its passages into what stands handed up, the nearest first.

    A version that was handed in anew is told apart from the one before it; what was returned or taken back tells nothing.
    """
    above = (Citation.path.in_(policy.ancestors(submission.path)), Submission.round_id == submission.round_id)
    cited = contains_eager(Citation.submission).load_only(Submission.followup_id, Submission.state)
    citing = joinedload(Citation.followup).joinedload(Followup.unit)
    rows = db.session.scalars(
        select(Citation).join(Citation.submission).where(*above).options(cited, citing).order_by(Citation.id)
    ).all()
    own = [row.public_id for row in rows if row.submission.followup_id == submission.followup_id]
    found: dict[int, tuple[Unit, list[Passage]]] = {}
    for row in sorted(rules.lifted(rows, own), key=lambda row: -len(row.path)):
        if row.state == "handed_up" and row.followup.state in HANDED_UP:
            _unit, passages = found.setdefault(row.unit_id, (row.followup.unit, []))
            passages.append(Passage(row.words, row.stale))
    return list(found.values())
