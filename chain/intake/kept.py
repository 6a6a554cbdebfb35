"""Reads what has been received and kept: the list, a receipt's surroundings, and the figures that wait for a unit."""

from collections import Counter
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
from chain.intake import ss12000_grades, wording
from chain.intake.models import GRADES, KEPT, WITHOUT_RECEIPT, Intake, IntakeFile, IntakeMapping
from chain.intake.telling import kind_name
from chain.organisation.models import Mandate, Unit
from chain.result import queries as result
from chain.result import rules as figures
from chain.result import shipped
from chain.result.models import ImportedFigures

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
    """(key, name) of what a grid's figures may be, in its round; where two have the same name, with their year groups."""
    if intake.round is None:
        return []
    here = [(one.key, one.words(current()).name, ", ".join(one.year_groups)) for one in result.asked_in(intake.round)]
    names = Counter(name for _key, name, _groups in here)
    return [(key, f"{name} ({groups})" if names[name] > 1 and groups else name) for key, name, groups in here]


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
            names[one.unit_id], wording.about({}, "", one.subject, one.year_group), figures.basis_name(one.basis), one.n,
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
    return bool(db.session.scalar(select(exists().where(ImportedFigures.unit_id == unit.id, ImportedFigures.kept.is_(True)))))


def figures_of(unit: Unit) -> list[tuple[Round, list[Line]]]:
    """What has been read in for a unit, by round, the newest first; a distribution as one line."""
    rows = select(ImportedFigures, Intake).join(Intake, Intake.id == ImportedFigures.intake_id)
    rows = (
        rows.where(ImportedFigures.unit_id == unit.id, ImportedFigures.kept.is_(True))
        .order_by(ImportedFigures.id)
        .options(WITHOUT_RECEIPT)
    )
    latest: dict[int, dict[Any, Told]] = {}
    for one, intake in db.session.execute(rows):
        for figure in result.imported_figures(one):
            says = result.says_enrolled(one, figure.key[:4], figure.basis)
            latest.setdefault(one.round_id, {})[figure.key] = figure, one.source, intake, says
    found = select(Round).join(Round.year).where(Round.id.in_(latest)).options(contains_eager(Round.year))
    rounds = list(db.session.scalars(found.order_by(Round.opens_on.desc())))
    measures = {year: measures_of(year) for year in {round.year_id for round in rounds}}
    return [(round, _lines(latest[round.id].values(), measures[round.year_id])) for round in rounds]


def measures_of(year_id: int) -> dict[str, figures.Indicator]:
    """A year's indicators by their key."""
    return {one.key: one for one in result.indicators(year_id)}


@cache
def _shipped() -> dict[str, figures.Indicator]:
    return {one.key: one for one in shipped.indicators(shipped.DATA)}


def changes(intake: Intake, *, counts: bool) -> tuple[list[tuple[str, int, int]], list[tuple[str, str, str, str]]]:
    """What a receipt tells of, in words: (unit, new, changed); and (unit, what, before, after) of what takes another's place,
    units' counts only where they may be read."""
    told = [each for each in intake.found["changes"] if counts or "row" not in each]
    names = names_of(each["unit_id"] for each in told if "unit_id" in each)
    measures = measures_of(intake.round.year_id) if intake.round and any("row" in each for each in told) else _shipped()
    units = [(names[each["unit_id"]], each["new"], each["changed"]) for each in told if "new" in each]
    return units, [_change(each, names, measures) for each in told if "new" not in each]


def _change(each: dict[str, Any], names: dict[int, str], measures: wording.Measures) -> tuple[str, str, str, str]:
    if what := each.get("what"):
        return each["unit"], _("läggs upp som ny enhet") if what == "new_unit" else _("får uppgifter som i filen"), "", ""
    if "row" not in each:
        about = wording.about(measures, each["indicator"], each["subject"], each["year_group"], each["period"])
        return each["unit"], about, each["before"], each["after"]
    indicator, _form, subject, year_group, category, basis = each["row"]
    about = wording.about(measures, indicator, subject, year_group, category, figures.basis_name(basis))
    before, after = (wording.said(measures.get(indicator), *each[name]) for name in ("before", "after"))
    return names[each["unit_id"]], about, before, after


def sentences(found: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """A receipt's problems, each with its sentence in the reader's language; the readers marked them for the translators."""
    spoken = _
    return [(one, str(spoken(one["message"])).format(**one["params"])) for one in found["problems"]]


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Units' names by their numbers."""
    return {number: name for number, name in db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(set(ids))))}


Told = tuple[figures.Figure, str, Intake, bool]  # a figure, its source, its file, and whether that says how many are enrolled


def _lines(found: Iterable[Told], measures: wording.Measures) -> list[Line]:
    together: dict[figures.Figure, list[Told]] = {}
    for one in found:
        key = replace(one[0], category="", k=0, n=0) if one[0].category else one[0]
        together.setdefault(key, []).append(one)
    return [_line(key, some, measures) for key, some in sorted(together.items(), key=lambda each: each[0])]


def _line(key: figures.Figure, some: list[Told], measures: wording.Measures) -> Line:
    first, source, intake, says = some[0]
    if first.category:
        shown = wording.spread((one for one, *_rest in some), enrolled=says)
    else:
        sums = first.enrolled if says else None, first.n, first.k, first.total
        shown = wording.said(measures.get(key.indicator), *sums)
    about = wording.about(measures, key.indicator, key.subject, key.year_group)
    return Line(about, shown, figures.basis_name(key.basis), source, intake)
