"""The committee's figures through the years: what each year's page said of the same round. Nothing live, nothing withheld."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base.db import db
from chain.base.locale import _, number
from chain.base.locale import current as language
from chain.cycle import queries as cycle
from chain.cycle.models import Round, Year
from chain.organisation.models import Mandate
from chain.release import queries as release
from chain.release.models import Release
from chain.report.models import Report
from chain.rollup import telling
from chain.rollup.charts import Shown, Twin
from chain.rollup.motifs import Bar, CountPicture, Pair, PairPicture, Picture, SmallPicture, StackPicture, Step
from chain.rollup.trend import Point, count

Place = tuple[str, str, str, str]  # school form, year group, indicator, what it rests on
Series = dict[str, dict[int, release.Line]]  # subject → the year's place among the years → its line


def reports(report: Report, mandate: Mandate) -> list[Report]:
    """The pages of the same round of each year up to this one that the mandate may read, oldest first. One statement."""
    whole = joinedload(Report.round).joinedload(Round.year), joinedload(Report.release).joinedload(Release.round)
    same = (Report.path == report.path, Round.number == report.round.number, Year.starts_on <= report.round.year.starts_on)
    found = select(Report).join(Report.round).join(Round.year).where(*same, policy.where(mandate, Report)).options(*whole)
    return list(db.session.scalars(found.order_by(Year.starts_on)))


class Page(Protocol):
    """Whatever has told a round's figures from a release: a report, a document."""

    @property
    def round(self) -> Round: ...
    @property
    def release(self) -> Release: ...


@dataclass
class Told:
    """What an indicator's pages have told: its lines by subject and year, and of a distribution its steps."""

    title: str
    kind: str
    heads: tuple[str, str]
    row_head: str
    steps: tuple[Step, ...]
    lines: Series = field(default_factory=dict)
    source: str = ""


def figures(told: Sequence[Page]) -> tuple[dict[tuple[str, str], str], dict[Place, Told]]:
    """The year groups with their names, and each indicator's subjects through the years."""
    groups: dict[tuple[str, str], str] = {}
    found: dict[Place, Told] = {}
    known, source = cycle.school_forms(), _source(one.release for one in told)
    for year, forms in enumerate(release.through([one.release for one in told])):
        for form in forms:
            labels = known[form.code].labels(language()) if form.code in known else {}
            for table in form.tables:
                place = (form.code, table.year_group, table.indicator, table.basis)
                name = ", ".join(filter(None, (form.name, labels.get(table.year_group, table.year_group))))
                groups.setdefault((form.code, table.year_group), name)
                lines = found.setdefault(place, Told("", "", ("", ""), "", ())).lines
                title = f"{table.title} ({table.basis})"
                found[place] = Told(title, table.kind, table.heads, table.row_head, table.drawn, lines, source)
                for line in table.lines:
                    lines.setdefault(line.label, {})[year] = line
    return groups, found


def first(groups: Iterable[tuple[str, str]], found: Mapping[Place, Told]) -> tuple[str, str]:
    """The year group to begin with: the first of which something is told."""
    something = {
        place[:2] for place, one in found.items() for lines in one.lines.values() for line in lines.values()
        if line.value is not None or line.shares
    }  # fmt: skip
    return next((group for group in groups if group in something), next(iter(groups), ("", "")))


def pictures(told: Sequence[Page], found: Mapping[Place, Told], chosen: tuple[str, str]) -> list[Shown]:
    """The pictures of a year group. What is withheld has no place in a picture, and its sign in the table."""
    years = [one.round.year.label for one in told]
    shown: list[Shown] = []
    for row, one in enumerate(one for place, one in found.items() if place[:2] == chosen):
        if one.steps:
            shown += _distributions(f"years-{row}", one, years)
        elif one.kind == "count":
            shown += [
                _count(f"years-{row}-{each}", one, subject, years) for each, subject in enumerate(one.lines) if _any(one, subject)
            ]
        elif not one.steps:
            shown.append(_picture(f"years-{row}", one, years))
    return shown


def _any(told: Told, subject: str) -> bool:
    return any(line.value is not None for line in told.lines[subject].values())


