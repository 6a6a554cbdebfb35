"""The committee's figures through the years: what each year's page said of the same round. Nothing live, nothing withheld."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base.db import db
from chain.base.locale import _
from chain.base.locale import current as language
from chain.cycle import queries as cycle
from chain.cycle.models import Round, Year
from chain.organisation.models import Mandate
from chain.release import queries as release
from chain.release.models import Release
from chain.report.models import Report
from chain.rollup.charts import Shown, Twin
from chain.rollup.motifs import Pair, PairPicture, Picture, SmallPicture
from chain.rollup.trend import Point

Place = tuple[str, str, str, str]  # school form, year group, indicator, what it rests on
Series = dict[str, dict[int, release.Line]]  # subject → the year's place among the years → its line


def reports(report: Report, mandate: Mandate) -> list[Report]:
    """The pages of the same round of each year up to this one that the mandate may read, oldest first. One statement."""
    whole = joinedload(Report.round).joinedload(Round.year), joinedload(Report.release).joinedload(Release.round)
    same = (Report.path == report.path, Round.number == report.round.number, Year.starts_on <= report.round.year.starts_on)
    found = select(Report).join(Report.round).join(Round.year).where(*same, policy.where(mandate, Report)).options(*whole)
    return list(db.session.scalars(found.order_by(Year.starts_on)))


def shares(told: Sequence[Report]) -> tuple[dict[tuple[str, str], str], dict[Place, Series], dict[Place, str]]:
    """The year groups with their names, each indicator's subjects through the years, and its title."""
    groups: dict[tuple[str, str], str] = {}
    series: dict[Place, Series] = {}
    titles: dict[Place, str] = {}
    known = cycle.school_forms()
    for year, forms in enumerate(release.through([one.release for one in told])):
        for form in forms:
            labels = known[form.code].labels(language()) if form.code in known else {}
            for table in form.tables:
                if table.steps:
                    continue
                place = (form.code, table.year_group, table.indicator, table.basis)
                name = ", ".join(filter(None, (form.name, labels.get(table.year_group, table.year_group))))
                groups.setdefault((form.code, table.year_group), name)
                titles[place] = f"{table.title} ({table.basis})"
                for line in table.lines:
                    series.setdefault(place, {}).setdefault(line.label, {})[year] = line
    return groups, series, titles


def first(groups: Iterable[tuple[str, str]], series: dict[Place, Series]) -> tuple[str, str]:
    """The year group to begin with: the first of which something is told."""
    told = {
        place[:2] for place, subjects in series.items() for lines in subjects.values() for line in lines.values()
        if line.exact is not None
    }  # fmt: skip
    return next((group for group in groups if group in told), next(iter(groups), ("", "")))


def pictures(
    told: Sequence[Report], series: dict[Place, Series], titles: dict[Place, str], chosen: tuple[str, str]
) -> list[Shown]:
    """A picture of small ones for each indicator of a year group. What is withheld has no dot, and its sign in the table."""
    years = [one.round.year.label for one in told]
    wanted = [place for place in series if place[:2] == chosen]
    return [_picture(f"years-{number}", series[place], years, titles[place]) for number, place in enumerate(wanted)]


def _picture(anchor: str, subjects: Series, years: list[str], title: str) -> Shown:
    points = {
        subject: tuple(_point(label, lines.get(year)) for year, label in enumerate(years)) for subject, lines in subjects.items()
    }
    about = _("Genom åren: %(title)s", title=title)
    said = "; ".join(f"{subject}: {each[-1].said or '–'}" for subject, each in points.items())
    picture: Picture = SmallPicture(about, said, tuple(points.items()))
    if len(years) == 1:  # nothing to stand beside yet: the subjects beside each other
        picture = PairPicture(title, said, "", "", tuple(Pair(subject, None, each[0].value) for subject, each in points.items()))
    rows = tuple((subject, *(point.said or "–" for point in each)) for subject, each in points.items())
    return Shown(
        anchor=anchor,
        picture=picture,
        twin=Twin((_("Ämne"), *years), rows),
        told=(),
        legend=_(
            "Samma uppföljning varje år, ur nämndens egna sidor. Ihålig prick: alla enheter är inte med. "
            "Det som hålls inne ritas inte."
        ),
        source=_("Källa: godkända utgåvor. Andelar är hela procent, och elever är avrundade till fem."),
    )


def _point(label: str, line: release.Line | None) -> Point:
    if line is None:
        return Point(label)
    said = _("%(share)s av %(n)s", share=line.shown, n=line.assessed) if line.assessed else line.shown
    value = None if line.exact is None else float(line.exact)
    return Point(label, value, line.n or 0, line.telling, line.expected, said=said)
