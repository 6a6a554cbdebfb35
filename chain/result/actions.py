"""Copying what is measured into a year, and keeping it there: a municipality's own words, its own indicators, what is hidden."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, events
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _, current
from chain.cycle import rules as cycle
from chain.cycle.models import Round, Year
from chain.organisation.models import Mandate
from chain.result import grid_rules, keeping, queries, rules, shipped
from chain.result.models import ImportedFigures, Indicator, Scale


@events.listen("year_opened", "result")
def copy_shipped(year: Year, asks: Mapping[int, int], like: Year | None = None, **facts: Any) -> None:
    """The indicators in use, asked in those of the year's rounds that ask as the shipped ones do, and all grade scales.

    As they stand in an earlier year where one is given; what has been shipped since comes after them, hidden.
    """
    copies = list(_as_before(like, year, asks)) if like else []
    known = {one.key for one in copies}
    for one in grid_rules.in_use(shipped.indicators(shipped.DATA), year.label):
        numbers = [number for number, like_round in asks.items() if like_round in one.rounds]
        if one.key not in known and (numbers or one.kind == "published"):
            said = shipped.facts(one) | ({"rounds": numbers} if numbers else {})
            hidden = 1 if like and one.kind != "published" else None
            copies.append(Indicator(key=one.key, kind=one.kind, facts=said, hidden_from=hidden))
    for place, copy in enumerate(copies, 1):
        copy.year_id, copy.position = year.id, 10 * place
    db.session.add_all(copies)
    db.session.add_all(
        Scale(year_id=year.id, key=scale.key, facts=shipped.facts(scale)) for scale in shipped.scales(shipped.DATA)
    )


def _as_before(like: Year, year: Year, asks: Mapping[int, int]) -> Iterator[Indicator]:
    """The entered ones of an earlier year that are still in use, in the rounds of the same numbers."""
    stored = queries.kept(like.id)
    in_use = {one.key for one in grid_rules.in_use((shipped.indicator_from(each.facts) for each in stored), year.label)}
    then = {one.number for one in like.rounds}
    for one in stored:
        asked = one.facts["rounds"]
        numbers = list(asks) if then <= set(asked) else [number for number in asks if number in asked]
        if one.key in in_use and numbers:
            hidden = None if one.hidden_from is None else 1
            yield Indicator(key=one.key, kind=one.kind, facts={**one.facts, "rounds": numbers}, hidden_from=hidden)


@atomic
def add_indicator(year: Year, *, facts: Mapping[str, Any], by: Mandate) -> Indicator:
    """Measure something of the municipality's own, by the rules of the shipped ones, from now on in the rounds that are named."""
    guard.require(Action.KEEP, year, by)
    key = keeping.own_key(random_name())
    said = {**facts, "key": key, "first_valid": keeping.first_valid(year.label)}
    made = keeping.checked({name: value for name, value in said.items() if value is not None})
    _check_own(year, made)
    asked = queries.kept(year.id)
    indicator = Indicator(
        year_id=year.id, key=key, kind=made.kind, facts=shipped.facts(made), position=asked[-1].position + 10 if asked else 10
    )
    db.session.add(indicator)
    db.session.flush()
    audit.note("result.add_indicator", about=year, key=key, kind=made.kind)
    return indicator


def _check_own(year: Year, made: rules.Indicator) -> None:
    if made.kind not in keeping.OWN_KINDS:
        raise RuleBroken(_("Välj vilket slag av mått det är."), {"kind": _("Välj vilket slag av mått det är.")})
    if made.scale and made.scale not in {one.key for one in queries.scales(year.id)}:
        raise RuleBroken(_("Välj vilken skala fördelningen har."), {"scale": _("Välj vilken skala fördelningen har.")})
    if made.least is not None and made.most is not None and made.least >= made.most:
        raise RuleBroken(_("Det lägsta ska vara lägre än det högsta."), {"least": _("Det lägsta ska vara lägre än det högsta.")})
    if any(number not in {one.number for one in year.rounds} for number in made.rounds):
        raise RuleBroken(_("Välj minst en uppföljning."), {"rounds": _("Välj minst en uppföljning.")})


