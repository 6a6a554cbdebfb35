"""One's own municipality beside the country and the municipalities that it has chosen, as others have published them.

Each value is shown as it was printed, for the same period, with its source. Nothing is added up, averaged or ranked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Row, select

from chain.base import tables as leaving
from chain.base.db import db
from chain.base.locale import _, current, number
from chain.base.tables import Column, Table, explained
from chain.organisation.models import Unit
from chain.result import queries as result
from chain.result import similar_queries
from chain.result.models import PublishedValue, SimilarMunicipality
from chain.result.rules import COUNTRY, Indicator
from chain.rollup.charts import Shown, Twin
from chain.rollup.motifs import PlacesPicture, Spotted

OWN = ""  # the place of one's own municipality
COUNTED = ("people", "groups", "posts", "kronor")  # so many of something: as many as the place is large, and in no picture
RESTS_ON = {  # what is published → how many pupils it was worked out of, published beside it in the same table
    **dict.fromkeys(
        ("eligible_vocational", "eligible_higher_arts", "eligible_higher_social", "eligible_higher_science"), "final_grade_pupils"
    ),
    **dict.fromkeys(("subject_grades_mean", "one_subject_failed", "several_subjects_failed"), "graded_pupils"),
    "all_subjects_passed": "graded_pupils",
    **dict.fromkeys(("test_passed", "national_test_points"), "test_pupils"),
}


class Measure(NamedTuple):
    """What a published value of a municipality as a whole is about; `organiser`: whose schools, empty of all."""

    indicator: str
    subject: str
    year_group: str
    organiser: str


COLUMNS = tuple(  # of a value; rows and no objects, for there are some thousands
    getattr(PublishedValue, name)
    for name in ("indicator", "subject", "year_group", "organiser", "place", "period", "value", "shown", "source", "source_file")
)
Printed = Row[Any]  # these columns of a PublishedValue
Values = Mapping[Measure, Mapping[tuple[str, str], Printed]]  # what it is about → place and period → the value


@dataclass(frozen=True)
class Beside:
    """A municipality, what it is beside, and what is published of them. `places`: code → name, one's own first, the country
    second, and the others by name."""

    root: Unit
    chosen: Sequence[SimilarMunicipality]
    places: Mapping[str, str]
    values: Values

    @property
    def measures(self) -> list[Measure]:
        """What is published of one's own, in the order of indicators and subjects."""
        own = [measure for measure, each in self.values.items() if any(place == OWN for place, _period in each)]
        known, subjects = list(result.published_order()), [one.code for one in result.subjects()]

        def place(one: Measure) -> tuple[int, int, str]:
            subject = subjects.index(one.subject) if one.subject in subjects else -1
            return (known.index(one.indicator) if one.indicator in known else len(known), subject, one.subject)

        return sorted(own, key=place)

    @property
    def organisers(self) -> list[str]:
        return sorted({measure.organiser for measure in self.measures})

    @property
    def silent(self) -> list[str]:
        """The names of the places of which nothing has been read in."""
        told = {place for each in self.values.values() for place, _period in each}
        return [name for code, name in self.places.items() if code != OWN and code not in told]

    def latest(self, measure: Measure) -> str:
        """The last period of which something is published of one's own."""
        return max(period for place, period in self.values[measure] if place == OWN)

    def periods(self, measure: Measure) -> list[str]:
        return sorted({period for _place, period in self.values[measure]})


def beside(root: Unit) -> Beside:
    """What is published of a municipality and of those beside it, of both sexes together. Two statements."""
    chosen = similar_queries.chosen(root)
    names = {OWN: root.name, COUNTRY: _("Riket"), **{one.code: similar_queries.name(one.code) for one in chosen}}
    here = (PublishedValue.unit_id == root.id, PublishedValue.place.in_(names), PublishedValue.sex == "")
    found: dict[Measure, dict[tuple[str, str], Printed]] = {}
    for one in db.session.execute(select(*COLUMNS).where(*here)):
        found.setdefault(Measure._make(one[:4]), {})[one.place, one.period] = one
    return Beside(root, chosen, names, found)


# What it is called


def _indicator(measure: Measure) -> Indicator | None:
    return result.published_order().get(measure.indicator)


def label(measure: Measure) -> str:
    """What is published, and of whose schools where not of all."""
    found = _indicator(measure)
    name = found.words(current(), measure.year_group).name if found else measure.indicator
    subject = result.subject_name(measure.subject) if measure.subject else ""
    return ", ".join(filter(None, (name, subject, result.whose(measure.organiser))))


def group(year_group: str) -> str:
    return _("Årskurs %(group)s", group=year_group.replace("-", "–")) if year_group else _("Alla årskurser")


def said(value: Printed | None, measure: Measure) -> str:
    """A value as it was printed, with its sign of per cent."""
    if value is None:
        return "–"
    return f"{value.shown} %" if value.value is not None and _in_percent(measure) else value.shown


def _in_percent(measure: Measure) -> bool:
    found = _indicator(measure)
    return found is not None and found.unit == "percent"


def drawn(measure: Measure) -> bool:
    """Whether the places can stand beside each other in a picture: numbers of pupils or posts tell how large each is."""
    found = _indicator(measure)
    return found is not None and found.unit not in COUNTED


# The whole


@dataclass(frozen=True)
class Line:
    label: str
    query: str  # what opens its picture; nothing where there is none
    period: str
    cells: tuple[str, ...]  # one for each place
    source: str


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[Line, ...]

    @property
    def sources(self) -> str:
        return ", ".join(sorted({row.source for row in self.rows}))


