"""Directed support is asked for or offered, decided, changed, and followed up by both sides (directed_rules.MOVES)."""

from datetime import date

from sqlalchemy import inspect, select

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _
from chain.followup import needs
from chain.organisation.models import Mandate, Unit
from chain.support import directed_queries as queries
from chain.support import directed_rules as rules
from chain.support import routing_queries
from chain.support.directed_models import Directed, DirectedStep

COLUMNS = [column.key for column in inspect(Directed).column_attrs]  # its own row is held, not what it was joined with


@atomic
def begin(unit: Unit, *, need: str, type: str, by: Mandate) -> Directed:
    """The unit asks the level above it, or a level above offers."""
    ours = unit.id == by.unit_id
    receiver = unit.parent if ours else by.unit
    directed = Directed(
        unit_id=unit.id, path=unit.path, receiver_id=receiver.id if receiver else by.unit_id, begun_by_unit=ours, state="[*]",
        need=need.strip(), type=type if type in needs.KINDS else needs.OTHER, begun_at=clock.now(), begun_by_id=by.person_id,
    )  # fmt: skip
    guard.require(Action.GIVE, directed, by)
    if unit.level != "unit" or not unit.open or unit.context:
        raise RuleBroken(_("Riktat stöd ges till en enhet som är öppen. Välj en sådan."))
    act, side = ("request", "unit") if ours else ("offer", "above")
    try:
        directed.state = rules.move(act, "[*]", rules.Facts(words=need), side=side).state
    except RuleBroken as no:
        raise RuleBroken(no.sentence, {"need": no.sentence}) from no
    db.session.add(directed)
    db.session.flush()
    _step(directed, act, need, by)
    _tell(directed, by)
    audit.note(f"directed.{act}", about=directed)
    return directed


@atomic
def act(
    directed: Directed, act: str, *, by: Mandate, version: int, words: str = "", given_by: Mandate | None = None,
    starts_on: date | None = None, ends_on: date | None = None,
) -> Directed:  # fmt: skip
    """One act of the table. `version` is the one that the page showed: nobody decides about what has changed since."""
    db.session.refresh(directed, COLUMNS, with_for_update=True)
    guard.require(Action.READ, directed, by)
    if directed.version != version:
        raise RuleBroken(_("Någon annan har gjort något med stödet sedan du öppnade sidan. Läs det igen."))
    side = queries.side(directed, by)
    if act == "tell" and policy.may(by, Action.PREPARE, directed):
        side = f"{side} above"
    named = given_by if given_by in queries.givers(directed) else None
    days = (starts_on, ends_on) if act in ("decide", "change") else (directed.starts_on, directed.ends_on)
    facts = rules.Facts(
        words=words, person=named is not None, starts_on=days[0], ends_on=days[1], today=clock.today(),
        above=_above(directed) is not None,
    )  # fmt: skip
    move = rules.move(act, directed.state, facts, side=side)
    directed.state = move.state
    _change(directed, act, words.strip(), named, days, move.who[0])
    _step(directed, act, words, by)
    _end_when_told(directed)
    db.session.flush()
    _tell(directed, by)
    audit.note(f"directed.{act}", about=directed)
    return directed


def _change(
    directed: Directed, act: str, words: str, given_by: Mandate | None, days: tuple[date | None, date | None], who: str
) -> None:
    match act:
        case "decide" | "change" if given_by is not None:
            directed.what = words
            directed.given_by_id, directed.given_from_id = given_by.person_id, given_by.unit_id
            directed.starts_on, directed.ends_on = days
        case "pass_on":
            above = _above(directed)
            if above is None:
                raise NotAllowed(_("Det finns ingen nivå ovanför som kan ge stödet."))
            directed.receiver = above
        case "tell" if who == "unit":
            directed.unit_effect = words
        case "tell":
            directed.above_effect = words


def _above(directed: Directed) -> Unit | None:
    parent = directed.receiver.parent
    return parent if parent is not None and parent.level in ("area", "administration") else None


def _end_when_told(directed: Directed) -> None:
    """When both have told what came of it, it is over."""
    if directed.state == "decided" and directed.unit_effect and directed.above_effect:
        directed.state, directed.ended_at = "ended", clock.now()


def _step(directed: Directed, act: str, words: str, by: Mandate | None) -> None:
    step = DirectedStep(
        directed_id=directed.id, act=act, words=words.strip(), at=clock.now(), by_id=by.person_id if by else None
    )  # fmt: skip
    db.session.add(step)


def _tell(directed: Directed, by: Mandate) -> None:
    """Those who lead the other side, and whoever gives the support."""
    db.session.flush()
    other = directed.receiver if by.unit_id == directed.unit_id else directed.unit
    unit = db.session.get_one(Unit, other.id)
    people = [one.person for one in routing_queries.heads(unit) if one.unit_id == unit.id]
    db.session.refresh(directed, ["given_by"])
    people += [directed.given_by] if directed.given_by and directed.given_by_id != by.person_id else []
    outbox.post("directed.changed", f"/directed/{directed.public_id}", [person.public_id for person in people])


# Steps of other acts


@atomic
def left(mandate: Mandate, *, by: Actor | None) -> None:
    """Whoever gave it has left: it is with those who decided until they name another."""
    gives = (Directed.given_by_id == mandate.person_id, Directed.given_from_id == mandate.unit_id, Directed.state == "decided")
    for one in db.session.scalars(select(Directed).where(*gives)):
        one.given_by_id = one.given_from_id = None
        heads = [each.person.public_id for each in routing_queries.heads(one.receiver) if each.unit_id == one.receiver_id]
        outbox.post("directed.changed", f"/directed/{one.public_id}", heads)
    db.session.flush()


@atomic
def hand_over(unit: Unit, successor: Unit | None, reason: str, *, by: Actor | None) -> None:
    """A unit ends: what it was given goes to its successor or ends with the reason; what it gave is the next level's."""
    for one in db.session.scalars(select(Directed).where(Directed.unit_id == unit.id, Directed.state.in_(rules.ALIVE))):
        if successor is not None:
            one.unit_id, one.path = successor.id, successor.path
        else:
            one.state, one.ended_at = "ended", clock.now()
            _step(one, "unit_ended", reason, None)
    heir = successor or (unit.parent if unit.parent and unit.parent.level != "municipality" else None)
    for one in db.session.scalars(select(Directed).where(Directed.receiver_id == unit.id, Directed.state.in_(rules.ALIVE))):
        if heir is not None:
            one.receiver_id = heir.id
    db.session.flush()
