"""Compares who works where in a source with the mandates here: who gets one, who loses one, who has another name. Plain."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from chain.access.words import Role
from chain.base.locale import _, day, ngettext
from chain.intake.ss12000_changes import Change, Known, KnownMandate, Link, Plan
from chain.intake.ss12000_reading import Facts, Staff, Wanted
from chain.intake.ss12000_units import Units
from chain.organisation.rules import ROLE_WORDS


class Mandates:
    """Who gets and who loses which mandate. One that was given by hand, and that the source does not know, is never touched."""

    def __init__(self, known: Known, facts: Facts, plan: Plan, units: Units, today: date) -> None:
        self.known, self.facts, self.plan, self.units, self.today = known, facts, plan, units, today
        self.staff = {each.id: each for each in facts.staff}
        self.person_of = _recognised(known, facts.staff)
        self.kept: set[int] = set()
        self.held: dict[tuple[int | None, int | None, str], list[KnownMandate]] = {}
        for each in known.mandates.values():
            self.held.setdefault((each.person_id, each.unit_id, each.role), []).append(each)
        self.left_out = dict.fromkeys(("unknown", "protected", "no_address", "ended"), 0)

    def compare(self) -> None:
        still: set[str] = set()
        for one in self.facts.wanted:
            staff = self.staff.get(one.person)
            if staff and staff.gone:
                continue
            still.update(one.keys)
            if reason := self._cannot(one, staff):
                self.left_out[reason] += 1
            elif staff and one.place in self.units.where.nodes and one.place not in self.units.blocked:
                self._want(one, staff)
        self._end(still)
        self._tell()

    def _cannot(self, one: Wanted, staff: Staff | None) -> str:
        """Why somebody gets no mandate, if so."""
        person = self.known.persons.get(self.person_of.get(one.person, 0))
        if staff is None:
            return "unknown"
        if staff.protected and person is None:
            return "protected"
        if person and person.ended:
            return "ended"
        return "" if person or staff.email else "no_address"

    def _want(self, one: Wanted, staff: Staff) -> None:
        here = self._standing(one)
        start = max(one.start or self.today, self.today)
        if here and one.place not in self.units.stands:
            return  # at a unit that may be this one: when that is said, it is recognised
        if here is None:
            if one.end is None or one.end >= start:
                self._give(one, staff, start)
            return
        self.kept.add(here.id)
        self.plan.links += [
            Link("mandate", key, here.id) for key in one.keys if self.known.mandate_of.get(key) != here.id
        ]  # fmt: skip
        if here.end and (one.end is None or one.end > here.end):
            self._give(one, staff, here.end + timedelta(days=1))
        elif one.end and (here.end is None or one.end < here.end) and one.end >= here.start:
            sentence = _("%(person)s slutar som %(role)s vid %(unit)s efter den %(day)s.", day=day(one.end), **self._words(here))
            self._ends(here, one.keys[0], sentence, one.end)

    def _standing(self, one: Wanted) -> KnownMandate | None:
        """The mandate that it is already: the same person, role and unit; of several the one that lasts longest."""
        person, unit = self.person_of.get(one.person), self.units.stands.get(one.place) or self.units.perhaps.get(one.place)
        same = self.held.get((person, unit, one.role), [])
        return max(same, key=lambda each: (each.end or date.max, each.id), default=None)

    def _give(self, one: Wanted, staff: Staff, start: date) -> None:
        person = self.known.persons.get(self.person_of.get(one.person, 0))
        words = {"role": str(ROLE_WORDS[Role(one.role)]), "unit": self.units.name(one.place), "day": day(start)}
        if person:
            sentence = _("%(person)s får uppdraget %(role)s vid %(unit)s från den %(day)s.", person=person.name, **words)
        else:
            sentence = _(
                "%(person)s (%(email)s) är ny här och får uppdraget %(role)s vid %(unit)s från den %(day)s.",
                person=staff.name, email=staff.email, **words,
            )  # fmt: skip
        if one.end:
            sentence += " " + _("Det gäller till och med den %(day)s.", day=day(one.end))
        said = (one.role, one.place, str(one.start), *(() if person else (staff.name, staff.email)))
        self.plan.changes.append(
            Change(
                "give",
                one.keys[0],
                sentence,
                said,
                self.units.needs(one.place),
                wanted=one,
                staff=staff,
                person_id=person.id if person else None,
                start=start,
                end=one.end,
            )
        )

    def _end(self, still: set[str]) -> None:
        """What followed from a duty that is no more."""
        told: set[int] = set()
        for key, mandate_id in self.known.mandate_of.items():
            here = self.known.mandates.get(mandate_id)
            if here is None or key in still or mandate_id in self.kept or mandate_id in told:
                continue
            told.add(mandate_id)
            if key.partition("/")[0] in self.facts.deleted:
                sentence = _(
                    "%(person)s är inte längre %(role)s vid %(unit)s: tjänsten är borttagen ur registret.", **self._words(here)
                )
            else:
                sentence = _("%(person)s är inte längre %(role)s vid %(unit)s enligt registret.", **self._words(here))
            self._ends(here, key, sentence + " " + _("Uppdraget upphör genast."), None)

    def _ends(self, here: KnownMandate, key: str, sentence: str, last: date | None) -> None:
        self.plan.changes.append(Change("end", key, sentence, mandate_id=here.id, end=last))

    def _words(self, here: KnownMandate) -> dict[str, str]:
        person, unit = self.known.persons[here.person_id], self.known.units[here.unit_id]
        return {"person": person.name, "unit": unit.name, "role": str(ROLE_WORDS[Role(here.role)])}

    def _tell(self) -> None:
        found, notes = self.left_out, self.plan.notes
        if n := found["unknown"]:
            notes.append(
                ngettext(
                    "%(num)s uppdrag kan inte ges: registret lämnar inte ut personen.",
                    "%(num)s uppdrag kan inte ges: registret lämnar inte ut personerna.",
                    n,
                )
            )
        if n := found["protected"]:
            notes.append(
                ngettext(
                    "%(num)s uppdrag gäller någon med skyddade personuppgifter och ges bara för hand.",
                    "%(num)s uppdrag gäller personer med skyddade personuppgifter och ges bara för hand.",
                    n,
                )
            )
        if n := found["no_address"]:
            notes.append(
                ngettext(
                    "%(num)s uppdrag kan inte ges: personen saknar e-postadress till arbetet i registret.",
                    "%(num)s uppdrag kan inte ges: personerna saknar e-postadress till arbetet i registret.",
                    n,
                )
            )
        if n := found["ended"]:
            notes.append(
                ngettext(
                    "%(num)s uppdrag gäller någon som är avslutad här. Ta tillbaka personen först.",
                    "%(num)s uppdrag gäller personer som är avslutade här. Ta tillbaka dem först.",
                    n,
                )
            )


def _recognised(known: Known, staff: Iterable[Staff]) -> dict[str, int]:
    """Which person here each of the source's is: tied before, else by the address that one signs in with."""
    by_address = {person.email: person.id for person in known.persons.values()}
    found = {each.id: by_address[each.email] for each in staff if each.email in by_address}
    return found | {name: person_id for name, person_id in known.person_of.items() if person_id in known.persons}