def groups(found: Beside, organiser: str) -> list[Group]:
    """What is published last of one's own, beside the same of the others, the highest year group first and the whole last.
    A year group of which only numbers of pupils are published stands in the file alone."""
    wanted = [measure for measure in found.measures if measure.organiser == organiser]
    order = sorted(
        {one.year_group for one in wanted if drawn(one)}, key=lambda key: (key == "", -int(key) if key.isdigit() else 0, key)
    )
    return [Group(group(key), tuple(_row(found, measure) for measure in wanted if measure.year_group == key)) for key in order]


def _row(found: Beside, measure: Measure) -> Line:
    period, values = found.latest(measure), found.values[measure]
    cells = tuple(said(values.get((place, period)), measure) for place in found.places)
    query = urlencode(measure._asdict()) if drawn(measure) else ""
    return Line(label(measure._replace(organiser="")), query, period, cells, values[OWN, period].source)


def signs(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """The signs that stand in place of a figure, in words."""
    there = {cell for row in rows for cell in row}
    words = leaving.signs() | {"–": _("inte publicerat, eller inte inläst, för den perioden")}
    return {sign: meaning for sign, meaning in words.items() if sign in there}


def table(found: Beside, organiser: str) -> Table:
    """The whole as a table to keep: a row for each value of each place and period."""
    wanted = [measure for measure in found.measures if measure.organiser == organiser]
    values = [
        (measure, one)
        for measure in wanted
        for place in found.places
        for period in found.periods(measure)
        if (one := found.values[measure].get((place, period)))
    ]
    return Table(
        title=_("%(name)s bredvid riket och andra kommuner", name=found.root.name),
        columns=(
            Column("place", _("Plats")), Column("year_group", _("Årskurs")), Column("indicator", _("Uppgift")),
            Column("period", _("Period")), Column("value", _("Värde")), Column("source", _("Källa")), Column("file", _("Fil")),
        ),
        rows=tuple(
            (
                found.places[one.place], measure.year_group, label(measure), one.period,
                one.shown if one.value is None else one.value, one.source, one.source_file,
            )
            for measure, one in values
        ),
        facts=((_("Att tänka på"), _("Siffrorna står som de har publicerats. De kan inte läggas ihop.")),),
        signs=explained(*(one.shown for _measure, one in values)),
    )  # fmt: skip


# One of them


def picture(found: Beside, measure: Measure) -> Shown:
    """One figure of every place: the last period drawn, and all of them in the table."""
    period, values = found.latest(measure), found.values[measure]
    now = {place: values.get((place, period)) for place in found.places}
    rows = tuple(
        Spotted(name, None if (one := now[place]) is None or one.value is None else float(one.value),
                said(now[place], measure), place == OWN)
        for place, name in found.places.items()
    )  # fmt: skip
    told = tuple(_told(found, measure, period))
    shown = PlacesPicture(
        title=_(
            "%(group)s, %(period)s: %(name)s, riket och andra",
            group=group(measure.year_group),
            period=period,
            name=found.root.name,
        ),
        description=" ".join((*told, "; ".join(f"{row.label}: {row.said}" for row in rows))),
        rows=rows,
        ceiling=100 if _in_percent(measure) else None,
        mark=number(Fraction(1, 2), 1)[1],
    )
    every, pupils = found.periods(measure)[::-1], _pupils(found, measure, period)  # the newest, which is drawn, beside the name
    twin = Twin(
        (_("Plats"), *every, *((_("Elever %(period)s", period=period),) if pupils else ())),
        tuple(
            (name, *(said(values.get((place, each)), measure) for each in every), *((pupils.get(place, "–"),) if pupils else ()))
            for place, name in found.places.items()
        ),
    )
    legend = _(
        "Fylld prick: den egna kommunen. De andra står i bokstavsordning efter riket; ordningen säger inget om vem som är bättre."
    )
    source = _("Källa: %(sources)s. Värdena står som de har publicerats.", sources=values[OWN, period].source)
    return Shown("places", shown, twin, told, legend, source, rests_on=_rests_on(found, pupils))


def _pupils(found: Beside, measure: Measure, period: str) -> dict[str, str]:
    """How many pupils each place's value was worked out of, as printed, where that is published beside it."""
    counted = found.values.get(measure._replace(indicator=RESTS_ON.get(measure.indicator, "")), {})
    return {place: counted[place, period].shown for place in found.places if (place, period) in counted}


def _rests_on(found: Beside, pupils: Mapping[str, str]) -> str:
    if OWN not in pupils:
        return _("Hur många elever det bygger på publiceras inte bredvid.")
    return _("n = %(n)s elever i %(name)s; de andras står i tabellen.", n=pupils[OWN], name=found.root.name)


def _told(found: Beside, measure: Measure, period: str) -> Iterable[str]:
    own, country = (found.values[measure].get((place, period)) for place in (OWN, COUNTRY))
    words = {"period": period, "name": found.root.name, "own": said(own, measure)}
    if own is None or own.value is None:
        yield _("%(period)s: inget tal är publicerat för %(name)s.", **words)
    elif country is None or country.value is None:
        yield _("%(period)s: %(name)s %(own)s. Inget tal för riket är inläst för samma period.", **words)
    else:
        yield _("%(period)s: %(name)s %(own)s, riket %(country)s.", **words, country=said(country, measure))
    yield _("Publicerade värden ställs bredvid varandra utan gränser för slumpen: inget utmärks, och ingen rangordnas.")


def asked(found: Beside, indicator: str, subject: str, year_group: str, organiser: str) -> Measure | None:
    """The measure that an address names, where it can be drawn."""
    measure = Measure(indicator, subject, year_group, organiser)
    return measure if measure in found.measures and drawn(measure) else None
