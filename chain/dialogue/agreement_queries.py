"""Reads agreements with what came of them: one that a unit has taken in as a measure is followed through the measure's line."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from chain.base.db import db
from chain.base.events import listen
from chain.base.locale import _, day
from chain.cycle import queries as cycle
from chain.dialogue import rules
from chain.dialogue.models import Agreement, Dialogue
from chain.followup.agreed import Agreed
from chain.measure import rules as measures
from chain.measure.models import Measure, Outcome


@dataclass(frozen=True)
class Told:
    """An agreement and how it stands. `status` is a word of the status table; `measure` the last of the line it became."""

    agreement: Agreement
    status: str
    measure: Measure | None = None
    outcome: Outcome | None = None

    @property
    def said(self) -> str:
        """What came of it, in words: the side's own, else the measure's last outcome."""
        if self.agreement.came_of_it or self.outcome is None:
            return self.agreement.came_of_it
        return f"{measures.kind_name(self.outcome.kind)}. {self.outcome.effect}".strip()

    @property
    def waits(self) -> bool:
        """Whether nobody has taken it in as a measure or said what came of it."""
        return self.status == "agreement_open"


def told(dialogue: Dialogue, rounds: Collection[int] | None = None) -> list[Told]:
    """A dialogue's agreements in the order in which they were written, with what came of them; with `rounds` only what was
    told of their measures in those (by number)."""
    mine = select(Agreement).where(Agreement.dialogue_id == dialogue.id).options(joinedload(Agreement.responsible))
    found = list(db.session.scalars(mine.order_by(Agreement.id)))
    lines = became(found)
    return [_told(one, lines.get(one.public_id, []), rounds) for one in found]


def _told(one: Agreement, line: list[Measure], rounds: Collection[int] | None) -> Told:
    known = [each for each in line if rounds is None or each.round_id in rounds]
    outcomes = [each for measure in known for each in measure.outcomes if rounds is None or each.round_id in rounds]
    last = outcomes[-1] if outcomes else None
    ended = one.ended_at is not None or (last is not None and last.kind in ("done", "ended_without"))
    status = "agreement_ended" if ended else "agreement_taken" if known else "agreement_open"
    return Told(one, status, known[-1] if known else None, last)


def became(agreements: Iterable[Agreement]) -> dict[str, list[Measure]]:
    """The line of measures that each of some agreements began, the oldest first, by the agreement's public id."""
    names = [one.public_id for one in agreements if one.side == rules.UNIT]
    first = select(Measure.item, Measure.lineage).where(Measure.item.in_(names), Measure.state != "retracted")
    begun: dict[str, str] = {item: lineage for item, lineage in db.session.execute(first)} if names else {}
    if not begun:
        return {}
    every = select(Measure).where(Measure.lineage.in_(begun.values()), Measure.state != "retracted").order_by(Measure.id)
    lines: dict[str, list[Measure]] = defaultdict(list)
    for one in db.session.scalars(every.options(joinedload(Measure.outcomes))).unique():
        lines[one.lineage].append(one)
    return {item: lines[lineage] for item, lineage in begun.items()}


def one(dialogue: Dialogue, public_id: str) -> Agreement | None:
    mine = (Agreement.dialogue_id == dialogue.id, Agreement.public_id == public_id)
    return db.session.scalars(select(Agreement).where(*mine).options(joinedload(Agreement.responsible))).first()


def dues(dialogue: Dialogue) -> dict[str, str]:
    """The rounds until which something can be agreed, `2026/27:2` → its name with the year."""
    round = cycle.current(dialogue.path)
    return {f"{label}:{number}": f"{name} {label}" for label, number, name in cycle.upcoming(round)} if round else {}


def due_names(dialogue: Dialogue, agreed: Iterable[str]) -> dict[str, str]:
    """The rounds until which something was agreed in words, also when they are over."""
    return cycle.due_names(dialogue.path, agreed)


def source(dialogue: Dialogue) -> str:
    """How a measure says where it comes from."""
    return _("Från kvalitetsdialogen %(day)s", day=day(dialogue.held_on))


@listen("agreements_looked_for", "dialogue")
def to_take_in(*, unit_id: int, found: list[Agreed], **_more: Any) -> None:
    """What the unit has agreed to, and has neither taken in as a measure nor ended: for its follow-up's new measures."""
    taken = select(Measure.id).where(
        Measure.unit_id == unit_id, Measure.item == Agreement.public_id, Measure.state != "retracted"
    )
    mine = select(Agreement).join(Agreement.dialogue).where(
        Agreement.unit_id == unit_id, Agreement.side == rules.UNIT, Agreement.ended_at.is_(None),
        Dialogue.state.in_(rules.SETTLED), ~taken.exists(),
    )  # fmt: skip
    whole = contains_eager(Agreement.dialogue), joinedload(Agreement.responsible)
    for one in db.session.scalars(mine.options(*whole).order_by(Agreement.id)):
        found.append(Agreed(one.public_id, one.text, one.responsible.public_id, one.due, source(one.dialogue)))


@listen("agreements_named", "dialogue")
def named(*, unit_id: int, items: Iterable[str], found: dict[str, str], **_more: Any) -> None:
    """Which of some measures came of a dialogue, by their items: what is said of each."""
    names = list(items)
    mine = select(Agreement).where(Agreement.public_id.in_(names), Agreement.unit_id == unit_id)
    for one in db.session.scalars(mine.options(joinedload(Agreement.dialogue))) if names else ():
        found[one.public_id] = source(one.dialogue)


def of_measure(measure: Measure) -> Agreement | None:
    """The agreement that a measure's line began with."""
    items = select(Measure.item).where(Measure.lineage == measure.lineage)
    whole = joinedload(Agreement.dialogue).joinedload(Dialogue.host)
    return db.session.scalars(select(Agreement).where(Agreement.public_id.in_(items)).options(whole)).first()
