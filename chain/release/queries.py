"""Reads releases: for whoever prepares and approves them, and for the report, which reads figures from nowhere else."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock, events, queue
from chain.base.db import db
from chain.base.locale import _, current, number
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.organisation.models import Mandate, Unit
from chain.organisation.queries import holding
from chain.release import rules
from chain.release.making import Made
from chain.release.models import Release, ReleasedFigure, ReleasedNode, ReleaseSource
from chain.release.rules import Protected
from chain.result.rules import Indicator
from chain.rollup import queries as rollup
from chain.rollup import rules as summed
from chain.rollup.motifs import Step
from chain.rollup.motifs import steps as drawn
from chain.rollup.rules import Key, Words

COMMITTEE = "committee"
TWO = 2  # units: each of them knows the other by their sum
FIELDS = tuple(Protected.__dataclass_fields__)
Figure = Protected | Row[Any]  # as it would leave, or as it was kept


# What would leave


def node(round: Round, mandate: Mandate) -> RoundNode | None:
    """The administration in a round, where the mandate acts for it."""
    found = cycle.node(round, mandate.unit_id)
    return found if found and found.parent_id == round.committee_id else None


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


def replaced_then(release: Release, day: date | None) -> Release | None:
    """The one that had taken its place by the end of a day: of several, the last one then. No day: now."""
    if day is None:
        return replaced_by(release)
    later = _releases().where(Release.round_id == release.round_id, Release.audience == release.audience)
    later = later.where(Release.state == "approved", Release.number > release.number)
    found = db.session.scalars(later.order_by(Release.number.desc()))
    return next((one for one in found if one.decided_at and clock.had_come(one.decided_at, day)), None)


def _newer(release: Release, holds: Release | None) -> Release | None:
    return holds if holds and release.state == "approved" and holds.number > release.number else None


def keeps_figures(holder: policy.Holder, newer: Release | None) -> bool:
    """Whether a release's own page shows its figures: outside the administration only those of the one that holds.

    Two releases of one round beside each other tell by their difference what neither of them tells.
    """
    return newer is None or newer.unit_id == holder.unit_id


def shows_figures(mandate: Mandate, release: Release, newer: Release | None) -> bool:
    """Whether they are shown to somebody signed in: of a replaced one also where a page that one may read is built on it."""
    return keeps_figures(mandate, newer) or bool(_built_on(mandate, release))


def _built_on(mandate: Mandate, release: Release) -> list[Any]:
    found: list[Any] = []
    events.tell("release_looked_for", mandate=mandate, release=release, found=found)
    return found


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


def waiting(round: Round, person_id: int, made: Made) -> Release | None:
    """The round's newest release, where this person prepared it, nobody has decided on it, and it says exactly this."""
    mine = (Release.round_id == round.id, Release.audience == COMMITTEE, Release.prepared_by_id == person_id, waits())
    found: Release | None = db.session.scalars(_releases().where(*mine)).first()
    if found is None or not found.profile:
        return None
    covered, now = made.asked.covered, content(made)
    then = (found.expected, found.reporting, found.profile, found.beside)
    same = then == (covered.expected, covered.reporting, made.asked.profile.facts(), made.asked.beside)
    return found if same and now == kept(found) else None


def hold(release: Release) -> None:
    """One approval at a time per administration, whichever round it is of, until the act has ended."""
    queue.lock(db.session(), f"releases of {release.path}")


def last_number(round: Round, audience: str = COMMITTEE) -> int:
    numbers = select(func.max(Release.number)).where(Release.round_id == round.id, Release.audience == audience)
    return db.session.scalar(numbers) or 0


@dataclass(frozen=True)
class Content:
    """What a release holds, as plain values: nodes, figures (the node's unit, the rule, the figure), and what it was made of."""

    nodes: list[list[Any]]
    figures: list[list[Any]]
    sources: list[list[Any]]


def facts(release: Release, said: Content) -> dict[str, Any]:
    """All that a release says, as its hash is made over; of the first form as it was then."""
    told = {
        "release": release.public_id, "round_id": release.round_id, "unit_id": release.unit_id, "audience": release.audience,
        "number": release.number, "expected": release.expected, "reporting": release.reporting, "figures": said.figures,
    }  # fmt: skip
    if not release.profile:
        return told | {"figures": [figure[2:] for figure in said.figures]}
    return told | {"profile": release.profile, "nodes": said.nodes, "sources": said.sources}


