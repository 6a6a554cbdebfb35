"""Reads releases: for whoever prepares and approves them, and for the report, which reads figures from nowhere else."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, number
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.organisation.models import Mandate
from chain.organisation.queries import holding
from chain.release import rules
from chain.release.models import Release, ReleasedFigure
from chain.release.rules import Exact, Protected
from chain.rollup import queries as rollup
from chain.rollup import rules as summed
from chain.rollup.rules import Part, Words

COMMITTEE = "committee"
FIELDS = tuple(Protected.__dataclass_fields__)
Figure = Protected | Row[Any]  # as it would leave, or as it was kept


# What would leave


def node(round: Round, mandate: Mandate) -> RoundNode | None:
    """The administration in a round, where the mandate acts for it."""
    found = cycle.node(round, mandate.unit_id)
    return found if found and found.parent_id == round.committee_id else None


def exact(round: Round, administration: RoundNode) -> tuple[list[Exact], Part]:
    """The administration's sums as they stand now, and its coverage."""
    covered = rollup.coverage(administration.unit_id, round.id)
    figures = [
        Exact(
            row.school_form,
            row.indicator,
            row.subject,
            row.year_group,
            row.basis,
            row.category,
            row.enrolled,
            row.n,
            row.k,
            row.units,
            max(row.units, summed.share_of(covered, row.school_form, row.year_group).expected),
        )
        for row in rollup.rows(administration.unit_id, round.id)
    ]
    return figures, covered.get(("", ""), Part())


# Releases


def _releases() -> Any:
    whole = (
        joinedload(Release.prepared_by), joinedload(Release.decided_by), joinedload(Release.unit),
        joinedload(Release.round).joinedload(Round.year),
    )  # fmt: skip
    return select(Release).options(*whole)


def archive(mandate: Mandate) -> list[tuple[Release, Release | None]]:
    """Every release that the mandate may read, the newest first, each with the one that has taken its place."""
    found = _releases().where(policy.where(mandate, Release)).order_by(Release.prepared_at.desc(), Release.id.desc())
    every = list(db.session.scalars(found))
    holds: dict[tuple[int, str], Release] = {}
    for one in sorted(every, key=lambda one: one.number):
        if one.state == "approved":
            holds[one.round_id, one.audience] = one
    return [(one, _newer(one, holds.get((one.round_id, one.audience)))) for one in every]


def replaced_by(release: Release) -> Release | None:
    """The approved release that has taken the place of an approved one, of the same round for the same audience."""
    return _newer(release, approved(release.round, release.audience)) if release.state == "approved" else None


def _newer(release: Release, holds: Release | None) -> Release | None:
    return holds if holds and release.state == "approved" and holds.number > release.number else None


def keeps_figures(holder: policy.Holder, newer: Release | None) -> bool:
    """Whether a release's own page shows its figures: outside the administration only those of the one that holds.

    Two releases of one round beside each other tell by their difference what neither of them tells.
    """
    return newer is None or newer.unit_id == holder.unit_id


def approved(round: Round, audience: str = COMMITTEE) -> Release | None:
    """The release that holds for a round: the approved one with the highest number."""
    found = _releases().where(Release.round_id == round.id, Release.audience == audience, Release.state == "approved")
    one: Release | None = db.session.scalars(found.order_by(Release.number.desc()).limit(1)).first()
    return one


def waits() -> ColumnElement[bool]:
    """The condition of a release that somebody still has to decide on: prepared, and no newer one in its place."""
    newer = aliased(Release)
    later = (newer.round_id == Release.round_id, newer.audience == Release.audience, newer.number > Release.number)
    return and_(Release.state == "prepared", ~exists().where(*later))


def can_be_approved() -> ColumnElement[bool]:
    """The condition of a release that somebody else than who prepared it has the mandate to approve, today."""
    another = (Mandate.unit_id == Release.unit_id, Mandate.person_id != Release.prepared_by_id)
    return exists().where(*another, Mandate.role.in_(policy.roles(Action.APPROVE, "release")), holding(clock.today()))


def last_number(round: Round, audience: str = COMMITTEE) -> int:
    numbers = select(func.max(Release.number)).where(Release.round_id == round.id, Release.audience == audience)
    return db.session.scalar(numbers) or 0


def facts(release: Release, figures: Iterable[Figure]) -> dict[str, Any]:
    """All that a release says, as its hash is made over."""
    return {
        "release": release.public_id, "round_id": release.round_id, "unit_id": release.unit_id, "audience": release.audience,
        "number": release.number, "expected": release.expected, "reporting": release.reporting,
        "figures": [[getattr(one, name) for name in FIELDS] for one in figures],
    }  # fmt: skip


