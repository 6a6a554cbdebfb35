"""Where the demonstration is played: the moved clock, the units and everybody who may act. All is done by the links' actions."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from chain.access.policy import Role
from chain.base import clock
from chain.cycle.models import Round
from chain.demo import texts
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.organisation.rules import slug

DOMAIN = "sjovik.example"
SATURDAY = 5


class Stage:
    """Units by their key in tree.toml (groups: unit/group), mandates as role@unit, rounds by committee and slot."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.unit: dict[str, Unit] = {}
        self.held: dict[str, list[Mandate]] = defaultdict(list)
        self.round: dict[tuple[str, int], Round] = {}
        self._people: dict[str, Person] = {}
        self._drawn = Random("styrkedjan")

    def go(self, day: date, hour: int = 9) -> None:
        """Move the clock to a working day and an hour, and a few minutes past whatever was done last."""
        working = day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
        later = clock.now() + timedelta(minutes=self._drawn.randint(2, 9), seconds=self._drawn.randint(0, 59))
        clock.hold(max(clock.at(working, hour), later))

    def who(self, name: str) -> Mandate:
        """Who holds a role at a place today: principal@hamnskolan."""
        return next(each for each in self.held[name] if each.holds(clock.today()))

    def found_municipality(self, since: date) -> None:
        """The municipality and its steward, who adds everything else."""
        told = texts.opened("tree")
        first = told["unit"][0]
        self.unit[first["key"]] = organisation.add_unit(None, name=first["name"], level=first["level"], by=None, opened_on=since)
        name, role, at = told["people"]["list"][0]
        self._give(name, role, at, since, by=None)

    def build(self, since: date) -> None:
        """The tree as it stood a year ago, with everybody who worked in it."""
        told, steward = texts.opened("tree"), self.who("steward@sjovik")
        for line in told["unit"][1:]:
            facts: dict[str, Any] = {part: line[part] for part in ("kind", "code", "school_forms", "year_groups") if part in line}
            self.unit[line["key"]] = organisation.add_unit(
                self.unit[line["parent"]],
                name=line["name"],
                level=line["level"],
                slug=line["key"],
                opened_on=since,
                by=steward,
                **facts,
            )
        self._add_groups(since, new=False)
        for name, role, at, *more in told["people"]["list"][1:]:
            if at in self.unit and "acting" not in more:
                self._give(name, role, at, since, by=steward)

    def grow(self, since: date) -> None:
        """What is new this school year: more groups, and those who work in them."""
        self._add_groups(since, new=True)
        for name, role, at, *more in texts.opened("tree")["people"]["list"][1:]:
            if "acting" not in more and not self.held[f"{role}@{at}"]:
                self._give(name, role, at, since, by=self.who("steward@sjovik"))

    def replace_principal(self, since: date) -> None:
        """A principal has left; another acts for half a year."""
        steward = self.who("steward@sjovik")
        for name, role, at, *more in texts.opened("tree")["people"]["list"]:
            if "before" in more:
                organisation.end_mandate(self.who(f"{role}@{at}"), by=steward, last_day=since - timedelta(days=1))
            if "acting" in more:
                self._give(name, role, at, since, by=steward, valid_to=since + timedelta(days=180), acting=True)

    def _add_groups(self, since: date, *, new: bool) -> None:
        for unit, lines in texts.opened("tree")["groups"].items():
            for key, name, *more in lines:
                if ("new" in more) == new:
                    self.unit[f"{unit}/{key}"] = organisation.add_unit(
                        self.unit[unit], name=name, level="group", slug=key, opened_on=since, by=self.who("steward@sjovik")
                    )

    def _give(self, name: str, role: str, at: str, since: date, *, by: Mandate | None, **more: Any) -> None:
        if name not in self._people:
            self._people[name] = organisation.add_person(self.unit["sjovik"], name=name, email=address(name), by=by)
        mandate = organisation.give_mandate(self._people[name], Role(role), self.unit[at], by=by, valid_from=since, **more)
        self.held[f"{role}@{at}"].append(mandate)


def address(name: str) -> str:
    """An invented person's e-mail address: first and last name, at a domain that nobody can have."""
    first, _space, last = name.rpartition(" ")
    return f"{slug(first)}.{slug(last)}@{DOMAIN}"
