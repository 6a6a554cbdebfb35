"""Reads a release node by node: one figure of every area and unit, the funnel of it, and what is withheld where. Nothing live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.base.locale import _, ngettext, number, sort_key
from chain.cycle import queries as cycle
from chain.organisation.models import Unit
from chain.release import queries, rules
from chain.release.making import Made
from chain.release.models import Release, ReleasedFigure, ReleasedNode
from chain.release.queries import FIELDS, Line
from chain.rollup import funnel, gallery_units
from chain.rollup import queries as rollup
from chain.rollup.charts import Shown, Twin
from chain.rollup.funnel import Dot
from chain.rollup.motifs import Spot
from chain.rollup.rules import Key, Words
from chain.rollup.telling import LEGENDS


@dataclass(frozen=True)
class Part:
    """A node's line of one figure: `depth` below the administration, alphabetical among its siblings. Never by result."""

    name: str
    level: str
    depth: int
    unit_id: str  # public
    line: Line
    under: str = ""  # the area that it stands under


@dataclass(frozen=True)
class Beside:
    """One figure of every node."""

    key: Key
    table: queries.Table  # the administration's, with its title, definition and steps
    parts: tuple[Part, ...]

    @property
    def whole(self) -> Part:
        return self.parts[0]

    @property
    def areas(self) -> list[Part]:
        return [one for one in self.parts[1:] if not cycle.level(one.level).collects_figures]

    @property
    def units(self) -> list[Part]:
        """In Swedish order through all areas: never in order of result."""
        return sorted((one for one in self.parts if cycle.level(one.level).collects_figures), key=lambda one: sort_key(one.name))


def has_nodes(release: Release) -> bool:
    return bool(release.profile)


def beside(release: Release, key: Key) -> Beside | None:
    """A figure of the administration and each node under it; None where the release has no such figure. Two statements."""
    f, n = ReleasedFigure, ReleasedNode
    same = [getattr(f, name) == value for name, value in zip(Key._fields, key, strict=True) if name != "category"]
    wanted = select(n.id, n.parent_id, n.level, n.name, Unit.public_id, *(getattr(f, name) for name in FIELDS))
    joined = wanted.join(n, n.id == f.node_id).join(Unit, Unit.id == n.unit_id)
    nodes: dict[int, list[Any]] = {}
    for row in db.session.execute(joined.where(f.release_id == release.id, *same).order_by(n.id, f.id)):
        nodes.setdefault(row.id, []).append(row)
    if not nodes:
        return None
    words = rollup.words(release.round.year_id)
    return _beside(key, list(nodes.values()), words) if any(rows[0].parent_id is None for rows in nodes.values()) else None


def _beside(key: Key, nodes: Sequence[Sequence[Any]], words: Words) -> Beside:
    known = {rows[0].id: rows[0] for rows in nodes}
    parts = []
    table: queries.Table | None = None
    for rows in nodes:
        one = rows[0]
        [form] = queries.read(rows, words)
        table = table or form.tables[0]
        above = known.get(one.parent_id)
        line = replace(form.tables[0].lines[0], label=one.name)
        parts.append(Part(one.name, one.level, _depth(one, known), one.public_id, line, above.name if above else ""))
    assert table is not None
    where = words.subjects.get(key.subject)
    return Beside(key, replace(table, title=", ".join(filter(None, (where, table.title)))), tuple(parts))


def _depth(one: Any, known: dict[int, Any]) -> int:
    depth = 0
    while one is not None and one.parent_id is not None:
        depth, one = depth + 1, known.get(one.parent_id)
    return depth


# The funnel, from what is shown alone


@dataclass(frozen=True)
class Told:
    shown: Shown
    absent: int  # units that have a figure and no place in the picture


def picture(found: Beside, release: Release) -> Told | None:
    """Units around the whole: each by its whole per cent and its rounded number, as they stand in the table. None: too few."""
    units, rate = found.units, found.whole.line.exact
    placed = [one for one in units if one.line.exact is not None and one.line.n]
    if rate is None or found.table.kind != "share" or not found.table.of_people:
        return None
    dots = [Dot(one.name, _reached(one.line), one.line.n or 0, one.unit_id) for one in placed]
    if not funnel.enough(dots):
        return None
    made = funnel.made(dots, Fraction(rate, 100))
    flagged = {dot.public_id for dot in made.flagged}
    told = tuple(_sentences(placed, flagged, rate, made))
    absent = len(units) - len(placed)
    if absent:
        told = (*told, ngettext("%(num)s enhet har ingen plats i bilden: dess tal visas inte exakt.",
                                "%(num)s enheter har ingen plats i bilden: deras tal visas inte exakt.", absent))  # fmt: skip
    title = _("Enheterna bredvid varandra: %(title)s, %(basis)s", title=found.table.title, basis=found.table.basis)
    words = title, _("Bedömda elever i enheten, avrundat"), _("Andel i hela procent"), f"{rate} %"
    said = "; ".join(f"{one.name} {one.line.shown} ({one.line.assessed})" for one in placed)
    drawn = gallery_units.funnel_picture(made, words, " ".join((*told, f"{said}.")))
    spots = tuple(
        Spot(one.name, one.line.n or 0, float(one.line.exact or 0), (one.line.n or 0) >= funnel.FEWEST, one.unit_id in flagged)
        for one in placed
    )
    twin = Twin((_("Enhet"), _("Andel"), _("Bedömda, avrundat")),
                tuple((one.name, one.line.shown, one.line.assessed) for one in placed))  # fmt: skip
    source = _("Källa: utgåva %(number)s, %(round)s %(year)s. Ritad av avrundade tal.", number=release.number,
               round=release.round.title, year=release.round.year.label)  # fmt: skip
    rests = _("Elever är avrundade till närmaste %(to)s.", to=release.rounded_to)
    return Told(Shown("funnel", replace(drawn, spots=spots), twin, told, str(LEGENDS["funnel"]), source, rests_on=rests), absent)


