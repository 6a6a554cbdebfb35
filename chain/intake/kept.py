"""Reads what has been received and kept: the list, a receipt's surroundings, and the figures that wait for a unit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base.db import db
from chain.base.locale import _, current, sorted_by_name
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.intake import grid, ss12000_grades
from chain.intake.models import GRADES, KEPT, WITHOUT_RECEIPT, Intake, IntakeFile, IntakeMapping
from chain.intake.telling import kind_name
from chain.organisation.models import Mandate, Unit
from chain.result import queries as result
from chain.result import rules as figures
from chain.result import shipped
from chain.result.models import ImportedFigure

MOST = 50  # intakes in the list


def recent(by: Mandate) -> list[Intake]:
    """What the mandate may see of what has been read in, the newest first."""
    rows = policy.visible(by, Intake).options(
        joinedload(Intake.by).joinedload(Mandate.person), joinedload(Intake.round), WITHOUT_RECEIPT
    )  # fmt: skip
    return list(db.session.scalars(rows.order_by(Intake.id.desc()).limit(MOST)))


def rounds(by: Mandate) -> list[Round]:
    """The opened rounds that the mandate may read figures in for, the newest first."""
    if not policy.may_somewhere(by, Action.KEEP, "imported"):
        return []
    places = policy.ancestors(by.path)
    return [one for path in places[1:2] for one in cycle.opened(path, 8)]


def content(intake: Intake) -> bytes | None:
    """The uploaded bytes, while it waits."""
    return db.session.scalar(select(IntakeFile.content).where(IntakeFile.intake_id == intake.id))


def columns(by: Mandate, source: str) -> dict[str, Any]:
    """Which column holds what in files of a source, as last confirmed."""
    known = select(IntakeMapping.facts).where(IntakeMapping.unit_id == by.unit_id, IntakeMapping.source == source)
    return dict(db.session.scalar(known) or {}) if source else {}


def same_file(intake: Intake) -> Intake | None:
    """Another intake of the very same bytes that stands kept."""
    rows = select(Intake).where(Intake.sha256 == intake.sha256, Intake.unit_id == intake.unit_id, Intake.state == KEPT)
    rows = rows.where(Intake.id != intake.id).order_by(Intake.id.desc()).options(WITHOUT_RECEIPT)
    return db.session.scalars(rows.limit(1)).first()


def indicators(intake: Intake) -> list[tuple[str, str]]:
    """(key, name) of what a grid's figures may be, in its round."""
    if intake.round is None:
        return []
    here = [one for one in result.asked_in(intake.round) if grid.can_read(one)]
    return [(one.key, one.words(current()).name) for one in here]


def recognised_as(intake: Intake) -> str:
    """What a file was recognised as, in words."""
    if intake.kind == "grid":
        return str(_("en tabell med siffror per enhet"))
    if intake.kind == "scb":
        return str(_("elevuppgifter till SCB, räknade ihop per enhet och ämne"))
    if intake.kind == GRADES:
        return str(_("betyg ur kommunens register, räknade ihop per enhet, ämne och årskurs"))
    kinds = dict.fromkeys(kind for _file, kind, _rows, _values in intake.found["files"])
    return ", ".join(kind_name(kind) for kind in kinds) or str(_("publicerad statistik"))


@dataclass(frozen=True)
class Spread:
    """A unit's grades in a subject and a year group, as a row of a page: how many of each, in the order of `grades`."""

    unit: str
    about: str
    basis: str
    n: int
    counts: tuple[int, ...]


def grades(intake: Intake) -> tuple[list[str], list[Spread]]:
    """The grades, and the spreads that wait to be confirmed, in the order of units; none of what is no register's grades."""
    data = content(intake) if intake.kind == GRADES else None
    if data is None:
        return [], []
    here = (RoundNode.round_id == intake.round_id, policy.below(intake.path, RoundNode.path))
    asked = set(db.session.scalars(select(RoundNode.unit_id).where(*here)))
    counts = [one for one in ss12000_grades.recalled(data)[1] if one.unit_id in asked]
    names, steps = names_of(one.unit_id for one in counts), list(dict.fromkeys(ss12000_grades.GRADES.values()))
    rows = [
        Spread(
            names[one.unit_id], _about("", one.subject, one.year_group), figures.basis_name(one.basis), one.n,
            tuple(one.spread.get(step, 0) for step in steps),
        )
        for one in counts
    ]  # fmt: skip
    return steps, sorted_by_name(rows, lambda row: row.unit)


def undone_words(intake: Intake) -> str:
    """What has been put back, and what has not: a proposal that was taken over is the unit's own."""
    if intake.round_id is None:
        return str(_("Inläsningen är ångrad: allt är som det var innan."))
    return str(
        _("Inläsningen är ångrad. Förslag som en enhet redan har tagit över står kvar hos den; allt annat är som det var innan.")
    )


