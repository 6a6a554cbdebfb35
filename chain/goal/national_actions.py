"""Keeps the nation's goals in a municipality: taken in when a year is opened, hidden, and given words of its own beside."""

from typing import Any

from sqlalchemy import select

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.events import listen
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle.models import Year
from chain.goal import queries, rules, shipped
from chain.goal.models import Goal
from chain.organisation.models import Mandate, Unit


@listen("year_opened", "goal")
def adopt_at_year(*, year: Year, by: Actor | None, **_more: Any) -> None:
    """The national goals that the municipality does not have yet come with the year."""
    root = db.session.scalars(select(Unit).where(Unit.path == policy.ancestors(year.path)[0])).one()
    _take_in(root)


@atomic
def adopt(municipality: Unit, *, by: Mandate) -> int:
    """Take in the shipped national goals that are not there yet. Answers how many came; those that are there stay as they are."""
    _may_prepare(municipality, by)
    made = _take_in(municipality)
    audit.note("goal.adopt", about=municipality, count=made)
    return made


def _take_in(municipality: Unit) -> int:
    lock(db.session(), f"goal:{municipality.path}")
    known = set(db.session.scalars(select(Goal.key).where(Goal.unit_id == municipality.id, Goal.key.is_not(None))))
    new = [one for one in shipped.goals().values() if one.key not in known]
    db.session.add_all(
        Goal(
            unit_id=municipality.id,
            path=municipality.path,
            ceiling=municipality.path,
            level=rules.NATIONAL,
            kind=one.kind,
            title=one.title["sv"],
            text=one.text["sv"],
            source=one.source,
            link=one.link,
            key=one.key,
            school_forms=list(one.school_forms),
            valid_from=rules.SINCE,
            state="decided",
            decided_on=clock.today(),
        )
        for one in new
    )
    return len(new)


@atomic
def keep_national(goal: Goal, *, hidden: bool, own_words: str, by: Mandate) -> None:
    """Say whether the municipality uses a national goal, and what it says beside it. Its own words are never changed."""
    guard.require(Action.PREPARE, goal, by)
    if goal.level != rules.NATIONAL:
        raise RuleBroken(_("Bara nationella mål kan döljas. Avsluta målet i stället."))
    if hidden and queries.used([goal])[goal.id]:
        raise RuleBroken(_("Det finns mål som bryter ner ”%(title)s”. Ändra dem först.", title=goal.name))
    if len(own_words) > rules.LONGEST_TEXT:
        sentence = _("Skriv högst %(n)s tecken.", n=rules.LONGEST_TEXT)
        raise RuleBroken(sentence, {"own_words": sentence})
    goal.hidden, goal.own_words = hidden, own_words.strip()
    audit.note("goal.keep_national", about=goal, hidden=hidden)


def _may_prepare(municipality: Unit, by: Mandate) -> None:
    guard.require(
        Action.PREPARE, Goal(unit_id=municipality.id, path=municipality.path, level=rules.NATIONAL, state="decided"), by
    )  # fmt: skip