def _reached(line: Line) -> int:
    return int(Fraction((line.exact or 0) * (line.n or 0), 100) + Fraction(1, 2))


def _sentences(placed: Sequence[Part], flagged: set[str], rate: int, made: funnel.Funnel) -> Iterable[str]:
    for one in placed:
        if one.unit_id in flagged:
            yield _("%(unit)s: %(share)s av cirka %(n)s. Alla tillsammans %(rate)s %%. Skillnaden är större än vad slumpen "
                    "brukar ge (99,8 %%).", unit=one.name, share=one.line.shown, n=one.line.assessed, rate=rate)  # fmt: skip
    if made.stretch > 1:
        yield _("Enheterna skiljer sig mer än slumpen ger bland lika, och gränserna är vidgade %(times)s gånger.",
                times=number(Fraction(made.stretch), 1))  # fmt: skip
    if not flagged:
        yield _("Inga resultat utmärker sig – variationen är av den storlek som slumpen ger.")


# What is withheld, and where: for those who prepare and approve


@dataclass(frozen=True)
class Count:
    name: str
    why: str = ""
    shown: int = 0
    nearly: int = 0
    withheld: int = 0

    @property
    def total(self) -> int:
        return self.shown + self.nearly + self.withheld

    @property
    def share(self) -> str:
        """Withheld, in whole per cent."""
        return f"{round(100 * self.withheld / self.total) if self.total else 0} %"


@dataclass(frozen=True)
class Summary:
    """How much is withheld, and why: by level, by rule, by indicator, and unit by unit under each area."""

    levels: list[Count]
    rules: list[Count]
    indicators: list[Count]
    areas: list[tuple[str, list[Count]]]


@dataclass(frozen=True)
class _Row:
    level: str
    name: str
    under: str
    indicator: str
    year_group: str
    shown: str
    rule: str
    school_form: str


def of_made(made: Made, words: Words) -> Summary:
    names = {one.node.unit_id: one for one in made.asked.nodes}
    found = {
        (line.unit_id, _family(line.figure)): _Row(
             names[line.unit_id].node.level, names[line.unit_id].node.name, _above(names, line.unit_id),
             line.figure.indicator, line.figure.year_group, line.figure.shown, line.rule, line.figure.school_form)
        for line in made.lines
    }  # fmt: skip
    return _summary(found.values(), words)


def _above(names: dict[int, Any], unit_id: int) -> str:
    parent = names[unit_id].parent
    return names[parent].node.name if parent in names else ""


def _family(one: Any) -> tuple[str, ...]:
    return one.school_form, one.indicator, one.subject, one.year_group, one.basis


def of_release(release: Release, words: Words) -> Summary:
    """The same of a release as it was frozen."""
    f, n = ReleasedFigure, ReleasedNode
    nodes = {
        row.id: row for row in db.session.execute(select(n.id, n.parent_id, n.level, n.name).where(n.release_id == release.id))
    }
    wanted = select(f.node_id, f.rule, f.shown, f.school_form, f.indicator, f.subject, f.year_group, f.basis)
    found: dict[Any, _Row] = {}
    for row in db.session.execute(wanted.where(f.release_id == release.id, f.node_id.is_not(None))):
        node = nodes[row.node_id]
        under = nodes[node.parent_id].name if node.parent_id else ""
        found[row.node_id, _family(row)] = _Row(node.level, node.name, under, row.indicator, row.year_group, row.shown, row.rule,
                                                     row.school_form)  # fmt: skip
    return _summary(found.values(), words)


def _summary(rows: Iterable[_Row], words: Words) -> Summary:
    every = list(rows)

    def counted(same: Sequence[_Row], name: str, why: str = "") -> Count:
        hidden = sum(one.shown == rules.HIDDEN for one in same)
        nearly = sum(one.shown in (rules.ALMOST_ALL, rules.ALMOST_NOBODY) for one in same)
        return Count(name, why, len(same) - hidden - nearly, nearly, hidden)

    def by(name: Any, among: Sequence[_Row] = every) -> dict[Any, list[_Row]]:
        found: dict[Any, list[_Row]] = {}
        for one in among:
            found.setdefault(name(one), []).append(one)
        return found

    why = by(lambda one: one.rule)
    withheld = [one for one in every if one.rule and cycle.level(one.level).collects_figures]
    return Summary(
        [counted(same, cycle.level_name(level)) for level, same in by(lambda one: one.level).items()],
        [counted(why[rule], str(name), str(sentence)) for rule, (name, sentence) in rules.WHY.items() if rule in why],
        [counted(same, words.title(indicator, group)[0] + (f", {words.year_groups.get((form, group), group)}" if group else ""))
         for (indicator, group, form), same in by(lambda one: (one.indicator, one.year_group, one.school_form)).items()],
        [(area, [counted(same, name) for name, same in by(lambda one: one.name, among).items()])
         for area, among in by(lambda one: one.under, withheld).items()],
    )  # fmt: skip
