"""What releases are made of: which submission each unit's figures come from, and the exact figures in it.

Nothing exact is kept in a release; submissions are never changed, so what it was made of is found again from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, contains_eager

from chain.base.audit import AuditLine
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.followup.models import Submission
from chain.release.atoms import Family, Measures, Place, Told, place
from chain.release.models import Release, ReleasedFigure, ReleasedNode, ReleaseSource
from chain.release.profiles import of as profile_of
from chain.release.rules import ALMOST_ALL, ALMOST_NOBODY, HIDDEN
from chain.release.system import HIDDEN as NOT_SHOWN
from chain.release.system import NEAR, OPEN, Earlier, Out
from chain.result import queries as result
from chain.result import rules as measured
from chain.rollup.queries import FIGURE, ROWS

Unit = int
Figures = dict[Place, dict[Family, Told]]
MOST_AT_ONCE = 500  # in a list of a statement


@dataclass(frozen=True)
class Source:
    """A unit's figures come from a submission: these places alone, or all that no other source of it names."""

    unit_id: Unit
    submission_id: int
    places: tuple[Place, ...] | None = None


def measures(round: Round) -> Measures:
    return Measures(
        {one.key: one for one in result.indicators(round.year_id)}, {one.key: one for one in result.scales(round.year_id)}
    )


def told(figures: Iterable[Any], known: Measures) -> Figures:
    """Rows or figures of one unit, put together by place and family."""
    rows: dict[Family, list[Any]] = {}
    for one in figures:
        rows.setdefault((one.school_form, one.indicator, one.subject, one.year_group, one.basis), []).append(one)
    found: Figures = {}
    for family, same in rows.items():
        spread = known.kind(family) == "spread"
        parts = tuple(sorted((one.category if spread else "", one.k) for one in same))
        found.setdefault(place(family), {})[family] = Told(same[0].enrolled, same[0].n, parts, same[0].total)
    return found


# Which submissions


def standing(round: Round, path: str) -> dict[Unit, int]:
    """The newest submission of each node under an administration, itself counted, where it has been accepted."""
    newer = aliased(Submission)
    later = exists().where(newer.followup_id == Submission.followup_id, newer.number > Submission.number)
    here = (Submission.round_id == round.id, Submission.state == "accepted", Submission.path.startswith(path, autoescape=True))
    return {unit: number for unit, number in db.session.execute(select(Submission.unit_id, Submission.id).where(*here, ~later))}


def of(release: Release) -> list[Source]:
    """What a release was made of; of the first form it is inferred: what had been accepted when it was prepared."""
    kept = select(ReleaseSource).where(ReleaseSource.release_id == release.id).order_by(ReleaseSource.id)
    found = [
        Source(one.unit_id, one.submission_id, None if one.places is None else tuple(tuple(each) for each in one.places))
        for one in db.session.scalars(kept)
    ]
    return found if release.profile else _accepted_at(release, release.prepared_at)


def _accepted_at(release: Release, moment: datetime) -> list[Source]:
    """As the audit tells: a submission that was reopened since says only when that was."""
    here = Submission.round_id == release.round_id, Submission.path.startswith(release.path, autoescape=True)
    wanted = select(Submission.id, Submission.unit_id, Submission.public_id, Submission.state, Submission.decided_at).where(*here)
    acts = ("rollup.accept", "followup.accept", "followup.supplement", "followup.submit", "rollup.reopen", "followup.reopen")
    lines = select(AuditLine.about, AuditLine.act, AuditLine.at).join(Submission, Submission.public_id == AuditLine.about)
    accepted: dict[str, datetime] = {}
    reopened: dict[str, datetime] = {}
    for about, act, at in db.session.execute(lines.where(*here, AuditLine.act.in_(acts)).order_by(AuditLine.number)):
        if act.endswith(".reopen"):
            reopened[str(about)] = at
        elif act.endswith(".accept"):
            accepted.setdefault(str(about), at)
    found: dict[Unit, int] = {}
    for number, unit, name, state, decided_at in db.session.execute(wanted.order_by(Submission.number)):
        then: datetime | None = accepted.get(name, decided_at if state == "accepted" else None)
        if then is not None and then <= moment and not (name in reopened and reopened[name] <= moment):
            found[unit] = number
    return [Source(unit, number) for unit, number in found.items()]


# What they say