def _picture(anchor: str, told: Told, years: list[str]) -> Shown:
    points = {
        subject: tuple(_point(label, lines.get(year)) for year, label in enumerate(years))
        for subject, lines in told.lines.items()
    }
    about = _("Genom åren: %(title)s", title=told.title)
    said = "; ".join(f"{subject}: {each[-1].said or '–'}" for subject, each in points.items())
    axis: dict[str, Any] = {} if told.kind == "share" else {"floor": None, "ceiling": None, "mark": _mark()}
    picture: Picture = SmallPicture(about, said, tuple(points.items()), **axis)
    if len(years) == 1 and told.kind == "share":  # nothing to stand beside yet: the subjects beside each other
        picture = PairPicture(
            told.title, said, "", "", tuple(Pair(subject, None, each[0].value) for subject, each in points.items())
        )
    rows = tuple((subject, *(point.said or "–" for point in each)) for subject, each in points.items())
    return Shown(anchor, picture, Twin((told.row_head, *years), rows), (), _legend(), told.source)


def _count(anchor: str, told: Told, subject: str, years: list[str]) -> Shown:
    """A sum through the years, from zero, with how many units are in it."""
    lines = told.lines[subject]
    points = tuple(_counted(label, lines.get(year)) for year, label in enumerate(years))
    title = told.title if len(told.lines) == 1 else f"{told.title}: {subject}"
    sentences = telling.counts(points)
    picture = CountPicture(
        _("Genom åren: %(title)s", title=title), telling.trend(points, sentences), told.heads[0], points, _mark()
    )
    rows = tuple(
        (label, point.said or "–", _units(lines.get(year))) for year, (label, point) in enumerate(zip(years, points, strict=True))
    )
    twin = Twin((_("År"), told.heads[0], _("Enheter")), rows)
    return Shown(
        anchor, picture, twin, sentences, str(telling.LEGENDS["counts"]), told.source, rests_on=_("Siffran är en summa.")
    )


def _distributions(anchor: str, told: Told, years: list[str]) -> Iterable[Shown]:
    """A subject's steps, a bar a year, where every step of some year is told; in a first year the subjects beside each other."""
    if len(years) == 1:
        yield from _stack(anchor, told.title, told.row_head, {name: lines.get(0) for name, lines in told.lines.items()}, told)
        return
    for row, (subject, lines) in enumerate(told.lines.items()):
        title = _("Genom åren: %(title)s", title=f"{subject}, {told.title}")
        by_year = {label: lines.get(year) for year, label in enumerate(years)}
        yield from _stack(f"{anchor}-{row}", title, _("År"), by_year, told)


def _stack(anchor: str, title: str, head: str, lines: Mapping[str, release.Line | None], told: Told) -> Iterable[Shown]:
    bars = tuple(Bar(label, line.shares) for label, line in lines.items() if line and line.shares)
    if not bars:
        return
    rows = tuple(
        (label, *(line.cells if line else ("–",) * len(told.steps)), line.assessed or "–" if line else "–")
        for label, line in lines.items()
    )
    symbols = [step.symbol for step in told.steps]
    picture = StackPicture(title, telling.stack(symbols, [(bar.label, bar.counts) for bar in bars]), told.steps, bars)
    twin = Twin((head, *symbols, _("Bedömda")), rows)
    yield Shown(anchor, picture, twin, (), _legend(), told.source)


def _legend() -> str:
    return _(
        "Samma uppföljning varje år, ur nämndens egna sidor. Ihålig prick: alla enheter är inte med. "
        "Det som hålls inne ritas inte."
    )


def _source(releases: Iterable[Release]) -> str:
    """With what pupils are rounded to: in one year perhaps otherwise than in another."""
    to = "/".join(str(each) for each in sorted({one.rounded_to for one in releases}))
    return _("Källa: godkända utgåvor. Andelar är hela procent, och elever är avrundade till närmaste %(to)s.", to=to)


def _mark() -> str:
    return number(Fraction(1, 2), 1)[1]


def _units(line: release.Line | None) -> str:
    return line.units if line and line.value is not None else "–"


def _counted(label: str, line: release.Line | None) -> Point:
    if line is None or line.value is None:
        return Point(label, said=line.shown if line else "")
    return count(label, float(line.value), line.shown, line.telling, line.expected)


def _point(label: str, line: release.Line | None) -> Point:
    if line is None:
        return Point(label)
    said = _("%(share)s av %(n)s", share=line.shown, n=line.assessed) if line.assessed else line.shown
    value = None if line.value is None else float(line.value)
    return Point(label, value, line.n or 0, line.telling, line.expected, said=said)
