"""Copying what is measured into a year, so that the year can change it and later years stay comparable."""

from collections.abc import Mapping
from typing import Any

from chain.base import events
from chain.base.db import db
from chain.cycle.models import Year
from chain.result import rules, shipped
from chain.result.models import Indicator, Scale


@events.listen("year_opened", "result")
def copy_shipped(year: Year, asks: Mapping[int, int], **facts: Any) -> None:
    """The indicators in use, asked in those of the year's rounds that ask as the shipped ones do, and all grade scales."""
    for one in rules.in_use(shipped.indicators(shipped.DATA), year.label):
        numbers = [number for number, like in asks.items() if like in one.rounds]
        if numbers or one.kind == "published":
            said = shipped.facts(one) | ({"rounds": numbers} if numbers else {})
            db.session.add(Indicator(year_id=year.id, key=one.key, kind=one.kind, facts=said))
    db.session.add_all(
        Scale(year_id=year.id, key=scale.key, facts=shipped.facts(scale)) for scale in shipped.scales(shipped.DATA)
    )