class Reader:
    """Exact figures of submissions. Those that stand are read from the stored rows, older ones from their snapshots.

    Of the years before and after a round's, what has no year group alone: in a year group they are others, a year later."""

    def __init__(self, round: Round, path: str, known: Measures) -> None:
        self._year_id, self._path, self._known = round.year_id, path, known
        self._entered = {key: one.entry_level for key, one in known.indicators.items()}
        self._standing: dict[int, dict[Unit, int]] = {}
        self._stored: dict[int, dict[Unit, Figures]] = {}
        self._old: dict[int, Figures] = {}

    def standing(self, round: Round) -> dict[Unit, int]:
        if round.id not in self._standing:
            self._standing[round.id] = standing(round, self._path)
        return self._standing[round.id]

    def stored(self, round: Round) -> dict[Unit, Figures]:
        """Each unit's own rows: what was entered at its own level."""
        if round.id not in self._stored:
            levels = {node.unit_id: node.level for node in _nodes(round, self._path)}
            rows: dict[Unit, list[Any]] = {}
            wanted = select(ROWS.c.unit_id, *FIGURE).where(
                ROWS.c.round_id == round.id, ROWS.c.path.startswith(self._path, autoescape=True)
            )
            if round.year_id != self._year_id:
                wanted = wanted.where(ROWS.c.year_group == "")
            for row in db.session.execute(wanted):
                if levels.get(row.unit_id) == self._entered.get(row.indicator, ""):
                    rows.setdefault(row.unit_id, []).append(row)
            self._stored[round.id] = {unit: told(own, self._known) for unit, own in rows.items()}
        return self._stored[round.id]

    def read(self, round: Round, sources: Sequence[Source]) -> dict[Unit, Figures]:
        """What each unit told, of what a release was made of."""
        stands, stored = self.standing(round), self.stored(round)
        self._open([one.submission_id for one in sources if stands.get(one.unit_id) != one.submission_id])
        found: dict[Unit, Figures] = {}
        for one in sorted(sources, key=lambda one: one.places is not None):  # what is held goes before the rest
            own = stored.get(one.unit_id, {}) if stands.get(one.unit_id) == one.submission_id else self._old[one.submission_id]
            if one.places is None:
                found[one.unit_id] = dict(own)
            else:
                found.setdefault(one.unit_id, {}).update({where: own[where] for where in one.places if where in own})
        if round.year_id != self._year_id:
            found = {unit: {where: own for where, own in figures.items() if not where[2]} for unit, figures in found.items()}
        return {unit: figures for unit, figures in found.items() if figures}

    def _open(self, submissions: Iterable[int]) -> None:
        missing = sorted(set(submissions) - self._old.keys())
        for start in range(0, len(missing), MOST_AT_ONCE):
            wanted = select(Submission.id, Submission.level, Submission.snapshot)
            for number, level, snapshot in db.session.execute(
                wanted.where(Submission.id.in_(missing[start : start + MOST_AT_ONCE]))
            ):
                figures = measured.add(measured.Figure(**figure) for figure in snapshot.get("figures", []))
                own = [one for one in figures if self._entered.get(one.indicator) == level]
                self._old[number] = told(own, self._known)


def _nodes(round: Round, path: str) -> Sequence[Any]:
    wanted = select(RoundNode.unit_id, RoundNode.level, RoundNode.path).where(
        RoundNode.round_id == round.id, RoundNode.path.startswith(path, autoescape=True)
    )
    return db.session.execute(wanted).all()


# Earlier releases


def earlier(round: Round, path: str, reader: Reader) -> list[tuple[Release, Earlier]]:
    """The approved releases that a release of a round must stand beside, in the order in which the protection reads them."""
    return [(one, _earlier(one, reader, round)) for one in _beside(round, path)]


def beside(round: Round, path: str) -> list[int]:
    """Their ids."""
    return sorted(one.id for one in _beside(round, path))


def _beside(round: Round, path: str) -> list[Release]:
    """All that the administration has out, of the round and every other, earlier and later: staff and small children are the same
    people from year to year, and what a few leave, and a few more the year after, is one chain."""
    wanted = select(Release).join(Release.round).where(Release.path == path, Release.state == "approved")
    return sorted(
        db.session.scalars(wanted.options(contains_eager(Release.round))),
        key=lambda one: (abs((one.round.opens_on - round.opens_on).days), one.round.opens_on, -one.number),
    )


def _earlier(release: Release, reader: Reader, round: Round) -> Earlier:
    inputs = reader.read(release.round, of(release))
    places = {node.unit_id: node.path for node in _nodes(release.round, release.path)}
    under: dict[int | None, frozenset[Unit] | None] = {None: None}
    nodes = select(ReleasedNode.id, ReleasedNode.parent_id, ReleasedNode.unit_id).where(ReleasedNode.release_id == release.id)
    for node_id, parent_id, unit in db.session.execute(nodes):
        top = places.get(unit, "/")
        mine = frozenset(each for each in inputs if places.get(each, "").startswith(top))
        under[node_id] = None if parent_id is None else mine
    f = ReleasedFigure
    wanted = select(f.node_id, f.school_form, f.indicator, f.subject, f.year_group, f.basis, f.shown)
    if other_year := release.round.year_id != round.year_id:
        wanted = wanted.where(f.year_group == "")
    out: dict[tuple[int | None, Family], str] = {}
    for whose, *family, shown in db.session.execute(wanted.where(f.release_id == release.id)):
        form, indicator, subject, group, basis = family
        out[whose, (form, indicator, subject, group, basis)] = how(shown)
    told = [Out(under.get(node_id), family, shown) for (node_id, family), shown in out.items()]
    return Earlier(release.id, release.round_id, inputs, told, profile_of(release.profile), other_year)


def how(shown: str) -> str:
    return NOT_SHOWN if shown == HIDDEN else NEAR if shown in (ALMOST_ALL, ALMOST_NOBODY) else OPEN


def by_place(sources: Iterable[Source], inputs: Mapping[Unit, Iterable[Place]]) -> dict[tuple[Unit, Place], int]:
    """Which submission each unit's figures of a place come from."""
    found: dict[tuple[Unit, Place], int] = {}
    for one in sorted(sources, key=lambda one: one.places is not None):
        for where in inputs.get(one.unit_id, {}) if one.places is None else one.places:
            found[one.unit_id, where] = one.submission_id
    return found


def lowest(round: Round, path: str) -> dict[Unit, str]:
    """Each node of a round under an administration, with its path."""
    return {node.unit_id: node.path for node in _nodes(round, path)}


def rank(level: str) -> int:
    return cycle.level(level).rank