def content(made: Made) -> Content:
    return Content(
        [[one.node.unit_id, one.parent, one.node.level, one.node.name, one.part.expected, one.part.reporting]
         for one in made.asked.nodes],
        [[line.unit_id, line.rule, *(getattr(line.figure, name) for name in FIELDS)] for line in made.lines],
        [[one.unit_id, one.submission_id, None if one.places is None else [list(each) for each in one.places]]
         for one in made.asked.sources],
    )  # fmt: skip


def kept(release: Release) -> Content:
    n, above, f, s = ReleasedNode, aliased(ReleasedNode), ReleasedFigure, ReleaseSource
    nodes = select(n.unit_id, above.unit_id, n.level, n.name, n.expected, n.reporting).outerjoin(above, above.id == n.parent_id)
    figures = select(n.unit_id, f.rule, *(getattr(f, name) for name in FIELDS)).outerjoin(n, n.id == f.node_id)
    sources = select(s.unit_id, s.submission_id, s.places)
    return Content(
        *([list(row) for row in db.session.execute(rows.where(model.release_id == release.id).order_by(model.id))]
          for rows, model in ((nodes, n), (figures, f), (sources, s)))
    )  # fmt: skip


def holds(release: Release) -> bool:
    """Whether a release still says what it said when it was made."""
    return rules.sha256(facts(release, kept(release))) == release.sha256


def rows(release: Release) -> Sequence[Figure]:
    """The administration's figures in a release, in the order in which they were frozen."""
    found = select(*(getattr(ReleasedFigure, name) for name in FIELDS)).where(ReleasedFigure.release_id == release.id, _whole())
    return db.session.execute(found.order_by(ReleasedFigure.id)).all()


def every(release: Release) -> Sequence[Any]:
    """All figures of a release as they were frozen: of what (the fields of a figure), and whose: `name`, `level`, `unit` (its
    public id). In the order of the tree."""
    n, f = ReleasedNode, ReleasedFigure
    whose = (func.coalesce(n.name, Unit.name).label("name"), func.coalesce(n.level, Unit.level).label("level"))
    found = select(*(getattr(f, name) for name in FIELDS), *whose, Unit.public_id.label("unit")).join(
        Release, Release.id == f.release_id
    )
    joined = found.outerjoin(n, n.id == f.node_id).join(Unit, Unit.id == func.coalesce(n.unit_id, Release.unit_id))
    return db.session.execute(joined.where(f.release_id == release.id).order_by(f.id)).all()


def _whole() -> ColumnElement[bool]:
    """The condition of the administration's figure: in releases of the first form there is no other."""
    top = select(ReleasedNode.id).where(ReleasedNode.release_id == ReleasedFigure.release_id, ReleasedNode.parent_id.is_(None))
    return or_(ReleasedFigure.node_id.is_(None), ReleasedFigure.node_id.in_(top))


# As it is read


@dataclass(frozen=True)
class Line:
    """One subject's figure in words: `shown` for a share, mean or count, `cells` for a distribution; `why` what is withheld."""

    label: str
    shown: str
    cells: tuple[str, ...]
    pupils: str  # "cirka 85 av 90", nothing where they are withheld
    units: str  # "18 av 20"
    why: str
    withheld: str  # the rule's key, or nothing
    assessed: str = ""  # "85", where there is no room for the words
    hidden: bool = False  # nothing of it is shown
    exact: int | None = None  # the whole per cent of a share, where it is told; ~100 and .. are neither numbers nor zero
    value: Decimal | None = None  # of a share, mean or count, where it is told
    shares: tuple[int, ...] = ()  # of a distribution: the whole per cent of each step, where every one of them is told
    n: int | None = None
    telling: int = 0  # units, of
    expected: int = 0
    query: str = ""  # what opens the figure node by node: the end of an address

    @property
    def of_two(self) -> bool:
        """Whether it is hidden and two units are all there is behind it: told by nothing but what stands beside it."""
        return self.withheld == rules.PROTECTED and self.telling == TWO


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
    kind: str = "share"
    heads: tuple[str, str] = ("", "")  # over the figure, and over those assessed
    row_head: str = ""
    drawn: tuple[Step, ...] = ()  # the steps as a picture has them
    of_people: bool = True  # of a share: chance can be reckoned on it, as it cannot on hours


@dataclass(frozen=True)
class SchoolForm:
    code: str
    name: str
    tables: tuple[Table, ...]


def figures(release: Release) -> list[SchoolForm]:
    """A release's figures as they are read, per school form: plain words, nothing that has to be worked out."""
    return read(rows(release), words(release))


def words(release: Release) -> Words:
    """The words of a release's year, in the reader's language."""
    return rollup.words(release.round.year_id)