def holds(release: Release) -> bool:
    """Whether a release still says what it said when it was made."""
    return rules.sha256(facts(release, rows(release))) == release.sha256


def rows(release: Release) -> Sequence[Figure]:
    """A release's figures in the order in which they were frozen."""
    found = select(*(getattr(ReleasedFigure, name) for name in FIELDS)).where(ReleasedFigure.release_id == release.id)
    return db.session.execute(found.order_by(ReleasedFigure.id)).all()


# As it is read


@dataclass(frozen=True)
class Line:
    """One subject's figure in words: `shown` for a share, `cells` for a distribution; `why` when something is withheld."""

    label: str
    shown: str
    cells: tuple[str, ...]
    pupils: str  # "cirka 85 av 90", nothing where they are withheld
    units: str  # "18 av 20"
    why: str
    withheld: str  # the rule's key, or nothing
    assessed: str = ""  # "85", where there is no room for the words

    @property
    def hidden(self) -> bool:
        """Whether nothing of it is shown."""
        return not self.pupils


@dataclass(frozen=True)
class Table:
    """An indicator in a year group, on one basis."""

    title: str
    indicator: str
    year_group: str
    definition: str
    basis: str
    steps: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class SchoolForm:
    code: str
    name: str
    tables: tuple[Table, ...]


def figures(release: Release) -> list[SchoolForm]:
    """A release's figures as they are read, per school form: plain words, nothing that has to be worked out."""
    return read(rows(release), rollup.words(release.round.year_id))


def read(protected: Sequence[Figure], words: Words) -> list[SchoolForm]:
    """Protected figures as tables, in the order of school forms, indicators, year groups and subjects."""
    grouped: dict[tuple[str, str, str, str], list[Any]] = {}
    for one in protected:
        grouped.setdefault((one.school_form, one.indicator, one.year_group, one.basis), []).append(one)
    order = sorted(grouped, key=lambda place: summed.place(words, *place))
    forms = dict.fromkeys(form for form, *_rest in order)
    return [
        SchoolForm(
            form,
            words.school_forms.get(form, form),
            tuple(_table(place, grouped[place], words) for place in order if place[0] == form),
        )
        for form in forms
    ]


def _table(place: tuple[str, str, str, str], figures: Sequence[Any], words: Words) -> Table:
    form, indicator, group, basis = place
    name, definition = words.title(indicator, group)
    steps = words.steps(indicator) if figures[0].category else {}
    year = words.year_groups.get((form, group), group)
    subjects: dict[str, dict[str, Any]] = {}
    for one in figures:
        subjects.setdefault(one.subject, {})[one.category] = one
    known = list(words.subjects)
    order = sorted(subjects, key=lambda code: (known.index(code) if code in known else len(known), code))
    return Table(
        title=f"{name}, {year}" if year else name,
        indicator=indicator,
        year_group=group,
        definition=definition,
        basis=words.basis(basis),
        steps=tuple(steps.values()),
        lines=tuple(_line(words.subjects.get(code, code) or name, subjects[code], tuple(steps)) for code in order),
    )


def _line(label: str, by_step: dict[str, Any], steps: Sequence[str]) -> Line:
    one = next(iter(by_step.values()))
    pupils = ""
    if one.n is not None:
        pupils = _("cirka %(n)s av %(enrolled)s", n=number(one.n), enrolled=number(one.enrolled))
    return Line(
        label=label,
        shown="" if steps else percent(one.shown),
        cells=tuple(percent(by_step[step].shown) if step in by_step else "" for step in steps),
        pupils=pupils,
        units=str(_("%(k)s av %(n)s", k=number(one.units), n=number(one.expected))),
        why=str(rules.WHY[one.withheld][1]) if one.withheld else "",
        withheld=one.withheld,
        assessed="" if one.n is None else number(one.n),
    )


def percent(shown: str) -> str:
    return shown if shown == rules.HIDDEN else f"{shown} %"


@dataclass(frozen=True)
class Withheld:
    """How many lines a rule hides or blurs, in words."""

    name: str
    why: str
    count: int


def withheld(forms: Iterable[SchoolForm]) -> list[Withheld]:
    """What is not shown exactly, and why: for whoever prepares and approves."""
    counts: dict[str, int] = {}
    for line in (line for form in forms for table in form.tables for line in table.lines if line.withheld):
        counts[line.withheld] = counts.get(line.withheld, 0) + 1
    return [Withheld(str(name), str(why), counts[rule]) for rule, (name, why) in rules.WHY.items() if rule in counts]


def values(protected: Protected) -> dict[str, Any]:
    """A protected figure as a row's values."""
    return asdict(protected)