# A unit's figures


@dataclass(frozen=True)
class Line:
    """A figure that was read in, as a row of a page."""

    name: str
    shown: str
    basis: str
    source: str
    intake: Intake


def has_figures(unit: Unit) -> bool:
    return bool(db.session.scalar(select(exists().where(ImportedFigure.unit_id == unit.id))))


def figures_of(unit: Unit) -> list[tuple[Round, list[Line]]]:
    """What has been read in for a unit, by round, the newest first; a distribution as one line."""
    rows = select(ImportedFigure, Intake).join(Intake, Intake.id == ImportedFigure.intake_id)
    rows = rows.where(ImportedFigure.unit_id == unit.id).order_by(ImportedFigure.id).options(WITHOUT_RECEIPT)
    latest: dict[tuple[Any, ...], tuple[ImportedFigure, Intake]] = {}
    for one, intake in db.session.execute(rows):
        latest[one.round_id, *result.imported_figure(one).key] = one, intake
    wanted = {key[0] for key in latest}
    found = (
        select(Round)
        .join(Round.year)
        .where(Round.id.in_(wanted))
        .options(contains_eager(Round.year))
        .order_by(Round.opens_on.desc())
    )
    return [(round, _lines([both for key, both in latest.items() if key[0] == round.id])) for round in db.session.scalars(found)]


@cache
def _indicators() -> dict[str, figures.Indicator]:
    return {one.key: one for one in shipped.indicators(shipped.DATA)}


def _about(key: str, subject: str, year_group: str, *more: str) -> str:
    """What a figure is about, in words: Minst E, Matematik, åk 4."""
    known = _indicators().get(key)
    word = known.words(current(), year_group).name if known else key
    year = _("åk %(group)s", group=year_group) if year_group else ""
    return ", ".join(part for part in (word, subject and result.subject_name(subject), year, *more) if part)


def changes(found: dict[str, Any], *, counts: bool) -> tuple[list[tuple[str, int, int]], list[tuple[str, str, str, str]]]:
    """What a receipt tells of, in words: (unit, new, changed); and (unit, what, before, after) of what takes another's place,
    units' counts only where they may be read."""
    told = [each for each in found["changes"] if counts or "row" not in each]
    names = names_of(each["unit_id"] for each in told if "unit_id" in each)
    units = [(names[each["unit_id"]], each["new"], each["changed"]) for each in told if "new" in each]
    return units, [_change(each, names) for each in told if "new" not in each]


def _change(each: dict[str, Any], names: dict[int, str]) -> tuple[str, str, str, str]:
    if what := each.get("what"):
        return each["unit"], _("läggs upp som ny enhet") if what == "new_unit" else _("får uppgifter som i filen"), "", ""
    if "row" not in each:
        about = _about(each["indicator"], each["subject"], each["year_group"], each["period"])
        return each["unit"], about, each["before"], each["after"]
    indicator, _form, subject, year_group, category, basis = each["row"]
    about = _about(indicator, subject, year_group, category, figures.basis_name(basis))
    before, after = ([*each[name]] for name in ("before", "after"))
    return names[each["unit_id"]], about, _counts(*before), _counts(*after)


def _counts(enrolled: int | None, n: int, k: int) -> str:
    if enrolled is None:
        return str(_("%(k)s av %(n)s", k=k, n=n))
    return str(_("%(k)s av %(n)s, av %(enrolled)s elever", k=k, n=n, enrolled=enrolled))


def sentences(found: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """A receipt's problems, each with its sentence in the reader's language; the readers marked them for the translators."""
    spoken = _
    return [(one, str(spoken(one["message"])).format(**one["params"])) for one in found["problems"]]


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Units' names by their numbers."""
    return {number: name for number, name in db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(set(ids))))}


def _lines(found: list[tuple[ImportedFigure, Intake]]) -> list[Line]:
    together: dict[figures.Figure, list[tuple[ImportedFigure, Intake]]] = {}
    for one, intake in found:
        together.setdefault(replace(result.imported_figure(one), category="", k=0, n=0), []).append((one, intake))
    return [_line(key, some) for key, some in sorted(together.items(), key=lambda each: each[0])]


def _line(key: figures.Figure, some: list[tuple[ImportedFigure, Intake]]) -> Line:
    first, intake = some[0]
    shown = _counts(first.enrolled, first.n, first.k)
    if first.category:
        parts = " · ".join(f"{one.category} {one.k}" for one, _intake in some)
        known = first.enrolled is not None
        shown = _("%(parts)s, av %(enrolled)s elever", parts=parts, enrolled=first.enrolled) if known else parts
    about = _about(key.indicator, key.subject, key.year_group)
    return Line(about, str(shown), figures.basis_name(key.basis), first.source, intake)