def through(releases: Sequence[Release], said: Words | None = None) -> list[list[SchoolForm]]:
    """Several releases' figures, each as it was frozen, in the words of the last one's year. As many statements as for one."""
    found = select(ReleasedFigure.release_id, *(getattr(ReleasedFigure, name) for name in FIELDS))
    by_release: dict[int, list[Any]] = {one.id: [] for one in releases}
    for row in db.session.execute(found.where(ReleasedFigure.release_id.in_(by_release), _whole()).order_by(ReleasedFigure.id)):
        by_release[row.release_id].append(row)
    said = said or words(releases[-1])
    return [read(by_release[one.id], said) for one in releases]


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
    measure, scale = words.measure(indicator), words.scale(indicator) if figures[0].category else None
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
        lines=tuple(_line(words.subjects.get(code, code) or name, subjects[code], tuple(steps), measure) for code in order),
        kind=measure.kind if measure else "share",
        heads=summed.heads(measure, group),
        row_head=measure.row_head(current()) if measure else _("Ämne"),
        drawn=drawn(scale, current()) if scale else (),
        of_people=measure is None or not measure.apart,
    )


def _line(label: str, by_step: dict[str, Any], steps: Sequence[str], measure: Indicator | None) -> Line:
    one = next(iter(by_step.values()))
    counts = measure is not None and measure.kind == "count"
    return Line(
        label=label,
        shown="" if steps else said(one.shown, measure),
        cells=tuple(percent(by_step[step].shown) if step in by_step else "" for step in steps),
        pupils="" if counts or one.n is None else _pupils(one, measure),
        units=str(_("%(k)s av %(n)s", k=number(one.units), n=number(one.expected))),
        why=str(rules.WHY[one.withheld][1]) if one.withheld else "",
        withheld=one.withheld,
        assessed="" if counts or one.n is None else number(one.n),
        hidden=one.n is None,
        exact=int(one.shown) if not steps and (measure is None or measure.kind == "share") and one.shown.isdigit() else None,
        value=None if steps else told(one.shown),
        shares=_shares(by_step, steps),
        n=one.n,
        telling=one.units,
        expected=one.expected,
        query=rollup.query_of(Key(one.indicator, one.school_form, one.subject, one.year_group, "", one.basis)),
    )


def told(shown: str) -> Decimal | None:
    """A figure as it was kept as a number; nothing where a sign stands in its place."""
    return Decimal(shown) if shown[:1].isdigit() or (shown[:1] == "-" and shown[1:2].isdigit()) else None


def _shares(by_step: dict[str, Any], steps: Sequence[str]) -> tuple[int, ...]:
    each = [told(by_step[step].shown) if step in by_step else Decimal(0) for step in steps]
    return tuple(int(one) for one in each if one is not None) if all(one is not None for one in each) else ()


def _pupils(one: Any, measure: Indicator | None) -> str:
    if measure is not None and (measure.apart or not measure.sv.enrolled):
        return _("cirka %(n)s", n=number(one.enrolled if measure.apart else one.n))
    if one.enrolled is None:  # of a unit it is not told
        return _("cirka %(n)s", n=number(one.n))
    return _("cirka %(n)s av %(enrolled)s", n=number(one.n), enrolled=number(one.enrolled))


def said(shown: str, measure: Indicator | None) -> str:
    """A figure as it was kept, in words: “84 %”, “228,7”, “125 000 kr”."""
    if shown == rules.HIDDEN or measure is None or measure.kind not in ("mean", "count"):
        return percent(shown)
    decimals = measure.shown_decimals if measure.kind == "mean" else measure.decimals
    return f"{number(Decimal(shown), decimals)} {summed.UNITS.get(measure.unit, '')}".rstrip()


def percent(shown: str) -> str:
    return shown if shown == rules.HIDDEN else f"{shown} %"


@dataclass(frozen=True)
class Withheld:
    """How many lines a rule hides or blurs, in words."""

    name: str
    why: str
    count: int


def withheld(forms: Iterable[SchoolForm]) -> list[Withheld]:
    """What is not shown exactly, what stands in its place, and why."""
    lines = [line for form in forms for table in form.tables for line in table.lines if line.withheld]
    counts = Counter(line.withheld for line in lines)
    found = [
        Withheld(str(name) if rule in rules.SHOWN else f"{name} ({rules.HIDDEN})", str(why), counts[rule])
        for rule, (name, why) in rules.WHY.items()
        if rule in counts
    ]
    of_two = sum(line.of_two for line in lines)
    return [*found, Withheld(str(rules.OF_TWO[0]), str(rules.OF_TWO[1]), of_two)] if of_two else found


def values(protected: Protected) -> dict[str, Any]:
    """A protected figure as a row's values."""
    return asdict(protected)
