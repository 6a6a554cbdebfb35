"""A matter on its way: opened, given to somebody, worked on, reported back, closed. What may be done when: `rules.MOVES`."""

from datetime import date

from chain.access import guard
from chain.access.policy import Action, Role
from chain.base import audit, clock, outbox
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.matter import matter_queries as queries
from chain.matter import rules
from chain.matter.models import Decision, Matter, Meeting, step
from chain.organisation.models import Mandate, Unit


@atomic
def open_(
    committee: Unit, *, title: str, why: str, opened_on: date, by: Mandate, registration_number: str = "",
    about: Round | None = None, follows: Matter | None = None,
) -> Matter:  # fmt: skip
    """Open a matter of a committee; `about` is the round that it is about, `follows` the earlier matter that it goes on from."""
    lock(db.session(), f"matter:{committee.id}")
    made = Matter(public_id=random_name(), unit_id=committee.id, path=committee.path, state="open")
    guard.require(Action.WRITE, made, by)
    _say(made, title, why, opened_on, registration_number, about, follows)
    db.session.add(made)
    db.session.flush()
    db.session.add(step(made, "open", made.state, by))
    audit.note("matter.open", about=made, follows=follows.public_id if follows else None)
    return made


@atomic
def change(
    matter: Matter, *, title: str, why: str, opened_on: date, registration_number: str, version: int, by: Mandate,
    about: Round | None = None, follows: Matter | None = None,
) -> None:  # fmt: skip
    """Put right what is said of a matter, or give it the number that it had not got yet."""
    _alone(matter)
    guard.require(Action.KEEP, matter, by)
    if matter.version != version:
        raise RuleBroken(_("Någon annan ändrade samtidigt. Ladda om sidan och försök igen."))
    _say(matter, title, why, opened_on, registration_number, about, follows)
    db.session.add(step(matter, "change", matter.state, by))
    audit.note("matter.change", about=matter)


def _say(matter: Matter, title: str, why: str, opened_on: date, number: str, about: Round | None, follows: Matter | None) -> None:
    number = rules.registration(number)
    rules.check_matter(title, why, number, opened_on, today=clock.today())
    _check_number(matter, number)
    _check_connected(matter, about, follows)
    matter.title, matter.why, matter.opened_on = title.strip(), why.strip(), opened_on
    matter.registration_number = number or None
    matter.round, matter.follows = about, follows


def _check_number(matter: Matter, number: str) -> None:
    other = queries.numbered(matter.unit_id, number) if number else None
    if other and other.id != matter.id:
        sentence = _("%(number)s är redan ärendet %(title)s.", number=number, title=f"”{other.title}”")
        raise RuleBroken(sentence, {"registration_number": sentence})


def _check_connected(matter: Matter, about: Round | None, follows: Matter | None) -> None:
    if about and about.path != matter.path:
        raise RuleBroken(_("Uppföljningen hör till en annan nämnd."), {"round": _("Uppföljningen hör till en annan nämnd.")})
    if follows and follows.unit_id != matter.unit_id:
        raise RuleBroken(_("Ärendet hör till en annan nämnd."), {"follows": _("Ärendet hör till en annan nämnd.")})
    if follows and matter.id and any(one.id == matter.id for one in _before(follows)):
        sentence = _("Det ärendet går själv vidare från det här. Välj ett tidigare.")
        raise RuleBroken(sentence, {"follows": sentence})


def _before(matter: Matter) -> list[Matter]:
    """A matter and those that it goes on from."""
    found, one = [], matter
    while one not in found:
        found.append(one)
        one = one.follows or one
    return found


@atomic
def go(
    matter: Matter, act: str, *, by: Mandate, words: str = "", decision: Decision | None = None, meeting: Meeting | None = None
) -> None:
    """Do one act of the table, with the words that it asks for: the state follows, and a line of the history is kept."""
    _alone(matter)
    guard.require(Action.WRITE, matter, by)
    said = words.strip()
    if len(said) > rules.LONGEST:
        raise RuleBroken(_("Skriv högst %(n)s tecken.", n=rules.LONGEST))
    found = rules.move(act, matter.state, queries.facts(matter, said), role=by.role)
    matter.state = found.state
    more = {"decision_id": decision.id if decision else None, "meeting_id": meeting.id if meeting else None}
    db.session.add(step(matter, act, matter.state, by, words=said, **more))
    db.session.flush()
    audit.note(f"matter.{act}", about=matter)


@atomic
def assign(matter: Matter, role: Role, unit: Unit, *, by: Mandate, words: str = "") -> None:
    """Say who is responsible: a role at an administration under the committee."""
    _alone(matter)
    if role not in queries.RESPONSIBLE or unit.id not in {one.id for one in queries.administrations(matter.path)}:
        sentence = _("Välj vem vid förvaltningen som ansvarar för ärendet.")
        raise RuleBroken(sentence, {"responsible": sentence})
    go(matter, "assign", by=by, words=words)
    matter.responsible_role, matter.responsible_unit = str(role), unit
    outbox.post("matter.assigned", f"/matter/matter/{matter.public_id}", queries.people(unit, role))


def _alone(matter: Matter) -> None:
    """One act at a time on a committee's matters."""
    lock(db.session(), f"matter:{matter.unit_id}")
    db.session.flush()
    db.session.refresh(matter)