def persons(known: Known, facts: Facts, plan: Plan) -> None:
    """Who has another name or address in the source; and who was recognised."""
    person_of = _recognised(known, facts.staff)
    addresses: Mapping[str, int] = {person.email: person.id for person in known.persons.values()}
    for staff in facts.staff:
        person = known.persons.get(person_of.get(staff.id, 0))
        if person is None or person.ended or staff.protected or staff.gone:
            continue
        if known.person_of.get(staff.id) != person.id:
            plan.links.append(Link("person", staff.id, person.id))
        if addresses.get(staff.email, person.id) != person.id:
            plan.notes.append(_("%(person)s har samma e-postadress i registret som någon annan här.", person=person.name))
            staff = replace(staff, email="")
        after = replace(staff, email=staff.email or person.email)
        words = {"before": person.name, "after": after.name, "email": after.email, "now": person.email}
        if after.email != person.email and after.name != person.name:
            sentence = _("%(before)s heter %(after)s och loggar in med %(email)s (nu %(now)s).", **words)
        elif after.email != person.email:
            sentence = _("%(before)s får adressen %(email)s (nu %(now)s) och loggar in med den.", **words)
        elif after.name != person.name:
            sentence = _("%(before)s byter namn till %(after)s.", **words)
        else:
            continue
        said = (person.name, person.email, after.name, after.email)
        plan.changes.append(Change("change_person", staff.id, sentence, said, staff=after, person_id=person.id))
