"""What a file's figures are compared with, and whether it still stands as it did when the file was looked at."""

import hashlib
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.intake import catalogue
from chain.intake.catalogue import Catalogue, Node
from chain.intake.models import KEPT, WITHOUT_RECEIPT, Intake
from chain.organisation.models import Mandate, Unit, UnitCode
from chain.organisation.shipped import municipalities
from chain.result import queries as result
from chain.result.rules import Indicator, Scale

NAMED = (joinedload(Intake.by).joinedload(Mandate.person), WITHOUT_RECEIPT)  # another file, as a refusal names it

Ground = tuple[list[Node], dict[int, list[str]], list[Indicator], list[Scale], dict[str, dict[str, str]]]


def code_of(root: Unit) -> str:
    """A municipality's four digits: its own code, else by its name."""
    own = select(UnitCode.code).where(UnitCode.unit_id == root.id, UnitCode.valid_to.is_(None))
    named = (code for code, name in municipalities().items() if name == root.name)
    return db.session.scalar(own) or next(named, "")


def judged_by(round: Round, path: str, root: Unit) -> tuple[str, Catalogue]:
    """All that a file's words may mean: the units below a place as they stand in the round, and what each is asked for. And a
    hash of it: as long as that is the same, a file would be judged alike."""
    nodes, codes, asked, scales, bases = ground = _ground(round, path, root)
    words = catalogue.made(nodes, codes, asked, scales, result.subjects(), cycle.school_forms(), round.number, bases)
    return _hash(ground), words


def mark(round: Round, path: str, root: Unit) -> str:
    """The hash alone."""
    return _hash(_ground(round, path, root))


def _hash(ground: Ground) -> str:
    return hashlib.sha256(repr(ground).encode()).hexdigest()


def _ground(round: Round, path: str, root: Unit) -> Ground:
    asked = result.asked_in(round)
    here = (RoundNode.unit_id, RoundNode.path, RoundNode.name, RoundNode.level, RoundNode.school_forms, RoundNode.year_groups)
    rows = select(*here).where(RoundNode.round_id == round.id, policy.below(path, RoundNode.path) | (RoundNode.path == path))
    found = db.session.execute(rows.order_by(RoundNode.path))
    nodes = [Node(id, at, name, level, tuple(forms), tuple(groups)) for id, at, name, level, forms, groups in found]
    bases = cycle.bases(round, {code: list(form.labels("sv")) for code, form in cycle.school_forms().items()})
    return nodes, _codes(root), asked, result.scales(round.year_id), bases


def _codes(root: Unit) -> dict[int, list[str]]:
    rows = select(UnitCode.unit_id, UnitCode.code).where(UnitCode.municipality_id == root.id, UnitCode.valid_to.is_(None))
    found: dict[int, list[str]] = {}
    for unit, code in db.session.execute(rows.order_by(UnitCode.id)):
        found.setdefault(unit, []).append(code)
    return found


# Which files stand on which


def turns(municipality_id: int, round_id: int | None) -> list[int]:
    """The last turn and how many are undone: others as soon as anything is kept or undone that a file was compared with."""
    here = select(func.max(Intake.turn), func.count(Intake.undone_at)).where(*_alike(municipality_id, round_id))
    return [number or 0 for number in db.session.execute(here).one()]


def _alike(municipality_id: int, round_id: int | None) -> tuple[Any, ...]:
    """Those that are compared with the same: figures of a round, or what is published."""
    kind = Intake.round_id == round_id if round_id else Intake.round_id.is_(None)
    return Intake.municipality_id == municipality_id, Intake.turn.is_not(None), kind


def later(intake: Intake) -> Intake | None:
    """The newest intake that was kept after this one and was compared with what it left."""
    rows = select(Intake).where(*_alike(intake.municipality_id, intake.round_id), Intake.state == KEPT)
    rows = rows.where(Intake.turn > intake.turn).order_by(Intake.turn.desc())
    return db.session.scalars(rows.options(*NAMED).limit(1)).first()


def since(intake: Intake) -> Intake | None:
    """What was kept last after this one was read, else what was undone last."""
    rows = select(Intake).where(*_alike(intake.municipality_id, intake.round_id))
    rows = rows.where((Intake.turn > intake.found["standing"][0]) | (Intake.undone_at >= intake.at))
    newest = func.coalesce(Intake.undone_at, Intake.kept_at).desc()
    return db.session.scalars(rows.options(*NAMED).order_by(newest).limit(1)).first()


def next_turn(municipality_id: int) -> int:
    """The turn of the next to be kept, under the municipality's lock."""
    return (db.session.scalar(select(func.max(Intake.turn)).where(Intake.municipality_id == municipality_id)) or 0) + 1