@atomic
def change_indicator(indicator: Indicator, *, facts: Mapping[str, Any], version: int, by: Mandate) -> Indicator:
    """Other words, rounds, year groups, subjects or thresholds; of the municipality's own also what it is, until it is used.

    `facts` go before what is stored. What has been entered stays with its draft; what has been handed in keeps its own words.
    """
    year = _keep_year_of(indicator, by)
    if indicator.version != version:
        told = _("Någon annan har ändrat måttet sedan du öppnade sidan. Jämför med det som står nu och spara igen.")
        raise RuleBroken(told, {"version": told})
    after = {**indicator.facts, **facts, "key": indicator.key}
    if not indicator.own:
        after |= {key: indicator.facts[key] for key in (*keeping.LOCKED, "derived_from") if key in indicator.facts}
    made = keeping.checked({key: value for key, value in after.items() if value is not None}, indicator.facts)
    if indicator.own:
        _check_own(year, made)
    name = made.words(current()).name
    said = shipped.facts(made)
    keeping.check_lock(indicator.facts, said, _told_in(year.id, indicator.key) | _read_in(year.id, indicator.key), name)
    names, opened = {one.number: one.title for one in year.rounds}, [one.number for one in year.rounds if one.opened_at]
    cycle.check_rounds(name, indicator.facts["rounds"], list(made.rounds), names, opened, carries=False)
    indicator.facts, indicator.kind, indicator.version = said, made.kind, indicator.version + 1
    audit.note("result.change_indicator", about=year, key=indicator.key)
    return indicator


@atomic
def move_indicator(indicator: Indicator, *, step: int, by: Mandate) -> Indicator:
    """Show it one place earlier (-1) or later (1). At the ends it stays."""
    year = _keep_year_of(indicator, by)
    asked = queries.kept(year.id)
    order = cycle.moved([one.key for one in asked], indicator.key, step)
    for one in asked:
        one.position = 10 * (order.index(one.key) + 1)
    audit.note("result.move_indicator", about=year, key=indicator.key)
    return indicator


@atomic
def hide_indicator(indicator: Indicator, *, by: Mandate) -> Indicator:
    """Ask for it no longer: from the round that is open, or from the next where somebody has handed in figures in it."""
    year = _keep_year_of(indicator, by)
    opened = [one.number for one in year.rounds if one.opened_at]
    indicator.hidden_from = keeping.hidden_from(_told_in(year.id, indicator.key), opened)
    audit.note("result.hide_indicator", about=year, key=indicator.key, hidden_from=indicator.hidden_from)
    return indicator


@atomic
def show_indicator(indicator: Indicator, *, by: Mandate) -> Indicator:
    """Ask for a hidden one again."""
    year = _keep_year_of(indicator, by)
    indicator.hidden_from = None
    audit.note("result.show_indicator", about=year, key=indicator.key)
    return indicator


def _told_in(year_id: int, key: str) -> set[int]:
    """The numbers of the rounds in which figures for an indicator have been handed in, those that came back to be mended too."""
    told: set[int] = set()
    events.tell("figures_looked_for", year_id=year_id, key=key, told=told)
    return told


def _read_in(year_id: int, key: str) -> set[int]:
    """The numbers of the rounds for which a file with figures for an indicator has been read in: they wait as whole numbers of
    its decimals."""
    named = cast(ImportedFigures.figures, String).contains(json.dumps(key), autoescape=True)
    found = (
        select(Round.number).join(ImportedFigures, ImportedFigures.round_id == Round.id).where(Round.year_id == year_id, named)
    )
    return set(db.session.scalars(found.distinct()))


def _keep_year_of(indicator: Indicator, by: Mandate) -> Year:
    """The indicator's year, with its rounds; the indicator held, so that the next to change it sees what this one did."""
    db.session.refresh(indicator, with_for_update=True)
    whole = joinedload(Year.committee), selectinload(Year.rounds)
    year = db.session.scalars(select(Year).where(Year.id == indicator.year_id).options(*whole)).one()
    guard.require(Action.KEEP, year, by)
    return year
