"""Does what was chosen of what a source says, a line at a time, within the confirmation's own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from sqlalchemy import delete

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.intake import queries as tree
from chain.intake.ss12000_changes import Change, Link, Plan
from chain.intake.ss12000_models import ExternalId, Source
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate, Person, Unit
from chain.organisation.rules import child_path, slug


@dataclass(frozen=True)
class End:
    """Who takes over after a unit that closes, or why nobody does. `seen`: the mark of what was shown as waiting there."""

    successor: Unit | None = None
    reason: str = ""
    seen: str = ""


Closing = Mapping[str, End]  # by the line's key


class Doing:
    """One confirmation at work: what the source's ids are here grows as it goes on."""

    def __init__(
        self, municipality: Unit, source: Source, plan: Plan, place: Unit | None, closing: Closing, by: Mandate
    ) -> None:  # fmt: skip
        self.municipality, self.source, self.place, self.closing, self.by = municipality, source, place, closing, by
        self.stands = dict(plan.stands)
        self.persons: dict[str, Person] = {}
        self.new: list[Person] = []
        self.links: list[Link] = []

    def do(self, change: Change) -> None:
        """Do one line. A refusal says which one."""
        try:
            getattr(self, f"_{change.what}")(change)
        except RuleBroken as no:
            sentence = f"{change.sentence} {no.sentence}"
            raise RuleBroken(sentence, {change.key: no.sentence}) from no

    def about(self, change: Change) -> tuple[Unit, int | None, dict[str, str]]:
        """The unit and the person that a line that was done is about, and what is told of a mandate."""
        if change.what == "end":
            ended, last = db.session.get_one(Mandate, change.mandate_id), change.end.isoformat() if change.end else ""
            return ended.unit, ended.person_id, {"role": ended.role.value, "day": last}
        if change.what == "change_person":
            return self.municipality, change.person_id, {"role": "", "day": ""}
        if change.wanted:
            person, first = self._person(change), change.start.isoformat() if change.start else ""
            return self._unit(change.wanted.place), person.id, {"role": change.wanted.role, "day": first}
        return self._own(change) if change.unit_id else self._unit(change.about), None, {}

    def _unit(self, external_id: str) -> Unit:
        return db.session.get_one(Unit, self.stands[external_id])

    def _own(self, change: Change) -> Unit:
        return db.session.get_one(Unit, change.unit_id)

    def _stand(self, external_id: str, unit: Unit) -> None:
        self.stands[external_id] = unit.id
        self.links.append(Link("unit", external_id, unit.id))

    def _add_unit(self, change: Change) -> None:
        node = change.node
        assert node is not None
        parent = self._unit(node.parent) if node.parent else self.place
        assert parent is not None  # _check
        made = organisation.add_unit(
            parent, name=node.name, level=node.level, kind=node.kind, code=node.code, slug=_free_step(parent, node.name),
            school_forms=list(node.school_forms), organiser=self.municipality.name, opened_on=clock.today(), by=self.by,
        )  # fmt: skip
        self._stand(node.id, made)

    def _link_unit(self, change: Change) -> None:
        self._stand(change.about, self._own(change))

    def _change_unit(self, change: Change) -> None:
        unit, node = self._own(change), change.node
        assert node is not None
        named = change.said[0] == "name"
        organisation.change_unit(
            unit, name=node.name if named else unit.name, kind=unit.kind, year_groups=list(unit.year_groups),
            school_forms=list(unit.school_forms if named else node.school_forms), organiser=unit.organiser,
            version=unit.version, by=self.by,
        )  # fmt: skip
        db.session.flush()  # a further line about the unit begins from its new version

    def _code(self, change: Change) -> None:
        assert change.node is not None
        organisation.add_code(self._own(change), change.node.code, valid_from=clock.today(), by=self.by)

    def _move_unit(self, change: Change) -> None:
        assert change.node is not None
        unit = self._own(change)
        organisation.move_unit(unit, under=self._unit(change.node.parent), version=unit.version, by=self.by)
        db.session.flush()

    def _give(self, change: Change) -> None:
        wanted = change.wanted
        assert wanted is not None
        person = self._person(change)
        unit = self._unit(wanted.place)
        made = organisation.give_mandate(
            person, Role(wanted.role), unit, valid_from=change.start, valid_to=change.end, by=self.by
        )  # fmt: skip
        self.links += [Link("mandate", key, made.id) for key in wanted.keys]

    def _person(self, change: Change) -> Person:
        """Who it is; a new person the first time that somebody unknown is met."""
        staff = change.staff
        assert staff is not None
        found = db.session.get(Person, change.person_id) if change.person_id else self.persons.get(staff.id)
        if found is None:
            found = organisation.add_person(self.municipality, name=staff.name, email=staff.email, by=self.by)
            self.links.append(Link("person", staff.id, found.id))
            self.new.append(found)
        self.persons[staff.id] = found
        return found

    def _end(self, change: Change) -> None:
        mandate = db.session.get_one(Mandate, change.mandate_id)
        organisation.end_mandate(mandate, last_day=change.end, by=self.by)
        if change.end is None:
            db.session.execute(
                delete(ExternalId).where(ExternalId.source_id == self.source.id, ExternalId.mandate_id == mandate.id)
            )

    def _change_person(self, change: Change) -> None:
        assert change.staff is not None
        person = db.session.get_one(Person, change.person_id)
        organisation.change_person(
            person, name=change.staff.name, email=change.staff.email, version=person.version, by=self.by
        )  # fmt: skip

    def _close_unit(self, change: Change) -> None:
        unit = self._own(change)
        end = self.closing[change.key]
        organisation.close_unit(unit, successor=end.successor, reason=end.reason, version=unit.version, by=self.by)


def _free_step(parent: Unit, name: str) -> str:
    """The name as a step of a path; with a number where another, perhaps a closed one, has it."""
    plain = slug(name)
    steps = (plain if number == 1 else f"{plain}-{number}" for number in count(1))
    return next(step for step in steps if not tree.standing_at(child_path(parent.path, step)))
