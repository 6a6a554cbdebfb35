"""Each share per subject as the committee's page draws it: now with its uncertainty, among the same round of earlier years.

From releases alone: by the whole per cent and the rounded number that stand in the table beside, so that nothing more is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from chain.base.locale import _
from chain.release.queries import Line, SchoolForm, Table
from chain.report import rules
from chain.rollup import trend
from chain.rollup.charts import Shown, Twin
from chain.rollup.motifs import Stood, StoodPicture
from chain.rollup.trend import Point

Place = tuple[str, str, str]  # the name of a school form, of an indicator, and of what it rests on: as a grid is called
FEWEST = 2  # subjects: one alone is read in its table
YEARS = 5  # earlier ones: all of them are a click away as well
MOST = 6  # pictures on a page: those of further year groups are a click away, through the years


def pictures(
    years: Sequence[Sequence[SchoolForm]], labels: Sequence[str], groups: Mapping[str, Mapping[str, str]]
) -> dict[Place, list[Shown]]:
    """The pictures of each grid of the last year, one a year group. `labels`: the years'; `groups`: of each school form its year
    groups' names."""
    found: dict[Place, list[Shown]] = {}
    earlier = [{_key(form, table): table for form in forms for table in form.tables} for forms in years[:-1]]
    for form in years[-1]:
        for table in form.tables:
            if _is_drawn(table):
                before = [_by_subject(each.get(_key(form, table))) for each in earlier]
                place = (form.name, rules.name_of(table, groups.get(form.code, {})), table.basis)
                number = sum(map(len, found.values()))
                found.setdefault(place, []).append(_shown(f"stood-{number}", form.name, table, before, labels))
    return found


def _is_drawn(table: Table) -> bool:
    """Whether it is a share of people, subject by subject, of which something is told."""
    several = len(table.lines) >= FEWEST and any(line.exact is not None for line in table.lines)
    return several and table.kind == "share" and table.of_people and not table.steps


def _key(form: SchoolForm, table: Table) -> tuple[str, ...]:
    return form.code, table.indicator, table.year_group, table.basis


def _by_subject(table: Table | None) -> dict[str, Line]:
    return {line.label: line for line in table.lines} if table else {}


def _shown(anchor: str, form: str, table: Table, earlier: Sequence[Mapping[str, Line]], labels: Sequence[str]) -> Shown:
    every = tuple(
        Stood(
            line.label,
            _now(line, labels[-1]),
            tuple(_then(each.get(line.label), label) for each, label in zip(earlier, labels[:-1], strict=True)),
        )
        for line in table.lines
    )
    rows = tuple(row for row in every if any(point.value is not None for point in (row.now, *row.before)))
    title = _("%(form)s: %(title)s (%(basis)s)", form=form, title=table.title, basis=table.basis)
    told = [(row.label, [point for point in (*row.before, row.now) if point.said]) for row in every]
    said = "; ".join(f"{label}: {', '.join(f'{point.label} {point.said}' for point in points)}" for label, points in told)
    twin = Twin(
        (table.row_head, *labels), tuple((row.label, *(point.said or "–" for point in (*row.before, row.now))) for row in every)
    )
    return Shown(anchor, StoodPicture(title, f"{said}.", rows), twin, (), _legend(rows), "")


def _legend(rows: Sequence[Stood]) -> str:
    """How it is read: of what is in it alone."""
    told = [_("Prickarna: nu. Strecket är osäkerheten (95 %), räknad på avrundade tal.")]
    if any(point.value is not None for row in rows for point in row.before):
        told.append(_("Små prickar: samma uppföljning tidigare år."))
    if any(row.now.value is not None and not row.now.solid for row in rows):
        told.append(_("Ihålig prick: alla enheter är inte med."))
    return " ".join(told)


def chosen(pictures: Mapping[Place, Sequence[Shown]], among: Iterable[tuple[str, rules.Grid]]) -> list[Shown]:
    """The pictures of some grids, each in its school form: first that with most subjects, seen at once; not too many."""
    found = [one for form, grid in among for one in pictures.get((form, grid.title, grid.basis), ())]
    first = max(found, key=_subjects, default=None)
    return [one for one in (first, *(one for one in found if one is not first)) if one is not None][:MOST]


def _subjects(one: Shown) -> int:
    return len(one.picture.rows) if isinstance(one.picture, StoodPicture) else 0


def _now(line: Line, label: str) -> Point:
    said = _said(line)
    if line.exact is None or not line.n:
        return Point(label, said=said, short=line.shown)
    low, high = trend.uncertainty(round(Fraction(line.exact * line.n, 100)), line.n)
    return Point(label, float(line.exact), line.n, line.telling, line.expected, 100 * low, 100 * high, said, line.shown)


def _then(line: Line | None, label: str) -> Point:
    if line is None:
        return Point(label)
    value = None if line.exact is None else float(line.exact)
    return Point(label, value, line.n or 0, line.telling, line.expected, said=_said(line))


def _said(line: Line) -> str:
    return _("%(share)s av %(n)s", share=line.shown, n=line.assessed) if line.assessed else line.shown
