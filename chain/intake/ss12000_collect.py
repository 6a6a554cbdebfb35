"""Asks a source for what concerns us, and for nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from chain.base import clock
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.intake import ss12000_reading as reading
from chain.intake import ss12000_rules as rules
from chain.intake.ss12000 import Client, NotOffered, word
from chain.intake.ss12000_changes import Known
from chain.intake.ss12000_compare import compare
from chain.intake.ss12000_grades import Tally, Term, syllabus, tally
from chain.intake.ss12000_reading import Facts

LOOK_UP = 100  # people asked for at a time
MOST_ROWS = 400_000  # duties of the largest city many times over


def collect(client: Client, here: Known, after: datetime | None) -> Facts:
    """Everything that the source knows and that concerns us. Only what is asked for here ever leaves it.

    Organisations and groups are always asked for whole. Duties are asked for whole as well, unless nothing of them was changed
    or taken away `after` a moment, and the tree stands as it says. Of people, those alone who have a mandate or shall have one.
    """
    today = clock.today()
    notes: dict[str, int] = {}
    organisations = _read(client.rows("organisations"), reading.organisation, notes)
    if not any(reading.lasts(each, today) for each in organisations):
        raise RuleBroken(_("Registret svarade, men utan en enda organisation. Inget föreslås, för då skulle allt här stängas."))
    groups = _groups(client, notes)
    where = rules.tree(organisations, groups, today)
    deleted = _deleted(client, after) if after else None
    with_duties = (
        after is None or deleted is None or bool(deleted) or _moved(here, organisations, groups, today) or _changed(client, after)
    )
    wanted: list[reading.Wanted] = []
    if with_duties:
        duties = _read(client.rows("duties"), reading.duty, notes)
        wanted, counts = rules.wanted(where, duties, groups, today)
        notes |= counts
    people = {one.person for one in wanted} | set(here.person_of)
    named = tuple(replace(group, members=()) for group in groups)
    return Facts(organisations, named, tuple(wanted), _people(client, sorted(people)), deleted or frozenset(), with_duties, notes)


def _read(rows: Iterator[dict[str, Any]], read: Callable[[dict[str, Any]], Any], notes: dict[str, int]) -> tuple[Any, ...]:
    """Each row as far as it is ours, one at a time: what is not is never held."""
    found = []
    try:
        for number, row in enumerate(rows):
            if number > MOST_ROWS:
                raise RuleBroken(_("Registret har fler poster än vad som är rimligt."))
            found.append(read(row))
    except NotOffered as lacking:
        raise RuleBroken(_("Registret har inga %(what)s på den inställda adressen.", what=word(str(lacking)))) from None
    notes["unreadable"] = notes.get("unreadable", 0) + sum(each is None for each in found)
    return reading.all_of(found)


def _groups(client: Client, notes: dict[str, int]) -> tuple[reading.Group, ...]:
    try:
        rows = list(filter(None, map(reading.group, client.rows("groups", {"groupType": list(reading.STAFF_GROUPS)}))))
    except NotOffered:
        notes["no_groups"] = 1
        return ()
    return reading.all_of(rows)


def _deleted(client: Client, after: datetime) -> frozenset[str] | None:
    """What was taken away after a moment; None where the source does not tell."""
    asked = {"after": after.isoformat(), "entities": ["Organisation", "Duty", "Group"]}
    try:
        return frozenset().union(*map(reading.deleted, client.pages("deletedEntities", asked)))
    except NotOffered:
        return None


def _changed(client: Client, after: datetime) -> bool:
    """Whether any duty was changed after a moment, also when the source does not heed the question."""
    try:
        return any(reading.changed_after(row, after) for row in client.rows("duties", {"meta.modified.after": after.isoformat()}))
    except NotOffered:
        return True


def _moved(here: Known, organisations: tuple[Any, ...], groups: tuple[reading.Group, ...], today: date) -> bool:
    """Whether the tree, or who is in its groups, stands otherwise than here: then the duties have to be seen as well."""
    plan = compare(here, Facts(organisations, groups, with_duties=False), today)
    stands = {group.id for group in groups if reading.lasts(group, today)}
    members = {
        rules.membership(member, group) for group in groups for member in group.members
        if group.id in stands and reading.lasts(member, today)
    }  # fmt: skip
    return plan.anything or members != {key for key in here.mandate_of if key.startswith("m:")}


def _people(client: Client, ids: list[str]) -> tuple[reading.Staff, ...]:
    """Those asked for by their ids, so many at a time; one by one where the source has no such question."""
    found: list[Any] = []
    for start in range(0, len(ids), LOOK_UP):
        some = ids[start : start + LOOK_UP]
        try:
            rows = client.lookup("persons", some)
        except NotOffered:
            rows = list(_one_by_one(client, some))
        found += [reading.staff(row) for row in rows if reading.ref(row) in some]
    return reading.all_of(found)


def _one_by_one(client: Client, ids: list[str]) -> Iterator[dict[str, Any]]:
    for name in ids:
        try:
            yield client.one("persons", name)
        except NotOffered:
            continue  # not there any longer


def grades(client: Client, here: Known, term: Term) -> Tally:
    """The grades of a term as figures of the units here, to be proposed to them; of pupils nothing remains."""
    today = clock.today()
    where = rules.tree(_read(client.rows("organisations"), reading.organisation, {}), (), today)
    means = {name: here.unit_of[units[0]] for name, units in where.means.items() if len(units) == 1 and units[0] in here.unit_of}
    first, last = term.days
    asked = {"registeredDate.onOrAfter": first.isoformat(), "registeredDate.onOrBefore": last.isoformat()}
    try:
        syllabuses = {reading.ref(row): syllabus(row) for row in client.rows("syllabuses")}
        return tally(client.rows("grades", asked), syllabuses, means, term)
    except NotOffered as lacking:
        raise RuleBroken(_("Registret har inga %(what)s på den inställda adressen.", what=word(str(lacking)))) from None
